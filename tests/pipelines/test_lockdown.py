"""No DuckDB that Turnout opens can read or write another file, load an extension, or be told otherwise."""

import re
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines import warehouse
from pipelines.definitions import defs
from pipelines.warehouse import Warehouse, append, columns_of, ensure_table, frame_of, quoted, write_copy

ROOT = Path(__file__).resolve().parents[2]
HOSTILE_NAMES = (
    "a b", 'a"b', "a;drop table t", "A", "1a", "", "a" * 64, "a.b", "a-b", "a\n", "\u00e4", "a'b", "select 1",
)  # fmt: skip
REFUSED = (
    # reading and writing outside, by every road
    "from read_csv('{outside}/secret.csv')", "from read_text('{outside}/secret.csv')",
    "from read_blob('{outside}/secret.csv')", "from read_json('{outside}/secret.csv')",
    "from read_parquet('{outside}/secret.csv')", "from '{outside}/secret.csv'", "from glob('{outside}/*')",
    "from read_text('{inside}/../outside/secret.csv')", "from read_text('{inside}/link.csv')",
    "from read_text('{inside}/beside.csv')", "from read_text('/proc/self/environ')",
    "copy (select 1) to '{outside}/made.csv'", "copy (select 1) to '{inside}/made.csv'",
    "copy t to '{inside}/made.parquet'", "copy t from '{outside}/secret.csv'",
    "export database '{inside}/made'", "import database '{outside}'",
    # other databases
    "attach '{outside}/other.duckdb' as other", "attach '{inside}/made.duckdb' as made",
    "attach '{outside}/other.sqlite' as lite (type sqlite)", "from sqlite_scan('{outside}/other.sqlite', 't')",
    "from read_duckdb('{outside}/other.duckdb')",
    # code and network
    "install httpfs", "load httpfs", "load '{outside}/evil.duckdb_extension'",
    "from read_csv('https://t.example/a.csv')", "create secret s (type s3)",
    # the lock itself
    "set enable_external_access = true", "set allowed_directories = ['/']", "set allowed_paths = ['/etc/passwd']",
    "set lock_configuration = false", "reset lock_configuration", "set allow_community_extensions = true",
    "set allow_unsigned_extensions = true", "set autoinstall_known_extensions = true",
    "set autoload_known_extensions = true", "set extension_directory = '{outside}'", "set temp_directory = '{outside}'",
    "set home_directory = '{outside}'", "set memory_limit = '90GB'", "set threads = 3", "reset threads",
    "set profiling_output = '{outside}/made.json'", "set python_enable_replacements = true",
    "pragma enable_profiling = 'json'", "set global temp_directory = '{outside}'",
)  # fmt: skip
ALLOWED = ("create temp table kept as select 1 as a", "from kept", "checkpoint")


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    """The folder of a database, with files beside it, and one outside."""
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    for path in (outside / "secret.csv", inside / "beside.csv"):
        path.write_text("a\n1\n", encoding="utf-8")
    (inside / "link.csv").symlink_to(outside / "secret.csv")
    duckdb.connect(str(outside / "other.duckdb")).close()
    sqlite3.connect(outside / "other.sqlite").close()
    (outside / "evil.duckdb_extension").write_bytes(b"\x7fELF")
    return {"inside": inside, "outside": outside}


@pytest.fixture
def live(folders: dict[str, Path]) -> Warehouse:
    live = Warehouse(folders["inside"] / "turnout.duckdb")
    with live.connect() as connection:
        ensure_table(connection, "t", pl.DataFrame({"a": [1]}))
        append(connection, "t", pl.DataFrame({"a": [1]}))
    return live


def files(folders: dict[str, Path]) -> set[Path]:
    return {path for folder in folders.values() for path in folder.rglob("*")}


def assert_refused(connection: duckdb.DuckDBPyConnection, folders: dict[str, Path]) -> None:
    before = files(folders)
    for statement in REFUSED:
        with pytest.raises(duckdb.Error):
            connection.execute(statement.format(**folders)).fetchall()
    assert files(folders) <= before | {folders["inside"] / "turnout.duckdb.wal"}
    for statement in ALLOWED:
        connection.execute(statement)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_connection_to_the_warehouse_sees_nothing_else(
    live: Warehouse, folders: dict[str, Path], read_only: bool
) -> None:
    with Warehouse(live.path, read_only=read_only).connect() as connection:
        assert_refused(connection, folders)
        assert connection.execute("from t").fetchall() == [(1,)]


