"""A mark in every field of every format that a reader takes comes out only where a name is meant to be kept.

The formats are found, so a new one joins by itself. Each field is tried alone: one that a record can do without is
planted in a whole export, one that it cannot (a time, a kind) makes a fault, whose words must not quote it.
"""

import gzip
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
import pytest

from connectors.events_presets import PRESETS
from connectors.registry import CONNECTORS
from connectors.source import open_source
from models.problems import ExportRefused, SettingsRefused
from pipelines.keys import KeyRing, keyed
from tests.connectors.samples import SAMPLES, Sample, find_samples
from tests.pipelines.canaries import (
    Marks,
    assert_no_canary,
    columns_of,
    fields_of,
    files_of,
    found_in,
    planted,
    run_in_dagster,
)
from tests.pipelines.runs import FULL, KEY, Run, contents, give_key

N_ITEMS = 40
Field = tuple[str, str]
"""Kind of member and field in it."""
NAMES = {
    ("space", "label"), ("person", "org_path"), ("person", "level"), ("person", "location"), ("usage", "org_unit"),
    *((table, "workspace") for table in ("event", "account", "account_identifier", "space", "usage", "coverage")),
}  # fmt: skip
"""Columns that hold a name on purpose: of public spaces and workspaces, of the roster's units, levels and places."""
OTHER_ROSTER = "users.csv"
"""Needs other settings than the sample company's roster, so it is in no run with it."""
RING = KeyRing(KEY)
JSON_MARKS = [
    {"href": f"https://t.example/{n}", "description": "d", "extended": "e", "meta": f"{n:032x}", "hash": f"{n:032x}",
     "time": f"2024-01-0{n}T10:00:00Z", "shared": "yes", "toread": "no", "tags": "a b"} for n in range(1, 5)
]  # fmt: skip
XML_MARKS = '<posts user="ann"><post href="https://t.example/1" time="2024-01-01T10:00:00Z" description="d" ' \
            'extended="e" tag="a" hash="0" meta="0" shared="yes"/></posts>'
ROSTER = """
home_domains = ["acme.example"]

[source."bookmarks/*"]
owner = "ben@t.example"

[roster]
date_format = "%Y-%m-%d"
columns.org_path = ["Organization", "Department"]
columns.left_on = "TerminationDate"
columns.email = "Email"
columns.directory_id = "ObjectId"
columns.function = "FunctionType"
exec.max_layer = 2
"""
MAPPED = """
[source."marks.*"]
owner = "ann@t.example"

[[events]]
match = "visits.parquet"
platform = "portal"
workspace = "portal"
format = "parquet"
columns = {actor = "who", at = "when", action = "what", space = "where", id = "number"}
actions = {Wrote = "post"}
"""


@dataclass(frozen=True)
class Reading:
    """What a reader made of an export: rows of each kind, columns and figures with a mark, and what it refused."""

    n_rows: Counter[str]
    marked: frozenset[tuple[str, str]] = frozenset()
    is_counted: bool = False
    spans: frozenset[tuple[str, str, object, object]] = frozenset()
    """First and last time of each column of times."""
    said: str = ""


def more_formats(folder: Path) -> list[Path]:
    """Formats of which the sample company has none, or another that is smaller."""
    roots = [folder / name for name in ("marks", "marks-xml", "members", "office")]
    for root in roots:
        root.mkdir()
    (roots[0] / "marks.json").write_text(json.dumps(JSON_MARKS), encoding="utf-8")
    visits = {"who": ["ann", "ben"], "when": ["2024-01-01T10:00:00Z"] * 2, "what": ["Wrote"] * 2, "where": ["Hall"] * 2,
              "number": ["v1", "v2"], "comment": ["x", "y"]}  # fmt: skip
    pl.DataFrame(visits).write_parquet(roots[0] / "visits.parquet")
    (roots[1] / "marks.xml").write_text(XML_MARKS, encoding="utf-8")
    for root in roots[:2]:
        (root / "turnout.toml").write_text(MAPPED, encoding="utf-8")
    days = gzip.decompress(next((SAMPLES / "acme" / "slack-analytics").glob("*Member*.gz")).read_bytes())
    (roots[2] / "members.json").write_bytes(b"\n".join(days.split(b"\n")[:N_ITEMS]) + b"\n")
    shutil.copy(SAMPLES / "acme" / "m365-office" / "office-activity.zip", roots[3] / "office-activity.zip")
    return roots


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sample]:
    folder = tmp_path_factory.mktemp("formats")
    return find_samples(folder, more=more_formats(folder), n_items=N_ITEMS)


def kind_of(member: str) -> str:
    """Members are alike that differ in their folder or in numbers: the days of a channel, the reports of a kind."""
    return re.sub(r"[0-9]+", "#", member if "/" not in member else "*/" + member.rpartition(".")[2])


def all_fields(sample: Sample) -> list[Field]:
    found = {(kind_of(name), field): None for name, content in sample.members.items() for field in fields_of(content)}
    return list(found)


def with_marks(sample: Sample, chosen: Iterable[Field], marks: Marks) -> Sample:
    by_kind: dict[str, set[str]] = {}
    for kind, field in chosen:
        by_kind.setdefault(kind, set()).add(field)
    members = {
        name: planted(content, by_kind[kind_of(name)], marks) if kind_of(name) in by_kind else content
        for name, content in sample.members.items()
    }
    return replace(sample, members=members)


