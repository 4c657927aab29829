"""From reader to contributor: the SQL gives what the definition says, and what was counted by hand."""

from datetime import date, timedelta

import polars as pl
import pytest

from tests.oracle.by_hand import LONG_AGO, Spell, at, world
from tests.oracle.company import Account, Company, Coverage, Event
from tests.oracle.compare import assert_same_rows
from tests.oracle.converting import conversion, newcomer_company, post
from tests.oracle.presence import Report
from tests.oracle.staged import empty_warehouse, rows_of, run_models, stage

KEY = ("period_kind", "period_start", "platform", "unit")
NEW_YEAR = date(2024, 1, 1)


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def converted(connection, company: Company, reports: list[Report]) -> list[dict[str, object]]:
    stage(connection, company)
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
    run_models(connection, "mart_conversion")
    return rows_of(connection, "mart_conversion")


@pytest.mark.parametrize("seed", range(8))
def test_the_mart_equals_the_oracle(warehouse, seed: int) -> None:
    company, reports = newcomer_company(seed)
    got = converted(warehouse, company, reports)
    # the newest of several reports of a day is in use; the oracle keeps them all
    assert_same_rows(got, conversion(company, reports), KEY)


def test_enough_of_the_invented_companies_is_known() -> None:
    rows = [row for seed in range(4) for row in conversion(*newcomer_company(seed))]
    known = [row for row in rows if row["n_cohort"]]
    assert len(known) > 60
    assert sum(row["converted_28d_ratio"] is not None for row in known) > 40
    assert sum(0 < row["converted_90d_ratio"] < 1 for row in known if row["converted_90d_ratio"] is not None) > 20
    assert sum(bool(row["n_censored"]) for row in known) > 20
    assert any(row["n_cohort"] and row["platform"] == "all" for row in rows)


# ---- by hand ---------------------------------------------------------------------------------------------------------
# Reports of alpha for each day of 2024 to 30 June. The first 90 days end on 30 March: April is the first month known.

WATCHER = at("alpha", None, name="watcher")
UNTIL = date(2024, 6, 30)
YEAR = (Coverage("alpha", "w0", NEW_YEAR, UNTIL),)


def reading(who: Account, *days: date) -> list[Report]:
    return [Report(who.account_id, "alpha", one, one, True) for one in days]


def every_day(*, but: tuple[date, ...] = ()) -> list[Report]:
    days = [NEW_YEAR + timedelta(days=n) for n in range((UNTIL - NEW_YEAR).days + 1)]
    return [Report(WATCHER.account_id, "alpha", one, one, False) for one in days if one not in but]


def april(
    connection, events: list[Event], reports: list[Report], *, spells: list[Spell] | None = None,
    coverage: tuple[Coverage, ...] = YEAR, month: int = 4,
) -> dict[str, object]:  # fmt: skip
    """The row of alpha for April, or another month."""
    staff = spells or [Spell(name, LONG_AGO) for name in ("ann", "bob", "cy", "dan", "eve")]
    company = world([WATCHER, ANN, BOB, CY, DAN, EVE], staff, [tuple(events)], coverage=coverage)
    wanted = {"period_start": date(2024, month, 1), "platform": "alpha", "unit": "all"}
    (row,) = (row for row in converted(connection, company, reports) if row.items() >= wanted.items())
    return row


ANN, BOB, CY, DAN, EVE = (at("alpha", name) for name in ("ann", "bob", "cy", "dan", "eve"))
# ann reads on 1 April and posts on the 29th (28 days); bob reads on 1 April and posts on the 30th (29 days); cy posts
# on 10 April, which is her first day too; dan reads on 2 April and leaves, last there on 21 April (19 days); eve is met
# in March already.
EVENTS = [post(ANN, date(2024, 4, 29), 1), post(BOB, date(2024, 4, 30), 2), post(CY, date(2024, 4, 10), 3),
          post(CY, date(2024, 4, 11), 4)]  # fmt: skip
READING = [*reading(ANN, date(2024, 4, 1)), *reading(BOB, date(2024, 4, 1)), *reading(DAN, date(2024, 4, 2)),
           *reading(EVE, date(2024, 3, 30), date(2024, 4, 3)), *every_day()]  # fmt: skip
SPELLS = [*(Spell(name, LONG_AGO) for name in ("ann", "bob", "cy", "eve")), Spell("dan", LONG_AGO, date(2024, 4, 22))]


