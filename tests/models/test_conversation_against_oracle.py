"""The marts about conversations give what their definitions say, on companies that talk."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.oracle import threads, ties
from tests.oracle.compare import assert_same_rows
from tests.oracle.staged import empty_warehouse, rows_of, run_models
from tests.oracle.talk import Talk, long_talk, stage_talk, talks

PERIOD = ("period_kind", "period_start", "platform", "unit")
MARTS = {
    "mart_responses": (threads.responses, PERIOD),
    "mart_newcomer_replies": (threads.newcomer_replies, PERIOD),
    "mart_give_receive": (ties.give_receive, PERIOD),
    "mart_relationships": (ties.relationships, PERIOD),
    "mart_community_health": (ties.community_health, (*PERIOD, "space_id")),
}


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def assert_marts_equal_the_oracle(connection, talk: Talk) -> None:
    stage_talk(connection, talk)
    run_models(connection, *MARTS)
    for table, (expected, key) in MARTS.items():
        assert_same_rows(rows_of(connection, table), expected(talk), key)


# without shrinking, as in test_marts_against_oracle.py
@settings(
    max_examples=20, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(talk=talks())
def test_marts_equal_the_oracle(warehouse, talk: Talk) -> None:
    assert_marts_equal_the_oracle(warehouse, talk)


@pytest.mark.parametrize("seed", range(5))
def test_marts_equal_the_oracle_over_fourteen_months(warehouse, seed: int) -> None:
    assert_marts_equal_the_oracle(warehouse, long_talk(seed))
