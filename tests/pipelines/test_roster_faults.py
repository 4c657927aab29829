"""Faults of rosters, groups, settings and keys by their number in the catalogue of bad inputs, in runs or close to it.

What the roster's reader does with single tables is in `tests/connectors/test_roster`.
"""

import shutil
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from models.problems import SettingsRefused
from models.release import OTHER_UNITS, Policy, release_executives, release_units, small_units, withheld
from models.schemas import TABLES
from pipelines.config import load_settings
from tests.pipelines import tiny
from tests.pipelines.runs import FACTS, FIGURES, Run, assert_same_tables, run_models

MONTH = date(2025, 10, 1)
DAY = date(2025, 10, 6)
PEOPLE = ("a", "b", "c", "d", "e")


def company(folder: Path, managers: dict[str, str], **fields: str) -> Path:
    """Five people who each post once, with these managers."""
    drop = folder / "drop"
    rows = [tiny.roster_row(name, MONTH, "U", ManagerId=managers.get(name, ""), Layer="", **fields) for name in PEOPLE]
    users = [tiny.slack_user(f"U0{name.upper()}", f"{name}@t.example") for name in PEOPLE]
    tiny.slack_zip(drop / "slack.zip", users, {"general": [
        tiny.slack_message(DAY + timedelta(days=days), str(user["id"])) for user in users for days in (0, 30)]})
    tiny.roster_csv(drop / "roster.csv", rows)
    (drop / "turnout.toml").write_text(tiny.CONFIG, encoding="utf-8")
    return drop


def write_lines(path: Path, *lines: str) -> None:
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")


SEEN = (*FACTS, *FIGURES)
LEDGER = (
    "select path, n_read, n_accepted, n_duplicate, n_excluded, n_quarantined, status from export_file order by path"
)
ORGANISATION = (
    "select n_eligible, n_contributors, n_outside from mart_active_users where period_kind = 'month' "
    f"and period_start = date '{MONTH}' and platform = 'all' and unit = 'all'"
)


def tree(run: Run) -> dict[tuple[object, object], object]:
    """Depth by person and ancestor."""
    return {(person, above): depth for person, above, depth in run.rows(
        "select person_id, ancestor_person_id, depth from person_ancestor")}


@pytest.mark.parametrize("row", ["B105"])
@pytest.mark.parametrize("managers", [
    {"a": "b", "b": "a", "c": "a", "d": "c"}, {"a": "a", "b": "a", "c": "b"},
    {"a": "b", "b": "c", "c": "d", "d": "e", "e": "a"}, {"a": "ghost", "b": "a"},
], ids=["two", "self", "all", "orphan"])  # fmt: skip
def test_cycle_keeps_the_headcount_and_ends_every_walk(row: str, managers: dict[str, str], tmp_path: Path):
    run = run_models(company(tmp_path, managers), tmp_path / "out", tables=SEEN)
    assert run.problems == []
    assert run.one("select count(distinct person_id) from dim_person") == len(PEOPLE)
    assert run.one("select n_eligible from mart_active_users where period_kind = 'month' and period_start = $d "
                   "and platform = 'all' and unit = 'all'", d=MONTH) == len(PEOPLE)
    walks = tree(run)
    assert all(person != above for person, above in walks)
    assert max(walks.values(), default=0) <= len(PEOPLE)  # type: ignore[call-overload]
    named = {name for name, above in managers.items() if above in PEOPLE and above != name}
    assert len(walks) <= len(PEOPLE) * len(named)
    n_closing = run.one("select count(*) from note where rule = 'PPL-ROS-002'")
    assert n_closing == (0 if managers["a"] in ("a", "ghost") else len(named) if "e" in managers else 2)


