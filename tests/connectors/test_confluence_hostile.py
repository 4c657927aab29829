"""Confluence exports that are damaged or hostile: refused whole, with code and line, never with a value of theirs."""

import runpy
import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from time import process_time
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import confluence
from connectors.source import open_source
from connectors.xmltext import CHUNK_BYTES, Sanitised
from models.problems import ExportRefused, Problem

OK = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("test_confluence.py"))))
HEAD = b'<hibernate-generic datetime="2024-03-02 00:00:00">\n'
PAGE = OK.page(1, title="SECRET").encode()
FOOT = b"</hibernate-generic>\n"
MIB = 1 << 20


def refused(path: Path, content: bytes) -> Problem:
    path.write_bytes(content)
    started = process_time()
    source = open_source(path, path.name)
    with pytest.raises(ExportRefused) as caught:
        OK.load(source)
    assert process_time() - started < 5
    assert "SECRET" not in str(caught.value)
    return caught.value.problem


@pytest.mark.parametrize("doctype", [
    b'<!DOCTYPE hibernate-generic [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
    b'<!DOCTYPE hibernate-generic SYSTEM "file:///etc/x">', b"<!DOCTYPE hibernate-generic>",
    b'<!DOCTYPE hibernate-generic [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
])
def test_any_doctype_is_refused_before_anything_else(tmp_path, doctype):
    path = tmp_path / "entities.xml"
    problem = refused(path, doctype + HEAD + PAGE + FOOT)
    assert (problem.code, problem.line) == ("PPL-XML-001", 1)
    assert confluence.detect(open_source(path, "entities.xml")) == "confluence-xml"


@pytest.mark.parametrize(("content", "code", "line"), [
    (HEAD + b"<a>" * 200_000, "PPL-XML-002", 2),
    (HEAD + b"<object class='" + b"x" * 8 * MIB + b"'/>" + FOOT, "PPL-XML-003", 2),
    (HEAD + b"<!--" + b"x" * 8 * MIB + b"-->" + FOOT, "PPL-XML-003", 2),
    (HEAD + b"<" + b"x" * 300 + b"/>" + FOOT, "PPL-XML-003", 2),
    (HEAD + OK.page(1, versionComment="x", status="x" * 2 * MIB).encode() + FOOT, "PPL-XML-003", 2),
    (HEAD + OK.page("9" * 2 * MIB).encode() + FOOT, "PPL-XML-003", 3),
    (HEAD + PAGE.replace(b"</object>", b"") + FOOT, "PPL-XML-004", 4),
    (HEAD + PAGE.replace(b"<![CDATA[SECRET]]>", b"SECRET &uuml;") + FOOT, "PPL-XML-004", 3),
    (HEAD + PAGE + FOOT + HEAD + FOOT, "PPL-XML-006", 5),
    (HEAD + PAGE.replace(b"SECRET", b"caf\xe9 ") + FOOT, "PPL-TXT-002", 3),
])
def test_a_fault_refuses_the_export_with_its_line(tmp_path, content, code, line):
    problem = refused(tmp_path / "entities.xml", content)
    assert (problem.code, problem.line, problem.file) == (code, line, "entities.xml")


@pytest.mark.parametrize(("ending", "inside"), [
    (b"", "<hibernate-generic>"), (PAGE[:20], "<hibernate-generic>"), (PAGE[:-10], "<object>"),
    (PAGE[: PAGE.index(b"SECRET")], "<property>"), (PAGE[: PAGE.index(b"</id>")], "<id>"),
    (PAGE.replace(b"SECRET", b"\xef\xbf")[: PAGE.index(b"SECRET") + 2], "<property>"),
])
def test_a_cut_export_is_refused_and_names_where(tmp_path, ending, inside):
    problem = refused(tmp_path / "entities.xml", HEAD + PAGE + ending)
    assert problem.code == "PPL-XML-005"
    assert problem.what.startswith(f"ends inside {inside}")


