"""The released cut of breakdowns by department, layer, location and tenure: small values are shown together.

The same partition holds for the whole release, as with units. Departments are merged within their unit only, because
the unit is shown and the rest of it would otherwise give the small one away; units that are merged have no departments.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import polars as pl

from models.release import OTHER_UNITS, Policy, closed, release_units, small_units
from models.release.overlap import FIRST, Group, giving_way

OTHERS: Final = "(others)"
DIMENSIONS: Final = ("department", "layer", "location", "tenure")
Part = tuple[str, str]
"""Dimension and unit of values that are merged among each other: only departments have a unit of their own."""


def release_breakdown(
    mart: pl.DataFrame, merged_units: Sequence[str], people: pl.DataFrame, *, as_of: date, policy: Policy
) -> pl.DataFrame:
    """The rows of `mart_breakdown` that may be shown; same columns. Values of too few people stand together.

    So do values that are nearly the same people as another group that is shown. `people` says who is where: one row per
    month (period_start) and person with organisation, unit, is_executive and the dimensions, unmerged, as text.
    """
    parts = _parts(mart, merged_units)
    merged = _merged(parts, closed_months(people, as_of), as_of, policy)
    cuts = [_cut(rows, merged[part], part, as_of, policy) for part, rows in parts.items() if part in merged]
    rows = pl.concat([mart.clear(), *cuts])
    return rows.sort("dimension", "period_start", "unit", "value")


def closed_months(people: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The people of months that ended by the as-of day."""
    return people.filter(pl.col("period_start").dt.month_end() <= as_of)


def _parts(mart: pl.DataFrame, merged_units: Sequence[str]) -> dict[Part, pl.DataFrame]:
    """The rows of each part as rows of units; merged units have no departments."""
    as_units = mart.with_columns(pl.col("unit").alias("_unit"), pl.col("value").alias("unit"))
    return {
        (str(dimension), str(unit)): rows
        for (dimension, unit), rows in as_units.partition_by("dimension", "_unit", as_dict=True).items()
        if unit not in merged_units
    }


def _merged(
    parts: Mapping[Part, pl.DataFrame], people: pl.DataFrame, as_of: date, policy: Policy
) -> dict[Part, list[str]]:
    """The values of each part that are told together; a part for which nothing is left to merge is missing."""
    also: dict[Part, set[str]] = {part: set() for part in parts}
    while True:
        merged = {part: small_units(closed(parts[part], as_of=as_of), policy, also[part]) for part in also}
        way = _giving_way(merged, parts, people, policy) if policy.has("overlap") else []
        if not way:
            return merged
        for part, value in way:
            if value:
                also[part].add(value)
            else:
                del also[part]


def _giving_way(
    merged: Mapping[Part, list[str]], parts: Mapping[Part, pl.DataFrame], people: pl.DataFrame, policy: Policy
) -> list[tuple[Part, str]]:
    """The value of each part that has to be merged too; empty where there is none, so that the part has to go."""
    labels: dict[Group, Part] = {}
    sizes: dict[Group, int] = {}
    of_part: dict[Part, pl.DataFrame] = {}
    for part, values in merged.items():
        rows = parts[part].filter(pl.col("n_eligible") > 0)
        of_part[part] = rows.group_by("unit").agg(pl.col("n_eligible").min()).sort("n_eligible", "unit")
        for value, n in of_part[part].rows():
            group = part[0], _label(part) if value in values else value
            labels[group] = part
            sizes[group] = sizes.get(group, 0) + n
    chosen: dict[Part, str] = {}
    for group in giving_way(_labelled(people, merged), (*FIRST, *DIMENSIONS), sizes, policy.min_group):
        if group in labels and labels[group] not in chosen:
            part = labels[group]
            own = [value for value in of_part[part]["unit"] if value not in merged[part]]
            chosen[part] = group[1] if group[1] in own else next(iter(own), "")
    return list(chosen.items())


def _labelled(people: pl.DataFrame, merged: Mapping[Part, list[str]]) -> pl.DataFrame:
    """The people with each merged value under the name that it is told by, and without those that are not told."""
    for dimension in DIMENSIONS:
        names = {value: _label(part) for part, values in merged.items() if part[0] == dimension for value in values}
        told = pl.col(dimension).replace(names)
        if dimension == "department":
            units = [unit for of, unit in merged if of == dimension]
            told = pl.when(pl.col("unit").is_in(units)).then(told)
        elif (dimension, "all") not in merged:
            told = pl.lit(None, pl.String)
        people = people.with_columns(told.alias(dimension))
    return people


def _label(part: Part) -> str:
    dimension, unit = part
    return f"{unit} / {OTHERS}" if dimension == "department" else OTHERS


def _cut(rows: pl.DataFrame, merged: Sequence[str], part: Part, as_of: date, policy: Policy) -> pl.DataFrame:
    dimension, unit = part
    shown = release_units(rows, merged, as_of=as_of, policy=policy)
    named = pl.when(pl.col("unit") == OTHER_UNITS).then(pl.lit(_label(part))).otherwise("unit")
    constant = [pl.lit(dimension).alias("dimension"), pl.lit(unit).alias("unit")]
    return shown.with_columns(named.alias("value")).with_columns(constant).drop("_unit")
