"""The card that answers whether a week is out of the ordinary, in place of arrows for every up and down."""

from dataclasses import replace
from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import Card, Key, describe
from dashboards.cards.time import period_column
from dashboards.figures import Figure, Spec
from dashboards.figures.lines import Series, lines
from dashboards.headlines import rooted as headlines
from dashboards.numbers import Fact
from dashboards.relation import Column, Relation
from dashboards.released import Released
from models.metrics.control_chart import ABOVE, BELOW, RUN
from models.statistics.control_chart import BASELINE, FALSE_ALARMS, FEWEST

TABLE: Final = "rel_control_chart"
SUBTITLE: Final = (
    "Share of people who contribute in a week, all platforms, with what is usual: the middle and the natural limits of "
    "the weeks of the same phase"
)
NO_ROSTER: Final = "No roster is loaded, so the size of the organisation, and with it a share, is not known."
WEEKS, DAYS = 8, 28
"""How many of the latest are spoken of."""
_MARK: Final[Spec] = {"symbol": "diamond", "size": 11, "color": "@c2", "line": {"color": "@card", "width": 1}}
_KEYS: Final = (
    Key("n", "band", "usual"),
    Key("c2", "box", "out of the ordinary"),
)


def control_chart_card(released: Released) -> Card:
    """The card of the organisation's weeks."""
    frame = released.series(TABLE, "week").with_columns(
        pl.when("is_signal").then("contributor_ratio").alias("signal_ratio")
    )
    judged = frame.filter(pl.col("is_signal").is_not_null())
    headline = _headline(judged)
    if judged.is_empty():
        why = NO_ROSTER
        if released.has_roster:
            why = (
                f"It takes {FEWEST} wholly observed weeks of an organisation of known size, that differ from each "
                "other."
            )
        return Card("control-chart", headline, SUBTITLE, ("unusual_weeks",), note=why, wide=True)
    relation = Relation(
        SUBTITLE,
        (
            period_column("week"),
            Column("contributor_ratio", "Share", "ratio", "not wholly observed"),
            Column("signal_ratio", "Out of the ordinary", "ratio", ""),
            Column("rule", "By rule", "text", ""),
            Column("centre_ratio", "Usual", "ratio", ""),
            Column("low_ratio", "from", "ratio", ""),
            Column("high_ratio", "to", "ratio", ""),
        ),
        frame,
    )
    series = (
        Series("centre_ratio", "usual", "n", 1.5, "low_ratio", "high_ratio", complete=""),
        Series("contributor_ratio", "", "c1"),
    )
    figure = _marked(lines(relation, series, kind="week", axis="ratio"), relation)
    metrics = ("unusual_weeks", "unusual_days")
    alt = describe("Line chart", relation, ["contributor_ratio", "centre_ratio"], period="week")
    n_signals = int(judged["is_signal"].sum())
    alt += f" {words.count(n_signals, 'week')} out of the ordinary."
    return Card("control-chart", headline, SUBTITLE, metrics, relation, figure, alt, _basis(released, judged), _KEYS,
                wide=True, facts=_counted(released, judged))  # fmt: skip


def _counted(released: Released, judged: pl.DataFrame) -> tuple[Fact, ...]:
    """The weeks and days of which the sentences speak."""
    lately, days = judged.tail(WEEKS), _latest_days(released)
    signals = lately.filter(pl.col("is_signal") & (pl.col("rule") != RUN))
    counts = {
        "latest weeks": lately.height, "latest weeks above": signals["side"].eq(ABOVE).sum(),
        "latest weeks below": signals["side"].eq(BELOW).sum(), "weeks with a signal": judged["is_signal"].sum(),
        "latest days": days.height, "latest days with a signal": days["is_signal"].sum() if days.height else 0,
        "n_baseline": judged["n_baseline"][0],
    }  # fmt: skip
    return tuple(Fact(f"{TABLE}/rows/{what}", int(n), "count") for what, n in counts.items())


def _latest_days(released: Released) -> pl.DataFrame:
    days = released.series(TABLE, "day")
    return days.filter(pl.col("is_signal").is_not_null()).tail(DAYS) if days.height else days


def _headline(judged: pl.DataFrame) -> str:
    lately, outside = judged.tail(WEEKS), judged.filter(pl.col("is_signal") & (pl.col("rule") != RUN))
    sides = outside.filter(pl.col("period_start").is_in(lately["period_start"].implode()))["side"]
    runs = lately.filter(pl.col("rule") == RUN)["side"]
    since = outside["period_start"].max()
    return headlines.usual_weeks(
        lately.height,
        above=int(sides.eq(ABOVE).sum()),
        below=int(sides.eq(BELOW).sum()),
        run=runs[-1] if runs.len() else None,
        since=words.month(since) if since else "",  # type: ignore[arg-type]  # the largest of days is a day
    )


def _marked(figure: Figure, relation: Relation) -> Figure:
    """The chart with a mark on each week that is out of the ordinary."""
    marks: Spec = {
        "type": "scatter", "x": [day.isoformat() for day in relation.values("period_start")],
        "y": relation.values("signal_ratio"), "mode": "markers", "marker": _MARK, "cliponaxis": False,
        "hovertemplate": "out of the ordinary<extra></extra>",
    }  # fmt: skip
    return replace(figure, data=[*figure.data, marks], columns=[*figure.columns, ("signal_ratio",)])


def _basis(released: Released, judged: pl.DataFrame) -> str:
    """What is usual, how often chance alone gives a signal, and the days."""
    parts = [
        f"Usual is the mean of the first {judged['n_baseline'][0]} observed weeks, and after eight in a row on one "
        f"side of it that of up to {BASELINE} weeks from the start of that run, so recent weeks may be judged by "
        "limits that they help to set. The limits lie three spreads above and below. In simulated series in which "
        f"nothing changes {words.percent(FALSE_ALARMS['outside'])} of weeks lie outside by chance, and "
        f"{words.percent(FALSE_ALARMS['any_in_52'])} of the series show some sign in a year; "
        "where weeks resemble the week before, more do. So one is a question, not a finding. Holidays show too."
    ]
    known = _latest_days(released)
    if known.height:
        unlike = int(known["is_signal"].sum())
        parts.append(
            f"Of the latest {words.count(known.height, 'observed day')}, {unlike or 'none'} "
            f"{'is' if unlike <= 1 else 'are'} unlike what is usual on that day of the week."
        )
    return " ".join(parts)
