"""The marts about conversations against figures worked out by hand, with the working beside them."""

import itertools
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.oracle.by_hand import JANUARY, LONG_AGO, at, day, world
from tests.oracle.company import PEOPLE_KINDS, Account, Company, Coverage, Event, Spell
from tests.oracle.marts import wilson
from tests.oracle.staged import empty_warehouse, rows_of, run_models
from tests.oracle.talk import Space, Talk, stage_talk

ANN, BOB, CY, DEE = (at("alpha", name) for name in ("ann", "bob", "cy", "dee"))
OTHER_ANN = replace(ANN, account_id="alpha-other-ann")
BOT = at("alpha", None, kind="bot", name="robot")
HOUR = timedelta(hours=1)
EVERYBODY = [ANN, BOB, CY, DEE, OTHER_ANN, BOT]
IN_OPS = [Spell(name, LONG_AGO, None, "Ops") for name in ("ann", "bob", "cy", "dee")]


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def said(
    number: int, who: Account, when: datetime, *, to: Account | None = None, thread: int | None = None,
    action: str = "", space_id: str = "space-1", n: int = 1,
) -> tuple[Event, ...]:
    """A post, or a reply in a thread, n times with numbers from this one on."""
    what = action or ("reply" if thread else "post")
    counts = what not in ("react", "join") and who.kind in PEOPLE_KINDS
    return tuple(
        Event(who.platform, who.workspace, number + i, when, "target" if what == "react" else "own", what, counts,
              who.account_id, space_id, thread or number + i, to.account_id if to else None)
        for i in range(n)
    )  # fmt: skip


def january(n: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2024, 1, n, hour, minute, second)


def run(connection, company: Company, mart: str, *spaces: Space, changes: str = "") -> list[dict[str, object]]:
    stage_talk(connection, Talk(company, spaces))
    if changes:
        connection.execute(changes)
    run_models(connection, mart)
    return rows_of(connection, mart)


def figures(rows: list[dict[str, object]], columns: str, **where: object) -> list[tuple[object, ...]]:
    kept = [row for row in rows if all(row[name] == value for name, value in where.items())]
    kept.sort(key=lambda row: (str(row.get("period_start", row.get("started_at"))), str(row.get("unit"))))
    return [tuple(row[name] for name in columns.split()) for row in kept]


def threads_with_delays(*hours: float | None, until: dict[int, float] | None = None) -> Company:
    """Threads of ann on Monday the 8th, answered by bob after so many hours; some so long before January ends."""
    events = []
    for i, delay in enumerate(hours):
        start = january(8, 10) if i not in (until or {}) else datetime(2024, 2, 1) - HOUR * (until or {})[i]
        events.append(said(1000 + i, ANN, start))
        if delay is not None:
            events.append(said(2000 + i, BOB, start + HOUR * delay, to=ANN, thread=1000 + i))
    events.append(said(1, BOB, january(2, 9), thread=77))  # so that threads are known where nobody answers
    return world(EVERYBODY, IN_OPS, events)


@pytest.mark.parametrize(("hours", "until", "expected"), [
    # 7 at risk, 2 answered after 2 h: 5/7. One is lost after 6 h. After 10 h 4 are at risk, among them the one that is
    # lost at that very time, 1 is answered: 5/7 * 3/4 = 15/28 > 1/2. After 30 h 1 of 2: 15/56. Of the answered alone
    # the median would be 6 h; with the tie the other way round 5/7 * 2/3 = 10/21 would make it 10 h.
    ((2, 2, 10, None, None, 30, None), {3: 10, 4: 6}, 30.0),
    ((1, 2, None, None), {}, 2.0),  # 3/4 * 2/3 is a half exactly, and a half is enough
    ((1, None, None), {}, None),  # 2/3 and no further
    ((1, 5, 3), {}, 3.0),
    ((0,), {}, 0.0),
    # the sample of vivainsights, for which lifelines gives the shares .827 .707 .633 .56 .493 (reference/metrics.md)
    ((*(1,) * 52, *(2,) * 36, *(3,) * 22, *(4,) * 22, *(5,) * 20, *(9,) * 146, None, None), {}, 5.0),
    ((), {}, None),
])
def test_median_time_to_reply_by_hand(warehouse, hours, until, expected) -> None:
    rows = run(warehouse, threads_with_delays(*hours, until=until), "mart_responses")
    columns = "n_threads n_answered median_hours_to_reply median_working_hours_to_reply"
    answered = sum(one is not None for one in hours)
    # Monday to Tuesday and the Wednesday on which January ends: working time is elapsed time
    for unit in ("Ops", "all"):
        (found,) = figures(rows, columns, period_kind="month", platform="alpha", unit=unit)
        assert found == (len(hours), answered, expected, expected)


