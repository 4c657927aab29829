"""Days active, usage segments and retention of a company, straight from their definitions.

How many people are active at all is in `marts`; presence by usage reports is in `presence`.
"""

from collections import Counter
from datetime import date, timedelta

from tests.oracle.company import Company
from tests.oracle.definitions import (
    Period,
    days_from_to,
    deeds_of,
    eligible_people,
    people_in,
    period_of,
    periods_of,
    platform_states,
    platforms_of,
    remembered,
    roster_of,
    spell_on,
    units_of,
)
from tests.oracle.marts import Row, contributions_of, head, is_seen, ratio, wilson

WIDTH = {"week": 7, "month": 28}
HABITS = {"9 of 12": (9, 12), "4 of 4": (4, 4)}
SEGMENTS = ("power", "habitual", "novice", "low", "none", "unknown")
LAST_WEEK = 12
KNOWN_AFTER_DAYS = 90


def is_window_seen(world: Company, platform: str, first: date, last: date) -> bool:
    """Whether every day from first to last is observed or partial."""
    states = platform_states(world, platform)
    return all(states.get(day, "missing") != "missing" for day in days_from_to(first, last))


# ---- mart_days_active ------------------------------------------------------------------------------------------------


def days_active(world: Company) -> list[Row]:
    """The rows of `mart_days_active`."""
    rows: list[Row] = []
    for platform in platforms_of(world):
        for kind, width in WIDTH.items():
            for period in periods_of(world, kind, platform):
                first = period.end - timedelta(days=width - 1)
                days: dict[str, set[date]] = {}
                for deed in contributions_of(world, platform, first, period.end):
                    days.setdefault(deed.person, set()).add(deed.day)
                is_known = is_window_seen(world, platform, first, period.end)
                for unit in units_of(world):
                    people = people_in(eligible_people(world, period, platform), unit)
                    numbers = [len(days.get(person, ())) for person in people]
                    for n in range(width + 1):
                        rows.append(
                            head(world, period, platform, unit)
                            | {"n_eligible": len(people), "n_days_active": n}
                            | {
                                "n_people": sum(number == n for number in numbers) if is_known else None,
                                "n_at_least": sum(number >= n for number in numbers) if is_known else None,
                            }
                        )
    return rows


# ---- prep_segment and mart_usage_segments ----------------------------------------------------------------------------


@remembered
def totals_of(world: Company, platform: str) -> dict[tuple[str, date], int]:
    """What each person contributed in each week, by its Monday."""
    return Counter(
        (deed.person, period_of("week", deed.day).start) for deed in deeds_of(world, platform) if deed.counts
    )


def window_of(week: Period, n_weeks: int) -> list[Period]:
    """The calendar weeks that end with this one, oldest first."""
    return [period_of("week", week.start - timedelta(days=7 * i)) for i in reversed(range(n_weeks))]


def segment(world: Company, person: str, week: Period, platform: str, habit: str) -> str:
    """What the window makes of the person."""
    n_needed, n_weeks = HABITS[habit]
    window = window_of(week, n_weeks)
    if not is_window_seen(world, platform, window[0].start, week.end):
        return "unknown"
    if not all(person in eligible_people(world, one, platform) for one in window):
        return "unknown"
    totals = [totals_of(world, platform).get((person, one.start), 0) for one in window]
    return classify(totals, n_needed)


def classify(totals: list[int], n_needed: int) -> str:
    """The segment of a whole window of weekly totals."""
    mean, has_habit = sum(totals) / len(totals), sum(total >= 1 for total in totals) >= n_needed
    if has_habit and mean >= 15:
        return "power"
    if has_habit:
        return "habitual"
    if mean >= 1:
        return "novice"
    return "low" if mean > 0 else "none"


