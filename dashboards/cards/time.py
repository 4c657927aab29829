"""A card with lines over time, and the columns that such cards share."""

from collections.abc import Sequence

import polars as pl

from dashboards.cards import UNOBSERVED, Card, Key, describe
from dashboards.figures import Axis
from dashboards.figures.lines import Series, lines
from dashboards.relation import Column, Relation

PERIOD_TITLES = {"day": "Day", "week": "Week of", "month": "Month"}


def time_card(
    card_id: str, headline: str, subtitle: str, metrics: tuple[str, ...], frame: pl.DataFrame, *,
    columns: Sequence[Column], series: Sequence[Series], kind: str, axis: Axis, keys: Sequence[Key] = (),
    note: str = "", gap: Key = UNOBSERVED,
    missing: str, wide: bool = False, height: int = 320,
) -> Card:  # fmt: skip
    """Lines of `series` over the rows of `frame`; without a single known value the card says `missing` instead.

    `gap` says what is hatched.
    """
    drawn = [one.column for one in series]
    if frame.is_empty() or all(frame[name].is_null().all() for name in drawn):
        return Card(card_id, headline, subtitle, metrics, note=missing, wide=wide)
    relation = Relation(subtitle, (period_column(kind), *columns), frame)
    keys = (*band_keys(relation, series), *open_keys(relation, series, gap=gap))
    return Card(
        card_id, headline, subtitle, metrics, relation, lines(relation, series, kind=kind, axis=axis, height=height),
        describe("Line chart", relation, drawn, period=kind), note, keys, wide,
    )  # fmt: skip


def period_column(kind: str) -> Column:
    """The column that names the rows; days carry no completeness of their own windows."""
    return Column("period_start", PERIOD_TITLES[kind], kind, complete="" if kind == "day" else "is_complete")  # type: ignore[arg-type]


def band_keys(relation: Relation, series: Sequence[Series]) -> tuple[Key, ...]:
    """Legend for intervals, only where one is drawn."""
    drawn = [one for one in series if one.low and any(value is not None for value in relation.values(one.low))]
    return (Key(drawn[-1].colour, "band", "95 % interval"),) if drawn else ()


def open_keys(relation: Relation, series: Sequence[Series], *, gap: Key = UNOBSERVED) -> tuple[Key, ...]:
    """Legend for hollow points and hatching, only where the chart has them."""
    partly, known = False, [False] * relation.frame.height
    for one in series:
        for index, value in enumerate(relation.values(one.column)):
            known[index] |= value is not None
            partly |= value is not None and not relation.flags(one.complete)[index]
    key = Key(series[0].colour if len(series) == 1 else "n", "ring", "partly observed")
    return (*((key,) if partly else ()), *(() if all(known) else (gap,)))


def open_bar_keys(relation: Relation, columns: Sequence[str], token: str) -> tuple[Key, ...]:
    """The same for bars by period."""
    flags = relation.flags("is_complete")
    known = [any(relation.values(name)[i] is not None for name in columns) for i in range(len(flags))]
    partly = any(value and not flag for value, flag in zip(known, flags, strict=True))
    key = Key(token, "striped", "partly observed")
    return (*((key,) if partly else ()), *(() if all(known) else (UNOBSERVED,)))


def within_complete(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """The frame with `columns` known in complete periods only: an interval of a partial period would mislead."""
    return frame.with_columns(pl.when("is_complete").then(pl.col(name)).alias(name) for name in columns)
