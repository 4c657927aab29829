"""What is counted of people, and how the counts of the same people hang together. No table is known here.

A basic measure is an unknown of every atom. Every other one is a sum of basic ones, or the people less such a sum.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

Kind = Literal["counted", "left", "outside"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
"""Of whom: people who are counted in the period; who were in the one before and no more; who are there, not counted."""


@dataclass(frozen=True, slots=True)
class Measure:
    """`parts` are the basic measures that are added up, or, if `is_rest`, what is left of the people without them.

    `unit` says by which unit people are placed: that of the period, or of the one before.
    """

    parts: tuple[str, ...]
    is_rest: bool = False
    of: tuple[Kind, ...] = ("counted",)
    unit: Literal["unit", "previous_unit"] = "unit"


@dataclass(frozen=True, slots=True)
class Identity:
    """In every group: `one` counts just as many as all `parts` together, or at least as many where not `is_equal`."""

    one: str
    parts: tuple[str, ...]
    is_equal: bool = True


CONTRIBUTORS: Final = "contributors"
BASIC: Final[Mapping[str, Kind]] = {
    CONTRIBUTORS: "counted",
    "some": "counted",
    "heavy": "counted",
    "new": "counted",
    "unknown": "counted",
    "retained": "counted",
    "resurrected": "counted",
    "reactors": "counted",
    "lurkers": "counted",
    "adopted": "counted",
    "own_contributors": "counted",
    "lapsed": "counted",
    "left": "left",
    "outside": "outside",
}
"""The unknowns, and of whom."""
PEOPLE: Final = "people"
"""Everybody of an atom."""

MEASURES: Final[Mapping[str, Measure]] = {
    **{name: Measure((name,), of=(kind,)) for name, kind in BASIC.items()},
    "lapsed": Measure(("lapsed",), unit="previous_unit"),
    "left": Measure(("left",), of=("left",), unit="previous_unit"),
    "none": Measure((CONTRIBUTORS,), is_rest=True),
    "present": Measure((CONTRIBUTORS, "lurkers")),
    "absent": Measure((CONTRIBUTORS, "lurkers"), is_rest=True),
    "gone": Measure(("lapsed", "left"), of=("counted", "left"), unit="previous_unit"),
    "contributors_before": Measure(("retained", "lapsed", "left"), of=("counted", "left"), unit="previous_unit"),
}
IDENTITIES: Final = (
    Identity(CONTRIBUTORS, ("some", "heavy")),
    Identity(CONTRIBUTORS, ("new", "unknown", "retained", "resurrected")),
    Identity("adopted", (CONTRIBUTORS,), is_equal=False),
    Identity(CONTRIBUTORS, ("own_contributors",), is_equal=False),
    Identity(PEOPLE, ("adopted",), is_equal=False),
    Identity(PEOPLE, (CONTRIBUTORS, "lurkers"), is_equal=False),
    Identity(PEOPLE, (CONTRIBUTORS, "lapsed"), is_equal=False),
)


def needed(told_of_parts: Iterable[str], told: Iterable[str]) -> list[str]:
    """The basic measures of a system, in the order of `BASIC`: all that may tell something about a part.

    They are those `told_of_parts`, with those that equal a sum with them, and of all that are `told` those that an
    inequality ties to them.
    """
    basic = set(told_of_parts)
    while True:
        tied = {
            name
            for identity in IDENTITIES
            if identity.is_equal and basic.intersection(identity.parts)
            for name in (identity.one, *identity.parts)
        }
        if tied <= basic:
            break
        basic |= tied
    among = basic | set(told)
    for identity in IDENTITIES:
        members = {identity.one, *identity.parts} - {PEOPLE}
        if not identity.is_equal and basic & members:
            basic |= members & among
    return [name for name in BASIC if name in basic]
