"""Who starts what and what follows from it, straight from the definitions; and companies to judge it by.

The marts are in `bottom_marts`.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

import duckdb
import polars as pl

from tests.oracle.company import CONTRIBUTIONS, PEOPLE_KINDS, Account, Company, Coverage, Event, Spell
from tests.oracle.definitions import platform_states, remembered, roster_of, source_states, spell_on, unit_on
from tests.oracle.firm import firm_of
from tests.oracle.order import order_of
from tests.oracle.staged import stage
from tests.oracle.threads import dated, persons

SPACE_KINDS = ("channel", "group", "space", "blog")
Key = tuple[str, str | None, int]


@dataclass(frozen=True)
class Space:
    """A space that an export lists."""

    space_id: str
    platform: str
    workspace: str
    kind: str = "channel"
    visibility: str = "public"
    created_on: date | None = None


@dataclass(frozen=True, eq=False)
class Led:
    """A company; roster rows of communications (person, first day), what delegates did, and spaces.

    On the platforms `per_space` the same number in another space is another thread.
    """

    company: Company
    comms: frozenset[tuple[str, date]] = frozenset()
    delegated: frozenset[int] = frozenset()
    spaces: tuple[Space, ...] = ()
    per_space: frozenset[str] = frozenset()


def stage_led(connection: duckdb.DuckDBPyConnection, led: Led) -> None:
    """Stages the company, then adds what it lacks."""
    stage(connection, led.company)
    for person, first in led.comms:
        where = "where person_id = ? and valid_from = ?"
        connection.execute(f"update stg_person set is_comms = true {where}", [person, first])
    for number in led.delegated:
        connection.execute("update stg_event set is_delegated = true where event_id = ?", [number.to_bytes(16)])
    for platform in led.per_space:
        connection.execute("update stg_file set ids_per_space = true where platform = ?", [platform])
    covered = connection.sql("select platform, workspace, file_id from stg_coverage").fetchall()
    files = {(platform, workspace): file_id for platform, workspace, file_id in covered}
    rows = [
        {
            "file_id": files[space.platform, space.workspace],
            "space_id": space.space_id,
            "platform": space.platform,
            "workspace": space.workspace,
            "kind": space.kind,
            "visibility": space.visibility,
            "created_at": space.created_on and datetime.combine(space.created_on, time(23)),
            "is_record": True,
            "member": "",
            "line": line,
        }
        for line, space in enumerate(led.spaces, 1)
    ]
    shape = connection.sql("from stg_space limit 0").pl().schema
    frame = pl.DataFrame([{name: row.get(name) for name in shape} for row in rows], schema=shape)
    connection.register("given", frame)
    connection.execute("insert into stg_space by name select * from given")
    connection.unregister("given")


# ---- what the words mean ---------------------------------------------------------------------------------------------


@remembered
def is_top_on(led: Led, person: str | None, day: date) -> bool:
    """Whether the person is an executive or of communications on the day."""
    spell = spell_on(led.company, person, day) if person else None
    return spell is not None and (spell.is_executive or (spell.person_id, spell.valid_from) in led.comms)


def knows_top(led: Led) -> bool:
    """Whether the roster knows anybody of the top."""
    return any(is_top_on(led, spell.person_id, spell.valid_from) for spell in roster_of(led.company))


@remembered
def known_from(led: Led, platform: str) -> date:
    """The first day after 90 days of which something was seen; in the far future if there is none."""
    seen = sorted(day for day, state in platform_states(led.company, platform).items() if state != "missing")
    return seen[90] if len(seen) > 90 else date.max


def key_of(led: Led, event: Event) -> Key | None:
    """The thread or page of an event."""
    if event.thread is None:
        return None
    return event.platform, event.space_id if event.platform in led.per_space else None, event.thread


@dataclass(frozen=True)
class Opening:
    """A thread or page."""

    what: str
    platform: str
    workspace: str
    day: date
    person: str | None
    origin: str


def origin_of(led: Led, event: Event) -> str:
    """Whether what the event starts comes from the top, the bottom or elsewhere."""
    person = persons(led.company)[event.account_id][0] if event.account_id else None
    day = day_of(event)
    if not event.is_contribution:
        return "elsewhere"
    if event.number in led.delegated or is_top_on(led, person, day):
        return "top"
    return "bottom" if person and spell_on(led.company, person, day) else "elsewhere"


def day_of(event: Event) -> date:
    """The day of a dated event."""
    assert event.occurred_at
    return event.occurred_at.date()


@remembered
def openings(led: Led) -> dict[Key, Opening]:
    """Every thread and page of which the start is known."""
    found = dict[Key, Opening]()
    order = order_of(led.company)

    def turn(event: Event) -> tuple[object, ...]:
        person = persons(led.company)[event.account_id][0] if event.account_id else None
        return (str(event.occurred_at), event.action, order[person] if person else (datetime.max,),
                not event.is_contribution, event.number in led.delegated, event.number)  # fmt: skip

    for event in sorted(dated(led.company), key=turn):
        person, kind = persons(led.company)[event.account_id] if event.account_id else (None, "unknown")
        is_start = event.action == "create" or (event.action == "post" and event.thread == event.number)
        key = key_of(led, event)
        if key and is_start and key not in found and (event.is_contribution or kind not in PEOPLE_KINDS):
            what = "page" if event.action == "create" else "thread"
            found[key] = Opening(what, event.platform, event.workspace, day_of(event), person, origin_of(led, event))
    return found


@dataclass(frozen=True)
class Piece:
    """A contribution of a person, and why it is not organic."""

    event: Event
    day: date
    person: str
    target: str | None
    is_leading: bool
    is_led: bool
    is_to_leading: bool

    @property
    def is_organic(self) -> bool:
        """Whether it neither comes from the top nor follows from it."""
        return not (self.is_leading or self.is_led or self.is_to_leading)


@remembered
def pieces(led: Led) -> list[Piece]:
    """Every contribution of a person up to the as-of day."""
    found = []
    for event in dated(led.company):
        if event.account_id is None or not event.is_contribution or event.action not in CONTRIBUTIONS:
            continue
        person, kind = persons(led.company)[event.account_id]
        if kind not in PEOPLE_KINDS:
            continue
        day, key = day_of(event), key_of(led, event)
        answers = event.action in ("reply", "comment") and event.target_account_id is not None
        target = persons(led.company)[event.target_account_id or ""][0] if answers else None
        opening = openings(led).get(key) if key else None
        is_leading = event.number in led.delegated or is_top_on(led, person, day)
        is_led = opening is not None and opening.origin == "top"
        found.append(Piece(event, day, person, target, is_leading, is_led, is_top_on(led, target, day)))
    return found


# ---- starts ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Start:
    """A thread, page or space that somebody started."""

    what: str
    platform: str
    day: date
    unit: str | None
    origin: str
    n_drawn: int
    is_decided: bool


def n_drawn(led: Led, starter: str | None, day: date, inside: list[Piece]) -> int:
    """How many employed people who are no executives, other than the starter, contribute in 28 days."""
    drawn = set[str]()
    for piece in inside:
        spell = spell_on(led.company, piece.person, piece.day)
        is_staff = spell is not None and not spell.is_executive and piece.event.number not in led.delegated
        if is_staff and piece.person != starter and day <= piece.day < day + timedelta(days=28):
            drawn.add(piece.person)
    return len(drawn)


def is_decided(led: Led, what: str, platform: str, workspace: str, day: date) -> bool:
    """Whether exports show what others add, and none of the 28 days is missing."""
    additions = {"thread": ("reply", "comment"), "page": ("edit", "comment")}
    own = [one.event for one in pieces(led) if one.event.platform == platform and one.event.thread is not None]
    states = source_states(led.company).get((platform, workspace), {})
    return (what == "space" or any(one.action in additions[what] for one in own)) and all(
        states.get(day + timedelta(days=i), "missing") != "missing" for i in range(28)
    )


@remembered
def starts(led: Led) -> list[Start]:
    """Everything that somebody started."""
    found = []
    for key, one in openings(led).items():
        inside = [piece for piece in pieces(led) if key_of(led, piece.event) == key]
        unit = unit_on(led.company, one.person, one.day) if one.person else None
        found.append(Start(one.what, one.platform, one.day, unit, one.origin, n_drawn(led, one.person, one.day, inside),
                           is_decided(led, one.what, one.platform, one.workspace, one.day)))  # fmt: skip
    for space in led.spaces:
        inside = [piece for piece in pieces(led) if piece.event.space_id == space.space_id]
        if space.kind not in SPACE_KINDS or space.visibility != "public" or not inside:
            continue
        first_seen = min(day_of(event) for event in dated(led.company) if event.space_id == space.space_id)
        if min(first_seen, space.created_on or date.max) < known_from(led, space.platform):
            continue
        order = order_of(led.company)
        first = min(
            inside, key=lambda one: (str(one.event.occurred_at), order[one.person], one.is_leading, one.person)
        )
        unit = unit_on(led.company, first.person, first.day)
        found.append(Start("space", space.platform, first.day, unit, origin_of(led, first.event),
                           n_drawn(led, first.person, first.day, inside),
                           is_decided(led, "space", space.platform, first.event.workspace, first.day)))  # fmt: skip
    return found


# ---- invention -------------------------------------------------------------------------------------------------------


def led_of(company: Company, seed: int) -> Led:
    """The company with threads, communications, delegates and spaces that the seed decides."""
    random, firm = Random(seed), firm_of(company, seed)
    events = tuple(
        replace(event, space_id=event.space_id and f"{event.platform}-{event.space_id}")
        for event in firm.company.events
    )
    sources = sorted({(event.platform, event.workspace) for event in events})
    spaces = tuple(
        Space(f"{platform}-space-{i}", platform, workspace, random.choice((*SPACE_KINDS, "namespace")),
              random.choice(("public", "public", "private")))
        for platform, workspace in {platform: (platform, workspace) for platform, workspace in sources}.values()
        for i in (1, 2)
    )  # fmt: skip
    comms = frozenset((one.person_id, one.valid_from) for one in company.spells if random.random() < 0.25)
    per_space = frozenset({"beta"} if random.random() < 0.5 else ())
    return Led(replace(company, events=events), comms, firm.delegated, spaces, per_space)


START = date(2023, 11, 6)  # a Monday; 220 days reach past the leap day
N_DAYS = 220


def long_led(seed: int) -> Led:
    """Twenty people over seven months who start threads, pages and spaces; the same for the same seed."""
    random = Random(seed)
    spells = [spell for i in range(20) for spell in _spells(random, f"person-{i:02}", is_high=i < 4)]
    people = [("human", f"person-{i:02}") for i in range(20)]
    owners = [*people, *random.sample(people, 6), ("external", None), ("bot", None), ("human", None)]
    homes = (("alpha", "w0"), ("alpha", "w0"), ("alpha", "w1"), ("beta", "w0"))
    accounts = [Account(f"account-{i:02}", *random.choice(homes), *owner) for i, owner in enumerate(owners)]
    gap = random.randrange(60, 150)
    coverage = (
        Coverage("alpha", "w0", _day(0), _day(N_DAYS - 1)),
        Coverage("alpha", "w1", _day(0), _day(N_DAYS - 1), is_stated=False),
        Coverage("beta", "w0", _day(0), _day(gap)),
        Coverage("beta", "w0", _day(gap + random.choice((1, 1, 2, 9))), _day(N_DAYS - random.choice((1, 30)))),
    )
    spaces = [
        Space(f"{platform}-{i}", platform, "w0", random.choice((*SPACE_KINDS, "channel", "namespace")),
              "private" if i == 3 else "public", random.choice((None, None, None, _day(50), _day(100))))
        for platform in ("alpha", "beta")
        for i in range(10)
    ]  # fmt: skip
    since = {space.space_id: random.choice((0, 0, 80, 95, 110, 140, 170)) for space in spaces}
    events = list[Event]()
    for _ in range(330):
        who, day = random.choice(accounts), random.randrange(-3, N_DAYS)
        rooms: list[str | None] = [one.space_id for one in spaces
                                   if one.platform == who.platform and since[one.space_id] <= day]  # fmt: skip
        space, action = random.choice([*rooms, *rooms[-2:], None]), random.choice(("post", "post", "create", "share"))
        number = len(events)
        elsewhere = [one for one in events if (one.platform, one.action) == ("beta", action) and one.space_id != space]
        if seed % 2 and who.platform == "beta" and elsewhere and random.random() < 0.5:
            number = random.choice(elsewhere).number  # the same number in another space
            if any((one.number, one.space_id) == (number, space) for one in events):
                continue
        root = _event(who, number, day, action, space, number)
        if random.random() < 0.9:  # else the start is in no export
            events.append(root)
        for _ in range(random.choice((0, 0, 1, 2, 3, 6))):
            near = [one for one in accounts if (one.platform, one.workspace) == (who.platform, who.workspace)]
            other, later = random.choice(near), day + random.choice((0, 1, 1, 2, 5, 27, 28, 40))
            kind = random.choice(("edit", "comment", "comment", "create") if action == "create"
                                 else ("reply", "reply", "reply", "comment", "post"))  # fmt: skip
            if kind == "create":  # of two that seem to begin it, the earlier did
                later = day - 1
            target = random.choice((who, who, random.choice(near), None)) if kind in ("reply", "comment") else None
            answer = _event(other, 10_000 + len(events), later, kind, space, root.thread)
            events.append(replace(answer, target_account_id=target.account_id if target else None))
    is_loaded = seed % 6 > 0
    comms = frozenset((one.person_id, one.valid_from) for one in spells if random.random() < 0.15)
    delegated = frozenset(event.number for event in events if random.random() < 0.03)
    if not is_loaded:
        accounts = [replace(one, person_id=None) for one in accounts]
    company = Company(tuple(accounts), tuple(spells) if is_loaded else (), tuple(events), coverage,
                      _day(N_DAYS - random.choice((1, 1, 4))))  # fmt: skip
    return Led(company, comms if is_loaded else frozenset(), delegated, tuple(spaces),
               frozenset({"beta"} if seed % 2 else ()))  # fmt: skip


def _day(n: int) -> date:
    return START + timedelta(days=n)


def _event(who: Account, number: int, day: int, action: str, space: str | None, thread: int | None) -> Event:
    at = datetime.combine(_day(day), time(9))
    is_contribution = who.kind in PEOPLE_KINDS
    return Event(who.platform, who.workspace, number, at, "own", action, is_contribution, who.account_id, space, thread)


def _spells(random: Random, person: str, *, is_high: bool) -> list[Spell]:
    unit, early = random.choice(("Law", "Ops", "Ops")), date(2022, 1, 1)
    if random.random() < 0.5:
        return [Spell(person, early, None, unit, is_high)]
    turn = _day(random.randrange(5, N_DAYS))
    if random.random() < 0.3:
        return [Spell(person, early, turn, unit, is_high)]
    back = turn + timedelta(days=random.choice((0, 0, 0, 12)))
    other = random.choice(("Law", "Ops", None))
    return [Spell(person, early, turn, unit, is_high), Spell(person, back, None, other, random.random() < 0.3)]
