"""What a mapping of turnout.toml may say: every key is checked before a file is opened.

Presets are completed in `events_presets`.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from typing import Final

from connectors.events_times import is_time_format
from connectors.settings import EventMapping, EventRows, NestedEvents
from models.problems import SettingsRefused
from models.schemas.base import ACTIONS, ACTOR_KINDS

IDENTIFIERS: Final = ("email", "directory_id", "employee_number", "login")
EVENT_COLUMNS: Final = (
    "actor", "at", "action", "target", "space", "space_parent", "id", "thread", "reply_to", "target_account",
    "edited_at", "deleted_at", *IDENTIFIERS,
)
EVENT_CONSTANTS: Final = ("actor", "action", "space", "actor_kind", "visibility")
ACCOUNT_COLUMNS: Final = ("account", "deleted_at", *IDENTIFIERS)
SPACE_COLUMNS: Final = ("space", "space_parent", "visibility", "label")
NESTED_COLUMNS: Final = ("actor", "at", "action", "target", "id", "emoji", "edited_at", "deleted_at", *IDENTIFIERS)
COUNTS: Final = ("posted", "read", "reacted", "active_accounts", "posting_accounts")
USAGE_COLUMNS: Final = ("actor", "space", "org_unit", "from", "to", "on", "reported_on", "report", "active", *COUNTS,
                        *IDENTIFIERS)
USAGE_CONSTANTS: Final = ("report", "used_platform", "from", "to", "org_unit", "space")
TRACE_COLUMNS: Final = ("actor", "at", "id")
NAMED_ONLY: Final = frozenset({"facebook", "twitter", "x"})
"""Platforms and presets of which only the accounts that are listed may be loaded: they hold people of the public."""

_PLATFORM: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_RESERVED: Final = frozenset({"all", "roster", "events"})
_VISIBILITIES: Final = ("public", "private", "direct")

Fault = tuple[str, str, str, str]
"""Code, key, what is wrong with it and how to correct it."""


def check_mapping(mapping: EventMapping, number: int = 1) -> None:
    """Raises `SettingsRefused` for the first key that cannot be followed; `number` tells the mappings apart."""
    for code, key, what, fix in _faults(mapping):
        raise SettingsRefused(f"{code} turnout.toml: [[events]] number {number}, {key} {what}; nothing was run; {fix}")


def _faults(mapping: EventMapping) -> Iterator[Fault]:
    if _PLATFORM.fullmatch(mapping.platform) is None or mapping.platform in _RESERVED:
        yield "PPL-CFG-027", "platform", "is not a name for a platform", "use small letters, digits and _"
    if {mapping.platform, mapping.preset} & NAMED_ONLY and not mapping.accounts:
        yield "PPL-CFG-026", "accounts", "is missing", "list the corporate accounts; nobody else is loaded"
    if len(mapping.separator) != 1 or mapping.separator in '"\r\n':
        yield "PPL-CFG-025", "separator", "is not one character", 'use "," or ";" or "\\t"'
    if mapping.encoding is not None and not _is_encoding(mapping.encoding):
        yield "PPL-CFG-025", "encoding", "is not known", "use a name such as cp1252 or utf-8"
    if not is_time_format(mapping.time_format, is_day=mapping.kind == "usage"):
        yield ("PPL-CFG-024", "time_format", "is not understood",
               "use iso, epoch_s, epoch_ms or a pattern such as %d/%m/%Y %H:%M")
    yield from {"events": _event_faults, "usage": _usage_faults, "trace": _trace_faults}[mapping.kind](mapping)


def _event_faults(mapping: EventMapping) -> Iterator[Fault]:
    if mapping.platform == "email":
        yield "PPL-CFG-028", "kind", 'is not "trace"', "e-mail is only counted by unit and week"
    yield from _unknown("", mapping.columns, EVENT_COLUMNS, mapping.constants, EVENT_CONSTANTS)
    yield from _missing(mapping, ("at",), ("actor",), ("action",))
    yield from _value_faults("", mapping)
    for number, rows in enumerate(mapping.rows, 1):
        yield from _row_faults(f"rows.{number}.", rows)
    yield from _nested_faults("", mapping.nested)
    actor = mapping.constants.get("actor")
    if actor is not None and mapping.accounts and not is_listed(actor, mapping.accounts):
        yield "PPL-CFG-026", "constants.actor", "is not among accounts", "list it in accounts, or correct it"


def _usage_faults(mapping: EventMapping) -> Iterator[Fault]:
    yield from _unknown("", mapping.columns, USAGE_COLUMNS, mapping.constants, USAGE_CONSTANTS)
    yield from _missing(mapping, ("from", "on"), ("to", "on"), ("report",))
    yield from _without(mapping, "rows", "nested", "bots")
    for key in ("from", "to"):
        if key in mapping.constants and re.fullmatch(r"\d{4}-\d\d-\d\d", mapping.constants[key]) is None:
            yield "PPL-CFG-022", f"constants.{key}", "is not a day", "write it as 2024-12-31"
    if not {*COUNTS, "active"} & set(mapping.columns):
        yield "PPL-CFG-021", "columns", "names no figure", f"name one of {', '.join(('active', *COUNTS))}"


def _trace_faults(mapping: EventMapping) -> Iterator[Fault]:
    yield from _unknown("", mapping.columns, TRACE_COLUMNS, mapping.constants, ())
    yield from _missing(mapping, ("at",), ("actor",))
    yield from _without(mapping, "rows", "nested", "bots", "accounts")


def _without(mapping: EventMapping, *keys: str) -> Iterator[Fault]:
    for key in keys:
        if getattr(mapping, key):
            yield "PPL-CFG-022", key, f'has no meaning with kind = "{mapping.kind}"', "remove it"


def _missing(mapping: EventMapping, *alternatives: tuple[str, ...]) -> Iterator[Fault]:
    for keys in alternatives:
        if not set(keys) & (set(mapping.columns) | set(mapping.constants)):
            yield "PPL-CFG-021", f"columns.{keys[0]}", "is missing", "name the column that holds it"


def _unknown(
    prefix: str,
    columns: Mapping[str, object],
    known_columns: tuple[str, ...],
    constants: Mapping[str, str],
    known_constants: tuple[str, ...],
) -> Iterator[Fault]:
    for table, given, known in (("columns", columns, known_columns), ("constants", constants, known_constants)):
        for key in given:
            if key not in known:
                fix = f"known are {', '.join(known)}" if known else "remove it"
                yield "PPL-CFG-022", f"{prefix}{table}.{key}", "is not a known key", fix
            elif given[key] in ("", (), []):
                yield "PPL-CFG-022", f"{prefix}{table}.{key}", "names nothing", "name a column, or remove the key"


def _value_faults(prefix: str, mapping: EventMapping | EventRows | NestedEvents) -> Iterator[Fault]:
    named = {f"actions.{raw}": action for raw, action in mapping.actions.items()}
    if "action" in mapping.constants:
        named["constants.action"] = mapping.constants["action"]
    for key, action in named.items():
        if action not in ACTIONS:
            yield "PPL-CFG-023", f"{prefix}{key}", "is not an action", f"use one of {', '.join(ACTIONS)}"
    for key, known in (("actor_kind", ACTOR_KINDS), ("visibility", _VISIBILITIES)):
        if mapping.constants.get(key, known[0]) not in known:
            yield "PPL-CFG-022", f"{prefix}constants.{key}", "has no such value", f"use one of {', '.join(known)}"


def _row_faults(prefix: str, rows: EventRows) -> Iterator[Fault]:
    if bool(rows.values) == bool(rows.unless):
        yield "PPL-CFG-021", f"{prefix}values", "is missing, or stands beside unless", "name the values of the column"
    if rows.kind != "exclude" and rows.rule != "other_record":
        yield "PPL-CFG-022", f"{prefix}rule", f'has no meaning with kind = "{rows.kind}"', "remove it"
    if rows.kind != "space" and rows.private:
        yield "PPL-CFG-022", f"{prefix}private", f'has no meaning with kind = "{rows.kind}"', "remove it"
    known = {"exclude": (), "event": EVENT_COLUMNS, "account": ACCOUNT_COLUMNS, "space": SPACE_COLUMNS}[rows.kind]
    yield from _unknown(prefix, rows.columns, known, rows.constants,
                        EVENT_CONSTANTS if rows.kind == "event" else ("actor_kind",) if rows.kind == "account" else ())
    yield from _value_faults(prefix, rows)
    needed = {"account": "account", "space": "space"}.get(rows.kind)
    if needed is not None and needed not in rows.columns:
        yield "PPL-CFG-021", f"{prefix}columns.{needed}", "is missing", "name the column that holds it"


def _nested_faults(prefix: str, nested: tuple[NestedEvents, ...]) -> Iterator[Fault]:
    for number, one in enumerate(nested, 1):
        here = f"{prefix}nested.{number}."
        yield from _unknown(here, one.columns, NESTED_COLUMNS, one.constants, ("action", "actor_kind"))
        yield from _value_faults(here, one)
        if "actor" not in one.columns:
            yield "PPL-CFG-021", f"{here}columns.actor", "is missing", "name the field that holds it"
        if "action" not in one.columns and "action" not in one.constants:
            yield "PPL-CFG-021", f"{here}constants.action", "is missing", "say what such an element is"
        yield from _nested_faults(here, one.nested)


def is_listed(account: str, accounts: tuple[str, ...]) -> bool:
    """Whether a native account is one of those listed, whatever their case; a leading @ means nothing."""
    return account.casefold().removeprefix("@") in {one.casefold().removeprefix("@") for one in accounts}


def _is_encoding(name: str) -> bool:
    try:
        return codecs.lookup(name)._is_text_encoding
    except (LookupError, ValueError):
        return False
