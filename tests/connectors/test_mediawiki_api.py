"""What the reader of saved API answers makes of them, in both format versions."""

import gzip
import json
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from connectors import mediawiki, mediawiki_api
from connectors.source import open_source
from models.problems import ExportRefused
from tests.connectors.packed import PACKERS
from tests.connectors.wiki_dumps import dump, load, load_bytes, page, rows
from tests.connectors.wiki_dumps import revision as in_dump


def at(second: int) -> str:
    return f"2024-01-01T00:00:{second:02d}Z"


def revision(number: int, parent: int, *, user: str | None = "Ann", **fields: object) -> dict[str, object]:
    named = {} if user is None else {"user": user}
    return {"revid": number, "parentid": parent, "timestamp": at(number), "comment": "SECRET", **named, **fields}


def change(kind: str, number: int, **fields: object) -> dict[str, object]:
    return {"type": kind, "ns": 0, "title": "SECRET", "pageid": 7, "revid": number, "old_revid": 0, "rcid": 1,
            "user": "Ann", "oldlen": 10, "newlen": 15, "timestamp": at(1), **fields}


def all_revisions(*revisions: dict[str, object], ns: int = 0, **rest: object) -> dict[str, object]:
    of_page = {"pageid": 7, "ns": ns, "title": "SECRET", "revisions": list(revisions)}
    return {"batchcomplete": True, "query": {"allrevisions": [of_page]}, **rest}


def recent(*changes: dict[str, object]) -> dict[str, object]:
    return {"batchcomplete": "", "query": {"recentchanges": list(changes)}}


@pytest.fixture
def read(tmp_path: Path):
    def read_answer(answer: object, **settings: object):
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        tables = load_bytes(mediawiki_api.CONNECTOR, tmp_path, content, **settings)
        source = open_source(tmp_path / "export", "export")
        assert mediawiki_api.detect(source) == "mediawiki-api-json"
        assert mediawiki.detect(source) is None
        assert "SECRET" not in str(tables)
        return tables

    return read_answer


def test_all_revisions_read_like_the_same_revisions_of_a_dump(read, tmp_path):
    tables = read(all_revisions(revision(1, 0, size=1, sha1="aa"), revision(2, 1, size=3, sha1="bb", minor=True),
                                revision(3, 2, size=3, sha1="bb")), workspace="wikidb")
    dumped = load_bytes(mediawiki.CONNECTOR, tmp_path, dump(page(
        in_dump(1, 1, "a"), in_dump(2, 2, "abc", extra="<minor/>"), in_dump(3, 3, "abc"), number=7)))
    same = [name for name in tables["event"].columns if name not in {"is_revert", "version_at", "line"}]
    assert rows(tables["event"], *same) == rows(dumped["event"], *same)
    assert tables["event"]["version_at"].to_list() == tables["event"]["occurred_at"].to_list()
    assert tables["capability"].rows() == [(False, False, False, True, True)]
    assert rows(tables["coverage"], "workspace", "covered_from", "is_stated") == [("wikidb", date(2024, 1, 1), False)]
    assert rows(tables["account_identifier"], "kind", "identifier") == [("login", "Ann")]


def test_recent_changes_are_never_a_history(read):
    tables = read(recent(change("new", 1, oldlen=0), change("edit", 2), change("edit", 3, ns=1),
                         change("log", 0, logid=4, logtype="delete"), change("log", 0, logid=5, logtype="move"),
                         change("categorize", 6), change("external", 0)))
    assert rows(tables["event"], "event_scope", "event_number", "space", "thread_number", "action", "bytes_delta",
                "is_contribution") == [
        ("revision", 1, "0", 7, "create", 15, True), ("revision", 2, "0", 7, "edit", 5, True),
        ("revision", 3, "1", 7, "comment", 5, True), ("log", 4, None, None, "admin", None, False),
        ("log", 5, None, None, "other", None, False)]
    assert rows(tables["exclusion"], "rule", "n_records") == [("automatic_change", 2)]
    assert rows(tables["note"], "rule", "n_records") == [("PPL-WIK-006", 7)]
    assert tables["capability"]["has_history"].to_list() == [False]
    assert tables["coverage"].height == 0


@pytest.mark.parametrize(("minor", "bot"), [("", ""), (True, True), (False, False), (None, None)])
def test_flags_are_texts_in_version_one_and_booleans_in_version_two(read, minor, bot):
    flags = {name: flag for name, flag in (("minor", minor), ("bot", bot)) if flag is not None}
    tables = read(recent(change("edit", 1, **flags)))
    is_set = minor is True or minor == ""
    assert rows(tables["event"], "is_minor", "actor_kind", "is_contribution") == [
        (is_set, "bot" if is_set else "human", not is_set)]


def test_pages_are_an_object_in_version_one_and_a_list_in_version_two(read):
    of_page = {"pageid": 7, "ns": 0, "revisions": [revision(1, 0)]}
    gone = {"pageid": 8, "ns": 0, "missing": ""}
    for pages in ({"7": of_page, "8": gone}, [of_page, gone]):
        tables = read({"query": {"pages": pages, "general": {"wikiid": "wikidb"}}})
        assert rows(tables["event"], "workspace", "event_number", "action") == [("wikidb", 1, "create")]


