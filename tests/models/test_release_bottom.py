"""What leadership may see of figures that leave the top out, and of critical mass."""

from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from models.critical_mass import Run, current_run, units_by_state
from models.release import Policy, small_units
from models.release.critical_mass import rejudged, release_critical_mass
from models.release.top import periods_with_a_top, release_without_top
from models.schemas import TABLES
from tests.oracle import bottom_marts as oracle
from tests.oracle.bottom import long_led

POLICY = Policy()
MONTH, END = date(2026, 1, 1), date(2026, 1, 31)
MONDAY = date(2026, 1, 5)
OUTNUMBERED = {"period_kind": pl.String, "period_start": pl.Date, "period_end": pl.Date, "platform": pl.String}
NONE = pl.DataFrame(schema=OUTNUMBERED)
COUNTS = ("n_unseeded_contributors", "n_returning", "n_reviving", "n_lapsing")


def mart(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    columns = TABLES[table].to_schema().columns
    usual = {"period_kind": "month", "period_start": MONTH, "period_end": END, "platform": "all", "unit": "all",
             "is_complete": True, "n_observed_days": 31, "n_eligible": 400, "what": "thread"}  # fmt: skip
    filled = [{name: (usual | row).get(name) for name in columns} for row in rows]
    return pl.DataFrame(filled, schema={name: column.dtype.type for name, column in columns.items()})


def has_a_top(n_top: int, n_executives: int, **more: Any) -> bool:
    initiation = mart("mart_initiation", [{"headcount_ratio": 1 - n_top / 400} | more])
    executives = mart("mart_executive_participation", [{"is_executive": True, "n_eligible": n_executives},
                                                       {"is_executive": False, "n_eligible": 400}])  # fmt: skip
    return periods_with_a_top(initiation, executives, policy=POLICY).rows() == [("month", MONTH)]


def test_the_top_is_a_group_of_five_executives_or_ten_people() -> None:
    assert has_a_top(5, 5)
    assert has_a_top(9, 5)
    assert not has_a_top(9, 4)
    assert has_a_top(10, 4)
    assert has_a_top(10, 0)
    assert not has_a_top(4, 4)
    assert not has_a_top(1, 1)


def test_the_top_of_a_unit_or_a_platform_is_not_that_of_the_organisation() -> None:
    assert not has_a_top(40, 0, unit="a")
    assert not has_a_top(40, 0, platform="slack")
    assert not has_a_top(40, 0, headcount_ratio=None)


def test_figures_without_the_top_are_released_by_month_while_the_top_is_a_group() -> None:
    given_ = mart("mart_initiation", [
        {"n_started": 9, "n_bottom_started": 7, "n_bottom_drew": 3, "n_drew": 4},
        {"what": "page", "platform": "slack", "n_drew": 5},
        {"unit": "a"},
        {"period_kind": "week", "period_start": MONDAY, "period_end": MONDAY + timedelta(days=6)},
        {"n_eligible": 199, "what": "space"},
        {"period_start": date(2025, 12, 1), "period_end": date(2025, 12, 31)},
        {"period_start": date(2026, 2, 1), "period_end": date(2026, 2, 28)},
    ])  # fmt: skip
    months = [MONTH, MONDAY, date(2026, 2, 1)]
    top = pl.DataFrame({"period_kind": ["month", "week", "month"], "period_start": months})
    shown = release_without_top(given_, ["what"], top, as_of=END, policy=POLICY)
    columns = ["period_start", "platform", "what", "n_started", "n_bottom_started", "n_drew", "n_bottom_drew"]
    assert shown.select(columns).rows() == [
        (MONTH, "all", "thread", 9, None, 4, 3), (MONTH, "slack", "page", None, None, 5, None),
    ]  # fmt: skip
    assert shown.columns == given_.columns
    assert release_without_top(mart("mart_organic", [{}]), [], top, as_of=END, policy=POLICY).height == 1


def week(n: int, unit: str = "all", **values: Any) -> dict[str, Any]:
    """The n-th week of a unit: everything in it is known, and it sustains itself."""
    start = MONDAY + timedelta(weeks=n)
    figures = {"n_adopted": 9, "is_self_sustaining_week": True, "n_weeks_in_a_row": n + 1, "n_unseeded_contributors": 8,
               "n_returning": 7, "n_reviving": 2, "n_lapsing": 1, "state": "sustained" if n > 4 else "cannot_tell",
               "n_eligible": 20}  # fmt: skip
    head = {"period_kind": "week", "period_start": start, "period_end": start + timedelta(days=6), "unit": unit}
    return head | figures | values


def released(rows: list[dict[str, Any]], *, merged: tuple[str, ...] = (), outnumbered: pl.DataFrame = NONE,
             n_top_weeks: int = 99, top_kind: str = "week",
             as_of: date = date(2027, 1, 1)) -> pl.DataFrame:  # fmt: skip
    starts = [MONDAY + timedelta(weeks=n) for n in range(n_top_weeks)]
    top = pl.DataFrame({"period_kind": top_kind, "period_start": starts}, schema_overrides={"period_start": pl.Date})
    weeks = mart("mart_critical_mass", rows)
    return release_critical_mass(weeks, merged, outnumbered, top, as_of=as_of, policy=POLICY)


def scopes(shown: pl.DataFrame) -> set[tuple[str, str]]:
    return set(shown.select("platform", "unit").rows())


def test_units_show_adoption_and_state_and_no_count_of_few() -> None:
    sizes = {"all": 400, "a": 20}
    shown = released([week(n, unit, n_eligible=size) for n in range(7) for unit, size in sizes.items()])
    last = shown.filter(pl.col("period_start") == MONDAY + timedelta(weeks=6)).rows(named=True)
    assert [row["unit"] for row in last] == ["a", "all"]
    assert [last[0][name] for name in COUNTS] == [None] * 4
    assert [last[1][name] for name in COUNTS] == [8, 7, 2, 1]
    for row in last:
        assert (row["n_adopted"], row["n_weeks_in_a_row"], row["state"]) == (9, 7, "sustained")


def test_counts_of_the_whole_are_shown_while_it_is_large_and_the_top_is_a_group() -> None:
    assert released([week(0, n_eligible=200)])["n_lapsing"].to_list() == [1]
    assert released([week(0, n_eligible=199)])["n_lapsing"].to_list() == [None]
    two_weeks = [week(0, n_eligible=200), week(1, n_eligible=200)]
    assert released(two_weeks, n_top_weeks=1)["n_lapsing"].to_list() == [1, None]
    assert released([week(0, n_eligible=200)], top_kind="month")["n_lapsing"].to_list() == [None]
    assert released([week(0, n_eligible=199)])["n_adopted"].to_list() == [9]


def test_small_units_open_weeks_and_units_of_a_platform_are_not_shown() -> None:
    whole = week(0, n_eligible=400)
    rows = [whole, week(0, "a"), week(0, "b"), week(0, "c", n_eligible=9), week(0, "a", platform="slack"),
            week(0, platform="slack", n_eligible=9), week(0, platform="wiki"), week(1)]  # fmt: skip
    shown = released(rows, merged=("b",), as_of=MONDAY + timedelta(days=6))
    assert scopes(shown) == {("all", "all"), ("all", "a"), ("wiki", "all")}
    assert shown.height == 3
    assert released([whole], as_of=MONDAY + timedelta(days=5)).is_empty()


def test_no_unit_is_shown_where_the_rest_of_the_whole_is_few_people() -> None:
    # nine people have no unit: the whole less both units is about them
    assert scopes(released([week(0, n_eligible=49), week(0, "a"), week(0, "b")])) == {("all", "all")}
    assert len(scopes(released([week(0, n_eligible=50), week(0, "a"), week(0, "b")]))) == 3
    assert len(scopes(released([week(0, n_eligible=40), week(0, "a"), week(0, "b")]))) == 3


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=7), st.integers(0, 12), st.integers(5, 25))
def test_nobody_hidden_follows_by_subtraction(sizes: list[int], n_without_unit: int, min_group: int) -> None:
    policy = Policy(min_group=min_group)
    units = {f"u{i}": n for i, n in enumerate(sizes)}
    units["all"] = sum(sizes) + n_without_unit
    weeks = mart("mart_critical_mass", [week(0, unit, n_eligible=n) for unit, n in units.items()])
    merged = small_units(weeks, policy)
    shown = release_critical_mass(weeks, merged, NONE, NONE, as_of=date(2027, 1, 1), policy=policy)
    people = dict(shown.select("unit", "n_eligible").rows())
    total = people.pop("all", 0)
    assert all(n >= min_group for n in people.values())
    if people:
        rest = total - sum(people.values())
        assert rest == 0 or rest >= min_group


