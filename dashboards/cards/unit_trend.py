"""The card of one unit against the whole organisation, month by month: the unit in blue, the organisation in grey."""

from typing import Final

import polars as pl

from dashboards.cards import UNOBSERVED, Card
from dashboards.cards.time import gap_key, time_card, within_complete
from dashboards.figures.lines import Series
from dashboards.headlines import beside as headlines
from dashboards.relation import Column
from dashboards.released import Released
from dashboards.unit_state import HIGH, LOW, RATIO, TABLE, UnitState

WHOLE: Final = "whole"
SUBTITLE: Final = "Share of people who contribute in this unit and in the whole organisation, all platforms, by month"


def unit_trend_card(released: Released, state: UnitState) -> Card:
    """The months of the unit, with the organisation's share in each of them."""
    own = released.series(TABLE, "month", unit=state.unit)
    whole = released.series(TABLE, "month").select(
        "period_start", pl.col(RATIO).alias(WHOLE), pl.col("is_complete").alias("is_whole_complete"),
        pl.col(LOW).alias("whole_low"), pl.col(HIGH).alias("whole_high"),
    )  # fmt: skip
    months = own.join(whole, on="period_start", how="left", maintain_order="left") if own.height else own
    return time_card(
        "unit-months",
        headlines.beside(state.verdict, state.share, state.whole_share, month=state.month, band=state.band),
        SUBTITLE, ("contributor_ratio",), within_complete(months, LOW, HIGH) if months.height else months,
        columns=(
            Column("n_contributors", "Contributors", "count", missing="not told"),
            Column("n_eligible", "People", "count", missing="not shown"),
            Column(RATIO, "This unit", "ratio", complete="is_complete", bounds=(LOW, HIGH)),
            Column(LOW, "95 % from", "ratio", missing="\u2013"),
            Column(HIGH, "to", "ratio", missing="\u2013"),
            Column(WHOLE, "Whole organisation", "ratio", complete="is_whole_complete",
                   bounds=("whole_low", "whole_high")),
        ),
        series=[
            Series(WHOLE, "Organisation", "muted", 1.5, complete="is_whole_complete"),
            Series(RATIO, "This unit", "c1", 2.5, LOW, HIGH),
        ],
        kind="month", axis="ratio", wide=True, height=340,
        gap=gap_key(months, RATIO, LOW) if months.height else UNOBSERVED,
        note="The unit\u2019s people are part of the whole organisation.",
        missing="No closed month of the unit holds an observed day that can be shown.",
    )  # fmt: skip
