"""The failure cases of the wiki reference and the rows of its list of faults that other tests do not assert."""

import re
import zipfile
from pathlib import Path

import pytest

from connectors import mediawiki
from connectors.source import open_source
from models.problems import ExportRefused
from tests.connectors.wiki_dumps import SITE, dump, load, load_bytes, page, revision, rows, user
from tests.pipelines.runs import FACTS, FIGURES, Run, assert_same_tables, run_models

MIB = 1 << 20
TWO = page(revision(1, 1, "a"), revision(2, 2, "b", by=user("Ben"), parent=1))


@pytest.fixture
def read(tmp_path: Path):
    return lambda content: load_bytes(mediawiki.CONNECTOR, tmp_path, content)


def zipped(folder: Path, **members: bytes):
    path = folder / "w.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.xml", content)
    return load(mediawiki.CONNECTOR, open_source(path, "w.zip"))


def test_wiki_case_01_origin_and_other_known_elements_are_no_surprise(read):
    extra = "<origin>1</origin><model>wikitext</model><format>text/x-wiki</format><comment>c</comment>"
    tables = read(dump(page(revision(1, 1, "a", extra=extra))))
    assert tables["event"]["event_number"].to_list() == [1]
    assert tables["note"].height == 0


def test_wiki_case_03_a_dump_without_siteinfo_takes_namespaces_from_its_pages(read):
    tables = read(dump(page(revision(1, 1, "a"), ns=4), page(revision(2, 2, "a"), number=2, ns=5), site=""))
    assert rows(tables["event"], "workspace", "space", "action") == [("wiki", "4", "create"), ("wiki", "5", "comment")]


@pytest.mark.parametrize("between", ["", "\n\n", "<?xml version='1.0' encoding='utf-8'?>\n", "\ufeff"])
def test_wiki_case_04_dumps_joined_in_one_file_are_all_read_with_the_lines_of_the_file(read, between):
    first = dump(page(revision(1, 1, "a")))
    second = dump(page(revision(9, 2, "abc"), number=2), site=SITE.replace("wikidb", "other"))
    content = first + between.encode() + second
    tables = read(content)
    assert rows(tables["event"], "workspace", "event_number") == [("wikidb", 1), ("other", 9)]
    line = content[: content.index(b"<revision><id>9")].count(b"\n") + 1
    assert tables["event"]["line"].to_list()[1] == line
    assert rows(tables["part"], "n_read") == [(2,)]


def test_joined_dumps_are_told_apart_wherever_the_chunks_end(read, monkeypatch):
    content = dump(TWO) + dump(page(revision(9, 2, "abc"), number=2)) + b"<!-- made by hand -->\n"
    for n_bytes in range(1, 40):
        monkeypatch.setattr("connectors.xmltext.CHUNK_BYTES", n_bytes)
        assert read(content)["event"]["event_number"].to_list() == [1, 2, 9]


@pytest.mark.parametrize("mark", ["discussionthreadinfo", "discussionthreadinginfo", "DiscussionThreading"])
def test_wiki_case_08_pages_of_discussion_threads_are_comments(read, mark):
    thread = f"<{mark}><ThreadSubject>S</ThreadSubject><ThreadID>5</ThreadID></{mark}>"
    tables = read(dump(page(revision(1, 1, "a"), thread), page(revision(2, 2, "b"), number=2, ns=90)))
    assert tables["event"]["action"].to_list() == ["comment", "comment"]
    assert tables["note"].height == 0


def test_wiki_case_09_control_characters_are_replaced_and_counted(read):
    tables = read(dump(page(revision(1, 1, "a\x0bb", extra="<comment>\x08\t</comment>"))))
    assert rows(tables["event"], "event_number", "bytes_delta") == [(1, 3)]
    assert rows(tables["note"], "rule", "n_records") == [("PPL-XML-007", 2)]


