"""Rows of the released tables that one card each reads: a function per topic, from the company to its rows by table."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from tests.dashboards.companies import Company
from tests.dashboards.further import (
    bottom,
    channel,
    enabling,
    events,
    leading,
    life,
    spaces,
    spread,
    trial,
    unit_platforms,
)

FURTHER: Final[Sequence[Callable[[Company], Mapping[str, list[dict[str, Any]]]]]] = (
    bottom.bottom,
    trial.trial_tools_and_purposes,
    spread.spread,
    leading.leading,
    events.events,
    enabling.enabling,
    channel.channels,
    life.lives_of_spaces,
    spaces.named_spaces,
    unit_platforms.units_on_platforms,
)
