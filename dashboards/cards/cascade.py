"""The card that answers below which layer of management participation stops, or says that nobody can tell."""

from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import Card, Key, describe_rows
from dashboards.cards.groups import group_note
from dashboards.facts import cells
from dashboards.figures.dots import dots
from dashboards.headlines import SIGNIFICANT
from dashboards.headlines import leading as headlines
from dashboards.relation import Column, Relation
from dashboards.released import Released, Row

TABLE: Final = "rel_cascade"
SUBTITLE: Final = "Share who contribute by layer of management, all platforms, in the last complete month"
NOBODY: Final = (
    "The roster holds no layers or managers, or no complete month has layers of 10 people or more below the top one."
)
LOW, HIGH = "contributor_ratio_low", "contributor_ratio_high"
_METRICS: Final = ("layer_step", "layer_association")
_UNKNOWN: Final = "\u2013"


def cascade_card(released: Released) -> Card:
    """The card of the last complete month."""
    rows = _latest(released)
    if rows.is_empty():
        headline = headlines.cascade([], period="")
        return Card("cascade", headline, SUBTITLE, _METRICS, note=NOBODY, wide=True)
    period = words.month(rows["period_start"][0])
    layers = rows.to_dicts()
    relation = Relation(
        f"{SUBTITLE}: {period}",
        (
            Column("name", "Layer", "text"),
            Column("n_eligible", "People", "count"),
            Column("contributor_ratio", "Share who contribute", "ratio", missing=words.NOT_TOLD, bounds=(LOW, HIGH)),
            Column(LOW, "95 % from", "ratio", missing=_UNKNOWN),
            Column(HIGH, "to", "ratio", missing=_UNKNOWN),
            Column("drop_pp", "More than in the next layer, points", "pp", missing=_UNKNOWN),
            Column("association_pp", "Reports more where their manager does, points", "pp", missing=_UNKNOWN),
            Column("association_pp_low", "95 % from", "pp", missing=_UNKNOWN),
            Column("association_pp_high", "to", "pp", missing=_UNKNOWN),
            Column("verdict", "Below it, participation", "text"),
        ),
        rows.with_columns(
            pl.Series("name", [words.sentence(headlines.layer(row["layer"])) for row in layers]),
            pl.lit(None, dtype=pl.Float64).alias("before"),
        ),
        newest_first=False,
    )  # fmt: skip
    figure = dots(
        relation, names="name", now="contributor_ratio", low=LOW, high=HIGH, then="before", labels=(period, ""),
    )  # fmt: skip
    return Card(
        "cascade", headlines.cascade(layers, period=period), f"{SUBTITLE}: {period}", _METRICS, relation,
        figure, describe_rows("Dot plot", relation), f"{_basis(layers)} {group_note(relation)}",
        (Key("c1", "band", "95 % interval"),), wide=True, facts=cells(TABLE, *layers),
    )  # fmt: skip


def _latest(released: Released) -> pl.DataFrame:
    """The layers of the last complete month in which anything is told of shares, from the top down."""
    rows = released.tables[TABLE].filter("is_complete")
    told = rows.filter(pl.col("contributor_ratio").is_not_null() | pl.col(HIGH).is_not_null())
    return rows.filter(pl.col("period_start") == pl.lit(told["period_start"].max(), dtype=pl.Date)).sort("layer")


def _basis(layers: list[Row]) -> str:
    """How reports go with their managers, over whom, and what it cannot know."""
    said = [text for row in layers if (text := _association(row))]
    return " ".join([
        "The top layer is never shown, nor a layer of few people. A drop is one of at least ten points, or by half, "
        "that is larger than chance.",
        *(said or ["Of no layer can it be told whether people contribute more where their manager does."]),
        "Reports are compared with others of the same unit, in the same month: going together does not say who follows "
        "whom, and answers to the manager count.",
    ])  # fmt: skip


def _association(row: Row) -> str:
    """What is known of the reports of a layer's managers."""
    if row["association_pp"] is None:
        return ""
    who = f"reports of {words.count(row['n_managers'], is_coarse=True)} managers of the {headlines.layer(row['layer'])}"
    low, high = words.signed(row["association_pp_low"]), words.signed(row["association_pp_high"])
    bounds = f"between {low} and {high} points"
    if row["association_p"] > SIGNIFICANT:
        least = words.rounded(row["association_minimum_pp"], 0)
        return (
            f"Whether the manager contributes goes with no clear difference among {who} ({bounds}; a difference of "
            f"{least} points would have been found in four of five cases)."
        )
    more = "more" if row["association_pp"] > 0 else "less"
    return f"Where the manager contributes, {who} contribute {more} ({bounds})."
