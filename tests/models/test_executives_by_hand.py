"""Two small firms whose figures about executives are worked out by hand, beside the rows."""

import itertools
from dataclasses import replace
from datetime import datetime, time

import pytest

from tests.oracle.by_hand import LONG_AGO, MON, at, day, did, world
from tests.oracle.company import Account, Coverage, Event, Spell
from tests.oracle.firm import Firm, stage_firm
from tests.oracle.marts import Row
from tests.oracle.staged import empty_warehouse, rows_of, run_models

JANUARY = Coverage("alpha", "w0", MON, day(31), has_reactions=True)


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def january(connection, firm: Firm, table: str, **where: object) -> list[Row]:
    """The rows of January over all platforms and units."""
    stage_firm(connection, firm)
    run_models(connection, table)
    wanted = {"period_kind": "month", "platform": "all", "unit": "all", **where}
    return [row for row in rows_of(connection, table) if all(row[name] == value for name, value in wanted.items())]


def assert_holds(row: Row, **figures: object) -> None:
    assert {name: row[name] for name in figures} == figures


# ---- who takes part, and how -----------------------------------------------------------------------------------------

ANN, DAN, EVA, EVE, PIA, BOB, CID = (at("alpha", name) for name in ("ann", "dan", "eva", "eve", "pia", "bob", "cid"))
BY_DELEGATE = did(EVA, 3, "post")
OF_STYLE = [
    did(ANN, 1), did(ANN, 1, "reply", to=BOB, n=2), did(ANN, 10, "reply", to=EVE),  # 2 of 4 to staff
    did(DAN, 16, "comment", to=BOB),  # answers, starts nothing
    *(did(PIA, n) for n in (1, 8, 15, 22, 23)),
    did(EVE, 5, "react", to=BOB),
    BY_DELEGATE,
    did(BOB, 2, "reply", to=ANN),
]  # fmt: skip


@pytest.fixture(scope="module")
def board() -> Firm:
    """Five executives: pia above the other four; bob works for ann and cid for eve."""
    leaders = ("ann", "dan", "eva", "eve", "pia")
    executives = [Spell(name, LONG_AGO, None, "Head", is_executive=True) for name in leaders]
    staff = [Spell(name, LONG_AGO, None, "Ops") for name in ("bob", "cid")]
    bosses = {"ann": "pia", "dan": "pia", "eva": "pia", "eve": "pia", "bob": "ann", "cid": "eve"}
    layers = {"pia": 0, "ann": 1, "dan": 1, "eva": 1, "eve": 1, "bob": 2, "cid": 2}
    return Firm(
        world([ANN, DAN, EVA, EVE, PIA, BOB, CID], [*executives, *staff], OF_STYLE, coverage=(JANUARY,)),
        managers={(name, LONG_AGO): boss for name, boss in bosses.items()},
        layers={(name, LONG_AGO): layer for name, layer in layers.items()},
        graded=frozenset({("ann", LONG_AGO), ("bob", LONG_AGO)}),
        delegated=frozenset(event.number for event in BY_DELEGATE),
        max_layer=0,
    )


def test_style_by_hand(warehouse, board: Firm) -> None:
    (row,) = january(warehouse, board, "mart_executive_style", is_executive=True)
    assert_holds(
        row,
        n_eligible=5,
        n_posting=2,  # ann, pia
        n_replying=1,  # dan
        n_only_reacting=1,  # eve
        n_absent=1,  # eva, for whom only a delegate wrote
        n_delegated=1,
        n_with_4_contributions=2,  # ann, pia
        n_conversational=1,  # ann, with exactly half
        conversational_ratio=0.5,
        # of the weeks from 1, 8, 15 and 22 January: ann 2, dan 1, pia 4, eva and eve 0 of 4; that from 29 is not whole
        active_weeks_ratio=pytest.approx((2 + 1 + 4) / 4 / 5),
        # ann 11-31: 21 days, dan 1-15 and 17-31: 15, pia 24-31: 8, eva and eve: 31; the third of five
        median_longest_gap_days=21.0,
        median_burstiness=None,  # nobody has 10 gaps
        top_executive_share_ratio=0.5,  # pia 5 of 4 + 1 + 5
        absence_factor=2,  # 5 is not more than half of 10
        n_on_2_platforms=0,
        n_wiki_editors=None,  # no page is edited anywhere
    )


