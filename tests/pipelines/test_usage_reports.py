"""Usage reports as lone files, one a month: delivered twice, and with names that one month conceals (B084).

Ann posts and bo reads in every month; cy has an account and does nothing.
"""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from pipelines.check import report as check
from tests.pipelines import tiny
from tests.pipelines.runs import FACTS, NOW, Run, assert_same_tables, run_models

NAMES = ("ann", "bo", "cy")
DIGESTS = dict(zip(NAMES, ("77E5979DD60BA6EAA53E814DBEEEFA5F", "0" * 31 + "1", "ab" * 16), strict=True))
APRIL, JUNE = date(2024, 4, 30), date(2024, 6, 30)
"""The last days of the months that a report of 30 days fits."""
MONTHS = {APRIL: "2024-04-01", date(2024, 5, 31): "2024-05-01", JUNE: "2024-06-01"}
SEEN = (*FACTS, "mart_active_users")
SAME = ("note", "fct_usage", "dim_account", "prep_present", "mart_active_users")


def usage_csv(
    last: date, *, is_concealed: bool = False, active: tuple[str, ...] = ("ann", "bo"), n_read: int = 7
) -> str:
    """A report on the 30 days that end on `last`, as Microsoft writes it."""
    rows = [
        {"Report Refresh Date": str(last),
         "User Principal Name": DIGESTS[name] if is_concealed else f"{name}@t.example",
         "Last Activity Date": str(last) if name in active else "", "Posted Count": str(int(name == "ann")),
         "Read Count": str(n_read if name in active else 0), "Liked Count": "0", "Report Period": "30"}
        for name in NAMES
    ]  # fmt: skip
    return tiny.csv_text(list(rows[0]), rows)


def company(drop: Path, reports: Mapping[str, str], *, config: str = "") -> Path:
    """A Yammer export of three months, a roster, and reports as lone files or zips by their names."""
    posts = [tiny.yammer_row(number, last.replace(day=9), 5) for number, last in enumerate(MONTHS, 1)]
    people = [tiny.yammer_user(5, "ann@t.example")]
    tiny.yammer_zip(drop / "messages.zip", date(2024, 4, 1), date(2024, 7, 1), people, posts)
    tiny.roster_csv(drop / "roster.csv", [tiny.roster_row(name, date(2023, 1, 1), "A") for name in NAMES])
    (drop / "turnout.toml").write_text(tiny.CONFIG + config, encoding="utf-8")
    for name, text in reports.items():
        if name.endswith(".zip"):
            tiny.zipped(drop / name, {"YammerActivityUserDetail.csv": text})
        else:
            (drop / name).write_text(text, encoding="utf-8", newline="")
    return drop


def present(run: Run) -> dict[str, object]:
    """How many were present on Yammer, by month."""
    return dict(run.rows(  # type: ignore[return-value]
        """
        select period_start::varchar, n_present from mart_active_users
        where period_kind = 'month' and platform = 'yammer' and unit = 'all'
        """
    ))  # fmt: skip


def notes(run: Run, rule: str) -> list[tuple[object, ...]]:
    return run.rows(
        "select path, n_records from note join export_file using (file_id) where rule = $rule order by path", rule=rule
    )


def ledger(run: Run) -> dict[object, tuple[object, ...]]:
    rows = run.rows(
        """
        select path, status, n_read, n_accepted, n_duplicate, n_excluded, n_quarantined
        from export_file where platform = 'm365'
        """
    )
    return {path: rest for path, *rest in rows}  # type: ignore[misc]


@pytest.mark.parametrize("ending", [".csv", ".zip"], ids=["B084-lone", "B084-zip"])
@pytest.mark.parametrize("concealed", [APRIL, JUNE], ids=["open-later", "concealed-later"])
def test_a_month_with_concealed_names_is_named_and_matched_to_nobody(concealed, ending, tmp_path):
    shown = JUNE if concealed == APRIL else APRIL
    files = {f"{last:%B}{ending}": usage_csv(last, is_concealed=last == concealed) for last in (APRIL, JUNE)}
    drop = company(tmp_path / "drop", files)
    run = run_models(drop, tmp_path / "out", tables=SEEN)
    name, other = f"{concealed:%B}{ending}", f"{shown:%B}{ending}"
    assert run.problems == []
    assert notes(run, "PPL-YAM-004") == notes(run, "PPL-YAM-003") == [(name, 3)]
    assert ledger(run) == {name: ["loaded", 3, 0, 0, 3, 0], other: ["loaded", 3, 3, 0, 0, 0]}
    # unknown, not 0 and not the one who wrote
    assert present(run) == {start: 2 if last == shown else None for last, start in MONTHS.items()}
    accounts = run.rows("select person_id = account_id, match_rule from dim_account where platform = 'm365'")
    assert accounts == [(False, "email")] * 3
    assert run.one("select count(*) from fct_usage where account_id is null and n_active_accounts = 2") == 1

    lines, _ = check(drop, now=NOW, show_identifiers=False)
    told = [line for line in lines if "PPL-YAM-004" in line]
    assert len(told) == 1
    assert re.match(rf"PPL-YAM-004 {name}: ", told[0])

    arriving = company(tmp_path / "arriving", {other: files[other]})
    run_models(arriving, tmp_path / "arrived", is_built=False)
    company(arriving, files)
    assert_same_tables(run, run_models(arriving, tmp_path / "arrived", tables=SEEN), SAME)


