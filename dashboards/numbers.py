"""Numbers in sentences, each with the cell that it says: a reader, a test and a program can follow it to its table.

`words` writes the sentences from released rows. Here their numbers are found again in the cells that a sentence may
speak of. What is in none of them stays as it is, and so do days, names and the constants of a definition.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from markupsafe import Markup, escape

from dashboards import words
from dashboards.relation import Kind

NUMBER: Final = re.compile(r"(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?%?(?!\w)")
_MONTHS: Final = "|".join(name[:3] for name in words.MONTHS)
DAY: Final = re.compile(rf"(?:\d{{1,2}}[ {words.NBSP}])?(?:{_MONTHS})[a-z]*[ {words.NBSP}]\d{{4}}")
"""A day or a month, as `words` writes them; a text cell has plain spaces."""
_MEASURED: Final = re.compile(r"(\d[\d,.]*)\s?(%|[a-z]*)")
"""A number and what it counts: "28 days" is a constant where a definition says it, "28 people" is none."""

_CLAUSE: Final = re.compile(r"[,;.] ")


@dataclass(frozen=True, slots=True)
class Fact:
    """A number that a sentence may say, and the name of its cell. `about` is the period, or whatever it speaks of, as a
    sentence names it: the nearest one counts, or the last one before if it ends with a colon.
    """

    cell: str
    value: float
    kind: Kind
    about: str = ""

    @property
    def forms(self) -> frozenset[str]:
        """All ways in which `words` writes it; a sign is a word or stands apart."""
        value = abs(self.value)
        match self.kind:
            case "ratio":
                forms = {words.percent(value), words.percent(value, 1), words.told(value), words.decimal(value)}
            case "count":
                forms = {words.count(round(value))}
            case "points":
                forms = {words.rounded(value * 100), words.rounded(value * 100, 1)}
            case _:
                forms = {words.rounded(value, decimals) for decimals in (0, 1, 2)}
        return frozenset(forms)


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a sentence with what it says."""

    text: str
    value: float
    cell: str


class Facts:
    """The numbers that a sentence may say. `constants` are texts of definitions, `names` stand for themselves."""

    def __init__(self, facts: Iterable[Fact], *, constants: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        self._facts = tuple(facts)
        self._constants = frozenset(pair for text in constants for pair in _MEASURED.findall(text))
        self._names = sorted({name for name in names if NUMBER.search(name)}, key=lambda name: (-len(name), name))

    @cached_property
    def _written(self) -> Mapping[str, Sequence[Fact]]:
        found: dict[str, list[Fact]] = defaultdict(list)
        for fact in self._facts:
            for text in fact.forms:
                found[text].append(fact)
        return found

    def parts(self, text: str) -> list[str | Number]:
        """The sentence in pieces, one for each number that is found."""
        pieces: list[str | Number] = []
        end = 0
        taken = [match.span() for match in DAY.finditer(text)]
        taken += [match.span() for name in self._names for match in re.finditer(re.escape(name), text)]
        for match in NUMBER.finditer(text):
            if any(start <= match.start() < stop for start, stop in taken) or self._is_constant(text, match.start()):
                continue
            fact = _nearest(self._written.get(match.group(), ()), text, *match.span())
            if fact:
                pieces += [text[end : match.start()], Number(match.group(), fact.value, fact.cell)]
                end = match.end()
        return [piece for piece in (*pieces, text[end:]) if piece]

    def spoken(self, text: str) -> list[str | list[str]]:
        """The sentence as scripts read it: a number is a list of its text, its value and its cell."""
        return [
            [part.text, str(part.value), part.cell] if isinstance(part, Number) else part for part in self.parts(text)
        ]

    def markup(self, text: str) -> Markup:
        """The sentence as HTML, each number in an element that says its value and its cell."""
        parts = self.parts(text)
        return Markup("").join(_element(part) if isinstance(part, Number) else escape(part) for part in parts)

    def _is_constant(self, text: str, start: int) -> bool:
        match = _MEASURED.match(text, start)
        return match is not None and match.groups() in self._constants


def _element(number: Number) -> Markup:
    return Markup('<span data-value="{}" data-cell="{}">{}</span>').format(number.value, number.cell, number.text)


def _nearest(facts: Sequence[Fact], text: str, start: int, end: int) -> Fact | None:
    """The fact that is about what the sentence names nearest to the number; else the first one."""
    return min(facts, key=lambda fact: _distance(fact.about, text, start, end), default=None)


def _distance(about: str, text: str, start: int, end: int) -> int:
    """How many letters, and a whole text more for each clause, lie between."""
    before = text.rfind(about, 0, start) if about else -1
    after = text.find(about, end) if about and not about.endswith(":") else -1
    between = [text[before + len(about) : start]] * (before >= 0) + [text[end:after]] * (after >= 0)
    return min((len(one) + len(text) * len(_CLAUSE.findall(one)) for one in between), default=len(text) ** 2)
