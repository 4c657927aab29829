"""Kaplan-Meier against lifelines and statsmodels on random lives, and by hand; half-life against what was simulated."""

import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from lifelines.utils import median_survival_times
from statsmodels.duration.survfunc import SurvfuncRight

from models.statistics.cannot_tell import CannotTell
from models.statistics.half_life import half_life
from models.statistics.survival import Curve, Median, kaplan_meier, life_table


def lives(seed: int, n: int, *, ties: bool) -> tuple[list[float], list[bool]]:
    random = np.random.default_rng(seed)
    ends, leaves = random.exponential(10, n), random.exponential(12, n)
    found = np.minimum(ends, leaves)
    return (np.ceil(found) if ties else found).tolist(), (ends <= leaves).tolist()


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("n", [1, 7, 60])
@pytest.mark.parametrize("ties", [False, True])
def test_curve_interval_and_median_equal_lifelines(seed: int, n: int, ties: bool) -> None:
    durations, is_ended = lives(seed, n, ties=ties)
    curve = kaplan_meier(life_table(durations, is_ended))
    assert isinstance(curve, Curve)
    peer = KaplanMeierFitter(alpha=0.05).fit(durations, is_ended)
    expected = peer.survival_function_["KM_estimate"]
    bounds = peer.confidence_interval_
    for step in curve.steps:
        assert step.survival == pytest.approx(expected[step.time], abs=1e-12)
        if step.low is not None:
            assert [step.low, step.high] == pytest.approx(bounds.loc[step.time].tolist(), abs=1e-9)
        else:
            assert step.survival in (0, 1)
    median = curve.median()
    if isinstance(median, CannotTell):
        assert peer.median_survival_time_ == np.inf
    else:
        low, high = median_survival_times(bounds).iloc[0]
        # lifelines misses an exact half by the last digits of its product, and then tells a later time
        is_half = abs(expected[median.time] - 0.5) < 1e-9
        assert median.time == peer.median_survival_time_ or (is_half and median.time < peer.median_survival_time_)
        # where the last ends lifelines has no variance either, and carries the bounds of the time before on
        assert median.high in (high, None)
        assert median.low == low


@pytest.mark.parametrize("seed", range(8))
def test_late_entries_equal_statsmodels_and_lifelines(seed: int) -> None:
    random = np.random.default_rng(seed)
    entries = np.floor(random.uniform(0, 6, 80))
    entries[:30] = -1
    durations = entries + np.ceil(random.exponential(8, 80))
    is_ended = random.random(80) < 0.7
    curve = kaplan_meier(life_table(durations.tolist(), is_ended.tolist(), entries=entries.tolist()), n_lives=80)
    assert isinstance(curve, Curve)
    peer = SurvfuncRight(durations, is_ended.astype(int), entry=entries)
    ours = [(s.time, s.n_at_risk, s.n_events, s.survival) for s in curve.steps if s.n_events]
    wanted = zip(peer.surv_times, peer.n_risk, peer.n_events, peer.surv_prob, strict=True)
    assert np.array(ours) == pytest.approx(np.array(list(wanted)), abs=1e-12)
    other = KaplanMeierFitter().fit(durations, is_ended, entry=entries).survival_function_["KM_estimate"]
    assert [one[3] for one in ours] == pytest.approx([other[one[0]] for one in ours], abs=1e-12)


