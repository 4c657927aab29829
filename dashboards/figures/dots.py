"""Dot plot: one row per unit, now with its interval, and then."""

from dashboards import words
from dashboards.figures import Figure, Spec, nice_top
from dashboards.figures.bars import row_axis
from dashboards.relation import Relation

ROW_PIXELS = 32
NARROW_LABELS, WIDE_LABELS = 56, 92
"""Pixels right of the plot: for a percentage, and for the words that stand where none is told."""


def dots(
    relation: Relation, *, names: str, now: str, low: str, high: str, then: str = "", labels: tuple[str, str]
) -> Figure:
    """Filled dot: now, on its 95 % interval; ring: then, if it is given. `labels` name the two periods.

    Of a row without a value only the interval is drawn, and its label says what is told.
    """
    rows = relation.values(names)
    places = list(range(len(rows)))
    safe = [words.chart_text(name) for name in rows]
    interval = intervals(relation, low=low, high=high, colour="c1")
    earlier = relation.values(then) if then else [None] * len(rows)
    ring = _dots(
        earlier, places, safe, labels[1], {"color": "@card", "line": {"color": "@n", "width": 2}}
    )
    filled = _dots(relation.values(now), places, safe, labels[0], {"color": "@c1"})
    columns: list[tuple[str, ...]] = [(low, high), (then,), (now,)]
    data = [interval, ring, filled]
    if all(value is None for value in earlier):
        del data[1], columns[1]
    top, step = nice_top([*relation.values(high), *earlier], "ratio")
    height = ROW_PIXELS * len(rows) + 48
    bounds = zip(relation.values(low), relation.values(high), strict=True)
    untold = [words.band(*pair) or words.NOT_TOLD for pair in bounds]
    room = WIDE_LABELS if None in relation.values(now) else NARROW_LABELS

    def layout(*, narrow: bool) -> Spec:
        # on a phone five percentages touch each other, and so do four beside words
        is_tight = narrow and (room > NARROW_LABELS or top > 3.5 * step)
        return {
            "hovermode": "closest",
            "margin": {"l": 8, "r": room, "t": 8, "b": 8},
            "xaxis": {
                "range": [0, top * 1.03], "tick0": 0, "dtick": 2 * step if is_tight else step,
                "tickformat": ".0%", "showgrid": True, "ticks": "",
            },
            "yaxis": row_axis(rows, narrow=narrow),
            "annotations": [
                {
                    "xref": "paper", "x": 1, "xanchor": "right", "xshift": room - 6, "yref": "y",
                    "y": i, "text": words.told(value) if value is not None else said, "showarrow": False,
                    "font": {"color": "@c1", "size": 13, "weight": 700} if value is not None else
                    {"color": "@muted", "size": 13},
                }
                for i, (value, said) in enumerate(zip(relation.values(now), untold, strict=True))
            ],
        }  # fmt: skip

    return Figure("Dot plot", data, columns, layout(narrow=False), layout(narrow=True), height, height)


def intervals(relation: Relation, *, low: str, high: str, colour: str) -> Spec:
    """A bar behind the dot of each row from bound to bound; none where one of them is unknown."""
    across: list[float | None] = []
    down: list[int | None] = []
    for place, (left, right) in enumerate(zip(relation.values(low), relation.values(high), strict=True)):
        if left is not None and right is not None:
            across += [left, right, None]
            down += [place, place, None]
    return {
        "type": "scatter", "x": across, "y": down, "mode": "lines", "hoverinfo": "skip",
        "line": {"color": f"@{colour}-band", "width": 10},
    }  # fmt: skip


def _dots(values: list[float | None], places: list[int], names: list[str], label: str, marker: Spec) -> Spec:
    return {
        "type": "scatter", "x": values, "y": places, "mode": "markers", "customdata": names, "name": label,
        "marker": {"size": 11, **marker}, "cliponaxis": False,
        "hovertemplate": f"%{{customdata}}, {label}: %{{x:.1%}}<extra></extra>",
    }  # fmt: skip
