"""Small PNGs, read again by hand: their parts, palette and rows."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from pipelines.small_png import small_png


def read(picture: bytes) -> NDArray[np.uint8]:
    """The pixels of a PNG with a palette and rows without filters; every checksum is looked at."""
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    parts, at = {}, 8
    while at < len(picture):
        (length,), name = struct.unpack(">I", picture[at : at + 4]), picture[at + 4 : at + 8]
        parts[name] = picture[at + 8 : at + 8 + length]
        assert struct.unpack(">I", picture[at + 8 + length : at + 12 + length])[0] == zlib.crc32(name + parts[name])
        at += 12 + length
    width, height, depth, kind, *rest = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    assert (depth, kind, rest) == (8, 3, [0, 0, 0])
    assert list(parts) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    rows = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(height, width + 1)
    assert not rows[:, 0].any()
    return np.frombuffer(parts[b"PLTE"], np.uint8).reshape(-1, 3)[rows[:, 1:]]


def test_few_colours_are_kept_exactly() -> None:
    colours = np.array([[0, 0, 0], [255, 254, 253], [21, 81, 144]], dtype=np.uint8)
    pixels = colours[np.arange(45).reshape(5, 9) % 7 % 3]
    assert np.array_equal(read(small_png(pixels)), pixels)
    assert small_png(pixels) == small_png(pixels.copy())


def test_of_many_colours_the_frequent_ones_are_kept_and_a_rare_one_becomes_the_nearest() -> None:
    frequent = [[red, 4 * green, 0] for red in (0, 200) for green in range(64) for _ in range(2)]
    frequent += [[red, 4 * green, 255] for red in (0, 200) for green in range(64) for _ in range(2)]
    pixels = np.array([[*frequent, [199, 41, 3]]], dtype=np.uint8)
    shown = read(small_png(pixels))
    assert np.array_equal(shown[:, :-1], pixels[:, :-1])
    assert shown[0, -1].tolist() == [200, 40, 0]
