"""What the walk through the drop folder finds, and what it says about the rest."""

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors import inventory
from connectors.contract import Connector
from connectors.inventory import Found, content_id, find_exports
from connectors.registry import CONNECTORS
from connectors.settings import SourceSettings
from connectors.source import Source, open_source

DUMP = b"<mediawiki><siteinfo/></mediawiki>"
ROSTER = b"PersonId,Organization\r\np1,A\r\n"


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    root = tmp_path / "drop"
    root.mkdir()
    return root


def put(root: Path, name: str, content: bytes = DUMP) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def put_slack_folder(root: Path, name: str) -> None:
    put(root, f"{name}/channels.json", json.dumps([{"id": "C1", "name": "general"}]).encode())
    put(root, f"{name}/users.json", b"[]")
    put(root, f"{name}/general/2024-01-01.json", b"[]")


def put_zip(root: Path, name: str, members: dict[str, bytes]) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return path


def nothing_declared(_: str) -> SourceSettings:
    return SourceSettings()


def declared(platforms: dict[str, str]) -> Callable[[str], SourceSettings]:
    return lambda file: SourceSettings(platform=platforms.get(file))


def walk(root: Path, settings_for: Callable[[str], SourceSettings] = nothing_declared, *ignore: str) -> list[Found]:
    return find_exports(root, settings_for, ignore=frozenset(ignore))


def summary(found: list[Found]) -> list[tuple[object, ...]]:
    return [(each.file, each.status, each.connector and each.connector.platform, each.format,
             each.problem and each.problem.code) for each in found]


def test_every_reader_has_a_name_of_its_own():
    names = [connector.name for connector in CONNECTORS]
    assert len(set(names)) == len(names)
    assert {"slack", "yammer", "mediawiki", "roster"} <= set(names)


def test_exports_are_found_in_sorted_order_at_any_depth(drop):
    put(drop, "wiki/b.xml")
    put(drop, "wiki/a.xml.txt")
    put(drop, "hr/2024/roster.csv", ROSTER)
    put_zip(drop, "z.zip", {"d.xml": DUMP})
    assert summary(walk(drop)) == [
        ("hr/2024/roster.csv", "recognised", "roster", "roster-csv", None),
        ("wiki/a.xml.txt", "recognised", "mediawiki", "mediawiki-xml", None),
        ("wiki/b.xml", "recognised", "mediawiki", "mediawiki-xml", None),
        ("z.zip", "recognised", "mediawiki", "mediawiki-xml", None)]


def test_a_folder_claimed_whole_is_one_export_and_not_looked_into(drop):
    put_slack_folder(drop, "company/slack")
    assert summary(walk(drop)) == [("company/slack", "recognised", "slack", "slack-export", None)]


def test_the_drop_folder_itself_may_be_the_export(drop):
    put_slack_folder(drop, ".")
    assert summary(walk(drop)) == [(".", "recognised", "slack", "slack-export", None)]


def test_a_lone_file_may_be_given_instead_of_a_folder(drop):
    found = walk(put(drop, "a.xml"))
    assert summary(found) == [("a.xml", "recognised", "mediawiki", "mediawiki-xml", None)]
    assert found[0].source is not None
    assert found[0].source.kind == "file"


def test_what_nobody_claims_is_unknown_with_a_reason(drop):
    put(drop, "notes.txt", b"hello")
    put_zip(drop, "photos.zip", {"a.jpg": b"x"})
    put_zip(drop, "empty.zip", {})
    put_zip(drop, "nest.zip", {"slack.zip": b"x"})
    found = walk(drop)
    assert summary(found) == [(name, "unknown", None, None, "PPL-FIL-003")
                              for name in ("empty.zip", "nest.zip", "notes.txt", "photos.zip")]
    assert str(found[0].problem).startswith("PPL-FIL-003 empty.zip: no recognised kind of export; it was not loaded; ")
    assert "Unpack it" in str(found[1].problem)


def test_an_archive_that_cannot_be_opened_is_refused_and_the_others_are_found(drop):
    put(drop, "a.zip", b"PK\x03\x04 cut")
    put(drop, "b.xml")
    put(drop, "c.csv", b"")
    assert summary(walk(drop)) == [
        ("a.zip", "refused", None, None, "PPL-ZIP-010"), ("b.xml", "recognised", "mediawiki", "mediawiki-xml", None),
        ("c.csv", "refused", None, None, "PPL-FIL-002")]


def test_a_damaged_archive_is_refused_even_if_only_looking_at_it_shows_the_damage(drop):
    path = put_zip(drop, "a.zip", {"d.xml": DUMP})
    path.write_bytes(path.read_bytes().replace(b"siteinfo", b"sitexnfo"))
    assert summary(walk(drop)) == [("a.zip", "refused", None, None, "PPL-ZIP-005")]


def test_ignored_hidden_and_junk_files_are_not_mentioned(drop):
    for name in ("turnout.toml", "people/mapping.csv", ".hidden.xml", ".git/a.xml", "Thumbs.db", "__MACOSX/a.xml",
                 "._a.xml", "a.xml"):
        put(drop, name)
    found = walk(drop, nothing_declared, "turnout.toml", "people/mapping.csv")
    assert [each.file for each in found] == ["a.xml"]


