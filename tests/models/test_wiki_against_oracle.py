"""The marts about wikis give what their definitions say, on invented wikis and on tables worked out by hand."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.oracle.compare import assert_same_rows
from tests.oracle.staged import empty_warehouse, rows_of, run_models
from tests.oracle.wiki import wiki_activity, wiki_life
from tests.oracle.wikis import Wiki, invented_wiki, stage_wiki

PERIOD = ("period_kind", "period_start", "platform", "unit")


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def assert_marts_equal_the_oracle(connection, wiki: Wiki) -> None:
    stage_wiki(connection, wiki)
    run_models(connection, "mart_wiki_activity", "mart_wiki_life")
    assert_same_rows(rows_of(connection, "mart_wiki_activity"), wiki_activity(wiki), PERIOD)
    assert_same_rows(rows_of(connection, "mart_wiki_life"), wiki_life(wiki), (*PERIOD, "subject"))


@settings(
    max_examples=20, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10**6))
def test_marts_equal_the_oracle(warehouse, seed: int) -> None:
    assert_marts_equal_the_oracle(warehouse, invented_wiki(seed))
