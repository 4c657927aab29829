"""The only place that opens DuckDB: one writer, locked down, never handed to a human."""

import random
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

CONNECT: Final = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_unsigned_extensions": False,
    # with replacement scans a missing table would resolve to a Python object of the same name
    "python_enable_replacements": False,
}
WAIT_SECONDS: Final = 30.0
OLDEST_READER: Final = "v1.0.0"
"""The oldest DuckDB that opens a copy: versions before it cannot read the comments on tables and columns."""
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")


class WarehouseBusy(Exception):
    """Another process holds the warehouse."""


@dataclass(frozen=True, slots=True)
class Warehouse:
    """The live database under OUT/work, or a published file if `read_only`. Hold a connection for one asset, never for
    a run.
    """

    path: Path
    memory_limit: str = "4GB"
    threads: int | None = None
    read_only: bool = False

    @contextmanager
    def connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection with files, extensions and settings locked; waits for another writer up to WAIT_SECONDS."""
        if self.path in _HELD:
            with _HELD[self.path].cursor() as cursor:
                yield cursor
            return
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection = self._open(time.monotonic() + WAIT_SECONDS)
        try:
            if not self.read_only:
                self.path.chmod(0o600)
            # the order matters: limits first, then no files, then no further settings
            connection.execute(f"set memory_limit = {_text(self.memory_limit)}")
            if self.threads:
                connection.execute(f"set threads = {int(self.threads)}")
            connection.execute("set timezone = 'UTC'")
            connection.execute("set enable_progress_bar = false")
            _lock(connection)
            yield connection
        finally:
            connection.close()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps the database open for all connections of this process: opening it takes longer than most models.

        Other processes wait meanwhile. `let_go` ends it early.
        """
        with self.connect() as connection:
            _HELD[self.path] = connection
            try:
                yield
            finally:
                self.let_go()

    def let_go(self) -> None:
        """Closes what `held` keeps open, so that every change is in the file."""
        held = _HELD.pop(self.path, None)
        if held is not None:
            held.close()

    def _open(self, deadline: float) -> duckdb.DuckDBPyConnection:
        while True:
            try:
                return duckdb.connect(str(self.path), read_only=self.read_only, config=dict(CONNECT))
            except duckdb.IOException as error:
                if "Could not set lock" not in str(error):
                    raise
                if time.monotonic() > deadline:
                    holder = re.search(r"PID (\d+)", str(error))
                    raise WarehouseBusy(
                        f"PPL-WH-002 {self.path.name}: in use by process {holder[1] if holder else 'unknown'}; nothing "
                        "was run; wait for that run to end, or open the published turnout.duckdb instead"
                    ) from None
                time.sleep(random.uniform(0.2, 1.0))  # noqa: S311  # jitter, no secret


_HELD: Final[dict[Path, duckdb.DuckDBPyConnection]] = {}
"""Databases that this process keeps open, by path."""


def quoted(name: str) -> str:
    """A table or column name as SQL; raises `ValueError` for anything but a plain name."""
    if not _NAME.fullmatch(name):
        raise ValueError("not a plain name")
    return f'"{name}"'


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """Column names and types of a table, empty if there is no such table."""
    rows = connection.execute(
        "select column_name, data_type from duckdb_columns() where table_name = ? and schema_name = 'main' "
        "order by column_index",
        [table],
    ).fetchall()
    return dict(rows)


def ensure_table(connection: duckdb.DuckDBPyConnection, table: str, empty: pl.DataFrame) -> None:
    """Creates a table with the columns of `empty` unless it exists."""
    if not columns_of(connection, table):
        connection.register("shape", empty)
        connection.execute(f"create table {quoted(table)} as select * from shape limit 0")
        connection.unregister("shape")


def append(connection: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    """Adds rows by column name, never by position."""
    connection.register("added", rows)
    connection.execute(f"insert into {quoted(table)} by name select * from added")
    connection.unregister("added")


def frame_of(
    connection: duckdb.DuckDBPyConnection, query: str, params: Mapping[str, object] | None = None
) -> pl.DataFrame:
    """The rows of a query."""
    relation = connection.sql(query, params=dict(params)) if params else connection.sql(query)
    return relation.pl()


def write_copy(
    live: Warehouse, target: Path, selections: Mapping[str, str], comments: Mapping[str, tuple[str, Mapping[str, str]]]
) -> None:
    """A new database file with the selected tables of the live one; `comments` is table -> (its own, by column).

    Analysts open it with whatever DuckDB they have, so it is stored as the oldest one that can show comments wrote it.
    """
    live.let_go()
    connection = duckdb.connect(config=dict(CONNECT))
    try:
        connection.execute("set enable_progress_bar = false")
        connection.execute(f"set memory_limit = {_text(live.memory_limit)}")
        # what does not fit into memory is as confidential as the copy, and is gone with the connection
        connection.execute(f"set temp_directory = {_text(f'{target}.tmp')}")
        connection.execute(f"attach {_text(str(live.path))} as live (read_only)")
        connection.execute(f"attach {_text(str(target))} as {quoted(target.stem)} (storage_version '{OLDEST_READER}')")
        target.chmod(0o600)
        _lock(connection)
        for table, query in selections.items():
            connection.execute("use live")
            connection.execute(f"create table {quoted(target.stem)}.{quoted(table)} as {query}")
            connection.execute(f"use {quoted(target.stem)}")
            of_table, of_columns = comments[table]
            connection.execute(f"comment on table {quoted(table)} is {_text(of_table)}")
            for column, text in of_columns.items():
                connection.execute(f"comment on column {quoted(table)}.{quoted(column)} is {_text(text)}")
        connection.execute("use memory")
        connection.execute(f"detach {quoted(target.stem)}")
        connection.execute("detach live")
    finally:
        connection.close()


def _lock(connection: duckdb.DuckDBPyConnection) -> None:
    """No file but the databases that are open already, no extension, no other setting; last, as nothing undoes it."""
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