def test_one_zip_with_both_is_refused_and_the_others_stay_B084(tmp_path):
    drop = company(tmp_path / "drop", {"april.csv": usage_csv(APRIL)})
    tiny.zipped(drop / "both.zip", {"a.csv": usage_csv(APRIL), "b.csv": usage_csv(JUNE, is_concealed=True)})
    run = run_models(drop, tmp_path / "out", tables=SEEN)
    (problem,) = run.problems
    assert problem.startswith("PPL-YAM-004 both.zip!b.csv:2: ")
    assert ledger(run) == {"april.csv": ["loaded", 3, 3, 0, 0, 0], "both.zip": ["refused", 0, 0, 0, 0, 0]}
    assert present(run)["2024-04-01"] == 2


OTHER = '\n[source."june.csv"]\nworkspace = "elsewhere"\n'


@pytest.mark.parametrize(
    ("concealed", "config"),
    [((), ""), ((APRIL, JUNE), ""), ((JUNE,), OTHER)],
    ids=["all shown", "all concealed", "another tenant"],
)
def test_reports_of_one_kind_and_of_other_tenants_are_not_mixed(concealed, config, tmp_path):
    files = {name: usage_csv(last, is_concealed=last in concealed) for name, last in
             (("april.csv", APRIL), ("june.csv", JUNE))}  # fmt: skip
    run = run_models(company(tmp_path / "drop", files, config=config), tmp_path / "out", tables=SEEN)
    assert notes(run, "PPL-YAM-004") == []
    assert len(notes(run, "PPL-YAM-003")) == len(concealed)
    known = {APRIL, JUNE} - set(concealed)
    assert present(run) == {start: 2 if last in known else None for last, start in MONTHS.items()}


def test_the_totals_of_a_concealed_report_give_way_to_one_of_the_same_period_with_names(tmp_path):
    files = {"a.csv": usage_csv(JUNE), "b.csv": usage_csv(JUNE, is_concealed=True)}
    run = run_models(company(tmp_path / "drop", files), tmp_path / "out", tables=SEEN)
    assert notes(run, "PPL-YAM-004") == [("b.csv", 3)]
    assert run.rows("select count(*), sum(n_read)::int from fct_usage") == [(3, 14)]
    assert present(run)["2024-06-01"] == 2


@pytest.mark.parametrize(
    ("again", "lost", "n_read"),
    [
        (usage_csv(JUNE), {}, {14}),
        (usage_csv(JUNE).replace("\n", "\r\n"), {"PPL-DUP-003": 3}, {14}),
        (usage_csv(JUNE, n_read=9), {"PPL-DUP-001": 2, "PPL-DUP-003": 1}, {14, 18}),
    ],
    ids=["same bytes", "same figures", "other figures"],
)
def test_a_report_that_is_delivered_twice_counts_once(again, lost, n_read, tmp_path):
    drop = company(tmp_path / "drop", {"june.csv": usage_csv(JUNE), "again.csv": again})
    run = run_models(drop, tmp_path / "out", tables=SEEN)
    assert run.one("select count(*) from fct_usage") == 3
    # of two reports with one date either may be in use, but as a whole and in any order of loading
    assert run.one("select sum(n_read)::int from fct_usage") in n_read
    assert present(run)["2024-06-01"] == 2
    found = {code: notes(run, code) for code in ("PPL-DUP-001", "PPL-DUP-003")}
    assert {code: n for code, rows in found.items() for _, n in rows} == lost
    assert sum(row[3] for row in ledger(run).values()) == sum(lost.values())


def test_a_report_of_30_days_that_ends_later_adds_nothing_to_the_month(tmp_path):
    later = usage_csv(date(2024, 7, 1), active=NAMES)
    drop = company(tmp_path / "drop", {"june.csv": usage_csv(JUNE), "later.csv": later})
    run = run_models(drop, tmp_path / "out", tables=SEEN)
    assert present(run)["2024-06-01"] == 2
    assert run.one("select count(*) from fct_usage") == 6
