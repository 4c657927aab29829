"""The card that sets the platforms side by side."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import polars as pl

from dashboards import headlines, words
from dashboards.cards import Card
from dashboards.cards.time import time_card, within_complete
from dashboards.figures.lines import Series
from dashboards.periods import share
from dashboards.relation import NOT_OBSERVED, Column
from dashboards.released import ALL, Released, latest
from dashboards.tokens import SERIES
from models.comparison import compare_groups

TABLE: Final = "rel_contributor_ratios"
MOST_LINES: Final = 4
BOUNDS: Final = ("contributor_ratio_low", "contributor_ratio_high")


def platform_card(released: Released, *, missing: str) -> Card:
    """Contributors by platform and month: shares of one population with a roster, counts of accounts without."""
    column = "contributor_ratio" if released.has_roster else "n_contributors"
    frame, columns, lines = by_platform(released, released.platforms, column)
    note = "Somebody who contributes on two platforms counts on both."
    if not released.has_roster:
        note = "Without a roster each platform has accounts of its own, so these are counts, not shares."
    if len(released.platforms) > MOST_LINES:
        note += f" The {MOST_LINES} platforms with most contributors are drawn."
    is_share = released.has_roster
    metric = "contributor_ratio" if is_share else "contributors"
    subtitle = "Accounts that contribute on each platform, by month"
    if is_share:
        subtitle = "Share of people who contribute on each platform, by month"
    card = time_card(
        "platforms", _headline(released), subtitle,
        (metric,), frame, columns=columns, series=lines, kind="month", axis="ratio" if is_share else "count",
        note=note, missing=missing, wide=True,
    )  # fmt: skip
    return replace(card, platforms=drawn(released, released.platforms))


def _headline(released: Released) -> str:
    now = []
    for name in released.platforms:
        row = latest(released.series(TABLE, "month", platform=name), "n_contributors")
        part = share(row)
        if row and part:
            now.append((row["period_start"], part, words.platform(name)))
    common = max((start for start, _, _ in now), default=None)
    if common is None:
        return headlines.platforms(None, None, None, period="", noun="")
    shares = [(name, part) for start, part, name in now if start == common]
    period = words.month(common)
    if not released.has_roster:
        name, part = min(shares, key=lambda pair: (-pair[1].n_part, pair[0]))
        n_beaten = 1 if _may_lead(released, common) else len(shares)
        return headlines.platform_counts(
            name, part.n_part, n_beaten, nouns=released.nouns, period=period, is_coarse=part.is_coarse
        )
    first, *others = sorted(shares, key=lambda pair: (-pair[1].ratio, pair[0]))
    second = None if not others or _may_lead(released, common, below=first[1].bounds[0]) else others[0]
    verdict = compare_groups(first[1], second[1]) if second else None
    return headlines.platforms(first, second, verdict, period=period, noun=released.people)


def _may_lead(released: Released, start: date, *, below: float = 1.0) -> bool:
    """Whether a platform of which no share is told in this month may have more contributors than any other.

    Less has only that of which "at most" is told, and no more than `below`; one that is not observed may have any,
    unless its exports have ended.
    """
    rows = released.tables[TABLE].filter(
        (pl.col("period_kind") == "month") & (pl.col("period_start") == start) & pl.col("is_complete")
        & (pl.col("unit") == ALL)
    )  # fmt: skip
    is_less = (pl.col("contributor_ratio_low") == 0) & (pl.col("contributor_ratio_high") < below)
    known = rows.filter(pl.col("n_contributors").is_not_null() | is_less.fill_null(value=False))
    return not set(released.delivering) <= set(known["platform"])


def drawn(released: Released, platforms: Sequence[str]) -> tuple[str, ...]:
    """The platforms with most contributors, as many as a chart can hold, in order of the alphabet."""
    size = {name: released.series(TABLE, "month", platform=name)["n_contributors"].sum() or 0 for name in platforms}
    return tuple(sorted(sorted(size, key=lambda name: -size[name])[:MOST_LINES]))


def by_platform(
    released: Released, platforms: Sequence[str], column: str, *, has_bands: bool = False, missing: str = NOT_OBSERVED
) -> tuple[pl.DataFrame, list[Column], list[Series]]:
    """The months of the organisation with `column` of each platform side by side, a column and a line for each.

    Where there are more than a chart can hold, those that are `drawn`. `has_bands` adds the intervals of a share.
    """
    frame = released.series(TABLE, "month").select("period_start", "period_end", "is_complete", "is_coarse")
    columns, lines = [], []
    for index, name in enumerate(drawn(released, platforms)):
        value, flag, low, high = (f"{one}_{index}" for one in (column, "is_complete", "low", "high"))
        months = released.series(TABLE, "month", platform=name)
        known = within_complete(months, *BOUNDS) if has_bands else months
        rows = known.select(
            "period_start", pl.col(column).alias(value), pl.col("is_complete").alias(flag),
            pl.col(BOUNDS[0]).alias(low), pl.col(BOUNDS[1]).alias(high),
        )  # fmt: skip
        frame = frame.join(rows, on="period_start", how="left").with_columns(pl.col(flag).fill_null(value=False))
        title = words.platform(name)
        columns.append(
            Column(value, title, "ratio", complete=flag, bounds=(low, high)) if column == "contributor_ratio" else
            Column(value, title, "count", complete=flag, missing=missing)
        )  # fmt: skip
        if has_bands:
            columns += [
                Column(name, text, "ratio", missing="\u2013") for name, text in ((low, "95 % from"), (high, "to"))
            ]
        lines.append(Series(value, title, SERIES[index], 2.5, *((low, high) if has_bands else ()), complete=flag))
    return frame.sort("period_start"), columns, lines
