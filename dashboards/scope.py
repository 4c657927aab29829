"""What a card is about: a unit, a platform and a kind of period, which rows that is, and how it is called.

Units on a platform are released by month only, in a table of their own. Which rows exist is decided by the release.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from dashboards import words
from dashboards.released import ALL, SHOWN, Released
from models.comparison import PeriodKind

SHARES: Final = "rel_contributor_ratios"
SHARES_BY_BOTH: Final = "rel_unit_platforms"
YEAR_OF_WEEKS: Final = 53
"""So that the week a year before is in sight."""
BY_MONTH_ONLY: Final = "units are told per platform by month only"
NOT_OBSERVED: Final = "not observed"
NOT_TOLD: Final = "not told: it would tell of too few people"
NOT_BY_BOTH: Final = "not told per platform"


@dataclass(frozen=True, slots=True)
class Scope:
    """A unit or all of them, a platform or all of them, the kind of period, and how many periods at most."""

    kind: PeriodKind
    platform: str = ALL
    unit: str = ALL
    n_periods: int = max(SHOWN.values())

    @property
    def is_by_both(self) -> bool:
        """Whether it is about a unit on one platform."""
        return ALL not in (self.platform, self.unit)

    @property
    def on(self) -> str:
        """What follows "contributed": on Slack, or nothing."""
        return "" if self.platform == ALL else f" on {words.platform(self.platform)}"

    @property
    def where(self) -> str:
        """What follows "who contribute" in a subtitle."""
        return self.on or ", all platforms"

    def people(self, released: Released) -> str:
        """Who is counted, with the name of the unit: for subtitles."""
        return released.people if self.unit == ALL else f"{released.people} in {words.clean(self.unit)}"

    def noun(self, released: Released) -> str:
        """Who is counted, without the name: a headline names a unit only for what works."""
        return released.people if self.unit == ALL else f"{released.people} in this unit"

    def series(self, released: Released, table: str = SHARES) -> pl.DataFrame:
        """The shown periods in order of time, as `Released.series`."""
        name = SHARES_BY_BOTH if self.is_by_both and table == SHARES else table
        rows = released.series(name, self.kind, platform=self.platform, unit=self.unit)
        starts = starts_of(released, self.kind)[-self.n_periods :]
        return rows.filter(pl.col("period_start") >= starts[0]) if starts and rows.height else rows

    def untold(self, released: Released) -> str:
        """Why nothing can be shown of it; empty where something can."""
        if self.is_by_both and self.kind != "month":
            return BY_MONTH_ONLY
        rows = self.series(released)
        if rows.is_empty():
            return NOT_BY_BOTH if self.is_by_both else NOT_OBSERVED
        shown = ("contributor_ratio", "contributor_ratio_high") if released.has_roster else ("n_contributors",)
        if not all(rows[name].is_null().all() for name in shown):
            return ""
        return NOT_TOLD if (rows["n_observed_days"].fill_null(0) > 0).any() else NOT_OBSERVED

    def changes_next(self, released: Released) -> str:
        """When figures of a unit change; empty of the whole organisation."""
        if self.unit == ALL or released.as_of is None:
            return ""
        return (
            f"Figures of units are of closed {self.kind}s only: these figures change next with the first release after "
            f"{words.day(next_close(released.as_of, self.kind))}, and before that only if late data concern "
            f"{released.min_group} people or more."
        )


def starts_of(released: Released, kind: PeriodKind) -> list[date]:
    """When the released periods of this kind begin, in order."""
    frame = released.tables[SHARES].filter(pl.col("period_kind") == kind)
    return frame["period_start"].unique().sort().to_list()


def next_close(as_of: date, kind: PeriodKind) -> date:
    """The last day of the first period that is still open once the data reach to the end of `as_of`."""
    following = as_of + timedelta(days=1)
    if kind == "month":
        return following.replace(day=calendar.monthrange(following.year, following.month)[1])
    return following + timedelta(days=6 - following.weekday()) if kind == "week" else following
