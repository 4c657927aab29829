"""The effect estimate by hand, against a slow one from its definition, and when it says that it cannot tell."""

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest

from models.statistics.event_study import Estimate, Finding, Flagged, Refusal, study
from models.statistics.panel import Panel, Sample, sample_of
from models.statistics.permutation import accepted_bounds, joint_p_value, p_value
from models.statistics.power import minimum_detectable, starts_needed
from models.statistics.reshuffled import Reshuffled, reshuffle
from models.statistics.stacked import effects, stacked_curves, windows
from models.statistics.starts import NEVER, UNKNOWN, find_start
from tests.models.simulated_panels import PLANTED, REVERSE, another_platform, simulate
from tests.oracle import event_study as oracle

SEED = 20_261_128


def series(text: str) -> list[bool | None]:
    """A dot is a silent week, an x an active one, a question mark one that is not observed."""
    return [{".": False, "x": True, "?": None}[letter] for letter in text]


@pytest.mark.parametrize(
    ("weeks", "start"),
    [
        ("........xxx.", 8),
        ("........x.xx", 8),
        ("........xxxx....", 8),
        ("........x..x........xxxx", 20),  # the first activity is not sustained
        ("x...........xx.x", 12),
        ("........xx..xxxx", UNKNOWN),  # sustained from week 12 on, but active 4 weeks before
        (".......xxxx", UNKNOWN),  # only 7 weeks seen before
        ("xxxx........xxxx", UNKNOWN),  # the second time is no beginning
        ("..?.....xxxx", UNKNOWN),
        ("........xxx?", UNKNOWN),
        ("........xxx", UNKNOWN),  # the fourth week is not there yet
        ("..?.........xxxx", 12),
        ("........x?x.", NEVER),
        ("........xx..", NEVER),
        ("........x...x...x", NEVER),
        ("", NEVER),
    ],
)
def test_a_start_is_three_of_four_weeks_after_eight_silent_ones(weeks: str, start: int) -> None:
    assert find_start(series(weeks)) == start


def panel(shares: list[list[float]], starts: list[int]) -> Panel:
    """Units of 1000 people."""
    k = np.round(np.array(shares) * 1000).astype(int)
    return Panel(k, np.full_like(k, 1000), np.ones(k.shape[1], dtype=bool), np.array(starts))


def reshuffled(given: Panel, n_permutations: int = 19) -> Reshuffled:
    found = reshuffle(given, n_permutations, np.random.default_rng(SEED))
    assert found is not None
    return found


def test_effect_by_hand_is_the_rise_beyond_the_later_starters() -> None:
    # week 8: the unit goes from 20 % to 30 %; those who start later from 10 % to 12, 14 and 16 %, in the mean by 4
    flat = [[0.1] * 8 + [level] * 16 for level in (0.12, 0.14, 0.16)]
    given = panel([[0.2] * 8 + [0.3] * 16, *flat, [0.0] * 8 + [0.9] * 16], [8, 16, 17, 18, NEVER])
    found = reshuffled(given)
    assert found.value == pytest.approx(0.06)
    assert found.curve.tolist() == pytest.approx([0.0] * 8 + [0.06] * 8)
    left_out = (("never started", 1), ("too few later starts", 1), ("too few weeks after", 2))
    assert sample_of(given) == Sample(5, 1, 3, 4, left_out)


def test_growth_by_hand_is_no_effect() -> None:
    # the unit grows by a point a week all along and its start changes nothing: plainly 8 points, rightly none
    growing = [0.1 + 0.01 * week for week in range(24)]
    found = reshuffled(panel([growing, *[[0.3] * 24] * 3], [8, 16, 16, 16]))
    assert found.plain == pytest.approx(0.08)
    assert found.value == pytest.approx(0, abs=1e-12)


def test_two_starts_weigh_the_same_whatever_the_number_of_their_controls() -> None:
    # week 8: +10 against five that start later; week 12: +2 against four (the starter of week 16 is too near)
    given = panel(
        [[0.1] * 8 + [0.2] * 22, [0.1] * 12 + [0.12] * 18, [0.1] * 30, *[[0.1] * 30] * 4], [8, 12, 16, 20, 20, 21, 22]
    )
    assert reshuffled(given).value == pytest.approx(0.06)
    assert sample_of(given).n_controls == 5


