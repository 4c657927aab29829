"""Files and folders of a drop folder that change, may not be read or have impossible names, by catalogue number."""

import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.inventory import Found, content_id, find_exports
from connectors.registry import CONNECTORS
from connectors.settings import SourceSettings
from connectors.source import Source, open_source
from connectors.source_names import printable
from connectors.source_settling import Clock, once_more
from models.problems import ExportRefused
from pipelines import ingest
from pipelines.check import report
from tests.connectors.test_archive_faults import good, slack
from tests.pipelines import tiny
from tests.pipelines.runs import NOW, run_models


def nothing_declared(_: str) -> SourceSettings:
    return SourceSettings()


NO_WAIT = Clock(wait=lambda _: None)


def walk(root: Path, clock: Clock = NO_WAIT) -> list[Found]:
    return find_exports(root, nothing_declared, ignore=frozenset(), clock=clock)


def said(found: list[Found]) -> dict[str, str | None]:
    return {one.file: str(one.problem) if one.problem else None for one in found}


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    folder.mkdir()
    return good(folder)


def replaced(path: Path, *, people: int) -> None:
    """Another export takes the file's place, as a copying program does it."""
    users = [tiny.slack_user(f"U0N{n}", f"n{n}@t.example") for n in range(people)]
    os.replace(slack(path.with_name("new"), users), path)


@pytest.mark.parametrize("row", ["B021"])
def test_file_replaced_while_being_read_is_read_once_more_then_refused(row: str, drop: Path):
    path, seen = drop / "good.zip", []

    def read(source: Source) -> int:
        seen.append(source)
        if len(seen) <= n_replaced:
            replaced(path, people=10 + len(seen))
        return len(source.read(source.members[1]))

    n_replaced = 1
    assert once_more(read, open_source(path, "good.zip")) > 0
    assert len(seen) == 2
    seen.clear()
    n_replaced = 2
    with pytest.raises(ExportRefused, match=r"^PPL-FIL-004 \S+: changed while being read"):
        once_more(read, open_source(path, "good.zip"))
    assert len(seen) == 2


