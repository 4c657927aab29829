"""The oracle against tables computed by hand, with the working beside them: facts, coverage, people.

The SQL is not tested here.
"""

from datetime import datetime

import pytest

from tests.oracle import marts
from tests.oracle.by_hand import LONG_AGO, MON, A, B, C, at, day, did, table, world
from tests.oracle.company import Coverage, Event, Spell
from tests.oracle.compare import assert_same_rows
from tests.oracle.definitions import platform_states

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
