"""A table is written only if it is valid, and both ways of judging it agree."""

import random
from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from models import queries
from models.schemas import TABLES
from models.schemas.base import ACTIONS, ACTOR_KINDS, TIME_BASES
from models.validation import find_faults, key_columns, range_assertions
from pipelines import gate
from pipelines.gate import write_frame, write_query
from pipelines.warehouse import Warehouse, append, ensure_table, frame_of
from tests.pipelines.runs import Run

DAY = {"person_id": "p", "is_matched": True, "platform": "slack", "occurred_on": date(2024, 1, 1), "n_posts": 1,
       "n_replies": 0, "n_creates": 0, "n_edits": 0, "n_comments": 0, "n_shares": 0, "n_uploads": 0,
       "n_contributions": 1, "n_reacts": 0}  # fmt: skip
EVENT = {"platform": "slack", "workspace": "T1", "event_id": b"0" * 16, "occurred_at": datetime(2024, 1, 1, 12),
         "occurred_on": date(2024, 1, 1), "time_basis": "own", "action": "post", "is_contribution": True,
         "account_id": "a", "actor_kind": "human", "via_app": False, "is_delegated": False, "space_id": "s",
         "thread_id": b"1" * 16, "target_account_id": None, "bytes_delta": None, "is_revert": None, "is_minor": None,
         "file_id": "f", "line": 1}  # fmt: skip


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "turnout.duckdb", "1GB", 1)


