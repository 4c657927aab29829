"""What all charts share: the figure itself, template, axes, ticks, end labels, hatching of what was not observed.

Specs are plain dicts of Plotly's schema; colours are `@token` names. One module per chart type lies beside this one.
"""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, log10
from typing import Any, Final, Literal

from dashboards import words

Spec = dict[str, Any]
Axis = Literal["ratio", "count", "decimal"]

DAY_MS: Final = 86_400_000
AROUND_PLOT: Final = 60
"""Pixels of a line chart's height that its plot leaves to ticks and margins."""
CONFIG: Final[Spec] = {
    "displayModeBar": False,
    "displaylogo": False,
    "plotlyServerURL": "",
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
    "typesetMath": False,
}
TEMPLATE: Final[Spec] = {
    "layout": {
        "font": {"family": "system-ui, -apple-system, Segoe UI, Roboto, sans-serif", "size": 13, "color": "@ink"},
        "paper_bgcolor": "@clear",
        "plot_bgcolor": "@clear",
        "margin": {"l": 8, "r": 12, "t": 16, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "separators": ".,",
        "hovermode": "x unified",
        "hoverlabel": {"bgcolor": "@card", "bordercolor": "@axis", "font": {"color": "@ink", "size": 13}},
        "xaxis": {
            "showgrid": False, "zeroline": False, "automargin": True, "fixedrange": True, "linecolor": "@axis",
            "gridcolor": "@grid", "ticks": "outside", "tickangle": 0, "ticklen": 4, "tickcolor": "@axis",
            "tickfont": {"color": "@muted"},
        },
        "yaxis": {
            "gridcolor": "@grid", "zeroline": False, "automargin": True, "fixedrange": True,
            "tickfont": {"color": "@muted"},
        },
    }
}  # fmt: skip
TICK_FORMATS: Final = {"ratio": ".0%", "count": ",d", "decimal": ".1f"}
HOVER_FORMATS: Final = {"ratio": ".1%", "count": ",d", "decimal": ".2f"}
HOVER_DATES: Final = {"day": "%-d %b %Y", "week": "Week of %-d %b %Y", "month": "%B %Y"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart: traces, and one layout for wide and one for narrow screens.

    `columns` runs parallel to `data` and names the columns of the relation that a trace draws; empty for a marking.
    """

    kind: str
    data: list[Spec]
    columns: list[tuple[str, ...]]
    layout: Spec
    narrow: Spec
    height: int
    narrow_height: int
    panels: str = ""
    """The column of the relation that has a small chart for each of its values, if there are several charts."""

    def spec(self) -> Spec:
        """What `app.js` reads."""
        return {"data": self.data, "layout": self.layout, "narrow": self.narrow}


def nice_top(values: Iterable[float | None], axis: Axis) -> tuple[float, float]:
    """End of a zero-based axis, and the distance of its ticks."""
    largest = max((value for value in values if value is not None), default=0)
    if axis != "count":
        for top, step in (
            (0.04, 0.01),
            (0.06, 0.02),
            (0.08, 0.02),
            (0.1, 0.02),
            (0.2, 0.05),
            (0.25, 0.05),
            (0.4, 0.1),
            (0.6, 0.2),
            (0.8, 0.2),
        ):
            if largest <= top * 0.97:
                return top, step
        return (1.0, 0.25) if axis == "ratio" else (1.0, 0.2)
    rough = max(largest, 4) / 4
    power = 10 ** int(log10(rough))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= rough and s * power == int(s * power))
    return step * ceil(max(largest, 1) / step), step


def value_axis(values: Iterable[float | None], axis: Axis) -> Spec:
    """A zero-based axis for counts or shares."""
    top, step = nice_top(values, axis)
    tick_format = ".1%" if axis == "ratio" and step < 0.01 else TICK_FORMATS[axis]
    return {
        "range": [0, top * 1.02], "tick0": 0, "dtick": step, "tickformat": tick_format,
        "hoverformat": HOVER_FORMATS[axis],
    }  # fmt: skip


def time_axis(starts: Sequence[date], ends: Sequence[date], kind: str, *, narrow: bool, pad: float = 0.5) -> Spec:
    """A date axis with at most eight (narrow: four) ticks at the first of a month, or at days for a short span."""
    step = {"day": 1, "week": 7, "month": 30}[kind]
    before = timedelta(days=step * pad)
    axis: Spec = {
        "type": "date",
        "range": [_stamp(starts[0], -before), _stamp(starts[-1], before)],
        "hoverformat": HOVER_DATES[kind],
    }
    n_days = (starts[-1] - starts[0]).days + 1
    most = 4 if narrow else 8
    if kind == "month" or n_days > 75:
        months = n_days / 30.4
        every = next((m for m in (1, 2, 3, 4, 6, 12, 24, 60) if months / m <= most), 120)
        if kind == "month" and len(starts) <= most:
            every = 1
        return axis | {
            "tick0": f"{starts[0].year}-01-01", "dtick": f"M{every}",
            "tickformat": "%Y" if every >= 12 else "%b\n%Y",
        }  # fmt: skip
    every = next((d for d in (1, 2, 7, 14, 28) if n_days / d <= most), 28)
    if kind == "week":
        every = max(every, 7)
    return axis | {"tick0": starts[0].isoformat(), "dtick": every * DAY_MS, "tickformat": "%-d %b\n%Y"}


def _stamp(day: date, shift: timedelta) -> str:
    hours = round(shift.total_seconds() / 3600)
    whole, rest = divmod(hours, 24)
    return f"{(day + timedelta(days=whole)).isoformat()} {rest:02d}:00"


def hatching(
    starts: Sequence[date], ends: Sequence[date], observed: Sequence[bool], top: float, pad: float
) -> Spec | None:
    """One marking over all periods that were not observed at all."""
    xs: list[str | None] = []
    ys: list[float | None] = []
    for first, last in _runs([not flag for flag in observed]):
        width = (ends[first] - starts[first]).days + 1
        left = _stamp(starts[first], timedelta(days=-pad * width))
        right = _stamp(starts[last], timedelta(days=pad * width))
        xs += [left, left, right, right, left, None]
        ys += [0, top, top, 0, 0, None]
    if not xs:
        return None
    return {
        "type": "scatter", "x": xs, "y": ys, "mode": "lines", "line": {"width": 0}, "fill": "toself",
        "fillcolor": "@band", "fillpattern": {"shape": "/", "size": 7, "fgcolor": "@soft", "bgcolor": "@band"},
        "hoverinfo": "skip",
    }  # fmt: skip


def _runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """First and last index of every run of true flags."""
    runs: list[tuple[int, int]] = []
    for index, flag in enumerate(flags):
        if flag and runs and runs[-1][1] == index - 1:
            runs[-1] = (runs[-1][0], index)
        elif flag:
            runs.append((index, index))
    return runs


runs = _runs


def spread(positions: Sequence[float], gap: float, limit: float) -> list[float]:
    """Pixels from the top, pushed apart to `gap` in their order and kept within `limit`."""
    order = sorted(range(len(positions)), key=lambda index: positions[index])
    placed = list(positions)
    for _ in range(len(positions)):
        for above, below in pairwise(order):
            if placed[below] - placed[above] < gap:
                middle = (placed[above] + placed[below]) / 2
                placed[above], placed[below] = middle - gap / 2, middle + gap / 2
    over = max(placed, default=0) - limit
    return [position - max(0, over) for position in placed]


@dataclass(frozen=True, slots=True)
class EndLabel:
    """What stands right of a line: its name, its last complete value, its colour; `at` where the line ends early."""

    name: str
    text: str
    token: str
    value: float
    at: str = ""


def end_labels(labels: Sequence[EndLabel], top: float, plot_pixels: float, *, narrow: bool) -> list[Spec]:
    """Labels right of the plot, none over another; those of lines that end early stand above their last point.

    On a narrow screen the value stands below the name.
    """
    outside = [label for label in labels if not label.at]
    between = "<br>" if narrow and any(label.name for label in outside) else " "
    pixels = [(1 - label.value / top) * plot_pixels for label in outside]
    placed = spread(pixels, 36 if between == "<br>" else 18, plot_pixels)
    texts = [f"<b>{one.name}</b>{between}{one.text}" if one.name else f"<b>{one.text}</b>" for one in outside]
    right = {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 6, "yanchor": "middle", "align": "left"}
    above = {"xref": "x", "xanchor": "right", "yanchor": "bottom", "yshift": 6}
    return [
        right | _label(one, text) | {"yshift": round(old - new, 1)}
        for one, text, old, new in zip(outside, texts, pixels, placed, strict=True)
    ] + [above | _label(one, f"<b>{one.name}</b> {one.text}") | {"x": one.at} for one in labels if one.at]


def _label(one: EndLabel, text: str) -> Spec:
    font = {"color": f"@{one.token}", "size": 13}
    return {"yref": "y", "y": one.value, "text": text, "showarrow": False, "font": font}


def label_margin(texts: Iterable[str]) -> int:
    """Room right of the plot for end labels."""
    return min(210, 18 + max((round(8.8 * len(html.unescape(text))) for text in texts), default=0))


def value_text(value: float | None, axis: Axis) -> str:
    """The value at the end of a line."""
    if value is None:
        return ""
    if axis == "ratio":
        return words.told(value)
    return words.rounded(value, 2) if axis == "decimal" else words.count(int(value))