def test_parity_by_hand(warehouse, board: Firm) -> None:
    # a delegate's post counts as a contribution here: 4 of 5 executives against 1 of 2 others; Katz:
    # sqrt(1/4 - 1/5 + 1/1 - 1/2) = 0.74162, times 1.95996 is 1.45355, of which exp is 4.2783
    (row,) = january(warehouse, board, "mart_executive_participation", is_executive=True)
    assert row["parity_ratio"] == pytest.approx(1.6)
    assert row["parity_ratio_low"] == pytest.approx(1.6 / 4.2783, rel=1e-4)
    assert row["parity_ratio_high"] == pytest.approx(1.6 * 4.2783, rel=1e-4)
    (other,) = january(warehouse, board, "mart_executive_participation", is_executive=False)
    assert_holds(other, parity_ratio=None, parity_ratio_low=None, parity_ratio_high=None)


def test_rules_by_hand(warehouse, board: Firm) -> None:
    found = january(warehouse, board, "mart_executive_rules")
    figures = {
        row["rule"]: (row["is_used"], row["n_eligible"], row["n_contributors"], row["parity_ratio"]) for row in found
    }
    assert figures == {
        "people": (True, 5, 4, pytest.approx((4 / 5) / (1 / 2))),
        "grades": (False, 2, 2, pytest.approx((2 / 2) / (3 / 5))),  # ann and bob; dan, eva, pia of the other five
        "max_layer": (False, 1, 1, pytest.approx((1 / 1) / (4 / 6))),  # pia
    }


def test_layers_by_hand(warehouse, board: Firm) -> None:
    top, middle, last = sorted(january(warehouse, board, "mart_layers"), key=lambda row: str(row["layer"]))
    assert_holds(top, n_eligible=1, contributor_ratio=1.0, drop_from_above=None, n_boss_active=0, n_boss_silent=0)
    # ann, dan and eva of four; all report to pia
    assert_holds(middle, contributor_ratio=0.75, drop_from_above=0.25, n_boss_active=4, p_active_boss_active_ratio=0.75)
    assert_holds(middle, n_boss_silent=0, p_active_boss_silent_ratio=None)
    # bob contributes under ann, cid is silent under eve, who only reacts
    assert_holds(last, contributor_ratio=0.5, drop_from_above=0.25, n_boss_active=1, p_active_boss_active_ratio=1.0)
    assert_holds(last, n_boss_silent=1, p_active_boss_silent_ratio=0.0)


# ---- who answers whom ------------------------------------------------------------------------------------------------

EXECUTIVES = [at("alpha", f"e{i}") for i in range(1, 6)]
STAFF = [at("alpha", f"s{i}") for i in range(1, 6)]
NUMBER = itertools.count(10**6)
ROOT = itertools.count(1)


def said(who: Account, on: int, hour: float, action: str, thread: tuple[int, str], to: Account | None = None) -> Event:
    (event,) = did(who, on, action, to=to)
    at_time = time(int(hour), round(hour % 1 * 60))
    return replace(
        event, number=next(NUMBER), thread=thread[0], space_id=thread[1],
        occurred_at=datetime.combine(event.occurred_at.date(), at_time) if event.occurred_at else None,
    )  # fmt: skip


