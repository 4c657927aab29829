"""How a test writes a tiny company down, and reads a table off it."""

import itertools
from datetime import date, datetime, time, timedelta

from tests.oracle import marts
from tests.oracle.company import PEOPLE_KINDS, Account, Company, Coverage, Event, Spell

MON = date(2024, 1, 1)  # a Monday; January 2024 has its weeks on 1, 8, 15, 22, 29
LONG_AGO = date(2020, 1, 1)
JANUARY = Coverage("alpha", "w0", MON, date(2024, 1, 31))
NUMBER = itertools.count(1)


def day(n: int) -> date:
    """Day n of January 2024 and on: day(32) is the first of February."""
    return MON + timedelta(days=n - 1)


def did(
    who: Account, on: int, action: str = "post", *, to: Account | None = None, n: int = 1, basis: str = "own"
) -> tuple[Event, ...]:
    """The same event n times on a day."""
    is_contribution = action not in ("react", "join") and who.kind in PEOPLE_KINDS
    at = datetime.combine(day(on), time(12))
    target = to.account_id if to else None
    return tuple(
        Event(who.platform, who.workspace, next(NUMBER), at, basis, action, is_contribution, who.account_id,
              target_account_id=target)
        for _ in range(n)
    )  # fmt: skip


def at(platform: str, person: str | None, *, kind: str = "human", name: str = "") -> Account:
    """The account of a person, in workspace w0."""
    return Account(f"{platform}-{person or name}", platform, "w0", kind, person)


def world(
    accounts: list[Account],
    spells: list[Spell],
    events: list[tuple[Event, ...]],
    *,
    coverage: tuple[Coverage, ...] = (JANUARY,),
    as_of: date | None = None,
) -> Company:
    """A company; as of the last covered day."""
    flat = tuple(itertools.chain(*events))
    return Company(tuple(accounts), tuple(spells), flat, coverage, as_of or max(file.last for file in coverage))


def table(rows: list[marts.Row], columns: str, **where: object) -> list[tuple[object, ...]]:
    """The named columns of the rows that have these values, in order of time."""
    kept = [row for row in rows if all(row[column] == value for column, value in where.items())]
    kept.sort(key=lambda row: str(row.get("period_start", row.get("occurred_on"))))
    return [tuple(row[column] for column in columns.split()) for row in kept]


A, B, C, E = (at("alpha", name) for name in ("ann", "bob", "cy", "eve"))
