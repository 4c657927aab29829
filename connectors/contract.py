"""What a connector is: `detect` says whether an export is its own, `read` turns it into typed frames.

Connectors know one platform each and nothing of keys, tables or Dagster. Values that identify a person, an account
or a space leave a connector as they are in the export, in columns marked `Identifier` below; `pipelines.keys` replaces
every one of them before anything is written.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from hashlib import blake2b
from typing import Final, Protocol

import polars as pl

from connectors.settings import SourceSettings
from connectors.source import Source

BATCH_ROWS: Final = 50_000
"""Rows after which a reader yields a frame, so that memory does not grow with the export."""


class Identifier(Enum):
    """What a raw column identifies; decides how it is canonicalised and keyed."""

    ACCOUNT = "account"
    SPACE = "space"
    PERSON = "person"
    BY_KIND = "by_kind"
    """An e-mail address, directory id, ...: the row's `kind` column says which."""


UTC_TIME: Final = pl.Datetime("us")

FRAMES: Final[Mapping[str, Mapping[str, pl.DataType | type[pl.DataType]]]] = {
    "event": {
        "workspace": pl.String,
        "space": pl.String,  # native id, null where the export has none for this space
        "space_alias": pl.String,  # the name by which the export files the space, null where it has an id only
        "event_scope": pl.String,  # what event_number numbers: message, revision, react:<emoji>, ...
        "event_number": pl.Int64,
        "thread_scope": pl.String,
        "thread_number": pl.Int64,  # of the thread's starter or of the page; a root's own number; null if unknown
        "occurred_at": UTC_TIME,
        "time_basis": pl.String,
        "action": pl.String,
        "is_contribution": pl.Boolean,  # would this be a contribution if a person did it?
        "account": pl.String,
        "actor_kind": pl.String,
        "via_app": pl.Boolean,
        "is_delegated": pl.Boolean,
        "target_account": pl.String,  # whom it answers or reacts to, where this export tells
        "target_number": pl.Int64,  # of the answered message, in thread_scope; null: a reply answers the starter
        "bytes_delta": pl.Int64,
        "is_revert": pl.Boolean,
        "is_minor": pl.Boolean,
        "is_record": pl.Boolean,  # true on exactly one row of each source record
        "version_at": UTC_TIME,  # time of the edit or deletion that the record states, else null
        "member": pl.String,
        "line": pl.Int64,
    },
    "account": {
        "workspace": pl.String,
        "account": pl.String,
        "kind": pl.String,
        "is_guest": pl.Boolean,  # null unless the export, or home_domains, says whether it is one
        "is_deactivated": pl.Boolean,  # null unless the export says
        "is_record": pl.Boolean,
        "member": pl.String,
        "line": pl.Int64,
    },
    "account_identifier": {"workspace": pl.String, "account": pl.String, "kind": pl.String, "identifier": pl.String},
    "space": {
        "workspace": pl.String,
        "space": pl.String,
        "space_alias": pl.String,
        "kind": pl.String,
        "visibility": pl.String,
        "label": pl.String,  # null unless the space is public
        "created_at": UTC_TIME,
        "is_record": pl.Boolean,
        "member": pl.String,
        "line": pl.Int64,
    },
    "person": {
        "person": pl.String,
        "valid_from": pl.Date,  # null in a snapshot without a date
        "org_path": pl.List(pl.String),
        "level": pl.String,
        "layer": pl.Int64,
        "manager": pl.String,
        "location": pl.String,
        "hired_on": pl.Date,
        "left_on": pl.Date,  # last day of employment
        "is_comms": pl.Boolean,
        "is_record": pl.Boolean,
        "member": pl.String,
        "line": pl.Int64,
    },
    "person_identifier": {"person": pl.String, "kind": pl.String, "identifier": pl.String},
    "usage": {
        "workspace": pl.String,
        "used_platform": pl.String,  # whose use is reported: a Microsoft 365 report tells of yammer, teams, ...
        "account": pl.String,  # null in totals
        "space": pl.String,  # null unless the report is about a space
        "org_unit": pl.String,  # null unless the totals are of a unit
        "period_from": pl.Date,
        "period_to": pl.Date,  # inclusive; a rolling snapshot has the days that it looks back on
        "reported_on": pl.Date,  # the vendor's own date of the report: the newest report of a period is in use
        "report": pl.String,  # figures of two reports are never added
        "is_active": pl.Boolean,
        "n_posted": pl.Int64,
        "n_read": pl.Int64,
        "n_reacted": pl.Int64,
        "n_active_accounts": pl.Int64,  # in totals: how many accounts were active by the vendor's definition
        "n_posting_accounts": pl.Int64,
        "is_record": pl.Boolean,
        "member": pl.String,
        "line": pl.Int64,
    },
    "note": {  # what was found wrong and kept all the same; counts, outside the row equation
        "member": pl.String,
        "line": pl.Int64,  # null unless it is about one record
        "rule": pl.String,
        "message": pl.String,
        "n_records": pl.Int64,
    },
    "quarantine": {"member": pl.String, "line": pl.Int64, "rule": pl.String, "message": pl.String},
    "exclusion": {"member": pl.String, "rule": pl.String, "message": pl.String, "n_records": pl.Int64},
    "part": {"member": pl.String, "crc32": pl.Int64, "bytes": pl.Int64, "n_read": pl.Int64},
    "coverage": {
        "workspace": pl.String,
        "covered_from": pl.Date,
        "covered_to": pl.Date,
        "is_stated": pl.Boolean,  # the export or turnout.toml states the period; else first and last record
    },
    "capability": {
        "has_reactions": pl.Boolean,
        "has_reading": pl.Boolean,
        "has_direct": pl.Boolean,
        "has_edits": pl.Boolean,
        "has_history": pl.Boolean,
    },
}

