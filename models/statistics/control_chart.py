"""Is the last figure of a series out of the ordinary? The chart of individual values and moving ranges (XmR).

A change at a date that is known beforehand belongs to `interrupted`; days of the week are evened out in `weekdays`.

Formula (Wheeler 1993, "Understanding Variation"): centre = mean of the baseline; natural process limits = centre +-
2.66 mean moving range; upper range limit = 3.268 mean moving range. 2.66 = 3 / 1.128 and 3.268 come from the mean and
the spread of the range of two normal values. Moving ranges are taken between neighbours only: none across a period
that is not observed, and such a period ends a run.
Signals: `outside` a limit (a value on it is inside); `run`, the eighth and each further neighbour on one side of the
centre (a value on the centre ends a run).
Limits hold from the first 20 observed values of a phase, or all there are, at least 12, and are not moved by later
values. They are worked out anew from the first value of a run of eight once 12 values are observed from there on.
Units: those of the values. Assumes independent values; trends and dependence give more signals than stated.
Measured false alarms (`benchmarks.coverage`): see `FALSE_ALARMS`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from models.statistics.cannot_tell import CannotTell

Signal = Literal["outside", "run"]

FEWEST: Final = 12
BASELINE: Final = 20
RUN: Final = 8
FALSE_ALARMS: Final = {"outside": 0.012, "any_in_52": 0.48}
"""Of independent normal values with limits from 20: the share outside (0.003 if the limits were known), and the share
of series with a signal of either kind among 52 values. So one signal is a question, not a finding."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The ordinary range of values, and of the difference of neighbours."""

    centre: float
    low: float
    high: float
    range_high: float


@dataclass(frozen=True, slots=True)
class Phase:
    """Limits that hold from the value at `first` on, worked out from `n_baseline` observed values."""

    first: int
    n_baseline: int
    limits: Limits


@dataclass(frozen=True, slots=True)
class Chart:
    """The phases in order, and the signals by place of the value."""

    phases: tuple[Phase, ...]
    signals: dict[int, tuple[Signal, ...]]


def limits_of(values: Sequence[float | None], *, floor: float | None = None) -> Limits | CannotTell:
    """The limits from these values, None where not observed; none lies below the `floor` of what is possible."""
    observed = [value for value in values if value is not None]
    ranges = [abs(b - a) for a, b in pairwise(values) if a is not None and b is not None]
    if not any(ranges):
        return CannotTell("neighbours never differ" if ranges else "no two neighbours are observed")
    centre, spread = sum(observed) / len(observed), sum(ranges) / len(ranges)
    low = centre - 2.66 * spread
    return Limits(centre, low if floor is None else max(low, floor), centre + 2.66 * spread, 3.268 * spread)


def chart(
    values: Sequence[float | None], *, baseline: int = BASELINE, floor: float | None = None
) -> Chart | CannotTell:
    """Phases and signals of evenly spaced values, None where not observed; counts have the floor 0."""
    n_observed = sum(value is not None for value in values)
    if n_observed < FEWEST:
        return CannotTell("too few observed values", n_observed, FEWEST)
    phase = _phase(values, 0, baseline=baseline, floor=floor)
    if isinstance(phase, CannotTell):
        return phase
    phases, signals = [phase], dict[int, tuple[Signal, ...]]()
    side, run_from = 0, 0
    for place, value in enumerate(values):
        limits = phases[-1].limits
        now = 0 if value is None else (value > limits.centre) - (value < limits.centre)
        if now == 0 or now != side:
            side, run_from = now, place
        if value is None:
            continue
        is_run = side != 0 and place - run_from + 1 >= RUN
        found: list[Signal] = ["outside"] if not limits.low <= value <= limits.high else []
        if is_run:
            found.append("run")
            anew = _phase(values, run_from, baseline=baseline, floor=floor)
            if run_from > phases[-1].first and isinstance(anew, Phase):
                phases.append(anew)
                side = 0
        if found:
            signals[place] = tuple(found)
    return Chart(tuple(phases), signals)


def _phase(values: Sequence[float | None], first: int, *, baseline: int, floor: float | None) -> Phase | CannotTell:
    places = [place for place in range(first, len(values)) if values[place] is not None][:baseline]
    if len(places) < FEWEST:
        return CannotTell("too few observed values", len(places), FEWEST)
    limits = limits_of(values[first : places[-1] + 1], floor=floor)
    return limits if isinstance(limits, CannotTell) else Phase(first, len(places), limits)
