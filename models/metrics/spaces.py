"""Which public spaces live: those of enough people by name, with their state and how many contribute."""

from typing import Final

from models.metrics.entry import EXPORTS, MINIMUM_GROUP, PEOPLE, TOLD_COARSELY, Column, Mart, Metric, count, key
from models.metrics.space_life import SUBJECTS as WITH_PAGES

SUBJECTS: Final = tuple(subject for subject in WITH_PAGES if subject != "page")
STATES: Final = ("revived", "alive", "fading", "forgotten", "unknown")
"""What works first; unknown last."""
_WINDOW: Final = "the last closed month of each platform; the state as of its last day"
_GRAIN: Final = "platform, public space with a name of its own"
_LEFT_OUT: Final = (
    "spaces that are not public, spaces of one person, single wiki pages; names that several spaces of one kind and "
    "workspace share; wikis whose exports do not show all edits. Reading is not seen: forgotten by writers is not "
    "unused"
)

MART: Final = Mart(
    "mart_spaces",
    "Public spaces by name: whether they live, since when, and how many people contribute to them.",
    (
        Metric(
            "space_names", 1, "Which spaces live", "Which public spaces are used, fading, forgotten or revived?",
            "days since the last contribution by a person (or the creation): up to 90 alive, or revived if ever "
            "forgotten before; 91 to 180 fading; more forgotten",
            None, _WINDOW, _GRAIN, _LEFT_OUT, "lists of spaces and dated contributions", MINIMUM_GROUP,
            (
                Column("state", "text", "Its state on the last day of the month.", one_of=STATES),
                Column("first_month", "day", "First day of the month of the first contribution that exports tell of."),
            ),
        ),
        Metric(
            "space_unnamed", 1, "Spaces without a name", "How many public spaces are not named?",
            "public spaces of the kind on the platform that are not in the table", None, _WINDOW, "platform, kind",
            "spaces that are not public, spaces of one person", "lists of spaces", MINIMUM_GROUP,
            (count("n_unnamed", "Other public spaces of the kind on the platform, which are not in the table."),),
        ),
        Metric(
            "space_contributors", 1, "Contributors of a space", "How many people contribute to a public space?",
            "people with a contribution to the space in the month", None, _WINDOW, _GRAIN, f"{PEOPLE}; {_LEFT_OUT}",
            EXPORTS, MINIMUM_GROUP,
            (count("n_contributors", "People who contribute to the space."),),
        ),
    ),
    keys=(
        key("subject", "text", "Wiki spaces, channels, communities or blogs.", one_of=SUBJECTS),
        key("workspace", "text", "Workspace, network or wiki."),
        key("label", "text", "Name of the space; of a wiki that of the workspace."),
    ),
    released_rows=(
        f"The last closed month of each platform; earlier ones as first published. Public spaces to which at least "
        f"{MINIMUM_GROUP} different people ever contributed; if fewer than three others of the kind and platform were "
        f"left, the smallest too have no name. {TOLD_COARSELY} Contributors only of {MINIMUM_GROUP} or more."
    ),
)  # fmt: skip
