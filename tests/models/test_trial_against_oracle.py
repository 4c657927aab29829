"""Trials in SQL are what their definition says, on invented companies and by hand."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.oracle.beginners import beginning_firm
from tests.oracle.by_hand import LONG_AGO, at, day, did, world
from tests.oracle.company import Company, Coverage, Spell, companies
from tests.oracle.compare import assert_same_rows
from tests.oracle.dense import dense_company
from tests.oracle.firm import Firm
from tests.oracle.staged import empty_warehouse, rows_of, run_models
from tests.oracle.trial import Trial, declared, stage_trials, trials_of

KEY = ("trial", "is_in_trial")


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def mart_of(warehouse, firm: Firm, trials: list[Trial]) -> list[dict[str, object]]:
    stage_trials(warehouse, firm, trials)
    run_models(warehouse, "mart_trial")
    return rows_of(warehouse, "mart_trial")


@settings(
    max_examples=8, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(company=companies(), seed=st.integers(0, 99))
def test_trials_equal_the_oracle(warehouse, company: Company, seed: int) -> None:
    firm, trials = Firm(company), declared(company, seed)
    assert_same_rows(mart_of(warehouse, firm, trials), trials_of(firm, trials), KEY)


@pytest.mark.parametrize("seed", range(6))
def test_trials_equal_the_oracle_over_eight_months(warehouse, seed: int) -> None:
    firm = beginning_firm(seed)
    trials = declared(firm.company, seed)
    assert_same_rows(mart_of(warehouse, firm, trials), trials_of(firm, trials), KEY)


@pytest.mark.parametrize("seed", range(4))
def test_trials_equal_the_oracle_where_much_happens(warehouse, seed: int) -> None:
    company = dense_company(seed)
    firm, trials = Firm(company), declared(company, seed)
    assert_same_rows(mart_of(warehouse, firm, trials), trials_of(firm, trials), KEY)


def test_a_trial_by_hand(warehouse) -> None:
    # From Monday 1 January to day(120), 29 April. The trial of Ops begins on Monday 8 January, day(8), and lasts to
    # day(63), Sunday 3 March: 8 weeks with 40 working days. Week 3 is days 22 to 28, week 5 days 36 to 42, week 13 days
    # 92 to 98; the last 28 days are 36 to 63.
    names = ("ann", "bob", "cy", "dee", "eve", "fay")
    ann, bob, cy, dee, eve, fay = who = [at("alpha", name) for name in names]
    spells = [
        Spell("ann", LONG_AGO, None, "Ops", is_executive=True), Spell("bob", LONG_AGO, None, "Ops"),
        Spell("cy", LONG_AGO, day(40), "Ops"), Spell("dee", day(9), None, "Ops"),  # dee joins a day too late
        Spell("eve", LONG_AGO, None, "Law"), Spell("fay", LONG_AGO, day(36), "Ops"), Spell("fay", day(36), None, "Law"),
    ]  # fmt: skip
    events = [
        did(ann, 8), did(ann, 22), did(ann, 42), did(ann, 98), did(ann, 13),  # day(13) is a Saturday
        did(bob, 21), did(bob, 28), did(bob, 35), did(cy, 30), did(dee, 10),
        did(eve, 21), did(eve, 36, n=2), did(fay, 22), did(fay, 63),
    ]  # fmt: skip
    trial = Trial("alpha", day(8), day(63), ("Ops",), (), (("all", 0.1, day(63)), ("Ops", 0.2, day(63))))
    company = world(who, spells, events, coverage=(Coverage("alpha", "w0", day(1), day(120)),))
    of_ops, others = sorted(mart_of(warehouse, Firm(company), [trial]), key=lambda row: not row["is_in_trial"])

    def shown(row: dict[str, object], columns: str) -> tuple[object, ...]:
        return tuple(row[column] for column in columns.split())

    # ann, bob, cy and fay; dee is nowhere, and eve alone is beside them
    assert shown(of_ops, "n_eligible n_people n_units n_departments n_executives") == (5, 4, 1, 1, 1)
    assert shown(others, "n_eligible n_people n_units n_departments n_executives") == (5, 1, 1, 1, 0)
    # 3 x 40, and cy up to day 39 (Thursday 8 February): 4 weeks and 4 days. ann on Mondays 8 and 22 January, cy on
    # Tuesday 30 January, fay on Monday 22 January; days 21, 28, 35, 42 and 63 are Sundays
    assert shown(of_ops, "n_working_days n_person_days n_active_days daily_use_ratio") == (40, 144, 4, 4 / 144)
    assert shown(others, "n_working_days n_person_days n_active_days") == (40, 40, 1)
    assert shown(of_ops, "n_ever ever_ratio n_starters") == (4, 1.0, 2)
    # in week 3 both ann and bob, in week 5 ann, in week 13, long after the trial, ann again
    assert shown(of_ops, "n_followed_2w n_still_2w n_followed_4w n_still_4w n_followed_12w n_still_12w") == (
        2, 2, 2, 1, 2, 1)  # fmt: skip
    assert shown(others, "n_starters n_still_2w n_still_4w n_still_12w still_4w_ratio") == (1, 0, 1, 0, 1.0)
    # ann and fay of ann, bob and fay (who is in Law by then, but belongs to the trial): the interval is 0.21 to 0.94
    assert shown(of_ops, "n_at_end n_contributors_at_end end_ratio target_ratio verdict") == (3, 2, 2 / 3, 0.2, "met")
    assert shown(others, "n_at_end n_contributors_at_end target_ratio verdict") == (1, 1, None, None)

    def verdict(one: Trial, in_company: Company = company) -> object:
        return next(row["verdict"] for row in mart_of(warehouse, Firm(in_company), [one]) if row["is_in_trial"])

    assert verdict(replace(trial, targets=(("all", 0.3, day(63)),))) == "too_close"
    assert verdict(replace(trial, targets=(("all", 0.95, day(63)),))) == "not_met"
    assert verdict(replace(trial, targets=(("Law", 0.1, day(63)), ("all", 0.1, day(7))))) == "no_target"
    assert verdict(replace(trial, last=day(121))) == "too_early"
    gap = (Coverage("alpha", "w0", day(1), day(59)), Coverage("alpha", "w0", day(61), day(120)))
    assert verdict(trial, replace(company, coverage=gap)) == "cannot_tell"
    # without a day of the first two weeks nobody knows who began in them
    gap = (Coverage("alpha", "w0", day(1), day(9)), Coverage("alpha", "w0", day(11), day(120)))
    rows = mart_of(warehouse, Firm(replace(company, coverage=gap)), [trial])
    assert {shown(row, "n_starters n_followed_2w still_4w_ratio n_still_12w") for row in rows} == {(None,) * 4}
