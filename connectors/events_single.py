"""One event of a mapped record, its number and thread, and the events nested in it.

Records that are no events are told apart in `events_rows`.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from connectors.collected import Collected
from connectors.contract import number_of
from connectors.csvtext import RowFault
from connectors.events_fields import Fields, Record, fields_of
from connectors.events_people import People, identifiers_of
from connectors.events_times import Clock
from connectors.settings import EventMapping, NestedEvents
from connectors.source import Member
from models.schemas.base import ACTIONS, CONTRIBUTIONS, PEOPLE_KINDS

_SKIN_TONE: Final = re.compile(r"_(?:medium_)?(?:light|medium|dark)_skin_tone$|::skin-tone-\d$|[\U0001F3FB-\U0001F3FF]")
_MAX_DIGITS: Final = 18
_UNLISTED: Final = "a nested event that is not by a listed account; left out"
_UNKNOWN_ACTION: Final = "an action that the mapping does not name; kept as other, no contribution"


@dataclass(frozen=True, slots=True)
class _Nested:
    """One `[[events.nested]]`, ready to use."""

    path: str
    fields: Fields
    inner: tuple["_Nested", ...]


@dataclass(frozen=True, slots=True)
class _Parent:
    """What nested events take from the event they hang on."""

    scope: str
    number: int
    thread_scope: str | None
    thread_number: int | None
    at: datetime
    account: str | None
    space: str | None


class EventReader:
    """Reads events one by one; `rows` are of the `event` frame and are taken away by the caller."""

    def __init__(self, mapping: EventMapping, workspace: str, people: People, ledger: Collected, clock: Clock) -> None:
        self._workspace, self._people, self._ledger, self._clock = workspace, people, ledger, clock
        self._nested = _prepared(mapping.nested)
        self._n_equal: Counter[int] = Counter()
        self.rows: list[dict[str, object]] = []
        self.first: date | None = None
        self.last: date | None = None
        self.has_reactions = "react" in {*mapping.actions.values(), mapping.constants.get("action")}

    def add(self, member: Member, line: int, record: Record, fields: Fields, space: str | None) -> None:
        """The event of a record with all that is nested in it; excluded if it is not by a listed account."""
        row, parent = self._event(member, record, fields, space)
        if self._people.is_wanted(parent.account):
            self._keep(row, member, line, is_record=True)
        else:
            self._ledger.exclude("not_listed_account")
        self._add_nested(member, line, record, self._nested, parent)

    def _event(
        self, member: Member, record: Record, fields: Fields, space: str | None
    ) -> tuple[dict[str, object], _Parent]:
        at = self._clock.instant(self._given(fields, record, "at"), "at")
        account, target = fields.text(record, "actor"), fields.text(record, "target")
        raw, action = self._action(member, fields, record)
        scope, number = self._number(fields.text(record, "id"), (account, at, raw, target, space))
        reply_to = fields.text(record, "reply_to")
        thread_scope, thread_number = self._thread(fields, record, scope, number)
        answered = fields.text(record, "target_account")
        row = self._row(fields, record, at, action, account) | {
            "space": space, "event_scope": scope, "event_number": number, "thread_scope": thread_scope,
            "thread_number": thread_number, "target_account": answered if self._people.is_wanted(answered) else None,
            "target_number": None if reply_to is None else _as_number(reply_to),
        }
        return row, _Parent(scope, number, thread_scope, thread_number, at, account, space)

    def _row(
        self, fields: Fields, record: Record, at: datetime, action: str, account: str | None
    ) -> dict[str, object]:
        """The part of an event that does not depend on where it stands."""
        identifiers = identifiers_of(fields, record, account)
        kind = self._people.kind(account, identifiers, fields.constants.get("actor_kind", "human"))
        if account is not None and self._people.is_wanted(account):
            self._people.identify(account, identifiers)
        edited_at = self._version(fields, record, "edited_at") if "edited_at" in fields.columns else None
        is_deleted = "deleted_at" in fields.columns and self._is_deleted(fields, record)
        return {
            "workspace": self._workspace, "occurred_at": at, "time_basis": "own",
            "action": "other" if is_deleted else action, "account": account, "actor_kind": kind,
            "is_contribution": not is_deleted and action in CONTRIBUTIONS and kind in PEOPLE_KINDS,
            "via_app": False, "is_delegated": False,
            "version_at": self._version(fields, record, "deleted_at") if is_deleted else edited_at,
        }

    def _keep(self, row: dict[str, object], member: Member, line: int, *, is_record: bool) -> None:
        self.rows.append({**row, "is_record": is_record, "member": member.name, "line": line})
        at = row["occurred_at"]
        if isinstance(at, datetime) and row["time_basis"] == "own":
            day = at.date()
            self.first = day if self.first is None else min(self.first, day)
            self.last = day if self.last is None else max(self.last, day)

    def _add_nested(
        self, member: Member, line: int, record: Record, nested: tuple[_Nested, ...], parent: _Parent
    ) -> None:
        for one in nested:
            elements = record.get(one.path)
            for element in elements if isinstance(elements, list) else [elements] if elements is not None else []:
                try:
                    if not isinstance(element, dict):
                        raise RowFault("PPL-JSN-010", "it is not an object")
                    self._add_element(member, line, element, one, parent)
                except RowFault as fault:
                    self._ledger.note("PPL-EVT-009", f"nested event: {fault.what}; it was left out", line=line)

    def _add_element(self, member: Member, line: int, element: Record, one: _Nested, parent: _Parent) -> None:
        fields = one.fields
        own_at = fields.value(element, "at")
        at = parent.at if self._clock.is_nothing(own_at) else self._clock.instant(own_at, "at")
        account, target = fields.text(element, "actor"), fields.text(element, "target")
        raw, action = self._action(member, fields, element)
        if action == "react":
            self.has_reactions = True
            emoji = _SKIN_TONE.sub("", fields.text(element, "emoji") or "")
            scope, number = f"react:{emoji}", parent.number
        else:
            scope, number = self._number(fields.text(element, "id"),
                                         (account, at, raw, target or str(parent.number), parent.space))
        has_thread = parent.thread_scope in {"event", "natural"}
        row = self._row(fields, element, at, action, account) | {
            "space": parent.space, "event_scope": scope, "event_number": number,
            "thread_scope": parent.thread_scope if has_thread else parent.scope,
            "thread_number": parent.thread_number if has_thread else parent.number,
            "time_basis": "target" if self._clock.is_nothing(own_at) else "own",
            "target_account": parent.account if self._people.is_wanted(parent.account) else None,
            "target_number": parent.number if not has_thread or parent.thread_scope == parent.scope else None,
        }
        if self._people.is_wanted(account):
            self._keep(row, member, line, is_record=False)
        else:
            self._ledger.note("PPL-EVT-010", _UNLISTED)
        if one.inner:
            inner = _Parent(scope, number, parent.thread_scope if has_thread else parent.scope,
                            parent.thread_number if has_thread else parent.number, at, account, parent.space)
            self._add_nested(member, line, element, one.inner, inner)

    def _action(self, member: Member, fields: Fields, record: Record) -> tuple[str, str]:
        raw = fields.text(record, "action") or ""
        action = fields.actions.get(raw)
        if action is None and raw in ACTIONS and (not fields.actions or raw == fields.constants.get("action")):
            action = raw
        if action is None:
            self._ledger.note("PPL-EVT-004", _UNKNOWN_ACTION)
        return raw, action or "other"

    def _number(self, native: str | None, key: tuple[object, ...]) -> tuple[str, int]:
        """What numbers an event: its id, or who did what when and where, and how many equal ones came before."""
        if native is not None:
            return "event", _as_number(native)
        natural = number_of("\0".join(["" if part is None else str(part) for part in key]))
        n_before = self._n_equal[natural]
        self._n_equal[natural] += 1
        return "natural", natural if n_before == 0 else number_of(f"{natural}\0{n_before}")

    def _thread(self, fields: Fields, record: Record, scope: str, number: int) -> tuple[str | None, int | None]:
        """Scope and number of the thread: of its starter, else of what is acted upon; a starter's own."""
        thread, reply_to = fields.text(record, "thread"), fields.text(record, "reply_to")
        if thread is not None or reply_to is not None:
            return "event", None if thread is None else _as_number(thread)
        if self._nested or {"thread", "reply_to"} & set(fields.columns):
            return scope, number
        target = fields.text(record, "target")
        return (None, None) if target is None else ("target", _as_number(target))

    def _given(self, fields: Fields, record: Record, key: str) -> object:
        value = fields.value(record, key)
        if self._clock.is_nothing(value):
            raise RowFault("PPL-TIM-004", f"{key} is missing")
        return value

    def _is_deleted(self, fields: Fields, record: Record) -> bool:
        value = fields.value(record, "deleted_at")
        return not self._clock.is_nothing(value) and str(value).lower() != "false"

    def _version(self, fields: Fields, record: Record, key: str) -> datetime | None:
        value = fields.value(record, key)
        if self._clock.is_nothing(value) or str(value).lower() in {"true", "false"}:
            return None
        return self._clock.instant(value, key)


def _prepared(nested: tuple[NestedEvents, ...]) -> tuple[_Nested, ...]:
    return tuple(_Nested(one.path, fields_of(one), _prepared(one.nested)) for one in nested)


def _as_number(native: str) -> int:
    is_number = native.isascii() and native.isdigit() and len(native) <= _MAX_DIGITS
    return int(native) if is_number and str(int(native)) == native else number_of(native)
