"""How numbers, days, periods and names are written. Nothing is calculated here but rounding."""

import html
import re
import textwrap
import unicodedata
from collections.abc import Sequence
from datetime import date
from math import floor
from typing import Final

PLATFORM_NAMES: Final = {
    "all": "All platforms",
    "yammer": "Yammer",
    "slack": "Slack",
    "mediawiki": "MediaWiki",
    "confluence": "Confluence",
    "wordpress": "WordPress",
    "bookmarks": "Bookmarks",
    "m365": "Microsoft 365",
    "roster": "Roster",
}
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
TENTHS: Final = {
    0.1: "One in ten {}", 0.2: "Two in ten {}", 0.3: "Three in ten {}", 0.4: "Four in ten {}", 0.5: "Half of all {}",
    0.6: "Six in ten {}", 0.7: "Seven in ten {}", 0.8: "Eight in ten {}", 0.9: "Nine in ten {}",
}  # fmt: skip
NBSP: Final = "\u00a0"
NOT_TOLD: Final = "not told"
"""What stands for a figure that the release holds back."""
_DIRECTION_MARKS: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def typeset(text: str) -> str:
    """A text of ours with curved apostrophes, as all others on the pages."""
    return re.sub(r"(?<=\w)'", "\u2019", text)


def rounded(value: float, decimals: int = 0) -> str:
    """Half away from zero, so that two shares a full point apart never print alike."""
    scale = 10**decimals
    return f"{floor(round(abs(value) * scale, 9) + 0.5) / scale:,.{decimals}f}"


def percent(ratio: float, decimals: int | None = None) -> str:
    """60%, or 3.5% below ten."""
    if decimals is None:
        decimals = 0 if ratio >= 0.0995 or ratio == 0 else 1
    return f"{rounded(ratio * 100, decimals)}%"


def told(ratio: float, decimals: int | None = None) -> str:
    """A percentage that may be of a group: a whole one has no decimals, for those of groups are no finer."""
    is_whole = round(ratio * 100, 9) == round(ratio * 100)
    return percent(ratio, 0 if is_whole else decimals)


def points(difference: float) -> str:
    """A difference of two percentages, without its sign."""
    text = rounded(difference * 100, 0 if abs(difference) >= 0.0095 else 1)
    return f"{text} point" if text == "1" else f"{text} points"


def signed_points(difference: float) -> str:
    """+6.0 or -6.0 (with a real minus), in points."""
    text = rounded(difference * 100, 1)
    if text == "0.0":
        return text
    return f"{'+' if difference > 0 else chr(0x2212)}{text}"


def signed(value: float) -> str:
    """+6.0 or -6.0 (with a real minus), of a value that is in points already."""
    return signed_points(value / 100)


def decimal(value: float) -> str:
    """0.25, or a real minus before it."""
    text = rounded(value, 2)
    return f"{chr(0x2212)}{text}" if value < 0 and text.strip("0.") else text


def sentence(text: str) -> str:
    """The text with a capital."""
    return text[:1].upper() + text[1:]


def count(number: int, noun: str = "", plural: str = "", *, is_coarse: bool = False) -> str:
    """1,201, or with a noun: 1 person, 2 people; about 25 people where they are told in fives."""
    text = f"about {number:,}" if is_coarse else f"{number:,}"
    if not noun:
        return text
    return f"{text} {noun if number == 1 else plural or noun + 's'}"


def of(part: int, whole: int, *, is_coarse: bool = False) -> str:
    """481 of 1,191, or about 25 of 40 where both are told in fives."""
    return f"{count(part, is_coarse=is_coarse)} of {count(whole)}"


def band(low: float | None, high: float | None) -> str:
    """At most 30%, or at least 70%: all that is told of a share at one of its ends; empty where nothing is."""
    if low is None or high is None:
        return ""
    if low == 0:
        return f"at most {told(high)}"
    return f"at least {told(low)}" if high == 1 else f"{told(low)} to {told(high)}"


def share(ratio: float, noun: str) -> str:
    """Six in ten people, where that is near enough; else 34% of people."""
    for tenth, words in TENTHS.items():
        if abs(ratio - tenth) <= 0.0250001:
            return words.format(noun)
    return f"{percent(ratio)} of {noun}"


def day(value: date | None) -> str:
    """22 November 2026, which no line break may tear."""
    return f"{value.day}{NBSP}{MONTHS[value.month - 1]}{NBSP}{value.year}" if value else "no day yet"


def short_day(value: date) -> str:
    """22 Nov 2026."""
    return f"{value.day}{NBSP}{MONTHS[value.month - 1][:3]}{NBSP}{value.year}"


def month(value: date) -> str:
    """November 2026."""
    return f"{MONTHS[value.month - 1]}{NBSP}{value.year}"


def period(kind: str, start: date) -> str:
    """What follows "in": the week of 16 Nov 2026, November 2026, the 28 days to 22 Nov 2026."""
    if kind == "week":
        return f"the week of {short_day(start)}"
    return month(start) if kind == "month" else f"the 28 days to {short_day(start)}"


def listed(items: Sequence[str]) -> str:
    """A, B and C."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def platform(name: str) -> str:
    """The platform as people call it."""
    return PLATFORM_NAMES.get(name) or clean(name)


def clean(name: str) -> str:
    """A name from an export on one line, without control and direction marks; still text, not markup."""
    kept = "".join(" " if unicodedata.category(c) == "Cc" else c for c in name if c not in _DIRECTION_MARKS)
    return " ".join(kept.split()) or "(no name)"


def chart_text(name: str) -> str:
    """A name for a chart, where markup and `%{...}` would be interpreted: both are made literal."""
    return html.escape(clean(name), quote=False).replace("%{", "&#37;{")


def chart_label(name: str, width: int, lines: int = 2) -> str:
    """A name for an axis: broken into lines of `width` letters, shortened where it is longer."""
    parts = textwrap.wrap(clean(name), width) if lines > 1 else [clean(name)]
    last = parts[lines - 1] if len(parts) >= lines else parts[-1]
    if len(parts) > lines or len(last) > width:
        last = last[: width - 1].rstrip() + "\u2026"
    return "<br>".join(chart_text(part) for part in [*parts[: min(lines, len(parts)) - 1], last])
