"""The rows of Slack's figures while they are collected: few large frames, whatever the number of files.

What a line or a table row means is not known here.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from connectors.contract import Frame, frame
from connectors.csvtext import Notes, RowFault
from connectors.settings import SourceSettings
from connectors.source import Member

REASONS: Final = {
    "channel_metadata": "names and topics of channels; they hold no figures",
    "no_channel_id": "a channel without its id; counted in the total of the file only",
    "private_space": "a private channel; not read",
}


class Rows:
    """Rows by table; `start` and `finish` surround the rows of one file."""

    def __init__(self, settings: SourceSettings) -> None:
        self.settings, self.notes = settings, Notes()
        self._member = Member("", 0, 0, "")
        self._usage: list[dict[str, object]] = []
        self._accounts: dict[tuple[str, str], dict[str, object]] = {}
        self._identifiers: dict[tuple[str, str, str, str], None] = {}
        self._tables: dict[str, list[dict[str, object]]] = {}
        self._excluded: Counter[str] = Counter()
        self._n_read = 0

    @property
    def n_waiting(self) -> int:
        """Usage rows that were not yielded yet."""
        return len(self._usage)

    def start(self, member: Member) -> None:
        """The rows that follow are of this file."""
        self._member, self._n_read = member, 0
        self._excluded.clear()

    def count(self) -> None:
        """One more record of the file, whatever becomes of it."""
        self._n_read += 1

    def usage(self, line: int | None, **row: object) -> None:
        """Figures; of a total that the reader made, `line` is null and no record stands for it."""
        self._usage.append({"used_platform": "slack", "is_record": line is not None, "member": self._member.name,
                            "line": line, **row})

    def account(self, line: int, workspace: str, account: str, *, is_guest: bool, is_deactivated: bool = False,
                **identifiers: str | None) -> None:
        """Whom figures are about; the last row says what the account is."""
        self._accounts[workspace, account] = {
            "workspace": workspace, "account": account, "kind": "human", "is_guest": is_guest,
            "is_deactivated": is_deactivated, "is_record": False, "member": self._member.name, "line": line}
        for kind, identifier in identifiers.items():
            if identifier and identifier.strip():
                self._identifiers[workspace, account, kind, identifier.strip()] = None

    def exclude(self, rule: str) -> None:
        """One record that is not loaded on its own."""
        self._excluded[rule] += 1

    def put_aside(self, line: int, fault: RowFault) -> None:
        """One record that cannot be used."""
        self._add("quarantine", {"member": self._member.name, "line": line, "rule": fault.code,
                                 "message": f"{fault.what}; row left out"})

    def finish(self) -> None:
        """The file is read to its end."""
        name = self._member.name
        for rule, n_records in self._excluded.items():
            self._add("exclusion", {"member": name, "rule": rule, "message": REASONS[rule], "n_records": n_records})
        self._add("part", {"member": name, "crc32": self._member.crc32, "bytes": self._member.bytes,
                           "n_read": self._n_read})
        if self._n_read == 0:
            self.notes.add(name, "PPL-CSV-007", "no rows")

    def waiting(self) -> Iterator[Frame]:
        """The usage rows so far."""
        if self._usage:
            yield frame("usage", self._usage)
        self._usage = []

    def closing(self) -> Iterator[Frame]:
        """All that is left."""
        yield from self.waiting()
        identifiers: list[dict[str, object]] = [
            {"workspace": workspace, "account": account, "kind": kind, "identifier": identifier}
            for workspace, account, kind, identifier in self._identifiers]
        tables = {"account": list(self._accounts.values()), "account_identifier": identifiers,
                  "note": self.notes.rows(), **self._tables}
        for table, rows in tables.items():
            if rows:
                yield frame(table, rows)

    def _add(self, table: str, row: dict[str, object]) -> None:
        self._tables.setdefault(table, []).append(row)
