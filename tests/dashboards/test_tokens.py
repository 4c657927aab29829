"""Contrast of the colours, computed from WCAG's formula, and one set of names for both modes."""

from itertools import combinations
from math import dist

import pytest

from dashboards.tokens import DARK, LIGHT, SERIES, style_sheet


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_series_have_the_contrast_of_text(tokens: dict[str, str]) -> None:
    for name in ("ink", "muted", "up", "down", *SERIES):
        assert contrast(tokens[name], tokens["card"]) >= 4.5, name
    for name in ("ink", "muted", "c1"):
        assert contrast(tokens[name], tokens["bg"]) >= 4.5, name
    assert contrast(tokens["ink"], tokens["band"]) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_labels_inside_bars_can_be_read(tokens: dict[str, str]) -> None:
    for name in ("c1", "c4", "n", "soft"):
        assert contrast(tokens[f"on-{name}"], tokens[name]) >= 4.5, name


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_axis_is_visible(tokens: dict[str, str]) -> None:
    assert contrast(tokens["axis"], tokens["card"]) >= 3


def test_both_modes_have_the_same_names_and_all_are_in_the_style_sheet() -> None:
    assert LIGHT.keys() == DARK.keys()
    sheet = style_sheet()
    for name in LIGHT:
        assert sheet.count(f"--{name}:") == 3


# Machado, Oliveira and Fernandes 2009, table of severity 1.0, on linear RGB
SEEN = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
# Ottosson 2020: linear RGB to cone responses, their cube roots to OKLab
TO_CONES = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
TO_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)


def times(matrix: tuple[tuple[float, ...], ...], vector: list[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def lab(colour: str, sight: str) -> list[float]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    seen = [min(1.0, max(0.0, part)) for part in times(SEEN[sight], linear)]
    return times(TO_LAB, [cone ** (1 / 3) for cone in times(TO_CONES, seen)])


def test_oklab_has_its_published_values() -> None:
    assert lab("#FFFFFF", "normal") == pytest.approx([1, 0, 0], abs=1e-3)
    assert lab("#FF0000", "normal") == pytest.approx([0.628, 0.225, 0.126], abs=1e-3)
    assert lab("#0000FF", "normal") == pytest.approx([0.452, -0.032, -0.312], abs=1e-3)


@pytest.mark.parametrize("sight", SEEN)
@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_series_are_told_apart_by_every_kind_of_colour_vision(tokens: dict[str, str], sight: str) -> None:
    least = 14 if sight == "normal" else 8
    for one, other in combinations(SERIES, 2):
        distance = 100 * dist(lab(tokens[one], sight), lab(tokens[other], sight))
        assert distance >= least, (one, other, distance)