IDENTIFIERS: Final[Mapping[str, Identifier]] = {
    "account": Identifier.ACCOUNT,
    "target_account": Identifier.ACCOUNT,
    "space": Identifier.SPACE,
    "space_alias": Identifier.SPACE,
    "person": Identifier.PERSON,
    "manager": Identifier.PERSON,
    "identifier": Identifier.BY_KIND,
}
"""Columns that identify somebody or something, in whichever frame they occur."""


CAPABILITIES: Final = tuple(FRAMES["capability"])
"""What an export can or cannot show; see `models.schemas.ledger.SourceCapability`."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One batch of rows of `FRAMES[table]`."""

    table: str
    rows: pl.DataFrame


class Detect(Protocol):
    """The name of the recognised format, or None if the export is not this connector's; cheap, reads headers only."""

    def __call__(self, source: Source, /) -> str | None:
        """Never raises on foreign content."""


class Read(Protocol):
    """Yields the frames of one export; raises `ExportRefused` for a fault that makes the whole export unusable."""

    def __call__(self, source: Source, settings: SourceSettings, /) -> Iterator[Frame]:
        """Every frame has exactly the columns of `FRAMES`."""


@dataclass(frozen=True, slots=True)
class Connector:
    """One platform's reader. `version` goes up whenever the same export would be read differently."""

    platform: str
    version: int
    detect: Detect
    read: Read
    uses: Callable[[SourceSettings], object]
    """The part of the settings on which this reader's output depends; a change of it reads the export again."""
    ids_per_space: bool = False
    """Native event numbers are unique only within a space (Slack); elsewhere a moved page is still itself."""
    made_at: Callable[[Source], datetime | None] = lambda source: None
    """When an export was made (naive UTC), as far as it says so itself: nothing in it can be much newer."""
    variant: str = ""
    """Tells the readers of one platform apart: its exports of messages from its usage reports."""

    @property
    def name(self) -> str:
        """Unique among all readers."""
        return f"{self.platform}_{self.variant}" if self.variant else self.platform

    def platform_for(self, settings: SourceSettings) -> str:
        """The platform of an export; the generic reader takes it from the mapping."""
        return settings.events.platform if settings.events is not None else self.platform


def frame(table: str, rows: list[dict[str, object]]) -> Frame:
    """Rows as dictionaries, absent columns null; a value of another type raises, it is never converted."""
    schema = FRAMES[table]
    columns = {name: [row.get(name) for row in rows] for name in schema}
    return Frame(table, pl.DataFrame(columns, schema=dict(schema), strict=True))


def number_of(native_id: str) -> int:
    """A native id that is no number as one: 63 bits of BLAKE2b; 10 million ids collide with odds of 1 to 180,000."""
    return int.from_bytes(blake2b(native_id.encode(), digest_size=8).digest(), "big") >> 1
