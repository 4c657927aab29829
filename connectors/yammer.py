"""Yammer's network export (Viva Engage): a zip or folder of CSV files for one network or several.

Reading order, counts and refusals only: what a row means is yammer_messages and yammer_accounts.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from connectors.contract import BATCH_ROWS, Connector, Frame, frame
from connectors.csvtext import CsvFile, RowFault, boolean, integer, non_null
from connectors.settings import SourceSettings
from connectors.source import Source
from connectors.yammer_accounts import Accounts
from connectors.yammer_coverage import Coverage, CoverageRow, coverage_of, merged
from connectors.yammer_edits import read_edits, refuse_ambiguous
from connectors.yammer_events import Events
from connectors.yammer_layout import (
    MESSAGE_COLUMNS,
    Network,
    announced_counts,
    is_export,
    networks_of,
    text_of,
    workspace_of,
)
from connectors.yammer_messages import OPTIONAL_COLUMNS, Columns, Message, ShiftedColumnsError
from connectors.yammer_times import AmbiguousDateError, parse_time

_AGAIN: Final = "Export the period again and do not edit the files."
_REASONS: Final = {
    "direct_message": "a private conversation; not read",
    "private_space": "in or of a private group; not read",
}


def detect(source: Source) -> str | None:
    """Recognised by the columns of Messages.csv or Users.csv, never by a name."""
    return "yammer-export" if is_export(source) else None


def read(source: Source, settings: SourceSettings) -> Iterator[Frame]:
    """The frames of one export; it is refused as a whole if a file's columns or counts are wrong."""
    coverage: list[CoverageRow] = []
    for network in networks_of(source):
        reading = _Reading(source, settings, network)
        yield from reading.frames()
        row = reading.coverage.row(reading.workspace)
        coverage += [row] if row else []
    yield frame("coverage", merged(coverage))
    yield frame("capability", [{"has_reactions": False, "has_reading": False, "has_direct": True, "has_edits": True,
                                "has_history": True}])


