"""Contributors: how many give nothing, a little or a lot, and on how few people it all rests."""

import polars as pl

from dashboards import headlines, words
from dashboards.cards import Card, Key, describe_rows
from dashboards.cards.contributions import contributions_card
from dashboards.cards.groups import IN_FIVES
from dashboards.cards.time import is_untold, time_card
from dashboards.facts import cells
from dashboards.figures.bars import Part, split_bars
from dashboards.figures.lines import Series
from dashboards.numbers import Fact
from dashboards.page import Page
from dashboards.periods import at, is_coarse, share, value_change, when
from dashboards.relation import Column, Relation
from dashboards.released import ALL, OTHER_UNITS, Released, Row, latest, reference
from dashboards.scope import Scope
from models.comparison import ratio_of

TABLE = "rel_contributor_ratios"
NO_MONTH = "No closed month holds an observed day that can be shown."
FEW_PARTS = "Parts are told only where each holds at least three people, and so do the others together."
PARTS = {"n_none": ("Nothing", "soft"), "n_some": ("1 to 10", "c1"), "n_heavy": ("More than 10", "c4")}


def build(released: Released) -> Page:
    """The page."""
    months = released.series(TABLE, "month")
    lead = (
        "How contributing is spread over people. Everybody counts, also those who contribute nothing. That few "
        "give most is usual in every community; whether it rests on too few is the question."
    )
    cards = [
        _split(released, months),
        _top(released, months),
        _gini(released, months),
        _absence(released, months),
        contributions_card(released, Scope("month")),
    ]
    known = ["n_contributors"] if is_untold(months, "absence_factor") else ["n_contributors", "absence_factor"]
    now = latest(months, *known)
    return Page("contributors", _title(released, now), lead, cards, facts=cells(TABLE, now))


def _title(released: Released, now: Row | None) -> str:
    return headlines.contributors_title(
        share(now), now["absence_factor"] if now else None, nouns=released.nouns, period=when("month", now),
        has_roster=released.has_roster,
    )  # fmt: skip


def _missing(released: Released, months: pl.DataFrame, *columns: str) -> str:
    """Why there is no chart of a measure of concentration."""
    if is_untold(months, *columns):
        return f"Told only of {10 * released.min_group} people or more: the most active tenth is a group of its own."
    return NO_MONTH


def _split(released: Released, months: pl.DataFrame) -> Card:
    now = latest(months, "n_none", "n_some", "n_heavy")
    subtitle = f"{released.people.capitalize()} by the number of their contributions in the month, all platforms"
    if now is None:
        headline = headlines.split(None, None, noun="", period="")
        return Card(
            "split",
            headline,
            subtitle,
            ("participation_split",),
            note=FEW_PARTS if is_untold(months, *PARTS) else "No fully observed month can be shown yet.",
            wide=True,
        )
    rows, n_untold = _split_rows(released, now)
    relation = Relation(
        f"{subtitle}, {when('month', now)}",
        (
            Column("unit", "Unit", "text"),
            Column("n_eligible", released.people.capitalize(), "count"),
            *(Column(f"share_{name}", title, "ratio") for name, (title, _) in PARTS.items()),
        ),
        pl.DataFrame(rows).sort("place", "share_n_none", "unit"),
        newest_first=False,
    )
    whole = rows[0]
    parts = [Part(f"share_{name}", title, token) for name, (title, token) in PARTS.items()]
    note = "Nothing contributed does not mean absent: who reads leaves no trace here."
    if released.units:
        note += f" {IN_FIVES} {_untold(n_untold)}".rstrip()
    return Card(
        "split",
        headlines.split(
            whole["share_n_none"], whole["share_n_heavy"], noun=released.people, period=when("month", now),
            is_coarse=is_coarse(now),
        ),
        f"{subtitle}, {when('month', now)}", ("participation_split",), relation,
        split_bars(relation, parts, names="unit"),
        describe_rows("Stacked bars by unit", relation), note,
        tuple(Key(part.token, "box", part.label) for part in parts), True,
        (Fact("split/rows/units without parts", n_untold, "count"),),
    )  # fmt: skip


