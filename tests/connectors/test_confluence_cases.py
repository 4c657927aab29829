"""The numbered failure cases of Confluence exports of which real samples exist, on synthetic exports of the same shape.

The samples themselves are read in test_confluence_real, which needs data beside the checkout.
"""

import runpy
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import polars as pl

OK = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("test_confluence.py"))))
read, rows, notes, excluded = OK.read, OK.rows, OK.notes, OK.excluded
space, page, old, thing, user, reference = OK.space, OK.page, OK.old, OK.thing, OK.user, OK.reference


def at(hour: int) -> str:
    return f"{OK.DAY}{hour}:00:00.000"


def listed(*numbers: int) -> str:
    elements = "".join(f'<element class="Page"><id name="id">{number}</id></element>' for number in numbers)
    return f'<collection name="historicalVersions">{elements}</collection>'


def told(tables: dict[str, pl.DataFrame]) -> list[tuple[object, ...]]:
    """Hour, action and author of every event, by time."""
    return [(moment.hour, action, account) for moment, action, account in rows(
        tables["event"].sort("occurred_at"), "occurred_at", "action", "account")]


def test_wiki_case_19_a_page_is_the_same_with_and_without_its_body(read, tmp_path):
    body = thing("BodyContent", 50, reference("content", "Page", 1), by=None, created=None, changed=None, body="<p/>")
    own = listed(50).replace("historicalVersions", "bodyContents").replace("Page", "BodyContent")
    pages = [page(1, own), page(2, by="u2")]
    apart = read(space(), user("u1", "ann"), *pages, body)
    path = tmp_path / "entities.xml"
    path.write_bytes(OK.entities(space(), user("u1", "ann"), *pages))
    without = OK.load(OK.open_source(path, "entities.xml"))
    assert apart["event"].drop("member").equals(without["event"].drop("member"))
    assert rows(apart["event"], "event_number", "action", "account", "is_contribution") == [
        (1, "create", "u1", True), (2, "create", "u2", True)]


def test_wiki_case_20_a_version_that_stands_twice_counts_once_and_dates_give_the_order(read):
    tables = read(space(), page(10, version=3, changed=at(14), changed_by="u4"),
                  old(11, 10, 1, at(13), changed_by="u3"),  # the first version is newer than the second
                  old(12, 10, 2, at(12), changed_by="u2"), old(13, 10, 2, at(12), changed_by="u2"))
    assert told(tables) == [(10, "create", "u1"), (13, "edit", "u3"), (14, "edit", "u4")]
    assert excluded(tables) == {"duplicate_version": 1}
    assert tables["event"]["event_number"].n_unique() == 3


def test_wiki_case_20_versions_of_one_number_and_different_times_are_all_kept(read):
    tables = read(space(), page(10, version=3, changed=at(14)), old(11, 10, 1, at(10)), old(12, 10, 2, at(12)),
                  old(13, 10, 2, at(13)))
    assert [action for _, action, _ in told(tables)] == ["create", "edit", "edit", "edit"]
    assert excluded(tables) == {}
    assert tables["event"]["event_number"].n_unique() == 4


def test_wiki_case_21_a_listed_version_that_is_not_there_is_reported_and_the_others_are_read(read):
    tables = read(space(), page(10, listed(11, 98, 12), version=4, changed=at(14)),
                  page(11, space=None, version=1), page(12, space=None, version=3, changed=at(13), changed_by="u3"))
    assert told(tables) == [(10, "create", "u1"), (13, "edit", "u3"), (14, "edit", "u1")]
    assert notes(tables, "PPL-WIK-005") == [("versions of pages are not in the export", 1)]
    assert tables["quarantine"].is_empty()


def test_wiki_case_22_versions_are_united_whichever_side_names_the_other(read):
    tables = read(space(), page(10, listed(11), version=4, changed=at(14)), page(11, space=None, version=1),
                  old(12, 10, 2, at(12), changed_by="u2"), old(13, 10, 3, at(13), changed_by="u3"))
    assert told(tables) == [(10, "create", "u1"), (12, "edit", "u2"), (13, "edit", "u3"), (14, "edit", "u1")]
    assert tables["note"].filter(rule="PPL-WIK-005").is_empty()
    assert tables["event"]["thread_number"].to_list() == [10] * 4


def test_wiki_case_26_a_user_key_without_a_user_keeps_its_edits_and_is_nobodys_account(read):
    tables = read(space(), user("u9", "eve"), page(10, version=2, changed=at(12), changed_by="u2"),
                  old(11, 10, 1, at(10)), page(20, by=None))
    assert told(tables) == [(10, "create", "u1"), (10, "create", None), (12, "edit", "u2")]
    assert rows(tables["event"], "actor_kind", "is_contribution") == [
        ("external", True), ("external", True), ("unknown", False)]
    assert tables["account"]["account"].to_list() == ["u9"]
    assert tables["event"]["occurred_at"].min() == datetime(2024, 3, 1, 10)
