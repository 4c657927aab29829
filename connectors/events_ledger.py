"""The bookkeeping of one mapped export: what was read, excluded by rule, put aside, and noted.

Messages never hold a value of the export.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from connectors.contract import Frame, frame
from connectors.csvtext import Notes, RowFault
from connectors.source import Member

REASONS: Final = {
    "other_record": "a record that is no event",
    "private_space": "in a private space; not read",
    "personal_space": "in a personal space; not read",
    "undeclared_space": "in a space that the export does not declare, so that it may be private; not read",
    "direct_message": "a direct message; not read",
    "not_listed_account": "not by an account that [[events]] accounts lists; not read",
    "aggregated": "counted by unit and week, then forgotten",
    "further_recipient": "a further recipient of a message that is counted; forgotten",
    "outside_sender": "sent from outside the home domains; forgotten",
    "no_sender": "without a sender's address; forgotten",
}


class Ledger:
    """Counts of one export while it is read."""

    def __init__(self) -> None:
        self.notes = Notes()
        self._members: dict[str, Member] = {}
        self._n_read: Counter[str] = Counter()
        self._excluded: Counter[tuple[str, str]] = Counter()
        self._aside: list[dict[str, object]] = []

    def start(self, member: Member) -> None:
        """Names a member, should it hold no record."""
        self._members[member.name] = member

    def read(self, member: Member) -> None:
        """Counts a record as its container holds it."""
        self._n_read[member.name] += 1

    def exclude(self, member: Member, rule: str) -> None:
        """Counts a record that is no event or out of scope."""
        self._excluded[member.name, rule] += 1

    def put_aside(self, member: Member, line: int, fault: RowFault) -> None:
        """Keeps the place and the fault of one record."""
        self._aside.append({"member": member.name, "line": line, "rule": fault.code,
                            "message": f"{fault.what}; the row was not loaded"})

    def flush(self) -> Iterator[Frame]:
        """The rows that were put aside since."""
        if self._aside:
            yield frame("quarantine", self._aside)
            self._aside = []

    def frames(self) -> Iterator[Frame]:
        """The ledger's tables, at the end."""
        yield from self.flush()
        yield frame("part", [
            {"member": name, "crc32": member.crc32, "bytes": member.bytes, "n_read": self._n_read[name]}
            for name, member in self._members.items()
        ])
        yield frame("exclusion", [
            {"member": name, "rule": rule, "message": REASONS[rule], "n_records": n_records}
            for (name, rule), n_records in self._excluded.items()
        ])
        yield frame("note", self.notes.rows())
