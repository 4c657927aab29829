"""People present in 1, 7 and 28 days: the SQL gives what the definition says, and what was counted by hand."""

import polars as pl
import pytest

from tests.oracle.by_hand import LONG_AGO, A, B, C, Spell, at, day, did, table, world
from tests.oracle.company import Company
from tests.oracle.compare import assert_same_rows
from tests.oracle.dense import dense_company
from tests.oracle.presence import WIDTHS, Report, invented_reports, rolling_presence
from tests.oracle.staged import empty_warehouse, rows_of, run_models, stage

ROSTER = [Spell(name, LONG_AGO, None, "Ops") for name in ("ann", "bob", "cy")]


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def day_rows(connection, company: Company, reports: list[Report]) -> list[dict[str, object]]:
    stage(connection, company)
    shape = connection.sql("from stg_usage limit 0").pl().schema
    rows = [
        {"file_id": "usage", "platform": "office", "workspace": "w0", "used_platform": one.platform,
         "account_id": one.account_id, "period_from": one.first, "period_to": one.last, "reported_on": one.last,
         "report": "detail", "is_active": one.is_active, "is_record": True, "member": "", "line": line}
        for line, one in enumerate(reports, 1)
    ]  # fmt: skip
    frame = pl.DataFrame([{name: row.get(name) for name in shape} for row in rows], schema=shape)
    connection.register("given", frame)
    connection.execute("insert into stg_usage by name select * from given")
    connection.unregister("given")
    run_models(connection, "mart_active_users")
    columns = ("period_start", "platform", "unit", *WIDTHS)
    return [
        {column: row[column] for column in columns}
        for row in rows_of(connection, "mart_active_users")
        if row["period_kind"] == "day"
    ]


@pytest.mark.parametrize("seed", range(10))
def test_presence_equals_the_oracle(warehouse, seed: int) -> None:
    company = dense_company(seed)
    reports = invented_reports(company, seed)
    got = day_rows(warehouse, company, reports)
    assert_same_rows(got, rolling_presence(company, reports), ("period_start", "platform", "unit"))


def daily(who, *days: int, is_active: bool = True) -> list[Report]:
    return [Report(who.account_id, "alpha", day(n), day(n), is_active) for n in days]


def present(connection, company: Company, reports: list[Report], n: int, platform: str = "alpha") -> tuple[object, ...]:
    rows = day_rows(connection, company, reports)
    return table(rows, " ".join(WIDTHS), platform=platform, unit="all", period_start=day(n))[0]


def test_daily_reports_that_cover_each_day_of_a_window_tell_it(warehouse) -> None:
    # bob reads on 3 and 9, ann posts on 5, cy never; day 12 has no report; ann's post there needs none to be known
    company = world([A, B, C], ROSTER, [did(A, 5), did(A, 12)])
    told = [*daily(B, 3, 9), *daily(C, *(n for n in range(1, 32) if n != 12), is_active=False)]
    assert present(warehouse, company, told, 6) == (0, None, None)  # the window of 7 begins on 31 December
    assert present(warehouse, company, told, 7) == (0, 2, None)
    assert present(warehouse, company, told, 9) == (1, 2, None)  # 3 to 9: bob, and ann on 5
    assert present(warehouse, company, told, 11) == (0, 2, None)
    assert present(warehouse, company, told, 12) == (None, None, None)
    assert present(warehouse, company, told, 18) == (0, None, None)  # 12 to 18
    assert present(warehouse, company, told, 19) == (0, 0, None)


def test_a_snapshot_tells_only_the_window_of_its_own_days(warehouse) -> None:
    company = world([A, B, C], ROSTER, [did(A, 5)])
    week = [Report(B.account_id, "alpha", day(8), day(14), True), Report(C.account_id, "alpha", day(8), day(14), False)]
    assert present(warehouse, company, week, 14) == (None, 1, None)
    assert present(warehouse, company, week, 15) == present(warehouse, company, week, 13) == (None, None, None)
    month = [Report(B.account_id, "alpha", day(4), day(31), True)]
    assert present(warehouse, company, month, 31) == (None, None, 2)  # 28 days; ann posts in them
    thirty = [Report(B.account_id, "alpha", day(2), day(31), True)]
    assert present(warehouse, company, thirty, 31) == (None, None, None)
    four_weeks = [Report(B.account_id, "alpha", day(n), day(n + 6), n == 4) for n in (4, 11, 18, 25)]
    assert present(warehouse, company, four_weeks, 31) == (None, 0, 2)


def test_present_are_people_who_are_there_on_the_day(warehouse) -> None:
    stranger = at("alpha", None, name="stranger")
    roster = [Spell("ann", LONG_AGO, None, "Ops"), Spell("bob", LONG_AGO, day(9), "Ops")]
    company = world([A, B, stranger], roster, [did(stranger, 8)])
    told = [*daily(A, *range(1, 10)), *daily(B, *range(1, 9)), *daily(stranger, 8)]
    assert present(warehouse, company, told, 8) == (2, 2, None)
    assert present(warehouse, company, told, 9) == (1, 1, None)  # bob has left, and counts no more for the days before


def test_totals_reports_without_a_verdict_and_no_roster_tell_nothing(warehouse) -> None:
    company = world([A, B], ROSTER, [did(A, 5)])
    for report in (Report(None, "alpha", day(5), day(5), True), Report(B.account_id, "alpha", day(5), day(5), None)):
        assert present(warehouse, company, [report], 5) == (None, None, None)
    assert present(warehouse, world([A, B], [], [did(A, 5)]), daily(B, 5), 5) == (None, None, None)


def test_who_only_used_email_was_present_nowhere(warehouse) -> None:
    company = world([A, B, C], ROSTER, [did(A, 5)])
    told = daily(C, *range(1, 32), is_active=False)
    email = [Report(B.account_id, "email", day(n), day(n), True) for n in range(1, 32)]
    for n, expected in ((9, (0, 1, None)), (28, (0, 0, 1))):
        assert present(warehouse, company, told, n, "all") == expected
        assert present(warehouse, company, [*told, *email], n, "all") == expected
