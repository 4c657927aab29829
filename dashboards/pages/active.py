"""Active people: daily series, platforms, where change comes from, how regularly people return, units over time."""

import polars as pl

from dashboards import headlines, words
from dashboards.cards import Card, describe_rows
from dashboards.cards.contributions import contributions_card
from dashboards.cards.groups import group_note
from dashboards.cards.growth import growth_card
from dashboards.cards.platform import platform_card
from dashboards.cards.presence import presence_cards
from dashboards.cards.time import is_untold, period_column, time_card, within_complete
from dashboards.cards.trend import trend_card
from dashboards.cards.unit_platforms import unit_platforms_card
from dashboards.facts import cells
from dashboards.figures.lines import Series
from dashboards.figures.multiples import MOST_PANELS, multiples
from dashboards.look import look
from dashboards.numbers import Fact
from dashboards.page import Page
from dashboards.periods import at, band, change, count, is_coarse, share, when
from dashboards.relation import Column, Relation
from dashboards.released import OTHER_UNITS, Released, Row, latest, latest_told, reference
from dashboards.scope import Scope
from models.metrics import MINIMUM_DAILY

RATIO, LOW, HIGH = "contributor_ratio", "contributor_ratio_low", "contributor_ratio_high"
LOOKS = (trend_card, growth_card, contributions_card)
"""The cards that follow the selects."""
NO_MONTH = "No closed month holds an observed day that can be shown."


def build(released: Released) -> Page:
    """The page."""
    closer = look(released, LOOKS)
    cards = [_rolling(released)]
    cards += closer.cards if closer else [growth_card(released, Scope("month"))]
    cards += [_stickiness(released), platform_card(released, missing=NO_MONTH), *presence_cards(released)]
    if released.units:
        cards += [_units(released), unit_platforms_card(released)]
    lead = "How many contribute over a day, a week and four weeks, on which platform, and whether they come back."
    months = released.series("rel_active_users", "month")
    if months.height and not months["n_reactors"].is_null().all():
        cards.append(_reactors(released, months))
    now, then = _months_compared(released)
    facts = cells("rel_contributor_ratios", now, then)
    return Page("active", _title(released, now, then), lead, cards, facts=facts, look=closer)


def _months_compared(released: Released) -> tuple[Row | None, Row | None]:
    series = released.series("rel_contributor_ratios", "month")
    now = latest_told(series, "n_contributors", RATIO) if released.has_roster else latest(series, "n_contributors")
    return now, reference(series, "n_contributors", now, kind="month")


def _title(released: Released, now: Row | None, then: Row | None) -> str:
    when_then = {"period": when("month", now), "before": when("month", then), "kind": "month"}
    if not released.has_roster:
        return headlines.counts(
            count(now), count(then), nouns=released.nouns, **when_then, is_coarse=is_coarse(now)
        )
    said = band(now, RATIO)
    return headlines.trend(share(now), change(now, then), noun=released.people, **when_then, band=said)


def _rolling(released: Released) -> Card:
    days = released.days()
    column = "n_contributors_28d"
    now = latest(days, column)
    then = reference(days, column, now, kind="day")
    headline = headlines.rolling(
        share(now, column),
        change(now, then, column),
        nouns=released.nouns,
        period=when("day", now),
        before=when("day", then),
    )
    if now and not released.has_roster:
        headline = headlines.counts(
            count(now, column), count(then, column), nouns=released.nouns, period=when("day", now),
            before=when("day", then), kind="day",
        )  # fmt: skip
    if days.is_empty() and released.withholds("organisation_too_small"):
        headline = "Daily figures are not shown for an organisation of this size"
    names = {"n_contributors_1d": "1 day", "n_contributors_7d": "7 days", column: "28 days"}
    flags = {"n_contributors_1d": "is_complete_1d", "n_contributors_7d": "is_complete_7d", column: "is_complete"}
    return time_card(
        "rolling", headline,
        f"{released.people.capitalize()} with a contribution in the 1, 7 and 28 days up to each day, all platforms",
        ("rolling_contributors",), days, facts=cells("rel_active_users", now, then),
        columns=[
            Column(name, title, "count", missing="not known", complete=flags[name]) for name, title in names.items()
        ],
        series=[
            Series(name, title, token, width, complete=flags[name])
            for (name, title), token, width in zip(names.items(), ("n", "c3", "c1"), (1, 1.75, 2.5), strict=True)
        ],
        kind="day", axis="count", wide=True, height=360,
        note="A window that holds a day without data, or begins before the first, is not known. It is partly "
        "observed where more than one day in twenty is.",
        missing=f"Daily series are released for organisations of {MINIMUM_DAILY} people or more.",
    )  # fmt: skip


