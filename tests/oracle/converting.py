"""How long newcomers of a platform take to contribute, straight from the definition: follow everybody, day by day.

Companies whose usage reports are long enough for it are invented here too.
"""

import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from tests.oracle.company import Account, Company, Coverage, Event, Spell
from tests.oracle.contributors import start
from tests.oracle.definitions import (
    ALL,
    Period,
    deeds_of,
    eligible_people,
    people_behind,
    periods_of,
    platform_states,
    platforms_of,
    roster_of,
    spell_on,
    units_of,
)
from tests.oracle.marts import Row, Z, wilson
from tests.oracle.presence import Report

UNKNOWN_DAYS = 90
HORIZONS = (28, 90)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Newcomer:
    """Somebody whose first day is in the month: contributes after n_days, or is followed no longer."""

    unit: str | None
    n_days: int
    is_converted: bool


def conversion(world: Company, reports: list[Report]) -> list[Row]:
    """The rows of `mart_conversion`."""
    rows: list[Row] = []
    for platform in platforms_of(world):
        for month in periods_of(world, "month", platform):
            is_known = is_cohort_known(world, reports, month, platform)
            everybody = newcomers(world, reports, month, platform) if is_known else []
            for unit in units_of(world):
                cohort = [one for one in everybody if unit in (ALL, one.unit)]
                figures = figures_of(cohort)
                if not is_known:
                    figures = dict.fromkeys(figures)
                rows.append(start(world, month, platform, unit) | figures)
    return rows


def is_read(world: Company, reports: list[Report], platform: str, day: date) -> bool:
    """Whether a report of this one day says who was there; of all platforms, whether each observed one has such."""
    if platform == ALL:
        single = [one for one in platforms_of(world) if one != ALL]
        seen = [one for one in single if platform_states(world, one).get(day, "missing") != "missing"]
        return bool(seen) and all(is_read(world, reports, one, day) for one in seen)
    told = [r for r in reports if r.platform == platform and r.first == r.last == day]
    is_told = any(r.account_id is not None and r.is_active is not None for r in told)
    return is_told and platform_states(world, platform).get(day, "missing") != "missing"


def is_cohort_known(world: Company, reports: list[Report], month: Period, platform: str) -> bool:
    """Whether each day of the month so far is read, and 90 days before it were."""
    so_far = [day for day in month.days() if day <= world.as_of]
    before = [day for day in platform_states(world, platform) if day < month.start]
    n_before = sum(is_read(world, reports, platform, day) for day in before)
    is_whole = bool(roster_of(world)) and all(is_read(world, reports, platform, day) for day in so_far)
    return is_whole and n_before >= UNKNOWN_DAYS


def newcomers(world: Company, reports: list[Report], month: Period, platform: str) -> list[Newcomer]:
    """The eligible people whose first day is in the month, if employed then."""
    person_of = people_behind(world)
    there: dict[str, set[date]] = {}
    doing: dict[str, set[date]] = {}
    for r in reports:
        is_daily = r.first == r.last <= world.as_of and platform in (ALL, r.platform)
        if is_daily and r.is_active and r.account_id is not None:
            there.setdefault(person_of[r.account_id], set()).add(r.first)
    for deed in deeds_of(world, platform):
        if deed.counts:
            doing.setdefault(deed.person, set()).add(deed.day)
            there.setdefault(deed.person, set()).add(deed.day)
    found = []
    for person, standing in eligible_people(world, month, platform).items():
        first = min(there.get(person, {date.max}))
        if not month.start <= first <= month.end or spell_on(world, person, first) is None:
            continue
        day = first
        while day not in doing.get(person, ()) and is_followed(world, person, day + DAY, platform):
            day += DAY
        found.append(Newcomer(standing.unit, (day - first).days, day in doing.get(person, ())))
    return found


def is_followed(world: Company, person: str, day: date, platform: str) -> bool:
    """Whether the day is seen, and the person still employed."""
    is_seen = platform_states(world, platform).get(day, "missing") != "missing"
    return day <= world.as_of and is_seen and spell_on(world, person, day) is not None


def figures_of(cohort: list[Newcomer]) -> Row:
    """What the mart says of a cohort."""
    row: Row = {
        "n_cohort": len(cohort),
        "n_censored": sum(not one.is_converted and one.n_days < 90 for one in cohort),
    }
    for n in HORIZONS:
        ratio, low, high = kaplan_meier(cohort, n)
        row[f"n_converted_{n}d"] = sum(one.is_converted and one.n_days <= n for one in cohort)
        row[f"converted_{n}d_ratio"] = ratio
        row[f"converted_{n}d_ratio_low"], row[f"converted_{n}d_ratio_high"] = low, high
    return row


