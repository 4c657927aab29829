"""`turnout rotate-key`: other pseudonyms, the same figures, nobody comes back, and an interruption loses nothing."""

import json
import shutil
import sys
from datetime import datetime
from pathlib import Path
from types import FrameType

import polars as pl
import pytest

from models.problems import SettingsRefused
from pipelines import trail, trail_check
from pipelines.cli import main
from pipelines.erasure.ledger import open_ledger
from pipelines.erasure.objection import object_to
from pipelines.job import Outcome
from pipelines.keys import ROTATED, KeyRing, canonical, destroy, open_key
from pipelines.lake import Lake
from pipelines.rotation import rotate as rotation
from pipelines.rotation import switch
from pipelines.rotation.prepare import FOLDER
from pipelines.rotation.rotate import Accepted, rotate
from tests.pipelines import erasable, tiny
from tests.pipelines.erasable import ANN
from tests.pipelines.runs import FIGURES, KEY, Run, run_models

NOW = datetime(2027, 1, 1, 12)
TABLES = (*FIGURES, "fct_event", "export_file")
NOTHING = Accepted()
ALL = Accepted(missing_exports=True, unnamed_lines=True)
IDS = ("account_id", "target_account_id", "person_id", "manager_person_id", "space_id", "identifier_key", "event_id",
       "thread_id", "target_event_id")  # fmt: skip


@pytest.fixture(scope="module")
def drop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return erasable.write(tmp_path_factory.mktemp("rotation") / "drop")


@pytest.fixture(scope="module")
def made(drop: Path) -> Run:
    return run_models(drop, drop.with_name("out"), tables=TABLES)


@pytest.fixture
def out(made: Run, tmp_path: Path) -> Path:
    return shutil.copytree(made.path.parents[1], tmp_path / "out")


def rotated(out: Path, drop: Path, accepted: Accepted = NOTHING) -> list[str]:
    lines, is_released = rotate(out, drop, accepted, now=NOW, run=lambda: Outcome(None, [], True, ""))
    assert not is_released
    return lines


def state_of(out: Path) -> Path:
    return out / "work" / "state"


def pseudonyms(out: Path) -> set[object]:
    """Every value of every column of identifiers in the lake."""
    found: set[object] = set()
    for path in (out / "work" / "lake").rglob("*.parquet"):
        rows = pl.read_parquet(path)
        for name in IDS:
            if name in rows.columns:
                found |= set(rows[name].drop_nulls().to_list())
    return found


def test_a_new_key_gives_other_pseudonyms_and_the_same_figures(made, out, drop):
    before = pseudonyms(out)
    rotated(out, drop)
    assert open_key(state_of(out)).secret != KEY
    assert len(pseudonyms(out)) == len(before) > 50
    assert not pseudonyms(out) & before
    again = run_models(drop, out, tables=TABLES)
    for table in FIGURES[1:]:
        assert again.table(table) == made.table(table), table
    counts = "select path, n_read, n_accepted, n_duplicate, n_excluded from export_file order by path"
    assert again.rows(counts) == made.rows(counts)


def test_nothing_of_the_old_key_is_left_below_the_output_folder(out, drop):
    before = [one if isinstance(one, bytes) else str(one).encode() for one in pseudonyms(out)]
    rotated(out, drop)
    for path in out.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert KEY not in content, path
            assert not [one for one in before if one in content], path
    assert {path.name for path in (out / "work").iterdir()} == {"lake", "state"}


def test_every_entry_of_the_lake_names_its_key_and_another_is_refused(out, drop, tmp_path):
    rotated(out, drop)
    ring = open_key(state_of(out))
    assert {entry.key_id for entry in Lake(out / "work" / "lake", ring).entries()} == {ring.key_id}
    (state_of(out) / "key").write_bytes(KEY)
    with pytest.raises(SettingsRefused, match=rf"^PPL-KEY-002 key id .* \(the lake has {ring.key_id}\)"):
        run_models(drop, out, tables=TABLES)


