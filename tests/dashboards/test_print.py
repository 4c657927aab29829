"""The site on paper: nothing is wider than the sheet, cards stay whole, colours are the light ones, all is there."""

import os
import re
import shutil
import subprocess
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser

from dashboards.tokens import LIGHT
from tests.dashboards.test_browser import SPILLED, Visit

PAPER = (703, 1017)
"""What the margins of the style sheet leave of A4 (186 x 269 mm), in CSS pixels."""
SHEET = (595.3, 841.9)
"""A4 in points."""
MARGINS = (34.0, 39.6)
"""12 and 14 mm in points."""
WIDER = """width => [...document.querySelectorAll('body :is(h1, h2, h3, p, li, dd, dt, table, th, td, .plot, text)')]
  .filter(one => !one.closest('.hidden, .skip') && getComputedStyle(one).visibility !== 'hidden')
  .map(one => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && box.height > 1 && (box.right > width + 1 || box.left < -1) && box.right > -900)
  .map(([one, box]) => one.tagName + ' ' + Math.round(box.right) + ' ' + one.textContent.trim().slice(0, 40))"""
CUT = """[...document.querySelectorAll('.plot')].filter(plot =>
  [...plot.querySelectorAll('svg.main-svg text')].some(text => {
    const inner = text.getBoundingClientRect(), box = plot.getBoundingClientRect();
    return inner.width && (inner.right > box.right + 1.5 || inner.bottom > box.bottom + 1.5);
  })).map(plot => plot.firstChild.id)"""
HEADLINES = """[...document.querySelectorAll('h1, .card h2, .said h2, .basis h2')].map(one => one.textContent)"""
HEIGHTS = """Object.fromEntries([...document.querySelectorAll('.card')].filter(card => card.querySelector('.source'))
  .map(card => [card.querySelector('h2').textContent, card.getBoundingClientRect().height]))"""
REDRAWN = """[...document.querySelectorAll('[data-chart]')].every(one =>
  one.querySelector('svg.main-svg')?.getAttribute('width') === '830')"""
INKS = "[...new Set([...document.querySelectorAll('.xtick text, .ytick text')].map(one => getComputedStyle(one).fill))]"

pytestmark = pytest.mark.browser


def pages(site: Path) -> list[Path]:
    return sorted(site.glob("*.html"))


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


def plain(text: str) -> str:
    """Without what a PDF does not keep: kinds of spaces, ligatures."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def lay_out(visit: Visit) -> None:
    """The page as on paper, still in the window: its width, print's styles, and what the page does before it."""
    visit.page.set_viewport_size({"width": PAPER[0], "height": PAPER[1]})
    visit.page.emulate_media(media="print")
    visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    patience = time.monotonic() + 60
    while not visit.page.evaluate(REDRAWN):
        assert time.monotonic() < patience, "a chart was not drawn for paper"
        visit.page.wait_for_timeout(50)


@pytest.mark.parametrize(("name", "width"), [("full", 1440), ("hostile", 390)])
def test_nothing_is_wider_than_the_paper(browser: Browser, sites: Callable[[str], Path], name: str, width: int) -> None:
    visit = Visit(browser, width=width, mode="dark")
    for path in pages(sites(name)):
        visit.page.emulate_media(media="screen")
        visit.page.set_viewport_size({"width": width, "height": 900})
        visit.page.goto(path.as_uri())
        if "data-chart" in path.read_text(encoding="utf-8"):
            lay_out(visit)
            assert set(visit.page.evaluate(INKS)) <= {rgb(LIGHT["muted"]), rgb(LIGHT["ink"])}, path.name
        else:
            visit.page.emulate_media(media="print")
            visit.page.set_viewport_size({"width": PAPER[0], "height": PAPER[1]})
        assert visit.page.evaluate(CUT) == [], path.name
        assert visit.page.evaluate(SPILLED) == [], path.name
        # a reader may have opened all tables, and those must not be cut either
        visit.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert visit.page.evaluate(WIDER, PAPER[0]) == [], path.name
        ground = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
        ink = visit.page.evaluate("getComputedStyle(document.querySelector('h1')).color")
        assert (ground, ink) == ("rgb(255, 255, 255)", rgb(LIGHT["ink"])), path.name
    assert visit.complaints == []
    visit.context.close()


def test_the_printed_pages_hold_every_headline_and_every_card_is_whole(
    browser: Browser, sites: Callable[[str], Path], tmp_path: Path
) -> None:
    if not shutil.which("pdftotext"):
        missing = "no pdftotext on this machine: install the package poppler-utils"
        pytest.fail(missing) if os.environ.get("TURNOUT_REQUIRE_BROWSER") else pytest.skip(missing)
    for path in pages(sites("full")):
        visit = Visit(browser, width=1440, mode="dark")
        visit.page.goto(path.as_uri())
        headlines = [plain(text) for text in visit.page.evaluate(HEADLINES)]
        pdf = tmp_path / f"{path.stem}.pdf"
        visit.page.pdf(path=str(pdf), format="A4", prefer_css_page_size=True)
        assert visit.page.evaluate("document.querySelectorAll('.counted[open]').length") == 0
        if "data-chart" in path.read_text(encoding="utf-8"):
            lay_out(visit)
        heights = {plain(title): height for title, height in visit.page.evaluate(HEIGHTS).items()}
        visit.context.close()

        sheets = [plain(sheet) for sheet in read_pdf(pdf).split("\f")]
        text, place, found_at = "".join(sheets), 0, {}
        for headline in headlines:
            place = text.find(headline, place)
            assert place >= 0, f"{path.name}: {headline}"
            found_at[headline] = place
        for title, height in heights.items():
            end = text.find("Source:", found_at[title])
            if height < PAPER[1] - 20:
                assert sheet_of(found_at[title], sheets) == sheet_of(end, sheets), f"{path.name}: {title}"
        for word, box in boxes(pdf):
            assert box[0] >= MARGINS[0] - 2, word
            assert box[1] >= MARGINS[1] - 8, word
            assert box[2] <= SHEET[0] - MARGINS[0] + 2, word
            assert box[3] <= SHEET[1] - MARGINS[1] + 8, word


def sheet_of(place: int, sheets: list[str]) -> int:
    for number, sheet in enumerate(sheets):
        if place < len(sheet):
            return number
        place -= len(sheet)
    raise AssertionError("not printed")


def read_pdf(pdf: Path) -> str:
    return subprocess.run(["pdftotext", "-raw", str(pdf), "-"], check=True, capture_output=True, text=True).stdout


def boxes(pdf: Path) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Every word with its left, upper, right and lower edge on its sheet, in points."""
    found = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    clean = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", found)
    for word in ElementTree.fromstring(clean).iter("{http://www.w3.org/1999/xhtml}word"):
        yield word.text or "", tuple(float(word.attrib[name]) for name in ("xMin", "yMin", "xMax", "yMax"))
