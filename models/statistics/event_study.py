"""Do units take part more once their executive does? An event study that can say "not estimable here".

Panels are `panel`'s, the estimator `stacked`'s, tests and intervals `permutation`'s; words on a page are dashboards'.

The 95 % interval holds the effects that the permutation test does not reject; measured over simulated panels it covers
as it should also where few units start late, which the percentile bootstrap over units (shown beside it) does not.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from models.statistics.cannot_tell import CannotTell
from models.statistics.panel import AFTER, BEFORE, MINIMUM_ELIGIBLE, Numbers, Panel, Reason, Sample, sample_of
from models.statistics.permutation import ROUNDING, accepted_bounds, joint_p_value, p_value, pointwise_reach
from models.statistics.power import minimum_detectable
from models.statistics.reshuffled import Reshuffled, reshuffle
from models.statistics.stacked import EVENT_WEEKS, effects

N_PERMUTATIONS: Final = 999
N_DRAWS: Final = 499
SEED: Final = 20_260_105
LEVEL: Final = 0.05
FLAG_LEVEL: Final = 0.01
"""Of each of the two tests of the weeks before, so that a sound panel is blanked in at most 2 %."""
MINIMUM_STARTS: Final = 10
MINIMUM_LATER_STARTS: Final = 10
POINTS: Final = 100.0
"""Percentage points in a share of 1."""
UPSWING: Final = np.repeat([-1.0, 1.0], BEFORE // 2) / (BEFORE // 2)
"""The last 4 weeks before the start less the 4 before them."""

Wording = Literal["nothing shown", "associated", "caused"]
Hindrance = Reason | Literal["too few starts", "nothing varies"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference in percentage points, its 95 % interval (inverted permutation test) and its permutation p."""

    value_pp: float
    low_pp: float
    high_pp: float
    p: float

    @property
    def is_different(self) -> bool:
        """Whether no difference at all is rejected."""
        return self.p <= LEVEL


@dataclass(frozen=True, slots=True)
class Point:
    """The curve at one week, counted from the start, with a 95 % interval for this week alone."""

    week: int
    value_pp: float
    low_pp: float
    high_pp: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal(CannotTell):
    """Not estimable here: starts found and needed, and what else it takes.

    `minimum_pp` is the smallest detectable effect where anything can be compared.
    """

    sample: Sample
    minimum_pp: float | None
    n_needed_later_starts: int = MINIMUM_LATER_STARTS
    n_needed_eligible: int = MINIMUM_ELIGIBLE


@dataclass(frozen=True, slots=True)
class Flagged:
    """Units were moving before their executives started, so there is no estimate; only the weeks before are shown."""

    sample: Sample
    minimum_pp: float
    before_p: float
    reverse: Finding
    curve_before: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """The effect over 8 weeks in percentage points of eligible non-executives who contribute in a week.

    `before_p` is the joint test of the 8 weeks before; `reverse` whether units rose in the 4 weeks before the start;
    `fake_dates` the same estimate 8 weeks earlier; `other_outcome` that of another platform. None: not estimable.
    `unadjusted_pp` is the plain difference, with no growth taken off (see `stacked`); `bootstrap_*` resamples units.
    """

    effect: Finding
    sample: Sample
    minimum_pp: float
    unadjusted_pp: float
    bootstrap_low_pp: float
    bootstrap_high_pp: float
    curve: tuple[Point, ...]
    before_p: float
    reverse: Finding
    fake_dates: Finding | None
    other_outcome: Finding | None

    @property
    def wording(self) -> Wording:
        """What may be said: "caused" only if every placebo was run, found nothing and could have found the effect."""
        if not self.effect.is_different:
            return "nothing shown"
        passed = (self._passes(self.fake_dates), self._passes(self.other_outcome), not self.reverse.is_different)
        return "caused" if all(passed) and self.before_p > LEVEL else "associated"

    def _passes(self, placebo: Finding | None) -> bool:
        if placebo is None or placebo.is_different:
            return False
        return not placebo.low_pp <= self.effect.value_pp <= placebo.high_pp


Result = Estimate | Flagged | Refusal


