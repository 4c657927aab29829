"""Who starts what, what remains without the top, and critical mass: the SQL gives what the definitions say."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.oracle import bottom_marts as oracle
from tests.oracle.bottom import Led, led_of, long_led, stage_led
from tests.oracle.company import Company, companies
from tests.oracle.compare import assert_same_rows
from tests.oracle.staged import empty_warehouse, rows_of, run_models

PERIOD = ("period_kind", "period_start", "platform", "unit")
TABLES = {
    "mart_initiation": (oracle.initiation, (*PERIOD, "what")),
    "mart_organic": (oracle.organic, PERIOD),
    "mart_critical_mass": (oracle.critical_mass, PERIOD),
}


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def assert_models_equal_the_oracle(connection, led: Led) -> None:
    stage_led(connection, led)
    run_models(connection, *TABLES)
    for table, (expected, key) in TABLES.items():
        assert_same_rows(rows_of(connection, table), expected(led), key)


@settings(
    max_examples=9, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(company=companies(), seed=st.integers(0, 999))
def test_models_equal_the_oracle(warehouse, company: Company, seed: int) -> None:
    assert_models_equal_the_oracle(warehouse, led_of(company, seed))


@pytest.mark.parametrize("seed", range(6))
def test_models_equal_the_oracle_where_much_happens(warehouse, seed: int) -> None:
    assert_models_equal_the_oracle(warehouse, long_led(seed))