def test_wiki_case_09_tabs_and_line_ends_are_text(read):
    tables = read(dump(page(revision(1, 1, "a\tb\nc\x0b"))))
    assert rows(tables["event"], "event_number", "bytes_delta", "line") == [(1, 6, 6)]
    assert rows(tables["note"], "rule", "n_records") == [("PPL-XML-007", 1)]


def test_wiki_case_11_a_history_that_begins_after_its_first_revisions_is_noted_and_creates_nothing(read):
    capped = page(*(revision(n, n, "a" * n, parent=n - 1) for n in range(5, 8)))
    tables = read(dump(capped, page(revision(20, 1, "a"), revision(21, 2, "b", parent=20), number=2)))
    assert rows(tables["event"], "event_number", "action", "is_contribution", "bytes_delta", "is_revert") == [
        (5, "edit", True, None, None), (6, "edit", True, 1, False), (7, "edit", True, 1, False),
        (20, "create", True, 1, False), (21, "edit", True, 0, False)]
    assert rows(tables["note"], "rule", "n_records") == [("PPL-WIK-005", 1)]


def test_a_page_that_is_split_over_two_parts_is_created_once(tmp_path):
    halves = page(revision(1, 1, "a"), revision(2, 2, "b")), page(revision(3, 3, "c"))
    tables = zipped(tmp_path, p9=dump(halves[0]), p10=dump(halves[1]))
    assert rows(tables["event"], "event_number", "action") == [(1, "create"), (2, "edit"), (3, "edit")]
    linked = page(revision(1, 1, "a"), revision(2, 2, "b", parent=1)), page(revision(3, 3, "c", parent=2),
                                                                            revision(4, 4, "d", parent=3))
    for names in (("a", "b"), ("b", "a")):
        tables = zipped(tmp_path, **dict(zip(names, map(dump, linked), strict=True)))
        assert sorted(rows(tables["event"], "event_number", "action")) == [
            (1, "create"), (2, "edit"), (3, "edit"), (4, "edit")]
        assert tables["note"].height == 0


ONE = page(revision(1, 1, "a"))
NEXT = [page(revision(n, n, "b"), number=n) for n in (11, 12)]
OPEN = page(revision(5, 5, "c"), number=5).replace("</page>", "")
DAMAGED = {  # the dump, its revisions that are kept, what is said, and line: of the lost page, of the fault
    "last page without its end": (dump(ONE, NEXT[0], OPEN), [1, 11], "not well-formed XML", (11, 14)),
    "page in the middle without its end": (dump(ONE, OPEN, *NEXT), [1, 11, 12], "not well-formed XML", (8, 17)),
    "two pages without their ends": (dump(OPEN, ONE, OPEN, NEXT[1]), [1, 12], "not well-formed XML", (5, 17)),
    "ill-formed between pages": (dump(ONE, "</b>", *NEXT), [1], "not well-formed XML", (8, 8)),
    "ill-formed in a page": (dump(ONE, NEXT[0].replace("<title>", "<"), NEXT[1]), [1], "not well-formed XML", (8, 8)),
    "cut": (dump(ONE, *NEXT).rpartition(b"</page>")[0], [1, 11], "cut off", (11, 13)),
    "cut between pages": (dump(ONE).rpartition(b"</mediawiki>")[0], [1], "cut off", (8, 8)),
    "pages in a page": (dump(ONE, OPEN, NEXT[0], revision(6, 6, "d"), "</page>", NEXT[1]), [1, 11, 12],
                        "without the end of a page", (8, None)),
    "joined": (dump(ONE) + dump(NEXT[0], OPEN) + dump(NEXT[1]), [1, 11], "not well-formed XML", (16, 19)),
}


def test_wiki_case_13_a_dump_without_the_end_of_a_page_is_refused_with_its_line_and_the_way_to_keep_the_rest(read):
    with pytest.raises(ExportRefused, match=r"^PPL-XML-004 export:9: not well-formed XML; nothing") as caught:
        read(dump(TWO.replace("</page>", "")))
    assert "salvage" not in str(caught.value)  # there is no whole page
    with pytest.raises(ExportRefused, match=r"^PPL-XML-004 export:11: not well-formed XML: a page begins in") as caught:
        read(dump(ONE, OPEN, *NEXT))
    assert str(caught.value).endswith("set salvage = true for it in turnout.toml: what is whole is kept.")


