"""The bytes of exports that are lone files or zips of them; lone files decompressed, recognised by their first bytes.

A suffix never says how a file is compressed. What the bytes mean is not known here.
"""

import bz2
import gzip
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Final, cast

import zstandard

from connectors.source import Member, Source
from connectors.streams_7z import SEVEN_ZIP_MAGIC, sole_file

HEAD_BYTES: Final = 1 << 16
DAMAGE: Final = (OSError, EOFError, lzma.LZMAError, zlib.error, zstandard.ZstdError)
"""What a damaged stream raises while it is read."""


def decompressed(raw: IO[bytes]) -> IO[bytes]:
    """The stream itself, or its decompressed bytes if it starts like gzip, bzip2, xz, lzma, zstd or 7z.

    `raw` must be seekable. Several compressed streams in a row are read as one; a 7z must hold one file.
    """
    head = raw.read(8)
    raw.seek(0)
    if head.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], gzip.GzipFile(fileobj=raw))
    if head.startswith(b"BZh"):
        return cast(IO[bytes], bz2.BZ2File(raw))
    if head.startswith((b"\xfd7zXZ\x00", b"]\x00\x00")):
        return cast(IO[bytes], lzma.LZMAFile(raw))
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        return cast(IO[bytes], zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True))
    if head.startswith(SEVEN_ZIP_MAGIC):
        return sole_file(raw)
    return raw


@contextmanager
def opened(source: Source, member: Member) -> Iterator[IO[bytes]]:
    """The bytes of a member, decompressed if the export is a lone file."""
    with source.open(member) as raw:
        yield decompressed(raw) if source.kind == "file" else raw


def head(source: Source, member: Member) -> bytes:
    """The first bytes of a member, as far as they can be decompressed."""
    found = b""
    with suppress(*DAMAGE), opened(source, member) as stream:
        while len(found) < HEAD_BYTES and (piece := stream.read(512)):
            found += piece
    return found


def documents(source: Source, suffix: str) -> list[Member]:
    """The lone file, or what a zip holds under this suffix; nothing of a folder, whose files are exports themselves."""
    if source.kind == "zip":
        return [member for member in source.members if member.name.lower().endswith(suffix)]
    return list(source.members) if source.kind == "file" else []
