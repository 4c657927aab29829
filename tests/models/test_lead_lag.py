"""Who goes first: against statsmodels and loops, in worlds where it is known, and when it cannot be told."""

from collections import Counter
from functools import cache
from statistics import fmean

import numpy as np
import pytest
import statsmodels.api as sm

from models.statistics import lead_lag
from models.statistics.lead_lag import Precedence, precedence
from tests.models.simulated_pairs import (
    BOTH,
    FEW,
    LEADERS_FIRST,
    LONGER,
    NOTHING,
    STAFF_FIRST,
    TOGETHER,
    TOGETHER_LONGER,
    PairWorld,
    Shares,
    simulate,
)

SEED = 20_261_128


def pair(world: PairWorld = LEADERS_FIRST) -> tuple[Shares, Shares]:
    return simulate(world, np.random.default_rng(SEED))


def dummies(y: Shares, x: Shares, weeks: list[int]) -> tuple[float, float]:
    """Coefficient of the other side's last four weeks and its error, with a dummy for every unit and every week."""
    rows, target = [], []
    for unit in range(len(y)):
        for week in weeks:
            units = [float(unit == other) for other in range(len(y))]
            dates = [float(week == other) for other in weeks[1:]]
            rows.append([fmean(x[unit, week - 4 : week]), *y[unit, week - 4 : week], *units, *dates])
            target.append(y[unit, week])
    groups = {"groups": np.repeat(np.arange(len(y)), len(weeks)), "use_correction": False}
    fitted = sm.OLS(np.array(target), np.array(rows)).fit(method="qr", cov_type="cluster", cov_kwds=groups)
    return float(fitted.params[0]), float(fitted.bse[0])


def test_slopes_equal_statsmodels_with_dummies() -> None:
    leaders, staff = pair()
    leaders, staff = leaders[:10, :30], staff[:10, :30]
    found = precedence(leaders, staff, n_permutations=9)
    weeks = list(range(4, 30))
    for following, y, x in ((found.staff_follow, staff, leaders), (found.leaders_follow, leaders, staff)):
        (whole, error), (early, _), (late, _) = (dummies(y, x, part) for part in (weeks, weeks[:13], weeks[13:]))
        assert following is not None
        value = 2 * whole - (early + late) / 2
        assert following.value == pytest.approx(value)
        if following is found.leaders_follow:
            continue  # the same code, and dummies are slow
        t = [jackknifed(y, x[np.array(dealt)], weeks) for dealt in dealings(10, 9)]
        reach = error * float(np.quantile(np.abs(t), 0.95))
        assert (following.low, following.high) == pytest.approx((value - reach, value + reach))
        assert following.p == pytest.approx((1 + sum(abs(one) >= abs(value / error) for one in t)) / 10)


def jackknifed(y: Shares, x: Shares, weeks: list[int]) -> float:
    """The t value: the corrected coefficient over the error of the uncorrected one."""
    (whole, error), (early, _), (late, _) = (dummies(y, x, part) for part in (weeks, weeks[:13], weeks[13:]))
    return (2 * whole - (early + late) / 2) / error


def dealings(n_units: int, n: int) -> list[list[int]]:
    """The pairings that the model deals out: they follow from its seed."""
    dealt = np.tile(np.arange(n_units), (n, 1))
    return [list(row) for row in np.random.default_rng(lead_lag.SEED).permuted(dealt, axis=1)]


def test_lean_equals_its_definition() -> None:
    leaders, staff = (series[:12, :38] for series in pair())
    now = [centred(series, 0) for series in (leaders, staff)]
    total = 0.0
    for lag in (1, 2, 3, 4):
        before = [centred(series, lag) for series in (leaders, staff)]
        total += float((before[0] * now[1] - before[1] * now[0]).sum())
    expected = total / 4 / float(np.sqrt((now[0] ** 2).sum() * (now[1] ** 2).sum()))
    assert precedence(leaders, staff, n_permutations=19).lean == pytest.approx(expected)


def centred(series: Shares, lag: int) -> Shares:
    """Weeks 4 to 37, so many weeks earlier, less the means of units and weeks."""
    part = series[:, 4 - lag : 38 - lag]
    return part - part.mean(axis=1, keepdims=True) - part.mean(axis=0) + part.mean()


