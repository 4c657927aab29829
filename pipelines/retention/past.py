"""What is still known of pages and spaces once events have expired: days and counts in `work/state`, nobody in them.

Folding the same days again changes nothing, in whatever order they come: of two counts of a day the greater stands, of
two starts the earlier, of two states of a day the one that saw more.
"""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from models.schemas.base import DAY_STATES
from models.schemas.state import PAST
from pipelines import state_file
from pipelines.warehouse import append

_WORST_FIRST: Final = pl.Enum(("missing", "partial", "observed"))
_MERGED: Final[Mapping[str, tuple[pl.Expr, ...]]] = {
    "past_use": (pl.col("n_contributions").max(),),
    "past_start": (pl.col("changed_on").min(), pl.col("created_on").min()),
    "past_day": (pl.col("state").cast(_WORST_FIRST).max().cast(pl.String),),
}
"""Table -> how rows with the same other columns become one."""


def read(state: Path, table: str) -> pl.DataFrame:
    """One of the tables of `PAST`, empty before anything has expired."""
    path = _path(state, table)
    columns = PAST[table].to_schema().columns
    schema = {name: column.dtype.type for name, column in columns.items()}
    return pl.read_parquet(path) if path.is_file() else pl.DataFrame(schema=schema)


def fold(state: Path, fresh: Mapping[str, pl.DataFrame]) -> None:
    """Adds rows to each table. Interrupted between two files, it is to be done again, which does no harm."""
    for table, rows in fresh.items():
        known = read(state, table)
        merged = _MERGED[table]
        keys = [name for name in known.columns if name not in {expr.meta.output_name() for expr in merged}]
        every = pl.concat([known, rows.select(known.columns)])
        one_each = every.group_by(keys).agg(merged).select(known.columns).sort(keys)
        content = BytesIO()
        PAST[table].validate(one_each).write_parquet(content)
        state_file.replace(_path(state, table), content.getvalue())


def stage(connection: duckdb.DuckDBPyConnection, state: Path) -> None:
    """Puts the tables into staging, in place of what was there."""
    for table in PAST:
        connection.execute(f"delete from stg_{table}")
        append(connection, f"stg_{table}", read(state, table))


def discard(state: Path) -> None:
    """Removes the files: under another key their pseudonyms name nothing."""
    for table in PAST:
        _path(state, table).unlink(missing_ok=True)


def _path(state: Path, table: str) -> Path:
    return state / f"{table}.parquet"


assert set(_WORST_FIRST.categories) == set(DAY_STATES), "every state of a day has its place"  # noqa: S101
assert set(_MERGED) == set(PAST), "every table can be merged"  # noqa: S101
