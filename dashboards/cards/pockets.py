"""The cards that say whether participation is everywhere: people in units that take part, and how uneven units are."""

from typing import Final

from dashboards import words
from dashboards.cards import Card, Key, describe
from dashboards.cards.time import open_keys, period_column, time_card, within_complete
from dashboards.facts import cells
from dashboards.figures.lines import Series, lines
from dashboards.headlines import SIGNIFICANT
from dashboards.headlines import rooted as headlines
from dashboards.periods import when
from dashboards.relation import Column, Relation
from dashboards.released import Released, Row, latest

TABLE: Final = "rel_pockets"
REACHED: Final = "people_reached_ratio"
INDEX, BY_CHANCE = "dissimilarity_ratio", "dissimilarity_by_chance_ratio"
_MISSING: Final = (
    "It takes a roster with at least {} units, and a whole month in which somebody contributes and that can be shown."
)


def reached_card(released: Released) -> Card:
    """Share of people in units that contribute at least half as often as the whole organisation, by month."""
    low, high = f"{REACHED}_low", f"{REACHED}_high"
    months = released.series(TABLE, "month")
    row = latest(months, REACHED, low, high)
    headline = headlines.reached(row, period=when("month", row))
    subtitle = "Share of people in units that contribute at least half as often as the whole organisation, by month"
    if months.is_empty() or months[REACHED].is_null().all():
        return Card("reached", headline, subtitle, ("units_reached",), note=_MISSING.format(5), wide=True)
    relation = Relation(
        subtitle,
        (
            period_column("month"),
            Column(REACHED, "Share of people", "ratio", missing="not known", complete="is_complete"),
            Column(low, "Surely", "ratio", missing="\u2013"),
            Column(high, "At most", "ratio", missing="\u2013"),
            Column("units_reached_ratio", "Share of units", "ratio", missing="not known", complete="is_complete"),
        ),
        within_complete(months, low, high),
    )  # fmt: skip
    series = [Series(REACHED, "", "c1", 2.5, low, high)]
    note = (
        "The rate of a small unit is drawn towards that of all, so that one busy person does not decide. The band runs "
        "from the people in units where it is sure to those in units where it may be. Units too small to be shown "
        "count as one; with fewer than 5 units nothing is told."
    )
    keys = (Key("c1", "band", "from sure to possible"), *open_keys(relation, series))
    return Card(
        "reached", headline, subtitle, ("units_reached",), relation,
        lines(relation, series, kind="month", axis="ratio"),
        describe("Line chart", relation, [REACHED], period="month"), note, keys, wide=True,
    )  # fmt: skip


def pockets_card(released: Released) -> Card:
    """How far contributors are shut up in some units, beside what chance alone would give, by month."""
    months = released.series(TABLE, "month")
    row = latest(months, INDEX, BY_CHANCE, "dissimilarity_largest_ratio", "dissimilarity_p")
    return time_card(
        "pockets", headlines.pockets(row, period=when("month", row)),
        "Share of contributors who would have to be in another unit for all units to contribute alike, by month",
        ("dissimilarity", "theil"), months,
        columns=(
            Column(INDEX, "Contributors elsewhere", "ratio", missing="not known", complete="is_complete"),
            Column(BY_CHANCE, "By chance alone", "ratio", missing="not known", complete="is_complete"),
            Column("dissimilarity_largest_ratio", "The most it could be", "ratio", missing="not known"),
            Column("theil_between_ratio", "Unevenness that lies between units", "ratio", missing="not known"),
            Column("theil_by_chance_ratio", "That by chance alone", "ratio", missing="not known"),
        ),
        series=[Series(BY_CHANCE, "By chance", "n", 2), Series(INDEX, "Measured", "c1")],
        kind="month", axis="ratio", note=_basis(row), missing=_MISSING.format(2), wide=True, facts=cells(TABLE, row),
    )  # fmt: skip


def _basis(row: Row | None) -> str:
    """What is compared, what could have been found, and where unevenness lies."""
    parts = [
        "Even if units did not matter the share would be above 0, the more the smaller the units: hence the second "
        "line. Units too small to be shown count as one."
    ]
    if row is None:
        return parts[0]
    high = row["dissimilarity_by_chance_high_ratio"]
    if high is not None:
        parts.append(f"In {when('month', row)} more than {words.percent(high)} would have been told from chance.")
    between, by_chance, p = (row[name] for name in ("theil_between_ratio", "theil_by_chance_ratio", "theil_p"))
    if None not in (between, by_chance, p):
        parts.append(
            f"Of all the unevenness in how much people contribute, {words.percent(between)} lies between units "
            f"({words.percent(by_chance)} by chance); the rest lies between people of the same unit."
            if p <= SIGNIFICANT else
            "How much people contribute differs within units; between units no more than by chance."
        )  # fmt: skip
    parts.append("Units do different work: it does not say why they differ, nor which ones do.")
    return " ".join(parts)