def usage_segments(world: Company) -> list[Row]:
    """The rows of `mart_usage_segments`."""
    rows: list[Row] = []
    for platform in platforms_of(world):
        for week in periods_of(world, "week", platform):
            eligible = eligible_people(world, week, platform)
            for habit, (_, n_weeks) in HABITS.items():
                found = {person: segment(world, person, week, platform, habit) for person in eligible}
                is_known = is_window_seen(world, platform, window_of(week, n_weeks)[0].start, week.end)
                for unit in units_of(world):
                    people = people_in(eligible, unit)
                    row = head(world, week, platform, unit) | {"n_eligible": len(people), "habit": habit}
                    for name in SEGMENTS:
                        row[f"n_{name}"] = sum(found[person] == name for person in people) if is_known else None
                    if not is_known:
                        row["n_unknown"] = len(people) if is_seen(world, week, platform) else None
                    rows.append(row)
    return rows


# ---- mart_retention --------------------------------------------------------------------------------------------------


@remembered
def first_days(world: Company, platform: str) -> dict[str, date]:
    """The day of the first contribution of everybody who has one."""
    first: dict[str, date] = {}
    for deed in deeds_of(world, platform):
        if deed.counts:
            first[deed.person] = min(deed.day, first.get(deed.person, deed.day))
    return first


@remembered
def contribution_days(world: Company, platform: str) -> dict[str, frozenset[date]]:
    """The days on which each person contributes."""
    days: dict[str, set[date]] = {}
    for deed in deeds_of(world, platform):
        if deed.counts:
            days.setdefault(deed.person, set()).add(deed.day)
    return {person: frozenset(found) for person, found in days.items()}


def retention(world: Company) -> list[Row]:
    """The rows of `mart_retention`."""
    rows: list[Row] = []
    for platform in platforms_of(world):
        states = platform_states(world, platform)
        seen_days = sorted(day for day, state in states.items() if state != "missing")
        for month in periods_of(world, "month", platform):
            # the 91st observed day is the month's first day or lies before it
            is_late = len(seen_days) > KNOWN_AFTER_DAYS and seen_days[KNOWN_AFTER_DAYS] <= month.start
            is_known = is_late and is_seen(world, month, platform)
            eligible = eligible_people(world, month, platform)
            for unit in units_of(world):
                people = people_in(eligible, unit)
                cohort = {p for p in people if month.start <= first_days(world, platform).get(p, date.max) <= month.end}
                for k in range(LAST_WEEK + 1):
                    row = head(world, month, platform, unit) | {"n_eligible": len(people), "n_weeks_since": k}
                    rows.append(row | week_after(world, platform, month, cohort if is_known else None, k))
    return rows


def week_after(world: Company, platform: str, month: Period, cohort: set[str] | None, k: int) -> Row:
    """What became of a cohort in week k; None stands for one of which nobody knows who was new."""
    columns = ("n_observable", "n_left", "n_active", "retention_ratio", "retention_ratio_low", "retention_ratio_high")
    row: Row = {"n_cohort": None if cohort is None else len(cohort), **dict.fromkeys(columns)}
    if cohort is None or month.end + timedelta(days=7 * k + 6) > world.as_of:
        return row
    weeks = {person: first_days(world, platform)[person] + timedelta(days=7 * k) for person in cohort}
    spans = {person: days_from_to(first, first + timedelta(days=6)) for person, first in weeks.items()}
    has_roster = bool(roster_of(world))
    here = {p for p in cohort if not has_roster or all(spell_on(world, p, day) for day in spans[p])}
    observable = {p for p in here if is_window_seen(world, platform, spans[p][0], spans[p][-1])}
    n_active = sum(bool(contribution_days(world, platform)[p] & set(spans[p])) for p in observable)
    low, high = wilson(n_active, len(observable))
    return row | {
        "n_observable": len(observable),
        "n_left": len(cohort - here) if has_roster else None,
        "n_active": n_active if observable else None,
        "retention_ratio": ratio(n_active, len(observable)),
        "retention_ratio_low": low,
        "retention_ratio_high": high,
    }