def test_a_curve_by_hand() -> None:
    # 1, 2, 2+, 3, 5+: at risk 5, 4, 2, 1; S = 4/5, 4/5 * 3/4 = 3/5, 3/5 * 1/2 = 3/10
    table = life_table([1, 2, 2, 3, 5], [True, True, False, True, False])
    assert table == [(1, 5, 1), (2, 4, 1), (3, 2, 1), (5, 1, 0)]
    curve = kaplan_meier(table)
    assert isinstance(curve, Curve)
    assert [step.survival for step in curve.steps] == pytest.approx([0.8, 0.6, 0.3, 0.3])
    # at 2: G = 1/(5*4) + 1/(4*3) = 2/15, ln S = -0.510826; exp(1.959964 * 0.365148 / 0.510826) = 4.0596
    assert (curve.steps[1].low, curve.steps[1].high) == pytest.approx((0.6**4.0596, 0.6 ** (1 / 4.0596)), abs=1e-4)
    # the upper bound at 3 is above one half: the interval has no end
    assert curve.median() == Median(3, 1, None)
    assert (curve.n_lives, curve.n_events, curve.observed_to) == (5, 3, 5)


def test_nothing_is_told_beyond_what_is_observed() -> None:
    curve = kaplan_meier([(4, 3, 0), (9, 2, 0)])
    assert isinstance(curve, Curve)
    assert curve.median() == CannotTell("more than half last longer than the observed 9")
    assert curve.at(10) == CannotTell("nobody is observed longer than 9")
    assert [curve.at(t).survival for t in (0, 9)] == [1, 1]
    assert isinstance(kaplan_meier([]), CannotTell)
    ended = kaplan_meier([(2, 1, 1)])
    assert isinstance(ended, Curve)
    assert (ended.at(100).survival, ended.at(1).survival, ended.median()) == (0, 1, Median(2, 2, None))


def test_exactly_half_is_the_median() -> None:
    # 1 - 1/3 times 1 - 1/4 ... the product 2/3 * 3/4 is one half but for its last digit
    curve = kaplan_meier([(1, 6, 2), (2, 4, 1), (3, 3, 0)])
    assert isinstance(curve, Curve)
    median = curve.median()
    assert isinstance(median, Median)
    assert median.time == 2


def test_a_start_that_is_too_thin_refuses() -> None:
    table = life_table([2, 9, 9], [True, True, False], entries=[0, 5, 5])
    assert table == [(2, 1, 1), (9, 2, 1)]
    assert isinstance(kaplan_meier(table), CannotTell)


@pytest.mark.parametrize("table", [[(2, 3, 0), (2, 3, 1)], [(1, 3, 4)], [(1, 3, -1)]])
def test_impossible_counts_are_an_error(table: list[tuple[float, int, int]]) -> None:
    with pytest.raises(ValueError, match=r"rise|only those"):
        kaplan_meier(table)
    with pytest.raises(ValueError, match="followed from before"):
        life_table([3], [True], entries=[3])


def test_half_life_holds_the_simulated_one() -> None:
    random, held = np.random.default_rng(4), 0
    ages, seen = list(range(1, 27)), [100 - 2 * age for age in range(1, 27)]
    for _ in range(200):
        mean = np.array(seen) * 3 * 0.5 ** (np.array(ages) / 9)
        found = half_life(ages, random.poisson(mean).tolist(), seen)
        assert not isinstance(found, CannotTell)
        held += found.low <= 9 <= (found.high or np.inf)
    assert 0.92 <= held / 200 <= 0.98


def test_half_life_refuses_where_nothing_fades_or_too_little_is_seen() -> None:
    ages = list(range(10))
    assert half_life(ages, [10 + age for age in ages], [1] * 10) == CannotTell("the rate does not fall with age")
    assert half_life(ages, [7 * n for n in range(1, 11)], range(1, 11)) == CannotTell("the rate does not fall with age")
    assert half_life(ages, [1] * 10, [1] * 10) == CannotTell("too few events", 10, 30)
    assert half_life(ages, [9] * 10, [1] * 7 + [0] * 3) == CannotTell("too few ages are observed", 7, 8)
    # noise around a slow decline: there may be no end
    slow = half_life(ages, [30, 10, 28, 9, 27, 12, 24, 8, 26, 9], [1] * 10)
    assert not isinstance(slow, CannotTell)
    assert slow.high is None
    assert slow.dispersion > 1