def test_a_week_that_the_roster_cannot_carry_ends_the_run_and_tells_nothing() -> None:
    bad = MONDAY + timedelta(weeks=7)
    outnumbered = pl.DataFrame([("week", bad, bad + timedelta(days=6), "all")], schema=OUTNUMBERED, orient="row")
    rows = [week(n, unit, n_eligible=400) for n in range(15) for unit in ("all", "a")]
    shown = released(rows, outnumbered=outnumbered).filter(pl.col("unit") == "all")
    assert shown["n_weeks_in_a_row"].to_list() == [*range(1, 8), None, *range(1, 8)]
    assert shown["state"].to_list() == ["cannot_tell"] * 5 + ["sustained"] * 2 + ["cannot_tell"] * 6 + ["sustained"] * 2
    assert shown["n_adopted"].null_count() == 1
    assert shown["is_self_sustaining_week"].null_count() == 1


def test_runs_and_states_are_those_of_the_mart_where_nothing_is_withheld() -> None:
    for seed in (1, 4):
        rows = oracle.critical_mass(long_led(seed))
        weeks = mart("mart_critical_mass", rows).sort("platform", "unit", "period_start")
        assert set(weeks["state"]) == {"cannot_tell", "not_yet", "sustained"}
        assert rejudged(weeks.sample(fraction=1, shuffle=True, seed=1)).equals(weeks)
    flags = [True, None, *[False] * 6, True, False, True]
    told = rejudged(mart("mart_critical_mass", [week(n, is_self_sustaining_week=flag) for n, flag in enumerate(flags)]))
    assert told["n_weeks_in_a_row"].to_list() == [1, None, *[0] * 6, 1, 0, 1]
    assert told["state"].to_list() == [*["cannot_tell"] * 7, *["not_yet"] * 4]


