"""Who goes first: does the staff's participation follow the leaders', or the leaders' the staff's?

Units are executives with their own people (whether the one takes part, which share of the others) or groups of both;
series are by week, NaN where a week is not observed. All units make one answer; none is told of a single one. The
staff's share must not hold the mechanical replies to leaders. Precedence in time is no proof of a cause.

Each direction is a regression with unit and week effects (Granger 1969; panels: Holtz-Eakin, Newey & Rosen 1988):
    y[u,t] = unit[u] + week[t] + a1 y[u,t-1] + .. + a4 y[u,t-4] + b mean(x[u,t-4..t-1]) + e.
b is corrected for the bias of short panels by the half-panel jackknife 2b - (b1 + b2) / 2 (Dhaene & Jochmans 2015),
its error is clustered by unit, and its t value is ranked among those with the other side's series dealt out to the
units at random. Two checks guard the verdict, because each goes wrong where the other does not:
- If a third thing moves both, the less noisy series (the staff's: more people) seems to go first. So the verdict also
  needs a lean, sum(x[t-l] y[t] - y[t-l] x[t]) over l = 1..4, which noise and a common mover leave at 0.
- The lean is not 0 where one series merely lasts longer than the other. The regression knows each side's own past.
A share of few leaders is noisy, so b understates how far the staff follow; the interval is that of b as measured.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from models.statistics.panel import Flags, Numbers, Weeks
from models.statistics.permutation import ROUNDING, p_value

LAGS: Final = 4
"""Weeks that may matter."""
MINIMUM_UNITS: Final = 10
MINIMUM_WEEKS: Final = 26
"""Weeks that have four observed ones before them."""
LEVEL: Final = 0.05
SMALL: Final = 0.1
"""A partial correlation below it is called nothing."""
N_PERMUTATIONS: Final = 999
SEED: Final = 20_260_105

Verdict = Literal["leaders first", "staff first", "both", "neither", "cannot tell"]


@dataclass(frozen=True, slots=True)
class Following:
    """How far one side follows the other: points in a week per point of the four weeks before, 95 % interval and p."""

    value: float
    low: float
    high: float
    p: float
    largest_correlation: float
    """The partial correlation at the end of the interval that is farther from 0."""

    @property
    def is_positive(self) -> bool:
        """Whether it follows at all."""
        return self.p <= LEVEL and self.value > 0


@dataclass(frozen=True, slots=True)
class Precedence:
    """Both directions and the verdict; the figures are None where there are too few units or weeks."""

    verdict: Verdict
    n_units: int
    n_left_out: int
    """Units with a gap in a week that is observed in others."""
    n_weeks: int
    staff_follow: Following | None = None
    leaders_follow: Following | None = None
    lean: float | None = None
    """Above 0 if leaders tend to be first: a difference of correlations."""
    lean_p: float | None = None


def precedence(
    leaders: Numbers, staff: Numbers, *, n_permutations: int = N_PERMUTATIONS, seed: int = SEED
) -> Precedence:
    """Who goes first, from units x weeks of shares in 0 to 1; the two arrays have the same shape."""
    known = ~(np.isnan(leaders) | np.isnan(staff))
    seen = np.asarray(known.any(axis=0), dtype=bool)
    whole = known[:, seen].all(axis=1)
    ends = _usable_weeks(seen)
    n_units, n_left_out = int(whole.sum()), int((~whole).sum())
    if n_units < MINIMUM_UNITS or len(ends) < MINIMUM_WEEKS:
        return Precedence("cannot tell", n_units, n_left_out, len(ends))
    rng = np.random.default_rng(seed)
    dealt = rng.permuted(np.tile(np.arange(n_units), (n_permutations, 1)), axis=1)
    pairs = np.vstack([np.arange(n_units), dealt])
    staff_follow = _following(staff[whole], leaders[whole], ends, pairs)
    leaders_follow = _following(leaders[whole], staff[whole], ends, pairs)
    lean, lean_p = _lean(leaders[whole], staff[whole], ends, pairs)
    verdict = _verdict(staff_follow, leaders_follow, lean if lean_p <= LEVEL else 0.0)
    return Precedence(verdict, n_units, n_left_out, len(ends), staff_follow, leaders_follow, lean, lean_p)


def _verdict(staff_follow: Following, leaders_follow: Following, lean: float) -> Verdict:
    if staff_follow.is_positive and leaders_follow.is_positive:
        return "both"
    if staff_follow.is_positive and lean > 0:
        return "leaders first"
    if leaders_follow.is_positive and lean < 0:
        return "staff first"
    is_nothing = max(staff_follow.largest_correlation, leaders_follow.largest_correlation) < SMALL
    return "neither" if is_nothing else "cannot tell"


def _usable_weeks(seen: Flags) -> Weeks:
    """Weeks that are observed together with the four before them."""
    if len(seen) <= LAGS:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.lib.stride_tricks.sliding_window_view(seen, LAGS + 1).all(axis=1)) + LAGS


def _following(y: Numbers, x: Numbers, ends: Weeks, pairs: Weeks) -> Following:
    half = len(ends) // 2
    value, error, scale = _slopes(y, x, ends, pairs)
    parts = [_slopes(y, x, part, pairs)[0] for part in (ends[:half], ends[half:])]
    value = 2 * value - (parts[0] + parts[1]) / 2
    t = value / error
    reach = float(np.quantile(np.abs(t[1:]), 1 - LEVEL)) * float(error[0])
    bounds = float(value[0]) - reach, float(value[0]) + reach
    largest = max(abs(bound) for bound in bounds) * scale
    return Following(float(value[0]), *bounds, p_value(float(t[0]), t[1:]), largest)


def _slopes(y: Numbers, x: Numbers, ends: Weeks, pairs: Weeks) -> tuple[Numbers, Numbers, float]:
    """Slope b and its clustered error for every pairing of units, and what makes the first a partial correlation.

    All follows from products of one unit's series with another's, so that a pairing only adds up what is known.
    """
    units = np.arange(len(y))
    own = np.stack([_centred(y[:, ends - lag]) for lag in range(1, LAGS + 1)], axis=2)
    basis = np.linalg.qr(own.reshape(-1, LAGS))[0].reshape(own.shape)
    target = _centred(y[:, ends])
    target = target - basis @ np.einsum("utk,ut->k", basis, target)
    past = _centred(np.mean([x[:, ends - lag] for lag in range(1, LAGS + 1)], axis=0))
    on_target = (past @ target.T)[pairs, units]
    on_basis = np.tensordot(past, basis, axes=(1, 1))[pairs, units]
    square = (past**2).sum(axis=1)[pairs]
    # the other side less what the own past explains of it: past - basis @ part
    part = on_basis.sum(axis=1)
    size = np.maximum(square.sum(axis=1) - (part**2).sum(axis=1), ROUNDING)
    slope = on_target.sum(axis=1) / size
    between = np.einsum("utk,utl->ukl", basis, basis)
    squares = square - 2 * np.einsum("buk,bk->bu", on_basis, part)
    squares += np.einsum("bk,ukl,bl->bu", part, between, part, optimize=True)
    products = on_target - part @ np.einsum("utk,ut->ku", basis, target)
    score = products - slope[:, None] * squares
    error = np.sqrt((score**2).sum(axis=1)) / size
    return slope, np.maximum(error, ROUNDING), float(np.sqrt(size[0] / max(float((target**2).sum()), ROUNDING)))


def _lean(leaders: Numbers, staff: Numbers, ends: Weeks, pairs: Weeks) -> tuple[float, float]:
    """Mean difference of the cross-correlations at lags 1 to 4, and its permutation p (t value over units)."""
    both = leaders, staff
    now = [_centred(series[:, ends]) for series in both]
    past = [_centred(np.sum([series[:, ends - lag] for lag in range(1, LAGS + 1)], axis=0)) for series in both]
    per_unit = (past[0] @ now[1].T - now[0] @ past[1].T)[pairs, np.arange(len(leaders))]
    t = per_unit.sum(axis=1) / np.maximum(np.sqrt((per_unit**2).sum(axis=1)), ROUNDING)
    norm = LAGS * np.sqrt(float((now[0] ** 2).sum()) * float((now[1] ** 2).sum()))
    return float(per_unit[0].sum()) / max(norm, ROUNDING), p_value(float(t[0]), t[1:])


def _centred(values: Numbers) -> Numbers:
    """Less the mean of the unit and of the week."""
    centred: Numbers = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0) + values.mean()
    return centred
