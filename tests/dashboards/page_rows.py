"""The rows of the tables in built pages, as a reader sees them: what a row says, what stands above its columns.

Nothing here knows the release or the code that writes the pages.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path

PARTLY = " (partly observed)"
PERIOD = re.compile(r"(?:\d{1,2} )?[A-Z][a-z]+ \d{4}")
PLATFORMS = {"All platforms": "all", "MediaWiki": "mediawiki", "Slack": "slack", "Yammer": "yammer"}


@dataclass
class Cell:
    """What is written in a cell, and the number or the bounds that it says it holds."""

    text: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass
class Card:
    """A card: its texts, the texts above its columns, its rows. The column that names the rows is called "row"."""

    page: str
    id: str
    has_chart: bool = False
    title: str = ""
    subtitle: str = ""
    caption: str = ""
    text: str = ""
    headings: list[str] = field(default_factory=list)
    rows: list[dict[str, Cell]] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """A row in its card."""

    card: Card
    cells: Mapping[str, Cell]

    @property
    def name(self) -> str:
        """What the first column says."""
        return self.cells["row"].text.removesuffix(PARTLY)

    @property
    def period(self) -> date | None:
        """The period of the row: in the column of periods if there is one, else in the first."""
        return next((day for name in ("period_start", "period", "row")
                     if name in self.cells and (day := day_in(self.cells[name].text))), None)  # fmt: skip

    def heading(self, column: str) -> str:
        """What stands above a column."""
        return self.card.headings[list(self.cells).index(column)]

    def day(self, column: str) -> date | None:
        """The day that a cell names."""
        return day_in(self.cells[column].text)

    def period_above(self, column: str) -> date | None:
        """The period above a column, or above one to its left: bounds stand to the right of their share."""
        return next((day for text in self._headings_from(column) if (day := day_in(text))), None)

    def platform_above(self, column: str) -> str:
        """The platform above a column, or above one to its left."""
        return next(PLATFORMS[text] for text in self._headings_from(column) if text in PLATFORMS)

    def _headings_from(self, column: str) -> list[str]:
        return self.card.headings[list(self.cells).index(column) :: -1]


def day_in(text: str) -> date | None:
    """The first day or month that a text names."""
    for found in PERIOD.findall(text):
        for form in ("%d %b %Y", "%d %B %Y", "%B %Y"):
            try:
                return datetime.strptime(found, form).date()
            except ValueError:
                continue
    return None


def cards_of(site: Path) -> list[Card]:
    """All cards of all pages, with or without a chart."""
    return [card for path in sorted(site.glob("*.html")) for card in _Page(path).cards]


class _Page(HTMLParser):
    """The cards of one page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.page, self.title = path.stem, ""
        self.cards: list[Card] = []
        self.within: list[str] = []
        self.cell: Cell | None = None
        self.feed(path.read_text(encoding="utf-8").replace("\u00a0", " "))
        for card in self.cards:
            card.title = self.title

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "section":
            self.within = []
            name = found.get("id") or ""
            if name.startswith("card-"):
                self.cards.append(Card(self.page, name.removeprefix("card-")))
                self.within.append("card")
        if tag == "h1" or (tag in ("caption", "thead") and "card" in self.within):
            self.within.append(tag)
        elif found.get("class") == "sub" and "card" in self.within:
            self.within.append("sub")
        if "card" not in self.within:
            return
        card = self.cards[-1]
        card.has_chart |= "data-chart" in found
        if tag == "tr" and "thead" not in self.within:
            card.rows.append({})
        elif tag == "th" and "thead" in self.within:
            card.headings.append("")
        elif tag in ("th", "td"):
            said = (found.get(f"data-{name}") for name in ("value", "low", "high"))
            self.cell = Cell("", *(float(text) if text else None for text in said))
            card.rows[-1][found.get("data-column") or "row"] = self.cell

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td"):
            self.cell = None
        elif tag in ("h1", "caption", "thead", "p", "section"):
            ended = {"p": "sub", "section": "card"}.get(tag, tag)
            self.within = [one for one in self.within if one != ended]

    def handle_data(self, data: str) -> None:
        if "h1" in self.within:
            self.title += data
        if "card" not in self.within:
            return
        card = self.cards[-1]
        card.text += data
        if self.cell:
            self.cell.text += data
        elif "thead" in self.within:
            if data.strip():
                card.headings[-1] += data
        elif "caption" in self.within:
            card.caption += data
        elif "sub" in self.within:
            card.subtitle += data
