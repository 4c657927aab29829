"""A difference around an event: one line with its interval over the weeks before and after; zero and start marked."""

from collections.abc import Sequence
from math import ceil, floor
from typing import Final

from dashboards.figures import Figure, Spec
from dashboards.relation import Relation

STEPS: Final = (1, 2, 5, 10, 20, 25, 50)
"""Distances of ticks, in percentage points."""


def around_event(
    relation: Relation, *, week: str, value: str, low: str, high: str, colour: str = "c2", height: int = 330
) -> Figure:
    """Percentage points by week; week 0 is the first after the event, which stands between it and the week before."""
    weeks, lows, highs = (relation.values(name) for name in (week, low, high))
    band: Spec = {
        "type": "scatter", "x": [*weeks, *reversed(weeks)], "y": [*highs, *reversed(lows)], "mode": "lines",
        "line": {"width": 0}, "fill": "toself", "fillcolor": f"@{colour}-band", "hoverinfo": "skip",
    }  # fmt: skip
    line: Spec = {
        "type": "scatter", "x": weeks, "y": relation.values(value), "mode": "lines+markers", "name": "Difference",
        "line": {"color": f"@{colour}", "width": 2.5}, "marker": {"color": f"@{colour}", "size": 6},
        "cliponaxis": False, "hovertemplate": "%{y:+.1f} points<extra></extra>",
    }  # fmt: skip
    ticks = whole_ticks([*lows, *highs])

    def layout(*, narrow: bool) -> Spec:
        return {
            "margin": {"l": 8, "r": 16, "t": 24, "b": 8},
            "xaxis": {
                "range": [min(weeks) - 0.5, max(weeks) + 0.5], "hoverformat": "+d",
                **signed_ticks(range(min(weeks), max(weeks) + 1, 4 if narrow else 2)),
            },
            "yaxis": {
                "range": [ticks[0], ticks[-1]], "zeroline": True, "zerolinecolor": "@axis", "zerolinewidth": 1.5,
                **signed_ticks(ticks),
            },
            "shapes": [
                {"type": "line", "xref": "x", "yref": "paper", "x0": -0.5, "x1": -0.5, "y0": 0, "y1": 1,
                 "line": {"color": "@axis", "width": 1.5, "dash": "dot"}},
            ],
            "annotations": [
                {"xref": "x", "yref": "paper", "x": -0.5, "y": 1, "yanchor": "bottom", "xanchor": "center",
                 "text": "executive begins", "showarrow": False, "font": {"color": "@muted", "size": 12}},
            ],
        }  # fmt: skip

    return Figure(
        "Line chart", [band, line], [(low, high), (value,)], layout(narrow=False), layout(narrow=True), height, height
    )


def whole_ticks(values: Sequence[float]) -> range:
    """At most eight whole numbers over all values and zero."""
    low, high = min(0.0, *values), max(0.0, *values)
    step = next((step for step in STEPS if 6 * step >= high - low), STEPS[-1])
    return range(step * floor(low / step), step * max(1, ceil(high / step)) + 1, step)


def signed_ticks(numbers: range) -> Spec:
    """Ticks with their sign, but for zero."""
    return {"tickvals": list(numbers), "ticktext": [f"{n:+d}".replace("-", "\u2212") if n else "0" for n in numbers]}
