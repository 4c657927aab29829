"""What has to hold in any company, whatever its figures are: they add up, contain each other, and ignore what is noise.

What whole exports must not change is in `tests/pipelines/test_invariance.py`; what the figures are, the oracle says.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.oracle.company import Account, Company, Event, Spell, companies
from tests.oracle.compare import assert_same_rows
from tests.oracle.dense import dense_company
from tests.oracle.staged import empty_warehouse, rows_of, run_models, stage

Row = Mapping[str, object]
PERIOD = ("period_kind", "period_start", "platform", "unit")
KEYS = {
    "mart_active_users": PERIOD,
    "mart_contributor_ratios": PERIOD,
    "mart_executive_participation": (*PERIOD, "is_executive"),
}
WINDOWS = {"n_contributors_1d": 1, "n_contributors_7d": 7, "n_contributors_28d": 28}
GROWTH = ("n_new", "n_unknown", "n_retained", "n_resurrected", "n_lapsed", "n_left")
ABOUT_UNITS = ("elephant_factor",)
"""Figures of the whole that are about its units; another organisation has others."""
SCALE_FREE = (
    "n_contributors", "n_none", "gini_ratio", "gini_corrected_ratio", "gini_person_week_ratio", "top_1_share_ratio",
    "top_10_share_ratio", "absence_factor", "elephant_factor",
)
OF_DAYS = ("dau_wau_ratio", "dau_mau_ratio", "dau_wau_working_ratio", "dau_mau_working_ratio")
BOT = "declared-bot"
"""An account that looks like a person in its export; turnout.toml says that it is none."""
ADDED_UP = {
    "mart_active_users": ("n_eligible", "n_contributors", *WINDOWS, *GROWTH),
    "mart_contributor_ratios": ("n_eligible", "n_contributors", "n_none", "n_some", "n_heavy"),
    "mart_executive_participation": ("n_eligible", "n_contributors"),
}
"""Counts of people; contributions of a day on which their author was not employed are in no unit."""


def few(n: int) -> settings:
    """Without shrinking: building the marts again and again takes longer than reading the difference."""
    return settings(
        max_examples=n, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )  # fmt: skip


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def marts_of(connection, company: Company) -> dict[str, list[Row]]:
    """The rows of every mart that the properties are about."""
    stage(connection, company)
    connection.execute("insert into stg_service_account select account_id from stg_account where account_id = ?", [BOT])
    run_models(connection, *KEYS)
    return {table: list(rows_of(connection, table)) for table in KEYS}


def assert_same_marts(
    actual: Mapping[str, list[Row]], expected: Mapping[str, list[Row]], *, besides: tuple[str, ...] = ()
) -> None:
    """Every row and column is the same, but for the columns `besides`."""
    for table, key in KEYS.items():
        sides = [[{name: row[name] for name in row if name not in besides} for row in side[table]]
                 for side in (actual, expected)]  # fmt: skip
        assert_same_rows(sides[0], sides[1], key)


# ---- figures that contain each other, and add up ---------------------------------------------------------------------


@few(12)
@given(company=companies())
@example(company=dense_company(1))
@example(company=dense_company(2))
def test_figures_add_up_and_contain_each_other(warehouse, company: Company) -> None:
    company = replace(company, spells=tuple(replace(one, unit=one.unit or "Elsewhere") for one in company.spells))
    marts = marts_of(warehouse, company)
    assert_growth_is_exact(marts["mart_active_users"])
    assert_everybody_is_new_once(marts["mart_active_users"], list(rows_of(warehouse, "prep_eligible")))
    assert_longer_windows_hold_shorter_ones(marts["mart_active_users"])
    assert_unknown_is_null(marts["mart_active_users"], list(rows_of(warehouse, "coverage_day")))
    if company.spells:
        for table, columns in ADDED_UP.items():
            assert_units_are_everybody(marts[table], columns)


def assert_growth_is_exact(rows: list[Row]) -> None:
    """n = retained + resurrected + new + unknown; the n before = retained + lapsed + left."""
    everybody = {(row["period_kind"], row["platform"], row["period_end"]): row for row in rows if row["unit"] == "all"}
    n_checked = 0
    for row in rows:
        if row["period_kind"] == "day" or row["n_contributors"] is None:
            continue
        assert row["n_contributors"] == sum(number(row, name) for name in GROWTH[:4])
        previous = (row["period_kind"], row["platform"], day_before(row["period_start"]))
        if row["unit"] == "all" and row["n_lapsed"] is not None:
            parts = ("n_retained", "n_lapsed", "n_left")
            assert everybody[previous]["n_contributors"] == sum(number(row, name) for name in parts)
            n_checked += 1
    assert n_checked or len({row["period_start"] for row in rows if row["period_kind"] == "week"}) < 3


def assert_everybody_is_new_once(rows: list[Row], counted: list[Row]) -> None:
    """Who comes back is not new again: over all periods there are as many first ones as there are contributors."""
    first: dict[tuple[object, object], int] = {}
    for row in rows:
        if row["unit"] == "all" and row["period_kind"] != "day" and row["n_contributors"] is not None:
            of = (row["period_kind"], row["platform"])
            first[of] = first.get(of, 0) + number(row, "n_new") + number(row, "n_unknown")
    key = ("period_kind", "platform", "period_start")
    seen = {tuple(row[name] for name in key) for row in rows if row["n_contributors"] is not None}
    active = [tuple(row[name] for name in (*key, "person_id")) for row in counted if row["n_contributions"] != 0]
    for of, n_first in first.items():
        assert n_first == len({one[-1] for one in active if one[:2] == of and one[:3] in seen})


def assert_longer_windows_hold_shorter_ones(rows: list[Row]) -> None:
    for row in rows:
        if row["period_kind"] == "day":
            known = [number(row, name) for name in WINDOWS if row[name] is not None]
            assert known == sorted(known)
            assert all(n <= number(row, "n_eligible") for n in known)
        elif row["n_contributors"] is not None:
            assert number(row, "n_contributors") <= number(row, "n_eligible")


def assert_unknown_is_null(rows: list[Row], coverage: list[Row]) -> None:
    """NULL, and only NULL, where a window holds a day that no source observed or reaches before the first."""
    seen = {(platform, row["occurred_on"]) for row in coverage for platform in (row["platform"], "all")
            if row["state"] != "missing"}  # fmt: skip
    for row in rows:
        first, last, platform = row["period_start"], row["period_end"], row["platform"]
        assert isinstance(first, date)
        assert isinstance(last, date)
        if row["period_kind"] == "day":
            for name, n_days in WINDOWS.items():
                window = [last - timedelta(days=n) for n in range(n_days)]
                assert (row[name] is not None) == all((platform, day) in seen for day in window)
        else:
            days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
            assert (row["n_contributors"] is not None) == any((platform, day) in seen for day in days)


def assert_units_are_everybody(rows: list[Row], columns: tuple[str, ...]) -> None:
    """Where everybody has a unit, the counts of the units sum to that of all of them."""
    sums: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        key = (row["period_kind"], row["period_start"], row["platform"], row.get("is_executive"))
        sums.setdefault(key, []).append(row)
    for key, some in sums.items():
        (whole,) = [row for row in some if row["unit"] == "all"]
        parts = [row for row in some if row["unit"] != "all"]
        for name in columns:
            if whole[name] is None:
                assert {row[name] for row in parts} == {None}, (key, name)
            else:
                assert sum(number(row, name) for row in parts) == whole[name], (key, name)


def number(row: Row, column: str) -> int:
    value = row[column]
    assert isinstance(value, int)
    return value


def day_before(day: object) -> date:
    assert isinstance(day, date)
    return day - timedelta(days=1)


# ---- what changes no figure ------------------------------------------------------------------------------------------


@few(6)
@given(company=companies(), seed=st.integers(0, 99))
@example(company=dense_company(3), seed=3)
def test_repeated_and_shuffled_rows_change_no_figure(warehouse, company: Company, seed: int) -> None:
    random = Random(seed)
    again = random.choices(company.events, k=len(company.events)) if company.events else []
    noisy = replace(
        company,
        accounts=shuffled(random, company.accounts),
        spells=shuffled(random, company.spells),
        events=shuffled(random, (*company.events, *again)),
        coverage=shuffled(random, company.coverage),
    )
    assert_same_marts(marts_of(warehouse, noisy), marts_of(warehouse, company))


def shuffled(random: Random, rows: tuple) -> tuple:
    return tuple(random.sample(rows, len(rows)))


@few(5)
@given(company=companies())
@example(company=dense_company(4))
def test_a_bot_and_somebody_who_left_before_change_no_figure_about_people(warehouse, company: Company) -> None:
    """The bot writes, answers and reacts every day, and so does the account of somebody who left before the data.

    Who writes without being employed is counted as outside, and nowhere else.
    """
    plain = marts_of(warehouse, company)
    more = busy(company, Account(BOT, *source_of(company), "human"))
    if company.spells:
        first = min(file.first for file in company.coverage)
        gone = Spell("gone", first - timedelta(days=900), first - timedelta(days=60), company.spells[0].unit)
        more = replace(more, spells=(*more.spells, gone))
    assert_same_marts(marts_of(warehouse, more), plain)
    if company.spells:
        writing = busy(more, Account("leaver", *source_of(company), "human", "gone"))
        assert_same_marts(marts_of(warehouse, writing), plain, besides=("n_outside",))


def test_who_is_employed_for_less_than_half_of_a_period_is_counted_as_outside_only(warehouse) -> None:
    """Somebody is there on three days of one week, and writes on all of them."""
    company = dense_company(7)
    plain = marts_of(warehouse, company)
    begin = company.coverage[0].first
    monday = begin + timedelta(days=-begin.weekday() % 7)
    short = Spell("brief", monday + timedelta(days=2), monday + timedelta(days=5), company.spells[0].unit)
    more = replace(company, spells=(*company.spells, short))
    assert_same_marts(without_days(marts_of(warehouse, more)), without_days(plain))
    writing = busy(more, Account("passer-by", *source_of(company), "human", "brief"))
    assert_same_marts(without_days(marts_of(warehouse, writing)), without_days(plain), besides=("n_outside",))


def without_days(marts: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Weeks and months; on a day somebody is there or not. What is counted on days is not looked at either."""
    return {
        table: [{name: row[name] for name in row if name not in OF_DAYS} for row in rows if row["period_kind"] != "day"]
        for table, rows in marts.items()
    }


