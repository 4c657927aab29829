"""How executives take part: the SQL gives what the definitions say."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.oracle import executive_style as oracle
from tests.oracle import marts
from tests.oracle.company import companies
from tests.oracle.compare import assert_same_rows
from tests.oracle.firm import Firm, busy_firm, firm_of, stage_firm
from tests.oracle.staged import empty_warehouse, rows_of, run_models

PERIOD = ("period_kind", "period_start", "platform", "unit")


def executive_participation(firm: Firm) -> list[marts.Row]:
    return marts.executive_participation(firm.company, firm.delegated)


TABLES = {
    "mart_executive_participation": (executive_participation, (*PERIOD, "is_executive")),
    "mart_executive_style": (oracle.executive_style, (*PERIOD, "is_executive")),
}


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def assert_models_equal_the_oracle(connection, firm: Firm) -> None:
    stage_firm(connection, firm)
    run_models(connection, *TABLES)
    for table, (expected, key) in TABLES.items():
        assert_same_rows(rows_of(connection, table), expected(firm), key)


@settings(
    max_examples=12, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(company=companies(), seed=st.integers(0, 999))
def test_models_equal_the_oracle(warehouse, company, seed: int) -> None:
    assert_models_equal_the_oracle(warehouse, firm_of(company, seed))


@pytest.mark.parametrize("seed", range(6))
def test_models_equal_the_oracle_where_much_happens(warehouse, seed: int) -> None:
    assert_models_equal_the_oracle(warehouse, busy_firm(seed))
