"""The released cut of pairs of units: what can be said of two units that are both shown, and never how many met.

A count of few ties, or what is left of a unit's ties once the others are taken off, could be about one person.
"""

from datetime import date
from typing import Final

import polars as pl

from models.analyses.unit_pairs import with_counts
from models.release import OTHER_UNITS, Policy, release_large_organisation

_PERIOD: Final = ("period_kind", "period_start")
_UNTOLD: Final = ("n_ties", "none_by_chance_ratio", "so_few_p", "so_few_adjusted_p")


def release_unit_pairs(mart: pl.DataFrame, units: pl.DataFrame, *, as_of: date, policy: Policy) -> pl.DataFrame:
    """The rows of `mart_unit_pairs` whose units both have a row by name in `units`, the released active users.

    The counts of pairs are of these rows, so that none of them tells of a pair that is not shown.
    """
    rows = release_large_organisation(mart, ["one_unit", "other_unit"], as_of=as_of, policy=policy)
    by_name = units.filter((pl.col("platform") == "all") & ~pl.col("unit").is_in(["all", OTHER_UNITS]))
    for end in ("one_unit", "other_unit"):
        rows = rows.join(
            by_name, left_on=[*_PERIOD, end], right_on=[*_PERIOD, "unit"], how="semi", maintain_order="left"
        )
    untold = [pl.lit(None, dtype=mart.schema[name]).alias(name) for name in _UNTOLD]
    return with_counts(rows).with_columns(*untold, pl.col("n_ties_by_chance").round(0))
