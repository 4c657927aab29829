"""What the Confluence connector makes of tiny exports, rule by rule."""

import zipfile
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from connectors import confluence
from connectors.settings import SourceSettings
from connectors.source import Source, open_source
from tests.connectors.tables import tables_of

UTC = SourceSettings(zone="UTC")
DAY = "2024-03-01 "
N_FOLDERS, N_PAGES, N_VERSIONS, N_DRAFTS = 6, 25, 9, 7


def text(name: str, value: object) -> str:
    return f'<property name="{name}"><![CDATA[{value}]]></property>'


def reference(name: str, kind: str, key: object) -> str:
    inner = "key" if kind == "ConfluenceUserImpl" else "id"
    return f'<property name="{name}" class="{kind}" package="p"><id name="{inner}">{key}</id></property>'


def thing(kind: str, key: object, /, *properties: str, by: str | None = "u1", changed_by: str | None = "u1",
          created: str | None = DAY + "10:00:00.000", changed: str | None = DAY + "10:00:00.000",
          **texts: object) -> str:
    inner = "key" if kind == "ConfluenceUserImpl" else "id"
    parts = [f'<id name="{inner}">{key}</id>', *properties, *(text(name, value) for name, value in texts.items())]
    if by is not None:
        parts.append(reference("creator", "ConfluenceUserImpl", by))
    if changed_by is not None:
        parts.append(reference("lastModifier", "ConfluenceUserImpl", changed_by))
    parts += [text("creationDate", created)] if created is not None else []
    parts += [text("lastModificationDate", changed)] if changed is not None else []
    return f'<object class="{kind}" package="p">\n' + "".join(parts) + "</object>\n"


def space(number: int = 1, key: str = "DEV", name: str = "Development", kind: str = "global") -> str:
    return thing("Space", number, key=key, name=name, spaceType=kind, spaceStatus="CURRENT")


def user(key: str, name: str, **texts: str) -> str:
    return thing("ConfluenceUserImpl", key, by=None, created=None, changed_by=None, changed=None, name=name,
                 lowerName=name.lower(), **texts)


def page(number: int, *properties: str, kind: str = "Page", space: int | None = 1, version: int = 1,
         status: str = "current", **options: object) -> str:
    place = (reference("space", "Space", space),) if space is not None else ()
    return thing(kind, number, *place, *properties, version=version, contentStatus=status, **options)


def old(number: int, of: int, version: int, changed: str, **options: object) -> str:
    return page(number, reference("originalVersion", "Page", of), space=None, version=version, changed=changed,
                **options)


def on(number: int, kind: str = "Page") -> str:
    return reference("containerContent", kind, number)


def instant(content: int, milliseconds: int) -> str:
    return thing("ContentProperty", 900 + content, reference("content", "Page", content), by=None, changed_by=None,
                 created=None, changed=None, name=f"attachmentChanged-{milliseconds}")


def entities(*objects: str, header: str = "2024-03-02 00:00:00") -> bytes:
    root = f'<hibernate-generic datetime="{header}">'
    return f'<?xml version="1.0"?>\n{root}\n{"".join(objects)}</hibernate-generic>'.encode()


def load(source: Source, settings: SourceSettings = UTC) -> dict[str, pl.DataFrame]:
    """All frames by table, every one in its exact layout; asserts that no record was lost."""
    tables = tables_of(confluence.read(source, settings))
    assert (tables["note"]["n_records"] >= 1).all()
    return tables


@pytest.fixture
def read(tmp_path: Path):
    def read_export(*objects: str, settings: SourceSettings = UTC, descriptor: str = "",
                    header: str = "2024-03-02 00:00:00") -> dict[str, pl.DataFrame]:
        (tmp_path / "export").mkdir()
        (tmp_path / "export" / "entities.xml").write_bytes(entities(*objects, header=header))
        if descriptor:
            (tmp_path / "export" / "exportDescriptor.properties").write_text(descriptor)
        source = open_source(tmp_path / "export", "export")
        assert confluence.detect(source) == "confluence-xml"
        return load(source, settings)

    return read_export


