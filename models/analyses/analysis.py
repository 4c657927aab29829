"""What an analysis is: a mart that is worked out in Python, because its statistics are no SQL."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import polars as pl

from models.schemas.marts import MART_SCHEMAS

Tables = Mapping[str, pl.DataFrame]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Analysis:
    """A pure function of the tables that it reads; `estimate` returns the columns of its mart in the registry.

    What is drawn at random (permutations, resampling) follows from a fixed seed, so that equal tables give equal rows.
    """

    question: str
    reads: tuple[str, ...]
    estimate: Callable[[Tables], pl.DataFrame]


def histories(tables: Tables, kind: Literal["week", "month"]) -> Iterator[tuple[Row, pl.DataFrame]]:
    """For each platform, and all of them together, the first columns of its whole history, and its weeks or months.

    Of the first columns only `n_eligible` is left to the analysis. Reads `meta` and `prep_period`.
    """
    as_of: date | None = tables["meta"]["as_of_on"][0] if tables["meta"].height else None
    every = tables["prep_period"].filter(pl.col("period_kind") == kind).sort("platform", "period_start")
    for (platform,), periods in every.group_by("platform", maintain_order=True):
        yield {
            "period_kind": "history",
            "period_start": periods["period_start"].min(),
            "period_end": as_of,
            "platform": platform,
            "unit": "all",
            "is_complete": bool(periods["is_complete"].all()),
            "n_observed_days": int(periods["n_observed_days"].sum()),
        }, periods


def as_mart(table: str, rows: list[Row]) -> pl.DataFrame:
    """Rows as a frame with the columns of a mart; what a row does not hold is unknown."""
    columns = MART_SCHEMAS[table].to_schema().columns
    schema = {name: column.dtype.type for name, column in columns.items()}
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
