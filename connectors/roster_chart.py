"""The chain of managers over all dates of a roster: cycles and how to open them, tops, managers who are not on it.

Knows people only by numbers; what is said of them is in `roster_notes`.
"""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Final

_NOBODY: Final = -1
_UNDATED: Final = 0


@dataclass(slots=True)
class Chart:
    """Collects who is said to report to whom from when on; each person's newest row is in force."""

    cycles: dict[int, int] = field(default_factory=dict)
    """By line: the size of the cycle that this row closes. Without these rows' managers no cycle is left."""
    n_roots: int = 0
    """People without a manager on the newest date."""
    n_orphans: int = 0
    """Rows whose manager is nobody on the roster."""
    n_managed: int = 0
    """Rows that name a manager."""
    dates: set[int] = field(default_factory=set)
    _numbers: dict[str, int] = field(default_factory=dict)
    _rows: "tuple[array[int], ...]" = field(default_factory=lambda: tuple(array("q") for _ in range(5)))

    @property
    def n_rows(self) -> int:
        """How many rows were added."""
        return len(self._rows[0])

    def add(self, row: Mapping[str, object], line: int) -> None:
        """Looks at one row of the `person` frame; one person has one spelling."""
        who, boss = self._number(row["person"]), self._number(row["manager"])
        day, left = _ordinal(row["valid_from"]), _ordinal(row["left_on"])
        self.dates.add(day)
        for column, value in zip(self._rows, (day, who, boss, left, line), strict=True):
            column.append(value)

    def settle(self) -> None:
        """Works out what the fields say, once all rows are in."""
        days, people, bosses, lefts, lines = self._rows
        known = frozenset(people)
        self.n_managed = sum(boss != _NOBODY for boss in bosses)
        self.n_orphans = sum(boss != _NOBODY and boss not in known for boss in bosses)
        newest = max(self.dates, default=_UNDATED)
        boss_of: dict[int, int] = {}
        gone: set[int] = set()  # who left, or whose row closed a cycle
        for _, rows in groupby(sorted(range(len(days)), key=days.__getitem__), key=days.__getitem__):
            changed: dict[int, list[int]] = {}
            for row in rows:
                boss_of[people[row]] = bosses[row]
                (gone.add if 0 < lefts[row] < newest else gone.discard)(people[row])
                changed.setdefault(people[row], []).append(lines[row])
            for cycle in list(_cycles(changed, boss_of)):
                for person in cycle:
                    if person in changed:
                        self.cycles |= dict.fromkeys(changed[person], len(cycle))
                        boss_of[person] = _NOBODY
                        gone.add(person)
        self.n_roots = sum(boss == _NOBODY and person not in gone for person, boss in boss_of.items())

    def _number(self, name: object) -> int:
        return _NOBODY if name is None else self._numbers.setdefault(str(name), len(self._numbers))


def _ordinal(day: object) -> int:
    return day.toordinal() if isinstance(day, date) else _UNDATED


def _cycles(changed: dict[int, list[int]], boss_of: dict[int, int]) -> Iterator[list[int]]:
    """Cycles through people whose row has changed, which are all there can be."""
    done: set[int] = set()
    for start in changed:
        path: dict[int, int] = {}
        person = start
        while person in boss_of and person not in done and person not in path:
            path[person] = len(path)
            person = boss_of[person]
        if person in path:
            yield list(path)[path[person] :]
        done |= path.keys()
