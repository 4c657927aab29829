"""Yammer's network export (Viva Engage): a zip or folder of CSV files for one network or several.

Reading order, counts and refusals only: messages are read in yammer_feed, people in yammer_accounts.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from connectors.contract import Connector, Frame, frame
from connectors.csvtext import CsvFile, RowFault, boolean, integer, non_null
from connectors.settings import SourceSettings
from connectors.source import Member, Source
from connectors.yammer_accounts import Accounts
from connectors.yammer_coverage import Coverage, CoverageRow, coverage_of, merged
from connectors.yammer_edits import EXPORT_AGAIN, read_edits, refuse_ambiguous
from connectors.yammer_feed import Feed
from connectors.yammer_layout import (
    KNOWN,
    Network,
    announced_counts,
    is_export,
    networks_of,
    open_table,
    text_of,
    workspace_of,
)
from connectors.yammer_ledger import Ledger
from connectors.yammer_times import AmbiguousDateError, Clock, stated_window


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


def _made_at(source: Source) -> datetime | None:
    """The end of what was requested, the latest of all networks; null if one of them does not say."""
    windows = [stated_window(text_of(source, network, "request.txt")) for network in networks_of(source)]
    ends = [window[2] for window in windows if window is not None]
    return max(ends) if ends and len(ends) == len(windows) else None


class _Reading:
    """One pass over one network."""

    def __init__(self, source: Source, settings: SourceSettings, network: Network) -> None:
        self._source, self._settings, self._network = source, settings, network
        self.workspace = workspace_of(source, network, settings.workspace)
        self.coverage: Coverage = coverage_of(settings, text_of(source, network, "request.txt"))
        self._accounts = Accounts(self.workspace, frozenset(domain.casefold() for domain in settings.home_domains))
        self._ledger = Ledger()
        self._n_distinct: Counter[str] = Counter()

    def frames(self) -> Iterator[Frame]:
        self._read_users()
        spaces = list(self._read_groups())
        yield from self._read_messages()
        self._reconcile()
        self._note_gap()
        self._accounts.note_shared_addresses(self._ledger.notes, self._member("users.csv", "messages.csv").name)
        yield frame("account", self._accounts.rows)
        yield frame("account_identifier", self._accounts.identifiers)
        yield frame("space", spaces)
        yield from self._ledger.frames(self._network.tables.values())

    def _member(self, *tables: str) -> Member:
        """The first of these tables that is there, else the first of all."""
        there = self._network.tables
        return next(there[table] for table in (*tables, *sorted(there)) if table in there)

    def _open(self, table: str) -> CsvFile | None:
        member = self._network.tables.get(table)
        if member is None:
            return None
        file, is_resaved = open_table(self._source, member, table)
        if is_resaved:
            what = "was saved again by a spreadsheet; read with its separator" + (
                f" and as {file.encoding}" if file.encoding else "")
            self._ledger.notes.add(member.name, "PPL-YAM-009", what)
        if table in KNOWN:
            file.note_strangers(self._ledger.notes, KNOWN[table])
        return file

    def _rows(self, file: CsvFile, table: str) -> Iterator[tuple[int, list[str]]]:
        """The rows with as many fields as the header; refuses a file that has no such row but others."""
        n_read = n_ragged = 0
        first: tuple[int, RowFault] | None = None
        for line, row in file.rows():
            n_read += 1
            if isinstance(row, RowFault):
                n_ragged += 1
                first = first or (line, row)
                self._ledger.put_aside(file.member.name, line, row)
            else:
                yield line, row
        if first is not None and n_ragged == n_read:
            raise file.refuse(first[1].code, f"{first[1].what}, in every row", EXPORT_AGAIN, first[0])
        if n_read == 0 and (table == "messages.csv" or "messages.csv" not in self._network.tables):
            self._ledger.notes.add(file.member.name, "PPL-CSV-007", "no rows")
        self._ledger.n_read[file.member.name] = n_read
        self._n_distinct[table] += n_ragged

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
                self._ledger.put_aside(file.member.name, line, fault)
            ids.add(row[places["id"]])
        self._n_distinct["users.csv"] += len(ids)

    def _read_groups(self) -> Iterator[dict[str, object]]:
        file = self._open("groups.csv")
        if file is None:
            return
        places = file.require(("id", "name", "private"), ("created_at",))
        clock, ids = Clock(self._settings.zone), set()
        for line, row in self._rows(file, "groups.csv"):
            ids.add(row[places["id"]])
            try:
                integer(row[places["id"]], "id")
                is_private = boolean(row[places["private"]], "private")
                created = non_null(row[places["created_at"]]) if "created_at" in places else None
                created_at = None if created is None else clock.time(created, "created_at")
            except RowFault as fault:
                self._ledger.put_aside(file.member.name, line, fault)
                continue
            except AmbiguousDateError as error:
                raise refuse_ambiguous(file, line, error) from error
            if is_private and "private" not in self._settings.include:
                self._ledger.exclude(file.member.name, "private_space")
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
        feed = Feed(file, self._settings, self._accounts, self.coverage, self._ledger)
        versions = self._open("messageversions.csv")
        edits = {} if versions is None else read_edits(versions)
        yield from feed.frames(self._rows(file, "messages.csv"), edits)
        self._n_distinct["messages.csv"] += feed.n_distinct

    def _reconcile(self) -> None:
        """Refuses an export that holds other numbers of records than its own log announces."""
        if "log.txt" not in self._network.tables and self._source.kind != "file":
            member = self._member("messages.csv", "users.csv")
            self._ledger.notes.add(member.name, "PPL-YAM-011", "log.txt is missing; numbers of records are unchecked")
        for category, n_announced in announced_counts(text_of(self._source, self._network, "log.txt")):
            table = f"{category.lower()}.csv"
            n_found = self._n_distinct[table]
            if table in KNOWN and n_found != n_announced:
                raise self._source.refuse(
                    "PPL-YAM-005", f"log.txt announces {n_announced} {category.lower()}, the export holds {n_found}",
                    EXPORT_AGAIN, member=self._network.tables["log.txt"].name,
                )

    def _note_gap(self) -> None:
        n_days = self.coverage.n_days_not_requested
        if n_days:
            self._ledger.notes.add(
                self._network.tables["request.txt"].name, "PPL-COV-001",
                "days that turnout.toml states and the export was not made for; they count as covered",
                n_records=n_days)


CONNECTOR: Final = Connector(
    platform="yammer", version=4, detect=detect, read=read, made_at=_made_at,
    uses=lambda settings: (settings.workspace, settings.window_from, settings.window_to, settings.include,
                           settings.home_domains, settings.zone),
)
