"""A series of counts by day with its weekdays evened out, for the control chart.

Formula: z = sqrt(count + 3/8), the square root that makes the spread of a count the same at all sizes (Anscombe 1948);
from it the mean z of its weekday in the baseline is taken, and the mean of these seven means is added (seasonal
adjustment by differences from the mean: Kendall and Ord 1990, "Time Series", chapter 4). Limits for z are turned back
into counts of each weekday.
Why not ratios or differences of the counts themselves: with 62 people on working days and 14 at weekends ratios give
10 % false alarms at weekends and differences 3 % on working days (independent counts, 8 weeks of baseline, limits
alone); this gives 1.2 to 1.3 % on both.
Units: people or events a day. Assumes that weekdays keep their place in the week; holidays are signals, rightly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from models.statistics.cannot_tell import CannotTell

FEWEST_OF_WEEKDAY: Final = 4
BASELINE_DAYS: Final = 56


@dataclass(frozen=True, slots=True)
class Evened:
    """The values to be charted, None where not observed, and what was taken from those of each weekday (Monday: 0)."""

    values: tuple[float | None, ...]
    shifts: tuple[float, ...]

    def count(self, limit: float, weekday: int) -> float:
        """A limit or centre of the chart as a count on this weekday."""
        return max(0.0, max(0.0, limit + self.shifts[weekday]) ** 2 - 3 / 8)


def evened(
    counts: Sequence[int | None], first_weekday: int, *, baseline_days: int = BASELINE_DAYS
) -> Evened | CannotTell:
    """The counts by day, of which the first is a `first_weekday` (Monday: 0), without the rhythm of the week.

    If some weekday is always empty there is nothing to even out: leave its days out of the series and chart the others.
    """
    roots = [None if count is None else sqrt(count + 3 / 8) for count in counts]
    by_weekday: list[list[float]] = [[] for _ in range(7)]
    for place, root in enumerate(roots[:baseline_days]):
        if root is not None:
            by_weekday[(first_weekday + place) % 7].append(root)
    fewest = min(len(values) for values in by_weekday)
    if fewest < FEWEST_OF_WEEKDAY:
        return CannotTell("some weekday is observed too rarely", fewest, FEWEST_OF_WEEKDAY)
    if any(max(values) == sqrt(3 / 8) for values in by_weekday):
        return CannotTell("nothing ever happens on some weekday")
    means = [sum(values) / len(values) for values in by_weekday]
    shifts = tuple(mean - sum(means) / 7 for mean in means)
    return Evened(
        tuple(
            None if root is None else root - shifts[(first_weekday + place) % 7] for place, root in enumerate(roots)
        ),
        shifts,
    )
