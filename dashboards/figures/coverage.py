"""Coverage strip: per platform, which days are observed, partial or missing."""

from dashboards import words
from dashboards.figures import DAY_MS, Figure, Spec, time_axis
from dashboards.figures.bars import row_axis
from dashboards.relation import Relation

STATES = {"observed": "c1", "partial": "c1", "missing": "band"}


def strip(relation: Relation) -> Figure:
    """One bar per run of days with the same state; the relation has platform, state, first_on, last_on."""
    names = list(dict.fromkeys(relation.values("platform")))
    rows = relation.frame.to_dicts()
    data: list[Spec] = []
    for state, token in STATES.items():
        runs = [row for row in rows if row["state"] == state]
        if not runs:
            continue
        marker: Spec = {"color": f"@{token}", "line": {"width": 0}}
        if state != "observed":
            marker["pattern"] = {
                "shape": "/",
                "fillmode": "overlay",
                "size": 6,
                "fgcolor": "@card" if state == "partial" else "@axis",
            }
        data.append({
            "type": "bar", "orientation": "h", "width": 0.58, "name": state, "marker": marker,
            "base": [row["first_on"].isoformat() for row in runs],
            "x": [((row["last_on"] - row["first_on"]).days + 1) * DAY_MS for row in runs],
            "y": [names.index(row["platform"]) for row in runs],
            "customdata": [
                f"{words.chart_text(words.platform(row['platform']))}: {state}, {_span(row)}" for row in runs
            ],
            "hovertemplate": "%{customdata}<extra></extra>",
        })  # fmt: skip
    first, last = min(row["first_on"] for row in rows), max(row["last_on"] for row in rows)
    height = 44 * len(names) + 52

    def layout(*, narrow: bool) -> Spec:
        axis = time_axis([first, last], [first, last], "day", narrow=narrow, pad=1)
        shown = [words.platform(name) for name in names]
        return {
            "barmode": "overlay", "bargap": 0.4, "hovermode": "closest", "margin": {"l": 8, "r": 20, "t": 4, "b": 8},
            "xaxis": axis, "yaxis": row_axis(shown, narrow=narrow),
        }  # fmt: skip

    return Figure("Timeline", data, [() for _ in data], layout(narrow=False), layout(narrow=True), height, height)


def _span(row: dict[str, object]) -> str:
    first, last = row["first_on"], row["last_on"]
    return words.short_day(first) if first == last else f"{words.short_day(first)} to {words.short_day(last)}"  # type: ignore[arg-type]
