"""Judgements between published figures: is a change real, do two groups differ, which period may be compared.

Pure functions of numbers and dates. Their words belong to `dashboards.headlines`; the figures come from the release.
Counts of groups are told in fives: what the rounding alone may have made is never called a change or a difference.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import sqrt
from typing import Final, Literal

from models.release.coarse import SLACK
from models.release.coarse import share_of as told_share
from models.release.policy import Policy
from models.statistics.intervals import Z_95

Direction = Literal["up", "down", "same"]
Verdict = Literal["higher", "lower", "alike", "unclear"]
Standing = Literal["met", "missed", "too_close"]
PeriodKind = Literal["day", "week", "month"]

SMALLEST_CHANGE: Final = 0.01
"""A change of a share by less than one point is never called a change, however many people there are."""
LARGE_DIFFERENCE: Final = 0.10
"""From here on "about the same" would mislead where the groups are merely too small to tell them apart."""
VALUE_TOLERANCE: Final = 0.02
"""For ratios without a sampling model (Gini, top shares): a judgement of size, not of noise."""
SMALLEST_COVERAGE: Final = 0.95
"""Share of a window's days that must be observed before anything is claimed about the window."""
SHORTEST_GAP_DAYS: Final = 28
"""Nearer periods are no reference: the 28-day windows of two days would overlap."""
_COARSE: Final = Policy()
_EXACT: Final = Policy(without=frozenset({"rounding"}))


@dataclass(frozen=True, slots=True)
class Share:
    """`n_part` people of `n_whole`, with n_whole > 0. Of a group, `is_coarse`: both counts are told in fives."""

    n_part: int
    n_whole: int
    is_coarse: bool = False

    @property
    def ratio(self) -> float:
        """n_part / n_whole; of a group as coarse as the release tells it."""
        return self._told[0] or 0.0

    @property
    def bounds(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the ratio; of a group it holds those of all counts that are told alike."""
        _, low, high = self._told
        return low or 0.0, 1.0 if high is None else high

    @property
    def slack(self) -> int:
        """By how many each count may differ from the true one."""
        return SLACK if self.is_coarse else 0

    @property
    def possible(self) -> tuple[float, float]:
        """The lowest and the highest true ratio that is told like this one."""
        return _possible([self])

    @property
    def least_whole(self) -> int:
        """The smallest true n_whole that is told like this one."""
        return max(1, self.n_whole - self.slack)

    @property
    def _told(self) -> tuple[float | None, float | None, float | None]:
        return told_share(self.n_part, self.n_part, self.n_whole, _COARSE if self.is_coarse else _EXACT)


@dataclass(frozen=True, slots=True)
class Change:
    """Two values of one metric and whether they differ by more than `margin`."""

    now: float
    then: float
    margin: float

    @property
    def difference(self) -> float:
        """Now minus then."""
        return self.now - self.then

    @property
    def direction(self) -> Direction:
        """`same` unless the difference is at least the margin."""
        if abs(self.difference) < self.margin:
            return "same"
        return "up" if self.difference > 0 else "down"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of several changes go which way."""

    n_up: int
    n_down: int
    n_same: int

    @property
    def n_all(self) -> int:
        """All changes that were judged."""
        return self.n_up + self.n_down + self.n_same


def share_of(n_part: int | None, n_whole: int | None, *, is_coarse: bool = False) -> Share | None:
    """The share, or None where a count is unknown or there is nobody to count."""
    return Share(n_part, n_whole, is_coarse) if n_part is not None and n_whole else None


def ratio_of(n_part: int | None, n_whole: int | None) -> float | None:
    """n_part / n_whole, or None where a count is unknown or there is nobody to count."""
    share = share_of(n_part, n_whole)
    return share.ratio if share else None


def change_of_share(now: Share, then: Share) -> Change:
    """Two proportions: a change counts from max(1 point, z·sqrt(p(1-p)(1/n1 + 1/n0))), p pooled over both periods.

    The test takes the periods as independent. They hold mostly the same people, so it errs towards "the same". Of
    groups it counts only if it would for all true counts that are told like these: the rounding of both shares comes
    on top, and the noise is the largest possible.
    """
    low, high = _possible([now, then])
    pooled = min(max(0.5, low), high)
    noise = Z_95 * sqrt(max(0.0, pooled * (1 - pooled)) * (1 / now.least_whole + 1 / then.least_whole))
    return Change(now.ratio, then.ratio, max(SMALLEST_CHANGE, noise) + _rounding(now) + _rounding(then))


def _possible(shares: Sequence[Share]) -> tuple[float, float]:
    """The lowest and the highest share of all people of the groups together."""
    least = sum(max(0, share.n_part - share.slack) for share in shares)
    most = sum(share.n_part + share.slack for share in shares)
    wholes = sum(share.n_whole + share.slack for share in shares), sum(share.least_whole for share in shares)
    return least / wholes[0], min(1.0, most / wholes[1])


def _rounding(share: Share) -> float:
    """By how much the told ratio may differ from the true one."""
    low, high = share.possible
    return max(share.ratio - low, high - share.ratio) if share.is_coarse else 0.0


def change_of_value(now: float, then: float, *, tolerance: float = VALUE_TOLERANCE) -> Change:
    """A change of a figure that has no interval: it counts from `tolerance`, a judgement of size and not of noise."""
    return Change(now, then, tolerance)


def compare_groups(first: Share, second: Share) -> Verdict:
    """Compare two groups in one period by their Wilson intervals.

    Disjoint intervals: `higher` or `lower`. Overlapping ones: `alike`, or `unclear` where the shares themselves lie
    10 points or more apart, so that the groups are too small rather than alike, or only their rounding may stand
    between them.
    """
    if _is_above(first, second):
        return "higher"
    if _is_above(second, first):
        return "lower"
    as_told = [replace(share, is_coarse=False) for share in (first, second)]
    is_open = _is_above(*as_told) or _is_above(*reversed(as_told))
    return "unclear" if is_open or abs(first.ratio - second.ratio) >= LARGE_DIFFERENCE else "alike"


def _is_above(first: Share, second: Share) -> bool:
    return first.bounds[0] > second.bounds[1]


def standing(low: float, high: float, target: float) -> Standing:
    """Whether a share has reached a target, by its interval: wholly at or above it, wholly below it, or neither."""
    if low >= target:
        return "met"
    return "missed" if high < target else "too_close"


def is_covered(n_observed_days: int, n_days: int) -> bool:
    """Whether enough of a window is observed: n_observed_days / n_days >= 0.95 (27 of 28 days, all of 7)."""
    return n_observed_days >= SMALLEST_COVERAGE * n_days


def tally(changes: Iterable[Change]) -> Tally:
    """Count the changes by direction."""
    directions = [change.direction for change in changes]
    return Tally(directions.count("up"), directions.count("down"), directions.count("same"))


def comparable_start(starts: Sequence[date], latest: date, *, kind: PeriodKind) -> date | None:
    """Start of the period to compare `latest` with: a year before, else the earliest that lies 28 days or more before.

    `starts` are the complete periods only. A year is 52 weeks for days and weeks (the same weekday), 12 months for
    months. None where nothing is far enough away.
    """
    year_before = latest.replace(year=latest.year - 1) if kind == "month" else latest - timedelta(weeks=52)
    if year_before in starts:
        return year_before
    earlier = [start for start in starts if (latest - start).days >= SHORTEST_GAP_DAYS]
    return min(earlier, default=None)
