"""Curves of survival: one falling line of steps with its interval per group, over days since the beginning."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from dashboards import words
from dashboards.figures import Figure, Spec
from dashboards.relation import Relation

QUARTERS: Final = {0: "start", 91: "3 months", 182: "6", 273: "9", 364: "12"}
"""Ticks of a year; the table has the days."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of the relation: what tells the lines apart, the day, the share, its bounds."""

    line: str
    day: str
    value: str
    low: str
    high: str


def survival(relation: Relation, columns: Columns, tokens: Sequence[tuple[str, str]], *, height: int = 330) -> Figure:
    """A line per pair of a value of `columns.line` and a colour; a share holds until the next drawn day."""
    data: list[Spec] = []
    drawn: list[tuple[str, ...]] = []
    for name, token in tokens:
        data.append(_band(relation, columns, name, token))
        drawn.append((columns.low, columns.high))
    for name, token in tokens:
        rows = _rows(relation, columns, name)
        data.append({
            "type": "scatter", "mode": "lines", "name": words.chart_text(name),
            "x": [row[0] for row in rows], "y": [row[1] for row in rows], "cliponaxis": False,
            "line": {"color": f"@{token}", "width": 2.5, "shape": "hv"},
            "hovertemplate": f"{words.chart_text(name)} %{{y:.0%}}<extra></extra>",
        })  # fmt: skip
        drawn.append((columns.value,))
    last = max(relation.values(columns.day))

    def layout(*, narrow: bool) -> Spec:
        ticks = {day: text for day, text in QUARTERS.items() if day <= last}
        return {
            "margin": {"l": 8, "r": 24, "t": 8, "b": 8},
            "xaxis": {
                "range": [-3, max(last, 28) + 3], "tickvals": list(ticks), "hoverformat": "d",
                "ticktext": [text.split()[0] if narrow and day > 91 else text for day, text in ticks.items()],
                "unifiedhovertitle": {"text": "Day %{x}"},
            },
            "yaxis": {"range": [0, 1.02], "tick0": 0, "dtick": 0.25, "tickformat": ".0%", "hoverformat": ".0%"},
        }  # fmt: skip

    return Figure("Line chart", data, drawn, layout(narrow=False), layout(narrow=True), height, height)


def _rows(relation: Relation, columns: Columns, name: str) -> list[tuple[int, float, float | None, float | None]]:
    read = (columns.line, columns.day, columns.value, columns.low, columns.high)
    rows = zip(*(relation.values(column) for column in read), strict=True)
    return sorted((row[1:] for row in rows if row[0] == name), key=lambda row: row[0])


def _band(relation: Relation, columns: Columns, name: str, token: str) -> Spec:
    """One box from each day with bounds to the next day."""
    xs: list[int | None] = []
    ys: list[float | None] = []
    for (day, _, low, high), (following, *_) in pairwise(_rows(relation, columns, name)):
        if low is not None and high is not None:
            xs += [day, following, following, day, None]
            ys += [low, low, high, high, None]
    return {
        "type": "scatter", "x": xs, "y": ys, "mode": "lines", "line": {"width": 0}, "fill": "toself",
        "fillcolor": f"@{token}-band", "hoverinfo": "skip",
    }  # fmt: skip
