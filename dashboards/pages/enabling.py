"""Enabling people: newcomers, those who help, places without a keeper, trials and tools."""

from collections.abc import Callable, Sequence
from typing import Final

from dashboards.cards import Card
from dashboards.page import Page
from dashboards.released import Released

CARDS: Final[Sequence[Callable[[Released], Card]]] = ()


def build(released: Released) -> Page:
    """The page, every card in its place: one that cannot be told says why."""
    title = "Are people enabled to take part?"
    lead = (
        "How newcomers begin and are answered, on how few helpers and keepers it rests, and what trials and "
        "tools have brought."
    )
    return Page("enabling", title, lead, [build(released) for build in CARDS])
