"""The card that sets the number of platforms that units use beside the share of their people who contribute."""

from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import Card, Key, describe_rows
from dashboards.cards.groups import group_note
from dashboards.facts import cells
from dashboards.figures.dots import dots
from dashboards.headlines import trials as headlines
from dashboards.relation import Column, Relation
from dashboards.released import Released, Row
from models.comparison import Share, share_of
from models.metrics import MINIMUM_DAILY

TABLE: Final = "rel_tools"
METRICS: Final = ("contributors_by_platforms_offered",)
SUBTITLE: Final = "Share who contribute on any platform, by number of platforms in use in the unit, latest whole month"
NOT_SHOWN: Final = (
    "It takes a roster with units, a fully observed month, two units or more that use one number of platforms "
    f"and two or more that use another, and an organisation of at least {MINIMUM_DAILY} people."
)
NOTE: Final = (
    "Over the units that are shown by name; a platform is in use in a unit if anybody in it ever contributed to it. So "
    "this must partly be so: of many contributors one is sooner found on one more platform, and it does not say that "
    "another platform would bring more people in, or keep them away. The interval is over people; with so few units "
    "one of them can make the difference."
)


def tools_card(released: Released) -> Card:
    """The last complete month in which two groups of units can be shown."""
    is_told = pl.col("contributor_ratio").is_not_null() | pl.col("contributor_ratio_high").is_not_null()
    months = released.tables[TABLE].filter((pl.col("period_kind") == "month") & pl.col("is_complete") & is_told)
    if months.is_empty():
        headline = headlines.tools(None, None, noun=released.people, period="")
        return Card("tools", headline, SUBTITLE, METRICS, note=NOT_SHOWN, wide=True)
    frame = months.filter(pl.col("period_start") == pl.col("period_start").max()).sort("n_platforms_offered")
    groups = frame.to_dicts()
    frame = frame.with_columns(
        pl.Series("group", [words.count(row["n_platforms_offered"], "platform") for row in groups])
    )
    period = words.month(groups[0]["period_start"])
    relation = Relation(
        f"Contributors by number of platforms in use, {period}",
        (
            Column("group", "Offered to the unit", "text"),
            Column("n_units", "Units", "count"),
            Column("n_people", "People", "count"),
            Column(
                "contributor_ratio", "Share who contribute", "ratio",
                bounds=("contributor_ratio_low", "contributor_ratio_high"),
            ),
            Column("contributor_ratio_low", "95 % from", "ratio"),
            Column("contributor_ratio_high", "to", "ratio"),
        ),
        frame, newest_first=False,
    )  # fmt: skip
    figure = dots(
        relation, names="group", now="contributor_ratio", low="contributor_ratio_low", high="contributor_ratio_high",
        labels=(period, ""),
    )  # fmt: skip
    headline = headlines.tools(_group(groups[0]), _group(groups[-1]), noun=released.people, period=period)
    return Card(
        "tools", headline, SUBTITLE, METRICS, relation, figure, describe_rows("Dot plot", relation),
        f"{NOTE} {group_note(relation)}",
        (Key("c1", "dot", period), Key("c1", "band", "95 % interval")), wide=True, facts=cells(TABLE, *groups),
    )  # fmt: skip


def _group(row: Row) -> tuple[int, Share] | None:
    share = share_of(row["n_contributors"], row["n_people"], is_coarse=True)
    return (row["n_platforms_offered"], share) if share else None
