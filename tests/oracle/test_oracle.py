"""The oracle against tables computed by hand, with the working beside them; and laws that every company obeys.

The SQL is not tested here.
"""

import itertools
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings

from tests.oracle import marts
from tests.oracle.company import PEOPLE_KINDS, Account, Company, Coverage, Event, Spell, companies
from tests.oracle.compare import assert_same_rows
from tests.oracle.definitions import period_of, platform_states
from tests.oracle.dense import dense_company

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


# ---- formulas --------------------------------------------------------------------------------------------------------


def test_wilson_bounds_by_hand() -> None:
    # z^2 = 3.841458821; 5 of 10: centre 0.5; half = z * sqrt(0.25/10 + z^2/400) / (1 + z^2/10)
    #   = 1.959963985 * sqrt(0.025 + 0.009603647) / 1.384145882 = 1.959963985 * 0.186020555 / 1.384145882 = 0.263406921
    assert marts.wilson(5, 10) == pytest.approx((0.236593091, 0.763406909), abs=1e-7)
    # 0 of 10: centre = half = (z^2/20) / (1 + z^2/10), so the bounds are 0 and z^2 / (10 + z^2) = 0.277532799
    assert marts.wilson(0, 10) == pytest.approx((0.0, 3.841458821 / 13.841458821), abs=1e-9)
    # 10 of 10: the mirror image; nothing of nobody has no bounds
    assert marts.wilson(10, 10) == pytest.approx((10 / 13.841458821, 1.0), abs=1e-9)
    assert marts.wilson(0, 0) == (None, None)


def test_gini_and_absence_factor_by_hand() -> None:
    totals = [1000, 202, 90, 33, 332, 343, 42, 433]
    # ascending 33 42 90 202 332 343 433 1000, S = 2475
    # sum(i*x) = 33 + 84 + 270 + 808 + 1660 + 2058 + 3031 + 8000 = 15944
    # (2*15944 - 9*2475) / (8*2475) = 9613 / 19800 = 0.48550505...
    assert marts.gini(totals) == pytest.approx(0.4855050505, abs=1e-10)
    # half of S is 1237.5; 1000 is not more, 1000 + 433 is
    assert marts.absence_factor(totals) == 2
    # exactly half is not more than half
    assert marts.absence_factor([5, 5]) == 2
    assert marts.gini([4, 4, 4]) == 0.0
    # all by one of four: (2*4*8 - 5*8) / (4*8) = 24/32
    assert marts.gini([0, 8, 0, 0]) == 0.75
    assert (marts.gini([0, 0]), marts.absence_factor([0, 0]), marts.gini([]), marts.absence_factor([])) == (None,) * 4


def test_top_shares_round_the_number_of_people_up() -> None:
    # 101 people: 1 % is 2 people (ceil 1.01), 10 % is 11. One gives 50, the others 1 each: S = 150
    contributions = [at("alpha", f"p{i}") for i in range(101)]
    staff = [Spell(f"p{i}", LONG_AGO) for i in range(101)]
    events = [did(who, 1) for who in contributions] + [did(contributions[0], 1, n=49)]
    got = marts.contributor_ratios(world(contributions, staff, events))
    columns = "top_1_share_ratio top_10_share_ratio absence_factor"
    # 51/150; 60/150; 50 + 26*1 = 76 > 75, so 27 people
    assert table(got, columns, platform="alpha", period_kind="month", unit="all") == [(51 / 150, 60 / 150, 27)]


# ---- facts and coverage ----------------------------------------------------------------------------------------------


