"""The card about public spaces that have lost the people who kept them."""

from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import Card, Key
from dashboards.cards.time import time_card
from dashboards.figures.lines import Series
from dashboards.headlines import enabling as headlines
from dashboards.relation import Column
from dashboards.released import ALL, Released, Row
from models.metrics.entry import MINIMUM_GROUP

TABLE: Final = "rel_stewardship"


def latest_kept(released: Released, platform: str = ALL) -> Row | None:
    """The last month in which it is known which spaces lost their main contributors."""
    months = _known_from(released.series(TABLE, "month", platform=platform))
    known = months.drop_nulls("n_spaces").filter(pl.any_horizontal(pl.col("n_left", "n_silent").is_not_null()))
    return known.row(-1, named=True) if known.height else None


def stewardship_card(released: Released, platform: str = ALL, *, card_id: str = "stewardship") -> Card:
    """Public spaces whose main contributors left or fell silent, or that rest on one person, by month."""
    months = _known_from(released.series(TABLE, "month", platform=platform))
    now = latest_kept(released, platform)
    place = "over all platforms" if platform == ALL else f"on {words.platform(platform)}"
    return time_card(
        card_id, headlines.stewardship(now, period=words.month(now["period_start"]) if now else ""),
        "Share of public spaces that lost all their main contributors, or rest on one person, by month",
        ("spaces_left", "spaces_silent", "spaces_on_one"), months,
        columns=(
            Column("left_ratio", "All left", "ratio", missing="not known", complete="is_complete"),
            Column("silent_ratio", "All silent", "ratio", missing="not known", complete="is_complete"),
            Column("on_one_ratio", "Rest on one person", "ratio", missing="not known", complete="is_complete"),
            Column("n_left", "Spaces left", "count", missing="not known"),
            Column("n_silent", "Spaces silent", "count", missing="not known"),
            Column("n_on_one", "Spaces on one person", "count", missing="not known"),
            Column("n_spaces", "Public spaces in use", "count", missing="not known"),
        ),
        series=[
            Series("on_one_ratio", "On one", "c3", 2),
            Series("silent_ratio", "Silent", "c2"),
            Series("left_ratio", "Left", "c1"),
        ],
        kind="month", axis="ratio", gap=Key("soft", "hatch", "not known, or too few"),
        missing=headlines.missing(
            (f"Twelve months of data are needed, and at least {MINIMUM_GROUP} public spaces in use",),
            has_roster=released.has_roster, is_small=released.withholds("organisation_too_small"),
        ),
        note=f"{words.sentence(place)}. Main contributors are the fewest people who made at least half of the "
        "contributions of twelve months; exports do not name who created a space. Who is silent has contributed "
        "nowhere for 90 observed days. A space without them may still be read and looked after. Every space is "
        "counted, so there is no chance in these shares; contributions on days that were not observed are missing "
        "from them.",
    )  # fmt: skip


def _known_from(months: pl.DataFrame) -> pl.DataFrame:
    """The months from the first known one on, each taken as whole.

    A month stands for the twelve that end with it, so whether this one is wholly observed says little.
    """
    is_known = pl.col("n_spaces").is_not_null()
    first = months.filter(is_known)["period_start"].min()
    return months.filter(pl.col("period_start") >= pl.lit(first, pl.Date)).with_columns(is_known.alias("is_complete"))
