"""Since when does activity keep itself up? The first week from which returning people match lapsing ones.

Which activity counts (without threads that executives or communications started) is decided where weeks are counted.

Rule: in each of six observed weeks in a row n_returning >= n_lapsing and n_returning > 0; returning: active again after
a time without (resurrected) or still (retained), as the caller says, and lapsing: no longer active, still employed. A
week without anybody returning keeps nothing up. An unobserved week ends a row, and is never taken for either.
Uncertainty: these are counts, so people cannot be resampled. `by_chance` is the chance that a row of six turns up
anywhere in these weeks if each of those who return or lapse in a week had done either with one half, weeks independent:
the chance of each week is binomial, that of a row follows exactly, week by week. A unit that shrinks has less than
that, so a small value speaks against mere balance; a large one says that the row may be luck. `balance` is the share
of those who return among both, in the weeks of the row, with Wilson's interval.
Units: weeks, people. No forecast: that it lasted for six weeks does not say that it will.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from typing import Final

from models.statistics.cannot_tell import CannotTell
from models.statistics.intervals import wilson_bounds

IN_A_ROW: Final = 6


@dataclass(frozen=True, slots=True)
class Week:
    """People who return and who lapse in a week; both are without meaning where it is not observed."""

    n_returning: int
    n_lapsing: int
    is_observed: bool = True

    @property
    def is_matched(self) -> bool:
        """Whether it is observed that at least as many return as lapse, and that somebody does."""
        return self.is_observed and self.n_returning >= max(self.n_lapsing, 1)


@dataclass(frozen=True, slots=True)
class Since:
    """Activity keeps itself up from the week at this place on; `is_first_known`: no unobserved week could come first.

    `n_matched` of the `n_observed` weeks from then to the end are matched, and `lasts` says whether all of them are.
    """

    place: int
    is_first_known: bool
    n_observed: int
    n_matched: int
    lasts: bool
    balance: float
    balance_low: float
    balance_high: float
    by_chance: float


@dataclass(frozen=True, slots=True)
class NotYet:
    """No six weeks in a row so far, and none that unobserved weeks could hide; the longest row, and that to the end."""

    longest: int
    current: int
    n_observed: int


def sustained_since(weeks: Sequence[Week]) -> Since | NotYet | CannotTell:
    """Since when activity keeps itself up in these consecutive weeks."""
    n_observed = sum(week.is_observed for week in weeks)
    if n_observed < IN_A_ROW:
        return CannotTell("too few observed weeks", n_observed, IN_A_ROW)
    if not any(week.is_observed and week.n_returning + week.n_lapsing for week in weeks):
        return CannotTell("nobody returns or lapses")
    found = _rows([week.is_matched for week in weeks])
    possible = _rows([week.is_matched or not week.is_observed for week in weeks])
    place = next((end - IN_A_ROW + 1 for end, length in enumerate(found) if length == IN_A_ROW), None)
    first_possible = next((end - IN_A_ROW + 1 for end, length in enumerate(possible) if length == IN_A_ROW), None)
    if place is None:
        if first_possible is not None:
            return CannotTell("weeks that are not observed may have completed six in a row", n_observed)
        return NotYet(max(found), found[-1], n_observed)
    row = weeks[place : place + IN_A_ROW]
    n_returning, n_all = sum(w.n_returning for w in row), sum(w.n_returning + w.n_lapsing for w in row)
    low, high = wilson_bounds(n_returning, n_all)
    later = [week for week in weeks[place:] if week.is_observed]
    n_matched = sum(week.is_matched for week in later)
    return Since(
        place, first_possible == place, len(later), n_matched, n_matched == len(later), n_returning / n_all,
        0.0 if low is None else low, 1.0 if high is None else high, chance_of_a_row(weeks),
    )  # fmt: skip


def chance_of_a_row(weeks: Sequence[Week]) -> float:
    """The chance of six matched weeks in a row if returning and lapsing were equally likely for each person."""
    # the chances of a row of 0, 1, ... 5 up to now, none of six so far
    rows = [1.0] + [0.0] * (IN_A_ROW - 1)
    done = 0.0
    for week in weeks:
        n = week.n_returning + week.n_lapsing
        chance = sum(comb(n, k) for k in range(max(1, (n + 1) // 2), n + 1)) / 2**n if week.is_observed else 0.0
        done += rows[-1] * chance
        rows = [sum(rows) * (1 - chance), *(row * chance for row in rows[:-1])]
    return done


def _rows(is_matched: Sequence[bool]) -> list[int]:
    """How many weeks in a row are matched up to each one."""
    lengths: list[int] = []
    for matched in is_matched:
        lengths.append((lengths[-1] if lengths else 0) + 1 if matched else 0)
    return lengths
