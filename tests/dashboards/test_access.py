"""Every page from a server, on a phone, by keyboard, zoomed, with wider text, in forced colours: it stays readable."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import served
from tests.dashboards.test_browser import DRAWN, OVERFLOW, Visit

MENU_LINKS = """[...document.querySelectorAll('nav a')].map(one => [one.getAttribute('href'),
  ...['left', 'right', 'width', 'height'].map(side => one.getBoundingClientRect()[side])])"""
SMALL = """[...document.querySelectorAll('.top a, button, summary, .kpi h2 a')].map(one =>
  [one, one.getBoundingClientRect()]).filter(([one, box]) => box.width && (box.width < 24 || box.height < 24))
  .map(([one]) => one.textContent)"""
# WCAG 2.2, 1.4.12
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }"""
CUT = """[...document.querySelectorAll('h1, h2, h3, p, li, dt, dd, a, button, summary, caption')].filter(one =>
  !one.closest('.hidden, .skip, .scroller') && getComputedStyle(one).overflow !== 'visible'
  && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)).map(one => one.textContent)"""
OVERLAPPING = """(() => {
  const boxes = [...document.querySelectorAll('.brand, nav a, #theme, h1, .lead, .notices, .kpi > *, .card > *')]
    .filter(one => !one.closest('.hidden')).map(one => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && box.height > 1);
  const met = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  return boxes.flatMap(([one, box], place) => boxes.slice(place + 1).filter(([, other]) => met(box, other))
    .map(([other]) => one.textContent.slice(0, 40) + ' / ' + other.textContent.slice(0, 40)));
})()"""
MOVING = """document.getAnimations().length + [...document.querySelectorAll('*')].filter(one =>
  parseFloat(getComputedStyle(one).transitionDuration) > 0 || getComputedStyle(one).animationName !== 'none').length"""
FOCUSABLE = """[...document.querySelectorAll('a[href], button, summary, select, input, [tabindex="0"]')]
  .filter(one => !one.disabled && (one.matches('.skip') || one.checkVisibility()))"""
FOCUSED = f"""(() => {{
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const seen = box.right > 0 && box.bottom > 0 && box.top < innerHeight && style.outlineStyle !== 'none';
  return [{FOCUSABLE}.indexOf(one), seen && parseFloat(style.outlineWidth) >= 2];
}})()"""

pytestmark = pytest.mark.browser


@pytest.fixture
def address(sites: Callable[[str], Path]) -> Iterator[str]:
    """The address of the full site on a server."""
    with served(sites("full")) as found:
        yield found


def names(site: Path) -> list[str]:
    return sorted(path.name for path in site.glob("*.html"))


def test_pages_from_a_server_draw_ask_nobody_else_and_are_reached_on_a_phone(
    browser: Browser, sites: Callable[[str], Path], address: str
) -> None:
    visit = Visit(browser, width=390, mode="light")
    linked = set()
    for name in names(sites("full")):
        visit.page.set_viewport_size({"width": 390, "height": 844})
        visit.page.goto(f"{address}/{name}")
        links = visit.page.evaluate(MENU_LINKS)
        for target, left, right, width, height in links:
            assert left >= 0, target
            assert right <= 390, target
            assert min(width, height) >= 40, target
        assert visit.page.evaluate(SMALL) == [], name
        if links:
            assert visit.page.evaluate("document.querySelector('header').getBoundingClientRect().height") <= 844 / 3
        linked |= set(visit.page.evaluate("[...document.links].map(one => one.pathname.slice(1))"))
        height = visit.page.evaluate("document.documentElement.scrollHeight")
        visit.page.set_viewport_size({"width": 390, "height": height})
        patience = time.monotonic() + 60
        while not visit.page.evaluate(DRAWN):
            assert time.monotonic() < patience, f"{name}: a chart was not drawn"
            visit.page.wait_for_timeout(50)
    assert set(names(sites("full"))) <= linked
    assert visit.complaints == []
    assert [url for url in visit.requests if not url.startswith((f"{address}/", "data:"))] == []
    visit.context.close()


def test_zoomed_to_400_percent_and_with_wider_text_nothing_is_cut_or_covered(
    browser: Browser, sites: Callable[[str], Path]
) -> None:
    # 1280 pixels at 400 % are 320
    visit = Visit(browser, width=320, mode="light")
    for name in names(sites("full")):
        visit.page.goto((sites("full") / name).as_uri())
        for style in ("p {}", SPACED):
            visit.page.add_style_tag(content=style)
            assert visit.page.evaluate(OVERFLOW) <= 0, name
            assert visit.page.evaluate(CUT) == [], name
            assert visit.page.evaluate(OVERLAPPING) == [], name
    visit.context.close()


def test_nothing_moves_and_forced_colours_keep_charts_and_keys(browser: Browser, sites: Callable[[str], Path]) -> None:
    visit = Visit(browser, width=1440, mode="dark")
    visit.page.emulate_media(reduced_motion="reduce", forced_colors="active")
    visit.page.goto((sites("full") / "index.html").as_uri())
    visit.page.wait_for_selector("#weekly svg.main-svg")
    assert visit.page.evaluate(MOVING) == 0
    styles = (
        "(() => {{ const style = getComputedStyle(document.querySelector('{}')); return [style.{}, style.{}]; }})()"
    )
    ink, ground = visit.page.evaluate(styles.format("h1", "color", "backgroundColor"))
    assert ink != ground
    token = "getComputedStyle(document.documentElement).getPropertyValue('--{}').trim()"
    probe = "(() => {{ const one = document.createElement('i'); one.style.forcedColorAdjust = 'none'; " \
            "one.style.color = '{}'; document.body.append(one); return getComputedStyle(one).color; }})()"  # fmt: skip
    card = visit.page.evaluate(probe.format(visit.page.evaluate(token.format("card"))))
    muted = visit.page.evaluate(probe.format(visit.page.evaluate(token.format("muted"))))
    blue = visit.page.evaluate(probe.format(visit.page.evaluate(token.format("c1"))))
    assert visit.page.evaluate(styles.format("#card-weekly .plot", "backgroundColor", "color"))[0] == card
    assert visit.page.evaluate(styles.format("#weekly .ytick text", "fill", "color"))[0] == muted
    assert visit.page.evaluate(styles.format(".keys .dot.c1", "backgroundColor", "color"))[0] == blue
    visit.context.close()


def test_keyboard_reaches_everything_in_order_and_shows_where_it_is(
    browser: Browser, sites: Callable[[str], Path]
) -> None:
    visit = Visit(browser, width=1440, mode="light")
    visit.page.goto((sites("full") / "index.html").as_uri())
    visit.page.wait_for_selector("#weekly svg.main-svg")
    n_stops = visit.page.evaluate(f"{FOCUSABLE}.length")
    assert n_stops > 20
    for number in range(n_stops):
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate(FOCUSED) == [number, True]
    visit.page.evaluate("document.querySelector('.skip').focus()")
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.querySelector('main').contains(document.activeElement)")
    visit.context.close()
