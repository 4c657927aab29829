"""On how many people public spaces rest, and how many spaces have lost them."""

from typing import Final

from models.metrics.entry import EXPORTS, MINIMUM_GROUP, OF_THE_ORGANISATION, Mart, Metric, count, share

_WINDOW: Final = (
    "the 12 months that end with the month, as of its last day (at most the as-of day); unknown unless some day of "
    "each of them was observed"
)
_GRAIN: Final = "month, platform; over all platforms the spaces of those of which 12 months are known"
_SPACES: Final = "public spaces to which a person contributed in the 12 months"
_MAIN: Final = (
    "Main contributors are the fewest people who made at least half of a space's contributions in the 12 months; "
    "equals count together. Exports do not name who created a space"
)
_EXCLUSIONS: Final = (
    "contributions of bots; spaces that are not known to be public; reading: a space without its main contributors may "
    "still be read and looked after"
)

MART: Final = Mart(
    "mart_stewardship",
    "On how many people public spaces rest, and how many spaces have lost them; only counts of spaces.",
    (
        Metric(
            "used_spaces", 1, "Public spaces in use", "How many public spaces did anybody contribute to?",
            _SPACES, None, _WINDOW, _GRAIN, _EXCLUSIONS, EXPORTS, MINIMUM_GROUP,
            (
                count("n_spaces", "Public spaces with a contribution in the 12 months."),
                count("n_alive", "Of them, with one in the 90 days that end with the month."),
            ),
        ),
        Metric(
            "spaces_left", 1, "Spaces whose main contributors have left",
            "How many spaces have lost all their main contributors?",
            f"spaces whose main contributors were all employed once and are no longer. {_MAIN}", _SPACES,
            _WINDOW, _GRAIN, f"{_EXCLUSIONS}; who is not on the roster never leaves", EXPORTS,
            MINIMUM_GROUP,
            (
                count("n_left", "Spaces whose main contributors have all left; NULL without a roster."),
                share("left_ratio", "n_left / n_spaces."),
            ),
            direction="lower",
        ),
        Metric(
            "spaces_silent", 1, "Spaces whose main contributors fell silent",
            "In how many spaces have all the main contributors fallen silent?",
            "spaces whose main contributors have all left or not contributed anywhere for 90 observed days, on which "
            f"every platform that still delivers was observed, and have not all left. {_MAIN}", _SPACES,
            _WINDOW, _GRAIN, _EXCLUSIONS, EXPORTS, MINIMUM_GROUP,
            (
                count("n_silent", "Such spaces; NULL before 90 observed days."),
                share("silent_ratio", "n_silent / n_spaces."),
            ),
            direction="lower",
        ),
        Metric(
            "spaces_on_one", 1, "Spaces that rest on one person",
            "How many spaces get half of what is contributed from one person?",
            f"spaces with a single main contributor. {_MAIN}", _SPACES,
            _WINDOW, _GRAIN, _EXCLUSIONS, EXPORTS, MINIMUM_GROUP,
            (
                count("n_on_one", "Spaces with one main contributor, still there or not."),
                share("on_one_ratio", "n_on_one / n_spaces."),
            ),
            direction="lower",
            reference="CHAOSS, Contributor Absence Factor of 1; here half is enough",
        ),
    ),
    released_rows=f"{OF_THE_ORGANISATION} Only months with at least {MINIMUM_GROUP} public spaces in use.",
)  # fmt: skip
