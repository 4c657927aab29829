"""Breakdowns hold what their definition says, their people are everybody, and years are counted by the calendar."""

from collections import defaultdict
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.oracle.breakdown import DIMENSIONS, Place, Placed, breakdown, placed_companies, stage_placed
from tests.oracle.by_hand import LONG_AGO, A, B, C, E, did, table, world
from tests.oracle.company import Coverage, Spell
from tests.oracle.compare import assert_same_rows
from tests.oracle.staged import empty_warehouse, rows_of, run_models

KEY = ("period_kind", "period_start", "platform", "unit", "dimension", "value")
COUNTS = ("n_eligible", "n_contributors", "n_contributions")


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def built(connection, placed: Placed) -> list[dict[str, object]]:
    """The rows of the mart."""
    stage_placed(connection, placed)
    run_models(connection, "mart_breakdown", "mart_contributor_ratios")
    return rows_of(connection, "mart_breakdown")


# without shrinking, as where the other marts meet their oracle
@settings(
    max_examples=15, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(placed=placed_companies())
def test_breakdown_equals_the_oracle_and_sums_to_the_organisation(warehouse, placed: Placed) -> None:
    rows = built(warehouse, placed)
    assert_same_rows(rows, breakdown(placed), KEY)
    whole = {
        row["period_start"]: tuple(row[column] for column in COUNTS)
        for row in rows_of(warehouse, "mart_contributor_ratios")
        if (row["period_kind"], row["platform"], row["unit"]) == ("month", "all", "all") and row["n_eligible"]
    }
    for dimension in DIMENSIONS if placed.company.spells else ():
        found = defaultdict(list)
        for row in rows:
            if row["dimension"] == dimension:
                found[row["period_start"]].append(tuple(row[column] for column in COUNTS))
        assert {month: tuple(map(total, zip(*values, strict=True))) for month, values in found.items()} == whole


def total(values: tuple[int | None, ...]) -> int | None:
    """The sum, unknown if one of them is."""
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


# ---- by hand ---------------------------------------------------------------------------------------------------------


def test_people_stand_where_they_were_on_their_last_day_of_the_month(warehouse) -> None:
    """ann moves from Lyon to Berlin and from department A to B on 10 January; bob has no department, cy no unit.

    ann wrote twice in Lyon and once in Berlin, cy once: Berlin has ann's three, nobody is in Lyon any more.
    """
    ann_then, ann_now = Spell("ann", LONG_AGO, date(2024, 1, 10), "Law"), Spell("ann", date(2024, 1, 10), None, "Law")
    bob, cy = Spell("bob", LONG_AGO, None, "Law"), Spell("cy", LONG_AGO, None, None)
    company = world([A, B, C], [ann_then, ann_now, bob, cy], [did(A, 5, n=2), did(A, 20), did(C, 31)])
    places = {
        ("ann", LONG_AGO): Place(("A",), 2, "Lyon", date(2010, 1, 1)),
        ("ann", date(2024, 1, 10)): Place(("B", "deep"), 1, "Berlin", date(2010, 1, 1)),
        ("bob", LONG_AGO): Place((), 2, None, date(2019, 12, 1)),
        ("cy", LONG_AGO): Place((), None, "Berlin", None),
    }
    figures = "dimension unit value n_eligible n_contributors n_contributions"
    assert sorted(table(built(warehouse, Placed(company, places)), figures)) == [
        ("department", "Law", "Law / (none)", 1, 0, 0),
        ("department", "Law", "Law / B", 1, 1, 3),
        ("department", "all", "(none)", 1, 1, 1),
        ("layer", "all", "(unknown)", 1, 1, 1),
        ("layer", "all", "1", 1, 1, 3),
        ("layer", "all", "2", 1, 0, 0),
        ("location", "all", "(unknown)", 1, 0, 0),
        ("location", "all", "Berlin", 2, 2, 4),
        ("tenure", "all", "10 years or more", 1, 1, 3),
        ("tenure", "all", "3 to 10 years", 1, 0, 0),
        ("tenure", "all", "unknown", 1, 1, 1),
    ]


@pytest.mark.parametrize(("month_end", "hired_on", "band"), [
    (date(2025, 2, 28), date(2024, 2, 28), "1 to 3 years"),
    (date(2025, 2, 28), date(2024, 2, 29), "under 1 year"),  # the year is complete on 1 March
    (date(2025, 3, 31), date(2024, 2, 29), "1 to 3 years"),
    (date(2024, 2, 29), date(2023, 3, 1), "under 1 year"),
    (date(2024, 2, 29), date(2023, 2, 28), "1 to 3 years"),
    (date(2024, 2, 29), date(2021, 3, 1), "1 to 3 years"),
    (date(2024, 2, 29), date(2021, 2, 28), "3 to 10 years"),
    (date(2024, 12, 31), date(2015, 1, 1), "3 to 10 years"),
    (date(2024, 12, 31), date(2014, 12, 31), "10 years or more"),
    (date(2024, 4, 30), date(2023, 5, 31), "under 1 year"),
    (date(2024, 4, 30), date(2024, 4, 2), "under 1 year"),
    (date(2024, 4, 30), None, "unknown"),
])  # fmt: skip
def test_tenure_counts_whole_years(warehouse, month_end: date, hired_on: date | None, band: str) -> None:
    first = month_end.replace(day=1)
    begins = max(hired_on or first, date(2012, 1, 1))
    placed = Placed(
        world([A], [Spell("ann", begins)], [], coverage=(Coverage("alpha", "w0", first, month_end),)),
        {("ann", begins): Place(hired_on=hired_on)},
    )
    assert table(built(warehouse, placed), "value", dimension="tenure") == [(band,)]


def test_without_a_roster_nothing_is_broken_down(warehouse) -> None:
    assert built(warehouse, Placed(world([E], [], [did(E, 3)]), {})) == []


def test_a_month_of_which_nothing_was_seen_has_people_but_no_figures(warehouse) -> None:
    files = (Coverage("alpha", "w0", date(2024, 1, 1), date(2024, 1, 31)),
             Coverage("alpha", "w0", date(2024, 3, 1), date(2024, 3, 31)))  # fmt: skip
    rows = built(warehouse, Placed(world([A], [Spell("ann", LONG_AGO)], [did(A, 40)], coverage=files), {}))
    february = table(rows, "dimension n_eligible n_contributors contributor_ratio n_contributions",
                     period_start=date(2024, 2, 1))  # fmt: skip
    assert sorted(february) == [(dimension, 1, None, None, None) for dimension in DIMENSIONS]
