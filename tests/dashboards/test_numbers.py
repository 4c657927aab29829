"""Numbers in sentences: which are found, which cell they name, and that no number of a page is without one."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

from dashboards.numbers import DAY, NUMBER, Fact, Facts, Number
from tests.dashboards.conftest import Tables

OCTOBER, NOVEMBER = "October\u00a02026", "November\u00a02026"
Site = Callable[[str], Path]


def said(text: str, facts: list[Fact], **rest: list[str]) -> list[tuple[str, float, str]]:
    parts = Facts(facts, **rest).parts(text)
    assert "".join(part.text if isinstance(part, Number) else part for part in parts) == text
    return [(part.text, part.value, part.cell) for part in parts if isinstance(part, Number)]


def test_a_number_names_the_cell_of_the_period_beside_it():
    facts = [Fact("a", 0.34, "ratio", NOVEMBER), Fact("b", 0.3449, "ratio", OCTOBER), Fact("c", 0.29, "ratio", OCTOBER)]
    text = f"34% of people contributed in {OCTOBER}, up from 29%"
    assert said(text, facts) == [("34%", 0.3449, "b"), ("29%", 0.29, "c")]
    assert said(f"34% in {NOVEMBER}, 34% in {OCTOBER}", facts) == [("34%", 0.34, "a"), ("34%", 0.3449, "b")]


def test_a_row_is_told_by_the_name_before_it():
    facts = [Fact("s", 0.3, "ratio", "Sales:"), Fact("l", 0.3, "ratio", "Legal:")]
    assert said("Sales: 30%. Legal: 30%", facts) == [("30%", 0.3, "s"), ("30%", 0.3, "l")]


@pytest.mark.parametrize(
    ("text", "fact", "written"),
    [
        ("1,201 people", Fact("x", 1201, "count"), "1,201"),
        ("a Gini of 0.78", Fact("x", 0.7791, "ratio"), "0.78"),
        ("3 points up", Fact("x", -0.0312, "points"), "3"),
        ("6.0 more in 100", Fact("x", 6.02, "pp"), "6.0"),
        ("8.5%, of all", Fact("x", 0.0849, "ratio"), "8.5%"),
        ("lowest 0, highest", Fact("x", 0, "count"), "0"),
    ],
)
def test_a_number_is_found_in_each_way_of_writing_it(text: str, fact: Fact, written: str):
    assert said(text, [fact]) == [(written, fact.value, "x")]


@pytest.mark.parametrize("text", ["35% of people", "13.4% of people", "x34 and 34x", "1,34 of"])
def test_another_number_is_left_alone(text: str):
    assert said(text, [Fact("x", 0.34, "ratio"), Fact("y", 34, "count")]) == []


def test_days_names_and_constants_of_a_definition_are_no_figures():
    facts = [Fact(name, value, "count") for name, value in (("day", 22), ("year", 2026), ("unit", 7), ("window", 28))]
    text = "Unit 7 on 22\u00a0November\u00a02026: 28 people in 28 days"
    assert said(text, facts, names=["Unit 7"], constants=["in the 28 days up to it"]) == [("28", 28, "window")]


def test_markup_of_a_sentence_escapes_what_is_no_number():
    assert Facts([Fact("<&", 5, "count")]).markup("5 <b> & 6") == (
        '<span data-value="5" data-cell="&lt;&amp;">5</span> &lt;b&gt; &amp; 6'
    )


class Texts(HTMLParser):
    """The sentences of a page: the text that stands in no cell, and the marked numbers."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.loose: list[str] = []
        self.numbers: list[tuple[str, str, str]] = []
        self.cells: dict[str, set[str]] = {}
        self.bounds: set[str] = set()
        self.card = self.row = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("meta", "link", "br", "polyline"):
            return
        found = dict(attrs)
        self.open.append((tag, found))
        if tag == "section":
            self.card = (found.get("id") or "").removeprefix("card-")
        self.row = found.get("data-row") or self.row
        if tag == "td":
            column = f"{self.card}/{found.get('data-column')}/{self.row}"
            if value := found.get("data-value"):
                self.cells.setdefault(column, set()).add(value)
            self.bounds |= {value for name in ("data-low", "data-high") if (value := found.get(name))}

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if any(tag in ("script", "style", "title", "table") for tag, _ in self.open):
            return
        _, attributes = self.open[-1] if self.open else ("", {})
        if "data-cell" in attributes:
            self.numbers.append((data, attributes["data-value"] or "", attributes["data-cell"] or ""))
        elif not any("data-value" in found for _, found in self.open):
            self.loose.append(data)


