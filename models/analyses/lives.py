"""The lives of pages and public spaces: what is seen of each of them, its state, and its life after the launch.

Curves and shares over many of them are in `space_life` and `space_curve`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import polars as pl

from models.analyses.analysis import Tables
from models.statistics.cannot_tell import CannotTell
from models.statistics.half_life import HalfLife, half_life
from models.statistics.survival import Curve, kaplan_meier, life_table

READS: Final = ("prep_space_day", "prep_space_launch", "prep_space_use")
ALIVE_DAYS: Final = 90
FADING_DAYS: Final = 180
FEWEST: Final = 10
"""Pages or spaces on which a figure must rest."""
LAST_WEEK: Final = 51
"""Of the age over which activity fades; the week of the launch is week 0 and does not count."""
_DAY: Final = timedelta(days=1)
_KEY: Final = ("subject", "platform", "workspace", "thread_id", "space_id")


@dataclass(frozen=True, slots=True)
class Window:
    """The days of one source from the first to the last of which an export tells, and those missing in between."""

    first_on: date
    end_on: date
    missing: tuple[date, ...]

    def unseen_before(self, day: date) -> date:
        """The last missing day before this one; before the first day nothing is seen."""
        place = bisect_left(self.missing, day)
        return self.missing[place - 1] if place else self.first_on - _DAY

    def longest_seen(self, first_on: date, last_on: date) -> int:
        """The most days in a row, from one to the other, of which exports tell; none before they begin."""
        first_on = max(first_on, self.first_on)
        if first_on > last_on:
            return 0
        inside = self.missing[bisect_left(self.missing, first_on) : bisect_right(self.missing, last_on)]
        edges = (first_on - _DAY, *inside, last_on + _DAY)
        return max((later - earlier).days - 1 for earlier, later in pairwise(edges))

    def seen_to(self, day: date) -> date:
        """The last day up to which no day is missing from this one on."""
        place = bisect_left(self.missing, day)
        return self.missing[place] - _DAY if place < len(self.missing) else self.end_on

    @property
    def unseen_on(self) -> date:
        """The last missing day."""
        return self.unseen_before(self.end_on)


@dataclass(frozen=True, slots=True)
class Life:
    """Days from the launch to the last contribution before the first long silence, or as far as it is followed.

    `weeks` are the contributions in each whole week of age that is seen.
    """

    days: int
    is_ended: bool
    weeks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Followed:
    """A page or space as of the end of its source; without a life if its launch is not seen, or too late.

    `is_continuous` is None for what is younger than the year, `space_id` of a page and of a wiki as a whole, `first_on`
    where nobody has contributed.
    """

    subject: str
    platform: str
    state: str
    life: Life | None
    is_year_seen: bool
    is_continuous: bool | None
    workspace: str = ""
    space_id: str | None = None
    first_on: date | None = None


def followed(tables: Tables) -> list[Followed]:
    """Every page and space that was there by the end of its source, in no particular order."""
    windows = _windows(tables["prep_space_day"])
    used: dict[tuple[object, ...], list[tuple[date, int]]] = {}
    for *key, day, n in tables["prep_space_use"].select(*_KEY, "occurred_on", "n_contributions").sort(
        "occurred_on"
    ).iter_rows():
        used.setdefault(tuple(key), []).append((day, n))
    found = []
    for *key, created_on, launched_on in tables["prep_space_launch"].select(
        *_KEY, "created_on", "launched_on"
    ).iter_rows():
        window = windows.get((key[1], key[2]))
        if window is not None:
            one = _followed(window, used.get(tuple(key), []), created_on, launched_on)
            named = {"subject": key[0], "platform": key[1], "workspace": key[2], "space_id": key[4]}
            found += [replace(one, **named)] if one else []
    return found


def curve_of(spaces: Sequence[Followed]) -> Curve | CannotTell:
    """The share still used by days since the launch; refused for fewer than ten."""
    lives = [one.life for one in spaces if one.life]
    if len(lives) < FEWEST:
        return CannotTell("too few are followed from their launch on", len(lives), FEWEST)
    return kaplan_meier(life_table([life.days for life in lives], [life.is_ended for life in lives]))


def half_life_of(spaces: Sequence[Followed]) -> HalfLife | CannotTell:
    """Weeks in which the contributions per page or space halve; refused for fewer than ten."""
    lives = [one.life for one in spaces if one.life]
    if len(lives) < FEWEST:
        return CannotTell("too few are followed from their launch on", len(lives), FEWEST)
    weeks = range(1, LAST_WEEK + 1)
    seen = [[life.weeks[week] for life in lives if week < len(life.weeks)] for week in weeks]
    return half_life(list(weeks), [sum(counts) for counts in seen], [len(counts) for counts in seen])


def _windows(coverage: pl.DataFrame) -> dict[tuple[str, str], Window]:
    found = {}
    days = coverage.select("platform", "workspace", "occurred_on", pl.col("state") == "missing").sort("occurred_on")
    for (platform, workspace), of_source in days.group_by("platform", "workspace"):
        seen = of_source.filter(~pl.col("state"))["occurred_on"]
        if len(seen):
            end: date = seen[-1]
            gone = of_source.filter(pl.col("state") & (pl.col("occurred_on") < end))["occurred_on"].to_list()
            first: date = of_source["occurred_on"][0]
            found[platform, workspace] = Window(first, end, tuple(gone))
    return found


def _followed(
    window: Window, uses: Sequence[tuple[date, int]], created_on: date | None, launched_on: date | None
) -> Followed | None:
    given = {*(day for day, _ in uses), *([created_on] if created_on else [])}
    marks = sorted(day for day in given if day <= window.end_on)
    if given and not marks:
        return None
    last_month = _months_before(window.end_on + _DAY, 0)
    starts = [_months_before(last_month, n) for n in range(12, 0, -1)]
    is_year_seen = window.unseen_on < starts[0]
    is_continuous = None
    if is_year_seen and marks and marks[0] < starts[1]:
        used = {_months_before(day, 0) for day, _ in uses}
        is_continuous = used.issuperset(starts)
    return Followed(
        "", "", _state(window, marks), _life(window, uses, launched_on), is_year_seen, is_continuous,
        first_on=min((day for day, _ in uses if day <= window.end_on), default=None),
    )  # fmt: skip


def _state(window: Window, marks: Sequence[date]) -> str:
    """By the days since the last mark; unknown if it depends on days of which nothing is known."""
    last = marks[-1] if marks else date.min
    silent = (window.end_on - last).days
    surely_silent = (window.end_on - max(last, window.unseen_on)).days
    if silent <= ALIVE_DAYS:
        silences = (window.longest_seen(before + _DAY, day - _DAY) for before, day in pairwise(marks) if day > before)
        return "revived" if any(silence > FADING_DAYS for silence in silences) else "alive"
    if surely_silent > FADING_DAYS:
        return "forgotten"
    return "fading" if silent <= FADING_DAYS and surely_silent > ALIVE_DAYS else "unknown"


def _life(window: Window, uses: Sequence[tuple[date, int]], launched_on: date | None) -> Life | None:
    if launched_on is None or not window.first_on <= launched_on <= window.end_on:
        return None
    until = (window.seen_to(launched_on) - launched_on).days
    horizon = until - ALIVE_DAYS - 1
    if horizon < 0:
        return None
    ages = [((day - launched_on).days, n) for day, n in uses if launched_on <= day <= launched_on + until * _DAY]
    weeks = [0] * ((until + 1) // 7)
    for age, n in ages:
        if age // 7 < len(weeks):
            weeks[age // 7] += n
    steps = sorted({0, until + 1, *(age for age, _ in ages)})
    end = next((age for age, later in pairwise(steps) if later - age - 1 > ALIVE_DAYS), None)
    return Life(horizon if end is None else end, end is not None, tuple(weeks))


def _months_before(day: date, n: int) -> date:
    """The first day of the month that is n months before that of the day."""
    year, month = divmod(day.year * 12 + day.month - 1 - n, 12)
    return date(year, month + 1, 1)


def by_subject(spaces: Sequence[Followed], platform: str, subjects: Sequence[str]) -> Iterator[
    tuple[str, list[Followed]]
]:
    """Of one platform (or all), the pages or spaces of each kind that has any."""
    for subject in subjects:
        own = [one for one in spaces if one.subject == subject and platform in ("all", one.platform)]
        if own:
            yield subject, own
