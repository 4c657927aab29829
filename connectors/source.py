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
from pathlib import Path
from typing import IO, Final

from connectors.source_folder import list_folder
from connectors.source_names import is_junk, printable
from connectors.source_zip import (
    MAX_RATIO,
    RATIO_FREE_BYTES,
    ZIP_MAGIC,
    expands_too_far,
    notes_on,
    open_zip,
    sound_entries,
)
from models.problems import ExportRefused, Problem

__all__ = ["MAX_RATIO", "RATIO_FREE_BYTES", "ZIP_MAGIC", "Member", "Source", "is_junk", "open_source"]

CHANGED: Final = "PPL-FIL-004"
UNREADABLE: Final = "PPL-FIL-006"
_BUFFER_BYTES: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an export: `name` has forward slashes and can be printed, `key` is how its container has it."""

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
    unreadable: tuple[str, ...] = ()  # files and folders of a folder that this user may not read; no members
    unpacked_bytes: int = 0  # what the members of a zip declare together

    @contextmanager
    def open(self, member: Member) -> Iterator[IO[bytes]]:
        """The bytes of a member as a stream that refuses lying sizes, bad checksums and files that change."""
        self._check_unchanged(member)
        with self._opened(member) as stream:
            yield stream
        self._check_unchanged(member)

    @contextmanager
    def _opened(self, member: Member) -> Iterator[IO[bytes]]:
        if self.kind != "zip":
            try:
                stream: IO[bytes] = self._location(member).open("rb")
            except OSError as error:
                raise self.unreadable_file(member.name, error) from error
            with stream:
                yield stream
            return
        if self.stamp is not None and (what := expands_too_far(self.unpacked_bytes, self.stamp[0])):
            raise self.refuse("PPL-ZIP-004", what, "Check where this archive comes from.", member=member.name)
        try:
            raw = _archive(self.path, self.path.stat().st_mtime_ns).open(member.key)
        except PermissionError as error:
            raise self.unreadable_file("", error) from error
        except (zipfile.BadZipFile, KeyError, RuntimeError, ValueError, OSError, struct.error) as error:
            raise self._damaged(member) from error
        with raw, io.BufferedReader(_Guarded(raw, self, member), _BUFFER_BYTES) as stream:
            yield stream

    def _location(self, member: Member) -> Path:
        return self.path / member.key if self.kind == "folder" else self.path

    def _check_unchanged(self, member: Member) -> None:
        """Of a file size and time must stay as they were listed, of a folder the size of the member."""
        try:
            state = self._location(member).stat()
        except FileNotFoundError:
            is_same = False
        except OSError as error:
            raise self.unreadable_file(member.name, error) from error
        else:
            listed = (member.bytes, state.st_mtime_ns) if self.kind == "folder" else self.stamp
            is_same = listed in (None, (state.st_size, state.st_mtime_ns))
        if not is_same:
            fix = "Run again when the file is complete."
            raise self.refuse(CHANGED, "changed while being read", fix,
                              member=member.name if self.kind == "folder" else "")

    def unreadable_file(self, member: str, error: OSError) -> ExportRefused:
        """The exception for a file that the system does not hand over; the caller raises it."""
        if isinstance(error, PermissionError):
            what, fix = "permission denied", "Let the user who runs Turnout read it."
        else:
            what, fix = "cannot be read", "Check the disk and copy the file again."
        return self.refuse(UNREADABLE, what, fix, member=member)

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
        listed = list_folder(path)
        members = tuple(Member(one.name, one.bytes, 0, one.key) for one in listed if one.is_readable)
        unreadable = tuple(one.name for one in listed if not one.is_readable)
        return Source(path, file, members, "folder", unreadable=unreadable)
    state = path.stat()
    if state.st_size == 0:
        fix = "Copy or download the file again."
        raise Source(path, file, (), "file").refuse("PPL-FIL-002", "empty file (0 bytes)", fix)
    stamp = (state.st_size, state.st_mtime_ns)
    with path.open("rb") as stream:
        head = stream.read(len(ZIP_MAGIC))
    if head == ZIP_MAGIC or path.suffix.lower() == ".zip":
        infos = sound_entries(path, file)
        kept = tuple(Member(printable(info.filename), info.file_size, info.CRC, info.orig_filename)
                     for info in infos if not is_junk(info.filename))
        total = sum(info.file_size for info in infos)
        return Source(path, file, kept, "zip", stamp, tuple(notes_on(path, infos, file)), unpacked_bytes=total)
    return Source(path, file, (Member("", state.st_size, 0, ""),), "file", stamp)


@lru_cache(maxsize=2)
def _archive(path: Path, _changed_ns: int) -> zipfile.ZipFile:
    """Kept open between members, because opening lists them all; closes itself when another takes its place."""
    return open_zip(path)


class _Guarded(io.RawIOBase):
    """A member's bytes, refused where they contradict what the archive declares."""

    def __init__(self, raw: IO[bytes], source: Source, member: Member) -> None:
        self._raw, self._source, self._member = raw, source, member

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed names the parameter otherwise
        try:
            chunk = self._raw.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError) as error:
            raise self._source._damaged(self._member) from error
        buffer[: len(chunk)] = chunk
        return len(chunk)