def texts(site: Path) -> Iterator[tuple[str, Texts]]:
    for path in sorted(site.glob("*.html")):
        yield path.stem, Texts(path.read_text(encoding="utf-8"))


def is_written(text: str, value: float) -> bool:
    """Whether a text rounds a value, by arithmetic of its own."""
    number = float(text.rstrip("%").replace(",", ""))
    digits = len(text.rstrip("%").partition(".")[2])
    scales = (100,) if text.endswith("%") else (1, 100)
    return any(abs(number - abs(value) * scale) <= 0.5 * 10**-digits + 1e-6 for scale in scales)


@pytest.mark.parametrize("name", ["full", "unknowns", "tiny", "no_roster", "outnumbered", "hostile"])
def test_a_marked_number_is_what_it_says_and_stands_in_its_cell(name: str, sites: Site, variants: dict[str, Tables]):
    n_cells = 0
    for page, found in texts(sites(name)):
        for text, value, cell in found.numbers:
            assert is_written(text, float(value)), (page, text, value, cell)
            if cell in found.cells:
                n_cells += 1
                assert value in found.cells[cell], (page, text, cell)
            elif cell.startswith("rel_") and "/rows/" not in cell:
                assert stands_in(variants[name], cell, float(value)), (page, text, value, cell)
            else:
                assert "/rows" in cell or value in found.bounds, (page, text, cell)
    assert n_cells > 100 or name == "tiny"


CONSTANTS = (
    # what windows, limits and methods are: none of it changes with the data
    r"95 %",
    r"95 of 100 cases on average: in 91 at least for shares between 10% and 90%, in 83",
    r"92 to 96 of 100|up to 98 of 100|more in 100|\u2212100 to 100",
    r"0: everybody|1: one person|above 0\b|reach 100%|100% means",
    r"\b1, 7 (and|or) 28 days|over contributors of 7 \(or 28\)",
    r"(1|2|5) working days?|(7|28|84|90|180) (observed )?days|first 90\b|91 to 180",
    r"week 3, 5 or 13|after 2, 4 and 12 weeks|after (2|4|12) weeks|[Ww]eeks (5 to 8|9 to 12)|(4|8|13|20) weeks",
    r"12 months|24 hours",
    r"most active 1% and 10%|[Mm]ost active 10?%|1 % \(10 %\)|2 sum\(i x\) - \(n \+ 1\)",
    r"1 to 10\b|[Mm]ore than 10\b|more than 3 a week or 10 a month",
    r"The 4 platforms|first 16 units|\b\d platforms?(?=: Units)",
    r"two of 50 people|(27|28) points|Of 25 first posts|Of 200, beside|headcount of 95%|about 5 points",
    r"\u201cabout 25\u201d is any number from 23 to 27",
    r"at most 15 contributors|at least 3 meetings|1\.2% of weeks|48% of the series|first 20 observed",
    r"WITS 2009, p\. 163-168|more than 13,000 wikis|over 29 months|less than 20%",
    r"Microsoft 365|\(\d+\)\u00a0",
    # from where on something is told, as set or agreed
    r"(under|fewer than|groups of|organisations? of|at least|only of|from|layers of|executives:|takes|needs) \d+\b",
    r"Agreement .* \(\w{8}\)|26 weeks that",
)


@pytest.mark.parametrize("name", ["full", "unknowns", "tiny", "small", "no_roster", "outnumbered", "silent_platform"])
def test_no_number_of_a_chart_page_stands_without_its_cell(name: str, sites: Site, variants: dict[str, Tables]):
    registry = variants[name]["dim_metric"].select(
        pl.concat_str(pl.col("title", "numerator", "denominator", "window"), ignore_nulls=True, separator=" ")
    )
    defined = re.findall(r"\d[\d,.]*(?: ?%| [a-z]+)", " ".join(registry.to_series()))
    loose = []
    for page, found in texts(sites(name)):
        if page in ("data", "measured"):  # definitions and settings
            continue
        for text in found.loose:
            rest = re.sub("|".join(CONSTANTS), "", DAY.sub("", text))
            for one in defined:
                rest = rest.replace(one, "")
            loose += [(page, number.group(), text) for number in NUMBER.finditer(rest)]
    assert loose == []


def stands_in(tables: Tables, cell: str, value: float) -> bool:
    """Whether a released table holds the value in that column, or in a quotient of it and a column or a number."""
    table, column, *_ = cell.split("/")
    frame = tables[table]
    part, _, whole = column.partition(":")
    if part not in frame.columns or "difference" in cell:
        return table in tables
    over = frame[whole] if whole in frame.columns else float(whole or 1)
    values = frame[part].cast(pl.Float64) / over
    return bool(((values - value).abs() < 1e-9).any())
