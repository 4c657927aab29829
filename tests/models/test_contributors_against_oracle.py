"""Inequality, roles, breadth and lurkers: the SQL gives what the definitions say, and obeys the laws of its figures."""

from collections.abc import Callable
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.oracle import contributors
from tests.oracle.company import Company, companies
from tests.oracle.compare import assert_same_rows
from tests.oracle.dense import dense_company
from tests.oracle.presence import Report, invented_reports
from tests.oracle.staged import empty_warehouse, rows_of, run_models, stage

PERIOD = ("period_kind", "period_start", "platform", "unit")
TABLES: dict[str, tuple[Callable[[Company], list[contributors.Row]], tuple[str, ...]]] = {
    "mart_lorenz": (contributors.lorenz, (*PERIOD, "percent_of_people")),
    "mart_roles": (contributors.roles, PERIOD),
    "mart_platform_overlap": (contributors.platform_overlap, PERIOD),
    "mart_platform_pairs": (contributors.platform_pairs, (*PERIOD, "other_platform")),
}


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def stage_reports(connection, reports: list[Report]) -> None:
    rows = [
        {"file_id": "usage", "platform": "office", "workspace": "w0", "used_platform": one.platform,
         "account_id": one.account_id, "period_from": one.first, "period_to": one.last, "reported_on": one.last,
         "report": "detail", "is_active": one.is_active, "is_record": True, "member": "", "line": line}
        for line, one in enumerate(reports, 1)
    ]  # fmt: skip
    shape = connection.sql("from stg_usage limit 0").pl().schema
    connection.register("given", pl.DataFrame([{name: row.get(name) for name in shape} for row in rows], schema=shape))
    connection.execute("insert into stg_usage by name select * from given")
    connection.unregister("given")


def assert_marts_equal_the_oracle(connection, world: Company, reports: list[Report]) -> None:
    stage(connection, world)
    stage_reports(connection, reports)
    run_models(connection, "mart_contributor_ratios", *TABLES)
    ratios = rows_of(connection, "mart_contributor_ratios")
    assert_same_rows(ratios, contributors.contributor_ratios_with(world, reports), PERIOD)
    for table, (expected, key) in TABLES.items():
        assert_same_rows(rows_of(connection, table), expected(world), key)
    assert_laws_of_ratios(ratios)
    assert_laws_of_curves(ratios, rows_of(connection, "mart_lorenz"))
    roles = rows_of(connection, "mart_roles")
    contributing = {key_of(row): row["n_contributors"] for row in ratios}
    for row in roles:
        counts = [row["n_core"], row["n_regular"], row["n_casual"]]
        assert contributing[key_of(row)] == (None if None in counts else sum(counts))
        assert not contributing[key_of(row)] or row["unit"] != "all" or row["n_core"] > 0
    assert_units_sum_to_the_total(world, ratios, ("n_contributors", "n_none", "n_heavy", "n_lurkers", "n_absent"))
    assert_units_sum_to_the_total(world, roles, ("n_core", "n_regular", "n_casual"))
    assert_units_sum_to_the_total(world, rows_of(connection, "mart_platform_overlap"), ("n_on_1", "n_on_2"))


def key_of(row: dict[str, object]) -> tuple[object, ...]:
    return tuple(row[name] for name in PERIOD)


def assert_laws_of_ratios(rows: list[dict[str, object]]) -> None:
    """The Gini lies in [0, (n-1)/n]; contributors, lurkers and absentees are everybody."""
    for row in rows:
        n, gini = row["n_eligible"], row["gini_ratio"]
        if gini is not None:
            assert 0 <= gini <= (n - 1) / n + 1e-15
            assert (row["gini_corrected_ratio"] is None) == (n == 1)
            assert row["gini_corrected_ratio"] is None or 0 <= row["gini_corrected_ratio"] <= 1
        if row["n_lurkers"] is not None:
            assert row["n_contributors"] + row["n_lurkers"] + row["n_absent"] == n
            assert row["n_lurkers"] + row["n_absent"] == row["n_none"]


def assert_laws_of_curves(ratios: list[dict[str, object]], curves: list[dict[str, object]]) -> None:
    """From 0 to 1, never steeper before than after; the area under it says what the Gini says."""
    points: dict[tuple[object, ...], list[float | None]] = {}
    for row in sorted(curves, key=lambda row: row["percent_of_people"]):
        points.setdefault(key_of(row), []).append(row["contributions_ratio"])
    for row in ratios:
        curve = points[key_of(row)]
        if row["gini_ratio"] is None:
            assert set(curve) == {None}
            continue
        assert (len(curve), curve[0], curve[-1]) == (21, 0.0, 1.0)
        steps = [after - before for before, after in pairwise(curve)]
        assert all(a <= b + 1e-12 for a, b in pairwise(steps))
        area = sum(a + b for a, b in pairwise(curve)) / 40
        # chords lie above the curve; where each person ends on one of the 20 steps they are the curve
        assert 1 - 2 * area <= row["gini_ratio"] + 1e-12
        if 20 % row["n_eligible"] == 0:
            assert 1 - 2 * area == pytest.approx(row["gini_ratio"], abs=1e-12)


def assert_units_sum_to_the_total(world: Company, rows: list[dict[str, object]], columns: tuple[str, ...]) -> None:
    """People are counted in one unit; those without a unit are in the total only."""
    whole = {key_of(row): row for row in rows if row["unit"] == "all"}
    have_units = bool(world.spells) and all(spell.unit for spell in world.spells)
    for key, total in whole.items():
        units = [row for row in rows if key_of(row)[:3] == key[:3] and row["unit"] != "all"]
        for column in columns:
            if total[column] is not None:
                held = sum(row[column] for row in units)
                assert held == total[column] if have_units else held <= total[column]


# without shrinking, as in test_marts_against_oracle
@settings(
    max_examples=18, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(world=companies())
def test_marts_equal_the_oracle(warehouse, world: Company) -> None:
    assert_marts_equal_the_oracle(warehouse, world, invented_reports(world, len(world.events)))


@pytest.mark.parametrize("seed", range(4))
def test_marts_equal_the_oracle_where_much_happens(warehouse, seed: int) -> None:
    world = dense_company(seed)
    assert_marts_equal_the_oracle(warehouse, world, invented_reports(world, seed))
