"""Differences in percentage points around zero: a dot on its interval per row, filled if compared with others."""

from dashboards import words
from dashboards.figures import Figure, Spec
from dashboards.figures.bars import row_axis
from dashboards.figures.dots import intervals
from dashboards.figures.event import signed_ticks, whole_ticks
from dashboards.relation import Relation

ROW_PIXELS = 44
UNKNOWN = "cannot be told"


def differences(relation: Relation, *, names: str, value: str, low: str, high: str, compared: str) -> Figure:
    """The first row on top. Dots are filled where the flag `compared` is true; a row without a value says so."""
    rows, values, flags = (relation.values(name) for name in (names, value, compared))
    places = list(range(len(rows)))
    interval = intervals(relation, low=low, high=high, colour="c2")
    data: list[Spec] = [interval]
    columns: list[tuple[str, ...]] = [(low, high)]
    markers: tuple[Spec, Spec] = ({"color": "@card", "line": {"color": "@c2", "width": 2.5}}, {"color": "@c2"})
    for is_compared, marker in enumerate(markers):
        drawn = [v if bool(flag) == is_compared else None for v, flag in zip(values, flags, strict=True)]
        if any(v is not None for v in drawn):
            data.append({
                "type": "scatter", "x": drawn, "y": places, "mode": "markers", "marker": {"size": 11, **marker},
                "customdata": [words.chart_text(row) for row in rows], "cliponaxis": False,
                "hovertemplate": "%{customdata}: %{x:+.1f} points<extra></extra>",
            })  # fmt: skip
            columns.append((value,))
    ticks = whole_ticks([bound for bound in interval["x"] if bound is not None])
    height = max(150, ROW_PIXELS * len(rows) + 48)

    def layout(*, narrow: bool) -> Spec:
        right = {"xref": "paper", "x": 1, "xanchor": "right", "xshift": 50, "yref": "y", "showarrow": False}
        middle = right | {"x": 0.5, "xanchor": "center", "xshift": 0}
        return {
            "hovermode": "closest",
            "margin": {"l": 8, "r": 56, "t": 8, "b": 8},
            "xaxis": {
                "range": [ticks[0], ticks[-1]], "showgrid": True, "ticks": "", "zeroline": True,
                "zerolinecolor": "@axis", "zerolinewidth": 1.5, **signed_ticks(_fewer(ticks) if narrow else ticks),
            },
            "yaxis": row_axis(rows, narrow=narrow),
            "annotations": [
                right | {"y": place, "text": words.signed(v), "font": {"color": "@c2", "size": 13, "weight": 700}}
                if v is not None else
                middle | {"y": place, "text": UNKNOWN, "bgcolor": "@card", "font": {"color": "@muted", "size": 13}}
                for place, v in enumerate(values)
            ],
        }  # fmt: skip

    return Figure("Dot plot", data, columns, layout(narrow=False), layout(narrow=True), height, height)


def _fewer(ticks: range) -> range:
    """Every other tick where there are more than four, with zero among them."""
    step = 2 * ticks.step
    return ticks if len(ticks) <= 5 else range(-(-ticks[0] // step) * step, ticks[-1] + 1, step)
