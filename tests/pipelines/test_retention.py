"""`[retention]`: what is older leaves lake and warehouse, and what may be known of it without anybody stays."""

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from connectors.registry import CONNECTORS
from models.schemas.staging import FROM_LAKE
from models.schemas.state import PAST
from models.validation import Fault
from pipelines.definitions import defs
from pipelines.gate import Written
from pipelines.keys import KeyRing
from pipelines.lake import Lake
from pipelines.retention import cut as cutting
from pipelines.retention import expire as expiring
from pipelines.retention.cut import told_at
from pipelines.retention.expire import first_of_month, last_day
from tests.pipelines import aged, tiny
from tests.pipelines.runs import KEY, Run, assert_same_tables, frame_of, run_models

KEPT_FROM = date(2023, 11, 1)
MONTHS = "events_months = 13"
SPACES = ("mart_space_life", "mart_space_curve")
MARTS = ("mart_active_users", "mart_contributor_ratios", "mart_responses")
FIGURES = (*MARTS, *SPACES)
STAGED = (*(table for table in FROM_LAKE), *(f"stg_{table}" for table in PAST), "stg_kept")
"""All that figures are made from, but for the names of the lake's folders."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return aged.write(tmp_path_factory.mktemp("aged") / "drop")


@pytest.fixture(scope="module")
def before(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Everything is kept."""
    return run_models(written, tmp_path_factory.mktemp("before") / "out", tables=FIGURES)


