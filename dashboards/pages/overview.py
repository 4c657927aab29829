"""Overview: four key figures, the weekly share, units then and now, executives beside everybody else."""

import polars as pl

from dashboards import headlines, words
from dashboards.cards import Card, Key, describe_rows
from dashboards.cards.groups import group_note
from dashboards.cards.time import gap_key, time_card, within_complete
from dashboards.facts import cells
from dashboards.figures.dots import dots
from dashboards.figures.lines import Series
from dashboards.kpis import RATES, key_figures
from dashboards.numbers import Fact
from dashboards.page import Page
from dashboards.pages.executives import contributing_card, executive_verdict
from dashboards.periods import at, band, change, count, is_coarse, share, when
from dashboards.relation import Column, Relation
from dashboards.released import ALL, OTHER_UNITS, Released, Row, latest, latest_told, reference
from dashboards.targets import target_of
from models.comparison import Change, tally

JUDGEMENTS = {"up": "higher", "down": "lower", "same": "about the same"}


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


def units_card(released: Released) -> Card:
    """Share of contributors by unit, last complete month against an earlier one."""
    organisation = released.series("rel_contributor_ratios", "month")
    now = latest(organisation, "n_contributors")
    then = reference(organisation, "n_contributors", now, kind="month")
    subtitle = "Share of each unit\u2019s people who contribute, all platforms"
    if now is None:
        return Card("units", "No unit has a complete month yet", subtitle, ("contributor_ratio",),
                    note="Units are compared by whole months, and no fully observed one can be shown yet.")  # fmt: skip
    label, before = when("month", now), when("month", then)
    frame, changes = unit_rows(released, now, then)
    judged = tally(moved for _, moved in changes)
    counted = {"compared": judged.n_all, "same": judged.n_same, "up": judged.n_up, "down": judged.n_down}
    relation = Relation(
        f"Contributors by unit, {label}",
        (
            Column("unit", "Unit", "text"),
            Column("n_eligible", "People", "count"),
            Column("now", label, "ratio", missing=words.NOT_TOLD, bounds=("low", "high")),
            Column("low", "95 % from", "ratio", missing="\u2013"),
            Column("high", "to", "ratio", missing="\u2013"),
            Column("then", before or "Earlier", "ratio", missing="not shown", bounds=("then_low", "then_high")),
            Column("difference", "Points", "points", missing="\u2013"),
            Column("judgement", "Against chance", "text", missing="not compared"),
        ),
        frame,
        newest_first=False,
    )
    keys = [Key("c1", "dot", label), Key("n", "ring", before), Key("c1", "band", "95 % interval")]
    if frame["then"].is_null().all():
        del keys[1]
    return Card(
        "units", headlines.units(changes, judged, before=before), subtitle,
        ("contributor_ratio",), relation,
        dots(relation, names="unit", now="now", low="low", high="high", then="then", labels=(label, before)),
        describe_rows("Dot plot by unit", relation),
        f"{group_note(relation)} Of twenty comparisons about one looks like a change by chance alone.",
        tuple(keys), facts=tuple(Fact(f"units/rows/{name}", n, "count") for name, n in counted.items()),
    )  # fmt: skip


def unit_rows(released: Released, now: Row, then: Row | None) -> tuple[pl.DataFrame, list[tuple[str, Change]]]:
    """One row per unit and one of the organisation, and the changes of the units that have a name."""
    rows, changes = [], []
    for unit in (ALL, *released.units):
        series = released.series("rel_contributor_ratios", "month", unit=unit)
        current, earlier = at(series, now), at(series, then)
        if current is None:
            continue
        moved = change(current, earlier)
        if moved and unit not in (ALL, OTHER_UNITS):
            changes.append((unit, moved))
        rows.append({
            "unit": "Whole organisation" if unit == ALL else unit,
            "n_eligible": current["n_eligible"], "now": current["contributor_ratio"],
            "low": current["contributor_ratio_low"], "high": current["contributor_ratio_high"],
            "then": earlier["contributor_ratio"] if earlier and moved else None,
            "then_low": earlier["contributor_ratio_low"] if earlier else None,
            "then_high": earlier["contributor_ratio_high"] if earlier else None,
            "difference": moved.difference if moved else None,
            "judgement": JUDGEMENTS[moved.direction] if moved else None,
            "place": 0 if unit == ALL else 2 if unit == OTHER_UNITS else 1,
        })  # fmt: skip
    shares = ("now", "low", "high", "then", "then_low", "then_high", "difference")
    schema = dict.fromkeys(shares, pl.Float64) | {"judgement": pl.String}
    frame = pl.DataFrame(rows, schema_overrides=schema)
    middle = pl.coalesce("now", (pl.col("low") + pl.col("high")) / 2)
    return frame.sort("place", middle, "unit", descending=[False, True, False], nulls_last=True), changes
