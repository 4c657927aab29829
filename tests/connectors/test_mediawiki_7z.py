"""Dumps in 7z archives: read as a stream, and refused or not claimed when they are damaged or of another kind."""

import lzma
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import mediawiki
from connectors.settings import SourceSettings
from connectors.source import open_source
from connectors.streams import DAMAGE, decompressed
from models.problems import ExportRefused
from tests.connectors.wiki_dumps import dump, load, page, revision

LZMA2 = {"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}
LZMA1 = {"id": lzma.FILTER_LZMA1, "dict_size": 1 << 20, "lc": 3, "lp": 0, "pb": 2}
CODERS = {"lzma2": (LZMA2, b"\x21\x21\x01\x10"), "lzma": (LZMA1, b"\x23\x03\x01\x01\x05\x5d\x00\x00\x10\x00")}


def number(value: int) -> bytes:
    for n_bytes in range(8):
        if value < 1 << (7 * (n_bytes + 1)):
            first = (0xFF << (8 - n_bytes)) & 0xFF | value >> (8 * n_bytes)
            return bytes([first]) + (value & ((1 << (8 * n_bytes)) - 1)).to_bytes(n_bytes, "little")
    raise ValueError


def seven_zip(content: bytes, coder: str = "lzma2", *, size: int | None = None, crc32: int | None = None,
              code: bytes | None = None, wraps_header: bool = False) -> bytes:
    method, name = CODERS[coder]
    packed = lzma.compress(content, lzma.FORMAT_RAW, filters=[method])

    def streams(place: int, packed: bytes, plain: bytes, n_bytes: int, checksum: int) -> bytes:
        return (b"\x06" + number(place) + b"\x01\x09" + number(len(packed)) + b"\x00\x07\x0b\x01\x00\x01"
                + (code or name) + b"\x0c" + number(n_bytes) + b"\x0a\x01" + checksum.to_bytes(4, "little")
                + b"\x00\x08\x00\x00")

    n_bytes = len(content) if size is None else size
    checksum = zlib.crc32(content) if crc32 is None else crc32
    header = b"\x01\x04" + streams(0, packed, content, n_bytes, checksum) + b"\x00"
    if wraps_header:
        plain, inner = header, lzma.compress(header, lzma.FORMAT_RAW, filters=[method])
        header = b"\x17" + streams(len(packed), inner, plain, len(plain), zlib.crc32(plain))
        packed += inner
    start = len(packed).to_bytes(8, "little") + len(header).to_bytes(8, "little")
    start += zlib.crc32(header).to_bytes(4, "little")
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + zlib.crc32(start).to_bytes(4, "little") + start + packed + header


DUMP = dump(*(page(revision(n, 1, "a"), revision(n + 1, 2, "b"), number=n) for n in range(1, 4001, 2)))


def write(folder: Path, content: bytes):
    (folder / "d").write_bytes(content)
    return open_source(folder / "d", "d")


@pytest.mark.parametrize("coder", CODERS)
@pytest.mark.parametrize("wraps_header", [False, True])
def test_a_dump_in_a_7z_is_recognised_by_content_and_read(tmp_path, coder, wraps_header):
    source = write(tmp_path, seven_zip(DUMP, coder, wraps_header=wraps_header))
    assert mediawiki.detect(source) == "mediawiki-xml"
    assert load(mediawiki.CONNECTOR, source)["event"].height == 4000


@pytest.mark.parametrize("content", [
    seven_zip(DUMP)[:32], seven_zip(DUMP)[:-9], b"7z\xbc\xaf\x27\x1c", seven_zip(DUMP, code=b"\x23\x03\x04\x01\x00"),
    seven_zip(DUMP, code=b"\x21\x21\x01\x28"), seven_zip(DUMP, code=b"\x21\x21\x01\x27"),
])
def test_another_kind_of_7z_is_not_claimed(tmp_path, content):
    assert mediawiki.detect(write(tmp_path, content)) is None


@pytest.mark.parametrize(("content", "code"), [
    (seven_zip(DUMP, crc32=1), "PPL-FIL-007"), (seven_zip(DUMP, size=len(DUMP) - 5), "PPL-FIL-007"),
    (seven_zip(DUMP, size=len(DUMP) + 5), "PPL-XML-005"),
])
def test_a_7z_that_lies_about_its_content_is_refused(tmp_path, content, code):
    with pytest.raises(ExportRefused, match=f"^{code} d"):
        load(mediawiki.CONNECTOR, write(tmp_path, content))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_mutation_of_a_7z_raises_anything_but_damage_or_a_refusal(tmp_path, data):
    content = bytearray(seven_zip(DUMP[:3000], wraps_header=data.draw(st.booleans())))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(6, len(content) - 1))] = data.draw(st.integers(0, 255))
    with_checksum = data.draw(st.booleans())
    if with_checksum:  # so that the header itself is reached
        offset = int.from_bytes(content[12:20], "little") + 32
        content[28:32] = zlib.crc32(content[offset:]).to_bytes(4, "little")
        content[8:12] = zlib.crc32(content[12:32]).to_bytes(4, "little")
    source = write(tmp_path, bytes(content))
    with suppress(*DAMAGE), (tmp_path / "d").open("rb") as raw:
        decompressed(raw).read()
    if mediawiki.detect(source):
        with suppress(ExportRefused):
            list(mediawiki.read(source, SourceSettings()))
