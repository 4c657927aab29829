"""Taking root: whether participation carries itself, reaches everybody and lasts."""

from collections.abc import Callable, Sequence
from typing import Final

from dashboards.cards import Card
from dashboards.page import Page
from dashboards.released import Released

CARDS: Final[Sequence[Callable[[Released], Card]]] = ()


def build(released: Released) -> Page:
    """The page, every card in its place: one that cannot be told says why."""
    title = "Does it take root?"
    lead = (
        "Whether people start things by themselves, whether it would go on without those at the top, whom it "
        "reaches, and what lives on."
    )
    return Page("rooted", title, lead, [build(released) for build in CARDS])
