"""The members of an export as UTF-8: decompressed, recoded where a mark or a declaration says so, read within limits.

Faults of the compression or the encoding refuse the export. Understands no format.
"""

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import IO, Final

from connectors.source import Member, Source
from connectors.streams import DAMAGE, expanded
from models.problems import ExportRefused

WHOLE_BYTES: Final = 128 << 20
"""What is read at once may not be larger: a JSON document, a line of NDJSON, a Parquet file inside a zip."""

_PIECE: Final = 1 << 16
_MARKS: Final = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


class Unpacked(Source):
    """The same export; what it opens is decompressed and, if a mark or `encoding` says so, recoded to UTF-8."""

    __slots__ = ("encoding", "encoding_fix")

    encoding: str | None
    encoding_fix: str

    @contextmanager
    def open(self, member: Member) -> Iterator[IO[bytes]]:
        """A stream that refuses damaged compression, runaway expansion and another encoding than declared."""
        with Source.open(self, member) as raw:
            reader = sound(raw, self, member) if self.kind == "file" else _readable(raw, self, member)
            encoding = self.encoding or next((name for mark, name in _MARKS if reader.peek(4).startswith(mark)), None)
            yield io.BufferedReader(_Recoded(reader, self, member, encoding), _PIECE) if encoding else reader


def unpacked(source: Source, *, encoding: str | None = None,
             encoding_fix: str = "Export it again, or save it as UTF-8.") -> Unpacked:
    """The export with its members readable as UTF-8; `encoding_fix` says what to do where they are not."""
    result = Unpacked(**{field.name: getattr(source, field.name) for field in fields(source)})
    object.__setattr__(result, "encoding", encoding)
    object.__setattr__(result, "encoding_fix", encoding_fix)
    return result


def sound(raw: IO[bytes], source: Source, member: Member) -> io.BufferedReader:
    """The decompressed bytes of a seekable stream, which refuse the export for a fault instead of raising `DAMAGE`."""
    try:
        return _readable(expanded(raw, source, member), source, member)
    except DAMAGE as error:
        raise _damaged(source, member) from error


def read_whole(source: Source, member: Member, stream: IO[bytes], fix: str) -> bytes:
    """All bytes, unless they are too many to be held at once; then `fix` says what to do."""
    data = stream.read(WHOLE_BYTES + 1)
    if len(data) > WHOLE_BYTES:
        raise source.refuse("PPL-EVT-011", f"more than {WHOLE_BYTES >> 20} MiB in one piece", fix, member=member.name)
    return data


def numbered_lines(source: Source, member: Member, stream: IO[bytes], fix: str) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers from 1; refuses one that is too long to be held at once."""
    number = 0
    while line := stream.readline(WHOLE_BYTES + 1):
        number += 1
        if len(line) > WHOLE_BYTES:
            raise source.refuse("PPL-EVT-011", f"a line of more than {WHOLE_BYTES >> 20} MiB", fix,
                                member=member.name, line=number)
        if line.strip():
            yield number, line


def _readable(plain: IO[bytes], source: Source, member: Member) -> io.BufferedReader:
    return io.BufferedReader(_Sound(plain, source, member), _PIECE)


def _damaged(source: Source, member: Member) -> ExportRefused:
    return source.refuse("PPL-FIL-007", "the compressed data are damaged (or need a window over 128 MiB)",
                         "Copy the file again, or unpack it.", member=member.name)


class _Sound(io.RawIOBase):
    """Bytes as they are decompressed, refused where they are damaged."""

    def __init__(self, plain: IO[bytes], source: Source, member: Member) -> None:
        self._plain, self._source, self._member = plain, source, member

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed names the parameter otherwise
        try:
            chunk = self._plain.read(len(buffer))
        except DAMAGE as error:
            raise _damaged(self._source, self._member) from error
        buffer[: len(chunk)] = chunk
        return len(chunk)


class _Recoded(io.RawIOBase):
    """Bytes of another encoding as UTF-8."""

    def __init__(self, reader: IO[bytes], source: Unpacked, member: Member, encoding: str) -> None:
        self._reader, self._source, self._member, self._encoding = reader, source, member, encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed names the parameter otherwise
        while not self._rest:
            piece = self._reader.read(_PIECE)
            try:
                self._rest = self._decoder.decode(piece, final=not piece).encode()
            except UnicodeError as error:
                raise self._source.refuse("PPL-TXT-002", f"not {self._encoding}", self._source.encoding_fix,
                                          member=self._member.name) from error
            if not piece:
                break
        n_bytes = min(len(buffer), len(self._rest))
        buffer[:n_bytes] = self._rest[:n_bytes]
        self._rest = self._rest[n_bytes:]
        return n_bytes
