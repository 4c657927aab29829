"""The members of a mapped export as plain UTF-8: decompressed, recoded as the mapping declares, and bounded.

Understands no format.
"""

import codecs
import io
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from fnmatch import fnmatchcase
from typing import IO, Final

import zstandard

from connectors.settings import EventMapping
from connectors.source import MAX_RATIO, RATIO_FREE_BYTES, Member, Source
from connectors.streams import decompressed

WHOLE_BYTES: Final = 128 << 20
"""What is read at once may not be larger: a JSON document, a line of NDJSON, a Parquet file inside a zip."""

_PIECE: Final = 1 << 16
_MARKS: Final = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


class Unpacked(Source):
    """The same export; what it opens is decompressed and, if a mark or `encoding` says so, recoded to UTF-8."""

    __slots__ = ("encoding",)

    encoding: str | None

    @contextmanager
    def open(self, member: Member) -> Iterator[IO[bytes]]:
        """A stream that refuses damaged compression, another encoding than declared and runaway expansion."""
        with Source.open(self, member) as raw:
            plain = decompressed(raw) if self.kind == "file" else raw
            reader = io.BufferedReader(_Bounded(plain, self, member, is_packed=plain is not raw), _PIECE)
            encoding = self.encoding or next((name for mark, name in _MARKS if reader.peek(4).startswith(mark)), None)
            yield io.BufferedReader(_Recoded(reader, self, member, encoding), _PIECE) if encoding else reader


def unpacked(source: Source, encoding: str | None) -> Unpacked:
    """The export with its members readable as UTF-8."""
    result = Unpacked(**{field.name: getattr(source, field.name) for field in fields(source)})
    object.__setattr__(result, "encoding", encoding)
    return result


def members_of(source: Source, mapping: EventMapping) -> list[Member]:
    """The lone file, or the members of a zip that `members` matches."""
    if source.kind == "file":
        return list(source.members)
    found = [member for member in source.members if fnmatchcase(member.name, mapping.members)]
    if not found:
        raise source.refuse("PPL-EVT-005", "holds no member that [[events]] members matches",
                            "Correct members in turnout.toml, or check the archive.")
    return found


def read_whole(source: Source, member: Member, stream: IO[bytes]) -> bytes:
    """All bytes, unless they are too many to be held at once."""
    data = stream.read(WHOLE_BYTES + 1)
    if len(data) > WHOLE_BYTES:
        raise source.refuse("PPL-EVT-011", f"more than {WHOLE_BYTES >> 20} MiB in one piece",
                            "Convert it to NDJSON, one record a line, and set format.", member=member.name)
    return data


class _Bounded(io.RawIOBase):
    """Bytes as decompressed, refused when damaged or when they expand beyond a sane ratio."""

    def __init__(self, plain: IO[bytes], source: Source, member: Member, *, is_packed: bool) -> None:
        self._plain, self._source, self._member, self._is_packed = plain, source, member, is_packed
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed names the parameter otherwise
        try:
            chunk = self._plain.read(len(buffer))
        except (OSError, EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError) as error:
            raise self._source.refuse("PPL-FIL-007", "the compressed data are damaged", "Copy the file again.",
                                      member=self._member.name) from error
        buffer[: len(chunk)] = chunk
        self._count += len(chunk)
        ratio = self._count // max(self._member.bytes, 1)
        if self._is_packed and self._count > RATIO_FREE_BYTES and ratio > MAX_RATIO:
            raise self._source.refuse("PPL-ZIP-004", f"expands beyond what an export holds (ratio {ratio})",
                                      "Check where this file comes from.", member=self._member.name)
        return len(chunk)


class _Recoded(io.RawIOBase):
    """Bytes of another encoding as UTF-8."""

    def __init__(self, reader: IO[bytes], source: Source, member: Member, encoding: str) -> None:
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
                raise self._source.refuse("PPL-TXT-002", f"not {self._encoding}",
                                          "Set [[events]] encoding, or save the file as UTF-8.",
                                          member=self._member.name) from error
            if not piece:
                break
        n_bytes = min(len(buffer), len(self._rest))
        buffer[:n_bytes] = self._rest[:n_bytes]
        self._rest = self._rest[n_bytes:]
        return n_bytes
