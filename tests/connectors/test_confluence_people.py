"""Who acts in Confluence and what is private there: users, personal spaces, restricted pages."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

from connectors.settings import SourceSettings

OK = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("test_confluence.py"))))
DAY = OK.DAY
UTC = OK.UTC
entities = OK.entities
excluded = OK.excluded
notes = OK.notes
old = OK.old
on = OK.on
page = OK.page
read = OK.read
reference = OK.reference
rows = OK.rows
space = OK.space
thing = OK.thing
user = OK.user


def personal_export() -> list[str]:
    return [space(), space(2, "~jdoe", "Jane Doe", "personal"), space(3, "JDOE", "Jane", "personal"), page(10),
            page(20, space=2), thing("Comment", 21, on(20)), page(30, space=3)]


@pytest.mark.parametrize("bad", [pytest.param("B103", id="B103")])
def test_personal_spaces_are_counted_not_read_and_name_nobody(read, bad):
    tables = read(*personal_export())
    assert tables["event"]["event_number"].to_list() == [10]
    assert excluded(tables) == {"personal_space": 5}
    assert tables["space"]["space"].to_list() == ["DEV"]
    ((message, n_records),) = notes(tables, "PPL-PRV-002")
    assert n_records == 2
    shown = [message, *tables["exclusion"]["message"], *tables["space"]["label"].drop_nulls()]
    assert not any(word in line for line in shown for word in ("jdoe", "JDOE", "Jane", "Doe"))
    assert tables["note"]["member"].to_list() == ["entities.xml"]


def test_personal_spaces_are_read_as_private_ones_if_that_is_asked_for(read):
    tables = read(*personal_export(), settings=SourceSettings(zone="UTC", include=("public", "private")))
    assert tables["event"].height == 4
    assert rows(tables["space"], "space", "kind", "visibility", "label") == [
        ("DEV", "space", "public", "Development"), ("JDOE", "personal", "private", None),
        ("~jdoe", "personal", "private", None)]
    assert [count for _, count in notes(tables, "PPL-PRV-002")] == [2]


def test_an_export_of_one_personal_space_reads_nothing_that_has_no_space_either(read):
    tables = read(space(2, "~jdoe", "Jane", "personal"), page(10, space=None), descriptor="spaceKey=~jdoe\n")
    assert excluded(tables) == {"personal_space": 2}


def test_a_view_restriction_hides_the_page_what_is_below_and_what_stands_on_them(read):
    restriction = [thing("ContentPermissionSet", 1, reference("owningContent", "Page", 10), type="View"),
                   thing("ContentPermissionSet", 2, reference("owningContent", "Page", 30), type="Edit")]
    pages = [page(12, reference("parent", "Page", 11)), page(11, reference("parent", "Page", 10)), page(10),
             old(13, 10, 1, DAY + "10:00:00.000"), thing("Comment", 20, on(12)), page(30)]
    tables = read(space(), *restriction, *pages)
    assert tables["event"]["event_number"].to_list() == [30]
    assert excluded(tables) == {"restricted_page": 5}


def test_pages_that_are_each_others_parents_do_no_harm(read):
    tables = read(space(), page(1, reference("parent", "Page", 2)), page(2, reference("parent", "Page", 1)),
                  page(3, reference("originalVersion", "Page", 4)), page(4, reference("originalVersion", "Page", 3)))
    assert tables["event"].height == 2
    assert excluded(tables) == {"no_page": 2}


def test_archived_spaces_are_kept(read):
    archived = thing("Space", 1, key="OLD", name="Old", spaceType="global", spaceStatus="ARCHIVED")
    assert read(archived, page(10))["event"]["space"].to_list() == ["OLD"]


def test_users_before_version_5_are_login_names(read):
    listed = thing("InternalUser", 1, by=None, changed_by=None, name="Ann", lowerName="ann", active="false",
                   emailAddress="ann@example.org", credential="SECRET")
    tables = read(space(), listed,
                  page(1, by=None, creatorName="ANN"), page(2, by=None, creatorName="gone"), page(3, by=None))
    assert rows(tables["event"], "event_number", "account", "actor_kind", "is_contribution") == [
        (1, "ann", "human", True), (2, "gone", "external", True), (3, None, "unknown", False)]
    assert rows(tables["account"], "account", "kind", "is_deactivated") == [("ann", "human", True)]
    assert rows(tables["account_identifier"], "kind", "identifier") == [
        ("email", "ann@example.org"), ("login", "ann")]
    assert not any("SECRET" in str(frame.to_dicts()) for frame in tables.values())


def test_a_directory_user_and_a_key_are_one_account(read):
    tables = read(space(), user("u1", "Ann"), user("u2", "builder-bot", email="x@example.org"),
                  user("u3", "eve", email="eve@elsewhere.org"), user("u4", "a:1", atlassianAccountId="a:1"),
                  thing("InternalUser", 1, by=None, changed_by=None, name="ann", active="false"),
                  user("u5", "bo", email="bo@example.org", active="true"), page(1), page(2, by="u2"),
                  settings=SourceSettings(zone="UTC", home_domains=("example.org",)))
    assert rows(tables["account"], "account", "kind", "is_guest", "is_deactivated") == [
        ("u1", "human", None, True), ("u1", "human", None, True), ("u2", "bot", False, None),
        ("u3", "external", True, None), ("u4", "human", None, None), ("u5", "human", False, False)]
    assert ("u4", "directory_id", "a:1") in tables["account_identifier"].select("account", "kind", "identifier").rows()
    assert rows(tables["event"], "account", "actor_kind", "is_contribution") == [
        ("u1", "human", True), ("u2", "bot", False)]


def test_a_space_that_the_export_does_not_describe_keeps_its_id(read):
    assert read(page(1, space=77))["event"]["space"].to_list() == ["77"]


def test_apps_of_cloud_are_bots_and_names_may_be_addresses(read):
    tables = read(space(), user("a1", "com.vendor.app@connect.atlassian.com", atlassianAccountId="a1"),
                  user("a2", "Ann@Example.org", atlassianAccountId="a2"), user("a3", "eve@elsewhere.org"),
                  settings=SourceSettings(home_domains=("example.org",)))
    assert rows(tables["account"], "account", "kind") == [("a1", "bot"), ("a2", "human"), ("a3", "external")]
    assert ("a2", "email", "ann@example.org") in rows(tables["account_identifier"], "account", "kind", "identifier")


def test_wiki_case_26_a_user_key_without_a_user_is_kept(read):
    listed = read(space(), user("u9", "x"), page(1))
    assert rows(listed["event"], "account", "actor_kind", "is_contribution") == [("u1", "external", True)]


def test_a_user_key_in_an_export_without_any_user_is_a_person(read):
    assert rows(read(space(), page(1))["event"], "account", "actor_kind") == [("u1", "human")]
