"""The card of the departments of one unit beside the unit as a whole; a unit without departments has none."""

from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import Card, Key, describe_rows
from dashboards.cards.groups import group_note
from dashboards.figures.dots import dots
from dashboards.headlines import beside as headlines
from dashboards.periods import share
from dashboards.relation import Column, Relation
from dashboards.released import Released, Row
from dashboards.unit_state import HIGH, JUDGEMENTS, LOW, RATIO, UnitState
from models.comparison import Verdict, compare_groups

TABLE: Final = "rel_breakdown"
METRICS: Final = ("breakdown_contributor_ratio",)


def unit_departments_card(released: Released, state: UnitState) -> Card | None:
    """The departments in the month of the page, in order of their names; None where none is released."""
    if state.now is None:
        return None
    rows = _departments(released, state.unit, state.now)
    if rows.is_empty():
        return None
    verdicts = [_verdict(row, state.now) for row in rows.to_dicts()]
    said = [JUDGEMENTS[verdict] if verdict else None for verdict in verdicts]
    judged = rows.with_columns(pl.Series("judgement", said, dtype=pl.String))
    whole = {"value": "Whole unit", "judgement": None} | {
        name: state.now[name] for name in ("n_eligible", RATIO, LOW, HIGH)
    }
    first = pl.DataFrame([whole], schema={name: judged.schema[name] for name in whole})
    subtitle = f"Share of each department\u2019s people who contribute, all platforms, {state.month}"
    relation = Relation(
        subtitle,
        (
            Column("value", "Department", "text"),
            Column("n_eligible", "People", "count"),
            Column(RATIO, "Share", "ratio", missing=words.NOT_TOLD, bounds=(LOW, HIGH)),
            Column(LOW, "95 % from", "ratio", missing="\u2013"),
            Column(HIGH, "to", "ratio", missing="\u2013"),
            Column("judgement", "Than the unit", "text", missing="\u2013"),
        ),
        pl.concat([first, judged.select(*whole)]).with_columns(is_coarse=pl.lit(value=True)), newest_first=False,
    )  # fmt: skip
    return Card(
        "unit-departments", headlines.departments(verdicts, month=state.month), subtitle, METRICS, relation,
        dots(relation, names="value", now=RATIO, low=LOW, high=HIGH, labels=(state.month, "")),
        describe_rows("Dot plot by department", relation),
        f"In the order of their names; small departments are together. {group_note(relation)}",
        (Key("c1", "dot", state.month), Key("c1", "band", "95 % interval")), wide=True,
    )  # fmt: skip


def _departments(released: Released, unit: str, now: Row) -> pl.DataFrame:
    """The rows of the month, each named without its unit."""
    rows = released.tables[TABLE].filter(
        (pl.col("unit") == unit) & (pl.col("dimension") == "department") & (pl.col("period_kind") == "month")
        & (pl.col("period_start") == now["period_start"]) & pl.col("is_complete")
    )  # fmt: skip
    return rows.with_columns(pl.col("value").str.strip_prefix(f"{unit} / ")).sort("value")


def _verdict(row: Row, unit: Row) -> Verdict | None:
    own, whole = share(row | {"is_coarse": True}), share(unit)
    return compare_groups(own, whole) if own and whole else None
