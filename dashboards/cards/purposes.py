"""The card that says which uses of public spaces live, by what the settings say the spaces are for."""

from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import Card, Key, describe_rows
from dashboards.figures.dots import dots
from dashboards.headlines import trials as headlines
from dashboards.relation import Column, Relation
from dashboards.released import ALL, Released, Row, reference
from models.comparison import share_of
from models.metrics import MINIMUM_DAILY
from models.metrics.purposes import PURPOSES, UNLABELLED

TABLE: Final = "rel_purposes"
METRICS: Final = ("contributors_by_purpose", "alive_spaces_by_purpose")
SUBTITLE: Final = "Share who contribute to public spaces, by what the spaces are for, all platforms, latest whole month"
UNLABELLED_ONLY: Final = (
    "For no public space that is there do the settings say whether it is for documents, ideas, communication, events "
    "or learning; whoever runs this report can add that."
)
NOT_SHOWN: Final = (
    f"It takes a fully observed month and an organisation of at least {MINIMUM_DAILY} people that the roster holds."
)
NOTE: Final = (
    "A purpose is what the settings say of a space by its name, not what is written there. A space is alive if "
    "somebody contributed in the month; one that is only read counts as silent. Somebody who contributes to spaces of "
    "two purposes counts in both. Uses are called different only where their intervals do not overlap."
)
NO_PURPOSE: Final = "No purpose given"


def purposes_card(released: Released) -> Card:
    """The last complete month of all platforms, beside an earlier one."""
    months = released.tables[TABLE].filter(
        (pl.col("platform") == ALL) & pl.col("is_complete") & pl.col("contributor_ratio").is_not_null()
    )
    now = _latest(months)
    if not now or not any(now[purpose]["n_spaces"] for purpose in now if purpose != UNLABELLED):
        return Card(
            "purposes", "No space is labelled with a purpose yet" if now else headlines.purposes([], [], noun="",
            period=""), SUBTITLE, METRICS, note=UNLABELLED_ONLY if now else NOT_SHOWN,
        )  # fmt: skip
    # without a roster accounts only gather, so that earlier shares of them mislead
    earlier = months if released.has_roster else months.clear()
    rows = [_row(earlier, now[purpose]) for purpose in (*PURPOSES, UNLABELLED) if now.get(purpose, {}).get("n_spaces")]
    period = words.month(next(iter(now.values()))["period_start"])
    before = next((words.month(row["then_start"]) for row in rows if row["then_start"]), "")
    relation = Relation(
        f"Contributors by purpose, {period}",
        (
            Column("name", "Spaces for", "text"),
            Column("n_spaces", "Spaces", "count"),
            Column("n_alive", "Alive", "count"),
            Column("now", period, "ratio"),
            Column("low", "95 % from", "ratio"),
            Column("high", "to", "ratio"),
            Column("then", before or "Earlier", "ratio", missing="not shown"),
        ),
        pl.DataFrame(rows, schema_overrides={"then": pl.Float64, "then_start": pl.Date}), newest_first=False,
    )  # fmt: skip
    figure = dots(relation, names="name", now="now", low="low", high="high", then="then", labels=(period, before))
    keys = [Key("c1", "dot", period), Key("c1", "band", "95 % interval"), Key("n", "ring", before)]
    labelled = [now[purpose] for purpose in PURPOSES if purpose in now and now[purpose]["n_spaces"]]
    alive = [(row["purpose"], share_of(row["n_contributors"], row["n_eligible"])) for row in labelled if row["n_alive"]]
    silent = [row["purpose"] for row in labelled if not row["n_alive"]]
    headline = headlines.purposes(
        [(purpose, share) for purpose, share in alive if share], silent, noun=released.people, period=period
    )
    return Card(
        "purposes", headline, SUBTITLE, METRICS, relation, figure, describe_rows("Dot plot", relation), NOTE,
        tuple(keys if before else keys[:2]),
    )  # fmt: skip


def _latest(months: pl.DataFrame) -> dict[str, Row]:
    """The last complete month by purpose."""
    last = months.filter(pl.col("period_start") == pl.col("period_start").max()).sort("purpose")
    return {row["purpose"]: row for row in last.to_dicts()}


def _row(months: pl.DataFrame, now: Row) -> Row:
    series = months.filter(pl.col("purpose") == now["purpose"]).sort("period_start")
    then = reference(series, "contributor_ratio", now, kind="month")
    name = NO_PURPOSE if now["purpose"] == UNLABELLED else words.sentence(now["purpose"])
    return {
        "name": name, "n_spaces": now["n_spaces"], "n_alive": now["n_alive"], "now": now["contributor_ratio"],
        "low": now["contributor_ratio_low"], "high": now["contributor_ratio_high"],
        "then": then["contributor_ratio"] if then else None, "then_start": then["period_start"] if then else None,
    }  # fmt: skip
