"""The bookkeeping of one Slack export: records read by member, excluded by rule and kept in quarantine.

Members of private conversations share one shown name per day, so their counts are added up.
"""

import zlib
from collections.abc import Iterator
from typing import Final

from connectors.contract import Frame, frame
from connectors.csvtext import Notes
from connectors.source import Member

REASONS: Final = {
    "private_space": "in a private channel; not read",
    "direct_message": "a direct message; not read",
    "canvas": "a canvas, not a message",
    "list": "an item of a list, not a message",
    "huddle_transcript": "a transcript; not read",
    "content_flag": "a report to moderators; not read",
    "not_a_day_file": "in a file that holds no day of messages",
}


class Ledger:
    """Counts of one export while it is read."""

    def __init__(self) -> None:
        self._parts: dict[str, tuple[int, int, int]] = {}
        self._excluded: dict[tuple[str, str], int] = {}
        self._quarantine: list[dict[str, object]] = []
        self.notes = Notes()

    def read(self, shown: str, member: Member, n_read: int) -> None:
        """Counts the records of a member as its container holds them."""
        crc32, n_bytes, n_before = self._parts.get(shown, (None, 0, 0))
        combined = member.crc32 if crc32 is None else zlib.crc32(member.crc32.to_bytes(4), crc32)
        self._parts[shown] = (combined, n_bytes + member.bytes, n_before + n_read)

    def exclude(self, shown: str, rule: str, n_records: int) -> None:
        """Counts records that are no events or out of scope."""
        if n_records:
            self._excluded[shown, rule] = self._excluded.get((shown, rule), 0) + n_records

    def quarantine(self, shown: str, line: int, code: str, what: str) -> None:
        """Keeps the place and the fault of one record, never its content."""
        self._quarantine.append({"member": shown, "line": line, "rule": code, "message": f"{what}; row left out"})

    def has_put_aside(self, shown: str) -> bool:
        """Whether a record of this member is in quarantine."""
        return any(row["member"] == shown for row in self._quarantine)

    def frames(self) -> Iterator[Frame]:
        """The ledger's three tables."""
        yield frame("part", [
            {"member": shown, "crc32": crc32, "bytes": n_bytes, "n_read": n_read}
            for shown, (crc32, n_bytes, n_read) in self._parts.items()
        ])
        yield frame("exclusion", [
            {"member": shown, "rule": rule, "message": REASONS[rule], "n_records": n_records}
            for (shown, rule), n_records in self._excluded.items()
        ])
        yield frame("quarantine", self._quarantine)
        yield frame("note", self.notes.rows())
