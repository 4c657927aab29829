"""The share of new pages and spaces that is still used, by days since the launch."""

from typing import Final

import polars as pl

from models.analyses import lives
from models.analyses.analysis import Analysis, Row, Tables, as_mart
from models.analyses.space_life import READS, subjects
from models.statistics.cannot_tell import CannotTell

EVERY_DAYS: Final = 7
LAST_DAY: Final = 728


def estimate(tables: Tables) -> pl.DataFrame:
    """The rows of `mart_space_curve`: none of what is too little for a curve."""
    rows = [
        head | {"subject": subject} | point
        for head, subject, spaces in subjects(tables)
        for point in _points(spaces)
    ]
    return as_mart("mart_space_curve", rows)


def _points(spaces: list[lives.Followed]) -> list[Row]:
    curve = lives.curve_of(spaces)
    if isinstance(curve, CannotTell):
        return []
    days = [one.life.days for one in spaces if one.life]
    points: list[Row] = []
    for day in range(0, LAST_DAY + 1, EVERY_DAYS):
        step = curve.at(day)
        if isinstance(step, CannotTell):
            break
        points.append({
            "age_days": day, "survival_ratio": step.survival, "survival_ratio_low": step.low,
            "survival_ratio_high": step.high, "n_followed": sum(one > day for one in days),
        })  # fmt: skip
        if step.survival == 0:
            break
    return points


ANALYSIS: Final = Analysis("when after their launch do new pages and spaces fall silent?", READS, estimate)
