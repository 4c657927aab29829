"""Wiki life: who writes in the wikis, which pages live on, how long new ones last, and on whom they rest."""

from dataclasses import replace
from typing import Final

from dashboards.cards.space_life import LIFE, life_facts, space_life_card, space_states_card
from dashboards.cards.space_scope import WIKI_KINDS, SpaceScope, wikis
from dashboards.cards.spaces import spaces_card
from dashboards.cards.wiki import no_wiki_card, wiki_keepers_card, wiki_people_card, wiki_written_card
from dashboards.headlines import wiki as headlines
from dashboards.page import Page
from dashboards.released import Released

LEAD: Final = (
    "Who writes in the wikis, which pages are still worked on, and how long new ones last. Exports of wikis do not "
    "show reading: what writers have forgotten may still be read every day."
)
ALL_WIKIS: Final = SpaceScope("wiki", kinds=WIKI_KINDS)


def build(released: Released) -> Page:
    """The page; without a wiki it says so and nothing else."""
    scope = wikis(released)
    rows = ALL_WIKIS.rows(released, LIFE)
    title = headlines.title(rows, has_wiki=bool(scope.platforms))
    if not scope.platforms:
        return Page("wiki", title, LEAD, [no_wiki_card()])
    cards = [
        wiki_people_card(released, scope),
        space_states_card(released, scope),
        space_life_card(released, scope),
        wiki_written_card(released, scope),
        wiki_keepers_card(released, scope),
        spaces_card(released, scope),
    ]
    cards = [replace(card, platforms=card.platforms or scope.platforms) for card in cards]
    return Page("wiki", title, LEAD, cards, facts=life_facts(rows))
