"""Which kind of record each one is, and the frames of events, accounts and spaces that come of it.

A single event is read in `events_single`.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from connectors.collected import Collected
from connectors.contract import Frame, frame
from connectors.csvtext import RowFault
from connectors.events_fields import Fields, Record, as_text, fields_of
from connectors.events_mapping import IDENTIFIERS
from connectors.events_patterns import Matcher, pattern_of
from connectors.events_people import People, identifiers_of
from connectors.events_single import EventReader
from connectors.events_times import AmbiguousDateError, Clock, NoZoneError
from connectors.settings import EventMapping, EventRows, SourceSettings
from connectors.source import Member

_EXPECTED: Final = frozenset({"actor", "at", "action", "space", "id", *IDENTIFIERS})
"""Columns that are hardly ever empty throughout; if one is, the mapping probably names the wrong one."""

_OUT_OF_SCOPE: Final = {"direct": "direct_message", "unknown": "undeclared_space", "private": "private_space"}


@dataclass(frozen=True, slots=True)
class _Rows:
    """One `[[events.rows]]`, ready to use."""

    rule: EventRows
    matcher: Matcher
    fields: Fields

    def matches(self, record: Record) -> bool:
        value = record.get(self.rule.column)
        is_container = isinstance(value, (dict, list))
        return self.matcher.matches("" if is_container else as_text(value, self.rule.column))


class Events:
    """Everything that one mapped export says about events."""

    def __init__(self, settings: SourceSettings, mapping: EventMapping, ledger: Collected, clock: Clock) -> None:
        self.workspace = mapping.workspace or settings.workspace or mapping.platform
        self._settings, self._mapping, self._ledger, self._clock = settings, mapping, ledger, clock
        self._people = People(settings, mapping, self.workspace)
        self._fields = fields_of(mapping)
        self._rows = [
            _Rows(rows, Matcher(rows.values, rows.unless),
                  fields_of(mapping, rows) if rows.kind == "event" else fields_of(rows))
            for rows in mapping.rows
        ]
        self._reader = EventReader(mapping, self.workspace, self._people, ledger, clock)
        self._has_spaces = any(rows.kind == "space" for rows in mapping.rows)
        self._spaces: dict[str, str] = {}
        self._space_rows: list[dict[str, object]] = []
        self._account_rows: list[dict[str, object]] = []
        self._direct: Counter[tuple[date, Member]] = Counter()
        self._unfilled = {key for key in mapping.columns if key in _EXPECTED}
        self._n_events: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._reader.rows) + len(self._account_rows) + len(self._space_rows)

    def add(self, member: Member, line: int, record: Record) -> None:
        """One record: an event, an account, a space, or excluded by a rule."""
        fields, stated = self._fields, None
        for rows in self._rows:
            if not rows.matches(record):
                continue
            if rows.rule.rule == "private_space" and self._takes_private:
                stated = "private"
            elif rows.rule.kind == "event":
                fields = rows.fields
                break
            else:
                self._add_other(member, line, record, rows)
                return
        self._add_event(member, line, record, fields, stated)

    def _add_other(self, member: Member, line: int, record: Record, rows: _Rows) -> None:
        if rows.rule.kind == "account":
            self._add_account(member, line, record, rows.fields)
        elif rows.rule.kind == "space":
            self._add_space(member, line, record, rows)
        else:
            self._exclude(member, rows.rule.rule, record)

    def _add_event(self, member: Member, line: int, record: Record, fields: Fields, stated: str | None) -> None:
        space = space_of(fields, record)
        visibility = stated or self._visibility(space, fields)
        rule = _OUT_OF_SCOPE.get(visibility)
        if rule is not None and not (visibility == "private" and self._takes_private):
            self._exclude(member, rule, record)
            return
        self._reader.add(member, line, record, fields, space)
        self._n_events[member.name] += 1
        if self._unfilled:
            self._unfilled -= {key for key in self._unfilled if fields.value(record, key) is not None}
        if space is not None and space not in self._spaces:
            self._spaces[space] = visibility
            self._keep_space(member, line, space, visibility, label=None, is_record=False)

    def flush(self) -> Iterator[Frame]:
        """What was collected since."""
        for table, rows in (("event", self._reader.rows), ("account", self._account_rows),
                            ("account_identifier", self._people.rows()), ("space", self._space_rows)):
            if rows:
                yield frame(table, rows)
        self._reader.rows, self._account_rows, self._space_rows = [], [], []

    def closing(self) -> Iterator[Frame]:
        """What is known when everything was read."""
        for member, n_records in self._n_events.items():
            for key in sorted(self._unfilled):
                self._ledger.notes.add(member, "PPL-EVT-008", f"columns.{key} is empty in every event; check the "
                                       "mapping", n_records=n_records)
        yield from self.flush()
        yield frame("usage", [_direct_row(self.workspace, self._mapping.platform, month, member, n_posted)
                              for (month, member), n_posted in sorted(self._direct.items(), key=str)])
        yield frame("coverage", self._coverage())
        yield frame("capability", [{
            "has_reactions": self._reader.has_reactions, "has_reading": False, "has_direct": False,
            "has_edits": "edit" in self._fields.actions.values() or "edited_at" in self._fields.columns,
            "has_history": True,
        }])

    @property
    def _takes_private(self) -> bool:
        return "private" in self._settings.include

    def _visibility(self, space: str | None, fields: Fields) -> str:
        if self._has_spaces and space is not None:
            return self._spaces.get(space, "unknown")
        return fields.constants.get("visibility", "public")

    def _exclude(self, member: Member, rule: str, record: Record) -> None:
        self._ledger.exclude(rule)
        if rule == "direct_message" and "direct" in self._settings.include:
            with suppress(RowFault, AmbiguousDateError, NoZoneError):
                at = self._clock.instant(self._fields.value(record, "at"), "at")
                self._direct[at.date().replace(day=1), member] += 1

    def _add_account(self, member: Member, line: int, record: Record, fields: Fields) -> None:
        account = fields.text(record, "account")
        if account is None:
            raise RowFault("PPL-JSN-010", "account is missing")
        if not self._people.is_wanted(account):
            self._ledger.exclude("not_listed_account")
            return
        identifiers = identifiers_of(fields, record, account)
        kind = self._people.kind(account, identifiers, fields.constants.get("actor_kind", "human"))
        self._people.declare(account, kind)
        self._people.identify(account, identifiers)
        is_deactivated = None
        if "deleted_at" in fields.columns:
            is_deactivated = not self._clock.is_nothing(fields.value(record, "deleted_at"))
        self._account_rows.append({
            "workspace": self.workspace, "account": account, "kind": kind,
            "is_guest": self._people.is_guest(account, identifiers, kind), "is_deactivated": is_deactivated,
            "is_record": True, "member": member.name, "line": line,
        })

    def _add_space(self, member: Member, line: int, record: Record, rows: _Rows) -> None:
        space = space_of(rows.fields, record)
        if space is None:
            raise RowFault("PPL-JSN-010", "space is missing")
        private = pattern_of(rows.rule.private)
        stated = rows.fields.text(record, "visibility")
        is_private = private is not None and (stated is None or private.fullmatch(stated) is not None)
        self._spaces[space] = "private" if is_private else "public"
        if is_private and not self._takes_private:
            self._ledger.exclude("private_space")
            return
        label = None if is_private else rows.fields.text(record, "label")
        self._keep_space(member, line, space, self._spaces[space], label=label, is_record=True)

    def _keep_space(
        self, member: Member, line: int, space: str, visibility: str, *, label: str | None, is_record: bool
    ) -> None:
        self._space_rows.append({
            "workspace": self.workspace, "space": space, "kind": "space", "visibility": visibility, "label": label,
            "is_record": is_record, "member": member.name, "line": line,
        })

    def _coverage(self) -> list[dict[str, object]]:
        stated_from, stated_to = self._settings.window_from, self._settings.window_to
        first = date.fromisoformat(stated_from) if stated_from else self._reader.first
        last = date.fromisoformat(stated_to) if stated_to else self._reader.last
        if first is None or last is None:
            return []
        return [{"workspace": self.workspace, "covered_from": first, "covered_to": last,
                 "is_stated": bool(stated_from and stated_to)}]


def space_of(fields: Fields, record: Record) -> str | None:
    """Native id of the space: below its parent where the mapping names one."""
    space, parent = fields.text(record, "space"), fields.text(record, "space_parent")
    return f"{parent}/{space}" if parent is not None and space is not None else space


def _direct_row(workspace: str, platform: str, month: date, member: Member, n_posted: int) -> dict[str, object]:
    next_month = (month + timedelta(days=31)).replace(day=1)
    return {
        "workspace": workspace, "used_platform": platform, "period_from": month,
        "period_to": next_month - timedelta(days=1), "report": "direct_messages", "n_posted": n_posted,
        "is_record": False, "member": member.name,
    }
