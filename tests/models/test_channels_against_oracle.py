"""Open platforms against e-mail and shared files: the models give what the definitions say, and what was counted."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from tests.oracle.by_hand import LONG_AGO, at, day, did, table, world
from tests.oracle.channel_mix import World, channel_mix, channel_shift, invented, stage_world
from tests.oracle.company import Account, Coverage, Spell
from tests.oracle.compare import assert_same_rows
from tests.oracle.presence import Report
from tests.oracle.staged import empty_warehouse, rows_of, run_models

KEY = ("period_kind", "period_start", "platform", "unit")
START = day(71)  # 11 March 2024, a Monday: ten weeks lie before it
SIXTEEN_WEEKS = Coverage("alpha", "w0", day(1), day(112))
PEOPLE = [at("alpha", f"p{n}") for n in range(12)]
ROSTER = [Spell(f"p{n}", LONG_AGO, None, "Ops" if n else "Law") for n in range(12)]


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def marts(warehouse, company: World) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    stage_world(warehouse, company)
    run_models(warehouse, "mart_channel_mix", "mart_channel_shift")
    return rows_of(warehouse, "mart_channel_mix"), rows_of(warehouse, "mart_channel_shift")


# of these 9 has a platform that begins, 16 and 40 are told by months; 16 and 17 are added, 24 and 40 replaced, 9 fell,
# 30 no change
@pytest.mark.parametrize("seed", [9, 16, 17, 24, 30, 40])
def test_channels_equal_the_oracle(warehouse, seed: int) -> None:
    company = invented(seed)
    mix, shift = marts(warehouse, company)
    assert_same_rows(mix, channel_mix(company), KEY)
    assert_same_rows(shift, channel_shift(company), (*KEY, "started_on", "title"))


# ---- the mix, by hand ------------------------------------------------------------------------------------------------


def report(
    first: int, last: int, *active: Account, channel: str = "email", others: Iterable[Account] = ()
) -> list[Report]:
    who = [(one, True) for one in active] + [(one, False) for one in others]
    return [Report(one.account_id, channel, day(first), day(last), is_active) for one, is_active in who]


def january(warehouse, reports: list[Report], columns: str) -> tuple[object, ...]:
    posts = [did(PEOPLE[0], 5), did(PEOPLE[1], 6)]
    company = world(PEOPLE[:4], ROSTER[:4], posts, coverage=(Coverage("alpha", "w0", day(1), day(60)),))
    mix, _ = marts(warehouse, World(company, tuple(reports), {}))
    return table(mix, columns, period_kind="month", period_start=day(1), unit="all")[0]


def test_of_reports_that_overlap_a_person_counts_once(warehouse) -> None:
    a, b, c, d = PEOPLE[:4]
    reports = [*report(2, 31, a, c), *report(8, 14, a, b), *report(10, 31, c, others=[d])]
    assert january(warehouse, reports, "n_open n_email email_ratio n_files n_closed n_both") == (2, 3, 0.75, None, 3, 2)
    # both write, one of them without e-mail: all three communicate, two in the open
    reports = report(1, 31, a, c)
    assert january(warehouse, reports, "n_both open_share_ratio") == (1, pytest.approx(2 / 3))


@pytest.mark.parametrize(
    ("first", "last", "n_email"),
    [(1, 31, 1), (2, 31, 1), (1, 30, 1), (3, 31, None), (2, 32, None), (0, 29, None), (-40, 49, None)],
)
def test_a_month_is_known_by_reports_inside_it_that_miss_one_day_at_most(warehouse, first, last, n_email) -> None:
    assert january(warehouse, report(first, last, PEOPLE[2]), "n_email n_closed") == (n_email, n_email)


def test_two_channels_are_known_together_only_where_each_is(warehouse) -> None:
    a, _, c, _ = PEOPLE[:4]
    columns = "n_email n_files n_closed n_both open_share_ratio"
    mail = report(1, 31, a, c)
    assert january(warehouse, mail, columns) == (2, None, 2, 1, pytest.approx(2 / 3))
    elsewhere = report(32, 60, a, channel="sharepoint")
    assert january(warehouse, mail + elsewhere, columns) == (2, None, None, None, None)
    # chats are neither, and totals say nothing about people
    chats = [*report(1, 31, a, channel="teams"), Report(None, "sharepoint", day(1), day(31), True)]
    assert january(warehouse, mail + chats, columns) == (2, None, 2, 1, pytest.approx(2 / 3))
    unsaid = [Report(a.account_id, "email", day(1), day(31), None)]
    assert january(warehouse, unsaid, columns) == (None,) * 5


# ---- before and after, by hand ---------------------------------------------------------------------------------------


def weekly(active: dict[int, Iterable[Account]], *, channel: str = "email") -> list[Report]:
    """Reports of the weeks that are keys; who is not active is listed all the same."""
    return [
        one for week, who in active.items()
        for one in report(7 * week - 6, 7 * week, *who, channel=channel, others=[p for p in PEOPLE if p not in who])
    ]  # fmt: skip


def shift(
    warehouse, reports: list[Report], writes: dict[int, Iterable[Account]], *, start: date = START, spells=None,
    coverage: tuple[Coverage, ...] = (SIXTEEN_WEEKS,), other: dict[date, tuple[str, ...]] | None = None,
    unit: str = "all",
) -> dict[str, object]:  # fmt: skip
    events = [did(who, 7 * week - 3) for week, people in writes.items() for who in people]
    spells = ROSTER if spells is None else spells
    company = world(PEOPLE, spells, events, coverage=coverage)
    _, rows = marts(warehouse, World(company, tuple(reports), {start: ("Guide",)} | (other or {})))
    return next(row for row in rows if row["started_on"] == start and row["unit"] == unit)


BEFORE, AFTER = range(1, 11), range(11, 17)
ALWAYS = dict.fromkeys((*BEFORE, *AFTER), PEOPLE)
ONLY_BEFORE = {week: PEOPLE if week in BEFORE else [] for week in (*BEFORE, *AFTER)}
RISING = dict.fromkeys(AFTER, PEOPLE[:10])


def test_open_up_and_e_mail_down_is_replaced(warehouse) -> None:
    row = shift(warehouse, weekly(ONLY_BEFORE), RISING)
    told = {"verdict": "replaced", "reason": None, "compared_by": "week", "n_before": 10, "n_after": 6, "n_cohort": 12,
            "before_from_on": day(1), "after_to_on": day(112), "n_other_starts": 0, "n_only_closed_before": 12,
            "n_then_open": 10, "n_then_only_open": 10, "open_before_ratio": 0.0, "email_after_ratio": 0.0,
            "files_change_pp": None, "email_change_pp": -100.0}  # fmt: skip
    assert {name: row[name] for name in told} == told
    assert row["open_change_pp"] == pytest.approx(1000 / 12)


def test_open_up_and_e_mail_unchanged_is_added(warehouse) -> None:
    row = shift(warehouse, weekly(ALWAYS), RISING, other={START + timedelta(days=20): ("x",), day(113): ("later",)})
    found = [row[name] for name in ("verdict", "n_then_open", "n_then_only_open", "email_change_pp", "n_other_starts")]
    assert found == ["added", 10, 0, 0.0, 1]


def test_either_of_two_channels_that_falls_is_replaced(warehouse) -> None:
    both = weekly(ALWAYS) + weekly(ONLY_BEFORE, channel="sharepoint")
    row = shift(warehouse, both, RISING)
    assert [row[name] for name in ("verdict", "email_change_pp", "files_change_pp", "n_then_only_open")] == [
        "replaced", 0.0, -100.0, 0]  # fmt: skip
    # with two channels the intervals of both are wider
    assert row["files_change_pp_high"] > shift(warehouse, weekly(ONLY_BEFORE), RISING)["email_change_pp_high"]


def test_fewer_in_the_open_is_neither_replaced_nor_added(warehouse) -> None:
    row = shift(warehouse, weekly(ONLY_BEFORE), dict.fromkeys(BEFORE, PEOPLE))
    assert (row["verdict"], row["n_only_closed_before"]) == ("fell", 0)


def test_too_few_people_rule_nothing_out(warehouse) -> None:
    row = shift(warehouse, weekly(ALWAYS), {})
    assert (row["verdict"], row["reason"]) == ("cannot_tell", "too few people to rule out a change of ten points")
    row = shift(warehouse, weekly(ALWAYS), {}, spells=ROSTER[:9])
    assert (row["reason"], row["n_cohort"]) == ("too few people were there both before and after", 9)


def test_a_fall_that_may_be_as_large_as_the_rise_is_neither(warehouse) -> None:
    # five of twelve come into the open; of e-mail four stop and three begin: -8 points, between -49 and +35
    mail = {week: PEOPLE[:4] if week in BEFORE else PEOPLE[4:7] for week in ALWAYS}
    row = shift(warehouse, weekly(mail), dict.fromkeys(AFTER, PEOPLE[:5]))
    assert [round(row[f"{name}_change_pp"]) for name in ("open", "email")] == [42, -8]
    assert round(row["email_change_pp_low"]) == -49
    assert row["reason"].startswith("too few people to tell whether e-mail or shared files fell as much as the open")


def test_who_joins_midway_or_leaves_is_in_neither_half(warehouse) -> None:
    spells = [*ROSTER[:10], Spell("p10", START, None, "Ops"), Spell("p11", LONG_AGO, START, "Ops")]
    row = shift(warehouse, weekly(ALWAYS), dict.fromkeys((*BEFORE, *AFTER), PEOPLE[10:]), spells=spells)
    assert (row["n_cohort"], row["n_eligible"], row["open_before_ratio"], row["open_after_ratio"]) == (10, 11, 0, 0)
    moved = [*ROSTER[1:], Spell("p0", LONG_AGO, START, "Law"), Spell("p0", START, None, "Ops")]
    assert shift(warehouse, weekly(ALWAYS), RISING, spells=moved, unit="Ops")["n_cohort"] == 12


@pytest.mark.parametrize(
    ("days_later", "n_before", "n_after"), [(0, 10, 6), (1, 10, 5), (-1, 9, 6), (-21, 7, 9), (7, 11, 5)]
)
def test_the_week_of_the_start_is_compared_only_if_it_begins_with_it(warehouse, days_later, n_before, n_after) -> None:
    row = shift(warehouse, weekly(ALWAYS), {}, start=START + timedelta(days=days_later))
    assert (row["n_before"], row["n_after"]) == (n_before, n_after)


def test_weeks_without_a_report_or_a_whole_observation_are_left_out_and_four_have_to_remain(warehouse) -> None:
    gap = (Coverage("alpha", "w0", day(1), day(20)), Coverage("alpha", "w0", day(22), day(112)))
    some = {week: who for week, who in ALWAYS.items() if week not in {5, 12}}
    row = shift(warehouse, weekly(some), RISING, coverage=gap)
    assert (row["n_before"], row["n_after"], row["before_from_on"]) == (8, 5, day(1))
    few = {week: who for week, who in ALWAYS.items() if week <= 14}
    assert shift(warehouse, weekly(few), RISING)["n_after"] == 4
    fewer = {week: who for week, who in ALWAYS.items() if week <= 13}
    row = shift(warehouse, weekly(fewer), RISING)
    assert (row["verdict"], row["compared_by"], row["n_cohort"]) == ("cannot_tell", None, None)
    assert row["reason"] == "too few whole weeks or months before and after it are covered by reports"


def test_months_do_where_weeks_are_not_told(warehouse) -> None:
    long = (Coverage("alpha", "w0", day(1), day(121)),)
    months = [one for first, last in ((2, 31), (32, 60), (62, 91), (92, 121)) for one in report(first, last, *PEOPLE)]
    row = shift(warehouse, months, dict.fromkeys(range(10, 18), PEOPLE), start=day(61), coverage=long)
    told = ("verdict", "compared_by", "n_before", "n_after", "after_to_on", "n_only_closed_before")
    assert [row[name] for name in told] == ["added", "month", 2, 2, day(121), 12]
    one_less = [one for one in months if one.first != day(92)]
    assert shift(warehouse, one_less, {}, start=day(61), coverage=long)["reason"].startswith("too few whole weeks")


def test_exports_that_begin_before_the_start_would_look_like_a_rise(warehouse) -> None:
    def reason(first: int) -> object:
        second = Coverage("beta", "w0", day(first), day(112))
        return shift(warehouse, weekly(ALWAYS), RISING, coverage=(SIXTEEN_WEEKS, second))["reason"]

    assert reason(50) == "the exports of a platform begin shortly before it"
    assert reason(1) is reason(71) is None


def test_without_a_source_or_a_roster_nothing_is_told(warehouse) -> None:
    no_source, no_roster = "no export tells who used e-mail or shared files", "there is no roster"
    for reports in ([], weekly(ALWAYS, channel="teams"), [Report(None, "email", day(1), day(7), True)]):
        row = shift(warehouse, reports, RISING)
        assert (row["verdict"], row["reason"], row["n_eligible"]) == ("cannot_tell", no_source, 12)
        assert row["open_change_pp"] is row["n_cohort"] is row["n_then_open"] is None
    assert shift(warehouse, weekly(ALWAYS), RISING, spells=[])["reason"] == no_roster


def test_a_day_after_the_end_of_the_data_is_no_start(warehouse) -> None:
    company = world(PEOPLE, ROSTER, [], coverage=(SIXTEEN_WEEKS,))
    days = {day(112): ("Last", "Again"), day(113): ("Later",)}
    _, rows = marts(warehouse, World(company, (), days))
    assert {(row["started_on"], row["title"]) for row in rows} == {(day(112), "Again, Last")}
