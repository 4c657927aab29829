"""Worlds of single executives and their own people by week in which it is known who goes first."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from models.statistics.lead_lag import precedence

SEED = 20_261_128


@dataclass(frozen=True, slots=True)
class LeaderWorld:
    """Each executive takes part in a week or does not; some begin at a date. Each side may follow the other's past.

    `people_follow` and `leaders_follow` are what a share gains from the other side's mean of the last 2 weeks, less
    what is usual there; `common` is the spread of what moves both at once; `step` what people gain in the very week in
    which their executive begins, and keep.
    """

    name: str
    people_follow: float = 0.0
    leaders_follow: float = 0.0
    common: float = 0.0
    step: float = 0.0
    begins: bool = False
    n_leaders: int = 30
    n_weeks: int = 60
    n_people: tuple[int, int] = (8, 60)


NOTHING = LeaderWorld("nothing")
BEGINNERS = LeaderWorld("executives begin, and nobody minds", begins=True)
PEOPLE_FOLLOW = LeaderWorld("people follow", people_follow=0.2)
LEADERS_FOLLOW = LeaderWorld("leaders follow", leaders_follow=2.0)
TOGETHER = LeaderWorld("a third thing moves both", common=0.08)
AT_ONCE = LeaderWorld("people rise in the week in which their executive begins", begins=True, step=0.08)
FEW = LeaderWorld("8 executives", people_follow=0.2, n_leaders=8)


def simulate_leaders(
    world: LeaderWorld, rng: np.random.Generator
) -> tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]]:
    """Executives by weeks: whether each takes part, how many of the own people do, and how many there are."""
    shape = world.n_leaders, world.n_weeks
    n = np.repeat(rng.integers(*world.n_people, world.n_leaders)[:, None], world.n_weeks, axis=1)
    active, k = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=np.int64)
    begin = rng.integers(8, world.n_weeks - 8, world.n_leaders) if world.begins else np.zeros(world.n_leaders)
    level = rng.normal(0, 0.05, world.n_leaders)
    season = 0.05 * np.sin(np.arange(world.n_weeks) / 8)
    mood, third = np.zeros(world.n_leaders), np.zeros(world.n_leaders)
    for week in range(world.n_weeks):
        mood = 0.5 * mood + rng.normal(0, 0.03, world.n_leaders)
        third = 0.7 * third + rng.normal(0, world.common, world.n_leaders)
        past = slice(max(0, week - 2), week)
        led = active[:, past].mean(axis=1) - 0.4 if week else 0.0
        seen = (k[:, past] / n[:, past]).mean(axis=1) - 0.3 - level if week else 0.0
        started = week >= begin
        share = 0.3 + level + season[week] + mood + third + world.people_follow * led + world.step * started
        chance = np.where(started, 0.4 + season[week] + 2 * third + world.leaders_follow * seen, 0.02)
        k[:, week] = rng.binomial(n[:, week], np.clip(share, 0.01, 0.99))
        active[:, week] = rng.random(world.n_leaders) < np.clip(chance, 0, 1)
    return active, k, n


def lead_rows(world: LeaderWorld, rng: np.random.Generator, monday: date) -> list[dict[str, object]]:
    """The same as rows of `prep_lead_week` of all platforms together."""
    active, k, n = simulate_leaders(world, rng)
    return [
        {
            "period_start": monday + timedelta(weeks=week), "platform": "all", "leader_person_id": f"leader-{unit:02}",
            "is_observed": True, "n_eligible": int(n[unit, week]), "n_contributors": int(k[unit, week]),
            "n_elsewhere": None, "is_leader_active": bool(active[unit, week]),
        }
        for unit in range(world.n_leaders) for week in range(world.n_weeks)
    ]  # fmt: skip


def rates(world: LeaderWorld, n_panels: int) -> Counter[str]:
    """How often each verdict is reached over so many panels of a world."""
    rng, counted = np.random.default_rng(SEED), Counter[str]()
    for number in range(n_panels):
        active, k, n = simulate_leaders(world, rng)
        counted[precedence(active.astype(float), k / n, n_permutations=199, seed=number).verdict] += 1
    return counted
