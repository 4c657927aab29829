"""Archives and files from the catalogue of bad inputs: each is refused, skipped or noted by its number in a real run.

All of them lie in one drop folder beside a good export, which must come out as if it were alone.
"""

import re
import struct
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from tests.pipelines import tiny
from tests.pipelines.runs import Run, assert_same_tables, run_models

DAY = date(2025, 10, 6)
PEOPLE = [tiny.slack_user("U0ANN", "ann@t.example"), tiny.slack_user("U0BO", "bo@t.example")]
ROSTER = b"PersonId,EffectiveDate,Organization\nann,2025-01-01,A\n"
NAMES = ("channels.json", "users.json", "general/2025-10-06.json")


def slack(path: Path, people: list[tiny.Json] = PEOPLE) -> Path:
    return tiny.slack_zip(path, people, {"general": [tiny.slack_message(DAY, str(one["id"])) for one in people]})


def rebuilt(path: Path, **changes: str | None) -> Path:
    """An export with further members; each fault starts from one that is sound."""
    members = tiny.members_of(slack(path))
    return tiny.zipped(path, members | {name: text for name, text in changes.items() if text is not None})


def patched(path: Path, offset: Callable[[bytes], int], value: bytes) -> Path:
    data = bytearray(slack(path).read_bytes())
    place = offset(bytes(data))
    data[place : place + len(value)] = value
    path.write_bytes(bytes(data))
    return path


def directory_entry(name: str) -> Callable[[bytes], int]:
    """Where the central directory describes this member."""
    return lambda data: data.rindex(name.encode()) - 46


def added(path: Path, name: str, content: str | bytes = "[]", *, mode: int = 0) -> Path:
    slack(path)
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        info.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(info, content)
    return path


