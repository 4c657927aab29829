"""Rosters: any CSV of people, their managers and units, by a mapping of its headers; dated or a snapshot.

Single rows are read in `roster_rows`.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

from connectors.contract import BATCH_ROWS, Connector, Frame, frame
from connectors.csvtext import CsvFile, RowFault
from connectors.roster_columns import DATES, Places, find_places, looks_like_roster
from connectors.roster_dates import AmbiguousOrder, OrderProof, Orders, is_date_format
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
    """Frames of the roster; two rows in force for one person on one day refuse the whole file."""
    date_format = settings.roster.date_format
    if date_format is not None and not is_date_format(date_format):
        raise SettingsRefused("[roster] date_format is not a pattern of a whole day such as %d/%m/%Y")
    table = CsvFile(source, source.members[0])
    places = find_places(table, settings.roster.columns)
    orders, is_dated = _look_at_dates(table, places, date_format)
    yield from _Reading(table, RowReader(places, orders, date_format, is_dated)).frames()
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


class _Reading:
    """Reads the rows once, remembering what each person's row of each day says."""

    def __init__(self, table: CsvFile, reader: RowReader) -> None:
        self._table, self._reader = table, reader
        self._said: dict[tuple[str, object], tuple[int, int]] = {}
        self._identified: set[tuple[str, str, str]] = set()
        self._people: list[dict[str, object]] = []
        self._identifiers: list[dict[str, object]] = []
        self._quarantine: list[dict[str, object]] = []

    def frames(self) -> Iterator[Frame]:
        n_read = 0
        for line, cells in self._table.rows():
            n_read += 1
            if isinstance(cells, RowFault):
                self._put_aside(line, cells.code, cells.what)
            else:
                self._add(line, cells)
            if len(self._people) >= BATCH_ROWS:
                yield from self._flush()
        yield from self._flush()
        member = self._table.member
        part: dict[str, object] = {"member": member.name, "crc32": member.crc32, "bytes": member.bytes,
                                   "n_read": n_read}
        yield frame("part", [part])

    def _add(self, line: int, cells: Sequence[str]) -> None:
        try:
            person = self._reader.person(cells)
        except RowFault as fault:
            self._put_aside(line, fault.code, fault.what)
            return
        self._check_unique(line, person)
        self._people.append({**person, "is_record": True, "member": self._table.member.name, "line": line})
        for kind, identifier in self._reader.identifiers(cells):
            key = (str(person["person"]), kind, identifier)
            if key not in self._identified:
                self._identified.add(key)
                self._identifiers.append({"person": person["person"], "kind": kind, "identifier": identifier})

    def _check_unique(self, line: int, person: dict[str, object]) -> None:
        key = (canonical(str(person["person"])), person["valid_from"])
        said = hash(repr([value for name, value in person.items() if name != "person"]))
        earlier_line, earlier = self._said.setdefault(key, (line, said))
        if said != earlier:
            raise self._table.refuse(
                "PPL-ROS-001", f"two rows in force for one person on the same day, lines {earlier_line} and {line}",
                "Keep one row per person and date, or map the date column in [roster] columns.valid_from.", line)

    def _put_aside(self, line: int, rule: str, what: str) -> None:
        self._quarantine.append({"member": self._table.member.name, "line": line, "rule": rule,
                                 "message": f"{what}; the row was not loaded"})

    def _flush(self) -> Iterator[Frame]:
        for table, rows in (("person", self._people), ("person_identifier", self._identifiers),
                            ("quarantine", self._quarantine)):
            if rows:
                yield frame(table, rows)
        self._people, self._identifiers, self._quarantine = [], [], []


def _uses(settings: SourceSettings) -> object:
    return settings.roster.columns, settings.roster.date_format


CONNECTOR: Final = Connector(platform="roster", version=1, detect=detect, read=read, uses=_uses)
