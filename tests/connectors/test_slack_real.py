"""The Slack connector against real exports, an independent reader and figures known from others."""

import runpy
import zipfile
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from connectors import slack
from connectors.contract import FRAMES
from connectors.settings import SourceSettings
from connectors.source import open_source
from tests.connectors.tables import tables_of

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "slack"
ACME = ROOT / "data_samples" / "acme" / "slack"
PLAIN = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("plain_slack.py"))))
COLUMNS = {
    "scope": "event_scope", "number": "event_number", "thread": "thread_number", "alias": "space_alias",
    "space": "space", "member": "member", "line": "line", "basis": "time_basis", "is_record": "is_record",
    "action": "action", "account": "account", "kind": "actor_kind", "target": "target_account",
    "is_contribution": "is_contribution", "via_app": "via_app", "version": "version_at",
}
REAL = ("houstondatavis_pseudo", "rcwg_2026", "snap_45ad416", "snap_5ebd904", "snap_8da9d88")
real_data = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real Slack exports do not lie beside the checkout"),
]


def load(path: Path, **settings: object) -> dict[str, pl.DataFrame]:
    source = open_source(path, path.name)
    assert slack.detect(source) == "slack-export"
    return tables_of(slack.read(source, SourceSettings(**settings)))


def as_the_connector_reads(events: pl.DataFrame) -> list[tuple[object, ...]]:
    shown = events.with_columns(pl.col("version_at").dt.epoch("us"))
    assert (events["occurred_at"].dt.epoch("us") == events["event_number"]).all()
    return sorted(shown.select(list(COLUMNS.values())).rows(), key=repr)


def as_the_plain_reader_reads(path: Path) -> list[tuple[object, ...]]:
    return sorted((tuple(event[key] for key in COLUMNS) for event in PLAIN.read(path)), key=repr)


@pytest.mark.parametrize("name", [pytest.param(name, marks=real_data) for name in REAL])
def test_every_event_of_a_real_export_reads_as_the_plain_reader_reads_it(name):
    path = DATA / f"{name}.zip"
    assert as_the_connector_reads(load(path)["event"]) == as_the_plain_reader_reads(path)


@pytest.mark.skipif(not ACME.is_dir(), reason="the sample company is not there")
def test_every_event_of_the_sample_company_reads_as_the_plain_reader_reads_it():
    for path in sorted(ACME.glob("*.zip")):
        assert as_the_connector_reads(load(path)["event"]) == as_the_plain_reader_reads(path)


@pytest.mark.real_data
@pytest.mark.skipif(not DATA.is_dir(), reason="the real Slack exports do not lie beside the checkout")
def test_the_figures_of_the_real_export_of_2026_are_found():
    tables = load(DATA / "rcwg_2026.zip")
    records = tables["event"].filter("is_record")
    posts = records.filter("is_contribution")
    reactors = set(tables["event"].filter(action="react")["account"])
    assert records.height == 12_564
    in_channels = pl.col("member").str.contains("/")
    excluded = tables["exclusion"].group_by("rule", in_channels).agg(pl.col("n_records").sum()).sort("n_records")
    assert excluded.rows() == [("canvas", False, 2), ("canvas", True, 10)]
    assert posts.height == 5_813
    assert dict(posts["action"].value_counts().rows()) == {"post": 2_404, "reply": 3_409}
    assert posts["account"].n_unique() == 377
    assert records.filter(pl.col("account").str.contains("^[UW]"))["account"].n_unique() == 574
    assert (len(reactors), len(reactors - set(posts["account"]))) == (302, 72)
    months = posts.group_by(pl.col("occurred_at").dt.truncate("1mo")).agg(pl.col("account").n_unique())
    assert months["account"].sum() == 1_276
    assert tables["quarantine"].height == 0
    assert tables["coverage"].rows() == [("T0B5FXFJ5QQ", date(2020, 11, 5), date(2026, 6, 29), False)]


@pytest.mark.real_data
@pytest.mark.skipif(not DATA.is_dir(), reason="the real Slack exports do not lie beside the checkout")
def test_the_figures_of_the_real_export_of_2016_are_found():
    tables = load(DATA / "houstondatavis_pseudo.zip")
    records = tables["event"].filter("is_record")
    posts = records.filter("is_contribution")
    reactors = set(tables["event"].filter(action="react")["account"])
    assert (records.height, posts.height) == (1_382, 1_031)
    assert set(posts["action"]) == {"post"}
    assert posts["account"].n_unique() == 32
    assert records["account"].n_unique() == 71
    assert (len(reactors), len(reactors - set(posts["account"]))) == (17, 2)
    months = posts.group_by(pl.col("occurred_at").dt.truncate("1mo")).agg(pl.col("account").n_unique())
    assert months.sort("occurred_at")["account"].to_list() == [11, 8, 7, 5, 9, 5, 3, 8, 4, 5, 6, 4, 10, 13]
    assert tables["account_identifier"].height == 71


@pytest.mark.real_data
@pytest.mark.skipif(not DATA.is_dir(), reason="the real Slack exports do not lie beside the checkout")
def test_the_newest_of_three_overlapping_exports_lacks_three_messages_of_their_union():
    messages: set[int] = set()
    for name in REAL[2:]:
        newest = load(DATA / f"{name}.zip")["event"].filter("is_record")
        messages |= set(newest.select(pl.struct("space_alias", "event_number").hash()).to_series())
    assert (len(messages), newest.height) == (9_787, 9_784)


@pytest.mark.real_data
@pytest.mark.skipif(not DATA.is_dir(), reason="the real Slack exports do not lie beside the checkout")
def test_a_real_export_reads_the_same_when_unpacked(tmp_path):
    path = DATA / "houstondatavis_pseudo.zip"
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
    packed, unpacked = load(path), load(tmp_path)
    for name in FRAMES:
        if name != "part":  # a folder has no checksums
            assert packed[name].equals(unpacked[name])
