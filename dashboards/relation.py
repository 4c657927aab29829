"""The relation behind a card: chart, table, headline and alternative text are all read from the same frame."""

import json
from dataclasses import dataclass
from typing import Any, Final, Literal

import polars as pl

from dashboards import words

Kind = Literal["text", "count", "ratio", "decimal", "points", "pp", "day", "week", "month"]
NOT_OBSERVED: Final = "not observed"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the relation. `missing` says what NULL means; `complete` names a flag for partly observed cells.

    `bounds` names the columns of the bounds of a share, which may be all that is told of it, `reason` one that says
    for each row why there is neither. `link` names the column of the pages of the site to which the names of the rows
    lead.
    """

    name: str
    title: str
    kind: Kind
    missing: str = NOT_OBSERVED
    complete: str = ""
    bounds: tuple[str, str] | None = None
    reason: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the visible table: its text, and the number itself (JSON) for machines and tests, or its bounds;
    `link` is where it leads.
    """

    text: str
    value: str | None
    bounds: tuple[str, str] | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """The drawn numbers: the first column names the row."""

    caption: str
    columns: tuple[Column, ...]
    frame: pl.DataFrame
    newest_first: bool = True

    def rows(self) -> list[list[Cell]]:
        """The visible table."""
        return [[_cell(column, row) for column in self.columns] for row in self.shown()]

    def keyed(self) -> list[tuple[str, list[Cell]]]:
        """The visible table, each row with its key."""
        return list(zip(self.keys(), self.rows(), strict=True))

    def shown(self) -> list[dict[str, Any]]:
        """The rows of the frame in the order of the visible table."""
        frame = self.frame.reverse() if self.newest_first else self.frame
        return list(frame.iter_rows(named=True))

    def keys(self) -> list[str]:
        """What tells the shown rows apart: what the first column names, and the period if that is another column."""
        first, *rest = self.columns
        names = (first.name, *(column.name for column in rest if column.kind in ("week", "month")))
        return ["/".join(words.clean(str(row[name])) for name in names) for row in self.shown()]

    def values(self, name: str) -> list[Any]:
        """One column in the order of the chart."""
        return self.frame[name].to_list()

    @property
    def has_groups(self) -> bool:
        """Whether any row's counts of people are told in fives."""
        return "is_coarse" in self.frame.columns and bool(self.frame["is_coarse"].any())

    def n_bands(self, column: Column) -> int:
        """In how many rows only the bounds of a share are told."""
        if not column.bounds:
            return 0
        values, lows = self.values(column.name), self.values(column.bounds[0])
        return sum(value is None and low is not None for value, low in zip(values, lows, strict=True))

    def flags(self, name: str) -> list[bool]:
        """A flag of the rows; true where the frame has no such flag."""
        return self.frame[name].to_list() if name in self.frame.columns else [True] * self.frame.height


def _cell(column: Column, row: dict[str, Any]) -> Cell:
    value = row[column.name]
    if value is None:
        return Cell(_untold(column, row), None, _bounds(column, row))
    number = json.dumps(value) if column.kind in ("count", "ratio", "decimal", "points", "pp") else None
    text = words.told(value, 1) if column.bounds else _text(column.kind, value)
    if column.complete and not row.get(column.complete, True):
        text += " (partly observed)"
    return Cell(text, number, link=row[column.link] if column.link else None)


def _bounds(column: Column, row: dict[str, Any]) -> tuple[str, str] | None:
    bounds = [row[name] for name in column.bounds] if column.bounds else []
    return (json.dumps(bounds[0]), json.dumps(bounds[1])) if bounds and None not in bounds else None


def _untold(column: Column, row: dict[str, Any]) -> str:
    """What stands for NULL: a band where bounds are told, and nothing "not observed" that was."""
    band = words.band(*(row[name] for name in column.bounds)) if column.bounds else ""
    if not band and column.missing == NOT_OBSERVED and row.get("n_observed_days"):
        return words.NOT_TOLD
    return band or row.get(column.reason) or column.missing


def _text(kind: Kind, value: Any) -> str:  # noqa: PLR0911  # one line per kind reads best
    match kind:
        case "count":
            return words.count(value)
        case "ratio":
            return words.percent(value, 1)
        case "decimal":
            return words.decimal(value)
        case "points":
            return words.signed_points(value)
        case "pp":
            return words.signed(value)
        case "month":
            return words.month(value)
        case "day" | "week":
            return words.short_day(value)
        case _:
            return words.clean(value)
