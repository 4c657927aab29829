"""Dumps in 7z archives: read as a stream, and refused or not claimed when they are damaged or of another kind."""

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
from tests.connectors.packed import CODERS, seven_zip
from tests.connectors.wiki_dumps import dump, load, page, revision

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


HUGE = [2**62, 2**63 - 1, 2**63, 2**64 - 1]


def assert_damaged(folder: Path, content: bytes) -> None:
    """Damage is an error that readers know, and the file is no dump."""
    source = write(folder, content)
    with (folder / "d").open("rb") as raw, pytest.raises(OSError, match=r"7z|Invalid argument"):
        decompressed(raw)
    assert mediawiki.detect(source) is None


@pytest.mark.parametrize("offset", HUGE)
def test_a_7z_whose_header_lies_beyond_any_file_is_damaged(tmp_path, offset):
    content = bytearray(seven_zip(DUMP))
    content[12:20] = offset.to_bytes(8, "little")
    content[8:12] = zlib.crc32(content[12:32]).to_bytes(4, "little")
    assert_damaged(tmp_path, bytes(content))


@pytest.mark.parametrize("value", HUGE)
@pytest.mark.parametrize("lie", ["place", "n_packed"])
@pytest.mark.parametrize("wraps_header", [False, True])
def test_a_7z_whose_content_lies_behind_its_header_is_damaged(tmp_path, wraps_header, lie, value):
    assert_damaged(tmp_path, seven_zip(DUMP, wraps_header=wraps_header, **{lie: value}))


@pytest.mark.parametrize("wraps_header", [False, True])
def test_a_7z_whose_content_reaches_into_its_header_is_damaged(tmp_path, wraps_header):
    n_packed = len(seven_zip(DUMP, wraps_header=True))
    assert_damaged(tmp_path, seven_zip(DUMP, wraps_header=wraps_header, n_packed=n_packed))


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
