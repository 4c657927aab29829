"""Which figures a roster cannot carry in periods in which more people were active than it holds.

Which periods those are is found in `pipelines.roster_size`; thresholds of groups are in `models.release`.
"""

from typing import Final

import polars as pl

from models.metrics import MARTS

_KEY: Final = ("period_kind", "period_start", "platform")
_KEPT: Final = frozenset({
    *_KEY, "period_end", "unit", "is_complete", "n_observed_days", "n_eligible", "n_outside",
    *(column.name for mart in MARTS.values() for column in mart.columns if not column.is_nullable),
})  # fmt: skip


def withhold_shares(rows: pl.DataFrame, outnumbered: pl.DataFrame) -> pl.DataFrame:
    """The rows with every figure about people unknown (NULL) in the periods and platforms of `outnumbered`.

    A share over 100 % is never clipped, and one below it is no better if the roster lacks people: so neither is told,
    nor a count from which it could be worked out, in any unit. Days are unknown within such a week or month. The rows
    stay, in their order, with the people on the roster and those outside it; by these the pages know why.
    """
    is_affected = pl.col("_is_affected").fill_null(value=False)
    unknown = [
        pl.when(is_affected).then(None).otherwise(pl.col(name)).alias(name)
        for name in rows.columns
        if name not in _KEPT
    ]
    marked = rows.join(_affected(outnumbered), on=_KEY, how="left", maintain_order="left")
    return marked.with_columns(unknown).select(rows.columns)


def _affected(outnumbered: pl.DataFrame) -> pl.DataFrame:
    days = outnumbered.select("platform", pl.date_ranges("period_start", "period_end").alias("period_start"))
    of_days = days.explode("period_start").select(pl.lit("day").alias("period_kind"), "period_start", "platform")
    affected = pl.concat([outnumbered.select(_KEY), of_days]).unique()
    return affected.with_columns(pl.lit(value=True).alias("_is_affected"))
