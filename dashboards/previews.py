"""Each page in small: its headline, its main chart as a few lines, and the newest of the chart's numbers.

For those who run Turnout, who see it before they open the site. All of it is read from the relation behind the chart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dashboards.cards import Card
from dashboards.figures import Figure
from dashboards.page import Page
from dashboards.relation import Relation
from dashboards.tokens import LIGHT, SERIES

WIDTH: Final = 360
HEIGHT: Final = 90
_BAR: Final = 12
_MOST_POINTS: Final = 60
_MOST_BARS: Final = 12
_EDGE: Final = 2
_TIMES: Final = ("day", "week", "month")


@dataclass(frozen=True, slots=True)
class Preview:
    """What a page says first. `chart` is SVG of less than a thousand letters, empty where the page draws none.

    `drawn` tells the kind of chart and what its lines or bars are. `rows` are the texts of the first rows of the
    chart's table, the heads among them.
    """

    slug: str
    headline: str
    drawn: str = ""
    chart: str = ""
    caption: str = ""
    rows: Sequence[Sequence[str]] = ()


def previews(pages: Sequence[Page], *, n_rows: int = 6, n_columns: int = 4) -> dict[str, Preview]:
    """Of each page of the menu, by its name."""
    made = {}
    for page in (page for page in pages if not page.parent):
        card = next((card for card in page.cards if card.figure and card.relation), None)
        made[page.slug] = Preview(page.slug, page.title)
        if card and card.figure and card.relation:
            heads = [column.title for column in card.relation.columns[:n_columns]]
            cells = [[cell.text for cell in row[:n_columns]] for row in card.relation.rows()[:n_rows]]
            made[page.slug] = Preview(
                page.slug, page.title, _drawn(card.figure, card.relation), chart(card), card.relation.caption,
                [heads, *cells],
            )  # fmt: skip
    return made


def chart(card: Card) -> str:
    """The main chart of a card: its columns over time as lines, or its first column as bars, one below the other."""
    figure, relation = card.figure, card.relation
    if figure is None or relation is None:
        return ""
    series = [relation.values(name) for name in _columns(figure)]
    known = [value for values in series for value in values if value is not None]
    if not known:
        return ""
    if relation.columns[0].kind in _TIMES:
        low, high = min(0, *known), max(0, *known)
        step = 1 + len(series) * len(series[0]) // _MOST_POINTS
        paths = [_line(values[::-step][::-1], low, high) for values in series]
        return _svg(HEIGHT, zip(paths, SERIES, strict=False), thickness=2)
    bars = series[0][:_MOST_BARS]
    shown = [0, *(value for value in bars if value is not None)]
    return _svg(_BAR * len(bars), [(_bars(bars, min(shown), max(shown)), SERIES[0])], thickness=_BAR - 4)


def _columns(figure: Figure) -> list[str]:
    """The columns of the relation that the chart draws, but intervals."""
    return list(dict.fromkeys(names[0] for names in figure.columns if len(names) == 1))[: len(SERIES)]


def _drawn(figure: Figure, relation: Relation) -> str:
    titles = {column.name: column.title for column in relation.columns}
    names = _columns(figure) if relation.columns[0].kind in _TIMES else _columns(figure)[:1]
    return f"{figure.kind}: {', '.join(titles.get(name, name) for name in names)}" if names else figure.kind


def _line(values: Sequence[float | None], low: float, high: float) -> str:
    """A path through the values from left to right, which a gap interrupts."""
    path, is_down = "", False
    for place, value in enumerate(values):
        if value is not None:
            across = _scaled(place, 0, max(1, len(values) - 1), WIDTH)
            down = HEIGHT - _scaled(value, low, high, HEIGHT)
            path += f"{' ' if is_down else 'M'}{across} {down}"
        is_down = value is not None
    return path


def _bars(values: Sequence[float | None], low: float, high: float) -> str:
    zero = _scaled(0, low, high, WIDTH)
    return "".join(
        f"M{zero} {place * _BAR + _BAR // 2}H{_scaled(value, low, high, WIDTH)}"
        for place, value in enumerate(values)
        if value is not None
    )


def _scaled(value: float, low: float, high: float, length: int) -> int:
    return _EDGE + round((length - 2 * _EDGE) * (value - low) / ((high - low) or 1))


def _svg(height: int, paths: "Sequence[tuple[str, str]] | zip[tuple[str, str]]", *, thickness: int) -> str:
    drawn = "".join(f'<path d="{path}" stroke="{LIGHT[token]}"/>' for path, token in paths if path)
    size = f'width="{WIDTH}" height="{height}" fill="none" stroke-width="{thickness}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{drawn}</svg>'
