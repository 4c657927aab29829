"""The release policy of who goes first and of the layers of management: pure functions from marts to what may be seen.

Who goes first is a figure over all executives: it is told from a group of people on, ten by default, and not from the
five that do for counts of executives, because each of them is one series and the estimate itself needs ten.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from models.analyses.cascade import with_stop
from models.metrics.cascade import CANNOT_TELL
from models.metrics.direction import REFUSED
from models.release import ROSTER_TOO_SMALL, SMALLEST_COUNT, Policy, closed
from models.release.rows import PERIOD

FEW_LEADERS: Final = "too few executives to be shown as a group"
NEXT_NOT_SHOWN: Final = "the next layer is too small to be shown"
TOP: Final = 0
_HEAD: Final = (
    "period_kind", "period_start", "period_end", "platform", "unit", "is_complete", "n_observed_days", "n_eligible",
    "verdict", "reason",
)  # fmt: skip
"""What is told where nothing is estimable."""
_MONTH: Final = (*PERIOD, "unit")
_OF_NEXT: Final = ("drop_pp", "drop_pp_low", "drop_pp_high")
"""Figures from which the share of the next layer follows."""
_ASSOCIATION: Final = (
    "association_pp", "association_pp_low", "association_pp_high", "association_p", "association_minimum_pp",
    "n_managers", "n_reports",
)  # fmt: skip


def release_direction(
    mart: pl.DataFrame, outnumbered: Sequence[str], *, as_of: date, policy: Policy
) -> pl.DataFrame:
    """Who goes first on each platform, and why it cannot be told; of the platforms `outnumbered` nothing is told."""
    rows = closed(mart, as_of=as_of).filter((pl.col("unit") == "all") & (pl.col("n_eligible") >= policy.min_group))
    is_few = (pl.col("verdict") != REFUSED) & (pl.col("n_changing_leaders") < policy.min_group)
    why = pl.when(pl.col("platform").is_in(list(outnumbered))).then(pl.lit(ROSTER_TOO_SMALL))
    rows = rows.with_columns(why.when(is_few).then(pl.lit(FEW_LEADERS)).alias("_why"))
    rows = rows.with_columns(
        pl.when(pl.col("_why").is_null()).then("verdict").otherwise(pl.lit(REFUSED)).alias("verdict"),
        pl.coalesce("_why", "reason").alias("reason"),
    ).drop("_why")
    is_told = pl.col("verdict") != REFUSED
    always = {*_HEAD, *(name for name in rows.columns if name.startswith("n_needed_"))}
    told = [pl.when(is_told).then(pl.col(name)).alias(name) for name in rows.columns if name not in always]
    # one or two executives who never contribute, or always do, would be told apart by those who know the others
    n_others = pl.col("n_leaders") - pl.col("n_changing_leaders")
    changing = pl.when((n_others == 0) | (n_others >= SMALLEST_COUNT)).then(pl.col("n_changing_leaders"))
    return rows.with_columns(told).with_columns(changing.alias("n_changing_leaders")).sort("platform")


def release_cascade(
    mart: pl.DataFrame, breakdown: pl.DataFrame, outnumbered: pl.DataFrame, *, as_of: date, policy: Policy
) -> pl.DataFrame:
    """Closed months of the layers that `breakdown`, the released one, shows by name; never the top layer.

    It shows the same people and contributors of the same layers, with small layers together, so that no other choice
    may be made here: what one of the two held back would follow from the other. Nothing is told of the months
    `outnumbered` (period_kind, period_start, platform): the roster lacks people there.
    """
    of_layers = breakdown.filter((pl.col("dimension") == "layer") & (pl.col("unit") == "all"))
    named = of_layers.select(*_MONTH, pl.col("value").cast(pl.Int64, strict=False).alias("layer"))
    rows = (
        closed(mart, as_of=as_of)
        .filter((pl.col("layer") > TOP) & (pl.col("n_eligible") >= policy.min_group))
        .join(named, on=[*_MONTH, "layer"], how="semi")
        .join(outnumbered, on=PERIOD, how="anti")
        .sort("period_kind", "platform", "period_start", "layer")
    )
    return with_stop(_told(rows, policy))


def _told(rows: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The shown rows without what would tell of a layer that is not shown, or of few managers or reports."""
    below = rows.select(*_MONTH, (pl.col("layer") - 1).alias("layer"), pl.lit(value=True).alias("_has_next"))
    has_next = pl.col("_has_next").fill_null(value=False)
    is_group = (pl.col("n_managers") >= policy.min_group) & (pl.col("n_reports") >= policy.min_group)
    # the other people of the layer would follow from its managers
    n_others = pl.col("n_eligible") - pl.col("n_managers")
    counts = is_group & ((n_others == 0) | (n_others >= policy.min_group))
    keeps = dict.fromkeys(_OF_NEXT, has_next) | dict.fromkeys(_ASSOCIATION, is_group)
    keeps["n_active_managers"] = counts
    # those of unknown layer may stand among small layers in the breakdown, and would tell these apart
    keeps["n_without_layer"] = pl.col("n_without_layer") == 0
    is_open = ~has_next & (pl.col("verdict") != CANNOT_TELL)
    return (
        rows.join(below, on=[*_MONTH, "layer"], how="left", maintain_order="left")
        .with_columns(
            *(pl.when(kept).then(pl.col(name)).alias(name) for name, kept in keeps.items()),
            pl.when(is_open).then(pl.lit(CANNOT_TELL)).otherwise("verdict").alias("verdict"),
            pl.when(is_open).then(pl.lit(NEXT_NOT_SHOWN)).otherwise("reason").alias("reason"),
        )
        .drop("_has_next")
    )
