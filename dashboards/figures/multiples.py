"""Small multiples: one little line chart per unit on a shared scale, with the whole organisation as context."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from dashboards import words
from dashboards.figures import Figure, Spec, runs, time_axis, value_axis
from dashboards.relation import Relation

MOST_PANELS: Final = 12
_PANEL_PIXELS: Final = 150


def multiples(
    relation: Relation, *, panel: str, column: str, context: str, kind: str, bounds: tuple[str, str]
) -> Figure:
    """One panel per value of `panel` in order of appearance; `context` is drawn thin in every panel.

    Where `column` has no value its `bounds` are drawn as a bar, if they are told.
    """
    names = list(dict.fromkeys(relation.values(panel)))
    ends = [high for _, high in _untold(relation, column, bounds, range(relation.frame.height)) if high is not None]
    y_axis = value_axis([*relation.values(column), *relation.values(context), *ends], "ratio")
    data: list[Spec] = []
    columns: list[tuple[str, ...]] = []
    spans: list[tuple[list[date], list[date]]] = []
    lasts: list[str] = []
    for index, name in enumerate(names):
        rows = [i for i, value in enumerate(relation.values(panel)) if value == name]
        starts, ends_on = _pick(relation, "period_start", rows), _pick(relation, "period_end", rows)
        flags = _pick(relation, "is_complete", rows)
        values = _pick(relation, column, rows)
        complete = [value if flag else None for value, flag in zip(values, flags, strict=True)]
        partial = [None if flag else value for value, flag in zip(values, flags, strict=True)]
        place = {"xaxis": _axis("x", index), "yaxis": _axis("y", index)}
        x = [start.isoformat() for start in starts]
        grey = _pick(relation, context, rows)
        data += [
            _line(x, grey, "soft", 1.5) | place | {"hoverinfo": "skip"},
            _line(x, complete, "c1", 2.25) | place | {"hovertemplate": "%{x|%B %Y}: %{y:.1%}<extra></extra>"},
        ]
        columns += [(context,), (column,)]
        if any(value is not None for value in partial):
            marker = {"color": "@card", "size": 5, "line": {"color": "@c1", "width": 1.5}}
            hover = "%{x|%B %Y}: %{y:.1%}, partly observed<extra></extra>"
            data.append(
                {"type": "scatter", "x": x, "y": partial, "mode": "markers", "marker": marker, "hovertemplate": hover}
                | place
            )
            columns.append((column,))
        untold = _untold(relation, column, bounds, rows)
        if any(high is not None for _, high in untold):
            data.append(_bars(x, untold) | place)
            columns.append(bounds)
        told = zip(complete, untold, flags, strict=True)
        said = [words.band(*pair) if value is None else words.told(value) for value, pair, flag in told if flag]
        lasts.append(next((text for text in reversed(said) if text), ""))
        spans.append((starts, ends_on))
    first = min(starts[0] for starts, _ in spans)
    last = max(starts[-1] for starts, _ in spans)

    def layout(*, narrow: bool) -> Spec:
        return _grid(names, lasts, (first, last), y_axis, kind, narrow=narrow)

    height, tall = (_PANEL_PIXELS * -(-len(names) // n) + 20 for n in (4, 2))
    tall += 16 * -(-len(names) // 2)
    return Figure("Small line charts", data, columns, layout(narrow=False), layout(narrow=True), height, tall, panel)


def _grid(
    names: Sequence[str],
    lasts: Sequence[str],
    span: tuple[date, date],
    y_axis: Spec,
    kind: str,
    *,
    narrow: bool,
) -> Spec:
    across = 2 if narrow else 4
    down = -(-len(names) // across)
    height = (_PANEL_PIXELS + (16 if narrow else 0)) * down
    title = 40 if narrow else 24
    layout: Spec = {"hovermode": "closest", "margin": {"l": 8, "r": 8, "t": 4, "b": 16}, "annotations": []}
    dates = time_axis(span, span, kind, narrow=True)
    begin, end = (f"{words.MONTHS[day.month - 1][:3]} {day.year}" for day in span)
    for index, name in enumerate(names):
        row, column = divmod(index, across)
        left, right = column / across + 0.008, (column + 1) / across - 0.028
        upper, lower = 1 - row / down - title / height, 1 - (row + 1) / down + 30 / height
        is_lowest = index + across >= len(names)
        layout[f"xaxis{index + 1 if index else ''}"] = {
            "domain": [left, right], "anchor": _axis("y", index), "range": dates["range"], "type": "date",
            "tickvals": [span[0].isoformat(), span[1].isoformat()], "showticklabels": False, "showline": True,
            "automargin": False,
        }  # fmt: skip
        layout[f"yaxis{index + 1 if index else ''}"] = {
            **y_axis, "domain": [lower, upper], "anchor": _axis("x", index), "dtick": y_axis["range"][1] / 1.02 / 2,
            "showticklabels": column == 0, "automargin": column == 0,
        }  # fmt: skip
        if is_lowest:
            ends = [_corner(begin, left, lower, "left"), _corner(end, right, lower, "right")]
            layout["annotations"] += ends if begin != end else ends[:1]
        label = f"<b>{words.chart_label(name, 16 if narrow else 21, lines=1)}</b>{'<br>' if narrow else ' '}"
        layout["annotations"].append({
            "xref": "paper", "yref": "paper", "x": left, "y": upper + 3 / height, "xanchor": "left",
            "yanchor": "bottom",
            "text": label + lasts[index], "showarrow": False,
            "font": {"size": 12 if narrow else 13, "color": "@ink"}, "align": "left",
        })  # fmt: skip
    return layout


def _corner(text: str, x: float, y: float, side: str) -> Spec:
    return {
        "xref": "paper", "yref": "paper", "x": x, "y": y, "xanchor": side, "yanchor": "top", "yshift": -4, "text": text,
        "showarrow": False, "font": {"size": 11, "color": "@muted"},
    }  # fmt: skip


def _line(x: list[str], y: list[float | None], token: str, width: float) -> Spec:
    alone = {first for first, last in runs([value is not None for value in y]) if first == last}
    return {
        "type": "scatter", "x": x, "y": y, "mode": "lines+markers", "connectgaps": False,
        "line": {"color": f"@{token}", "width": width},
        "marker": {
            "color": f"@{token}", "size": [5 if i in alone else 0 for i in range(len(y))], "opacity": 1,
            "line": {"width": 0},
        },
    }  # fmt: skip


def _untold(
    relation: Relation, column: str, bounds: tuple[str, str], rows: Sequence[int]
) -> list[tuple[float | None, float | None]]:
    """The bounds of each row that has no value."""
    values, low, high = (relation.values(name) for name in (column, *bounds))
    return [(None, None) if values[i] is not None else (low[i], high[i]) for i in rows]


def _bars(x: Sequence[str], untold: Sequence[tuple[float | None, float | None]]) -> Spec:
    across: list[str | None] = []
    up: list[float | None] = []
    for start, (low, high) in zip(x, untold, strict=True):
        if low is not None and high is not None:
            across += [start, start, None]
            up += [low, high, None]
    line = {"color": "@c1-band", "width": 6}
    return {"type": "scatter", "x": across, "y": up, "mode": "lines", "line": line, "hoverinfo": "skip"}


def _axis(letter: str, index: int) -> str:
    return letter if index == 0 else f"{letter}{index + 1}"


def _pick(relation: Relation, column: str, rows: list[int]) -> list[Any]:
    values = relation.values(column)
    return [values[i] for i in rows]