def test_person_days_hold_people_only_and_own_time_only() -> None:
    bot, guest, nobody = (at("alpha", None, kind=k, name=k) for k in ("bot", "external", "unknown"))
    ann_too = at("beta", "ann")
    hidden = Event("alpha", "w0", 1, datetime(2024, 1, 2), "own", "post", False, None)
    undated = Event("alpha", "w0", 2, None, "none", "post", True, A.account_id)
    null_edit = Event("alpha", "w0", 3, datetime(2024, 1, 2), "own", "edit", False, A.account_id)
    events = [
        did(A, 2, n=2), did(A, 2, "reply"), did(A, 2, "react"), did(A, 3, "react", basis="target"),
        did(ann_too, 2, "upload"), did(bot, 2), did(bot, 2, "react"), did(nobody, 2), did(guest, 4, "react"),
        did(A, 32), did(A, 5, "join"), (hidden, undated, null_edit),
    ]  # fmt: skip
    got = marts.person_days(world([A, ann_too, bot, guest, nobody], [Spell("ann", LONG_AGO)], events))
    zero = {f"n_{w}": 0 for w in ("posts", "replies", "creates", "edits", "comments", "shares", "uploads")}
    ann = {"person_id": "ann", "is_matched": True, "occurred_on": day(2)}
    expected = [
        zero | ann | {"platform": "alpha", "n_posts": 2, "n_replies": 1, "n_contributions": 3, "n_reacts": 1},
        zero | ann | {"platform": "beta", "n_uploads": 1, "n_contributions": 1, "n_reacts": 0},
        zero
        | {"person_id": "alpha-external", "is_matched": False, "platform": "alpha", "occurred_on": day(4)}
        | {"n_contributions": 0, "n_reacts": 1},
    ]
    assert_same_rows(got, expected, ("person_id", "platform", "occurred_on"))


def test_best_state_wins_and_days_between_files_are_missing() -> None:
    files = (
        Coverage("alpha", "w0", day(1), day(3), is_stated=False),  # partial observed partial
        Coverage("alpha", "w0", day(3), day(4), is_stated=True),  #                   observed observed
        Coverage("alpha", "w0", day(7), day(7), is_stated=False),  # one day is both ends: partial
    )
    got = marts.coverage_days(world([], [], [], coverage=files, as_of=day(8)))
    states = ["partial", "observed", "observed", "observed", "missing", "missing", "partial", "missing"]
    assert table(got, "occurred_on state", platform="alpha", workspace="w0") == [
        (day(i), state) for i, state in enumerate(states, start=1)
    ]


def test_silent_source_delivers_for_its_cadence_and_then_has_left() -> None:
    # Ends 5, 20, 45 and 46, 200 days before D = day(200+1): the first three have rows until D, the others stop.
    ends = {"near": 196, "late": 181, "edge": 156, "over": 155, "gone": 1}
    files = tuple(Coverage(name, "w0", day(1), day(end)) for name, end in ends.items())
    got = marts.coverage_days(world([], [], [], coverage=files, as_of=day(201)))
    last = {name: table(got, "occurred_on", platform=name)[-1] for name in ends}
    assert last == {
        "near": (day(201),),
        "late": (day(201),),
        "edge": (day(201),),
        "over": (day(155),),
        "gone": (day(1),),
    }


def test_left_platform_leaves_all_and_late_platform_spoils_it() -> None:
    # near to day 95, late to day 80 of D = 100 (20 days silent, still delivers), gone to day 3 (97 days, left).
    files = (
        Coverage("near", "w0", day(1), day(95)),
        Coverage("late", "w0", day(1), day(80)),
        Coverage("gone", "w0", day(1), day(3)),
    )
    company = world([], [], [], coverage=files, as_of=day(100))
    states = platform_states(company, "all")
    # 80 days with all that deliver; 81-95 near only: partial; 96-100 nobody: missing
    assert [states[day(n)] for n in (1, 3, 4, 80, 81, 95, 96, 100)] == [
        "observed", "observed", "observed", "observed", "partial", "partial", "missing", "missing",
    ]  # fmt: skip
    weeks = marts.active_users(company)
    # week of day 78 (Mon 18 March): 78 79 80 observed; 81-84 partial
    assert table(weeks, "is_complete n_observed_days", platform="all", period_start=day(78), period_kind="week") == [
        (False, 3)
    ]
    # the left platform goes on having rows, without figures: weeks from 1 January to 8 April, 15 of them
    gone = table(weeks, "n_observed_days n_contributors n_outside n_eligible", platform="gone", period_kind="week")
    assert gone == [(3, 0, 0, 0)] + [(0, None, None, 0)] * 14


