"""Who takes part, by department, layer, location and tenure, each on its own."""

from typing import Final

from models.metrics.entry import (
    EXPORTS,
    MINIMUM_GROUP,
    PEOPLE,
    TOLD_COARSELY,
    Mart,
    Metric,
    count,
    key,
    share_with_bounds,
)

_GRAIN: Final = "month, dimension, value (of the last employed day); all platforms and units together"
_SOURCES: Final = f"{EXPORTS}, which has to name departments, layers, locations or hire dates"

MART: Final = Mart(
    "mart_breakdown",
    "Who takes part, by department, layer, location and tenure, each on its own. The people of all values of a "
    "dimension are everybody.",
    (
        Metric(
            "breakdown_contributor_ratio", 1, "Share who contribute, by department, layer, location and tenure",
            "Where in the organisation do people contribute?",
            "contributors who have this department, layer, location or tenure",
            "people who have it on their last employed day of the month; tenure is in whole years from the hire to the "
            "last day of the month", "month", _GRAIN, f"{PEOPLE}; without a roster nothing is known", _SOURCES,
            MINIMUM_GROUP,
            (
                count("n_contributors", "Eligible people with a contribution."),
                *share_with_bounds("contributor_ratio", "n_contributors / n_eligible."),
            ),
            direction="higher",
        ),
        Metric(
            "breakdown_contributions", 1, "Contributions, by department, layer, location and tenure",
            "How much do these people contribute?",
            "contributions of these people in the month, wherever they stood on the day", None, "month", _GRAIN,
            f"{PEOPLE}; edits that change nothing, deleted messages, non-public spaces", _SOURCES, MINIMUM_GROUP,
            (count("n_contributions", "Contributions of these people."),),
        ),
    ),
    keys=(
        key("dimension", "text", "By what people are told apart.",
            one_of=("department", "layer", "location", "tenure")),
        key("value", "text", "Unit / department, or unit / (none), or (none) without a unit; layer from 0 at the top, "
            "or (unknown); location, or (unknown); under 1 year, 1 to 3 years, 3 to 10 years, 10 years or more, or "
            "unknown."),
    ),
    released_rows="Closed months of the organisation; small values together, departments only within their unit. "
    f"{TOLD_COARSELY}",
)  # fmt: skip