def test_two_people_found_to_be_one_never_raise_a_count_of_people(warehouse) -> None:
    company = dense_company(8)
    people = sorted({spell.person_id for spell in company.spells})
    one, other = Random(8).sample(people, 2)
    accounts = tuple(replace(a, person_id=one) if a.person_id == other else a for a in company.accounts)
    before, after = (
        {tuple(row[name] for name in PERIOD): row for row in marts_of(warehouse, world)["mart_active_users"]}
        for world in (company, replace(company, accounts=accounts))
    )
    assert before.keys() == after.keys()
    for key, row in after.items():
        if row["unit"] == "all" and row["n_outside"] is not None and row["period_kind"] != "day":
            n_before = number(before[key], "n_contributors") + number(before[key], "n_outside")
            assert n_before - 1 <= number(row, "n_contributors") + number(row, "n_outside") <= n_before


@few(2)
@given(company=companies())
@example(company=dense_company(9))
def test_twice_as_much_by_everybody_is_as_unequal(warehouse, company: Company) -> None:
    """The Gini and the other measures of concentration depend on shares only."""
    again = tuple(replace(event, number=50_000 + event.number) for event in company.events)
    once, twice = (
        {tuple(row[name] for name in PERIOD): row for row in marts_of(warehouse, world)["mart_contributor_ratios"]}
        for world in (company, replace(company, events=(*company.events, *again)))
    )
    assert once.keys() == twice.keys()
    for key, row in twice.items():
        for name in SCALE_FREE:
            assert row[name] == pytest.approx(once[key][name]), (key, name)
        if row["n_contributions"] is not None:
            assert row["n_contributions"] == 2 * number(once[key], "n_contributions")


