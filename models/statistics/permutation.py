"""Tests and intervals from reshuffled start dates: p-values, the interval of effects that are not rejected, spreads."""

import numpy as np

from models.statistics.panel import Numbers

ROUNDING = 1e-12
"""A reshuffled estimate that equals the real one counts as at least as far, whatever the last bit says."""
SMALLEST_SCALE = 1e-9


def p_value(value: float, drawn: Numbers) -> float:
    """(1 + draws at least as far from 0) / (1 + draws), two-sided: never 0 (Phipson & Smyth 2010)."""
    return float((1 + np.sum(np.abs(drawn) >= abs(value) - ROUNDING)) / (1 + len(drawn)))


def accepted_bounds(value: float, drawn: Numbers, exposure: Numbers, *, level: float = 0.05) -> tuple[float, float]:
    """Interval of the constant effects that the permutation test does not reject (inversion, as Rosenbaum 2002).

    If the effect is e, outcomes less e are as good as untouched, and the test statistic of a draw is
    drawn - e * exposure, where `exposure` (within -1 and 1) is what the draw makes of being started; the real one is
    value - e. With residual r = drawn - value * exposure and u = e - value, a draw is at least as far from 0 where
    |r - u * exposure| >= |u|, that is up to u = |r| / (1 + sign(r) * exposure) above the estimate and with a minus
    below it. So the bounds are order statistics and no search; they exclude 0 exactly where p_value <= level.
    """
    rest = drawn - value * exposure
    lean = np.sign(rest) * exposure
    rank = int(np.floor(level * (1 + len(drawn)) + ROUNDING))
    reach = [np.sort(np.abs(rest) / np.maximum(1 + side * lean, SMALLEST_SCALE))[-rank] for side in (-1, 1)]
    return value - float(reach[0]), value + float(reach[1])


def joint_p_value(values: Numbers, drawn: Numbers) -> float:
    """One test of several values (draws x values): their Mahalanobis distance from 0, ranked among the draws'."""
    covariance = np.atleast_2d(np.cov(drawn, rowvar=False))
    inverse = np.linalg.pinv(covariance, hermitian=True)
    far = np.einsum("bi,ij,bj->b", drawn, inverse, drawn)
    return p_value(float(values @ inverse @ values), far)


def pointwise_reach(drawn: Numbers, *, level: float = 0.05) -> Numbers:
    """Per column, how far from 0 the draws reach in all but `level` of them: half an interval for each value."""
    reach: Numbers = np.quantile(np.abs(drawn), 1 - level, axis=0)
    return reach
