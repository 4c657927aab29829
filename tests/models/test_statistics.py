"""Intervals against published and hand-computed values."""

import pytest

from models.statistics.intervals import wilson_bounds


def test_wilson_interval_equals_the_published_example() -> None:
    # 9 of 12 executives: 75 % [47, 91], as the metric reference prints it
    low, high = wilson_bounds(9, 12)
    assert (round(100 * low), round(100 * high)) == (47, 91)


@pytest.mark.parametrize(("k", "n"), [(0, 7), (7, 7), (0, 1), (1, 1)])
def test_wilson_interval_stays_within_0_and_1(k: int, n: int) -> None:
    low, high = wilson_bounds(k, n)
    assert 0 <= low <= k / n <= high <= 1


def test_interval_of_nobody_is_unknown() -> None:
    assert wilson_bounds(0, 0) == (None, None)
    assert wilson_bounds(None, 5) == (None, None)
