"""Rosters: any CSV of people, their managers and units, by a mapping of its headers; dated or a snapshot.

Single rows are read in `roster_rows`, the chain of managers in `roster_chart`.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import polars as pl

from connectors.contract import BATCH_ROWS, Connector, Frame, frame
from connectors.csvtext import CsvFile, RowFault
from connectors.roster_chart import Chart
from connectors.roster_columns import DATES, Places, find_places, looks_like_roster
from connectors.roster_dates import AmbiguousOrder, OrderProof, Orders, is_date_format
from connectors.roster_doubles import RULE, Doubles
from connectors.roster_notes import note_frames
from connectors.roster_rows import RowReader, canonical
from connectors.settings import SourceSettings
from connectors.source import Source
from models.problems import SettingsRefused

FORMAT: Final = "roster-csv"
_HEAD_BYTES: Final = 1 << 16


def detect(source: Source, /) -> str | None:
    """A lone .csv whose header has the default names; others are declared in turnout.toml."""
    if source.kind != "file" or source.path.suffix.lower() != ".csv":
        return None
    with source.open(source.members[0]) as stream:
        head = stream.read(_HEAD_BYTES)
    try:
        text = head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", errors="replace")
        header = next(csv.reader(io.StringIO(text, newline="")), [])
    except (UnicodeError, csv.Error):
        return None
    return FORMAT if looks_like_roster(header) else None


def read(source: Source, settings: SourceSettings, /) -> Iterator[Frame]:
    """Frames of the roster; rows that contradict each other about one person on one day are all put aside."""
    date_format = settings.roster.date_format
    if date_format is not None and not is_date_format(date_format):
        raise SettingsRefused("[roster] date_format is not a pattern of a whole day such as %d/%m/%Y")
    table = CsvFile(source, source.members[0])
    places = find_places(table, settings.roster.columns)
    orders, is_dated = _look_at_dates(table, places, date_format)
    yield from _settled(table, RowReader(places, orders, date_format, is_dated)).frames()
    yield frame("capability", [dict.fromkeys(
        ("has_reactions", "has_reading", "has_direct", "has_edits", "has_history"), False)])


def _look_at_dates(table: CsvFile, places: Places, date_format: str | None) -> tuple[Orders, bool]:
    """The order of day and month in each date column, and whether any row has a `valid_from`."""
    peek = RowReader(places, {}, date_format, is_dated=False)
    proofs = {key: OrderProof() for key in DATES}
    is_dated = False
    for _, cells in table.rows():
        if isinstance(cells, RowFault):
            continue
        for key in DATES:
            text = peek.text(cells, key)
            if text is not None:
                proofs[key].add(text)
                is_dated |= key == "valid_from"
    orders = {}
    for key, proof in proofs.items():
        try:
            orders[key] = date_format is None and proof.is_day_first()
        except AmbiguousOrder as error:
            raise table.refuse("PPL-TIM-002", f"date format is ambiguous in {key}",
                               "Set [roster] date_format, for example %d/%m/%Y.") from error
    return orders, is_dated


def _settled(table: CsvFile, reader: RowReader) -> "_Reading":
    """The rows read once or, where some contradict each other, once more without those."""
    reading = _Reading(table, reader, {})
    contradicted = reading.doubles.contradicted()
    if reading.doubles.are_usual():
        raise table.refuse(RULE, "two rows in force on the same day for more than half of the people",
                           "Map the column that says from when a row holds: [roster] columns.valid_from.",
                           min(contradicted))
    if contradicted:
        del reading  # a large roster is in memory once, not twice
        reading = _Reading(table, reader, contradicted)
    return reading


class _Reading:
    """Reads the rows, all but those of the lines `contradicted`, remembering what each person's row of each day says.

    Rows of people are held back as frames until the whole chain of managers is known.
    """

    def __init__(self, table: CsvFile, reader: RowReader, contradicted: Mapping[int, int]) -> None:
        self._table, self._reader, self._contradicted = table, reader, contradicted
        self.doubles = Doubles()
        self._chart = Chart()
        self._spellings: dict[str, str] = {}
        self._owners: dict[tuple[str, str], str] = {}
        self._shared: set[tuple[str, str]] = set()
        self._identified: set[tuple[str, str, str]] = set()
        self._left_out: Counter[tuple[str, str]] = Counter()
        self._n_read = 0
        self._people: list[dict[str, object]] = []
        self._identifiers: list[dict[str, object]] = []
        self._quarantine: list[dict[str, object]] = []
        self._frames: list[Frame] = []
        self._read_rows()

    def frames(self) -> Iterator[Frame]:
        self._chart.settle()
        yield from map(self._opened, self._frames)
        yield from self._closing_frames()

    def _read_rows(self) -> None:
        for line, cells in self._table.rows():
            self._n_read += 1
            if isinstance(cells, RowFault):
                self._put_aside(line, cells.code, cells.what)
            elif outsider := self._reader.outsider(cells):
                self._left_out[outsider] += 1
            elif line in self._contradicted:
                self._put_aside(line, RULE, "two rows in force for one person on the same day, the other on line "
                                f"{self._contradicted[line]}")
            else:
                self._add(line, cells)
            if len(self._people) >= BATCH_ROWS:
                self._pack()
        self._pack()

    def _closing_frames(self) -> Iterator[Frame]:
        member = self._table.member
        n_shared = Counter(kind for kind, _ in self._shared)
        yield from note_frames(member.name, self._chart, n_repeated=self.doubles.n_repeated(), n_shared=n_shared)
        if self._left_out:
            yield frame("exclusion", [
                {"member": member.name, "rule": rule, "message": message, "n_records": n_records}
                for (rule, message), n_records in sorted(self._left_out.items())])
        part: dict[str, object] = {"member": member.name, "crc32": member.crc32, "bytes": member.bytes,
                                   "n_read": self._n_read}
        yield frame("part", [part])

    def _add(self, line: int, cells: Sequence[str]) -> None:
        try:
            person = self._reader.person(cells)
        except RowFault as fault:
            self._put_aside(line, fault.code, fault.what)
            return
        for role in ("person", "manager"):
            if person[role] is not None:  # one spelling, because keys of people tell cases apart
                person[role] = self._spellings.setdefault(canonical(str(person[role])), str(person[role]))
        identifiers = list(self._reader.identifiers(cells))
        self.doubles.add(line, person, identifiers)
        self._chart.add(person, line)
        self._people.append({**person, "is_record": True, "member": self._table.member.name, "line": line})
        for kind, identifier in identifiers:
            self._identify(str(person["person"]), kind, identifier)

    def _identify(self, person: str, kind: str, identifier: str) -> None:
        key = (person, kind, identifier)
        if key not in self._identified:
            self._identified.add(key)
            self._identifiers.append({"person": person, "kind": kind, "identifier": identifier})
        owned = (kind, canonical(identifier))
        if self._owners.setdefault(owned, person) != person:
            self._shared.add(owned)

    def _put_aside(self, line: int, rule: str, what: str) -> None:
        self._quarantine.append({"member": self._table.member.name, "line": line, "rule": rule,
                                 "message": f"{what}; the row was not loaded"})

    def _pack(self) -> None:
        for table, rows in (("person", self._people), ("person_identifier", self._identifiers),
                            ("quarantine", self._quarantine)):
            if rows:
                self._frames.append(frame(table, rows))
        self._people, self._identifiers, self._quarantine = [], [], []

    def _opened(self, packed: Frame) -> Frame:
        """The frame without the managers who would close a cycle."""
        if packed.table != "person" or not self._chart.cycles:
            return packed
        is_closing = pl.col("line").is_in(list(self._chart.cycles))
        return Frame("person", packed.rows.with_columns(
            manager=pl.when(is_closing).then(None).otherwise(pl.col("manager"))))


def _uses(settings: SourceSettings) -> object:
    return settings.roster.columns, settings.roster.date_format


CONNECTOR: Final = Connector(platform="roster", version=3, detect=detect, read=read, uses=_uses)
