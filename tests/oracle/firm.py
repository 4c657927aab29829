"""Companies with managers, layers, grades, threads and delegates: a company and what it lacks, and how to stage it.

What the figures of a firm are is in `executive_style` and `executive_answers`.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random

import duckdb

from tests.oracle.company import CONTRIBUTIONS, PEOPLE_KINDS, Account, Company, Coverage, Event, Spell
from tests.oracle.definitions import people_behind, remembered, roster_of, spell_on
from tests.oracle.staged import stage

START = date(2023, 12, 25)  # a Monday; 80 days reach past the year's end and the leap day
N_DAYS = 80
GRADE = "E1"
HOURS = (time(0), time(9, 30), time(9, 59, 59, 999999), time(10), time(23, 59, 59))


@dataclass(frozen=True, eq=False)
class Firm:
    """A company; what its roster says more of (person, first day of a spell), and the events that delegates did."""

    company: Company
    managers: dict[tuple[str, date], str] = field(default_factory=dict)
    layers: dict[tuple[str, date], int] = field(default_factory=dict)
    graded: frozenset[tuple[str, date]] = frozenset()
    delegated: frozenset[int] = frozenset()
    max_layer: int | None = None
    manager_depth: int | None = None
    executive_rule: str = "people"
    listed: tuple[tuple[str, date | None, date | None], ...] | None = None
    """Lines of the list of executives, with since and until; None where it follows the company's spells."""


def stage_firm(connection: duckdb.DuckDBPyConnection, firm: Firm) -> None:
    """Stages the company, then adds what it lacks."""
    stage(connection, firm.company)
    where = "where person_id = ? and valid_from = ?"
    for (person, first), manager in firm.managers.items():
        connection.execute(f"update stg_person set manager_person_id = ? {where}", [manager, person, first])
    for (person, first), layer in firm.layers.items():
        connection.execute(f"update stg_person set layer = ? {where}", [layer, person, first])
    if firm.layers:  # the person whom `stage` adds would else be the only one of layer 0
        connection.execute("update stg_person set layer = ? where person_id = 'long-gone'", [min(firm.layers.values())])
    for person, first in firm.graded:
        connection.execute(f"update stg_person set level = ? {where}", [GRADE, person, first])
    connection.execute("insert into stg_executive_grade (level) values (?)", [GRADE])
    connection.execute(
        "update stg_setting set max_layer = ?, manager_depth = ?, executive_rule = ?",
        [firm.max_layer, firm.manager_depth, firm.executive_rule],
    )
    if firm.listed is not None:
        connection.execute("delete from stg_executive_person")
        into = "insert into stg_executive_person (person_id, since_on, until_on) values (?, ?, ?)"
        for line in firm.listed:
            connection.execute(into, line)
    for number in firm.delegated:
        connection.execute("update stg_event set is_delegated = true where event_id = ?", [number.to_bytes(16)])


# ---- what the roster says --------------------------------------------------------------------------------------------


def is_executive_on(company: Company, person: str, day: date) -> bool:
    """Whether the person is an executive on the day."""
    spell = spell_on(company, person, day)
    return spell is not None and spell.is_executive


@remembered
def above(firm: Firm, person: str, day: date) -> dict[str, int]:
    """Everybody above the person on the day and how many steps up; a circle ends where it closes."""
    known = {spell.person_id for spell in roster_of(firm.company)}
    path, found = [person], dict[str, int]()
    while spell := spell_on(firm.company, path[-1], day):
        manager = firm.managers.get((spell.person_id, spell.valid_from))
        if manager is None or manager in path:
            break
        path.append(manager)
        if manager in known:
            found[manager] = len(path) - 1
    return found


# ---- what is said ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """A dated event of a known actor, by person, with its moment, its thread and whether a delegate did it."""

    platform: str
    thread: tuple[str, str, str | None, int | None]
    at: datetime
    day: date
    action: str
    person: str
    target: str | None
    is_own: bool
    counts: bool
    has_own_time: bool


@remembered
def said_in(firm: Firm) -> list[Said]:
    """Everything that is dated up to the as-of day and whose actor is known."""
    company = firm.company
    person_of = people_behind(company)
    kind_of = {account.account_id: account.kind for account in company.accounts}
    return [
        Said(
            platform=event.platform,
            thread=(event.platform, event.workspace, event.space_id, event.thread),
            at=event.occurred_at,
            day=event.occurred_at.date(),
            action=event.action,
            person=person_of[event.account_id],
            target=None if event.target_account_id is None else person_of[event.target_account_id],
            is_own=event.number not in firm.delegated,
            counts=event.is_contribution
            and event.action in CONTRIBUTIONS
            and kind_of[event.account_id] in PEOPLE_KINDS,
            has_own_time=event.time_basis == "own",
        )
        for event in company.events
        if event.account_id is not None and event.occurred_at is not None
        and event.occurred_at.date() <= company.as_of
    ]  # fmt: skip


# ---- invention -------------------------------------------------------------------------------------------------------


