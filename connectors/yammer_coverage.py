"""Which days one Yammer network's export covers: as configured, as it was requested, or as its messages show.

Edited and deleted messages may be older than the requested period, so they show nothing while others do.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from connectors.settings import SourceSettings
from connectors.yammer_times import stated_window


class CoverageRow(NamedTuple):
    """A row of the `coverage` frame."""

    workspace: str
    covered_from: date
    covered_to: date
    is_stated: bool


@dataclass(slots=True)
class Coverage:
    """The covered days, learned while messages are read."""

    stated_from: date | None
    stated_to: date | None
    first: datetime | None = None
    last: datetime | None = None
    first_modified: datetime | None = None
    last_modified: datetime | None = None
    n_days_not_requested: int = 0
    """Days that turnout.toml states and for which the export was not made."""

    def see(self, at: datetime, *, is_modified: bool) -> None:
        """Notes when a message was written."""
        if is_modified:
            self.first_modified = at if self.first_modified is None else min(self.first_modified, at)
            self.last_modified = at if self.last_modified is None else max(self.last_modified, at)
        elif self.first is None or self.last is None:
            self.first = self.last = at
        elif at < self.first:
            self.first = at
        elif at > self.last:
            self.last = at

    def row(self, workspace: str) -> CoverageRow | None:
        """The covered days, or None if nothing shows any."""
        first, last = self.first or self.first_modified, self.last or self.last_modified
        covered_from = self.stated_from or (first.date() if first else None)
        covered_to = self.stated_to or (last.date() if last else None)
        if covered_from is None or covered_to is None:
            return None
        is_stated = self.stated_from is not None and self.stated_to is not None
        return CoverageRow(workspace, covered_from, covered_to, is_stated)


def coverage_of(settings: SourceSettings, request: str) -> Coverage:
    """What is known before a message is read."""
    window = stated_window(request)
    stated_from = _day(settings.window_from) or (window[0] if window else None)
    stated_to = _day(settings.window_to) or (window[1] if window else None)
    coverage = Coverage(stated_from, stated_to)
    if window is not None and stated_from is not None and stated_to is not None and stated_from <= stated_to:
        n_stated = (stated_to - stated_from).days + 1
        n_both = (min(stated_to, window[1]) - max(stated_from, window[0])).days + 1
        coverage.n_days_not_requested = n_stated - max(n_both, 0)
    return coverage


def merged(rows: list[CoverageRow]) -> list[dict[str, object]]:
    """One row of the `coverage` frame per workspace, should several networks share a configured one."""
    result: dict[str, CoverageRow] = {}
    for row in rows:
        known = result.setdefault(row.workspace, row)
        result[row.workspace] = CoverageRow(
            row.workspace, min(known.covered_from, row.covered_from), max(known.covered_to, row.covered_to),
            known.is_stated and row.is_stated,
        )
    return [row._asdict() for row in result.values()]


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
