"""Which people a published row is of. A name that is nobody's stands for all values that are not shown by name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from models.audit.atoms import Panel
from models.audit.columns import RELEASED
from models.audit.figures import SLACK, Group, Row
from models.audit.findings import Limits
from models.audit.intervals import Flags

ALL: Final = "all"
EXECUTIVE: Final = "is_executive"
NAMED: Final = "named"
Found = tuple[Row, Flags | None, str]


@dataclass(frozen=True, slots=True)
class Placed:
    """A row and its people; `group` is None if nobody can tell who they are."""

    row: Row
    group: Group | None


def placed(
    table: str, rows: Sequence[Row], panel: Panel, limits: Limits, *, by_unit_before: bool = False,
    named_units: frozenset[str] = frozenset(),
) -> list[Placed]:  # fmt: skip
    """The rows of one table of one panel with their groups.

    With `by_unit_before`, units are those that people were in in the period before. `named_units` are those that the
    release shows by name.
    """
    size = "" if by_unit_before else RELEASED[table].size
    return [
        Placed(row, _group(row, size, atoms, dimension, panel=panel, limits=limits))
        for row, atoms, dimension in people_of(
            table, rows, panel, unit="previous_unit" if by_unit_before else "unit", named_units=named_units
        )
    ]


def people_of(
    table: str, rows: Sequence[Row], panel: Panel, *, unit: str = "unit", named_units: frozenset[str] = frozenset()
) -> Iterator[Found]:
    """Each row with its people (None if nobody can tell) and by what they are told apart, whatever size it says."""
    match RELEASED[table].rows:
        case "unit":
            yield from _by_unit(rows, panel, unit)
        case "executive":
            yield from _by_flag(rows, panel)
        case "breakdown":
            yield from _by_dimension(rows, panel)
        case "layer":
            yield from ((row, panel.where("layer", str(row["layer"])), "layer") for row in rows)
        case "offered":
            yield from _offered(rows, panel, named_units)
        case "named":
            yield from ((row, _of_name(row["shown"], panel), NAMED) for row in rows)
        case "in_units":
            yield from ((row, panel.has("unit"), "unit") for row in rows)
        case _:
            yield from ((row, _whole(panel) if row["unit"] == ALL else None, ALL) for row in rows)


def _group(
    row: Row, size: str, atoms: Flags | None, dimension: str, *, panel: Panel, limits: Limits
) -> Group | None:
    if atoms is None:
        return None
    n = float(panel.size[(atoms if dimension != "previous_unit" else _whole(panel)) & panel.among(("counted",))].sum())
    is_crowd = n >= limits.crowd and dimension == ALL
    if size and (row[size] is None or abs(row[size] - n) > (0 if is_crowd else SLACK)):
        return None
    return Group(atoms, dimension, is_crowd)


def _whole(panel: Panel) -> Flags:
    return np.ones(len(panel.size), dtype=np.bool_)


def _by_unit(rows: Sequence[Row], panel: Panel, dimension: str) -> list[Found]:
    parts = [row for row in rows if row["unit"] != ALL]
    whole = panel.was_counted if dimension == "previous_unit" else _whole(panel)
    found: list[Found] = [(row, whole, ALL) for row in rows if row["unit"] == ALL]
    return [*found, *_named(parts, "unit", panel, dimension, whole)]


def _by_dimension(rows: Sequence[Row], panel: Panel) -> Iterator[Found]:
    parts: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        parts.setdefault((row["dimension"], row["unit"]), []).append(row)
    for (dimension, unit), members in parts.items():
        within = _whole(panel)
        if dimension == "department":
            within = panel.where("unit", unit) if unit != ALL else ~panel.has("unit")
        yield from _named(members, "value", panel, dimension, within)


def _named(rows: Sequence[Row], column: str, panel: Panel, dimension: str, within: Flags) -> Iterator[Found]:
    """The people of each named value, and of the one name that nobody has, those of all other values."""
    values = panel.values[dimension]
    named = {row[column]: within & panel.where(dimension, row[column]) for row in rows if row[column] in values}
    unknown = [row for row in rows if row[column] not in values]
    others = within & panel.has(dimension)
    for shown in named.values():
        others &= ~shown
    for row in rows:
        atoms = named.get(row[column])
        yield row, (atoms if atoms is not None else others if len(unknown) == 1 else None), dimension


def _by_flag(rows: Sequence[Row], panel: Panel) -> Iterator[Found]:
    for row in rows:
        atoms = panel.where(EXECUTIVE, str(row["is_executive"]).lower())
        yield row, atoms if row["unit"] == ALL else None, EXECUTIVE


def _of_name(shown: str, panel: Panel) -> Flags | None:
    return panel.where(NAMED, shown) if shown in panel.values[NAMED] else None


def _offered(rows: Sequence[Row], panel: Panel, named_units: frozenset[str]) -> Iterator[Found]:
    by_name = np.array([label in named_units for label in panel.labels["unit"]], dtype=np.bool_)
    for row in rows:
        offered = panel.where("n_platforms_offered", str(row["n_platforms_offered"]))
        yield row, offered & by_name, "n_platforms_offered"
