"""An order of people that follows from who has ties with whom and from what is known of each, never from their names.

Random draws follow the order in which people stand. In this order they are the same under any names, so that another
key of the pseudonyms changes no result. People are told apart by colour refinement (Weisfeiler and Leman 1968): by
their colour, the colours of those with whom they have ties, of those behind, and so on. Of people who are still alike
one is set apart and the refinement goes on (McKay 1981), one branch of it: it is exact but for people whom the
refinement cannot tell apart though the ties can, which takes parts of the network in which everybody is alike and has
as many ties of each kind.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

_SEED: Final = 20240229
_WIDE: Final = 2**40
"""So many numbers that two sums are hardly ever equal by chance, and none is too large for 64 bits."""
Whole = npt.NDArray[np.int64]


def canonical_order(colour: Sequence[int], ends: Sequence[tuple[int, int]]) -> list[int]:
    """The people, by number, in their order. `colour` is what is known of each, `ends` the ties, each pair once."""
    neighbours: list[list[int]] = [[] for _ in colour]
    for one, other in ends:
        neighbours[one].append(other)
        neighbours[other].append(one)
    known = np.column_stack([np.asarray(colour, dtype=np.int64), _reach(neighbours)])
    cells = _Cells(_refined(_ranked(known), np.asarray(ends, dtype=np.int64).reshape(-1, 2)).tolist())
    while (alike := cells.first_alike()) is not None:
        cells.refine(neighbours, [cells.set_apart(alike)])
    return [cells.members[place][0] for place in sorted(cells.members)]


class _Cells:
    """People in groups of those who are alike so far; a group is named by the place in the order where it begins."""

    def __init__(self, colour: Sequence[int]) -> None:
        size = Counter(colour)
        begins, at = dict[int, int](), 0
        for one in sorted(size):
            begins[one] = at
            at += size[one]
        self.place = [begins[one] for one in colour]
        self.members: dict[int, list[int]] = defaultdict(list)
        for person, place in enumerate(self.place):
            self.members[place].append(person)
        self._from = 0

    def first_alike(self) -> int | None:
        """The first group of more than one."""
        while self._from < len(self.place) and len(self.members[self._from]) == 1:
            self._from += 1
        return self._from if self._from < len(self.place) else None

    def set_apart(self, place: int) -> int:
        """Puts one of the group behind the others; where it stands then."""
        people = self.members[place]
        one = people.pop()
        behind = place + len(people)
        self.members[behind] = [one]
        self.place[one] = behind
        return behind

    def refine(self, neighbours: Sequence[Sequence[int]], begins: Sequence[int]) -> None:
        """Splits groups by their numbers of ties with each group of `begins`, and with each that this splits."""
        waiting = deque(sorted(begins))
        while waiting:
            n_ties = Counter(other for one in self.members[waiting.popleft()] for other in neighbours[one])
            touched = defaultdict(list)
            for person in n_ties:
                touched[self.place[person]].append(person)
            for place in sorted(touched):
                by_ties = defaultdict(list)
                for person in touched[place]:
                    by_ties[n_ties[person]].append(person)
                if len(touched[place]) < len(self.members[place]):
                    with_ties = set(touched[place])
                    by_ties[0] = [person for person in self.members[place] if person not in with_ties]
                if len(by_ties) > 1:
                    waiting.extend(self._split(place, [by_ties[n] for n in sorted(by_ties)]))

    def _split(self, place: int, parts: Sequence[list[int]]) -> list[int]:
        begins = []
        for people in parts:
            self.members[place] = people
            for person in people:
                self.place[person] = place
            begins.append(place)
            place += len(people)
        return begins


def _refined(colour: Whole, ends: Whole) -> Whole:
    """The colours, split by those of the others at the ends of each person's ties until nothing more is split."""
    here, there = np.concatenate([ends, ends[:, ::-1]]).T
    while True:
        # the sum of pseudo-random numbers stands for the colours at the other ends, in whatever order
        drawn = np.random.default_rng(_SEED).integers(0, _WIDE, int(colour.max(initial=0)) + 1, dtype=np.int64)
        around = np.zeros(len(colour), dtype=np.int64)
        np.add.at(around, here, drawn[colour[there]])
        finer = _ranked(np.column_stack([colour, around]))
        if finer.max(initial=0) == colour.max(initial=0):
            return colour
        colour = finer


def _ranked(rows: Whole) -> Whole:
    """Whole numbers that stand in the order of the rows, equal where these are."""
    return np.asarray(np.unique(rows, axis=0, return_inverse=True)[1], dtype=np.int64).ravel()


def _reach(neighbours: Sequence[Sequence[int]]) -> Whole:
    """How many each person is connected with, through any number of ties."""
    found = np.zeros(len(neighbours), dtype=np.int64)
    for start in range(len(neighbours)):
        if found[start]:
            continue
        part, waiting = {start}, [start]
        while waiting:
            for other in neighbours[waiting.pop()]:
                if other not in part:
                    part.add(other)
                    waiting.append(other)
        found[list(part)] = len(part)
    return found
