"""What a search for one person finds: any value of any table, any byte, any member of an archive, and any backup."""

import gzip
import shutil
import sqlite3
import zipfile
from base64 import b32decode
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl
import pytest

from pipelines.erasure.dagster_storage import scrub
from pipelines.erasure.forget import forget
from pipelines.erasure.ledger import open_ledger
from pipelines.erasure.search import Needles, search
from pipelines.keys import KeyRing
from tests.pipelines import erasable
from tests.pipelines.erasable import ANN, CHIEF
from tests.pipelines.runs import KEY, run_models

NOW = datetime(2027, 1, 1, 12)
RING = KeyRing(KEY)
PSEUDONYM = RING.person(ANN)
NAME = "Ann.Canary@t.example"
NEEDLES = Needles([PSEUDONYM], [NAME])
RAW = b32decode(PSEUDONYM.upper() + "======")
PIECE = 1 << 22


def table(**columns: list[object]) -> pl.DataFrame:
    return pl.DataFrame({"n": [1, 2], **columns})


def database(path: Path, value: str) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create table t as select 1 as n, {value} as c from range(5000)")


def zipped(path: Path, name: str, content: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("first.txt", b"nothing")
        archive.writestr(name, content)


HOLDING: dict[str, Callable[[Path], object]] = {
    "a pseudonym": lambda path: path.write_bytes(b"x" * 100 + PSEUDONYM.encode() + b"y"),
    "its bytes": lambda path: path.write_bytes(RAW),
    "a name in another case": lambda path: path.write_text(NAME.lower()),
    "across two pieces that are read": lambda path: path.write_bytes(b"x" * (PIECE - 7) + NAME.encode() + b"x" * PIECE),
    "a column": lambda path: table(c=["x", PSEUDONYM]).write_parquet(path, compression="zstd"),
    "part of a value": lambda path: table(c=["x", f"of {NAME}."]).write_parquet(path, compression="zstd"),
    "a list": lambda path: table(c=[["x"], ["y", PSEUDONYM]]).write_parquet(path, compression="zstd"),
    "a binary column": lambda path: table(c=[b"x", RAW]).write_parquet(path, compression="zstd"),
    "a database": lambda path: database(path, f"'{PSEUDONYM}'"),
    "a list in a database": lambda path: database(path, f"['x', '{NAME}']"),
    "bytes in a database": lambda path: database(path, f"unhex('{RAW.hex()}')"),
    "a member of an archive": lambda path: zipped(path, "second.txt", f"xx{NAME}".encode()),
    "the name of a member": lambda path: zipped(path, f"{NAME}.txt", b"nothing"),
    "a packed file": lambda path: path.write_bytes(gzip.compress(NAME.encode())),
}


@pytest.mark.parametrize("kind", HOLDING)
def test_it_finds_the_person_in(kind, tmp_path):
    HOLDING[kind](tmp_path / "file")
    (tmp_path / "other").write_text("nothing")
    found = search([tmp_path], NEEDLES)
    assert found.files == [tmp_path / "file"]
    assert (found.n_files, found.unreadable) == (2, [])
    assert search([tmp_path], Needles([RING.person("another")], ["another@t.example"])).hits == []


def test_the_name_of_a_file_counts_and_links_are_not_followed(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / f"{NAME}.txt").write_text("nothing")
    (tmp_path / "link").symlink_to(tmp_path / "deep")
    assert search([tmp_path], NEEDLES).hits == [(tmp_path / "deep" / f"{NAME}.txt", "file name")]


def test_a_short_name_or_a_number_counts_only_as_a_whole_value(tmp_path):
    (tmp_path / "text").write_text("bob was here 123456789 times")
    table(c=["bobby", "23456"]).write_parquet(tmp_path / "part", compression="uncompressed")
    assert search([tmp_path], Needles([], ["bob", "123456789"])).hits == []
    table(c=["BOB", "1"]).write_parquet(tmp_path / "whole")
    assert search([tmp_path], Needles([], ["bob"])).hits == [(tmp_path / "whole", "c")]


def test_the_ledger_finds_pseudonyms_that_nobody_remembers(tmp_path):
    ledger = open_ledger(tmp_path, RING).add({PSEUDONYM: 1}, kind="forget", since=NOW.date())
    ledger = ledger.add({RING.person("other"): 2}, kind="object", since=NOW.date())
    (tmp_path / "in").mkdir()
    table(c=["x", PSEUDONYM], d=[RING.person("other"), "y"]).write_parquet(tmp_path / "in" / "part")
    assert search([tmp_path / "in"], Needles([], [], ledger, [1])).hits == [(tmp_path / "in" / "part", "c")]


@pytest.mark.parametrize("start", [b"PAR1", b"PK\3\4", b"\x1f\x8b\x08", b"\0" * 8 + b"DUCK"])
def test_what_cannot_be_searched_is_said(start, tmp_path):
    (tmp_path / "broken").write_bytes(start + b"damaged" * 10)
    assert search([tmp_path], NEEDLES).unreadable == [tmp_path / "broken"]


@pytest.fixture
def out(erasable_out: Path, tmp_path: Path) -> Path:
    return shutil.copytree(erasable_out, tmp_path / "out")


def erase(out: Path, drop: Path, *backups: Path, home: Path | None = None):
    return forget(out, erasable.email(ANN), exports=drop, backups=backups, dagster_home=home, now=NOW, run=None)


def test_a_copy_of_the_folder_is_treated_and_other_backups_are_told(erasable_drop, out, tmp_path):
    copy = shutil.copytree(out, tmp_path / "copy")
    (copy / "releases" / "old").mkdir(parents=True)
    (copy / "releases" / "old" / "run.json").write_text(erasable.email(ANN))
    archive, clean = tmp_path / "lake.zip", tmp_path / "clean.zip"
    zipped(archive, "roster.csv", (erasable_drop / "hr" / "roster.csv").read_bytes())
    zipped(clean, "roster.csv", b"nobody")
    report = erase(out, erasable_drop, copy, archive, clean)
    assert report.searched.hits == [(archive, "a member")]
    assert not report.is_clean
    assert [line.partition(":")[0] for line in report.lines() if "PPL-ERA-008" in line] == [f"PPL-ERA-008 {archive}"]
    assert not (copy / "releases" / "old").exists()
    assert search([copy], Needles([RING.person(ANN)], erasable.natives(ANN))).hits == []
    run = run_models(erasable_drop, copy, is_built=False)  # the copy's own ledger keeps the person out
    assert run.rows("select 1 from stg_person where person_id = $who", who=RING.person(ANN)) == []


def test_a_backup_under_another_key_is_treated_with_its_own(erasable_drop, out, tmp_path):
    other = tmp_path / "other"
    (other / "work" / "state").mkdir(parents=True)
    (other / "work" / "state" / "key").write_bytes(bytes(32))
    (other / "work" / "state" / "key").chmod(0o600)
    run_models(erasable_drop, other, is_built=False)
    assert erase(out, erasable_drop, other).is_clean
    run = run_models(erasable_drop, other, is_built=False)
    people = {row[0] for row in run.rows("select person_id from stg_person")}
    assert KeyRing(bytes(32)).person(ANN) not in people
    assert KeyRing(bytes(32)).person(CHIEF) in people


def test_a_copy_without_its_key_takes_that_of_the_folder(erasable_drop, out, tmp_path):
    copy = shutil.copytree(out, tmp_path / "copy")
    shutil.rmtree(copy / "work" / "state")
    assert erase(out, erasable_drop, copy).is_clean
    assert open_ledger(copy / "work" / "state", RING).number_of(RING.person(ANN)) == 1
    assert not (copy / "work" / "turnout.duckdb").exists()


def test_runs_that_hold_the_person_leave_dagsters_storage(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")

    @dg.job
    def empty() -> None:
        """Nothing."""

    with dg.DagsterInstance.from_config(str(home)) as instance:
        held = empty.execute_in_process(instance=instance, tags={"of": NAME}).run_id
        kept = empty.execute_in_process(instance=instance, tags={"of": "nobody"}).run_id
    with closing(sqlite3.connect(home / "more.db")) as connection:
        connection.execute("pragma secure_delete = off")
        connection.execute("create table t as select ? as c", [NAME])
        connection.commit()
        connection.execute("delete from t")
        connection.commit()
    assert (home / "more.db", "bytes") in search([home], NEEDLES).hits  # SQLite keeps the bytes of deleted rows
    assert scrub(home, NEEDLES) == ["1 runs in Dagster's storage held the person and are deleted"]
    assert search([home], NEEDLES).hits == []
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert instance.get_run_by_id(held) is None
        assert instance.get_run_by_id(kept) is not None
    assert scrub(home, NEEDLES) == []
    with closing(sqlite3.connect(next(home.rglob("runs.db")))) as connection:
        assert connection.execute("select count(*) from runs").fetchone() == (1,)


def test_what_is_printed_from_a_page_holds_whom_the_page_holds(tmp_path: Path) -> None:
    """Its own bytes would not tell: letters are drawn, and packed."""
    for release, text in (("with", f"<p>{NAME}</p>"), ("without", "<p>nobody</p>")):
        (tmp_path / release / "units").mkdir(parents=True)
        (tmp_path / release / "units" / "sales.html").write_text(text)
        for name in ("index.html", "release.pdf", "summary.png"):
            (tmp_path / release / name).write_bytes(b"x")
    found = search([tmp_path], NEEDLES)
    assert [path.relative_to(tmp_path).as_posix() for path in found.files] == [
        "with/units/sales.html", "with/release.pdf", "with/summary.png",
    ]  # fmt: skip