@pytest.mark.parametrize("n_bytes", [7, 1 << 18])
@pytest.mark.parametrize("damage", DAMAGED)
def test_wiki_case_13_salvage_keeps_whole_pages_and_puts_the_rest_aside(tmp_path, monkeypatch, damage, n_bytes):
    content, numbers, what, (lost, fault) = DAMAGED[damage]
    monkeypatch.setattr("connectors.xmltext.CHUNK_BYTES", n_bytes)
    tables = load_bytes(mediawiki.CONNECTOR, tmp_path, content, salvage=True)
    assert rows(tables["event"], "event_number", "action", "bytes_delta") == [(n, "create", 1) for n in numbers]
    ((line, rule, message),) = rows(tables["quarantine"], "line", "rule", "message")
    assert (line, rule) == (lost, "PPL-WIK-011")
    assert message.startswith(f"the dump is {what}" + (f" at line {fault};" if fault else ";"))
    assert rows(tables["note"], "rule", "n_records") == [("PPL-WIK-011", 1)]
    assert rows(tables["part"], "n_read") == [(len(numbers) + 1,)]
    assert tables["capability"]["has_history"].to_list() == [False]


@pytest.mark.parametrize("content", [dump(OPEN), dump(OPEN).replace(b"</mediawiki>", b""), dump("<x>").rstrip()])
def test_wiki_case_13_salvage_refuses_a_dump_without_a_whole_page(tmp_path, content):
    with pytest.raises(ExportRefused, match=r"^PPL-XML-004|^PPL-XML-005"):
        load_bytes(mediawiki.CONNECTOR, tmp_path, content, salvage=True)


def test_wiki_case_13_salvage_changes_nothing_about_a_whole_dump(tmp_path, read):
    plain, salvaged = read(dump(TWO, *NEXT)), load_bytes(mediawiki.CONNECTOR, tmp_path, dump(TWO, *NEXT), salvage=True)
    assert all(plain[name].equals(salvaged[name]) for name in plain)


def test_wiki_case_13_a_run_shows_no_day_of_a_damaged_dump_as_fully_observed(tmp_path):
    days = [page(*(revision(10 * n + day, f"2024-01-{day:02d}T00:00:00Z", str(day)) for day in (1, 31)), number=n)
            for n in (1, 2)]
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "w.xml").write_bytes(dump(*days).rpartition(b"</page>")[0])
    refused = run_models(drop, tmp_path / "out", tables=FACTS)
    assert [problem.partition(":")[0] for problem in refused.problems] == ["PPL-XML-005 w.xml"]
    (drop / "turnout.toml").write_text('[source."*.xml"]\nsalvage = true\n', encoding="utf-8")
    # the same file again, and another setting
    run = run_models(drop, tmp_path / "out", tables=(*FACTS, "mart_active_users"))
    assert not run.problems
    assert run.rows("select status, n_read, n_accepted, n_quarantined from export_file") == [("loaded", 3, 2, 1)]
    assert run.rows("select member, rule from quarantine") == [("", "PPL-WIK-011")]
    assert run.rows("select state, count(*) from coverage_day group by 1") == [("partial", 31)]
    assert run.rows("""
        select is_complete, n_observed_days, n_contributors from mart_active_users
        where period_kind = 'month' and platform = 'mediawiki' and unit = 'all'
    """) == [(False, 0, 1)]
    (drop / "whole.xml").write_bytes(dump(*days))
    whole = run_models(drop, tmp_path / "out", tables=FACTS)
    assert whole.rows("select state, count(*) from coverage_day group by 1 order by 1") == [
        ("observed", 29), ("partial", 2)]
    assert whole.one("select count(*) from fct_event") == 4


