"""Reads bzip2, xz, lzma and zstd files, which may be several compressed streams in a row, as wiki dumps are packed.

The readers of `bz2` and `lzma` take a damaged later stream for the end of the file, that of `zstandard` also a cut one,
and `lzma` allows an xz as much memory as it asks for; here all of that is damage.
"""

import bz2
import io
import lzma
from collections.abc import Callable
from typing import IO, Final, Protocol

import zstandard

from connectors.streams_7z import MAX_WINDOW_BYTES

_MEMORY_BYTES: Final = MAX_WINDOW_BYTES + (1 << 20)  # beyond its window a decoder needs far less than 1 MiB
_READ_BYTES: Final = 1 << 12  # little, because what is read ahead counts as used up where expansion is bounded
_ZSTD_BYTES: Final = 1 << 10  # one byte may become 32 KiB, and zstandard hands over at once what it is given
_BUFFER_BYTES: Final = 1 << 16


class _Decoder(Protocol):
    """Decompresses one stream."""

    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """At most so many bytes of what these and earlier ones become."""


def joined_bz2(raw: IO[bytes]) -> IO[bytes]:
    """The decompressed bytes of bzip2 streams; reading raises `OSError` where damaged, `EOFError` where cut off."""
    return io.BufferedReader(_Joined(raw, bz2.BZ2Decompressor), _BUFFER_BYTES)


def joined_xz(raw: IO[bytes]) -> IO[bytes]:
    """The same of xz or lzma streams; raises `lzma.LZMAError`, also if a window is over 128 MiB."""
    return io.BufferedReader(_Joined(raw, _xz_decoder), _BUFFER_BYTES)


def joined_zstd(raw: IO[bytes]) -> IO[bytes]:
    """The same of zstd streams; raises `zstandard.ZstdError`, also if a window is over 128 MiB."""
    return io.BufferedReader(_Joined(raw, _ZstdDecoder), _BUFFER_BYTES)


def _xz_decoder() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_AUTO, memlimit=_MEMORY_BYTES)


class _ZstdDecoder:
    """The decoder of `zstandard` as those of `bz2` and `lzma` are: hands over what the buffer takes."""

    def __init__(self) -> None:
        self._decoder = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES).decompressobj()
        self._given = memoryview(b"")
        self._held = memoryview(b"")

    @property
    def eof(self) -> bool:
        return self._decoder.eof and not self._held

    @property
    def needs_input(self) -> bool:
        return not self._held and not self._given

    @property
    def unused_data(self) -> bytes:
        return self._decoder.unused_data + self._given

    def decompress(self, data: bytes, max_length: int) -> bytes:
        if data:
            self._given = memoryview(data)
        chunks: list[memoryview] = []
        while max_length and (self._held or (self._given and not self._decoder.eof)):
            if not self._held:
                self._held = memoryview(self._decoder.decompress(self._given[:_ZSTD_BYTES]))
                self._given = self._given[_ZSTD_BYTES:]
            chunks.append(self._held[:max_length])
            self._held = self._held[max_length:]
            max_length -= len(chunks[-1])
        return b"".join(chunks)


class _Joined(io.RawIOBase):
    """The bytes of streams in a row, between and behind which there may be zeros."""

    def __init__(self, raw: IO[bytes], new_decoder: Callable[[], _Decoder]) -> None:
        self._raw, self._new_decoder = raw, new_decoder
        self._decoder = new_decoder()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed names the parameter otherwise
        chunk = b""
        while not chunk:
            piece = b""
            if self._decoder.eof:
                piece = self._next_stream()
                if not piece:
                    return 0
                self._decoder = self._new_decoder()
            elif self._decoder.needs_input:
                piece = self._raw.read(_READ_BYTES)
                if not piece:
                    raise EOFError("compressed stream is cut off")
            chunk = self._decoder.decompress(piece, len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def _next_stream(self) -> bytes:
        """The start of what follows a stream; nothing at the end."""
        rest = self._decoder.unused_data.lstrip(b"\0")
        while not rest and (piece := self._raw.read(_READ_BYTES)):
            rest = piece.lstrip(b"\0")
        return rest
