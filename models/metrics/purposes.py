"""Which uses of public spaces live, by what turnout.toml says the spaces are for?"""

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

UNLABELLED: Final = "unlabelled"
PURPOSES: Final = ("documents", "ideas", "communication", "events", "learning")
"""In the order in which a name that is given to several counts: the first."""
_WINDOW: Final = "month; unknown without an observed or partial day of it"
_GRAIN: Final = "month, platform, purpose; over all platforms the spaces of those of which some day was observed"
_SPACES: Final = (
    "public spaces with the purpose in [purpose] of turnout.toml that were created or contributed to by the end of the "
    "month; the others are unlabelled"
)
_EXCLUSIONS: Final = (
    "contributions of bots; spaces that are not known to be public; spaces of unknown age while nobody contributes; "
    "reading: a space without contributions may still be read. A purpose is what the organisation says, not what is "
    "written there"
)
_SOURCES: Final = f"{EXPORTS}; [purpose] of turnout.toml"

MART: Final = Mart(
    "mart_purposes",
    "Public spaces by what they are for: how many are alive and who contributes to them.",
    (
        Metric(
            "alive_spaces_by_purpose", 1, "Spaces alive, by purpose",
            "How many of the spaces with a purpose are contributed to?",
            "of them, those with a contribution by a person in the month", _SPACES, _WINDOW, _GRAIN, _EXCLUSIONS,
            _SOURCES, MINIMUM_GROUP,
            (
                count("n_spaces", "Public spaces with the purpose."),
                count("n_alive", "Of them, with a contribution in the month."),
                *share_with_bounds("alive_ratio", "n_alive / n_spaces."),
                count("n_contributions", "Contributions to them, by anybody."),
            ),
            direction="higher",
        ),
        Metric(
            "contributors_by_purpose", 1, "Contributors, by purpose",
            "How many people contribute to spaces with a purpose?",
            "people with a contribution to a public space with the purpose", "everybody who is counted",
            _WINDOW, _GRAIN, f"{PEOPLE}; {_EXCLUSIONS}", _SOURCES, MINIMUM_GROUP,
            (
                count("n_contributors", "People who contribute to spaces with the purpose."),
                *share_with_bounds("contributor_ratio", "n_contributors / n_eligible."),
            ),
            direction="higher",
        ),
    ),
    keys=(key("purpose", "text", "What the spaces are for.", one_of=(*PURPOSES, UNLABELLED)),),
    released_rows=f"{OF_THE_ORGANISATION} Months; who contributes to a use, only of {MINIMUM_GROUP} people or more.",
)  # fmt: skip
