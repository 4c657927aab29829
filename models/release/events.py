"""The released cut of what changed at events, and of the charts that say which weeks and days are out of the ordinary.

Both are of the organisation and its platforms, and only of many people: see `models.release` for what all cuts share.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from models.metrics.before_after import REFUSED
from models.release import ROSTER_TOO_SMALL, Policy, closed

_NAMED: Final = frozenset({
    "period_kind", "period_start", "period_end", "platform", "unit", "is_complete", "n_observed_days", "n_eligible",
    "event", "title", "kind", "occurred_on", "last_on", "is_everywhere", "method", "reason",
})  # fmt: skip
"""What is told of an event in any case; a chart holds of it only the period."""


def release_before_after(
    mart: pl.DataFrame, outnumbered: Sequence[str], *, as_of: date, policy: Policy
) -> pl.DataFrame:
    """Events of a large organisation, those of some units only while they concern as many people; same columns.

    Figures of some units are told over all platforms only, as everywhere. The people whom an event does not concern
    must be as many too, or the organisation's figures less the event's would be theirs; how many it concerns is not
    told. Of the platforms `outnumbered` nothing is estimated: at times, more people were active than the roster holds.
    """
    rest = pl.col("n_eligible") - pl.col("n_concerned")
    is_many = (pl.col("n_concerned") >= policy.min_daily) & ((rest == 0) | (rest >= policy.min_daily))
    is_shown = pl.col("is_everywhere") | (is_many.fill_null(value=False) & (pl.col("platform") == "all"))
    rows = closed(mart, as_of=as_of).filter(
        (pl.col("unit") == "all") & (pl.col("n_eligible") >= policy.min_daily) & is_shown
    )
    is_doubtful = pl.col("platform").is_in(outnumbered)
    withheld = [
        pl.when(~is_doubtful).then(pl.col(name)).alias(name) for name in rows.columns if name not in _NAMED
    ]
    return rows.with_columns(
        *withheld,
        pl.when(is_doubtful).then(pl.lit(REFUSED)).otherwise("method").alias("method"),
        pl.when(is_doubtful).then(pl.lit(ROSTER_TOO_SMALL)).otherwise("reason").alias("reason"),
    ).with_columns(
        pl.when("is_everywhere").then("n_concerned").alias("n_concerned"),
        pl.when("is_everywhere").then("n_units").alias("n_units"),
    ).sort("platform", "event")  # fmt: skip


def release_control_chart(
    mart: pl.DataFrame, outnumbered: Sequence[str], *, as_of: date, policy: Policy
) -> pl.DataFrame:
    """Closed weeks of the organisation and its platforms, and days of the organisation, while it is large.

    Of the platforms `outnumbered` no figure is told, in any week: limits rest on weeks that the roster cannot carry.
    """
    is_shown = (pl.col("period_kind") != "day") | (pl.col("platform") == "all")
    rows = closed(mart, as_of=as_of).filter(
        (pl.col("unit") == "all") & (pl.col("n_eligible") >= policy.min_daily) & is_shown
    )
    is_doubtful = pl.col("platform").is_in(outnumbered)
    withheld = [pl.when(~is_doubtful).then(pl.col(name)).alias(name) for name in rows.columns if name not in _NAMED]
    return rows.with_columns(withheld).sort("period_kind", "platform", "period_start")
