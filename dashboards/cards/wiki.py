"""The cards that only the page on wikis has: who contributes to each wiki, how much, and what there is without one."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import UNOBSERVED_OR_UNTOLD, Card
from dashboards.cards.groups import SUMS
from dashboards.cards.platform import MOST_LINES, TABLE, by_platform, drawn
from dashboards.cards.space_scope import SpaceScope
from dashboards.cards.stewardship import latest_kept, stewardship_card
from dashboards.cards.time import is_untold, time_card
from dashboards.headlines import wiki as headlines
from dashboards.headlines.wiki import Wrote
from dashboards.periods import change, share, when
from dashboards.released import Released, latest, reference

_NO_MONTH: Final = "No closed month holds an observed day that can be shown."
_READING: Final = "Exports of wikis show who writes, never who reads."


def no_wiki_card() -> Card:
    """What the page says where no wiki is among the exports."""
    return Card(
        "wiki-none", headlines.NO_WIKI, "Pages, wiki spaces and blogs", ("space_states", "space_survival"), wide=True,
        note="Nothing on this page can be told: no export of MediaWiki, Confluence or WordPress has been loaded, and "
        "no other wiki. That says nothing about whether the organisation has one.",
    )  # fmt: skip


def wiki_people_card(released: Released, scope: SpaceScope) -> Card:
    """People who contribute to each wiki, by month: shares of one population with a roster, counts without."""
    is_share = released.has_roster
    column = "contributor_ratio" if is_share else "n_contributors"
    frame, columns, lines = by_platform(released, scope.platforms, column, has_bands=is_share)
    found = [one for platform in scope.platforms if (one := _wrote(released, platform))]
    headline = headlines.people(found, noun=released.people) if is_share else headlines.accounts(
        found, nouns=released.nouns
    )  # fmt: skip
    who = "Share of people who contribute" if is_share else "Accounts that contribute"
    card = time_card(
        "wiki-people", headline, f"{who} to each wiki, by month",
        ("contributor_ratio" if is_share else "contributors",), frame, columns=columns, series=lines, kind="month",
        axis="ratio" if is_share else "count", missing=_NO_MONTH, wide=True, height=330,
        note=f"Pages created, edits, comments and uploads count. Somebody who contributes to two wikis counts in both. "
        f"{_READING}{_drawn(scope)}",
    )  # fmt: skip
    return replace(card, platforms=drawn(released, scope.platforms))


def wiki_written_card(released: Released, scope: SpaceScope) -> Card:
    """How much is written in each wiki, by month; of a wiki of which few months are told, only that."""
    months = {name: released.series(TABLE, "month", platform=name) for name in scope.platforms}
    told = [name for name, rows in months.items() if _is_mostly_told(rows)]
    silent = [words.platform(name) for name in scope.platforms if name not in told]
    frame, columns, lines = by_platform(
        released, told, "n_contributions", missing=f"not observed or {words.NOT_TOLD}"
    )
    counts = [
        (words.platform(name), row["n_contributions"], when("month", row))
        for name in told if (row := latest(months[name], "n_contributions"))
    ]  # fmt: skip
    held_back = any(is_untold(rows, "n_contributions") for rows in months.values() if not rows.is_empty())
    unheard = f" Of {words.listed(silent)} fewer than half of the months are told." if silent and told else ""
    card = time_card(
        "wiki-written", headlines.written(counts), "Contributions to each wiki, by month", ("contributions",), frame,
        columns=columns, series=lines, kind="month", axis="count", gap=UNOBSERVED_OR_UNTOLD,
        missing=SUMS if held_back else _NO_MONTH,
        note=f"Volume says nothing about worth: one person who tidies up makes many edits. {SUMS}{unheard}",
    )  # fmt: skip
    return replace(card, platforms=tuple(told))


def wiki_keepers_card(released: Released, scope: SpaceScope) -> Card:
    """Whether wiki spaces rest on one person, of the wiki of which most is told; without any, why not."""
    kept = {name: row for name in scope.platforms if (row := latest_kept(released, name))}
    most: Callable[[str], tuple[int, str]] = lambda name: (-kept[name]["n_spaces"], name)  # noqa: E731
    platform = min(kept, key=most) if kept else scope.platforms[0]
    card = stewardship_card(released, platform, card_id="wiki-keepers")
    if kept:
        return replace(card, platforms=(platform,))
    return replace(card, headline="Whether wikis rest on single people cannot be told yet")


def _wrote(released: Released, platform: str) -> Wrote | None:
    months = released.series(TABLE, "month", platform=platform)
    if months.is_empty():
        return None
    now = latest(months, "n_contributors")
    then = reference(months, "n_contributors", now, kind="month")
    part = share(now)
    if part is None:
        return None
    return Wrote(words.platform(platform), part, when("month", now), change(now, then), when("month", then))


def _is_mostly_told(months: pl.DataFrame) -> bool:
    """Whether the sums of at least half of the months that were observed are told: few single ones show no course."""
    observed = months.filter(pl.col("n_observed_days").fill_null(0) > 0) if months.height else months
    return bool(observed.height) and 2 * int(observed["n_contributions"].is_not_null().sum()) >= observed.height


def _drawn(scope: SpaceScope) -> str:
    return f" The {MOST_LINES} with most contributors are drawn." if len(scope.platforms) > MOST_LINES else ""