def test_a_mapping_file_is_never_mistaken_for_a_roster(drop):
    put(drop, "mapping.csv", b"platform,workspace,account,person_id\r\n")
    assert summary(walk(drop)) == [("mapping.csv", "unknown", None, None, "PPL-FIL-003")]


def test_two_claims_refuse_the_export_and_name_the_cure(drop, monkeypatch):
    def claims(_: Source, /) -> str | None:
        return "any"

    rival = Connector(platform="rival", version=1, detect=claims, read=CONNECTORS[0].read, uses=lambda _: None)
    monkeypatch.setattr(inventory, "CONNECTORS", (*CONNECTORS, rival))
    path = put(drop, "a.xml")
    found = walk(path)
    assert summary(found) == [("a.xml", "refused", None, None, "PPL-FIL-008")]
    assert "mediawiki and rival" in str(found[0].problem)
    settled = walk(path, declared({"a.xml": "mediawiki"}))
    assert summary(settled) == [("a.xml", "recognised", "mediawiki", "mediawiki-xml", None)]


def test_a_declared_roster_is_taken_whatever_its_header(drop):
    put(drop, "hr/x.csv", b"Emp;Boss\r\n")
    assert summary(walk(drop)) == [("hr/x.csv", "unknown", None, None, "PPL-FIL-003")]
    assert summary(walk(drop, declared({"hr/x.csv": "roster"}))) == [
        ("hr/x.csv", "recognised", "roster", "roster-csv", None)]


def test_a_declared_platform_excludes_the_others_and_must_still_be_recognised(drop):
    put(drop, "a.xml")
    assert summary(walk(drop, declared({"a.xml": "slack"}))) == [("a.xml", "unknown", None, None, "PPL-FIL-003")]


def test_declaring_a_roster_for_a_folder_declares_nothing(drop):
    put(drop, "hr/a.xml")
    assert summary(walk(drop, declared({"hr": "roster"}))) == [
        ("hr/a.xml", "recognised", "mediawiki", "mediawiki-xml", None)]


@pytest.mark.parametrize("error", [PermissionError(13, "no"), OSError(5, "disk")])
def test_an_unreadable_file_is_named_and_the_others_are_found(drop, monkeypatch, error):
    put(drop, "a.xml")
    put(drop, "b.xml")

    def open_or_fail(path: Path, file: str) -> Source:
        if file == "a.xml":
            raise error
        return open_source(path, file)

    monkeypatch.setattr(inventory, "open_source", open_or_fail)
    found = walk(drop)
    assert [(each.file, each.status, each.problem and each.problem.code) for each in found] == [
        ("a.xml", "refused", "PPL-FIL-006"), ("b.xml", "recognised", None)]
    assert str(drop) not in str(found[0].problem)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_read_permission_says_so(drop):
    put(drop, "a.xml").chmod(0)
    assert str(walk(drop)[0].problem).startswith("PPL-FIL-006 a.xml: permission denied")


def test_a_link_to_a_file_or_to_a_folder_elsewhere_is_followed(drop, tmp_path):
    (drop / "link.xml").symlink_to(put(tmp_path, "elsewhere/a.xml"))
    (drop / "more").symlink_to(put(tmp_path, "other/b.xml").parent)
    assert [each.file for each in walk(drop)] == ["link.xml", "more/b.xml"]


def test_link_loops_end_and_links_inside_the_drop_folder_are_not_counted_twice(drop):
    put(drop, "real/a.xml")
    (drop / "again").symlink_to(drop / "real")
    (drop / "real" / "up").symlink_to(drop)
    assert [each.file for each in walk(drop)] == ["real/a.xml"]


def test_a_link_that_leads_nowhere_is_reported(drop):
    (drop / "a.xml").symlink_to(drop / "gone.xml")
    (drop / "b.xml").symlink_to(drop / "b.xml")
    assert [(each.file, each.status, each.problem and each.problem.code) for each in walk(drop)] == [
        ("a.xml", "refused", "PPL-FIL-006"), ("b.xml", "refused", "PPL-FIL-006")]


def test_content_decides_the_id_not_name_or_place(drop):
    first, second = put(drop, "a.xml"), put(drop, "sub/b.xml")
    assert content_id(open_source(first, "x")) == content_id(open_source(second, "y"))
    assert len(content_id(open_source(first, "x"))) == 32
    assert content_id(open_source(put(drop, "c.xml", DUMP + b" "), "x")) != content_id(open_source(first, "x"))


def test_the_id_of_a_folder_covers_names_and_contents_but_no_junk(drop):
    put_slack_folder(drop, "a")
    put_slack_folder(drop, "b")
    same = content_id(open_source(drop / "a", "a"))
    put(drop, "b/.DS_Store")
    assert content_id(open_source(drop / "b", "b")) == same
    (drop / "b" / "users.json").rename(drop / "b" / "people.json")
    assert content_id(open_source(drop / "b", "b")) != same
    put(drop, "a/users.json", b"[ ]")
    assert content_id(open_source(drop / "a", "a")) != same


def test_the_id_of_a_zip_is_that_of_its_bytes(drop):
    path = put_zip(drop, "a.zip", {"a": b"x"})
    copy = put(drop, "b.bin", path.read_bytes())
    assert content_id(open_source(path, "a.zip")) == content_id(open_source(copy, "b.bin"))
