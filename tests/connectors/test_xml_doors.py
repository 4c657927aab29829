"""Every reader of XML goes through one parser, and it refuses the same tricks in every format."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.registry import CONNECTORS
from connectors.settings import SourceSettings
from connectors.source import open_source
from models.problems import ExportRefused
from tests.connectors.packed import PACKERS, joined
from tests.connectors.samples import Sample, find_samples

ROOT = Path(__file__).resolve().parents[2]
MARKS = '<posts user="ann"><post href="https://t.example/1" time="2024-01-01T10:00:00Z" description="d"/></posts>'
FORMATS = ("mediawiki-mediawiki-xml", "confluence-confluence-xml", "wordpress-wordpress-wxr", "bookmarks-bookmarks-xml")
LONG = "a" * (2 << 20)


def before_root(text: str, declared: str) -> str:
    """With a DOCTYPE of the name of the root, `declared` behind it."""
    root = re.search(r"<([A-Za-z][\w:.-]*)", text)
    assert root is not None
    return text[: root.start()] + f"<!DOCTYPE {root[1]} {declared}>" + text[root.start() :]


def in_root(text: str, added: str) -> str:
    """Before the last end tag."""
    place = text.rindex("</")
    return text[:place] + added + text[place:]


TRICKS: dict[str, tuple[Callable[[str], str], str]] = {
    "doctype": (lambda t: before_root(t, ""), "PPL-XML-001"),
    "entities": (lambda t: before_root(t, '[<!ENTITY a "aa"><!ENTITY b "&a;&a;">]'), "PPL-XML-001"),
    "parameter entity": (lambda t: before_root(t, '[<!ENTITY % a SYSTEM "a.dtd"> %a;]'), "PPL-XML-001"),
    "external entity": (lambda t: before_root(t, '[<!ENTITY a SYSTEM "file:///etc/passwd">]'), "PPL-XML-001"),
    "external DTD": (lambda t: before_root(t, 'SYSTEM "file:///etc/passwd"'), "PPL-XML-001"),
    "public DTD": (lambda t: before_root(t, 'PUBLIC "a" "https://t.example/a.dtd"'), "PPL-XML-001"),
    "depth": (lambda t: in_root(t, "<a>" * 70 + "</a>" * 70), "PPL-XML-002"),
    "attribute": (lambda t: in_root(t, f'<a b="{LONG}"/>'), "PPL-XML-003"),
    "comment": (lambda t: in_root(t, f"<!--{LONG}-->"), "PPL-XML-003"),
    "instruction": (lambda t: in_root(t, f"<?a {LONG}?>"), "PPL-XML-003"),
    "name": (lambda t: in_root(t, f"<{LONG}/>"), "PPL-XML-003"),
    "entity without a declaration": (lambda t: in_root(t, "<a>&b;</a>"), "PPL-XML-004"),
}


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sample]:
    folder = tmp_path_factory.mktemp("xml")
    found = find_samples(folder)
    path = folder / "marks.xml"
    path.write_text(MARKS, encoding="utf-8")
    reader = next(one for one in CONNECTORS if one.platform == "bookmarks")
    settings = SourceSettings(owner="ann@t.example")
    mine = Sample(reader, "bookmarks-xml", "marks.xml", "marks.xml", settings, {"": MARKS.encode()}, "file")
    return found | {"bookmarks-bookmarks-xml": mine}


def text_of(sample: Sample) -> tuple[str, str]:
    """The XML of an export, and the member in which it is."""
    return next((name, content.decode()) for name, content in sample.members.items() if content.lstrip()[:1] == b"<")


def read(sample: Sample, content: str, folder: Path) -> int:
    name, _ = text_of(sample)
    path = folder / sample.file
    path.write_bytes(sample.pack({**sample.members, name: content.encode()}))
    frames = sample.connector.read(open_source(path, sample.file), sample.settings)
    return sum(frame.rows.height for frame in frames if frame.table == "event")


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize("form", FORMATS)
def test_a_trick_is_refused_by_the_same_code_in_every_format(
    form: str, trick: str, samples: dict[str, Sample], tmp_path: Path
) -> None:
    change, code = TRICKS[trick]
    sample = samples[form]
    text = text_of(sample)[1]
    assert read(sample, text, tmp_path) > 0
    assert change(text) != text
    with pytest.raises(ExportRefused, match=rf"^{code} "):
        read(sample, change(text), tmp_path)


def test_all_formats_of_xml_are_tried(samples: dict[str, Sample]) -> None:
    of_xml = {name for name, one in samples.items() if b"<?xml" in b"".join(one.members.values())[:9000]}
    assert of_xml <= {*FORMATS}


def test_only_one_module_parses_xml_that_comes_from_outside() -> None:
    """Others would have caps and refusals of their own, or none."""
    parsers = re.compile(r"xml\b|lxml|html5lib|bs4|defusedxml")
    found = set()
    for package in ("connectors", "models", "dashboards", "pipelines"):
        for path in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
            names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
            found |= {(path.name, name) for name in names if parsers.match(name)}
    own_workbook = {("disclosure_site.py", "xml.etree")}  # what Turnout itself has written just before
    assert found - own_workbook == {("xmltext.py", "xml.parsers")}


def test_nothing_that_runs_code_from_data_is_imported() -> None:
    dangerous = {"pickle", "marshal", "shelve", "subprocess", "tarfile", "yaml", "code", "runpy"}
    found = set()
    for package in ("connectors", "models", "dashboards", "pipelines"):
        for path in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                found |= {(path.name, name) for name in names if name.partition(".")[0] in dangerous}
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("eval", "exec"):
                    found.add((path.name, node.func.id))
    assert found == {("browser.py", "subprocess")}  # starts the browser that is named, and nothing that data name


@pytest.mark.parametrize("packing", PACKERS)
def test_a_trick_is_refused_in_a_compressed_file_too(packing: str, samples: dict[str, Sample], tmp_path: Path) -> None:
    sample = samples["mediawiki-mediawiki-xml"]
    change, code = TRICKS["external entity"]
    path = tmp_path / f"dump.xml.{packing}"
    path.write_bytes(joined(packing, (change(text_of(sample)[1]).encode(), 1)))
    with pytest.raises(ExportRefused, match=rf"^{code} "):
        list(sample.connector.read(open_source(path, path.name), sample.settings))
