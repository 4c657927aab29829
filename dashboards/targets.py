"""Targets that the organisation set itself: which holds for a chart, and whether it is met. Met or missed only as the
interval says.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from dashboards import words
from dashboards.numbers import Fact
from dashboards.released import ALL, Released, Row
from models.comparison import Standing, standing

_SAID: Final[dict[Standing, str]] = {
    "met": "met", "missed": "missed", "too_close": "too close to call",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """A share to reach by a day, and who set it."""

    value: float
    by: date
    set_by: str

    @property
    def fact(self) -> Fact:
        """What its sentences say of it."""
        return Fact(f"rel_declared/value/{self.by}", self.value, "ratio")

    @property
    def label(self) -> str:
        """What stands at its line."""
        return f"Target {words.told(self.value)}"

    def judged(self, low: float | None, high: float | None, until: date) -> str:
        """Met, missed or too close to call, by the interval of a period that ends on `until`; before the day that the
        target is set for nothing is missed, only not reached yet. Empty where there is no interval.
        """
        if low is None or high is None:
            return ""
        said = standing(low, high, self.value)
        return "not reached yet" if said == "missed" and until < self.by else _SAID[said]

    def sentence(self, row: Row | None, ratio: str) -> str:
        """The target in words, judged by the bounds of `ratio` in `row`."""
        judged = self.judged(row[f"{ratio}_low"], row[f"{ratio}_high"], row["period_end"]) if row else ""
        ending = f": {judged}" if judged else ""
        return f"{self.label} by {words.day(self.by)}, set by {words.clean(self.set_by)}{ending}."


def target_of(released: Released, metric: str, *, platform: str = ALL, unit: str = ALL) -> Target | None:
    """The target of a metric that is due next, else the last one that was; None if there is none of this scope."""
    found = released.tables["rel_declared"].filter(
        pl.col("kind") == "target", pl.col("title") == metric, pl.col("platform") == platform, pl.col("unit") == unit
    )
    if found.is_empty() or released.as_of is None:
        return None
    due = found.filter(pl.col("to_on") >= released.as_of).sort("to_on", "value")
    row = due.row(0, named=True) if due.height else found.sort("to_on", "value").row(-1, named=True)
    return Target(row["value"], row["to_on"], row["detail"])
