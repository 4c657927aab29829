"""Messages.csv of one network: read twice, once for who wrote what and once for the events.

What a row means is yammer_messages; what became of it is kept in the ledger.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from connectors.contract import BATCH_ROWS, Frame
from connectors.csvtext import CsvFile, RowFault
from connectors.settings import SourceSettings
from connectors.yammer_accounts import Accounts
from connectors.yammer_coverage import Coverage
from connectors.yammer_edits import EXPORT_AGAIN, refuse_ambiguous
from connectors.yammer_events import Events
from connectors.yammer_layout import MESSAGE_COLUMNS
from connectors.yammer_ledger import ORPHANS, DirectTotals, Ledger
from connectors.yammer_messages import OPTIONAL_COLUMNS, Columns, Message, ShiftedColumnsError
from connectors.yammer_threads import cuts
from connectors.yammer_times import ODDITIES, AmbiguousDateError, Clock

_NOTES: Final = {
    "PPL-YAM-001": ORPHANS,
    "PPL-YAM-002": "replies in a circle; the one with the lowest id was read as an answer to nobody",
    "PPL-YAM-007": "ids that a spreadsheet had rounded; taken from api_url",
    "PPL-YAM-008": "replies whose thread a spreadsheet has destroyed; counted, but in no thread",
}


@dataclass(slots=True)
class Known:
    """What the first pass over the messages shows, by id as text."""

    senders: dict[str, str] = field(default_factory=dict)
    contested: dict[str, list[int]] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)


class Feed:
    """The messages of one file."""

    def __init__(self, file: CsvFile, settings: SourceSettings, accounts: Accounts, coverage: Coverage,
                 ledger: Ledger) -> None:
        self._file, self._accounts, self._coverage, self._ledger = file, accounts, coverage, ledger
        self._member = file.member.name
        self._includes = settings.include
        places = file.require(MESSAGE_COLUMNS, OPTIONAL_COLUMNS)
        self._columns = Columns(places, len(file.header), Clock(settings.zone))
        self._has_replies = "replied_to_id" in places
        self._direct = DirectTotals()
        self.n_distinct = 0
        """How many ids the sound rows have."""

    def frames(
        self, rows: Iterator[tuple[int, list[str]]], edits: Mapping[int, datetime | None]
    ) -> Iterator[Frame]:
        """`rows` are the sound rows, counted while they are read for the first time."""
        known = self._known(rows)
        self.n_distinct = len(known.senders)
        events = Events(self._accounts.workspace, self._member)
        for line, message in self._messages(known):
            is_modified = message.deleted_at is not None or message.id in edits
            self._coverage.see(message.created_at, is_modified=is_modified)
            if self._is_left_out(message):
                continue
            if message.thread_id != message.id:
                self._note_orphan(message, known, line)
            kind = self._accounts.sender_kind(message.sender, message.sender_type, message.sender_email, self._member,
                                              line)
            target = None if message.replied_to_id is None else known.senders.get(message.replied_to_id)
            events.add(line, message, kind, target, edits.get(message.id))
            if len(events) >= BATCH_ROWS:
                yield from events.frames()
        yield from events.frames()
        yield self._direct.frame(self._member)

    def _known(self, rows: Iterator[tuple[int, list[str]]]) -> Known:
        """Who wrote which message, for replies may precede it, and the ids that two senders claim."""
        columns, known, is_in_order = self._columns, Known(), True
        for _, row in rows:
            key, sender = self._key(row), row[columns.sender]
            if known.senders.setdefault(key, sender) != sender:
                known.contested[key] = []
            answered = row[columns.replied_to] if self._has_replies else ""
            if answered and is_in_order:
                is_in_order = (len(answered), answered) < (len(key), key)
        self._note("PPL-YAM-007", columns.n_repaired)
        if known.contested or (not is_in_order and not columns.n_repaired):
            self._look_again(known)
        return known

    def _look_again(self, known: Known) -> None:
        """Finds the lines that claim the same id, and circles of replies; both are rare."""
        answered = {}
        for line, row in self._file.rows():
            if isinstance(row, RowFault):
                continue
            key = self._key(row)
            if key in known.contested:
                known.contested[key].append(line)
            if self._has_replies and row[self._columns.replied_to]:
                answered[key] = row[self._columns.replied_to]
        known.cut = cuts(answered)
        self._note("PPL-YAM-002", len(known.cut))

    def _key(self, row: list[str]) -> str:
        try:
            return self._columns.key_of(row)
        except (RowFault, ShiftedColumnsError):
            return row[self._columns.id]  # the second pass says what is wrong

    def _messages(self, known: Known) -> Iterator[tuple[int, Message]]:
        for line, row in self._file.rows():
            if isinstance(row, RowFault):
                continue  # put aside by the first pass
            try:
                key = self._columns.key_of(row)
                if key in known.contested:
                    other = next((one for one in known.contested[key] if one != line), line)
                    raise RowFault("PPL-DUP-004", f"id conflicts with line {other}, which has another sender")
                message = self._columns.parse(row, key)
                yield line, message if key not in known.cut else message._replace(replied_to_id=None)
            except RowFault as fault:
                self._ledger.put_aside(self._member, line, fault)
            except ShiftedColumnsError as error:
                what = "columns are shifted: api_url does not end with the id of its row"
                raise self._file.refuse("PPL-YAM-006", what, EXPORT_AGAIN, line) from error
            except AmbiguousDateError as error:
                raise refuse_ambiguous(self._file, line, error) from error
            if self._columns.clock.oddities:
                for rule in self._columns.clock.oddities:
                    self._ledger.notes.add(self._member, rule, ODDITIES[rule], line=line)
                self._columns.clock.oddities.clear()

    def _is_left_out(self, message: Message) -> bool:
        if message.is_private_conversation:
            self._ledger.exclude(self._member, "direct_message")
            if "direct" in self._includes and message.action != "other":
                self._direct.add(self._accounts.workspace, message.created_at, message.sender)
            return True
        if message.is_private_group and "private" not in self._includes:
            self._ledger.exclude(self._member, "private_space")
            return True
        return False

    def _note_orphan(self, reply: Message, known: Known, line: int) -> None:
        answered = reply.replied_to_id or str(reply.thread_id)
        if reply.thread_id is None:
            self._note("PPL-YAM-008", 1, line)
        elif answered not in known.senders or str(reply.thread_id) not in known.senders:
            self._note("PPL-YAM-001", 1, line)

    def _note(self, rule: str, n_records: int, line: int | None = None) -> None:
        self._ledger.notes.add(self._member, rule, _NOTES[rule], line=line, n_records=n_records)
