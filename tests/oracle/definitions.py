"""What the marts' words mean: days, periods, coverage, employment, deeds. Written for obviousness, not for speed.

The marts themselves are in `marts`.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from tests.oracle.company import CONTRIBUTIONS, PEOPLE_KINDS, Company, Spell

ALL = "all"
STATES = ("observed", "partial", "missing")  # best first

remembered = lru_cache(maxsize=20_000)
"""Functions of a company that are asked again and again; nobody may change what they return."""


# ---- days and periods ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Period:
    """A day, an ISO week or a month; `end` is its last day."""

    kind: str
    start: date
    end: date

    def days(self) -> list[date]:
        """Every day of the period."""
        return days_from_to(self.start, self.end)


@remembered
def days_from_to(first: date, last: date) -> list[date]:
    """Every day from first to last, both included."""
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


def period_of(kind: str, day: date) -> Period:
    """The period that contains the day."""
    if kind == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(kind, monday, monday + timedelta(days=6))
    if kind == "month":
        return Period(kind, day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1]))
    return Period(kind, day, day)


@remembered
def periods_of(world: Company, kind: str, platform: str) -> list[Period]:
    """From the period of the platform's first covered day to the one of the as-of day."""
    found: list[Period] = []
    for day in days_from_to(min(platform_states(world, platform)), world.as_of):
        period = period_of(kind, day)
        if period not in found:
            found.append(period)
    return found


# ---- coverage --------------------------------------------------------------------------------------------------------


@remembered
def source_states(world: Company) -> dict[tuple[str, str], dict[date, str]]:
    """Per source (platform, workspace) the state of every day on which it has a row."""
    files = [file for file in world.coverage if file.first <= world.as_of]
    states: dict[tuple[str, str], dict[date, str]] = {}
    for source in sorted({(file.platform, file.workspace) for file in files}):
        own = [file for file in files if (file.platform, file.workspace) == source]
        first = min(file.first for file in own)
        last = min(max(file.last for file in own), world.as_of)
        still_delivers = (world.as_of - last).days <= world.cadence_days
        states[source] = {}
        for day in days_from_to(first, world.as_of if still_delivers else last):
            seen = ["missing"]
            for file in own:
                if file.first <= day <= file.last:
                    is_end = day in (file.first, file.last) and not file.is_stated
                    seen.append("partial" if is_end else "observed")
            states[source][day] = min(seen, key=STATES.index)
    return states


@remembered
def platform_states(world: Company, platform: str) -> dict[date, str]:
    """The state of every day on which some source of the platform (or of any, for `all`) has a row."""
    per_day: dict[date, set[str]] = {}
    for (source_platform, _), days in source_states(world).items():
        if platform in (ALL, source_platform):
            for day, state in days.items():
                per_day.setdefault(day, set()).add(state)
    return {day: next(iter(seen)) if len(seen) == 1 else "partial" for day, seen in per_day.items()}


def platforms_of(world: Company) -> list[str]:
    """Every platform with coverage, and `all`."""
    covered = {platform for platform, _ in source_states(world)}
    return [*sorted(covered), ALL] if covered else []


def has_reactions(world: Company, platform: str) -> bool:
    """Whether some loaded file of the platform knows reactions."""
    return any(file.has_reactions for file in world.coverage if platform in (ALL, file.platform))


# ---- deeds: dated events of known actors -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Deed:
    """An event whose actor and day are known, by person instead of account."""

    person: str
    is_matched: bool
    kind: str
    platform: str
    day: date
    action: str
    counts: bool
    has_own_time: bool
    target: str | None
    number: int


@remembered
def deeds_of(world: Company, platform: str = ALL) -> list[Deed]:
    """The deeds on a platform up to the as-of day."""
    account_by_id = {account.account_id: account for account in world.accounts}
    person_of = people_behind(world)
    deeds = []
    for event in world.events:
        if event.account_id is None or event.occurred_at is None or event.occurred_at.date() > world.as_of:
            continue
        account = account_by_id[event.account_id]
        deed = Deed(
            person=person_of[event.account_id],
            is_matched=person_of[event.account_id] != event.account_id,
            kind=account.kind,
            platform=event.platform,
            day=event.occurred_at.date(),
            action=event.action,
            counts=event.is_contribution and event.action in CONTRIBUTIONS and account.kind in PEOPLE_KINDS,
            has_own_time=event.time_basis == "own",
            target=None if event.target_account_id is None else person_of[event.target_account_id],
            number=event.number,
        )
        if platform in (ALL, deed.platform):
            deeds.append(deed)
    return deeds


# ---- the population --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """Where somebody stands in a period: as on the last employed day within it."""

    unit: str | None = None
    is_executive: bool = False


@remembered
def roster_of(world: Company) -> list[Spell]:
    """The roster rows that are read."""
    return [spell for spell in world.spells if spell.valid_from <= world.as_of]


@remembered
def people_behind(world: Company) -> dict[str, str]:
    """The person behind each account; the account itself where the roster, as it is read, does not know them."""
    known = {spell.person_id for spell in roster_of(world)}
    return {one.account_id: one.person_id if one.person_id in known else one.account_id for one in world.accounts}  # type: ignore[misc]


def units_of(world: Company) -> list[str]:
    """Every unit that any roster row names, and `all`."""
    return [*sorted({spell.unit for spell in roster_of(world) if spell.unit is not None}), ALL]


@remembered
def spell_on(world: Company, person: str, day: date) -> Spell | None:
    """The roster row of the person that is in force on the day."""
    for spell in roster_of(world):
        if spell.person_id == person and spell.valid_from <= day and (spell.valid_to is None or day < spell.valid_to):
            return spell
    return None


def unit_on(world: Company, person: str, day: date) -> str | None:
    """The unit in which the person is employed on the day."""
    spell = spell_on(world, person, day)
    return spell.unit if spell else None


def employed_days(world: Company, person: str, period: Period) -> list[Spell]:
    """For each day of the period on which the person is employed, in order, the row in force."""
    rows = [spell_on(world, person, day) for day in period.days()]
    return [row for row in rows if row is not None]


def standing_in(world: Company, person: str, period: Period) -> Standing | None:
    """The standing of the person on the last employed day of the period; None without such a day."""
    rows = employed_days(world, person, period)
    return Standing(rows[-1].unit, rows[-1].is_executive) if rows else None


@remembered
def eligible_people(world: Company, period: Period, platform: str) -> dict[str, Standing]:
    """Who is eligible in the period, and where they stand."""
    if not roster_of(world):
        seen = {d.person for d in deeds_of(world, platform) if d.kind == "human" and d.day <= period.end}
        return {person: Standing() for person in seen}
    eligible = {}
    for person in {spell.person_id for spell in roster_of(world)}:
        rows = employed_days(world, person, period)
        if 2 * len(rows) >= len(period.days()):
            eligible[person] = Standing(rows[-1].unit, rows[-1].is_executive)
    return eligible


def people_in(eligible: dict[str, Standing], unit: str) -> set[str]:
    """Those of the eligible people who stand in the unit."""
    return {person for person, standing in eligible.items() if unit in (ALL, standing.unit)}
