"""Who came and went, told so that it gives no single leaver away: counts of the contributors of the period before.

They are counted as the period before is known now, and as published it may be one person more or less.
"""

from typing import Final

import polars as pl

from models.release.policy import SMALLEST_COUNT, Policy
from models.release.rows import PERIOD

_SCOPE: Final = ["period_kind", "platform", "unit"]
_WENT: Final = ("n_lapsed", "n_left", "quick_ratio", "quick_with_left_ratio")
_OF_THE_SPLIT: Final = ("n_left", "quick_ratio")


def leavers(eligible: pl.DataFrame) -> pl.DataFrame:
    """How many people who were counted in the period before are so no more: one row per period and platform of such.

    `eligible` is `prep_eligible`: period_kind, period_start, platform, person_id.
    """
    key = list(PERIOD)
    people = eligible.select(*key, "person_id")
    starts = people.select("period_kind", "period_start").unique().sort("period_kind", "period_start")
    follow = starts.with_columns(_next=pl.col("period_start").shift(-1).over("period_kind")).drop_nulls()
    then = people.join(follow, on=["period_kind", "period_start"]).with_columns(period_start=pl.col("_next"))
    gone = then.join(people, on=[*key, "person_id"], how="anti")
    return gone.group_by(key).agg(pl.len().cast(pl.Int64).alias("n_gone"))


def together_where_few_left(rows: pl.DataFrame, left: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Rows of `rel_active_users` with those who left among those who fell silent, where they are no group.

    `left` says how many people left (`leavers`). They are a group if, whichever of them are in one unit, two more are
    not or the unit has enough of them, and if neither nearly all nor nearly none of them contributed before.
    """
    n_gone = pl.col("n_gone").fill_null(0)
    is_group = (
        (n_gone >= policy.min_group + SMALLEST_COUNT - 1)
        & (pl.col("n_left") >= SMALLEST_COUNT)
        & (n_gone - pl.col("n_left") >= SMALLEST_COUNT)
    )
    is_told = (n_gone == 0) | is_group.fill_null(value=False)
    both = pl.when(is_told).then("n_lapsed").otherwise(pl.col("n_lapsed") + pl.col("n_left"))
    marked = rows.join(left, on=PERIOD, how="left", maintain_order="left")
    return marked.with_columns(
        both.alias("n_lapsed"), *(pl.when(is_told).then(pl.col(name)).alias(name) for name in _OF_THE_SPLIT)
    ).select(rows.columns)


def without_what_came_late(fresh: pl.DataFrame, again: pl.DataFrame, corrected: pl.DataFrame) -> pl.DataFrame:
    """`fresh` rows, less who went where the period before is told, in `again`, as it was known before.

    Who came and went, added up, is how many contributed then as it is known now; beside how many were told, that is
    what late data changed, which may be of one person. Where the roster was corrected since (`corrected`: period_kind,
    period_start, platform) that there is no difference would tell of those corrected too.
    """
    if "n_lapsed" not in fresh.columns or again.is_empty():
        return fresh
    known = corrected.with_columns(_is_corrected=True)
    then = again.join(known, on=PERIOD, how="left")
    before = then.select(
        *_SCOPE, "_is_corrected", (pl.col("period_end") + pl.duration(days=1)).alias("period_start"),
        pl.col("n_contributors").alias("_told"),
    )  # fmt: skip
    marked = fresh.join(before, on=[*_SCOPE, "period_start"], how="left", maintain_order="left")
    n_now = pl.col("n_retained") + pl.col("n_lapsed") + pl.col("n_left").fill_null(0)
    differs = pl.any_horizontal("_is_corrected", n_now != pl.col("_told")).fill_null(value=False)
    return marked.with_columns(pl.when(~differs).then(pl.col(name)).alias(name) for name in _WENT).select(fresh.columns)
