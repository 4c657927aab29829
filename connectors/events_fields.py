"""Which named columns of a record hold what, and the values taken from them.

Nothing but the named columns is ever kept of a record. Files are read in `events_input`.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from connectors.csvtext import RowFault
from connectors.settings import EventMapping, EventRows, NestedEvents
from connectors.source import Member, Source

Record = Mapping[str, object]
"""The named columns of one record; lists of nested records under their path."""

_NULLS: Final = frozenset({"", "null", "NULL"})
_ROUNDED: Final = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Names:
    """The columns that may be read, by their names in the file, and those of nested lists."""

    columns: frozenset[str]
    nested: Mapping[str, "Names"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fields:
    """Columns by key, constants by key and canonical actions by raw action."""

    columns: Mapping[str, tuple[str, ...]]
    constants: Mapping[str, str]
    actions: Mapping[str, str]

    def value(self, record: Record, key: str) -> object:
        """The first of the key's columns that is filled, as the file holds it."""
        for name in self.columns.get(key, ()):
            value = record.get(name)
            if not is_nothing(value):
                return value
        return None

    def text(self, record: Record, key: str) -> str | None:
        """The same as text, or the constant; a value that a spreadsheet rounded is a fault."""
        found = as_text(self.value(record, key), key) if key in self.columns else None
        return found or self.constants.get(key)


def fields_of(*mappings: EventMapping | EventRows | NestedEvents) -> Fields:
    """The fields of a mapping, completed and overruled by later ones."""
    columns: dict[str, tuple[str, ...]] = {}
    constants: dict[str, str] = {}
    actions: dict[str, str] = {}
    for mapping in mappings:
        columns |= {key: (name,) if isinstance(name, str) else name for key, name in mapping.columns.items()}
        for key in mapping.constants:
            columns.pop(key, None)
        constants |= mapping.constants
        actions |= mapping.actions
    return Fields(columns, constants, actions)


def names_of(mapping: EventMapping) -> Names:
    """Every column that a mapping names."""
    columns = {*_named(mapping.columns), *(rows.column for rows in mapping.rows)}
    columns |= {name for rows in mapping.rows for name in _named(rows.columns)}
    return Names(frozenset(columns), _nested_names(mapping.nested))


def check_columns(source: Source, member: Member, mapping: EventMapping, header: list[str]) -> None:
    """Refuses a file that has none of the columns that a key names."""
    keyed = {f"columns.{key}": names for key, names in mapping.columns.items()}
    keyed |= {f"rows.{number}.column": rows.column for number, rows in enumerate(mapping.rows, 1)}
    missing = [key for key, found in keyed.items()
               if not any(_is_in(name, header) for name in ([found] if isinstance(found, str) else found))]
    if missing:
        raise source.refuse("PPL-EVT-002", f"no column that [[events]] {', '.join(missing)} names",
                            "Correct the mapping in turnout.toml, or export again.", member=member.name)


def pruned(get: Callable[[str], object], names: Names) -> Record:
    """What is named of a record, so that the rest is forgotten at once."""
    record: dict[str, object] = {name: get(name) for name in names.columns}
    for path, inner in names.nested.items():
        elements = get(path)
        if elements is not None:
            record[path] = [_inner(element, inner) for element in elements] if isinstance(elements, list) else elements
    return record


def dig(value: object, path: str) -> object:
    """What a dotted path leads to inside nested objects, null if it leads nowhere."""
    if isinstance(value, dict) and path in value:
        return value[path]
    for step in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def is_nothing(value: object) -> bool:
    """What files write where they have no value."""
    return value is None or (isinstance(value, str) and (value in _NULLS or not value.strip()))


def as_text(value: object, key: str) -> str | None:
    """A text, a whole number or a truth as text; anything else is a fault."""
    if isinstance(value, str):
        text = value.strip()
        if "+" in text and _ROUNDED.fullmatch(text):
            raise RowFault("PPL-CSV-009", f"{key} was damaged by a spreadsheet")
        if not text.isascii():
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return None if text in _NULLS else text
    if value is None:
        return None
    if isinstance(value, (bool, int)):
        return str(value).lower()
    raise RowFault("PPL-JSN-010", f"{key} is neither a text nor a whole number")


def read_object(text: str | bytes) -> dict[str, object]:
    """One JSON object; a repeated key, a number that is not finite and other faults are named, never repaired."""
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_not_finite, parse_int=_whole)
    except UnicodeDecodeError:
        raise RowFault("PPL-EVT-012", "not UTF-8") from None
    except RecursionError:
        raise RowFault("PPL-JSN-003", "nested deeper than the reader allows") from None
    except ValueError:
        raise RowFault("PPL-EVT-012", "not one JSON object") from None
    if not isinstance(value, dict):
        raise RowFault("PPL-EVT-012", "not one JSON object")
    return value


def _is_in(name: str, header: list[str]) -> bool:
    return name in header or ("." in name and name.split(".", 1)[0] in header)


def _named(columns: Mapping[str, str | tuple[str, ...]]) -> Iterable[str]:
    for name in columns.values():
        yield from (name,) if isinstance(name, str) else name


def _nested_names(nested: tuple[NestedEvents, ...]) -> dict[str, Names]:
    result: dict[str, Names] = {}
    for one in nested:
        earlier = result.get(one.path, Names(frozenset()))
        inner = {**earlier.nested, **_nested_names(one.nested)}
        result[one.path] = Names(earlier.columns | frozenset(_named(one.columns)), inner)
    return result


def _inner(element: object, names: Names) -> Record | None:
    return pruned(lambda name: dig(element, name), names) if isinstance(element, dict) else None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise RowFault("PPL-JSN-004", "a key occurs twice in one object")
    return result


def _not_finite(_: str) -> object:
    raise RowFault("PPL-JSN-005", "a number is not finite")


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 20 else float(digits)