def test_hidden_users_and_addresses_leave_nothing_but_an_event(read):
    tables = read(all_revisions(revision(1, 0, user=None, userhidden=True), revision(2, 1, user="192.0.2.7", anon="")))
    assert rows(tables["event"], "account", "actor_kind", "is_contribution") == [(None, "unknown", False)] * 2
    assert rows(tables["note"], "rule", "n_records") == [("PPL-WIK-001", 1)]
    assert "192.0.2" not in str(tables)


def test_wiki_case_14_a_revision_without_its_text_has_the_size_that_is_stated(read):
    tables = read(all_revisions(revision(1, 0, size=40, texthidden=""), revision(2, 1, size=50, slots={"main": {}}),
                                revision(3, 2, texthidden=True)))
    assert tables["event"]["bytes_delta"].to_list() == [40, 10, None]


def test_revisions_without_their_parents_are_no_history(read):
    tables = read(all_revisions(revision(5, 4, size=3)))
    assert rows(tables["event"], "action", "bytes_delta", "is_contribution") == [("edit", None, True)]
    assert tables["capability"]["has_history"].to_list() == [False]


def test_an_answer_that_goes_on_elsewhere_is_noted(read):
    more = {"continue": {"arvcontinue": "x", "continue": "-||"}}
    assert rows(read(all_revisions(revision(1, 0), **more))["note"], "rule") == [("PPL-WIK-007",)]
    both = [all_revisions(revision(1, 0), **more), all_revisions(revision(2, 1))]
    assert read(both)["note"].height == 0
    lines = b"\n".join(json.dumps(answer).encode() for answer in both)
    assert read(lines)["event"]["event_number"].to_list() == [1, 2]


def test_items_that_cannot_be_used_are_put_aside_with_their_place(read):
    tables = read(all_revisions(revision(1, 0), revision(0, 0), {"revid": "x"}, revision(4, 0, timestamp="soon"), 5))
    assert rows(tables["quarantine"], "line", "rule") == [
        (3, "PPL-JSN-010"), (5, "PPL-JSN-010"), (2, "PPL-WIK-003"), (4, "PPL-TIM-004")]


def test_a_zip_of_answers_is_one_export(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number in (1, 2):
            archive.writestr(f"{number}.json", json.dumps(all_revisions(revision(number, 0))))
    source = open_source(tmp_path / "a.zip", "a.zip")
    assert mediawiki_api.detect(source) == "mediawiki-api-json"
    events = load(mediawiki_api.CONNECTOR, source)["event"]
    assert rows(events, "member", "event_number") == [("1.json", 1), ("2.json", 2)]


@pytest.mark.parametrize(("content", "code"), [
    (b'{"query": {"recentchanges": [', "PPL-JSN-001"), (b'[{"query": {"recentchanges": []}}, 5]', "PPL-JSN-002"),
    (b'{"query": {"recentchanges": [' + b"[" * 100_000, "PPL-JSN-003"), (b'{"query": {"recentchanges": ["\xff"]}}',
                                                                        "PPL-TXT-002"),
])
def test_damaged_answers_are_refused(tmp_path, content, code):
    with pytest.raises(ExportRefused, match=f"^{code} export"):
        load_bytes(mediawiki_api.CONNECTOR, tmp_path, content)


@pytest.mark.parametrize("packing", PACKERS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_compressed_answer_reads_as_the_plain_one(read, packing, encoding):
    text = json.dumps(all_revisions(revision(1, 0, user="Zo\u00eb")), ensure_ascii=False)
    plain, packed = read(text.encode()), read(PACKERS[packing](text.encode(encoding)))
    assert plain["event"]["account"].to_list() == ["Zo\u00eb"]
    assert [name for name in plain if name != "part" and not plain[name].equals(packed[name])] == []


def test_damaged_and_runaway_compression_is_refused(tmp_path):
    content = json.dumps(all_revisions(*(revision(n, n - 1) for n in range(1, 99)))).encode()
    for packed, code in ((gzip.compress(content)[:-20], "PPL-FIL-007"),
                         (gzip.compress(content + b" " * (64 << 20)), "PPL-ZIP-004")):
        with pytest.raises(ExportRefused, match=f"^{code} export"):
            load_bytes(mediawiki_api.CONNECTOR, tmp_path, packed)


def test_an_answer_too_large_to_be_held_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("connectors.streams_text.WHOLE_BYTES", 100)
    with pytest.raises(ExportRefused, match=r"^PPL-EVT-011 export: .*in several files\.$"):
        load_bytes(mediawiki_api.CONNECTOR, tmp_path, json.dumps(all_revisions(revision(1, 0))).encode())


@pytest.mark.parametrize("content", [b"{}", b'{"query": {"pages": {}}}', b'{"error": {"code": "x"}}', b"<mediawiki/>",
                                     b'[{"href": "x"}]', b'"query": {"recentchanges": []}'])
def test_other_files_are_not_claimed(tmp_path, content):
    (tmp_path / "f").write_bytes(content)
    assert mediawiki_api.detect(open_source(tmp_path / "f", "f")) is None


def test_a_time_is_read_with_its_zone(read):
    tables = read(recent(change("edit", 1, timestamp="2024-01-01T02:00:00+02:00")))
    assert tables["event"]["occurred_at"].to_list() == [datetime(2024, 1, 1)]
