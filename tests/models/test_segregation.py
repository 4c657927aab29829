"""Theil and dissimilarity against scipy, the oracle's Gini against inequalipy, and shares by chance."""

import numpy as np
import pytest
from inequalipy import gini as gini_of_the_library
from scipy.spatial.distance import cityblock
from scipy.stats import entropy

from models.statistics.cannot_tell import CannotTell
from models.statistics.segregation import Dissimilarity, Theil, dissimilarity, expected_dissimilarity, theil
from tests.oracle.inequality import gini


def company(seed: int, n: int = 60) -> tuple[list[int], list[str]]:
    random = np.random.default_rng(seed)
    amounts = random.poisson(random.gamma(0.5, 6, n)).tolist()
    return amounts, random.choice(["Law", "Ops", "IT", "Sales"], n, p=[0.1, 0.2, 0.3, 0.4]).tolist()


def index_of(amounts: list[int], units: list[str]) -> Theil:
    found = theil(amounts, units)
    assert isinstance(found, Theil)
    return found


@pytest.mark.parametrize("seed", range(5))
def test_theil_equals_scipy(seed: int) -> None:
    amounts, units = company(seed)
    found = index_of(amounts, units)
    assert found.total == pytest.approx(entropy(amounts, [1] * len(amounts)))
    names = sorted(set(units))
    held = [sum(x for x, unit in zip(amounts, units, strict=True) if unit == name) for name in names]
    assert found.between == pytest.approx(entropy(held, [units.count(name) for name in names]))
    # within: Theil's index of each unit, weighted by what it contributes
    own = [[x for x, unit in zip(amounts, units, strict=True) if unit == name] for name in names]
    within = sum(sum(x) / sum(amounts) * entropy(x, [1] * len(x)) for x in own if sum(x))
    assert found.within == pytest.approx(within)
    assert found.between_ratio == pytest.approx(found.between / found.total)


@pytest.mark.parametrize("seed", range(5))
def test_gini_of_the_marts_oracle_equals_inequalipy(seed: int) -> None:
    amounts, _ = company(seed)
    assert gini(amounts) == pytest.approx(gini_of_the_library(amounts))


def test_theil_by_hand() -> None:
    # people 0, 4 | 4, 0: nothing between units, within ln 2; everything by one of four: ln 4
    assert index_of([0, 4, 4, 0], ["a", "a", "b", "b"]).between == pytest.approx(0)
    assert index_of([0, 4, 4, 0], ["a", "a", "b", "b"]).total == pytest.approx(np.log(2))
    split = index_of([2, 2, 0, 0], ["a", "a", "b", "b"])
    assert (split.total, split.within, split.between_ratio) == pytest.approx((np.log(2), 0, 1))
    even = index_of([3] * 6, ["a", "b"] * 3)
    assert (even.total, even.between_ratio) == pytest.approx((0, 0))
    assert theil([0, 0], ["a", "b"]) == CannotTell("nobody contributes")
    assert theil([1, 2], ["a", "a"]) == CannotTell("too few units", 1, 2)


@pytest.mark.parametrize("seed", range(5))
def test_dissimilarity_equals_scipy(seed: int) -> None:
    random = np.random.default_rng(seed)
    e = random.integers(1, 60, 12)
    c = random.binomial(e, random.beta(2, 4, 12))
    found = dissimilarity(c.tolist(), e.tolist())
    assert isinstance(found, Dissimilarity)
    assert found.index == pytest.approx(cityblock(c / c.sum(), e / e.sum()) / 2)
    drawn = random.multivariate_hypergeometric(e, int(c.sum()), size=4000)
    slow = np.mean([cityblock(one / c.sum(), e / e.sum()) / 2 for one in drawn])
    assert found.by_chance.mean == expected_dissimilarity(int(c.sum()), e.tolist()) == pytest.approx(slow, abs=0.004)


def test_dissimilarity_by_hand() -> None:
    # all three contributors in a unit of 3, 7 others: |1 - .3| + |0 - .7| over 2 = .7 = 1 - 3/10
    found = dissimilarity([3, 0, 0], [3, 7, 0])
    assert isinstance(found, Dissimilarity)
    assert (found.index, found.largest, found.n_units) == pytest.approx((0.7, 0.7, 2))
    # one in C(10, 3) = 120 ways
    assert found.by_chance.p_value == pytest.approx(1 / 120, abs=0.005)
    # one contributor of two units of one person: always |1 - .5| + |0 - .5| over 2
    assert expected_dissimilarity(1, [1, 1]) == 0.5
    assert dissimilarity([0, 0], [4, 4]) == CannotTell("nobody contributes")
    assert dissimilarity([1, 0], [4, 0]) == CannotTell("too few units", 1, 2)
    with pytest.raises(ValueError, match="eligible"):
        dissimilarity([5, 0], [4, 4])


def test_small_units_alone_give_no_finding() -> None:
    """40 units of 5 people at one rate: the index is a third, by chance alone, and the p values are even."""
    random, small, p_values = np.random.default_rng(11), [], []
    for _ in range(60):
        found = dissimilarity(random.binomial(5, 0.3, 40).tolist(), [5] * 40)
        assert isinstance(found, Dissimilarity)
        small.append(found.index - found.by_chance.mean)
        p_values.append(found.by_chance.p_value)
    assert abs(np.mean(small)) < 0.01
    assert expected_dissimilarity(60, [5] * 40) > 0.25
    assert np.mean(np.array(p_values) <= 0.05) <= 0.1
    unlike = theil([9] * 20 + [0] * 20 + [1] * 20, ["a"] * 20 + ["b"] * 20 + ["c"] * 20)
    assert isinstance(unlike, Theil)
    assert unlike.by_chance.p_value == 1 / 500
    assert unlike.between > unlike.by_chance.high > unlike.by_chance.mean