def firm_of(company: Company, seed: int, *, is_managed: bool = False) -> Firm:
    """The company with managers, layers, grades, threads, hours and delegates that the seed decides."""
    random = Random(seed)
    people = sorted({spell.person_id for spell in company.spells})
    has_managers, has_layers = is_managed or random.random() < 0.8, random.random() < 0.8
    managers, layers, graded = dict[tuple[str, date], str](), dict[tuple[str, date], int](), set[tuple[str, date]]()
    for spell in company.spells:
        row = (spell.person_id, spell.valid_from)
        i = people.index(spell.person_id)
        if has_managers and random.random() < 0.9:
            # mostly upwards; now and then oneself, in a circle, or nobody whom the roster knows
            managers[row] = random.choice((*people[: i or 1], *people[: i or 1], random.choice(people), "nobody"))
        # without any manager an unknown layer stays unknown
        if has_layers and (has_managers or random.random() < 0.8):
            layers[row] = min(i, random.choice((1, 2, 4)))
        if random.random() < 0.3:
            graded.add(row)
    if has_managers and not has_layers:
        layers = {(spell.person_id, spell.valid_from): 3 for spell in company.spells}
    roots: dict[tuple[str, str], list[tuple[int, str | None]]] = {}
    events = [_in_thread(random, event, roots) for event in sorted(company.events, key=lambda e: str(e.occurred_at))]
    delegated = frozenset(event.number for event in events if random.random() < 0.1)
    max_layer = random.choice((None, 0, 1, 2))
    return Firm(replace(company, events=tuple(events)), managers, layers, frozenset(graded), delegated, max_layer)


def _in_thread(random: Random, event: Event, roots: dict[tuple[str, str], list[tuple[int, str | None]]]) -> Event:
    """The event in a thread of its own, or in a recent one, at an hour that others share."""
    recent = roots.setdefault((event.platform, event.workspace), [])
    at = event.occurred_at and datetime.combine(event.occurred_at.date(), random.choice(HOURS))
    if event.action == "post" or not recent or random.random() < 0.1:
        space = random.choice(("space-1", "space-1", "space-2", None))
        thread = None if random.random() < 0.05 else event.number
        if event.action == "post" and recent and random.random() < 0.2:
            # the same number elsewhere is another thread
            thread, space = recent[-1][0], "space-2" if recent[-1][1] != "space-2" else "space-1"
        if event.action == "post" and thread is not None:
            recent.append((thread, space))
        return replace(event, space_id=space, thread=thread, occurred_at=at)
    thread, space = random.choice(recent[-3:])
    return replace(event, space_id=space, thread=thread, occurred_at=at)


def busy_firm(seed: int) -> Firm:
    """Eighteen people, half of them executives most of the time, who write some 1,400 messages; the same for a seed."""
    random = Random(seed)
    people = [f"person-{i:02}" for i in range(18)]
    spells = [spell for i, person in enumerate(people) for spell in _spells(random, person, is_high=i < 9)]
    accounts = [Account(f"alpha-{person}", "alpha", "w0", "human", person) for person in people]
    accounts += [Account(f"beta-{person}", "beta", "w0", "human", person) for person in people[::2]]
    accounts += [Account(f"alpha-{kind}", "alpha", "w0", kind) for kind in ("human", "external", "bot")]
    events = [event for account in accounts for event in _events(random, account, accounts)]
    gap = random.choice((30, 45))
    coverage = (
        Coverage("alpha", "w0", START, _day(gap), has_reactions=bool(seed % 2)),
        Coverage("alpha", "w0", _day(gap + random.choice((1, 1, 4))), _day(N_DAYS - 1)),
        Coverage("beta", "w0", _day(2), _day(random.choice((50, N_DAYS - 1))), has_reactions=seed % 3 == 0),
    )
    numbered = tuple(replace(event, number=number) for number, event in enumerate(events))
    company = Company(tuple(accounts), tuple(spells), numbered, coverage, _day(N_DAYS - random.choice((1, 4))))
    return firm_of(company, seed, is_managed=True)


def _day(n: int) -> date:
    return START + timedelta(days=n)


def _spells(random: Random, person: str, *, is_high: bool) -> list[Spell]:
    unit, other = random.choice(("Law", "Ops")), random.choice(("Law", "Ops", "Ops", None))
    is_executive = is_high and random.random() < 0.9
    turn, early = _day(random.randrange(5, N_DAYS)), date(2022, 1, 1)
    career = random.choice(("stays", "stays", "stays", "moves", "turns", "leaves", "returns"))
    if career == "stays":
        return [Spell(person, early, None, unit, is_executive)]
    first = Spell(person, early, turn, unit, is_executive)
    if career == "leaves":
        return [first]
    back = turn + timedelta(days=random.choice((5, 12)) if career == "returns" else 0)
    changes = career == "turns"
    return [first, Spell(person, back, None, unit if changes else other, is_executive != changes)]


def _events(random: Random, account: Account, accounts: list[Account]) -> list[Event]:
    near = [a.account_id for a in accounts if a.platform == account.platform]
    friends: list[str | None] = [None, *random.sample(near, 5)]
    is_quiet = random.random() < 0.25
    events = []
    for _ in range(random.choice((0, 3)) if is_quiet else random.choice((20, 50, 80, 110))):
        action = random.choice(("post", "post", *["reply"] * 5, "comment", "edit", "create", "react"))
        if action == "edit" and account.platform == "beta":  # where nobody edits is no wiki
            action = "create"
        is_person = account.kind in PEOPLE_KINDS and action in CONTRIBUTIONS
        answers = action in ("reply", "comment", "react")
        events.append(
            Event(
                account.platform,
                account.workspace,
                number=0,
                occurred_at=datetime.combine(_day(random.randrange(-2, N_DAYS)), time(8)),
                time_basis=random.choice(("own", "target")) if action == "react" else "own",
                action=action,
                is_contribution=is_person,
                account_id=account.account_id,
                target_account_id=random.choice(friends) if answers else None,
            )
        )
    return events