@pytest.mark.parametrize("row", ["B021"])
@pytest.mark.parametrize("n_replaced", [1, 2])
def test_a_run_reads_a_file_replaced_meanwhile_once_more_under_its_new_id(
    row: str, n_replaced: int, drop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    slack(drop / "other.zip", [tiny.slack_user("U0OTHER", "other@t.example", team_id="T0OTHER")])
    connector = next(one for one in CONNECTORS if one.name == "slack")
    seen = []

    def read(source: Source, settings: SourceSettings, /):
        seen.append(source.file)
        for number, one in enumerate(connector.read(source, settings)):
            if number == 1 and source.file == "good.zip" and seen.count(source.file) <= n_replaced:
                replaced(drop / "good.zip", people=2 + len(seen))
            yield one

    monkeypatch.setattr(ingest, "CONNECTORS", [replace(connector, read=read)])
    first = run_models(drop, tmp_path / "out", is_built=False)
    monkeypatch.undo()
    assert seen == ["good.zip"] * 2 + ["other.zip"]
    loaded = dict(first.rows("select path, file_id from stg_file"))
    if n_replaced == 1:
        assert first.problems == []
        now = open_source(drop / "good.zip", "good.zip")
        assert loaded["good.zip"] == content_id(now)
        assert first.one("select file_id from stg_found where path = 'good.zip'") == content_id(now)
    else:
        assert [problem.split(";")[0] for problem in first.problems] == [
            "PPL-FIL-004 good.zip: changed while being read"
        ]
        assert loaded.keys() == {"other.zip"}
        assert first.one("select status from stg_found where path = 'good.zip'") == "refused"
    second = run_models(drop, tmp_path / "out", is_built=False)
    assert second.problems == []
    of_good = "select count(*) from stg_event join stg_file using (file_id) where path = 'good.zip'"
    assert second.one(of_good) == 2 + n_replaced
    assert second.one("select count(*) from stg_file where platform = 'slack'") == 2


@pytest.mark.parametrize("row", ["B022"])
@pytest.mark.parametrize("name", ["good.zip", "unpacked/users.json"])
def test_file_still_being_copied_is_skipped_and_found_by_the_next_run(row: str, name: str, drop: Path):
    for member, text in tiny.members_of(drop / "good.zip").items():
        (drop / "unpacked" / member).parent.mkdir(parents=True, exist_ok=True)
        (drop / "unpacked" / member).write_text(text, encoding="utf-8")
    waits = []

    def grow(seconds: float) -> None:
        waits.append(seconds)
        with (drop / name).open("ab") as stream:
            stream.write(b"\n")

    first = walk(drop, Clock(wait=grow))
    export = name.partition("/")[0]
    assert re.match(r"PPL-FIL-005 \S+: still being written; it was skipped; ", str(said(first).pop(export)))
    recognised = {one.file for one in first if one.status == "recognised"}
    assert recognised == {"good.zip", "roster.csv", "unpacked"} - {export}
    assert len(waits) == 1
    assert set(said(walk(drop)).values()) == {None}


@pytest.mark.parametrize("row", ["B022"])
def test_broken_file_that_grows_is_called_unfinished_instead_of_damaged(row: str, drop: Path):
    whole = (drop / "good.zip").read_bytes()
    (drop / "good.zip").write_bytes(whole[:200])

    def grow(_: float) -> None:
        (drop / "good.zip").write_bytes(whole)

    assert str(said(walk(drop, Clock(wait=grow)))["good.zip"]).startswith("PPL-FIL-005 good.zip: still being written")
    assert said(walk(drop)) == {"good.zip": None, "roster.csv": None}


@pytest.mark.parametrize("row", ["B022"])
def test_nothing_is_waited_for_where_nothing_changed_just_now(row: str, drop: Path):
    waits: list[float] = []
    for path in drop.iterdir():
        os.utime(path, (1_700_000_000, 1_700_000_000))
    assert set(said(walk(drop, Clock(wait=waits.append))).values()) == {None}
    assert waits == []


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A drop folder of a user who may not read everything; the superuser becomes one for the test."""
    with tempfile.TemporaryDirectory() as name:
        folder = good(Path(name))
        folder.chmod(0o755)
        is_superuser = os.geteuid() == 0
        if is_superuser:
            os.seteuid(65534)
        try:
            yield folder
        finally:
            if is_superuser:
                os.seteuid(0)


def closed(path: Path) -> None:
    """Takes all permissions away, as whoever owns the file."""
    user = os.geteuid()
    if path.stat().st_uid != user:
        os.seteuid(path.stat().st_uid)
    path.chmod(0)
    os.seteuid(user)


def unpacked(root: Path) -> Path:
    user = os.geteuid()
    os.seteuid(root.stat().st_uid)
    for member, text in tiny.members_of(root / "good.zip").items():
        (root / "unpacked" / member).parent.mkdir(parents=True, exist_ok=True)
        (root / "unpacked" / member).write_text(text, encoding="utf-8")
    os.seteuid(user)
    return root / "unpacked"


@pytest.mark.parametrize("row", ["B023"])
@pytest.mark.parametrize("name", ["good.zip", "roster.csv"])
def test_file_without_permission_is_named_and_the_others_are_found(row: str, name: str, unprivileged: Path):
    closed(unprivileged / name)
    (other,) = {"good.zip", "roster.csv"} - {name}
    told = said(walk(unprivileged))
    assert told.pop(other) is None
    assert re.match(rf"PPL-FIL-006 {re.escape(name)}: permission denied", str(told.pop(name)))
    assert told == {}
    lines, n_problems = report(unprivileged, now=NOW, show_identifiers=False)
    assert n_problems == 1
    assert any(line.startswith(f"PPL-FIL-006 {name}: permission denied") for line in lines)


@pytest.mark.parametrize("row", ["B023"])
@pytest.mark.parametrize("member", ["general/2025-10-06.json", "general", "users.json"])
def test_unpacked_export_of_which_a_part_may_not_be_read_is_refused_whole(row: str, member: str, unprivileged: Path):
    closed(unpacked(unprivileged) / member)
    found = walk(unprivileged)
    told = said(found)
    assert told["good.zip"] is told["roster.csv"] is None
    problems = [problem for problem in told.values() if problem]
    assert all(problem.startswith("PPL-FIL-006 unpacked") and member in problem for problem in problems), problems
    assert problems
    assert not any(one.file.startswith("unpacked") and one.status == "recognised" for one in found)
    report(unprivileged, now=NOW, show_identifiers=False)


@pytest.mark.parametrize("row", ["B023"])
def test_folder_that_may_not_be_looked_into_is_named(row: str, unprivileged: Path):
    closed(unpacked(unprivileged))
    assert said(walk(unprivileged)) == {
        "good.zip": None, "roster.csv": None,
        "unpacked": "PPL-FIL-006 unpacked: permission denied; nothing of this file was loaded; Let the user who runs "
        "Turnout read it."}  # fmt: skip


@pytest.mark.parametrize("row", ["B023"])
@pytest.mark.parametrize("error", [PermissionError(13, "no"), OSError(5, "disk")])
def test_file_that_stops_being_readable_after_the_walk_is_refused_by_name(
    row: str, error: OSError, drop: Path, monkeypatch: pytest.MonkeyPatch
):
    real = Path.open

    def fail(path: Path, *args: object, **options: object):
        if path.name == "roster.csv":
            raise error
        return real(path, *args, **options)

    found = {one.file: one for one in walk(drop)}
    source = found["roster.csv"].source
    assert source is not None
    monkeypatch.setattr(Path, "open", fail)
    with pytest.raises(ExportRefused, match=r"^PPL-FIL-006 roster\.csv: (permission denied|cannot be read); "):
        source.read(source.members[0])


@pytest.mark.parametrize("row", ["B020"])
def test_name_that_is_no_utf8_is_refused_in_the_folder_and_escaped_inside_an_export(row: str, drop: Path):
    os.rename(drop / "roster.csv", os.fsencode(drop) + b"/roster\x81.csv")
    (drop / "a\nb.zip").write_bytes(b"x")
    told = said(walk(drop))
    assert told.pop("good.zip") is None
    assert sorted(told) == ["a\\x0ab.zip", "roster\\x81.csv"]
    assert all(re.match(r"PPL-FIL-009 \S+: the name is not UTF-8 ", str(problem)) for problem in told.values())
    folder = drop / "unpacked"
    folder.mkdir()
    (Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.json"))).write_bytes(b"[1]")
    source = open_source(folder, "unpacked")
    assert [member.name for member in source.members] == ["caf\\xe9.json"]
    assert source.read(source.members[0]) == b"[1]"
    assert len(content_id(source)) == 32


@pytest.mark.parametrize("row", ["B020"])
def test_utf8_name_in_a_run_with_undecodable_files_beside_it(row: str, drop: Path, tmp_path: Path):
    os.rename(drop / "roster.csv", os.fsencode(drop) + b"/roster\x81.csv")
    run = run_models(drop, tmp_path / "out", is_built=False)
    assert [problem[:11] for problem in run.problems] == ["PPL-FIL-009"]
    assert run.one("select count(*) from stg_event") == 2


def test_names_are_printed_on_one_line():
    assert printable("caf\u00e9/2024.json") == "caf\u00e9/2024.json"
    assert printable("a\x1b[31mb\n") == "a\\x1b[31mb\\x0a"
    assert printable(os.fsdecode(b"\x81")) == "\\x81"


def test_file_that_vanishes_while_the_folder_is_listed_is_no_fault(drop: Path, monkeypatch: pytest.MonkeyPatch):
    (drop / "gone").write_bytes(b"x")
    real = Path.stat

    def vanish(path: Path, **options: object):
        if path.name == "gone" and vanish.calls:  # type: ignore[attr-defined]
            raise FileNotFoundError(2, "gone")
        vanish.calls = path.name == "gone"  # type: ignore[attr-defined]
        return real(path, **options)

    vanish.calls = False  # type: ignore[attr-defined]
    monkeypatch.setattr(Path, "stat", vanish)
    assert {member.name for member in open_source(drop, "drop").members} >= {"good.zip", "roster.csv"}


def test_drop_folder_that_is_itself_an_export_is_loaded(tmp_path: Path):
    for member, text in tiny.members_of(slack(tmp_path / "good.zip")).items():
        (tmp_path / "drop" / member).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "drop" / member).write_text(text, encoding="utf-8")
    run = run_models(tmp_path / "drop", tmp_path / "out", is_built=False)
    assert run.problems == []
    assert run.rows("select path, status from stg_found") == [(".", "loaded")]
    assert run.one("select count(*) from stg_event") == 2
