"""What goes of one export: rows by their own time, days that it covers, faults seen long ago; and old runs."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest

from pipelines.keys import KeyRing
from pipelines.lake import Entry, Lake, empty
from pipelines.retention import dagster_runs, past
from pipelines.retention.cut import Limits, cut, holds_expired
from tests.pipelines import tiny
from tests.pipelines.runs import KEY, Run, run_models

KEPT = date(2024, 2, 1)
LIMITS = Limits(KEPT, None, "UTC")
ENTRY = Entry("e", "file", "export.zip", "slack", "test", 1, ids_per_space=False, cadence_days=45)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake", KeyRing(KEY))


def store(lake: Lake, **tables: list[dict[str, Any]]) -> None:
    """The rows as the parts of one entry; what is not given is NULL."""
    folder = lake.folder(ENTRY)
    folder.mkdir(parents=True)
    for table, rows in tables.items():
        shape = empty(table).schema
        full = [{name: row.get(name) for name in shape} for row in rows]
        pl.DataFrame(full, schema=shape).write_parquet(folder / f"{table}-00000.parquet")
    lake.describe(ENTRY)


def event(number: int, at: datetime | None, version: datetime | None = None, **more: Any) -> dict[str, Any]:
    return {"event_id": number.to_bytes(16, "big"), "occurred_at": at, "version_at": version, "is_record": True,
            "member": "m", "line": number, **more}  # fmt: skip


def stored(lake: Lake, table: str, *columns: str) -> list[tuple[Any, ...]]:
    (entry,) = lake.entries()
    return [row for rows in lake.parts(entry, table) for row in rows.select(columns).rows()]


OLD, NEW = datetime(2024, 1, 31, 23, 59, 59), datetime(2024, 2, 1)


@pytest.mark.parametrize(("covered_to", "undated"), [(date(2024, 1, 15), []), (date(2024, 2, 1), [5])])
def test_a_record_is_as_old_as_its_own_time_else_its_version_else_its_export(lake, covered_to, undated):
    edited = event(1, OLD, NEW) if undated else event(1, OLD)
    covered = {"workspace": "w", "covered_from": date(2024, 1, 1), "covered_to": covered_to, "is_stated": False}
    store(
        lake,
        event=[edited, event(2, OLD, is_record=False), event(4, None, OLD), event(5, None)]
        + ([event(3, NEW)] if undated else []),
        part=[{"member": "m", "n_read": 10, "crc32": 0, "bytes": 1}],
        coverage=[covered],
    )
    (entry,) = lake.entries()
    gone = cut(lake, entry, LIMITS)
    kept = sorted(line for (line,) in stored(lake, "event", "line"))
    assert kept == sorted([3, *undated] if undated else [])
    n_gone = 2 if undated else 3
    assert gone == {"event": n_gone}
    assert stored(lake, "part", "n_read") == [(10 - n_gone,)]
    assert stored(lake, "note", "rule", "n_records") == [("PPL-RET-001", n_gone)]
    (after,) = lake.entries()
    assert (after.kept_from, after.has_expired, after.revision) == (KEPT, True, 1)
    assert not holds_expired(lake, after, LIMITS)


def test_a_day_begins_in_the_reporting_zone(lake):
    store(lake, event=[event(1, datetime(2024, 1, 31, 22, 59)), event(2, datetime(2024, 1, 31, 23))])
    (entry,) = lake.entries()
    cut(lake, entry, Limits(KEPT, None, "Europe/Paris"))
    assert stored(lake, "event", "line") == [(2,)]


def test_days_that_are_kept_stay_as_whole_as_they_were(lake):
    def row(first: date, last: date, *, is_stated: bool) -> dict[str, Any]:
        return {"workspace": "w", "covered_from": first, "covered_to": last, "is_stated": is_stated}

    store(lake, coverage=[
        row(date(2023, 1, 1), date(2024, 1, 31), is_stated=True),
        row(date(2023, 1, 1), date(2024, 3, 1), is_stated=True),
        row(date(2023, 2, 1), date(2024, 3, 2), is_stated=False),
        row(date(2023, 3, 1), KEPT, is_stated=False),
        row(KEPT, date(2024, 3, 3), is_stated=False),
    ])  # fmt: skip
    (entry,) = lake.entries()
    cut(lake, entry, LIMITS)
    assert sorted(stored(lake, "coverage", "covered_from", "covered_to", "is_stated")) == [
        (KEPT, KEPT, False),
        (KEPT, date(2024, 3, 1), True),  # of the second, and all days but the last of the third
        (KEPT, date(2024, 3, 2), False),
        (KEPT, date(2024, 3, 3), False),
    ]


def test_a_usage_report_goes_when_its_last_day_does(lake):
    store(lake, usage=[
        {"member": "m", "line": line, "is_record": True, "period_from": date(2024, 1, 1), "period_to": last}
        for line, last in ((1, date(2024, 1, 31)), (2, KEPT))
    ])  # fmt: skip
    (entry,) = lake.entries()
    assert cut(lake, entry, LIMITS) == {"event": 1}
    assert stored(lake, "usage", "line") == [(2,)]


def test_folding_again_or_in_another_order_changes_nothing(tmp_path):
    def use(day: int, n: int) -> dict[str, Any]:
        return {"subject": "page", "platform": "w", "workspace": "w", "thread_id": b"t", "space_id": None,
                "occurred_on": date(2024, 1, day), "n_contributions": n}  # fmt: skip

    def start(changed: int, created: int | None) -> dict[str, Any]:
        return {"platform": "w", "workspace": "w", "thread_id": b"t", "space_id": None,
                "changed_on": date(2024, 1, changed), "created_on": created and date(2024, 1, created)}  # fmt: skip

    def day(state: str) -> dict[str, Any]:
        return {"platform": "w", "workspace": "w", "occurred_on": date(2024, 1, 1), "state": state}

    steps = [([use(1, 2), use(2, 1)], [start(2, None)], [day("partial")]),
             ([use(1, 3)], [start(1, 1)], [day("missing")])]  # fmt: skip
    for name, order in {"one": steps, "other": steps[::-1], "twice": [*steps, *steps]}.items():
        (tmp_path / name).mkdir()
        for tables in order:
            past.fold(tmp_path / name, {
                table: pl.DataFrame(rows, schema=past.read(tmp_path / name, table).schema)
                for table, rows in zip(("past_use", "past_start", "past_day"), tables, strict=True)
            })  # fmt: skip
        assert past.read(tmp_path / name, "past_use").to_dicts() == [use(1, 3), use(2, 1)]
        assert past.read(tmp_path / name, "past_start").to_dicts() == [start(1, 1)]
        assert past.read(tmp_path / name, "past_day").to_dicts() == [day("partial")]


def faults_of(run: Run) -> list[tuple[object, ...]]:
    return run.rows("select n_read, n_accepted, n_quarantined from export_file where path = 'yammer.zip'")


def test_faults_are_forgotten_so_many_days_of_data_after_they_were_first_seen(tmp_path):
    drop, out = tmp_path / "drop", tmp_path / "out"
    rows = [tiny.yammer_row(1, date(2024, 1, 2), 7), tiny.yammer_row(2, date(2024, 1, 2), 7, created_at="never")]
    tiny.yammer_zip(drop / "yammer.zip", date(2024, 1, 1), date(2024, 2, 1), [tiny.yammer_user(7, "a@t.example")], rows)
    (drop / "turnout.toml").write_text("[retention]\nquarantine_days = 30\n", encoding="utf-8")
    ((n_read, n_accepted, n_faults),) = faults_of(run_models(drop, out, tables=("export_file",)))
    assert n_faults == 1
    seen = date(2024, 1, 31)
    for after, n_kept in ((30, 1), (31, 0)):
        last = date.fromordinal(seen.toordinal() + after)
        messages = [tiny.slack_message(last, "U1")]
        tiny.slack_zip(drop / f"slack-{after}.zip", [tiny.slack_user("U1")], {"c": messages})
        run = run_models(drop, out, tables=("export_file",))
        assert faults_of(run) == [(int(str(n_read)) - 1 + n_kept, n_accepted, n_kept)]
    assert run.rows("select n_records from stg_note where rule = 'PPL-RET-002'") == [(1,)]


def test_old_runs_that_are_over_are_deleted_with_their_events():
    with dg.DagsterInstance.ephemeral() as instance:
        done, going = (
            instance.add_run(dg.DagsterRun(job_name="nightly", run_id=name, status=status))
            for name, status in (("a", dg.DagsterRunStatus.SUCCESS), ("b", dg.DagsterRunStatus.STARTED))
        )
        assert dagster_runs.expire(instance, datetime(2020, 1, 1)) == {"n_runs": 0}
        assert dagster_runs.expire(instance, datetime(2099, 1, 1)) == {"n_runs": 1}
        assert [run.run_id for run in instance.get_runs()] == [going.run_id]
        assert not instance.all_logs(done.run_id)