@pytest.mark.parametrize("n_escaped", [1, 2 * MIB])
def test_wiki_case_18_any_number_of_escapes_is_text_of_its_length(read, n_escaped):
    tables = read(dump(page(revision(1, 1, "&amp;" * n_escaped), revision(2, 2, "x" * 12 * MIB))))
    assert rows(tables["event"], "event_number", "bytes_delta") == [(1, n_escaped), (2, 12 * MIB - n_escaped)]


def test_wiki_case_16_ids_of_contributors_and_slots_are_never_those_of_revisions(read):
    slot = "<content><role>data</role><id>98</id><text>x</text></content>"
    first = revision(1, 1, "a", extra=slot).replace("<id>1</id>", "", 1).replace("</contributor>",
                                                                                 "</contributor><id>1</id>")
    nameless = revision(1, 2, "b", by=user("Ben")).replace("<id>1</id>", "", 1)
    tables = read(dump(page(first, nameless)))
    assert rows(tables["event"], "event_number", "account", "bytes_delta") == [(1, "Ann", 1)]
    assert rows(tables["quarantine"], "rule", "member") == [("PPL-WIK-003", "")]


@pytest.mark.parametrize(("kind", "action"), [
    ("thanks", "other"), ("move", "other"), ("upload", "other"), ("newusers", "other"), ("delete", "admin"),
    ("block", "admin"), ("rights", "admin"), ("", "admin"), ("made-up", "admin"),
])
def test_log_items_are_no_contributions_whoever_may_do_them(read, kind, action):
    item = (f"<logitem><id>4</id><timestamp>2024-02-01T00:00:00Z</timestamp>{user('Ann')}<type>{kind}</type>"
            "<action>x</action><params>p</params></logitem>")
    tables = read(dump(item))
    assert rows(tables["event"], "event_scope", "action", "is_contribution") == [("log", action, False)]
    assert tables["coverage"].height == 0


def test_names_of_people_and_bots_are_logins_and_those_of_others_are_not(read):
    names = ("Ann", "SineBot", "Maintenance script", "imported&gt;Ben")
    tables = read(dump(page(*(revision(n, n, str(n), by=user(name)) for n, name in enumerate(names, 1)))))
    assert rows(tables["account_identifier"], "account", "kind", "identifier") == [
        ("Ann", "login", "Ann"), ("SineBot", "login", "SineBot")]


def test_a_single_revision_with_a_missing_parent_is_a_latest_revision(read):
    tables = read(dump(*(page(revision(n, n, "a"), number=n) for n in range(1, 6)),
                       page(revision(50, 50, "a", parent=49), number=50)))
    assert tables["capability"]["has_history"].to_list() == [False]
    assert not tables["event"]["is_contribution"].any()


def with_doctype(doctype: bytes) -> bytes:
    return b"<!DOCTYPE mediawiki " + doctype + b">" + dump(TWO)


