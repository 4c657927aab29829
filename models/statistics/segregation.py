"""Pockets or everywhere: how far participation is shut up in some units, and how much of that chance alone would give.

Rates of single units, and how many units are reached, are in `shrinkage`.

Theil's T (Theil 1967), over people, eligible ones without contributions included: mean of (x / m) ln(x / m), m the
mean, 0 ln 0 = 0; it is ln n minus the entropy of the shares of people. Between units: sum of s ln(s / p), s a unit's
share of contributions and p its share of people; within: sum of s T of the unit; the two add up to T.
Dissimilarity (Duncan and Duncan 1955, here against all eligible people): D = half the sum of |c/C - e/E|, c of C
contributors and e of E eligible people in a unit: the share of contributors who would have to be in another unit. With
all contributors in units where everybody contributes it is 1 - C/E, its `largest` value.
Both are above 0 by chance alone, the more so the smaller the units (Carrington and Troske 1997). So each comes with
what it would be if units did not matter: D with contributors drawn from all people (hypergeometric: the mean is exact,
the rest drawn), T with people shuffled over the units. There is no interval: resampling would repeat the bias.
Units: T in nats, from 0 to ln n; D in 0-1. Assumes one unit for each person; random draws have a fixed seed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from models.statistics.cannot_tell import CannotTell

FEWEST_UNITS: Final = 2
DRAWS: Final = 499
_SEED: Final = 20240229
_TINY: Final = 1e-12


@dataclass(frozen=True, slots=True)
class ByChance:
    """What the measure would be if units did not matter, and how often it would then be at least what it is."""

    mean: float
    high: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Theil:
    """The index and its parts; `by_chance` is about the part between units."""

    total: float
    between: float
    within: float
    between_ratio: float
    by_chance: ByChance
    n_people: int
    n_units: int


@dataclass(frozen=True, slots=True)
class Dissimilarity:
    """The index, the most that it could be with so many contributors, and what chance gives."""

    index: float
    largest: float
    by_chance: ByChance
    n_contributors: int
    n_eligible: int
    n_units: int


def theil(contributions: Sequence[int], units: Sequence[str]) -> Theil | CannotTell:
    """The index of people's contributions, with the part that lies between their units."""
    x = np.asarray(contributions, dtype=np.float64)
    names, unit = np.unique(np.asarray(units, dtype=str), return_inverse=True)
    if len(names) < FEWEST_UNITS:
        return CannotTell("too few units", len(names), FEWEST_UNITS)
    if not x.sum():
        return CannotTell("nobody contributes")
    share = x / x.sum()
    people = np.bincount(unit) / len(x)
    total = float(_divergence(share, np.full(len(x), 1 / len(x))))
    between = float(_divergence(np.bincount(unit, weights=share).astype(np.float64), people))
    random = np.random.default_rng(_SEED)
    drawn = np.array([
        _divergence(np.bincount(random.permutation(unit), weights=share).astype(np.float64), people)
        for _ in range(DRAWS)
    ])  # fmt: skip
    # everybody gives the same: nothing to divide
    ratio = between / total if total > _TINY else 0.0
    return Theil(total, between, total - between, ratio, _chance(between, drawn), len(x), len(names))


def dissimilarity(n_contributors: Sequence[int], n_eligible: Sequence[int]) -> Dissimilarity | CannotTell:
    """The index of the contributors among the eligible people of each unit; units without people do not count."""
    rows = [(c, e) for c, e in zip(n_contributors, n_eligible, strict=True) if e]
    if any(not 0 <= c <= e for c, e in rows):
        raise ValueError("contributors are eligible")
    if len(rows) < FEWEST_UNITS:
        return CannotTell("too few units", len(rows), FEWEST_UNITS)
    c, e = np.array(rows).T
    n, whole = int(c.sum()), int(e.sum())
    if not n:
        return CannotTell("nobody contributes")
    index = float(_distance(c / n, e / whole))
    drawn = np.random.default_rng(_SEED).multivariate_hypergeometric(e, n, size=DRAWS)
    by_chance = _chance(index, _distance(drawn / n, e / whole), mean=expected_dissimilarity(n, e.tolist()))
    return Dissimilarity(index, 1 - n / whole, by_chance, n, whole, len(rows))


def expected_dissimilarity(n_contributors: int, n_eligible: Sequence[int]) -> float:
    """The mean of D if each group of so many people were equally likely to contribute: exact, nothing is drawn."""
    # imported here: it takes a second, and few runs need it
    from scipy.stats import hypergeom  # type: ignore[import-untyped]

    whole = sum(n_eligible)
    counts = np.arange(n_contributors + 1)
    deviations = [
        float(hypergeom.pmf(counts, whole, e, n_contributors) @ np.abs(counts / n_contributors - e / whole))
        for e in n_eligible
    ]
    return sum(deviations) / 2


def _divergence(share: npt.NDArray[np.float64], reference: npt.NDArray[np.float64]) -> float:
    some = share > 0
    return float(share[some] @ np.log(share[some] / reference[some]))


def _distance(share: npt.NDArray[np.float64], reference: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(np.abs(share - reference).sum(axis=-1) / 2)


def _chance(observed: float, drawn: npt.NDArray[np.float64], *, mean: float | None = None) -> ByChance:
    # equal values may differ by their last digits
    n_as_large = int((drawn >= observed - _TINY).sum())
    return ByChance(
        float(drawn.mean()) if mean is None else mean, float(np.quantile(drawn, 0.95)), (1 + n_as_large) / (DRAWS + 1)
    )
