"""What a study could have found: the smallest effect that it detects, and how many starts it would need for another."""

from math import ceil
from typing import Final

import numpy as np

from models.statistics.panel import Numbers

POWER: Final = 0.8
LEVEL: Final = 0.05
STEPS: Final = 40
"""Halvings of the range that holds the answer."""


def minimum_detectable(rest: Numbers, exposure: Numbers, *, power: float = POWER, level: float = LEVEL) -> float:
    """The smallest constant effect that the permutation test finds with this power, in the unit of `rest`.

    `rest` are the reshuffled estimates with no effect, `exposure` what each reshuffling makes of being started. With an
    effect e the test rejects where |e + r| is beyond the (1 - level) quantile of |rest + e * exposure|, r drawn from
    `rest`: an effect also widens the distribution that it is measured against, so this is more than the usual 2.80
    standard errors (z_0.975 + z_0.8, Bloom 1995), to which it comes down without exposure and with normal draws.
    """
    low, high = 0.0, 20 * float(np.std(rest))
    for _ in range(STEPS):
        effect = (low + high) / 2
        critical = np.quantile(np.abs(rest + effect * exposure), 1 - level)
        is_found = np.mean(np.abs(effect + rest) >= critical) >= power
        low, high = (low, effect) if is_found else (effect, high)
    return high


def starts_needed(minimum_pp: float, n_starts: int, *, wanted_pp: float) -> int:
    """Starts needed to find `wanted_pp`, if `minimum_pp` is what `n_starts` find: the error falls with their root."""
    return ceil(n_starts * (minimum_pp / wanted_pp) ** 2)
