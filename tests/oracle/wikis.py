"""Wikis with their pages, revision by revision, and how they get into staging; what their figures are is in `wiki`.

Every state of a page is a number, and its size follows from it unless stated, so that equal size means equal text.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

import duckdb
import polars as pl

from tests.oracle.company import PEOPLE_KINDS, Account, Company, Coverage, Event, Spell
from tests.oracle.staged import stage

START = date(2023, 2, 20)  # reaches the leap day of 2024 and past the year's end
RADIUS = 15
STYLES = {  # (has_edits, has_history)
    "full": (True, True),  # a MediaWiki dump
    "bare": (True, True),  # Confluence: every edit, no sizes
    "latest": (True, False),  # latest revisions: edits do not count
    "recent": (True, False),  # recent changes: edits count, no history
    "blog": (False, True),  # creations and comments only
    "chat": (True, True),  # no pages at all
}
ACTORS = ("human", "human", "human", "external", "bot", "unknown")


@dataclass(frozen=True)
class Revision:
    """One state of a page; those of one second are in the order in which they are listed, whatever their numbers.

    An unknown size hides two changes of size.
    """

    source: tuple[str, str]
    page: int | None
    at: datetime
    number: int
    account: Account | None
    state: int
    is_talk: bool = False
    is_minor: bool = False
    is_size_known: bool = True
    begins: bool = True
    space: str | None = "main"
    stated_size: int | None = None

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.state * 100 if self.stated_size is None else self.stated_size


@dataclass(frozen=True)
class Change:
    """What a revision did, as an export of its style tells."""

    revision: Revision
    action: str
    is_contribution: bool
    is_null: bool
    bytes_delta: int | None
    is_revert: bool | None
    is_minor: bool | None
    undone: tuple[Revision, ...] | None


@dataclass(frozen=True, eq=False)
class Wiki:
    """A company whose events are those of wikis; compared by identity."""

    company: Company
    styles: dict[tuple[str, str], str]
    changes: tuple[Change, ...]


def wiki_of(
    accounts: list[Account], spells: list[Spell], revisions: list[Revision], coverage: tuple[Coverage, ...],
    styles: dict[tuple[str, str], str], as_of: date,
) -> Wiki:
    """The wiki that holds these revisions."""
    changes: dict[int, Change] = {}
    for key in dict.fromkeys((one.source, one.page) for one in revisions):
        history = sorted((one for one in revisions if (one.source, one.page) == key), key=lambda r: r.at)
        changes |= {one.number: change_of(history, place, styles[key[0]]) for place, one in enumerate(history)}
    listed = tuple(changes[one.number] for one in revisions)
    events = tuple(_event(change) for change in listed)
    return Wiki(Company(tuple(accounts), tuple(spells), events, coverage, as_of), styles, listed)


def change_of(history: list[Revision], place: int, style: str) -> Change:
    """What the revision at the place in the history of its page did."""
    now, is_first = history[place], place == 0
    is_cut = is_first and not now.begins
    action = "comment" if now.is_talk else "create" if is_first and not is_cut else "edit"
    is_null = not is_first and history[place - 1].state == now.state
    is_contribution = now.account is not None and now.account.kind in PEOPLE_KINDS
    if style == "chat":
        return Change(now, "post", is_contribution, False, None, None, None, None)
    if style in ("bare", "blog", "latest"):  # a blog shows no edits; of latest revisions only creations count
        is_shown = style == "bare" or action != "edit"
        return Change(now, action, is_contribution and is_shown, False, None, None, None, None)
    size_before = 0 if is_first else history[place - 1].size
    is_known = now.is_size_known and not is_cut and (is_first or history[place - 1].is_size_known)
    bytes_delta = now.size - size_before if is_known else None
    if style == "recent":
        return Change(now, action, is_contribution, False, bytes_delta or 1, None, now.is_minor, None)
    restored = next((p for p in range(place - 1, -1, -1) if history[p].state == now.state), None)
    is_revert = restored is not None and 1 < place - restored <= RADIUS and now.page is not None
    undone = tuple(history[restored + 1 : place]) if restored is not None and is_revert else None
    if undone is not None and not all(one.is_size_known for one in (history[restored or 0], *undone, now)):
        undone = None  # which state was restored cannot be told
    return Change(now, action, is_contribution and not is_null, is_null, bytes_delta, None if is_cut else is_revert,
                  now.is_minor, undone)


def _event(change: Change) -> Event:
    now = change.revision
    return Event(
        *now.source, number=now.number, occurred_at=now.at, time_basis="own", action=change.action,
        is_contribution=change.is_contribution, account_id=now.account.account_id if now.account else None,
        space_id=None if now.space is None else space_of(now), thread=now.page,
    )


def space_of(revision: Revision) -> str:
    """The id of its space: talk pages stand in a space of their own."""
    return "-".join((*revision.source, str(revision.space), "talk" if revision.is_talk else "pages"))


def stage_wiki(connection: duckdb.DuckDBPyConnection, wiki: Wiki) -> None:
    """Replaces what is staged by the wiki."""
    stage(connection, wiki.company)
    rows = [(c.revision.number.to_bytes(16), c.bytes_delta, c.is_revert, c.is_minor) for c in wiki.changes]
    schema = {"event_id": pl.Binary, "bytes_delta": pl.Int64, "is_revert": pl.Boolean, "is_minor": pl.Boolean}
    connection.register("given", pl.DataFrame(rows, schema=schema, orient="row"))
    connection.execute("update stg_event as e set bytes_delta = g.bytes_delta, is_revert = g.is_revert, "
                       "is_minor = g.is_minor from given as g where g.event_id = e.event_id")
    connection.unregister("given")
    for source, style in wiki.styles.items():
        connection.execute(
            "update stg_capability set has_edits = ?, has_history = ? where file_id in "
            "(select file_id from stg_coverage where platform = ? and workspace = ?)", [*STYLES[style], *source])


# ---- invention -------------------------------------------------------------------------------------------------------


def invented_wiki(seed: int) -> Wiki:
    """Up to three sources and some 120 revisions; the same for the same seed."""
    random = Random(seed)
    length = random.choice((40, 130, 300, 420, 640))
    sources = [("alpha", "w0"), *random.sample([("alpha", "w1"), ("beta", "w0"), ("gamma", "w0")], random.randrange(3))]
    styles = {source: random.choice(list(STYLES)) for source in sources}
    styles["alpha", "w0"] = random.choice(("full", "full", "full", "bare"))
    people = [f"person-{i}" for i in range(7)]
    spells = [spell for person in people for spell in _spells(random, person, length)] if random.random() < 0.7 else []
    owners = {spell.person_id for spell in spells}
    accounts = [
        Account(f"account-{i}", *random.choice(sources), random.choice(ACTORS) if i >= len(people) else "human",
                people[i] if i < len(people) and people[i] in owners else None)
        for i in range(11)
    ]  # fmt: skip
    revisions: list[Revision] = []
    for source in sources:
        near = [one for one in accounts if (one.platform, one.workspace) == source]
        for _ in range(random.choice((1, 4, 8))):
            revisions += _page(random, source, near, len(revisions), length)
    coverage = tuple(file for source in sources for file in _files(random, source, length))
    last = max(file.last for file in coverage)
    as_of = last + timedelta(days=random.choice((0, 0, 0, -1, -9, 20, 50)))
    numbered = random.sample(range(1, 10_000), len(revisions))
    shuffled = [Revision(**{**vars(one), "number": number}) for one, number in zip(revisions, numbered, strict=True)]
    return wiki_of(accounts, spells, shuffled, coverage, styles, as_of)


def _spells(random: Random, person: str, length: int) -> list[Spell]:
    turn = START + timedelta(days=random.randrange(length))
    unit, other = random.choices(("Law", "Ops", None), k=2)
    early = START - timedelta(days=300)
    return random.choice((
        [Spell(person, early, None, unit)], [Spell(person, early, None, unit)], [Spell(person, turn, None, unit)],
        [Spell(person, early, turn, unit)], [Spell(person, early, turn, unit), Spell(person, turn, None, other)], [],
    ))  # fmt: skip


def _page(random: Random, source: tuple[str, str], near: list[Account], n_before: int, length: int) -> list[Revision]:
    """The revisions of a page in bursts, between which it is left alone for days, or longer than it stays alive."""
    day = random.choice((-3, 0, 0, 1, random.randrange(length), random.randrange(length)))
    is_talk, begins, is_monthly = random.random() < 0.15, random.random() < 0.9, random.random() < 0.2
    editors: list[Account | None] = [None, *random.sample(near, min(len(near), random.choice((1, 2, 4))))]
    page = None if random.random() < 0.05 else n_before
    space = random.choice(("main", "main", "help", None))
    states, revisions = [random.randrange(9)], []
    hour = random.choice((0, 9, 23))
    while day < length + 5 and len(revisions) < 40:
        for _ in range(random.choice((1, 2, 4))):
            account = random.choice(editors if random.random() < 0.2 else (editors[1:] or editors))
            at = datetime.combine(START + timedelta(days=day), time(hour, random.choice((0, 0, 30))))
            revisions.append(Revision(source, page, at, 0, account, states[-1], is_talk, random.random() < 0.2,
                                      random.random() < 0.95, begins, space))
            states.append(random.choice((states[-1], *states[-3:], random.randrange(9), random.randrange(99))))
        gaps = (20, 25, 28) if is_monthly else (0, 1, 6, 7, 30, 89, 90, 91, 92, 180, 181, 182, 200)
        day += random.choice(gaps)
        if random.random() < 0.1:
            break
    return revisions


def _files(random: Random, source: tuple[str, str], length: int) -> list[Coverage]:
    """One file, or two with a gap or an overlap between them."""
    first = START + timedelta(days=random.choice((0, 0, 0, 8)))
    last = START + timedelta(days=max(length - random.choice((1, 1, 1, 12, 60)), 10))
    if random.random() < 0.6:
        return [Coverage(*source, first, last, random.random() < 0.5)]
    middle = first + timedelta(days=random.randrange((last - first).days))
    after = min(middle + timedelta(days=random.choice((0, 1, 2, 17, 40))), last)
    return [Coverage(*source, first, middle), Coverage(*source, after, last, is_stated=False)]
