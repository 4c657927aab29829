"""How often the effect estimate is right over many panels of one world."""

from dataclasses import dataclass

import numpy as np

from models.statistics.event_study import Estimate, Flagged, Refusal, Result, study
from tests.models.simulated_panels import World, simulate

SEED = 20_261_128
"""Chosen once; every world starts from it."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Results of the panels of one world."""

    world: World
    results: tuple[Result, ...]

    @property
    def estimates(self) -> list[Estimate]:
        return [result for result in self.results if isinstance(result, Estimate)]

    @property
    def flagged(self) -> float:
        """Share of the panels whose estimate is blanked."""
        return sum(isinstance(result, Flagged) for result in self.results) / len(self.results)

    @property
    def refused(self) -> float:
        return sum(isinstance(result, Refusal) for result in self.results) / len(self.results)

    @property
    def found(self) -> float:
        """Share of all panels that are estimated and say that there is an effect."""
        return sum(one.effect.is_different for one in self.estimates) / len(self.results)

    @property
    def covered(self) -> float:
        """Share of the estimates whose interval holds the truth."""
        truth = self.world.effect_pp
        return float(np.mean([one.effect.low_pp <= truth <= one.effect.high_pp for one in self.estimates]))

    @property
    def covered_by_bootstrap(self) -> float:
        truth = self.world.effect_pp
        return float(np.mean([one.bootstrap_low_pp <= truth <= one.bootstrap_high_pp for one in self.estimates]))

    @property
    def covered_before(self) -> float:
        """Share of the points of the curve before the start whose interval holds 0."""
        before = [point for one in self.estimates for point in one.curve if point.week < 0]
        return float(np.mean([point.low_pp <= 0 <= point.high_pp for point in before]))

    @property
    def minimum_pp(self) -> float:
        """Median smallest detectable effect."""
        known = [result.minimum_pp for result in self.results if result.minimum_pp is not None]
        return float(np.median(known))


def measure(world: World, n_panels: int, *, n_permutations: int = 199, n_draws: int = 1) -> Rates:
    """Study many panels; 199 permutations give p in steps of half a per cent."""
    rng = np.random.default_rng(SEED)
    panels = (simulate(world, rng) for _ in range(n_panels))
    results = [
        study(panel, n_permutations=n_permutations, n_draws=n_draws, seed=number)
        for number, panel in enumerate(panels)
    ]
    return Rates(world, tuple(results))
