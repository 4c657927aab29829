"""The analyst's file: whoever has an older DuckDB opens it too, and finds every table and column explained."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from models.schemas import TABLES
from pipelines.warehouse import OLDEST_READER

OLDEST = Path(__file__).resolve().parents[2] / ".venv" / "oldest-duckdb"
READ = """
import duckdb, json, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
tables = connection.execute("select table_name, comment from duckdb_tables()").fetchall()
named = "select table_name, column_name, comment from duckdb_columns() where not internal"
columns = connection.execute(named).fetchall()
counts = {table: connection.execute(f'select count(*) from "{table}"').fetchone()[0] for table, _ in tables}
eligible = connection.execute("select sum(n_eligible), max(period_end) from mart_active_users").fetchall()
print(json.dumps([duckdb.__version__, dict(tables), columns, counts, eligible], default=str))
"""


def read_with(path: Path, folder: Path | None) -> list:
    environment = {"PYTHONPATH": str(folder)} if folder else {}
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True, env=environment
    )
    return json.loads(done.stdout)


@pytest.mark.skipif(not OLDEST.is_dir(), reason="the oldest DuckDB is not installed: make .venv/oldest-duckdb")
def test_the_oldest_duckdb_reads_the_analysts_file(acme_out: Path) -> None:
    path = acme_out / "latest" / "turnout.duckdb"
    version, *old = read_with(path, OLDEST)
    _, *new = read_with(path, None)
    assert f"v{version}" == OLDEST_READER
    assert old == new
    assert old[2]["mart_active_users"]


def test_every_table_and_column_of_the_file_has_a_comment(acme_out: Path) -> None:
    _, tables, columns, _, _ = read_with(acme_out / "latest" / "turnout.duckdb", None)
    assert tables == {table: (TABLES[table].__doc__ or "").strip() for table in tables}
    assert [(table, column) for table, column, comment in columns if not comment] == []
