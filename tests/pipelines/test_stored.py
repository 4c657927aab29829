"""What really lies on disk after a run has a purpose: columns of the lake and the warehouse, files of the state."""

from pathlib import Path

import duckdb
import polars as pl

from models.reading import READINGS
from models.schemas import GROUPS
from models.schemas.lake import LAKE
from models.schemas.purposes import purpose_of
from models.schemas.stored import STATE_FILES
from pipelines.ingest import PLATFORMS
from tests.pipelines.runs import Run

MADE_FROM_IT = {*GROUPS["prepared"], *GROUPS["mart"], *GROUPS["release"]}


def test_every_column_of_the_warehouse_has_a_purpose(company_models: Run) -> None:
    with duckdb.connect(str(company_models.path), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() where not internal"
        ).fetchall()
    kept = [(table, column) for table, column in columns if table not in MADE_FROM_IT]
    assert len(kept) > 200
    for table, column in kept:
        of_lake = table.removeprefix("stg_") in LAKE
        assert purpose_of(table.removeprefix("stg_") if of_lake else table, column)


def test_every_column_of_the_lake_has_a_purpose(company_models: Run) -> None:
    parts = sorted((company_models.path.parent / "lake").rglob("*.parquet"))
    tables = {path: path.name.rpartition("-")[0] for path in parts}
    assert set(tables.values()) <= set(LAKE)
    for path, table in tables.items():
        for column in pl.read_parquet_schema(path):
            assert purpose_of(table, column)


def test_every_file_of_the_state_is_told(company_out: Path) -> None:
    files = list((company_out / "work" / "state").iterdir())
    found = {path.name for path in files if path.stat().st_size}  # a lock holds nothing
    assert {"key", "trail.jsonl"} <= found
    assert found <= set(STATE_FILES)


def test_what_is_read_is_told_of_every_platform_with_a_reader() -> None:
    assert set(READINGS) == {platform for platform in PLATFORMS if platform != "events"}
