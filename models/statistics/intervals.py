"""Intervals for shares of people."""

from math import sqrt
from typing import Final

Z_95: Final = 1.959963984540054
"""The 97.5 % quantile of the standard normal distribution."""


HELD_OF_100: Final = 95, 91, 83
"""Of 100 intervals of groups of ten or more, how many hold the true share: on average, at least for shares from 10 to
90 %, and at least for any (of one or two people in few). Exact, by the binomial chances of each count."""


def wilson_bounds(k: int | None, n: int) -> tuple[float | None, float | None]:
    """The 95 % score interval of the share k/n (Wilson 1927), within 0 and 1; unknown where k is or n is 0."""
    if k is None or n == 0:
        return None, None
    half = Z_95 * sqrt(k * (n - k) / n + Z_95 * Z_95 / 4)
    centre = k + Z_95 * Z_95 / 2
    scale = n + Z_95 * Z_95
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)