@pytest.mark.parametrize("seed", range(12))
def test_estimate_equals_the_slow_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    units, weeks = 14, 34
    n = np.where(rng.random((units, weeks)) < 0.01, 4, rng.integers(5, 60, (units, weeks)))
    observed = rng.random((units, weeks)) > 0.01 if seed % 2 else np.arange(weeks) != 31
    starts = rng.choice([NEVER, UNKNOWN, 3, 8, 9, 9, 12, 17, 18, 20, 25, 26, 27, 33], units)
    given = Panel(rng.binomial(n, 0.3), n, observed, starts)
    seen = np.broadcast_to(observed, n.shape)
    shares = [
        [int(given.k[u, w]) / int(n[u, w]) if seen[u, w] and n[u, w] >= 5 else None for w in range(weeks)]
        for u in range(units)
    ]
    expected, sample = oracle.curve(shares, starts.tolist()), sample_of(given)
    found = reshuffle(given, 9, rng)
    if expected is None:
        assert found is None
        assert sample.n_treated == 0
        return
    assert found is not None
    adjusted, plain, treated, controls = expected
    assert found.curve.tolist() == pytest.approx(adjusted, abs=1e-12)
    assert found.plain == pytest.approx(float(np.mean(plain[8:])), abs=1e-12)
    assert (sample.n_treated, sample.n_controls) == (len(treated), len(controls))
    assert found.n_starts == sample.n_treated
    assert sample.n_used == len(treated | controls)
    assert sample.n_treated + sum(number for _, number in sample.left_out) == units


def test_every_reshuffled_estimate_is_that_of_the_panel_with_those_starts() -> None:
    given = simulate(replace(PLANTED, n_units=20), np.random.default_rng(SEED))
    ever = given.start >= 0
    cut = windows(given.shares[ever], given.start[ever])
    starts = np.random.default_rng(1).permuted(np.tile(given.start[ever], (5, 1)), axis=1)
    drawn = stacked_curves(cut, starts, np.ones((1, int(ever.sum()))))
    for row, curves in zip(starts, drawn, strict=True):
        expected = oracle.curve(given.shares[ever].tolist(), row.tolist())
        assert expected is not None
        assert curves[0].tolist() == pytest.approx(expected[0], abs=1e-12)


def test_a_unit_drawn_twice_counts_as_two() -> None:
    given = simulate(replace(PLANTED, n_units=20), np.random.default_rng(SEED))
    ever = np.flatnonzero(given.start >= 0)
    twice = np.append(ever, ever[:3])
    weights = np.ones((1, len(ever)))
    weights[0, :3] = 2
    one = stacked_curves(windows(given.shares[ever], given.start[ever]), given.start[ever][None], weights)
    expected = oracle.curve(given.shares[twice].tolist(), given.start[twice].tolist())
    assert expected is not None
    assert one[0, 0].tolist() == pytest.approx(expected[0], abs=1e-12)


def test_p_value_by_hand() -> None:
    # of 4 draws two are as far as 2 (ties count), and the estimate itself is one more of five
    assert p_value(2.0, np.array([1.0, -2.0, 3.0, 0.0])) == pytest.approx(3 / 5)
    assert joint_p_value(np.array([2.0]), np.array([[1.0], [-2.0], [3.0], [0.0]])) == pytest.approx(3 / 5)


def test_interval_holds_exactly_the_effects_that_are_not_rejected() -> None:
    given = simulate(replace(PLANTED, n_units=40), np.random.default_rng(SEED))
    found = reshuffled(given, 199)
    low, high = accepted_bounds(found.value, effects(found.drawn[:, 0]), effects(found.drawn[:, 1]))
    exposure = np.arange(given.n_weeks) >= given.start[:, None]
    ever = given.start >= 0
    for effect, is_inside in ((low - 1e-6, False), (low + 1e-6, True), (high - 1e-6, True), (high + 1e-6, False)):
        cut = windows((given.shares - effect * exposure)[ever], given.start[ever])
        starts = np.random.default_rng(SEED).permuted(np.tile(found.starts, (199, 1)), axis=1)
        once = np.ones((1, len(found.starts)))
        value = float(effects(stacked_curves(cut, found.starts[None], once)[0, 0]))
        assert (p_value(value, effects(stacked_curves(cut, starts, once)[:, 0])) > 0.05) is is_inside


def test_smallest_detectable_effect_is_2_8_standard_errors_of_normal_draws() -> None:
    draws = np.array([NormalDist(0, 3).inv_cdf((number + 0.5) / 20_000) for number in range(20_000)])
    assert minimum_detectable(draws, np.zeros(20_000)) == pytest.approx(3 * 2.8016, rel=0.001)
    # an exposure of half the effect in every draw moves what it is compared with by half of it
    assert minimum_detectable(draws, np.full(20_000, 0.5)) > 1.5 * 3 * 2.8016
    assert starts_needed(6.0, 12, wanted_pp=3.0) == 48


def test_too_few_starts_are_refused_with_what_it_would_need() -> None:
    given = simulate(replace(PLANTED, n_units=12), np.random.default_rng(SEED))
    found = study(given, n_permutations=199)
    assert isinstance(found, Refusal)
    assert found.reason == "too few starts"
    assert 0 < found.sample.n_treated == found.n_found < found.n_needed_later_starts == found.n_needed == 10
    assert found.minimum_pp is not None
    assert found.minimum_pp > 5


