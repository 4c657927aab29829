"""Rates of small units: a published example, the slow integral, what was simulated, and limits."""

import numpy as np
import pytest
from scipy.stats import beta, betabinom

from models.statistics.cannot_tell import CannotTell
from models.statistics.shrinkage import Rates, reach, shrunken_rates

# the 71 experiments of Gelman et al. 2013, table 5.1 (tumours, rats): their posterior means of alpha and beta are 2.4
# and 14.3, so a mean of 0.14 and a precision of about 17
TUMOURS = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 5, 2, 5, 3, 2, 7,
    7, 3, 3, 2, 9, 10, 4, 4, 4, 4, 4, 4, 4, 10, 4, 4, 4, 5, 11, 12, 5, 5, 6, 5, 6, 6, 6, 6, 16, 15, 15, 9, 4,
]  # fmt: skip
RATS = [
    20, 20, 20, 20, 20, 20, 20, 19, 19, 19, 19, 18, 18, 17, 20, 20, 20, 20, 19, 19, 18, 18, 25, 24, 23, 20, 20, 20,
    20, 20, 20, 10, 49, 19, 46, 27, 17, 49, 47, 20, 20, 13, 48, 50, 20, 20, 20, 20, 20, 20, 20, 48, 19, 19, 19, 22,
    46, 49, 20, 20, 23, 19, 22, 20, 20, 20, 52, 46, 47, 24, 14,
]  # fmt: skip


def rates_of(c: list[int], e: list[int]) -> Rates:
    found = shrunken_rates(c, e)
    assert isinstance(found, Rates)
    return found


def test_the_published_example() -> None:
    found = rates_of(TUMOURS, RATS)
    assert found.mean == pytest.approx(2.4 / (2.4 + 14.3), abs=0.005)
    assert found.precision == pytest.approx(2.4 + 14.3, rel=0.15)
    last = found.units[-1]
    # 4 of 14 with such a beta before: (2.4 + 4) / (16.7 + 14)
    assert last.rate == pytest.approx(6.4 / 30.7, abs=0.01)
    assert last.low < last.rate < 4 / 14 < last.high


def test_it_equals_the_integral_by_brute_force() -> None:
    c, e = [0, 1, 3, 9, 4, 2], [4, 6, 10, 12, 20, 30]
    # even in the mean, k ** -1.5 in the precision, by small steps in both, within the same range of the precision
    m = (np.arange(400) + 0.5) / 400
    k = np.exp(np.linspace(np.log(0.5), np.log(5000), 300))
    a, b = np.outer(m, k), np.outer(1 - m, k)
    weight = np.prod([betabinom.pmf(x, n, a, b) for x, n in zip(c, e, strict=True)], axis=0) * k**-0.5
    weight /= weight.sum()
    for unit, x, n in zip(rates_of(c, e).units, c, e, strict=True):
        assert unit.rate == pytest.approx((weight * (a + x) / (a + b + n)).sum(), abs=0.003)
        # what lies between the bounds
        inside = beta.cdf(unit.high, a + x, b + n - x) - beta.cdf(unit.low, a + x, b + n - x)
        assert (weight * inside).sum() == pytest.approx(0.95, abs=0.008)


def test_parameters_and_coverage_of_simulated_units() -> None:
    random = np.random.default_rng(5)
    inside, means, n_units = 0, [], 0
    for _ in range(25):
        e = random.integers(3, 60, 30)
        true = random.beta(3, 7, 30)
        found = rates_of(random.binomial(e, true).tolist(), e.tolist())
        means.append((found.mean, np.log(found.precision)))
        inside += sum(unit.low <= rate <= unit.high for unit, rate in zip(found.units, true, strict=True))
        n_units += 30
    mean, log_precision = np.mean(means, axis=0)
    assert mean == pytest.approx(0.3, abs=0.02)
    assert np.exp(log_precision) == pytest.approx(10, rel=0.3)
    assert inside / n_units == pytest.approx(0.95, abs=0.03)


def test_units_that_are_alike_keep_an_interval() -> None:
    found = rates_of([3] * 8, [10] * 8)
    for unit in found.units:
        assert unit.rate == pytest.approx(0.3, abs=0.02)
        assert 0.05 < unit.high - unit.low < 0.35
    everywhere = rates_of([0] * 6, [10] * 6)
    assert all(0 <= unit.low < unit.rate < unit.high < 0.25 for unit in everywhere.units)


def test_a_small_unit_moves_further_than_a_large_one() -> None:
    found = rates_of([2, 100, 60, 70, 80, 66], [2, 100, 200, 200, 200, 200]).units
    assert found[0].rate < 0.9 < found[1].rate
    assert found[0].high - found[0].low > found[1].high - found[1].low


def test_reach_counts_units_and_their_people() -> None:
    found = reach(rates_of([45, 5, 1, 2, 50], [50, 50, 20, 30, 100]), 0.4)
    # surely the first; the last (about a half) as well
    assert (found.units_ratio, found.people_ratio) == (2 / 5, 150 / 250)
    assert found.units_low <= found.units_ratio <= found.units_high
    assert found.people_low <= found.people_ratio <= found.people_high
    assert reach(rates_of([1] * 5, [9] * 5), 0.0).people_low == 1
    assert reach(rates_of([1] * 5, [9] * 5), 1.0).units_high == 0


def test_too_few_units_refuse_and_impossible_counts_are_an_error() -> None:
    assert shrunken_rates([1] * 4, [2] * 4) == CannotTell("too few units", 4, 5)
    for c, e in (([3] * 5, [2] * 5), ([0] * 5, [0] * 5), ([-1] * 5, [2] * 5)):
        with pytest.raises(ValueError, match="people"):
            shrunken_rates(c, e)
