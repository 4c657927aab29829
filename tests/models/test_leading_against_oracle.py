"""Executives' own people by week: the SQL gives what the definition says."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.oracle.company import companies
from tests.oracle.compare import assert_same_rows
from tests.oracle.firm import Firm, busy_firm, firm_of, stage_firm
from tests.oracle.leading import lead_weeks
from tests.oracle.staged import empty_warehouse, rows_of, run_models

KEY = ("period_start", "platform", "leader_person_id")


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def assert_weeks_equal_the_oracle(connection, firm: Firm) -> None:
    stage_firm(connection, firm)
    # the threads of a firm are numbered anew in every space
    connection.execute("update stg_file set ids_per_space = true")
    run_models(connection, "prep_lead_week")
    assert_same_rows(rows_of(connection, "prep_lead_week"), lead_weeks(firm), KEY)


@settings(
    max_examples=15, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(company=companies(), seed=st.integers(0, 999))
def test_weeks_equal_the_oracle(warehouse, company, seed: int) -> None:
    assert_weeks_equal_the_oracle(warehouse, firm_of(company, seed, is_managed=True))


@pytest.mark.parametrize("seed", range(5))
def test_weeks_equal_the_oracle_where_much_happens(warehouse, seed: int) -> None:
    assert_weeks_equal_the_oracle(warehouse, busy_firm(seed))
