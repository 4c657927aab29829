"""Labels above the plot of a chart over time: titles where all fit, else numbers; none covers another.

Near numbers share a label (3\u20135). All is reckoned in pixels of the least width that the chart may have.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final
from unicodedata import east_asian_width

from dashboards import words

_GAP: Final = 8
_FEWEST_LETTERS: Final = 16


@dataclass(frozen=True, slots=True)
class Label:
    """A text above the plot: its place and both its ends, in pixels from the left of the plot."""

    text: str
    place: float
    anchor: str
    left: float
    right: float


def labelled(
    titled: Sequence[tuple[date, str]], places: Sequence[float], width: float, *, beyond: float = 0
) -> list[Label]:
    """Titles where all fit, else numbers; of a single one its day. `places` ascend, in pixels from the left.

    The plot is `width` wide, and right of it there are `beyond` pixels.
    """
    numbers = [f"{number} " for number in range(1, len(titled) + 1)] if len(titled) > 1 else [""]
    found: list[Label] = []
    taken = 0.0
    for number, (_, title), place, end in zip(numbers, titled, places, [*places[1:], width + beyond], strict=True):
        label = _titled(number, words.clean(title), place, (taken, end))
        if label is None:
            break
        found.append(label)
        taken = max(label.right, place)
    if len(found) == len(titled):
        return found
    if len(titled) == 1:
        return [_centred(words.short_day(titled[0][0]).rpartition(words.NBSP)[0], places[0], width)]
    return _numbered(places, width)


def _titled(number: str, name: str, place: float, free: tuple[float, float]) -> Label | None:
    """The name beside its place, where more of it fits; none where too little of it would be left."""
    before, after = (_letters(number, name, abs(end - place) - _GAP) for end in free)
    letters = max(before, after)
    if letters < min(_FEWEST_LETTERS, len(name)):
        return None
    text = number + words.chart_label(name, letters, lines=1)
    size = _pixels(number + name[:letters])
    if after == letters:
        return Label(text, place, "left", place, place + size)
    return Label(text, place, "right", place - size, place)


def _letters(number: str, name: str, room: float) -> int:
    """How many letters of the name fit into so many pixels."""
    return next((n for n in range(len(name), 0, -1) if _pixels(number + name[:n]) <= room), 0)


def _numbered(places: Sequence[float], width: float) -> list[Label]:
    """A number per place; those too near each other share a label, until none touches the next."""
    groups = [(index, index) for index in range(len(places))]
    while True:
        labels = [_of_group(first, last, places, width) for first, last in groups]
        near = next((i for i, (a, b) in enumerate(pairwise(labels)) if a.right + _GAP / 2 > b.left), None)
        if near is None:
            return labels
        groups[near : near + 2] = [(groups[near][0], groups[near + 1][1])]


def _of_group(first: int, last: int, places: Sequence[float], width: float) -> Label:
    text = str(first + 1) if first == last else f"{first + 1}\u2013{last + 1}"
    return _centred(text, (places[first] + places[last]) / 2, width)


def _centred(text: str, place: float, width: float) -> Label:
    """Above its place, or beside it where it would stick out."""
    size = _pixels(text)
    if place - size / 2 < -_GAP:
        return Label(text, place, "left", place, place + size)
    if place + size / 2 > width + _GAP:
        return Label(text, place, "right", place - size, place)
    return Label(text, place, "center", place - size / 2, place + size / 2)


def _pixels(text: str) -> float:
    """No less than the width of the text at 12 pixels."""
    return sum(13 if east_asian_width(c) in "WF" else 11 if c.isupper() or c in "mw@%" else 7.2 for c in text)
