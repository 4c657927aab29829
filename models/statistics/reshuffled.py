"""The stacked estimate of a panel and its reshuffled copies: start dates permuted among the units that ever start."""

from dataclasses import dataclass

import numpy as np

from models.statistics.panel import AFTER, BEFORE, MINIMUM_MATCHES, Numbers, Panel, Weeks
from models.statistics.stacked import Windows, effects, matched_starts, stacked_curves, windows


@dataclass(frozen=True, slots=True, eq=False)
class Reshuffled:
    """The curve at the true start dates and at permuted ones."""

    cut: Windows
    starts: Weeks
    n_starts: int
    curve: Numbers
    drawn: Numbers
    """Draws x 2 x 16: outcome and exposure."""
    effect: float
    """What a started unit gains; it is taken out of the draws to see them as if nothing had happened."""

    @property
    def value(self) -> float:
        """The estimate: mean over the weeks from the start on, against those before."""
        return float(effects(self.curve))

    @property
    def rest(self) -> Numbers:
        """Draws x 16: the draws with the effect taken out, that is how far chance alone moves a curve."""
        gone: Numbers = self.drawn[:, 0] - self.effect * self.drawn[:, 1]
        return gone

    @property
    def plain(self) -> float:
        """The estimate with no growth taken off."""
        once = np.ones((1, len(self.starts)))
        return float(effects(stacked_curves(self.cut, self.starts[None], once, is_plain=True)[0, 0]))

    def bootstrap_bounds(self, n_draws: int, rng: np.random.Generator) -> tuple[float, float]:
        """Percentile interval (95 %) of the estimate over units drawn with replacement, all weeks of a unit at once."""
        n_units = len(self.starts)
        is_dated = [np.sum(self.starts >= date + AFTER) >= MINIMUM_MATCHES for date in self.cut.dates]
        weights = rng.multinomial(n_units, np.full(n_units, 1 / n_units), n_draws).astype(float)
        curves = stacked_curves(self.cut.at(np.array(is_dated)), self.starts[None], weights, at_least=1)
        low, high = np.nanquantile(effects(curves[:, 0]), [0.025, 0.975])
        return float(low), float(high)


def reshuffle(
    panel: Panel, n_permutations: int, rng: np.random.Generator, *, moved: int = 0, effect: float | None = None
) -> Reshuffled | None:
    """The panel's curve and `n_permutations` reshuffled ones; None where starts cannot be compared with others.

    `moved` takes windows so many weeks earlier. `effect` is the estimated one unless given (a moved window has none).
    """
    if panel.n_weeks < BEFORE + AFTER:
        return None
    shares = panel.shares
    ever = panel.start >= 0
    cut = windows(shares[ever], panel.start[ever], moved=moved)
    is_any = cut.is_whole.any(axis=1)
    starts = panel.start[ever][is_any]
    cut = Windows(cut.dates, cut.moved, cut.curves[is_any], cut.slopes[is_any], cut.is_whole[is_any])
    n_starts = int(matched_starts(cut, starts).sum())
    if not n_starts:
        return None
    once = np.ones((1, len(starts)))
    curve = stacked_curves(cut, starts[None], once)[0, 0]
    drawn = stacked_curves(cut, rng.permuted(np.tile(starts, (n_permutations, 1)), axis=1), once)
    drawn = drawn[np.isfinite(drawn).all(axis=(1, 2))]
    if len(drawn) < n_permutations / 2:
        return None
    return Reshuffled(cut, starts, n_starts, curve, drawn, float(effects(curve)) if effect is None else effect)
