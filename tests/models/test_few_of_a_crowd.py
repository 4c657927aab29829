"""Who left, and who is outside, may be one or two however large an organisation is."""

from collections import defaultdict

import polars as pl
import pytest

from models.release import Policy
from models.release.told import as_told
from models.schemas import TABLES
from tests.models.audited import atom, atoms, counted, found, release

POLICY = Policy()
NONE = pl.DataFrame(schema={"unit": pl.String, "n_eligible": pl.Int64, "period_kind": pl.String,
                            "period_start": pl.Date, "platform": pl.String})  # fmt: skip


def told(policy: Policy = POLICY, *, n: int = 300, **figures: object) -> dict[str, object]:
    """What is told of an organisation of `n` people."""
    columns = TABLES["mart_active_users"].to_schema().columns
    schema = {name: column.dtype.type for name, column in columns.items()}
    row = {"period_kind": "month", "platform": "all", "unit": "all", "n_eligible": n, **figures}
    rows = pl.DataFrame([row], schema=schema)
    return as_told("rel_active_users", rows, NONE, policy).row(0, named=True)


@pytest.mark.parametrize(("n_left", "n_lapsed", "shown"), [
    (0, 40, (None, 40)), (1, 40, (None, 41)), (2, 40, (None, 42)),  # who left is not told, and is among the silent
    (3, 40, (5, 38)), (5, 40, (5, 40)), (7, 40, (5, 42)), (8, 40, (10, 38)), (44, 40, (45, 39)),
    (3, 4, (5, 2)), (3, 3, (None, 6)), (8, 1, (None, 9)), (0, 0, (None, 0)), (None, None, (None, None)),
])
def test_who_left_is_told_in_fives_and_who_fell_silent_makes_up_for_it(n_left, n_lapsed, shown):
    row = told(n_left=n_left, n_lapsed=n_lapsed)
    assert (row["n_left"], row["n_lapsed"]) == shown


def test_from_all_that_is_told_at_least_three_counts_of_leavers_stay_possible():
    """By trying all: how many fell silent or left together is known from the contributors of two periods."""
    possible = defaultdict(set)
    for both in range(60):
        for n_left in range(both + 1):
            row = told(n_left=n_left, n_lapsed=both - n_left)
            assert row["n_lapsed"] + (row["n_left"] or 0) == both
            possible[both, row["n_left"], row["n_lapsed"]].add(n_left)
    assert {key: found for key, found in possible.items() if len(found) < min(3, key[0] + 1)} == {}


@pytest.mark.parametrize(("n_outside", "shown"), [(0, None), (2, None), (3, 5), (12, 10), (13, 15), (None, None)])
def test_who_is_outside_is_told_in_fives_whatever_the_size(n_outside, shown):
    assert {told(n=n, n_outside=n_outside)["n_outside"] for n in (30, 300)} == {shown}


def test_the_quick_ratio_is_that_of_the_counts_that_are_told():
    row = told(n_left=3, n_lapsed=40, n_contributors=100, n_retained=62, quick_ratio=38 / 40,
               quick_with_left_ratio=38 / 43)  # fmt: skip
    assert row["quick_ratio"] == pytest.approx(38 / 38)
    assert row["quick_with_left_ratio"] == pytest.approx(38 / 43)  # of both together, which are known
    assert told(n_left=3, n_lapsed=40, n_contributors=100, n_retained=62)["quick_ratio"] is None


def test_without_the_rules_they_are_told_as_they_are():
    policy = Policy(without=frozenset({"rounding", "tails"}))
    row = told(policy, n_left=1, n_lapsed=40, n_outside=2)
    assert (row["n_left"], row["n_lapsed"], row["n_outside"]) == (1, 40, 2)


@pytest.mark.parametrize(("shown", "untrue"), [
    ({"n_left": 5, "n_lapsed": 38, "n_outside": 5}, set()),  # as it is told
    ({"n_left": None, "n_lapsed": 43, "n_outside": None}, set()), ({"n_left": None, "n_lapsed": 41}, {"gone"}),
    ({"n_left": 3, "n_lapsed": 40, "n_outside": 4}, set()),  # exact and true
    ({"n_left": 3, "n_lapsed": 38}, {"lapsed"}), ({"n_left": 4, "n_lapsed": 39}, {"left", "lapsed"}),
    ({"n_left": 10, "n_lapsed": 33}, {"left", "lapsed"}), ({"n_outside": 10}, {"outside"}),
])
def test_the_audit_holds_these_figures_to_the_nearest_five(shown, untrue):
    people = atoms(
        atom("Sales", 150, 40, lapsed=20), atom("Finance", 150, 31, lapsed=20),
        atom(None, 9, 0, kind="left", previous_unit="Sales", left=3, retained=0),
        atom(None, 1000, 0, kind="outside", was_counted=False, outside=4, retained=0),
    )  # fmt: skip
    findings = found(people, release(rel_active_users=[counted("all", 300, 71, **shown)]))
    assert {one.measure for one in findings if one.rule == "inconsistent"} == untrue
