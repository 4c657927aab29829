"""Judgements between figures: each rule, at its borders."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.comparison import (
    SMALLEST_CHANGE,
    Change,
    Share,
    Tally,
    change_of_share,
    change_of_value,
    comparable_start,
    compare_groups,
    is_covered,
    ratio_of,
    share_of,
    tally,
)

shares = st.integers(1, 5000).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n)))


def test_unknown_count_gives_no_share() -> None:
    assert share_of(None, 10) is None
    assert share_of(3, None) is None
    assert share_of(0, 0) is None
    assert share_of(0, 4) == Share(0, 4)
    assert ratio_of(1, 4) == 0.25
    assert ratio_of(None, 4) is None


@given(shares)
def test_bounds_enclose_the_share(share: Share) -> None:
    low, high = share.bounds
    assert 0 <= low <= share.ratio + 1e-12
    assert share.ratio - 1e-12 <= high <= 1


def test_change_within_chance_is_the_same() -> None:
    assert change_of_share(Share(55, 100), Share(50, 100)).direction == "same"
    assert change_of_share(Share(70, 100), Share(50, 100)).direction == "up"
    assert change_of_share(Share(50, 100), Share(70, 100)).direction == "down"


def test_change_below_one_point_is_the_same_however_many_people() -> None:
    change = change_of_share(Share(509_000, 1_000_000), Share(500_000, 1_000_000))
    assert change.margin == SMALLEST_CHANGE
    assert change.direction == "same"
    assert change_of_share(Share(510_001, 1_000_000), Share(500_000, 1_000_000)).direction == "up"


def test_noise_margin_is_that_of_two_pooled_proportions() -> None:
    assert change_of_share(Share(60, 100), Share(40, 100)).margin == pytest.approx(
        1.959964 * (0.25 * 0.02) ** 0.5, abs=1e-6
    )


@given(shares, shares)
def test_reversing_time_reverses_the_direction(now: Share, then: Share) -> None:
    opposite = {"up": "down", "down": "up", "same": "same"}
    assert change_of_share(then, now).direction == opposite[change_of_share(now, then).direction]


@given(shares)
def test_nothing_changes_against_itself(share: Share) -> None:
    assert change_of_share(share, share).direction == "same"
    assert compare_groups(share, share) == "alike"


def test_value_without_interval_changes_from_its_tolerance() -> None:
    assert change_of_value(0.85, 0.84).direction == "same"
    assert change_of_value(0.85, 0.80).direction == "up"
    assert change_of_value(0.80, 0.85, tolerance=0.1).direction == "same"


def test_groups_differ_only_if_their_intervals_are_disjoint() -> None:
    assert compare_groups(Share(90, 100), Share(50, 100)) == "higher"
    assert compare_groups(Share(10, 100), Share(50, 100)) == "lower"
    assert compare_groups(Share(27, 100), Share(25, 100)) == "alike"


def test_small_groups_far_apart_are_unclear_not_alike() -> None:
    assert compare_groups(Share(4, 6), Share(250, 1000)) == "higher"
    assert compare_groups(Share(3, 6), Share(250, 1000)) == "unclear"


@given(shares, shares)
def test_verdict_is_symmetric(first: Share, second: Share) -> None:
    opposite = {"higher": "lower", "lower": "higher", "alike": "alike", "unclear": "unclear"}
    assert compare_groups(second, first) == opposite[compare_groups(first, second)]


def test_tally_counts_directions() -> None:
    changes = [Change(0.5, 0.1, 0.1), Change(0.1, 0.5, 0.1), Change(0.5, 0.5, 0.1)]
    assert tally(changes) == Tally(1, 1, 1)
    assert tally([]).n_all == 0


def test_window_is_covered_from_nineteen_twentieths() -> None:
    assert is_covered(27, 28)
    assert not is_covered(26, 28)
    assert not is_covered(6, 7)


def test_month_is_compared_with_the_same_month_a_year_before() -> None:
    starts = [date(2025, 10, 1), date(2025, 11, 1), date(2026, 10, 1)]
    assert comparable_start(starts, date(2026, 11, 1), kind="month") == date(2025, 11, 1)


def test_without_that_month_the_earliest_complete_one_is_taken() -> None:
    starts = [date(2026, 3, 1), date(2026, 4, 1), date(2026, 11, 1)]
    assert comparable_start(starts, date(2026, 11, 1), kind="month") == date(2026, 3, 1)


def test_week_is_compared_with_the_week_52_weeks_before() -> None:
    latest = date(2026, 11, 16)
    starts = [latest - timedelta(weeks=n) for n in (60, 52, 1)]
    assert comparable_start(starts, latest, kind="week") == date(2025, 11, 17)


def test_overlapping_windows_are_no_reference() -> None:
    latest = date(2026, 11, 16)
    assert comparable_start([latest - timedelta(days=27)], latest, kind="day") is None
    assert comparable_start([latest - timedelta(days=28)], latest, kind="day") == date(2026, 10, 19)
    assert comparable_start([], latest, kind="day") is None
