"""Rows of released tables as arguments of judgements and sentences: shares, changes, the words for their period."""

from typing import Final

import polars as pl

from dashboards import words
from dashboards.released import Released, Row
from models.comparison import Change, Share, change_of_share, change_of_value, share_of

RECENT_DAYS: Final = 100
"""What ended longer ago calls for nothing today."""


def at(series: pl.DataFrame, period: Row | None) -> Row | None:
    """The complete row of the same period in another scope."""
    if period is None or series.is_empty():
        return None
    rows = series.filter((pl.col("period_start") == period["period_start"]) & pl.col("is_complete"))
    return rows.row(0, named=True) if rows.height else None


def count(row: Row | None, column: str = "n_contributors") -> int | None:
    """The row's count of `column`."""
    return row[column] if row else None


def share(row: Row | None, column: str = "n_contributors") -> Share | None:
    """The row's people of `column` among its eligible people."""
    return share_of(row[column], row["n_eligible"], is_coarse=is_coarse(row)) if row else None


def is_coarse(row: Row | None) -> bool:
    """Whether the row's counts are told in fives."""
    return bool(row and row.get("is_coarse"))


def band(row: Row | None, ratio: str) -> str:
    """The bounds of the row's share in words, where no value is told of it; else nothing."""
    return words.band(row[f"{ratio}_low"], row[f"{ratio}_high"]) if row and row[ratio] is None else ""


def change(now: Row | None, then: Row | None, column: str = "n_contributors") -> Change | None:
    """The change of that share."""
    current, earlier = share(now, column), share(then, column)
    return change_of_share(current, earlier) if current and earlier else None


def value_change(now: Row | None, then: Row | None, column: str) -> Change | None:
    """The change of a ratio that has no interval."""
    if now is None or then is None or now[column] is None or then[column] is None:
        return None
    return change_of_value(now[column], then[column])


def is_recent(released: Released, row: Row | None) -> bool:
    """Whether a period is near enough to act upon."""
    return bool(row and released.as_of and (released.as_of - row["period_end"]).days <= RECENT_DAYS)


def when(kind: str, row: Row | None) -> str:
    """The period of the row, as it follows "in"."""
    return words.period(kind, row["period_start"]) if row else ""