@pytest.fixture(scope="module")
def after(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Thirteen months are kept."""
    drop = aged.keep(shutil.copytree(written, tmp_path_factory.mktemp("after") / "drop"), MONTHS)
    return run_models(drop, drop.parent / "out", tables=FIGURES)


@pytest.fixture
def drop(written: Path, tmp_path: Path) -> Path:
    """The drop folder with thirteen months to keep, to be changed."""
    return aged.keep(shutil.copytree(written, tmp_path / "drop"), MONTHS)


def lake_of(run: Run) -> Lake:
    return Lake(run.path.parent / "lake", KeyRing(KEY))


def rows_in(lake: Lake, table: str) -> pl.DataFrame:
    return pl.concat([rows for entry in lake.entries() for rows in lake.parts(entry, table)])


def past_of(run: Run) -> dict[str, bytes]:
    files = (run.path.parent / "state" / f"{table}.parquet" for table in PAST)
    return {path.name: path.read_bytes() for path in files if path.exists()}


def test_without_retention_nothing_goes(before, written):
    lake = lake_of(before)
    assert rows_in(lake, "event")["occurred_at"].min() < datetime(2022, 2, 1)
    assert [(entry.revision, entry.kept_from, entry.has_expired) for entry in lake.entries()] == [(0, None, False)] * 4
    assert past_of(before) == {}
    assert before.rows("from stg_kept") == []
    assert before.rows("select 1 from stg_note where rule like 'PPL-RET%'") == []


def test_no_event_from_before_is_in_the_lake_or_in_the_warehouse(before, after):
    old = set(rows_in(lake_of(before), "event").filter(pl.col("occurred_at") < datetime(2023, 11, 1))["event_id"])
    assert len(old) > 400
    for path in lake_of(after).root.rglob("*.parquet"):
        rows = pl.read_parquet(path)
        for name in ("event_id", "target_event_id"):
            assert not old & set(rows[name] if name in rows.columns else ())
        if "occurred_at" in rows.columns:
            assert rows["occurred_at"].min() >= datetime(2023, 11, 1)
    for table in ("stg_event", "fct_event"):
        assert after.one(f"select min(occurred_on) from {table}") >= KEPT_FROM
    kept_at_first = before.one("select count(*) from fct_event where occurred_on >= $day", day=KEPT_FROM)
    assert after.one("select count(*) from fct_event") == kept_at_first
    # deleted rows would still have their bytes in the file of the warehouse
    had, has = before.path.read_bytes(), after.path.read_bytes()
    few = sorted(old - {row[0] for row in after.rows("select thread_id from fct_event")})[:9]
    assert [one for one in few if one in had] == few
    assert [one for one in few if one in has] == []


def test_pages_and_spaces_live_as_long_as_before(before, after):
    assert before.one("select count(*) from mart_space_life where n_followed >= 10") == 4
    assert before.one("select n_revived from mart_space_life where platform = 'slack'") == 1
    assert_same_tables(before, after, SPACES)


def test_what_is_still_known_names_nobody_and_only_days_before(after):
    state = after.path.parent / "state"
    for table in PAST:
        rows = pl.read_parquet(state / f"{table}.parquet")
        assert rows.height
        assert not {"account_id", "person_id", "event_id", "target_account_id"} & set(rows.columns)
    assert pl.read_parquet(state / "past_use.parquet")["occurred_on"].max() < KEPT_FROM
    assert pl.read_parquet(state / "past_day.parquet")["occurred_on"].max() == KEPT_FROM - timedelta(days=1)


def test_older_days_are_not_observed_and_the_first_day_kept_is(after):
    states = after.rows("select platform, min(occurred_on), min_by(state, occurred_on) from coverage_day group by 1")
    assert sorted(states) == [("mediawiki", KEPT_FROM, "observed"), ("slack", KEPT_FROM, "observed")]
    assert after.one("select min(period_end) from mart_active_users") == KEPT_FROM  # the first day, in the daily rows
    assert after.one("select count(*) from mart_active_users where period_start < $day and is_complete",
                     day=KEPT_FROM) == 0  # fmt: skip


@pytest.fixture(scope="module")
def trimmed(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """An oracle: the same messages from the first day kept on, in an export that begins there."""
    drop = tmp_path_factory.mktemp("trimmed") / "drop"
    aged.slack(drop / "late.zip", KEPT_FROM, aged.LAST)
    tiny.roster_csv(drop / "hr.csv", [tiny.roster_row(person, date(2021, 1, 1), "A") for person in aged.PEOPLE])
    (drop / "turnout.toml").write_text(tiny.CONFIG, encoding="utf-8")
    return run_models(drop, drop.parent / "out", tables=MARTS)


def test_figures_are_those_of_exports_that_begin_on_the_first_day_kept(after, trimmed):
    for table in MARTS:
        # only here the first day was seen from its beginning, and it is known that people were there before
        but = "is_complete, n_observed_days" + (", n_new, n_unknown" if table == "mart_active_users" else "")
        query = f"select * exclude ({but}) from {table} where platform = 'slack' order by all"
        assert frame_of(after, query).equals(frame_of(trimmed, query)), table


def test_nobody_becomes_a_newcomer_because_what_they_did_has_expired(before, after, trimmed):
    newcomers = "select period_start, n_new, n_unknown from mart_active_users where unit = 'all' " \
                "and period_kind = 'month' and platform = 'slack' and period_start in ('2024-08-01', '2024-10-01')" \
                "order by 1"  # fmt: skip
    august, october = date(2024, 8, 1), date(2024, 10, 1)
    assert before.rows(newcomers) == [(august, 0, 0), (october, 0, 0)]
    assert after.rows(newcomers) == [(august, 0, 1), (october, 0, 0)]
    assert trimmed.rows(newcomers) == [(august, 1, 0), (october, 0, 0)], "they are new to exports that begin later"


def test_two_steps_give_what_one_gives(after, drop, tmp_path):
    run_models(aged.keep(drop, "events_months = 24"), tmp_path / "out", is_built=False)
    twice = run_models(aged.keep(drop, MONTHS), tmp_path / "out", is_built=False)
    assert_same_tables(twice, after, STAGED)
    assert past_of(twice) == past_of(after)


def test_an_export_that_comes_when_all_of_it_has_expired_gives_what_the_other_order_gives(after, drop, tmp_path):
    (drop / "early.zip").rename(tmp_path / "early.zip")
    run_models(drop, tmp_path / "out", is_built=False)
    (tmp_path / "early.zip").rename(drop / "early.zip")
    late = run_models(drop, tmp_path / "out", is_built=False)
    assert_same_tables(late, after, STAGED)
    assert past_of(late) == past_of(after)


def test_old_exports_that_are_read_again_bring_nothing_back(after, drop, tmp_path):
    again = Run(shutil.copytree(after.path.parents[1], tmp_path / "out") / "work" / "turnout.duckdb")
    lake = lake_of(again)
    names = {path: path.stat().st_mtime_ns for path in lake.root.rglob("*.parquet")}
    run_models(drop, tmp_path / "out", is_built=False)
    assert {path: path.stat().st_mtime_ns for path in lake.root.rglob("*.parquet")} == names
    shutil.rmtree(lake.root)
    run_models(drop, tmp_path / "out", is_built=False)
    assert_same_tables(again, after, STAGED)
    assert past_of(again) == past_of(after)


def test_an_interruption_between_folding_and_removing_loses_and_doubles_nothing(after, drop, tmp_path, monkeypatch):
    cuts = []

    def interrupted(*given: object) -> object:
        cuts.append(given)
        if len(cuts) == 2:
            raise KeyboardInterrupt
        return cutting.cut(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(expiring, "cut", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_models(drop, tmp_path / "out", is_built=False)
    monkeypatch.undo()
    finished = run_models(drop, tmp_path / "out", is_built=False)
    assert_same_tables(finished, after, STAGED)
    assert past_of(finished) == past_of(after)


def test_nothing_goes_if_what_stays_of_it_cannot_be_worked_out(before, drop, tmp_path, monkeypatch):
    out = shutil.copytree(before.path.parents[1], tmp_path / "out")
    faults = [Fault("n_contributions", "ge", 1)]
    monkeypatch.setattr(expiring, "build_model", lambda warehouse, table: Written(table, 0, faults, {}))
    with pytest.raises(expiring.NotFolded, match=r"PPL-RET-003 \w+: n_contributions: ge.*; nothing was removed"):
        run_models(drop, out, is_built=False)
    lake = Lake(out / "work" / "lake", KeyRing(KEY))
    assert rows_in(lake, "event").height == rows_in(lake_of(before), "event").height
    assert not list((out / "work" / "state").glob("past_*"))


def test_every_table_is_written_after_the_warehouse_was_made_anew():
    graph = defs.resolve_asset_graph()
    staging = dg.AssetSelection.assets("staging")
    after = staging.downstream().resolve(graph)
    before = {key.to_user_string() for key in graph.get_all_asset_keys() - after}
    assert before == {"drop_folder", *(f"{connector.name}_exports" for connector in CONNECTORS)}


def test_the_newest_time_of_an_export_stays_when_its_records_go(before, after):
    then, now = ({entry.file_id: told_at(lake_of(run), entry) for entry in lake_of(run).entries()}
                 for run in (before, after))  # fmt: skip
    assert then == now == dict(before.rows("select file_id, exported_at from stg_file"))
    assert then == dict(after.rows("select file_id, exported_at from stg_file"))


def test_periods_count_back_from_the_last_day_that_any_export_covers(before):
    lake = lake_of(before)
    assert last_day(lake, None, date(2027, 1, 1)) == date(2024, 12, 19)
    assert last_day(lake, date(2024, 1, 5), date(2027, 1, 1)) == date(2024, 1, 5)
    assert last_day(lake, date(2099, 1, 5), date(2027, 1, 1)) == date(2024, 12, 19)
    assert last_day(lake, None, date(2024, 3, 3)) == date(2024, 3, 3), "a day in the future makes nothing old"
    assert first_of_month(date(2024, 12, 31), months_before=13) == KEPT_FROM
    assert first_of_month(date(2024, 1, 1), months_before=1) == date(2023, 12, 1)
