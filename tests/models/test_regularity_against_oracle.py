"""Days active, usage segments and retention in SQL give what their definitions say, on invented companies."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.oracle import regularity
from tests.oracle.by_hand import LONG_AGO, A, B, C, E, at, day, did, table, world
from tests.oracle.company import Company, Coverage, Spell, companies
from tests.oracle.compare import assert_same_rows
from tests.oracle.dense import dense_company
from tests.oracle.staged import empty_warehouse, rows_of, run_models, stage
from tests.oracle.steady import steady_company

PERIOD = ("period_kind", "period_start", "platform", "unit")
TABLES: dict[str, tuple[Callable[[Company], list[dict[str, object]]], str]] = {
    "mart_days_active": (regularity.days_active, "n_days_active"),
    "mart_usage_segments": (regularity.usage_segments, "habit"),
    "mart_retention": (regularity.retention, "n_weeks_since"),
}


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def marts_of(warehouse, company: Company) -> dict[str, list[dict[str, object]]]:
    stage(warehouse, company)
    run_models(warehouse, *TABLES)
    return {name: rows_of(warehouse, name) for name in TABLES}


def assert_marts_equal_the_oracle(warehouse, company: Company) -> None:
    for name, rows in marts_of(warehouse, company).items():
        expected, key = TABLES[name]
        assert_same_rows(rows, expected(company), (*PERIOD, key))


@settings(
    max_examples=10, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(world=companies())
def test_marts_equal_the_oracle(warehouse, world: Company) -> None:
    assert_marts_equal_the_oracle(warehouse, world)


@pytest.mark.parametrize("seed", range(8))
def test_marts_equal_the_oracle_over_eight_months(warehouse, seed: int) -> None:
    assert_marts_equal_the_oracle(warehouse, steady_company(seed))


@pytest.mark.parametrize("seed", [0, 1])
def test_marts_equal_the_oracle_where_much_happens(warehouse, seed: int) -> None:
    assert_marts_equal_the_oracle(warehouse, dense_company(seed))


def test_days_active_by_hand(warehouse) -> None:
    # January and February 2024: the 28 days to 31 January begin on the 4th, those to 29 February on the 2nd.
    # Day 36 is 5 February. ann has 3 days in the first week, 2 of them before the 4th; bob one; eve none, cy has left.
    spells = [Spell("ann", LONG_AGO, None, "Ops"), Spell("bob", LONG_AGO, None, "Ops"),
              Spell("eve", LONG_AGO, None, "Law"), Spell("cy", LONG_AGO, day(3), "Law")]  # fmt: skip
    events = [did(A, 1, n=2), did(A, 3), did(A, 7), did(B, 8), did(B, 8, "react"), did(C, 1), did(B, 60)]
    company = world([A, B, C, E], spells, events, coverage=(Coverage("alpha", "w0", day(1), day(61)),))
    got = marts_of(warehouse, company)["mart_days_active"]

    def histogram(start: int, kind: str, unit: str = "all") -> list[tuple[object, ...]]:
        rows = table(got, "n_days_active n_people n_at_least n_eligible", platform="alpha", unit=unit,
                     period_kind=kind, period_start=day(start))  # fmt: skip
        return [row for row in sorted(rows) if row[0] in (0, 1, 2, 3, 7, 28)]

    assert histogram(1, "week") == [(0, 2, 3, 3), (1, 0, 1, 3), (2, 0, 1, 3), (3, 1, 1, 3), (7, 0, 0, 3)]
    assert histogram(1, "week", "Law") == [(0, 1, 1, 1), (1, 0, 0, 1), (2, 0, 0, 1), (3, 0, 0, 1), (7, 0, 0, 1)]
    assert histogram(1, "month")[:3] == [(0, 1, 3, 3), (1, 2, 2, 3), (2, 0, 0, 3)]  # only day 7 of ann is in 4..31
    assert histogram(32, "month")[:2] == [(0, 2, 3, 3), (1, 1, 1, 3)]  # bob on 29 February
    assert histogram(61, "month")[0] == (0, None, None, 3)  # March has only begun
    assert histogram(57, "week")[0] == (0, None, None, 3)  # 26 February to 3 March is not over


def weekly(who, *totals: int) -> list[tuple]:
    """So many posts in the middle of the first, second, ... week of 2024."""
    return [did(who, 3 + 7 * i, n=total) for i, total in enumerate(totals) if total]


def segments(warehouse, company: Company, n_week: int) -> dict[tuple[object, object], object]:
    stage(warehouse, company)
    run_models(warehouse, "prep_segment")
    rows = table(rows_of(warehouse, "prep_segment"), "person_id habit segment", platform="alpha",
                 period_start=day(7 * n_week - 6))  # fmt: skip
    return {(person, habit): found for person, habit, found in rows}


def test_segments_by_hand(warehouse) -> None:
    names = ("strong", "steady", "burst", "rare", "silent", "fresh")
    who = {name: at("alpha", name) for name in names}
    spells = [Spell(name, day(8) if name == "fresh" else LONG_AGO, None, "Ops") for name in names]
    events = [
        *weekly(who["strong"], 0, 0, 0, 20, *[20] * 8),  # 9 of 12, in all 180 = 15 x 12; 4 of 4: 80 >= 60
        *weekly(who["steady"], 99, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1),  # 10 of 12, 108 in all; 4 of 4: 4 in all
        *weekly(who["burst"], *[0] * 9, 6, 0, 6),  # 2 weeks; 12 in all = 1 x 12; of 4 weeks: 12 >= 4
        *weekly(who["rare"], *[0] * 9, 3),  # 3 < 12 and 3 < 4
        *weekly(who["silent"], *[0] * 12, 5),  # only in week 13
        *weekly(who["fresh"], 0, *[2] * 11),  # employed from the second week on: 11 weeks
    ]
    company = world(list(who.values()), spells, events, coverage=(Coverage("alpha", "w0", day(1), day(91)),))
    got = segments(warehouse, company, 12)
    assert [got[name, "9 of 12"] for name in names] == ["power", "habitual", "novice", "low", "none", "unknown"]
    assert [got[name, "4 of 4"] for name in names] == ["power", "habitual", "novice", "low", "none", "habitual"]
    later = segments(warehouse, company, 13)
    assert later["strong", "9 of 12"] == "power"  # weeks 4 to 12 are still in the window
    assert later["strong", "4 of 4"] == "novice"  # 60 = 15 x 4, but not in each week: no habit, no power
    assert later["fresh", "9 of 12"] == "habitual"


def test_a_day_that_was_not_observed_makes_every_window_with_it_unknown(warehouse) -> None:
    files = (Coverage("alpha", "w0", day(1), day(20)), Coverage("alpha", "w0", day(22), day(70)))
    company = world([A], [Spell("ann", LONG_AGO)], [*weekly(A, *[1] * 10)], coverage=files)
    rows = table(marts_of(warehouse, company)["mart_usage_segments"], "n_habitual n_unknown", platform="alpha",
                 unit="all", habit="4 of 4")  # fmt: skip
    # weeks 1 to 3 have no three before them, week 3 holds day 21, so week 7 is the first whole window
    assert rows == [(None, 1)] * 6 + [(1, 0)] * 4


def test_retention_by_hand(warehouse) -> None:
    # From Monday 1 January 2024 on, day(91) = 31 March is the 91st observed day: April is the first cohort.
    # As of day(150) = 29 May: the last of April + 7k + 6 is over for k <= 3 (27 May).
    names = ("ann", "bob", "cy", "eve", "old", "may")
    who = {name: at("alpha", name) for name in names}
    spells = [Spell(name, LONG_AGO, day(111) if name == "cy" else None, "Ops") for name in names]
    events = [
        did(who["old"], 5), did(who["old"], 95),  # not new in April
        did(who["ann"], 92), did(who["ann"], 98),  # week 0 only: day 98 is the seventh day
        did(who["bob"], 100), did(who["bob"], 107), did(who["bob"], 121),  # weeks 0, 1 and 3
        did(who["cy"], 100), did(who["cy"], 107),  # leaves in week 1: the last day is 110 of 107..113
        did(who["eve"], 121),  # 30 April; week 1 begins on day 128
        did(who["may"], 122),
    ]  # fmt: skip
    files = (Coverage("alpha", "w0", day(1), day(128)), Coverage("alpha", "w0", day(130), day(150)))
    got = marts_of(warehouse, world(list(who.values()), spells, events, coverage=files))["mart_retention"]
    columns = "n_weeks_since n_cohort n_observable n_left n_active retention_ratio"
    april = sorted(table(got, columns, platform="alpha", unit="Ops", period_start=day(92)), key=str)
    assert sorted(april, key=lambda row: row[0])[:5] == [
        (0, 4, 4, 0, 4, 1.0),
        (1, 4, 2, 1, 1, 0.5),  # ann and bob; cy has left; eve's week 128..134 holds day 129, which is missing
        (2, 4, 3, 1, 0, 0.0),
        (3, 4, 3, 1, 1, 1 / 3),
        (4, 4, None, None, None, None),
    ]
    assert {row[1] for row in table(got, columns, platform="alpha", unit="all", period_start=day(61))} == {None}
    assert table(got, columns, platform="alpha", unit="all", period_start=day(122), n_weeks_since=0) == [
        (0, 1, None, None, None, None)
    ]


@pytest.mark.parametrize(("first", "n_cohort"), [(2, 1), (3, None)])
def test_a_cohort_is_known_if_90_observed_days_lie_before_it(warehouse, first: int, n_cohort: int | None) -> None:
    # 1 April 2024 is day 92: the 91st day from 2 January on, and the 90th from 3 January on
    files = (Coverage("alpha", "w0", day(first), day(130)),)
    company = world([A], [Spell("ann", LONG_AGO)], [did(A, 95)], coverage=files)
    got = marts_of(warehouse, company)["mart_retention"]
    assert table(got, "n_cohort n_active", platform="alpha", unit="all", period_start=day(92), n_weeks_since=0) == [
        (n_cohort, n_cohort)
    ]