def read(sample: Sample, folder: Path) -> Reading:
    """What would be stored of it, under pseudonyms."""
    path = folder / sample.file
    path.write_bytes(sample.pack(sample.members))
    n_rows: Counter[str] = Counter()
    marked, spans, is_counted = set(), set(), False
    try:
        for frame in sample.connector.read(open_source(path, sample.file), sample.settings):
            rows = keyed(frame, RING, sample.connector.platform_for(sample.settings))
            n_rows[frame.table] += rows.height
            for name, kind in rows.schema.items():
                if kind.is_temporal():
                    spans.add((frame.table, name, rows[name].min(), rows[name].max()))
                if found_in(rows[name].to_list()):
                    if name.startswith("n_") or name == "bytes_delta":
                        is_counted = True
                    else:
                        marked.add((frame.table, name))
    except (ExportRefused, SettingsRefused) as refused:
        return Reading(Counter(), said=str(refused))
    return Reading(n_rows, frozenset(marked), is_counted, frozenset(spans))


@dataclass
class Tried:
    """The fields of an export: which a sound record can have marked, which of these leave no trace, what is wrong."""

    sample: Sample
    n_fields: int
    sound: list[Field]
    silent: list[Field]
    faults: list[str]


def records(reading: Reading) -> list[int]:
    return [reading.n_rows[table] for table in ("event", "usage", "person", "quarantine", "exclusion")]


def tried(sample: Sample, folder: Path) -> Tried:
    fields = all_fields(sample)
    result = Tried(sample, len(fields), [], [], [])
    plain = read(sample, folder)
    for field in fields:
        reading = read(with_marks(sample, [field], Marks()), folder)
        if found_in([reading.said]) or not reading.marked <= NAMES:
            result.faults.append(f"{field}: {reading.said} {sorted(reading.marked - NAMES)}")
        elif records(reading) == records(plain) and not reading.said:
            result.sound.append(field)
            if not reading.marked and not reading.is_counted and reading.spans == plain.spans:
                result.silent.append(field)
    return result


@pytest.fixture(scope="module")
def every(samples: dict[str, Sample], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tried]:
    folder = tmp_path_factory.mktemp("tried")
    return {name: tried(sample, folder) for name, sample in samples.items()}


def test_every_reader_and_format_is_tried(samples: dict[str, Sample]) -> None:
    assert {one.name for one in CONNECTORS} == {one.connector.name for one in samples.values()}
    formats = {one.format for one in samples.values()}
    assert formats >= {"bookmarks-html", "bookmarks-json", "bookmarks-xml", "events-parquet", "events-csv",
                       "events-ndjson", "events-json", "slack-export", "slack-analytics"}  # fmt: skip
    mapped = {one.settings.events.preset for one in samples.values() if one.settings.events}
    assert mapped >= set(PRESETS)


def test_no_field_of_any_format_is_stored_as_it_is_or_quoted(every: dict[str, Tried], tmp_path: Path) -> None:
    faults = {name: one.faults for name, one in every.items() if one.faults}
    for name, one in every.items():
        whole = read(with_marks(one.sample, one.sound, Marks()), tmp_path)
        print(f"{name}: {one.n_fields} fields, {len(one.sound)} in sound records, found in {sorted(whole.marked)}")
        assert not whole.said, name
        assert sum(records(whole)) > 0, name
        assert len(one.sound) >= one.n_fields / 2, name
        if not whole.marked <= NAMES:
            faults[f"{name}, all fields"] = sorted(map(str, whole.marked - NAMES))
    assert faults == {}


@pytest.fixture(scope="module")
def left(every: dict[str, Tried], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folder with OUT and that of Dagster's storage, after a run over all formats with marks in all fields that
    are not meant to be shown.
    """
    folder = tmp_path_factory.mktemp("formats")
    drop, out, home = folder / "drop", folder / "out", folder / "home"
    home.mkdir()
    give_key(out)
    marks = Marks()
    for one in every.values():
        if one.sample.path == OTHER_ROSTER:
            continue
        path = drop / one.sample.path
        path.parent.mkdir(parents=True, exist_ok=True)
        sample = with_marks(one.sample, one.silent, marks)
        path.write_bytes(sample.pack(sample.members))
    mapped = [path.read_text(encoding="utf-8") for path in SAMPLES.glob("mappings/*/turnout.toml")]
    parts = ["[[events]]" + text.partition("[[events]]")[2] for text in mapped]
    (drop / "turnout.toml").write_text("\n".join([ROSTER, MAPPED, *parts, FULL]), encoding="utf-8")
    capture = pytest.MonkeyPatch()
    capture.setenv("DAGSTER_HOME", str(home))
    try:
        lines = run_in_dagster(drop, out, home)
    finally:
        capture.undo()
    (home / "all events.txt").write_text("\n".join(lines), encoding="utf-8")
    return out, home


def test_a_run_over_all_formats_leaves_no_mark_anywhere(left: tuple[Path, Path], every: dict[str, Tried]) -> None:
    out, home = left
    for path in [*files_of(out), *files_of(home)]:
        assert_no_canary(contents(path).decode("latin-1"), path.name)
    for path in sorted((out / "work" / "lake").rglob("*.parquet")):
        for series in pl.read_parquet(path):
            assert_no_canary(repr(series.to_list()), f"{path.name} {series.name}")
    for database in ("work/turnout.duckdb", "latest/turnout.duckdb"):
        for where, values in columns_of(out / database):
            assert_no_canary(values, where)
    live = Run(out / "work" / "turnout.duckdb")
    refused = "select path, reason from export_file where status <> 'loaded'"
    assert live.rows(refused) == []
    assert live.one("select count(*) from export_file where n_read > 0") == len(every) - 1
    assert len(live.rows("select distinct platform from fct_event")) >= 12
