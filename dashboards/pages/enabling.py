"""Enabling people: newcomers, those who help, places without a keeper, trials and tools."""

from collections.abc import Callable, Sequence
from typing import Final

from dashboards.cards import Card
from dashboards.cards.answers import answers_card, champions_card
from dashboards.cards.channel_mix import channel_mix_card
from dashboards.cards.first_steps import first_steps_card, lasting_starts_card
from dashboards.cards.named_champions import named_champions_card
from dashboards.cards.newcomers import TABLE as NEWCOMERS
from dashboards.cards.newcomers import latest_answered, newcomers_card, second_posts_card
from dashboards.cards.purposes import purposes_card
from dashboards.cards.stewardship import stewardship_card
from dashboards.cards.tools import tools_card
from dashboards.cards.trial import trial_card
from dashboards.facts import cells
from dashboards.headlines import enabling as headlines
from dashboards.page import Page
from dashboards.periods import when
from dashboards.released import Released

CARDS: Final[Sequence[Callable[[Released], Card]]] = (
    first_steps_card,
    lasting_starts_card,
    newcomers_card,
    second_posts_card,
    answers_card,
    champions_card,
    stewardship_card,
    purposes_card,
    tools_card,
    trial_card,
    channel_mix_card,
)


def build(released: Released) -> Page:
    """The page, every card in its place: one that cannot be told says why."""
    answered, row = latest_answered(released) or (None, None)
    title = headlines.title(answered, period=when("month", row))
    lead = (
        "How newcomers begin and are answered, on how few helpers and keepers it rests, and what trials and "
        "tools have brought."
    )
    by_name = named_champions_card(released)
    cards = [*(build(released) for build in CARDS), *([by_name] if by_name else [])]
    return Page("enabling", title, lead, cards, facts=cells(NEWCOMERS, row))
