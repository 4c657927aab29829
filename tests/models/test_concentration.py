"""Concentration is told only of many."""

import polars as pl
import pytest

from models.release import Policy
from models.release.concentration import only_of_many

MEASURES = (
    "top_1_share_ratio", "top_10_share_ratio", "gini_ratio", "gini_corrected_ratio", "gini_person_week_ratio",
)  # fmt: skip


def told(unit: str, n: int, min_group: int = 10) -> set[str]:
    rows = pl.DataFrame({
        "unit": [unit], "n_eligible": [n], **{name: [0.4567] for name in MEASURES}, "absence_factor": [7],
        "elephant_factor": [2],
    })  # fmt: skip
    shown = only_of_many(rows, Policy(min_group=min_group)).row(0, named=True)
    return {name for name in (*MEASURES, "absence_factor", "elephant_factor") if shown[name] is not None}


@pytest.mark.parametrize(
    ("n", "min_group", "shows_tenth", "shows_hundredth"),
    [(99, 10, False, False), (100, 10, True, False), (999, 10, True, False), (1000, 10, True, True),
     (100, 5, True, False), (500, 5, True, True), (149, 15, False, False)],
)  # fmt: skip
def test_the_most_active_are_a_group_of_their_own(n: int, min_group: int, shows_tenth: bool, shows_hundredth: bool):
    shown = told("all", n, min_group)
    assert ("top_10_share_ratio" in shown) == ("gini_ratio" in shown) == ("absence_factor" in shown) == shows_tenth
    assert ("top_1_share_ratio" in shown) == shows_hundredth


def test_of_a_unit_only_the_most_active_tenth_is_told():
    assert told("Sales", 5000) == {"top_10_share_ratio"}
    assert told("Sales", 99) == set()


def test_how_few_make_half_is_never_told_below_three():
    rows = pl.DataFrame({
        "unit": ["all", "all"], "n_eligible": [500, 500], **{name: [0.5, 0.5] for name in MEASURES},
        "absence_factor": [1, 4], "elephant_factor": [1, 1],
    })  # fmt: skip
    assert only_of_many(rows, Policy())["absence_factor"].to_list() == [3, 4]
