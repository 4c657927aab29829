"""The bytes of exports that are lone files or zips of them; lone files decompressed, recognised by their first bytes.

A suffix never says how a file is compressed. What the bytes mean is not known here. Whoever reads a lone file through
`opened` or `expanded` is safe from files that expand to far more than any export does.
"""

import gzip
import io
import lzma
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Final, NamedTuple, cast

import zstandard

from connectors.source import MAX_RATIO, RATIO_FREE_BYTES, Member, Source
from connectors.streams_7z import SEVEN_ZIP_MAGIC, sole_file
from connectors.streams_joined import joined_bz2, joined_xz, joined_zstd

HEAD_BYTES: Final = 1 << 16
DAMAGE: Final = (OSError, EOFError, lzma.LZMAError, zlib.error, zstandard.ZstdError)
"""What a damaged stream raises while it is read."""

MAX_LONG_RATIO: Final = 2_000
"""How much a format may expand that looks far back (LZMA in xz, lzma and 7z; zstd), in bytes out per byte in.

Such a format packs one revision of a page as a copy of the one before plus some 100 bytes, so a page expands by a
hundredth of its size: the real history of webplatform.org 49 times, a simulated one of a page of 200,000 bytes 1,018
times. Zeros expand 6,900 times (xz) or 32,000 times (zstd). gzip and bzip2 look back 32 KiB and 900 KB, so they may
expand as a zip may (`MAX_RATIO`): the same history does 12 and 22 times, the most repetitive of the real files 45
times; zeros 1,030 times and a million times. Whoever has such a page can unpack the file.
"""
_BUFFER_BYTES: Final = 1 << 16


class _Packing(NamedTuple):
    """How a compressed stream is opened, and how many bytes one byte of it may become."""

    opens: Callable[[IO[bytes]], IO[bytes]]
    max_ratio: int


def _gzip(raw: IO[bytes]) -> IO[bytes]:
    return cast(IO[bytes], gzip.GzipFile(fileobj=raw))


_PACKINGS: Final = {
    b"\x1f\x8b": _Packing(_gzip, MAX_RATIO),
    b"BZh": _Packing(joined_bz2, MAX_RATIO),
    b"\xfd7zXZ\x00": _Packing(joined_xz, MAX_LONG_RATIO),
    b"]\x00\x00": _Packing(joined_xz, MAX_LONG_RATIO),
    b"\x28\xb5\x2f\xfd": _Packing(joined_zstd, MAX_LONG_RATIO),
    SEVEN_ZIP_MAGIC: _Packing(sole_file, MAX_LONG_RATIO),
}


def decompressed(raw: IO[bytes]) -> IO[bytes]:
    """The stream itself, or its decompressed bytes if it starts like gzip, bzip2, xz, lzma, zstd or 7z.

    `raw` must be seekable. Several compressed streams in a row are read as one; a 7z must hold one file. Raises
    `DAMAGE` for a damaged one, at once or while it is read. However far it expands, it is read: for files of one's own.
    """
    packing = _packing(raw)
    return raw if packing is None else packing.opens(raw)


def expanded(raw: IO[bytes], source: Source, member: Member) -> IO[bytes]:
    """The same for files of others: refuses the export (PPL-ZIP-004) once it has expanded too far."""
    packing = _packing(raw)
    if packing is None:
        return raw
    bounded = _Bounded(packing.opens(raw), raw, packing.max_ratio, source, member)
    return io.BufferedReader(bounded, _BUFFER_BYTES)


@contextmanager
def opened(source: Source, member: Member) -> Iterator[IO[bytes]]:
    """The bytes of a member, `expanded` if the export is a lone file."""
    with source.open(member) as raw:
        yield expanded(raw, source, member) if source.kind == "file" else raw


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


def _packing(raw: IO[bytes]) -> _Packing | None:
    start = raw.read(8)
    raw.seek(0)
    return next((packing for magic, packing in _PACKINGS.items() if start.startswith(magic)), None)


class _Bounded(io.RawIOBase):
    """Decompressed bytes, until there are too many for the compressed ones that were read; damage is the caller's."""

    def __init__(self, plain: IO[bytes], raw: IO[bytes], max_ratio: int, source: Source, member: Member) -> None:
        # read1 hands over what is there, so that a cut stream is read up to the cut
        self._read: Callable[[int], bytes] = getattr(plain, "read1", plain.read)
        self._raw, self._max_ratio, self._source, self._member = raw, max_ratio, source, member
        self._n_bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed names the parameter otherwise
        chunk = self._read(len(buffer))
        buffer[: len(chunk)] = chunk
        self._n_bytes += len(chunk)
        if self._n_bytes > RATIO_FREE_BYTES:
            ratio = self._n_bytes // max(self._raw.tell(), 1)
            if ratio > self._max_ratio:
                raise self._source.refuse(
                    "PPL-ZIP-004", f"expands beyond what an export holds (ratio {ratio})",
                    "Check where this file comes from; if you trust it, unpack it.", member=self._member.name)
        return len(chunk)
