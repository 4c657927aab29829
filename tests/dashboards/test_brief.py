"""The brief: one file that a phone opens from a mail, which tells what the overview tells."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from dashboards import actions
from dashboards.brief import FILE
from dashboards.kpis import key_figures
from dashboards.pages import overview
from dashboards.released import Released
from tests.dashboards.conftest import Tables
from tests.dashboards.test_browser import OVERFLOW, Visit
from tests.dashboards.test_site import read

MOST_BYTES = 300_000
PHONES = [(390, "light", "full"), (320, "dark", "full"), (390, "dark", "hostile")]


@pytest.mark.parametrize("name", ["full", "empty", "no_roster", "tiny", "hostile"])
def test_the_brief_is_small_and_asks_for_nothing_beside_itself(sites: Callable[[str], Path], name: str):
    text = (sites(name) / FILE).read_text(encoding="utf-8")
    assert len(text.encode()) < MOST_BYTES
    assert "<script" not in text
    assert "<img" not in text
    assert not re.search(r"""(?:src|href)=["'](?!data:)""", text)
    assert not re.search(r"url\(|@import", text.partition("</style>")[0])


def test_the_brief_tells_what_the_overview_tells(sites: Callable[[str], Path], variants: dict[str, Tables]):
    released = Released(variants["full"])
    text = read(sites("full"), "brief")
    figures = key_figures(released)
    assert re.findall(r'class="value" data-value="([^"]+)"', text) == [str(kpi.number) for kpi in figures]
    for kpi in figures:
        assert all(said in text for said in (kpi.label, kpi.value, kpi.delta, kpi.base))
    assert f"<h1>{overview.build(released).title}</h1>" in text
    works, todo = actions.working(released), actions.of_page(actions.actions(released), "index")
    assert works[0].text in text
    assert works[1].text not in text
    assert todo[0].text in text
    assert "target 40%: too close to call" in text


def test_a_brief_of_nothing_says_so(sites: Callable[[str], Path]):
    text = (sites("empty") / FILE).read_text(encoding="utf-8")
    assert "No export has been loaded yet" in text
    assert "What is working" not in text
    assert "data-value" not in text


@pytest.mark.browser
@pytest.mark.parametrize(("width", "mode", "name"), PHONES)
def test_the_brief_fits_a_phone(browser: Browser, sites: Callable[[str], Path], width: int, mode: str, name: str):
    visit = Visit(browser, width=width, mode=mode)
    visit.page.goto((sites(name) / FILE).as_uri())
    assert visit.page.evaluate(OVERFLOW) <= 0
    assert visit.barriers() == []
    assert visit.complaints == []
    assert [url for url in visit.requests if not url.startswith(("file:", "data:"))] == []
    visit.context.close()
