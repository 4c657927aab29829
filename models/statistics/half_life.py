"""How fast activity fades with age: the half-life of the rate per thing under observation.

How long the things themselves last is in `survival`.

Formula: a Poisson regression of the count at each age on age, ln E = a + b age + ln exposure (GLM of statsmodels),
half-life = -ln 2 / b; interval from that of b with the dispersion of Pearson's chi-square (quasi-Poisson: McCullagh and
Nelder 1989, section 6.2) and the t distribution with (ages - 2) degrees of freedom.
Units: half-life in the unit of the ages. Assumes one steady decline: a burst at launch belongs to an age of its own
that is left out; and that the same things are not only watched longer because they are more active.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np

from models.statistics.cannot_tell import CannotTell

FEWEST_AGES: Final = 8
FEWEST_EVENTS: Final = 30


@dataclass(frozen=True, slots=True)
class HalfLife:
    """The age after which the rate has halved; `high` is None where the decline may be too slow to tell."""

    time: float
    low: float
    high: float | None
    n_ages: int
    n_events: int
    dispersion: float


def half_life(ages: Sequence[float], n_events: Sequence[int], exposure: Sequence[float]) -> HalfLife | CannotTell:
    """The half-life of the rate n_events / exposure over age; ages at which nothing is observed do not count."""
    observed = [row for row in zip(ages, n_events, exposure, strict=True) if row[2] > 0]
    if len(observed) < FEWEST_AGES:
        return CannotTell("too few ages are observed", len(observed), FEWEST_AGES)
    n = sum(row[1] for row in observed)
    if n < FEWEST_EVENTS:
        return CannotTell("too few events", n, FEWEST_EVENTS)
    _, first_count, first_exposure = observed[0]
    if all(count * first_exposure == first_count * seen for _, count, seen in observed):
        # without any spread the regression has no scale to judge its slope by
        return CannotTell("the rate does not fall with age")
    # imported here: it takes two seconds, and few runs need it
    from statsmodels.genmod.families import Poisson  # type: ignore[import-untyped]
    from statsmodels.genmod.generalized_linear_model import GLM  # type: ignore[import-untyped]

    age, count, seen = np.array(observed, dtype=np.float64).T
    fitted = GLM(count, np.column_stack([np.ones_like(age), age]), family=Poisson(), exposure=seen).fit(
        scale="X2", use_t=True
    )
    slope = float(fitted.params[1])
    steepest, flattest = (float(bound) for bound in fitted.conf_int()[1])
    if steepest >= 0 or slope >= 0:
        return CannotTell("the rate does not fall with age")
    return HalfLife(
        log(2) / -slope,
        log(2) / -steepest,
        log(2) / -flattest if flattest < 0 else None,
        len(observed),
        n,
        float(fitted.scale),
    )
