"""Decompression of lone files, recognised by their first bytes, never by their suffix."""

import bz2
import gzip
import lzma
from typing import IO, cast

import zstandard


def decompressed(raw: IO[bytes]) -> IO[bytes]:
    """The stream itself, or its decompressed bytes if it starts like gzip, bzip2, xz, lzma or zstd.

    `raw` must be seekable. A damaged stream raises `OSError`, `EOFError`, `zlib.error`, `lzma.LZMAError` or
    `zstandard.ZstdError` while it is read. Several compressed streams in a row are read as one.
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
    return raw
