"""The SQL models give what the definitions say, on companies that hypothesis invents."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.oracle import marts
from tests.oracle.company import Company, companies
from tests.oracle.compare import assert_same_rows
from tests.oracle.dense import dense_company
from tests.oracle.staged import empty_warehouse, rows_of, run_models, stage

PERIOD = ("period_kind", "period_start", "platform", "unit")
TABLES: dict[str, tuple[Callable[[Company], list[dict[str, object]]], tuple[str, ...]]] = {
    "coverage_day": (marts.coverage_days, ("platform", "workspace", "occurred_on")),
    "fct_person_day": (marts.person_days, ("person_id", "platform", "occurred_on")),
    "mart_active_users": (marts.active_users, PERIOD),
    "mart_contributor_ratios": (marts.contributor_ratios, PERIOD),
    "mart_executive_participation": (marts.executive_participation, (*PERIOD, "is_executive")),
}


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def assert_models_equal_the_oracle(connection, world: Company) -> None:
    stage(connection, world)
    run_models(connection, *TABLES)
    for table, (expected, key) in TABLES.items():
        assert_same_rows(rows_of(connection, table), expected(world), key)


# without shrinking: rebuilding all models for thousands of smaller companies takes longer than reading the difference
@settings(
    max_examples=30, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(world=companies())
def test_models_equal_the_oracle(warehouse, world: Company) -> None:
    assert_models_equal_the_oracle(warehouse, world)


# 12 seeds: with fewer, some wrong readings of the definitions go unnoticed
@pytest.mark.parametrize("seed", range(12))
def test_models_equal_the_oracle_where_much_happens(warehouse, seed: int) -> None:
    assert_models_equal_the_oracle(warehouse, dense_company(seed))
