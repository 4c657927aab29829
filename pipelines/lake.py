"""The lake: what each export says, keyed, validated, in Parquet. Reading the same thing twice is a no-op.

`lake/v<format>/<hash of content, reader, the settings it uses, key id>/<table>-<n>.parquet`, written to a temporary
name and renamed as a whole, so that a directory that exists is complete.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Final

import msgspec
import polars as pl

from connectors.contract import FRAMES, Connector, Frame, frame
from connectors.settings import SourceSettings
from connectors.source import Source
from models.schemas.lake import LAKE
from models.validation import find_faults
from pipelines.keys import KeyRing, keyed

FORMAT: Final = 1
_MANIFEST: Final = "export.json"


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


@dataclass(frozen=True, slots=True)
class Lake:
    """A directory of parsed exports under one key; at most one entry per export."""

    root: Path
    ring: KeyRing

    @property
    def _base(self) -> Path:
        return self.root / f"v{FORMAT}"

    def entry_name(self, content_id: str, connector: Connector, settings: SourceSettings) -> str:
        """Names the parse of this content by this reader with these settings under this key."""
        parts = (
            content_id,
            connector.name,
            connector.platform_for(settings),
            str(connector.version),
            repr(connector.uses(settings)),
            self.ring.key_id,
        )
        return blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()

    def holds(self, name: str) -> bool:
        """Whether this parse exists."""
        return (self._base / name / _MANIFEST).is_file()

    def entries(self) -> list[Entry]:
        """All exports of the lake, in the order of their names."""
        manifests = sorted(self._base.glob(f"[0-9a-f]*/{_MANIFEST}"))
        return [msgspec.json.decode(path.read_bytes(), type=Entry) for path in manifests]

    def parts(self, entry: Entry, table: str) -> Iterator[pl.DataFrame]:
        """The stored rows of one table of an export, part by part."""
        for path in sorted((self._base / entry.name).glob(f"{table}-*.parquet")):
            yield pl.read_parquet(path)

    def write(self, entry: Entry, source: Source, connector: Connector, settings: SourceSettings) -> None:
        """Reads the export into the lake, in place of an older parse of it; raises what the reader raises and then
        leaves nothing behind.
        """
        final = self._base / entry.name
        temporary = final.with_name(f".{entry.name}.{os.getpid()}")
        temporary.mkdir(parents=True, mode=0o700)
        try:
            counts: Counter[str] = Counter()
            for frame in chain(connector.read(source, settings), _notes_on(source)):
                if frame.rows.is_empty():
                    continue
                rows = self._valid(frame, entry.platform)
                rows.write_parquet(temporary / f"{frame.table}-{counts[frame.table]:05}.parquet")
                counts[frame.table] += 1
            (temporary / _MANIFEST).write_bytes(msgspec.json.encode(entry))
            for older in self.entries():
                if older.file_id == entry.file_id:
                    shutil.rmtree(self._base / older.name)
            temporary.replace(final)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def _valid(self, frame: Frame, platform: str) -> pl.DataFrame:
        schema = LAKE[frame.table]
        rows = keyed(frame, self.ring, platform).select(list(schema.to_schema().columns))
        faults = find_faults(rows, schema)
        if faults:
            raise LakeFault(f"the reader {platform} breaks {frame.table}: " + "; ".join(map(str, faults)))
        return rows


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
