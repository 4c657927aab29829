"""An export as a set of named members, whatever it is kept in: a zip, a lone file or a folder.

Nothing is ever extracted. `source_zip` checks a zip as a whole before its first member is read.
"""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO, Final

from connectors.source_zip import ZIP_MAGIC, notes_on, open_zip, sound_entries
from models.problems import ExportRefused, Problem

__all__ = ["MAX_RATIO", "RATIO_FREE_BYTES", "ZIP_MAGIC", "Member", "Source", "is_junk", "open_source"]

MAX_MEMBER_BYTES: Final = 64 << 30
MAX_RATIO: Final = 200
RATIO_FREE_BYTES: Final = 10 << 20
_BUFFER_BYTES: Final = 1 << 16
_JUNK: Final = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an export: `name` has forward slashes, `key` is how its container addresses it."""

    name: str
    bytes: int
    crc32: int
    key: str


@dataclass(frozen=True, slots=True)
class Source:
    """An export: `file` is its path relative to the drop folder, as every message and table names it."""

    path: Path
    file: str
    members: tuple[Member, ...]
    kind: str  # zip, file or folder
    stamp: tuple[int, int] | None = None  # size and change time of the file when it was listed
    notes: tuple[Problem, ...] = ()  # what was ignored or repaired without refusing the export

    @contextmanager
    def open(self, member: Member) -> Iterator[IO[bytes]]:
        """The bytes of a member as a stream that refuses lying sizes, bad checksums and runaway expansion."""
        self._check_unchanged()
        with self._opened(member) as stream:
            yield stream
        self._check_unchanged()

    @contextmanager
    def _opened(self, member: Member) -> Iterator[IO[bytes]]:
        if self.kind != "zip":
            path = self.path if self.kind == "file" else self.path / member.key
            with path.open("rb") as stream:
                yield stream
            return
        try:
            raw = _archive(self.path, self.path.stat().st_mtime_ns).open(member.key)
        except (zipfile.BadZipFile, KeyError, RuntimeError, ValueError, OSError, struct.error) as error:
            raise self._damaged(member) from error
        with raw, io.BufferedReader(_Guarded(raw, self, member), _BUFFER_BYTES) as stream:
            yield stream

    def _check_unchanged(self) -> None:
        if self.stamp is not None:
            state = self.path.stat()
            if (state.st_size, state.st_mtime_ns) != self.stamp:
                raise self.refuse("PPL-FIL-004", "changed while being read", "Run again when the file is complete.")

    def _damaged(self, member: Member) -> ExportRefused:
        return self.refuse(
            "PPL-ZIP-005",
            "checksum or size does not match; the archive is damaged",
            "Download or copy the archive again.",
            member=member.name,
        )

    def read(self, member: Member) -> bytes:
        """All bytes of a small member."""
        with self.open(member) as stream:
            return stream.read()

    def refuse(self, code: str, what: str, fix: str, *, member: str = "", line: int | None = None) -> ExportRefused:
        """The exception to raise when this export cannot be loaded; the caller raises it."""
        return ExportRefused(Problem(code, what, "nothing of this file was loaded", fix, self.file, member, line))


def open_source(path: Path, file: str) -> Source:
    """The export at `path` (a zip, a folder or a lone file), listed and checked but not read."""
    if path.is_dir():
        return Source(path, file, tuple(_folder_members(path)), "folder")
    state = path.stat()
    if state.st_size == 0:
        fix = "Copy or download the file again."
        raise Source(path, file, (), "file").refuse("PPL-FIL-002", "empty file (0 bytes)", fix)
    stamp = (state.st_size, state.st_mtime_ns)
    with path.open("rb") as stream:
        head = stream.read(len(ZIP_MAGIC))
    if head == ZIP_MAGIC or path.suffix.lower() == ".zip":
        infos = sound_entries(path, file)
        members = (Member(info.filename, info.file_size, info.CRC, info.orig_filename) for info in infos)
        kept = tuple(member for member in members if not is_junk(member.name))
        return Source(path, file, kept, "zip", stamp, tuple(notes_on(path, infos, file)))
    return Source(path, file, (Member("", state.st_size, 0, ""),), "file", stamp)


def is_junk(name: str) -> bool:
    """Files that operating systems leave in folders and archives; they hold no export data."""
    return any(part in _JUNK or part.startswith("._") for part in PurePosixPath(name).parts)


def _folder_members(root: Path) -> Iterator[Member]:
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_file() and not is_junk(name):
            yield Member(name, path.stat().st_size, 0, name)


@lru_cache(maxsize=2)
def _archive(path: Path, _changed_ns: int) -> zipfile.ZipFile:
    """Kept open between members, because opening lists them all; closes itself when another takes its place."""
    return open_zip(path)


class _Guarded(io.RawIOBase):
    """A member's bytes, refused as soon as they expand beyond what the archive declares or a sane ratio."""

    def __init__(self, raw: IO[bytes], source: Source, member: Member) -> None:
        self._raw, self._source, self._member = raw, source, member
        self._packed = max(source.path.stat().st_size, 1)
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed names the parameter otherwise
        try:
            chunk = self._raw.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError) as error:
            raise self._source._damaged(self._member) from error
        buffer[: len(chunk)] = chunk
        self._count += len(chunk)
        ratio = self._count // self._packed
        if self._count > MAX_MEMBER_BYTES or (self._count > RATIO_FREE_BYTES and ratio > MAX_RATIO):
            raise self._source.refuse(
                "PPL-ZIP-004",
                f"expands beyond what an export holds (ratio {ratio})",
                "Check where this archive comes from.",
                member=self._member.name,
            )
        return len(chunk)