def test_units_are_counted_by_state() -> None:
    rows = [week(0), week(0, "a", state="sustained"), week(0, "b", state="not_yet"), week(0, "c", state="not_yet"),
            week(0, "d"), week(0, "a", platform="slack"), week(1, "a", state="cannot_tell")]  # fmt: skip
    counts = units_by_state(mart("mart_critical_mass", rows))
    columns = ["period_start", "n_units", "n_sustained", "n_not_yet", "n_cannot_tell"]
    assert counts.select(columns).rows() == [(MONDAY, 4, 1, 2, 1), (MONDAY + timedelta(weeks=1), 1, 0, 0, 1)]
    assert units_by_state(mart("mart_critical_mass", [week(0)])).is_empty()


def test_a_run_begins_where_the_week_before_did_not_sustain_itself() -> None:
    weeks = mart("mart_critical_mass", [week(n, n_weeks_in_a_row=n, is_self_sustaining_week=n > 0) for n in range(9)])
    latest, first = MONDAY + timedelta(weeks=8), MONDAY + timedelta(weeks=1)
    assert current_run(weeks, latest) == Run(first, is_start_known=True)
    unjudged = weeks.with_columns(pl.when(pl.col("n_weeks_in_a_row") > 0).then("is_self_sustaining_week"))
    assert current_run(unjudged, latest) == Run(first, is_start_known=False)
    assert current_run(weeks.tail(7), latest) == Run(first, is_start_known=False)
    assert current_run(weeks, MONDAY) is None
    assert current_run(weeks, MONDAY - timedelta(weeks=1)) is None