def source_of(company: Company) -> tuple[str, str]:
    return company.coverage[0].platform, company.coverage[0].workspace


def busy(company: Company, account: Account) -> Company:
    """The company in which one more account does something on each day of its source's first export."""
    near = [one.account_id for one in company.accounts if (one.platform, one.workspace) == source_of(company)]
    return replace(
        company, accounts=(*company.accounts, account), events=(*company.events, *_everyday(company, account, near))
    )


def _everyday(company: Company, account: Account, near: list[str]) -> Iterator[Event]:
    file = company.coverage[0]
    for n in range((file.last - file.first).days + 1):
        action = ("post", "reply", "react", "edit")[n % 4]
        answered = near[n % len(near)] if near and action in ("reply", "react") else None
        at = datetime.combine(file.first + timedelta(days=n), time(7))
        yield Event(
            *source_of(company), 10_000 + len(company.events) + n, at, "own", action,
            action != "react" and account.kind == "human", account.account_id, space_id="space-1",
            target_account_id=answered,
        )  # fmt: skip


@few(6)
@given(company=companies(), seed=st.integers(0, 99))
@example(company=dense_company(6), seed=6)
def test_another_organisation_leaves_the_totals_unchanged(warehouse, company: Company, seed: int) -> None:
    """Every spell is cut somewhere, and each part belongs to some other unit: figures over all units stay."""
    random = Random(seed)
    parts = (part for one in company.spells for part in _moved(random, one, company.as_of))
    moved = replace(company, spells=tuple(parts))
    totals = [
        {table: [row for row in rows if row["unit"] == "all"] for table, rows in marts_of(warehouse, world).items()}
        for world in (moved, company)
    ]
    assert_same_marts(totals[0], totals[1], besides=ABOUT_UNITS)


def _moved(random: Random, spell: Spell, as_of: date) -> list[Spell]:
    """The spell in two, cut by the as-of day: later rows of a roster are not read."""
    n_days = ((spell.valid_to or as_of) - spell.valid_from).days
    units = ("North", "South", "East", None)
    cut = spell.valid_from + timedelta(days=random.randrange(max(n_days, 1)))
    if cut == spell.valid_from or cut > as_of:
        return [replace(spell, unit=random.choice(units))]
    return [
        replace(spell, valid_to=cut, unit=random.choice(units)),
        replace(spell, valid_from=cut, unit=random.choice(units)),
    ]
