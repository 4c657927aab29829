"""Matrix: what is known of each two of a list of names, as a mark per pair."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dashboards import words
from dashboards.figures import Figure, Spec
from dashboards.figures.bars import row_axis
from dashboards.relation import Relation

_ROW_PIXELS: Final = 30


@dataclass(frozen=True, slots=True)
class Mark:
    """How a state is drawn: told apart by its form too, for those who see no colours and for print."""

    label: str
    token: str
    symbol: str
    size: int = 13


def matrix(relation: Relation, *, one: str, other: str, state: str, marks: Mapping[str, Mark]) -> Figure:
    """A row and a column per name, in order of the alphabet; columns are numbered like the rows.

    Each pair stands in the relation once and is drawn twice, on either side of the empty diagonal.
    """
    pairs = list(zip(relation.values(one), relation.values(other), relation.values(state), strict=True))
    names = sorted({name for first, second, _ in pairs for name in (first, second)})
    place = {name: index for index, name in enumerate(names)}
    data: list[Spec] = []
    for value, mark in marks.items():
        found = [pair for a, b, own in pairs if own == value for pair in ((a, b), (b, a))]
        if not found:
            continue
        data.append({
            "type": "scatter", "mode": "markers", "name": mark.label, "cliponaxis": False,
            "x": [place[second] for _, second in found], "y": [place[first] for first, _ in found],
            "customdata": [f"{words.chart_text(a)} and {words.chart_text(b)}: {mark.label}" for a, b in found],
            "marker": {
                "color": f"@{mark.token}", "symbol": mark.symbol, "size": mark.size,
                "line": {"color": f"@{mark.token}", "width": 2 if mark.symbol.endswith("open") else 0},
            },
            "hovertemplate": "%{customdata}<extra></extra>",
        })  # fmt: skip
    height = _ROW_PIXELS * len(names) + 48
    numbered = [f"{index + 1} {words.clean(name)}" for index, name in enumerate(names)]

    def layout(*, narrow: bool) -> Spec:
        return {
            "hovermode": "closest", "margin": {"l": 8, "r": 16, "t": 8, "b": 8},
            "xaxis": {
                "range": [-0.6, len(names) - 0.4], "side": "top", "tickvals": list(range(len(names))),
                "ticktext": [str(index + 1) for index in range(len(names))], "tickfont": {"color": "@ink"},
                "ticks": "", "showgrid": True,
            },
            "yaxis": row_axis(numbered, narrow=narrow) | {"showgrid": True},
        }  # fmt: skip

    return Figure("Matrix", data, [() for _ in data], layout(narrow=False), layout(narrow=True), height, height)
