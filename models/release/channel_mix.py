"""What leadership may see of whether open platforms replaced e-mail and shared files: the whole organisation only.

Units are left out altogether. A verdict about a unit would rest on few people, and say of them that they gave up
e-mail; what a unit does is in the mart, for the analyst.
"""

from datetime import date

import polars as pl

from models.metrics.channel_shift import CANNOT_TELL, TOO_FEW
from models.release import ROSTER_TOO_SMALL, Policy, release_large_organisation

_KEYS = ("started_on", "title")
_ALWAYS = frozenset({
    "period_kind", "period_start", "period_end", "platform", "unit", "is_complete", "n_observed_days", "n_eligible",
    *_KEYS,
})  # fmt: skip


def release_channel_shift(
    mart: pl.DataFrame, outnumbered: pl.DataFrame, *, as_of: date, policy: Policy
) -> pl.DataFrame:
    """The starts of a large organisation; figures only where as many people were compared as daily figures take.

    Nor are there any if more people were active than the roster holds in some week or month between the first and the
    last day compared (`outnumbered`, rows of `pipelines.roster_size.outnumbered`). Where there is no verdict, only the
    reason is told: the shares would be read as one.
    """
    rows = release_large_organisation(mart, _KEYS, as_of=as_of, policy=policy)
    spans = outnumbered.filter(pl.col("platform") == "all").select("period_start", "period_end").rows()
    is_doubtful = pl.lit(value=False)
    for first, last in spans:
        is_doubtful = is_doubtful | ((pl.col("before_from_on") <= last) & (pl.col("after_to_on") >= first))
    is_doubtful = is_doubtful.fill_null(value=False)
    is_few = pl.col("n_cohort").fill_null(policy.min_daily) < policy.min_daily
    is_withheld = is_doubtful | is_few
    reason = pl.when(is_doubtful).then(pl.lit(ROSTER_TOO_SMALL)).when(is_few).then(pl.lit(TOO_FEW)).otherwise("reason")
    is_told = ~is_withheld & (pl.col("verdict") != CANNOT_TELL)
    said = {"verdict": pl.when(is_withheld).then(pl.lit(CANNOT_TELL)).otherwise("verdict"), "reason": reason}
    figures = [name for name in mart.columns if name not in {*_ALWAYS, *said}]
    return rows.with_columns(
        *(expression.alias(name) for name, expression in said.items()),
        *(pl.when(is_told).then(pl.col(name)).alias(name) for name in figures),
    )
