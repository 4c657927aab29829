"""The events of a large wiki while they are collected: tuples of what differs from row to row, then a frame.

For readers whose rows are dictionaries there is `collected`.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final, NamedTuple

import polars as pl

from connectors.contract import FRAMES, Frame

_SCHEMA: Final = FRAMES["event"]
_SAME: Final = {"time_basis": "own", "via_app": False, "is_delegated": False}


class EventRow(NamedTuple):
    """The columns of an event that differ from row to row."""

    space: str | None
    event_scope: str
    event_number: int
    thread_number: int | None
    occurred_at: datetime
    action: str
    is_contribution: bool
    account: str | None
    actor_kind: str
    line: int
    target_account: str | None = None
    target_number: int | None = None
    bytes_delta: int | None = None
    is_revert: bool | None = None
    is_minor: bool | None = None
    is_record: bool = True
    version_at: datetime | None = None


class EventBatch:
    """The events of one file, whose threads are all numbered by `thread_scope`."""

    def __init__(self, member: str, thread_scope: str) -> None:
        self._constants = {**_SAME, "member": member, "thread_scope": thread_scope}
        self._rows: list[EventRow] = []
        self._first_at: datetime | None = None
        self._last_at: datetime | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, row: EventRow, *, is_activity: bool = True) -> None:
        """Takes an event in; what is no activity says nothing about the days that the export covers."""
        self._rows.append(row)
        if is_activity:
            at = row.occurred_at
            self._first_at = min(self._first_at or at, at)
            self._last_at = max(self._last_at or at, at)

    def days(self) -> list[date]:
        """First and last day with activity (UTC); none without it."""
        return [at.date() for at in (self._first_at, self._last_at) if at is not None]

    def frames(self, workspace: str, *, at_least: int = 1) -> Iterator[Frame]:
        """The events since the last call, if there are so many."""
        if len(self._rows) < at_least:
            return
        columns = dict(zip(EventRow._fields, zip(*self._rows, strict=True), strict=True))
        self._rows = []
        constants = {**self._constants, "workspace": workspace}
        rows = pl.DataFrame(columns, schema={name: _SCHEMA[name] for name in EventRow._fields}, strict=True)
        yield Frame("event", rows.select(
            pl.col(name) if name in columns else pl.lit(constants.get(name), dtype=dtype).alias(name)
            for name, dtype in _SCHEMA.items()))
