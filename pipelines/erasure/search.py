"""Looks for one person in files: every column of every table, and every byte.

Compressed columns show nothing in the bytes of their file, so Parquet and DuckDB files are read as tables too; archives
are looked into. What is found is told by place, never by value.
"""

import gzip
import re
import zipfile
from base64 import b32decode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Final, cast

import duckdb
import polars as pl

from pipelines.erasure.ledger import Ledger
from pipelines.take_away import PDF, SUMMARY
from pipelines.warehouse import Warehouse, columns_of, frame_of, quoted

_CHUNK: Final = 1 << 22
_SHORTEST: Final = 6
"""Names of fewer characters, and bare numbers, stand in any file by chance: they count only as whole values."""
_PRINTED: Final = (PDF, SUMMARY)
"""Made from the pages beside them; what they say is drawn or packed, so that no search of their bytes would find it."""
_PSEUDONYM: Final = re.compile(r"[a-z2-7]{26}")


@dataclass(slots=True)
class Searched:
    """What was looked through, and where the person still stands: a file, and of a table its column."""

    n_files: int = 0
    n_bytes: int = 0
    n_tables: int = 0
    n_columns: int = 0
    hits: list[tuple[Path, str]] = field(default_factory=list)
    unreadable: list[Path] = field(default_factory=list)

    @property
    def files(self) -> list[Path]:
        """The files that hold the person, each once."""
        return list(dict.fromkeys(path for path, _ in self.hits))

    def add(self, other: "Searched") -> None:
        """Counts another search in."""
        self.n_files += other.n_files
        self.n_bytes += other.n_bytes
        self.n_tables += other.n_tables
        self.n_columns += other.n_columns
        self.hits += other.hits
        self.unreadable += other.unreadable


class Needles:
    """What a person is known by: pseudonyms, names as typed, and the requests of a ledger.

    The ledger tells pseudonyms that nobody remembers any more: every value that looks like one is hashed and looked up.
    """

    def __init__(
        self,
        pseudonyms: Iterable[str],
        names: Iterable[str],
        ledger: Ledger | None = None,
        requests: Iterable[int] = (),
    ) -> None:
        self._pseudonyms, self._names = frozenset(pseudonyms), frozenset(name.casefold() for name in names)
        self._ledger, self._requests = ledger, frozenset(requests)
        self._raw = frozenset(b32decode(one.upper() + "======") for one in self._pseudonyms)
        long = [name for name in self._names if len(name) >= _SHORTEST and not name.isdigit()]
        self._within = [*self._pseudonyms, *long]
        exact = [one.encode() for one in self._pseudonyms] + list(self._raw)
        self._patterns = [
            re.compile(b"|".join(map(re.escape, sorted(words))), flags)
            for words, flags in ((exact, 0), ([name.encode() for name in long], re.IGNORECASE))
            if words
        ]
        self.longest = max((len(name.encode()) for name in self._within), default=1)

    def in_bytes(self, content: bytes) -> bool:
        """Whether any stands anywhere in these bytes."""
        return any(pattern.search(content) for pattern in self._patterns)

    def in_value(self, value: object) -> bool:
        """Whether a cell holds any; of a list, whether one of its elements does."""
        if isinstance(value, list):
            return any(map(self.in_value, value))
        if isinstance(value, bytes):
            return value in self._raw or self.in_bytes(value)
        if not isinstance(value, str):
            return False
        folded = value.casefold()
        return folded in self._names or any(one in folded for one in self._within) or self._is_left_out(value)

    def _is_left_out(self, value: str) -> bool:
        return (
            self._ledger is not None
            and _PSEUDONYM.fullmatch(value) is not None
            and self._ledger.number_of(value) in self._requests
        )


def search(paths: Iterable[Path], needles: Needles) -> Searched:
    """Looks through these files, and all files below these folders; links are not followed."""
    found = Searched()
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() and not path.is_symlink() else [path]
        for one in inside:
            if one.is_file() and not one.is_symlink():
                _search_file(one, needles, found)
    pages = {folder for path, _ in found.hits if path.suffix == ".html" for folder in path.parents[:2]}
    found.hits += [(path / name, "a page it shows") for path in sorted(pages) for name in _PRINTED
                   if (path / name).is_file()]  # fmt: skip
    return found


def _search_file(path: Path, needles: Needles, found: Searched) -> None:
    found.n_files += 1
    try:
        with path.open("rb") as stream:
            start = stream.read(12)
            found.n_bytes += path.stat().st_size
            stream.seek(0)
            if _stands_in(stream, needles):
                found.hits.append((path, "bytes"))
        if needles.in_value(path.name) or needles.in_bytes(path.name.encode()):
            found.hits.append((path, "file name"))
        if start[:4] == b"PAR1":
            columns = pl.read_parquet_schema(path)
            found.hits += [(path, name) for name in _columns_with(needles, columns, partial(_distinct, path), found)]
        elif start[8:12] == b"DUCK":
            _search_database(path, needles, found)
        elif start[:2] == b"PK":
            _search_zip(path, needles, found)
        elif start[:2] == b"\x1f\x8b":
            with gzip.open(path) as stream:
                if _stands_in(cast("IO[bytes]", stream), needles):
                    found.hits.append((path, "bytes of its content"))
    except (OSError, EOFError, zipfile.BadZipFile, NotImplementedError, RuntimeError, pl.exceptions.PolarsError,
            duckdb.Error):  # fmt: skip
        found.unreadable.append(path)


def _stands_in(stream: IO[bytes], needles: Needles) -> bool:
    rest = b""
    while chunk := stream.read(_CHUNK):
        if needles.in_bytes(rest + chunk):
            return True
        rest = chunk[-needles.longest :]
    return False


def _search_zip(path: Path, needles: Needles, found: Searched) -> None:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            with archive.open(member) as stream:
                if needles.in_value(member.filename) or _stands_in(stream, needles):
                    found.hits.append((path, "a member"))
                    return


def _search_database(path: Path, needles: Needles, found: Searched) -> None:
    with Warehouse(path, read_only=True).connect() as connection:
        tables = connection.execute("select table_name from duckdb_tables() where not internal order by 1").fetchall()
        for (table,) in tables:

            columns = columns_of(connection, table)

            def distinct(name: str, table: str = table, columns: Mapping[str, str] = columns) -> Iterator[object]:
                if columns[name] == "BLOB" or "VARCHAR" in columns[name]:
                    query = f"select distinct {quoted(name)} from {quoted(table)}"
                    yield from frame_of(connection, query).to_series().to_list()

            hits = _columns_with(needles, columns, distinct, found)
            found.hits += [(path, f"{table}.{name}") for name in hits]


def _columns_with(
    needles: Needles, columns: Iterable[str], distinct: Callable[[str], Iterable[object]], found: Searched
) -> list[str]:
    """Looks through one table; its columns that hold the person."""
    names = list(columns)
    found.n_tables += 1
    found.n_columns += len(names)
    return [name for name in names if any(map(needles.in_value, distinct(name)))]


def _distinct(path: Path, name: str) -> Iterator[object]:
    values = pl.read_parquet(path, columns=[name])[name]
    if values.dtype in (pl.String, pl.Binary):
        yield from values.unique()
    elif values.dtype == pl.List:
        yield from values.explode().unique()
