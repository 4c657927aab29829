"""The cards about answers: how many threads nobody answers, and on how few people answering rests."""

from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import Card, Key
from dashboards.cards.time import time_card, within_complete
from dashboards.figures.lines import Series
from dashboards.headlines import enabling as headlines
from dashboards.relation import Column
from dashboards.released import Released, Row, latest, reference
from models.comparison import change_of_share, share_of
from models.metrics.entry import MINIMUM_GROUP

RESPONSES, CHAMPIONS = "rel_responses", "rel_champions"
_REASONS: Final = ("Too few people ask", "no export says to which post an answer belongs")
_GAP: Final = Key("soft", "hatch", "not known, or too few")


def answers_card(released: Released) -> Card:
    """Threads with an answer of another person, by month of the start."""
    months = within_complete(released.series(RESPONSES, "month"), "answered_5d_ratio_low", "answered_5d_ratio_high")
    counts = ("n_answered_5d", "n_old_enough_5d")
    now = latest(months, "answered_5d_ratio", *counts)
    # without a roster nobody knows whether the same people are meant, so nothing is compared over time
    told = months.drop_nulls(counts) if released.has_roster else months.clear()
    then = reference(told, "answered_5d_ratio", now, kind="month")
    share, before = (share_of(*(row[name] for name in counts)) if row else None for row in (now, then))
    return time_card(
        "answers",
        headlines.threads(
            share, change_of_share(share, before) if share and before else None, period=_month(now), before=_month(then)
        ),
        "Share of threads that another person answers, by month of the start; the rest stays without an answer",
        ("answered_1d", "answered_5d"), months,
        columns=(
            Column("answered_5d_ratio", "Within 5 working days", "ratio", missing="not shown", complete="is_complete"),
            Column("answered_5d_ratio_low", "95 % from", "ratio", missing="not shown"),
            Column("answered_5d_ratio_high", "to", "ratio", missing="not shown"),
            Column("answered_1d_ratio", "Within 1 working day", "ratio", missing="not shown", complete="is_complete"),
            Column(
                "median_hours_to_reply", "Half answered after, hours (weekends counted)", "decimal", missing="not known"
            ),
            Column("n_threads", "Threads", "count", missing="not shown"),
        ),
        series=[
            Series("answered_5d_ratio", "In 5 days", "c1", low="answered_5d_ratio_low", high="answered_5d_ratio_high"),
            Series("answered_1d_ratio", "In 1 day", "c3", 2),
        ],
        kind="month", axis="ratio", missing=_missing(released), gap=_GAP,
        note="Over all platforms. Without its text a question cannot be told from any other thread, so every thread "
        "counts, also an announcement that wants no answer: the level says little, a change says more. Answers in "
        "private are not seen. Working days leave out Saturdays and Sundays and have 24 hours each; the hours after "
        "which half are answered run on every day.",
    )  # fmt: skip


def champions_card(released: Released) -> Card:
    """The fewest people with more than half of the first answers, by month; counted, never named."""
    anybody, newcomers = (_asked_by(released, who) for who in ("anybody", "newcomers"))
    frame = _beside(anybody, newcomers)
    now, of_newcomers = (latest(rows, "n_champions", "n_answerers") for rows in (anybody, newcomers))
    if of_newcomers and (now is None or of_newcomers["period_start"] >= now["period_start"]):
        now = of_newcomers
    columns, series = [], []
    for who, title, colour in (("newcomers", "Newcomers", "c2"), ("anybody", "Anybody", "c1")):
        of = f"of {title.lower()}"
        flag = f"is_complete_{who}"
        columns += [
            Column(f"n_champions_{who}", f"Give more than half, {of}", "count", missing="not shown", complete=flag),
            Column(f"n_answerers_{who}", f"Give any, {of}", "count", missing="not shown", complete=flag),
            Column(f"n_answered_{who}", f"Threads answered, {of}", "count", missing="not shown", complete=flag),
        ]
        series.append(Series(f"n_champions_{who}", title, colour, complete=flag))
    return time_card(
        "champions", headlines.champions(now, nouns=released.nouns, period=_month(now)),
        f"Fewest {released.people} who gave more than half of the first answers to threads of newcomers and of "
        "anybody, by month",
        ("champions",), frame, columns=columns, series=series, kind="month", axis="count",
        missing=_missing(released), gap=_GAP,
        note="If these few left or fell silent, more than half of the first answers would have to come from others. "
        f"They are counted and never named; one or two are told as three, and months with fewer than {MINIMUM_GROUP} "
        "answers are not shown. Where nearly everybody gives one answer, nothing rests on few: half of them then give "
        "half of the answers. A newcomer\u2019s first step lies at most 28 days back.",
    )  # fmt: skip


def _missing(released: Released) -> str:
    is_small = released.withholds("organisation_too_small")
    return headlines.missing(_REASONS, has_roster=released.has_roster, is_small=is_small)


def _asked_by(released: Released, who: str) -> pl.DataFrame:
    """The months of one kind of asker."""
    rows = released.tables[CHAMPIONS].filter(pl.col("asked_by") == who)
    return Released({CHAMPIONS: rows}).series(CHAMPIONS, "month")


def _beside(anybody: pl.DataFrame, newcomers: pl.DataFrame) -> pl.DataFrame:
    """Both in one row per month, each with its name in its columns."""
    figures = ["n_champions", "n_answerers", "n_answered", "is_complete"]
    frame = anybody.select("period_start", "period_end", "is_complete")
    for who, rows in (("anybody", anybody), ("newcomers", newcomers)):
        of = rows.select("period_start", *(pl.col(name).alias(f"{name}_{who}") for name in figures))
        frame = frame.join(of, on="period_start", how="left").with_columns(
            pl.col(f"is_complete_{who}").fill_null(value=False)
        )
    return frame.sort("period_start")


def _month(row: Row | None) -> str:
    return words.month(row["period_start"]) if row else ""