def test_the_trail_tells_of_a_rotation(out, drop):
    rotated(out, drop)
    lines = [json.loads(line) for line in trail.lines_of(trail.read(state_of(out)))]
    assert [(line["what"], line["outcome"]) for line in lines] == [("rotate-key", "begun"), ("rotate-key", "done")]
    assert [line["key_id"] for line in lines] == [KeyRing(KEY).key_id, open_key(state_of(out)).key_id]
    assert trail_check.breaks(state_of(out)) == []


def test_the_release_history_stays_as_it_is(out, drop):
    path = state_of(out) / "release_history.parquet"
    path.write_bytes(b"what was published")
    (state_of(out) / "past_use.parquet").write_bytes(b"of spaces under the old key")
    rotated(out, drop)
    assert path.read_bytes() == b"what was published"
    assert not (state_of(out) / "past_use.parquet").exists()


def release(out: Path, name: str, settings: str) -> Path:
    folder = out / "releases" / name
    (folder / "site").mkdir(parents=True)
    (folder / "site" / "index.html").write_text("page", encoding="utf-8")
    (folder / "turnout.duckdb").write_bytes(b"rows")
    (folder / "run.json").write_text(settings, encoding="utf-8")
    return folder


def test_files_with_rows_about_people_go_from_older_releases_and_their_sites_stay(out, drop):
    of_groups = release(out, "1", '{"settings": {"analyst": {"file": "released"}}}')
    of_people = [release(out, "2", '{"settings": {"analyst": {"file": "full"}}}'), release(out, "3", "{"),
                 release(out, "4", "[]")]  # fmt: skip
    (of_people[0] / "run.json").with_name("run.json").chmod(0o600)
    lines = rotated(out, drop)
    assert (of_groups / "turnout.duckdb").exists()
    assert not [one for one in of_people if (one / "turnout.duckdb").exists()]
    assert all((one / "site" / "index.html").exists() for one in [of_groups, *of_people])
    assert "3 analyst's files" in lines[1]


# --- what would be lost -----------------------------------------------------------------------------------------------


def test_an_export_that_is_no_longer_there_stops_it_unless_that_is_accepted(out, drop, tmp_path):
    fewer = shutil.copytree(drop, tmp_path / "fewer")
    (fewer / "slack.zip").unlink()
    before = pseudonyms(out)
    with pytest.raises(SettingsRefused, match=r"^PPL-KEY-004 --exports: 1 exports of the lake cannot be read again"):
        rotated(out, fewer)
    assert pseudonyms(out) == before
    assert open_key(state_of(out)).secret == KEY
    assert not (out / "work" / FOLDER).exists()
    line = json.loads(trail.lines_of(trail.read(state_of(out)))[-1])
    assert (line["outcome"], line["code"]) == ("refused", "PPL-KEY-004")
    rotated(out, fewer, Accepted(missing_exports=True))
    assert open_key(state_of(out)).secret != KEY
    assert "slack" not in {entry.platform for entry in Lake(out / "work/lake", open_key(state_of(out))).entries()}


# --- people who are left out ------------------------------------------------------------------------------------------


def theirs(ring: KeyRing, person: str) -> dict[str, str]:
    """The pseudonyms of a person, by kind."""
    return {
        "person": ring.person(person),
        "email": ring.pseudonym("identifier", "email", canonical("email", erasable.email(person))),
        "number": ring.pseudonym("identifier", "employee_number", canonical("employee_number", person)),
        "slack": ring.account("slack", tiny.TEAM, erasable.slack_id(person)),
    }


@pytest.fixture
def without_ann(out: Path, drop: Path) -> Path:
    object_to(out, ANN, exports=drop, now=NOW)
    return out


