"""Judgements on released weeks of critical mass: how many units are in which state, and since when it holds.

Pure functions of `rel_critical_mass`; what is released is decided in `models.release.critical_mass`.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

WEEKS: Final = 6
"""In a row, from which participation has sustained itself: as in `mart_critical_mass`."""
STATES: Final = ("sustained", "not_yet", "cannot_tell")


@dataclass(frozen=True, slots=True)
class Run:
    """Self-sustaining weeks in a row. `is_start_known` is false where the week before could not be judged."""

    first_week: date
    is_start_known: bool


def units_by_state(weeks: pl.DataFrame) -> pl.DataFrame:
    """One row per week that shows units: period_start, period_end, is_complete, n_units and n_<state> of them."""
    units = weeks.filter((pl.col("unit") != "all") & (pl.col("platform") == "all"))
    counts = [(pl.col("state") == state).sum().cast(pl.Int64).alias(f"n_{state}") for state in STATES]
    found = units.group_by("period_start", "period_end", "is_complete").agg(
        pl.len().cast(pl.Int64).alias("n_units"), *counts
    )
    return found.sort("period_start")


def current_run(weeks: pl.DataFrame, week: date) -> Run | None:
    """The run to which `week` belongs, in the weeks of one scope; None if that week does not sustain itself."""
    found = weeks.filter(pl.col("period_start") == week)["n_weeks_in_a_row"].to_list()
    if not found or not found[0]:
        return None
    first = week - timedelta(weeks=found[0] - 1)
    before = weeks.filter(pl.col("period_start") == first - timedelta(weeks=1))["is_self_sustaining_week"]
    return Run(first, bool(before.is_not_null().any()))
