"""Who goes first on simulated executives and their people: how often each verdict is reached where the truth is known.

The worlds are those of the tests. A direction should be shown in at most 8 % of the panels of a world that has none;
where one side follows, in most; where a third thing moves both, "both" or nothing is right, as no order can be told.
"""

from collections.abc import Iterator
from dataclasses import replace

from tests.models.simulated_leaders import (
    AT_ONCE,
    BEGINNERS,
    LEADERS_FOLLOW,
    NOTHING,
    PEOPLE_FOLLOW,
    TOGETHER,
    rates,
)

WORLDS = (
    NOTHING,
    BEGINNERS,
    PEOPLE_FOLLOW,
    replace(PEOPLE_FOLLOW, name="people follow half as far", people_follow=0.1),
    LEADERS_FOLLOW,
    replace(LEADERS_FOLLOW, name="leaders follow half as far", leaders_follow=1.0),
    TOGETHER,
    AT_ONCE,
    replace(NOTHING, name="nothing, 12 executives", n_leaders=12),
    replace(PEOPLE_FOLLOW, name="people follow, 12 executives", n_leaders=12),
)
PANELS = 300
"""Of each world; a share of 5 % is then known to within 2.5 points."""


def rows(n_panels: int) -> Iterator[dict[str, str]]:
    """Per world, the share of the panels with each verdict."""
    for world in WORLDS:
        counted = rates(world, n_panels)
        yield {"world": world.name} | {
            verdict: f"{counted[verdict] / n_panels:.1%}"
            for verdict in ("leaders first", "staff first", "both", "neither", "cannot tell")
        }
