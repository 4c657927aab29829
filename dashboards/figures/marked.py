"""A day marked in a chart over time: a dotted line from top to bottom, and what began there."""

from dataclasses import replace
from datetime import date

from dashboards.figures import Figure, Spec


def marked(figure: Figure, day: date, text: str, *, is_late: bool) -> Figure:
    """The figure with the mark; its words stand left of the line where the day `is_late` in the chart."""
    line = {
        "type": "line", "xref": "x", "yref": "paper", "x0": day.isoformat(), "x1": day.isoformat(), "y0": 0, "y1": 1,
        "line": {"color": "@axis", "width": 1.5, "dash": "dot"},
    }  # fmt: skip
    words = {
        "xref": "x", "yref": "paper", "x": day.isoformat(), "y": 1, "yanchor": "bottom",
        "xanchor": "right" if is_late else "left", "text": text, "showarrow": False,
        "font": {"color": "@muted", "size": 12},
    }  # fmt: skip

    def layout(of: Spec) -> Spec:
        added = {"shapes": [*of.get("shapes", []), line], "annotations": [*of.get("annotations", []), words]}
        return {**of, **added, "margin": {**of["margin"], "t": 24}}

    return replace(figure, layout=layout(figure.layout), narrow=layout(figure.narrow))
