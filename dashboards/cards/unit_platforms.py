"""The card of units on platforms: a table of two dimensions, in which what may not be told is grey and says so."""

from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import Card
from dashboards.cards.groups import IN_FIVES
from dashboards.headlines.unit_platforms import unit_platforms
from dashboards.relation import Column, Relation
from dashboards.released import OTHER_UNITS, Released

TABLE: Final = "rel_unit_platforms"
RATIO: Final = "contributor_ratio"
METRICS: Final = ("unit_platforms",)
SUBTITLE: Final = "Share of each unit\u2019s people who contribute on each platform, latest whole month"
GREY: Final = (
    "Grey: where fewer than three people of a unit contribute, or fewer than three do not, only \u201cat most\u201d or "
    "\u201cat least\u201d is told; \u201cnot told\u201d is what other figures would give away, or what would tell of "
    "few people together with them."
)
NOTHING: Final = "It takes a whole month, two units or more that are large enough to be shown, and their platforms."


def unit_platforms_card(released: Released) -> Card:
    """The last complete month in which anything is told of a unit on a platform."""
    is_told = pl.col(RATIO).is_not_null() | pl.col(f"{RATIO}_high").is_not_null()
    months = released.tables[TABLE].filter(pl.col("is_complete"))
    starts = months.filter(is_told)["period_start"].unique().sort().to_list()
    rows = months.filter(pl.col("period_start").is_in(starts[-1:]))
    period = words.month(starts[-1]) if starts else ""
    platforms = sorted(rows["platform"].unique())
    shares = {
        words.platform(name): rows.filter(pl.col("platform") == name)[RATIO].drop_nulls().to_list()
        for name in platforms
    }
    head = ("unit-platforms", unit_platforms(shares, period=period), SUBTITLE, METRICS)
    if rows.is_empty():
        return Card(*head, note=NOTHING, wide=True)
    frame = _wide(rows, platforms)
    relation = Relation(
        f"Units on platforms, {period}",
        (
            Column("unit", "Unit", "text"),
            Column("n_eligible", "People", "count"),
            *(Column(f"share_{at}", words.platform(name), "ratio", missing=words.NOT_TOLD,
                     bounds=(f"low_{at}", f"high_{at}")) for at, name in enumerate(platforms)),
        ),
        frame, newest_first=False,
    )  # fmt: skip
    note = f"Somebody who contributes on two platforms counts on both. {GREY} {IN_FIVES}"
    return Card(*head, relation, note=note, wide=True)


def _wide(rows: pl.DataFrame, platforms: list[str]) -> pl.DataFrame:
    """A row per unit, the merged ones last, and the shares of each platform side by side."""
    frame = rows.select("unit", "n_eligible").unique("unit").sort(pl.col("unit") == OTHER_UNITS, "unit")
    for at, name in enumerate(platforms):
        own = rows.filter(pl.col("platform") == name).select(
            "unit", pl.col(RATIO).alias(f"share_{at}"), pl.col(f"{RATIO}_low").alias(f"low_{at}"),
            pl.col(f"{RATIO}_high").alias(f"high_{at}"),
        )  # fmt: skip
        frame = frame.join(own, on="unit", how="left", maintain_order="left")
    return frame
