"""Worlds of leaders' and staff's weekly shares in which it is known who goes first."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PairWorld:
    """Latent shares with own persistence; one may follow the other's last week; `common` moves both at once."""

    name: str
    staff_follow: float = 0.0
    leaders_follow: float = 0.0
    common: float = 0.0
    leaders_last: float = 0.5
    staff_last: float = 0.5
    has_campaign: bool = True
    n_units: int = 40
    n_weeks: int = 52
    n_leaders: tuple[int, int] = (5, 16)
    n_staff: tuple[int, int] = (40, 200)


NOTHING = PairWorld("nothing")
LEADERS_FIRST = PairWorld("staff follow", staff_follow=0.3)
STAFF_FIRST = PairWorld("leaders follow", leaders_follow=0.8)
BOTH = PairWorld("each follows the other", staff_follow=0.3, leaders_follow=0.8)
TOGETHER = PairWorld("a third thing moves both", common=0.06)
LONGER = PairWorld("the leaders' habits last longer", leaders_last=0.8, staff_last=0.2)
TOGETHER_LONGER = PairWorld("moved together, leaders' last longer", common=0.06, leaders_last=0.8, staff_last=0.2)
FEW = PairWorld("8 units only", staff_follow=0.3, n_units=8)


def simulate(world: PairWorld, rng: np.random.Generator) -> tuple[Shares, Shares]:
    """Leaders' and staff's shares, units by weeks."""
    units, weeks, warm = world.n_units, world.n_weeks, 20
    leaders, staff = np.zeros((units, weeks + warm)), np.zeros((units, weeks + warm))
    both = np.zeros((units, weeks + warm))
    for week in range(1, weeks + warm):
        both[:, week] = 0.7 * both[:, week - 1] + rng.normal(0, world.common, units)
        leaders[:, week] = (
            world.leaders_last * leaders[:, week - 1]
            + world.leaders_follow * staff[:, week - 1]
            + rng.normal(0, 0.08, units)
        )
        staff[:, week] = (
            world.staff_last * staff[:, week - 1]
            + world.staff_follow * leaders[:, week - 1]
            + rng.normal(0, 0.03, units)
        )
    leaders, staff = (leaders + both)[:, warm:], (staff + both)[:, warm:]
    common = rng.normal(0, 0.02, weeks) + 0.1 / (1 + np.exp(-(np.arange(weeks) - 22) / 5))
    if world.has_campaign:
        common[30:33] += 0.08
    level = rng.normal(0, 0.05, units)[:, None]
    return (
        _observed(rng, 0.45 + common + level + leaders, world.n_leaders),
        _observed(rng, 0.25 + common + level + staff, world.n_staff),
    )


def _observed(rng: np.random.Generator, share: Shares, people: tuple[int, int]) -> Shares:
    n = rng.integers(*people, len(share))[:, None]
    return rng.binomial(n, np.clip(share, 0, 1)) / n