def rows(table: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return sorted(table.select(columns).rows(), key=repr)


def notes(tables: dict[str, pl.DataFrame], rule: str) -> list[tuple[str, int]]:
    return tables["note"].filter(pl.col("rule") == rule).select("message", "n_records").rows()


def excluded(tables: dict[str, pl.DataFrame]) -> dict[str, int]:
    return dict(tables["exclusion"].select("rule", "n_records").rows())


def test_a_page_becomes_one_event_with_all_its_columns(read):
    tables = read(space(), user("u1", "ann", email="ann@example.org"), page(7))
    assert tables["event"].to_dicts() == [{
        "workspace": "confluence", "space": "DEV", "space_alias": None, "event_scope": "content", "event_number": 7,
        "thread_scope": "content", "thread_number": 7, "occurred_at": datetime(2024, 3, 1, 10), "time_basis": "own",
        "action": "create", "is_contribution": True, "account": "u1", "actor_kind": "human", "via_app": False,
        "is_delegated": False, "target_account": None, "target_number": None, "bytes_delta": None, "is_revert": None,
        "is_minor": None, "is_record": True, "version_at": None, "member": "entities.xml", "line": 7,
    }]
    assert tables["account"].to_dicts() == [{
        "workspace": "confluence", "account": "u1", "kind": "human", "is_guest": None, "is_deactivated": None,
        "is_record": True, "member": "entities.xml", "line": 5}]
    assert rows(tables["account_identifier"], "account", "kind", "identifier") == [
        ("u1", "email", "ann@example.org"), ("u1", "login", "ann")]
    assert tables["space"].to_dicts() == [{
        "workspace": "confluence", "space": "DEV", "space_alias": None, "kind": "space", "visibility": "public",
        "label": "Development", "created_at": datetime(2024, 3, 1, 10), "is_record": True, "member": "entities.xml",
        "line": 3}]
    assert tables["coverage"].rows() == [("confluence", date(2024, 3, 1), date(2024, 3, 1), False)]
    assert tables["capability"].rows() == [(False, False, False, True, True)]
    assert rows(tables["part"], "member", "n_read") == [("entities.xml", 3)]
    assert tables["note"].height == 0


def test_a_cloud_space_gives_25_creations_and_9_edits(read):
    """47 page objects as Cloud writes them: live pages, folders, earlier versions and drafts."""
    live = [page(n, '<property name="originalVersionId"/>', version=2 if n <= N_VERSIONS else 1,
                 changed=DAY + "12:00:00.000") for n in range(1, N_PAGES + 1)]
    folders = [page(100 + n, isFolder="true") for n in range(N_FOLDERS)]
    versions = [old(200 + n, n, 1, DAY + "10:00:00.000", originalVersionId=n) for n in range(1, N_VERSIONS + 1)]
    drafts = [page(300 + n, reference("originalVersion", "Page", n), status="draft") for n in range(1, N_DRAFTS + 1)]
    internal = [thing("CustomContentEntityObject", 400 + n, on(1), contentStatus="current") for n in range(50)]
    objects = [*drafts, *versions, *live, *folders]
    assert len(objects) == 47
    tables = read(*internal, *objects, space())
    assert dict(tables["event"]["action"].value_counts().rows()) == {"create": 25, "edit": 9}
    assert excluded(tables) == {"draft": 7, "folder": 6, "custom_content": 50}


def test_versions_are_found_from_either_side_and_ordered_by_date(read):
    listed = ('<collection name="historicalVersions"><element class="Page"><id name="id">11</id></element>'
              '<element class="Page"><id name="id">12</id></element></collection>')
    tables = read(space(), page(10, listed, version=4, changed=DAY + "13:00:00.000", changed_by="u4"),
                  page(12, space=None, version=2, changed=DAY + "11:00:00.000", changed_by="u2"),
                  page(11, space=None, version=1), old(13, 10, 3, DAY + "12:00:00.000", changed_by="u3"))
    assert rows(tables["event"], "occurred_at", "action", "account", "thread_number", "space") == [
        (datetime(2024, 3, 1, hour), action, account, 10, "DEV") for hour, action, account in
        [(10, "create", "u1"), (11, "edit", "u2"), (12, "edit", "u3"), (13, "edit", "u4")]]
    assert tables["event"]["event_number"].n_unique() == 4


def test_an_edit_keeps_its_number_when_a_later_edit_moves_it_to_an_object_of_its_own(read, tmp_path):
    before = read(space(), page(10, version=2, changed=DAY + "11:00:00.000"), old(11, 10, 1, DAY + "10:00:00.000"))
    path = tmp_path / "entities.xml"
    path.write_bytes(entities(space(), page(10, version=3, changed=DAY + "12:00:00.000"),
                              old(11, 10, 1, DAY + "10:00:00.000"), old(12, 10, 2, DAY + "11:00:00.000")))
    after = load(open_source(path, "entities.xml"))
    shared = set(before["event"]["event_number"]) & set(after["event"]["event_number"])
    assert (before["event"].height, after["event"].height, len(shared)) == (2, 3, 2)


def test_a_page_without_its_first_version_still_has_its_creation(read):
    tables = read(space(), page(10, version=5, changed=DAY + "12:00:00.000", changed_by="u2"))
    assert rows(tables["event"], "action", "account", "is_record", "is_contribution") == [
        ("create", "u1", False, True), ("edit", "u2", True, True)]
    assert notes(tables, "PPL-WIK-005") == [("versions of pages are not in the export", 4)]


def test_many_edited_pages_without_any_earlier_version_are_no_history(read):
    tables = read(space(), *(page(n, version=2) for n in range(1, 22)))
    assert tables["capability"]["has_history"].to_list() == [False]
    assert [count for _, count in notes(tables, "PPL-WIK-002")] == [1]
    assert not tables["event"].filter(pl.col("action") == "edit")["is_contribution"].any()
    assert tables["event"].filter(pl.col("action") == "create")["is_contribution"].all()


def test_comments_attachments_and_likes_belong_to_the_space_of_their_page(read):
    tables = read(
        thing("LikeEntity", 1, reference("content", "Comment", 21), reference("user", "ConfluenceUserImpl", "u4"),
              by=None, changed_by=None, changed=None, created=DAY + "14:00:00.000"),
        thing("Comment", 22, reference("parent", "Comment", 21), by="u3", version=2, changed=DAY + "13:30:00.000",
              created=DAY + "13:00:00.000"),
        thing("Comment", 21, on(10), by="u2", created=DAY + "12:00:00.000"),
        thing("Comment", 23, on(10), reference("originalVersion", "Comment", 21), by="u2"),
        thing("Attachment", 31, on(10), version=2, by="u2"),
        thing("Attachment", 30, reference("originalVersion", "Attachment", 31), on(10), version=1, by="u1"),
        page(10), space())
    assert rows(tables["event"], "action", "event_scope", "account", "target_account", "target_number", "space",
                "thread_number", "is_contribution", "version_at") == [
        ("comment", "content", "u2", "u1", None, "DEV", 10, True, None),
        ("comment", "content", "u3", "u2", 21, "DEV", 10, True, datetime(2024, 3, 1, 13, 30)),
        ("create", "content", "u1", None, None, "DEV", 10, True, None),
        ("react", "react:like", "u4", "u2", None, "DEV", 10, False, None),
        ("upload", "attachment", "u1", None, None, "DEV", 10, True, None),
        ("upload", "attachment", "u2", None, None, "DEV", 10, True, None)]
    assert tables["event"].filter(pl.col("action") == "react").select("event_number", "time_basis").rows() == [
        (21, "own")]
    assert excluded(tables) == {"comment_version": 1}
    assert tables["capability"]["has_reactions"].to_list() == [True]


def test_a_site_export_of_the_newer_kind_shows_that_nobody_liked_anything(read):
    site = read(space(), user("u1", "ann"), page(1), descriptor="exportType=site\n")
    assert site["capability"]["has_reactions"].to_list() == [True]


@pytest.mark.parametrize(("status", "rule"), [
    ("draft", "draft"), ("deleted", "deleted"), ("archived", "archived"), ("anything", "not_current"),
])
def test_what_is_not_current_is_counted_with_what_stands_on_it(read, status, rule):
    tables = read(space(), page(10, status=status), thing("Comment", 20, on(10)), thing("Attachment", 21, on(20)))
    assert tables["event"].height == 0
    assert excluded(tables) == {rule: 3}


def test_templates_drafts_of_old_and_things_without_a_page_are_counted(read):
    tables = read(space(), thing("PageTemplate", 1, reference("space", "Space", 1)), thing("Draft", 1),
                  thing("Comment", 2, on(99)), thing("Attachment", 3, on(98, "SpaceDescription")),
                  thing("Comment", 4, on(4, "Comment")), old(5, 99, 1, DAY + "10:00:00.000"), page(6), page(6),
                  thing("LikeEntity", 6, reference("content", "Page", 6), liked="false"))
    assert excluded(tables) == {"template": 1, "draft": 1, "no_page": 3, "space_description": 1,
                                "duplicate_object": 1, "withdrawn_like": 1}
    assert tables["event"].height == 1


def test_objects_without_an_id_are_kept_by_their_line(read):
    tables = read(space(), page("x"), thing("Space", 5), user("", ""), page(10))
    assert tables["quarantine"].select("line", "rule").rows() == [
        (5, "PPL-WIK-003"), (7, "PPL-WIK-003"), (9, "PPL-WIK-003")]


@pytest.mark.parametrize("folder", ["", "export-1/"])
def test_a_zip_is_an_export_also_with_an_enclosing_folder(tmp_path, folder):
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{folder}entities.xml", entities(space(), page(1)))
        archive.writestr(f"{folder}exportDescriptor.properties", "timezoneId=Europe/Madrid")
        archive.writestr(f"{folder}attachments/1/2/1", b"x")
    source = open_source(path, "export.zip")
    assert confluence.detect(source) == "confluence-xml"
    assert load(source, SourceSettings())["event"]["occurred_at"].to_list() == [datetime(2024, 3, 1, 9)]


def test_a_folder_that_holds_other_things_too_is_no_export(tmp_path):
    (tmp_path / "entities.xml").write_bytes(entities(space()))
    (tmp_path / "attachments").mkdir()
    (tmp_path / "attachments" / "1").write_bytes(b"x")
    assert confluence.detect(open_source(tmp_path, "x")) == "confluence-xml"
    (tmp_path / "slack.zip").write_bytes(b"x")
    assert confluence.detect(open_source(tmp_path, "x")) is None
    assert confluence.detect(open_source(tmp_path / "entities.xml", "entities.xml")) == "confluence-xml"


@pytest.mark.parametrize("content", [b"<mediawiki/>", b"<html><hibernate-generic/></html>", b"text", b"\0\xff"])
def test_foreign_files_are_not_claimed(tmp_path, content):
    (tmp_path / "entities.xml").write_bytes(content)
    assert confluence.detect(open_source(tmp_path / "entities.xml", "entities.xml")) is None
    assert confluence.detect(open_source(tmp_path, "x")) is None


def test_wiki_case_19_bodies_that_stand_apart_from_their_page_are_not_needed(read):
    body = thing("BodyContent", 50, reference("content", "Page", 1), by=None, created=None, body="<p>text</p>")
    tables = read(body, space(), page(1))
    assert tables["event"].height == 1
    assert tables["part"]["n_read"].to_list() == [2]
