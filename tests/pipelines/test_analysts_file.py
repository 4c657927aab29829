"""The analyst's file: which columns it holds, how far they tell colleagues apart, and that everybody can open it.

Whoever has an older DuckDB reads it too, and finds every table and column explained.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from itertools import combinations
from pathlib import Path

import duckdb
import polars as pl
import pytest

from models.asking import metric_named
from models.schemas import TABLES
from models.schemas.marts import MART_SCHEMAS
from pipelines.analysts_file import comments, selection
from pipelines.ask import where_else
from pipelines.warehouse import OLDEST_READER, Warehouse, append, ensure_table, write_copy
from tests.pipelines.runs import Run

OLDEST = Path(__file__).resolve().parents[2] / ".venv" / "oldest-duckdb"
READ = """
import duckdb, json, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
tables = connection.execute("select table_name, comment from duckdb_tables()").fetchall()
named = "select table_name, column_name, comment from duckdb_columns() where not internal"
columns = connection.execute(named).fetchall()
counts = {table: connection.execute(f'select count(*) from "{table}"').fetchone()[0] for table, _ in tables}
eligible = connection.execute("select sum(n_eligible), max(period_end) from mart_active_users").fetchall()
print(json.dumps([duckdb.__version__, dict(tables), columns, counts, eligible], default=str))
"""


def read_with(path: Path, folder: Path | None) -> list:
    environment = {"PYTHONPATH": str(folder)} if folder else {}
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True, env=environment
    )
    return json.loads(done.stdout)


@pytest.mark.skipif(not OLDEST.is_dir(), reason="the oldest DuckDB is not installed: make .venv/oldest-duckdb")
def test_the_oldest_duckdb_reads_the_analysts_file(acme_out: Path) -> None:
    path = acme_out / "latest" / "turnout.duckdb"
    version, *old = read_with(path, OLDEST)
    _, *new = read_with(path, None)
    assert f"v{version}" == OLDEST_READER
    assert old == new
    assert old[2]["mart_active_users"]


def test_every_table_and_column_of_the_file_has_a_comment(acme_out: Path) -> None:
    _, tables, columns, _, _ = read_with(acme_out / "latest" / "turnout.duckdb", None)
    assert tables == {table: comments(table)[0] for table in tables}
    assert all(tables.values())
    assert [(table, column) for table, column, comment in columns if not comment] == []


NAMED = {
    "meta": "schema_version key_id reporting_zone as_of_on",
    "dim_metric": "id version title question numerator denominator window grain exclusions sources minimum_population "
    "direction reference mart columns",
    "coverage_day": "platform workspace occurred_on state",
    "export_file": "file_id path platform workspace format bytes coverage_from coverage_to n_read n_accepted "
    "n_duplicate n_excluded n_quarantined status reason loaded_at",
    "exclusion": "file_id rule message n_excluded",
    "quarantine": "file_id rule message",
    "note": "file_id rule message n_records",
    "source_capability": "file_id has_reactions has_reading has_direct has_edits has_history",
    "dim_account": "account_id platform workspace kind is_guest is_deactivated person_id match_rule",
    "account_match": "account_id platform match_rule confidence contradiction",
    "account_review": "account_id platform workspace kind kind_rule n_contributions contribution_share",
    "dim_person_month": "month_start person_id unit layer is_executive is_comms tenure",
    "fct_event": "platform workspace occurred_on time_basis action is_contribution account_id actor_kind via_app "
    "is_delegated target_account_id is_revert is_minor space_in_week space_label thread_in_week",
    "fct_usage": "account_id platform org_unit period_from period_to is_active n_posted n_read n_reacted "
    "n_active_accounts n_posting_accounts source is_record",
    "fct_person_day": "person_id is_matched platform occurred_on n_posts n_replies n_creates n_edits n_comments "
    "n_shares n_uploads n_contributions n_reacts",
}
"""Every column that is no figure of a group: by hand, so that none is ever published by being added elsewhere."""


def test_the_file_holds_no_column_that_is_not_named(acme_out: Path) -> None:
    found: dict[str, set[str]] = {}
    for table, column, _ in read_with(acme_out / "latest" / "turnout.duckdb", None)[2]:
        found.setdefault(table, set()).add(column)
    of_groups = {table for table in found if table.startswith(("rel_", "mart_"))}
    assert {table: found[table] for table in found.keys() - of_groups} == {
        table: set(columns.split()) for table, columns in NAMED.items()
    }
    of_one = re.compile(r"_id$|label|member|path|identifier|location|hired|left_on")
    told = [(table, name) for table in of_groups for name in found[table] if of_one.search(name)]
    assert told == [("rel_spaces", "label")]  # of public spaces that enough people contributed to
    assert {table for table in of_groups if table.startswith("mart_")} == set(MART_SCHEMAS) - {"mart_spaces"}
    whole = {table: set(TABLES[table].to_schema().columns) for table in of_groups}
    assert {table: whole[table] - found[table] for table in of_groups if whole[table] != found[table]} == {
        "mart_community_health": {"space_id", "n_contributors", "n_contributions", "n_threads", "n_contributors_12m",
                                  "health_ratio_low", "health_ratio_high"},
    }  # fmt: skip


def test_what_tells_colleagues_apart_is_in_no_column(acme: Run, acme_live: Run) -> None:
    """Places, names of levels, managers, days of hire and leave, exact times."""
    places = {place for (place,) in acme_live.rows("select distinct location from dim_person")}
    levels = {level for (level,) in acme_live.rows("select distinct level from dim_person")}
    spaces = {space for (space,) in acme_live.rows("select space_id from dim_space")}
    columns = acme.rows("select table_name, column_name, data_type from duckdb_columns() where not internal")
    assert len(places) > 2
    assert len(spaces) > 20
    assert {(table, column) for table, column, kind in columns if "TIME" in str(kind) or kind == "BLOB"} == {
        ("export_file", "loaded_at")
    }
    for table, column, kind in columns:
        if kind == "VARCHAR" and not str(table).startswith("rel_"):
            values = {value for (value,) in acme.rows(f'select distinct "{column}" from "{table}"')}
            assert not values & (places | levels | spaces), f"{table}.{column}"
    assert {day.day for (day,) in acme.rows("select month_start from dim_person_month")} == {1}


def test_the_band_of_tenure_of_a_person_never_changes(acme: Run, acme_live: Run) -> None:
    """Its change would tell the month of the hire."""
    assert acme.one("select max(n) from (select count(distinct tenure) as n from dim_person_month group by person_id)"
                    ) == 1  # fmt: skip
    newest = "select person_id, tenure from {1} where {0} = (select max({0}) from {1}) order by all"
    of_newest = acme.rows(newest.format("month_start", "dim_person_month"))
    assert of_newest == acme_live.rows(newest.format("period_start", "prep_standing"))
    assert len(set(acme_live.rows("select person_id, tenure from prep_standing"))) > len(
        set(acme.rows("select person_id, tenure from dim_person_month"))
    )


def test_a_person_is_in_the_month_where_the_figures_have_them(acme: Run, acme_live: Run) -> None:
    kept = "person_id, unit, layer"
    assert acme.rows(f"select month_start, {kept} from dim_person_month order by all") == acme_live.rows(
        f"select period_start, {kept} from prep_standing order by all"
    )
    monthly = "select count(*), count(distinct person_id) from fct_person_day"
    assert acme.rows(monthly) == acme_live.rows(monthly)


@pytest.fixture
def placed(tmp_path: Path) -> Run:
    """Two spaces with two and three people in a week; in the next week two people in each, one of them a robot."""
    live = Warehouse(tmp_path / "live.duckdb")
    events = [
        *(("S1", "T1", day, account, True) for day, account in ((1, "a"), (2, "b"), (7, "a"), (8, "a"), (9, "c"))),
        *(("S2", "T2", day, account, True) for day, account in ((1, "a"), (2, "b"), (7, "c"), (8, "b"), (9, "c"))),
        ("S1", "T1", 3, "c", False), ("S1", "T3", 3, "d", True), ("S3", "T4", 3, "a", True), (None, None, 3, "a", True),
        ("S3", "T4", 4, "b", True), ("S3", "T4", 5, "c", True),
    ]  # fmt: skip
    rows = pl.DataFrame(
        [{"space_id": space, "thread_id": thread and thread.encode(), "occurred_on": date(2024, 1, day),
          "account_id": account, "is_contribution": counts} for space, thread, day, account, counts in events]
    )  # fmt: skip
    others = set(NAMED["fct_event"].split()) - {*rows.columns, "space_in_week", "space_label", "thread_in_week"}
    accounts = pl.DataFrame({"account_id": ["a", "b", "c", "d"], "person_id": ["A", "B", "C", "A"]})
    labels, visibilities = ["one", "two", "three"], ["public", "public", "private"]
    spaces = pl.DataFrame({"space_id": ["S1", "S2", "S3"], "label": labels, "visibility": visibilities})
    shapes = {"fct_event": rows.with_columns(pl.lit("x").alias(name) for name in others), "dim_account": accounts,
              "dim_space": spaces}  # fmt: skip
    with live.connect() as connection:
        for table, frame in shapes.items():
            ensure_table(connection, table, frame)
            append(connection, table, frame)
    path = tmp_path / "copy.duckdb"
    write_copy(live, path, {"fct_event": selection("fct_event", min_group=3)}, {"fct_event": ("", {})})
    return Run(path)


def test_a_space_is_named_only_in_a_week_in_which_enough_people_contributed_to_it(placed: Run) -> None:
    """S1 has three accounts of two people in the first week; S2 has three people only with Sunday, the 7th."""
    labelled = "fct_event where space_label is not null"
    named = placed.rows(f"select distinct space_label, occurred_on from {labelled} order by 2")
    assert named == [("two", date(2024, 1, day)) for day in (1, 2, 7)]
    assert placed.one("select count(*) from fct_event") == 16
    assert placed.one("select count(*) from fct_event where space_in_week is null") == 1


def test_numbers_of_spaces_and_threads_hold_within_a_week_only(acme: Run, acme_live: Run) -> None:
    week = "date_trunc('week', occurred_on)"
    for number, key in (("space_in_week", "space_id"), ("thread_in_week", "thread_id")):
        shown = f"select {week}, count(*), count(distinct {number}) from fct_event group by 1 order by 1"
        assert acme.rows(shown) == acme_live.rows(shown.replace(number, key))
    labelled = acme.rows(
        "select space_label, count(distinct space_in_week), count(distinct date_trunc('week', occurred_on)) "
        "from fct_event where space_label is not null group by 1 having count(distinct occurred_on) > 100"
    )
    assert labelled
    assert all(n_numbers > 3 for _, n_numbers, _ in labelled)
    assert acme.one(
        f"select max(n) from (select count(distinct space_label) n from fct_event group by {week}, space_in_week)"
    ) == 1


def test_places_with_few_people_are_not_in_the_marts(acme: Run, acme_live: Run) -> None:
    of_places = "select count(*) from mart_breakdown where dimension = 'location'"
    assert int(str(acme_live.one(of_places))) > 0
    assert acme.one(of_places) == 0
    assert acme.one("select count(distinct dimension) from mart_breakdown") == 3


KEPT = ("unit", "layer", "is_executive", "is_comms", "tenure")


def alone(run: Run, people: str, columns: Iterable[str]) -> tuple[int, int]:
    """Of these people: who is the only one with these values, and who shares them with fewer than nine others."""
    counted = f"select count(*) as n from ({people}) group by {', '.join(columns)}"
    ((n_alone, n_few),) = run.rows(
        f"select count(*) filter (where n = 1), coalesce(sum(n) filter (where n < 10), 0)::bigint from ({counted})"
    )
    return int(str(n_alone)), int(str(n_few))


def test_how_many_people_are_unique_on_each_combination_of_kept_columns(acme: Run, acme_live: Run) -> None:
    """Printed with `pytest -s`; docs/privacy.md says the figures of the whole set."""
    shown = "from dim_person_month where month_start = (select max(month_start) from dim_person_month)"
    n_people = acme.one(f"select count(*) {shown}")
    measured = {
        columns: alone(acme, shown, columns)
        for size in range(1, len(KEPT) + 1)
        for columns in combinations(KEPT, size)
    }
    for columns, (n_alone, n_few) in measured.items():
        print(f"{n_alone:5} alone {n_few:5} of fewer than ten, of {n_people} by {', '.join(columns)}")
    held = """
        select p.*, s.department, d.level, d.location, d.hired_on
        from acme.dim_person_month as p
        join prep_standing as s on s.person_id = p.person_id and s.period_start = p.month_start
        join dim_person as d on d.person_id = p.person_id and d.valid_from <= last_day(p.month_start)
            and p.month_start < coalesce(d.valid_to, date '9999-12-31')
        where p.month_start = (select max(month_start) from acme.dim_person_month)
        qualify row_number() over (partition by p.person_id order by d.valid_from desc) = 1"""
    with duckdb.connect(str(acme_live.path), read_only=True) as connection:
        connection.execute(f"attach '{acme.path}' as acme (read_only)")
        for added in ("department", "level", "location", "hired_on"):
            counted = f"select count(*) as n from ({held}) group by {', '.join((*KEPT, added))}"
            n_alone, n_few, n = connection.execute(
                f"select count(*) filter (where n = 1), sum(n) filter (where n < 10), sum(n) from ({counted})"
            ).fetchone() or ()
            print(f"{n_alone:5} alone {n_few:5} of fewer than ten, of {n} by the same and {added}, which is left out")
            assert n == n_people
            assert n_alone > measured[KEPT][0]
            assert n_few > 1.5 * measured[KEPT][1]
    of_all = measured[KEPT]
    over_time = "select list((month_start, unit, layer, is_executive, tenure) order by month_start) as history " \
                "from dim_person_month group by person_id"
    by_history = alone(acme, over_time, ["history"])
    n_ever = acme.one("select count(distinct person_id) from dim_person_month")
    said = " ".join((Path(__file__).resolve().parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8").split())
    assert f"{of_all[0]} of its {n_people:,} people are the only ones with theirs, and {of_all[1]} share" in said
    assert f"{by_history[0]} of the {n_ever:,} who were ever employed" in said


def test_a_measure_of_single_spaces_is_said_to_be_in_no_file() -> None:
    assert "no file holds all its values" in where_else(metric_named("community_health"))
    assert "analyst's full file, table mart_retention" in where_else(metric_named("retention"))
