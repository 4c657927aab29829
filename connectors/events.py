"""The generic reader: any CSV, NDJSON, JSON or Parquet that a mapping in turnout.toml describes (docs/mappings.md).

It recognises nothing by itself: a file is its own if `[[events]] match` says so.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, Protocol

from connectors.collected import Collected
from connectors.contract import BATCH_ROWS, Connector, Frame
from connectors.csvtext import RowFault
from connectors.events_fields import Record, names_of
from connectors.events_input import ENCODING_FIX, members_of, records
from connectors.events_mapping import check_mapping
from connectors.events_rows import Events
from connectors.events_times import AmbiguousDateError, Clock, NoZoneError
from connectors.events_usage import Trace, Usage
from connectors.settings import EventMapping, SourceSettings
from connectors.source import Member, Source
from connectors.streams_text import unpacked
from models.problems import SettingsRefused


class _Reader(Protocol):
    """What takes the records of one kind of mapping; its length is the number of rows that wait for `flush`."""

    def __len__(self) -> int: ...

    def add(self, member: Member, line: int, record: Record, /) -> None:
        """One record; raises `RowFault` if it cannot be used."""

    def flush(self) -> Iterator[Frame]:
        """The rows that were collected since."""

    def closing(self) -> Iterator[Frame]:
        """All that is left at the end, and the capabilities."""


_READERS: Final[Mapping[str, Callable[[SourceSettings, EventMapping, Collected, Clock], _Reader]]] = {
    "events": Events, "usage": Usage, "trace": Trace,
}
REASONS: Final = {
    "other_record": "a record that is no event",
    "private_space": "in a private space; not read",
    "personal_space": "in a personal space; not read",
    "undeclared_space": "in a space that the export does not declare, so that it may be private; not read",
    "direct_message": "a direct message; not read",
    "not_listed_account": "not by an account that [[events]] accounts lists; not read",
    "aggregated": "counted by unit and week, then forgotten",
    "further_recipient": "a further recipient of a message that is counted; forgotten",
    "outside_sender": "sent from outside the home domains; forgotten",
    "no_sender": "without a sender's address; forgotten",
}
_TWICE: Final = "a local time that occurred twice when clocks went back; the first was taken"


def detect(source: Source, /) -> str | None:
    """Nothing: what any file may be has to be declared."""
    return None


def format_of(mapping: EventMapping) -> str:
    """The name of a mapped format."""
    return f"events-{mapping.format}"


def read(source: Source, settings: SourceSettings, /) -> Iterator[Frame]:
    """Frames of one mapped export."""
    mapping = settings.events
    if mapping is None:
        raise SettingsRefused("PPL-CFG-021 turnout.toml: no [[events]] matches the file; nothing was run; add one")
    check_mapping(mapping)
    if mapping.kind == "trace" and not (settings.home_domains or settings.units):
        raise source.refuse("PPL-EVT-007", "nothing says which senders of a message trace are employees",
                            "Set home_domains in turnout.toml, or add a roster.")
    yield from _Reading(source, settings, mapping).frames()


class _Reading:
    """One pass over the members of an export."""

    def __init__(self, source: Source, settings: SourceSettings, mapping: EventMapping) -> None:
        self._source, self._mapping = source, mapping
        self._ledger = Collected(None, REASONS)
        self._clock = Clock(mapping.time_format, mapping.zone or settings.zone)
        self._reader = _READERS[mapping.kind](settings, mapping, self._ledger, self._clock)

    def frames(self) -> Iterator[Frame]:
        names = names_of(self._mapping)
        plain = unpacked(self._source, encoding=self._mapping.encoding, encoding_fix=ENCODING_FIX)
        for member in members_of(self._source, self._mapping):
            self._ledger.start(member)
            for line, record in records(plain, member, self._mapping, names):
                self._ledger.count()
                self._add(member, line, record)
                if len(self._reader) >= BATCH_ROWS:
                    yield from self._reader.flush()
                    yield from self._ledger.frames("")
            self._ledger.note("PPL-TIM-006", _TWICE, n_records=self._clock.n_overlaps)
            self._clock.n_overlaps = 0
            self._ledger.finish()
        yield from self._reader.closing()
        yield from self._ledger.rest("")

    def _add(self, member: Member, line: int, record: Record | RowFault) -> None:
        try:
            if isinstance(record, RowFault):
                raise record
            self._reader.add(member, line, record)
        except RowFault as fault:
            self._ledger.put_aside(line, fault.code, fault.what)
        except AmbiguousDateError as error:
            raise self._source.refuse(
                "PPL-TIM-002", f"nothing shows whether the day or the month comes first in {error}",
                "Set [[events]] time_format, for example %d/%m/%Y %H:%M.", member=member.name, line=line) from error
        except NoZoneError as error:
            raise self._source.refuse(
                "PPL-EVT-003", f"{error} has no time zone", "Set [[events]] zone, for example UTC or Europe/Paris.",
                member=member.name, line=line) from error


def _uses(settings: SourceSettings) -> object:
    mapping = settings.events
    units = sorted(settings.units.items()) if mapping is not None and mapping.kind == "trace" else None
    return (mapping, units, settings.workspace, settings.zone, settings.window_from, settings.window_to,
            settings.include, settings.home_domains)


CONNECTOR: Final = Connector(platform="events", version=2, detect=detect, read=read, uses=_uses)
