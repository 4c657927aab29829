"""The connector against real exports and an independent reader, which need the data that lie beside the checkout."""

import runpy
from collections import Counter
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from connectors import confluence, confluence_pipeline
from connectors.registry import CONNECTORS
from connectors.settings import SourceSettings
from connectors.source import open_source

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "wiki" / "confluence_xwiki"
PLAIN = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("plain_confluence.py"))))
OK = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("test_confluence.py"))))
AS_WRITTEN = SourceSettings(zone="UTC")

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real Confluence exports do not lie beside the checkout"),
]


def load(name: str, settings: SourceSettings = AS_WRITTEN) -> dict[str, pl.DataFrame]:
    return OK.load(open_source(REAL / name, name), settings)


def found(tables: dict[str, pl.DataFrame], action: str, *columns: str) -> Counter[tuple[object, ...]]:
    return Counter(tables["event"].filter(pl.col("action") == action).select(columns).rows())


def exports() -> list[str]:
    return sorted(path.name for path in REAL.iterdir()) if REAL.is_dir() else []


@pytest.mark.parametrize("name", exports())
def test_every_real_export_reads_as_the_plain_reader_reads_it(name):
    source = open_source(REAL / name, name)
    assert [one.name for one in CONNECTORS if one.detect(source)] == ["confluence"]
    plain, tables = PLAIN.Plain(REAL / name), load(name)
    create = found(tables, "create", "event_number", "occurred_at", "account")
    assert create == Counter(plain.creations("Page", "BlogPost"))
    posts = plain.creations("BlogPost")
    assert {key for key in create if key in posts} == posts
    assert found(tables, "edit", "thread_number", "occurred_at", "account") == plain.edits()
    assert found(tables, "comment", "event_number", "occurred_at", "account", "thread_number") == Counter(
        plain.comments())
    assert found(tables, "upload", "thread_number", "occurred_at", "account") == plain.uploads()
    assert found(tables, "react", "event_number", "occurred_at", "account") == plain.likes()
    assert tables["account"].height == plain.n_users()
    assert set(tables["space"].filter(pl.col("is_record"))["space"]) == plain.spaces()
    assert tables["part"]["n_read"].sum() == plain.n_records


def test_totals_of_all_real_exports_are_the_known_ones():
    totals: Counter[str] = Counter()
    for name in exports():
        totals.update(load(name)["event"]["action"])
    assert totals == {"create": 124, "edit": 112, "comment": 48, "upload": 50, "react": 3}


def test_no_real_export_shows_a_key_of_a_person_in_a_message_or_label():
    tables = load("misc.xml.zip")
    assert tables["note"].filter(pl.col("rule") == "PPL-PRV-002")["n_records"].to_list() == [1]
    assert tables["space"].height == 0
    shown = [*tables["note"]["message"], *tables["exclusion"]["message"], *tables["quarantine"]["message"]]
    assert not any("clemens" in text for text in shown)


def test_wiki_case_20_versions_that_stand_there_twice_count_once():
    twice, apart = load("buggyhistory3"), load("buggyhistory2")
    assert twice["exclusion"].select("rule", "n_records").rows() == [("duplicate_version", 1)]
    assert found(twice, "edit", "occurred_at") == Counter(
        [(datetime(2024, 7, 24, 15, 50, 18, 335000),), (datetime(2024, 7, 24, 16, 19, 32, 845000),)])
    assert apart["event"]["action"].value_counts().sort("action").rows() == [("create", 1), ("edit", 3)]
    assert apart["event"]["event_number"].n_unique() == 4
    create = twice["event"].filter(pl.col("action") == "create")
    assert create["occurred_at"].to_list() == [datetime(2019, 8, 20, 17, 22, 20, 347000)]


def test_wiki_case_21_a_listed_version_without_object_is_reported_and_the_others_are_read():
    tables = load("missingrevisionpageobject")
    assert tables["event"]["action"].value_counts().sort("action").rows() == [("create", 1), ("edit", 3)]
    assert tables["note"].filter(pl.col("rule") == "PPL-WIK-005")["n_records"].to_list() == [2]


def test_wiki_case_22_versions_that_only_name_their_page_are_its_history():
    tables = load("historyorder")
    assert tables["event"].select("action", "occurred_at").sort("occurred_at").rows() == [
        ("create", datetime(2020, 6, 26, 10, 46, 9, 825000)), ("edit", datetime(2020, 6, 26, 10, 55, 33, 268000)),
        ("edit", datetime(2020, 6, 26, 10, 57, 52, 304000)), ("edit", datetime(2020, 7, 6, 9, 1, 42, 667000)),
        ("edit", datetime(2020, 7, 6, 9, 36, 17, 839000))]


@pytest.mark.parametrize(("name", "n_replaced"), [("asciichar28", 8), ("brokenlink", 2), ("cdatazerowidthspace", 3)])
def test_wiki_case_23_forbidden_characters_are_replaced_and_counted(name, n_replaced):
    tables = load(name)
    assert tables["note"].filter(pl.col("rule") == "PPL-XML-007")["n_records"].to_list() == [n_replaced]
    assert tables["event"]["action"].to_list() == ["create"]


def test_the_zone_of_a_server_is_found_from_milliseconds_in_its_export():
    tables = load("confluence8.5.6", SourceSettings())
    (note,) = tables["note"].filter(pl.col("rule") == "PPL-TIM-008")["message"].to_list()
    assert "one fixed offset" in note
    assert datetime(2024, 4, 23, 9, 0, 15, 742000) in tables["event"]["occurred_at"].to_list()


def test_zones_of_real_exports_are_stated_or_noted():
    said = {name: " ".join(load(name, SourceSettings())["note"].filter(pl.col("rule") == "PPL-TIM-008")["message"])
            for name in ("attachhist", "inlinecomments", "misc.xml.zip", "5.9.zip")}
    assert "descriptor names" in said["attachhist"]
    assert said["inlinecomments"] == ""  # Cloud
    assert "in which the server wrote" in said["misc.xml.zip"]
    assert "nothing shows which" in said["5.9.zip"]


def test_a_pipeline_never_claims_an_xml_export():
    assert all(confluence_pipeline.detect(open_source(REAL / name, name)) is None for name in exports())
    assert all(confluence.detect(open_source(REAL / name, name)) for name in exports())
