"""A card with lines over time, and the columns that such cards share."""

from collections.abc import Sequence

import polars as pl

from dashboards.cards import UNOBSERVED, UNOBSERVED_OR_UNTOLD, UNTOLD, Card, Key, describe
from dashboards.cards.groups import group_note
from dashboards.figures import Axis
from dashboards.figures.lines import Reference, Series, lines, told
from dashboards.numbers import Fact
from dashboards.relation import Column, Relation
from dashboards.released import latest_told
from dashboards.targets import Target

PERIOD_TITLES = {"day": "Day", "week": "Week of", "month": "Month"}


def time_card(
    card_id: str, headline: str, subtitle: str, metrics: tuple[str, ...], frame: pl.DataFrame, *,
    columns: Sequence[Column], series: Sequence[Series], kind: str, axis: Axis, keys: Sequence[Key] = (),
    note: str = "", gap: Key = UNOBSERVED,
    missing: str, wide: bool = False, height: int = 320, target: Target | None = None, facts: Sequence[Fact] = (),
) -> Card:  # fmt: skip
    """Lines of `series` over the rows of `frame`; without a single known value the card says `missing` instead.

    `gap` says what is hatched. Of a share that may be told as a band alone, the bounds are drawn too. Where rows are
    about groups, the note says how coarsely they are told. A `target` is a line of its own, and the note says whether
    the last of `series` meets it in its last complete period. `facts` are the numbers of the texts that are in no cell.
    """
    drawn = [one.column for one in series]
    shown = [name for one in series for name in (one.column, one.high) if name]
    if frame.is_empty() or all(frame[name].is_null().all() for name in shown):
        return Card(card_id, headline, subtitle, metrics, note=missing, wide=wide)
    relation = Relation(subtitle, (period_column(kind), *columns), frame)
    keys = (*band_keys(relation, series), *open_keys(relation, series, gap=gap))
    if any(column.bounds or column.kind == "count" for column in columns) and relation.has_groups:
        note = f"{note} {group_note(relation)}".lstrip()
    said = target.sentence(latest_told(frame, drawn[-1], drawn[-1]), drawn[-1]) if target else ""
    figure = lines(
        relation, series, kind=kind, axis=axis, height=height,
        reference=Reference(target.value, target.label) if target else None,
    )  # fmt: skip
    return Card(
        card_id, headline, subtitle, metrics, relation, figure,
        f"{describe('Line chart', relation, drawn, period=kind)} {said}".rstrip(), f"{said} {note}".strip(), keys, wide,
        (*facts, *((target.fact,) if target else ())),
    )  # fmt: skip


def period_column(kind: str) -> Column:
    """The column that names the rows; days carry no completeness of their own windows."""
    return Column("period_start", PERIOD_TITLES[kind], kind, complete="" if kind == "day" else "is_complete")  # type: ignore[arg-type]


def band_keys(relation: Relation, series: Sequence[Series]) -> tuple[Key, ...]:
    """Legend for intervals, only where one is drawn."""
    drawn = [one for one in series if one.low and any(value is not None for value in relation.values(one.low))]
    tone = drawn[-1].colour if len(drawn) == 1 else "n"
    return (Key(tone, "band", "95 % interval"),) if drawn else ()


def open_keys(relation: Relation, series: Sequence[Series], *, gap: Key = UNOBSERVED) -> tuple[Key, ...]:
    """Legend for hollow points and hatching, only where the chart has them."""
    partly = any(
        value is not None and not flag
        for one in series
        for value, flag in zip(relation.values(one.column), relation.flags(one.complete), strict=True)
    )
    key = Key(series[0].colour if len(series) == 1 else "n", "ring", "partly observed")
    return (*((key,) if partly else ()), *(() if all(told(relation, series)) else (gap,)))


def open_bar_keys(
    relation: Relation, columns: Sequence[str], token: str, *, gap: Key = UNOBSERVED
) -> tuple[Key, ...]:
    """The same for bars by period."""
    flags = relation.flags("is_complete")
    known = [any(relation.values(name)[i] is not None for name in columns) for i in range(len(flags))]
    partly = any(value and not flag for value, flag in zip(known, flags, strict=True))
    key = Key(token, "striped", "partly observed")
    return (*((key,) if partly else ()), *(() if all(known) else (gap,)))


def gap_key(frame: pl.DataFrame, *columns: str) -> Key:
    """What is hatched where all `columns` are unknown: whether nothing was observed there, or it is not told."""
    gaps = frame.filter(pl.all_horizontal(pl.col(name).is_null() for name in columns))
    is_observed = gaps["n_observed_days"].fill_null(0) > 0
    if not is_observed.any():
        return UNOBSERVED
    return UNTOLD if is_observed.all() else UNOBSERVED_OR_UNTOLD


def is_untold(frame: pl.DataFrame, *columns: str) -> bool:
    """Whether all `columns` are unknown throughout, though there are observed periods: the release holds them back."""
    is_null = all(frame[name].is_null().all() for name in columns)
    return is_null and bool((frame["n_observed_days"].fill_null(0) > 0).any())


def within_complete(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """The frame with `columns` known in complete periods only: an interval of a partial period would mislead."""
    return frame.with_columns(pl.when("is_complete").then(pl.col(name)).alias(name) for name in columns)
