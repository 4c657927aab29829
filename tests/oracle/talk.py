"""Companies that talk: threads with several messages, answers at awkward moments, and spaces of every visibility.

Small ones are drawn from `company.companies` and rewired; long ones, of fourteen months, come from a seed.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random

import duckdb
import polars as pl
from hypothesis import strategies as st

from tests.oracle.company import PEOPLE_KINDS, Account, Company, Coverage, Event, Spell, companies
from tests.oracle.staged import stage

START = date(2023, 2, 1)  # twelve full months end with January 2024; 430 days reach past the leap day
N_DAYS = 430
SOURCES = (("alpha", "w0"), ("alpha", "w1"), ("beta", "w0"), ("gamma", "w0"))  # in gamma nobody is ever named
DELAYS = (
    *(timedelta(0), timedelta(seconds=1), timedelta(hours=5), timedelta(hours=5), timedelta(hours=23, seconds=3599.5)),
    *(timedelta(days=n) for n in (1, 2, 3, 4, 5, 7, 28, 60)),
    *(timedelta(days=1, microseconds=-1), timedelta(days=28, microseconds=1), timedelta(hours=-1)),
)
"""From a message to what answers it: ties, whole days across weekends, just before and after them, even backwards."""


@dataclass(frozen=True)
class Space:
    """A space that an export lists."""

    space_id: str
    platform: str
    workspace: str
    visibility: str


@dataclass(frozen=True, eq=False)
class Talk:
    """A company and its listed spaces."""

    company: Company
    spaces: tuple[Space, ...]


def stage_talk(connection: duckdb.DuckDBPyConnection, talk: Talk) -> None:
    """Replaces what is staged by the company and its spaces."""
    stage(connection, talk.company)
    covered = connection.sql("select platform, workspace, file_id from stg_coverage").fetchall()
    files = {(platform, workspace): file_id for platform, workspace, file_id in covered}
    rows = [
        {
            "file_id": files[space.platform, space.workspace],
            "space_id": space.space_id,
            "platform": space.platform,
            "workspace": space.workspace,
            "kind": "channel",
            "visibility": space.visibility,
            "is_record": True,
            "member": "",
            "line": line,
        }
        for line, space in enumerate(talk.spaces, 1)
    ]
    shape = connection.sql("from stg_space limit 0").pl().schema
    frame = pl.DataFrame([{name: row.get(name) for name in shape} for row in rows], schema=shape)
    connection.register("given", frame)
    connection.execute("insert into stg_space by name select * from given")
    connection.unregister("given")


@st.composite
def talks(draw: st.DrawFn) -> Talk:
    """A small company whose answers belong to threads."""
    company = draw(companies())
    random = Random(draw(st.integers(0, 2**32)))
    return _talking(random, company)


def long_talk(seed: int) -> Talk:
    """Twelve people over fourteen months, some 700 events; the same for the same seed. Every fourth has no roster."""
    random = Random(seed)
    people = [f"person-{i}" for i in range(12)]
    spells = tuple(spell for person in people for spell in _spells(random, person)) if seed % 4 else ()
    on_roster = {spell.person_id for spell in spells}
    kinds = [("human", person if person in on_roster else None) for person in (*people, *people[:5])]
    kinds += [("external", None), ("bot", None), ("unknown", None)]
    accounts = tuple(
        Account(f"account-{i}", *SOURCES[i % 4 if i > 4 else 0], kind, person) for i, (kind, person) in enumerate(kinds)
    )
    gap = random.randrange(150, 250)
    coverage = (
        Coverage("alpha", "w0", _day(0), _day(N_DAYS - 1), is_stated=True, has_reactions=seed % 3 > 0),
        Coverage("alpha", "w1", _day(random.choice((0, 40))), _day(random.choice((300, 429))), is_stated=False),
        Coverage("beta", "w0", _day(0), _day(gap), is_stated=False, has_reactions=True),
        Coverage("beta", "w0", _day(gap + random.choice((3, 40))), _day(N_DAYS - 1), has_reactions=True),
        Coverage("gamma", "w0", _day(20), _day(N_DAYS - 1), has_reactions=True),
    )
    events = [event for account in accounts for event in _events(random, account, accounts)]
    numbered = tuple(replace(event, number=number, thread=number) for number, event in enumerate(events))
    as_of = _day(N_DAYS - random.choice((1, 1, 6, 21)))
    return _talking(random, Company(accounts, spells, numbered, coverage, as_of))


def _day(n: int) -> date:
    return START + timedelta(days=n)


def _spells(random: Random, person: str) -> list[Spell]:
    cuts = sorted(random.sample(range(30, N_DAYS), random.choice((0, 0, 1, 2))))
    bounds: list[date | None] = [date(2022, 1, 1), *(_day(cut) for cut in cuts), None]
    spells = []
    for first, last in pairwise(bounds):
        if first is not None and random.random() < 0.9:
            unit = random.choice(("Law", "Ops", "Ops", "Sales", None))
            spells.append(Spell(person, first, last, unit, random.random() < 0.2))
    return spells


def _events(random: Random, account: Account, accounts: tuple[Account, ...]) -> list[Event]:
    near = [a.account_id for a in accounts if (a.platform, a.workspace) == (account.platform, account.workspace)]
    friends: list[str | None] = [None, *random.sample(near, min(3, len(near)))]
    first = random.choice((0, 60, 89, 90, 91, 95, 120, 200, 300))
    again = first + random.choice((0, 27, 28, 29))
    plan = [(first, "post", time(9)), (again, "post", time(9))]
    doings = ["post", "post", "edit", "join"]
    if account.platform == "gamma":
        friends = [None]
        doings.append("comment")
    else:
        doings += ["reply", "reply", "comment", "react", "react"]
    n_more = random.choice((5, 20, 50, 60))
    for _ in range(n_more):
        moment = time(random.randrange(24), random.randrange(60))
        plan.append((random.randrange(again + 1, N_DAYS), random.choice(doings), moment))
    events = []
    for n, action, moment in plan:
        events.append(
            Event(
                account.platform,
                account.workspace,
                number=0,
                occurred_at=datetime.combine(_day(n), moment),
                time_basis="target" if action == "react" else "own",
                action=action,
                is_contribution=account.kind in PEOPLE_KINDS and action not in ("react", "join"),
                account_id=account.account_id if random.random() < 0.97 else None,
                target_account_id=random.choice(friends) if action in ("reply", "comment", "react") else None,
            )
        )
    return [event if event.account_id else replace(event, is_contribution=False) for event in events]


def _talking(random: Random, company: Company) -> Talk:
    """The same company in spaces, its answers put under posts of their source."""
    listed = [
        Space(f"{platform}-{workspace}-{visibility}", platform, workspace, visibility)
        for platform, workspace in sorted({(file.platform, file.workspace) for file in company.coverage})
        for visibility in ("public", "private")
    ]
    placed = []
    for event in company.events:
        home, at = f"{event.platform}-{event.workspace}", event.occurred_at
        if event.action == "post" and at is not None and random.random() < 0.5:
            at += timedelta(minutes=random.randrange(600))
        space_id = random.choice((f"{home}-public", f"{home}-private", f"{home}-unlisted", None))
        placed.append(replace(event, occurred_at=at, space_id=space_id))
    posts = [event for event in placed if event.action == "post"]
    return Talk(replace(company, events=tuple(_answering(random, event, posts) for event in placed)), tuple(listed))


def _answering(random: Random, event: Event, posts: list[Event]) -> Event:
    near = [one for one in posts if (one.platform, one.workspace) == (event.platform, event.workspace)]
    if event.action == "post" and random.random() < 0.05:
        return replace(event, thread=random.choice((None, random.choice(near).number)))
    if event.action not in ("reply", "comment") or event.occurred_at is None or not near or random.random() < 0.15:
        return event
    post = random.choice(near)
    if post.occurred_at is None:
        return replace(event, thread=None)
    at = post.occurred_at + random.choice(DELAYS) if random.random() < 0.8 else event.occurred_at
    target = event.target_account_id and (post.account_id if random.random() < 0.8 else event.target_account_id)
    space_id = post.space_id if random.random() < 0.9 else event.space_id
    return replace(event, thread=post.number, occurred_at=at, target_account_id=target, space_id=space_id)