def test_working_days_across_a_weekend_by_hand(warehouse) -> None:
    # Friday 12 January; as of Sunday 28 January, which is seen to its end
    events = [
        said(1, ANN, january(12, 15)), said(11, BOB, january(15, 15), thread=1),
        said(2, ANN, january(12, 15)), said(12, BOB, january(15, 15, 0, 1), thread=2),
        said(3, ANN, january(13, 10)), said(13, BOB, january(14, 12), thread=3, action="comment"),
        said(4, ANN, january(13, 10)), said(14, BOB, january(15, 6), thread=4),
        said(5, ANN, january(12, 15)), said(15, BOB, january(19, 15), thread=5),
        said(6, ANN, january(26, 15)),  # Friday: 9 hours are left of it, then a weekend
        said(7, ANN, january(25, 15)), said(17, BOB, january(26, 9), thread=7),  # 9 + 24 working hours seen
        # nobody else answers: herself, her other account, a bot, a reaction, an answer before the question
        said(8, ANN, january(16, 8)), said(81, ANN, january(16, 9), thread=8),
        said(82, OTHER_ANN, january(16, 10), thread=8), said(83, BOT, january(16, 11), thread=8),
        said(84, BOB, january(16, 8), thread=8, action="react"), said(85, BOB, january(16, 7), thread=8),
    ]  # fmt: skip
    company = world(EVERYBODY, IN_OPS, events, as_of=date(2024, 1, 28))
    rows = run(warehouse, company, "mart_responses")
    hours = figures(rows_of(warehouse, "prep_thread"), "n_seconds_to_reply n_working_seconds_to_reply")
    assert sorted(hours, key=str) == sorted([
        (72 * 3600, 24 * 3600),  # from Friday 15:00 to Monday 15:00: 9 + 15 hours
        (72 * 3600 + 1, 24 * 3600 + 1),
        (26 * 3600, 0),  # from Saturday to Sunday
        (44 * 3600, 6 * 3600),  # from Saturday to Monday 6:00
        (168 * 3600, 120 * 3600),  # a week is five working days
        (None, None),
        (18 * 3600, 18 * 3600),
        (None, None),
    ], key=str)  # fmt: skip
    seen = dict(figures(rows_of(warehouse, "prep_thread"), "started_at n_working_seconds_observed"))
    assert seen[january(26, 15)] == 9 * 3600
    assert seen[january(25, 15)] == 33 * 3600
    assert seen[january(13, 10)] == 10 * 24 * 3600
    where = {"period_kind": "month", "platform": "all", "unit": "all"}
    columns = "n_threads n_answered " + " ".join(f"n_old_enough_{n}d n_answered_{n}d" for n in (1, 2, 5))
    (found,) = figures(rows, columns, **where)
    # one day: 7 of 8 are old enough; 1, 3, 4, 7 in time. Two days: not 6 and 7; 1 to 4. Five days: 5 just in time.
    assert found == (8, 6, 7, 4, 6, 4, 6, 5)
    bounds = figures(rows, "answered_1d_ratio answered_1d_ratio_low answered_1d_ratio_high", **where)
    assert bounds[0] == pytest.approx((4 / 7, *wilson(4, 7)))