REFUSED = {
    "B088": (with_doctype(b'[<!ENTITY a "aa"><!ENTITY b "&a;&a;">]'), "PPL-XML-001 export:1: DOCTYPE"),
    "B089": (with_doctype(b'[<!ENTITY x SYSTEM "file:///etc/passwd">]'), "PPL-XML-001 export:1: "),
    "B090": (with_doctype(b'SYSTEM "mediawiki.dtd"'), "PPL-XML-001 export:1: "),
    "B091": (dump("<a>" * 200_000), "PPL-XML-002 export:5: nested deeper"),
    "B092": (dump(f"<page a='{'x' * 8 * MIB}'/>"), "PPL-XML-003 export:5: "),
    "B095": (dump(TWO).replace(b">a<", b">caf\xff <"), "PPL-TXT-002 export:6: "),
    "B096": (dump(TWO, TWO).rpartition(b"</page>")[0],
             "PPL-XML-005 export:12: ends inside <page>; the file is cut off, after 1 complete"),
}
HIDDEN = '<contributor deleted="deleted"/>'
SKEWED = page(revision(1, 9, "a"), revision(2, 5, "b", parent=1))
KEPT = {  # the notes, and rows of number, action, kind of the actor, contribution
    "B093": (dump(page(revision(1, 1, "x" * 20 * MIB))), [], [(1, "create", "human", True)]),
    "B094": (dump(page(revision(1, 1, "a\x0bb"))), [("PPL-XML-007", 1)], [(1, "create", "human", True)]),
    "B097": (dump(page(revision(1, 1, "a", by=""), revision(2, 2, "b", by=HIDDEN))), [("PPL-WIK-001", 2)],
             [(1, "create", "unknown", False), (2, "edit", "unknown", False)]),
    "B098": (dump(page(revision(1, 1, "a", by="<contributor><ip>192.0.2.7</ip></contributor>"))), [],
             [(1, "create", "unknown", False)]),
    "B100": (dump(*(page(revision(n, n, "a"), number=n) for n in range(1, 22))), [("PPL-WIK-002", 21)],
             [(n, "edit", "human", False) for n in range(1, 22)]),
    "B101": (dump(SKEWED), [("PPL-TIM-007", 1)], [(2, "create", "human", True), (1, "edit", "human", True)]),
    "B102": (dump(page(revision(1, 1, "a"), revision(2, 2, "b", by=user("SineBot"), extra="<minor/>"),
                       revision(3, 3, "c", by=user("Maintenance script")))), [],
             [(1, "create", "human", True), (2, "edit", "bot", False), (3, "edit", "system", False)]),
}


ANOTHER = {  # revisions that no person is counted for
    "B097": {"by": HIDDEN}, "B098": {"by": "<contributor><ip>192.0.2.7</ip></contributor>"},
    "B102-bot": {"by": user("SineBot"), "extra": "<minor/>"}, "B102-import": {"by": user("Maintenance script")},
}


def figures(folder: Path, *further: dict[str, str]) -> Run:
    """A run over edits of two people and further ones on a page of their own."""
    folder.mkdir()
    ours = page(*(revision(n, f"2024-01-{n:02d}T00:00:00Z", str(n), by=user(name))
                  for n, name in ((1, "Ann"), (2, "Ben"), (31, "Ann"))))
    theirs = [page(revision(100 + n, f"2024-01-{n:02d}T00:00:00Z", str(n), **fields), number=n)
              for n, fields in enumerate(further, 2)]
    (folder / "w.xml").write_bytes(dump(ours, *theirs))
    run = run_models(folder, folder.with_suffix(".out"), platforms=("mediawiki",), tables=FIGURES)
    assert run.one("select count(*) from fct_event") == 3 + len(further)
    return run


@pytest.mark.parametrize("fault", [pytest.param(ANOTHER, id="B097-B098-B102")])
def test_revisions_of_nobody_change_no_figure(tmp_path, fault):
    with_them = figures(tmp_path / "with", *fault.values())
    assert_same_tables(with_them, figures(tmp_path / "without"), FIGURES)
    assert with_them.one("select count(*) from fct_event where not is_contribution") == len(fault)


@pytest.mark.parametrize("fault", [f"B{n:03d}" for n in range(88, 103)])
def test_wiki_faults(tmp_path, read, fault):
    if fault in REFUSED:
        content, message = REFUSED[fault]
        with pytest.raises(ExportRefused, match=f"^{re.escape(message)}") as caught:
            read(content)
        assert "nothing of this file was loaded" in str(caught.value)
    elif fault == "B099":  # the warehouse unites equal revisions; it can, because both parts read alike
        tables = zipped(tmp_path, a=dump(TWO), b=dump(TWO))
        copies = tables["event"].drop("member").rows()
        assert copies[:2] == copies[2:]
        assert tables["part"]["n_read"].to_list() == [2, 2]
    else:
        content, notes, expected = KEPT[fault]
        tables = read(content)
        assert rows(tables["note"], "rule", "n_records") == notes
        assert rows(tables["event"], "event_number", "action", "actor_kind", "is_contribution") == expected
        assert tables["quarantine"].height == 0
        assert "192.0.2" not in str(tables)
