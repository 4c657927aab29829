"""Staging mirrors the lake: the rows of every export side by side, one transaction per export.

Nothing is merged here. Which version of a record counts is decided by `models/sql/fct_event.sql` over all of them,
so the result cannot depend on the order in which exports arrive.
"""

from collections.abc import Callable, Collection
from datetime import datetime

import duckdb
import polars as pl

from models.schemas.base import Table
from models.schemas.lake import LAKE
from models.schemas.staging import FROM_LAKE, SETTINGS
from pipelines.erasure.sweep import keep_out
from pipelines.lake import Entry, Lake, empty
from pipelines.retention import past
from pipelines.warehouse import Warehouse, append, ensure_table, quoted


def mirror(
    warehouse: Warehouse,
    lake: Lake,
    *,
    zone: str,
    platforms: Collection[str],
    now: datetime,
    progress: Callable[[str], None] = lambda path: None,
) -> int:
    """Makes staging hold exactly the lake's exports of these platforms (none named: all); returns how many are new.

    Nobody is staged who is in the ledger, whichever of the exports told that an account is theirs.
    """
    keep_out(lake)
    wanted = {entry.version: entry for entry in lake.entries() if not platforms or entry.platform in platforms}
    with warehouse.connect() as connection:
        prepare(connection)
        staged = dict(connection.execute("select lake_entry, file_id from stg_file").fetchall())
        for name in staged.keys() - wanted.keys():
            connection.execute("begin transaction")
            _remove(connection, staged[name])
            connection.execute("commit")
        fresh = [entry for name, entry in wanted.items() if name not in staged]
        for entry in fresh:
            progress(entry.path)
            _load(connection, lake, entry, zone=zone, now=now)
        kept_from = lake.kept_from()
        connection.execute("begin transaction")
        connection.execute("delete from stg_kept")
        append(connection, "stg_kept", pl.DataFrame({"kept_from": [kept_from] if kept_from else []},
                                                    schema={"kept_from": pl.Date}))
        past.stage(connection, lake.state)
        connection.execute("commit")
    return len(fresh)


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Creates the staging tables that do not exist yet."""
    known = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
    for table, source in FROM_LAKE.items():
        if table not in known:
            ensure_table(connection, table, _of_file(empty(source), "", "", "UTC"))
    for table, schema in SETTINGS.items():
        if table not in known:
            ensure_table(connection, table, no_rows(schema))


def no_rows(schema: type[Table]) -> pl.DataFrame:
    """An empty frame with the columns and types of a schema."""
    return pl.DataFrame(schema={name: column.dtype.type for name, column in schema.to_schema().columns.items()})


def _load(connection: duckdb.DuckDBPyConnection, lake: Lake, entry: Entry, *, zone: str, now: datetime) -> None:
    connection.execute("begin transaction")
    try:
        _remove(connection, entry.file_id)
        for table, source in FROM_LAKE.items():
            for rows in lake.parts(entry, source):
                append(connection, table, _of_file(rows, entry.file_id, entry.platform, zone))
        connection.execute(
            """
            insert into stg_file by name
            select
                $file_id as file_id, $path as path, $platform as platform, $format as format, $bytes as bytes,
                $name as lake_entry, $ids_per_space as ids_per_space, $cadence as cadence_days,
                $now::timestamp as loaded_at,
                greatest(
                    $told_at::timestamp,
                    (select max(greatest(occurred_at, version_at)) from stg_event
                     where file_id = $file_id and is_record),
                    (select max(case when is_stated then covered_to + 1 else covered_to end)::timestamp
                     from stg_coverage where file_id = $file_id),
                    (select max(valid_from)::timestamp from stg_person where file_id = $file_id)
                ) as exported_at
            """,
            {
                "file_id": entry.file_id,
                "path": entry.path,
                "platform": entry.platform,
                "format": entry.format,
                "bytes": entry.bytes,
                "name": entry.version,
                "ids_per_space": entry.ids_per_space,
                "cadence": entry.cadence_days,
                "now": now,
                "told_at": entry.told_at,
            },
        )
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


def _remove(connection: duckdb.DuckDBPyConnection, file_id: str) -> None:
    for table in (*FROM_LAKE, "stg_file"):
        connection.execute(f"delete from {quoted(table)} where file_id = ?", [file_id])


def _of_file(rows: pl.DataFrame, file_id: str, platform: str, zone: str) -> pl.DataFrame:
    of_file = rows.with_columns(pl.lit(file_id).alias("file_id"), pl.lit(platform).alias("platform"))
    if "occurred_at" not in rows.columns:
        return of_file
    local = pl.col("occurred_at").dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    return of_file.with_columns(local.dt.date().alias("occurred_on"))


assert set(FROM_LAKE.values()) == set(LAKE), "every lake table is staged"  # noqa: S101
