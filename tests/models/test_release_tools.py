"""What leadership may see of participation by platforms offered: sums over units that it sees by name."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from models.release import OTHER_UNITS, Policy, release_units, small_units
from models.release.tools import release_tools
from models.schemas import TABLES
from models.statistics.intervals import wilson_bounds

MONTH, AS_OF = date(2026, 1, 1), date(2026, 1, 31)
HEAD = {"period_kind": "month", "period_start": MONTH, "period_end": AS_OF, "platform": "all", "unit": "all",
        "is_complete": True, "n_observed_days": 31}  # fmt: skip
Units = dict[str, tuple[int, int, int]]
"""By name: platforms offered, people, contributors."""


def frame(table: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    columns = TABLES[table].to_schema().columns
    filled = [{name: row.get(name) for name in columns} for row in rows]
    return pl.DataFrame(filled, schema={name: column.dtype.type for name, column in columns.items()})


def by_name(units: Units, total: int, *, as_of: date = AS_OF) -> pl.DataFrame:
    """The released rows of active users."""
    of_units = [HEAD | {"unit": name, "n_eligible": n} for name, (_, n, _) in units.items()]
    everybody = frame("mart_active_users", [HEAD | {"n_eligible": total}, *of_units])
    return release_units(everybody, small_units(everybody, Policy()), as_of=as_of, policy=Policy())


def released(units: Units, *, elsewhere: int = 0, is_known: bool = True, as_of: date = AS_OF) -> pl.DataFrame:
    total = sum(n for _, n, _ in units.values()) + elsewhere
    offered = [
        {"period_kind": "month", "period_start": MONTH, "unit": name, "n_platforms_offered": p, "n_people": n,
         "n_contributors": k}
        for name, (p, n, k) in units.items()
    ]  # fmt: skip
    numbers = range(max(p for p, _, _ in units.values()) + 1)
    of_all = HEAD | {"n_eligible": total, "n_people": 999 if is_known else None}
    mart = [of_all | {"n_platforms_offered": p} for p in numbers]
    shown = by_name(units, total, as_of=as_of)
    rows = release_tools(frame("mart_tools", mart), frame("prep_offered", offered), shown, policy=Policy())
    return TABLES["rel_tools"].validate(rows)


def told(units: Units, **other: object) -> list[tuple[object, ...]]:
    return released(units, **other).select("n_platforms_offered", "n_units", "n_people", "n_contributors").rows()  # type: ignore[arg-type]


LARGE: Units = {"a": (1, 50, 5), "b": (1, 60, 6), "c": (3, 70, 40), "d": (3, 80, 30), "e": (3, 20, 1)}


def test_groups_are_sums_of_their_units_with_an_interval() -> None:
    assert told(LARGE) == [(1, 2, 110, 11), (3, 3, 170, 71)]
    low, high = wilson_bounds(71, 170)
    ratios = released(LARGE).select("contributor_ratio", "contributor_ratio_low", "contributor_ratio_high").row(1)
    assert ratios == (71 / 170, low, high)


def test_a_unit_alone_is_no_group_and_a_group_alone_is_no_comparison() -> None:
    assert told(LARGE | {"f": (2, 90, 9)}) == told(LARGE)
    assert told({name: (3, n, k) for name, (_, n, k) in LARGE.items()}) == []
    assert told({name: unit for name, unit in LARGE.items() if name != "a"} | {"f": (2, 90, 9)}) == []


def test_units_that_are_not_shown_by_name_are_in_no_group() -> None:
    # g has nine people and takes e, the next smallest, with it
    assert told(LARGE | {"g": (1, 9, 9)}) == [(1, 2, 110, 11), (3, 2, 150, 70)]
    # a unit that is called like the merged ones cannot be told from them
    assert told(LARGE | {OTHER_UNITS: (1, 40, 4)}) == told(LARGE)


def test_a_small_organisation_an_open_month_and_an_unknown_one_are_not_shown() -> None:
    half = {name: (p, n // 2, k // 2) for name, (p, n, k) in LARGE.items()}
    assert told(half) == []
    assert len(told(half, elsewhere=60)) == 2
    assert told(half, elsewhere=59) == []
    assert told(LARGE, as_of=date(2026, 1, 30)) == []
    assert told(LARGE, is_known=False) == []


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 80)), min_size=3, max_size=9))
def test_every_figure_is_a_sum_over_units_shown_by_name(sizes: list[tuple[int, int]]) -> None:
    units = {f"u{i}": (p, n, n // 2) for i, (p, n) in enumerate(sizes)}
    shown = by_name(units, sum(n for _, n in sizes) + 200)
    named = set(shown["unit"]) - {"all", OTHER_UNITS}
    for platforms, n_units, n_people, _ in told(units, elsewhere=200):
        of_group = [units[name][1] for name in named if units[name][0] == platforms]
        assert (n_units, n_people) == (len(of_group), sum(of_group))
        assert n_units >= 2
        assert min(of_group) >= 10
