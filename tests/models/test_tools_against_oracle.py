"""Participation by platforms offered in SQL is what its definition says, on invented companies and by hand."""

from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.oracle.by_hand import LONG_AGO, at, day, did, table, world
from tests.oracle.company import Company, Coverage, Spell, companies
from tests.oracle.compare import assert_same_rows
from tests.oracle.dense import dense_company
from tests.oracle.staged import empty_warehouse, rows_of, run_models, stage
from tests.oracle.tools import tools

KEY = ("period_kind", "period_start", "platform", "unit", "n_platforms_offered")


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def mart_of(warehouse, company: Company) -> list[dict[str, object]]:
    stage(warehouse, company)
    run_models(warehouse, "mart_tools")
    return rows_of(warehouse, "mart_tools")


@settings(
    max_examples=20, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(company=companies())
def test_tools_equal_the_oracle(warehouse, company: Company) -> None:
    assert_same_rows(mart_of(warehouse, company), tools(company), KEY)


@pytest.mark.parametrize("seed", range(4))
def test_tools_equal_the_oracle_where_much_happens(warehouse, seed: int) -> None:
    company = dense_company(seed)
    assert_same_rows(mart_of(warehouse, company), tools(company), KEY)


def test_tools_by_hand(warehouse) -> None:
    # alpha is observed in January and February, beta in January only (and no longer expected in February)
    files = (Coverage("alpha", "w0", day(1), day(60)), Coverage("beta", "w0", day(1), day(31)))
    ann, bob, cy, eve = (at("alpha", name) for name in ("ann", "bob", "cy", "eve"))
    beta_ann, beta_cy = at("beta", "ann"), at("beta", "cy")
    spells = [Spell("ann", LONG_AGO, None, "Ops"), Spell("bob", LONG_AGO, None, "Ops"),
              Spell("cy", LONG_AGO, None, "Law"), Spell("eve", LONG_AGO, None, "Idle"),
              Spell("nobody", LONG_AGO, None, None)]  # fmt: skip
    events = [did(ann, 2), did(beta_ann, 3), did(bob, 20), did(beta_cy, 40), did(cy, 50), did(eve, 5, "react")]
    rows = mart_of(warehouse, world([ann, bob, cy, eve, beta_ann, beta_cy], spells, events, coverage=files))

    def month(start: date) -> list[tuple[object, ...]]:
        columns = "n_platforms_offered n_units n_people n_contributors contributor_ratio n_eligible"
        return sorted(table(rows, columns, period_kind="month", period_start=start), key=str)

    # January: nobody of Law and Idle is seen anywhere; Ops is offered both platforms
    assert month(day(1)) == [(0, 2, 2, 0, 0.0, 5), (1, 0, 0, 0, None, 5), (2, 1, 2, 2, 1.0, 5)]
    # February: beta is not observed; Ops keeps alpha, where nobody writes, and Law is seen on alpha
    assert month(day(32)) == [(0, 1, 1, 0, 0.0, 5), (1, 2, 3, 1, 1 / 3, 5), (2, 0, 0, 0, None, 5)]
    # in the week of 15 January bob has not begun, but ann of his unit had
    week = table(rows, "n_people n_contributors", period_kind="week", period_start=day(15), n_platforms_offered=2)
    assert week == [(2, 1)]
