"""`index.json` against the pages: each card and table has the numbers of its table in the page, and no others."""

import html
import json
from collections.abc import Callable
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from dashboards.words import NBSP
from tests.dashboards.test_site import read as page_of
from tests.test_docs import ROOT

NAMES = ("full", "unknowns", "no_roster", "hostile", "all_outnumbered", "empty")
NUMBERS = {"count", "ratio", "decimal", "points", "pp"}
DATES = {"day": "%d %b %Y", "week": "%d %b %Y", "month": "%B %Y"}
Row = list[tuple[str, str | None]]


class Tables(HTMLParser):
    """The rows of each section's tables, by the section's id and by the table's caption: text and `data-value`."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: dict[str, list[Row]] = {}
        self.section = self.tag = ""
        self.rows: list[Row] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "section":
            self.section = attributes.get("id") or ""
        elif tag == "table":
            self.rows = []
            self.found.setdefault(self.section, self.rows)
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append(("", attributes.get("data-value")))
        self.tag = self.tag if tag in ("a", "span") else tag

    def handle_data(self, text: str) -> None:
        if self.tag == "caption":
            self.found[text.replace(NBSP, " ")] = self.rows
        elif self.tag in ("td", "th"):
            before, value = self.rows[-1][-1]
            self.rows[-1][-1] = (before + text, value)

    def handle_endtag(self, tag: str) -> None:
        self.tag = self.tag if tag in ("a", "span") else ""


def read(site: Path) -> dict[str, Any]:
    return json.loads((site / "index.json").read_text(encoding="utf-8"))


def as_shown(kind: str, value: Any) -> str:
    """The text of a cell that is no number, written anew."""
    if kind not in DATES:
        return value
    assert date.fromisoformat(value)
    return datetime.strptime(value, "%Y-%m-%d").strftime(DATES[kind]).lstrip("0")


def agree(entry: dict[str, Any], shown: list[Row]) -> None:
    head, *body = shown
    assert [one["title"] for one in entry["columns"]] == [text.replace(NBSP, " ") for text, _ in head]
    remarks = {(one["row"], one["column"]): one["text"] for one in entry["remarks"]}
    assert len(remarks) == len(entry["remarks"])
    assert len(entry["rows"]) == len(body)
    for number, (row, cells) in enumerate(zip(entry["rows"], body, strict=True)):
        for place, (column, value, (text, data)) in enumerate(zip(entry["columns"], row, cells, strict=True)):
            said, remark = text.replace(NBSP, " "), remarks.pop((number, column["name"]), None)
            if value is None:
                assert data is None
                assert remark == said
                continue
            assert (remark == "partly observed") == said.endswith(" (partly observed)")
            if column["kind"] in NUMBERS:
                assert place == 0 or json.loads(data or "null") == value, (entry["id"], column["name"])
            else:
                assert said.removesuffix(" (partly observed)") == as_shown(column["kind"], value)
    assert not remarks


@pytest.mark.parametrize("name", NAMES)
def test_index_has_the_numbers_of_every_table_of_every_page(sites: Callable[[str], Path], name: str) -> None:
    site = sites(name)
    written = {page["file"]: page for page in read(site)["pages"]}
    sources = {path.name: path.read_text(encoding="utf-8") for path in site.glob("*.html")}
    assert set(sources) - set(written) == {"brief.html"}
    for file, page in written.items():
        shown = Tables(sources[file]).found
        cards = {section for section in shown if section.startswith("card-")}
        assert cards == {f"card-{card['id']}" for card in page["cards"] if card["rows"]}
        for card in page["cards"]:
            if card["rows"]:
                agree(card, shown[f"card-{card['id']}"])
            else:
                assert card["note"]
        for table in page["tables"]:
            agree(table, shown[table["title"]])


def test_index_says_what_its_pages_say(sites: Callable[[str], Path]) -> None:
    index = read(sites("full"))
    for page in index["pages"]:
        source = html.unescape(page_of(sites("full"), Path(page["file"]).stem)).replace(NBSP, " ")
        for card in page["cards"]:
            for text in (card["headline"], card["subtitle"]):
                assert f">{text}<" in source
            for metric in card["metrics"]:
                assert f'href="data.html#{metric["id"]}"' in source
        for notice in index["notices"]:
            assert f"<li>{notice}</li>" in source
    assert NBSP not in (sites("full") / "index.json").read_text(encoding="utf-8")


def test_every_key_of_index_is_described(sites: Callable[[str], Path]) -> None:
    described = (ROOT / "docs" / "index-json.md").read_text(encoding="utf-8")
    index = read(sites("full"))
    assert f"version {index['version']}" in described

    def keys(value: Any) -> set[str]:
        if isinstance(value, list):
            return set().union(*map(keys, value))
        return set(value).union(*map(keys, value.values())) if isinstance(value, dict) else set()

    assert {key for key in keys(index) if f"`{key}`" not in described} == set()
    kinds = {one["kind"] for page in index["pages"] for card in page["cards"] for one in card["columns"]}
    assert {kind for kind in kinds if f"`{kind}`" not in described} == set()
