"""What a row of a Microsoft 365 usage report says: of which days, of whom, and whether anything was done.

Names for display, licences and products are never read. Files and counts are m365's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from connectors.csvtext import RowFault, integer
from connectors.m365_reports import (
    ACTIVE_USERS,
    GROUPS,
    LAST_ACTIVITY,
    PERIOD,
    REFRESHED,
    REPORT_DATE,
    WORKLOADS,
    Report,
)

UNSTATED_DAYS: Final = 30
"""The active users report has dates of last activity and no period: it is asked about this many days."""
_DAY: Final = re.compile(r"(20[0-9]{2}-[0-9]{2}-[0-9]{2})(?:T00:00:00(?:\.0+)?Z?)?")
_NUMERIC: Final = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}(?: .*)?")
_CONCEALED: Final = re.compile(r"[0-9A-Fa-f]{32}(?:@.*)?")
_MAX_PERIOD: Final = 366
_NOTHING: Final = frozenset({"", "0", "no", "false"})


class AmbiguousDay(ValueError):
    """Day and month cannot be told apart; no row of the file may be read."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One row of the `usage` frame without its subject."""

    used_platform: str
    period_from: date
    period_to: date
    reported_on: date
    is_active: bool | None
    n_posted: int | None = None
    n_read: int | None = None
    n_reacted: int | None = None
    n_posting_accounts: int | None = None


def is_concealed(subject: str) -> bool:
    """Whether Microsoft wrote a digest instead of a name; a digest may have a domain."""
    return _CONCEALED.fullmatch(subject) is not None


class Row:
    """The cells of one row by column; a column that is not there reads as empty."""

    def __init__(self, report: Report, places: dict[str, int], cells: Sequence[str]) -> None:
        self._report, self._places, self._cells = report, places, cells

    def text(self, column: str) -> str:
        """A cell, trimmed."""
        place = self._places.get(column)
        return "" if place is None else self._cells[place].strip()

    def is_true(self, column: str) -> bool:
        """Whether a cell says yes."""
        return self.text(column).lower() in {"true", "yes"}

    @property
    def is_deactivated(self) -> bool | None:
        """Whether the account is closed, where the report says."""
        deleted, state = self.text("Is Deleted"), self.text("User State")
        if not deleted and not state:
            return None
        return self.is_true("Is Deleted") or state.lower() in {"deleted", "suspended"}

    def figures(self) -> Iterator[Figures]:
        """The usage rows of this row, the one that stands for the record first; raises `RowFault`."""
        report, reported_on = self._report, self._needed(REFRESHED)
        if report is ACTIVE_USERS:
            yield from self._workloads(reported_on)
        elif report.subject is None:
            day = self._needed(REPORT_DATE)
            if report.counts_users:
                yield Figures(report.used_platform, day, day, reported_on, None,
                              n_posting_accounts=self._count(report.posted))
            else:
                yield Figures(report.used_platform, day, day, reported_on, None, *self._counts())
        else:
            since = reported_on - timedelta(days=self._n_days() - 1)
            counts = self._counts()
            is_active = self._was_active(LAST_ACTIVITY, since, reported_on) or self._has_sign(counts)
            if report is GROUPS:
                yield Figures("m365", since, reported_on, reported_on, is_active)
                is_active = self._has_sign(counts)
            yield Figures(report.used_platform, since, reported_on, reported_on, is_active, *counts)

    def _workloads(self, reported_on: date) -> Iterator[Figures]:
        days = self._n_days() if PERIOD in self._places else UNSTATED_DAYS
        since = reported_on - timedelta(days=days - 1)
        active = {name: self._was_active(f"{name} {LAST_ACTIVITY}", since, reported_on) for name in WORKLOADS}
        yield Figures("m365", since, reported_on, reported_on, any(active.values()))
        for name, platform in WORKLOADS.items():
            if platform is not None:
                yield Figures(platform, since, reported_on, reported_on, active[name])

    def _counts(self) -> tuple[int | None, int | None, int | None]:
        report = self._report
        return self._count(report.posted), self._count(report.read), self._count(report.reacted)

    def _count(self, column: str | None) -> int | None:
        """A number, None if the report has none; Microsoft leaves a cell empty where nothing was done."""
        if column is None:
            return None
        text = self.text(column)
        return 0 if text == "" else integer(text, column)

    def _has_sign(self, counts: Sequence[int | None]) -> bool:
        return any(counts) or any(self.text(name).lower() not in _NOTHING for name in self._report.signs)

    def _n_days(self) -> int:
        days = integer(self.text(PERIOD).removeprefix("D"), PERIOD)
        if not 1 <= days <= _MAX_PERIOD:
            raise RowFault("PPL-MSR-004", f"{PERIOD} is no number of days that a report has")
        return days

    def _was_active(self, column: str, since: date, until: date) -> bool:
        text = self.text(column)
        return text != "" and since <= _day(text, column) <= until

    def _needed(self, column: str) -> date:
        return _day(self.text(column), column)


def _day(text: str, column: str) -> date:
    match = _DAY.fullmatch(text)
    if match is None:
        if _NUMERIC.fullmatch(text):
            raise AmbiguousDay(column)
        raise RowFault("PPL-TIM-004", f"{column} has no known form of a day")
    try:
        return date.fromisoformat(match[1])
    except ValueError as error:
        raise RowFault("PPL-TIM-004", f"{column} is no day that exists") from error