def test_observation_ends_where_a_day_is_missing_by_hand(warehouse) -> None:
    # seen: 1 to 5 January, its end not to the last minute; 6 to 8 not; 9 to 20
    files = (Coverage("alpha", "w0", day(1), day(5), is_stated=False), Coverage("alpha", "w0", day(9), day(20)))
    events = [
        said(1, ANN, january(4, 12)), said(11, BOB, january(6, 12), thread=1),  # on a day that is not seen
        said(2, ANN, january(4, 13)), said(12, BOB, january(9, 12), thread=2),  # others may have been there before
        said(3, ANN, january(4, 14)), said(13, BOB, january(5, 16), thread=3),  # the last record of the 5th
        said(7, ANN, january(6, 12)),  # nothing of it was seen
        said(4, ANN, january(7, 12)), said(14, BOB, january(7, 13), thread=4),
        said(5, ANN, january(10)),
        said(6, ANN, january(20, 23)),
    ]  # fmt: skip
    run(warehouse, world(EVERYBODY, IN_OPS, events, coverage=files), "mart_responses")
    columns = "started_at first_replied_at observed_until_at n_seconds_observed"
    assert figures(rows_of(warehouse, "prep_thread"), columns) == [
        (january(4, 12), None, january(5, 16), 28 * 3600),
        (january(4, 13), None, january(5, 16), 27 * 3600),
        (january(4, 14), january(5, 16), january(5, 16), 26 * 3600),
        (january(6, 12), None, january(6, 12), 0),
        (january(7, 12), None, january(7, 12), 0),
        (january(10), None, january(21), 11 * 24 * 3600),
        (january(20, 23), None, january(21), 3600),
    ]


def test_days_of_a_zone_west_of_greenwich_end_with_their_last_record(warehouse) -> None:
    answer = said(11, BOB, datetime(2024, 2, 1, 4), thread=1)
    events = [said(1, ANN, january(31, 20)), answer, said(2, ANN, january(31))]
    company = world(EVERYBODY, IN_OPS, events, as_of=date(2024, 1, 31))
    five_hours = "update stg_event set occurred_on = cast(occurred_at - interval 5 hour as date)"
    run(warehouse, company, "mart_responses", changes=five_hours)
    assert figures(rows_of(warehouse, "prep_thread"), "started_on first_replied_at observed_until_at") == [
        (date(2024, 1, 30), None, datetime(2024, 2, 1, 4)),
        (date(2024, 1, 31), datetime(2024, 2, 1, 4), datetime(2024, 2, 1, 4)),
    ]


def test_equal_numbers_in_two_spaces_are_two_threads(warehouse) -> None:
    events = [
        said(1, ANN, january(8, 10), space_id="one"),
        said(1, CY, january(8, 11), space_id="two"),
        said(2, BOB, january(8, 12), space_id="two", thread=1),
    ]
    company = world(EVERYBODY, IN_OPS, events)
    run(warehouse, company, "mart_responses", changes="update stg_file set ids_per_space = true")
    columns = "space_id person_id first_replier_person_id"
    assert figures(rows_of(warehouse, "prep_thread"), columns) == [("one", "ann", None), ("two", "cy", "bob")]


