"""What became of the records of one Yammer export: counts, rows put aside, exclusions, notes, private totals.

Knows no file format.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from connectors.contract import Frame, frame
from connectors.csvtext import Notes, RowFault
from connectors.source import Member

ORPHANS: Final = "replies whose message or thread is not in this export; kept"
_REASONS: Final = {
    "direct_message": "a private conversation; not read",
    "private_space": "in or of a private group; not read",
    "unused_record": "a thread, topic, network or tag; not read",
}


@dataclass(slots=True)
class Ledger:
    """Collects while records are read; its frames come last."""

    n_read: Counter[str] = field(default_factory=Counter)
    notes: Notes = field(default_factory=Notes)
    _quarantine: list[dict[str, object]] = field(default_factory=list)
    _excluded: Counter[tuple[str, str]] = field(default_factory=Counter)

    def put_aside(self, member: str, line: int, fault: RowFault) -> None:
        """A record that cannot be used."""
        self._quarantine.append({"member": member, "line": line, "rule": fault.code,
                                 "message": f"{fault.what}; row left out"})

    def exclude(self, member: str, rule: str) -> None:
        """A record that is left out on purpose."""
        self._excluded[member, rule] += 1

    def frames(self, members: Iterable[Member]) -> Iterator[Frame]:
        """Everything collected; `n_read` is by name of member."""
        yield frame("part", [
            {"member": member.name, "crc32": member.crc32, "bytes": member.bytes, "n_read": self.n_read[member.name]}
            for member in members
        ])
        yield frame("exclusion", [
            {"member": member, "rule": rule, "message": _REASONS[rule], "n_records": n_records}
            for (member, rule), n_records in self._excluded.items()
        ])
        yield frame("quarantine", self._quarantine)
        yield frame("note", self.notes.rows())


@dataclass(slots=True)
class DirectTotals:
    """How many private messages each calendar month has (UTC), and of how many people; never an event."""

    _n_posted: Counter[tuple[str, int, int]] = field(default_factory=Counter)
    _senders: dict[tuple[str, int, int], set[str]] = field(default_factory=dict)

    def add(self, workspace: str, at: datetime, sender: str) -> None:
        """One message."""
        month = (workspace, at.year, at.month)
        self._n_posted[month] += 1
        self._senders.setdefault(month, set()).add(sender)

    def frame(self, member: str) -> Frame:
        """The rows of the `usage` frame."""
        return frame("usage", [
            {
                "workspace": workspace, "used_platform": "yammer", "period_from": date(year, month, 1),
                "period_to": date(year, month, monthrange(year, month)[1]), "report": "direct_messages",
                "n_posted": n_posted, "n_posting_accounts": len(self._senders[workspace, year, month]),
                "is_record": False, "member": member,
            }
            for (workspace, year, month), n_posted in self._n_posted.items()
        ])
