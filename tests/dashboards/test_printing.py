"""All pages as one document, the PDF and the picture that a browser makes of it, and what happens without one."""

import json
import re
import shutil
import struct
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import NamedTuple

import pytest

from dashboards import build_site, printing
from dashboards.page import MENU
from pipelines import take_away
from pipelines.browser import browsing
from pipelines.take_away import SHEET_PIXELS, TakeAway
from tests.browser import CHROMIUM
from tests.dashboards.conftest import Tables
from tests.dashboards.test_browser import DRAWN, SPILLED
from tests.dashboards.test_site import Document, specs

PAGES = [slug for slug, _ in MENU]
MOST_BYTES = 300_000
WIDER = """[...document.querySelectorAll('body *')].filter(one => !one.closest('.hidden') &&
  one.getBoundingClientRect().right > document.documentElement.clientWidth + 1
).map(one => one.outerHTML.slice(0, 99))"""
HEADLINE = re.compile(r"<h[12][^>]*>(.*?)</h[12]>")


class Printed(NamedTuple):
    """A site, the folder as it was when it was printed, and who printed it."""

    site: Path
    before: Path
    printer: TakeAway


def printed(tables: Tables, folder: Path, printer: TakeAway) -> Printed:
    def watched(site: Path, as_of: date | None):
        shutil.copytree(site, folder / "before")
        return printer(site, as_of)

    build_site(tables, folder / "site", watched)
    return Printed(folder / "site", folder / "before", printer)


@pytest.fixture(scope="module")
def documents(variants: dict[str, Tables], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Printed]:
    """Sites of which nothing is printed for want of a browser, each built once."""
    made: dict[str, Printed] = {}

    def of(name: str) -> Printed:
        if name not in made:
            made[name] = printed(variants[name], tmp_path_factory.mktemp(name), TakeAway(None))
        return made[name]

    return of


@pytest.fixture(scope="module")
def full(variants: dict[str, Tables], tmp_path_factory: pytest.TempPathFactory) -> Printed:
    return printed(variants["full"], tmp_path_factory.mktemp("printed"), TakeAway(Path(str(CHROMIUM))))


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["full", "empty", "hostile"])
def test_the_document_has_every_page_with_its_headline_and_every_chart(documents, name: str) -> None:
    text = read(documents(name).before / printing.FILE)
    sections = re.split(r'<(?:section|div) class="page"', text)[1:]
    charts = []
    index = json.loads((documents(name).site / "index.json").read_text(encoding="utf-8"))
    slugs = [page["file"].removesuffix(".html") for page in index["pages"]]
    assert slugs[: len(PAGES)] == PAGES
    for slug, section in zip(slugs, sections, strict=False):
        page = read(documents(name).site / f"{slug}.html")
        assert section.startswith(f' id="{slug}"')
        (headline,) = re.findall(r"<h1>.*?</h1>", page)
        assert headline in section
        of_page = [f"{slug}-{chart}" for chart in specs(page)["charts"]]
        assert re.findall(r'<div id="([^"]+)" data-chart', section) == of_page
        numbers = r'data-column="[^"]+" data-value="[^"]+"|class="value" data-value="[^"]+"'
        assert re.findall(numbers, section) == re.findall(numbers, page)
        charts += of_page
    assert len(sections) == len(slugs) + 1
    assert list(specs(text)["charts"]) == charts
    assert len(set(Document(text).ids())) == len(Document(text).ids())
    assert text.count("How to read these figures") == 1


def test_links_of_the_document_lead_into_it(documents) -> None:
    text = read(documents("full").before / printing.FILE)
    anchors = set(Document(text).ids())
    links = [attributes["href"] for tag, attributes in Document(text).elements if tag == "a" and "href" in attributes]
    assert len(links) > len(PAGES)
    assert not [link for link in links if link is None or not link.startswith("#") or link[1:] not in anchors]


def test_names_are_text_in_the_document_as_well(documents) -> None:
    text = read(documents("hostile").before / printing.FILE)
    assert not {tag for tag, _ in Document(text).elements} & {"img", "b", "iframe", "object"}
    assert "&lt;img src=https://example.org/x onerror=alert(1)&gt;" in text
    assert "&lt;img src=" in str(specs(text)["charts"])


def test_charts_are_printed_in_light_colours(documents) -> None:
    text = read(documents("full").before / printing.FILE)
    assert '"color":"#155190"' in text
    assert not re.search(r'color":"@', text)


@pytest.mark.parametrize("made", [(), ("release.pdf",), ("release.pdf", "summary.png")])
def test_pages_link_to_what_was_made_and_to_nothing_else(variants, tmp_path: Path, made: tuple[str, ...]) -> None:
    def make(site: Path, as_of: date | None) -> tuple[str, ...]:
        assert as_of == variants["small"]["meta"]["as_of_on"][0]
        assert {"print.html", "brief.html"} <= {path.name for path in site.iterdir()}
        for name in made:
            (site / name).write_bytes(b"made")
        return made

    files = build_site(variants["small"], tmp_path, make)
    assert sorted(files) == sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert not {"print.html", "print.js"} & {path.name for path in files}
    for page in PAGES:
        text = read(tmp_path / f"{page}.html")
        assert re.findall(r'href="(release\.pdf|summary\.png)"', text) == list(made)


