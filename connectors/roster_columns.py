"""Which header of a roster holds what: Viva Insights' or Entra's names unless `[roster] columns` says otherwise.

Values are read in `roster_rows`.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from connectors.csvtext import CsvFile
from models.problems import SettingsRefused

Columns = Mapping[str, str | tuple[str, ...]]

VIVA: Final[Columns] = {
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
ENTRA: Final[Columns] = {
    "person_id": ("objectId", "id"),
    "directory_id": ("objectId", "id"),
    "email": ("mail", "userPrincipalName"),
    "org_path": "department",
    "location": ("officeLocation", "physicalDeliveryOfficeName"),
    "function": "department",
    "user_type": "userType",
    "is_enabled": "accountEnabled",
}
"""A download of users; older ones have objectId and physicalDeliveryOfficeName. No manager, grade or date is in it."""

IDENTIFIERS: Final = ("email", "directory_id", "employee_number", "login")
KEYS: Final = (*VIVA, *IDENTIFIERS, "left_on", "is_comms", "user_type", "is_enabled")
DATES: Final = ("valid_from", "hired_on", "left_on")

Places = Mapping[str, tuple[int, ...]]
"""For each key of `[roster] columns` the positions of its cells in a row."""


def looks_like_roster(header: Sequence[str]) -> bool:
    """Whether the header holds people under default names, with a manager, a unit or a date."""
    names = {_canonical(name) for name in header}
    if _is_download(names):
        return True
    others = ("EffectiveDate", "ManagerId", "Organization")
    return "personid" in names and any(_canonical(name) in names for name in others)


def find_places(table: CsvFile, columns: Columns) -> Places:
    """Positions of the columns; a configured header must be there, a default one only for `person_id`."""
    unknown = sorted(set(columns) - set(KEYS))
    if unknown:
        raise SettingsRefused(f"PPL-CFG-001 turnout.toml: [roster] columns.{unknown[0]} is not known; nothing was "
                              f"read; the keys are {', '.join(KEYS)}")
    positions: dict[str, int] = {}
    for position, name in enumerate(table.header):
        if positions.setdefault(_canonical(name), position) != position and _canonical(name):
            raise table.refuse("PPL-CSV-004", f"columns {positions[_canonical(name)] + 1} and {position + 1} have the "
                                "same name", "Name each column differently.", 1)
    defaults = ENTRA if _is_download(set(positions)) else VIVA
    places, missing = {}, []
    for key in KEYS:
        names = columns.get(key, defaults.get(key))
        if names is None:
            continue
        names = (names,) if isinstance(names, str) else names
        places[key] = tuple(positions[_canonical(name)] for name in names if _canonical(name) in positions)
        if key in columns or (key == "person_id" and not places[key]):
            missing += [name for name in names if _canonical(name) not in positions]
    if missing:
        raise table.refuse("PPL-CSV-005", f"missing column(s) {', '.join(missing)}",
                            "Name the header in [roster] columns.", 1)
    return places


def _is_download(names: set[str]) -> bool:
    return {"userprincipalname", "usertype", "accountenabled"} <= names and bool(names & {"objectid", "id"})


def _canonical(name: str) -> str:
    return name.strip().casefold()
