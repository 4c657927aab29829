"""Worlds in which the truth is known: panels of units by weeks with planted effects, campaigns, growth and reversals.

Shares are a logit of the unit's level, an S-shaped adoption common to all, week effects, the unit's own noise that
lasts (autocorrelation 0.5), and growth; the effect is added to the share, in percentage points.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.statistics.panel import Panel
from models.statistics.starts import NEVER

CAMPAIGN = slice(30, 33)
FIRST_START, LAST_START = 12, 42
GROWTH = 0.012
"""Logits a week, about 0.2 percentage points a week at a share of 20 %."""


@dataclass(frozen=True, slots=True)
class World:
    """How panels come about. Growth beyond the common one: of all who ever start, or the more the earlier they do."""

    name: str
    effect_pp: float = 0.0
    has_adoption: bool = True
    has_campaign: bool = True
    starts: Literal["any week", "in the campaign", "after own upswing"] = "any week"
    growth: Literal["alike", "who ever start", "the earlier", "early half"] = "alike"
    is_ramp: bool = False
    """The effect grows over 8 weeks to twice its mean, instead of being there at once."""
    n_units: int = 60
    n_weeks: int = 52
    people: tuple[int, int] = (20, 200)


NULL = World("nothing happens", has_adoption=False, has_campaign=False)
CAMPAIGN_WORLD = World("adoption and a campaign")
CAMPAIGN_STARTS = World("starts in the campaign", starts="in the campaign")
JOINERS_GROW = World("who ever start grow faster", growth="who ever start")
EARLY_GROW = World("the earlier, the faster growing", growth="the earlier")
EARLY_HALF_GROWS = World("the earlier half grows faster", growth="early half")
REVERSE = World("starts after the unit's own upswing", starts="after own upswing")
PLANTED = World("5 points planted", effect_pp=5.0)
PLANTED_EARLY = World("5 points, the earlier grow faster", effect_pp=5.0, growth="the earlier")
RAMP = World("5 points over 8 weeks", effect_pp=5.0, is_ramp=True)
FEW = replace(PLANTED, name="12 units only", n_units=12)


def simulate(world: World, rng: np.random.Generator) -> Panel:
    """One panel of a world."""
    units, weeks = world.n_units, world.n_weeks
    week = np.arange(weeks)
    common = 1.2 / (1 + np.exp(-(week - 22) / 5)) if world.has_adoption else np.zeros(weeks)
    common = common + rng.normal(0, 0.12, weeks)
    if world.has_campaign:
        common[CAMPAIGN] += 0.6
    own = _lasting_noise(rng, units, weeks)
    start = _starts(world, rng, own)
    logit = rng.normal(-1.6, 0.5, units)[:, None] + common + own + _growth(world, start)[:, None] * week
    since = week - start[:, None]
    is_started = (since >= 0) & (start >= 0)[:, None]
    gain = np.minimum(since + 1, 8) / 4.5 if world.is_ramp else np.ones((units, weeks))
    share = np.clip(1 / (1 + np.exp(-logit)) + world.effect_pp / 100 * gain * is_started, 0, 1)
    n = np.repeat(rng.integers(*world.people, units)[:, None], weeks, axis=1)
    return Panel(rng.binomial(n, share), n, np.ones(weeks, dtype=bool), start)


def another_platform(world: World, rng: np.random.Generator, start: NDArray[np.int64]) -> Panel:
    """A panel of the same units in which nothing happens when their executives start."""
    return replace(simulate(replace(world, effect_pp=0.0, starts="any week", growth="alike"), rng), start=start)


def _lasting_noise(rng: np.random.Generator, units: int, weeks: int) -> NDArray[np.float64]:
    shocks = rng.normal(0, 0.15, (units, weeks))
    noise = np.zeros((units, weeks))
    for week in range(1, weeks):
        noise[:, week] = 0.5 * noise[:, week - 1] + shocks[:, week]
    return noise


def _starts(world: World, rng: np.random.Generator, own: NDArray[np.float64]) -> NDArray[np.int64]:
    """Four units of five start once; where they do so after their own upswing, in the week after its peak."""
    starts = rng.integers(FIRST_START, LAST_START, world.n_units)
    if world.starts == "in the campaign":
        starts = np.where(rng.random(world.n_units) < 0.6, CAMPAIGN.start, starts)
    elif world.starts == "after own upswing":
        starts = FIRST_START + np.argmax(own[:, FIRST_START:LAST_START], axis=1) + 1
    return np.where(rng.random(world.n_units) < 0.8, starts, NEVER)


def _growth(world: World, start: NDArray[np.int64]) -> NDArray[np.float64]:
    if world.growth == "alike":
        return np.zeros(world.n_units)
    middle = (FIRST_START + LAST_START) / 2
    share = {
        "who ever start": np.ones(world.n_units),
        "the earlier": (LAST_START - start) / (LAST_START - FIRST_START),
        "early half": (start < middle).astype(float),
    }[world.growth]
    return np.where(start >= 0, GROWTH * share, 0.0)
