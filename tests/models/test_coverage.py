"""Intervals of 95 % hold the truth about that often: a small, seeded version of `benchmarks.coverage`.

Where a method does not, the figure here is what its module says of it.
"""

import numpy as np
import pytest
from scipy.stats import binom  # type: ignore[import-untyped]

from benchmarks.coverage import Setting, interrupted, survival, wilson
from models.statistics.intervals import HELD_OF_100, wilson_bounds


def mean_of(settings: list[Setting]) -> float:
    return float(np.mean([share for _, share, _ in settings]))


def test_wilson_is_within_two_points_on_average() -> None:
    # no drawing: these are the chances themselves
    settings = list(wilson())
    assert abs(mean_of(settings) - 0.95) <= 0.02
    assert min(share for _, share, _ in settings) >= 0.89
    assert max(share for _, share, _ in settings) <= 0.99


def test_wilson_of_tiny_groups_and_rare_events_is_not() -> None:
    settings = {what: share for what, share, _ in wilson((5, 10, 20, 50), (0.01, 0.02))}
    assert min(settings.values()) < 0.93


@pytest.mark.parametrize("n", [10, 11, 15, 20, 50, 120])
def test_wilson_holds_as_often_as_the_pages_say(n: int) -> None:
    low, high = np.array([wilson_bounds(count, n) for count in range(n + 1)], dtype=float).T
    # the chance to hold a share jumps at the bounds, so that its lowest values lie beside them
    shares = np.concatenate([np.linspace(0.001, 0.999, 999), low - 1e-9, low + 1e-9, high - 1e-9, high + 1e-9])
    shares = shares[(shares > 0.001) & (shares < 0.999)]
    held = np.array([binom.pmf(range(n + 1), n, share) @ ((low <= share) & (share <= high)) for share in shares])
    average, middle, least = (one / 100 for one in HELD_OF_100)
    assert abs(held[:999].mean() - average) <= 0.01
    assert held[(shares >= 0.1) & (shares <= 0.9)].min() >= middle
    assert held.min() >= least


def test_kaplan_meier_is_within_two_points_on_average() -> None:
    settings = list(survival(300))
    assert abs(mean_of(settings) - 0.95) <= 0.02


def test_interrupted_series_are_within_two_points_on_average() -> None:
    settings = list(interrupted(60, "autoregressive"))
    # 720 series: the figure itself is uncertain by 0.9 points; 3,000 gave 94.1 % (level) and 93.7 % (slope)
    assert 0.92 <= mean_of(settings) <= 0.97


def test_newey_west_is_far_too_sure() -> None:
    settings = list(interrupted(60, "newey_west"))
    assert 0.7 <= mean_of(settings) <= 0.85
