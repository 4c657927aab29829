"""The lake: what each export says, keyed, validated, in Parquet. Reading the same thing twice is a no-op.

`lake/v<format>/<hash of content, reader, the settings it uses, key id>/<table>-<n>.parquet`, written to a temporary
name and renamed as a whole, so that a directory that exists is complete. People in the ledger of `erasure` are left
out before that; parts that are rewritten later are `<table>-<n>.<revision>.parquet`, and the manifest says which count.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Final

import msgspec
import polars as pl

from connectors.contract import FRAMES, Connector, Frame, frame
from connectors.possible import EARLIEST
from connectors.reading import read_export
from connectors.settings import SourceSettings
from connectors.source import Source
from models.schemas.lake import LAKE
from models.validation import find_faults
from pipelines.erasure import apply
from pipelines.erasure.ledger import Ledger, open_ledger
from pipelines.keys import KeyRing, keyed

FORMAT: Final = 1
MANIFEST: Final = "export.json"


class LakeFault(Exception):
    """A reader delivered rows that break its contract: a bug of ours, never of the export."""


class Entry(msgspec.Struct, frozen=True):
    """What an entry of the lake was parsed from; kept beside its parts so that the lake alone rebuilds the rest."""

    name: str
    file_id: str
    path: str
    platform: str
    format: str
    bytes: int
    ids_per_space: bool
    cadence_days: int
    revision: int = 0
    """How often its parts were rewritten."""
    checked: str = ""
    """The digest of the ledger that was applied to it."""
    leaves_out: bool = False
    """Whether it held records of people who are left out."""
    is_stale: bool = False
    """Whether it is to be read again as soon as its export is there."""
    key_id: str = ""
    """The key of its pseudonyms."""
    kept_from: date | None = None
    """The first day whose events stay in it, as far as it was looked through."""
    has_expired: bool = False
    """Whether anything older was taken out of it."""
    told_at: datetime | None = None
    """The newest time in it before that."""
    seen_on: date | None = None
    """The last day of the data when its faults were first seen."""

    @property
    def version(self) -> str:
        """Another one whenever other people are left out of it."""
        return f"{self.name}.{self.revision}.{self.checked}" if self.revision or self.checked else self.name

    def part_name(self, part: Path) -> str:
        """The name of a part, of whichever revision, in this one."""
        stem = part.name.partition(".")[0]
        return f"{stem}.{self.revision}.parquet" if self.revision else f"{stem}.parquet"


@dataclass(frozen=True, slots=True)
class Lake:
    """A directory of parsed exports under one key; at most one entry per export."""

    root: Path
    ring: KeyRing

    @property
    def base(self) -> Path:
        """Where the entries lie."""
        return self.root / f"v{FORMAT}"

    @property
    def state(self) -> Path:
        """What cannot be rebuilt, beside the lake."""
        return self.root.parent / "state"

    def ledger(self) -> Ledger:
        """Who is left out."""
        return open_ledger(self.state, self.ring)

    def entry_name(self, content_id: str, connector: Connector, settings: SourceSettings) -> str:
        """Names the parse of this content by this reader with these settings under this key, of days from the earliest.

        The day on which it is read is not in it: an export that lies in the lake is not judged again.
        """
        parts = (
            content_id,
            connector.name,
            connector.platform_for(settings),
            str(connector.version),
            repr(connector.uses(settings)),
            self.ring.key_id,
            EARLIEST.isoformat(),
        )
        return blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()

    def holds(self, name: str) -> bool:
        """Whether this parse exists and need not be made again."""
        manifest = self.base / name / MANIFEST
        return manifest.is_file() and not _read(manifest).is_stale

    def entries(self) -> list[Entry]:
        """All exports of the lake, in the order of their names."""
        return [_read(path) for path in sorted(self.base.glob(f"[0-9a-f]*/{MANIFEST}"))]

    def kept_from(self) -> date | None:
        """The first day whose events are kept; None if none have expired."""
        return max((entry.kept_from for entry in self.entries() if entry.has_expired and entry.kept_from), default=None)

    def parts(self, entry: Entry, table: str) -> Iterator[pl.DataFrame]:
        """The stored rows of one table of an export, part by part."""
        for path in self.paths(entry):
            if apply.table_of(path) == table:
                yield pl.read_parquet(path)

    def write(
        self, entry: Entry, source: Source, connector: Connector, settings: SourceSettings, *, now: datetime
    ) -> None:
        """Reads the export into the lake, in place of an older parse of it; raises what the reader raises and then
        leaves nothing behind.
        """
        final = self.base / entry.name
        temporary = final.with_name(f".{entry.name}.{os.getpid()}")
        temporary.mkdir(parents=True, mode=0o700)
        try:
            counts: Counter[str] = Counter()
            for frame in chain(read_export(connector, source, settings, now=now), _notes_on(source)):
                if frame.rows.is_empty():
                    continue
                rows = self._valid(frame, entry.platform)
                rows.write_parquet(temporary / f"{frame.table}-{counts[frame.table]:05}.parquet")
                counts[frame.table] += 1
            entry = self._without_left_out(msgspec.structs.replace(entry, key_id=self.ring.key_id), temporary)
            (temporary / MANIFEST).write_bytes(msgspec.json.encode(entry))
            for older in self.entries():
                if older.file_id == entry.file_id:
                    shutil.rmtree(self.base / older.name)
            temporary.replace(final)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def folder(self, entry: Entry) -> Path:
        """Where its parts and its manifest lie."""
        return self.base / entry.name

    def describe(self, entry: Entry) -> None:
        """Replaces the manifest of an entry in one step."""
        fresh = self.folder(entry) / f".{MANIFEST}.{os.getpid()}"
        fresh.write_bytes(msgspec.json.encode(entry))
        fresh.replace(self.folder(entry) / MANIFEST)

    def _without_left_out(self, entry: Entry, folder: Path) -> Entry:
        """Leaves out of an entry that is not final yet who is in the ledger, and tells the ledger who else is."""
        ledger = self.ledger()
        parts = sorted(folder.glob("*.parquet"))
        if gone := apply.find(parts, ledger):
            apply.leave_out(parts, gone, replace_part)
            ledger.add(gone)
        return msgspec.structs.replace(entry, checked=ledger.digest, leaves_out=bool(gone))

    def paths(self, entry: Entry) -> list[Path]:
        """Its parts, of the revision that counts."""
        return sorted(path for path in self.folder(entry).glob("*.parquet") if path.name == entry.part_name(path))

    def _valid(self, frame: Frame, platform: str) -> pl.DataFrame:
        schema = LAKE[frame.table]
        rows = keyed(frame, self.ring, platform).select(list(schema.to_schema().columns))
        faults = find_faults(rows, schema)
        if faults:
            raise LakeFault(f"the reader {platform} breaks {frame.table}: " + "; ".join(map(str, faults)))
        return rows


def _read(manifest: Path) -> Entry:
    return msgspec.json.decode(manifest.read_bytes(), type=Entry)


def replace_part(path: Path, rows: pl.DataFrame) -> None:
    """Writes aside first: `rows` may still be mapped from the file that they replace."""
    fresh = path.with_name(f".{path.name}")
    rows.write_parquet(fresh)
    fresh.replace(path)


def _notes_on(source: Source) -> Iterator[Frame]:
    """What the container itself gave cause to note, before any reader saw it."""
    yield frame("note", [
        {"member": note.member, "line": note.line, "rule": note.code, "message": f"{note.what}; {note.done}",
         "n_records": 1}
        for note in source.notes
    ])


def empty(table: str) -> pl.DataFrame:
    """No rows of a lake table, with its columns and types."""
    columns = LAKE[table].to_schema().columns
    return pl.DataFrame(schema={name: column.dtype.type for name, column in columns.items()})


assert set(LAKE) == set(FRAMES), "every frame of a connector has a lake table"  # noqa: S101
