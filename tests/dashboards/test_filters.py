"""The selects of "Look closer" in a real browser, by keyboard: all that stands there changes together."""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from playwright.sync_api import Browser

from dashboards.site import build_site
from tests.browser import served
from tests.dashboards.companies import HOSTILE
from tests.dashboards.test_browser import OVERFLOW, SPILLED, Visit

pytestmark = pytest.mark.browser

SHOWN = """() => {
  const card = id => {
    const at = name => document.getElementById(name), text = part => part.textContent;
    const one = at('card-' + id), plot = at(id), isDrawn = !one.querySelector('.plot').hidden;
    const cells = row => [...row.cells].map(cell => cell.dataset.value ?? text(cell));
    return {
      headline: text(one.querySelector('h2')), sub: text(one.querySelector('.sub')), alt: text(at(id + '-alt')),
      note: at(id + '-note') ? text(at(id + '-note')) : '',
      source: text(one.querySelector('.source')),
      keys: [...one.querySelectorAll('.keys:not([hidden]) li')].map(text),
      caption: isDrawn ? text(one.querySelector('caption')) : null,
      rows: isDrawn ? [...one.querySelectorAll('tbody tr')].map(cells) : null,
      drawn: isDrawn && plot.data ? plot.data.map(trace => [...(trace.y || [])]) : null,
    };
  };
  return charts.page.look.cards.map(card);
}"""
STATE = """names => {
  const lists = [...document.querySelectorAll('#look select')].map(select => [...select.options]);
  const place = names.map((value, axis) => lists[axis].findIndex(option => option.value === value));
  return place.reduce((found, at) => found[at], charts.page.look.states);
}"""


@pytest.fixture(params=["file", "http"])
def address(request: pytest.FixtureRequest, sites: Callable[[str], Path]) -> Iterator[Callable[[str], str]]:
    """The address of the page of a site, as a file and from a server."""
    with ExitStack() as servers:
        yield lambda name: (
            (sites(name) / "active.html").as_uri()
            if request.param == "file"
            else f"{servers.enter_context(served(sites(name)))}/active.html"
        )


def visited(browser: Browser, address: str, *, width: int = 1440, mode: str = "light") -> Visit:
    visit = Visit(browser, width=width, mode=mode)
    visit.page.goto(address)
    visit.page.wait_for_selector("#look:not([hidden])")
    return visit


def choose(visit: Visit, label: str, value: str) -> None:
    """Go to a select by the keyboard's focus and down its list to the value, as far as it can be chosen."""
    select = visit.page.get_by_label(label, exact=True)
    select.focus()
    visit.page.keyboard.press("Home")
    for _ in range(select.locator("option").count()):
        if select.input_value() == value:
            return
        visit.page.keyboard.press("ArrowDown")


def said(parts: str | list[Any]) -> str:
    return "".join(part if isinstance(part, str) else part[0] for part in parts)


def expected(state: dict[str, Any]) -> list[dict[str, Any]]:
    """What the cards of a combination show, read from the page's own data."""
    return [
        {
            **{name: said(card[name]) for name in ("headline", "sub", "alt", "note", "source")},
            "keys": [said(key[2]) for key in card["keys"]],
            "caption": card.get("caption"),
            "rows": [
                [cell if isinstance(cell, str) else cell[1] or cell[0] for cell in row] for _, *row in card["rows"]
            ] if "rows" in card else None,
            "drawn": [trace.get("y", []) for trace in card["chart"]["data"]] if "chart" in card else None,
        }
        for card in state["cards"]
    ]  # fmt: skip


def drawn_whole(visit: Visit) -> list[dict[str, Any]]:
    """What the cards show once every chart of theirs was scrolled to."""
    for name in visit.page.evaluate("charts.page.look.cards.filter(id => charts.page.charts[id])"):
        visit.page.locator(f"#{name}").scroll_into_view_if_needed()
    visit.page.wait_for_function("charts.page.look.cards.every(id => !charts.page.charts[id] || "
                                 "document.querySelector('#' + id + ' svg.main-svg'))")  # fmt: skip
    return visit.page.evaluate(SHOWN)  # type: ignore[no-any-return]


