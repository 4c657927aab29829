"""One export of the lake without the rows that have expired.

New parts lie beside the old ones until the manifest names them, so that an interruption leaves the one or the other.
"""

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
import polars as pl

from pipelines.erasure.apply import Write, recount, table_of
from pipelines.erasure.sweep import tidy
from pipelines.lake import Entry, Lake, empty, replace_part

_DAY: Final = timedelta(days=1)
_NOTES: Final = {
    "event": ("PPL-RET-001", "records older than they may be kept were removed"),
    "quarantine": ("PPL-RET-002", "records with a fault were forgotten, for they may be kept no longer"),
}
"""What an export is said to lack, by the table that tells most of it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`kept_from` is the first day whose events stay, in the reporting zone; faults stay of exports that were first
    seen on `faults_from` or later. None: they stay without end.
    """

    kept_from: date | None
    faults_from: date | None
    zone: str

    @property
    def kept_at(self) -> datetime | None:
        """The first moment of `kept_from` (naive UTC)."""
        if self.kept_from is None:
            return None
        local = datetime.combine(self.kept_from, time(), ZoneInfo(self.zone))
        return local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)

    def are_faults_over(self, entry: Entry) -> bool:
        """Whether the faults of this export have been kept for as long as they may be."""
        return self.faults_from is not None and entry.seen_on is not None and entry.seen_on < self.faults_from


def holds_expired(lake: Lake, entry: Entry, limits: Limits) -> bool:
    """Whether anything of this export has expired."""
    told = told_at(lake, entry)
    return any(
        _kept(table_of(part), pl.read_parquet(part), entry, limits, told) is not None
        for part in lake.paths(entry)
        if table_of(part) in ("event", "usage", "coverage", "quarantine")
    )


def cut(lake: Lake, entry: Entry, limits: Limits) -> Counter[str]:
    """Rewrites the export without what has expired; how many source records went, by table."""
    tidy(lake, entry)
    told = told_at(lake, entry)
    fresh = msgspec.structs.replace(
        entry, revision=entry.revision + 1, kept_from=limits.kept_from or entry.kept_from, told_at=told
    )

    def write(part: Path, rows: pl.DataFrame) -> None:
        replace_part(part.with_name(fresh.part_name(part)), rows)

    parts = lake.paths(entry)
    has_expired = entry.has_expired
    gone: Counter[str] = Counter()
    of_member: Counter[str] = Counter()
    for part in parts:
        table, rows = table_of(part), pl.read_parquet(part)
        kept = _kept(table, rows, entry, limits, told)
        if kept is None:
            shutil.copyfile(part, part.with_name(fresh.part_name(part)))
            continue
        if not kept.is_empty():
            write(part, kept)
        n_gone = _records(rows)
        n_gone.subtract(_records(kept))
        of_member.update(n_gone)
        gone["quarantine" if table == "quarantine" else "event"] += n_gone.total()
        has_expired = has_expired or table != "quarantine"
    recount([part for part in parts if table_of(part) == "part"], of_member, write)
    _note([part for part in parts if table_of(part) == "note"], lake.folder(entry), gone, write)
    fresh = msgspec.structs.replace(fresh, has_expired=has_expired)
    lake.describe(fresh)
    tidy(lake, fresh)
    return +gone


def told_at(lake: Lake, entry: Entry) -> datetime | None:
    """The newest time in the export, of everything that it held: by it versions are compared, also of accounts and
    spaces, so it must not grow older when records go. As `stg_file.exported_at`.
    """
    times: list[datetime] = [entry.told_at] if entry.told_at else []
    for rows in lake.parts(entry, "event"):
        own = rows.filter("is_record")
        times += [one for name in ("occurred_at", "version_at") if (one := own[name].max()) is not None]
    for rows in lake.parts(entry, "coverage"):
        ends = rows.select(pl.when("is_stated").then(pl.col("covered_to") + _DAY).otherwise("covered_to"))
        times += [datetime.combine(day, time()) for (day,) in ends.rows()]
    for rows in lake.parts(entry, "person"):
        times += [datetime.combine(day, time()) for day in rows["valid_from"].drop_nulls()]
    return max(times, default=None)


def _kept(table: str, rows: pl.DataFrame, entry: Entry, limits: Limits, told: datetime | None) -> pl.DataFrame | None:
    """What stays of a part; None if all of it does."""
    if table == "quarantine":
        return rows.clear() if limits.are_faults_over(entry) else None
    if limits.kept_from is None:
        return None
    if table == "event":
        # what has no time of its own is as old as the version, else as its export
        when = pl.coalesce("occurred_at", "version_at", pl.lit(told, pl.Datetime("us")))
        kept = rows.filter((when >= limits.kept_at).fill_null(value=True))
    elif table == "usage":
        kept = rows.filter(pl.col("period_to") >= limits.kept_from)
    elif table == "coverage":
        return _covered(rows, limits.kept_from)
    else:
        return None
    return kept if kept.height < rows.height else None


def _covered(rows: pl.DataFrame, kept_from: date) -> pl.DataFrame | None:
    """The days that the export still covers.

    The first day that is kept was seen from its beginning, unlike the first day of an export, so that all days but the
    last are whole.
    """
    is_cut = pl.col("covered_from") < kept_from
    if rows.filter(is_cut).is_empty():
        return None
    kept = rows.filter(pl.col("covered_to") >= kept_from)
    shorter = kept.filter(is_cut).with_columns(covered_from=pl.lit(kept_from, pl.Date))
    whole = shorter.filter(~pl.col("is_stated") & (pl.col("covered_to") > kept_from)).with_columns(
        covered_to=pl.col("covered_to") - _DAY, is_stated=True
    )
    return pl.concat([kept.filter(~is_cut), shorter, whole]).unique(maintain_order=True)


def _records(rows: pl.DataFrame) -> Counter[str]:
    """Source records by member."""
    if "member" not in rows.columns:
        return Counter()
    own = rows.filter("is_record") if "is_record" in rows.columns else rows
    return Counter(dict(own.group_by("member").len().rows()))


def _note(parts: Sequence[Path], folder: Path, gone: Counter[str], write: Write) -> None:
    """Says how many records went, together with those that went before."""
    n_parts = len(parts)
    for what, n in gone.items():
        rule, message = _NOTES[what]
        told = next((part for part in parts if (pl.read_parquet(part)["rule"] == rule).any()), None)
        if n and told is None:
            row = {"member": "", "line": None, "rule": rule, "message": message, "n_records": n}
            write(folder / f"note-{n_parts:05}.parquet", pl.DataFrame([row], schema=empty("note").schema))
            n_parts += 1
        elif n and told is not None:
            more = pl.when(pl.col("rule") == rule).then(pl.col("n_records") + n).otherwise("n_records")
            write(told, pl.read_parquet(told).with_columns(more.alias("n_records")))