def test_days_after_the_as_of_day_are_not_read() -> None:
    company = world([A], [Spell("ann", LONG_AGO), Spell("bob", day(11))], [did(A, 9), did(A, 11)], as_of=day(10))
    got = marts.active_users(company)
    columns = "period_end is_complete n_observed_days n_eligible n_contributors n_lapsed"
    assert table(got, columns, platform="all", period_kind="week", unit="all") == [
        (day(7), True, 7, 1, 0, None),
        (day(14), False, 3, 1, 1, 0),  # 8, 9, 10 observed; bob's row starts after D
    ]
    assert len(marts.person_days(company)) == 1


# ---- population ------------------------------------------------------------------------------------------------------


def test_leaver_and_joiner_need_half_of_the_days() -> None:
    # Week 1-7: half is 3.5 days, so 4 are needed. The month has 31: 16 are needed.
    spells = [
        Spell("three", LONG_AGO, day(4)),  # 1 2 3: no
        Spell("four", LONG_AGO, day(5)),  # 1 2 3 4: yes
        Spell("last3", day(5)),  # 5 6 7: no; 27 of the month: yes
        Spell("last4", day(4)),  # 4 5 6 7: yes
        Spell("gap", LONG_AGO, day(3)),  # 1 2 and 6 7: yes
        Spell("gap", day(6)),
        Spell("fifteen", LONG_AGO, day(16)),  # 15 of 31: no; in the week: yes
        Spell("sixteen", LONG_AGO, day(17)),  # 16 of 31: yes; in the week: yes
    ]
    got = marts.contributor_ratios(world([], spells, []))
    first_week = table(got, "n_eligible", platform="all", period_kind="week", unit="all", period_start=MON)
    assert first_week == [(5,)]  # four last4 gap fifteen sixteen
    month = table(got, "n_eligible", platform="all", period_kind="month", unit="all")
    assert month == [(4,)]  # last3 (27), last4 (28), gap (2 + 26), sixteen


def test_outsiders_are_counted_where_they_were_last_employed() -> None:
    cy = at("alpha", "cy")
    guest, stray = at("alpha", None, kind="external", name="x"), at("alpha", None, name="y")
    spells = [Spell("ann", LONG_AGO, None, "Ops"), Spell("cy", LONG_AGO, day(3), "Law")]
    events = [did(A, 1), did(cy, 6), did(guest, 2), did(stray, 2)]  # cy even after leaving
    got = marts.active_users(world([A, cy, guest, stray], spells, events))
    week = {"platform": "all", "period_kind": "week", "period_start": MON}
    assert sorted(table(got, "unit n_eligible n_contributors n_outside", **week)) == [
        ("Law", 0, 0, 1),  # cy: 2 of 7 days
        ("Ops", 1, 1, 0),
        ("all", 1, 1, 3),
    ]
    days = table(got, "n_outside", platform="all", period_kind="day", unit="all")
    assert days[:6] == [(0,), (2,), (0,), (0,), (0,), (1,)]
    assert set(table(got, "n_outside", platform="all", period_kind="day", unit="Law")) == {(0,)}


def test_mover_counts_once_and_contributions_stay_in_their_unit() -> None:
    # ann is in Ops on 1-5, in Law from 6: she counts in Law. bob has no unit.
    spells = [
        Spell("ann", LONG_AGO, day(6), "Ops"),
        Spell("ann", day(6), None, "Law"),
        Spell("bob", LONG_AGO),
        Spell("cy", LONG_AGO, None, "Ops"),
    ]
    events = [did(A, 2, n=3), did(A, 6), did(B, 3, "edit")]
    got = marts.contributor_ratios(world([A, B, C], spells, events))
    week = {"platform": "alpha", "period_kind": "week", "period_start": MON}
    columns = "unit n_eligible n_contributors n_contributions n_none n_some n_heavy gini_ratio absence_factor"
    assert sorted(table(got, columns, **week)) == [
        ("Law", 1, 1, 1, 0, 0, 1, 0.0, 1),  # her total is 4 (> 3: heavy); only 1 contribution falls in Law
        ("Ops", 1, 0, 3, 1, 0, 0, None, None),  # cy: total 0, S = 0; ann's 3 contributions of the days in Ops
        # totals 0 1 4: (2*(2*1 + 3*4) - 4*5) / (3*5) = 8/15
        ("all", 3, 2, 5, 1, 1, 1, 8 / 15, 1),
    ]


