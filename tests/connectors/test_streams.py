"""Lone compressed files: read to their end or not at all, and never further than an export can expand."""

import io
import lzma
import random
import zlib
from pathlib import Path

import pytest

from connectors.source import MAX_RATIO, RATIO_FREE_BYTES, Source, open_source
from connectors.streams import DAMAGE, MAX_LONG_RATIO, decompressed, head, opened
from connectors.streams_text import sound, unpacked
from models.problems import ExportRefused
from tests.connectors.packed import PACKERS, joined

PACKINGS = [*PACKERS, "7z"]
MAX_RATIOS = {"gz": MAX_RATIO, "bz2": MAX_RATIO, "xz": MAX_LONG_RATIO, "zst": MAX_LONG_RATIO, "7z": MAX_LONG_RATIO}
ZEROS = bytes(RATIO_FREE_BYTES + (4 << 20))
NOISE = random.Random(7).randbytes(1 << 20)


def write(folder: Path, content: bytes) -> Source:
    (folder / "d").write_bytes(content)
    return open_source(folder / "d", "d")


def read(source: Source) -> bytes:
    with opened(source, source.members[0]) as stream:
        return stream.read()


def is_damaged(content: bytes) -> bool:
    try:
        decompressed(io.BytesIO(content)).read()
    except DAMAGE:
        return True
    return False


@pytest.mark.parametrize("packing", PACKINGS)
def test_joined_streams_are_read_as_one(tmp_path, packing):
    assert read(write(tmp_path, joined(packing, (b"one", 2), (NOISE, 1)))) == b"oneone" + NOISE


@pytest.mark.parametrize("packing", PACKERS)
def test_zeros_between_and_behind_streams_are_no_content(packing):
    content = PACKERS[packing](b"one") + bytes(4) + PACKERS[packing](b"two") + bytes(40_000)
    assert decompressed(io.BytesIO(content)).read() == b"onetwo"


@pytest.mark.parametrize("packing", PACKERS)
def test_a_damaged_later_stream_is_not_taken_for_the_end(packing):
    first, second = PACKERS[packing](b"one"), PACKERS[packing](b"two" * 50)
    assert not is_damaged(first + second)
    assert is_damaged(first + b"?" + second[1:])
    assert is_damaged(first + second[:-1])
    assert is_damaged(first + second[:2])


@pytest.mark.parametrize(("n_mebibytes", "is_too_large"), [(128, False), (192, True), (1024, True)])
def test_a_window_over_128_mebibytes_is_damage(n_mebibytes, is_too_large):
    """As it stands in the header of an lzma file, and in that of an xz: bit 0 is the half, the rest the power."""
    plain = bytearray(lzma.compress(b"one" * 100, lzma.FORMAT_ALONE))
    plain[1:5] = (n_mebibytes << 20).to_bytes(4, "little")
    assert is_damaged(bytes(plain)) == is_too_large
    packed = bytearray(lzma.compress(b"one" * 100))
    end = 12 + 4 * (packed[12] + 1) - 4
    power = n_mebibytes.bit_length() - 1
    packed[packed.index(b"\x21\x01") + 2] = 2 * (power + 8) + (n_mebibytes != 1 << power)
    packed[end : end + 4] = zlib.crc32(packed[12:end]).to_bytes(4, "little")
    assert is_damaged(bytes(packed)) == is_too_large


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_file_may_expand_to_its_limit_and_not_beyond(tmp_path, packing):
    """Noise packs to its own size; what zeros need is measured."""
    n_own = len(joined(packing, (ZEROS, 1)))
    limit = len(ZEROS) // MAX_RATIOS[packing]
    sound_file = write(tmp_path, joined(packing, (NOISE[: max(limit * 5 // 4 - n_own, 0)], 1), (ZEROS, 1)))
    assert len(read(sound_file)) > RATIO_FREE_BYTES
    bomb = write(tmp_path, joined(packing, (NOISE[: max(limit // 2 - n_own, 0)], 1), (ZEROS, 1)))
    with pytest.raises(ExportRefused, match=r"^PPL-ZIP-004 d: expands .* \(ratio \d+\); .* unpack it") as refused:
        read(bomb)
    assert "[[events]]" not in str(refused.value)


@pytest.mark.parametrize("packing", PACKINGS)
def test_what_follows_a_bomb_does_not_make_it_an_export(tmp_path, packing):
    source = write(tmp_path, joined(packing, (b"one", 1), (ZEROS, 5), (NOISE, 1)))
    assert head(source, source.members[0]).startswith(b"one\0")
    with pytest.raises(ExportRefused, match=r"^PPL-ZIP-004 d"):
        read(source)


@pytest.mark.parametrize("packing", PACKINGS)
def test_little_content_may_expand_as_it_likes(tmp_path, packing):
    assert read(write(tmp_path, joined(packing, (bytes(RATIO_FREE_BYTES), 1)))) == bytes(RATIO_FREE_BYTES)


def test_text_that_does_not_keep_its_mark_is_refused_in_words_of_no_reader(tmp_path):
    source = unpacked(write(tmp_path, b"\xff\xfea\0\x00\xd8"))
    with pytest.raises(ExportRefused, match=r"^PPL-TXT-002 d") as refused, source.open(source.members[0]) as stream:
        stream.read()
    assert "[[events]]" not in str(refused.value)


@pytest.mark.parametrize("content", [joined("7z", (NOISE, 1))[:40], joined("xz", (NOISE, 1))[:-1], b"BZh9?"])
def test_damage_is_refused_with_its_code(tmp_path, content):
    source = write(tmp_path, content)
    with pytest.raises(ExportRefused, match=r"^PPL-FIL-007 d"):
        sound(io.BytesIO(content), source, source.members[0]).read()
    plain = unpacked(source)
    with pytest.raises(ExportRefused, match=r"^PPL-FIL-007 d"), plain.open(plain.members[0]) as stream:
        stream.read()
