"""Which days the records of an export can have: one that cannot be would make a calendar of a million days.

Knows columns of frames and no format; what becomes of a record that cannot be is said in `reading`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import polars as pl

EARLIEST: Final = date(1990, 1, 1)
"""No platform that is read here is older."""
EARLIEST_OF_STAFF: Final = date(EARLIEST.year - 70, 1, 1)
"""A roster's days reach further back, by a working life."""
TOLERANCE: Final = timedelta(days=1)
"""How long after its export a record may be dated: a clock that is ahead, or any time zone."""
PLANNED: Final = timedelta(days=366)
"""How far ahead a roster plans and a period of a report ends, which may be a year that is not over."""

FUTURE: Final = "PPL-TIM-001"
ANCIENT: Final = "PPL-TIM-009"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is possible in an export that was made at `made_at` and is read at `now` (both naive UTC)."""

    made_at: datetime
    now: datetime

    @property
    def latest(self) -> date:
        """The last day of a record."""
        return (self.made_at + TOLERANCE).date()

    @property
    def newest(self) -> date:
        """The last day of a period that is stated, which may outlast the last record of the export."""
        return (self.now + TOLERANCE).date()

    def fault(self, table: str) -> pl.Expr:
        """The rule that a row of this frame breaks, else null."""
        faults = [
            pl.when(pl.col(name) < start).then(pl.lit(ANCIENT)).when(pl.col(name) > end).then(pl.lit(FUTURE))
            for name, (start, end) in self._limits(table).items()
        ]
        return pl.coalesce(faults)

    def _limits(self, table: str) -> Mapping[str, tuple[date, date | datetime]]:
        """First and last possible value by column. Who has not left may have a last day that never comes."""
        instant, planned = self.made_at + TOLERANCE, self.newest + PLANNED
        limits: Mapping[str, Mapping[str, tuple[date, date | datetime]]] = {
            "event": {"occurred_at": (EARLIEST, instant), "version_at": (EARLIEST, instant)},
            "usage": {"period_from": (EARLIEST, self.latest), "period_to": (EARLIEST, planned),
                      "reported_on": (EARLIEST, self.latest)},
            "person": {"valid_from": (EARLIEST_OF_STAFF, planned), "hired_on": (EARLIEST_OF_STAFF, planned),
                       "left_on": (EARLIEST_OF_STAFF, date.max)},
            "space": {"created_at": (EARLIEST, instant)},
        }
        return limits[table]