def test_without_roster_human_accounts_seen_so_far_are_eligible() -> None:
    ann, bob, bot = (at("alpha", None, name=n, kind=k) for n, k in (("a", "human"), ("b", "human"), ("bot", "bot")))
    guest, other = at("alpha", None, name="g", kind="external"), at("beta", None, name="o")
    files = (Coverage("alpha", "w0", day(1), day(14)), Coverage("beta", "w0", day(1), day(14)))
    events = [did(ann, 1), did(bob, 9, "join"), did(bot, 1), did(guest, 1), did(other, 10)]
    got = marts.active_users(world([ann, bob, bot, guest, other], [], events, coverage=files))
    columns = "n_eligible n_contributors n_outside"
    assert table(got, columns, platform="alpha", period_kind="week") == [(1, 1, 1), (2, 0, 0)]
    assert table(got, columns, platform="beta", period_kind="week") == [(0, 0, 0), (1, 1, 0)]
    assert table(got, columns, platform="all", period_kind="week") == [(1, 1, 1), (3, 1, 0)]
    assert {row["unit"] for row in got} == {"all"}
    executives = marts.executive_participation(world([ann], [], [did(ann, 1)], coverage=files[:1]))
    columns = "is_executive n_eligible n_contributors contributor_ratio contributor_ratio_low n_posts broadcast_ratio"
    assert table(executives, columns, platform="all", period_start=MON, period_kind="week") == [
        (True, 0, 0, None, None, 0, None),
        (False, 1, 1, 1.0, marts.wilson(1, 1)[0], 1, 1.0),
    ]


# ---- active users ----------------------------------------------------------------------------------------------------


def test_rolling_windows_by_hand() -> None:
    # Observed 1-10, missing 11, observed 12-40. ann contributes on 2, 8, 40; bob on 8, and he leaves after 9.
    files = (Coverage("alpha", "w0", day(1), day(10)), Coverage("alpha", "w0", day(12), day(40)))
    spells = [Spell("ann", LONG_AGO, None, "Ops"), Spell("bob", LONG_AGO, day(10), "Ops")]
    got = marts.active_users(world([A, B], spells, [did(A, 2), did(A, 8), did(A, 40), did(B, 8)], coverage=files))
    columns = "n_eligible n_contributors n_contributors_1d n_contributors_7d n_contributors_28d dau_wau_ratio"
    rows = table(got, columns, platform="alpha", period_kind="day", unit="all")
    assert len(rows) == 40
    assert rows[1] == (2, 1, 1, None, None, None)  # day 2: the week's window begins before day 1
    assert rows[6] == (2, 0, 0, 1, None, 0.0)  # day 7: window 1-7 holds ann's 2
    assert rows[7] == (2, 2, 2, 2, None, 1.0)  # day 8: window 2-8
    assert rows[8] == (2, 0, 0, 2, None, 0.0)  # day 9: window 3-9
    assert rows[9] == (1, 0, 0, 1, None, 0.0)  # day 10: bob has left and counts no more
    assert rows[10] == (1, None, None, None, None, None)  # day 11 is missing
    assert rows[16] == (1, 0, 0, None, None, None)  # day 17: window 11-17 holds the missing day
    assert rows[17] == (1, 0, 0, 0, None, None)  # day 18: nobody in 12-18, 0/0
    assert rows[37] == (1, 0, 0, 0, None, None)  # day 38: window 11-38 holds the missing day
    assert rows[38] == (1, 0, 0, 0, 0, None)  # day 39: window 12-39
    assert rows[39] == (1, 1, 1, 1, 1, 1.0)
    # weeks: 1-7 has day 7 (0 of 1); 8-14 has 8, 9, 10 (2 of 2 + 2 + 1); 15-21 has 18-21 (0 of 0); 5-11 Feb has 36-40
    weeks = table(got, "dau_wau_ratio dau_mau_ratio", platform="alpha", period_kind="week", unit="all")
    assert weeks == [(0.0, None), (2 / 5, None), (None, None), (None, None), (None, None), (1.0, 1.0)]
    months = table(got, "dau_wau_ratio dau_mau_ratio", platform="alpha", period_kind="month", unit="all")
    assert months == [(2 / 6, None), (1.0, 1.0)]