def frame_like(table: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    columns = TABLES[table].to_schema().columns
    return pl.DataFrame(rows, schema={name: column.dtype.type for name, column in columns.items()})


def days(n: int) -> pl.DataFrame:
    return frame_like("fct_person_day", [DAY | {"person_id": f"p{i}"} for i in range(n)])


def test_a_valid_frame_becomes_the_table_with_its_columns_in_the_order_of_the_schema(warehouse):
    shuffled = days(3).select(sorted(DAY, reverse=True))
    written = write_frame(warehouse, "fct_person_day", shuffled)
    assert (written.n_rows, list(written.faults)) == (3, [])
    with warehouse.connect() as connection:
        assert frame_of(connection, "from fct_person_day order by person_id").equals(days(3))
    assert list(written.columns) == list(DAY)


@pytest.mark.parametrize("size", ["small", "large"])
@pytest.mark.parametrize(
    "change",
    [{"n_posts": -1}, {"person_id": None}, {"person_id": "p0"}],
    ids=["out of range", "null", "key twice"],
)
def test_a_faulty_table_is_not_swapped_in(warehouse, monkeypatch, size, change):
    n = 1_500
    if size == "large":
        monkeypatch.setattr(gate, "FRAME_ROWS", 1_000)
    write_frame(warehouse, "fct_person_day", days(2))
    last = frame_like("fct_person_day", [DAY | {"person_id": f"p{n}"} | change])
    written = write_frame(warehouse, "fct_person_day", pl.concat([days(n), last]))
    assert len(written.faults) == 1
    with warehouse.connect() as connection:
        assert frame_of(connection, "from fct_person_day order by person_id").equals(days(2))
        names = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
    assert names == {"fct_person_day"}


def test_a_column_too_many_too_few_or_of_another_type_is_a_fault(warehouse, monkeypatch):
    names = "schema_version, key_id, reporting_zone, as_of_on"
    select = f"select * from (values (1::bigint, '0123456789abcdef', 'UTC', date '2024-01-01')) t({names})"
    assert not write_query(warehouse, "meta", select).faults
    assert write_query(warehouse, "meta", select.replace("select *", "select *, 1 as more")).faults
    assert write_query(warehouse, "meta", select.replace("select *", "select * exclude (key_id)")).faults
    assert write_query(warehouse, "meta", select.replace("1::bigint", "1::integer")).faults
    monkeypatch.setattr(gate, "FRAME_ROWS", 0)
    as_text = days(5).with_columns(pl.col("n_posts").cast(pl.String))
    assert write_frame(warehouse, "fct_person_day", as_text).faults


def test_a_file_whose_records_do_not_add_up_is_a_fault_of_its_own(company_models, tmp_path):
    path = tmp_path / "live.duckdb"
    path.write_bytes(company_models.path.read_bytes())
    ledger = queries.queries()["export_file"]
    wrong = (
        f"select * replace (n_accepted + case when path like 'wiki%' then 1 else 0 end as n_accepted) from ({ledger})"
    )
    written = write_query(Warehouse(path), "export_file", wrong)
    assert [fault.rule for fault in written.faults] == ["row_equation"]
    assert Run(path).table("export_file") == company_models.table("export_file")


def random_rows(table: str, chance: random.Random) -> pl.DataFrame:
    """Rows of which some break one rule or several."""
    base = DAY if table == "fct_person_day" else EVENT
    rows = []
    for n in range(chance.randint(0, 40)):
        row: dict[str, object] = dict(base)
        if table == "fct_person_day":
            row |= {"person_id": f"p{chance.randint(0, 60)}", "occurred_on": date(2024, 1, chance.randint(1, 3))}
            row |= {name: chance.randint(0, 5) for name in base if name.startswith("n_")}
        else:
            row |= {"event_id": n.to_bytes(16, "big"), "action": chance.choice(ACTIONS), "line": n + 1,
                    "time_basis": chance.choice(TIME_BASES), "actor_kind": chance.choice(ACTOR_KINDS)}  # fmt: skip
        for name in chance.sample(sorted(base), chance.choice((0, 0, 0, 1, 1, 2))):
            if name.startswith("n_") or name == "line":
                row[name] = chance.choice((-1, None, 0))
            elif name in ("action", "time_basis", "actor_kind"):
                row[name] = chance.choice(("nonsense", None, ""))
            else:
                row[name] = None
        rows.append(row)
    return frame_like(table, rows)


@pytest.mark.parametrize("table", ["fct_person_day", "fct_event"])
def test_assertions_in_sql_judge_random_rows_as_the_schema_does(table):
    schema, chance = TABLES[table], random.Random(table)
    rules, key, n_faulty = range_assertions(schema), key_columns(schema), 0
    with duckdb.connect() as connection:
        for _ in range(60):
            rows = random_rows(table, chance)
            connection.register("given", rows)
            counts = ", ".join(f"count(*) filter (where {condition})" for condition in rules.values())
            (found,) = connection.execute(f"select {counts} from given").fetchall()
            by_sql: dict[str, int] = {}
            for rule, n in zip(rules, found, strict=True):
                name = rule.split(":")[0]
                by_sql[name] = by_sql.get(name, 0) + n
            twice = f"select count(*) from (select 1 from given group by {', '.join(key)} having count(*) > 1)"
            is_double = bool(key) and connection.execute(twice).fetchall() != [(0,)]
            faults = find_faults(rows, schema)
            by_schema: dict[str, int] = {}
            for fault in faults:
                if "unique" not in fault.rule:
                    by_schema[fault.column] = by_schema.get(fault.column, 0) + fault.n_rows
            assert {name: n for name, n in by_sql.items() if n} == by_schema
            assert is_double == any("unique" in fault.rule for fault in faults)
            n_faulty += bool(faults)
    assert 20 < n_faulty < 60


def test_every_table_that_can_be_large_has_assertions_in_sql():
    one_row_or_a_file_each = {"meta", "export_file"}
    for table in TABLES.keys() - one_row_or_a_file_each:
        assert range_assertions(TABLES[table])


def test_rows_are_added_by_the_names_of_their_columns(warehouse):
    with warehouse.connect() as connection:
        ensure_table(connection, "pairs", pl.DataFrame({"a": [0], "b": [0]}))
        append(connection, "pairs", pl.DataFrame({"b": [2], "a": [1]}))
        assert frame_of(connection, "from pairs").rows() == [(1, 2)]


def test_the_live_database_reads_no_file_and_keeps_its_settings(warehouse, tmp_path):
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    with warehouse.connect() as connection:
        for forbidden in (f"from '{tmp_path / 'secret.csv'}'", f"attach '{tmp_path / 'other.duckdb'}'",
                          "set enable_external_access = true", "set threads = 3", "install httpfs"):  # fmt: skip
            with pytest.raises(duckdb.Error):
                connection.execute(forbidden)
        given = pl.DataFrame({"a": [1]})  # noqa: F841  # a frame of this name is no table
        with pytest.raises(duckdb.CatalogException):
            connection.execute("from given")
    assert warehouse.path.stat().st_mode & 0o777 == 0o600
