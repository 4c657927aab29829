"""Taking root: whether participation carries itself, reaches everybody and lasts."""

from collections.abc import Callable, Sequence
from typing import Final

from dashboards.cards import Card
from dashboards.cards.before_after import before_after_card
from dashboards.cards.bottom_up import bottom_up_card
from dashboards.cards.control_chart import control_chart_card
from dashboards.cards.critical_mass import TABLE as CRITICAL_MASS
from dashboards.cards.critical_mass import adopted_units_card, adoption_card, sustaining_card
from dashboards.cards.organic import organic_card
from dashboards.cards.pockets import pockets_card, reached_card
from dashboards.cards.space_life import space_life_card, space_states_card
from dashboards.cards.spaces import spaces_card
from dashboards.cards.unit_pairs import unit_pairs_card
from dashboards.facts import cells
from dashboards.headlines import rooted as headlines
from dashboards.page import Page
from dashboards.released import Released, latest
from models.critical_mass import current_run

CARDS: Final[Sequence[Callable[[Released], Card]]] = (
    bottom_up_card,
    organic_card,
    adoption_card,
    sustaining_card,
    adopted_units_card,
    reached_card,
    pockets_card,
    unit_pairs_card,
    spaces_card,
    space_states_card,
    space_life_card,
    before_after_card,
    control_chart_card,
)


def build(released: Released) -> Page:
    """The page, every card in its place: one that cannot be told says why."""
    weeks = released.series(CRITICAL_MASS, "week")
    week = latest(weeks, "adoption_ratio")
    run = current_run(weeks, week["period_start"]) if week else None
    lead = (
        "Whether people start things by themselves, what remains without those at the top, whom it reaches, and what "
        "lives on. Who stayed, came back or fell silent is counted apart from what executives and communications write "
        "and start."
    )
    return Page("rooted", headlines.title(week, run), lead, [build(released) for build in CARDS],
                facts=cells(CRITICAL_MASS, week))  # fmt: skip
