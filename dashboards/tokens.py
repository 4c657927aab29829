"""Colours by name, light and dark: the only place that holds a colour. Names, not colours, stand in figures.

A figure says `@c1`; `app.js` replaces it by the value that the style sheet has for the reader's mode.
"""

from typing import Final

LIGHT: Final = {
    "bg": "#F7F8FA",
    "card": "#FFFFFF",
    "ink": "#16202C",
    "muted": "#52606D",
    "line": "#DDE2E9",
    "grid": "#E6E9EE",
    "axis": "#7C8896",
    "soft": "#B4BDC9",
    "band": "#EEF2F7",
    "c1": "#155190",
    "c2": "#AA4F2C",
    "c3": "#33806E",
    "c4": "#6E1F61",
    "n": "#232831",
    "up": "#1F6B57",
    "down": "#9A3B1B",
    "on-c1": "#FFFFFF",
    "on-c4": "#FFFFFF",
    "on-n": "#FFFFFF",
    "on-soft": "#16202C",
    "c1-band": "rgba(21,81,144,0.16)",
    "c2-band": "rgba(170,79,44,0.16)",
    "c3-band": "rgba(51,128,110,0.16)",
    "c4-band": "rgba(110,31,97,0.16)",
    "n-band": "rgba(35,40,49,0.10)",
    "clear": "rgba(0,0,0,0)",
}

DARK: Final = {
    "bg": "#0E141B",
    "card": "#151D27",
    "ink": "#E9EEF4",
    "muted": "#A9B6C6",
    "line": "#2B3745",
    "grid": "#243040",
    "axis": "#64748B",
    "soft": "#4D5B6C",
    "band": "#1C2734",
    "c1": "#6C9BF2",
    "c2": "#F58F65",
    "c3": "#8EF8EE",
    "c4": "#CF57AE",
    "n": "#B1B6BC",
    "up": "#7FE3D3",
    "down": "#F58F65",
    "on-c1": "#0E141B",
    "on-c4": "#0E141B",
    "on-n": "#0E141B",
    "on-soft": "#FFFFFF",
    "c1-band": "rgba(108,155,242,0.26)",
    "c2-band": "rgba(245,143,101,0.24)",
    "c3-band": "rgba(142,248,238,0.20)",
    "c4-band": "rgba(207,87,174,0.26)",
    "n-band": "rgba(177,182,188,0.18)",
    "clear": "rgba(0,0,0,0)",
}

SERIES: Final = ("c1", "c2", "c3", "c4", "n")
"""Colours that a line or a bar may have: each at least 4.5:1 on a card, in both modes."""


def style_sheet() -> str:
    """The tokens as CSS variables: light, dark by the system's wish, either by the reader's choice; light on paper."""
    light, dark = _variables(LIGHT), _variables(DARK)
    return (
        f":root{{color-scheme:light;{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{dark}}}}}\n"
        f"@media screen{{:root[data-theme=dark]{{color-scheme:dark;{dark}}}}}\n"
    )


def _variables(tokens: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in tokens.items())