def test_growth_by_hand() -> None:
    # 14 weeks = 98 observed days; the 90th is day(90), a Saturday in the week of day(85).
    names = {w: at("alpha", w) for w in ("old", "back", "quits", "fresh", "early", "moves")}
    spells = [Spell(w, LONG_AGO, None, "Ops") for w in ("old", "back", "fresh", "early")]
    spells += [Spell("quits", LONG_AGO, day(92), "Ops")]
    spells += [Spell("moves", LONG_AGO, day(92), "Ops"), Spell("moves", day(92), None, "Law")]
    events = [
        *(did(names["old"], n) for n in (1, 86, 93)),
        *(did(names["back"], n) for n in (1, 93)),
        *(did(names["quits"], n) for n in (86, 87)),
        *(did(names["moves"], n) for n in (86, 94)),
        did(names["early"], 90),  # on the 90th observed day: unknown
        did(names["fresh"], 92),  # after it: new
    ]
    files = (Coverage("alpha", "w0", day(1), day(98)),)
    company = world(list(names.values()), spells, events, coverage=files)
    got = marts.active_users(company)
    columns = "unit n_contributors n_new n_unknown n_retained n_resurrected n_lapsed n_left"

    def week(n: int) -> list[tuple[object, ...]]:
        return sorted(table(got, columns, platform="alpha", period_kind="week", period_start=day(n)))

    assert week(1) == [
        ("Law", 0, 0, 0, 0, 0, None, None),
        ("Ops", 2, 0, 2, 0, 0, None, None),
        ("all", 2, 0, 2, 0, 0, None, None),
    ]
    assert week(8)[2] == ("all", 0, 0, 0, 0, 0, 2, 0)
    # old returns; quits, moves and early are seen within 90 days
    assert week(85)[2] == ("all", 4, 0, 3, 0, 1, 0, 0)
    # A(85) = old quits moves early; A(92) = old back moves fresh.
    # quits has no day in 92-98 any more; early is silent. moves counts by the unit of the row's own week.
    assert week(92) == [
        ("Law", 1, 0, 0, 1, 0, 0, 0),  # moves, retained although the week before was in Ops
        ("Ops", 3, 1, 0, 1, 1, 1, 1),
        ("all", 4, 1, 0, 2, 1, 1, 1),  # before: 4 = 2 retained + 1 lapsed + 1 left
    ]


def test_fewer_than_90_observed_days_leave_everybody_unknown() -> None:
    files = (Coverage("alpha", "w0", day(1), day(89)),)
    got = marts.active_users(world([A], [Spell("ann", LONG_AGO)], [did(A, 89)], coverage=files))
    assert table(got, "n_new n_unknown", platform="alpha", period_kind="week")[-1] == (0, 1)


def test_reactors_are_dated_by_the_message_and_unknown_without_reaction_data() -> None:
    beta = at("beta", "ann")
    files = (JANUARY, Coverage("beta", "w0", MON, date(2024, 1, 31), has_reactions=True))
    events = [did(A, 1, "react"), did(beta, 9, "react", basis="target"), did(beta, 10, "react")]
    got = marts.active_users(world([A, beta], [Spell("ann", LONG_AGO)], events, coverage=files))
    months = [table(got, "n_reactors", platform=p, period_kind="week")[:2] for p in ("alpha", "beta", "all")]
    assert months == [[(None,), (None,)], [(0,), (1,)], [(1,), (1,)]]
    assert set(table(got, "n_reactors n_present", period_kind="day")) == {(None, None)}


# ---- executives ------------------------------------------------------------------------------------------------------


