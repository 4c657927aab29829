"""Rows of the catalogue on files and archives in runs: what is skipped or refused for now, and what is only noted.

How the drop folder is walked is tested in test_source_faults, archives that are refused in test_archive_faults.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from connectors.inventory import find_exports
from connectors.source_settling import Clock
from pipelines import ingest
from tests.connectors.test_archive_faults import KEPT, good, slack
from tests.pipelines.runs import FACTS, Run, assert_same_tables, run_models

LEDGER = {"stg_found", "stg_file", "export_file"}
STATUSES = "select path, status, split_part(reason, ';', 1) from export_file order by path"
EQUATION = "n_read = n_accepted + n_duplicate + n_excluded + n_quarantined"


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    (tmp_path / "drop").mkdir()
    return good(tmp_path / "drop")


@pytest.fixture
def alone(tmp_path: Path, drop: Path) -> Run:
    return run_models(drop, tmp_path / "alone", tables=FACTS)


@pytest.mark.parametrize("row", ["B022"])
def test_file_still_being_copied_is_named_left_out_and_loaded_by_the_next_run(
    row: str, drop: Path, tmp_path: Path, alone: Run, monkeypatch: pytest.MonkeyPatch
):
    late = slack(drop / "late.zip", [{"id": "U0CY", "profile": {}}])

    def grow(_: float) -> None:
        with late.open("ab") as stream:
            stream.write(b"\0")

    whole = late.read_bytes()
    monkeypatch.setattr(ingest, "find_exports", partial(find_exports, clock=Clock(wait=grow)))
    first = run_models(drop, tmp_path / "out", tables=FACTS)
    monkeypatch.undo()
    assert first.rows(STATUSES) == [
        ("good.zip", "loaded", None), ("late.zip", "refused", "PPL-FIL-005 late.zip: still being written"),
        ("roster.csv", "loaded", None)]
    assert len(first.problems) == 1
    assert_same_tables(first, alone, set(alone.tables()) - LEDGER)
    late.write_bytes(whole)
    second = run_models(drop, tmp_path / "out", tables=FACTS)
    assert second.problems == []
    assert second.rows(STATUSES)[1] == ("late.zip", "loaded", None)
    assert second.one("select count(*) from fct_event") == 3


@pytest.mark.parametrize("row", ["B023"])
@pytest.mark.parametrize("is_late", [False, True], ids=["walk", "read"])
def test_file_without_permission_is_named_and_the_others_are_loaded(
    row: str, is_late: bool, drop: Path, tmp_path: Path, alone: Run, monkeypatch: pytest.MonkeyPatch
):
    slack(drop / "locked.zip", [{"id": "U0CY", "profile": {}}])
    real, is_locked = Path.open, not is_late

    def fail(path: Path, *args: object, **options: object):
        if path.name == "locked.zip" and is_locked:
            raise PermissionError(13, "no")
        return real(path, *args, **options)  # type: ignore[call-overload]

    def survey(*args: object, **options: object):
        nonlocal is_locked
        found = real_survey(*args, **options)  # type: ignore[arg-type]
        is_locked = True
        return found

    real_survey: Callable[..., object] = ingest.survey
    monkeypatch.setattr(Path, "open", fail)
    monkeypatch.setattr(ingest, "survey", survey)
    run = run_models(drop, tmp_path / "out", tables=FACTS)
    monkeypatch.undo()
    ((path, status, reason),) = run.rows("select path, status, reason from export_file where status <> 'loaded'")
    assert (path, status) == ("locked.zip", "refused")
    assert str(reason).startswith("PPL-FIL-006 locked.zip: ")
    assert run.problems == [reason]
    assert_same_tables(run, alone, set(alone.tables()) - LEDGER)


@pytest.mark.parametrize("row", KEPT)
def test_noted_archive_loses_no_record(row: str, tmp_path: Path):
    for name, make in (("noted", KEPT[row][0]), ("sound", slack)):
        (tmp_path / name / "drop").mkdir(parents=True)
        make(good(tmp_path / name / "drop") / "more.zip")
    counted = f"select path, n_read, n_accepted, {EQUATION} from export_file order by path"
    noted, sound = (
        run_models(tmp_path / name / "drop", tmp_path / name / "out", tables=FACTS) for name in ("noted", "sound"))
    assert noted.problems == sound.problems == []
    assert noted.rows(counted) == sound.rows(counted)
    assert all(is_whole for *_, is_whole in noted.rows(counted))
    ((rule, n_records),) = noted.rows("select rule, n_records from note where rule like 'PPL-ZIP-%'")
    assert (rule, n_records) == (KEPT[row][1], 1)
