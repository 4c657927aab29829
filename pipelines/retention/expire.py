"""What has expired goes: first what may be known of it without anybody is folded, then the lake is rewritten.

Counted back from the last day of the data. Each step can be done again: the next run finishes an interrupted one.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
import polars as pl

from pipelines import declared, guard, staging
from pipelines.build import build_model, closure_of
from pipelines.config import Settings
from pipelines.erasure.apply import table_of
from pipelines.erasure.sweep import REBUILD, ask_for_rebuild, keep_out
from pipelines.lake import Entry, Lake
from pipelines.retention import past
from pipelines.retention.cut import Limits, cut, holds_expired
from pipelines.warehouse import Warehouse, append, frame_of

_FOLDED: Final = {
    "past_use": ("prep_space_use", "occurred_on"),
    "past_start": ("prep_space_start", "changed_on"),
    "past_day": ("prep_space_day", "occurred_on"),
}
"""Table of the state -> the model that it is taken from, and by which day."""


class NotFolded(Exception):
    """What is to be known of pages and spaces could not be worked out, so that nothing may be removed."""


def expire(
    warehouse: Warehouse, lake: Lake, exports: Path, settings: Settings, *, now: datetime
) -> Mapping[str, int]:
    """Takes out of lake and warehouse what `[retention]` no longer allows; how many records and exports, by kind.

    Days after the day of `now` do not count: a date in the future must not make everything else old. Raises `NotFolded`
    (PPL-RET-003), and then removes nothing.
    """
    chosen = settings.retention
    as_of = last_day(lake, settings.as_of, now.date())
    if as_of is None or (chosen.events_months is None and chosen.quarantine_days is None):
        return {}
    limits = Limits(
        kept_from=_kept_from(lake, as_of, chosen.events_months),
        faults_from=as_of - timedelta(days=chosen.quarantine_days) if chosen.quarantine_days is not None else None,
        zone=settings.reporting_zone,
    )
    keep_out(lake)
    due = list(_due(lake, limits, as_of))
    if not due:
        return {}
    if limits.kept_from is not None and any(entry.kept_from != limits.kept_from for entry in due):
        _fold(warehouse, lake, exports=exports, settings=settings, kept_from=limits.kept_from, now=now)
    ask_for_rebuild(lake.state)
    gone: Counter[str] = Counter()
    for entry in due:
        gone.update(cut(lake, entry, limits))
    _renew(warehouse, lake.state)
    return {"n_exports": len(due), "n_records": gone["event"], "n_faults": gone["quarantine"]}


def last_day(lake: Lake, as_of: date | None, today: date) -> date | None:
    """The day from which periods count back: the last that any export covers, none after `as_of` or `today`."""
    covered = [rows["covered_to"].max() for entry in lake.entries() for rows in lake.parts(entry, "coverage")]
    days = [day for day in covered if isinstance(day, date)]
    return min(max(days), as_of or date.max, today) if days else None


def first_of_month(day: date, *, months_before: int) -> date:
    """The first day of the month that lies so many months before that of the day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months_before, 12)
    return date(year, month + 1, 1)


def _kept_from(lake: Lake, as_of: date, months: int | None) -> date | None:
    """Never earlier than before: of what has gone no export may bring back a part."""
    if months is None:
        return None
    before = lake.kept_from()
    return max(first_of_month(as_of, months_before=months), before or date.min)


def _due(lake: Lake, limits: Limits, as_of: date) -> Iterator[Entry]:
    """The exports of which something has expired; of the others is noted that they were looked through."""
    for entry in lake.entries():
        looked = entry
        if limits.faults_from is not None and entry.seen_on is None and _has_faults(lake, entry):
            looked = msgspec.structs.replace(looked, seen_on=as_of)
        is_open = limits.kept_from is not None and (entry.kept_from or date.min) < limits.kept_from
        is_due = (is_open or limits.are_faults_over(entry)) and holds_expired(lake, looked, limits)
        if is_open and not is_due:
            looked = msgspec.structs.replace(looked, kept_from=limits.kept_from)
        if looked != entry:
            lake.describe(looked)
        if is_due:
            yield looked


def _has_faults(lake: Lake, entry: Entry) -> bool:
    return any(table_of(part) == "quarantine" for part in lake.paths(entry))


def _fold(
    warehouse: Warehouse, lake: Lake, *, exports: Path, settings: Settings, kept_from: date, now: datetime
) -> None:
    """Works the histories of pages and spaces out of everything that is still there, whatever this run looks at."""
    staging.mirror(warehouse, lake, zone=settings.reporting_zone, platforms=(), now=now)
    whole = msgspec.structs.replace(settings, as_of=None)
    declared.store_settings(warehouse, exports, whole, lake.ring, lake.ledger())
    for table in closure_of(*(model for model, _ in _FOLDED.values())):
        if faults := build_model(warehouse, table).faults:
            raise NotFolded(
                f"PPL-RET-003 {table}: {'; '.join(map(str, faults))}; nothing was removed; report this, and run "
                "without [retention] until it is mended"
            )
    with warehouse.connect() as connection:
        fresh: dict[str, pl.DataFrame] = {
            table: frame_of(connection, f"from {model} where {day} < $kept_from", {"kept_from": kept_from})
            for table, (model, day) in _FOLDED.items()
        }
    past.fold(lake.state, fresh)


def _renew(warehouse: Warehouse, state: Path) -> None:
    """A new file for the warehouse, with the list of the drop folder only: deleting rows leaves their bytes behind."""
    with warehouse.connect() as connection:
        staging.prepare(connection)
        found = frame_of(connection, "from stg_found")
    warehouse.let_go()
    guard.forget(warehouse.path)
    with warehouse.connect() as connection:
        staging.prepare(connection)
        append(connection, "stg_found", found)
    (state / REBUILD).unlink(missing_ok=True)
