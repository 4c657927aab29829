"""Contrast of the colours, computed from WCAG's formula, and one set of names for both modes."""

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