def _stickiness(released: Released) -> Card:
    months = released.series("rel_active_users", "month")
    now = latest(months, "dau_mau_ratio")
    return time_card(
        "stickiness", headlines.stickiness(now["dau_mau_ratio"] if now else None, period=when("month", now)),
        "Contributors of 1 day as a share of those of 7 and of 28 days, pooled over the days of each month",
        ("stickiness",), months,
        columns=(
            Column("dau_wau_ratio", "Of 7 days", "ratio", missing="not known", complete="is_complete"),
            Column("dau_mau_ratio", "Of 28 days", "ratio", missing="not known", complete="is_complete"),
        ),
        series=[Series("dau_wau_ratio", "of 7 days", "c3", 2), Series("dau_mau_ratio", "of 28 days", "c1")],
        kind="month", axis="ratio",
        missing=_missing(months, "dau_wau_ratio", "dau_mau_ratio"),
        wide=True, note="Weekends count as days, so even somebody who writes every working day does not reach 100%.",
    )  # fmt: skip


def _missing(months: pl.DataFrame, *columns: str) -> str:
    """Why there is no chart of who comes, stays and returns."""
    if months.height and is_untold(months, *columns):
        return f"Told only of organisations of {MINIMUM_DAILY} people or more."
    return NO_MONTH


def _units(released: Released) -> Card:
    context = released.series("rel_contributor_ratios", "month").select("period_start", whole=RATIO)
    now = latest(released.series("rel_contributor_ratios", "month"), "n_contributors")
    frames: list[pl.DataFrame] = []
    lasts: dict[str, Row] = {}
    for unit in released.units:
        series = released.series("rel_contributor_ratios", "month", unit=unit)
        if series.is_empty() or (series[RATIO].is_null() & series[HIGH].is_null()).all():
            continue
        row = at(series, now)
        lasts[unit] = {"unit": unit, **{name: row[name] if row else None for name in (RATIO, LOW, HIGH)}}
        frames.append(series.with_columns(unit=pl.lit(unit)).join(context, on="period_start", how="left"))
    subtitle = "Share who contribute in each unit (blue) and in the whole organisation (grey), all platforms, by month"
    named = [row for unit, row in lasts.items() if unit != OTHER_UNITS]
    told = [row[RATIO] for row in named if row[RATIO] is not None]
    headline = headlines.unit_range(
        min(told, default=None), max(told, default=None), len(told), period=when("month", now),
        n_untold=len(named) - len(told) if now else 0,
    )  # fmt: skip
    counts = {"units": len(named), "told": len(told), "drawn": len(frames)}
    counted = tuple(Fact(f"unit-months/rows/{name}", n, "count") for name, n in counts.items())
    if not frames:
        return Card("unit-months", headline, subtitle, ("contributor_ratio",), note=NO_MONTH, wide=True, facts=counted)
    frame = within_complete(pl.concat(frames[:MOST_PANELS]), LOW, HIGH)
    relation = Relation(
        subtitle,
        (
            Column("unit", "Unit", "text"),
            period_column("month"),
            Column("n_eligible", "People", "count", missing="not shown"),
            Column(RATIO, "Share", "ratio", missing="not shown", complete="is_complete", bounds=(LOW, HIGH)),
            Column(LOW, "95 % from", "ratio", missing="\u2013"),
            Column(HIGH, "to", "ratio", missing="\u2013"),
            Column("whole", "Whole organisation", "ratio"),
        ),
        frame,
        newest_first=False,
    )
    note = f"One scale for all units. {group_note(relation)}"
    if len(frames) > MOST_PANELS:
        note += f" The first {MOST_PANELS} of {len(frames)} units are drawn; the overview holds all."
    figure = multiples(relation, panel="unit", column=RATIO, context="whole", kind="month", bounds=(LOW, HIGH))
    last = Relation(
        "",
        (
            Column("unit", "Unit", "text"),
            Column(RATIO, "last complete month", "ratio", missing="not known", bounds=(LOW, HIGH)),
        ),
        pl.DataFrame(list(lasts.values()), schema={"unit": pl.String, **dict.fromkeys((RATIO, LOW, HIGH), pl.Float64)}),
        newest_first=False,
    )
    return Card(
        "unit-months", headline, subtitle, ("contributor_ratio",), relation, figure,
        describe_rows("Small line charts, one per unit, against the whole organisation", last), note, wide=True,
        facts=counted,
    )  # fmt: skip


def _reactors(released: Released, months: pl.DataFrame) -> Card:
    now = latest(months, "n_reactors", "n_contributors")
    headline = "No complete month shows who reacts yet"
    if now:
        reactors, contributors = (
            words.count(now["n_reactors"], *released.nouns, is_coarse=is_coarse(now)),
            words.count(now["n_contributors"], is_coarse=is_coarse(now)),
        )
        headline = words.sentence(
            f"{reactors} reacted to messages of {when('month', now)}; {contributors} contributed"
        )
    return time_card(
        "reactors", headline, f"{released.people.capitalize()} who contribute, and who react to messages of the month",
        ("reactors", "contributors"), months,
        columns=(
            Column("n_contributors", "Contribute", "count", complete="is_complete"),
            Column("n_reactors", "React", "count", missing="not known", complete="is_complete"),
        ),
        series=[Series("n_contributors", "Contribute", "c1"), Series("n_reactors", "React", "c4", 2)],
        kind="month", axis="count", wide=True, missing=NO_MONTH,
        note="Reactions are counted in the month of the message, and only where an export says who reacted.",
    )  # fmt: skip