def test_who_is_left_out_stays_so_under_another_key(without_ann, drop):
    old = open_ledger(state_of(without_ann), KeyRing(KEY))
    assert not pseudonyms(without_ann) & set(theirs(KeyRing(KEY), ANN).values())
    rotated(without_ann, drop)
    ring = open_key(state_of(without_ann))
    new = open_ledger(state_of(without_ann), ring)
    columns = ["number", "kind", "since_on"]
    assert new.rows.select(columns).sort(columns).rows() == old.rows.select(columns).sort(columns).rows()
    assert set(new.rows["key_id"]) == {ring.key_id}
    assert not set(new.rows["hash"]) & set(old.rows["hash"])
    assert new.number_of(theirs(ring, ANN)["person"]) == new.number_of(theirs(ring, ANN)["email"]) == 1
    assert new.number_of(theirs(ring, "person-d")["person"]) is None
    assert not pseudonyms(without_ann) & set(theirs(ring, ANN).values())
    assert pseudonyms(without_ann) & set(theirs(ring, "person-d").values())


def test_the_figures_without_somebody_are_the_same_under_another_key(without_ann, drop):
    before = run_models(drop, without_ann, tables=TABLES)
    tables = {table: before.table(table) for table in FIGURES[1:]}
    rotated(without_ann, drop)
    after = run_models(drop, without_ann, tables=TABLES)
    assert {table: after.table(table) for table in tables} == tables


def test_who_is_left_out_and_named_nowhere_stops_it_until_named_or_given_up(without_ann, tmp_path):
    silent = erasable.write(tmp_path / "silent", gone={ANN})
    old = open_ledger(state_of(without_ann), KeyRing(KEY))
    n_lines = old.rows.height
    accept = Accepted(missing_exports=True)
    with pytest.raises(SettingsRefused, match=f"^PPL-KEY-005 --exports: {n_lines} accounts, people or identifiers"):
        rotated(without_ann, silent, accept)
    names = [ANN, erasable.email(ANN)]
    with pytest.raises(SettingsRefused, match=f"^PPL-KEY-005 --exports: {n_lines - 3} accounts"):
        rotated(without_ann, silent, Accepted(missing_exports=True, names=names))
    assert open_ledger(state_of(without_ann), KeyRing(KEY)).rows.equals(old.rows)
    rotated(without_ann, silent, Accepted(missing_exports=True, unnamed_lines=True, names=names))
    ring = open_key(state_of(without_ann))
    new = open_ledger(state_of(without_ann), ring)
    assert new.rows.height == 3
    assert {kind: new.number_of(one) for kind, one in theirs(ring, ANN).items()} == {
        "person": 1, "email": 1, "number": 1, "slack": None,
    }  # fmt: skip


def test_a_ledger_of_which_nobody_is_named_any_more_is_emptied_not_left_under_the_old_key(without_ann, tmp_path):
    rotated(without_ann, erasable.write(tmp_path / "silent", gone={ANN}), ALL)
    assert open_ledger(state_of(without_ann), open_key(state_of(without_ann))).rows.is_empty()


# --- interruptions ----------------------------------------------------------------------------------------------------


class Interrupted(BaseException):
    """As if the process were killed there."""


def test_a_rotation_that_is_interrupted_while_it_reads_leaves_everything_as_it_was(out, drop):
    before = pseudonyms(out)

    def stop(path: str) -> None:
        if path == "wiki.xml":
            raise Interrupted

    with pytest.raises(Interrupted):
        rotate(out, drop, Accepted(), now=NOW, run=lambda: Outcome(None, [], True, ""), progress=stop)
    assert (out / "work" / FOLDER / "state" / "key").exists()
    assert pseudonyms(out) == before
    assert open_key(state_of(out)).secret == KEY
    run_models(drop, out, tables=("fct_event",))
    rotated(out, drop)
    assert not (out / "work" / FOLDER).exists()
    assert open_key(state_of(out)).secret != KEY


