"""Strict reading of comma-separated files (RFC 4180) as text, row by row with the physical line of each.

Knows no platform and converts no value. A file whose encoding, delimiter or quoting is in doubt is refused.
What is wrong with a file or a row and kept all the same is counted in `Notes`.
"""

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Final, Never

from connectors.source import Member, Source
from models.problems import ExportRefused

MAX_FIELD: Final = 32 << 20
_TOO_LONG: Final = "field larger than field limit"
_HEAD_BYTES: Final = 4096
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NULLS: Final = frozenset({"", "null", "NULL"})
_MAX_INTEGER: Final = (1 << 63) - 1
_MAX_DIGITS: Final = 19
_DAMAGED: Final = re.compile(r"[0-9]+[.,][0-9]*(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|[0-9]{19,}")


@dataclass(frozen=True, slots=True)
class RowFault(Exception):
    """Why one row cannot be used; `what` names the column, never the value."""

    code: str
    what: str


def non_null(text: str) -> str | None:
    """The text, or None where an export writes nothing or `null`."""
    return None if text in _NULLS else text


def integer(text: str, column: str) -> int:
    """A whole number without sign that fits into 64 bits; says where a spreadsheet has rounded it."""
    if len(text) <= _MAX_DIGITS and text.isascii() and text.isdigit():
        number = int(text)
        if number <= _MAX_INTEGER:
            return number
    if _DAMAGED.fullmatch(text):
        raise RowFault("PPL-CSV-009", f"{column} was damaged by a spreadsheet")
    raise RowFault("PPL-CSV-008", f"{column} is not an integer")


def boolean(text: str, column: str) -> bool:
    """`true` or `false` in any case; anything else, also nothing, is a fault."""
    lowered = text.lower()
    if lowered not in {"true", "false"}:
        raise RowFault("PPL-CSV-010", f"{column} is neither true nor false")
    return lowered == "true"


