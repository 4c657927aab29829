"""Write, audit, publish: a table is built aside, validated, and replaces the old one only if it is valid."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import duckdb
import polars as pl

from models.schemas import TABLES
from models.schemas.base import Table
from models.validation import Fault, find_faults, find_shape_faults, key_columns, range_assertions
from pipelines.warehouse import Warehouse, columns_of, frame_of, quoted

FRAME_ROWS: Final = 200_000
"""Up to this size pandera sees the whole table as a frame; beyond it, SQL assertions made from the same schema.

So do relations that are only steps on the way to a mart: there are many, and pandera takes longer than their queries.
"""
STEP: Final = "prep_"


@dataclass(frozen=True, slots=True)
class Written:
    """The outcome of one write: `faults` empty means that the table now holds `n_rows` rows."""

    table: str
    n_rows: int
    faults: Sequence[Fault]
    columns: dict[str, str]


def write_query(warehouse: Warehouse, table: str, query: str) -> Written:
    """Builds `table` from a SELECT, validates it and swaps it in; a table with faults is thrown away."""
    with warehouse.connect() as connection:
        return _swap_in(connection, table, query)


def write_frame(warehouse: Warehouse, table: str, rows: pl.DataFrame) -> Written:
    """The same for rows that exist already; columns are taken by name in the order of the schema."""
    with warehouse.connect() as connection:
        connection.register("given", rows.select(list(TABLES[table].to_schema().columns)))
        return _swap_in(connection, table, "select * from given")


def _swap_in(connection: duckdb.DuckDBPyConnection, table: str, query: str) -> Written:
    fresh = f"fresh_{table}"
    connection.execute(f"create or replace table {quoted(fresh)} as {query}")
    n_rows = int(frame_of(connection, f"select count(*) from {quoted(fresh)}").item())
    is_framed = n_rows <= FRAME_ROWS and not table.startswith(STEP)
    find = _faults_of_frame if is_framed else _faults
    faults = find(connection, fresh, TABLES[table])
    if faults:
        connection.execute(f"drop table {quoted(fresh)}")
    else:
        connection.execute("begin transaction")
        connection.execute(f"drop table if exists {quoted(table)}")
        connection.execute(f"alter table {quoted(fresh)} rename to {quoted(table)}")
        connection.execute("commit")
    return Written(table, n_rows, faults, columns_of(connection, table))


def _faults_of_frame(connection: duckdb.DuckDBPyConnection, fresh: str, schema: type[Table]) -> list[Fault]:
    return find_faults(frame_of(connection, f"from {quoted(fresh)}"), schema)


def _faults(connection: duckdb.DuckDBPyConnection, fresh: str, schema: type[Table]) -> list[Fault]:
    shape = find_shape_faults(frame_of(connection, f"from {quoted(fresh)} limit 0"), schema)
    if shape:
        return shape
    rules = range_assertions(schema)
    counts = ", ".join(f"count(*) filter (where {condition})" for condition in rules.values()) or "count(*)"
    found = frame_of(connection, f"select {counts} from {quoted(fresh)}").row(0)[: len(rules)]
    faults = [Fault(*rule.split(": ", 1), n) for rule, n in zip(rules, found, strict=True) if n]
    key = key_columns(schema)
    if key:
        names = ", ".join(map(quoted, key))
        double = frame_of(
            connection, f"select count(*) from (select 1 from {quoted(fresh)} group by {names} having count(*) > 1)"
        ).item()
        if double:
            faults.append(Fault(", ".join(key), "unique", int(double)))
    return faults
