"""The change of a share among the same people, against published values and its own definition."""

import numpy as np
import pytest
from scipy.stats import norm

from models.statistics.paired import PairedChange, paired_change


def test_a_change_of_yes_and_no_equals_the_documented_example_of_statpsych() -> None:
    # statpsych 1.x, documentation of ci.prop.ps(.05, 12, 4, 26, 6): 0.2548067 to 0.6251933
    found = paired_change([0] * 18 + [-1] * 4 + [1] * 26)
    assert found.change == pytest.approx(22 / 48)
    assert (found.low, found.high) == pytest.approx((0.2548067, 0.6251933), abs=5e-8)


def test_shares_of_several_weeks_have_the_interval_of_their_mean_with_two_people_more() -> None:
    differences = np.random.default_rng(4).choice([-0.5, -0.25, 0, 0.25, 1], size=60)
    padded = np.append(differences, (1, -1))
    for level in (0.95, 0.975):
        low, high = norm.interval(level, padded.mean(), padded.std() / np.sqrt(62))
        found = paired_change(list(differences), level=level)
        assert (found.change, found.low, found.high) == pytest.approx((differences.mean(), low, high))
        assert found.error == pytest.approx(padded.std() / np.sqrt(62))


def test_an_interval_has_a_width_though_nobody_changes_and_ends_at_one() -> None:
    still, all_up = paired_change([0.0] * 200), paired_change([1.0] * 12)
    assert -0.02 < still.low < 0 == still.change < still.high < 0.02
    assert (all_up.change, all_up.high) == (1, 1)
    assert 0.4 < all_up.low < 1
    assert paired_change([-1.0] * 12) == PairedChange(-1, -1, pytest.approx(-all_up.low), all_up.error)
    with pytest.raises(ValueError, match="nobody"):
        paired_change([])


@pytest.mark.parametrize(("n", "up", "down"), [(200, 0.1, 0.1), (200, 0.02, 0.0), (1000, 0.15, 0.05)])
def test_the_interval_holds_the_truth_about_as_often_as_it_says(n: int, up: float, down: float) -> None:
    random = np.random.default_rng(11)
    draws = random.choice([1.0, -1.0, 0.0], p=[up, down, 1 - up - down], size=(600, n))
    held = [(one := paired_change(list(row))).low <= up - down <= one.high for row in draws]
    assert 0.93 <= np.mean(held) <= 0.985
