"""Who is an executive by which rule, and participation by layer: the SQL gives what the definitions say."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.oracle import layering
from tests.oracle.by_hand import JANUARY, LONG_AGO, at, day, did, world
from tests.oracle.company import Spell, companies
from tests.oracle.compare import assert_same_rows
from tests.oracle.firm import Firm, busy_firm, stage_firm
from tests.oracle.staged import empty_warehouse, rows_of, run_models

PERIOD = ("period_kind", "period_start", "platform", "unit")
FIGURES = (
    "n_eligible", "n_contributors", "contributor_ratio", "parity_ratio", "parity_ratio_low", "n_own_posts",
    "n_own_replies", "n_own_replies_to_staff", "own_broadcast_ratio", "n_own_two_way", "own_two_way_ratio",
)


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def assert_models_equal_the_oracle(connection, firm: Firm) -> None:
    stage_firm(connection, firm)
    run_models(connection, "mart_executive_rules", "mart_layers", "mart_executive_participation")
    assert days_named(connection, layering.turning_days(firm)) == layering.named_days(firm)
    found = rows_of(connection, "mart_executive_rules")
    assert_same_rows(found, layering.executive_rules(firm), (*PERIOD, "rule"))
    assert_same_rows(rows_of(connection, "mart_layers"), layering.layers(firm), (*PERIOD, "layer"))
    headline = {tuple(row[name] for name in PERIOD): row for row in rows_of(connection, "mart_executive_participation")
                if row["is_executive"]}  # fmt: skip
    for row in found:
        if row["is_used"]:
            same = headline[tuple(row[name] for name in PERIOD)]
            assert [row[name] for name in FIGURES] == [same[name] for name in FIGURES]


def days_named(connection, days: list[date]) -> set[tuple[object, ...]]:
    """Every person, rule and day of these in `executive_by_rule`, but for the person whom `stage` adds."""
    return {
        (row["person_id"], row["rule"], day)
        for row in rows_of(connection, "executive_by_rule") for day in days
        if row["valid_from"] <= day < (row["valid_to"] or date.max) and row["person_id"] != "long-gone"
    }  # fmt: skip


@settings(
    max_examples=12, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(company=companies(), seed=st.integers(0, 999))
def test_models_equal_the_oracle(warehouse, company, seed: int) -> None:
    assert_models_equal_the_oracle(warehouse, layering.ruled(Firm(company), seed))


@pytest.mark.parametrize("seed", range(4))
def test_models_equal_the_oracle_where_much_happens(warehouse, seed: int) -> None:
    assert_models_equal_the_oracle(warehouse, layering.ruled(busy_firm(seed), seed))


# ---- by hand: ann leads bob, who leads cy ----------------------------------------------------------------------------

ANN, BOB, CY = (at("alpha", name) for name in ("ann", "bob", "cy"))
LATER = day(11)


def tree(spells: list[Spell], managers: dict[tuple[str, date], str]) -> Firm:
    company = world([ANN, BOB, CY], spells, [did(ANN, 2), did(CY, 3)], coverage=(JANUARY,))
    return Firm(company, managers=managers, manager_depth=0, listed=())


def spells_named(connection, firm: Firm) -> list[tuple[object, ...]]:
    stage_firm(connection, firm)
    run_models(connection, "executive_by_rule")
    rows = rows_of(connection, "executive_by_rule")
    return sorted((row["person_id"], row["valid_from"], row["valid_to"]) for row in rows)


def test_who_leads_managers_does_so_only_while_there_are_such(warehouse) -> None:
    """Bob leads cy until the tenth; then nobody, and ann leads no manager any more."""
    spells = [Spell("ann", LONG_AGO), Spell("bob", LONG_AGO), Spell("cy", LONG_AGO, LATER), Spell("cy", LATER)]
    firm = tree(spells, {("bob", LONG_AGO): "ann", ("cy", LONG_AGO): "bob"})
    assert spells_named(warehouse, firm) == [("ann", LONG_AGO, LATER)]


def test_who_is_too_deep_for_some_days_is_an_executive_on_the_others(warehouse) -> None:
    """From the eleventh on dan stands above ann, who then is at depth 1."""
    spells = [Spell("ann", LONG_AGO), Spell("bob", LONG_AGO), Spell("cy", LONG_AGO), Spell("dan", LATER)]
    firm = tree(spells, {("bob", LONG_AGO): "ann", ("cy", LONG_AGO): "bob"})
    assert spells_named(warehouse, firm) == [("ann", LONG_AGO, None)]
    spells[0] = Spell("ann", LONG_AGO, LATER)
    firm = tree([*spells, Spell("ann", LATER)], {**firm.managers, ("ann", LATER): "dan"})
    assert spells_named(warehouse, firm) == [("ann", LONG_AGO, LATER), ("dan", LATER, None)]
    assert spells_named(warehouse, replace(firm, manager_depth=1)) == [("ann", LONG_AGO, None), ("dan", LATER, None)]


def test_a_boss_becoming_somebodys_report_is_too_deep_from_that_day(warehouse) -> None:
    """Bob's row lasts, but ann's manager on it changes: bob is at depth 1, then at depth 2."""
    spells = [Spell("ann", LONG_AGO, LATER), Spell("ann", LATER)]
    spells += [Spell(name, LONG_AGO) for name in ("bob", "cy", "dan", "eve")]
    bosses = {("bob", LONG_AGO): "ann", ("cy", LONG_AGO): "bob", ("eve", LONG_AGO): "cy", ("ann", LATER): "dan"}
    firm = replace(tree(spells, bosses), manager_depth=1)
    assert spells_named(warehouse, firm) == [("ann", LONG_AGO, None), ("bob", LONG_AGO, LATER), ("dan", LATER, None)]


def test_who_is_their_own_manager_leads_no_manager_by_that(warehouse) -> None:
    spells = [Spell("ann", LONG_AGO), Spell("bob", LONG_AGO), Spell("long-here", date(2019, 1, 1))]
    firm = tree(spells, {("ann", LONG_AGO): "ann", ("bob", LONG_AGO): "ann"})
    assert spells_named(warehouse, firm) == []


def test_a_layer_of_the_tree_is_that_of_the_day_and_outside_the_tree_there_is_none(warehouse) -> None:
    """From the eleventh on dan stands above ann: bob and cy are a step deeper on rows that have not changed."""
    spells = [Spell("ann", LONG_AGO, LATER), Spell("ann", LATER)]
    spells += [Spell(name, LONG_AGO) for name in ("bob", "cy", "dan", "eve")]
    bosses = {("bob", LONG_AGO): "ann", ("cy", LONG_AGO): "bob", ("ann", LATER): "dan"}
    stage_firm(warehouse, tree(spells, bosses))
    run_models(warehouse, "dim_person")
    rows = [row for row in rows_of(warehouse, "dim_person") if row["person_id"] != "long-gone"]
    before, since = (
        {row["person_id"]: row["layer"] for row in rows if row["valid_from"] <= on < (row["valid_to"] or date.max)}
        for on in (LONG_AGO, LATER)
    )
    assert before == {"ann": 0, "bob": 1, "cy": 2, "dan": 0, "eve": None}
    assert since == {"dan": 0, "ann": 1, "bob": 2, "cy": 3, "eve": None}
