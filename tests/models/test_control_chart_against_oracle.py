"""Weeks and days out of the ordinary are what their definition says, on invented companies and on series by hand."""

from datetime import date, timedelta
from random import Random

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from models.analyses import ANALYSES
from models.schemas import TABLES
from models.validation import find_faults
from tests.oracle.beginners import beginning_firm
from tests.oracle.charting import charted, control_chart
from tests.oracle.company import Company, companies
from tests.oracle.compare import assert_same_rows
from tests.oracle.dense import dense_company
from tests.oracle.staged import empty_warehouse, rows_of, run_models, stage

TABLE = "mart_control_chart"
KEY = ("period_kind", "period_start", "platform", "unit")
MONDAY = date(2024, 1, 1)


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def assert_as_defined(warehouse, company: Company) -> list[dict[str, object]]:
    stage(warehouse, company)
    run_models(warehouse, TABLE)
    rows = rows_of(warehouse, TABLE)
    assert_same_rows(rows, control_chart(company), KEY)
    return rows


@settings(
    max_examples=5, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(company=companies())
def test_charts_are_as_defined(warehouse, company: Company) -> None:
    assert_as_defined(warehouse, company)


@pytest.mark.parametrize("seed", range(2))
def test_charts_are_as_defined_where_much_happens(warehouse, seed: int) -> None:
    assert_as_defined(warehouse, dense_company(seed))


def test_charts_are_as_defined_over_eight_months(warehouse) -> None:
    found = [assert_as_defined(warehouse, beginning_firm(seed).company) for seed in (0, 1, 3)]
    for kind in ("week", "day"):
        assert any(row["is_signal"] for rows in found for row in rows if row["period_kind"] == kind)
    # without a roster (seed 3) shares are of accounts that only gather, so weeks are not judged
    assert {row["is_signal"] for row in found[2] if row["period_kind"] == "week"} == {None}
    assert any(row["n_contributors"] for row in found[2] if row["period_kind"] == "day")


def judged(shares: list[int | None], n: int = 1000, *, counts: list[int | None] | None = None) -> pl.DataFrame:
    """The mart of one platform with these contributors by week, of `n` people; and by day, from a Monday on."""
    weeks = [MONDAY + timedelta(weeks=i) for i in range(len(shares))]
    days = [MONDAY + timedelta(days=i) for i in range(len(counts or []))]
    tables = {
        "prep_period": pl.DataFrame({
            "period_kind": ["week"] * len(weeks), "period_start": weeks,
            "period_end": [week + timedelta(days=6) for week in weeks], "platform": ["all"] * len(weeks),
            "is_complete": [share is not None for share in shares], "n_observed_days": [7] * len(weeks),
        }),
        "prep_week_count": pl.DataFrame({
            "period_start": weeks, "platform": ["all"] * len(weeks), "unit": ["all"] * len(weeks),
            "has_roster": [True] * len(weeks), "n_eligible": [n] * len(weeks),
            "n_contributors": [share or 0 for share in shares],
        }),
        "prep_rolling": pl.DataFrame(
            {"platform": ["all"] * len(days), "occurred_on": days, "unit": ["all"] * len(days),
             "state": ["partial" if count is None else "observed" for count in counts or []],
             "n_eligible": [n] * len(days), "n_contributors_1d": [count or 0 for count in counts or []]},
            schema_overrides={"platform": pl.String, "occurred_on": pl.Date, "unit": pl.String, "state": pl.String,
                              "n_eligible": pl.Int64, "n_contributors_1d": pl.Int64},
        ),
    }  # fmt: skip
    found = ANALYSES[TABLE].estimate(tables)
    assert find_faults(found, TABLES[TABLE]) == []
    return found


def signals(mart: pl.DataFrame) -> list[tuple[object, ...]]:
    rows = mart.filter("is_signal").sort("period_start")
    return [((row["period_start"] - MONDAY).days, row["rule"], row["side"]) for row in rows.iter_rows(named=True)]


CALM = [90, 110] * 10
# of 1000: middle 10 %, ranges all 2 points, so limits at 10 +- 5.32 %


def test_a_week_beyond_the_limits_by_hand() -> None:
    mart = judged([*CALM, 153, 154, 47, 46, None, 300])
    assert signals(mart) == [(21 * 7, "outside", "above"), (23 * 7, "outside", "below"), (25 * 7, "outside", "above")]
    row = mart.row(21, named=True)
    assert (row["centre_ratio"], row["low_ratio"], row["high_ratio"]) == pytest.approx((0.1, 0.0468, 0.1532))
    assert (row["contributor_ratio"], row["n_baseline"]) == (0.154, 20)
    unseen = mart.row(24, named=True)
    assert unseen["contributor_ratio"] is unseen["n_contributors"] is unseen["is_signal"] is None
    assert unseen["centre_ratio"] == pytest.approx(0.1)


def test_new_limits_hold_only_for_what_follows_a_run() -> None:
    # from place 19 (110) on above the middle; the eighth is place 26. New limits: 12 values from place 19 on
    mart = judged([*CALM, *[120, 130] * 8])
    assert signals(mart) == [(26 * 7, "run", "above")]
    middles = mart["centre_ratio"].to_list()
    assert middles[:27] == pytest.approx([0.1] * 27)
    assert middles[27:] == pytest.approx([(110 + 120 * 8 + 130 * 8) / 17000] * 9)
    assert mart["n_baseline"].to_list()[27:] == [17] * 9


def test_limits_are_shares() -> None:
    # everybody but a few: limits beyond 1 and below 0 are not possible
    assert judged([900, 990] * 10)["high_ratio"].unique().to_list() == [1]
    assert judged([0, 90] * 10)["low_ratio"].unique().to_list() == [0]


def test_too_few_weeks_are_not_judged() -> None:
    mart = judged([90, 110] * 5 + [90])
    assert mart["is_signal"].null_count() == mart["centre_ratio"].null_count() == 11
    assert mart["contributor_ratio"].null_count() == 0


def test_a_day_is_judged_by_its_weekday_and_its_limits_are_people() -> None:
    random = Random(4)
    counts: list[int | None] = [random.choice((6, 7, 8) if day % 7 >= 5 else (95, 100, 105)) for day in range(84)]
    counts[:2] = [None, None]
    counts[70], counts[75] = 8, 60  # a Monday like a Sunday, and a Saturday unlike one
    mart = judged([], counts=counts)
    assert signals(mart) == [(70, "outside", "below"), (75, "outside", "above")]
    assert mart["is_signal"].to_list()[:2] == [None, None]
    monday, saturday = mart.row(70, named=True), mart.row(75, named=True)
    for row, usual in ((monday, 100), (saturday, 7)):
        assert row["centre_people"] == pytest.approx(usual, rel=0.1)
        assert row["low_people"] < usual < row["high_people"]
    assert (monday["n_contributors"], monday["n_baseline"]) == (8, 56)
    assert monday["contributor_ratio"] is None


def test_days_are_not_judged_where_a_weekday_is_always_empty() -> None:
    counts: list[int | None] = [0 if day % 7 == 6 else 50 + day % 3 for day in range(84)]
    mart = judged([], counts=counts)
    assert mart["is_signal"].null_count() == 84
    assert mart["n_contributors"].to_list() == counts


def test_false_alarms_of_weeks_in_which_nothing_changes() -> None:
    """Shares of 1000 people who each contribute with chance 20 %: what the note says, within the noise of 200 years."""
    random, outside, any_sign = Random(5), 0, 0
    for _ in range(200):
        counts = [sum(random.random() < 0.2 for _ in range(250)) for _ in range(72)]
        found = charted([n / 250 for n in counts], 20, floor=0.0)
        later = [signs for place in found[20:] if place for signs in [place[1]]]
        outside += sum("outside" in signs for signs in later)
        any_sign += any(later)
    assert 0.007 <= outside / 200 / 52 <= 0.018
    assert 0.38 <= any_sign / 200 <= 0.58
