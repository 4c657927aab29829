"""Stacked difference-in-differences over units that start at different weeks, for many assignments at once.

Every start is an experiment of its own: the unit's 8 weeks before and 8 weeks from the start on, less the mean of the
units that start at least 8 weeks later, over the same weeks. The mean over all starts is the estimate: every starting
unit weighs the same, and so does every control within its experiment. Units that never start are no controls: they
differ in kind. Cengiz, Dube, Lindner & Zipperer 2019 (stacking); Callaway & Sant'Anna 2021 (not-yet-treated controls).

**Growth that goes with an early start.** If units that start early grow faster anyway, a plain difference rejects a
true null hypothesis in 20 to 40 % of simulated panels, and no test of the 8 weeks before notices. So one number is
taken off: growth per week and per week of distance between start dates, fitted over all weeks before the starts,
    g = sum(w gap drift) / sum(w gap^2),    w = (t^3 - t) / 12 * controls / (controls + starters of the week),
where `drift` is the least-squares slope of the unit before week t less that of its controls, `gap` how much later the
controls start on average, and w the precision of such a slope. The curve at week h loses g * gap * (h + 4.5). No unit's
own trend is extrapolated (that finds effects everywhere under reverse causality): it is one slope for the whole panel.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from models.statistics.panel import AFTER, BEFORE, MINIMUM_MATCHES, Flags, Numbers, Weeks, whole_windows

SPAN: Final = BEFORE + AFTER
EVENT_WEEKS: Final = tuple(range(-BEFORE, AFTER))
"""Weeks of a window, counted from the start."""
DISTANCE: Final = np.arange(-BEFORE, AFTER) + (BEFORE + 1) / 2
"""How far a week of the window is from the middle of the weeks before."""


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Per unit and possible start week: the window of the outcome, that of being started, and the slopes before."""

    dates: Weeks
    moved: int
    """How many weeks before its date a window is taken."""
    curves: Numbers
    """Units x dates x 2 x 16: outcome and exposure, each less its mean over the 8 weeks before."""
    slopes: Numbers
    """Units x dates x 2: least-squares slope per week over all usable weeks before the window's start week."""
    is_whole: Flags
    """Units x dates."""

    def at(self, chosen: Flags) -> "Windows":
        """Only some of the dates."""
        kept = self.curves[:, chosen], self.slopes[:, chosen], self.is_whole[:, chosen]
        return Windows(self.dates[chosen], self.moved, *kept)


def windows(shares: Numbers, start: Weeks, *, moved: int = 0) -> Windows:
    """Windows of all units at all weeks; with `moved`, of so many weeks earlier (a fake date for each true one)."""
    usable = ~np.isnan(shares)
    exposure = (np.arange(shares.shape[1]) >= start[:, None]).astype(float)
    both = np.stack([np.where(usable, shares, 0.0), exposure], axis=1)
    spans = np.lib.stride_tricks.sliding_window_view(both, SPAN, axis=2)
    spans = spans - spans[..., :BEFORE].mean(axis=3, keepdims=True)
    middle = np.arange(BEFORE, BEFORE + spans.shape[2])
    slopes = _slopes(both, usable)[:, :, middle]
    is_whole = whole_windows(usable)[:, middle]
    return Windows(middle + moved, moved, spans.transpose(0, 2, 1, 3), slopes.transpose(0, 2, 1), is_whole)


def stacked_curves(
    cut: Windows, starts: Weeks, weights: Numbers, *, at_least: int = MINIMUM_MATCHES, is_plain: bool = False
) -> Numbers:
    """Mean curves, draws x 2 x 16 (outcome and exposure), with the growth that goes with an early start taken off.

    `starts` gives the units' start weeks and `weights` how often each unit counts, one row per draw; either may have
    one row for all draws. A start with fewer than `at_least` controls is left out. NaN where nothing is left. With
    `is_plain` nothing is taken off.
    """
    n_draws = max(len(starts), len(weights))
    curve = np.zeros((n_draws, 2, SPAN))
    line, precision = np.zeros((n_draws, 2)), np.zeros(n_draws)
    gaps, count = np.zeros(n_draws), np.zeros(n_draws)
    for number, week in enumerate(cut.dates.tolist()):
        own = weights * (starts == week) * cut.is_whole[:, number]
        if not own.any():
            continue
        later = weights * (starts >= week + AFTER) * cut.is_whole[:, number]
        n_own, n_later = own.sum(axis=1), later.sum(axis=1)
        is_used = n_later >= at_least
        n_own = np.where(is_used, n_own, 0.0)
        # the contrast of all starters of the week in one product: own units less as many times the controls' mean
        contrast = own * is_used[:, None] - later * (n_own / np.maximum(n_later, 1))[:, None]
        curve += (contrast @ cut.curves[:, number].reshape(len(cut.curves), -1)).reshape(-1, 2, SPAN)
        gap = (later * starts).sum(axis=1) / np.maximum(n_later, 1) - week
        seen = week - cut.moved
        weight = (seen**3 - seen) / 12 * n_later / np.maximum(n_own + n_later, 1)
        line += (weight * gap)[:, None] * (contrast @ cut.slopes[:, number])
        precision += weight * gap**2 * n_own
        gaps += gap * n_own
        count += n_own
    with np.errstate(invalid="ignore", divide="ignore"):
        growth = line / precision[:, None] * (gaps / count)[:, None]
        mean: Numbers = curve / count[:, None, None]
    return mean if is_plain else mean - growth[:, :, None] * DISTANCE


def matched_starts(cut: Windows, starts: Weeks) -> Flags:
    """Which units start at a date of theirs with a whole window, and with enough controls."""
    matched = np.zeros(len(starts), dtype=bool)
    for number, week in enumerate(cut.dates.tolist()):
        later = (starts >= week + AFTER) & cut.is_whole[:, number]
        if later.sum() >= MINIMUM_MATCHES:
            matched |= (starts == week) & cut.is_whole[:, number]
    return matched


def effects(curves: Numbers) -> Numbers:
    """Mean over the 8 weeks from the start on, against the 8 before."""
    mean: Numbers = curves[..., BEFORE:].mean(axis=-1)
    return mean


def _slopes(series: Numbers, usable: Flags) -> Numbers:
    """Least-squares slope over the usable weeks before each week; 0 before there are two."""
    weeks = np.arange(series.shape[2], dtype=float)
    mask = usable.astype(float)
    n, t, tt = (_before(mask * weeks**power)[:, None] for power in (0, 1, 2))
    y = _before(series * mask[:, None])
    ty = _before(series * mask[:, None] * weeks)
    spread = tt - t * t / np.maximum(n, 1)
    slope: Numbers = np.where(n >= 2, (ty - t * y / np.maximum(n, 1)) / np.where(n >= 2, spread, 1), 0.0)
    return slope


def _before(values: Numbers) -> Numbers:
    """Sums over the weeks before each week."""
    total: Numbers = np.cumsum(values, axis=-1) - values
    return total
