"""What the bookmarks connector makes of small files, and of the real ones beside the checkout."""

import gzip
import random
import runpy
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from connectors import bookmarks
from connectors.contract import number_of
from connectors.source import open_source
from models.problems import ExportRefused
from tests.connectors.packed import PACKERS
from tests.connectors.wiki_dumps import load_bytes, rows

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "wiki" / "bookmarks"
PLAIN = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("plain_bookmarks.py"))))
HEAD = "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<DL><p>\n"


@pytest.fixture
def read(tmp_path: Path):
    def read_text(text: str, owner: str | None = "ann", **settings: object):
        return load_bytes(bookmarks.CONNECTOR, tmp_path, text.encode(), owner=owner, **settings)

    return read_text


def test_a_public_bookmark_becomes_one_event_with_all_its_columns(read):
    tables = read(HEAD + '<DT><A HREF="https://a.example/?x&amp;y" ADD_DATE="1704103200" PRIVATE="0">SECRET</A>\n')
    address = "https://a.example/?x&y"
    assert tables["event"].to_dicts() == [{
        "workspace": "bookmarks", "space": None, "space_alias": None, "event_scope": "bookmark",
        "event_number": number_of(f"ann\n{address}"), "thread_scope": "address", "thread_number": number_of(address),
        "occurred_at": datetime(2024, 1, 1, 10), "time_basis": "own", "action": "share", "is_contribution": True,
        "account": "ann", "actor_kind": "human", "via_app": False, "is_delegated": False, "target_account": None,
        "target_number": None, "bytes_delta": None, "is_revert": None, "is_minor": None, "is_record": True,
        "version_at": None, "member": "", "line": 4,
    }]
    assert rows(tables["account"], "account", "kind", "is_record") == [("ann", "human", False)]
    assert rows(tables["account_identifier"], "kind", "identifier") == [("login", "ann")]
    assert tables["capability"].rows() == [(False, False, False, False, True)]
    assert "SECRET" not in str(tables)


def test_two_people_who_share_one_page_meet_in_its_thread_with_events_of_their_own(read):
    text = HEAD + '<DT><A HREF="https://a.example" ADD_DATE="1704103200">A</A>'
    ann, ben = (read(text, owner=owner, workspace="links")["event"] for owner in ("ann", "ben@corp.example"))
    assert ann["thread_number"].to_list() == ben["thread_number"].to_list()
    assert ann["event_number"].to_list() != ben["event_number"].to_list()
    assert rows(read(text, owner="ben@corp.example")["account_identifier"], "kind") == [("email",)]


def test_private_bookmarks_are_counted_and_never_stored(read):
    tables = read(HEAD + '<DT><A HREF="https://hidden.example" ADD_DATE="1704103200" PRIVATE="1">H</A>')
    assert tables["event"].height == 0
    assert rows(tables["exclusion"], "rule", "n_records") == [("private_bookmark", 1)]
    assert "hidden.example" not in str(tables)


@pytest.mark.parametrize(("written", "at"), [
    ("1704103200", datetime(2024, 1, 1, 10)), ("1704103200123", datetime(2024, 1, 1, 10, 0, 0, 123000)),
    ("1704103200123456", datetime(2024, 1, 1, 10, 0, 0, 123456)),
    ("10/Oct/2000:13:55:36 +0300", datetime(2000, 10, 10, 10, 55, 36)),
    ("", None), ("0", None), ("x", None), ("99999999999999999999", None), ("99/Oct/2000:13:55:36 +0300", None),
])
def test_the_unit_of_a_time_follows_from_its_digits(read, written, at):
    tables = read(HEAD + f'<DT><A HREF="https://a.example" ADD_DATE="{written}">A</A>')
    assert tables["event"]["occurred_at"].to_list() == ([] if at is None else [at])
    assert tables["quarantine"]["rule"].to_list() == (["PPL-TIM-004"] if at is None else [])


def test_links_in_notes_are_no_bookmarks_and_odd_tags_are_put_aside_with_their_line(read):
    tables = read(HEAD + "<dt>\n<a href='https://a.example/>' add_date=1704103200 >A</a>\n"
                  '<DD>see <a href="https://b.example">\n<script>\n<DT><A HREF="javascript:x()" ADD_DATE="1">\n'
                  '<DT><A ADD_DATE="1704103200">\n<DT><A HREF="https://c.example')
    assert rows(tables["event"], "line", "thread_number") == [(4, number_of("https://a.example/>"))]
    assert rows(tables["exclusion"], "rule", "n_records") == [("not_an_address", 1)]
    assert rows(tables["quarantine"], "line", "rule") == [(9, "PPL-BMK-002"), (10, "PPL-BMK-002")]


def test_json_of_pinboard_shares_only_what_says_so(read, tmp_path):
    tables = read('[{"href":"https://a.example","description":"SECRET","time":"2024-01-01T10:00:00Z","shared":"yes"},'
                  '{"href":"https://b.example","time":"2024-01-01T10:00:00Z","shared":"no"},'
                  '{"href":"https://c.example","time":"2024-01-01T10:00:00Z"},'
                  '{"href":"https://d.example","time":"yesterday","shared":"yes"},{"href":5}]')
    assert bookmarks.detect(open_source(tmp_path / "export", "export")) == "bookmarks-json"
    assert rows(tables["event"], "line", "occurred_at") == [(1, datetime(2024, 1, 1, 10))]
    assert rows(tables["exclusion"], "rule", "n_records") == [("private_bookmark", 2)]
    assert rows(tables["quarantine"], "line", "rule") == [(4, "PPL-TIM-004"), (5, "PPL-JSN-010")]


