"""How often nominal 95 % intervals hold the truth, and how often charts raise a false alarm: seeded simulation.

The small version of it is a test. Each row averages over its settings and prints the worst.
"""

from collections.abc import Iterator
from itertools import product
from operator import itemgetter

import numpy as np

from models.statistics.cannot_tell import CannotTell
from models.statistics.control_chart import chart
from models.statistics.interrupted import Errors, interruption
from models.statistics.intervals import wilson_bounds
from models.statistics.shrinkage import shrunken_rates
from models.statistics.survival import kaplan_meier, life_table

Setting = tuple[str, float, int]
"""What it is, the share of the intervals that held the truth, and how many intervals there were."""

SIZES, SHARES = (10, 20, 50, 200, 1000), (0.05, 0.1, 0.27, 0.5, 0.75)
LIVES, LEVELS = (20, 50, 200), (0.8, 0.5, 0.3)
SERIES = ((24, 12), (52, 26), (104, 52), (52, 12))
CORRELATIONS = (0.0, 0.3, 0.6)


def rows(*, repeat: int) -> list[dict[str, str]]:
    """The share of intervals that hold the truth, in percent: mean of the settings, and the lowest and highest."""
    n = 1000 * repeat
    kinds: dict[str, Iterator[Setting]] = {
        "Wilson, 10 to 1,000 people, rates 5 to 75 %": wilson(),
        "Wilson, tiny or extreme (5 people; rates 1, 2 %)": wilson((5, 10, 20, 50), (0.01, 0.02)),
        "Kaplan-Meier at S = 80, 50, 30 %, 20 to 200 lives": survival(n),
        "interrupted series, level, autoregressive": interrupted(n // 5, "autoregressive"),
        "interrupted series, level, Newey-West": interrupted(n // 5, "newey_west"),
        "shrunken rates of 10, 30, 60 units": shrinkage(max(20, n // 50)),
    }
    shown = [_row(kind, list(settings)) for kind, settings in kinds.items()]
    outside, signal = false_alarms(n)
    return [
        *shown,
        {"how often 95 % intervals hold the truth": "control chart: values outside, %"} | _three(outside),
        {"how often 95 % intervals hold the truth": "control chart: 52 values with any signal, %"} | _three(signal),
    ]


def wilson(sizes: tuple[int, ...] = SIZES, shares: tuple[float, ...] = SHARES) -> Iterator[Setting]:
    """Exact: the chance of each count is binomial, so nothing is drawn."""
    from scipy.stats import binom

    for n, share in product(sizes, shares):
        bounds = [wilson_bounds(k, n) for k in range(n + 1)]
        held = [low is not None and high is not None and low <= share <= high for low, high in bounds]
        yield f"{n} people, {share:.0%}", float(binom.pmf(np.arange(n + 1), n, share) @ held), 1


def survival(n_draws: int) -> Iterator[Setting]:
    """Lives of constant hazard, about a third of them censored; where the curve has no interval yet there is none."""
    for n, level in product(LIVES, LEVELS):
        random, time, found = np.random.default_rng(n), -np.log(level), list[bool]()
        for _ in range(n_draws):
            ends, leaves = random.exponential(1, n), random.exponential(2, n)
            curve = kaplan_meier(life_table(np.minimum(ends, leaves).tolist(), (ends <= leaves).tolist()))
            step = curve if isinstance(curve, CannotTell) else curve.at(float(time))
            if not isinstance(step, CannotTell) and step.low is not None and step.high is not None:
                found.append(step.low <= level <= step.high)
        yield f"{n} lives, S = {level:.0%}", float(np.mean(found)), len(found)


def interrupted(
    n_draws: int, errors: Errors, correlations: tuple[float, ...] = CORRELATIONS, part: str = "level"
) -> Iterator[Setting]:
    """A series on a line without any change, whose errors depend on the last one."""
    for (n, n_before), correlation in product(SERIES, correlations):
        random, found = np.random.default_rng(n + n_before), list[bool]()
        for _ in range(n_draws):
            values = [0.0]
            for noise in random.standard_normal(n + 50).tolist():
                values.append(correlation * values[-1] + noise)
            result = interruption(values[-n:], n_before, errors=errors)
            if not isinstance(result, CannotTell):
                change = result.level if part == "level" else result.slope
                found.append(change.low <= 0 <= change.high)
        yield f"{n_before} + {n - n_before}, r = {correlation}", float(np.mean(found)), len(found)


def shrinkage(n_draws: int) -> Iterator[Setting]:
    """Units of 3 to 59 people whose rates come from a beta distribution."""
    for n, (alpha, beta) in product((10, 30, 60), ((3, 7), (20, 60), (0.8, 3.2))):
        random, found = np.random.default_rng(n), list[bool]()
        for _ in range(n_draws):
            people, true = random.integers(3, 60, n), random.beta(alpha, beta, n)
            rates = shrunken_rates(random.binomial(people, true).tolist(), people.tolist())
            if not isinstance(rates, CannotTell):
                found += [unit.low <= rate <= unit.high for unit, rate in zip(rates.units, true, strict=True)]
        yield f"{n} units, beta({alpha}, {beta})", float(np.mean(found)), len(found)


def false_alarms(n_draws: int) -> tuple[float, float]:
    """Of independent normal values after a baseline of 20: the share outside, and of 52 with any signal."""
    random, outside, signal = np.random.default_rng(9), 0, 0
    for _ in range(n_draws):
        found = chart(random.standard_normal(72).tolist())
        later = [] if isinstance(found, CannotTell) else [s for place, s in found.signals.items() if place >= 20]
        outside += sum("outside" in names for names in later)
        signal += bool(later)
    return outside / (52 * n_draws), signal / n_draws


def _row(kind: str, settings: list[Setting]) -> dict[str, str]:
    low, high = min(settings, key=itemgetter(1)), max(settings, key=itemgetter(1))
    return {
        "how often 95 % intervals hold the truth": kind,
        "measured, %": f"{100 * np.mean([setting[1] for setting in settings]):.1f}",
        "lowest": f"{100 * low[1]:.1f} ({low[0]})",
        "highest": f"{100 * high[1]:.1f} ({high[0]})",
        "intervals": f"{sum(setting[2] for setting in settings):,}",
    }


def _three(share: float) -> dict[str, str]:
    return {"measured, %": f"{100 * share:.1f}", "lowest": "", "highest": "", "intervals": ""}
