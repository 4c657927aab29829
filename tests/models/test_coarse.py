"""Figures of groups are told in fives, and their ends as bands."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.release import Policy
from models.release.coarse import Family, Groups, parts_of, share_of, told_coarsely
from models.release.policy import RULES
from models.statistics.intervals import wilson_bounds

POLICY = Policy()
GROUPS = Groups(
    (
        Family("n_contributors", rest="n_none"),
        Family("n_heavy", rest="n_some", whole="n_contributors"),
        *parts_of(["n_reactors"]),
    ),
    {"contributor_ratio": ("n_contributors", "n_eligible")},
    loose=("n_outside",),
    blank=("gini_ratio",),
)


def row(n: int, some: int, heavy: int, *, unit: str = "a", reactors: int | None = 5, outside: int = 0) -> pl.DataFrame:
    k = some + heavy
    low, high = wilson_bounds(k, n)
    return pl.DataFrame({
        "unit": [unit], "n_eligible": [n], "n_outside": [outside], "n_contributors": [k], "n_none": [n - k],
        "n_some": [some], "n_heavy": [heavy], "n_reactors": pl.Series([reactors], dtype=pl.Int64),
        "contributor_ratio": [k / n], "contributor_ratio_low": [low], "contributor_ratio_high": [high],
        "gini_ratio": [0.5],
    })  # fmt: skip


def told(rows: pl.DataFrame, policy: Policy = POLICY) -> dict[str, object]:
    return told_coarsely(rows, GROUPS, pl.col("unit") != "all", policy).row(0, named=True)


def test_counts_of_a_group_are_multiples_of_five():
    # by hand: 43 of 88, 33 a little and 10 a lot; those who give nothing are 90 - 45, not the 45 who truly do
    shown = told(row(88, 33, 10, reactors=17, outside=8))
    assert {name: shown[name] for name in ("n_eligible", "n_contributors", "n_none", "n_some", "n_heavy")} == {
        "n_eligible": 90, "n_contributors": 45, "n_none": 45, "n_some": 35, "n_heavy": 10,
    }  # fmt: skip
    assert (shown["n_reactors"], shown["n_outside"], shown["gini_ratio"]) == (15, 10, None)


def test_the_organisation_is_told_as_it_is():
    given_row = row(1194, 300, 33, unit="all", outside=1)
    assert told(given_row) == given_row.row(0, named=True)


@pytest.mark.parametrize(
    ("n", "some", "share", "band"),
    [
        (12, 2, None, (0.0, 0.4)),  # 10 people told may be 8, of whom 3 are 37.5 %
        (12, 0, None, (0.0, 0.4)),
        (12, 12, None, (0.6, 1.0)),
        (38, 36, None, (0.9, 1.0)),  # 3 of 38 are 7.9 %
        (300, 2, None, (0.0, 0.1)),
        (12, 3, 0.5, None),  # 5 of 10
        (12, 9, 0.95, None),  # 10 of 10 told, yet never everybody
        (1150, 5, 0.01, None),
    ],
)
def test_ends_are_told_as_bands(n: int, some: int, share: float | None, band: tuple[float, float] | None):
    shown = told(row(n, some, 0))
    assert shown["contributor_ratio"] == share
    assert (shown["n_contributors"] is None) == (share is None)
    if band:
        assert (shown["contributor_ratio_low"], shown["contributor_ratio_high"]) == band
        assert shown["n_none"] is shown["n_some"] is shown["n_heavy"] is None


def test_one_hidden_part_hides_the_others_and_not_the_whole():
    # of 20 contributors one gives a lot: with those who give a little, it would follow
    shown = told(row(40, 19, 1))
    assert (shown["n_contributors"], shown["n_none"], shown["n_some"], shown["n_heavy"]) == (20, 20, None, None)


def test_a_count_that_lies_within_a_hidden_one_is_hidden():
    groups = Groups((*parts_of(["n_contributors"]), Family("n_reactors", whole="n_contributors")))
    shown = told_coarsely(row(40, 38, 0, reactors=20), groups, pl.lit(value=True), POLICY).row(0, named=True)
    assert (shown["n_contributors"], shown["n_reactors"]) == (None, None)


def test_few_people_who_are_no_part_are_not_told():
    assert told(row(40, 20, 5, outside=2))["n_outside"] is None
    assert told(row(40, 20, 5, outside=3))["n_outside"] == 5


def test_unknown_stays_unknown_and_hides_nothing():
    shown = told(row(40, 20, 5, reactors=None))
    assert shown["n_reactors"] is None
    assert shown["n_contributors"] == 25


@pytest.mark.parametrize(("k", "n", "share"), [(13, 27, 0.6), (43, 88, 0.5), (52, 131, 0.38), (7, 12, 0.5)])
def test_shares_follow_from_the_told_counts_in_whole_percent_or_steps_of_five(k: int, n: int, share: float):
    # by hand: 15/25 = 60 %, 45/90 = 50 %, 50/130 = 38.5 %, 5/10 = 50 %
    shown = told(row(n, k, 0))
    assert shown["contributor_ratio"] == share


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.integers(5, 400), st.data())
def test_told_bounds_hold_those_of_the_true_share(n: int, data: st.DataObject):
    k = data.draw(st.integers(0, n))
    shown = told(row(n, k, 0))
    low, high = wilson_bounds(k, n)
    if shown["contributor_ratio"] is None:
        assert shown["contributor_ratio_low"] <= k / n <= shown["contributor_ratio_high"]
    else:
        assert shown["contributor_ratio_low"] <= low
        assert shown["contributor_ratio_high"] >= high
        assert shown["contributor_ratio_low"] <= shown["contributor_ratio"] <= shown["contributor_ratio_high"]


@pytest.mark.parametrize("n", [5, 10, 11, 38, 200, 437])
def test_nobody_can_tell_none_from_two_nor_all_from_all_but_two(n: int):
    for ends in (range(3), range(n - 2, n + 1)):
        first, *others = [told(row(n, k, 0)) for k in ends]
        assert all(other == first for other in others)
    middle = told(row(n, 3, 0)) if n >= 6 else None
    assert middle is None or middle["n_contributors"] is not None


def test_without_rounding_or_bands_the_true_figures_are_told():
    assert told(row(12, 2, 0), Policy(without=frozenset({"tails", "rounding"})))["n_contributors"] == 2
    assert told(row(12, 2, 0), Policy(without=frozenset({"tails"})))["n_contributors"] == 0
    assert told(row(12, 4, 0), Policy(without=frozenset({"rounding"})))["n_contributors"] == 4
    assert "tails" in RULES


def test_a_share_of_nobody_is_unknown():
    assert share_of(None, None, 10, POLICY) == (None, None, None)
    assert share_of(0, 0, 0, POLICY) == (None, None, None)
