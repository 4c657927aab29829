"""The rows of one file while a small reader collects them, its bookkeeping, and the days that they cover.

For readers whose rows are dictionaries; those of large exports keep rows of their own.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Final

from connectors.contract import BATCH_ROWS, FRAMES, Frame, frame
from connectors.settings import SourceSettings
from connectors.source import Member

_SAME: Final[dict[str, dict[str, object]]] = {
    "event": {"time_basis": "own", "via_app": False, "is_delegated": False, "is_record": True},
    "account": {"is_guest": False, "is_deactivated": False},
    "space": {"visibility": "public", "is_record": False},
    "note": {"n_records": 1},
}
"""What a row holds unless it says otherwise."""


class Collected:
    """Rows by table; `reasons` says what each rule of exclusion means."""

    def __init__(self, member: Member, reasons: Mapping[str, str]) -> None:
        self._member, self._reasons = member, reasons
        self._rows: dict[str, list[dict[str, object]]] = {}
        self._excluded: dict[str, int] = {}
        self.days: set[date] = set()

    @property
    def is_full(self) -> bool:
        """Whether there are enough events for a frame."""
        return len(self._rows.get("event", ())) >= BATCH_ROWS

    def add(self, table: str, **row: object) -> None:
        """One row of a frame, absent columns null; workspace and member are the file's."""
        self._rows.setdefault(table, []).append(_SAME.get(table, {}) | row)
        if isinstance(at := row.get("occurred_at"), datetime):
            self.days.add(at.date())

    def exclude(self, rule: str, n_records: int = 1) -> None:
        """Counts records that are out of scope."""
        self._excluded[rule] = self._excluded.get(rule, 0) + n_records

    def put_aside(self, line: int, rule: str, what: str) -> None:
        """Quarantines one record; `what` holds no value of the export."""
        self.add("quarantine", line=line, rule=rule, message=f"{what}; it was not loaded")

    def frames(self, workspace: str) -> Iterator[Frame]:
        """What has come together since the last call."""
        same = {"workspace": workspace, "member": self._member.name}
        for table, rows in self._rows.items():
            yield frame(table, [{name: row.get(name, same.get(name)) for name in FRAMES[table]} for row in rows])
        self._rows = {}

    def closing_frames(self, workspace: str, n_read: int) -> Iterator[Frame]:
        """The rest, what was excluded, and how many records the file holds."""
        yield from self.frames(workspace)
        name = self._member.name
        yield frame("exclusion", [{"member": name, "rule": rule, "message": self._reasons[rule], "n_records": n_records}
                                  for rule, n_records in self._excluded.items()])
        yield frame("part", [{"member": name, "crc32": self._member.crc32, "bytes": self._member.bytes,
                              "n_read": n_read}])


def coverage(days: Mapping[str, Iterable[date]], settings: SourceSettings) -> Iterator[Frame]:
    """By workspace: the configured window, else from the first to the last day with a record."""
    start, end = settings.window_from, settings.window_to
    for workspace, found in days.items():
        if ordered := sorted(found):
            yield frame("coverage", [{
                "workspace": workspace, "covered_from": date.fromisoformat(start) if start else ordered[0],
                "covered_to": date.fromisoformat(end) if end else ordered[-1],
                "is_stated": start is not None and end is not None}])
