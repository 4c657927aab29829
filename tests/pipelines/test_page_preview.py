"""What the Dagster UI shows of the pages: all of them, of the numbers on them, and names as nothing but text."""

import base64
import re
from html import unescape
from xml.etree import ElementTree

import polars as pl
import pytest
from markdown_it import MarkdownIt

from dashboards import pages_of, previews, words
from dashboards.cards import Card
from dashboards.figures import Figure
from dashboards.page import MENU
from dashboards.pages import overview
from dashboards.previews import HEIGHT, WIDTH, Preview, chart
from dashboards.relation import Column, Relation
from dashboards.released import Released
from pipelines.assets.release import PAGES
from pipelines.page_preview import plain, shown
from tests.dashboards.companies import VARIANTS
from tests.dashboards.conftest import empty_tables, released_tables

SVG = "{http://www.w3.org/2000/svg}"
FOLDED = 1000
JOINER = "\u2060"
HOSTILE = (
    "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "![i](https://example.org/i.png)", "`x` | y \\| z",
    "<b>B</b> &amp; **s** _u_ ~~d~~", "# heading", "- list", "1. list", "> quote", "=== ---", "$x$ {{ 7 * 7 }} ${x}",
)  # fmt: skip
ADDRESSES = ("https://example.org/x", "HTTP://example.org", "www.example.org", "a@example.org", "mailto:a@example.org")
LINKED = re.compile(r"https?://|www\.|\w@\w|mailto:", re.IGNORECASE)
"""What the UI makes a link of, however it is escaped."""


def rendered(text: str) -> str:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)


def test_every_page_of_the_menu_is_an_asset() -> None:
    assert list(PAGES) == [slug for slug, _ in MENU]


@pytest.mark.parametrize("name", ["full", "no_roster", "hostile"])
def test_the_ui_unfolds_every_part_of_every_preview(name: str) -> None:
    made = previews(pages_of(Released(released_tables(VARIANTS[name]))))
    assert list(made) == list(PAGES)
    for page, preview in made.items():
        parts = {part: value.value for part, value in shown(preview).items()}
        assert "headline" in parts
        assert all(len(text) < FOLDED for text in parts.values()), page
        if preview.chart:
            (address,) = re.findall(r"\(data:image/svg\+xml;base64,([^)]+)\)", parts["chart"])
            assert base64.b64decode(address).decode() == preview.chart
        tags = set(re.findall(r"<(\w+)", rendered("\n\n".join(parts.values()))))
        assert tags <= {"p", "strong", "img", "table", "thead", "tbody", "tr", "th", "td"}


def test_a_preview_says_what_the_page_says() -> None:
    tables = released_tables(VARIANTS["full"])
    page = overview.build(Released(tables))
    preview = previews(pages_of(Released(tables)))["index"]
    assert preview.headline == page.title
    relation = page.cards[0].relation
    assert relation
    assert preview.rows[1:] == [[cell.text for cell in row[:4]] for row in relation.rows()[:6]]
    head, *cells = re.findall(r"<tr>(.*?)</tr>", rendered(shown(preview)["numbers"].value), re.DOTALL)
    assert re.findall("<th>(.*?)</th>", head) == preview.rows[0]
    told = [re.findall("<td>(.*?)</td>", row) for row in cells]
    assert told == [[cell.replace(words.NBSP, " ") for cell in row] for row in preview.rows[1:]]


def test_nothing_released_is_a_headline_only() -> None:
    for preview in previews(pages_of(Released(empty_tables()))).values():
        assert (preview.chart, preview.rows) == ("", ())
        assert list(shown(preview)) == ["headline"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_shown_letter_by_letter(name: str) -> None:
    assert rendered(plain(name)).replace(JOINER, "") == f"<p>{rendered_text(name)}</p>\n"
    row = rendered(shown(Preview("x", name, "Bars", "<svg/>", name, [["Unit", "n"], [name, "1"]]))["numbers"].value)
    assert unescape(re.findall("<td>(.*?)</td>", row)[0]).replace(JOINER, "") == name


def rendered_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_in_a_name_becomes_no_link(address: str) -> None:
    assert LINKED.search(address)
    told = unescape(re.sub("<[^>]+>", "", rendered(plain(f"see {address}"))))
    assert not LINKED.search(told)
    assert told.replace(JOINER, "").strip() == f"see {address}"


def card(frame: pl.DataFrame, kind: str, *names: str) -> Card:
    columns = (Column(frame.columns[0], "Row", kind), *(Column(name, name, "count") for name in names))  # type: ignore[arg-type]
    figure = Figure("Chart", [{}] * len(names), [(name,) for name in names], {}, {}, 100, 100)
    return Card("x", "x", "x", (), Relation("x", columns, frame), figure)


def paths(svg: str) -> list[str]:
    return [path.get("d", "") for path in ElementTree.fromstring(svg).iter(f"{SVG}path")]


def test_lines_begin_at_zero_and_break_where_nothing_is_known() -> None:
    rows = pl.DataFrame({"week": [1, 2, 3, 4, 5], "a": [0, 50, None, 100, 50], "b": [None, None, None, None, 25]})
    middle, quarter = HEIGHT // 2, HEIGHT - 2 - round((HEIGHT - 4) / 4)
    step = (WIDTH - 4) // 4
    assert paths(chart(card(rows, "week", "a", "b"))) == [
        f"M2 {HEIGHT - 2} {2 + step} {middle}M{2 + 3 * step} 2 {2 + 4 * step} {middle}", f"M{2 + 4 * step} {quarter}",
    ]  # fmt: skip


def test_bars_lie_one_below_the_other_on_both_sides_of_zero() -> None:
    rows = pl.DataFrame({"unit": ["A", "B", "C"], "a": [30, None, -10]})
    zero = 2 + (WIDTH - 4) // 4
    assert paths(chart(card(rows, "text", "a"))) == [f"M{zero} 6H{WIDTH - 2}M{zero} 30H2"]
