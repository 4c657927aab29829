"""A change at a date in one series, with nothing to compare it with: interrupted time series of a single group.

Where units differ in date there is a comparison: that is the event study's. Alerts without a date are in
`control_chart`.

Formula: y = b0 + b1 T + b2 X + b3 X (T - T0) + e; T counts the periods from 1, X is 1 from the first period after the
event on, T0 is that period. b2 is the change of level in it, b3 the change of slope (Wagner et al. 2002).
Intervals, p values and what is detectable, from one of two covariances (`Errors`):
- `autoregressive` (default): e follows its own last value, e(t) = r e(t-1) + noise, by generalised least squares (GLS
  of statsmodels) at the r in [0, 0.98] of the greatest restricted likelihood, which Turner et al. 2021 recommend. The t
  distribution has n (1 - r) / (1 + r), at most n - 4, degrees of freedom: the periods' worth of independent values.
- `newey_west`: least squares with HAC covariance (OLS of statsmodels, Bartlett weights, no correction), t with n - 4
  degrees of freedom; lags: the greater of 4 and 4 (n / 100) ** (2 / 9) (Newey and West 1994), or as told. It is here
  because the peers use it: it is far too sure of itself, see the figures.
Measured coverage of nominal 95 % (`benchmarks.coverage`; 24 to 104 weeks, r = 0, 0.3, 0.6): autoregressive 94 on
average, 91 to 97 by setting; newey_west 76 on average, 53 to 91. At r = 0.8 autoregressive falls to 87 for the slope of
24 weeks.
Units: those of the values; slopes per period. What was going on anyway is in both figures: never a cause.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from models.statistics.cannot_tell import CannotTell

Errors = Literal["autoregressive", "newey_west"]
Vector = npt.NDArray[np.float64]

FEWEST_PERIODS: Final = 12
"""On either side of the event."""
LABEL: Final = "no comparison group"
ASSUMPTIONS: Final = (
    "without the event the series would have gone on in a straight line",
    "nothing else happened at the same time",
    "who is counted did not change with the event",
    "values depend on their neighbours in the way stated",
)
_HIGHEST: Final = 0.98
_POWER: Final = 0.8


@dataclass(frozen=True, slots=True)
class Change:
    """A coefficient with its 95 % interval; `detectable` is the smallest change seen with 80 % power at 5 %."""

    value: float
    low: float
    high: float
    p_value: float
    standard_error: float
    detectable: float


@dataclass(frozen=True, slots=True)
class Interruption:
    """What changed at the event, and on what that rests. `correlation` and `n_lags`: each of one kind of errors."""

    level: Change
    slope: Change
    n_before: int
    n_after: int
    errors: Errors
    degrees_of_freedom: float
    correlation: float | None
    n_lags: int | None
    label: str = LABEL
    assumptions: tuple[str, ...] = ASSUMPTIONS


def interruption(
    values: Sequence[float | None], n_before: int, *, errors: Errors = "autoregressive", n_lags: int | None = None
) -> Interruption | CannotTell:
    """The changes of level and slope after the first `n_before` of the values, which are evenly spaced in time.

    None stands for a period that is not observed: with one of these nothing is estimated, as the errors of neighbours
    are related. Choose the longest observed stretch around the event instead.
    """
    n_after = len(values) - n_before
    if min(n_before, n_after) < FEWEST_PERIODS:
        return CannotTell("too few periods on one side of the event", max(0, min(n_before, n_after)), FEWEST_PERIODS)
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return CannotTell("some periods are not observed", len(known), len(values))
    y, x = np.array(known, dtype=np.float64), design(len(known), n_before)
    residual = y - x @ np.linalg.lstsq(x, y)[0]
    if np.abs(residual).max() <= 1e-9 * max(1.0, np.abs(y).max()):
        return CannotTell("the series does not vary around its lines")
    # imported here: it takes two seconds, and few runs need it
    from scipy.linalg import toeplitz  # type: ignore[import-untyped]
    from statsmodels.regression.linear_model import GLS, OLS  # type: ignore[import-untyped]

    correlation, lags = None, None
    freedom = float(len(y) - x.shape[1])
    if errors == "newey_west":
        lags = lags_of(len(y)) if n_lags is None else n_lags
        fitted = OLS(y, x).fit(cov_type="HAC", cov_kwds={"maxlags": lags}, use_t=True)
    else:
        correlation = likeliest_correlation(y, x)
        fitted = GLS(y, x, sigma=toeplitz(correlation ** np.arange(len(y)))).fit()
        freedom = min(freedom, len(y) * (1 - correlation) / (1 + correlation))
    level, slope = (
        _change(float(fitted.params[i]), float(fitted.bse[i]), freedom=freedom) for i in (2, 3)
    )
    return Interruption(level, slope, n_before, n_after, errors, freedom, correlation, lags)


def design(n: int, n_before: int) -> npt.NDArray[np.float64]:
    """The columns 1, T, X, X (T - T0)."""
    period = np.arange(1, n + 1, dtype=np.float64)
    is_after = (period > n_before).astype(np.float64)
    return np.column_stack([np.ones(n), period, is_after, is_after * (period - n_before - 1)])


def lags_of(n: int) -> int:
    """How many neighbours Newey and West's covariance takes in: their rule, and never fewer than four."""
    return max(4, int(4 * (n / 100) ** (2 / 9)))


def likeliest_correlation(y: Vector, x: Vector) -> float:
    """The correlation of neighbouring errors, from 0 on, with the greatest restricted likelihood.

    Up to a constant the logarithm is (ln(1 - r r) - ln|Z'Z| - (n - k) ln RSS) / 2, Z and RSS of the whitened columns
    (Prais and Winsten 1954). To the hundredth, around the best in steps of 0.07. Plain likelihood and residuals of
    least squares find too little correlation.
    """
    best = 0.0
    for step, reach in ((0.07, 14), (0.01, 6)):
        tried = [r for n in range(-reach, reach + 1) if 0 <= (r := round(best + n * step, 2)) <= _HIGHEST]
        best = max(tried, key=lambda r: _restricted_likelihood(y, x, r))
    return best


def _restricted_likelihood(y: Vector, x: Vector, r: float) -> float:
    z, w = _whitened(x, r), _whitened(y, r)
    rest = w - z @ np.linalg.lstsq(z, w)[0]
    size = float(np.linalg.slogdet(z.T @ z)[1])
    return float((np.log(1 - r * r) - size - (len(y) - x.shape[1]) * np.log(rest @ rest)) / 2)


def _whitened(columns: Vector, r: float) -> Vector:
    rest = columns[1:] - r * columns[:-1]
    return np.concatenate([columns[:1] * np.sqrt(1 - r * r), rest])


def _change(value: float, error: float, *, freedom: float) -> Change:
    from scipy.special import stdtr, stdtrit  # type: ignore[import-untyped]

    reach, power = float(stdtrit(freedom, 0.975)), float(stdtrit(freedom, _POWER))
    p_value = 2 * float(stdtr(freedom, -abs(value) / error))
    return Change(value, value - reach * error, value + reach * error, p_value, error, (reach + power) * error)
