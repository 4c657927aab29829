"""The site in a real browser, opened as files: charts are drawn, nobody else is asked, nothing sticks out."""

import base64
import csv
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from dashboards import build_site
from dashboards.page import MENU
from tests.browser import served
from tests.dashboards.companies import HOSTILE

PAGES = [slug for slug, _ in MENU]

DRAWN = "[...document.querySelectorAll('[data-chart]')].every(one => one.querySelector('svg.main-svg'))"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SPILLED = """[...document.querySelectorAll('[data-chart]')].flatMap(chart => {
  const box = chart.getBoundingClientRect();
  return [...chart.querySelectorAll('svg.main-svg text')].filter(text => {
    const inner = text.getBoundingClientRect();
    return inner.width && (inner.right > box.right + 1.5 || inner.left < box.left - 1.5 || inner.top < box.top - 1.5);
  }).map(text => chart.id + ': ' + text.textContent);
})"""

PIXEL = """async address => {
  const image = new Image(), canvas = document.createElement('canvas'), pen = canvas.getContext('2d');
  image.src = address;
  await image.decode();
  pen.drawImage(image, 0, 0);
  return [image.width, ...pen.getImageData(2, 2, 1, 1).data];
}"""

pytestmark = pytest.mark.browser


class Visit:
    """A page with all that it asked for and complained about."""

    def __init__(self, browser: Browser, *, width: int, mode: str) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=mode)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(f"dialog {dialog.message}"))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def open(self, page: Path | str) -> None:
        """A file, or an address on a server."""
        self.page.goto(page.as_uri() if isinstance(page, Path) else page)
        height = self.page.evaluate("document.documentElement.scrollHeight")
        width = self.page.evaluate("innerWidth")
        self.page.set_viewport_size({"width": width, "height": height})
        patience = time.monotonic() + 60
        while not self.page.evaluate(DRAWN):
            assert time.monotonic() < patience, f"{page}: a chart was not drawn"
            self.page.wait_for_timeout(100)
        self.page.set_viewport_size({"width": width, "height": 900})

    def barriers(self) -> list[str]:
        """What axe finds wrong with the page: rule, and the first element that breaks it."""
        # its own reading of the style sheet would be a request that the page forbids
        found = Axe().run(self.page, options={"preload": False}).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]


def pages_of(site: Path) -> list[str]:
    """The pages of the menu and the first two of units, if there are any."""
    return PAGES + sorted(path.stem for path in site.glob("unit-*.html"))[:2]


@pytest.mark.parametrize(
    ("name", "width", "mode", "over"),
    [
        ("full", 1440, "light", "file"),
        ("full", 1440, "dark", "http"),
        ("full", 390, "light", "http"),
        ("full", 390, "dark", "file"),
        ("hostile", 390, "light", "file"),
    ],
)
def test_pages_draw_and_ask_nobody(
    browser: Browser, sites: Callable[[str], Path], name: str, width: int, mode: str, over: str
) -> None:
    # layout depends on the width and contrast on the mode: these two see both of each
    has_axe = (width, mode) in ((1440, "light"), (390, "dark"))
    visit = Visit(browser, width=width, mode=mode)
    with ExitStack() as servers:
        base = servers.enter_context(served(sites(name))) if over == "http" else sites(name).as_uri()
        for slug in pages_of(sites(name)):
            visit.open(f"{base}/{slug}.html")
            assert visit.page.evaluate(OVERFLOW) <= 0, f"{slug} scrolls sideways"
            assert visit.page.evaluate(SPILLED) == [], f"{slug} has text outside of its chart"
            assert visit.page.evaluate("document.querySelectorAll('.plot svg a, .plot image').length") == 0
            assert "Participation" in visit.page.title()
            assert not has_axe or visit.barriers() == [], slug
    assert visit.complaints == []
    assert [url for url in visit.requests if not url.startswith((f"{base}/", "data:"))] == []
    visit.context.close()


@pytest.mark.parametrize("name", ["tiny", "no_roster", "unknowns"])
def test_pages_of_incomplete_data_draw(browser: Browser, sites: Callable[[str], Path], name: str) -> None:
    visit = Visit(browser, width=390, mode="light")
    for slug in pages_of(sites(name)):
        visit.open(sites(name) / f"{slug}.html")
        assert visit.page.evaluate(OVERFLOW) <= 0
        assert visit.page.evaluate(SPILLED) == []
    assert visit.complaints == []
    visit.context.close()


def test_hostile_names_are_drawn_letter_by_letter(browser: Browser, sites: Callable[[str], Path]) -> None:
    visit = Visit(browser, width=1440, mode="light")
    visit.open(sites("hostile") / "index.html")
    labels = visit.page.evaluate("[...document.querySelectorAll('#units .ytick text')].map(one => one.textContent)")
    joined = " ".join(labels)
    for literal in ("<img", "<span", "<b>Bold</b> &", "%{x} %{customdata}", "</script>", "{{ 7 * 7 }} ${x}"):
        assert literal in joined
    visit.context.close()


