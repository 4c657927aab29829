"""Lines over time: one to four series with interval bands; gaps where unknown, hollow points where partly observed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dashboards import words
from dashboards.figures import (
    AROUND_PLOT,
    HOVER_FORMATS,
    Axis,
    EndLabel,
    Figure,
    Spec,
    end_labels,
    hatching,
    label_margin,
    runs,
    time_axis,
    value_axis,
    value_text,
)
from dashboards.relation import Relation

LABEL_LETTERS: Final = 15
LABEL_LETTERS_NARROW: Final = 12
"""Longer names of lines are shortened in the chart; the table has them in full."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line: the column it draws, its name, its colour, its interval, and the flag of its complete periods."""

    column: str
    label: str
    colour: str = "c1"
    width: float = 2.5
    low: str = ""
    high: str = ""
    complete: str = "is_complete"


@dataclass(frozen=True, slots=True)
class Reference:
    """A level to hold the lines against, and what stands at it."""

    value: float
    label: str


def lines(
    relation: Relation, series: Sequence[Series], *, kind: str, axis: Axis, height: int = 320,
    reference: Reference | None = None,
) -> Figure:  # fmt: skip
    """Direct-labelled lines. Where a period is incomplete the line breaks and a hollow point stands alone."""
    starts, ends = relation.values("period_start"), relation.values("period_end")
    columns = [name for one in series for name in (one.column, one.high) if name]
    levels = [reference.value] if reference else []
    y_axis = value_axis([*levels, *(value for name in columns for value in relation.values(name))], axis)
    top = y_axis["range"][1]
    observed = told(relation, series)
    drawn: list[tuple[Spec | None, tuple[str, ...]]] = [(hatching(starts, ends, observed, top, 0.5), ())]
    drawn += [(_band(relation, one, starts), (one.low, one.high)) for one in series if one.low]
    for one in series:
        drawn += [
            (_line(relation, one, kind, axis), (one.column,)),
            (_hollow(relation, one, kind, axis), (one.column,)),
        ]
    kept = [(trace, names) for trace, names in drawn if trace is not None]

    def layout(*, narrow: bool) -> Spec:
        letters = LABEL_LETTERS_NARROW if narrow else LABEL_LETTERS
        labels = [label for one in series if (label := _end_label(relation, one, axis, letters=letters)) is not None]
        outside = [label for label in labels if not label.at]
        texts = [
            part
            for label in outside
            for part in ((label.name, label.text) if narrow else (f"{label.name} {label.text}".strip(),))
        ]
        return {
            "xaxis": time_axis(starts, ends, kind, narrow=narrow),
            "yaxis": y_axis,
            "margin": {"l": 8, "r": label_margin(texts), "t": 16, "b": 8},
            "annotations": [*end_labels(labels, top, height - AROUND_PLOT, narrow=narrow), *_level_label(reference)],
            **({"shapes": [_level(reference)]} if reference else {}),
        }

    return Figure(
        "Line chart", [trace for trace, _ in kept], [names for _, names in kept],
        layout(narrow=False), layout(narrow=True), height, height,
    )  # fmt: skip


def _level(reference: Reference) -> Spec:
    across = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "layer": "below"}
    line = {"color": "@muted", "width": 1.5, "dash": "dash"}
    return across | {"y0": reference.value, "y1": reference.value, "line": line}


def _level_label(reference: Reference | None) -> list[Spec]:
    if reference is None:
        return []
    place = {"xref": "paper", "x": 0, "xanchor": "left", "yref": "y", "y": reference.value, "yanchor": "bottom"}
    font = {"color": "@muted", "size": 12}
    return [place | {"text": words.chart_text(reference.label), "showarrow": False, "xshift": 4, "font": font}]


def told(relation: Relation, series: Sequence[Series]) -> list[bool]:
    """Of each period, whether any of the lines has a value there or at least its bounds."""
    columns = [relation.values(name) for one in series for name in (one.column, one.high) if name]
    return [any(value is not None for value in values) for values in zip(*columns, strict=True)]


def _said(one: Series) -> str:
    return f"{words.chart_text(one.label)} " if one.label else ""


def _complete(relation: Relation, one: Series) -> list[float | None]:
    pairs = zip(relation.values(one.column), relation.flags(one.complete), strict=True)
    return [value if flag else None for value, flag in pairs]


