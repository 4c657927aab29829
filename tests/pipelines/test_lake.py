"""The lake: what is parsed once stays, whole; what cannot be parsed leaves nothing."""

import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from connectors.contract import Connector, Frame, frame
from connectors.inventory import content_id
from connectors.registry import CONNECTORS
from connectors.settings import SourceSettings
from connectors.source import Source, open_source
from models.problems import ExportRefused, Problem
from models.schemas.lake import LAKE
from pipelines import ingest
from pipelines.keys import KeyRing
from pipelines.lake import Entry, Lake, LakeFault, empty
from tests.pipelines.runs import KEY, NOW, run_models
from tests.pipelines.tiny import CONFIG, roster_csv, roster_row

ACCOUNT = {"workspace": "T1", "account": "CANARY", "kind": "human", "is_guest": False, "is_deactivated": False,
           "is_record": True, "member": "users.json", "line": 1}  # fmt: skip
SETTINGS = SourceSettings()


def rows_of_two_batches(source: Source, settings: SourceSettings) -> Iterator[Frame]:
    yield frame("account", [ACCOUNT])
    yield frame("exclusion", [])
    yield frame("account", [ACCOUNT | {"account": "other", "line": 2}])


def refused_at_its_end(source: Source, settings: SourceSettings) -> Iterator[Frame]:
    yield frame("account", [ACCOUNT])
    raise ExportRefused(Problem("PPL-TST-001", "it is broken", "nothing was loaded", "mend it", source.file))


def interrupted(source: Source, settings: SourceSettings) -> Iterator[Frame]:
    yield frame("account", [ACCOUNT])
    raise KeyboardInterrupt


def outside_its_contract(source: Source, settings: SourceSettings) -> Iterator[Frame]:
    yield frame("account", [ACCOUNT | {"kind": "CANARY kind"}])


CONNECTOR = Connector("slack", 1, lambda source: "test", rows_of_two_batches, lambda settings: settings.workspace)


@pytest.fixture
def source(tmp_path: Path) -> Source:
    (tmp_path / "export").write_bytes(b"content")
    return open_source(tmp_path / "export", "export")


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake", KeyRing(KEY))


def entry_of(lake: Lake, source: Source, connector: Connector, settings: SourceSettings = SETTINGS) -> Entry:
    file_id = content_id(source)
    name = lake.entry_name(file_id, connector, settings)
    return Entry(
        name, file_id, "export", "slack", "test", 7, ids_per_space=True, cadence_days=45, key_id=lake.ring.key_id
    )


def files_of(lake: Lake) -> list[str]:
    return sorted(str(path.relative_to(lake.root)) for path in lake.root.rglob("*") if path.is_file())


def test_an_entry_holds_the_keyed_rows_of_its_export_part_by_part(lake, source):
    entry = entry_of(lake, source, CONNECTOR)
    assert not lake.holds(entry.name)
    lake.write(entry, source, CONNECTOR, SETTINGS, now=NOW)
    assert lake.holds(entry.name)
    assert lake.entries() == [entry]
    folder = f"v1/{entry.name}"
    assert files_of(lake) == [f"{folder}/{name}" for name in
                              ("account-00000.parquet", "account-00001.parquet", "export.json")]  # fmt: skip
    rows = pl.concat(lake.parts(entry, "account"))
    assert rows["account_id"].to_list() == [lake.ring.account("slack", "T1", name) for name in ("CANARY", "other")]
    assert rows.columns == empty("account").columns
    assert rows.schema == empty("account").schema
    assert list(lake.parts(entry, "event")) == []
    assert stat.S_IMODE((lake.root / folder).stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("read", "error"),
    [(refused_at_its_end, ExportRefused), (interrupted, KeyboardInterrupt), (outside_its_contract, LakeFault)],
)
def test_an_export_that_is_not_read_to_its_end_leaves_nothing(lake, source, read, error):
    connector = replace(CONNECTOR, read=read)
    entry = entry_of(lake, source, connector)
    with pytest.raises(error):
        lake.write(entry, source, connector, SETTINGS, now=NOW)
    assert lake.entries() == []
    assert not list(lake.root.rglob("*.parquet"))
    assert not list((lake.root / "v1").iterdir())


