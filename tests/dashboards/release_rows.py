"""How a card of a page is declared to stand in the release, and the look-up of what it should hold."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from tests.dashboards.page_rows import Cell, Line

Row = Mapping[str, Any]
Given = Mapping[str, Any]
"""The released row: columns and their values, or functions that read the value from a line and one of its columns."""


class Release:
    """The released tables, to be asked for single rows."""

    def __init__(self, tables: Mapping[str, pl.DataFrame]) -> None:
        self._tables = tables
        self._found: dict[tuple[str, ...], dict[tuple[Any, ...], list[Row]]] = {}

    def rows(self, table: str, where: Row) -> list[Row]:
        """All rows with these values."""
        names = (table, *where)
        if names not in self._found:
            index = self._found[names] = defaultdict(list)
            for row in self._tables[table].iter_rows(named=True):
                index[tuple(row[name] for name in where)].append(row)
        return self._found[names].get(tuple(where.values()), [])

    def row(self, table: str, where: Row) -> Row:
        """The one row with these values; an empty one if there is none."""
        found = self.rows(table, where)
        assert len(found) < 2, f"{table} has {len(found)} rows with {where}"
        return found[0] if found else {}


@dataclass(frozen=True)
class Of:
    """A released column, in another row than that of the line if `instead` says so."""

    column: str
    instead: Given = field(default_factory=dict)
    table: str = ""
    is_whole: bool = False
    """Told of wholly observed periods only, as an interval of a partly observed one would mislead."""
    has_bounds: bool = False
    """Whether a cell says the bounds of a share of which only they are told, as they are of groups."""
    bounds_whole: bool = True
    """Whether these are told of wholly observed periods only."""


Formula = Callable[[Release, Line, Row], float | Cell | None]
"""What a page works out from released cells, given the released row of its line."""


@dataclass(frozen=True)
class Told:
    """The declaration of a card."""

    table: str
    where: Given
    columns: Mapping[str, Of | Formula]
    part: Callable[[Line], tuple[str, ...]] = lambda _: ()
    """What the line says that is part of the names of released columns."""
    is_of: Callable[[Row], bool] = lambda _: True
    """Of which released rows the card is, beside what all its lines have in common."""
    is_shown: Callable[[Row], bool] = lambda _: True
    """Which of them have a line: all, or those of which enough is told; of a series all from the first such one on."""
    checks_rows: bool = True
    """Whether each of them is looked for in the table."""

    def declares(self, column: str) -> bool:
        """Whether a column of the page is declared; one that is not may hold words only."""
        return self._declared(column) in self.columns

    def _declared(self, column: str) -> str:
        """The name of a column; those of one quantity on several platforms are numbered."""
        return column if column in self.columns else re.sub(r"_\d+$", "", column)

    def row_of(self, line: Line) -> dict[str, Any]:
        """What tells the released row of a line from others."""
        return resolved(self.where, line, "row")

    def expected(self, release: Release, line: Line, column: str) -> Cell:
        """What a cell should hold. A share of which only its bounds are told has no value."""
        source = self.columns[self._declared(column)]
        if not isinstance(source, Of):
            found = source(release, line, release.row(self.table, self.row_of(line)))
            return found if isinstance(found, Cell) else Cell(value=found)
        where = self.row_of(line) | resolved(source.instead, line, column)
        row = release.row(source.table or self.table, where)
        is_open = not row.get("is_complete")
        if source.is_whole and is_open:
            return Cell()
        name = source.column.format(*self.part(line))
        assert not row or name in row, name
        value = row.get(name)
        if value is not None or not source.has_bounds or (source.bounds_whole and is_open):
            return Cell(value=value)
        low, high = row.get(f"{name}_low"), row.get(f"{name}_high")
        return Cell() if None in (low, high) else Cell(low=low, high=high)


def resolved(where: Given, line: Line, column: str) -> dict[str, Any]:
    """The values that a line and a column say."""
    return {name: value(line, column) if callable(value) else value for name, value in where.items()}


def same(names: str) -> dict[str, Of]:
    """Columns of a page that are called as in the release."""
    return {name: Of(name) for name in names.split()}


def whole_only(names: str) -> dict[str, Of]:
    """The same, told of wholly observed periods only."""
    return {name: Of(name, is_whole=True) for name in names.split()}


def interval(name: str, *, is_whole: bool = True) -> dict[str, Of]:
    """A share with its bounds, which may be all that is told of it."""
    ends = {f"{name}_{end}": Of(f"{name}_{end}", is_whole=is_whole) for end in ("low", "high")}
    return {name: Of(name, has_bounds=True, bounds_whole=is_whole)} | ends


def also(columns: Mapping[str, Of], suffix: str, **instead: Any) -> dict[str, Of]:
    """The same columns of another row, with a suffix."""
    return {f"{name}{suffix}": replace(of, instead=instead) for name, of in columns.items()}
