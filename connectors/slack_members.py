"""The bytes of an export's many small members: its archive is opened once and deflated members are unpacked here.

An export has one member per channel and day, for each of which zipfile alone takes 100 µs.
"""

import io
import lzma
import zipfile
import zlib
from typing import IO, Final

from connectors.source import MAX_RATIO, RATIO_FREE_BYTES, ZIP_MAGIC, Member, Source
from models.problems import ExportRefused

_BUFFER: Final = 1 << 18
_LOCAL_HEADER: Final = 30
_DAMAGE: Final = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, KeyError, NotImplementedError, OSError)


class OpenExport:
    """An open export; `read` gives the bytes of one member after the other."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._archive = _archive(source) if source.kind == "zip" else None
        self._bytes = source.path.open("rb", buffering=_BUFFER) if source.kind == "zip" else None

    def __enter__(self) -> "OpenExport":
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        for opened in (self._archive, self._bytes):
            if opened is not None:
                opened.close()
        state = self._source.path.stat()
        if error is None and self._source.stamp not in (None, (state.st_size, state.st_mtime_ns)):
            raise self._source.refuse("PPL-FIL-004", "changed while being read", "Run again when the file is complete.")

    def read(self, member: Member, shown: str) -> bytes:
        """A member's bytes; `shown` is how a fault names it."""
        if self._archive is None or self._bytes is None:
            return self._source.read(member)
        ratio = member.bytes // max(self._source.path.stat().st_size, 1) if member.bytes > RATIO_FREE_BYTES else 0
        if ratio > MAX_RATIO:
            raise self._refuse("PPL-ZIP-004", f"expands beyond what an export holds (ratio {ratio})", shown)
        try:
            info = self._archive.getinfo(member.key)
            if info.compress_type != zipfile.ZIP_DEFLATED:
                return self._archive.read(info)
            return _inflated(self._bytes, info)
        except _DAMAGE as error:
            what = "checksum or size does not match; the archive is damaged"
            raise self._refuse("PPL-ZIP-005", what, shown) from error

    def _refuse(self, code: str, what: str, shown: str) -> ExportRefused:
        return self._source.refuse(code, what, "Download or copy the archive again.", member=shown)


def _inflated(stream: IO[bytes], info: zipfile.ZipInfo) -> bytes:
    """A deflated member, found through its local header and held against the size and checksum of the directory."""
    stream.seek(info.header_offset)
    header = stream.read(_LOCAL_HEADER)
    if header[:4] != ZIP_MAGIC:
        raise zipfile.BadZipFile
    stream.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), io.SEEK_CUR)
    data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(stream.read(info.compress_size), info.file_size + 1)
    if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
        raise zipfile.BadZipFile
    return data


def _archive(source: Source) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source.path, metadata_encoding="utf-8")
    except UnicodeDecodeError:
        return zipfile.ZipFile(source.path)
