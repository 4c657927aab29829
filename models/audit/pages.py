"""Whether the tables of the pages tell only what the workbook tells. A figure draws the table below it, no more.

A cell names its column, and its value must stand in a column of that name, or, where the workbook has none of that
name, in some table. It may be told as percent, with the sign of a bar to the left, in milliseconds for days, as a count
over the people of its row, or as the difference of two other cells of the same row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

import polars as pl

from models.audit.findings import Finding

_DIGITS: Final = 9
_SCALES: Final = (1.0, 100.0, -1.0, -100.0, 86_400_000.0)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table of a page; `row` tells the rows of a page apart."""

    page: str
    row: int
    column: str
    value: float


def beyond_workbook(tables: Mapping[str, pl.DataFrame], cells: Iterable[Cell]) -> list[Finding]:
    """One finding for each cell of which the number is not in the workbook."""
    anywhere = set[float]().union(*map(_numbers, tables.values()))
    of_column: dict[str, set[float]] = {}
    for frame in tables.values():
        for name in frame.columns:
            if frame.schema[name].is_numeric():
                of_column.setdefault(name, set()).update(_rounded(frame[name].drop_nulls()))
    of_row: dict[tuple[str, int], list[Cell]] = {}
    for cell in cells:
        of_row.setdefault((cell.page, cell.row), []).append(cell)
    return [
        Finding("not_in_workbook", cell.page, "table", cell.column, "")
        for row in of_row.values()
        for cell in row
        if not _is_told(cell.value, of_column.get(cell.column, anywhere)) and not _is_difference(cell, row)
    ]


def _is_told(value: float, told: set[float]) -> bool:
    return any(round(value / scale, _DIGITS) in told for scale in _SCALES)


def _is_difference(cell: Cell, row: Sequence[Cell]) -> bool:
    others = [other for other in row if other is not cell]
    return any(abs(one.value - other.value - cell.value) < 10**-_DIGITS for one, other in permutations(others, 2))


def _numbers(frame: pl.DataFrame) -> set[float]:
    """Every number of a table, and every count over the people of its row."""
    numeric = [name for name in frame.columns if frame.schema[name].is_numeric()]
    told = {value for name in numeric for value in _rounded(frame[name].drop_nulls())}
    if "n_eligible" in numeric:
        people = frame.filter(pl.col("n_eligible") > 0)
        for name in numeric:
            if name.startswith("n_"):
                told.update(_rounded((people[name] / people["n_eligible"]).drop_nulls()))
    return told


def _rounded(values: pl.Series) -> list[float]:
    return values.cast(pl.Float64).round(_DIGITS).to_list()