def _split_rows(released: Released, now: Row) -> tuple[list[Row], int]:
    """The whole organisation, then each unit of which all parts are told; and of how many units they are not."""
    rows, n_untold = [], 0
    for unit in (ALL, *released.units):
        row = at(released.series(TABLE, "month", unit=unit), now)
        if row is None:
            continue
        if any(row[name] is None for name in PARTS):
            n_untold += 1
            continue
        # told in fives the parts do not add up to the people: their own sum is the whole of a bar
        n = sum(row[name] for name in PARTS)
        name = ("Whole organisation" if released.units else f"All {released.people}") if unit == ALL else unit
        shares = {f"share_{part}": ratio_of(row[part], n) or 0.0 for part in PARTS}
        rows.append({"unit": name, "n_eligible": row["n_eligible"], **shares, "place": _place(unit)})
    return rows, n_untold


def _untold(n_units: int) -> str:
    """How many units are left out."""
    if not n_units:
        return ""
    return f"Of {words.count(n_units, 'unit')} the parts are not told. {FEW_PARTS}"


def _gathering(released: Released) -> str:
    return "" if released.has_roster else " Accounts gather over time, which alone makes it rise."


def _place(unit: str) -> int:
    return 0 if unit == ALL else 2 if unit == OTHER_UNITS else 1


def _value(row: Row | None, column: str) -> str | None:
    if row is None or row[column] is None:
        return None
    return words.rounded(row[column], 2) if column == "gini_ratio" else words.percent(row[column])


def _measure(months: pl.DataFrame, column: str, sentence: str, missing: str) -> str:
    now = latest(months, column)
    then = reference(months, column, now, kind="month")
    text = sentence.format(period=when("month", now))
    return headlines.measure(
        text, _value(now, column), value_change(now, then, column), _value(then, column) or "",
        before=when("month", then),
        missing=missing,
    )  # fmt: skip


def _top(released: Released, months: pl.DataFrame) -> Card:
    missing = "No complete month shows how much comes from the most active yet"
    return time_card(
        "top",
        _measure(
            months, "top_10_share_ratio", "The most active 10% made {{}} of all contributions in {period}", missing
        ),
        f"Share of all contributions made by the most active 1% and 10% of {released.people}, by month",
        ("top_share",), months,
        columns=(
            Column("top_1_share_ratio", "Most active 1%", "ratio", missing="not known", complete="is_complete"),
            Column("top_10_share_ratio", "Most active 10%", "ratio", missing="not known", complete="is_complete"),
        ),
        series=[Series("top_1_share_ratio", "Top 1%", "c4"), Series("top_10_share_ratio", "Top 10%", "c1")],
        kind="month", axis="ratio", missing=_missing(released, months, "top_1_share_ratio", "top_10_share_ratio"),
        note=f"Each month has its own most active {released.people}. Neither more nor less is better in itself."
        + _gathering(released),
    )  # fmt: skip


def _gini(released: Released, months: pl.DataFrame) -> Card:
    return time_card(
        "gini",
        _measure(
            months, "gini_ratio", "Inequality of contributing: Gini {{}} in {period}", "Inequality is not known yet"
        ),
        f"Gini coefficient of contributions over all {released.people}, by month", ("gini",), months,
        columns=(Column("gini_ratio", "Gini", "decimal", missing="not known", complete="is_complete"),),
        series=[Series("gini_ratio", "Gini", "c1")], kind="month", axis="decimal",
        missing=_missing(released, months, "gini_ratio"),
        note="0: everybody contributes the same. 1: one person contributes everything. People without a "
        f"contribution count, so it is high wherever many only read.{_gathering(released)}",
    )  # fmt: skip


def _absence(released: Released, months: pl.DataFrame) -> Card:
    now = latest(months, "absence_factor")
    factor = now["absence_factor"] if now else None
    return time_card(
        "absence", headlines.absence(factor, nouns=released.nouns, period=when("month", now)),
        f"Smallest number of {released.people} with more than half of all contributions, by month",
        ("absence_factor",), months,
        columns=(
            Column("absence_factor", "Smallest number", "count", missing="not known", complete="is_complete"),
            Column("n_contributors", "Of contributors", "count"),
        ),
        series=[Series("absence_factor", released.people, "c1")], kind="month", axis="count",
        missing=_missing(released, months, "absence_factor"),
        note="If they stopped, half of what is written would stop with them. Fewer than three are told as three.",
    )  # fmt: skip
