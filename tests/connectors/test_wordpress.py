"""What the WordPress connector makes of small exports, and of the real ones beside the checkout."""

import runpy
import zipfile
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from connectors import wordpress
from connectors.source import open_source
from models.problems import ExportRefused
from tests.connectors.wiki_dumps import load, load_bytes, rows

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "wiki" / "wordpress"
PLAIN = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("plain_wordpress.py"))))
AUTHOR = ("<wp:author><wp:author_id>7</wp:author_id><wp:author_login>ann</wp:author_login>"
          "<wp:author_email>Ann@corp.example</wp:author_email></wp:author>")
NONE = "0000-00-00 00:00:00"


def export(*items: str, authors: str = AUTHOR, version: str = "1.2", scheme: str = "https") -> bytes:
    return (f'<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            f'xmlns:wp="{scheme}://wordpress.org/export/{version}/">\n<channel><title>Our Blog</title>'
            f"<link>https://blog.example.org/</link>{authors}\n{''.join(items)}</channel></rss>").encode()


def item(number: int, *parts: str, gmt: str = "2024-01-01 10:00:00", kind: str = "post", status: str = "publish",
         creator: str = "ann", local: str = "2024-01-01 12:00:00") -> str:
    return (f"<item><title>SECRET</title><dc:creator><![CDATA[{creator}]]></dc:creator>"
            f"<wp:post_id>{number}</wp:post_id><wp:post_date>{local}</wp:post_date><wp:post_date_gmt>{gmt}</wp:post_date_gmt>"
            f"<wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type>{''.join(parts)}</item>\n")


def comment(number: int, *, email: str = "", user: int = 0, approved: str = "1", kind: str = "",
            parent: int = 0) -> str:
    return (f"<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_author>SECRET</wp:comment_author>"
            f"<wp:comment_author_email>{email}</wp:comment_author_email><wp:comment_author_IP>192.0.2.7"
            "</wp:comment_author_IP><wp:comment_date_gmt>2024-01-02 10:00:00</wp:comment_date_gmt>"
            f"<wp:comment_approved>{approved}</wp:comment_approved><wp:comment_type>{kind}</wp:comment_type>"
            f"<wp:comment_parent>{parent}</wp:comment_parent><wp:comment_user_id>{user}</wp:comment_user_id></wp:comment>")


@pytest.fixture
def read(tmp_path: Path):
    def read_items(*items: str, zone: str | None = None, home_domains=(), include=("public",), **options):
        return load_bytes(wordpress.CONNECTOR, tmp_path, export(*items, **options), zone=zone,
                          home_domains=home_domains, include=include)

    return read_items


def test_a_post_becomes_one_event_with_all_its_columns(read):
    tables = read(item(5, "<wp:post_modified_gmt>2024-01-03 00:00:00</wp:post_modified_gmt>"))
    assert tables["event"].to_dicts() == [{
        "workspace": "blog.example.org", "space": "blog", "space_alias": None, "event_scope": "post",
        "event_number": 5, "thread_scope": "post", "thread_number": 5, "occurred_at": datetime(2024, 1, 1, 10),
        "time_basis": "own", "action": "create", "is_contribution": True, "account": "ann", "actor_kind": "human",
        "via_app": False, "is_delegated": False, "target_account": None, "target_number": None, "bytes_delta": None,
        "is_revert": None, "is_minor": None, "is_record": True, "version_at": datetime(2024, 1, 3), "member": "",
        "line": 3,
    }]
    assert rows(tables["account"], "account", "kind", "is_record") == [("ann", "human", True)]
    assert rows(tables["account_identifier"], "kind", "identifier") == [
        ("login", "ann"), ("email", "Ann@corp.example")]
    assert rows(tables["space"], "space", "kind", "visibility", "label") == [("blog", "blog", "public", "Our Blog")]
    assert rows(tables["coverage"], "covered_from", "covered_to", "is_stated") == [
        (date(2024, 1, 1), date(2024, 1, 1), False)]
    assert tables["capability"].rows() == [(False, False, False, False, True)]


def test_pages_and_uploads_count_and_menus_drafts_and_private_posts_do_not(read):
    states = [item(1, kind="page"), item(2, kind="attachment", status="inherit"), item(3, kind="nav_menu_item"),
              item(4, comment(1), status="draft"), item(5, status="future"), item(6, status="private"),
              item(7, status="trash"), item(8, status="odd"), item(9, status="pending")]
    tables = read(*states)
    assert rows(tables["event"], "event_number", "action") == [(1, "create"), (2, "upload")]
    assert sorted(rows(tables["exclusion"], "rule", "n_records")) == [
        ("draft", 3), ("not_content", 1), ("private_post", 1), ("scheduled", 1), ("trash", 1), ("unknown_state", 1)]
    private = read(*states, include=("public", "private"))
    assert rows(private["event"], "event_number", "space")[2:] == [(6, "private")]
    assert rows(private["space"], "space", "visibility", "label") == [
        ("blog", "public", "Our Blog"), ("private", "private", None)]


def test_characters_that_xml_forbids_are_replaced_and_counted(read):
    tables = read(item(1, "<description>\x0b\x08</description>"))
    assert rows(tables["note"], "rule", "n_records") == [("PPL-XML-007", 2)]


