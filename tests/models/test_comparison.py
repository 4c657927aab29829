"""Judgements between figures: each rule, at its borders."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import example, given
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


def in_fives(n_part: int, n_whole: int) -> Share:
    """The share as the release tells it of a group: written down apart from the code that does."""
    return Share(*(5 * ((number + 2) // 5) for number in (n_part, n_whole)), is_coarse=True)


def of_groups() -> st.SearchStrategy[tuple[int, int]]:
    """People who do something, and people, of which three or more do and three or more do not."""
    return st.integers(6, 5000).flatmap(lambda n: st.tuples(st.integers(3, n - 3), st.just(n)))


@given(of_groups(), of_groups())
@example((3, 12), (8, 12))
@example((9, 12), (7, 12))
def test_what_differs_in_fives_differs_truly(now: tuple[int, int], then: tuple[int, int]) -> None:
    """Whatever the true counts are, rounding never makes a change or a difference that they do not hold."""
    told = in_fives(*now), in_fives(*then)
    true = Share(*now), Share(*then)
    direction = change_of_share(*told).direction
    assert direction in ("same", change_of_share(*true).direction)
    verdict = compare_groups(*told)
    assert verdict in ("alike", "unclear", compare_groups(*true))


@pytest.mark.parametrize("n", [10, 25, 60, 150, 400])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.7])
def test_equal_groups_are_told_apart_in_fives_no_more_often_than_exactly(n: int, share: float) -> None:
    source = random.Random(f"{n} {share}")
    n_exact = n_told = 0
    for _ in range(2000):
        pair = []
        for size in (n, n + source.randint(-3, 3)):
            pair.append((min(size - 3, max(3, sum(source.random() < share for _ in range(size)))), size))
        n_exact += change_of_share(*(Share(*one) for one in pair)).direction != "same"
        n_told += change_of_share(*(in_fives(*one) for one in pair)).direction != "same"
    assert n_told <= n_exact <= 0.08 * 2000


def test_large_change_of_a_group_is_found_in_fives() -> None:
    assert change_of_share(in_fives(131, 219), in_fives(70, 221)).direction == "up"
    assert change_of_share(in_fives(70, 221), in_fives(131, 219)).direction == "down"
    assert compare_groups(in_fives(34, 41), in_fives(300, 1000)) == "higher"


def test_groups_that_only_rounding_may_hold_together_are_not_alike() -> None:
    # 20 of 290 and 20 of 825: apart if they were exact, but 18 of 292 and 22 of 823 are told the same
    assert compare_groups(Share(20, 290), Share(20, 825)) == "higher"
    assert compare_groups(Share(20, 290, is_coarse=True), Share(20, 825, is_coarse=True)) == "unclear"
    assert compare_groups(Share(20, 825, is_coarse=True), Share(20, 290, is_coarse=True)) == "unclear"
    assert compare_groups(Share(100, 290, is_coarse=True), Share(300, 825, is_coarse=True)) == "alike"


def test_rounding_alone_is_no_change() -> None:
    # 12 and 13 of 40 are told as 10 and 15: without slack a large group would seem to move
    assert change_of_share(in_fives(13, 40), in_fives(12, 40)).direction == "same"
    exact = change_of_share(Share(500_015, 1_000_000), Share(480_000, 1_000_000))
    told = change_of_share(Share(500_015, 1_000_000, is_coarse=True), Share(480_000, 1_000_000, is_coarse=True))
    assert told.margin > exact.margin


def test_margin_of_groups_is_the_largest_that_their_true_counts_may_have() -> None:
    # 10 of 20 twice: the pooled share may be a half, the sizes 18, and each share from 8 of 22 to 12 of 18
    change = change_of_share(Share(10, 20, is_coarse=True), Share(10, 20, is_coarse=True))
    assert change.margin == pytest.approx(1.959964 * (0.25 * 2 / 18) ** 0.5 + 2 * (12 / 18 - 0.5), abs=1e-6)


def test_share_of_a_group_reads_as_the_release_tells_it() -> None:
    assert Share(25, 40, is_coarse=True).ratio == 0.6
    assert Share(120, 220, is_coarse=True).ratio == 0.55
    assert Share(25, 40).ratio == 0.625
    low, high = Share(25, 40, is_coarse=True).bounds
    assert (low, high) == pytest.approx((0.39949, 0.82997), abs=1e-5)  # of 23 in 42, and of 27 in 38
    assert low < Share(25, 40).bounds[0]
    assert Share(10, 10, is_coarse=True).possible == pytest.approx((8 / 12, 1.0))


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
