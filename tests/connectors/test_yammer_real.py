"""The Yammer connector against the documented edge cases, the sample company and an independent reader."""

import json
import runpy
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from connectors import yammer
from connectors.settings import SourceSettings
from connectors.source import open_source
from models.problems import ExportRefused
from tests.connectors.tables import tables_of

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "yammer" / "synthetic_edgecases"
ACME = ROOT / "data_samples" / "acme" / "yammer"
PLAIN = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("plain_yammer.py"))))
HOME = ("contoso.com",)
COLUMNS = {
    "number": "event_number", "thread": "thread_number", "space": "space", "alias": "space_alias", "at": "occurred_at",
    "action": "action", "is_contribution": "is_contribution", "account": "account", "kind": "actor_kind",
    "is_delegated": "is_delegated", "target": "target_account", "version": "version_at",
}
real_data = pytest.mark.real_data
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the edge cases do not lie beside the checkout")


def load(path: Path, **settings: object) -> dict[str, pl.DataFrame]:
    source = open_source(path, path.name)
    assert yammer.detect(source) == "yammer-export"
    return tables_of(yammer.read(source, SourceSettings(**settings)))


def both(path: Path, home_domains: tuple[str, ...] = ()) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    mine = load(path, home_domains=home_domains)["event"].select(list(COLUMNS.values())).rows()
    plain = [tuple(event[key] for key in COLUMNS) for event in PLAIN.read(path, home_domains)]
    return mine, plain


@real_data
@needs_data
@pytest.mark.parametrize("name", ["v18", "v24-bom", "external-folder", "overlap-next-day"])
@pytest.mark.parametrize("home_domains", [(), HOME])
def test_every_message_reads_as_the_plain_reader_reads_it(name, home_domains):
    mine, plain = both(DATA / f"export-{name}.zip", home_domains)
    assert mine == plain


@pytest.mark.skipif(not ACME.is_dir(), reason="the sample company is not there")
def test_every_message_of_the_sample_company_reads_as_the_plain_reader_reads_it():
    for path in sorted(ACME.glob("*.zip")):
        mine, plain = both(path)
        assert mine == plain


@real_data
@needs_data
def test_the_expected_figures_of_the_edge_cases_are_found():
    expected = json.loads((DATA / "expected.json").read_text())
    tables = load(DATA / "export-v24-bom.zip", home_domains=HOME)
    events = tables["event"]
    assert tables["part"].filter(member="Messages.csv")["n_read"].to_list() == [expected["messages_rows"]]
    assert events["is_contribution"].sum() == expected["public_posts_by_humans_not_deleted"]
    assert tables["exclusion"]["n_records"].to_list() == [expected["private_messages"]]
    assert events.filter(pl.col("version_at").is_not_null()).height == expected["deleted"]
    assert events.filter(action="other").height == expected["deleted"] + expected["system"]
    assert events.filter(actor_kind="external").height == expected["guest_messages"]
    orphans = events.filter(pl.col("action") == "reply", pl.col("target_account").is_null())
    assert orphans.height == expected["orphan_replies"]
    assert events["occurred_at"][0].date() == date.fromisoformat(expected["day_utc_of_msg0"])
    assert tables["account"].select("account", "kind", "is_guest", "is_deactivated").rows() == [
        ("36425097217", "human", False, False), ("36425097218", "human", False, True),
        ("36425097219", "external", True, True),
    ]


@real_data
@needs_data
@pytest.mark.parametrize(("name", "message"), [
    ("export-short-count.zip", r"PPL-YAM-005 \S+!log.txt: log.txt announces 8 messages, the export holds 7"),
    ("export-truncated.zip", r"PPL-ZIP-010 \S+: archive is truncated"),
])
def test_damaged_exports_are_refused(name, message):
    with pytest.raises(ExportRefused, match=message):
        load(DATA / name)
