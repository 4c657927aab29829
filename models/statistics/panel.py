"""A panel of units by week and what an event study may use of it: shares, starts, and why a unit is left out.

The estimate itself is `event_study`'s business.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from models.statistics.starts import UNKNOWN

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Weeks = NDArray[np.int64]

BEFORE: Final = 8
"""Weeks of a window before the start."""
AFTER: Final = 8
"""Weeks of a window from the start on."""
MINIMUM_ELIGIBLE: Final = 5
"""Eligible people of a unit in every week of a window."""
MINIMUM_MATCHES: Final = 3
"""Later starting units that a start is compared with, at the least."""

Reason = Literal[
    "never started",
    "start unknown",
    "too few weeks before",
    "too few weeks after",
    "not observed",
    "fewer than 5 eligible",
    "too few later starts",
]


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Units by weeks: `k` contributing of `n` eligible people, which weeks are observed, and each unit's start week.

    `observed` is one flag per week or one per unit and week; `start` is an index of a week, NEVER or UNKNOWN. The
    outcome `k` must not hold the mechanical replies to the executive, nor delegates or communications.
    """

    k: Weeks
    n: Weeks
    observed: Flags
    start: Weeks

    @property
    def n_units(self) -> int:
        """Units, used or not."""
        return int(self.k.shape[0])

    @property
    def n_weeks(self) -> int:
        """Weeks, observed or not."""
        return int(self.k.shape[1])

    @property
    def seen(self) -> Flags:
        """Units by weeks: is the week observed?"""
        return np.broadcast_to(self.observed, self.k.shape)

    @property
    def large(self) -> Flags:
        """Units by weeks: are there enough eligible people?"""
        return self.n >= MINIMUM_ELIGIBLE

    @property
    def shares(self) -> Numbers:
        """K / n, NaN where a week is not observed or has too few eligible people."""
        return np.where(self.seen & self.large, self.k / np.maximum(self.n, 1), np.nan)


@dataclass(frozen=True, slots=True)
class Sample:
    """Whom an estimate is about: units whose start is estimated, units they are compared with, the others and why."""

    n_units: int
    n_treated: int
    n_controls: int
    n_used: int
    left_out: tuple[tuple[Reason, int], ...]
    """Units whose start is not estimated, by the first reason that applies; they may still serve as controls."""

    def n_left_out(self, reason: Reason) -> int:
        """Units left out for a reason."""
        return dict(self.left_out).get(reason, 0)


def whole_windows(is_usable: Flags) -> Flags:
    """Units by weeks: could a start in this week have all 16 weeks of its window usable?"""
    units, weeks = is_usable.shape
    whole = np.zeros((units, weeks), dtype=bool)
    if weeks >= BEFORE + AFTER:
        spans = np.lib.stride_tricks.sliding_window_view(is_usable, BEFORE + AFTER, axis=1).all(axis=2)
        whole[:, BEFORE : BEFORE + spans.shape[1]] = spans
    return whole


def sample_of(panel: Panel) -> Sample:
    """Which starts can be estimated: a whole window, and at least 3 later starting units with a whole window then."""
    whole = whole_windows(panel.seen & panel.large)
    seen = whole_windows(panel.seen)
    treated = np.zeros(panel.n_units, dtype=bool)
    control = np.zeros(panel.n_units, dtype=bool)
    counts: dict[Reason, int] = {}
    for unit, start in enumerate(panel.start.tolist()):
        reason: Reason | None = None
        is_inside = BEFORE <= start <= panel.n_weeks - AFTER
        later = (panel.start >= start + AFTER) & whole[:, start] if is_inside else control
        if start < 0:
            reason = "start unknown" if start == UNKNOWN else "never started"
        elif start < BEFORE:
            reason = "too few weeks before"
        elif not is_inside:
            reason = "too few weeks after"
        elif not seen[unit, start]:
            reason = "not observed"
        elif not whole[unit, start]:
            reason = "fewer than 5 eligible"
        elif later.sum() < MINIMUM_MATCHES:
            reason = "too few later starts"
        if reason:
            counts[reason] = counts.get(reason, 0) + 1
        else:
            treated[unit] = True
            control = control | later
    n_used = int((treated | control).sum())
    return Sample(panel.n_units, int(treated.sum()), int(control.sum()), n_used, tuple(sorted(counts.items())))
