"""What leadership may see of the marts."""

from datetime import date, timedelta

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from models.release import (
    LARGE,
    OTHER_UNITS,
    Policy,
    release_days,
    release_executives,
    release_large_organisation,
    release_units,
    small_units,
    withheld,
)
from models.schemas import TABLES

MONTH = date(2026, 1, 1)
AS_OF = date(2026, 1, 31)
POLICY = Policy()


def mart(table: str, *rows: dict[str, object]) -> pl.DataFrame:
    """Rows of a mart; what is not given is a closed month of all platforms and otherwise unknown."""
    columns = TABLES[table].to_schema().columns
    usual = {
        "period_kind": "month", "period_start": MONTH, "period_end": AS_OF, "platform": "all", "unit": "all",
        "is_complete": True, "n_observed_days": 31, "n_outside": 0, "n_contributors": 0, "is_executive": False,
    }
    filled = [{name: (usual | row).get(name) for name in columns} for row in rows]
    return pl.DataFrame(filled, schema={name: column.dtype.type for name, column in columns.items()})


def sizes(**units: int) -> pl.DataFrame:
    """A month of mart_active_users with units of these sizes and their total."""
    rows = [{"unit": unit, "n_eligible": n, "n_contributors": n // 2} for unit, n in units.items()]
    total = {"unit": "all", "n_eligible": sum(units.values()), "n_contributors": sum(n // 2 for n in units.values())}
    return mart("mart_active_users", total, *rows)


def released(given: pl.DataFrame, policy: Policy = POLICY) -> list[tuple[str, int]]:
    shown = release_units(given, small_units(given, policy), as_of=AS_OF, policy=policy)
    return shown.select("unit", "n_eligible").rows()


def test_large_units_are_shown_as_they_are() -> None:
    assert released(sizes(a=10, b=11)) == [("a", 10), ("all", 21), ("b", 11)]


def test_small_units_merge_into_one() -> None:
    assert released(sizes(a=6, b=7, c=50)) == [(OTHER_UNITS, 13), ("all", 63), ("c", 50)]


def test_single_small_unit_takes_the_next_smallest_with_it() -> None:
    # with 4 alone hidden, 114 - 50 - 60 would show it
    assert released(sizes(a=4, b=50, c=60)) == [(OTHER_UNITS, 54), ("all", 114), ("c", 60)]


def test_merged_units_are_large_enough_together() -> None:
    # 4 + 4 are two units but fewer than 10 people
    assert released(sizes(a=4, b=4, c=20, d=30)) == [(OTHER_UNITS, 28), ("all", 58), ("d", 30)]


def test_units_are_never_shown_where_nothing_can_hide_the_small_one() -> None:
    assert released(sizes(a=4, b=60)) == [(OTHER_UNITS, 64), ("all", 64)]


def test_small_organisation_is_not_shown() -> None:
    assert released(sizes(a=4, b=5)) == []


def test_unit_that_was_small_once_stays_merged() -> None:
    earlier = sizes(a=6, b=8, c=40).with_columns(
        pl.lit(date(2025, 12, 1)).alias("period_start"), pl.lit(date(2025, 12, 31)).alias("period_end")
    )
    both = pl.concat([earlier, sizes(a=30, b=8, c=40)])
    assert set(small_units(both, POLICY)) == {"a", "b"}


def test_merged_row_sums_people_and_hides_what_cannot_be_summed() -> None:
    given = mart(
        "mart_contributor_ratios",
        {"unit": "all", "n_eligible": 63, "n_contributors": 12, "gini_ratio": 0.5},
        {"unit": "a", "n_eligible": 6, "n_contributors": 2, "gini_ratio": 0.5, "top_10_share_ratio": 0.9},
        {"unit": "b", "n_eligible": 7, "n_contributors": 1, "gini_ratio": 0.5, "top_10_share_ratio": 0.9},
        {"unit": "c", "n_eligible": 50, "n_contributors": 9, "gini_ratio": 0.5},
    )
    shown = release_units(given, ["a", "b"], as_of=AS_OF, policy=POLICY).filter(pl.col("unit") == OTHER_UNITS)
    row = shown.row(0, named=True)
    assert (row["n_eligible"], row["n_contributors"], row["contributor_ratio"]) == (13, 3, 3 / 13)
    assert row["gini_ratio"] is None
    assert row["top_10_share_ratio"] is None
    assert row["contributor_ratio_low"] < 3 / 13 < row["contributor_ratio_high"]


def test_unknown_counts_stay_unknown_in_the_merged_row() -> None:
    given = sizes(a=6, b=7, c=50).with_columns(
        pl.when(pl.col("unit") == "b").then(None).otherwise(pl.col("n_contributors")).alias("n_contributors")
    )
    shown = release_units(given, ["a", "b"], as_of=AS_OF, policy=POLICY)
    assert shown.filter(pl.col("unit") == OTHER_UNITS)["n_contributors"].to_list() == [None]


def test_open_period_is_not_released() -> None:
    given = sizes(a=20, b=30)
    assert release_units(given, [], as_of=AS_OF - timedelta(days=1), policy=POLICY).is_empty()


def test_units_are_not_crossed_with_platforms() -> None:
    given = mart(
        "mart_active_users",
        {"unit": "all", "platform": "slack", "n_eligible": 40},
        {"unit": "a", "platform": "slack", "n_eligible": 40},
    )
    assert release_units(given, [], as_of=AS_OF, policy=POLICY).select("platform", "unit").rows() == [("slack", "all")]


def test_days_are_released_for_a_large_organisation_only() -> None:
    day = {"period_kind": "day", "period_start": MONTH, "period_end": MONTH}
    given = mart(
        "mart_active_users",
        day | {"n_eligible": 200},
        day | {"n_eligible": 199, "period_start": AS_OF, "period_end": AS_OF},
        day | {"n_eligible": 500, "unit": "a"},
        day | {"n_eligible": 500, "platform": "slack"},
    )
    shown = release_days(given, as_of=AS_OF, policy=POLICY)
    assert shown.select("period_start", "platform", "unit").rows() == [(MONTH, "all", "all")]


def test_executives_and_the_rest_are_released_together_or_not_at_all() -> None:
    def both(n_executives: int, n_others: int) -> pl.DataFrame:
        given = mart(
            "mart_executive_participation",
            {"is_executive": True, "n_eligible": n_executives},
            {"is_executive": False, "n_eligible": n_others},
        )
        return release_executives(given, as_of=AS_OF, policy=POLICY)

    assert both(5, 100).height == 2
    assert both(4, 100).is_empty()
    assert both(50, 9).is_empty()


def test_executives_of_units_are_never_released() -> None:
    given = mart(
        "mart_executive_participation",
        {"is_executive": True, "n_eligible": 9, "unit": "a"},
        {"is_executive": False, "n_eligible": 90, "unit": "a"},
    )
    assert release_executives(given, as_of=AS_OF, policy=POLICY).is_empty()


def test_what_is_withheld_is_said_as_counts() -> None:
    users = pl.concat([sizes(a=6, b=7, c=50), sizes(a=6, b=7, c=50).with_columns(
        pl.lit(AS_OF + timedelta(days=1)).alias("period_end"))])
    executives = mart("mart_executive_participation", {"is_executive": True, "n_eligible": 3})
    rows = withheld(users, executives, ["a", "b"], as_of=AS_OF, policy=POLICY).rows()
    assert rows == [
        ("rel_active_users", "small_units_merged", 2, None, 10),
        ("rel_contributor_ratios", "small_units_merged", 2, None, 10),
        ("rel_active_users", "open_period", None, None, 10),
        ("rel_active_users", "organisation_too_small", None, None, 200),
        *((table, "organisation_too_small", None, None, 200) for table in LARGE),
        ("rel_executive_participation", "too_few_executives", None, None, 5),
    ]
    assert {"rel_days_active", "rel_platform_overlap", "rel_purposes", "rel_usage_segments"} <= set(LARGE)


def test_figures_of_the_whole_are_released_while_it_is_large_and_never_by_unit() -> None:
    earlier, later = date(2025, 12, 1), date(2026, 2, 1)
    given = mart(
        "mart_days_active",
        *({"n_days_active": n, "n_people": 100 - n, "n_eligible": 200} for n in (1, 0)),
        {"n_days_active": 0, "unit": "a", "n_eligible": 300},
        {"n_days_active": 0, "period_start": earlier, "period_end": date(2025, 12, 31), "n_eligible": 199},
        {"n_days_active": 0, "period_start": later, "period_end": date(2026, 2, 28), "n_eligible": 200},
    )
    shown = release_large_organisation(given, ["n_days_active"], as_of=AS_OF, policy=POLICY)
    assert shown.select("period_start", "unit", "n_days_active", "n_people").rows() == [
        (MONTH, "all", 0, 100), (MONTH, "all", 1, 99),
    ]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=8), st.integers(5, 25))
def test_no_hidden_group_can_be_found_by_subtraction(units: list[int], min_group: int) -> None:
    policy = Policy(min_group=min_group)
    given = sizes(**{f"u{i}": n for i, n in enumerate(units)})
    shown = dict(released(given, policy))
    assert all(n >= min_group or n == 0 for n in shown.values())
    total = shown.pop("all", None)
    if total is not None and shown:
        # what is left of the total is nothing: every hidden unit is inside the merged row
        assert total == sum(shown.values())
        hidden = [n for i, n in enumerate(units) if n and f"u{i}" not in shown]
        assert not hidden or (len(hidden) >= 2 and sum(hidden) >= min_group)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=8), st.integers(5, 25))
def test_no_hidden_unit_is_a_linear_combination_of_what_is_shown(units: list[int], min_group: int) -> None:
    """The null-space test: a unit could be worked out only if its indicator lay in the row space of the shown rows."""
    policy = Policy(min_group=min_group)
    names = [f"u{i}" for i in range(len(units))]
    given = sizes(**dict(zip(names, units, strict=True)))
    merged = small_units(given, policy)
    shown = [unit for unit, _ in released(given, policy)]
    cells = [name for name, n in zip(names, units, strict=True) if n]
    of_row = {"all": cells, OTHER_UNITS: [name for name in cells if name in merged]} | {name: [name] for name in cells}
    system = [[float(cell in of_row[unit]) for cell in cells] for unit in shown if unit in of_row]
    rank = np.linalg.matrix_rank(system) if system and cells else 0
    for place, cell in enumerate(cells):
        if cell in shown or units[names.index(cell)] == sum(units) >= min_group:
            continue
        wanted = [float(other == place) for other in range(len(cells))]
        assert np.linalg.matrix_rank([*system, wanted]) > rank, cell
