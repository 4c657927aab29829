"""What leadership may see of participation by the number of platforms offered: groups of units, never one unit.

Other tables are released by `models.release`.
"""

from typing import Final

import polars as pl

from models.release import OTHER_UNITS, Policy
from models.release.bounded import with_share

SMALLEST_UNITS: Final = 2
"""Units of a group, so that none is ranked alone. More are not needed: a unit that subtracts itself from two finds the
share of the other, which the page of contributors shows by name."""
_PERIOD: Final = ("period_kind", "period_start")
_GROUP: Final = (*_PERIOD, "n_platforms_offered")
_FIGURES: Final = ("n_units", "n_people", "n_contributors", "contributor_ratio", "contributor_ratio_low",
                   "contributor_ratio_high")  # fmt: skip


def release_tools(mart: pl.DataFrame, offered: pl.DataFrame, units: pl.DataFrame, *, policy: Policy) -> pl.DataFrame:
    """The groups of a period, added up over the units that the same release shows by name; columns as in the mart.

    `offered` holds the units of `prep_offered`, `units` the released rows of active users, which are of closed periods.
    A true group may hold a unit too small to be shown: the group minus its other units would be that one. Here every
    figure is a sum of figures that are shown already, so nothing that is hidden follows from it, and a group of one
    unit that is left out is no secret. One group alone compares with nothing and is not shown.
    """
    by_name = units.filter((pl.col("platform") == "all") & ~pl.col("unit").is_in(["all", OTHER_UNITS]))
    groups = (
        offered.join(by_name, on=[*_PERIOD, "unit"], how="semi")
        .group_by(_GROUP)
        .agg(
            pl.len().cast(pl.Int64).alias("n_units"),
            pl.col("n_people").sum(),
            pl.col("n_contributors").sum(),
        )
        .filter((pl.col("n_units") >= SMALLEST_UNITS) & (pl.col("n_people") >= policy.min_group))
        .sort(_GROUP)
    )
    groups = with_share(groups, "contributor_ratio", "n_contributors", "n_people")
    known = mart.filter((pl.col("n_eligible") >= policy.min_daily) & pl.col("n_people").is_not_null())
    rows = known.drop(_FIGURES).join(groups, on=_GROUP, how="inner").select(mart.columns)
    return rows.filter(pl.len().over(_PERIOD) > 1).sort(_GROUP)
