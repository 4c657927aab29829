"""Reads a 7z archive that holds one file, as wiki dumps are packed: LZMA or LZMA2, streamed, never extracted.

Not a general 7z reader: several files, encryption and PPMd are damage to it. Its layout is 7-Zip's 7zFormat.txt.
"""

import io
import lzma
import zlib
from typing import IO, Final, NamedTuple

SEVEN_ZIP_MAGIC: Final = b"7z\xbc\xaf\x27\x1c"
MAX_HEADER_BYTES: Final = 1 << 20
MAX_WINDOW_BYTES: Final = 128 << 20
_MAX_UNPACKED_BYTES: Final = 64 << 30
_MAX_OFFSET: Final = 1 << 62  # beyond it a file object cannot seek
_READ_BYTES: Final = 1 << 12  # little, because what is read ahead counts as used up where expansion is bounded
_BUFFER_BYTES: Final = 1 << 16
_END, _HEADER, _STREAMS, _FILES, _PACKED, _UNPACKED, _SUBSTREAMS, _SIZE, _CRC, _FOLDER, _CODER_SIZES, _NUMBER = (
    0, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13)
_ENCODED_HEADER: Final = 23
_LZMA, _LZMA2 = b"\x03\x01\x01", b"\x21"


class _Packed(NamedTuple):
    """Where one packed stream lies and how it is unpacked."""

    offset: int
    size: int
    filter: dict[str, int]
    unpacked_size: int
    crc32: int | None


def sole_file(raw: IO[bytes]) -> IO[bytes]:
    """The content of the archive's only file; raises `OSError` or `lzma.LZMAError` for any other archive."""
    start = raw.read(32)
    offset, size = int.from_bytes(start[12:20], "little"), int.from_bytes(start[20:28], "little")
    is_sound = len(start) == 32 and zlib.crc32(start[12:32]) == int.from_bytes(start[8:12], "little")
    if not is_sound or size > MAX_HEADER_BYTES or offset > _MAX_OFFSET:
        raise OSError("damaged 7z start")
    raw.seek(32 + offset)
    data = raw.read(size)
    if len(data) != size or zlib.crc32(data) != int.from_bytes(start[28:32], "little"):
        raise OSError("damaged 7z header")
    if data[:1] == bytes([_ENCODED_HEADER]):
        packed = _Fields(data[1:]).packed(32 + offset)
        if packed.unpacked_size > MAX_HEADER_BYTES:
            raise OSError("7z header too large")
        data = _Unpacked(raw, packed).readall()
    fields = _Fields(data)
    fields.expect(_HEADER)
    fields.expect(_STREAMS)
    packed = fields.packed(32 + offset)
    if packed.unpacked_size > _MAX_UNPACKED_BYTES:
        raise OSError("7z unpacks to more than 64 GiB")
    return io.BufferedReader(_Unpacked(raw, packed), _BUFFER_BYTES)


class _Fields:
    """The properties of a header, in their order."""

    def __init__(self, data: bytes) -> None:
        self._data, self._place = data, 0

    def packed(self, end: int) -> _Packed:
        """The one packed stream that the header describes; it lies before the header, which starts at `end`."""
        self.expect(_PACKED)
        offset = 32 + self._number()
        self._one()
        self.expect(_SIZE)
        size = self._number()
        if offset + size > end:
            raise OSError("7z with content behind its header")
        if self._kind() == _CRC:
            self._checksum()
            self.expect(_END)
        self.expect(_UNPACKED)
        self.expect(_FOLDER)
        self._one()
        self._take(1, b"\0")  # not external
        lzma_filter = self._coder()
        self.expect(_CODER_SIZES)
        unpacked_size = self._number()
        kind, crc32 = self._kind(), None
        if kind == _CRC:
            crc32 = self._checksum()
            self.expect(_END)
        kind = self._kind()
        if kind == _SUBSTREAMS:
            kind = self._kind()
            if kind == _NUMBER:
                self._one()
                kind = self._kind()
            if kind == _CRC and crc32 is None:
                crc32 = self._checksum()
        return _Packed(offset, size, lzma_filter, unpacked_size, crc32)

    def expect(self, kind: int) -> None:
        """The next property is of this kind."""
        if self._kind() != kind:
            raise OSError("7z of another kind than one packed file")

    def _coder(self) -> dict[str, int]:
        self._one()
        flags = self._take(1)[0]
        name = self._take(flags & 15)
        if flags & 0xD0:  # several streams, or an alternative
            raise OSError("7z packed in several steps")
        properties = self._take(self._number()) if flags & 32 else b""
        return _filter(name, properties)

    def _one(self) -> None:
        if self._number() != 1:
            raise OSError("7z with more than one stream")

    def _checksum(self) -> int:
        self._take(1, b"\1")  # all are defined
        return int.from_bytes(self._take(4), "little")

    def _kind(self) -> int:
        return self._take(1)[0]

    def _take(self, size: int, expected: bytes | None = None) -> bytes:
        found = self._data[self._place : self._place + size]
        self._place += size
        if len(found) < size or (expected is not None and found != expected):
            raise OSError("damaged 7z header")
        return found

    def _number(self) -> int:
        """The leading ones of the first byte say how many bytes follow; its other bits are the highest."""
        first = self._take(1)[0]
        n_bytes = 8 - (~first & 0xFF).bit_length()
        low = int.from_bytes(self._take(n_bytes), "little")
        return low + ((first & (0x7F >> n_bytes)) << (8 * n_bytes))


def _filter(name: bytes, properties: bytes) -> dict[str, int]:
    if name == _LZMA and len(properties) == 5 and properties[0] < 225:
        power, context = divmod(properties[0], 9)
        power, place = divmod(power, 5)
        found = {"id": lzma.FILTER_LZMA1, "lc": context, "lp": place, "pb": power,
                 "dict_size": max(int.from_bytes(properties[1:], "little"), 4096)}
    elif name == _LZMA2 and len(properties) == 1 and properties[0] < 40:
        found = {"id": lzma.FILTER_LZMA2, "dict_size": (2 | properties[0] & 1) << (properties[0] // 2 + 11)}
    else:
        raise OSError("7z packed by another method than LZMA")
    if found["dict_size"] > MAX_WINDOW_BYTES:
        raise OSError("7z needs a window over 128 MiB")
    return found


class _Unpacked(io.RawIOBase):
    """The unpacked bytes of one stream, checked against the size and checksum that the archive states."""

    def __init__(self, raw: IO[bytes], packed: _Packed) -> None:
        raw.seek(packed.offset)
        self._raw, self._packed = raw, packed
        self._decoder = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[packed.filter])
        self._n_left, self._n_packed_left, self._crc32 = packed.unpacked_size, packed.size, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed names the parameter otherwise
        wanted = min(len(buffer), self._n_left)
        chunk = b""
        while wanted and not chunk:
            piece = b""
            if self._decoder.needs_input:
                piece = self._raw.read(min(self._n_packed_left, _READ_BYTES))
                self._n_packed_left -= len(piece)
                if not piece:
                    raise EOFError("7z is cut off")
            chunk = self._decoder.decompress(piece, wanted)
            if self._decoder.eof and not chunk:
                raise EOFError("7z is cut off")
        buffer[: len(chunk)] = chunk
        self._n_left -= len(chunk)
        self._crc32 = zlib.crc32(chunk, self._crc32)
        if chunk and not self._n_left and self._packed.crc32 not in (None, self._crc32):
            raise OSError("7z checksum does not match")
        return len(chunk)
