"""The card of units that never meet: a mark for each two of them, or why nothing can be told."""

from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import Card, Key
from dashboards.facts import cells
from dashboards.figures.matrix import Mark, matrix
from dashboards.headlines import rooted as headlines
from dashboards.relation import Column, Relation
from dashboards.released import Released, Row
from models.analyses.unit_pairs import TESTABLE
from models.metrics.unit_pairs import CANNOT_TELL, MET, NEVER, SELDOM
from models.release import OTHER_UNITS

TABLE: Final = "rel_unit_pairs"
SUBTITLE: Final = "What is known of each two units, all platforms, in the last whole month"
MARKS: Final = {
    MET: Mark("met", "c1", "circle"),
    SELDOM: Mark("met less than half as often as by chance", "c2", "circle-open"),
    NEVER: Mark("did not meet, which is no chance", "c4", "square", 14),
    CANNOT_TELL: Mark("did not meet, which may be chance", "n", "line-ew-open", 10),
}
_SHAPES: Final = {MET: "dot", SELDOM: "ring", NEVER: "box", CANNOT_TELL: "dash"}
MOST_SAID: Final = 12
MOST_UNITS: Final = 16
"""More do not fit a telephone."""
_NONE: Final = (
    "It takes a roster with two units or more that are large enough to be shown, a whole month, and exports that say "
    "who is answered."
)


def unit_pairs_card(released: Released) -> Card:
    """Pairs of units of the last complete month of which anything is known."""
    rows = _month(released)
    row = rows.row(0, named=True) if rows.height else None
    period = words.month(row["period_start"]) if row else ""
    headline, metrics = headlines.unit_pairs(row, period=period), ("unit_pairs",)
    if row is None:
        return Card("unit-pairs", headline, SUBTITLE, metrics, note=_NONE, wide=True)
    drawn = _drawn(rows)
    relation = Relation(
        f"Pairs of units, {period}",
        (
            Column("pair", "Units", "text"),
            Column("said", "In the month", "text"),
            Column("n_expected", "Pairs of people who would meet by chance", "count"),
        ),
        drawn, newest_first=False,
    )  # fmt: skip
    keys = tuple(
        Key(mark.token, _SHAPES[value], mark.label) for value, mark in MARKS.items()
        if (drawn["verdict"] == value).any()
    )  # fmt: skip
    figure = matrix(relation, one="one_unit", other="other_unit", state="verdict", marks=MARKS)
    note = _basis(row) + (f" The first {MOST_UNITS} units are drawn." if drawn.height < rows.height else "")
    return Card(
        "unit-pairs", headline, SUBTITLE, metrics, relation, figure, _said(drawn), note, keys,
        wide=True, facts=cells(TABLE, row),
    )  # fmt: skip


def _month(released: Released) -> pl.DataFrame:
    """The pairs of the latest complete month; both units have figures of their own on other pages."""
    named = [unit for unit in released.units if unit != OTHER_UNITS]
    rows = released.tables[TABLE].filter(
        pl.col("is_complete"), pl.col("verdict").is_not_null(), pl.col("one_unit").is_in(named),
        pl.col("other_unit").is_in(named),
    )  # fmt: skip
    return rows.filter(pl.col("period_start") == pl.col("period_start").max()).sort("one_unit", "other_unit")


def _drawn(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of as many units as fit, with their words."""
    units = sorted({*rows["one_unit"], *rows["other_unit"]})[:MOST_UNITS]
    kept = rows.filter(pl.col("one_unit").is_in(units) & pl.col("other_unit").is_in(units))
    return kept.with_columns(
        pl.concat_str("one_unit", pl.lit(" \u2013 "), "other_unit").alias("pair"),
        pl.col("verdict").replace_strict({value: mark.label for value, mark in MARKS.items()}).alias("said"),
        pl.col("n_ties_by_chance").cast(pl.Int64).alias("n_expected"),
    )


def _said(drawn: pl.DataFrame) -> str:
    """Alternative text: how many pairs have each mark, and which, but for those that met."""
    parts = ["Matrix of every two units."]
    for value, mark in MARKS.items():
        pairs = [words.clean(pair) for pair in drawn.filter(pl.col("verdict") == value)["pair"]]
        if pairs:
            more = "; and others" if len(pairs) > MOST_SAID else ""
            which = "" if value == MET else f" ({'; '.join(pairs[:MOST_SAID])}{more})"
            parts.append(f"{words.sentence(mark.label)}: {words.count(len(pairs), 'pair')}{which}.")
    return " ".join(parts)


def _basis(row: Row) -> str:
    """What meeting is, what chance gives, and what could have been found."""
    apart, by_chance = row["n_pairs_apart"], words.rounded(row["n_pairs_apart_by_chance"], 1)
    said = f"{words.count(apart)} {'have' if apart > 1 else 'has'} not met" if apart else "all have met"
    return (
        "Two units meet when somebody of one answers or reacts to somebody of the other; reading and meeting in "
        f"person are not seen. Of {words.count(row['n_pairs'], 'pair')}, {said}; if units "
        f"did not matter, it would be about {by_chance}. A pair is only called apart where chance would give at least "
        f"{TESTABLE:.0f} meetings and so few are no chance, so small or silent units cannot be told; of the pairs "
        "called so, about one in twenty may be chance. Units that have little to do with each other need not meet."
    )
