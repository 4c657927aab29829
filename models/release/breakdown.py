"""The released cut of breakdowns by department, layer, location and tenure: small values are shown together.

The same partition holds for the whole release, as with units. Departments are merged within their unit only, because
the unit is shown and the rest of it would otherwise give the small one away; units that are merged have no departments.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import polars as pl

from models.release import OTHER_UNITS, Policy, closed, release_units, small_units

OTHERS: Final = "(others)"


def release_breakdown(
    mart: pl.DataFrame, merged_units: Sequence[str], *, as_of: date, policy: Policy
) -> pl.DataFrame:
    """The rows of `mart_breakdown` that may be shown; same columns. Values of too few people stand together."""
    cuts = [_cut(part, policy, as_of, label) for label, part in _parts(mart, merged_units)]
    rows = pl.concat([mart.clear(), *cuts])
    return rows.sort("dimension", "period_start", "unit", "value")


def _parts(mart: pl.DataFrame, merged_units: Sequence[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """Each group of rows within which small values are merged, with what they are then called.

    Only departments have a unit of their own: they are a group per unit.
    """
    for (_, unit), rows in mart.partition_by("dimension", "unit", as_dict=True).items():
        if unit not in merged_units:
            yield OTHERS if unit == "all" else f"{unit} / {OTHERS}", rows


def _cut(part: pl.DataFrame, policy: Policy, as_of: date, label: str) -> pl.DataFrame:
    as_units = part.with_columns(pl.col("value").alias("unit"))
    shown = release_units(as_units, small_units(closed(as_units, as_of=as_of), policy), as_of=as_of, policy=policy)
    named = pl.when(pl.col("unit") == OTHER_UNITS).then(pl.lit(label)).otherwise("unit")
    constant = [pl.lit(part[name][0]).alias(name) for name in ("dimension", "unit")]
    return shown.with_columns(named.alias("value")).with_columns(constant).select(part.columns)