def status(visit: Visit) -> str:
    return visit.page.locator("#look-status").inner_text()


def test_everything_follows_the_keyboard_and_returns_with_the_address(
    browser: Browser, address: Callable[[str], str]
) -> None:
    start = address("full")
    visit = visited(browser, start)
    first = drawn_whole(visit)
    assert first == expected(visit.page.evaluate(STATE, ["all", "all", "months"]))
    for label, value, names, query in (
        ("Unit", "Sales", ["Sales", "all", "months"], "?unit=Sales"),
        ("Period", "year", ["Sales", "all", "year"], "?unit=Sales&period=year"),
        ("Unit", "all", ["all", "all", "year"], "?period=year"),
        ("Platform", "slack", ["all", "slack", "year"], "?platform=slack&period=year"),
        ("Period", "months", ["all", "slack", "months"], "?platform=slack"),
        ("Unit", "Sales", ["Sales", "slack", "months"], "?unit=Sales&platform=slack"),
    ):
        choose(visit, label, value)
        state = visit.page.evaluate(STATE, names)
        shown = drawn_whole(visit)
        assert shown == expected(state)
        assert status(visit) == said(state["status"])
        assert visit.page.url == start + query
        visit.page.reload()
        visit.page.wait_for_selector("#look:not([hidden])")
        assert drawn_whole(visit) == shown
        assert [one.input_value() for one in visit.page.locator("#look select").all()] == names
    choose(visit, "Unit", "all")
    choose(visit, "Platform", "all")
    assert drawn_whole(visit) == first
    assert visit.page.url == start
    assert visit.complaints == []
    assert [url for url in visit.requests if not url.startswith((start.rpartition("/")[0], "data:"))] == []
    visit.context.close()


def test_what_may_not_be_shown_cannot_be_chosen(browser: Browser, sites: Callable[[str], Path]) -> None:
    visit = visited(browser, (sites("full") / "active.html").as_uri())
    choose(visit, "Platform", "slack")
    choose(visit, "Period", "year")
    options = visit.page.locator("select[name=unit] option")
    assert [one.is_disabled() for one in options.all()] == [False] + [True] * (options.count() - 1)
    assert options.nth(1).inner_text().endswith("\u2013 units are told per platform by month only")
    before = visit.page.evaluate(SHOWN)
    choose(visit, "Unit", "Sales")
    visit.page.get_by_label("Unit", exact=True).evaluate(
        "one => { one.value = 'Sales'; one.dispatchEvent(new Event('change', {bubbles: true})); }"
    )
    assert visit.page.evaluate(SHOWN) == before
    assert visit.page.get_by_label("Unit", exact=True).input_value() == "all"
    choose(visit, "Period", "months")
    assert not any(one.is_disabled() for one in options.all()[1:3])
    assert "\u2013" not in options.nth(1).inner_text()
    visit.context.close()


@pytest.mark.parametrize("query", ["?unit=Nobody", "?unit=Sales&platform=slack&period=year", "?period=", "?unit=0"])
def test_an_address_that_cannot_be_shown_falls_back_and_says_so(
    browser: Browser, sites: Callable[[str], Path], query: str
) -> None:
    start = (sites("full") / "active.html").as_uri()
    visit = visited(browser, start + query)
    assert status(visit) == "What the address asks for is not shown. Shown: All units, all platforms, months."
    assert drawn_whole(visit) == expected(visit.page.evaluate(STATE, ["all", "all", "months"]))
    assert visit.page.url == start
    assert visit.complaints == []
    visit.context.close()


def test_hostile_units_are_chosen_and_restored_letter_by_letter(
    browser: Browser, sites: Callable[[str], Path]
) -> None:
    visit = visited(browser, (sites("hostile") / "active.html").as_uri(), width=390, mode="dark")
    for name in (name.replace("\u202e", "") for name in HOSTILE):
        choose(visit, "Unit", name)
        assert f"people in {name} who contribute" in visit.page.locator("#card-trend .sub").inner_text()
        assert visit.page.evaluate(OVERFLOW) <= 0
        shown = drawn_whole(visit)
    visit.page.reload()
    assert drawn_whole(visit) == shown
    assert visit.page.evaluate("document.querySelectorAll('.card img, .card b, .card iframe, .plot svg a').length") == 0
    assert visit.page.evaluate(SPILLED) == []
    assert visit.complaints == []
    assert [url for url in visit.requests if not url.startswith(("file:", "data:"))] == []
    visit.context.close()


