"""Who starts what others join, what remains without the top, and critical mass: small tables worked out by hand."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from tests.oracle.bottom import Led, Space, stage_led
from tests.oracle.by_hand import LONG_AGO, NUMBER, at, day, table, world
from tests.oracle.company import PEOPLE_KINDS, Account, Coverage, Event, Spell
from tests.oracle.staged import empty_warehouse, rows_of, run_models

ANN, BOB, CY, DEE, EVE, COM = (at("alpha", name) for name in ("ann", "bob", "cy", "dee", "eve", "com"))
BOT, STRANGER = at("alpha", None, kind="bot", name="bot"), at("alpha", None, name="stranger")
EVERYBODY = [ANN, BOB, CY, DEE, EVE, COM, BOT, STRANGER]
SPELLS = [Spell(name, LONG_AGO, None, "Ops", name == "eve") for name in ("ann", "bob", "cy", "dee", "eve", "com")]
COMMS = frozenset({("com", LONG_AGO)})


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def mart_of(warehouse, mart: str, led: Led) -> list[dict[str, object]]:
    stage_led(warehouse, led)
    run_models(warehouse, mart)
    return rows_of(warehouse, mart)


def wrote(who: Account, on: int, thread: int | None = None, to: Account | None = None) -> Event:
    number = next(NUMBER)
    moment = datetime.combine(day(on), time(9))
    return Event("alpha", "w0", number, moment, "own", "reply" if thread else "post", who.kind in PEOPLE_KINDS,
                 who.account_id, "room", thread or number, to and to.account_id)  # fmt: skip


def talk(who: Account, on: int, *answers: tuple[Account, int, Account]) -> tuple[Event, ...]:
    root = wrote(who, on)
    return (root, *(wrote(one, later, root.number, to) for one, later, to in answers))


def test_of_two_accounts_of_one_message_always_the_same_starts_its_thread(warehouse) -> None:
    of_bob = wrote(BOB, 5)
    both = [of_bob, replace(of_bob, account_id=ANN.account_id)]
    for events in (both, both[::-1]):
        mart_of(warehouse, "prep_opening", Led(world(EVERYBODY, SPELLS, [tuple(events)]), COMMS, frozenset()))
        assert warehouse.execute("select person_id from prep_opening").fetchall() == [("ann",)]


def january() -> Led:
    events = [
        talk(ANN, 2, (BOB, 3, ANN), (CY, 29, ANN)),  # two others by the 28th day: drew
        talk(ANN, 2, (BOB, 3, ANN), (CY, 30, ANN)),  # the second a day too late
        talk(EVE, 5, (BOB, 5, EVE), (CY, 6, EVE)),  # drew, by an executive
        talk(COM, 5, (BOB, 5, COM), (CY, 6, COM)),  # drew, by communications
        talk(BOB, 5, (EVE, 5, BOB), (BOB, 6, BOB), (CY, 6, BOB)),  # an executive and oneself do not count: one other
        talk(BOT, 5, (BOB, 5, BOT), (CY, 6, BOT), (DEE, 7, EVE)),  # nobody's
        talk(STRANGER, 5),  # somebody who is not known to be employed
        talk(DEE, 6, (ANN, 6, DEE), (BOB, 7, DEE)),  # drew; a delegate wrote it
        talk(CY, 6, (ANN, 6, CY), (COM, 7, CY)),  # drew: communications are others, too
        talk(ANN, 40, (BOB, 41, ANN), (CY, 41, ANN)),  # its 28 days last until day 67, observed are 59
    ]
    company = world(EVERYBODY, SPELLS, events, coverage=(Coverage("alpha", "w0", day(1), day(59)),))
    return Led(company, COMMS, frozenset({events[7][0].number}))


def test_initiation_by_hand(warehouse) -> None:
    rows = mart_of(warehouse, "mart_initiation", january())
    started = "n_started n_bottom_started n_elsewhere_started n_undecided"
    columns = f"{started} n_drew n_bottom_drew bottom_up_ratio headcount_ratio"
    month = {"period_kind": "month", "platform": "alpha", "what": "thread"}
    expected = [(7, 4, 2, 0, 5, 2, 2 / 5, 4 / 6), (1, 1, 0, 1, None, None, None, 4 / 6)]
    assert table(rows, columns, unit="all", **month) == expected
    # what is nobody's is of no unit
    assert table(rows, "n_started n_elsewhere_started", unit="Ops", **month) == [(7, None), (1, None)]
    (index, _), (low, high) = (
        [values[0] for values in table(rows, "bottom_up_index", unit="all", **month)],
        table(rows, "bottom_up_ratio_low bottom_up_ratio_high", unit="all", **month)[0],
    )
    assert index == pytest.approx(0.6)  # 2/5 where headcount alone gives 2/3
    assert (low, high) == (pytest.approx(0.1176, abs=5e-5), pytest.approx(0.7693, abs=5e-5))  # Wilson, 2 of 5
    # no export shows a page, and of spaces nothing is known in the first 90 days
    assert {row["n_started"] for row in rows if row["what"] != "thread"} == {None}


def test_started_spaces_by_hand(warehouse) -> None:
    # alpha is known from its 91st day on, which is day 91; beta begins on day 41, and is known from day 131 on
    files = (Coverage("alpha", "w0", day(1), day(180)), Coverage("beta", "w0", day(41), day(180)))
    ann, bob = at("beta", "ann"), at("beta", "bob")
    first = {"botted": (BOT, 50), "young": (ann, 125), "new": (bob, 135)}
    spaces = [
        Space("fresh", "alpha", "w0"), Space("quiet", "alpha", "w0", "group"), Space("botted", "alpha", "w0"),
        Space("made", "alpha", "w0", created_on=day(90)), Space("closed", "alpha", "w0", visibility="private"),
        Space("main", "alpha", "w0", "namespace"), Space("late", "alpha", "w0"),
        Space("young", "beta", "w0"), Space("new", "beta", "w0", created_on=day(131)),
    ]  # fmt: skip
    events = [replace(wrote(who, on), space_id=space, platform=who.platform) for space, (who, on) in first.items()]
    for space in ("fresh", "botted", "made", "closed", "main"):
        # ann is first; eve and ann herself draw nobody, com and cy on the 28th day do
        there = (wrote(ANN, 125), wrote(EVE, 125), wrote(ANN, 126), wrote(COM, 126), wrote(CY, 152))
        events += [replace(one, space_id=space) for one in there]
    events += [replace(one, space_id="quiet") for one in (wrote(EVE, 125), wrote(BOB, 126), wrote(CY, 153))]
    events += [replace(wrote(DEE, 154), space_id="late")]  # its 28 days last until day 181
    company = world([*EVERYBODY, ann, bob], SPELLS, [tuple(events)], coverage=files)
    rows = mart_of(warehouse, "mart_initiation", Led(company, COMMS, frozenset(), tuple(spaces)))
    columns = "period_start n_started n_bottom_started n_undecided n_drew n_bottom_drew"
    month = {"period_kind": "month", "unit": "all", "what": "space"}
    # days 92 to 121 are April, 122 to 152 May, 153 to 180 June
    april, may, june = date(2024, 4, 1), date(2024, 5, 1), date(2024, 6, 1)
    alpha = table(rows, columns, platform="alpha", **month)
    assert [row[1] for row in alpha[:3]] == [None] * 3  # March begins before day 91
    assert alpha[3:] == [(april, 0, 0, 0, 0, 0), (may, 2, 1, 0, 1, 1), (june, 1, 1, 1, None, None)]
    beta = table(rows, columns, platform="beta", **month)
    assert beta[-2:] == [(may, None, None, None, None, None), (june, 0, 0, 0, 0, 0)]
    # new was started on day 135; young on beta's 85th day may have been there before
    assert table(rows, columns, platform="all", **month)[4] == (may, 3, 2, 0, 1, 1)


def test_without_known_executives_nothing_is_called_bottom_up(warehouse) -> None:
    led = january()
    nobody = replace(led.company, spells=tuple(replace(spell, is_executive=False) for spell in led.company.spells))
    rows = mart_of(warehouse, "mart_initiation", replace(led, company=nobody, comms=frozenset()))
    assert {row["bottom_up_ratio"] for row in rows} == {None} == {row["n_bottom_started"] for row in rows}
    assert 7 in {row["n_started"] for row in rows}


def test_organic_by_hand(warehouse) -> None:
    rows = mart_of(warehouse, "mart_organic", january())
    jan = {"period_kind": "month", "period_start": day(1), "platform": "alpha", "unit": "all"}
    # per thread, all and left: 3/3, 3/3, 3/0, 3/0, 4/3 (less eve), 3/2 (less dee, who answers eve), 3/0, 3/2 (less com)
    assert table(rows, "n_contributions n_contributions_without contributions_left_ratio", **jan) == [(25, 13, 13 / 25)]
    # dee has left only what is delegated, or answers eve
    assert table(rows, "n_contributors n_contributors_without contributors_left_ratio", **jan) == [(6, 3, 3 / 6)]
    # bob and cy each with ann, eve and com; bob-cy, dee-eve, dee-ann, dee-bob; left: those among ann, bob and cy
    assert table(rows, "n_ties n_ties_without ties_left_ratio", **jan) == [(10, 3, 3 / 10)]
    assert table(rows, "n_tied n_tied_without tied_left_ratio", **jan) == [(6, 3, 3 / 6)]


CREW = [at("alpha", f"p{i}") for i in range(6)]
FAN, SID = at("alpha", "fan"), at("alpha", "sid")
N_WEEKS = 24


def crew_at_work(*, only_one_in: tuple[int, ...], missing: int | None = None) -> Led:
    """Six people write every week, but in some weeks only one of them; a fan answers the executive alone."""
    events = []
    for week in range(N_WEEKS):
        events += [talk(who, 7 * week + 2) for who in CREW[: 1 if week in only_one_in else 6]]
        fans = (FAN, SID) if week == 20 else (FAN,)
        events.append(talk(EVE, 7 * week + 3, *((fan, 7 * week + 3, EVE) for fan in fans)))
    spells = [Spell(one.person_id or "", LONG_AGO, None, "Ops", one is EVE) for one in (*CREW, EVE, FAN, SID)]
    last = day(7 * N_WEEKS)
    files = (Coverage("alpha", "w0", day(1), last),)
    if missing:
        files = (Coverage("alpha", "w0", day(1), day(missing - 1)), Coverage("alpha", "w0", day(missing + 1), last))
    return Led(world([*CREW, EVE, FAN, SID], spells, events, coverage=files))


def weeks_of(warehouse, led: Led, columns: str) -> list[tuple[object, ...]]:
    return table(mart_of(warehouse, "mart_critical_mass", led), columns, platform="alpha", unit="Ops")


def test_critical_mass_by_hand(warehouse) -> None:
    led = crew_at_work(only_one_in=(15, 16))
    weeks = weeks_of(warehouse, led, "n_unseeded_contributors n_returning n_reviving n_lapsing n_weeks_in_a_row state")
    assert weeks[0] == (6, 0, 0, None, None, "cannot_tell")  # nobody can have returned
    assert weeks[5] == (6, 6, 0, 0, 5, "cannot_tell")
    assert weeks[6] == (6, 6, 0, 0, 6, "sustained")
    assert weeks[14] == (6, 6, 0, 0, 14, "sustained")
    assert weeks[15] == (1, 1, 0, 5, 0, "not_yet")  # one returns, five lapse
    assert weeks[16] == (1, 1, 0, 0, None, "cannot_tell")  # of one person nothing is said
    assert weeks[17] == (6, 6, 5, 0, 1, "cannot_tell")
    assert weeks[21] == (6, 6, 0, 0, 5, "cannot_tell")
    assert weeks[22] == (6, 6, 0, 0, 6, "sustained")
    # the 91st day is 31 March, a Sunday, on which the thirteenth week ends; sid writes in the 21st
    adopted = weeks_of(warehouse, led, "n_adopted adoption_ratio")
    assert adopted[11:13] == [(None, None), (8, 8 / 9)]
    assert adopted[19:21] == [(8, 8 / 9), (9, 1.0)]
    assert table(mart_of(warehouse, "mart_critical_mass", led), "period_end", unit="Ops", n_adopted=8,
                 platform="alpha")[0] == (date(2024, 3, 31),)  # fmt: skip


def test_a_week_is_not_called_false_while_history_is_short(warehouse) -> None:
    weeks = weeks_of(warehouse, crew_at_work(only_one_in=(8,)), "n_returning n_lapsing is_self_sustaining_week state")
    assert weeks[8] == (1, 5, None, "cannot_tell")


def test_a_missing_day_ends_the_run(warehouse) -> None:
    led = crew_at_work(only_one_in=(), missing=7 * 9 + 5)
    weeks = weeks_of(warehouse, led, "n_weeks_in_a_row state")
    # the tenth week is not observed, and the eleventh cannot be compared with it
    assert weeks[8:12] == [(8, "sustained"), (None, "cannot_tell"), (None, "cannot_tell"), (1, "cannot_tell")]
    assert weeks[15:17] == [(5, "cannot_tell"), (6, "sustained")]
