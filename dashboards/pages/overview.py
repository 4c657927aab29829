"""Overview: four key figures, the weekly share, units then and now, executives beside everybody else."""

import polars as pl

from dashboards import headlines, words
from dashboards.cards import Card
from dashboards.cards.time import gap_key, time_card, within_complete
from dashboards.cards.units import units_card
from dashboards.facts import cells
from dashboards.figures.lines import Series
from dashboards.kpis import RATES, key_figures
from dashboards.page import Page
from dashboards.pages.executives import contributing_card, executive_verdict
from dashboards.periods import band, change, count, is_coarse, share, when
from dashboards.relation import Column
from dashboards.released import Released, Row, latest, latest_told, reference
from dashboards.targets import target_of


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
    series = released.series("rel_contributor_ratios", "week")
    now = latest_told(series, "n_contributors", "contributor_ratio")
    then = reference(series, "n_contributors", now, kind="week")
    if not released.has_roster:
        return _weekly_counts(released, series)
    low, high = "contributor_ratio_low", "contributor_ratio_high"
    return time_card(
        "weekly",
        headlines.trend(
            share(now), change(now, then), noun=released.people, period=when("week", now), before=when("week", then),
            kind="week", band=band(now, "contributor_ratio"),
        ),
        f"Share of {released.people} who contribute, all platforms, by week",
        ("contributor_ratio",), within_complete(series, low, high) if series.height else series,
        columns=(
            Column("n_contributors", "Contributors", "count"),
            Column("n_eligible", released.people.capitalize(), "count"),
            Column("contributor_ratio", "Share", "ratio", complete="is_complete", bounds=(low, high)),
            Column(low, "95 % from", "ratio", missing="\u2013"),
            Column(high, "to", "ratio", missing="\u2013"),
        ),
        series=[Series("contributor_ratio", "", low=low, high=high)], kind="week", axis="ratio",
        missing="No closed week holds an observed day that can be shown.", wide=True, height=330,
        gap=gap_key(series, "contributor_ratio", low), target=target_of(released, "contributor_ratio"),
    )  # fmt: skip


def _weekly_counts(released: Released, series: pl.DataFrame) -> Card:
    now = latest(series, "n_contributors")
    then = reference(series, "n_contributors", now, kind="week")
    return time_card(
        "weekly",
        headlines.counts(
            count(now), count(then), nouns=released.nouns, period=when("week", now), before=when("week", then),
            kind="week", is_coarse=is_coarse(now),
        ),
        "Accounts that contribute, all platforms, by week", ("contributors",), series,
        columns=(
            Column("n_contributors", "Contributors", "count", complete="is_complete"),
            Column("n_eligible", "Accounts seen so far", "count"),
        ),
        series=[Series("n_contributors", "")], kind="week", axis="count", wide=True, height=330,
        missing="No closed week holds an observed day that can be shown.",
    )  # fmt: skip
