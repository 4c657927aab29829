"""What an analysis is: a mart that is worked out in Python, because its statistics are no SQL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

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


def as_mart(table: str, rows: list[Row]) -> pl.DataFrame:
    """Rows as a frame with the columns of a mart; what a row does not hold is unknown."""
    columns = MART_SCHEMAS[table].to_schema().columns
    schema = {name: column.dtype.type for name, column in columns.items()}
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