def started(who: Account, minute: int, space: str, *answers: tuple[Account, float], hour: int = 9) -> list[Event]:
    """A thread of 1 January, and who answers it after how many hours."""
    thread, begun = (next(ROOT), space), hour + minute / 60
    later = [(by, begun + after) for by, after in answers]
    replies = [said(by, 1 + int(when // 24), when % 24, "reply", thread, to=who) for by, when in later]
    return [said(who, 1, begun, "post", thread), *replies]


@pytest.fixture(scope="module")
def talks() -> Firm:
    """Executives e1 to e5, the first above the others; s1 and s2 work for e1, s3 for s1, s4 and s5 for nobody."""
    e1, e2, e3, e4, e5 = EXECUTIVES
    s1, s2, s3, s4, s5 = STAFF
    threads = [
        started(e1, 0, "a", (s1, 2)),
        started(e2, 10, "a", (s2, 4)),
        started(e3, 20, "a", (e1, 1)),  # only another executive
        started(e4, 30, "a", (s1, 24)),
        started(e5, 40, "b"),
        started(s1, 5, "a", (s2, 1)),
        started(s2, 15, "a", (s1, 3)),
        started(s3, 25, "a"),
        started(s4, 35, "a", (e1, 1)),  # an executive does not count
        started(s5, 45, "a"),
        *(started(s1, 50 + i, "b", (s2, 0.1)) for i in range(4)),
        started(s1, 0, "b", (s2, 0.1), hour=10),  # another hour
    ]
    roots = [thread[0] for thread in threads]
    later = [
        said(e1, 8, 23.5, "reply", _of(roots[0]), to=s1),  # asked on Monday 1: the fifth working day is Monday 8
        said(e2, 9, 0, "reply", _of(roots[1]), to=s2),  # one day late
        said(e4, 3, 9, "reply", _of(roots[3]), to=s1),  # by a delegate
        said(s3, 6, 9, "comment", _of(roots[4]), to=e5),  # on a Saturday: until Friday 12
        said(e5, 12, 9, "comment", _of(roots[4]), to=s3),
        said(s3, 14, 9, "comment", _of(roots[4]), to=e5),  # on a Sunday: until Friday 19
        said(e5, 20, 9, "comment", _of(roots[4]), to=s3),
        said(s3, 24, 9, "comment", _of(roots[4]), to=e5),  # until 31, the last day: old enough, not answered
        said(s3, 25, 9, "comment", _of(roots[4]), to=e5),  # until 1 February: not old enough
        said(s2, 2, 9, "react", _of(roots[0]), to=e1),
    ]
    spells = [Spell(f"e{i}", LONG_AGO, None, "Head", is_executive=True) for i in range(1, 6)]
    spells += [Spell(f"s{i}", LONG_AGO, None, "Ops") for i in range(1, 6)]
    bosses = {"e2": "e1", "e3": "e1", "e4": "e1", "e5": "e1", "s1": "e1", "s2": "e1", "s3": "s1"}
    return Firm(
        world([*EXECUTIVES, *STAFF], spells, [tuple(itertools.chain(*threads, later))], coverage=(JANUARY,)),
        managers={(name, LONG_AGO): boss for name, boss in bosses.items()},
        delegated=frozenset({later[2].number}),
    )


def _of(event: Event) -> tuple[int, str]:
    return event.thread or 0, event.space_id or ""


def test_answers_by_hand(warehouse, talks: Firm) -> None:
    (row,) = january(warehouse, talks, "mart_executive_answers")
    # to e1, e2 and e4 one each; to e5 four, of which the last is too young; e1 and, to the first, e5 answer in time
    assert_holds(row, n_eligible=5, n_asked=7, n_old_enough=6, n_answered_5d=2, answered_5d_ratio=pytest.approx(1 / 3))
    # still waiting after 2, 4 and 24 hours: 4/5, 3/5, 2/5
    assert_holds(row, n_threads=5, median_hours_to_executive=24.0)
    # space a: 4 threads of executives, 5 of staff, so 0.8 each; space b: 1 and 4, so 0.25 each; 5 in all. After 0.1
    # hours 4/5 wait, after 1 hour 3.2/5, after 3 hours 2.4/5. Unweighted, it would be 1 hour
    assert_holds(row, n_matched_threads=9, median_hours_to_matched=3.0)


def test_distance_and_reach_by_hand(warehouse, talks: Firm) -> None:
    (row,) = january(warehouse, talks, "mart_executive_answers")
    # e1-s1: 1; e2-s2 and e4-s1: 2 over e1; e5-s3: 1 up to e1, 2 down over s1; e1-s4, whom he answers: nobody above s4
    assert_holds(row, n_dyads=4, mean_tree_distance=2.0, distant_ratio=0.25)
    # below e1: e2 to e5, s1, s2, s3. s1 answers e1, and s2 reacts; s2 and s3 answer executives who are not above them
    assert_holds(row, n_below=7, n_reached_by_reply=1, n_reached=2, reach_ratio=pytest.approx(2 / 7))


def test_a_thread_is_followed_for_whole_days_until_a_day_is_missing(warehouse) -> None:
    (e1, *_), (s1, *_) = EXECUTIVES, STAFF
    # observed: 1-10 and 12-31
    files = (Coverage("alpha", "w0", MON, day(10)), Coverage("alpha", "w0", day(12), day(31)))
    talk = [
        said(e1, 9, 9, "post", (1, "a")), said(s1, 10, 9, "reply", (1, "a"), to=e1),  # 24 hours of 24
        said(e1, 9, 9, "post", (2, "a")), said(s1, 10, 10, "reply", (2, "a"), to=e1),  # 25 hours of 24
        said(e1, 10, 9, "post", (3, "a")), said(s1, 12, 9, "reply", (3, "a"), to=e1),  # 48 hours of 0
        said(e1, 29, 9, "post", (4, "a")),  # never, of 48
        said(e1, 11, 9, "post", (5, "a")),  # on the missing day
    ]  # fmt: skip
    spells = [Spell("e1", LONG_AGO, None, "Head", is_executive=True), Spell("s1", LONG_AGO, None, "Ops")]
    stage_firm(warehouse, Firm(world([e1, s1], spells, [tuple(talk)], coverage=files)))
    run_models(warehouse, "prep_executive_wait")
    waits = rows_of(warehouse, "prep_executive_wait")
    assert sorted((row["occurred_on"], row["n_seconds"], row["is_answered"]) for row in waits) == [
        (day(9), 86400, False),
        (day(9), 86400, True),
        (day(10), 0, False),
        (day(29), 2 * 86400, False),
    ]
