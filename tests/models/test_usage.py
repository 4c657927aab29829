"""What usage reports say reaches the figures: presence of people, and never a sum over rolling snapshots."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import duckdb
import polars as pl
import pytest

from tests.oracle.by_hand import LONG_AGO, MON, A, B, C, E, Spell, at, did, table, world
from tests.oracle.company import Company
from tests.oracle.staged import empty_warehouse, rows_of, run_models, stage

ROSTER = [Spell(name, LONG_AGO) for name in ("ann", "bob", "cy", "eve")]
PEOPLE = {"unit": "all", "platform": "alpha", "period_kind": "week"}


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with empty_warehouse() as connection:
        yield connection


def report(account: str | None, first: date, last: date, *, is_active: bool | None = True, **fields: object):
    usage = {
        "file_id": "usage", "platform": "office", "workspace": "w0", "used_platform": "alpha", "account_id": account,
        "period_from": first, "period_to": last, "reported_on": last, "report": "detail", "is_active": is_active,
        "is_record": True, "member": "", "line": 2,
    }  # fmt: skip
    return usage | fields


def models(connection, company: Company, usage: list[Mapping[str, object]]) -> None:
    stage(connection, company)
    shape = connection.sql("from stg_usage limit 0").pl().schema
    frame = pl.DataFrame([{name: row.get(name) for name in shape} for row in usage], schema=shape)
    connection.register("given", frame)
    connection.execute("insert into stg_usage by name select * from given")
    connection.unregister("given")
    run_models(connection)


def week(n: int) -> tuple[date, date]:
    """Monday and Sunday of the n-th week of January 2024."""
    first = MON + timedelta(days=7 * (n - 1))
    return first, first + timedelta(days=6)


def present(connection, **where: object) -> list[object]:
    got = table(rows_of(connection, "mart_active_users"), "n_present", **(PEOPLE | where))
    return [value for (value,) in got]


def test_present_are_those_whom_a_report_calls_active_and_those_who_contribute(warehouse):
    # ann reads and writes, bob reads, cy writes only, eve neither; the second week has no report
    company = world([A, B, C, E], ROSTER, [did(A, 2), did(C, 3), did(B, 9)])
    usage = [report(account.account_id, *week(1), is_active=account in (A, B)) for account in (A, B, C, E)]
    models(warehouse, company, usage)
    assert present(warehouse)[:2] == [3, None]
    assert set(present(warehouse, period_kind="month")) == {None}  # one of its weeks says nothing of the others


def test_daily_reports_make_a_week_only_if_they_cover_each_of_its_days(warehouse):
    company = world([A, B], ROSTER, [did(A, 2), did(A, 9)])
    days = [MON + timedelta(days=n) for n in range(14) if n != 10]
    models(warehouse, company, [report(B.account_id, day, day) for day in days])
    assert present(warehouse)[:2] == [2, None]


def test_a_rolling_report_that_reaches_beyond_the_week_says_nothing_of_it(warehouse):
    company = world([A, B], ROSTER, [did(A, 2)])
    models(warehouse, company, [report(B.account_id, MON, MON + timedelta(days=29))])
    assert set(present(warehouse)) == {None}


def test_without_a_roster_nobody_knows_whose_accounts_a_report_names(warehouse):
    models(warehouse, world([A, B], [], [did(A, 2)]), [report(B.account_id, *week(1))])
    assert set(present(warehouse)) == {None}


def test_somebody_off_the_roster_is_not_present(warehouse):
    stranger = at("alpha", None, name="stranger")
    company = world([A, stranger], ROSTER, [did(A, 2), did(stranger, 2)])
    models(warehouse, company, [report(stranger.account_id, *week(1))])
    assert present(warehouse)[0] == 1


def test_all_platforms_are_known_where_each_of_them_is(warehouse):
    company = world([A, B], ROSTER, [did(A, 2)])
    models(warehouse, company, [report(B.account_id, *week(1))])
    assert present(warehouse, platform="all")[:2] == [2, None]


def test_totals_make_nobody_present(warehouse):
    company = world([A, B], ROSTER, [did(A, 2)])
    models(warehouse, company, [report(None, *week(1), n_active_accounts=2)])
    assert set(present(warehouse)) == {None}


def test_the_newest_report_of_a_period_is_in_use(warehouse):
    first, last = week(1)
    usage = [
        report(B.account_id, first, last, n_read=3),
        report(B.account_id, first, last, n_read=5, reported_on=last + timedelta(days=2), file_id="revised"),
        report(B.account_id, first, last, n_read=90, report="other"),
    ]
    models(warehouse, world([A, B], ROSTER, [did(A, 2)]), usage)
    assert set(table(rows_of(warehouse, "fct_usage"), "n_read source file_id")) == {
        (5, "detail", "revised"), (90, "other", "usage"),
    }  # fmt: skip


def test_wiki_case_28_one_account_with_most_contributions_counts_as_automation(warehouse):
    # the reference: a nightly job has 82 % of a wiki's revisions; here it has 1,000 of 1,003
    company = world([A, B], ROSTER, [did(A, 2, n=3), did(B, 3, n=1000)])
    models(warehouse, company, [])
    kinds = dict(table(rows_of(warehouse, "account_review"), "account_id kind_rule"))
    assert kinds == {B.account_id: "volume"}
    ratios = table(rows_of(warehouse, "mart_contributor_ratios"), "n_contributors n_contributions", **PEOPLE)
    assert ratios[0] == (1, 3)


def test_a_line_of_the_mapping_file_says_that_a_heavy_account_is_a_person(warehouse):
    company = world([A, B], ROSTER, [did(A, 2, n=3), did(B, 3, n=1000)])
    stage(warehouse, company)
    warehouse.execute("insert into stg_mapping values (?, 'bob')", [B.account_id])
    run_models(warehouse)
    assert rows_of(warehouse, "account_review") == []
    assert table(rows_of(warehouse, "account_match"), "match_rule confidence", account_id=B.account_id) == [
        ("mapping", "certain")
    ]


def test_999_contributions_are_not_enough_to_doubt_a_person(warehouse):
    models(warehouse, world([A, B], ROSTER, [did(A, 2, n=3), did(B, 3, n=999)]), [])
    assert rows_of(warehouse, "account_review") == []


def test_the_ledger_names_what_contradicts_a_match(warehouse):
    company = world([A, B], ROSTER, [did(A, 2)])
    stage(warehouse, company)
    warehouse.execute(
        "insert into stg_account_identifier by name select file_id, platform, workspace, account_id, "
        "'directory_id' as kind, 'id of cy' as identifier_key from stg_account where account_id = ?", [A.account_id]
    )  # fmt: skip
    warehouse.execute(
        "insert into stg_person_identifier by name select 'roster' as file_id, 'roster' as platform, "
        "'cy' as person_id, 'directory_id' as kind, 'id of cy' as identifier_key"
    )
    run_models(warehouse)
    ledger = table(rows_of(warehouse, "account_match"), "match_rule confidence contradiction", account_id=A.account_id)
    assert ledger == [("directory_id", "certain", "another identifier belongs to somebody else")]
    plain = table(rows_of(warehouse, "account_match"), "match_rule confidence contradiction", account_id=B.account_id)
    assert plain == [("email", "high", None)]
