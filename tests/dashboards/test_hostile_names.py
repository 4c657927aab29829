"""Whatever platforms, units, places, events or an agreement are called, a page shows letters: no markup, no request.

Every name of a whole site is replaced by hostile ones, and the page must have the same elements as with plain ones.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Browser

from dashboards.page import MENU
from dashboards.site import build_site
from models.schemas.prepared_standing import TENURES
from tests.dashboards.conftest import Tables
from tests.dashboards.test_browser import Visit

PAGES = [slug for slug, _ in MENU]
UNIT = re.compile(r"unit-[a-z0-9-]+\.html")
LINKS = "[...document.querySelectorAll('a')].map(one => one.getAttribute('href') || one.getAttribute('xlink:href'))"
OUTSIDE = "https://beacon.example/x"
PAYLOADS = (
    "<script>window.hit=1</script>",
    "</script><script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    f"<img src={OUTSIDE}>",
    "<svg onload=window.hit=1>",
    f'<span style="background:url({OUTSIDE})">s</span>',
    f'<a href="{OUTSIDE}" popup="width=1" onclick="window.hit=1">a</a>',
    '<a href="javascript:window.hit=1">j</a>',
    '<a href="data:text/html,<script>window.hit=1</script>">d</a>',
    f'<iframe src="{OUTSIDE}"></iframe>',
    f'<link rel=stylesheet href="{OUTSIDE}">',
    f"<style>@import '{OUTSIDE}'</style>",
    f'<meta http-equiv="refresh" content="0;url={OUTSIDE}">',
    f'<base href="{OUTSIDE}/">',
    f'<form action="{OUTSIDE}"><button autofocus onfocus=window.hit=1>f</button></form>',
    '" autofocus onfocus="window.hit=1" x="',
    "' onmouseover='window.hit=1' '",
    "&lt;img src=x onerror=window.hit=1&gt;",
    "<b>b</b><sub>s</sub><br>%{x}%{customdata[0]}<extra></extra>",
    "{{ 7 * 7 }}{% raw %}${window.hit=1}<!-- ",
    "<r></t></si>r</r>",
    "]]><!--\u2028\u202e<template><object data=x>",
)
NAMES = ("platform", "other_platform", "unit", "one_unit", "other_unit", "title", "message", "detail", "kind", "value",
         "version", "parties", "purpose", "contact", "sources", "roles", "visibilities", "shown", "role", "basis",
         "approved_by", "scope", "label", "workspace")  # fmt: skip
WORDS = {("rel_declared", "kind"), ("rel_purposes", "purpose")}
"""Columns of these names that hold fixed words."""
OURS = {"all", "Other units", "listed people", "roster", "", *TENURES}
"""Names that Turnout itself gives and its pages know."""


def renamed(tables: Tables, *, is_hostile: bool) -> Tables:
    """The same release with every name replaced, the same by the same; plain names or hostile ones."""
    names: dict[str, str] = {}

    def name(value: str | None) -> str | None:
        if value is None or value in OURS or value.isdigit():
            return value
        payload = PAYLOADS[len(names) % len(PAYLOADS)] if is_hostile else "plain"
        return names.setdefault(value, f"{payload} {value} {payload}")

    def poisoned(table: str, rows: pl.DataFrame) -> pl.DataFrame:
        texts = [one for one in NAMES if rows.schema.get(one) == pl.String]
        columns = [one for one in texts if (table, one) not in WORDS]
        changed = [pl.Series(one, [name(value) for value in rows[one]], dtype=pl.String) for one in columns]
        return rows.with_columns(changed)

    result = {table: poisoned(table, rows) if table.startswith("rel_") else rows for table, rows in tables.items()}
    assert len(names) >= len(PAYLOADS)
    coverage = tables["coverage_day"]
    platforms = [name(value) for value in coverage["platform"]]
    return result | {"coverage_day": coverage.with_columns(pl.Series("platform", platforms))}


@pytest.fixture(scope="module")
def both(variants: dict[str, Tables], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The site with hostile names and the one with plain names."""
    folders = []
    for is_hostile in (True, False):
        folders.append(tmp_path_factory.mktemp("hostile" if is_hostile else "plain"))
        build_site(renamed(variants["full"], is_hostile=is_hostile), folders[-1])
    return folders[0], folders[1]