def test_broadcasts_and_two_way_pairs_by_hand() -> None:
    # eve is an executive in Head, eva too. ann and bob are staff in Ops. cy is outside the roster.
    eva, cy = at("alpha", "eva"), at("alpha", None, name="cy")
    spells = [
        Spell("eve", LONG_AGO, None, "Head", is_executive=True),
        Spell("eva", LONG_AGO, None, "Head", is_executive=True),
        Spell("ann", LONG_AGO, None, "Ops"),
        Spell("bob", LONG_AGO, None, "Ops"),
    ]
    events = [
        did(E, 1, "post", n=3),
        did(E, 1, "reply", to=A),  # to staff
        did(A, 2, "comment", to=E),  # ... and back: two-way
        did(E, 2, "comment", to=B),  # a comment is no reply, but makes the pair eve-bob
        did(E, 2, "reply", to=E),  # to herself
        did(E, 2, "reply", to=eva),  # to an executive: no pair either
        did(E, 3, "reply"),  # unknown target: staff
        did(E, 3, "reply", to=cy),  # not on the roster: staff, but no pair
        did(A, 3, "reply", to=B),  # one way
        did(B, 4, "reply", to=E),  # eve-bob is two-way now
    ]
    got = marts.executive_participation(world([E, eva, A, B, cy], spells, events))
    columns = (
        "unit is_executive n_eligible n_contributors contributor_ratio n_posts n_replies n_replies_to_staff "
        "broadcast_ratio n_two_way two_way_ratio"
    )
    rows = table(got, columns, platform="alpha", period_kind="week", period_start=MON)
    assert sorted(rows, key=str) == sorted(
        [
            # 3 posts, replies to ann, self, eva, unknown, cy; to staff: ann, unknown, cy
            ("Head", True, 2, 1, 0.5, 3, 5, 3, 0.5, 2, 1.0),
            ("Head", False, 0, 0, None, 0, 0, 0, None, 0, None),
            ("Ops", True, 0, 0, None, 0, 0, 0, None, 0, None),
            # replies ann->bob (staff), bob->eve (executive); the pair ann-bob, one way
            ("Ops", False, 2, 2, 1.0, 0, 2, 1, 0.0, 0, 0.0),
            ("all", True, 2, 1, 0.5, 3, 5, 3, 0.5, 2, 1.0),
            ("all", False, 2, 2, 1.0, 0, 2, 1, 0.0, 0, 0.0),
        ],
        key=str,
    )


def test_staff_pair_across_units_counts_once_in_each() -> None:
    spells = [Spell("ann", LONG_AGO, None, "Ops"), Spell("bob", LONG_AGO, None, "Law")]
    events = [did(A, 1, "reply", to=B), did(B, 1, "reply", to=A)]
    got = marts.executive_participation(world([A, B], spells, events))
    week = {"platform": "all", "period_kind": "week", "period_start": MON, "is_executive": False}
    assert sorted(table(got, "unit n_two_way two_way_ratio", **week)) == [
        ("Law", 1, 1.0), ("Ops", 1, 1.0), ("all", 1, 1.0),
    ]  # fmt: skip


def test_executive_of_the_day_and_class_of_the_period_differ() -> None:
    # eve is an executive until day 4, then staff in Ops: her class in week 1-7 is staff.
    spells = [
        Spell("eve", LONG_AGO, day(5), "Head", is_executive=True),
        Spell("eve", day(5), None, "Ops"),
        Spell("ann", LONG_AGO, None, "Ops"),
    ]
    events = [did(E, 2), did(E, 6), did(A, 4, "reply", to=E), did(A, 5, "reply", to=E)]
    got = marts.executive_participation(world([E, A], spells, events))
    columns = "unit is_executive n_eligible n_posts n_replies n_replies_to_staff n_two_way two_way_ratio"
    rows = table(got, columns, platform="all", period_kind="week", period_start=MON)
    assert sorted(rows) == [
        ("Head", False, 0, 1, 0, 0, 0, None),  # the post of the day in Head, by somebody who is staff at the end
        ("Head", True, 0, 0, 0, 0, 0, None),
        ("Ops", False, 2, 1, 2, 1, 0, 0.0),  # ann's reply on day 4 went to an executive, on day 5 not
        ("Ops", True, 0, 0, 0, 0, 0, None),
        ("all", False, 2, 2, 2, 1, 0, 0.0),
        ("all", True, 0, 0, 0, 0, 0, None),
    ]


