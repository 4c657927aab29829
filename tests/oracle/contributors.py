"""Lurkers, Lorenz curves, roles and breadth of a company, computed straight from their definition.

Formulas on numbers are in `inequality`; how long newcomers take to contribute is in `converting`.
"""

from datetime import date

from tests.oracle.company import Company
from tests.oracle.definitions import (
    ALL,
    Period,
    eligible_people,
    people_in,
    periods_of,
    platforms_of,
    roster_of,
    units_of,
)
from tests.oracle.inequality import held_by_least_active
from tests.oracle.marts import OF_PRESENT, Row, contributions_of, contributor_ratios, head, is_seen, ratio, wilson
from tests.oracle.presence import Report, present_people

PERCENTS = range(0, 101, 5)


def totals_of(world: Company, period: Period, platform: str) -> dict[str, int]:
    """What each eligible person contributes."""
    doers = [deed.person for deed in contributions_of(world, platform, period.start, period.end)]
    return {person: doers.count(person) for person in eligible_people(world, period, platform)}


def start(world: Company, period: Period, platform: str, unit: str) -> Row:
    """The columns with which every mart starts."""
    people = people_in(eligible_people(world, period, platform), unit)
    return head(world, period, platform, unit) | {"n_eligible": len(people)}


def contributor_ratios_with(world: Company, reports: list[Report]) -> list[Row]:
    """The rows of `mart_contributor_ratios` where usage reports tell who was present."""
    rows = contributor_ratios(world)
    read = [one for one in reports if one.last <= world.as_of]
    periods = {(p.kind, p.start): p for one in platforms_of(world) for k in ("week", "month")
               for p in periods_of(world, k, one)}  # fmt: skip
    for row in rows:
        period, platform = periods[str(row["period_kind"]), row["period_start"]], str(row["platform"])  # type: ignore[index]
        present = present_people(world, read, platform, period)
        if present is None or period.start < first_day(world) or not is_seen(world, period, platform):
            continue
        people = people_in(eligible_people(world, period, platform), str(row["unit"]))
        doers = {deed.person for deed in contributions_of(world, platform, period.start, period.end)}
        there, active = people & present, people & doers
        low, high = wilson(len(active), len(there))
        row["n_lurkers"] = len(there - doers)
        row["n_absent"] = len(people - there)
        row[OF_PRESENT] = ratio(len(active), len(there))
        row[f"{OF_PRESENT}_low"], row[f"{OF_PRESENT}_high"] = low, high
    return rows


def first_day(world: Company) -> date:
    """The first day of the data; nothing is read of the days before it."""
    dated = [event.occurred_at.date() for event in world.events if event.occurred_at is not None]
    return min([file.first for file in world.coverage] + dated)


def lorenz(world: Company) -> list[Row]:
    """The rows of `mart_lorenz`."""
    rows: list[Row] = []
    for platform in platforms_of(world):
        for period in [p for kind in ("week", "month") for p in periods_of(world, kind, platform)]:
            given = totals_of(world, period, platform)
            for unit in units_of(world):
                people = people_in(eligible_people(world, period, platform), unit)
                totals = [given[person] for person in people]
                first = start(world, period, platform, unit)
                for percent in PERCENTS:
                    share = held_by_least_active(totals, percent) if is_seen(world, period, platform) else None
                    rows.append(first | {"percent_of_people": percent, "contributions_ratio": share})
    return rows


def role_of(total: int, totals: list[int]) -> str:
    """Core, regular or casual, by what is held by those with more."""
    above, whole = sum(other for other in totals if other > total), sum(totals)
    if 100 * above < 80 * whole:
        return "core"
    return "regular" if 100 * above < 95 * whole else "casual"


def roles(world: Company) -> list[Row]:
    """The rows of `mart_roles`."""
    rows: list[Row] = []
    for platform in platforms_of(world):
        for period in periods_of(world, "month", platform):
            given = totals_of(world, period, platform)
            role = {person: role_of(given[person], list(given.values())) for person in given if given[person]}
            for unit in units_of(world):
                people = people_in(eligible_people(world, period, platform), unit)
                found = [role[person] for person in people if person in role]
                counts: Row = {f"n_{name}": found.count(name) for name in ("core", "regular", "casual")}
                if not is_seen(world, period, platform):
                    counts = dict.fromkeys(counts)
                rows.append(start(world, period, platform, unit) | counts)
    return rows


def are_people_known(world: Company) -> bool:
    """Whether a roster, or a line of the mapping file, says which accounts belong to one person."""
    return bool(roster_of(world)) or any(account.person_id is not None for account in world.accounts)


def platform_overlap(world: Company) -> list[Row]:
    """The rows of `mart_platform_overlap`."""
    rows: list[Row] = []
    platforms = [one for one in platforms_of(world) if one != ALL]
    for period in [p for kind in ("week", "month") for p in periods_of(world, kind, ALL)] if platforms else []:
        seen = [one for one in platforms if is_seen(world, period, one)]
        for unit in units_of(world):
            people = people_in(eligible_people(world, period, ALL), unit)
            breadth = [sum(does_contribute(world, person, period, one) for one in seen) for person in people]
            row: Row = {"n_platforms": len(seen), "n_on_1": None, "n_on_2": None, "n_on_3_or_more": None}
            if are_people_known(world) and len(seen) >= 2:
                row |= {"n_on_1": breadth.count(1), "n_on_2": breadth.count(2)}
            if are_people_known(world) and len(seen) >= 3:
                row["n_on_3_or_more"] = sum(n >= 3 for n in breadth)
            rows.append(start(world, period, ALL, unit) | row)
    return rows


def does_contribute(world: Company, person: str, period: Period, platform: str) -> bool:
    """Whether the person contributes on the platform in the period."""
    return any(deed.person == person for deed in contributions_of(world, platform, period.start, period.end))


def platform_pairs(world: Company) -> list[Row]:
    """The rows of `mart_platform_pairs`."""
    rows: list[Row] = []
    platforms = [one for one in platforms_of(world) if one != ALL]
    for platform in platforms:
        for period in [p for kind in ("week", "month") for p in periods_of(world, kind, platform)]:
            for unit in units_of(world):
                here = active_in(world, period, platform, unit)
                for other in [one for one in platforms if one != platform]:
                    there = active_in(world, period, other, unit)
                    row: Row = {"n_either": None, "n_on_each": None, "overlap_ratio": None}
                    is_known = are_people_known(world) and is_seen(world, period, platform)
                    if is_known and is_seen(world, period, other):
                        n_each, n_either = len(here & there), len(here | there)
                        row = {"n_either": n_either, "n_on_each": n_each, "overlap_ratio": ratio(n_each, n_either)}
                    rows.append(start(world, period, platform, unit) | {"other_platform": other} | row)
    return rows


def active_in(world: Company, period: Period, platform: str, unit: str) -> set[str]:
    """The eligible people of the unit who contribute."""
    people = people_in(eligible_people(world, period, platform), unit)
    return people & {deed.person for deed in contributions_of(world, platform, period.start, period.end)}
