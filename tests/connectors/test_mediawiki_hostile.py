"""Dumps that are damaged or hostile: refused whole, with code and line, never with a value of the dump."""

import bz2
import gzip
import lzma
import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from time import process_time

import polars as pl
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import mediawiki
from connectors.settings import SourceSettings
from connectors.source import Source, open_source
from connectors.xmltext import Elements, parse
from models.problems import ExportRefused, Problem

HEAD = b'<mediawiki version="0.11">\n<siteinfo><dbname>w</dbname></siteinfo>\n'
PAGE = (b"<page><title>SECRET</title><ns>0</ns><id>1</id>\n<revision><id>1</id>"
        b"<timestamp>2024-01-01T00:00:00Z</timestamp>\n<contributor><username>SECRET</username></contributor>"
        b"<comment>c</comment><text>one\ntwo</text></revision>\n</page>\n")
FOOT = b"</mediawiki>\n"
MIB = 1 << 20


def load(source: Source) -> dict[str, list[pl.DataFrame]]:
    tables: dict[str, list[pl.DataFrame]] = {}
    for frame in mediawiki.read(source, SourceSettings()):
        tables.setdefault(frame.table, []).append(frame.rows)
    records = sum(rows["is_record"].sum() for name in ("event", "account", "space") for rows in tables.get(name, []))
    aside = sum(rows.height for rows in tables.get("quarantine", []))
    assert sum(rows["n_read"].sum() for rows in tables["part"]) == records + aside
    return tables


def refused(path: Path, content: bytes) -> Problem:
    path.write_bytes(content)
    started = process_time()
    with pytest.raises(ExportRefused) as caught:
        load(open_source(path, path.name))
    assert process_time() - started < 5
    assert "SECRET" not in str(caught.value)
    return caught.value.problem


DOCTYPES = [
    b'<!DOCTYPE mediawiki [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>', b'<!DOCTYPE mediawiki SYSTEM "file:///etc/x">',
    b'<!DOCTYPE mediawiki [<!ENTITY x SYSTEM "file:///etc/passwd">]>', b"<!DOCTYPE mediawiki>",
]


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_any_doctype_is_refused_before_anything_else(tmp_path, doctype):
    path = tmp_path / "d.xml"
    problem = refused(path, doctype + HEAD + PAGE + FOOT)
    assert (problem.code, problem.line) == ("PPL-XML-001", 1)
    assert "DOCTYPE" in problem.what
    assert mediawiki.detect(open_source(path, "d.xml")) == "mediawiki-xml"


@pytest.mark.parametrize(("content", "code", "line"), [
    (HEAD + b"<a>" * 200_000, "PPL-XML-002", 3),
    (HEAD + b"<page a='" + b"x" * 8 * MIB + b"'/>" + FOOT, "PPL-XML-003", 3),
    (HEAD + b"<!--" + b"x" * 8 * MIB + b"-->" + FOOT, "PPL-XML-003", 3),
    (HEAD + b"<" + b"x" * 8 * MIB + b"/>" + FOOT, "PPL-XML-003", 3),
    (HEAD + b"<" + b"x" * 300 + b"/>" + FOOT, "PPL-XML-003", 3),
    (HEAD + PAGE.replace(b"SECRET", b"x" * 2 * MIB) + FOOT, "PPL-XML-003", 3),
    (HEAD + PAGE.replace(b"two", b"two &nbsp;") + FOOT, "PPL-XML-004", 6),
    (HEAD + PAGE.replace(b"two", b"two &#8;") + FOOT, "PPL-XML-004", 6),
    (HEAD + PAGE.replace(b"</page>\n", b"") + FOOT, "PPL-XML-004", 7),
    (HEAD + PAGE + FOOT + b"<page/>", "PPL-XML-006", 9),
    (HEAD + PAGE + FOOT + HEAD + PAGE.replace(b"two", b"&nbsp;") + FOOT, "PPL-XML-004", 14),
    (HEAD + PAGE.replace(b"two", b"caf\xe9 ") + FOOT, "PPL-TXT-002", 6),
    (b"<?xml version='1.0' encoding='klingon'?>\n" + HEAD + FOOT, "PPL-TXT-002", 1),
])
def test_a_fault_refuses_the_dump_with_its_line(tmp_path, content, code, line):
    problem = refused(tmp_path / "d.xml", content)
    assert (problem.code, problem.line, problem.file) == (code, line, "d.xml")


