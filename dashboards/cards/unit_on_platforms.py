"""The card of one unit on each platform by month, and why it is not told where it is not."""

from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import Card, Key, describe_rows
from dashboards.cards.groups import IN_FIVES
from dashboards.cards.time import period_column, within_complete
from dashboards.cards.unit_platforms import METRICS, NOTHING, TABLE
from dashboards.figures.multiples import MOST_PANELS, multiples
from dashboards.headlines import beside as headlines
from dashboards.relation import Column, Relation
from dashboards.released import Released
from dashboards.unit_state import HIGH, LOW, RATIO, UnitState
from dashboards.unit_state import TABLE as WHOLE_TABLE

SUBTITLE: Final = (
    "Share of people who contribute on each platform, this unit (blue) and the whole organisation (grey), by month"
)
WHY_NOT: Final = (
    "Bars: where fewer than three people of the unit contribute, or fewer than three do not, only \u201cat most\u201d "
    "or \u201cat least\u201d is told. \u201cNot told\u201d is what other figures would give away, or what would tell "
    "of few people together with them."
)


def unit_on_platforms_card(released: Released, state: UnitState) -> Card:
    """A panel per platform."""
    frame = _months(released, state.unit)
    head = ("unit-platforms", _headline(frame, released), SUBTITLE, METRICS)
    if frame.is_empty() or frame[HIGH].is_null().all():
        return Card(*head, note=NOTHING if frame.is_empty() else WHY_NOT, wide=True)
    last = frame.filter("is_complete").group_by("platform_name", maintain_order=True).last()
    untold = last.filter(pl.col(HIGH).is_null())["platform_name"].to_list()
    shown = list(dict.fromkeys(frame["platform_name"]))[:MOST_PANELS]
    relation = Relation(
        SUBTITLE,
        (
            Column("platform_name", "Platform", "text"),
            period_column("month"),
            Column("n_eligible", "People", "count", missing="not shown"),
            Column(RATIO, "This unit", "ratio", complete="is_complete", bounds=(LOW, HIGH)),
            Column(LOW, "95 % from", "ratio", missing="\u2013"),
            Column(HIGH, "to", "ratio", missing="\u2013"),
            Column("whole", "Whole organisation", "ratio", missing=words.NOT_TOLD),
        ),
        within_complete(frame, LOW, HIGH).filter(pl.col("platform_name").is_in(shown)), newest_first=False,
    )  # fmt: skip
    alt = Relation(
        "",
        (
            Column("platform_name", "Platform", "text"),
            Column(RATIO, "last complete month", "ratio", missing=words.NOT_TOLD, bounds=(LOW, HIGH)),
        ),
        last, newest_first=False,
    )  # fmt: skip
    note = f"One scale for all platforms. Somebody who contributes on two counts on both. {WHY_NOT} {IN_FIVES}"
    if untold:
        note = f"Not told of the last whole month: {words.listed(untold)}. {note}"
    return Card(
        *head, relation,
        multiples(relation, panel="platform_name", column=RATIO, context="whole", kind="month", bounds=(LOW, HIGH)),
        describe_rows("Small line charts, one per platform, against the whole organisation", alt), note,
        (Key("c1", "dash", "this unit"), Key("soft", "dash", "whole organisation")), wide=True,
    )  # fmt: skip


def _months(released: Released, unit: str) -> pl.DataFrame:
    """The months of the unit on each platform, one platform after another, with the organisation beside it."""
    frames = []
    for platform in released.platforms:
        own = released.series(TABLE, "month", platform=platform, unit=unit)
        if own.is_empty():
            continue
        whole = released.series(WHOLE_TABLE, "month", platform=platform).select("period_start", whole=RATIO)
        name = pl.lit(words.platform(platform)).alias("platform_name")
        frames.append(own.join(whole, on="period_start", how="left", maintain_order="left").with_columns(name))
    return pl.concat(frames) if frames else pl.DataFrame()


def _headline(frame: pl.DataFrame, released: Released) -> str:
    """On which platform most of the unit contribute, in the last whole month in which a share is told."""
    told = frame.filter(pl.col("is_complete") & pl.col(RATIO).is_not_null()) if frame.height else frame
    if told.is_empty():
        return headlines.on_platforms("", None, period="")
    start = told["period_start"].max()
    first = told.filter(pl.col("period_start") == start).sort(RATIO, "platform_name", descending=[True, False]).row(
        0, named=True
    )  # fmt: skip
    others = {words.platform(name) for name in released.delivering} - {first["platform_name"]}
    # of another the month may not be observed, or nothing be told, and it may still have more
    below = frame.filter(pl.col("is_complete"), pl.col("period_start") == start, pl.col(HIGH) < first[LOW])
    is_most = bool(others) and others <= set(below["platform_name"])
    period = words.month(first["period_start"])
    return headlines.on_platforms(first["platform_name"], first[RATIO], period=period, is_most=is_most)
