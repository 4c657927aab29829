"""A real Slack overview of four and a half years gives the figures that others computed from it, gaps and all.

How its rows are read is tested with the connector; it names nobody, so no mart holds anything of it.
"""

import csv
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.oracle import staged
from tests.pipelines.runs import Run, drop_folder, run_models

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
OVERVIEW = DATA / "slack" / "analytics_overview_nhsr.csv"
MONTHLY = DATA / "expected" / "nhsr_slack_monthly.csv"

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not OVERVIEW.is_file(), reason="the real overview does not lie beside the checkout"),
]
Days = dict[date, tuple[int, int]]
"""Active and posting members by the last day of which they are told."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("nhsr")
    drop = drop_folder(folder / "drop", {OVERVIEW.name: OVERVIEW}, config='[source."*.csv"]\nworkspace = "nhsr"\n')
    run = run_models(drop, folder / "out", is_built=False)
    with duckdb.connect(str(run.path)) as connection:
        staged.run_models(connection, "fct_usage", "export_file")
    return run


def told(run: Run, n_days: int) -> Days:
    """What fct_usage knows of periods of so many days."""
    rows = run.rows(
        "select period_to, n_active_accounts, n_posting_accounts, is_record, account_id, space_id "
        "from fct_usage where date_diff('day', period_from, period_to) + 1 = $n_days",
        n_days=n_days,
    )
    assert {(is_record, account, space) for *_, is_record, account, space in rows} == {(n_days == 1, None, None)}
    found = {last: (active, posting) for last, active, posting, *_ in rows}
    assert len(found) == len(rows)
    return found  # type: ignore[return-value]


@pytest.fixture(scope="module")
def days(run: Run) -> Days:
    return told(run, 1)


@pytest.fixture(scope="module")
def weeks(run: Run) -> Days:
    return told(run, 7)


def test_a_date_that_the_download_lacks_has_no_row_and_no_zero(run: Run, days: Days) -> None:
    assert run.problems == []
    first, last = min(days), max(days)
    every_day = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert (first, last) == (date(2019, 11, 5), date(2024, 4, 24))
    assert (len(days), len(every_day), len(set(every_day) - set(days))) == (1354, 1633, 279)
    total = sum(active for active, _ in days.values())
    # with zeros for the missing days the mean would be 17 % too low
    assert (round(total / len(days), 2), round(total / len(every_day), 2)) == (48.35, 40.09)


def test_a_week_is_seven_days_and_not_seven_rows(days: Days) -> None:
    order = sorted(days)
    of_rows = list(zip(order, order[6:], strict=False))
    wrong = [(first, last) for first, last in of_rows if (last - first).days != 6]
    assert (len(of_rows), len(wrong)) == (1348, 924)
    of_days = [day for day in order if all(day - timedelta(days=n) in days for n in range(7))]
    assert len(of_days) == 1348 - 924


def test_stickiness_of_each_year_equals_the_published_one(days: Days, weeks: Days) -> None:
    daily, weekly, posting = defaultdict[int, int](int), defaultdict[int, int](int), defaultdict[int, int](int)
    assert weeks.keys() == days.keys()
    for day in days:
        daily[day.year] += days[day][0]
        weekly[day.year] += weeks[day][0]
        posting[day.year] += weeks[day][1]
    years = range(2020, 2024)
    assert [round(daily[year] / weekly[year], 4) for year in years] == [0.4303, 0.3907, 0.3791, 0.3849]
    assert [round(posting[year] / weekly[year], 4) for year in years] == [0.3127, 0.2860, 0.2664, 0.2676]


def test_the_weekly_counts_of_a_line_are_of_the_seven_days_to_its_day(days: Days, weeks: Days) -> None:
    # from one day to the next a week gains nobody but members of its new day, and loses nobody but those of the day
    # that left it; weeks of six or eight days, which Slack's help speaks of for active members, would lose others
    def impossible(n_days: int, counted: int) -> int:
        steps = [day for day in weeks if {day - timedelta(days=1), day - timedelta(days=n_days)} <= weeks.keys()]
        assert len(steps) > 900
        lost = [weeks[day - timedelta(days=1)][counted] - weeks[day][counted] for day in steps]
        return sum(
            not -days[day][counted] <= n <= days[day - timedelta(days=n_days)][counted]
            for day, n in zip(steps, lost, strict=True)
        )

    assert [[impossible(n, counted) for n in (6, 7, 8)] for counted in (0, 1)] == [[5, 0, 9], [30, 0, 23]]


def test_the_export_tells_of_its_own_days_and_counts_each_line_once(run: Run) -> None:
    assert run.rows(
        "select coverage_from, coverage_to, n_read, n_accepted, n_duplicate, n_excluded, n_quarantined from export_file"
    ) == [(date(2019, 11, 5), date(2024, 4, 24), 1354, 1354, 0, 0, 0)]


def test_each_month_equals_the_independent_reading(days: Days) -> None:
    with MONTHLY.open(encoding="utf-8", newline="") as stream:
        months = {row["month"]: row for row in csv.DictReader(stream)}
    found = defaultdict[str, list[tuple[int, int]]](list)
    for day, counts in days.items():
        found[f"{day:%Y-%m}"].append(counts)
    assert sorted(found) == sorted(months)
    for month, expected in months.items():
        active, posting = (sum(pair[i] for pair in found[month]) for i in (0, 1))
        assert len(found[month]) == int(expected["days_present"]), month
        assert active / len(found[month]) == pytest.approx(float(expected["mean_dau"]), abs=5e-5), month
        assert posting / active == pytest.approx(float(expected["pooled_daily_poster_ratio"]), abs=5e-7), month


def test_posting_members_are_never_more_than_active_ones(days: Days) -> None:
    assert all(posting <= active for active, posting in days.values())
    assert max(active for active, _ in days.values()) == 188
    assert days[date(2023, 10, 17)][0] == 188
    assert days[date(2023, 10, 18)][1] == max(posting for _, posting in days.values()) == 72