# ---- periods and comparison ------------------------------------------------------------------------------------------


def test_weeks_cross_the_year_and_february_has_29_days() -> None:
    assert (period_of("week", date(2021, 1, 1)).start, period_of("week", date(2021, 1, 1)).end) == (
        date(2020, 12, 28),
        date(2021, 1, 3),
    )
    assert period_of("month", date(2024, 2, 10)).end == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("actual", "message"),
    [
        ([{"k": 1, "x": 0.5}], "row missing: k=2"),
        ([{"k": 1, "x": 0.5}, {"k": 2, "x": None}, {"k": 3, "x": None}], "row too many: k=3"),
        ([{"k": 1, "x": 0.5}, {"k": 1, "x": 0.5}, {"k": 2, "x": None}], "actual has the key twice: k=1"),
        ([{"k": 1, "x": 0.5 + 1e-11}, {"k": 2, "x": None}], "x: actual 0.50000000001, expected 0.5"),
        ([{"k": 1, "x": 0.5}, {"k": 2, "x": 0.0}], "x: actual 0.0, expected None"),
        ([{"k": 1, "x": True}, {"k": 2, "x": None}], "x: actual True, expected 0.5"),
        ([{"k": 1}, {"k": 2}], r"lacks \['x'\]"),
        ([], "row missing: k=1"),
    ],
)
def test_every_difference_is_found(actual: list[dict[str, object]], message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        assert_same_rows(actual, [{"k": 1, "x": 0.5}, {"k": 2, "x": None}], ("k",))


def test_order_and_rounding_do_not_matter() -> None:
    assert_same_rows([{"k": 2, "x": None}, {"k": 1, "x": 0.1 + 0.2}], [{"k": 1, "x": 0.3}, {"k": 2, "x": None}], ("k",))
    assert_same_rows([], [], ("k",))


# ---- laws ------------------------------------------------------------------------------------------------------------

KEY = ("period_kind", "period_start", "platform", "unit")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(companies())
@example(dense_company(0))
@example(dense_company(1))
def test_laws_that_every_company_obeys(company: Company) -> None:
    active, shares = marts.active_users(company), marts.contributor_ratios(company)
    executives = marts.executive_participation(company)
    before: dict[tuple[object, ...], marts.Row] = {}
    for row in active:
        if row["period_kind"] == "day" or row["n_contributors"] is None:
            continue
        assert row["n_contributors"] == sum(row[f"n_{w}"] for w in ("new", "unknown", "retained", "resurrected"))  # type: ignore[misc]
        last = before.get((row["period_kind"], row["platform"], row["unit"]))
        if row["unit"] == "all" and last and last["period_end"] == row["period_start"] - timedelta(days=1):  # type: ignore[operator]
            assert last["n_contributors"] == sum(row[f"n_{w}"] for w in ("retained", "lapsed", "left"))  # type: ignore[misc]
        before[row["period_kind"], row["platform"], row["unit"]] = row
    for row in shares:
        if row["n_contributors"] is not None:
            assert row["n_eligible"] == row["n_none"] + row["n_some"] + row["n_heavy"]  # type: ignore[operator]
            assert row["n_contributors"] == row["n_some"] + row["n_heavy"]  # type: ignore[operator]
    same = [*KEY, "period_end", "is_complete", "n_observed_days", "n_eligible", "n_outside", "n_contributors"]
    assert_same_rows(
        [{c: row[c] for c in same} for row in shares],
        [{c: row[c] for c in same} for row in active if row["period_kind"] != "day"],
        KEY,
    )
    # executives and everybody else together are everybody
    both: dict[tuple[object, ...], int] = {}
    for row in executives:
        both[tuple(row[c] for c in KEY)] = both.get(tuple(row[c] for c in KEY), 0) + row["n_eligible"]  # type: ignore[operator, assignment]
    assert both == {tuple(row[c] for c in KEY): row["n_eligible"] for row in shares}
