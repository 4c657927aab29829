"""Another key gives other pseudonyms and no other figure: ties are decided by what is known, draws by the data.

That two keys share no pseudonym, and that whole runs agree, is in `tests/pipelines/test_two_keys.py`.
"""

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models.schemas.marts import MART_SCHEMAS
from tests.oracle.bottom import long_led, stage_led
from tests.oracle.company import companies
from tests.oracle.firm import busy_firm, firm_of, stage_firm
from tests.oracle.staged import empty_warehouse, run_models

TEXT_IDS = ("account_id", "target_account_id", "person_id", "manager_person_id", "space_id", "identifier_key")
BINARY_IDS = ("event_id", "thread_id", "target_event_id")
KEYS = ("one key", "another key", "a third")


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def rekey(connection: duckdb.DuckDBPyConnection, key: str) -> None:
    """Replaces every pseudonym that is staged, as another key would."""
    columns = connection.execute(
        "select table_name, column_name from duckdb_columns() where table_name like 'stg_%'"
    ).fetchall()
    for table, column in columns:
        if column in TEXT_IDS:
            connection.execute(f"update {table} set {column} = md5({column} || $key)", {"key": key})
        elif column in BINARY_IDS:
            connection.execute(f"update {table} set {column} = unhex(md5(hex({column}) || $key))", {"key": key})


def figures(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
    """All marts, row by row, without the columns that hold pseudonyms."""
    found = {}
    for table in sorted(MART_SCHEMAS):
        relation = connection.sql(f"from {table}")
        columns = [name for name in relation.columns if name not in TEXT_IDS]
        found[table] = sorted(relation.select(*columns).fetchall(), key=repr)
    return found


def assert_no_figure_depends_on_the_key(connection: duckdb.DuckDBPyConnection) -> None:
    """Exactly: not even the last digit."""
    found = []
    for key in KEYS:
        rekey(connection, key)
        run_models(connection)
        found.append(figures(connection))
    for other in found[1:]:
        for table, rows in found[0].items():
            assert other[table] == rows, table


@settings(
    max_examples=5, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(company=companies(), seed=st.integers(0, 999))
def test_no_figure_depends_on_the_key(warehouse, company, seed: int):
    stage_firm(warehouse, firm_of(company, seed, is_managed=True))
    assert_no_figure_depends_on_the_key(warehouse)


@pytest.mark.parametrize("seed", range(3))
def test_no_figure_depends_on_the_key_where_much_happens_at_the_same_time(warehouse, seed: int):
    stage_firm(warehouse, busy_firm(seed))
    warehouse.execute("update stg_file set ids_per_space = true")
    assert_no_figure_depends_on_the_key(warehouse)


@pytest.mark.parametrize("seed", range(2))
def test_no_figure_depends_on_the_key_where_much_is_started(warehouse, seed: int):
    stage_led(warehouse, long_led(seed))
    assert_no_figure_depends_on_the_key(warehouse)