def test_refusal_names_the_one_thing_without_which_there_was_an_estimate() -> None:
    given = simulate(PLANTED, np.random.default_rng(SEED))
    unseen = np.ones(given.n_weeks, dtype=bool)
    unseen[[15, 30]] = False
    small = np.where(given.n < 150, 4, given.n)
    late = np.where(given.start >= 0, np.where(given.start < 20, given.start, 20), NEVER)
    cases = {
        "not observed": replace(given, observed=unseen),
        "fewer than 5 eligible": replace(given, n=small, k=np.minimum(given.k, small)),
        "too few later starts": replace(given, start=late),
    }
    for reason, hindered in cases.items():
        found = study(hindered, n_permutations=199)
        assert isinstance(found, Refusal), reason
        assert found.reason == reason
    nobody = study(replace(given, start=np.full(given.n_units, NEVER)))
    assert isinstance(nobody, Refusal)
    assert nobody.minimum_pp is None
    short = study(Panel(given.k[:, :12], given.n[:, :12], given.observed[:12], given.start))
    assert isinstance(short, Refusal)
    assert short.minimum_pp is None


def test_a_panel_in_which_nobody_ever_contributes_is_no_precise_zero() -> None:
    given = simulate(PLANTED, np.random.default_rng(SEED))
    found = study(replace(given, k=np.zeros_like(given.k)), n_permutations=199)
    assert isinstance(found, Refusal)
    assert (found.reason, found.minimum_pp) == ("nothing varies", None)


def test_a_single_start_has_nothing_to_be_reshuffled_with() -> None:
    given = simulate(replace(PLANTED, n_units=4), np.random.default_rng(SEED))
    found = study(replace(given, start=np.array([20, 30, 30, 51])), n_permutations=199)
    assert isinstance(found, Refusal)
    assert found.sample.n_treated == 1


def test_units_that_rose_before_their_start_get_no_estimate() -> None:
    found = study(simulate(REVERSE, np.random.default_rng(SEED)), n_permutations=499)
    assert isinstance(found, Flagged)
    assert found.reverse.value_pp > 0
    assert [point.week for point in found.curve_before] == list(range(-8, 0))


def test_estimate_follows_from_the_panel_alone() -> None:
    given = simulate(PLANTED, np.random.default_rng(SEED))
    first, again = study(given), study(given)
    assert isinstance(first, Estimate)
    assert first == again
    assert first.effect.low_pp < 5 < first.effect.high_pp
    assert [point.week for point in first.curve] == list(range(-8, 8))
    order = np.random.default_rng(1).permutation(given.n_units)
    moved = study(Panel(given.k[order], given.n[order], given.observed, given.start[order]))
    assert isinstance(moved, Estimate)
    assert moved.effect.value_pp == pytest.approx(first.effect.value_pp)


def test_fake_dates_are_the_estimate_8_weeks_earlier() -> None:
    given = simulate(PLANTED, np.random.default_rng(SEED))
    found = study(given)
    expected = oracle.fake_curve(given.shares.tolist(), given.start.tolist())
    assert isinstance(found, Estimate)
    assert found.fake_dates is not None
    assert expected is not None
    assert found.fake_dates.value_pp == pytest.approx(100 * float(np.mean(expected[0][8:])))


def test_shuffled_starts_leave_nothing() -> None:
    given = simulate(PLANTED, np.random.default_rng(SEED))
    shuffled = study(replace(given, start=np.random.default_rng(1).permutation(given.start)))
    assert isinstance(shuffled, Estimate)
    assert shuffled.effect.low_pp < 0 < shuffled.effect.high_pp
    assert shuffled.wording == "nothing shown"


def test_causal_words_need_every_placebo() -> None:
    rng = np.random.default_rng(SEED)
    given = simulate(PLANTED, rng)
    alone = study(given)
    assert isinstance(alone, Estimate)
    assert alone.wording == "associated"
    beside = study(given, other=another_platform(PLANTED, rng, given.start))
    assert isinstance(beside, Estimate)
    quiet, moved = Finding(0.0, -1.0, 1.0, 0.9), Finding(3.0, 2.0, 4.0, 0.001)
    blind = Finding(0.0, -9.0, 9.0, 0.9)
    sound = replace(beside, before_p=0.4, reverse=quiet, fake_dates=quiet, other_outcome=quiet)
    assert sound.wording == "caused"
    assert replace(sound, effect=blind).wording == "nothing shown"
    for broken in (
        {"reverse": moved},
        {"fake_dates": moved},
        {"fake_dates": None},
        {"fake_dates": blind},  # could not have seen an effect of this size
        {"other_outcome": moved},
        {"before_p": 0.03},
    ):
        assert replace(sound, **broken).wording == "associated", broken