def test_every_statement_that_is_refused_works_without_the_lock_or_fails_for_another_reason(
    folders: dict[str, Path],
) -> None:
    """Else the test above would pass on statements that no DuckDB takes."""
    with duckdb.connect() as connection:
        connection.execute("create table t (a bigint)")
        for statement in ("from read_csv('{outside}/secret.csv')", "from read_text('{inside}/link.csv')",
                          "from '{outside}/secret.csv'", "copy (select 1) to '{inside}/made.csv'",
                          "attach '{outside}/other.duckdb' as other", "set allowed_paths = ['/etc/passwd']",
                          "set home_directory = '{outside}'", "set threads = 3"):  # fmt: skip
            connection.execute(statement.format(**folders))


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[duckdb.DuckDBPyConnection], None]], None]]:
    """Runs a check on the connection that makes a copy, just before the first table is copied."""

    def watch(check: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
        real = warehouse._lock

        def locked(connection: duckdb.DuckDBPyConnection) -> None:
            real(connection)
            check(connection)

        monkeypatch.setattr(warehouse, "_lock", locked)

    return watch  # type: ignore[return-value]


def test_the_connection_that_writes_a_copy_sees_only_both_databases(
    live: Warehouse, folders: dict[str, Path], watched: Callable[..., None]
) -> None:
    checked = []

    def check(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("use live")
        before = files(folders)
        for statement in REFUSED:
            with pytest.raises(duckdb.Error):
                connection.execute(statement.format(**folders)).fetchall()
        with pytest.raises(duckdb.Error):
            connection.execute("insert into live.t values (2)")
        assert files(folders) == before
        checked.append(connection.execute("from t").fetchall())

    watched(check)
    target = folders["inside"] / "copy.duckdb"
    write_copy(live, target, {"t": "from t"}, {"t": ("it's a table", {"a": "a; drop table t --"})})
    assert checked == [[(1,)]]
    assert target.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in folders["inside"].iterdir()} == {"beside.csv", "link.csv", "turnout.duckdb",
                                                                   "copy.duckdb"}  # fmt: skip
    with duckdb.connect(str(target), read_only=True) as connection:
        assert connection.execute("select comment from duckdb_columns() where table_name = 't'").fetchall() == [
            ("a; drop table t --",)
        ]


def test_a_copy_that_needs_more_memory_than_allowed_spills_beside_itself_and_leaves_nothing(
    folders: dict[str, Path],
) -> None:
    """What is spilled is as confidential as the copy."""
    live = Warehouse(folders["inside"] / "turnout.duckdb", memory_limit="100MB")
    with live.connect() as connection:
        connection.execute("create table t as select i, md5(i::varchar) as a, md5((i + 1)::varchar) as b "
                           "from range(1500000) as r(i)")  # fmt: skip
    target = folders["outside"] / "copy.duckdb"
    write_copy(live, target, {"t": "select * from t order by a, b"}, {"t": ("", {})})
    with duckdb.connect(str(target), read_only=True) as connection:
        assert connection.execute("select count(*) from t").fetchall() == [(1_500_000,)]
    assert {path.name for path in folders["outside"].iterdir()} >= {"copy.duckdb"}
    assert not [path for path in files(folders) if "tmp" in path.name]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_only_plain_names_become_sql(name: str, live: Warehouse) -> None:
    with pytest.raises(ValueError, match="not a plain name"):
        quoted(name)
    with live.connect() as connection:
        assert columns_of(connection, name) == {}
        with pytest.raises(ValueError, match="not a plain name"):
            append(connection, name, pl.DataFrame({"a": [2]}))
        with pytest.raises(ValueError, match="not a plain name"):
            ensure_table(connection, name, pl.DataFrame({"a": [2]}))
        assert frame_of(connection, "from t where cast(a as varchar) = $given", {"given": name}).is_empty()
        assert connection.execute("from t").fetchall() == [(1,)]


def test_nothing_is_written_before_the_drop_folder_is_admitted() -> None:
    """Key, zone and agreement are looked at there; a first run from the UI would find a warehouse without a key."""
    graph = defs.resolve_asset_graph()
    roots = [key.to_user_string() for key in graph.get_all_asset_keys() if not graph.get(key).parent_keys]
    assert roots == ["drop_folder"]


def test_the_ui_answers_on_loopback_only() -> None:
    """It has no login."""
    done = subprocess.run(["make", "-n", "ui"], cwd=ROOT, capture_output=True, text=True, check=True)
    hosts = re.findall(r"--host[ =](\S+)", done.stdout)
    assert hosts == ["127.0.0.1"]
    assert "0.0.0.0" not in done.stdout