class _Reading:
    """One pass over one network."""

    def __init__(self, source: Source, settings: SourceSettings, network: Network) -> None:
        self._source, self._settings, self._network = source, settings, network
        self.workspace = workspace_of(source, network, settings.workspace)
        self.coverage: Coverage = coverage_of(settings, text_of(source, network, "request.txt"))
        self._accounts = Accounts(self.workspace, frozenset(domain.casefold() for domain in settings.home_domains))
        self._n_read: Counter[str] = Counter()
        self._n_distinct: Counter[str] = Counter()
        self._quarantine: list[dict[str, object]] = []
        self._excluded: Counter[tuple[str, str]] = Counter()

    def frames(self) -> Iterator[Frame]:
        self._read_users()
        spaces = list(self._read_groups())
        yield from self._read_messages()
        self._reconcile()
        yield frame("account", self._accounts.rows)
        yield frame("account_identifier", self._accounts.identifiers)
        yield frame("space", spaces)
        yield frame("part", [
            {"member": member.name, "crc32": member.crc32, "bytes": member.bytes, "n_read": self._n_read[table]}
            for table, member in self._network.tables.items()
        ])
        yield frame("exclusion", [
            {"member": member, "rule": rule, "message": _REASONS[rule], "n_records": n_records}
            for (member, rule), n_records in self._excluded.items()
        ])
        yield frame("quarantine", self._quarantine)

    def _open(self, table: str) -> CsvFile | None:
        member = self._network.tables.get(table)
        return None if member is None else CsvFile(self._source, member)

    def _rows(self, file: CsvFile, table: str) -> Iterator[tuple[int, list[str]]]:
        """The rows with as many fields as the header; refuses a file that has no such row but others."""
        n_read = n_ragged = 0
        first: tuple[int, RowFault] | None = None
        for line, row in file.rows():
            n_read += 1
            if isinstance(row, RowFault):
                n_ragged += 1
                first = first or (line, row)
                self._keep(file, line, row)
            else:
                yield line, row
        if first is not None and n_ragged == n_read:
            raise file.refuse(first[1].code, f"{first[1].what}, in every row", _AGAIN, first[0])
        self._n_read[table] = n_read
        self._n_distinct[table] += n_ragged

    def _keep(self, file: CsvFile, line: int, fault: RowFault) -> None:
        message = f"{fault.what}; row left out"
        self._quarantine.append({"member": file.member.name, "line": line, "rule": fault.code, "message": message})

    def _read_users(self) -> None:
        file = self._open("users.csv")
        if file is None:
            return
        places = file.require(("id", "email", "state"), ("suspended_at", "deleted_at", "office_user_id"))
        ids = set()
        for line, row in self._rows(file, "users.csv"):
            try:
                self._accounts.add_user(row, places, file.member.name, line)
            except RowFault as fault:
                self._keep(file, line, fault)
            ids.add(row[places["id"]])
        self._n_distinct["users.csv"] += len(ids)

    def _read_groups(self) -> Iterator[dict[str, object]]:
        file = self._open("groups.csv")
        if file is None:
            return
        places = file.require(("id", "name", "private"), ("created_at",))
        ids = set()
        for line, row in self._rows(file, "groups.csv"):
            ids.add(row[places["id"]])
            try:
                integer(row[places["id"]], "id")
                is_private = boolean(row[places["private"]], "private")
                created = non_null(row[places["created_at"]]) if "created_at" in places else None
                created_at = None if created is None else parse_time(created, "created_at")
            except RowFault as fault:
                self._keep(file, line, fault)
                continue
            except AmbiguousDateError as error:
                raise refuse_ambiguous(file, line, error) from error
            if is_private and "private" not in self._settings.include:
                self._excluded[file.member.name, "private_space"] += 1
                continue
            yield {
                "workspace": self.workspace, "space": row[places["id"]], "space_alias": None, "kind": "group",
                "visibility": "private" if is_private else "public",
                "label": None if is_private else row[places["name"]].replace("\0", ""), "created_at": created_at,
                "is_record": True, "member": file.member.name, "line": line,
            }
        self._n_distinct["groups.csv"] += len(ids)

    def _read_messages(self) -> Iterator[Frame]:
        file = self._open("messages.csv")
        if file is None:
            return
        columns = Columns(file.require(MESSAGE_COLUMNS, OPTIONAL_COLUMNS), len(file.header))
        senders, contested = self._senders(file, columns)
        versions = self._open("messageversions.csv")
        edits = {} if versions is None else read_edits(versions)
        events = Events(self.workspace, file.member.name)
        for line, message in self._sound_messages(file, columns, contested):
            edited_at = edits.get(message.id)
            is_modified = message.deleted_at is not None or message.id in edits
            self.coverage.see(message.created_at, is_modified=is_modified)
            rule = self._rule_against(message)
            if rule is not None:
                self._excluded[file.member.name, rule] += 1
                continue
            kind = self._accounts.sender_kind(message.sender, message.sender_type, message.sender_email,
                                              file.member.name, line)
            target = None if message.replied_to_id is None else senders.get(message.replied_to_id)
            events.add(line, message, kind, target, edited_at)
            if len(events) >= BATCH_ROWS:
                yield from events.frames()
        yield from events.frames()

    def _rule_against(self, message: Message) -> str | None:
        if message.is_private_conversation and "direct" not in self._settings.include:
            return "direct_message"
        if message.is_private_group and "private" not in self._settings.include:
            return "private_space"
        return None

    def _sound_messages(
        self, file: CsvFile, columns: Columns, contested: set[str]
    ) -> Iterator[tuple[int, Message]]:
        for line, row in file.rows():
            if isinstance(row, RowFault):
                continue  # kept by the first pass
            try:
                message_id = columns.id_of(row)
                if row[columns.id] in contested:
                    raise RowFault("PPL-DUP-004", "id conflicts with another line that has another sender")
                message = columns.parse(row, message_id)
                if self.coverage.latest is not None and message.created_at > self.coverage.latest:
                    raise RowFault("PPL-TIM-001", "created_at lies in the future of the export")
                yield line, message
            except RowFault as fault:
                self._keep(file, line, fault)
            except ShiftedColumnsError as error:
                what = "columns are shifted: api_url does not end with the id of its row"
                raise file.refuse("PPL-YAM-006", what, _AGAIN, line) from error
            except AmbiguousDateError as error:
                raise refuse_ambiguous(file, line, error) from error

    def _senders(self, file: CsvFile, columns: Columns) -> tuple[dict[str, str], set[str]]:
        """Who wrote which message, for replies may precede it, and the ids that two senders claim."""
        senders: dict[str, str] = {}
        contested: set[str] = set()
        for _, row in self._rows(file, "messages.csv"):
            sender = row[columns.sender]
            if senders.setdefault(row[columns.id], sender) != sender:
                contested.add(row[columns.id])
        self._n_distinct["messages.csv"] += len(senders)
        return senders, contested

    def _reconcile(self) -> None:
        """Refuses an export that holds other numbers of records than its own log announces."""
        for category, n_announced in announced_counts(text_of(self._source, self._network, "log.txt")):
            table = f"{category.lower()}.csv"
            n_found = self._n_distinct[table]
            if table in {"messages.csv", "users.csv", "groups.csv"} and n_found != n_announced:
                raise self._source.refuse(
                    "PPL-YAM-005", f"log.txt announces {n_announced} {category.lower()}, the export holds {n_found}",
                    _AGAIN, member=self._network.tables["log.txt"].name,
                )


CONNECTOR: Final = Connector(
    platform="yammer", version=1, detect=detect, read=read,
    uses=lambda settings: (settings.workspace, settings.window_from, settings.window_to, settings.include,
                           settings.home_domains),
)