@pytest.mark.parametrize(("ending", "line", "inside"), [
    (b"", 10, "<mediawiki>"),
    (PAGE[:16], 10, "<title>"),
    (b"<page><secrets><deep>", 10, "<page>"),
    (PAGE[: PAGE.index(b"two")], 13, "<text>"),
    (PAGE[: PAGE.index(b"</page>") + 3], 14, "<page>"),
    (b"<page", 10, "<mediawiki>"),
    (PAGE.replace(b"two", b"\xe2\x82")[: PAGE.index(b"two") + 2], 13, "<text>"),
])
def test_wiki_case_05_a_cut_dump_is_refused_naming_line_element_and_pages(tmp_path, ending, line, inside):
    problem = refused(tmp_path / "d.xml", HEAD + PAGE + b"\n\n" + ending)
    assert (problem.code, problem.line) == ("PPL-XML-005", line)
    assert problem.what.startswith(f"ends inside {inside}")
    assert problem.what.endswith("after 1 complete pages")


def packed(packer: str) -> bytes:
    data = HEAD + b"".join(PAGE.replace(b"<id>1</id>", b"<id>%d</id>" % n) for n in range(5000)) + FOOT
    return {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress,
            "zst": lambda raw: zstandard.ZstdCompressor(write_checksum=True).compress(raw)}[packer](data)


@pytest.mark.parametrize("packer", ["gz", "bz2", "xz", "zst"])
def test_a_cut_compressed_dump_is_refused_as_cut(tmp_path, packer):
    data = packed(packer)
    problem = refused(tmp_path / "d", data[: len(data) * 9 // 10])
    assert problem.code == "PPL-XML-005"
    assert problem.what.startswith("ends ")


@pytest.mark.parametrize("packer", ["gz", "bz2", "xz", "zst"])
def test_a_damaged_compressed_dump_is_refused(tmp_path, packer):
    data = bytearray(packed(packer))
    data[len(data) // 2] ^= 0xFF
    data[len(data) // 2 + 1] ^= 0xFF
    assert refused(tmp_path / "d", bytes(data)).code in {"PPL-FIL-007", "PPL-XML-004", "PPL-XML-005", "PPL-TXT-002"}


def test_a_fault_in_a_zip_names_the_member(tmp_path):
    path = tmp_path / "w.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("d.xml", HEAD + PAGE)
    with pytest.raises(ExportRefused) as caught:
        load(open_source(path, "w.zip"))
    assert str(caught.value).startswith("PPL-XML-005 w.zip!d.xml:8: ends inside <mediawiki>")


def test_twenty_megabytes_of_text_are_read_past_not_kept(tmp_path):
    path = tmp_path / "d.xml"
    path.write_bytes(HEAD + PAGE.replace(b"two", b"x" * 20 * MIB) + FOOT)
    assert load(open_source(path, "d.xml"))["event"][0]["bytes_delta"].to_list() == [20 * MIB + 4]


def test_long_lines_and_many_small_elements_are_no_fault(tmp_path):
    path = tmp_path / "d.xml"
    path.write_bytes(HEAD + PAGE.replace(b"c</comment>", b"&amp;" * MIB + b"</comment>" + b"<x/>" * 100_000) + FOOT)
    assert load(open_source(path, "d.xml"))["event"][0].height == 1


def test_a_bug_in_a_handler_is_not_mistaken_for_a_fault_of_the_file():
    def begin(*_: object) -> None:
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        list(parse(BytesIO(b"<a/>"), Elements(begins={"a": begin}),
                   lambda *_, **__: ExportRefused(Problem("", "", "", ""))))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_mutation_of_a_dump_raises_anything_but_a_refusal(tmp_path, data):
    content = bytearray(HEAD + PAGE + PAGE.replace(b"<id>1</id>", b"<id>2</id>") + FOOT)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(start + 40, len(content))))
        content[start:end] = data.draw(st.one_of(st.binary(max_size=6), st.sampled_from(
            [b"<", b">", b"</page>", b"<page>", b"<revision>", b"<upload>", b"<logitem>", b"&lt;", b"-1", b"<ns>x</ns>",
             b"<id>99</id>", b"<text bytes='x' sha1='!'>", b"<mediawiki>", b"<base>http://[</base>"])))
    path = tmp_path / "m.xml"
    path.write_bytes(bytes(content) or b" ")
    with suppress(ExportRefused):
        source = open_source(path, "m.xml")
        mediawiki.detect(source)
        load(source)
