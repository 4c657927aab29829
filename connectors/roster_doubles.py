"""Who has two rows from the same day on: a row that repeats another counts once, rows that contradict are put aside.

Rows are compared by everything that is read from them, identifiers included: two people under one id differ in those.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from connectors.roster_rows import canonical

Key = tuple[object, object]
"""Person and first day."""

RULE: Final = "PPL-ROS-001"
_FEW_PEOPLE: Final = 10


@dataclass(slots=True)
class Doubles:
    """Collects what each row says; the person in it has one spelling."""

    _first: dict[Key, tuple[int, int]] = field(default_factory=dict)
    _again: dict[Key, list[tuple[int, int]]] = field(default_factory=dict)

    def add(self, line: int, person: dict[str, object], identifiers: Iterable[tuple[str, str]]) -> None:
        """Looks at one row of the `person` frame and what identifies its person."""
        key = person["person"], person["valid_from"]
        said = hash((repr(person), frozenset((kind, canonical(value)) for kind, value in identifiers)))
        if self._first.setdefault(key, (line, said))[0] != line:
            self._again.setdefault(key, []).append((line, said))

    def n_repeated(self) -> int:
        """Rows that say what an earlier row of the same person and day says, where no row of them contradicts it."""
        return sum(len(again) for key, again in self._again.items() if not self._is_contradicted(key))

    def contradicted(self) -> dict[int, int]:
        """By line of a row that another contradicts: the line of the next such row of its person, or of the first."""
        found: dict[int, int] = {}
        for key, again in self._again.items():
            if self._is_contradicted(key):
                lines = [self._first[key][0], *(line for line, _ in again)]
                found |= dict(zip(lines, [*lines[1:], lines[0]], strict=True))
        return found

    def are_usual(self) -> bool:
        """Whether most people, and not just a few, contradict themselves: then rows of different days are mixed up."""
        people = {person for person, _ in self._first}
        n_contradicted = len({key[0] for key in self._again if self._is_contradicted(key)})
        return n_contradicted >= _FEW_PEOPLE and 2 * n_contradicted > len(people)

    def _is_contradicted(self, key: Key) -> bool:
        return any(said != self._first[key][1] for _, said in self._again[key])