class Outline(HTMLParser):
    """How often each element with which attributes occurs, and addresses."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self.addresses: set[str] = set()
        self.policies: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements[tag, tuple(sorted(name for name, _ in attributes))] += 1
        self.addresses |= {value or "" for name, value in attributes if name in ("href", "src", "action", "style")}
        if dict(attributes).get("http-equiv") == "Content-Security-Policy":
            self.policies.append(dict(attributes).get("content") or "")


@pytest.mark.parametrize("slug", PAGES)
def test_a_page_with_hostile_names_has_the_elements_of_one_with_plain_names(both: tuple[Path, Path], slug: str) -> None:
    sources = [(folder / f"{slug}.html").read_text(encoding="utf-8") for folder in both]
    hostile, plain = map(Outline, sources)
    assert hostile.elements == plain.elements
    assert not {one for one in hostile.addresses if ("hit" in one or "beacon" in one) and not UNIT.fullmatch(one)}
    assert "beacon" in sources[0]
    assert not [payload for payload in PAYLOADS if "<" in payload and payload in sources[0]]


def test_pages_of_units_with_hostile_names_have_the_elements_of_those_with_plain_names(
    both: tuple[Path, Path],
) -> None:
    hostile, plain = ([Outline(path.read_text(encoding="utf-8")) for path in folder.glob("unit-*.html")]
                      for folder in both)  # fmt: skip
    assert len(hostile) > 5
    assert Counter(frozenset(one.elements.items()) for one in hostile) == Counter(
        frozenset(one.elements.items()) for one in plain
    )
    for one in hostile:
        found = {address for address in one.addresses if "hit" in address or "beacon" in address}
        assert not {address for address in found if not UNIT.fullmatch(address)}
    for path in both[0].glob("unit-*.html"):
        source = path.read_text(encoding="utf-8")
        assert UNIT.fullmatch(path.name)
        assert not [payload for payload in PAYLOADS if "<" in payload and payload in source]


@pytest.mark.parametrize("slug", PAGES)
def test_every_page_allows_only_its_own_scripts_and_asks_nobody(both: tuple[Path, Path], slug: str) -> None:
    outline = Outline((both[0] / f"{slug}.html").read_text(encoding="utf-8"))
    (policy,) = outline.policies
    allowed = {name: set(values) for name, *values in (part.split() for part in policy.split(";"))}
    assert allowed["default-src"] == {"'none'"}
    assert allowed["script-src"] == {"'self'"}
    assert allowed["base-uri"] == allowed["form-action"] == {"'none'"}
    assert set(allowed) <= {"default-src", "script-src", "style-src", "img-src", "font-src", "base-uri", "form-action"}
    everything = set().union(*allowed.values())
    assert everything <= {"'none'", "'self'", "'unsafe-inline'", "data:", "blob:"}
    assert "'unsafe-inline'" not in allowed["script-src"]
    handlers = [name for _, names in outline.elements for name in names if name.startswith("on")]
    assert handlers == []


def test_no_text_of_a_chart_holds_markup_of_a_name(both: tuple[Path, Path]) -> None:
    """Plotly draws some tags and fills in %{...}; only line breaks of our own are left."""
    n_names = 0
    for path in both[0].glob("*.html"):
        source = path.read_text(encoding="utf-8")
        if 'id="specs"' not in source:  # the brief has no script
            continue
        specs = json.loads(source.partition('id="specs">')[2].partition("</script>")[0])
        for text in texts_of(specs["charts"]):
            n_names += "beacon" in text
            assert "hit=1>" not in text
            assert "<img" not in text
            assert "<a " not in text
            assert "<span" not in text
            assert "%{customdata[0]}<extra>" not in text
    assert n_names > 10


def texts_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts_of(inner)


@pytest.mark.browser
def test_no_hostile_name_runs_asks_or_links(browser: Browser, both: tuple[Path, Path]) -> None:
    visit = Visit(browser, width=1440, mode="light")
    units = sorted(path.stem for path in both[0].glob("unit-*.html"))
    for slug in [*PAGES, *units[:2]]:
        visit.open(both[0] / f"{slug}.html")
        assert visit.page.evaluate("window.hit") is None
        assert visit.page.evaluate("document.querySelectorAll('.plot svg a, .plot image, iframe, object').length") == 0
        files = {link.partition("#")[0] for link in visit.page.evaluate(LINKS) if link}
        assert not [file for file in files if file and not re.fullmatch(r"[a-z0-9-]+\.(html|xlsx)", file)]
        for point in visit.page.locator(".plot svg .nsewdrag").all()[:3]:
            point.hover(force=True)
        assert visit.page.evaluate("window.hit") is None
    assert visit.complaints == []
    assert [url for url in visit.requests if not url.startswith(("file:", "data:"))] == []
    visit.context.close()
