"""Who meets whom by group: ties between each two groups, beside what chance alone would give.

By chance, in the mean: the ends of all ties put together at random, each person keeping their number of ties, without
the pairs that one person would make alone (configuration model, Newman 2006). Of m ties with d_i ends of person i and
d_u of group u, groups u and v then share m * 2 d_u d_v / (D^2 - sum of d_i^2), D = 2m.
How often chance gives so few: groups are shuffled over the people, among those who have about as many ties (the same
power of two), and the ties stay. So who draws many answers at once, or who sits in one thread, is in every draw too,
and does not pass for a finding, as it would if every tie were taken for a chance of its own (Poisson). p = (1 + draws
with no more ties) / (1 + draws); adjusted over the pairs for the share of false findings (Benjamini, Hochberg 1995).
Random draws have a fixed seed, and people an order that follows from their ties and not from their names. Ties within a
group count for the number of ends only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from models.statistics.canonical import canonical_order

DRAWS: Final = 1999
_SEED: Final = 20240229
_BATCH: Final = 2_000_000
"""Ties, or counts of pairs, that are drawn at once: memory of some 50 MB."""

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two groups; `p_value` is the chance of no more ties, `none_ratio` that of none at all."""

    n_ties: int
    by_chance: float
    none_ratio: float
    p_value: float


def mixing(ties: Sequence[tuple[str, str]], group_of: dict[str, str], groups: Sequence[str]) -> list[Pair]:
    """Every two of `groups`, in the order of `combinations`. A tie is two different people, each pair once."""
    n_groups, n_pairs = len(groups), len(groups) * (len(groups) - 1) // 2
    if not ties or not n_pairs:
        return [Pair(0, 0.0, 1.0, 1.0)] * n_pairs
    people = list({person: None for tie in ties for person in tie})
    place = {person: index for index, person in enumerate(people)}
    number = {group: index for index, group in enumerate(groups)}
    numbered = [(place[one], place[other]) for one, other in ties]
    order = np.array(canonical_order([number[group_of[person]] for person in people], numbered))
    ends = np.argsort(order)[np.array(numbered)]
    group = np.array([number[group_of[person]] for person in people])[order]
    code = _codes(n_groups)
    n_ties = np.bincount(code[group[ends[:, 0]], group[ends[:, 1]]], minlength=n_pairs + 1)[:-1]
    degree = np.bincount(ends.ravel())
    by_chance = _by_chance(degree, group, n_groups)
    n_none, n_so_few = np.zeros(n_pairs, dtype=np.int64), np.zeros(n_pairs, dtype=np.int64)
    random = np.random.default_rng(_SEED)
    left, size = DRAWS, max(1, _BATCH // max(len(ends), n_pairs))
    while left:
        drawn = _drawn(random, min(size, left), group, degree)
        found = code[drawn[:, ends[:, 0]], drawn[:, ends[:, 1]]] + (n_pairs + 1) * np.arange(len(drawn))[:, None]
        counts = np.bincount(found.ravel(), minlength=len(drawn) * (n_pairs + 1)).reshape(len(drawn), -1)[:, :-1]
        n_none += (counts == 0).sum(axis=0)
        n_so_few += (counts <= n_ties).sum(axis=0)
        left -= len(drawn)
    return [
        Pair(int(n_ties[i]), float(by_chance[u, v]), float(n_none[i]) / DRAWS, (1 + float(n_so_few[i])) / (1 + DRAWS))
        for i, (u, v) in enumerate(combinations(range(n_groups), 2))
    ]


def adjusted(p_values: Sequence[float]) -> list[float]:
    """The p-values for many questions at once: of those below 0.05, one in twenty is false on average."""
    # imported here: it takes a second, and few runs need it
    from scipy.stats import false_discovery_control  # type: ignore[import-untyped]

    return [float(p) for p in false_discovery_control(p_values)] if p_values else []


def _by_chance(degree: Whole, group: Whole, n_groups: int) -> npt.NDArray[np.float64]:
    ends = np.bincount(group, weights=degree, minlength=n_groups)
    whole = float(degree.sum())
    return np.asarray(whole * np.outer(ends, ends) / (whole * whole - float((degree * degree).sum())))


def _codes(n_groups: int) -> Whole:
    """The number of each pair of groups; all within a group have the last."""
    n_pairs = n_groups * (n_groups - 1) // 2
    code = np.full((n_groups, n_groups), n_pairs)
    upper = np.triu_indices(n_groups, 1)
    code[upper] = np.arange(n_pairs)
    code.T[upper] = np.arange(n_pairs)
    return code


def _drawn(random: np.random.Generator, n: int, group: Whole, degree: Whole) -> Whole:
    """Draws x people: the groups, shuffled among people with about as many ties."""
    about = np.floor(np.log2(degree))
    order = np.argsort(about, kind="stable")
    shuffled = np.argsort(about + random.random((n, len(group))), axis=1)
    drawn = np.empty((n, len(group)), dtype=np.int64)
    drawn[:, order] = group[shuffled]
    return drawn
