"""What changed at declared events, straight from the definition of `mart_before_after`; one series alone.

statsmodels is called directly: generalised least squares with errors of first order, cov(i, j) = r ** |i - j|, r the
hundredth from 0 to 0.98 with the greatest restricted likelihood, and t intervals with n (1 - r) / (1 + r), at most
n - 4, degrees of freedom. What is compared between units has an oracle of its own, `event_study`.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy import stats
from statsmodels.regression.linear_model import GLS

from tests.oracle.company import Company
from tests.oracle.definitions import ALL, eligible_people, people_in, periods_of, platforms_of, roster_of, units_of
from tests.oracle.marts import Row, contributors_of, head


@dataclass(frozen=True)
class Occasion:
    """An entry of turnout.toml."""

    day: date
    kind: str = "policy"
    title: str = "A guide"
    units: tuple[str, ...] = (ALL,)


def before_after(world: Company, occasions: list[Occasion]) -> list[Row]:
    """The rows of `mart_before_after`, without columns in which texts are longer than a word."""
    events = events_of(occasions)
    return [
        _row(world, platform, number, events) for platform in platforms_of(world) for number in range(len(events))
    ]


def events_of(occasions: list[Occasion]) -> list[tuple[str, str, dict[str, date]]]:
    """Kind, title, and the day by unit, in order of the first day."""
    found: list[tuple[str, str, dict[str, date]]] = []
    for kind, title in {(one.kind, one.title) for one in occasions}:
        same = sorted((one for one in occasions if (one.kind, one.title) == (kind, title)), key=lambda one: one.day)
        if all(one.units == (ALL,) for one in same):
            found += [(kind, title, {ALL: day}) for day in {one.day for one in same}]
            continue
        days: dict[str, date] = {}
        for one in same:
            for unit in one.units:
                days[unit] = min(days.get(unit, one.day), one.day)
        found.append((kind, title, days))
    return sorted(found, key=lambda event: (min(event[2].values()), event[0], event[1]))


def starting_week(day: date) -> date:
    """The first Monday whose week has at least four days that are not before the day."""
    monday = day - timedelta(days=day.isoweekday() - 1)
    n_after = 7 - (day - monday).days
    return monday if n_after >= 4 else monday + timedelta(days=7)


def _row(world: Company, platform: str, number: int, events: list[tuple[str, str, dict[str, date]]]) -> Row:
    kind, title, days = events[number]
    weeks = periods_of(world, "week", platform)
    heads = [head(world, week, platform, ALL) for week in weeks]
    observed = [bool(one["is_complete"]) for one in heads]
    last = max((i for i, flag in enumerate(observed) if flag), default=None)
    row: Row = {
        "period_kind": "history", "period_start": weeks[0].start, "period_end": world.as_of, "platform": platform,
        "unit": ALL, "is_complete": all(observed), "n_observed_days": sum(one["n_observed_days"] for one in heads),  # type: ignore[misc]
        "n_eligible": 0 if last is None else len(eligible_people(world, weeks[last], platform)),
        "event": number + 1, "kind": kind, "title": title, "occurred_on": min(days.values()),
        "last_on": max(days.values()), "is_everywhere": ALL in days, "method": "not estimable",
    }  # fmt: skip
    if not roster_of(world):
        return row
    # a unit is known where somebody of it is eligible in some week
    peopled = {
        unit for unit in units_of(world) if unit != ALL
        and any(people_in(eligible_people(world, week, platform), unit) for week in weeks)
    }  # fmt: skip
    mine = {unit for unit in peopled if unit in days or ALL in days}

    def members(i: int) -> set[str]:
        eligible = eligible_people(world, weeks[i], platform)
        if ALL in days:
            return set(eligible)
        return {person for unit in mine for person in people_in(eligible, unit)}

    row |= {
        "n_units": len(mine), "n_units_unknown": len(set(days) - peopled - {ALL}),
        "n_concerned": 0 if last is None else len(members(last)),
    }  # fmt: skip
    if not mine and ALL not in days:
        return row
    starts = {starting_week(days.get(unit, days.get(ALL, date.max))) for unit in mine}
    begin = min(starts | ({starting_week(days[ALL])} if ALL in days else set()))
    shares: list[float | None] = []
    for i, week in enumerate(weeks):
        people = members(i)
        active = people & contributors_of(world, platform, week.start, week.end)
        shares.append(100 * len(active) / len(people) if observed[i] and people else None)
    before = _run([value for value, week in zip(shares, weeks, strict=True) if week.start < begin][::-1])[::-1]
    after = _run([value for value, week in zip(shares, weeks, strict=True) if week.start >= begin])
    row |= {"n_weeks_before": len(before), "n_weeks_after": len(after)}
    if min(len(before), len(after)) < 12:
        return row
    figures = alone(before, after)
    if figures is None:
        return row
    first, last_day = begin - timedelta(weeks=len(before)), begin + timedelta(weeks=len(after)) - timedelta(days=1)
    n_others = 0
    for i, (_, _, other) in enumerate(events):
        n_others += i != number and any(first <= day <= last_day for day in other.values())
    return row | {"method": "interrupted series", "has_comparison": False, "n_other_events": n_others} | figures


def _run(values: list[float | None]) -> list[float]:
    """The known values up to the first unknown one."""
    known: list[float] = []
    for value in values:
        if value is None:
            break
        known.append(value)
    return known


def alone(before: list[float], after: list[float]) -> Row | None:
    """Step and change of slope of the series; None if it lies on its lines."""
    y = np.array([*before, *after])
    n, m = len(y), len(before)
    x = np.array([[1, t, float(t > m), max(0, t - m - 1)] for t in range(1, n + 1)], dtype=float)
    if np.allclose(y, x @ np.linalg.lstsq(x, y, rcond=None)[0], atol=1e-9 * max(1, abs(y).max()), rtol=0):
        return None

    def likelihood(r: float) -> float:
        v = np.array([[r ** abs(i - j) for j in range(n)] for i in range(n)]) / (1 - r * r)
        inverse = np.linalg.inv(v)
        fisher = x.T @ inverse @ x
        rest = y - x @ np.linalg.solve(fisher, x.T @ inverse @ y)
        parts = np.linalg.slogdet(v)[1] + np.linalg.slogdet(fisher)[1] + (n - 4) * np.log(rest @ inverse @ rest)
        return float(-parts / 2)

    r = max((i / 100 for i in range(99)), key=likelihood)
    fit = GLS(y, x, sigma=np.array([[r ** abs(i - j) for j in range(n)] for i in range(n)])).fit()
    t = stats.t(min(n - 4, n * (1 - r) / (1 + r)))
    row: Row = {}
    for place, name in ((2, "effect"), (3, "slope")):
        value, error = float(fit.params[place]), float(fit.bse[place])
        p = float(2 * t.sf(abs(value) / error))
        row |= {
            f"{name}_pp": value,
            f"{name}_pp_low": value - float(t.ppf(0.975)) * error,
            f"{name}_pp_high": value + float(t.ppf(0.975)) * error,
            f"{name}_p": p,
            "wording" if place == 2 else "slope_wording":
                "nothing shown" if p > 0.025 else "more" if value > 0 else "fewer",
            "minimum_pp" if place == 2 else "slope_minimum_pp": float(t.ppf(0.975) + t.ppf(0.8)) * error,
        }  # fmt: skip
    return row
