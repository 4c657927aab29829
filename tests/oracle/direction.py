"""Who goes first, straight from the definition, in plain numbers: slopes, their sizes and the lean, as far as exact.

What is drawn at random (intervals, p values) is not here, but for a rough second draw.
"""

import random
from collections.abc import Sequence
from math import sqrt

Series = list[list[float]]
Rows = Sequence[dict[str, object]]
LAGS = 4


def sides(rows: Rows) -> tuple[Series, Series, list[int]]:
    """Leaders' activity and people's shares of those who have every week that is observed, and the weeks' places."""
    weeks = sorted({row["period_start"] for row in rows})  # type: ignore[type-var]
    known = {
        (row["leader_person_id"], row["period_start"]): (
            float(bool(row["is_leader_active"])), int(row["n_contributors"]) / int(row["n_eligible"])  # type: ignore[call-overload]
        )
        for row in rows
        if row["is_observed"] and int(row["n_eligible"]) >= 5  # type: ignore[call-overload]
    }  # fmt: skip
    seen = [week for week in weeks if any(week == start for _, start in known)]
    leaders, people = [], []
    for leader in sorted({row["leader_person_id"] for row in rows}):  # type: ignore[type-var]
        if all((leader, week) in known for week in seen):
            leaders.append([known[leader, week][0] for week in seen])
            people.append([known[leader, week][1] for week in seen])
    return leaders, people, [weeks.index(week) for week in seen]


def usable(places: list[int]) -> list[int]:
    """Positions among the observed weeks of those that follow four observed ones without a gap."""
    return [i for i in range(LAGS, len(places)) if places[i] - places[i - LAGS] == LAGS]


def demeaned(values: Series) -> Series:
    """Less the mean of its row and of its column, plus that of all."""
    n, m = len(values), len(values[0])
    of_row = [sum(row) / m for row in values]
    of_column = [sum(values[i][j] for i in range(n)) / n for j in range(m)]
    total = sum(of_row) / n
    return [[values[i][j] - of_row[i] - of_column[j] + total for j in range(m)] for i in range(n)]


def lagged(series: Series, weeks: list[int], lags: Sequence[int]) -> Series:
    """The mean over lags, demeaned over the weeks given."""
    return demeaned([[sum(row[week - lag] for lag in lags) / len(lags) for week in weeks] for row in series])


def dot(first: Series, second: Series) -> float:
    """The sum of products."""
    return sum(a * b for x, y in zip(first, second, strict=True) for a, b in zip(x, y, strict=True))


def less(first: Series, times: float, second: Series) -> Series:
    """The first less so many times the second."""
    return [[a - times * b for a, b in zip(x, y, strict=True)] for x, y in zip(first, second, strict=True)]


def without_own_past(values: Series, own: list[Series]) -> Series:
    """What the own past leaves of it, one orthogonal direction after the other (Gram and Schmidt)."""
    for one in own:
        values = less(values, dot(values, one) / dot(one, one), one)
    return values


def slope(y: Series, x: Series, weeks: list[int]) -> tuple[float, float]:
    """Points of y per point of the mean of x over four weeks before, and the factor to a partial correlation."""
    own: list[Series] = []
    for lag in (1, 2, 3, 4):
        own.append(without_own_past(lagged(y, weeks, [lag]), own))
    target = without_own_past(lagged(y, weeks, [0]), own)
    past = without_own_past(lagged(x, weeks, [1, 2, 3, 4]), own)
    return dot(past, target) / dot(past, past), sqrt(dot(past, past) / dot(target, target))


def following(y: Series, x: Series, weeks: list[int]) -> tuple[float, float]:
    """The slope corrected by half panels, and the same as a partial correlation."""
    half = len(weeks) // 2
    whole, scale = slope(y, x, weeks)
    value = 2 * whole - (slope(y, x, weeks[:half])[0] + slope(y, x, weeks[half:])[0]) / 2
    return value, value * scale


def lean(leaders: Series, people: Series, weeks: list[int]) -> float:
    """The mean over four lags of the cross-correlation with leaders first less that with people first."""
    now = lagged(leaders, weeks, [0]), lagged(people, weeks, [0])
    total = sum(
        dot(lagged(leaders, weeks, [lag]), now[1]) - dot(lagged(people, weeks, [lag]), now[0]) for lag in (1, 2, 3, 4)
    )
    return total / 4 / sqrt(dot(now[0], now[0]) * dot(now[1], now[1]))


def changing(series: Series) -> int:
    """How many rows have different values."""
    return sum(len(set(row)) > 1 for row in series)


def refusal(rows: Rows) -> str | None:
    """Why nothing can be told."""
    if not rows:
        return "no executive has people of their own"
    leaders, people, places = sides(rows)
    if len(leaders) < 10:
        return "too few executives with enough people of their own in every week"
    if len(usable(places)) < 26:
        return "too few weeks in a row are observed"
    if changing(leaders) < 10:
        return "too few executives who contribute in some weeks and not in others"
    if changing(people) < 10:
        return "the people of too few executives contribute in some weeks and not in others"
    return None


def lean_p(rows: Rows, n_draws: int) -> float:
    """The share of pairings of leaders with others' people whose lean, over its spread, is at least as large."""
    leaders, people, places = sides(rows)
    weeks, dice = usable(places), random.Random(11)
    a, b = lagged(leaders, weeks, [0]), lagged(people, weeks, [0])
    a_past, b_past = lagged(leaders, weeks, [1, 2, 3, 4]), lagged(people, weeks, [1, 2, 3, 4])
    drawn = []
    for number in range(n_draws + 1):
        order = list(range(len(leaders)))
        if number:
            dice.shuffle(order)
        own = [dot([a_past[who]], [b[i]]) - dot([a[who]], [b_past[i]]) for i, who in enumerate(order)]
        drawn.append(sum(own) / sqrt(sum(one * one for one in own)))
    return sum(abs(one) >= abs(drawn[0]) - 1e-12 for one in drawn) / len(drawn)