def test_newcomers_by_hand(warehouse) -> None:
    # Observed from the first of January; the 90th day is 30 March: day(91) is the first on which one may be new.
    def on(n: int, hour: int = 12) -> datetime:
        return datetime.combine(day(n), datetime.min.time()) + HOUR * hour

    names = ("early", "answered", "ignored", "replies first", "young", "late")
    people = {name: at("alpha", name) for name in names}
    spells = [*IN_OPS, *(Spell(name, LONG_AGO, None, "Law" if name == "late" else "Ops") for name in names)]
    number = itertools.count(1)
    first = {name: next(number) for name in names}
    events = [
        said(first["early"], people["early"], on(90)),  # Saturday 30 March: unknown
        said(first["answered"], people["answered"], on(92)),  # Monday 1 April
        said(100, BOB, on(94), thread=first["answered"]),  # just in time
        said(101, people["answered"], on(92 + 28)),  # just within 28 days
        said(first["ignored"], people["ignored"], on(92)),
        said(102, people["ignored"], on(93), thread=first["ignored"]),  # no answer by oneself, and no second post
        said(103, people["ignored"], on(92 + 28, 13)),  # one hour too late
        said(104, people["replies first"], on(93), thread=first["early"]),
        said(first["replies first"], people["replies first"], on(94)),
        said(first["late"], people["late"], on(95)),  # Thursday 4 April, answered on Tuesday: three working days
        said(105, BOB, on(100), thread=first["late"]),
        said(first["young"], people["young"], on(117, 13)),  # Friday 26 April: 11 + 24 working hours to the end
    ]
    files = (Coverage("alpha", "w0", day(1), day(120)),)
    company = world([*EVERYBODY, *people.values()], spells, events, coverage=files)
    rows = run(warehouse, company, "mart_newcomer_replies")
    columns = (
        "unit n_newcomer_threads n_old_enough_2d n_unanswered_2d answered_2d_ratio n_answered_old_enough "
        "n_second_post_answered n_unanswered_old_enough n_second_post_unanswered"
    )
    months = figures(rows, columns, period_kind="month", platform="alpha")
    assert months[:6] == [(unit, *[None] * 8) for _ in range(2) for unit in ("Law", "Ops", "all")]
    # March has two days on which one may be new
    assert months[6:9] == [(unit, 0, 0, 0, None, 0, 0, 0, 0) for unit in ("Law", "Ops", "all")]
    # 29 April is a Monday and seen to its end: young is no 2 working days old, answered and ignored are 28 days
    assert months[9:] == [
        ("Law", 1, 1, 1, 0.0, 0, 0, 0, 0),
        ("Ops", 3, 2, 1, 1 / 2, 1, 1, 1, 0),
        ("all", 4, 3, 2, 1 / 3, 1, 1, 1, 0),
    ]


def test_giving_and_receiving_by_hand(warehouse) -> None:
    events = [
        said(1, ANN, january(8), n=2),
        said(10, BOB, january(9), to=ANN, thread=1, n=3),
        said(20, CY, january(9), to=ANN, thread=1),
        said(30, CY, january(9), to=CY, thread=1),  # to oneself: nothing
        said(40, CY, january(9), to=ANN, thread=1, action="react"),
        said(50, BOB, january(9), to=BOB, action="react"),
        said(60, BOT, january(9), to=BOB, thread=1),
        said(70, BOB, january(10), to=None, thread=1, n=2),  # to nobody knows whom: given
    ]
    # ann gives 2, receives 3 + 1 + 1 = 5: 1 + 5 = 2 * (1 + 2) is not more than twice: balanced. bob gives 3 + 2, gets
    # nothing from a bot: mostly giving. cy gives 2: few. dee is silent. The medians are of log(3/6) and log(6/1).
    columns = (
        "has_reactions n_eligible n_silent n_few n_mostly_giving n_balanced n_mostly_receiving n_given_messages "
        "n_given_reactions n_received_answers n_received_reactions"
    )
    company = world(EVERYBODY, IN_OPS, events, coverage=(replace(JANUARY, has_reactions=True),))
    rows = run(warehouse, company, "mart_give_receive")
    where = {"period_kind": "month", "platform": "alpha", "unit": "Ops"}
    assert figures(rows, columns, **where) == [(True, 4, 1, 1, 1, 1, 0, 8, 1, 4, 1)]
    # log 6 and log 1/2 lie log 3 / 2 apart from their middle
    assert figures(rows, "median_balance", **where)[0][0] == pytest.approx(0.5493061443340549)
    # where no export shows reactions they do not count: ann receives 4 and gives 2, cy gives 1
    rows = run(warehouse, world(EVERYBODY, IN_OPS, events), "mart_give_receive")
    assert figures(rows, columns, **where) == [(False, 4, 1, 1, 1, 1, 0, 8, None, 4, None)]
    # where records never say who is answered nothing is known
    silent = [tuple(replace(event, target_account_id=None) for event in group) for group in events]
    rows = run(warehouse, world(EVERYBODY, IN_OPS, silent), "mart_give_receive")
    assert figures(rows, columns, **where) == [(False, 4, *[None] * 9)]


