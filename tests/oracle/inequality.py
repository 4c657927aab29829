"""How unevenly contributions are spread, straight from the definitions: shares of the top, Gini, absence and elephants.

What a company's marts hold is in `marts`; who is eligible is in `definitions`.
"""

from collections.abc import Sequence
from fractions import Fraction

from tests.oracle.company import Company
from tests.oracle.definitions import (
    ALL,
    Period,
    deeds_of,
    eligible_people,
    people_in,
    period_of,
    platform_states,
    unit_on,
    units_of,
)


def top_share(totals: list[int], n_top: int) -> float | None:
    """The share of the n_top largest in the sum."""
    return sum(sorted(totals, reverse=True)[:n_top]) / sum(totals) if sum(totals) else None


def gini(totals: list[int]) -> float | None:
    """The Gini coefficient: 0 if all give the same, near 1 if one gives all."""
    n, whole = len(totals), sum(totals)
    weighted = sum(i * total for i, total in enumerate(sorted(totals), start=1))
    return (2 * weighted - (n + 1) * whole) / (n * whole) if whole else None


def gini_corrected(totals: list[int]) -> float | None:
    """The Gini coefficient over its largest value in a group of this size."""
    plain = gini(totals)
    return None if plain is None or len(totals) < 2 else plain * len(totals) / (len(totals) - 1)


def absence_factor(totals: Sequence[int]) -> int | None:
    """The fewest who together gave more than half."""
    given = 0
    for k, total in enumerate(sorted(totals, reverse=True), start=1):
        given += total
        if 2 * given > sum(totals):
            return k
    return None


def person_week_gini(world: Company, month: Period, platform: str, unit: str) -> float | None:
    """Half the mean difference of two person-weeks over their mean, in the weeks that end in a month.

    None for a week, and where a day of these weeks is missing or lies before or after the data.
    """
    sundays = [day for day in month.days() if day.weekday() == 6]
    weeks = [period_of("week", sunday) for sunday in sundays]
    states = platform_states(world, platform)
    if month.kind != "month" or any(states.get(d, "missing") == "missing" for week in weeks for d in week.days()):
        return None
    given = [
        sum(deed.counts and deed.person == person and week.start <= deed.day <= week.end for deed in deeds)
        for deeds in [deeds_of(world, platform)]
        for week in weeks
        for person in people_in(eligible_people(world, week, platform), unit)
    ]
    if not sum(given):
        return None
    differences = sum(abs(a - b) for a in given for b in given)
    return float(Fraction(differences, 2 * len(given) * sum(given)))


def elephant_factor(world: Company, period: Period, platform: str, unit: str) -> int | None:
    """The fewest units in which eligible people gave more than half of what they gave on days on which they had one."""
    if unit != ALL:
        return None
    eligible = eligible_people(world, period, platform)
    homes = [
        unit_on(world, deed.person, deed.day)
        for deed in deeds_of(world, platform)
        if deed.counts and deed.person in eligible and period.start <= deed.day <= period.end
    ]
    return absence_factor([homes.count(one) for one in units_of(world) if one != ALL])


def held_by_least_active(totals: list[int], percent: int) -> float | None:
    """The share of the sum held by the lowest percent of people; each is as wide as the others."""
    n, whole = len(totals), sum(totals)
    if not whole:
        return None
    end = Fraction(percent * n, 100)
    parts = [min(max(end - i, Fraction(0)), Fraction(1)) for i in range(n)]
    return float(sum(part * total for part, total in zip(parts, sorted(totals), strict=True)) / whole)