def test_swapping_the_sides_swaps_the_answer() -> None:
    leaders, staff = pair()
    found, swapped = precedence(leaders, staff), precedence(staff, leaders)
    assert (found.verdict, swapped.verdict) == ("leaders first", "staff first")
    assert found.staff_follow is not None
    assert swapped.leaders_follow is not None
    assert found.staff_follow.value == pytest.approx(swapped.leaders_follow.value)
    assert found.lean == pytest.approx(-(swapped.lean or 0))


def test_what_all_units_share_and_their_levels_do_not_matter() -> None:
    leaders, staff = pair()
    rng = np.random.default_rng(1)
    week, unit = rng.normal(size=leaders.shape[1]), rng.normal(size=(len(leaders), 1))
    found, moved = precedence(leaders, staff), precedence(leaders + week, staff + 3 * week + unit)
    assert found.staff_follow is not None
    assert moved.staff_follow is not None
    assert moved.staff_follow.value == pytest.approx(found.staff_follow.value)
    assert moved.lean == pytest.approx(found.lean)


def test_weeks_that_are_not_observed_are_in_no_lag() -> None:
    leaders, staff = pair()
    rng = np.random.default_rng(1)
    gap = staff.copy()
    gap[:, 20] = np.nan
    other = leaders.copy()
    other[:, 20] = rng.random(len(leaders))
    found, changed = precedence(leaders, gap), precedence(other, gap)
    assert found == changed
    assert found.n_weeks == 52 - 4 - 5


def test_a_unit_with_a_gap_of_its_own_is_left_out() -> None:
    leaders, staff = pair()
    staff[3, 20] = np.nan
    found = precedence(leaders, staff)
    assert (found.n_units, found.n_left_out) == (39, 1)
    rest = np.delete(leaders, 3, axis=0), np.delete(staff, 3, axis=0)
    assert found.staff_follow == precedence(*rest).staff_follow


def test_few_units_or_weeks_tell_nothing() -> None:
    assert precedence(*pair(FEW)) == Precedence("cannot tell", 8, 0, 48)
    leaders, staff = pair()
    assert precedence(leaders[:, :29], staff[:, :29]) == Precedence("cannot tell", 40, 0, 25)
    assert precedence(leaders[:, :3], staff[:, :3]) == Precedence("cannot tell", 40, 0, 0)


def test_series_that_never_move_give_no_verdict_of_following() -> None:
    still = np.full((12, 40), 0.5)
    assert precedence(still, still, n_permutations=99).verdict in ("neither", "cannot tell")


@cache
def verdicts(world: PairWorld, n: int) -> tuple[Counter[str], list[Precedence]]:
    rng = np.random.default_rng(SEED)
    results = [precedence(*simulate(world, rng), n_permutations=199, seed=number) for number in range(n)]
    counted = Counter(result.verdict for result in results)
    print(world.name, dict(counted))
    return counted, results


@pytest.mark.parametrize(
    ("world", "verdict"),
    [(LEADERS_FIRST, "leaders first"), (STAFF_FIRST, "staff first"), (BOTH, "both"), (NOTHING, "neither")],
    ids=lambda value: getattr(value, "name", value),
)
def test_each_verdict_is_reached_where_it_is_true(world: PairWorld, verdict: str) -> None:
    n = 200 if world is NOTHING else 100
    counted, _ = verdicts(world, n)
    assert counted[verdict] >= 0.8 * n


@pytest.mark.parametrize("world", [NOTHING, LONGER], ids=lambda world: world.name)
def test_following_is_found_by_chance_in_1_to_8_per_cent(world: PairWorld) -> None:
    counted, results = verdicts(world, 200)
    for side in ("staff_follow", "leaders_follow"):
        assert 0.01 <= np.mean([getattr(result, side).p <= 0.05 for result in results]) <= 0.08, side
    assert counted["leaders first"] + counted["staff first"] <= 0.05 * 200


@pytest.mark.parametrize("world", [TOGETHER, TOGETHER_LONGER], ids=lambda world: world.name)
def test_what_a_third_thing_moves_has_no_leader(world: PairWorld) -> None:
    counted, _ = verdicts(world, 100)
    assert counted["leaders first"] + counted["staff first"] <= 0.08 * 100
