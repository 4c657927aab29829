"""The marts: true figures per period, platform and unit. What leadership may see of them is decided in `release`.

Their columns stand in the metric registry; here they become table schemas.
"""

from collections.abc import Mapping
from typing import Any, Final

import pandera.polars as pa
import polars as pl

from models.metrics import MARTS, Column
from models.metrics import Mart as Entry
from models.schemas.base import PERIOD_KINDS, Table


class Mart(Table):
    """The columns with which every mart starts."""

    period_kind: str = pa.Field(
        isin=PERIOD_KINDS, description="day, week (ISO, from Monday), month, or history: every day up to the as-of day."
    )
    period_start: pl.Date = pa.Field(description="First day.")
    period_end: pl.Date = pa.Field(description="Last day.")
    platform: str = pa.Field(description="One platform, or all.")
    unit: str = pa.Field(description="One unit, or all.")
    is_complete: bool = pa.Field(description="Every day is observed on every platform that still delivers.")
    n_observed_days: pl.Int64 = pa.Field(ge=0, description="Fully observed days.")
    n_eligible: pl.Int64 = pa.Field(ge=0, description="People employed on at least half of the days.")


PERIOD_KEY: Final = ("period_kind", "period_start", "platform", "unit")
"""Tells the rows of every mart apart, with the keys of its own."""

_TYPES: Final[Mapping[str, Any]] = {
    "count": pl.Int64, "share": pl.Float64, "number": pl.Float64, "flag": bool, "text": str, "day": pl.Date,
}


def _field(column: Column) -> Any:
    bounds: dict[str, Any] = {}
    if column.kind == "count":
        bounds = {"ge": column.at_least}
    elif column.kind == "share":
        bounds = {"ge": 0, "le": 1}
    if column.one_of:
        bounds["isin"] = column.one_of
    return pa.Field(nullable=column.is_nullable, description=column.description, **bounds)


def _schema(table: str, description: str, entry: Entry) -> type[Mart]:
    unique = [*PERIOD_KEY, *(column.name for column in entry.keys)]
    body: dict[str, Any] = {
        "__doc__": description,
        "__module__": __name__,
        "__annotations__": {column.name: _TYPES[column.kind] for column in entry.columns},
        "Config": type("Config", (Mart.Config,), {"unique": unique}),
    }
    body |= {column.name: _field(column) for column in entry.columns}
    return type(table, (Mart,), body)


MART_SCHEMAS: Final[Mapping[str, type[Mart]]] = {
    name: _schema(name, entry.description, entry) for name, entry in MARTS.items()
}
RELEASED_SCHEMAS: Final[Mapping[str, type[Mart]]] = {
    entry.released_as: _schema(entry.released_as, entry.released_rows, entry)
    for entry in MARTS.values()
    if entry.released_as
}
"""The cut of a mart that leadership may see, with the same columns."""
