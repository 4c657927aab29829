"""One unit against the whole organisation: its months, its measures, its platforms, its departments, one question."""

from dashboards import words
from dashboards.cards.unit_departments import unit_departments_card
from dashboards.cards.unit_measures import unit_measures_card
from dashboards.cards.unit_on_platforms import unit_on_platforms_card
from dashboards.cards.unit_trend import unit_trend_card
from dashboards.facts import cells, of_share
from dashboards.headlines import beside as headlines
from dashboards.page import Page
from dashboards.pages.units import changes
from dashboards.questions import question, todo
from dashboards.released import Released
from dashboards.slugs import unit_slug
from dashboards.unit_state import TABLE, UnitState, own_units, unit_state

NOT_BY_UNIT = (
    "Who is new, who came back and who fell silent is told of the whole organisation only: of a unit these would be "
    "few people. So are reading, daily figures, and how much comes from the most active."
)


def build_all(released: Released) -> list[Page]:
    """The page of every unit that is large enough, in the order of their names."""
    return [build(released, unit) for unit in own_units(released)]


def build(released: Released, unit: str) -> Page:
    """The page of one unit."""
    state = unit_state(released, unit)
    title = headlines.unit_title(
        unit, state.share, state.change, month=state.month, before=state.before, band=state.band
    )
    departments = unit_departments_card(released, state)
    cards = [
        unit_trend_card(released, state), unit_measures_card(released, state), unit_on_platforms_card(released, state),
        *([departments] if departments else []),
    ]  # fmt: skip
    facts = (
        *cells(TABLE, state.now, state.then, state.whole), *of_share("rel_critical_mass/n_adopted", state.adopted),
    )  # fmt: skip
    extra = {"todo": todo(state), "question": question(state), "changes": changes(released), "not_told": NOT_BY_UNIT}
    return Page(
        unit_slug(unit), title, _lead(state), cards, extra=extra, extra_template="unit.html.j2", parent="units",
        label=words.clean(unit), facts=facts,
    )  # fmt: skip


def _lead(state: UnitState) -> str:
    share = state.share
    who = "Your unit against the whole organisation."
    if share is None:
        return who
    people = words.of(share.n_part, share.n_whole, is_coarse=True)
    return f"{who} {words.sentence(people)} people wrote or edited something in {state.month}, counted in fives."
