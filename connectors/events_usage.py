"""Aggregated counts by mapping: usage tables as they are, and e-mail traces added up to unit and ISO week while read.

Of a trace nothing about a person leaves this module: no sender, no recipient, no pair, no message.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from unicodedata import normalize

from connectors.collected import Collected
from connectors.contract import Frame, frame, number_of
from connectors.csvtext import RowFault, integer
from connectors.events_fields import Record, fields_of
from connectors.events_mapping import COUNTS
from connectors.events_people import People, domain_of, identifiers_of, is_address
from connectors.events_times import Clock
from connectors.settings import EventMapping, SourceSettings
from connectors.source import Member

_TRUTHS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_CAPABILITY: Final = ("has_reactions", "has_reading", "has_direct", "has_edits", "has_history")


class Usage:
    """Rows of a usage table."""

    def __init__(self, settings: SourceSettings, mapping: EventMapping, ledger: Collected, clock: Clock) -> None:
        self._workspace = mapping.workspace or settings.workspace or mapping.platform
        self._mapping, self._ledger, self._clock = mapping, ledger, clock
        self._fields = fields_of(mapping)
        self._people = People(settings, mapping, self._workspace)
        self._rows: list[dict[str, object]] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, member: Member, line: int, record: Record) -> None:
        """One row of figures, about an account or a total."""
        account = self._fields.text(record, "actor")
        if not self._people.is_wanted(account):
            self._ledger.exclude("not_listed_account")
            return
        first, last = self._day(record, "from"), self._day(record, "to")
        if first is None or last is None or last < first:
            raise RowFault("PPL-EVT-006", "its period is missing or ends before it starts")
        if self._text(record, "report") is None:
            raise RowFault("PPL-JSN-010", "report is missing")
        row: dict[str, object] = {
            "workspace": self._workspace, "account": account, "period_from": first, "period_to": last,
            "used_platform": self._text(record, "used_platform") or self._mapping.platform,
            "reported_on": self._day(record, "reported_on"), "is_active": self._truth(record, "active"),
            **{key: self._text(record, key) for key in ("space", "org_unit", "report")},
            **{f"n_{key}": self._count(record, key) for key in COUNTS},
            "is_record": True, "member": member.name, "line": line,
        }
        if account is not None:
            self._people.identify(account, identifiers_of(self._fields, record, account))
        self._rows.append(row)

    def flush(self) -> Iterator[Frame]:
        """What was collected since."""
        if self._rows:
            yield frame("usage", self._rows)
            yield frame("account_identifier", self._people.rows())
        self._rows = []

    def closing(self) -> Iterator[Frame]:
        """The last rows, and what the table can show."""
        yield from self.flush()
        has = {"has_reading": "read" in self._mapping.columns, "has_reactions": "reacted" in self._mapping.columns}
        yield frame("capability", [{**dict.fromkeys(_CAPABILITY, False), **has}])

    def _text(self, record: Record, key: str) -> str | None:
        return self._fields.text(record, key)

    def _day(self, record: Record, key: str) -> date | None:
        value = self._fields.value(record, key)
        if value is None and key != "reported_on":
            value = self._fields.value(record, "on")
        if value is not None:
            return self._clock.day(value, key)
        return date.fromisoformat(self._fields.constants[key]) if key in self._fields.constants else None

    def _count(self, record: Record, key: str) -> int | None:
        text = self._fields.text(record, key)
        return None if text is None else integer(text, key)

    def _truth(self, record: Record, key: str) -> bool | None:
        text = self._fields.text(record, key)
        if text is not None and text.casefold() not in _TRUTHS:
            raise RowFault("PPL-CSV-010", f"{key} is neither true nor false")
        return None if text is None else _TRUTHS[text.casefold()]


@dataclass(slots=True)
class _Total:
    """What one unit sent in one week; senders are kept as hashes until they are counted."""

    member: str  # where the first of them stands
    n_posted: int = 0
    senders: set[int] = field(default_factory=set)


class Trace:
    """Totals of an e-mail message trace."""

    def __init__(self, settings: SourceSettings, mapping: EventMapping, ledger: Collected, clock: Clock) -> None:
        self._workspace = mapping.workspace or settings.workspace or mapping.platform
        self._mapping, self._ledger, self._clock = mapping, ledger, clock
        self._fields = fields_of(mapping)
        self._units: Mapping[str, str] = settings.units
        self._home_domains = frozenset(domain.casefold() for domain in settings.home_domains)
        self._totals: dict[tuple[date, str | None], _Total] = {}
        self._seen: set[int] = set()

    def __len__(self) -> int:
        return 0

    def add(self, member: Member, line: int, record: Record) -> None:
        """Counts one message once, however many recipients the trace gives a row each."""
        at = self._fields.value(record, "at")
        if at is None:
            raise RowFault("PPL-TIM-004", "at is missing")
        day = self._clock.instant(at, "at").date()
        address = normalize("NFC", self._fields.text(record, "actor") or "").casefold().strip("<>")
        message = self._fields.text(record, "id")
        self._ledger.exclude(self._rule(address, message, member, day))

    def _rule(self, address: str, message: str | None, member: Member, day: date) -> str:
        if not is_address(address):
            return "no_sender"
        if address not in self._units and domain_of(address) not in self._home_domains:
            return "outside_sender"
        if message is not None:
            number = number_of(message)
            if number in self._seen:
                return "further_recipient"
            self._seen.add(number)
        monday = day - timedelta(days=day.weekday())
        total = self._totals.setdefault((monday, self._units.get(address)), _Total(member.name))
        total.n_posted += 1
        total.senders.add(number_of(address))
        return "aggregated"

    def flush(self) -> Iterator[Frame]:
        """Nothing before the end: totals are complete only then."""
        return iter(())

    def closing(self) -> Iterator[Frame]:
        """One row per unit and week."""
        ordered = sorted(self._totals.items(), key=lambda item: (item[0][0], item[0][1] or ""))
        yield frame("usage", [
            {"workspace": self._workspace, "used_platform": "email", "org_unit": unit, "period_from": monday,
             "period_to": monday + timedelta(days=6), "report": "message_trace", "n_posted": total.n_posted,
             "n_posting_accounts": len(total.senders), "is_record": False, "member": total.member}
            for (monday, unit), total in ordered
        ])
        yield frame("capability", [dict.fromkeys(_CAPABILITY, False)])
