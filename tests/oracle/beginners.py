"""Companies over eight months whose people begin in spaces of every size, and stay or do not; one for each seed.

What their first steps are is in `first_steps`.
"""

from datetime import date, datetime, time, timedelta
from random import Random

from tests.oracle.company import Account, Company, Coverage, Event, Spell
from tests.oracle.firm import Firm

START = date(2023, 10, 25)  # the leap day of 2024 is day 127
N_DAYS = 240
N_PEOPLE = 44
SOURCES = (("alpha", "w0"), ("alpha", "w0"), ("alpha", "w0"), ("alpha", "w1"), ("beta", "w0"))
ACTIONS = ("post", "reply", "reply", "comment", "create", "edit", "share", "upload", "react", "react", "react", "join")
HOURS = (time(8), time(8), time(8), time(23, 59, 59, 999999))


def beginning_firm(seed: int) -> Firm:
    """Some forty people and 800 events, a few of them by delegates; the same for the same seed."""
    random = Random(seed)
    people = [f"person-{i:02}" for i in range(N_PEOPLE)]
    has_roster = seed % 4 != 3
    spells = tuple(spell for person in people for spell in _spells(random, person)) if has_roster else ()
    on_roster = {spell.person_id for spell in spells}
    accounts = [
        Account(f"{'-'.join(source)}-{person}", *source, "human", person if person in on_roster else None)
        for person in people
        for source in random.sample(SOURCES, random.choice((1, 1, 2)))
    ]
    accounts += [Account(f"{kind}-0", "alpha", "w0", kind) for kind in ("human", "external", "bot", "unknown")]
    accounts = list({one.account_id: one for one in accounts}.values())
    accounts.sort(key=lambda one: (one.platform, one.workspace))  # the regulars are of one workspace
    events = [event for account in accounts for event in _events(random, account, accounts)]
    events += [event for account in accounts[:14] for event in _visits(random, account)]
    numbered = tuple(Event(**{**vars(event), "number": number}) for number, event in enumerate(events))
    delegated = frozenset(event.number for event in numbered if event.action != "react" and random.random() < 0.05)
    as_of = _day(N_DAYS - 1 - random.choice((0, 3, 9)))
    return Firm(Company(tuple(accounts), spells, numbered, _coverage(random, seed), as_of), delegated=delegated)


def _day(n: int) -> date:
    return START + timedelta(days=n)


def _coverage(random: Random, seed: int) -> tuple[Coverage, ...]:
    """A source that mostly lacks some days once, a second workspace that begins later, and another platform."""
    gap, n_missing = random.choice((30, 105, 170, 215)), random.choice((0, 0, 1, 8))
    return (
        Coverage("alpha", "w0", _day(0), _day(gap), is_stated=False, has_reactions=bool(seed % 3)),
        Coverage("alpha", "w0", _day(gap + 1 + n_missing), _day(N_DAYS - 1)),
        Coverage("alpha", "w1", _day(random.choice((60, 110))), _day(random.choice((150, N_DAYS - 1)))),
        Coverage("beta", "w0", _day(random.choice((0, 12))), _day(random.choice((180, N_DAYS - 1))),
                 has_reactions=seed % 2 == 0),
    )  # fmt: skip


def _spells(random: Random, person: str) -> list[Spell]:
    """Somebody who stays, moves, comes, leaves, or is away for one day or a month."""
    first, turn = date(2022, 1, 1), _day(random.randrange(20, N_DAYS - 20))
    unit, other = random.choice(("Law", "Ops", None)), random.choice(("Law", "Ops"))
    career = random.choice(("stays", "stays", "stays", "stays", "moves", "comes", "comes", "leaves", "is away"))
    if career == "moves":
        return [Spell(person, first, turn, unit), Spell(person, turn, None, other)]
    if career == "is away":
        back = turn + timedelta(days=random.choice((1, 30)))
        return [Spell(person, first, turn, unit), Spell(person, back, None, other)]
    return [Spell(person, turn if career == "comes" else first, turn if career == "leaves" else None, unit)]


def _visits(random: Random, account: Account) -> list[Event]:
    """A regular of the hall, who comes about every four weeks: so it is small on some days and large on others."""
    n, days = random.randrange(40), list[int]()
    while n < N_DAYS:
        days.append(n)
        n += random.choice((7, 27, 28, 29, 30))
    return [
        Event(account.platform, account.workspace, 0, datetime.combine(_day(n), HOURS[0]), "own", "post",
              is_contribution=account.kind == "human", account_id=account.account_id, space_id="hall")
        for n in days
    ]  # fmt: skip


def _events(random: Random, account: Account, accounts: list[Account]) -> list[Event]:
    """What one account does from its first day on: often several things at its first moment, later on a few days."""
    near = [a.account_id for a in accounts if (a.platform, a.workspace) == (account.platform, account.workspace)]
    first = random.choice((-2, 0, 40, 88, 89, 90, 91, 97, 102, 118, 119, 128, 130, 155, 160, 163))
    moments = [(first, HOURS[0])] * random.choice((1, 1, 2, 3))
    lasts = random.choice((0, 20, 60, 90))
    moments += [
        (first + n, random.choice(HOURS))
        for n in (*random.sample(range(lasts + 1), min(lasts, random.choice((0, 3, 8)))), *random.choice(
            ((), (27, 84), (28,), (55,), (56,), (83,), (28, 83), (84,)))) if random.random() < 0.9
    ]  # fmt: skip
    events = []
    for n, hour in moments:
        action = random.choice(ACTIONS)
        is_person = account.kind in ("human", "external") and action not in ("react", "join")
        events.append(
            Event(
                account.platform,
                account.workspace,
                number=0,
                occurred_at=datetime.combine(_day(n), hour),
                time_basis=random.choice(("own", "target", "target")) if action == "react" else "own",
                action=action,
                is_contribution=is_person and not (action == "edit" and random.random() < 0.2),
                account_id=account.account_id,
                space_id=random.choice(("hall", "hall", "hall", "hall", "nook", "attic", None)),
                target_account_id=random.choice(near) if action in ("reply", "comment", "react") else None,
            )
        )
    return events