def test_a_cohort_by_hand(warehouse) -> None:
    row = april(warehouse, EVENTS, READING, spells=SPELLS)
    # at risk on day 0: 4, cy converts: 3/4; dan is censored on day 19; on day 28 ann of 2 converts: 3/8; day 29 bob: 0
    assert (row["n_cohort"], row["n_converted_28d"], row["n_converted_90d"], row["n_censored"]) == (4, 2, 3, 1)
    assert row["converted_28d_ratio"] == pytest.approx(5 / 8)
    # Greenwood: 1/(4*3) + 1/(2*1) = 7/12; 1.959964 * sqrt(7/12) / ln(8/3) = 1.496947 / 0.980829 = 1.526206
    # exp(1.526206) = 4.600687; bounds 1 - 0.375 ^ (1/4.600687) = 0.191999 and 1 - 0.375 ^ 4.600687 = 0.989029
    assert row["converted_28d_ratio_low"] == pytest.approx(0.191999, abs=1e-6)
    assert row["converted_28d_ratio_high"] == pytest.approx(0.989029, abs=1e-6)
    # by day 29 everybody still there has: no variance, so Wilson of 3 of 3: 3 / (3 + 3.841459) = 0.438503
    assert row["converted_90d_ratio"] == 1.0
    assert row["converted_90d_ratio_low"] == pytest.approx(0.438503, abs=1e-6)
    assert row["converted_90d_ratio_high"] == 1.0


def test_months_that_begin_within_90_days_of_reading_are_unknown(warehouse) -> None:
    assert april(warehouse, EVENTS, READING, month=3)["n_cohort"] is None
    # the 91st day with a report is 31 March; without the reports of two days it is 2 April, and April is unknown too
    one_less = [r for r in READING if r.first not in (date(2024, 2, 1), date(2024, 2, 2))]
    assert april(warehouse, EVENTS, one_less)["n_cohort"] is None
    assert april(warehouse, EVENTS, one_less, month=5)["n_cohort"] == 0


def test_a_month_with_a_day_without_report_is_unknown(warehouse) -> None:
    missing = [r for r in READING if r.first != date(2024, 4, 17)]
    row = april(warehouse, EVENTS, missing)
    assert [row[name] for name in row if name.startswith(("n_c", "conv"))] == [None] * 10
    assert april(warehouse, EVENTS, missing, month=5)["n_cohort"] == 0


def test_reports_of_weeks_tell_no_first_day(warehouse) -> None:
    weeks = [Report(WATCHER.account_id, "alpha", NEW_YEAR + timedelta(days=n), NEW_YEAR + timedelta(days=n + 6), True)
             for n in range(0, 180, 7)]  # fmt: skip
    assert april(warehouse, EVENTS, weeks)["n_cohort"] is None
    # and beside daily ones they move nobody's first day
    week_of_ann = [Report(ANN.account_id, "alpha", date(2024, 3, 4), date(2024, 3, 10), True)]
    assert april(warehouse, EVENTS, READING + week_of_ann, spells=SPELLS)["n_cohort"] == 4


def test_who_is_followed_to_a_missing_day_is_censored_there(warehouse) -> None:
    # 5 May is missing in the exports
    files = (Coverage("alpha", "w0", NEW_YEAR, date(2024, 5, 4)), Coverage("alpha", "w0", date(2024, 5, 6), UNTIL))
    late = [post(ANN, date(2024, 5, 10), 1)]
    row = april(warehouse, late, [*reading(ANN, date(2024, 4, 1)), *every_day()], coverage=files)
    # ann is followed to 4 May, 33 days: known to be silent for 28, nothing is known of 90
    assert (row["n_cohort"], row["n_converted_90d"], row["n_censored"]) == (1, 0, 1)
    assert (row["converted_28d_ratio"], row["converted_90d_ratio"]) == (0.0, None)
    assert row["converted_28d_ratio_high"] == pytest.approx(3.841458821 / 4.841458821)


def test_without_a_roster_nobody_knows_whose_accounts_read(warehouse) -> None:
    people = [at("alpha", None, name=name) for name in ("ann", "bob")]
    company = world([WATCHER, *people], [], [(post(people[0], date(2024, 4, 3), 1),)], coverage=YEAR)
    got = converted(warehouse, company, [*reading(people[1], date(2024, 4, 1)), *every_day()])
    assert {row["n_cohort"] for row in got} == {None}