def test_a_fault_in_a_zip_names_the_member_and_other_members_are_not_looked_at(tmp_path):
    path = tmp_path / "c.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("attachments/1/2/1", b"<!DOCTYPE x>")
        archive.writestr("entities.xml", HEAD + PAGE)
    with pytest.raises(ExportRefused, match=r"^PPL-XML-005 c.zip!entities.xml:4: ends inside <hibernate-generic>"):
        OK.load(open_source(path, "c.zip"))


def test_a_damaged_zip_is_claimed_by_its_member_and_refused(tmp_path):
    path = tmp_path / "c.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("entities.xml", HEAD + PAGE + FOOT)
    path.write_bytes(path.read_bytes().replace(b"SECRET", b"SECRE7", 1))
    source = open_source(path, "c.zip")
    assert confluence.detect(source) == "confluence-xml"
    with pytest.raises(ExportRefused, match="PPL-ZIP-005"):
        OK.load(source)


def test_wiki_case_18_any_number_of_escapes_and_any_length_of_text_is_read_past(tmp_path):
    path = tmp_path / "entities.xml"
    body = '<object class="BodyContent"><property name="body">{}</property></object>'
    path.write_bytes(HEAD + PAGE + body.format("&amp;" * 2 * MIB).encode() + body.format(
        f"<![CDATA[{'x' * 20 * MIB}]]>").encode() + FOOT)
    assert OK.load(open_source(path, "entities.xml"))["event"].height == 1


def test_wiki_case_23_control_characters_cost_no_record_and_no_line(tmp_path):
    path = tmp_path / "entities.xml"
    title = b"a\x08b\x1cc\td\0\xef\xbf\xbe\xef\xbf\xbf\xe2\x80\xa8"
    path.write_bytes(HEAD + PAGE.replace(b"SECRET", title) + OK.page("x").encode() + FOOT)
    tables = OK.load(open_source(path, "entities.xml"))
    assert OK.notes(tables, "PPL-XML-007") == [("characters that XML does not allow; replaced by ?", 5)]
    assert tables["event"].height == 1
    assert tables["quarantine"]["line"].to_list() == [4]


@pytest.mark.parametrize("place", range(CHUNK_BYTES - 4, CHUNK_BYTES + 4))
def test_a_forbidden_character_across_chunks_is_seen(place):
    stream = Sanitised(BytesIO(b"x" * place + b"\xef\xbf\xbf" + b"y\0" + b"\xef\xbf\xbd"))
    data = b"".join(iter(lambda: stream.read(CHUNK_BYTES), b""))
    assert data == b"x" * place + b"\xef\xbf\xbd" + b"y?" + b"\xef\xbf\xbd"
    assert stream.n_replaced == 2


def test_utf_16_is_left_as_it_is(tmp_path):
    path = tmp_path / "entities.xml"
    path.write_bytes((HEAD + PAGE + FOOT).decode().encode("utf-16"))
    assert OK.load(open_source(path, "entities.xml"))["event"].height == 1


VALID = OK.entities(OK.space(), OK.space(2, "~x"), OK.user("u1", "a"), OK.page(1, version=2), OK.old(2, 1, 1, OK.DAY),
                    OK.thing("Comment", 3, OK.on(1)), OK.thing("Attachment", 4, OK.on(1)),
                    OK.thing("LikeEntity", 5, OK.reference("content", "Page", 1)), OK.instant(1, 1_709_287_200_000))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_mutation_of_an_export_raises_anything_but_a_refusal(tmp_path, data):
    content = bytearray(VALID)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(start + 40, len(content))))
        content[start:end] = data.draw(st.one_of(st.binary(max_size=6), st.sampled_from(
            [b"<", b">", b"</object>", b"<object>", b"</property>", b'<object class="Page">', b'<id name="id">1</id>',
             b"&lt;", b"-1", b"9" * 30, b"0001-01-01 00:00:00", b"~", b'<collection name="historicalVersions">'])))
    path = tmp_path / "entities.xml"
    path.write_bytes(bytes(content) or b" ")
    with suppress(ExportRefused):
        source = open_source(path, "entities.xml")
        confluence.detect(source)
        for zone in (None, "Europe/Berlin"):
            OK.load(source, OK.SourceSettings(zone=zone))