@pytest.mark.parametrize(
    ("width", "mode", "query"),
    [(1440, "light", "?platform=slack&period=two-years"), (390, "dark", "?unit=Sales&platform=slack")],
)
def test_a_chosen_state_has_no_barriers_and_fits(
    browser: Browser, sites: Callable[[str], Path], width: int, mode: str, query: str
) -> None:
    visit = visited(browser, (sites("full") / "active.html").as_uri() + query, width=width, mode=mode)
    drawn_whole(visit)
    assert visit.barriers() == []
    assert visit.page.evaluate(OVERFLOW) <= 0
    assert visit.page.evaluate(SPILLED) == []
    assert visit.complaints == []
    visit.context.close()


def test_numbers_pictures_and_colours_are_of_the_chosen_state(
    browser: Browser, sites: Callable[[str], Path], tmp_path: Path
) -> None:
    visit = visited(browser, (sites("full") / "active.html").as_uri() + "?unit=Customer%20Care&period=year")
    shown = drawn_whole(visit)[0]
    card = visit.page.locator("#card-trend")
    with visit.page.expect_download() as numbers:
        card.get_by_role("button", name="Numbers (CSV)").click()
    assert numbers.value.suggested_filename == "trend-customer-care-year.csv"
    numbers.value.save_as(tmp_path / "trend.csv")
    taken = list(csv.reader((tmp_path / "trend.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [row[1:] for row in taken[1:]] == [row[1:] for row in shown["rows"]]
    with visit.page.expect_download() as picture:
        card.get_by_role("button", name="Picture (PNG)").click()
    assert picture.value.suggested_filename == "trend-customer-care-year.png"
    visit.page.get_by_role("button", name="Dark mode").click()
    visit.page.set_viewport_size({"width": 390, "height": 900})
    assert drawn_whole(visit)[0] == shown
    visit.page.emulate_media(media="print")
    visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert drawn_whole(visit)[0] == shown
    assert not visit.page.get_by_label("Unit", exact=True).is_visible()
    assert status(visit).startswith("Shown: Customer Care")
    assert visit.complaints == []
    visit.context.close()


def test_a_number_in_a_text_names_its_cell(
    browser: Browser, sites: Callable[[str], Path], variants: dict[str, dict[str, pl.DataFrame]], tmp_path: Path
) -> None:
    build_site(variants["small"], tmp_path)
    page = tmp_path / "active.html"
    source = page.read_text(encoding="utf-8")
    begin, _, rest = source.partition('id="specs">')
    specs, _, end = rest.partition("</script>")
    content = json.loads(specs)
    content["look"]["states"][0][0][1]["cards"][0]["headline"] = ["Some ", ["<b>12%</b>", "0.12", "share"], " wrote"]
    text = json.dumps(content).replace("<", "\\u003c")
    page.write_text(f'{begin}id="specs">{text}</script>{end}', encoding="utf-8")
    visit = visited(browser, page.as_uri() + "?period=year")
    number = visit.page.locator("#trend-title [data-value='0.12'][data-cell='share']")
    assert number.inner_text() == "<b>12%</b>"
    assert visit.page.locator("#trend-title").inner_text() == "Some <b>12%</b> wrote"
    visit.context.close()


def test_without_a_script_the_first_state_stands_and_nothing_can_be_chosen(
    browser: Browser, sites: Callable[[str], Path]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((sites("full") / "active.html").as_uri())
    assert page.locator("#look-status").inner_text() == "Shown: All units, all platforms, months."
    assert not page.locator("#look").is_visible()
    assert "contributed in October" in page.locator("#trend-title").inner_text().replace("\u00a0", " ")
    assert page.locator("#card-trend tbody tr").count() > 12
    context.close()
