"""The cards about how newcomers begin: what they do first, and after which beginnings they still contribute."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import Card, Key, describe_rows
from dashboards.facts import cells
from dashboards.figures.dots import dots
from dashboards.headlines import enabling as headlines
from dashboards.relation import Column, Relation
from dashboards.released import ALL, Released, Row
from models.comparison import Share, share_of
from models.metrics.entry import MINIMUM_GROUP

TABLE: Final = "rel_first_steps"
_STEPS: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("reaction", "any"): ("Reaction", "a reaction"),
    ("reply", "any"): ("Reply or comment", "a reply"),
    ("post", "any"): ("Post of their own", "a post of their own"),
    ("page", "any"): ("Page", "a page"),
    ("share", "any"): ("Bookmark or file", "a bookmark or file"),
    ("any", "small"): ("In a small space", ""),
    ("any", "large"): ("In a large space", ""),
}
"""Step and size of the space: its row, and how a sentence names it; sizes are in no sentence."""
_FIRST: Final = "What newcomers do first, and whether in a small or a large space, of all who began, all platforms"
_LASTING: Final = (
    "Share of newcomers who still contribute in weeks 5 to 8 after their first step, by what they began with, all "
    "platforms"
)
_SIZES: Final = "A small space had at most 15 contributors in the four weeks before; its size is not always known."
_REASONS: Final = ("Too few newcomers have begun after the first 90 days of the data",)
_KEYS: Final = (Key("c1", "dot", "share"), Key("c1", "band", "95 % interval"))


def first_steps_card(released: Released) -> Card:
    """What newcomers do first."""
    rows = _rows(released, "start_ratio")
    n_all = _n_starters(released)
    headline = headlines.first_steps(_shares(rows.with_columns(pl.lit(n_all).alias("n_all")), "n_starters", "n_all"))
    if rows.is_empty():
        return Card("first-steps", headline, _FIRST, ("first_steps",), note=_missing(released))
    relation = Relation(
        _FIRST,
        (
            Column("name", "First step", "text"),
            Column("start_ratio", "Of all who began", "ratio"),
            Column("start_ratio_low", "95 % from", "ratio"),
            Column("start_ratio_high", "to", "ratio"),
            Column("n_starters", "Newcomers", "count"),
        ),
        rows, newest_first=False,
    )  # fmt: skip
    figure = dots(relation, names="name", now="start_ratio", low="start_ratio_low", high="start_ratio_high",
                  labels=("began so", ""))  # fmt: skip
    last: date = rows["period_end"].max()  # type: ignore[assignment]
    note = (
        f"{words.count(n_all, 'newcomer')}, {_first_month(rows)} to {words.month(last)}. Reading leaves no "
        f"trace in exports, so the first step is the first one that others could see. {_SIZES}"
    )
    return Card("first-steps", headline, _FIRST, ("first_steps",), relation, figure,
                describe_rows("Dot plot", relation), note, _KEYS, facts=cells(TABLE, *_whole(released)))  # fmt: skip


def lasting_starts_card(released: Released) -> Card:
    """After which beginnings newcomers still contribute."""
    rows = _rows(released, "weeks_5_8_ratio")
    sizes = [share_of(row["n_on_5_8"], row["n_followed"]) for row in rows.filter(pl.col("said") == "").to_dicts()]
    headline = headlines.lasting_starts(_shares(rows, "n_on_5_8", "n_followed"), [share for share in sizes if share])
    if rows.is_empty():
        return Card("lasting-starts", headline, _LASTING, ("lasting_starts",), note=_missing(released))
    relation = Relation(
        _LASTING,
        (
            Column("name", "First step", "text"),
            Column("weeks_5_8_ratio", "Weeks 5 to 8", "ratio"),
            Column("weeks_5_8_ratio_low", "95 % from", "ratio"),
            Column("weeks_5_8_ratio_high", "to", "ratio"),
            Column("weeks_9_12_ratio", "Weeks 9 to 12", "ratio"),
            Column("n_followed", "Newcomers followed", "count"),
        ),
        rows, newest_first=False,
    )  # fmt: skip
    figure = dots(relation, names="name", now="weeks_5_8_ratio", low="weeks_5_8_ratio_low",
                  high="weeks_5_8_ratio_high", labels=("weeks 5 to 8", ""))  # fmt: skip
    note = (
        f"Newcomers who began from {_first_month(rows)} on and whose first 84 days are observed. People who begin "
        "differently differ otherwise too: that a beginning goes together with staying does not prove that it makes "
        f"people stay. Beginnings of fewer than {MINIMUM_GROUP} people are not shown; between two of 50 people each, "
        f"a difference is told from chance only if it is larger than about 27 points. {_SIZES}"
    )
    return Card("lasting-starts", headline, _LASTING, ("lasting_starts",), relation, figure,
                describe_rows("Dot plot", relation), note, _KEYS)  # fmt: skip


def _rows(released: Released, ratio: str) -> pl.DataFrame:
    """The rows in which `ratio` is known, in the order of `_STEPS`."""
    rows = _pooled(released).filter(pl.col(ratio).is_not_null())
    named = pl.DataFrame(
        [(*key, *names, place) for place, (key, names) in enumerate(_STEPS.items())],
        schema=["step", "space_size", "name", "said", "place"], orient="row",
    )  # fmt: skip
    return rows.join(named, on=["step", "space_size"]).sort("place")


def _shares(rows: pl.DataFrame, part: str, whole: str) -> list[tuple[str, Share]]:
    """The steps, sizes apart, as a sentence names them."""
    shares = [(row["said"], share_of(row[part], row[whole])) for row in rows.iter_rows(named=True)]
    return [(name, share) for name, share in shares if name and share]


def _pooled(released: Released) -> pl.DataFrame:
    return released.tables[TABLE].filter((pl.col("period_kind") == "history") & (pl.col("platform") == ALL))


def _n_starters(released: Released) -> int:
    return sum(row["n_starters"] or 0 for row in _whole(released))


def _whole(released: Released) -> list[Row]:
    """The row of all beginnings together, if there is one."""
    return _pooled(released).filter((pl.col("step") == "any") & (pl.col("space_size") == "any")).to_dicts()


def _first_month(rows: pl.DataFrame) -> str:
    return words.month(rows["period_start"].min())  # type: ignore[arg-type]


def _missing(released: Released) -> str:
    is_small = released.withholds("organisation_too_small")
    return headlines.missing(_REASONS, has_roster=released.has_roster, is_small=is_small)