@pytest.mark.parametrize("row", ["B105"])
def test_walk_up_the_managers_ends_even_where_two_files_make_a_cycle(row: str, tmp_path: Path):
    drop = company(tmp_path, {"a": "b", "c": "a"})
    header, *lines = (drop / "roster.csv").read_text(encoding="utf-8").splitlines()
    (drop / "roster.csv").write_text("\n".join([header, *(line for line in lines if line[0] != "b")]), encoding="utf-8")
    tiny.roster_csv(drop / "more.csv", [tiny.roster_row("b", MONTH + timedelta(days=19), "U", ManagerId="a", Layer="")])
    run = run_models(drop, tmp_path / "out", tables=SEEN)
    walks = run.rows("select person_id, ancestor_person_id, depth from person_ancestor")
    assert all(person != above for person, above, _ in walks)
    assert max(depth for *_, depth in walks) <= 3
    assert run.one("select count(distinct person_id) from dim_person") == len(PEOPLE)


@pytest.mark.parametrize("row", ["B104"])
def test_person_with_two_contradicting_rows_is_as_if_not_on_the_roster(row: str, tmp_path: Path):
    drop = company(tmp_path, {"c": "b"})
    without = shutil.copytree(drop, tmp_path / "without" / "drop")
    header, first, *others = (drop / "roster.csv").read_text(encoding="utf-8").splitlines()
    write_lines(drop / "roster.csv", header, first, *others, first.replace(",U,", ",V,"))
    write_lines(without / "roster.csv", header, *others)
    run = run_models(drop, tmp_path / "out", tables=SEEN)
    expected = run_models(without, tmp_path / "without" / "out", tables=SEEN)
    assert run.problems == []
    aside = run.rows("select path, member, line, rule, message from quarantine join export_file using (file_id)")
    message = "two rows in force for one person on the same day, the other on line {}; the row was not loaded"
    assert sorted(aside) == [("roster.csv", "", line, "PPL-ROS-001", message.format(other)) for line, other in
                             ((2, 7), (7, 2))]  # fmt: skip
    assert run.rows(LEDGER) == [("roster.csv", 6, 4, 0, 0, 2, "loaded"), ("slack.zip", 16, 16, 0, 0, 0, "loaded")]
    assert run.rows(ORGANISATION) == [(4, 4, 1)]
    assert run.rows("select match_rule, count(*) from dim_account group by all order by all") == [
        ("email", 4), ("none", 1)]  # fmt: skip
    assert_same_tables(run, expected, ("fct_event", "dim_account", "dim_person", "person_ancestor", *FIGURES))


@pytest.mark.parametrize("row", ["B104"])
def test_rows_that_say_the_same_twice_count_once(row: str, tmp_path: Path):
    drop = company(tmp_path, {"c": "b"})
    header, first, *others = (drop / "roster.csv").read_text(encoding="utf-8").splitlines()
    write_lines(drop / "roster.csv", header, first, *others, first)
    run = run_models(drop, tmp_path / "out", tables=SEEN)
    assert run.rows(LEDGER)[0] == ("roster.csv", 6, 5, 1, 0, 0, "loaded")
    assert run.rows(ORGANISATION) == [(5, 5, 0)]


@pytest.mark.parametrize("row", ["B086"])
def test_mail_address_of_two_people_matches_nobody_and_is_noted(row: str, tmp_path: Path):
    drop = company(tmp_path, {"b": "a", "c": "a", "d": "a", "e": "a"})
    text = (drop / "roster.csv").read_text(encoding="utf-8").replace("b@t.example", "A@t.example")
    (drop / "roster.csv").write_text(text, encoding="utf-8")
    run = run_models(drop, tmp_path / "out", tables=SEEN)
    assert run.rows("select n_records from note where rule = 'PPL-IDN-002'") == [(1,)]
    rules = dict(run.rows("select match_rule, count(*) from dim_account group by all"))
    assert rules == {"none": 2, "email": 3}