def test_mode_can_be_chosen_and_charts_follow(browser: Browser, sites: Callable[[str], Path]) -> None:
    visit = Visit(browser, width=1440, mode="light")
    visit.open(sites("full") / "index.html")
    ink = "getComputedStyle(document.querySelector('#weekly .ytick text')).fill"
    before = visit.page.evaluate(ink)
    visit.page.get_by_role("button", name="Dark mode").click()
    visit.page.wait_for_timeout(500)
    assert visit.page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert visit.page.evaluate(ink) != before
    assert visit.complaints == []
    visit.context.close()


def test_table_opens_by_keyboard(browser: Browser, sites: Callable[[str], Path]) -> None:
    visit = Visit(browser, width=1440, mode="light")
    visit.open(sites("full") / "index.html")
    visit.page.locator("#card-weekly summary").focus()
    visit.page.keyboard.press("Enter")
    assert visit.page.locator("#card-weekly table").is_visible()
    visit.context.close()


def test_the_numbers_of_a_chart_are_taken_away_as_they_stand(
    browser: Browser, sites: Callable[[str], Path], tmp_path: Path
) -> None:
    visit = Visit(browser, width=1440, mode="light")
    visit.open(sites("hostile") / "index.html")
    with visit.page.expect_download() as download:
        visit.page.locator("#card-units").get_by_role("button", name="Numbers (CSV)").click()
    download.value.save_as(tmp_path / "units.csv")
    taken = list(csv.reader((tmp_path / "units.csv").read_text(encoding="utf-8-sig").splitlines()))
    shown = visit.page.evaluate("""[...document.querySelectorAll('#card-units tr')].map(
        row => [...row.cells].map(cell => cell.dataset.value ?? cell.textContent.trim()))""")
    assert len(taken) > 5
    formula = '=HYPERLINK("https://example.org","Sales")'
    assert [[field if field != f"'{formula}" else formula for field in row] for row in taken] == shown
    # what a spreadsheet would run is taken away as text
    assert [row[0] for row in taken if "HYPERLINK" in row[0]] == [f"'{formula}"]
    visit.context.close()


def test_a_picture_of_a_chart_is_wide_and_light_wherever_it_is_taken(
    browser: Browser, sites: Callable[[str], Path], tmp_path: Path
) -> None:
    visit = Visit(browser, width=390, mode="dark")
    visit.open(sites("full") / "index.html")
    with visit.page.expect_download() as download:
        visit.page.locator("#card-units").get_by_role("button", name="Picture (PNG)").click()
    download.value.save_as(tmp_path / "units.png")
    picture = base64.b64encode((tmp_path / "units.png").read_bytes()).decode()
    width, *corner = visit.page.evaluate(PIXEL, f"data:image/png;base64,{picture}")
    assert width == 1920
    assert corner == [255, 255, 255, 255]
    assert visit.page.evaluate("document.documentElement.dataset.theme ?? null") is None
    assert visit.complaints == []
    visit.context.close()


COVERED = """[...document.querySelectorAll('[data-chart]')].flatMap(chart => {
  const plot = chart.querySelector('.nsewdrag').getBoundingClientRect();
  const labels = [...chart.querySelectorAll('.annotation-text-g')].map(one => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.width);
  const above = labels.filter(([, box]) => box.bottom < plot.top + 6);
  return above.flatMap(([one, box]) => labels.filter(([other, its]) => other !== one && box.left < its.right
    && its.left < box.right && box.top < its.bottom - 2 && its.top < box.bottom - 2)
    .map(([other]) => `${chart.id}: ${one.textContent} / ${other.textContent}`));
})"""


NARROW = (("active", 390), ("rooted", 390))


@pytest.mark.parametrize(
    ("n", "places"), [(3, NARROW), (20, (*NARROW, ("active", 1010), ("rooted", 1440), ("contributors", 700)))]
)
def test_labels_of_dated_events_neither_spill_nor_cover_each_other(
    browser: Browser, variants: dict[str, pl.DataFrame], tmp_path: Path, n: int, places: Sequence[tuple[str, int]]
) -> None:
    tables = variants["full"]
    titles = ["W" * 60, "\u4e16" * 40, "Guide to working in the open", *HOSTILE]
    event = {"kind": "event", "platform": "all", "unit": "all", "value": None, "detail": "launch"}
    first = date(2026, 10, 25) if n == 1 else date(2025, 12, 1)
    days = [first + timedelta(days=index * index % 340) for index in range(n)]
    rows = [event | {"title": titles[i % len(titles)], "from_on": day, "to_on": day} for i, day in enumerate(days)]
    declared = pl.DataFrame(rows, schema=tables["rel_declared"].schema, orient="row")
    build_site(tables | {"rel_declared": declared}, tmp_path)
    for page, width in places:
        visit = Visit(browser, width=width, mode="light")
        visit.open(tmp_path / f"{page}.html")
        assert visit.page.evaluate(SPILLED) == []
        assert visit.page.evaluate(COVERED) == []
        assert visit.page.evaluate(OVERFLOW) <= 0
        assert "Marked in the chart: " in visit.page.content()
        visit.context.close()
