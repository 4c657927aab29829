"""Pockets or everywhere: the analysis gives what the definitions say of people and their units."""

import math
from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.oracle.by_hand import JANUARY, LONG_AGO, at, did, world
from tests.oracle.company import Company, Spell, companies
from tests.oracle.definitions import ALL, Period, eligible_people, periods_of
from tests.oracle.dense import dense_company
from tests.oracle.marts import contributions_of, head, is_seen
from tests.oracle.staged import empty_warehouse, rows_of, run_models, stage


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def pockets(connection, company: Company) -> dict[date, dict[str, object]]:
    stage(connection, company)
    run_models(connection, "mart_pockets")
    return {row["period_start"]: row for row in rows_of(connection, "mart_pockets")}  # type: ignore[misc]


def placed(company: Company, month: Period) -> list[tuple[str, int]]:
    """The unit and the number of contributions of everybody who counts in the month and has a unit."""
    done = Counter(deed.person for deed in contributions_of(company, ALL, month.start, month.end))
    eligible = eligible_people(company, month, ALL)
    return [(standing.unit, done[person]) for person, standing in eligible.items() if standing.unit is not None]


def index(values: list[float]) -> float:
    """Theil's T as its definition reads: the mean of (x / m) ln (x / m)."""
    mean = sum(values) / len(values)
    return sum(x / mean * math.log(x / mean) for x in values if x) / len(values)


def assert_as_defined(company: Company, found: dict[date, dict[str, object]]) -> None:
    months = periods_of(company, "month", ALL)
    assert set(found) == {month.start for month in months}
    for month in months:
        row, people = found[month.start], placed(company, month)
        begin = head(company, month, ALL, ALL)
        assert {name: row[name] for name in begin} == begin
        assert row["n_eligible"] == len(eligible_people(company, month, ALL))
        if not is_seen(company, month, ALL):
            assert row["n_units"] is row["dissimilarity_ratio"] is row["theil"] is row["units_reached_ratio"] is None
            continue
        sizes, active = Counter(unit for unit, _ in people), Counter(unit for unit, n in people if n)
        assert (row["n_units"], row["n_in_units"], row["n_contributors"]) == (len(sizes), len(people), active.total())
        if len(sizes) < 2 or not active:
            assert row["dissimilarity_ratio"] is row["theil"] is row["theil_between_ratio"] is None
            continue
        distances = [abs(active[unit] / active.total() - sizes[unit] / len(people)) for unit in sizes]
        assert row["dissimilarity_ratio"] == pytest.approx(sum(distances) / 2, abs=1e-12)
        assert row["dissimilarity_largest_ratio"] == pytest.approx(1 - active.total() / len(people))
        total = index([n for _, n in people])
        means = {unit: sum(n for one, n in people if one == unit) / sizes[unit] for unit in sizes}
        between = index([means[unit] for unit, _ in people])
        assert row["theil"] == pytest.approx(total, abs=1e-12)
        assert row["theil_between_ratio"] == pytest.approx(between / total if total > 1e-12 else 0, abs=1e-9)
        assert (row["units_reached_ratio"] is None) == (len(sizes) < 5)


@settings(
    max_examples=12, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(company=companies())
def test_pockets_are_as_defined(warehouse, company: Company) -> None:
    assert_as_defined(company, pockets(warehouse, company))


@pytest.mark.parametrize("seed", range(2))
def test_pockets_are_as_defined_where_much_happens(warehouse, seed: int) -> None:
    company = dense_company(seed)
    assert_as_defined(company, pockets(warehouse, company))


def test_pockets_by_hand(warehouse) -> None:
    """Six units of ten; in the first two everybody writes once, in the others nobody.

    D = (2 |1/2 - 1/6| + 4 |0 - 1/6|) / 2 = 2/3, the most that it can be with 20 of 60. All of T lies between units:
    a share 1/2 over a part 1/6 twice, ln 3. Half of the organisation's share is 1/6: two of six units are reached.
    """
    people = [(f"{unit}-{i}", unit) for unit in "abcdef" for i in range(10)]
    accounts = [at("alpha", person) for person, _ in people]
    spells = [Spell(person, LONG_AGO, None, unit) for person, unit in people]
    events = [did(account, 3) for account, (_, unit) in zip(accounts, people, strict=True) if unit in "ab"]
    (row,) = pockets(warehouse, world(accounts, spells, events, coverage=(JANUARY,))).values()
    assert row["dissimilarity_ratio"] == pytest.approx(2 / 3)
    assert row["dissimilarity_largest_ratio"] == pytest.approx(2 / 3)
    assert 0 < row["dissimilarity_by_chance_ratio"] < 0.3  # type: ignore[operator]
    assert row["dissimilarity_p"] < 0.01  # type: ignore[operator]
    assert row["theil"] == pytest.approx(math.log(3))
    assert row["theil_between_ratio"] == pytest.approx(1)
    assert row["units_reached_ratio"] == row["people_reached_ratio"] == pytest.approx(1 / 3)
    assert row["reached_from_ratio"] == pytest.approx(1 / 6)
