"""Packs bytes as exports are packed: in streams that may be joined, and as the only file of a 7z."""

import bz2
import gzip
import lzma
import zlib

import zstandard

PACKERS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress,
           "zst": lambda data: zstandard.ZstdCompressor(write_checksum=True).compress(data)}
LZMA2 = {"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}
LZMA1 = {"id": lzma.FILTER_LZMA1, "dict_size": 1 << 20, "lc": 3, "lp": 0, "pb": 2}
CODERS = {"lzma2": (LZMA2, b"\x21\x21\x01\x10"), "lzma": (LZMA1, b"\x23\x03\x01\x01\x05\x5d\x00\x00\x10\x00")}


def number(value: int) -> bytes:
    for n_bytes in range(8):
        if value < 1 << (7 * (n_bytes + 1)):
            first = (0xFF << (8 - n_bytes)) & 0xFF | value >> (8 * n_bytes)
            return bytes([first]) + (value & ((1 << (8 * n_bytes)) - 1)).to_bytes(n_bytes, "little")
    return b"\xff" + value.to_bytes(8, "little")


def seven_zip(content: bytes, coder: str = "lzma2", *, size: int | None = None, crc32: int | None = None,
              code: bytes | None = None, wraps_header: bool = False, place: int | None = None,
              n_packed: int | None = None, packed: bytes | None = None) -> bytes:
    """An archive of one file; `place` and `n_packed` lie about where the outermost packed stream is and its size."""
    method, name = CODERS[coder]
    packed = packed or lzma.compress(content, lzma.FORMAT_RAW, filters=[method])

    def streams(start: int, size: int, n_bytes: int, checksum: int, *, is_outermost: bool) -> bytes:
        start = place if is_outermost and place is not None else start
        size = n_packed if is_outermost and n_packed is not None else size
        return (b"\x06" + number(start) + b"\x01\x09" + number(size) + b"\x00\x07\x0b\x01\x00\x01" + (code or name)
                + b"\x0c" + number(n_bytes) + b"\x0a\x01" + checksum.to_bytes(4, "little")
                + b"\x00\x08\x00\x00")

    n_bytes = len(content) if size is None else size
    checksum = zlib.crc32(content) if crc32 is None else crc32
    header = b"\x01\x04" + streams(0, len(packed), n_bytes, checksum, is_outermost=not wraps_header) + b"\x00"
    if wraps_header:
        plain, inner = header, lzma.compress(header, lzma.FORMAT_RAW, filters=[method])
        header = b"\x17" + streams(len(packed), len(inner), len(plain), zlib.crc32(plain), is_outermost=True)
        packed += inner
    start = len(packed).to_bytes(8, "little") + len(header).to_bytes(8, "little")
    start += zlib.crc32(header).to_bytes(4, "little")
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + zlib.crc32(start).to_bytes(4, "little") + start + packed + header


def joined(packing: str, *parts: tuple[bytes, int]) -> bytes:
    """Each part so many times, one behind the other, without packing it more than once."""
    if packing == "7z":
        chunks = [lzma.compress(part, lzma.FORMAT_RAW, filters=[LZMA2])[:-1] * n_times for part, n_times in parts]
        size, crc32 = 0, 0
        for part, n_times in parts:
            size += len(part) * n_times
            for _ in range(n_times):
                crc32 = zlib.crc32(part, crc32)
        return seven_zip(b"", size=size, crc32=crc32, packed=b"".join(chunks) + b"\0")
    return b"".join(PACKERS[packing](part) * n_times for part, n_times in parts)