def headers(source: Source, member: Member, delimiters: Sequence[str] = (",", ";", "\t")) -> Iterator[list[str]]:
    """The first line split at each of these delimiters in turn, read leniently; nothing if it cannot be split."""
    with source.open(member) as stream:
        head = stream.read(_HEAD_BYTES)
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    first = (head[: len(head) // 2 * 2].decode(encoding, "replace").splitlines() or [""])[0]
    for delimiter in delimiters:
        try:
            yield next(csv.reader([first], delimiter=delimiter), [])
        except csv.Error:
            return


@dataclass(slots=True)
class Notes:
    """Rows of the `note` frame, one per member, rule and message; with a line where it is about one record."""

    _found: dict[tuple[str, str, str], tuple[int, int | None]] = field(default_factory=dict)

    def add(self, member: str, rule: str, message: str, *, line: int | None = None, n_records: int = 1) -> None:
        """Counts some records, if there are any."""
        if n_records:
            key = (member, rule, message)
            n_before, _ = self._found.get(key, (0, None))
            self._found[key] = n_before + n_records, line if n_before == 0 else None

    def rows(self) -> list[dict[str, object]]:
        """What was counted."""
        return [
            {"member": member, "line": line, "rule": rule, "message": message, "n_records": n_records}
            for (member, rule, message), (n_records, line) in self._found.items()
        ]


class CsvFile:
    """A CSV member: its header, then its rows as (line, fields), where a ragged row is a `RowFault`.

    `fallback` is the encoding of a file that is not UTF-8, where its origin is known; else such a file is refused.
    """

    def __init__(self, source: Source, member: Member, *, delimiter: str = ",", fallback: str | None = None) -> None:
        self.source, self.member = source, member
        self._delimiter = delimiter
        self.encoding: str | None = None
        if fallback is not None and not self._is_readable():
            self.encoding = fallback
        with self._lines() as lines:
            self.header = self._header(lines)

    def require(self, required: Sequence[str], optional: Sequence[str] = ()) -> dict[str, int]:
        """Where each of these columns is; refuses the file if a required one is missing or one occurs twice."""
        missing = [name for name in required if name not in self.header]
        if missing:
            raise self.refuse("PPL-CSV-005", f"missing column(s) {', '.join(missing)}",
                              "Export again; column names must be as the platform writes them.")
        for name in (*required, *optional):
            if self.header.count(name) > 1:
                raise self.refuse("PPL-CSV-004", f"column {name} appears {self.header.count(name)} times",
                                  "Export again; the file is ambiguous.")
        return {name: self.header.index(name) for name in (*required, *optional) if name in self.header}

    def note_strangers(self, notes: Notes, known: Collection[str]) -> None:
        """Counts the columns that the platform is not known to write; they are not read."""
        n_strange = sum(name not in known for name in self.header)
        notes.add(self.member.name, "PPL-CSV-006", f"{n_strange} unknown column(s); not read", n_records=n_strange)

    def rows(self) -> Iterator[tuple[int, list[str] | RowFault]]:
        """Every row after the header; blank lines are no rows."""
        n_columns = len(self.header)
        start = 1
        try:
            with self._lines() as lines:
                reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
                next(reader)
                start = reader.line_num + 1
                for fields in reader:
                    if len(fields) == n_columns:
                        yield start, fields
                    elif fields:
                        what = f"{len(fields)} fields, expected {n_columns}"
                        yield start, RowFault("PPL-CSV-001", what)
                    start = reader.line_num + 1
        except csv.Error as error:
            self._refuse_quoting(start, error)
        except UnicodeDecodeError:
            self._refuse_encoding()

    def refuse(self, code: str, what: str, fix: str, line: int | None = None) -> ExportRefused:
        """The exception with which to refuse the export for a fault of this file."""
        return self.source.refuse(code, what, fix, member=self.member.name, line=line)

    @contextmanager
    def _lines(self, encoding: str | None = None) -> Iterator[IO[str]]:
        csv.field_size_limit(MAX_FIELD)
        with self.source.open(self.member) as stream:
            head = stream.read(4)
            found = next((name for mark, name in _MARKS if head.startswith(mark)), "utf-8")
        with self.source.open(self.member) as stream:
            yield io.TextIOWrapper(stream, encoding=encoding or self.encoding or found, newline="")

    def _is_readable(self) -> bool:
        try:
            with self._lines() as lines:
                return all(lines)
        except UnicodeDecodeError:
            return False

    def _header(self, lines: IO[str]) -> list[str]:
        try:
            header = next(csv.reader(lines, delimiter=self._delimiter, strict=True), [])
        except csv.Error as error:
            self._refuse_quoting(1, error)
        except UnicodeDecodeError:
            self._refuse_encoding()
        if len(header) < 2:
            found = next((f" ({name}-separated?)" for mark, name in ((";", "semicolon"), ("\t", "tab"), ("|", "bar"))
                          if header and mark in header[0]), "")
            raise self.refuse("PPL-CSV-003", f"header has {len(header)} column{found}",
                              "Export again instead of saving the file from a spreadsheet.", 1)
        return header

    def _refuse_quoting(self, start: int, error: csv.Error) -> Never:
        """Names the line on which the quote was opened that is not closed as it must be."""
        line, is_open, opened = 0, False, start
        try:
            with self._lines() as lines:
                for line, text in enumerate(lines, 1):
                    if line < start:
                        continue
                    for mark in re.finditer(r'"', text):
                        is_open = not is_open
                        opened = line if is_open and text[mark.start() - 1 : mark.start()] != '"' else opened
        except UnicodeDecodeError:
            self._refuse_encoding()
        if not is_open and _TOO_LONG in str(error):
            raise self.refuse("PPL-CSV-011", f"a field is longer than {MAX_FIELD >> 20} MiB",
                              "Export again; no platform writes such a field.", start)
        what = "quote opened here never closes" if is_open else "a closing quote is followed by text"
        raise self.refuse("PPL-CSV-002", what, "Export again; the file is damaged.", opened if is_open else start)

    def _refuse_encoding(self) -> Never:
        line = None
        with self._lines("latin-1") as lines:
            for number, text in enumerate(lines, 1):
                try:
                    text.encode("latin-1").decode()
                except UnicodeDecodeError:
                    line = number
                    break
        raise self.refuse("PPL-TXT-002", "not UTF-8", "Export again, or save the file as UTF-8.", line)