def test_xml_of_delicious_names_its_owner(read, tmp_path):
    text = ('<?xml version="1.0"?>\n<posts user="cat">'
            '<post href="https://a.example" time="2024-01-01T10:00:00Z" tag="x"/>\n'
            '<post href="https://b.example" time="2024-01-01T10:00:00Z" shared="no"/></posts>')
    tables = read(text, owner=None)
    assert bookmarks.detect(open_source(tmp_path / "export", "export")) == "bookmarks-xml"
    assert rows(tables["event"], "account", "line") == [("cat", 2)]
    assert rows(tables["exclusion"], "rule", "n_records") == [("private_bookmark", 1)]
    assert rows(read(text)["event"], "account") == [("ann",)]


def test_a_file_that_names_nobody_is_refused_with_the_setting_to_make(read):
    with pytest.raises(ExportRefused, match=r"^PPL-BMK-001 export: .*\[source\.\"export\"\] owner in turnout\.toml"):
        read(HEAD, owner=None)


@pytest.mark.parametrize(("content", "code"), [
    (HEAD.encode() + b"caf\xe9", "PPL-TXT-002"), (b'[{"href":"","time":"","shared":""}', "PPL-JSN-001"),
    (b'<posts user="a"><post href="x"/>', "PPL-XML-005"),
])
def test_damaged_files_are_refused(tmp_path, content, code):
    with pytest.raises(ExportRefused, match=f"^{code} "):
        load_bytes(bookmarks.CONNECTOR, tmp_path, content, owner="ann")


@pytest.mark.parametrize("content", [b"<html><title>Login</title>", b"[]", b"{}", b'[{"href": 1}]', b"<rss/>", b"hello",
                                     b"<posts/>"])
def test_other_files_and_folders_are_not_claimed(tmp_path, content):
    (tmp_path / "f").write_bytes(content)
    assert bookmarks.detect(open_source(tmp_path / "f", "f")) is None
    assert bookmarks.detect(open_source(tmp_path, "folder")) is None


@pytest.mark.parametrize("packing", PACKERS)
@pytest.mark.parametrize("text", [
    HEAD + '<DT><A HREF="https://a.example" ADD_DATE="1704103200">caf\u00e9</A>',
    '[{"href":"https://a.example","description":"caf\u00e9","time":"2024-01-01T10:00:00Z","shared":"yes"}]',
    '<?xml version="1.0"?><posts user="cat"><post href="https://a.example" time="2024-01-01T10:00:00Z"/></posts>',
], ids=["html", "json", "xml"])
def test_a_compressed_file_reads_as_the_plain_one(tmp_path, packing, text):
    plain, packed = (load_bytes(bookmarks.CONNECTOR, tmp_path, content, owner="ann")
                     for content in (text.encode(), PACKERS[packing](text.encode())))
    assert bookmarks.detect(open_source(tmp_path / "export", "export")) is not None
    assert plain["event"].height == 1
    assert [name for name in plain if name != "part" and not plain[name].equals(packed[name])] == []


def test_damaged_and_runaway_compression_is_refused(tmp_path):
    packed = gzip.compress(HEAD.encode() + random.Random(1).randbytes(5000).hex().encode())
    for content, code in ((packed[:-20], "PPL-FIL-007"),
                          (gzip.compress(HEAD.encode() + bytes(64 << 20)), "PPL-ZIP-004")):
        with pytest.raises(ExportRefused, match=f"^{code} export"):
            load_bytes(bookmarks.CONNECTOR, tmp_path, content, owner="ann")


def test_a_file_too_large_to_be_held_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("connectors.streams_text.WHOLE_BYTES", len(HEAD) - 1)
    with pytest.raises(ExportRefused, match=r"^PPL-EVT-011 export: .*Split it by period\.$"):
        load_bytes(bookmarks.CONNECTOR, tmp_path, HEAD.encode(), owner="ann")


def real() -> list[Path]:
    return [path for path in sorted(REAL.glob("*.htm")) if path.stat().st_size] if REAL.is_dir() else []


@pytest.mark.real_data
@pytest.mark.skipif(not REAL.is_dir(), reason="the real bookmarks do not lie beside the checkout")
def test_an_empty_real_file_is_refused():
    with pytest.raises(ExportRefused, match=r"^PPL-FIL-002 empty.htm"):
        open_source(REAL / "empty.htm", "empty.htm")


@pytest.mark.real_data
@pytest.mark.skipif(not REAL.is_dir(), reason="the real bookmarks do not lie beside the checkout")
@pytest.mark.parametrize("path", real(), ids=lambda path: path.name)
def test_real_files_read_as_the_plain_reader_reads_them(read, path):
    plain = PLAIN.read(path)
    public = [one for one in plain if one.get("private", "0") == "0" and not one["href"].startswith("place:")]
    sure = [one for one in public if one.get("add_date")]
    times = {one["href"]: datetime.fromtimestamp(int(one["add_date"][:10]), UTC).replace(tzinfo=None) for one in sure}
    assert bookmarks.detect(open_source(path, path.name)) == "bookmarks-html"
    tables = read(path.read_bytes().decode())
    assert tables["part"]["n_read"].to_list() == [len(plain)]
    assert sorted(tables["event"]["event_number"]) == sorted(number_of(f"ann\n{one['href']}") for one in sure)
    assert {number: at.replace(microsecond=0) for number, at in rows(tables["event"], "thread_number", "occurred_at")
            } == {number_of(href): at for href, at in times.items()}
    assert tables["quarantine"].height == len(public) - len(sure)
    assert tables["exclusion"]["n_records"].sum() == len(plain) - len(public)
