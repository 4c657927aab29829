"""Overview: four key figures, the weekly share, units then and now, executives beside everybody else."""


from dashboards import headlines, words
from dashboards.cards import Card
from dashboards.cards.trend import trend_card
from dashboards.cards.units import units_card
from dashboards.facts import cells
from dashboards.kpis import RATES, key_figures
from dashboards.page import Page
from dashboards.pages.executives import contributing_card, executive_verdict
from dashboards.periods import band, count, is_coarse, share, when
from dashboards.released import Released, Row, latest_told
from dashboards.scope import Scope


def build(released: Released) -> Page:
    """The page."""
    kind = "week"
    now = latest_told(released.series("rel_contributor_ratios", "week"), "n_contributors", "contributor_ratio")
    if now is None:
        months = released.series("rel_contributor_ratios", "month")
        now, kind = latest_told(months, "n_contributors", "contributor_ratio"), "month"
    cards = [weekly_card(released)]
    height = 330
    if released.units:
        cards.append(units_card(released))
        height = max(height, cards[-1].figure.height if cards[-1].figure else 0)
    cards.append(contributing_card(released, wide=not released.units, height=height))
    title = headlines.overview(
        share(now), executive_verdict(released), noun=released.people, kind=kind, band=band(now, "contributor_ratio")
    )
    if share(now) and not released.has_roster:
        title = headlines.counts(
            count(now), None, nouns=released.nouns, period=f"a {kind}", before="", kind=kind, is_coarse=is_coarse(now)
        )
    return Page("index", title, _lead(released, now, kind), cards, kpis=key_figures(released),
                facts=cells(RATES, now))  # fmt: skip


def _lead(released: Released, now: Row | None, kind: str) -> str:
    part, said = share(now), band(now, "contributor_ratio")
    if now is None or (part is None and not said):
        begin = "The exports cover no whole week or month yet."
        if released.outnumbered.height:
            begin = "No week or month can be shown of those that the exports cover."
        return f"{begin} What they hold so far is listed under Data and definitions."
    last = "fully observed and shown" if released.outnumbered.height else "fully observed"
    who = f"{said} of about {words.count(now['n_eligible'])}"
    if part:
        who = words.of(part.n_part, part.n_whole, is_coarse=part.is_coarse)
    return (
        f"{words.sentence(who)} {released.people} wrote or edited something in {when(kind, now)}, the last {kind} that "
        f"is {last}. {_reading(released)}"
    )


def _reading(released: Released) -> str:
    reading = [words.platform(row["platform"]) for row in released.sources if row["has_reading"]]
    if not reading:
        return "The exports show who contributes, never who reads."
    return f"Exports of messages and pages show who contributes; who reads is known from {words.listed(reading)} only."


def weekly_card(released: Released) -> Card:
    """Share of contributors by week."""
    return trend_card(released, Scope("week"), card_id="weekly", height=330)
