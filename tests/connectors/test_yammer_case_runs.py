"""Numbered failure cases of Yammer exports in runs: what the tables must hold beyond the reader's frames."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from tests.pipelines import tiny
from tests.pipelines.runs import FACTS, Run, run_models

JANUARY, FEBRUARY, MARCH, APRIL = (date(2024, month, 1) for month in (1, 2, 3, 4))
ANN, BEN = tiny.yammer_user(11, "p1@t.example"), tiny.yammer_user(12, "p2@t.example")
CONCEALED = "77E5979DD60BA6EAA53E814DBEEEFA5F"
MONTHS = "from mart_active_users where period_kind = 'month' and platform = 'all' and unit = 'all' order by all"


def run(folder: Path, *, people: Sequence[dict[str, str]] = (), config: str = tiny.CONFIG) -> Run:
    """The tables made of the exports in `folder`/drop, with a roster of these people."""
    if people:
        tiny.roster_csv(folder / "drop" / "roster.csv", people)
    (folder / "drop" / "turnout.toml").write_text(config, encoding="utf-8")
    done = run_models(
        folder / "drop", folder / "out", platforms=("yammer", "m365"), tables=(*FACTS, "mart_active_users")
    )
    assert not done.problems
    assert not done.rows("""
        select path from export_file where n_read <> n_accepted + n_duplicate + n_excluded + n_quarantined
    """)
    return done


def person(name: str, **fields: str) -> dict[str, str]:
    return tiny.roster_row(name, date(2023, 1, 1), "Acme", **fields)


def report(path: Path, *users: str) -> None:
    """A weekly usage report in which everybody posted twice, read 5 conversations and liked 1 message."""
    rows = [{"Report Refresh Date": "2024-01-07", "User Principal Name": user, "Last Activity Date": "2024-01-06",
             "Posted Count": "2", "Read Count": "5", "Liked Count": "1", "Report Period": "7"} for user in users]
    path.write_text(tiny.csv_text(list(rows[0]), rows), encoding="utf-8")


def test_yammer_case_06_a_month_between_two_exports_is_missing_and_never_zero(tmp_path):
    for since, until, number in ((JANUARY, FEBRUARY, 101), (MARCH, APRIL, 103)):
        tiny.yammer_zip(tmp_path / "drop" / f"{since}.zip", since, until, [ANN], [
            tiny.yammer_row(number, since.replace(day=10), 11)])
    done = run(tmp_path, people=[person("p1")])
    assert done.rows("select state, min(occurred_on), max(occurred_on), count(*) from coverage_day group by 1 "
                     "order by 2, 1") == [
        ("observed", JANUARY, date(2024, 3, 31), 62), ("missing", FEBRUARY, date(2024, 2, 29), 29)]
    assert done.rows(f"select period_start, is_complete, n_observed_days {MONTHS}") == [
        (JANUARY, True, 31), (FEBRUARY, False, 0), (MARCH, True, 31)]


def test_yammer_case_12_posts_of_the_deleted_stay_and_nobody_counts_who_never_came(tmp_path):
    gone = {**ANN, "state": "soft_delete", "deleted_at": "2024-01-20T00:00:00Z"}
    pending = {**tiny.yammer_user(13, "p3@t.example"), "joined_at": ""}
    rows = [tiny.yammer_row(101, date(2024, 1, 10), 11), tiny.yammer_row(102, date(2024, 1, 31), 12)]
    tiny.yammer_zip(tmp_path / "drop" / "a.zip", JANUARY, FEBRUARY, [gone, BEN, pending], rows)
    done = run(tmp_path)
    assert done.one("select count(*) from fct_event where is_contribution") == 2
    assert done.rows("select is_deactivated, count(*) from dim_account group by 1 order by 1") == [
        (False, 2), (True, 1)]
    assert done.rows(f"select n_eligible, n_contributors {MONTHS}") == [(2, 2)]


def test_yammer_case_12_who_left_by_the_roster_is_in_no_later_denominator(tmp_path):
    gone = {**ANN, "state": "soft_delete", "deleted_at": "2024-01-20T00:00:00Z"}
    rows = [tiny.yammer_row(101, date(2024, 1, 10), 11), tiny.yammer_row(102, date(2024, 2, 29), 12)]
    tiny.yammer_zip(tmp_path / "drop" / "a.zip", JANUARY, MARCH, [gone, BEN], rows)
    done = run(tmp_path, people=[person("p1", TerminationDate="2024-01-20"), person("p2")])
    assert done.rows(f"select period_start, n_eligible, n_contributors {MONTHS}") == [
        (JANUARY, 2, 1), (FEBRUARY, 1, 1)]


def test_yammer_case_16_concealed_names_give_totals_and_no_account_and_no_zero(tmp_path):
    tiny.yammer_zip(tmp_path / "drop" / "a.zip", JANUARY, FEBRUARY, [ANN], [tiny.yammer_row(101, JANUARY, 11)])
    report(tmp_path / "drop" / "detail.csv", CONCEALED, CONCEALED[::-1], CONCEALED[4:] + CONCEALED[:4])
    done = run(tmp_path, people=[person("p1")])
    assert done.rows("select account_id, period_from, period_to, n_posted, n_read, n_reacted from fct_usage") == [
        (None, JANUARY, date(2024, 1, 7), 6, 15, 3)]
    assert done.one("select count(*) from dim_account") == 1
    assert done.rows("select rule, n_records from note where rule = 'PPL-YAM-003'") == [("PPL-YAM-003", 3)]
    assert done.rows("select rule, n_excluded from exclusion") == [("concealed_name", 3)]
    assert done.rows("select distinct n_present from mart_active_users") == [(None,)]
    for table in done.tables():
        assert CONCEALED.lower() not in repr(done.table(table)).lower(), table


@pytest.mark.parametrize("people", [[], [person("p1"), person("p2")]], ids=["no roster", "roster"])
def test_yammer_case_17_guests_are_in_no_ratio(tmp_path, people):
    rows = [tiny.yammer_row(101, date(2024, 1, 10), 11), tiny.yammer_row(102, date(2024, 1, 31), 99)]
    eve = tiny.yammer_user(99, "eve@partner.example")
    tiny.yammer_zip(tmp_path / "drop" / "a.zip", JANUARY, FEBRUARY, [ANN, eve], rows)
    done = run(tmp_path, people=people, config=f'home_domains = ["t.example"]\n{tiny.CONFIG}')
    assert done.rows("select kind, is_guest from dim_account order by all") == [("external", True), ("human", False)]
    assert done.rows(f"select n_eligible, n_contributors, n_outside {MONTHS}") == [(max(len(people), 1), 1, 1)]


def test_yammer_case_20_an_account_with_another_address_is_its_person_by_directory_id(tmp_path):
    married = {**tiny.yammer_user(13, "other.name@t.example"), "office_user_id": "0F1E-2"}
    rows = [tiny.yammer_row(101, date(2024, 1, 10), 11), tiny.yammer_row(102, date(2024, 1, 11), 13)]
    tiny.yammer_zip(tmp_path / "drop" / "a.zip", JANUARY, FEBRUARY, [ANN, married], rows)
    path = tiny.roster_csv(tmp_path / "drop" / "roster.csv", [person("p1")])
    header, line = path.read_text(encoding="utf-8").split()
    path.write_text(f"{header},ObjectId\n{line},0f1e-2\n", encoding="utf-8")
    done = run(tmp_path, config=tiny.CONFIG + 'columns.directory_id = "ObjectId"\n')
    assert done.rows("select match_rule from dim_account order by 1") == [("directory_id",), ("email",)]
    assert done.one("select count(distinct person_id) from dim_account") == 1
    assert done.rows(f"select n_contributors {MONTHS}") == [(1,)]