def mart(table: str, *rows: dict[str, object]) -> pl.DataFrame:
    """Rows of a mart in a closed month of all platforms."""
    columns = TABLES[table].to_schema().columns
    usual = {"period_kind": "month", "period_start": MONTH, "period_end": date(2025, 10, 31), "platform": "all",
             "unit": "all", "is_complete": True, "n_observed_days": 31, "n_outside": 0, "n_contributors": 0,
             "is_executive": False}  # fmt: skip
    filled = [{name: (usual | row).get(name) for name in columns} for row in rows]
    return pl.DataFrame(filled, schema={name: column.dtype.type for name, column in columns.items()})


@pytest.mark.parametrize("row", ["B107"])
@pytest.mark.parametrize("n_executives", [1, 3, 4, 5])
def test_small_group_of_executives_is_not_shown_and_the_reason_is(row: str, n_executives: int):
    executives = mart("mart_executive_participation", {"is_executive": True, "n_eligible": n_executives},
                      {"n_eligible": 200})  # fmt: skip
    policy, as_of = Policy(), date(2025, 10, 31)
    shown = release_executives(executives, as_of=as_of, policy=policy)
    reasons = withheld(mart("mart_active_users"), executives, [], as_of=as_of, policy=policy)["reason"].to_list()
    assert shown.height == (2 if n_executives >= 5 else 0)
    assert ("too_few_executives" in reasons) == (n_executives < 5)


@pytest.mark.parametrize("row", ["B108"])
def test_unit_of_four_cannot_be_derived_from_its_total(row: str):
    units = {"small": 4, "middle": 50, "large": 60}
    given = mart("mart_active_users", {"unit": "all", "n_eligible": 114},
                 *({"unit": unit, "n_eligible": size} for unit, size in units.items()))  # fmt: skip
    merged = small_units(given, Policy())
    shown = release_units(given, merged, as_of=date(2025, 10, 31), policy=Policy())
    assert dict(shown.select("unit", "n_eligible").rows()) == {OTHER_UNITS: 54, "all": 114, "large": 60}


SETTINGS = {
    "B109": ('schema = "x; drop table t"\n', r"PPL-CFG-001 turnout\.toml: .*schema"),
    "B109-memory": ("[engine]\nmemory_limit = \"1GB'; attach 'x' --\"\n", r"PPL-CFG-001 turnout\.toml: .*memory_limit"),
    "B109-engine": ('[engine]\nname = "duckdb; drop table t"\n', r"PPL-CFG-001 turnout\.toml: .*name"),
    "B110": ("[release]\nmin_group = 1\n", r"PPL-CFG-002 min_group must be at least 5"),
}


@pytest.mark.parametrize("row", SETTINGS)
def test_settings_are_refused_before_anything_is_read(row: str, tmp_path: Path):
    text, message = SETTINGS[row]
    (tmp_path / "turnout.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsRefused, match=rf"^{message}"):
        load_settings(tmp_path)


@pytest.mark.parametrize("row", ["B112"])
def test_another_key_than_that_of_the_warehouse_reads_nothing(row: str, tmp_path: Path):
    drop = company(tmp_path, {})
    before = run_models(drop, tmp_path / "out", tables=("meta",))
    rows = before.table("stg_event")
    (tmp_path / "out" / "work" / "state" / "key").write_bytes(bytes(reversed(range(32))))
    with pytest.raises(SettingsRefused, match=r"^PPL-KEY-002 .*key id [0-9a-f]{16} .*lake has [0-9a-f]{16}\)"):
        run_models(drop, tmp_path / "out")
    assert before.table("stg_event") == rows


@pytest.mark.parametrize("row", ["static"])
def test_notes_on_the_roster_reach_the_ledger_of_the_run(row: str, tmp_path: Path):
    run = run_models(company(tmp_path, {"b": "a", "c": "ghost"}), tmp_path / "out", tables=FACTS)
    notes = run.rows("select n.rule, n.n_records from note as n join export_file as f using (file_id) "
                     "where f.path = 'roster.csv' order by all")
    assert notes == [("PPL-ROS-007", 5), ("PPL-ROS-008", 3), ("PPL-ROS-009", 1)]