def kaplan_meier(cohort: list[Newcomer], horizon: int) -> tuple[float | None, float | None, float | None]:
    """1 - S(horizon) and its bounds; None where nobody is followed that long and somebody has not converted."""
    share, greenwood = 1.0, 0.0
    for day in range(horizon + 1):
        n_at_risk = sum(one.n_days >= day for one in cohort)
        n_events = sum(one.is_converted and one.n_days == day for one in cohort)
        if n_events:
            share *= 1 - n_events / n_at_risk
            greenwood += math.inf if n_events == n_at_risk else n_events / (n_at_risk * (n_at_risk - n_events))
    if share > 0 and not any(one.n_days >= horizon for one in cohort):
        return None, None, None
    if share in (0, 1):
        known = [one for one in cohort if one.n_days >= horizon or one.is_converted]
        low, high = wilson(sum(one.is_converted and one.n_days <= horizon for one in known), len(known))
        return 1 - share, low, high
    spread = Z * math.sqrt(greenwood) / abs(math.log(share))
    return 1 - share, 1 - share ** math.exp(-spread), 1 - share ** math.exp(spread)


def newcomer_company(seed: int) -> tuple[Company, list[Report]]:
    """A year of two platforms with daily reports from some day on, gaps in coverage, and people who come and go."""
    random = Random(seed)
    first, n_days = date(2023, 8, random.choice((1, 9))), 340
    platforms = ("alpha", "beta")[: random.choice((1, 2, 2))]
    cuts = sorted(random.sample(range(60, n_days), 2))
    gaps = {"alpha": random.choice(((cuts[0], cuts[0] + 5), (cuts[1], cuts[1] + 1), None)), "beta": None}
    coverage = []
    for platform in platforms:
        gap = gaps[platform] or (n_days, n_days)
        coverage.append(Coverage(platform, "w0", first, first + (gap[0] - 1) * DAY))
        if gap[1] < n_days:
            coverage.append(Coverage(platform, "w0", first + gap[1] * DAY, first + (n_days - 1) * DAY))
    as_of = first + (n_days - random.choice((1, 1, 10))) * DAY
    accounts, spells, events, reports = [], [], [], []
    for i in range(30):
        person, hired = f"person-{i}", random.choice((-400, *range(80, 240, 9)))
        turn = hired + random.choice((1, 20, 60, 400))
        spells += _stay(random, person, first, hired, turn)
        for platform in platforms:
            account = Account(f"{platform}-{i}", platform, "w0", "human", person if random.random() < 0.95 else None)
            accounts.append(account)
            begins = max(hired, 0) + random.choice((0, 1, 5, 40, 89, 91, 130, 180))
            for n in sorted({begins, *random.choices(range(begins, begins + 60), k=3)}):
                reports.append(_report(account, first + n * DAY, 1, is_active=random.random() < 0.9))
            delay = random.choice((0, 3, 27, 28, 29, 89, 90, 91, 500, 500, 500))
            if delay < 500:
                at = first + (begins + delay) * DAY
                events.append(post(account, at, len(events)))
    read_from = random.choice((0, 0, 20))
    for platform in platforms:
        watcher = Account(f"{platform}-watcher", platform, "w0", "human", None)
        accounts.append(watcher)
        skipped = random.choice((None, 150, 200))
        days = [n for n in range(read_from, n_days) if n != skipped]
        reports += [_report(watcher, first + n * DAY, 1, is_active=False) for n in days]
        reports += [_report(watcher, first + n * DAY, 7, is_active=True) for n in (9, 150)]
    spells.append(Spell("founder", date(2020, 1, 1), None, "Ops"))
    return Company(tuple(accounts), tuple(spells), tuple(events), tuple(coverage), as_of), reports


def _stay(random: Random, person: str, first: date, hired: int, turn: int) -> list[Spell]:
    """From hire on: for good, with a change of unit, until they leave, or with a return after a gap."""
    begin, middle = first + hired * DAY, first + turn * DAY
    career = random.choice(("stays", "moves", "leaves", "returns"))
    if career == "stays":
        return [Spell(person, begin, None, random.choice(("Law", "Ops", None)))]
    before = Spell(person, begin, middle, "Law")
    if career == "moves":
        return [before, Spell(person, middle, None, random.choice(("Ops", "Law", None)))]
    return [before] if career == "leaves" else [before, Spell(person, middle + 3 * DAY, None, "Ops")]


def _report(account: Account, day: date, n_days: int, *, is_active: bool) -> Report:
    return Report(account.account_id, account.platform, day, day + (n_days - 1) * DAY, is_active)


def post(account: Account, day: date, number: int) -> Event:
    """A post on the day."""
    at = datetime.combine(day, time(9))
    return Event(account.platform, account.workspace, number, at, "own", "post", True, account.account_id)
