"""The card that says which public spaces live: a table of those that may be named."""

from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import Card
from dashboards.cards.space_scope import EVERYTHING, SpaceScope
from dashboards.facts import cells
from dashboards.headlines.life import NOUNS
from dashboards.headlines.spaces import NAMED, spaces
from dashboards.numbers import Fact
from dashboards.relation import Column, Relation
from dashboards.released import Released
from models.metrics.spaces import STATES

TABLE: Final = "rel_spaces"
METRICS: Final = ("space_names", "space_contributors", "space_unnamed")
SUBTITLE: Final = "Public spaces by name, as of the last closed month of each platform"
_READING: Final = "Reading is not seen: a space in which nobody writes may still be read."


def spaces_card(released: Released, scope: SpaceScope = EVERYTHING) -> Card:
    """All spaces that the release names of the newest month of each platform, those that live first, then by size."""
    state = pl.col("state").replace_strict({name: at for at, name in enumerate(STATES)}, return_dtype=pl.Int64)
    months = released.tables[TABLE].filter(pl.col("subject").is_in(scope.kinds))
    if not scope.is_whole:
        months = months.filter(pl.col("platform").is_in(scope.platforms))
    rows = months.filter(pl.col("period_start") == pl.col("period_start").max().over("platform")).sort(
        state, -pl.col("n_contributors"), "label", "platform", "workspace", "subject", nulls_last=True
    )  # fmt: skip
    head = ("spaces" if scope.is_whole else f"{scope.name}-spaces", spaces(rows.to_dicts()), SUBTITLE, METRICS)
    named = (
        f"A space is named if it is public, nobody\u2019s own, and at least {released.min_group} different people ever "
        "contributed to it, as far as exports tell"
    )
    if rows.is_empty():
        return Card(*head, note=f"{named}; there is none yet.", wide=True)
    frame = rows.with_columns(
        platform_name=pl.Series([words.platform(name) for name in rows["platform"]], dtype=pl.String),
        kind=pl.Series([NOUNS[subject][0] for subject in rows["subject"]], dtype=pl.String),
    )
    relation = Relation(
        SUBTITLE,
        (
            Column("label", "Space", "text"),
            Column("platform_name", "Platform", "text"),
            Column("workspace", "Workspace", "text"),
            Column("kind", "Kind", "text"),
            Column("state", "State", "text"),
            Column("first_month", "First contribution seen", "month", missing="none"),
            Column("period_start", "As of the end of", "month"),
            Column("n_contributors", "Contributors in this month, in fives", "count", missing=words.NOT_TOLD,
                   complete="is_complete"),
        ),
        frame, newest_first=False,
    )  # fmt: skip
    note = " ".join(part for part in (
        f"{named}. Contributors of the month are told only of {released.min_group} or more, in fives.",
        _others(frame), _READING,
    ) if part)  # fmt: skip
    return Card(*head, relation, note=note, wide=True, facts=_unnamed(frame))


def _unnamed(rows: pl.DataFrame) -> tuple[Fact, ...]:
    """How many spaces of a state a sentence does not name, and how many the release has no name for."""
    counts = rows.group_by("state", maintain_order=True).len().rows()
    hidden = rows.unique(("platform", "subject")).sort("platform", "subject").to_dicts()
    return (
        *(Fact(f"spaces/state/rows with {state} but the first", n - NAMED, "count") for state, n in counts),
        *cells(TABLE, *hidden),
    )


def _others(rows: pl.DataFrame) -> str:
    """How many spaces have no name here; of kinds of which none has one nothing is told."""
    counts = rows.unique(("platform", "subject")).filter(pl.col("n_unnamed") > 0).sort("platform", "subject")
    told = [
        f"{words.count(n, *NOUNS[subject])} on {words.platform(platform)}"
        for platform, subject, n in counts.select("platform", "subject", "n_unnamed").rows()
    ]
    return f"Counted only, without a name: {words.listed(told)}." if told else ""
