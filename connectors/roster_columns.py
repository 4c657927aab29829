"""Which header of a roster holds what: Viva Insights' names unless `[roster] columns` says otherwise.

Values are read in `roster_rows`.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from connectors.csvtext import CsvFile

DEFAULTS: Final[Mapping[str, str]] = {
    "person_id": "PersonId",
    "valid_from": "EffectiveDate",
    "manager_id": "ManagerId",
    "org_path": "Organization",
    "level": "LevelDesignation",
    "layer": "Layer",
    "location": "Location",
    "hired_on": "HireDate",
    "function": "FunctionType",
}
IDENTIFIERS: Final = ("email", "directory_id", "employee_number", "login")
KEYS: Final = (*DEFAULTS, *IDENTIFIERS, "left_on", "is_comms")
DATES: Final = ("valid_from", "hired_on", "left_on")

Places = Mapping[str, tuple[int, ...]]
"""For each key of `[roster] columns` the positions of its cells in a row."""


def looks_like_roster(header: Sequence[str]) -> bool:
    """Whether the header holds people under the default names, with a manager, a unit or a date."""
    names = {_canonical(name) for name in header}
    others = (DEFAULTS[key] for key in ("valid_from", "manager_id", "org_path"))
    return _canonical(DEFAULTS["person_id"]) in names and any(_canonical(name) in names for name in others)


def find_places(table: CsvFile, columns: Mapping[str, str | tuple[str, ...]]) -> Places:
    """Positions of the columns; a configured header must be there, a default one only for `person_id`."""
    positions: dict[str, int] = {}
    for position, name in enumerate(table.header):
        if positions.setdefault(_canonical(name), position) != position and _canonical(name):
            raise table.refuse("PPL-CSV-004", f"columns {positions[_canonical(name)] + 1} and {position + 1} have the "
                                "same name", "Name each column differently.", 1)
    places, missing = {}, []
    for key in KEYS:
        names = columns.get(key, DEFAULTS.get(key))
        if names is None:
            continue
        names = (names,) if isinstance(names, str) else names
        places[key] = tuple(positions[_canonical(name)] for name in names if _canonical(name) in positions)
        if key in columns or key == "person_id":
            missing += [name for name in names if _canonical(name) not in positions]
    if missing:
        raise table.refuse("PPL-CSV-005", f"missing column(s) {', '.join(missing)}",
                            "Name the header in [roster] columns.", 1)
    return places


def _canonical(name: str) -> str:
    return name.strip().casefold()
