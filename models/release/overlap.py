"""Groups of different partitions that are nearly the same people: one less the other would be about the few who differ.

Found on the people themselves, not on sizes. Layers, places and tenure are held against units, executives and each
other; a department lies within its unit and is held against the rest too.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

import polars as pl

EVERYBODY: Final = "organisation"
FIRST: Final = ("organisation", "unit", "is_executive")
"""Partitions that are shown in any case; where a group is nearly one of theirs, it gives way."""

Group = tuple[str, str]
"""Partition and value."""


def nearly_the_same(people: pl.DataFrame, partitions: Sequence[str], least: int) -> list[tuple[Group, Group]]:
    """Pairs of groups of two partitions that differ, and both ways by fewer than `least` people, in some period.

    `people` holds one row per period_start and person; the columns `partitions` say in which group they are, NULL where
    in none that is shown.
    """
    alike = people.group_by("period_start", *partitions).len()
    found = set()
    for (_,), atoms in alike.partition_by("period_start", as_dict=True).items():
        places = [atoms[name].to_list() for name in partitions]
        found |= _close(places, partitions, atoms["len"].to_list(), least)
    return sorted(found)


def _close(
    places: Sequence[Sequence[str | None]], partitions: Sequence[str], n_people: Sequence[int], least: int
) -> set[tuple[Group, Group]]:
    """The same in one period, of atoms of people: where each is by partition, and how many people it is."""
    sizes: Counter[Group] = Counter()
    shared: Counter[tuple[Group, Group]] = Counter()
    for *values, n in zip(*places, n_people, strict=True):
        groups = [(name, value) for name, value in zip(partitions, values, strict=True) if value is not None]
        for group in groups:
            sizes[group] += n
        for pair in combinations(groups, 2):
            shared[pair] += n
    return {
        (one, other)
        for (one, other), n in shared.items()
        if sizes[one] != n or sizes[other] != n
        if max(sizes[one], sizes[other]) - n < least
    }


def giving_way(
    people: pl.DataFrame, partitions: Sequence[str], sizes: Mapping[Group, int], least: int
) -> Iterator[Group]:
    """Of each pair that is nearly the same, the group that has to go: never one of `FIRST`, else the smaller."""
    for pair in nearly_the_same(people, partitions, least):
        movable = [group for group in pair if group[0] not in FIRST]
        if movable:
            yield min(movable, key=lambda group: (sizes.get(group, 0), group))
