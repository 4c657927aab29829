"""Days marked in a chart over time: a dashed line, a shade where it lasted longer, and a label above the plot."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from dashboards.figures import AROUND_PLOT, Figure, Spec
from dashboards.figures.above import Label, labelled
from dashboards.relation import Relation

HALVES: Final = {"day": 0.5, "week": 3.5}
"""Days between the beginning of a period and its middle: there its point is drawn on the axis."""
WIDE_PIXELS, HALF_PIXELS, NARROW_PIXELS = 545, 416, 250
"""The least room that a chart has: across the page, in one of two columns, on a phone."""
_AXIS_PIXELS: Final = 46
_LINE: Final = 16


@dataclass(frozen=True, slots=True)
class Mark:
    """What is marked from one day to another, both included. `panel` is the only small chart that it belongs to."""

    from_on: date
    to_on: date
    title: str
    panel: str = "all"


def is_over_time(figure: Figure, relation: Relation) -> bool:
    """Whether the rows of the relation are periods along a time axis."""
    has_periods = {"period_start", "period_end"} <= set(relation.frame.columns)
    return has_periods and figure.layout["xaxis"].get("type") == "date"


def dated(figure: Figure, relation: Relation, marks: Sequence[Mark], *, is_wide: bool) -> Figure:
    """The figure with `marks`, in order of time. Markings draw no number, so data and columns stay as they are."""
    kind = next(column.kind for column in relation.columns if column.name == "period_start")
    panels = list(dict.fromkeys(relation.values(figure.panels))) if figure.panels else []

    def layout(of: Spec, pixels: int, height: int) -> Spec:
        shapes, annotations = of.get("shapes", []), of.get("annotations", [])
        ends = _ends(of["xaxis"]["range"])
        is_behind = not figure.kind.startswith("Bars")
        if panels:
            return {**of, "shapes": [*shapes, *_in_panels(marks, panels, kind, ends)]}
        beyond = of.get("margin", {}).get("r", 12)
        width = pixels - _AXIS_PIXELS - beyond
        places = [_share(_place(mark, kind, ends)[0], ends) * width for mark in marks]
        titled = [(mark.from_on, mark.title) for mark in marks]
        labels = labelled(titled, places, width, beyond=0 if _is_labelled_above(of, height) else beyond)
        # what another marking has above the plot already keeps its line
        below = _LINE if any(_is_above(one) for one in annotations) else 0
        drawn = [line for mark in marks for line in _lines(mark, kind, ends, is_behind=is_behind)]
        texts = [_text(one, ends, width, below) for one in labels]
        margin = {**of.get("margin", {}), "t": 24 + below}
        return {**of, "shapes": [*shapes, *drawn], "annotations": [*annotations, *texts], "margin": margin}

    return replace(
        figure, layout=layout(figure.layout, WIDE_PIXELS if is_wide else HALF_PIXELS, figure.height),
        narrow=layout(figure.narrow, NARROW_PIXELS, figure.narrow_height),
    )  # fmt: skip


def _place(mark: Mark, kind: str, ends: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    """Both ends on the axis, where a period reaches half its length to either side of its first day."""
    begin, end = _on_axis(mark.from_on, kind), _on_axis(mark.to_on, kind) + timedelta(days=1)
    if mark.from_on == mark.to_on:
        begin = end = begin + timedelta(hours=12)
    return min(max(begin, ends[0]), ends[1]), min(max(end, ends[0]), ends[1])


def _on_axis(day: date, kind: str) -> datetime:
    half = HALVES.get(kind) or ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day / 2
    return datetime(day.year, day.month, day.day) - timedelta(days=half)


def _lines(mark: Mark, kind: str, ends: tuple[datetime, datetime], *, is_behind: bool) -> list[Spec]:
    """The line of its day; of several days the shade between two lines, but for an end that the chart does not show."""
    begin, end = _place(mark, kind, ends)
    upright = {"yref": "paper", "y0": 0, "y1": 1, "xref": "x", "layer": "below" if is_behind else "above"}
    dashes = {"color": "@muted", "width": 1, "dash": "dash"}
    shade = {
        **upright, "type": "rect", "x0": _stamp(begin), "x1": _stamp(end), "fillcolor": "@n-band", "layer": "below",
        "line": {"width": 0},
    }  # fmt: skip
    shown = [day for day in dict.fromkeys((begin, end)) if ends[0] < day < ends[1]]
    lines: list[Spec] = [{**upright, "type": "line", "x0": _stamp(day), "x1": _stamp(day), "line": dashes}
                         for day in shown]  # fmt: skip
    return [shade, *lines] if begin < end else lines


def _in_panels(
    marks: Sequence[Mark], panels: Sequence[str], kind: str, ends: tuple[datetime, datetime]
) -> list[Spec]:
    """The lines of each small chart; their words stand in the note."""
    shapes = []
    for index, name in enumerate(panels):
        number = str(index + 1) if index else ""
        own = [mark for mark in marks if mark.panel in ("all", name)]
        for line in (line for mark in own for line in _lines(mark, kind, ends, is_behind=True)):
            shapes.append({**line, "xref": f"x{number}", "yref": f"y{number} domain"})
    return shapes


def _text(label: Label, ends: tuple[datetime, datetime], width: float, below: int) -> Spec:
    at = ends[0] + (ends[1] - ends[0]) * (label.place / width)
    return {
        "xref": "x", "x": _stamp(at), "yref": "paper", "y": 1, "yanchor": "bottom", "xanchor": label.anchor,
        "yshift": below, "text": label.text, "showarrow": False, "font": {"color": "@muted", "size": 12},
    }  # fmt: skip


def _is_labelled_above(of: Spec, height: int) -> bool:
    """Whether a label right of the plot reaches above it, to where the names of events stand."""
    beside = [one for one in of.get("annotations", []) if one.get("xref") == "paper" and one.get("xanchor") == "left"
              and one.get("x") == 1]  # fmt: skip
    top = of["yaxis"]["range"][1]
    rooms = [(1 - one["y"] / top) * (height - AROUND_PLOT) - one["yshift"] - _LINE * (1 + one["text"].count("<br>")) / 2
             for one in beside]  # fmt: skip
    return any(room < _LINE / 2 for room in rooms)


def _is_above(annotation: Spec) -> bool:
    return annotation.get("yref") == "paper" and annotation.get("y") == 1 and annotation.get("yanchor") == "bottom"


def _share(at: datetime, ends: tuple[datetime, datetime]) -> float:
    return (at - ends[0]) / (ends[1] - ends[0])


def _ends(span: Sequence[Any]) -> tuple[datetime, datetime]:
    first, last = (datetime.fromisoformat(end) for end in span)
    return first, last


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M")
