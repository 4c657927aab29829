"""Intervals of 95 % hold the truth about that often: a small, seeded version of `benchmarks.coverage`.

Where a method does not, the figure here is what its module says of it.
"""

import numpy as np

from benchmarks.coverage import Setting, interrupted, survival, wilson


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