def renamed(path: Path, old: bytes, new: bytes) -> Path:
    path.write_bytes(added(path, old.decode()).read_bytes().replace(old, new))
    return path


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def crowded(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(200_001):
            archive.writestr(zipfile.ZipInfo(f"{number}"), b"")
    return path


def overlapping(path: Path) -> Path:
    data = bytearray(slack(path).read_bytes())
    for name in NAMES[1:]:
        place = directory_entry(name)(bytes(data)) + 42
        data[place : place + 4] = bytes(4)
    return written(path, bytes(data))


def rotten(path: Path) -> Path:
    def inside(data: bytes) -> int:
        return data.index(NAMES[2].encode()) + len(NAMES[2]) + 20

    return patched(path, inside, b"\xff\xff\xff")


def emptied(path: Path) -> Path:
    with zipfile.ZipFile(path, "w"):
        pass
    return path


def joined(path: Path) -> Path:
    return written(path, slack(path).read_bytes() * 2)


@dataclass(frozen=True)
class Fault:
    """How a file is broken, what is said of it, and in which state the ledger has it."""

    make: Callable[[Path], Path]
    says: str
    status: str = "refused"
    message: str = field(default="nothing of this file was loaded")


REFUSED = {
    "B001": Fault(lambda p: added(p, "../../evil.json"), r"PPL-ZIP-001 \S+!\.\./.*: member path leaves the archive"),
    "B002-absolute": Fault(lambda p: added(p, "/abs.json"), r"PPL-ZIP-001 \S+!/abs\.json: member path"),
    "B002-drive": Fault(lambda p: added(p, "C:/x.json"), r"PPL-ZIP-001 \S+!C:/x\.json: member path"),
    "B002-backslash": Fault(lambda p: added(p, "a\\..\\b.json"), r"PPL-ZIP-001 \S+!a\\\.\.\\b\.json: member path"),
    "B003": Fault(lambda p: added(p, "link.json", "/etc/passwd", mode=0o120777),
                  r"PPL-ZIP-002 \S+!link\.json: not a regular file"),
    "B004": Fault(lambda p: added(p, "users.json"), r"PPL-ZIP-003 \S+!users\.json: 2 members with this name"),
    "B005-case": Fault(lambda p: added(p, "General/2025-10-06.json"), r"PPL-ZIP-003 \S+!.*same name after normal"),
    "B005-form": Fault(lambda p: rebuilt(p, **{"caf\u00e9.json": "[]", "cafe\u0301.json": "[]"}),
                       r"PPL-ZIP-003 \S+!.*same name after normalisation"),
    "B006": Fault(lambda p: added(p, "general/2025-10-07.json", bytes(200 << 20)),
                  r"PPL-ZIP-004 \S+!.*: expands beyond .* \(ratio \d+\)"),
    "B007": Fault(lambda p: patched(p, lambda data: directory_entry(NAMES[2])(data) + 24, struct.pack("<L", 10)),
                  r"PPL-ZIP-005 \S+!general/2025-10-06\.json: (size|checksum)"),
    "B008": Fault(overlapping, r"PPL-ZIP-006 \S+: overlapping members"),
    "B009": Fault(crowded, r"PPL-ZIP-007 \S+: 200001 members exceed"),
    "B010": Fault(lambda p: patched(p, lambda data: directory_entry("users.json")(data) + 8, b"\x01"),
                  r"PPL-ZIP-008 \S+!users\.json: password-protected"),
    "B011-deflate64": Fault(lambda p: patched(p, lambda data: directory_entry("users.json")(data) + 10, b"\x09\0"),
                            r"PPL-ZIP-009 \S+!users\.json: compression method 9"),
    "B011-zstd": Fault(lambda p: patched(p, lambda data: directory_entry("users.json")(data) + 10, b"\x5d\0"),
                       r"PPL-ZIP-009 \S+!users\.json: compression method 93"),
    "B011-aes": Fault(lambda p: patched(p, lambda data: directory_entry("users.json")(data) + 10, b"\x63\0"),
                      r"PPL-ZIP-009 \S+!users\.json: compression method 99"),
    "B012": Fault(lambda p: written(p, slack(p).read_bytes()[:-30]), r"PPL-ZIP-010 \S+: archive is truncated"),
    "B013": Fault(rotten, r"PPL-ZIP-005 \S+!general/2025-10-06\.json: checksum"),
    "B014": Fault(lambda p: written(p, b"<!DOCTYPE html><title>Log in</title>"), r"PPL-FIL-001 \S+: is an HTML page"),
    "B015": Fault(lambda p: written(p, b""), r"PPL-FIL-002 \S+: empty file \(0 bytes\)"),
    "B016": Fault(emptied, r"PPL-FIL-003 \S+: no recognised .* export", "unknown", "it was not loaded"),
    "B017": Fault(joined, r"PPL-ZIP-011 \S+: \d+ unexpected bytes before"),
    "B019": Fault(lambda p: renamed(p, b"aXb.json", b"a\0b.json"), r"PPL-ZIP-001 "),
}  # fmt: skip
"""Whole files that must not be loaded, by the rows of the catalogue."""
KEPT = {
    "B018": (lambda p: rebuilt(p, **{"inner.zip": "PK"}), "PPL-ZIP-012", "inner.zip", r"ignored.*nothing of it was"),
    "B020": (lambda p: renamed(p, b"aXYb.json", b"a\x81\x84b.json"), "PPL-ZIP-013", "", r"1 member.*: name is not UTF"),
}
"""Exports that are loaded with a note."""


def good(folder: Path) -> Path:
    """A drop folder with one sound export and a roster."""
    tiny.slack_zip(folder / "good.zip", PEOPLE, {"general": [
        {"type": "message", "ts": "1759752000.000100", "user": one["id"], "text": "-"} for one in PEOPLE]})
    (folder / "roster.csv").write_bytes(ROSTER)
    return folder


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("alone")
    (folder / "drop").mkdir()
    return run_models(good(folder / "drop"), folder / "out")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One run over a folder with every file that must be refused."""
    folder = tmp_path_factory.mktemp("faults")
    (folder / "drop").mkdir()
    for name, fault in REFUSED.items():
        fault.make(folder / "drop" / f"{name}.zip")
    return run_models(good(folder / "drop"), folder / "out")


@pytest.mark.parametrize("row", REFUSED)
def test_bad_archive(row: str, run: Run):
    fault, file = REFUSED[row], f"{row}.zip"
    ((status, reason, n_read, n_accepted),) = run.rows(
        "select status, reason, n_read, n_accepted from export_file where path = $p", p=file)
    assert (status, n_read, n_accepted) == (fault.status, 0, 0)
    assert reason is not None
    assert reason in run.problems
    assert sum(f" {file}" in problem for problem in run.problems) == 1
    assert re.match(fault.says, reason), reason
    assert f"; {fault.message}; " in reason


def test_bad_archives_leave_every_other_file_of_the_run_untouched(run: Run, alone: Run):
    assert run.tables() == alone.tables()
    assert_same_tables(run, alone, set(run.tables()) - {"stg_found", "stg_file", "export_file"})
    loaded = "select path, n_read, n_accepted, n_excluded, n_quarantined from export_file where status = 'loaded'"
    assert run.rows(loaded + " order by path") == alone.rows(loaded + " order by path")
    assert len(run.problems) == len(REFUSED)


@pytest.mark.parametrize("row", KEPT)
def test_noted_archive_is_loaded_whole(row: str, tmp_path: Path):
    make, rule, member, message = KEPT[row]
    drop = tmp_path / "drop"
    drop.mkdir()
    make(drop / "noted.zip")
    run = run_models(good(drop), tmp_path / "out", is_built=False)
    assert run.problems == []
    ((found_member, found_rule, said, n_records),) = run.rows(
        "select member, rule, message, n_records from stg_note where rule like 'PPL-ZIP-%'")
    assert (found_member, found_rule, n_records) == (member, rule, 1)
    assert re.search(message, said), said
    assert run.one("select count(*) from stg_event") == 4