def test_ties_across_units_by_hand(warehouse) -> None:
    # ties: ann-bob (both ways), ann-cy, ann-dee, bob-dee. dee alone is in Law.
    events = [
        said(1, ANN, january(8)),
        said(10, BOB, january(9), to=ANN, thread=1, n=2),
        said(20, ANN, january(9), to=BOB, thread=1),
        said(30, CY, january(9), to=ANN, thread=1),
        said(40, ANN, january(9), to=DEE, thread=1),
        said(50, DEE, january(9), to=BOB, thread=1, action="comment"),
    ]
    spells = [*IN_OPS[:3], Spell("dee", LONG_AGO, None, "Law")]
    rows = run(warehouse, world(EVERYBODY, spells, events), "mart_relationships")
    where = {"period_kind": "month", "platform": "all"}
    columns = "unit n_pairs n_two_way n_ties_within n_ties_across ei_index"
    assert figures(rows, columns, **where) == [
        ("Law", 2, 0, 0, 2, 1.0), ("Ops", 4, 1, 2, 2, 0.0), ("all", 4, 1, 2, 2, 0.0),
    ]  # fmt: skip
    # Ends: ann 3, bob 2, cy 1, dee 2. Ordered pairs of ends of two people: in Ops 6 * 6 - (9 + 4 + 1) = 22, in Law
    # 2 * 2 - 4 = 0, between them 2 * 6 * 2 = 24. So (24 - 22) / 46 in all, the same in Ops, and 24 / 24 in Law.
    expected = [("Law", 1.0, 0.0), ("Ops", pytest.approx(1 / 23), pytest.approx(-1 / 23))]
    expected.append(("all", pytest.approx(1 / 23), pytest.approx(-1 / 23)))
    assert figures(rows, "unit expected_ei_index ei_difference", **where) == expected
    # without units only the ties themselves are known
    rows = run(warehouse, world([ANN, BOB], [Spell("ann", LONG_AGO), Spell("bob", LONG_AGO)], events[:3]),
               "mart_relationships")  # fmt: skip
    assert figures(rows, columns, **where) == [("all", 1, 1, None, None, None)]


def test_health_of_spaces_by_hand(warehouse) -> None:
    # Observed from January 2023 to January 2024. ann writes every January, bob in January 2023 only, cy in February
    # 2023, and dee in March 2023 before leaving.
    events = [
        *(said(i, who, datetime(year, month, 10), space_id="hall")
          for i, (who, year, month) in enumerate(
              [(ANN, 2023, 1), (BOB, 2023, 1), (CY, 2023, 2), (DEE, 2023, 3), (ANN, 2024, 1)], 1)),
        said(6, CY, datetime(2024, 1, 11), space_id="cellar"),
        said(7, BOT, datetime(2024, 1, 11), space_id="hall"),
        said(8, ANN, datetime(2024, 1, 12), space_id="hall", thread=1),
    ]  # fmt: skip
    spells = [*IN_OPS[:3], Spell("dee", LONG_AGO, date(2023, 6, 1), "Ops")]
    spaces = (Space("hall", "alpha", "w0", "public"), Space("cellar", "alpha", "w0", "private"))
    files = (Coverage("alpha", "w0", date(2023, 1, 1), date(2024, 1, 31)),)
    rows = run(warehouse, world(EVERYBODY, spells, events, coverage=files), "mart_community_health", *spaces)
    assert {row["space_id"] for row in rows} == {"hall"}
    assert {(row["period_kind"], row["platform"], row["unit"]) for row in rows} == {("month", "alpha", "all")}
    columns = "n_eligible n_contributors n_observed_months n_contributors_12m health_ratio n_contributions n_threads"
    found = figures(rows, columns)
    assert found[:3] == [(4, 2, 1, None, None, 2, 2), (4, 1, 2, None, None, 1, 1), (4, 1, 3, None, None, 1, 1)]
    assert found[10:] == [
        (3, 0, 11, None, None, 0, 0),
        (3, 0, 12, 3, 0.0, 0, 0),  # December: ann, bob and cy; dee has left
        (3, 1, 12, 2, 0.5, 2, 1),  # January: bob's only month is twelve months back
    ]
