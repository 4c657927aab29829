"""A picture as a small PNG: at most 256 colours, the frequent ones exactly, the others by the nearest of these."""

import struct
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

_COLOURS: Final = 256
_PALETTE: Final = 3
"""The type of PNG whose pixels are numbers of colours."""


def small_png(pixels: NDArray[np.uint8]) -> bytes:
    """The picture of `pixels`: rows x columns x (red, green, blue); the same pixels give the same bytes."""
    height, width, _ = pixels.shape
    red, green, blue = (pixels[..., channel].astype(np.uint32) for channel in range(3))
    colours, place, counts = np.unique(red << 16 | green << 8 | blue, return_inverse=True, return_counts=True)
    kept = np.sort(np.argsort(-counts, kind="stable")[:_COLOURS])
    shown = _channels(colours[kept])
    nearest = np.array([_nearest(colour, shown) for colour in _channels(colours)], dtype=np.uint8)
    rows = nearest[place.reshape(height, width)]
    # each row begins with its filter: none
    lines = np.concatenate([np.zeros((height, 1), dtype=np.uint8), rows], axis=1)
    head = struct.pack(">IIBBBBB", width, height, 8, _PALETTE, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", shown.astype(np.uint8).tobytes()), (b"IDAT", zlib.compress(lines.tobytes(), 9)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(*one) for one in (*parts, (b"IEND", b"")))


def _channels(colours: NDArray[np.uint32]) -> NDArray[np.int64]:
    return np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1).astype(np.int64)


def _nearest(colour: NDArray[np.int64], shown: NDArray[np.int64]) -> int:
    return int(np.argmin(((shown - colour) ** 2).sum(axis=1)))


def _part(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
