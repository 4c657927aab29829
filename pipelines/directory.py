"""Who works in which unit, by e-mail address: for exports that may only be read as totals of units.

A message trace names every sender and recipient, so its reader must know units while it reads. The addresses stay in
memory: nothing here is written.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

import msgspec
import polars as pl

from connectors import roster
from connectors.contract import Frame
from connectors.reading import read_export
from connectors.settings import SourceSettings
from connectors.source import Source
from models.problems import ExportRefused
from pipelines.config import Settings
from pipelines.keys import canonical

_ALWAYS: Final = date(1900, 1, 1)


def with_units(
    one: SourceSettings, rosters: Iterable[Source], settings: Settings, *, now: datetime
) -> SourceSettings:
    """The settings of an export, with the units that its reader needs, if it needs them."""
    if one.events is None or one.events.kind != "trace":
        return one
    return msgspec.structs.replace(one, units=units_by_address(rosters, settings, now=now))


def units_by_address(rosters: Iterable[Source], settings: Settings, *, now: datetime) -> Mapping[str, str]:
    """The unit of each address by its person's newest row; a roster that is refused tells nothing here."""
    units: dict[str, tuple[date, str]] = {}
    addresses: dict[str, str] = {}
    for source in rosters:
        try:
            for frame in read_export(roster.CONNECTOR, source, settings.for_source(source.file), now=now):
                _note_units(frame, units, settings.unit_depth)
                _note_addresses(frame, addresses)
        except ExportRefused:
            continue  # the run reports it where it loads the roster
    return {address: units[person][1] for address, person in addresses.items() if person in units}


def _note_units(frame: Frame, units: dict[str, tuple[date, str]], unit_depth: int) -> None:
    if frame.table != "person":
        return
    for row in frame.rows.select("person", "valid_from", "org_path").iter_rows(named=True):
        path = row["org_path"] or ()
        person, since = canonical("person", row["person"]), row["valid_from"] or _ALWAYS
        if len(path) >= unit_depth and since >= units.get(person, (_ALWAYS, ""))[0]:
            units[person] = since, path[unit_depth - 1]


def _note_addresses(frame: Frame, addresses: dict[str, str]) -> None:
    if frame.table == "person_identifier":
        emails = frame.rows.filter(pl.col("kind") == "email").select("identifier", "person")
        addresses |= {canonical("email", email): canonical("person", person) for email, person in emails.rows()}
