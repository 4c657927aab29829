"""Companies in which much happens: a fixed handful that holds the rare coincidences which small ones seldom show.

Small companies, which show a difference plainly, come from `company.companies`.
"""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random

from tests.oracle.company import CONTRIBUTIONS, PEOPLE_KINDS, Account, Company, Coverage, Event, Spell

START = date(2023, 11, 6)  # a Monday; 130 days reach past the year's end and the leap day
N_DAYS = 130
SOURCES = (("alpha", "w0"), ("alpha", "w0"), ("alpha", "w1"), ("beta", "w0"))
STRANGERS = ("human", "external", "bot", "unknown")


def dense_company(seed: int) -> Company:
    """Twelve people who move, leave and return, and some 450 events; the same for the same seed."""
    random = Random(seed)
    people = [f"person-{i}" for i in range(12)]
    spells = tuple(spell for person in people for spell in _spells(random, person)) if seed % 5 else ()
    on_roster = {spell.person_id for spell in spells}
    owners = [("human", person if person in on_roster else None) for person in (*people, *people[:5])]
    owners += [(kind, None) for kind in STRANGERS]
    accounts = tuple(
        Account(f"account-{i}", *random.choice(SOURCES), kind, person) for i, (kind, person) in enumerate(owners)
    )
    events = [event for account in accounts for event in _events(random, account, accounts)]
    gap = random.randrange(20, 60)
    coverage = (
        Coverage("alpha", "w0", _day(0), _day(gap), is_stated=False),
        Coverage("alpha", "w0", _day(gap + random.choice((0, 1, 9, 17))), _day(N_DAYS - 1), is_stated=False),
        Coverage("alpha", "w1", _day(3), _day(random.choice((40, 84, 110, 129))), has_reactions=bool(seed % 2)),
        Coverage("beta", "w0", _day(0), _day(33), has_reactions=True),
        Coverage("beta", "w0", _day(50), _day(random.choice((70, 100, 129))), has_reactions=True),
    )
    as_of = _day(N_DAYS - random.choice((1, 1, 3, 12)))
    numbered = (Event(**{**vars(event), "number": number}) for number, event in enumerate(events))
    return Company(accounts, spells, tuple(numbered), coverage, as_of)


def _day(n: int) -> date:
    return START + timedelta(days=n)


def _spells(random: Random, person: str) -> list[Spell]:
    """One to five spells that touch, some of them spent elsewhere; they often change in the middle of a period."""
    cuts = sorted(random.sample([*range(-30, N_DAYS + 9), 10, 25, 40, 56, 86, 103, 117], random.randrange(5)))
    bounds = [date(2022, 1, 1), *(_day(cut) for cut in dict.fromkeys(cuts)), None]
    return [
        Spell(person, first, last, random.choice(("Law", "Ops", "Ops", "Sales", None)), random.random() < 0.3)
        for first, last in pairwise(bounds)
        if first is not None and random.random() < 0.85
    ]


def _events(random: Random, account: Account, accounts: tuple[Account, ...]) -> list[Event]:
    """What one account does: from its first day on, in runs of weeks, mostly answering the same few."""
    near = [a.account_id for a in accounts if (a.platform, a.workspace) == (account.platform, account.workspace)]
    friends: list[str | None] = [None, *random.sample(near, min(3, len(near)))]
    first = random.choice((-3, 0, 5, 40, 86, 88, 89, 90, 92, 97))
    is_long_silent = random.random() < 0.3  # seen once or twice early, then not before the people who are new
    events = []
    for _ in range(random.choice((2, 6, 15, 25))):
        day = first if random.random() < 0.2 else random.randrange(97 if is_long_silent else first, N_DAYS + 5)
        for _ in range(random.choice((1, 1, 1, 2, 4))):
            action = random.choice((*CONTRIBUTIONS, "post", "reply", "reply", "reply", "react", "react", "join"))
            basis = random.choice(("own", "target")) if action == "react" else "own"
            is_person = account.kind in PEOPLE_KINDS and action in CONTRIBUTIONS
            event = Event(
                account.platform,
                account.workspace,
                number=0,
                occurred_at=datetime.combine(_day(day), time(8)),
                time_basis=basis,
                action=action,
                is_contribution=is_person and not (action == "edit" and random.random() < 0.5),
                account_id=account.account_id if random.random() < 0.97 else None,
                space_id="space-1",
                target_account_id=random.choice(friends) if action in ("reply", "comment", "react") else None,
            )
            events.append(event)
    return events
