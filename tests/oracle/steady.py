"""Companies over eight months whose people come, make a habit of it, pause, leave and return; one for each seed.

Small companies with every awkward case come from `company.companies`, crowded ones from `dense`.
"""

from datetime import date, datetime, time, timedelta
from random import Random

from tests.oracle.company import Account, Company, Coverage, Event, Spell

START = date(2023, 10, 25)  # a Wednesday; the leap day of 2024 is day 127, clocks change on days 4, 137 and 158
N_DAYS = 240
HABITS = (0, 1, 1, 3, 7, 22)
"""Contributions a week, at most."""


def steady_company(seed: int) -> Company:
    """Fourteen people and some 700 contributions; the same for the same seed."""
    random = Random(seed)
    people = [f"person-{i}" for i in range(14)]
    has_roster = seed % 4 != 3
    spells = tuple(spell for person in people for spell in _spells(random, person)) if has_roster else ()
    on_roster = {spell.person_id for spell in spells}
    accounts = tuple(
        Account(f"{platform}-{person}", platform, "w0", "human", person if person in on_roster else None)
        for person in people
        for platform in random.choice((("alpha",), ("alpha",), ("beta",), ("alpha", "beta")))
    )
    moments = [(account, at) for account in accounts for at in _moments(random)]
    events = tuple(
        Event(account.platform, "w0", number, at, "own", random.choice(("post", "reply", "edit")), is_contribution=True,
              account_id=account.account_id, space_id="space-1")
        for number, (account, at) in enumerate(moments)
    )  # fmt: skip
    return Company(accounts, spells, events, _coverage(random), _day(N_DAYS - 1 - random.choice((0, 3, 9))))


def _day(n: int) -> date:
    return START + timedelta(days=n)


def _coverage(random: Random) -> tuple[Coverage, ...]:
    """One source all along, mostly with a gap of some days late in the year or in the last weeks; another in parts."""
    gap = random.choice((30, 105, 170, 215))
    n_missing = random.choice((0, 1, 8))
    return (
        Coverage("alpha", "w0", _day(0), _day(gap), is_stated=False),
        Coverage("alpha", "w0", _day(gap + 1 + n_missing), _day(N_DAYS - 1), is_stated=random.random() < 0.5),
        Coverage("beta", "w0", _day(random.choice((0, 12))), _day(random.choice((180, N_DAYS - 1)))),
    )


def _spells(random: Random, person: str) -> list[Spell]:
    """Somebody who stays, moves, comes, leaves, or is away for one day, a month or nine weeks."""
    first, turn = date(2022, 1, 1), _day(random.randrange(20, N_DAYS - 20))
    unit, other = random.choice(("Law", "Ops", None)), random.choice(("Law", "Ops"))
    career = random.choice(("stays", "stays", "stays", "moves", "comes", "leaves", "is away", "is away"))
    if career == "moves":
        return [Spell(person, first, turn, unit), Spell(person, turn, None, other)]
    if career == "is away":
        back = turn + timedelta(days=random.choice((1, 30, 63)))
        return [Spell(person, first, turn, unit), Spell(person, back, None, other)]
    return [Spell(person, turn if career == "comes" else first, turn if career == "leaves" else None, unit)]


def _moments(random: Random) -> list[datetime]:
    """Contributions of one account: from its first day on, about as many each week, with pauses."""
    first = random.choice((0, 40, 91, 97, 102, 128, 130, 155, 160))
    n_most, is_exact = random.choice(HABITS), random.random() < 0.4
    moments = []
    for monday in range(first, N_DAYS + 2, 7):
        if random.random() < (0 if is_exact else 0.2):
            continue
        for _ in range(15 if is_exact and n_most > 7 else random.randint(min(1, n_most), n_most)):
            moments.append(datetime.combine(_day(monday + random.choice((0, 0, 1, 2, 4, 6))), time(23, 59)))
    return moments
