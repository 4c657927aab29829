"""The difference that `lead_effect` estimates, week by week around the executive's start."""

from typing import Final

import polars as pl

from models.analyses.analysis import Analysis, Tables, as_mart
from models.analyses.lead_effect import READS, lead_platforms, result_of
from models.statistics.event_study import Estimate, Flagged, Point


def estimate(tables: Tables) -> pl.DataFrame:
    """The rows of `mart_lead_curve`: none where nothing is estimable, only the weeks before where it is flagged."""
    rows = [
        head | {
            "week": point.week, "difference_pp": point.value_pp, "difference_pp_low": point.low_pp,
            "difference_pp_high": point.high_pp,
        }
        for head, weeks in lead_platforms(tables)
        for point in _points(weeks)
    ]  # fmt: skip
    return as_mart("mart_lead_curve", rows)


def _points(weeks: pl.DataFrame) -> tuple[Point, ...]:
    match result_of(weeks):
        case Estimate(curve=curve):
            return curve
        case Flagged(curve_before=curve):
            return curve
    return ()


ANALYSIS: Final = Analysis(
    "how do an executive's own people differ from others, week by week around the executive's start?", READS, estimate
)
