"""What the organisation did and when: its declared `[[event]]`s, each with the day on which it begins in every unit.

What changed then is estimated in `before_after`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

ALL: Final = "all"
LAST_STARTING_WEEKDAY: Final = 3
"""Thursday: from then on most of the week, four days, comes on or after the day."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One event. `days` holds its first day by unit; that of `all` is of every unit that is not named."""

    kind: str
    title: str
    days: dict[str, date]

    @property
    def first_on(self) -> date:
        """The first day anywhere."""
        return min(self.days.values())

    @property
    def last_on(self) -> date:
        """The last of the first days."""
        return max(self.days.values())

    @property
    def is_everywhere(self) -> bool:
        """Whether everybody is concerned."""
        return ALL in self.days

    def day_in(self, unit: str) -> date | None:
        """When it begins in the unit; None if it does not."""
        return self.days.get(unit, self.days.get(ALL))

    def week_in(self, unit: str) -> date | None:
        """The Monday of the unit's first week after."""
        day = self.day_in(unit)
        return None if day is None else first_week(day)


def first_week(day: date) -> date:
    """The Monday of the first week of which most days come on or after the day."""
    monday = day - timedelta(days=day.weekday())
    return monday if day.weekday() <= LAST_STARTING_WEEKDAY else monday + timedelta(days=7)


def happenings(occasions: pl.DataFrame) -> list[Happening]:
    """The rows of `stg_occasion` as events, in order of their first day.

    Declarations of one kind and title that name units are one event, which begins on different days; a day without
    units is then that of all other units. Declarations of everybody alone are an event each.
    """
    found: list[Happening] = []
    named = occasions.filter(pl.col("unit") != ALL).select("kind", "title").unique()
    for (kind, title), rows in occasions.group_by("kind", "title"):
        days = sorted(rows.select("unit", "occurred_on").rows(), key=lambda row: (row[1], row[0]))
        is_named = named.filter(pl.col("kind") == kind, pl.col("title") == title).height > 0
        parts = [_first(days)] if is_named else [{ALL: day} for day in sorted({day for _, day in days})]
        found += [Happening(str(kind), str(title), part) for part in parts]
    return sorted(found, key=lambda one: (one.first_on, one.kind, one.title))


def _first(days: Iterable[tuple[str, date]]) -> dict[str, date]:
    first: dict[str, date] = {}
    for unit, day in days:
        first.setdefault(unit, day)
    return first
