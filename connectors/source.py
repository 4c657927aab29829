"""An export as a set of named members, whatever it is kept in: a zip, a lone file or a folder.

Nothing is ever extracted. A zip is checked as a whole before its first member is read (reference codes PPL-ZIP-*).
"""

import io
import lzma
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO, Final
from unicodedata import normalize

from models.problems import ExportRefused, Problem

MAX_MEMBERS: Final = 200_000
MAX_MEMBER_BYTES: Final = 64 << 30
MAX_RATIO: Final = 200
RATIO_FREE_BYTES: Final = 10 << 20
_HTML: Final = re.compile(rb"\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_UTF8_NAME: Final = 0x800
_BUFFER_BYTES: Final = 1 << 16
ZIP_MAGIC: Final = b"PK\x03\x04"
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
        raise _refused("PPL-FIL-002", "empty file (0 bytes)", "Copy or download the file again.", file)
    stamp = (state.st_size, state.st_mtime_ns)
    with path.open("rb") as stream:
        head = stream.read(len(ZIP_MAGIC))
    if head == ZIP_MAGIC or path.suffix.lower() == ".zip":
        infos = _zip_infos(path, file)
        return Source(path, file, tuple(_zip_members(infos, file)), "zip", stamp, tuple(_zip_notes(path, infos, file)))
    return Source(path, file, (Member("", state.st_size, 0, ""),), "file", stamp)


def is_junk(name: str) -> bool:
    """Files that operating systems leave in folders and archives; they hold no export data."""
    return any(part in _JUNK or part.startswith("._") for part in PurePosixPath(name).parts)


def _folder_members(root: Path) -> Iterator[Member]:
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_file() and not is_junk(name):
            yield Member(name, path.stat().st_size, 0, name)


def _zip_infos(path: Path, file: str) -> list[zipfile.ZipInfo]:
    """The entries of a zip that is sound as a whole; its members are checked one by one."""
    with path.open("rb") as stream:
        head = stream.read(512)
    if _HTML.match(head):
        raise _refused(
            "PPL-FIL-001",
            "is an HTML page, not an archive (a login page saved as a file?)",
            "Log in and download the export again.",
            file,
        )
    try:
        with _opened(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        is_zip = head.startswith(ZIP_MAGIC)
        raise _refused(
            "PPL-ZIP-010",
            "archive is truncated or damaged (no sound end record)" if is_zip else "is not a zip archive",
            "Download or copy the archive again.",
            file,
        ) from error
    if len(infos) > MAX_MEMBERS:
        raise _refused(
            "PPL-ZIP-007",
            f"{len(infos)} members exceed the limit of {MAX_MEMBERS}",
            "Split the export by period.",
            file,
        )
    first = min((info.header_offset for info in infos), default=0)
    if first > 0:
        raise _refused(
            "PPL-ZIP-011",
            f"{first} unexpected bytes before the first member (two archives joined?)",
            "Put each archive into the folder on its own.",
            file,
        )
    _check_overlap(infos, file)
    return infos


def _zip_members(infos: list[zipfile.ZipInfo], file: str) -> Iterator[Member]:
    seen: dict[str, str] = {}
    for info in infos:
        if info.is_dir():
            continue
        _check_member(info, file)
        key = normalize("NFC", info.filename).casefold()
        if key in seen:
            exact = seen[key] == info.filename
            raise _refused(
                "PPL-ZIP-003",
                "2 members with this name" if exact else "another member has the same name after normalisation",
                "Export again; the archive is ambiguous.",
                file,
                info.filename,
            )
        seen[key] = info.filename
        if not is_junk(info.filename):
            yield Member(info.filename, info.file_size, info.CRC, info.orig_filename)


def _zip_notes(path: Path, infos: list[zipfile.ZipInfo], file: str) -> Iterator[Problem]:
    for info in infos:
        if info.filename.lower().endswith(".zip"):
            yield Problem(
                "PPL-ZIP-012",
                "an archive inside the archive",
                "it was ignored",
                "Put it into the folder on its own.",
                file,
                info.filename,
            )
    foreign = [info for info in infos if not info.flag_bits & _UTF8_NAME and not info.filename.isascii()]
    if foreign and not _has_utf8_names(path):
        yield Problem(
            "PPL-ZIP-013",
            f"{len(foreign)} member names: name is not UTF-8",
            "they were read as cp437",
            "Pack the export again with a current tool if names look wrong.",
            file,
        )


def _has_utf8_names(path: Path) -> bool:
    try:
        zipfile.ZipFile(path, metadata_encoding="utf-8").close()
    except UnicodeDecodeError:
        return False
    return True


def _opened(path: Path) -> zipfile.ZipFile:
    """The archive; the vendors' own zips write UTF-8 names without the flag, older tools write other encodings."""
    try:
        return zipfile.ZipFile(path, metadata_encoding="utf-8")
    except UnicodeDecodeError:
        return zipfile.ZipFile(path)


@lru_cache(maxsize=2)
def _archive(path: Path, _changed_ns: int) -> zipfile.ZipFile:
    """Kept open between members, because opening lists them all; closes itself when another takes its place."""
    return _opened(path)


def _check_member(info: zipfile.ZipInfo, file: str) -> None:
    name = info.orig_filename
    parts = PurePosixPath(info.filename).parts
    has_drive = info.filename[1:2] == ":"
    if "\\" in name or "\0" in name or ".." in parts or info.filename.startswith("/") or has_drive:
        raise _refused(
            "PPL-ZIP-001",
            "member path leaves the archive",
            "Export again; never unpack this archive.",
            file,
            info.filename,
        )
    mode = info.external_attr >> 16
    if mode and not (stat.S_ISREG(mode) or stat.S_IFMT(mode) == 0):
        raise _refused("PPL-ZIP-002", "not a regular file", "Export again without links.", file, info.filename)
    if info.flag_bits & 1:
        raise _refused("PPL-ZIP-008", "password-protected", "Export again without a password.", file, info.filename)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        raise _refused(
            "PPL-ZIP-009",
            f"compression method {info.compress_type} is not supported",
            "Pack the export again as an ordinary zip.",
            file,
            info.filename,
        )


def _check_overlap(infos: list[zipfile.ZipInfo], file: str) -> None:
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise _refused("PPL-ZIP-006", "overlapping members", "Export again; this archive is not sound.", file)
        end = info.header_offset + 30 + info.compress_size


def _refused(code: str, what: str, fix: str, file: str, member: str = "") -> ExportRefused:
    return ExportRefused(Problem(code, what, "nothing of this file was loaded", fix, file, member))


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
