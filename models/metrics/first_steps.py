"""What newcomers do first, and which beginnings last."""

from typing import Final

from models.metrics.entry import (
    EXPORTS,
    MINIMUM_GROUP,
    OF_THE_ORGANISATION,
    PEOPLE,
    Mart,
    Metric,
    count,
    key,
    share_with_bounds,
)

_WINDOW: Final = "month of the first step"
_GRAIN: Final = "month, platform, unit (of the last employed day of that month), first step, size of its space"
_EXCLUSIONS: Final = (
    f"{PEOPLE}; whose first step falls on one of the first 90 observed days may have begun before, and is counted as "
    "unknown; what delegates do. Reading is no step that exports show"
)
_REACTIONS: Final = (
    "A reaction without a time of its own bears that of its message, the earliest at which it can have been given: "
    "beginning with a reaction is counted at most too often, anything else at most too seldom; one to a message from "
    "before the person's first employed day is left out. Unknown where no export shows reactions: those who began "
    "with one are then counted by their next step"
)

MART: Final = Mart(
    "mart_first_steps",
    "What newcomers do first, in small or large spaces, and who of them still contributes after 4 and 8 weeks.",
    (
        Metric(
            "first_steps", 1, "First steps", "What do newcomers do first?",
            "people by the first thing that they are seen doing themselves, on the platform or, over all platforms, on "
            f"any. {_REACTIONS}",
            "for the share: all people whose first step falls into the month",
            _WINDOW, _GRAIN, _EXCLUSIONS, EXPORTS, MINIMUM_GROUP,
            (
                count("n_starters", "People who began so in the month, after the first 90 observed days."),
                count("n_unknown", "People first seen so in the month, on one of the first 90 observed days."),
                *share_with_bounds("start_ratio", "n_starters / all starters of the month, platform and unit."),
            ),
        ),
        Metric(
            "lasting_starts", 1, "Beginnings that last",
            "Who still contributes two and three months after the first step?",
            "people who contribute themselves (a reaction does not count) in weeks 5 to 8 and in weeks 9 to 12; week 1 "
            "begins on the day of the first step, so these are days 28 to 55 and 56 to 83 after it",
            "people who began so, are employed on each of the 84 days from the first step on, and whose days were all "
            "observed",
            _WINDOW, _GRAIN,
            f"{_EXCLUSIONS}. It describes and does not explain: people who begin differently differ otherwise too",
            EXPORTS, MINIMUM_GROUP,
            (
                count("n_followed", "Of n_starters, employed and observed for 84 days."),
                count("n_on_5_8", "Of them, contributing in weeks 5 to 8."),
                *share_with_bounds("weeks_5_8_ratio", "n_on_5_8 / n_followed."),
                count("n_on_9_12", "Of them, contributing in weeks 9 to 12."),
                *share_with_bounds("weeks_9_12_ratio", "n_on_9_12 / n_followed."),
            ),
            direction="higher",
        ),
    ),
    keys=(
        key(
            "step", "text",
            "reaction, reply (or comment), post (of one's own), page (created or edited, also in a blog), share (of a "
            "bookmark or file), or any of them.",
            one_of=("any", "reaction", "reply", "post", "page", "share"),
        ),
        key(
            "space_size", "text",
            "small: at most 15 people contributed to the space in the 28 days before; large: more; any: also where it "
            "is unknown because a day of these was not observed or the record names no space.",
            one_of=("any", "small", "large"),
        ),
    ),
    released_rows=f"{OF_THE_ORGANISATION} The newest twelve months together, by step and by size of the space, not by "
    f"both; whether a beginning lasts, of at least {MINIMUM_GROUP} people.",
)  # fmt: skip
