"""Which units contribute on which platform: the one table of two dimensions."""

from typing import Final

from models.metrics.entry import (
    EXPORTS,
    MINIMUM_GROUP,
    PEOPLE,
    TOLD_COARSELY,
    Mart,
    Metric,
    count,
    share_with_bounds,
)

MART: Final = Mart(
    "mart_unit_platforms",
    "Contributors by unit and platform, months only.",
    (
        Metric(
            "unit_platforms", 1, "Units on platforms", "Which share of a unit contributes on which platform?",
            "people of the unit with a contribution on the platform", "people of the unit", "month",
            "month, platform, unit (of the last employed day)", f"{PEOPLE}; people without a unit", EXPORTS,
            MINIMUM_GROUP,
            (
                count("n_contributors", "People of the unit with a contribution on the platform."),
                *share_with_bounds("contributor_ratio", "n_contributors / n_eligible."),
            ),
            direction="higher",
        ),
    ),
    released_rows=(
        f"Closed months; units as elsewhere, small ones merged. {TOLD_COARSELY} All of a month is withdrawn first "
        "where it would tell of few people together with what is told over all platforms."
    ),
)  # fmt: skip
