"""The card that answers whether people follow executives or executives their people, or says why nobody can tell."""

from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import Card, Key, describe_rows
from dashboards.facts import cells
from dashboards.figures.differences import differences
from dashboards.headlines import SIGNIFICANT
from dashboards.headlines import leading as headlines
from dashboards.relation import Column, Relation
from dashboards.released import ALL, Released, Row
from models.metrics.direction import BOTH, REFUSED

TABLE: Final = "rel_direction"
SUBTITLE: Final = (
    "How much likelier one side contributes after the other did: people after four weeks with their executive, not "
    "without; executives after four weeks with ten points more of their people. Percentage points, all platforms"
)
_SIDES: Final = {"people_follow": "People follow", "leaders_follow": "Executives follow"}
_FIGURES: Final = ("pp", "pp_low", "pp_high", "strength", "strength_low", "strength_high")


def direction_card(released: Released) -> Card:
    """The card of all platforms together."""
    rows = released.tables[TABLE].filter(pl.col("platform") == ALL)
    row = rows.row(0, named=True) if rows.height else None
    headline, metrics = headlines.direction(row), ("direction",)
    if row is None or row["verdict"] == REFUSED:
        return Card("direction", headline, SUBTITLE, metrics, note=_why(row), wide=True, facts=cells(TABLE, row))
    relation = Relation(
        SUBTITLE,
        (
            Column("side", "Who follows", "text"),
            Column("pp", "Points", "pp"),
            Column("pp_low", "95 % from", "pp"),
            Column("pp_high", "to", "pp"),
            Column("strength", "Strength, \u2212100 to 100", "points"),
            Column("strength_low", "95 % from", "points"),
            Column("strength_high", "to", "points"),
        ),
        pl.DataFrame([_side(row, name, text) for name, text in _SIDES.items()]), newest_first=False,
    )  # fmt: skip
    figure = differences(relation, names="side", value="pp", low="pp_low", high="pp_high", compared="is_shown")
    return Card(
        "direction", headline, SUBTITLE, metrics, relation, figure, describe_rows("Dot plot", relation), _basis(row),
        _keys(relation), wide=True, facts=cells(TABLE, row),
    )  # fmt: skip


def _side(row: Row, name: str, text: str) -> Row:
    side: Row = {"side": text, "is_shown": row[f"{name}_p"] <= SIGNIFICANT}
    return side | {figure: row[f"{name}_{figure}"] for figure in _FIGURES}


def _keys(relation: Relation) -> tuple[Key, ...]:
    flags = relation.flags("is_shown")
    filled, hollow = Key("c2", "dot", "more than chance"), Key("c2", "ring", "within chance")
    return (*([filled] if any(flags) else []), *([] if all(flags) else [hollow]), Key("c2", "band", "95 % interval"))


def _why(row: Row | None) -> str:
    if row is None:
        return "The roster names no executives with people of their own, or too few people to show."
    need = (
        f" An answer needs {row['n_needed_leaders']} executives who contribute in some weeks and not in others, each "
        f"with {row['n_needed_people']} people of their own in every week, and {row['n_needed_weeks']} weeks that "
        "follow four observed ones."
        if row["n_needed_leaders"] else ""
    )  # fmt: skip
    return f"{words.sentence(row['reason'])}.{need}"


def _basis(row: Row) -> str:
    """Over whom, what it compares, what it could have found, and what it cannot know."""
    people, leaders = (words.rounded(row[f"{name}_minimum_pp"], 1) for name in _SIDES)
    parts = [
        f"Over {words.count(row['n_leaders'], 'executive')} together and {words.count(row['n_weeks'], 'week')}; each "
        "side beside its own past and beside what all do in a week; answers to the executive do not count.",
        f"{words.sentence(row['reason'])}." if row["reason"] else "",
        f"People following by {people} points, or executives by {leaders}, would have been found in about four of five "
        "cases. The two are different measures: their strength, in the table, is what compares.",
        "What happens within the same week has no order here." if row["verdict"] == BOTH else "",
        "Going first is not causing: something else may move one side earlier than the other.",
    ]
    return " ".join(part for part in parts if part)
