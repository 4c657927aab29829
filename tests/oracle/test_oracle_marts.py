"""The oracle against marts computed by hand, with the working beside them; and laws that every company obeys.

The SQL is not tested here.
"""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings

from tests.oracle import marts
from tests.oracle.by_hand import JANUARY, LONG_AGO, MON, A, B, E, at, day, did, table, world
from tests.oracle.company import Company, Coverage, Spell, companies
from tests.oracle.compare import assert_same_rows
from tests.oracle.definitions import period_of
from tests.oracle.dense import dense_company

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
