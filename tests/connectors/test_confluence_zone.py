"""When things happened in Confluence: zones, clock changes and dates that are none."""

import runpy
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from connectors.settings import SourceSettings
from connectors.source import open_source

OK = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("test_confluence.py"))))
UTC = OK.UTC
entities = OK.entities
instant = OK.instant
load = OK.load
notes = OK.notes
on = OK.on
page = OK.page
read = OK.read
reference = OK.reference
rows = OK.rows
space = OK.space
thing = OK.thing
user = OK.user


def zone_of(tables: dict[str, pl.DataFrame]) -> tuple[datetime, str]:
    said = " ".join(message for message, _ in notes(tables, "PPL-TIM-008"))
    return tables["event"]["occurred_at"].to_list()[0], said


@pytest.mark.parametrize(("settings", "descriptor", "extra", "hour", "said"), [
    (SourceSettings(zone="Europe/Berlin"), "timezoneId=UTC", "", 9, ""),
    (SourceSettings(), "timezoneId=Europe/Madrid\nsource=cloud", "", 9, "descriptor names"),
    (SourceSettings(), "source=cloud", "", 10, ""),
    (SourceSettings(), "timezoneId=Nowhere/Land\nsource=cloud", "", 10, ""),
    (SourceSettings(), "#Thu Dec 12 13:39:50 UTC 2013\nsource=server", "", 10, "in which the server wrote"),
    (SourceSettings(), "#Thu Dec 12 13:39:50 CST 2013\nsource=server", "", 10, "nothing shows which"),
    (SourceSettings(), "", user("u9", "x", atlassianAccountId="a:1"), 10, ""),
    (SourceSettings(), "", "", 10, "read as UTC: set zone for this export in turnout.toml"),
])
def test_the_zone_is_set_stated_or_noted(read, settings, descriptor, extra, hour, said):
    at, found = zone_of(read(space(), extra, page(1), settings=settings, descriptor=descriptor))
    assert at == datetime(2024, 3, 1, hour)
    assert said in found if said else found == ""


def test_milliseconds_beside_a_time_show_the_offset_unless_they_disagree(read, tmp_path):
    ten_utc = 1_709_287_200_000
    at, said = zone_of(read(space(), page(1), instant(1, ten_utc - 5 * 3_600_000 - 1_800_000 + 900),
                            settings=SourceSettings()))
    assert at == datetime(2024, 3, 1, 4, 30)
    assert "one fixed offset" in said
    path = tmp_path / "entities.xml"
    path.write_bytes(entities(space(), page(1), page(2), instant(1, ten_utc - 3_600_000), instant(2, ten_utc)))
    at, said = zone_of(load(open_source(path, "entities.xml"), SourceSettings()))
    assert at == datetime(2024, 3, 1, 10)
    assert "nothing shows which" in said


@pytest.mark.parametrize("header", ["2024-03-1 09:00:00", "'2024-03-01 09:00:00.247'"])
def test_times_after_the_export_are_called_no_utc(read, header):
    _, said = zone_of(read(space(), page(1), settings=SourceSettings(), header=header))
    assert "some lie after the export" in said


def test_skipped_times_go_to_quarantine_and_doubled_ones_are_the_earlier(read):
    tables = read(space(), page(1, created="2024-03-31 02:30:00.000"), page(2, created="2024-10-27 02:30:00.000"),
                  page(3, version=2, created="2024-03-31 02:30:00.000", changed="2024-03-31 03:30:00.000"),
                  settings=SourceSettings(zone="Europe/Berlin"))
    assert rows(tables["event"], "action", "occurred_at") == [
        ("create", datetime(2024, 10, 27, 0, 30)), ("edit", datetime(2024, 3, 31, 1, 30))]
    assert tables["quarantine"].select("line", "rule").rows() == [(5, "PPL-TIM-005")]
    assert [count for _, count in notes(tables, "PPL-TIM-006")] == [1]
    assert [count for _, count in notes(tables, "PPL-WIK-009")] == [1]


def test_the_stated_window_is_the_coverage(read):
    settings = SourceSettings(zone="UTC", window_from="2024-01-01", window_to="2024-03-31")
    assert read(space(), page(1), settings=settings)["coverage"].rows() == [
        ("confluence", date(2024, 1, 1), date(2024, 3, 31), True)]


def test_wiki_case_24_a_blog_post_is_created_at_its_creation_date(read):
    tables = read(space(), page(10, kind="BlogPost", version=2, changed="2024-05-05 10:00:00.000"),
                  page(11, reference("originalVersion", "BlogPost", 10), kind="BlogPost", space=None,
                       changed="2024-04-04 10:00:00.000"))
    assert rows(tables["event"], "action", "occurred_at") == [
        ("create", datetime(2024, 3, 1, 10)), ("edit", datetime(2024, 5, 5, 10))]


@pytest.mark.parametrize("stated", ["", None, "2024-02-30 10:00:00", "2024-03-01T10:00:00", "infinity"])
def test_wiki_case_25_an_empty_or_impossible_date_puts_the_record_aside(read, stated):
    tables = read(space(), page(1, created=stated), thing("Comment", 3, on(2), created=stated),
                  page(2, version=2, changed=stated))
    assert rows(tables["event"], "action", "event_number") == [("create", 2)]
    assert tables["quarantine"].select("line", "rule").sort("line").rows() == [
        (5, "PPL-TIM-004"), (7, "PPL-TIM-004"), (9, "PPL-TIM-004")]
