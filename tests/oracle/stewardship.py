"""On how many people spaces rest, straight from the definition of `mart_stewardship`; and companies to judge it by."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from tests.oracle.company import CONTRIBUTIONS, PEOPLE_KINDS, Company
from tests.oracle.definitions import (
    ALL,
    Deed,
    Period,
    deeds_of,
    eligible_people,
    periods_of,
    platform_states,
    platforms_of,
    remembered,
    roster_of,
    spell_on,
)
from tests.oracle.marts import Row, head, is_seen, ratio
from tests.oracle.talk import Space, Talk, long_talk
from tests.oracle.threads import dated, persons

SILENT_DAYS = 90


@remembered
def visits(talk: Talk, space: Space) -> list[tuple[str, date]]:
    """Who contributed to the space, and when."""
    kinds = {one.account_id: one.kind for one in talk.company.accounts}
    return [
        (persons(talk.company)[e.account_id][0], e.occurred_at.date())
        for e in dated(talk.company)
        if (e.platform, e.space_id) == (space.platform, space.space_id) and e.account_id and e.occurred_at
        and e.is_contribution and e.action in CONTRIBUTIONS and kinds[e.account_id] in PEOPLE_KINDS
    ]  # fmt: skip


def main_contributors(totals: dict[str, int]) -> set[str]:
    """The fewest people with half of the total; with one of several equals come the others."""
    found = set[str]()
    for level in sorted(set(totals.values()), reverse=True):
        if 2 * sum(totals[person] for person in found) >= sum(totals.values()):
            break
        found |= {person for person, total in totals.items() if total == level}
    return found


def has_left(world: Company, person: str, day: date) -> bool:
    """Whether the person was employed up to the day and is not on it."""
    was_here = any(spell.person_id == person and spell.valid_from <= day for spell in roster_of(world))
    return was_here and spell_on(world, person, day) is None


@remembered
def observed_days(world: Company) -> list[date]:
    """The days on which every platform that still delivers was observed."""
    return [day for day, state in platform_states(world, ALL).items() if state == "observed"]


@remembered
def contributions(world: Company) -> list[Deed]:
    """Everybody's contributions anywhere."""
    return [deed for deed in deeds_of(world) if deed.counts]


@remembered
def is_silent(world: Company, person: str, day: date) -> bool:
    """Whether 90 observed days have passed since the last contribution anywhere."""
    last = max(deed.day for deed in contributions(world) if deed.person == person and deed.day <= day)
    return sum(last < one <= day for one in observed_days(world)) >= SILENT_DAYS


def year_of(month: Period) -> date:
    """The first day of the twelve months that end with the month."""
    first = month.start
    for _ in range(11):
        first = (first - timedelta(days=1)).replace(day=1)
    return first


def is_year_known(world: Company, platform: str, month: Period) -> bool:
    """Whether some day of each of the twelve months was seen."""
    months = [one for one in periods_of(world, "month", platform) if year_of(month) <= one.start <= month.start]
    return len(months) == 12 and all(is_seen(world, one, platform) for one in months)


def stewardship(talk: Talk) -> list[Row]:
    """The rows of `mart_stewardship`."""
    world, rows = talk.company, []
    for platform in platforms_of(world):
        for month in periods_of(world, "month", platform):
            day = min(month.end, world.as_of)
            known = [
                one for one in platforms_of(world)
                if one != ALL and platform in (ALL, one) and is_year_known(world, one, month)
            ]  # fmt: skip
            figures = figures_of(talk, known, month, day)
            if not known:
                figures = dict.fromkeys(figures)
            people = eligible_people(world, month, platform)
            rows.append(head(world, month, platform, ALL) | {"n_eligible": len(people)} | figures)
    return rows


def figures_of(talk: Talk, platforms: list[str], month: Period, day: date) -> Row:
    """What the public spaces of the platforms look like on the day."""
    world = talk.company
    n_spaces = n_alive = n_left = n_silent = n_on_one = 0
    for space in talk.spaces:
        own = [(person, on) for person, on in visits(talk, space) if year_of(month) <= on <= month.end]
        if space.platform not in platforms or space.visibility != "public" or not own:
            continue
        totals = {person: sum(one == person for one, _ in own) for person, _ in own}
        stewards = main_contributors(totals)
        gone = {person for person in stewards if has_left(world, person, day)}
        n_spaces += 1
        n_alive += max(on for _, on in own) > day - timedelta(days=90)
        n_on_one += len(stewards) == 1
        if gone == stewards:
            n_left += 1
        elif all(person in gone or is_silent(world, person, day) for person in stewards):
            n_silent += 1
    can_leave = bool(roster_of(world))
    can_be_silent = sum(one <= day for one in observed_days(world)) >= SILENT_DAYS
    return {
        "n_spaces": n_spaces,
        "n_alive": n_alive,
        "n_left": n_left if can_leave else None,
        "left_ratio": ratio(n_left, n_spaces) if can_leave else None,
        "n_silent": n_silent if can_be_silent else None,
        "silent_ratio": ratio(n_silent, n_spaces) if can_be_silent else None,
        "n_on_one": n_on_one,
        "on_one_ratio": ratio(n_on_one, n_spaces),
    }


# ---- invention -------------------------------------------------------------------------------------------------------


def scattered_talk(seed: int) -> Talk:
    """A long talk, thinned out over more spaces, some of whose people fall silent one day."""
    talk, random = long_talk(seed), Random(seed)
    spaces = tuple(
        Space(f"{one.space_id}-{i}", one.platform, one.workspace, one.visibility)
        for one in talk.spaces
        for i in range(4 if one.visibility == "public" else 1)
    )
    last_day = {one.account_id: date(2023, 2, 1) + timedelta(days=random.choice((200, 290, 320, 999, 999)))
                for one in talk.company.accounts}  # fmt: skip
    favourites: dict[str, list[str]] = {}
    for one in talk.company.accounts:
        near = [s.space_id for s in spaces if (s.platform, s.workspace) == (one.platform, one.workspace)]
        favourites[one.account_id] = random.sample(near, random.choice((1, 2, 4)))
    events = tuple(
        replace(event, space_id=random.choice(favourites[event.account_id]) if event.account_id else None)
        for event in talk.company.events
        if event.account_id is None or event.occurred_at is None
        or (event.occurred_at.date() <= last_day[event.account_id] and random.random() < 0.3)
    )  # fmt: skip
    return Talk(replace(talk.company, events=events), spaces)
