"""Who is present in the 1, 7 and 28 days up to a day, by usage reports and contributions, straight from its definition.

A company has no usage reports; they are given beside it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tests.oracle.company import Company
from tests.oracle.definitions import (
    ALL,
    Period,
    days_from_to,
    eligible_people,
    people_behind,
    people_in,
    periods_of,
    platform_states,
    platforms_of,
    roster_of,
    units_of,
)
from tests.oracle.marts import Row, contributors_of

WIDTHS = {"n_present_1d": 1, "n_present_7d": 7, "n_present_28d": 28}


@dataclass(frozen=True)
class Report:
    """What a usage report says of one account from its first to its last day."""

    account_id: str | None
    platform: str
    first: date
    last: date
    is_active: bool | None


def rolling_presence(world: Company, reports: list[Report]) -> list[Row]:
    """For each day row of `mart_active_users` the people present."""
    rows: list[Row] = []
    for platform in platforms_of(world):
        for period in periods_of(world, "day", platform):
            for unit in units_of(world):
                here = people_in(eligible_people(world, period, platform), unit)
                row: Row = {"period_start": period.start, "platform": platform, "unit": unit}
                for column, n_days in WIDTHS.items():
                    window = Period("window", period.start - timedelta(days=n_days - 1), period.start)
                    present = present_people(world, reports, platform, window)
                    row[column] = None if present is None else len(here & present)
                rows.append(row)
    return rows


def present_people(world: Company, reports: list[Report], platform: str, window: Period) -> set[str] | None:
    """Those whom a report inside the window calls active, and those who contribute in it; None if nobody knows."""
    if not is_told(world, reports, platform, window):
        return None
    person_of = people_behind(world)
    inside = [r for r in reports if window.start <= r.first and r.last <= window.end and platform in (ALL, r.platform)]
    active = {person_of[r.account_id] for r in inside if r.is_active and r.account_id is not None}
    return active | contributors_of(world, platform, window.start, window.end)


def is_told(world: Company, reports: list[Report], platform: str, window: Period) -> bool:
    """Whether reports that lie inside the window say of each of its days who was active."""
    if not roster_of(world):
        return False
    if platform == ALL:
        seen = [one for one in platforms_of(world) if one != ALL and is_any_day_seen(world, one, window)]
        return bool(seen) and all(is_told(world, reports, one, window) for one in seen)
    periods = {
        (r.first, r.last) for r in reports
        if r.platform == platform and r.account_id is not None and r.is_active is not None
    }  # fmt: skip
    told = {
        day for first, last in periods if window.start <= first and last <= window.end
        for day in days_from_to(first, last)
    }  # fmt: skip
    return told == set(window.days())


def is_any_day_seen(world: Company, platform: str, window: Period) -> bool:
    """Whether some day of the window is observed or partial."""
    return any(platform_states(world, platform).get(day, "missing") != "missing" for day in window.days())


def invented_reports(world: Company, seed: int) -> list[Report]:
    """Daily reports with gaps, weekly ones on some day of the week, and rolling ones of 7, 28 and 30 days."""
    random = Random(seed)
    reports: dict[tuple[object, ...], Report] = {}
    first_day = world.as_of - timedelta(days=random.choice((60, 100, 150)))
    for platform in sorted({account.platform for account in world.accounts}):
        accounts = [account.account_id for account in world.accounts if account.platform == platform]
        for n_days, step in random.sample(((1, 1), (1, 1), (7, 7), (7, 1), (28, 5), (28, 28), (30, 30), (14, 14)), 3):
            for offset in range(random.randrange(7), 150, step):
                if random.random() < 0.05:
                    continue
                first = first_day + timedelta(days=offset)
                last = first + timedelta(days=n_days - 1)
                for account in random.sample(accounts, min(len(accounts), 3)):
                    says = random.choice((True, True, False, None))
                    reports[account, first, last] = Report(account, platform, first, last, says)
                reports[platform, first, last] = Report(None, platform, first, last, None)
    return list(reports.values())
