"""The records of a mapped CSV, NDJSON or JSON file, reduced to the named columns; each with its line or item.

Values are understood elsewhere. Parquet is read in `events_parquet`.
"""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import partial
from typing import Final

import msgspec

from connectors.csvtext import CsvFile, RowFault
from connectors.events_fields import Names, Record, check_columns, dig, pruned, read_object
from connectors.events_parquet import parquet_records
from connectors.settings import EventMapping
from connectors.source import Member, Source
from connectors.streams_text import Unpacked, numbered_lines, read_whole

ENCODING_FIX: Final = "Set [[events]] encoding, or save the file as UTF-8."
Read = tuple[int, Record | RowFault]
_ASSIGNMENT: Final = re.compile(rb"\s*[A-Za-z_$][\w.$]*\s*=\s*")
_LIST: Final = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_AGAIN: Final = "Export again; this file is damaged."


def members_of(source: Source, mapping: EventMapping) -> list[Member]:
    """The lone file, or the members of a zip that `members` matches."""
    if source.kind == "file":
        return list(source.members)
    found = [member for member in source.members if fnmatchcase(member.name, mapping.members)]
    if not found:
        raise source.refuse("PPL-EVT-005", "holds no member that [[events]] members matches",
                            "Correct members in turnout.toml, or check the archive.")
    return found


def records(source: Unpacked, member: Member, mapping: EventMapping, names: Names) -> Iterator[Read]:
    """Every record of a member, or its fault; refuses the export if the file as a whole cannot be read."""
    if mapping.format == "csv":
        return _csv(source, member, mapping, names)
    if mapping.format == "parquet":
        return parquet_records(source, member, mapping, names)
    return (_ndjson if mapping.format == "ndjson" else _json)(source, member, mapping, names)


def _csv(source: Unpacked, member: Member, mapping: EventMapping, names: Names) -> Iterator[Read]:
    try:
        yield from _csv_rows(source, member, mapping, names)
    except UnicodeDecodeError as error:  # met while looking for the line of another fault
        raise source.refuse("PPL-TXT-002", "not UTF-8", ENCODING_FIX, member=member.name) from error


def _csv_rows(source: Unpacked, member: Member, mapping: EventMapping, names: Names) -> Iterator[Read]:
    table = CsvFile(source, member, delimiter=mapping.separator)
    check_columns(source, member, mapping, table.header)
    wanted = names.columns | set(names.nested)
    whole = table.require((), sorted(wanted | {name.split(".", 1)[0] for name in wanted}))
    for line, cells in table.rows():
        if isinstance(cells, RowFault):
            yield line, cells
            continue
        try:
            row = _CsvRow(cells, whole)
            yield line, pruned(row.get, names)
        except RowFault as fault:
            yield line, fault


class _CsvRow:
    """Looks up cells; a dotted name that is no header leads into the JSON of a cell."""

    def __init__(self, cells: list[str], places: dict[str, int]) -> None:
        self._cells, self._places = cells, places
        self._objects: dict[str, dict[str, object]] = {}

    def get(self, name: str) -> object:
        if name in self._places:
            return self._cells[self._places[name]]
        head, _, path = name.partition(".")
        if head not in self._places or not self._cells[self._places[head]]:
            return None
        if head not in self._objects:
            self._objects[head] = read_object(self._cells[self._places[head]])
        return dig(self._objects[head], path)


def _ndjson(source: Unpacked, member: Member, mapping: EventMapping, names: Names) -> Iterator[Read]:
    with source.open(member) as stream:
        for number, line in numbered_lines(source, member, stream, "Check that the file has one record a line."):
            item = _item(line, names)
            if isinstance(item, RowFault) and item.code == "PPL-EVT-012" and not line.endswith(b"\n"):
                raise source.refuse("PPL-JSN-001", "truncated JSON", _AGAIN, member=member.name, line=number)
            yield number, item


def _json(source: Unpacked, member: Member, mapping: EventMapping, names: Names) -> Iterator[Read]:
    with source.open(member) as stream:
        data = read_whole(source, member, stream, "Convert it to NDJSON, one record a line, and set format.")
    prefix = _ASSIGNMENT.match(data)
    if prefix is not None:
        data = data[prefix.end() :].rstrip().removesuffix(b";")
    try:
        if data.lstrip()[:1] == b"{":
            for step in (mapping.items or "").split("."):
                data = bytes(_OBJECT.decode(data)[step])
        items = _LIST.decode(data)
    except KeyError as error:
        raise source.refuse("PPL-JSN-002", "holds no list where [[events]] items points to",
                            "Correct items in turnout.toml, or check that it is not an error answer.",
                            member=member.name) from error
    except msgspec.ValidationError as error:
        raise source.refuse("PPL-JSN-002", "expected a list of records, found something else",
                            "Check that the download succeeded, or set [[events]] items.",
                            member=member.name) from error
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise source.refuse("PPL-JSN-001", "truncated or invalid JSON", _AGAIN, member=member.name) from error
    for number, raw in enumerate(items, 1):
        yield number, _item(bytes(raw), names)


def _item(text: bytes, names: Names) -> Record | RowFault:
    try:
        return pruned(partial(dig, read_object(text)), names)
    except RowFault as fault:
        return fault
