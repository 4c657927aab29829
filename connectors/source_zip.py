"""Zip archives that may be read: whole, unambiguous, without tricks; anything else is refused before it is opened.

Nothing is read from a member here.
"""

import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final
from unicodedata import normalize

from connectors.source_names import is_junk, printable
from models.problems import ExportRefused, Problem

MAX_MEMBERS: Final = 200_000
MAX_BYTES: Final = 64 << 30
MAX_RATIO: Final = 200
RATIO_FREE_BYTES: Final = 10 << 20
ZIP_MAGIC: Final = b"PK\x03\x04"
_HTML: Final = re.compile(rb"\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_UTF8_NAME: Final = 0x800


def sound_entries(path: Path, file: str) -> list[zipfile.ZipInfo]:
    """The files of a zip that is sound as a whole and in every entry."""
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
        with open_zip(path) as archive:
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
    files = [info for info in infos if not info.filename.endswith("/")]
    for info in files:
        _check_entry(info, file)
    _check_unique(files, file)
    return files


def notes_on(path: Path, infos: list[zipfile.ZipInfo], file: str) -> Iterator[Problem]:
    """What is ignored or repaired in a zip without refusing it."""
    for info in infos:
        if info.filename.lower().endswith(".zip") and not is_junk(info.filename):
            yield Problem(
                "PPL-ZIP-012",
                "ignored, because it is an archive inside the archive",
                "nothing of it was read",
                "Put it into the folder on its own.",
                file,
                printable(info.filename),
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


def expands_too_far(unpacked: int, packed: int) -> str:
    """What to say of an archive whose members together are larger than what exports hold; empty if they are not."""
    ratio = unpacked // max(packed, 1)
    if unpacked > MAX_BYTES or (unpacked > RATIO_FREE_BYTES and ratio > MAX_RATIO):
        return f"expands beyond what an export holds (ratio {ratio})"
    return ""


def open_zip(path: Path) -> zipfile.ZipFile:
    """The archive; the vendors' own zips write UTF-8 names without the flag, older tools write other encodings."""
    try:
        return zipfile.ZipFile(path, metadata_encoding="utf-8")
    except UnicodeDecodeError:
        return zipfile.ZipFile(path)


def _check_entry(info: zipfile.ZipInfo, file: str) -> None:
    name = info.orig_filename
    parts = PurePosixPath(info.filename).parts
    has_drive = info.filename[1:2] == ":"
    if not name or "\\" in name or "\0" in name or ".." in parts or info.filename.startswith("/") or has_drive:
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


def _check_unique(infos: list[zipfile.ZipInfo], file: str) -> None:
    seen: dict[str, str] = {}
    for info in infos:
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


def _has_utf8_names(path: Path) -> bool:
    try:
        zipfile.ZipFile(path, metadata_encoding="utf-8").close()
    except UnicodeDecodeError:
        return False
    return True


def _refused(code: str, what: str, fix: str, file: str, member: str = "") -> ExportRefused:
    return ExportRefused(Problem(code, what, "nothing of this file was loaded", fix, file, printable(member)))