def test_an_export_that_cannot_be_read_again_keeps_its_older_parse(lake, source):
    entry = entry_of(lake, source, CONNECTOR)
    lake.write(entry, source, CONNECTOR, SETTINGS, now=NOW)
    newer = replace(CONNECTOR, version=2, read=refused_at_its_end)
    with pytest.raises(ExportRefused):
        lake.write(entry_of(lake, source, newer), source, newer, SETTINGS, now=NOW)
    assert lake.entries() == [entry]


def test_a_reader_outside_its_contract_is_named_without_a_value(lake, source):
    connector = replace(CONNECTOR, read=outside_its_contract)
    with pytest.raises(LakeFault) as fault:
        lake.write(entry_of(lake, source, connector), source, connector, SETTINGS, now=NOW)
    assert "kind: isin (1 rows)" in str(fault.value)
    assert "CANARY" not in str(fault.value)


@pytest.mark.parametrize("what", ["version", "settings", "key"])
def test_another_reader_other_settings_or_another_key_is_another_entry(what, lake, source, tmp_path):
    before = entry_of(lake, source, CONNECTOR)
    if what == "version":
        after = entry_of(lake, source, replace(CONNECTOR, version=2))
    elif what == "settings":
        after = entry_of(lake, source, CONNECTOR, SourceSettings(workspace="T2"))
    else:
        after = entry_of(Lake(lake.root, KeyRing(bytes(32))), source, CONNECTOR)
    assert after.file_id == before.file_id
    assert after.name != before.name


def test_settings_that_the_reader_does_not_use_change_no_entry(lake, source):
    before = entry_of(lake, source, CONNECTOR)
    assert entry_of(lake, source, CONNECTOR, SourceSettings(cadence_days=7, include=("private",))) == before


def test_there_is_at_most_one_entry_of_an_export(lake, source):
    for version in (1, 2, 3):
        connector = replace(CONNECTOR, version=version)
        lake.write(entry_of(lake, source, connector), source, connector, SETTINGS, now=NOW)
    assert lake.entries() == [entry_of(lake, source, replace(CONNECTOR, version=3))]
    assert len(files_of(lake)) == 3


def test_empty_tables_have_the_columns_of_the_lake():
    for table, schema in LAKE.items():
        assert empty(table).columns == list(schema.to_schema().columns)


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the exports that are really read, in order."""
    read_paths: list[str] = []

    def watched(connector: Connector) -> Connector:
        def read(source: Source, settings: SourceSettings) -> Iterator[Frame]:
            read_paths.append(source.file)
            yield from connector.read(source, settings)

        return replace(connector, read=read)

    monkeypatch.setattr(ingest, "CONNECTORS", tuple(map(watched, CONNECTORS)))
    return read_paths


def test_a_run_reads_each_export_once_and_again_only_when_what_its_reader_uses_changes(readings, tmp_path):
    drop, out = tmp_path / "drop", tmp_path / "out"
    for name in ("a", "b"):
        roster_csv(drop / f"{name}.csv", [roster_row(name, NOW.date(), "A", HireDate="2024-01-01")])
    config = drop / "turnout.toml"
    config.write_text(CONFIG, encoding="utf-8")
    run_models(drop, out, is_built=False)
    assert readings == ["a.csv", "b.csv"]
    run_models(drop, out, is_built=False)
    assert readings == ["a.csv", "b.csv"]
    config.write_text(CONFIG.replace("max_layer = 0", "max_layer = 1") + "[engine]\nthreads = 1\n", encoding="utf-8")
    run_models(drop, out, is_built=False)
    assert readings == ["a.csv", "b.csv"]
    config.write_text(CONFIG.replace("%Y-%m-%d", "%Y-%d-%m"), encoding="utf-8")
    run = run_models(drop, out, is_built=False)
    assert readings == ["a.csv", "b.csv"] * 2
    assert run.one("select count(*) from stg_person") == 2
    assert len(list((out / "work" / "lake").rglob("export.json"))) == 2


def test_a_warehouse_that_is_lost_is_rebuilt_from_the_lake_alone(readings, tmp_path):
    drop, out = tmp_path / "drop", tmp_path / "out"
    path = roster_csv(drop / "a.csv", [roster_row("a", NOW.date(), "A")])
    (drop / "turnout.toml").write_text(CONFIG, encoding="utf-8")
    before = run_models(drop, out, is_built=False).table("stg_person")
    path.unlink()
    (out / "work" / "turnout.duckdb").unlink()
    assert run_models(drop, out, is_built=False).table("stg_person") == before
    assert readings == ["a.csv"]