@pytest.fixture
def switching(without_ann: Path, drop: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An output folder at the point of no return."""

    def stop(out: Path) -> int:
        raise Interrupted

    with monkeypatch.context() as patch:
        patch.setattr(rotation, "finish", stop)
        with pytest.raises(Interrupted):
            rotated(without_ann, drop)
    return without_ann


def test_no_key_is_used_while_a_rotation_is_unfinished(switching, drop, capfd):
    with pytest.raises(SettingsRefused, match=r"^PPL-KEY-003 work/rotated: a rotation of the key was interrupted"):
        open_key(state_of(switching))
    assert main(["run", "--exports", str(drop), "--out", str(switching), "--quiet"]) == 2
    assert capfd.readouterr().err.startswith("PPL-KEY-003")
    lines = rotated(switching, drop)
    assert lines[0].startswith("An interrupted rotation is finished")
    assert open_key(state_of(switching)).secret != KEY


def interrupted_at(n: int, out: Path) -> bool:
    """Runs `finish` until the n-th line of `switch` would run; whether it was interrupted."""
    left = [n]

    def watch(frame: FrameType, event: str, argument: object):
        if frame.f_code.co_filename != switch.__file__:
            return None
        if event == "line":
            left[0] -= 1
            if left[0] < 0:
                raise Interrupted
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        switch.finish(out)
    except Interrupted:
        return True
    finally:
        sys.settrace(before)
    return False


def content_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_wherever_it_is_interrupted_the_next_call_finishes_it(switching, tmp_path):
    new_key = (switching / "work" / ROTATED / "state" / "key").read_bytes()
    release(switching, "2", '{"settings": {"analyst": {"file": "full"}}}')
    whole = shutil.copytree(switching, tmp_path / "whole")
    switch.finish(whole)
    expected = content_of(whole)
    assert expected["work/state/key"] == new_key
    n = 0
    while True:
        trial = shutil.copytree(switching, tmp_path / "trial")
        was_interrupted = interrupted_at(n, trial)
        if switch.is_unfinished(trial):
            with pytest.raises(SettingsRefused):
                open_key(state_of(trial))
            switch.finish(trial)
        assert content_of(trial) == expected, n
        shutil.rmtree(trial)
        if not was_interrupted:
            break
        n += 1
    assert n > 20


def overwritten(key: Path) -> None:
    key.write_bytes(bytes(32))


@pytest.mark.parametrize("half_way", [overwritten, Path.unlink])
def test_an_old_key_that_is_half_destroyed_does_not_stop_it(half_way, switching):
    new_key = (switching / "work" / ROTATED / "state" / "key").read_bytes()
    half_way(state_of(switching) / "key")
    with pytest.raises(SettingsRefused, match=r"^PPL-KEY-003"):
        open_key(state_of(switching))
    switch.finish(switching)
    assert open_key(state_of(switching)).secret == new_key


def test_the_old_key_is_overwritten_where_it_lies(tmp_path):
    path = tmp_path / "key"
    path.write_bytes(KEY)
    other = tmp_path / "another name of the same file"
    other.hardlink_to(path)
    destroy(path)
    assert not path.exists()
    assert len(other.read_bytes()) == len(KEY)
    assert other.read_bytes() != KEY
    path.symlink_to(other)
    destroy(path)
    assert not path.is_symlink()
    assert not other.exists()
    destroy(path)


def test_the_command_rotates_and_makes_a_release_under_the_new_key(my_out, company, capfd):
    old = open_key(state_of(my_out))
    assert main(["rotate-key", "--exports", str(company), "--out", str(my_out)]) == 0
    ring = open_key(state_of(my_out))
    assert ring.key_id != old.key_id
    assert ring.key_id in capfd.readouterr().out
    assert json.loads((my_out / "latest" / "run.json").read_bytes())["meta"]["key_id"] == ring.key_id
    assert Run(my_out / "latest" / "turnout.duckdb").one("select key_id from meta") == ring.key_id