def test_comments_belong_to_members_by_id_or_address_else_to_external_people(read):
    tables = read(item(1, comment(1, user=7), comment(2, email="ANN@corp.example", parent=4), comment(3, user=8),
                       comment(4, email="Eve@other.example"), comment(5), comment(6, email="bob@home.example")),
                  home_domains=("home.example",))
    assert rows(tables["event"], "event_scope", "account", "actor_kind", "target_account", "is_contribution")[1:] == [
        ("comment", "ann", "human", "ann", True), ("comment", "ann", "human", "eve@other.example", True),
        ("comment", "#8", "human", "ann", True), ("comment", "eve@other.example", "external", "ann", True),
        ("comment", None, "unknown", "ann", False), ("comment", "bob@home.example", "human", "ann", True)]
    assert rows(tables["account"], "account", "kind", "is_record") == [
        ("ann", "human", True), ("eve@other.example", "external", False), ("bob@home.example", "human", False)]
    assert "SECRET" not in str(tables)
    assert "192.0.2" not in str(tables)


def test_comments_that_nobody_approved_or_no_person_wrote_are_counted_apart(read):
    tables = read(item(1, comment(1, approved="0"), comment(2, approved="spam"), comment(3, approved="trash"),
                       comment(4, kind="pingback"), comment(5, kind="trackback"), comment(6, kind="comment")))
    assert tables["event"]["event_number"].to_list() == [1, 6]
    assert rows(tables["exclusion"], "rule", "n_records") == [
        ("unapproved_comment", 1), ("spam", 1), ("trash", 1), ("automatic_comment", 2)]


def test_wiki_case_27_gmt_comes_first_then_the_feed_then_local_time_in_the_declared_zone(read):
    def at(*parts: str, zone: str | None = None, **fields: str):
        tables = read(item(1, *parts, **fields), zone=zone)
        return tables["event"]["occurred_at"].to_list() + tables["quarantine"]["rule"].to_list()

    feed = "<pubDate>Mon, 01 Jan 2024 09:00:00 +0100</pubDate>"
    never = "<pubDate>Wed, 30 Nov -0001 00:00:00 +0000</pubDate>"
    assert at(feed) == [datetime(2024, 1, 1, 10)]
    assert at(feed, gmt=NONE) == [datetime(2024, 1, 1, 8)]
    assert at(never, gmt=NONE, zone="Europe/Berlin") == [datetime(2024, 1, 1, 11)]
    assert at(never, gmt=NONE) == ["PPL-TIM-004"]
    assert at(gmt=NONE, local=NONE, zone="Europe/Berlin") == ["PPL-TIM-004"]
    assert at(gmt=NONE, local="2024-03-31 02:30:00", zone="Europe/Berlin") == ["PPL-TIM-005"]
    assert at(gmt=NONE, local="2024-10-27 02:30:00", zone="Europe/Berlin") == [datetime(2024, 10, 27, 0, 30)]
    draft = read(item(1, never, gmt=NONE, local=NONE, status="draft"))
    assert rows(draft["exclusion"], "rule", "n_records") == [("draft", 1)]
    twice = read(item(1, gmt=NONE, local="2024-10-27 02:30:00"), zone="Europe/Berlin")
    assert rows(twice["note"], "rule", "line") == [("PPL-TIM-006", 3)]


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_version_is_recognised_by_its_local_names(tmp_path, read, version, scheme):
    tables = read(item(1), version=version, scheme=scheme)
    assert tables["event"].height == 1
    assert wordpress.detect(open_source(tmp_path / "export", "export")) == "wordpress-wxr"


def test_records_without_login_or_id_are_put_aside(read):
    tables = read(item(1).replace("<wp:post_id>1</wp:post_id>", ""), authors="<wp:author/>")
    assert rows(tables["quarantine"], "rule", "line") == [("PPL-WXR-001", 2), ("PPL-WXR-001", 3)]


def test_the_parts_of_a_zip_are_one_export(tmp_path):
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("1.xml", export(item(1)))
        archive.writestr("2.xml", export(item(2, gmt="2024-02-01 00:00:00")))
    source = open_source(path, "b.zip")
    assert wordpress.detect(source) == "wordpress-wxr"
    tables = load(wordpress.CONNECTOR, source)
    assert rows(tables["event"], "member", "event_number") == [("1.xml", 1), ("2.xml", 2)]
    assert rows(tables["coverage"], "covered_from", "covered_to") == [(date(2024, 1, 1), date(2024, 2, 1))]


@pytest.mark.parametrize("content", [b"<rss><channel/></rss>", b"<mediawiki/>", b"hello", b"{}"])
def test_other_files_are_not_claimed(tmp_path, content):
    (tmp_path / "f").write_bytes(content)
    assert wordpress.detect(open_source(tmp_path / "f", "f")) is None


def test_a_cut_export_is_refused(tmp_path):
    with pytest.raises(ExportRefused, match=r"^PPL-XML-005 export:3: ends inside <status>"):
        load_bytes(wordpress.CONNECTOR, tmp_path, export(item(1))[:-60])


@pytest.mark.real_data
@pytest.mark.skipif(not REAL.is_dir(), reason="the real exports do not lie beside the checkout")
@pytest.mark.parametrize(("name", "n_read", "n_events"), [
    ("64-block-test-data.xml", 76, 73), ("theme-preview.xml", 9, 8), ("themeunittestdata.wordpress.xml", 221, 140),
])
def test_real_exports_read_as_the_plain_reader_reads_them(name, n_read, n_events):
    events, left_out, n_records = PLAIN.read(REAL / name)
    source = open_source(REAL / name, name)
    assert wordpress.detect(source) == "wordpress-wxr"
    tables = load(wordpress.CONNECTOR, source)
    assert sorted(rows(tables["event"], "action", "occurred_at", "account")) == sorted(events)
    assert tables["part"]["n_read"].to_list() == [n_records] == [n_read]
    assert tables["event"].height == n_events
    assert tables["exclusion"]["n_records"].sum() + tables["quarantine"].height == left_out.total()