def study(
    panel: Panel,
    *,
    other: Panel | None = None,
    n_permutations: int = N_PERMUTATIONS,
    n_draws: int = N_DRAWS,
    seed: int = SEED,
) -> Result:
    """Estimate the effect of an executive's start on the unit, or say why not; `other` is a placebo platform's panel.

    Start dates are permuted among the units that ever start. Needed: 10 starts with 8 observed weeks before and after
    and 5 eligible people in each, and 10 units in all that start at least 8 weeks later than one of them.
    """
    rng = np.random.default_rng(seed)
    sample = sample_of(panel)
    found = reshuffle(panel, n_permutations, rng)
    reason = _refusal(sample)
    if found is None or reason:
        return _refused(reason or "too few starts", sample, None if found is None else _minimum_pp(found))
    if not np.any(np.abs(found.rest) > ROUNDING):
        return _refused("nothing varies", sample, None)
    before_p = joint_p_value(found.curve[: BEFORE - 1], found.rest[:, : BEFORE - 1])
    reverse = _difference(float(found.curve[:BEFORE] @ UPSWING), found.rest[:, :BEFORE] @ UPSWING)
    if min(before_p, reverse.p) <= FLAG_LEVEL:
        return Flagged(sample, _minimum_pp(found), before_p, reverse, _points(found)[:BEFORE])
    low, high = found.bootstrap_bounds(n_draws, rng)
    return Estimate(
        effect=_effect(found),
        sample=sample,
        minimum_pp=_minimum_pp(found),
        unadjusted_pp=POINTS * found.plain,
        bootstrap_low_pp=POINTS * low,
        bootstrap_high_pp=POINTS * high,
        curve=_points(found),
        before_p=before_p,
        reverse=reverse,
        fake_dates=_fake_dates(panel, found.value, n_permutations, rng),
        other_outcome=_other_outcome(other, n_permutations, rng),
    )


def _refused(reason: Hindrance, sample: Sample, minimum_pp: float | None) -> Refusal:
    return Refusal(
        reason=reason, n_found=sample.n_treated, n_needed=MINIMUM_STARTS, sample=sample, minimum_pp=minimum_pp
    )


def _refusal(sample: Sample) -> Hindrance | None:
    """Why there is no estimate: the one reason without which there were enough starts, else that these are too few."""
    if sample.n_treated >= MINIMUM_STARTS:
        return None if sample.n_controls >= MINIMUM_LATER_STARTS else "too few later starts"
    hindrances: tuple[Reason, ...] = ("not observed", "fewer than 5 eligible")
    for reason in hindrances:
        if sample.n_treated + sample.n_left_out(reason) >= MINIMUM_STARTS:
            return reason
    n_starts = sample.n_treated + sample.n_left_out("too few later starts")
    return "too few later starts" if n_starts >= MINIMUM_STARTS + MINIMUM_LATER_STARTS else "too few starts"


def _effect(found: Reshuffled) -> Finding:
    low, high = accepted_bounds(found.value, effects(found.drawn[:, 0]), effects(found.drawn[:, 1]))
    p = p_value(found.value, effects(found.drawn[:, 0]))
    return Finding(POINTS * found.value, POINTS * low, POINTS * high, p)


def _difference(value: float, drawn: Numbers) -> Finding:
    reach = float(pointwise_reach(drawn))
    return Finding(POINTS * value, POINTS * (value - reach), POINTS * (value + reach), p_value(value, drawn))


def _points(found: Reshuffled) -> tuple[Point, ...]:
    reach = pointwise_reach(found.rest)
    lows, highs = found.curve - reach, found.curve + reach
    return tuple(
        Point(week, *(POINTS * float(value) for value in values))
        for week, *values in zip(EVENT_WEEKS, found.curve, lows, highs, strict=True)
    )


def _minimum_pp(found: Reshuffled) -> float:
    return POINTS * minimum_detectable(effects(found.rest), effects(found.drawn[:, 1]))


def _fake_dates(panel: Panel, effect: float, n_permutations: int, rng: np.random.Generator) -> Finding | None:
    """The estimate with every start 8 weeks too early, so that its whole window lies before the true start."""
    fake = reshuffle(panel, n_permutations, rng, moved=AFTER, effect=effect)
    return None if fake is None or fake.n_starts < MINIMUM_STARTS else _difference(fake.value, effects(fake.rest))


def _other_outcome(other: Panel | None, n_permutations: int, rng: np.random.Generator) -> Finding | None:
    """The estimate on what the executive's start should not move."""
    if other is None or _refusal(sample_of(other)):
        return None
    found = reshuffle(other, n_permutations, rng)
    return None if found is None else _effect(found)
