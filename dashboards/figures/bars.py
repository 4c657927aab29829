"""Bars: people split into parts by unit, and counts by period above and below zero."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards import words
from dashboards.figures import Figure, Spec, hatching, nice_top, time_axis
from dashboards.relation import Relation

ROW_PIXELS = 34


@dataclass(frozen=True, slots=True)
class Part:
    """One colour of a bar. `sign` -1 draws the count below zero."""

    column: str
    label: str
    token: str
    sign: int = 1


def split_bars(relation: Relation, parts: Sequence[Part], *, names: str) -> Figure:
    """One bar of 100 % per row of the relation, the first row on top."""
    labels = [words.chart_text(name) for name in relation.values(names)]
    places = list(range(len(labels)))
    data: list[Spec] = []
    for part in parts:
        values = relation.values(part.column)
        data.append({
            "type": "bar", "orientation": "h", "x": values, "y": places, "customdata": labels,
            "name": part.label, "marker": {"color": f"@{part.token}", "line": {"color": "@card", "width": 2}},
            "text": [words.percent(v, 0) if v is not None and v >= 0.055 else "" for v in values],
            "textposition": "inside", "insidetextanchor": "middle", "textangle": 0, "constraintext": "inside",
            "textfont": {"color": f"@on-{part.token}", "size": 13},
            "hovertemplate": f"%{{customdata}}: {part.label} %{{x:.1%}}<extra></extra>",
        })  # fmt: skip
    height = max(120, ROW_PIXELS * len(labels) + 40)

    def layout(*, narrow: bool) -> Spec:
        return {
            "barmode": "stack", "bargap": 0.34, "hovermode": "closest",
            "margin": {"l": 8, "r": 28, "t": 4, "b": 8},
            "xaxis": {"range": [0, 1], "dtick": 0.25, "tickformat": ".0%"},
            "yaxis": row_axis(relation.values(names), narrow=narrow),
            "uniformtext": {"minsize": 11, "mode": "hide"},
        }  # fmt: skip

    return Figure(
        "Stacked bars", data, [(part.column,) for part in parts],
        layout(narrow=False), layout(narrow=True), height, height,
    )  # fmt: skip


def row_axis(names: Sequence[str], *, narrow: bool) -> Spec:
    """Names down the side, the first on top."""
    width = 17 if narrow else 26
    return {
        "range": [len(names) - 0.5, -0.5], "showgrid": False, "tickvals": list(range(len(names))),
        "ticktext": [words.chart_label(name, width) for name in names], "tickfont": {"color": "@ink"},
        "ticklabelstandoff": 8,
    }  # fmt: skip


def period_bars(relation: Relation, parts: Sequence[Part], *, kind: str, height: int = 320) -> Figure:
    """Stacked counts by period; a partly observed period is hatched, an unobserved one is shaded."""
    starts, ends = relation.values("period_start"), relation.values("period_end")
    flags = relation.flags("is_complete")
    above = _stack_tops(relation, [part for part in parts if part.sign > 0])
    below = _stack_tops(relation, [part for part in parts if part.sign < 0])
    top, step = nice_top([*above, *below], "count")
    floor = -(-max(below, default=0) // step) * step
    up = -(-max(above, default=0) // step) * step or (0 if floor else top)
    data: list[Spec] = []
    columns: list[tuple[str, ...]] = []
    known = [any(relation.values(part.column)[i] is not None for part in parts) for i in range(len(starts))]
    marking = hatching(starts, ends, known, up, 0.5)
    if marking:
        data.append(marking)
        columns.append(())
    for part in parts:
        values = relation.values(part.column)
        if all(value is None for value in values):
            continue
        data.append({
            "type": "bar", "x": [start.isoformat() for start in starts], "customdata": values, "name": part.label,
            "y": [None if value is None else part.sign * value for value in values],
            "marker": {
                "color": f"@{part.token}", "line": {"width": 0},
                "pattern": {
                    "shape": ["" if flag else "/" for flag in flags], "fillmode": "overlay", "size": 6,
                    "fgcolor": "@card",
                },
            },
            "hovertemplate": f"{part.label}: %{{customdata:,}}<extra></extra>",
        })  # fmt: skip
        columns.append((part.column,))

    def layout(*, narrow: bool) -> Spec:
        ticks = [step * n for n in range(-int(floor // step), int(up // step) + 1)]
        return {
            "barmode": "relative", "bargap": 0.3,
            "xaxis": time_axis(starts, ends, kind, narrow=narrow, pad=0.7),
            "yaxis": {
                "range": [-floor * 1.02, up * 1.02], "tickvals": ticks,
                "ticktext": [words.count(abs(int(t))) for t in ticks],
                "zeroline": True, "zerolinecolor": "@axis", "zerolinewidth": 1,
            },
        }  # fmt: skip

    return Figure("Bars by period", data, columns, layout(narrow=False), layout(narrow=True), height, height)


def _stack_tops(relation: Relation, parts: Sequence[Part]) -> list[int]:
    columns = [relation.values(part.column) for part in parts]
    return [sum(value or 0 for value in stack) for stack in zip(*columns, strict=True)] if columns else []