def _end_label(relation: Relation, one: Series, axis: Axis, *, letters: int) -> EndLabel | None:
    """Name and last complete value, or its band; beside its point where more than a seventh of the time follows it."""
    values = _complete(relation, one)
    bands = _complete_bands(relation, one)
    known = [index for index, value in enumerate(values) if value is not None or bands[index]]
    if not known:
        return None
    last = known[-1]
    value = values[last]
    text = value_text(value, axis)
    if value is None:
        low, high = bands[last] or (0.0, 0.0)
        value, text = (low + high) / 2, words.band(low, high)
    ends_early = len(values) - 1 - last > len(values) / 7
    name = words.chart_label(one.label, letters, lines=1) if one.label else ""
    at = relation.values("period_start")[last].isoformat() if ends_early else ""
    return EndLabel(name, text, one.colour, value, at)


def _complete_bands(relation: Relation, one: Series) -> list[tuple[float, float] | None]:
    """The bounds of the complete periods, where both are told."""
    if not one.low:
        return [None] * relation.frame.height
    triples = zip(relation.values(one.low), relation.values(one.high), relation.flags(one.complete), strict=True)
    return [(low, high) if flag and None not in (low, high) else None for low, high, flag in triples]


def _line(relation: Relation, one: Series, kind: str, axis: Axis) -> Spec | None:
    values = _complete(relation, one)
    spans = runs([value is not None for value in values])
    if not spans:
        return None
    alone = {first for first, last in spans if first == last}
    last_known = spans[-1][1]
    small = 5 if kind == "month" else 0
    sizes = [8 if index == last_known else 6 if index in alone else small for index in range(len(values))]
    return {
        "type": "scatter", "x": _iso(relation.values("period_start")), "y": values, "mode": "lines+markers",
        "name": words.chart_text(one.label or "value"), "line": {"color": f"@{one.colour}", "width": one.width},
        "marker": {"color": f"@{one.colour}", "size": sizes, "opacity": 1, "line": {"width": 0}},
        "connectgaps": False, "cliponaxis": False,
        "hovertemplate": f"{_said(one)}%{{y:{HOVER_FORMATS[axis]}}}<extra></extra>",
    }  # fmt: skip


def _hollow(relation: Relation, one: Series, kind: str, axis: Axis) -> Spec | None:
    flags = relation.flags(one.complete)
    values = [None if flag else value for value, flag in zip(relation.values(one.column), flags, strict=True)]
    if all(value is None for value in values):
        return None
    return {
        "type": "scatter", "x": _iso(relation.values("period_start")), "y": values, "mode": "markers",
        "name": words.chart_text(one.label or "value"), "cliponaxis": False,
        "marker": {
            "color": "@card", "size": 5 if kind == "day" else 7, "line": {"color": f"@{one.colour}", "width": 1.5},
        },
        "hovertemplate": f"{_said(one)}%{{y:{HOVER_FORMATS[axis]}}}, partly observed<extra></extra>",
    }  # fmt: skip


def _band(relation: Relation, one: Series, starts: Sequence[date]) -> Spec | None:
    low, high = relation.values(one.low), relation.values(one.high)
    xs: list[str | None] = []
    ys: list[float | None] = []
    for first, last in runs([None not in pair for pair in zip(low, high, strict=True)]):
        span = range(first, last + 1)
        if first == last:
            day = timedelta(days=1)
            left, right = (starts[first] - day).isoformat(), (starts[first] + day).isoformat()
            xs += [left, right, right, left, None]
            ys += [high[first], high[first], low[first], low[first], None]
            continue
        xs += [*_iso([starts[i] for i in span]), *_iso([starts[i] for i in reversed(span)]), None]
        ys += [*(high[i] for i in span), *(low[i] for i in reversed(span)), None]
    if not xs:
        return None
    return {
        "type": "scatter", "x": xs, "y": ys, "mode": "lines", "line": {"width": 0}, "fill": "toself",
        "fillcolor": f"@{one.colour}-band", "hoverinfo": "skip",
    }  # fmt: skip


def _iso(days: Sequence[date]) -> list[str]:
    return [day.isoformat() for day in days]