def test_names_of_what_is_made_are_those_of_the_links() -> None:
    assert set(printing.LABELS) == {take_away.PDF, take_away.SUMMARY}


def test_without_a_browser_the_site_stands_and_a_note_says_why(documents, sites) -> None:
    site, _, printer = documents("full")
    assert not printer.made
    assert "release.pdf and summary.png are left out: no Chromium was found" in printer.note
    plain = {path.relative_to(sites("full")): path.read_bytes() for path in sites("full").rglob("*") if path.is_file()}
    assert {path.relative_to(site): path.read_bytes() for path in site.rglob("*") if path.is_file()} == plain


FAILING = {
    "hangs": ("sleep 60 & echo $! > {pid}\nwait", "the browser took too long"),
    "dies": ("echo $$ > {pid}\nexit 3", "the browser broke off"),
}


@pytest.mark.parametrize("what", FAILING)
def test_a_browser_that_fails_is_ended_and_told_of(tmp_path: Path, what: str) -> None:
    script, said = FAILING[what]
    program = tmp_path / "chromium"
    program.write_text(f"#!/bin/sh\n{script.format(pid=tmp_path / 'pid')}\n", encoding="utf-8")
    program.chmod(0o755)
    printer = TakeAway(program, seconds=1.5)
    assert printer(tmp_path, None) == ()
    assert printer.note == f"release.pdf and summary.png are left out: {said}"
    assert {path.name for path in tmp_path.iterdir()} == {"chromium", "pid"}
    assert has_ended(int((tmp_path / "pid").read_text()))


def has_ended(process: int) -> bool:
    """Whether it is gone, or only waits for its parent to notice."""
    told = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False).stdout
    return told.strip()[:1] in ("", "Z")


@pytest.mark.browser
def test_the_pdf_holds_all_pages_with_their_headlines_and_tells_no_time(full: Printed) -> None:
    pdf = (full.site / "release.pdf").read_bytes()
    assert full.printer.note == "release.pdf and summary.png were made"
    assert pdf.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", pdf)) > len(PAGES)
    assert set(re.findall(rb"/(?:CreationDate|ModDate) \(D:(\d+)", pdf)) == {b"20261122000000"}
    assert b"file:" not in pdf
    titles = set(outline(pdf))
    for page in PAGES:
        for headline in HEADLINE.findall(read(full.site / f"{page}.html").partition("<main")[2]):
            assert "".join(unescape(re.sub("<[^>]+>", "", headline)).split()) in titles, (page, headline)


def outline(pdf: bytes) -> Iterator[str]:
    """The headings in the PDF's outline, which is not compressed, without spaces: it has none where a line breaks."""
    for text in re.findall(rb"/Title (\((?:\\.|[^\\)])*\)|<[0-9A-Fa-f]*>)", pdf, re.DOTALL):
        content = bytes.fromhex(text[1:-1].decode()) if text[:1] == b"<" else re.sub(rb"\\(.)", rb"\1", text[1:-1])
        said = content[2:].decode("utf-16-be") if content.startswith(b"\xfe\xff") else content.decode("latin-1")
        yield "".join(said.split())


def test_only_dates_and_the_numbers_of_elements_are_written_over() -> None:
    pdf = b"<</CreationDate (D:20270102030405+00'00')\n/ModDate (D:20270102030405+00'00')>> /ID (node00000902)\n"
    pdf += b"(node00000017) 5 0 R (node00000902) 6 0 R (D:20270102) node00000017"
    assert take_away.steady(pdf, date(2026, 11, 22)) == (
        b"<</CreationDate (D:20261122000000+00'00')\n/ModDate (D:20261122000000+00'00')>> /ID (node00000002)\n"
        b"(node00000001) 5 0 R (node00000002) 6 0 R (D:20270102) node00000017"
    )


@pytest.mark.browser
def test_the_picture_fits_a_mail(full: Printed) -> None:
    picture = (full.site / "summary.png").read_bytes()
    width, height = struct.unpack(">II", picture[16:24])
    assert width == 1200
    assert 1200 < height < 4000
    assert 20_000 < len(picture) < MOST_BYTES


@pytest.mark.browser
def test_the_same_pages_are_printed_to_the_same_bytes(full: Printed, variants, tmp_path: Path) -> None:
    again = printed(variants["full"], tmp_path, TakeAway(Path(str(CHROMIUM))))
    for name in full.printer.made:
        assert (again.site / name).read_bytes() == (full.site / name).read_bytes(), name


@pytest.mark.browser
@pytest.mark.parametrize("name", ["full", "hostile"])
def test_nothing_is_cut_on_the_sheet_and_nobody_is_asked(documents, name: str) -> None:
    path = documents(name).before / printing.FILE
    with browsing(Path(str(CHROMIUM))) as tab:
        tab.open(path, width=SHEET_PIXELS, until="document.documentElement.dataset.drawn === 'all'", media="print")
        assert tab.value(DRAWN)
        assert tab.value(SPILLED) == []
        assert tab.value(WIDER) == []
        if name == "full":
            assert tab.value("document.querySelectorAll('[data-chart] svg.main-svg').length") > 20
    assert {address.rpartition("/")[2] for address in tab.requests} == {
        "print.html", "app.css", "plotly.min.js", "print.js",
    }  # fmt: skip
    assert all(address.startswith("file:") for address in tab.requests)
