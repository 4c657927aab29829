"""What turnout.toml says about exports: `[roster]`, `[source."glob"]` and `[[events]]`, as readers see it."""

from collections.abc import Mapping
from typing import Literal

import msgspec


class ExecutivePerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the dated explicit list; `since` and `until` are ISO days, `until` exclusive."""

    person: str
    since: str | None = None
    until: str | None = None


class ExecutiveSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[roster] exec.*`, in order of trust; the first rule that is configured decides `is_executive`."""

    people: tuple[str | ExecutivePerson, ...] = ()
    grades: tuple[str, ...] = ()
    max_layer: int | None = None
    manager_depth: int | None = None


class RosterSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[roster]`: which header holds what, and who counts as an executive."""

    columns: dict[str, str | tuple[str, ...]] = {}
    date_format: str | None = None
    exec: ExecutiveSettings = ExecutiveSettings()


class NestedEvents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[events.nested]]`: events in a list inside a record, such as replies and reactions, to which `path` leads."""

    path: str
    columns: dict[str, str | tuple[str, ...]] = {}
    actions: dict[str, str] = {}
    constants: dict[str, str] = {}
    nested: tuple["NestedEvents", ...] = ()


class EventRows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[events.rows]]`: what the records are in which `column` has one of `values`, or none of those in `unless`."""

    column: str
    values: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    kind: Literal["exclude", "event", "account", "space"] = "exclude"
    rule: Literal["other_record", "private_space", "personal_space", "direct_message"] = "other_record"
    private: tuple[str, ...] = ()
    columns: dict[str, str | tuple[str, ...]] = {}
    actions: dict[str, str] = {}
    constants: dict[str, str] = {}


class EventMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[events]]`: how the generic reader understands the files that `match` names."""

    match: str
    platform: str
    format: Literal["csv", "ndjson", "json", "parquet"] = "csv"
    kind: Literal["events", "usage", "trace"] = "events"
    preset: str | None = None
    workspace: str | None = None
    members: str = "*"
    items: str | None = None
    separator: str = ","
    encoding: str | None = None
    zone: str | None = None
    time_format: str = "iso"
    columns: dict[str, str | tuple[str, ...]] = {}
    actions: dict[str, str] = {}
    constants: dict[str, str] = {}
    rows: tuple[EventRows, ...] = ()
    nested: tuple[NestedEvents, ...] = ()
    bots: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()


class SourceEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[source."glob"]`: what the exports that the glob matches do not say themselves."""

    platform: str | None = None
    workspace: str | None = None
    zone: str | None = None
    window_from: str | None = None
    window_to: str | None = None
    owner: str | None = None
    cadence_days: int = 45
    include: tuple[str, ...] = ("public",)
    salvage: bool = False


class SourceSettings(SourceEntry, frozen=True, forbid_unknown_fields=True):
    """The same for one export, with the general settings that its reader needs."""

    home_domains: tuple[str, ...] = ()
    roster: RosterSettings = RosterSettings()
    events: EventMapping | None = None
    units: Mapping[str, str] = {}
