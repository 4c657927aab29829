"""What leadership may see of departments, layers, locations and tenure."""

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from models.release import Policy
from models.release.breakdown import DIMENSIONS, OTHERS, release_breakdown
from models.schemas import TABLES
from models.validation import find_faults

MONTH, AS_OF = date(2026, 1, 1), date(2026, 1, 31)
POLICY = Policy()
NOBODY = pl.DataFrame(schema={
    "period_start": pl.Date, "person_id": pl.String, "organisation": pl.String, "unit": pl.String,
    "is_executive": pl.String, **dict.fromkeys(DIMENSIONS, pl.String),
})  # fmt: skip
"""Whose groups are nearly the same is tested in test_overlap.py."""


def breakdown(dimension: str, start: date = MONTH, end: date = AS_OF, **sizes: int) -> pl.DataFrame:
    """A closed month of `mart_breakdown`; an underscore in a name parts unit and department."""
    columns = TABLES["mart_breakdown"].to_schema().columns
    rows = [
        {
            "period_kind": "month", "period_start": start, "period_end": end, "platform": "all",
            "unit": value.partition("_")[0] if "_" in value else "all",
            "is_complete": True, "n_observed_days": 31, "dimension": dimension, "value": value.replace("_", " / "),
            "n_eligible": n, "n_contributors": n // 2, "n_contributions": n, "contributor_ratio": (n // 2) / n,
        }
        for value, n in sizes.items()
    ]
    filled = [{name: row.get(name) for name in columns} for row in rows]
    return pl.DataFrame(filled, schema={name: column.dtype.type for name, column in columns.items()})


def released(given: pl.DataFrame, merged_units: tuple[str, ...] = ()) -> list[tuple[str, int]]:
    rows = release_breakdown(given, merged_units, NOBODY, as_of=AS_OF, policy=POLICY)
    assert find_faults(rows, TABLES["rel_breakdown"]) == []
    return rows.select("value", "n_eligible").rows()


def test_values_large_enough_are_shown_as_they_are():
    assert released(breakdown("location", Bern=10, Paris=30)) == [("Bern", 10), ("Paris", 30)]


def test_small_values_are_shown_together():
    assert released(breakdown("tenure", a=6, b=7, c=50)) == [(OTHERS, 13), ("c", 50)]


def test_a_single_small_value_takes_the_next_smallest_with_it():
    # the organisation minus 50 and 60 would show the 4
    assert released(breakdown("layer", a=4, b=50, c=60)) == [(OTHERS, 54), ("c", 60)]


def test_a_small_department_is_merged_within_its_unit():
    # the unit is shown: minus Field it would show the 3, so they stand together; the other unit's are not touched
    given = breakdown("department", Sales_Field=20, Sales_Desk=3, Law_Courts=12, Law_Deals=15)
    assert released(given) == [("Law / Courts", 12), ("Law / Deals", 15), ("Sales / (others)", 23)]


def test_departments_of_merged_units_are_not_shown():
    given = breakdown("department", Sales_Field=20, Sales_Desk=30, Law_Courts=12)
    assert released(given, ("Law",)) == [("Sales / Desk", 30), ("Sales / Field", 20)]


def test_open_months_are_not_shown():
    assert released(breakdown("tenure", start=date(2026, 2, 1), end=date(2026, 2, 28), a=20, b=30)) == []


def test_a_value_that_was_small_once_stays_merged():
    earlier = breakdown("tenure", date(2025, 12, 1), date(2025, 12, 31), a=4, b=20, c=50)
    rows = released(pl.concat([earlier, breakdown("tenure", a=30, b=20, c=50)]))
    assert rows == [(OTHERS, 24), ("c", 50), (OTHERS, 50), ("c", 50)]


def test_no_breakdown_is_no_row():
    assert released(breakdown("tenure")) == []


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.dictionaries(st.sampled_from([f"{u}_{d}" for u in "ABC" for d in "xyz"]), st.integers(1, 40), min_size=1))
def test_nothing_small_can_be_worked_out_from_departments_and_their_units(sizes: dict[str, int]):
    shown = dict(released(breakdown("department", **sizes)))
    assert all(n >= POLICY.min_group for n in shown.values())
    for unit in "ABC":
        own = [n for name, n in sizes.items() if name.startswith(unit)]
        rest = sum(own) - sum(n for name, n in shown.items() if name.startswith(f"{unit} / "))
        # nothing of the unit is shown, or all of it is: there is no rest of it that a subtraction would show
        assert rest in (0, sum(own))
