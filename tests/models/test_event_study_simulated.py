"""Over simulated panels the estimate errs as seldom as it says; `benchmarks.effect` has more panels and the peers."""

import pytest

from models.metrics.lead_effect import HELD_OF_100
from tests.models.effect_rates import measure
from tests.models.simulated_panels import (
    CAMPAIGN_STARTS,
    CAMPAIGN_WORLD,
    EARLY_GROW,
    FEW,
    JOINERS_GROW,
    NULL,
    PLANTED,
    REVERSE,
    World,
)

PANELS = 200


@pytest.mark.parametrize(
    "world", [NULL, CAMPAIGN_WORLD, CAMPAIGN_STARTS, JOINERS_GROW, EARLY_GROW], ids=lambda world: world.name
)
def test_an_effect_is_found_where_there_is_none_in_1_to_8_per_cent(world: World) -> None:
    rates = measure(world, PANELS)
    print(f"{world.name}: found {rates.found:.3f}, flagged {rates.flagged:.3f}, refused {rates.refused:.3f}")
    assert 0.01 <= rates.found <= 0.08
    assert rates.flagged <= 0.06
    # as the page says it; 200 panels tell it to within 3 points
    assert HELD_OF_100[0] - 3 <= 100 * rates.covered <= HELD_OF_100[1] + 3


def test_five_points_are_found_in_at_least_90_per_cent() -> None:
    rates = measure(PLANTED, PANELS)
    sizes = [one.sample.n_treated for one in rates.estimates]
    print(f"{PLANTED.n_units} units, {PLANTED.n_weeks} weeks, {min(sizes)} to {max(sizes)} starts: {rates.found:.3f}")
    assert rates.found >= 0.90
    assert 0.93 <= rates.covered <= 0.97
    assert 0.93 <= rates.covered_before <= 0.97


def test_starts_after_an_upswing_are_flagged_in_at_least_85_per_cent() -> None:
    rates = measure(REVERSE, PANELS)
    print(f"{REVERSE.name}: flagged {rates.flagged:.3f}, found {rates.found:.3f}")
    assert rates.flagged >= 0.85


def test_twelve_units_are_always_refused_with_what_they_could_show() -> None:
    rates = measure(FEW, 20)
    assert rates.refused == 1
    assert rates.minimum_pp > FEW.effect_pp
