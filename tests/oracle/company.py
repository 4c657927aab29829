"""Tiny companies as the warehouse sees them: accounts, roster, events and coverage, and a strategy that invents them.

What the figures of a company are is not here, but in `marts`.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st

CONTRIBUTIONS = ("post", "reply", "create", "edit", "comment", "share", "upload")
PEOPLE_KINDS = ("human", "external")


@dataclass(frozen=True)
class Account:
    """An account that some export names; `person_id` is its person on the roster, or None."""

    account_id: str
    platform: str
    workspace: str
    kind: str = "human"
    person_id: str | None = None


@dataclass(frozen=True)
class Spell:
    """One row of `dim_person`, already cut at hire and leave: employed on [valid_from, valid_to)."""

    person_id: str
    valid_from: date
    valid_to: date | None = None
    unit: str | None = None
    is_executive: bool = False


@dataclass(frozen=True)
class Event:
    """One row of `fct_event`. Its reporting day is its UTC day; `account_id` is None where the actor is hidden."""

    platform: str
    workspace: str
    number: int
    occurred_at: datetime | None
    time_basis: str
    action: str
    is_contribution: bool
    account_id: str | None
    space_id: str | None = None
    thread: int | None = None
    target_account_id: str | None = None


@dataclass(frozen=True)
class Coverage:
    """The days that one loaded file covers, both ends included; `is_stated` if the export itself says so."""

    platform: str
    workspace: str
    first: date
    last: date
    is_stated: bool = True
    has_reactions: bool = False


@dataclass(frozen=True, eq=False)
class Company:
    """Everything from which the marts are computed. Compared by identity, so that answers can be remembered."""

    accounts: tuple[Account, ...]
    spells: tuple[Spell, ...]
    events: tuple[Event, ...]
    coverage: tuple[Coverage, ...]
    as_of: date
    cadence_days: int = 45


def last_covered_day(coverage: tuple[Coverage, ...]) -> date:
    """The default of `as_of`: the last day that is observed or partial anywhere."""
    return max(file.last for file in coverage)


# ---- invention -------------------------------------------------------------------------------------------------------

STARTS = (
    date(2024, 1, 22),  # leap day 2024-02-29 within six weeks
    date(2023, 12, 13),  # ISO week 2024-W01 begins on 2024-01-01, a Monday
    date(2020, 12, 14),  # 2020-W53 runs from 2020-12-28 into January
    date(2023, 11, 6),  # 130 days reach from November (30 days: half of it is 15) past the leap day
)
PLATFORMS = ("alpha", "beta", "gamma")
UNITS = ("Law", "Ops", "Sales")
CAREERS = (
    *("stays", "stays", "moves", "moves", "joins", "leaves", "returns"),
    *("rises", "steps down", "passes through", "has no unit"),
)


@st.composite
def companies(draw: st.DrawFn) -> Company:
    """Small companies with the awkward cases on purpose: movers, returners, gaps, ties, hidden actors, no roster."""
    start = draw(st.sampled_from(STARTS))
    length = draw(st.sampled_from((35, 12, 65, 100, 130, 130)))
    sources = draw(_sources())
    coverage = tuple(file for source in sources for file in draw(_files(source, start, length, source == sources[0])))
    as_of = last_covered_day(coverage) + timedelta(days=draw(st.sampled_from((0, 0, 0, 0, 0, -1, -5, 3, 45, 46))))
    people = [f"person-{i}" for i in range(draw(st.sampled_from((4, 2, 3, 5, 8, 12))))]
    has_roster = draw(st.sampled_from((True, True, True, True, False)))
    spells = draw(_roster(people, start, length)) if has_roster else ()
    accounts = draw(_accounts(people if has_roster else [], sources))
    events = draw(_events(accounts, sources, start, length))
    return Company(accounts, spells, events, coverage, as_of)


@st.composite
def _sources(draw: st.DrawFn) -> list[tuple[str, str]]:
    platforms = PLATFORMS[: draw(st.integers(1, 3))]
    return [(platform, f"w{i}") for platform in platforms for i in range(draw(st.sampled_from((1, 1, 1, 2))))]


@st.composite
def _files(draw: st.DrawFn, source: tuple[str, str], start: date, length: int, is_main: bool) -> list[Coverage]:
    """One to three files, one after the other, with overlaps or gaps.

    The main source lasts about as long as the company does; every other begins and ends when it likes.
    """
    files = []
    first = start + timedelta(days=0 if is_main else draw(st.sampled_from((0, 0, 0, 3, 17))))
    n_files = draw(st.integers(1, 3))
    for _ in range(n_files):
        n_days = length // n_files
        if not is_main:
            n_days = draw(st.sampled_from((n_days, n_days, length, length // 4, 2, 1)))
        last = first + timedelta(days=max(n_days, 1) - 1)
        files.append(Coverage(*source, first, last, draw(st.booleans()), draw(st.booleans())))
        first = max(last + timedelta(days=draw(st.sampled_from((1, 0, -4, 3, 17, 1 if is_main else 40)))), start)
    return files


@st.composite
def _roster(draw: st.DrawFn, people: list[str], start: date, length: int) -> tuple[Spell, ...]:
    """A career for everybody; the first person has been here all along, so that every roster has a row in force."""
    units = UNITS[: draw(st.integers(1, 3))]
    spells = []
    if draw(st.sampled_from((False, False, True))):
        spells.append(Spell("closed-down", start - timedelta(days=400), start - timedelta(days=90), "Closed"))
    if draw(st.sampled_from((False, False, True))):
        spells.append(Spell("only-one", start - timedelta(days=10), None, "Solo", draw(st.booleans())))
    for i, person in enumerate(people):
        career = "stays" if i == 0 else draw(st.sampled_from(CAREERS))
        spells += draw(_career(person, career, units, start, length))
    return tuple(spells)


@st.composite
def _career(draw: st.DrawFn, person: str, career: str, units: tuple[str, ...], start: date, length: int) -> list[Spell]:
    """The spells of one person: one, or two that touch or leave a gap."""
    unit, is_executive = draw(st.sampled_from(units)), draw(st.sampled_from((False, False, True)))
    early = start - timedelta(days=200)
    halves = [n for n in range(length) if (start + timedelta(days=n)).day in (1, 15, 16, 17)]
    turn = start + timedelta(days=draw(st.one_of(st.integers(0, length), st.sampled_from([*halves, length + 3]))))
    if career == "stays":
        return [Spell(person, early, None, unit, is_executive)]
    if career == "has no unit":
        return [Spell(person, early, None, None, is_executive)]
    if career == "joins":
        return [Spell(person, turn, None, unit, is_executive)]
    if career == "leaves":
        return [Spell(person, early, turn, unit, is_executive)]
    other = draw(st.sampled_from((*units, *units, None)))
    if career == "passes through":
        middle = turn + timedelta(days=draw(st.sampled_from((1, 2, 15))))
        end = middle + timedelta(days=draw(st.sampled_from((1, 2, 15))))
        return [Spell(person, turn, middle, unit, is_executive), Spell(person, middle, end, other, is_executive)]
    if career == "returns":
        back = turn + timedelta(days=draw(st.sampled_from((1, 4, 15, 33))))
        return [Spell(person, early, turn, unit, is_executive), Spell(person, back, None, other, is_executive)]
    if career == "moves":
        return [Spell(person, early, turn, unit, is_executive), Spell(person, turn, None, other, is_executive)]
    rises = career == "rises"
    return [Spell(person, early, turn, unit, not rises), Spell(person, turn, None, unit, rises)]


@st.composite
def _accounts(draw: st.DrawFn, people: list[str], sources: list[tuple[str, str]]) -> tuple[Account, ...]:
    """At most two accounts per person, and some that belong to nobody on the roster."""
    owners: list[tuple[str, str | None]] = [
        ("human", person) for person in people for _ in range(draw(st.sampled_from((1, 1, 2, 0))))
    ]
    strangers = st.sampled_from(("human", "external", "bot", "bot", "system", "unknown"))
    owners += [(kind, None) for kind in draw(st.lists(strangers, max_size=5))]
    owners += [("human", None)] * (0 if people else draw(st.integers(1, 8)))
    homes = st.sampled_from([sources[0]] * len(sources) + sources)
    return tuple(Account(f"account-{i}", *draw(homes), kind, person) for i, (kind, person) in enumerate(owners))


@st.composite
def _events(
    draw: st.DrawFn, accounts: tuple[Account, ...], sources: list[tuple[str, str]], start: date, length: int
) -> tuple[Event, ...]:
    """Up to 60 events in bursts: somebody, or two in turn, does the same thing several times at a steady pace."""
    n_bursts = draw(st.sampled_from((5, 0, 1, 12, 20, 20)))
    bursts = [draw(_burst(accounts, sources, start, length)) for _ in range(n_bursts)]
    events = [event for burst in bursts for event in burst][:60]
    return tuple(replace(event, number=number, thread=number) for number, event in enumerate(events))


@st.composite
def _burst(
    draw: st.DrawFn, accounts: tuple[Account, ...], sources: list[tuple[str, str]], start: date, length: int
) -> list[Event]:
    """One to twelve events: mostly sound ones, now and then without actor, without time, or null edits."""
    oddity = draw(st.sampled_from((*[""] * 8, "hidden actor", "no time", "no target")))
    often = (*accounts, *accounts[1:5], *accounts[1:5])
    actor = draw(st.sampled_from(often)) if accounts and oddity != "hidden actor" else None
    source = (actor.platform, actor.workspace) if actor else draw(st.sampled_from(sources))
    near = [account for account in accounts if (account.platform, account.workspace) == source]
    answering = ("reply", "reply", "reply", "comment", "react", "react")
    action = draw(st.sampled_from((*CONTRIBUTIONS, "post", *answering, "join")))
    answers = action in ("reply", "comment", "react") and bool(near) and oddity != "no target"
    partner = draw(st.sampled_from(near)) if answers else None
    turns = [(actor, partner)]
    if actor and partner and draw(st.sampled_from((True, True, False))):
        turns.append((partner, actor))
    basis = "none" if oddity == "no time" else "own"
    if action == "react" and basis == "own":
        basis = draw(st.sampled_from(("target", "own")))
    special = (-8, 0, 88, 89, 90, length - 9, length + 9)
    first = start + timedelta(days=draw(st.one_of(st.integers(0, length - 1), st.sampled_from(special))))
    n_events, pace = draw(st.sampled_from((2, 1, 3, 4, 5, 11))), draw(st.sampled_from((0, 1, 7, 7, 30)))
    is_null = action == "edit" and draw(st.booleans())
    hour = draw(st.sampled_from((time(0), time(9, 30), time(23, 59, 59, 999999))))
    events = []
    for i in range(n_events):
        doer, answered = turns[i % len(turns)]
        is_contribution = action in CONTRIBUTIONS and doer is not None and doer.kind in PEOPLE_KINDS
        event = Event(
            *source,
            number=i,
            occurred_at=None if basis == "none" else datetime.combine(first + timedelta(days=i * pace), hour),
            time_basis=basis,
            action=action,
            is_contribution=is_contribution and not is_null,
            account_id=doer.account_id if doer else None,
            space_id="space-1",
            target_account_id=answered.account_id if answered else None,
        )
        events.append(event)
    return events
