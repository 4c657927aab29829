"""Is participation everywhere or in pockets? Unevenness over units, what chance alone would give, and units reached."""

from typing import Final

import polars as pl

from models.analyses.analysis import Analysis, Row, Tables, as_mart
from models.statistics.cannot_tell import CannotTell
from models.statistics.segregation import dissimilarity, theil
from models.statistics.shrinkage import reach, shrunken_rates

READS: Final = ("prep_period", "prep_eligible")
HALF: Final = 0.5
"""Of the organisation's share of contributors: from there on a unit is reached."""
_HEAD: Final = ("period_kind", "period_start", "period_end", "platform", "is_complete", "n_observed_days")


def estimate(tables: Tables) -> pl.DataFrame:
    """The rows of `mart_pockets`: every month of all platforms together."""
    is_wanted = (pl.col("period_kind") == "month") & (pl.col("platform") == "all")
    people = tables["prep_eligible"].filter(is_wanted)
    rows = []
    for period in tables["prep_period"].filter(is_wanted).sort("period_start").iter_rows(named=True):
        present = people.filter(pl.col("period_start") == period["period_start"])
        row = {name: period[name] for name in _HEAD} | {"unit": "all", "n_eligible": present.height}
        rows.append(row | (_figures(present.filter(pl.col("unit").is_not_null())) if period["n_seen_days"] else {}))
    return as_mart("mart_pockets", rows)


def _figures(people: pl.DataFrame) -> Row:
    units = (
        people.group_by("unit")
        .agg(pl.len().alias("n"), (pl.col("n_contributions") > 0).sum().alias("k"))
        .sort("unit")
    )
    k, n = units["k"].to_list(), units["n"].to_list()
    # who gives how much plays no part, so that within a unit the order, and the draws, tell nothing of anybody
    placed = people.sort("unit", "n_contributions")
    return (
        {"n_units": units.height, "n_in_units": people.height, "n_contributors": sum(k)}
        | _dissimilarity(k, n)
        | _theil(placed["n_contributions"].to_list(), placed["unit"].to_list())
        | _reach(k, n)
    )


def _dissimilarity(k: list[int], n: list[int]) -> Row:
    found = dissimilarity(k, n)
    if isinstance(found, CannotTell):
        return {}
    return {
        "dissimilarity_ratio": found.index,
        "dissimilarity_by_chance_ratio": found.by_chance.mean,
        "dissimilarity_by_chance_high_ratio": found.by_chance.high,
        "dissimilarity_largest_ratio": found.largest,
        "dissimilarity_p": found.by_chance.p_value,
    }


def _theil(contributions: list[int], units: list[str]) -> Row:
    found = theil(contributions, units)
    if isinstance(found, CannotTell):
        return {}
    is_uneven = found.total > 0
    return {
        "theil": found.total,
        "theil_between_ratio": found.between_ratio,
        "theil_by_chance_ratio": min(1.0, found.by_chance.mean / found.total) if is_uneven else None,
        "theil_p": found.by_chance.p_value,
    }


def _reach(k: list[int], n: list[int]) -> Row:
    rates = shrunken_rates(k, n)
    if isinstance(rates, CannotTell):
        return {}
    found = reach(rates, HALF * sum(k) / sum(n))
    return {
        "reached_from_ratio": found.threshold,
        "units_reached_ratio": found.units_ratio,
        "units_reached_ratio_low": found.units_low,
        "units_reached_ratio_high": found.units_high,
        "people_reached_ratio": found.people_ratio,
        "people_reached_ratio_low": found.people_low,
        "people_reached_ratio_high": found.people_high,
    }


ANALYSIS: Final = Analysis("is participation everywhere, or in some units only?", READS, estimate)
