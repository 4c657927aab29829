"""The rows of an export while a small reader collects them, its bookkeeping, and the days that they cover.

For readers whose rows are dictionaries; the events of large wikis are `collected_events`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Final

from connectors.contract import BATCH_ROWS, Frame, frame
from connectors.csvtext import Notes
from connectors.settings import SourceSettings
from connectors.source import Member

_SAME: Final[dict[str, dict[str, object]]] = {
    "event": {"time_basis": "own", "via_app": False, "is_delegated": False, "is_record": True},
    "space": {"visibility": "public", "is_record": False},
    "note": {"n_records": 1},
}
"""What a row holds unless it says otherwise."""


class Collected:
    """Rows by table; `reasons` says what each rule of exclusion means.

    A reader of several files names each with `start`, counts its records and ends it with `finish`; `rest` comes last.
    A reader of one file may know their number itself and end with `closing_frames`.
    """

    def __init__(self, member: Member | None, reasons: Mapping[str, str]) -> None:
        self.member, self._reasons = member or Member("", 0, 0, ""), reasons
        self._rows: dict[str, list[dict[str, object]]] = {}
        self._excluded: Counter[str] = Counter()
        self._n_rows = self._n_read = 0
        self.notes = Notes()
        self.days: set[date] = set()

    @property
    def is_full(self) -> bool:
        """Whether enough rows have come together to be handed over."""
        return self._n_rows >= BATCH_ROWS

    def start(self, member: Member) -> None:
        """The rows that follow are of this file."""
        self.member = member

    def count(self) -> None:
        """One more record of the file, whatever becomes of it."""
        self._n_read += 1

    def add(self, table: str, **row: object) -> None:
        """One row of a frame, absent columns null; the member is the file's, the workspace that of `frames`."""
        self._rows.setdefault(table, []).append({**_SAME.get(table, {}), "member": self.member.name, **row})
        self._n_rows += 1
        if table == "event" and isinstance(at := row["occurred_at"], datetime):
            self.days.add(at.date())

    def exclude(self, rule: str, n_records: int = 1) -> None:
        """Counts records that are out of scope."""
        if n_records:
            self._excluded[rule] += n_records

    def put_aside(self, line: int, rule: str, what: str) -> None:
        """Quarantines one record; `what` holds no value of the export."""
        self.add("quarantine", line=line, rule=rule, message=f"{what}; it was not loaded")

    def note(self, rule: str, message: str, *, line: int | None = None, n_records: int = 1) -> None:
        """Counts records of the file that are odd and kept, if there are any."""
        self.notes.add(self.member.name, rule, message, line=line, n_records=n_records)

    def finish(self) -> int:
        """The file is read to its end; how many records it has."""
        for rule, n_records in self._excluded.items():
            self.add("exclusion", rule=rule, message=self._reasons[rule], n_records=n_records)
        self._excluded.clear()
        n_read, self._n_read = self._n_read, 0
        self.add("part", crc32=self.member.crc32, bytes=self.member.bytes, n_read=n_read)
        return n_read

    def frames(self, workspace: str) -> Iterator[Frame]:
        """What has come together since the last call; rows that name no workspace are of this one."""
        found, self._rows, self._n_rows = self._rows, {}, 0
        for table, rows in found.items():
            for row in rows:
                row.setdefault("workspace", workspace)
            yield frame(table, rows)

    def rest(self, workspace: str) -> Iterator[Frame]:
        """All that is left, and the notes."""
        for row in self.notes.rows():
            self.add("note", **row)
        yield from self.frames(workspace)

    def closing_frames(self, workspace: str, n_read: int) -> Iterator[Frame]:
        """The rest of a file with so many records."""
        self._n_read = n_read
        self.finish()
        yield from self.rest(workspace)


def coverage(days: Mapping[str, Iterable[date]], settings: SourceSettings) -> Iterator[Frame]:
    """By workspace: the configured window, else from the first to the last day with a record."""
    start, end = settings.window_from, settings.window_to
    for workspace, found in days.items():
        if ordered := sorted(found):
            yield frame("coverage", [{
                "workspace": workspace, "covered_from": date.fromisoformat(start) if start else ordered[0],
                "covered_to": date.fromisoformat(end) if end else ordered[-1],
                "is_stated": start is not None and end is not None}])
