"""The released cut of figures that tell executives and communications, the top, from everybody else.

Such a figure less that of everybody is one about the top. It is shown only while the top is a group.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from models.release import Policy, release_large_organisation

_PERIOD: Final = ("period_kind", "period_start")
_HIDDEN: Final = ("n_bottom_started",)
"""What the top starts, less what executives post (`rel_executive_participation`), would be communications alone."""


def periods_with_a_top(initiation: pl.DataFrame, executives: pl.DataFrame, *, policy: Policy) -> pl.DataFrame:
    """The weeks and months (period_kind, period_start) in which the top is a group: enough executives, or people.

    `min_executives` of them, or `min_group` executives and people of communications. How many there are follows from
    the headcount of `mart_initiation` and the executives of `mart_executive_participation`, all platforms together.
    """
    is_whole = (pl.col("platform") == "all") & (pl.col("unit") == "all")
    at_the_top = ((1 - pl.col("headcount_ratio")) * pl.col("n_eligible")).round().max()
    top = initiation.filter(is_whole & pl.col("headcount_ratio").is_not_null()).group_by(_PERIOD)
    group = executives.filter(is_whole & pl.col("is_executive")).select(*_PERIOD, n_executives="n_eligible")
    sizes = top.agg(at_the_top.alias("n_top")).join(group, on=_PERIOD, how="left")
    is_group = (pl.col("n_top") >= policy.min_group) | (pl.col("n_executives") >= policy.min_executives)
    return sizes.filter(is_group).select(_PERIOD).sort(_PERIOD)


def release_without_top(
    mart: pl.DataFrame, keys: Sequence[str], top: pl.DataFrame, *, as_of: date, policy: Policy
) -> pl.DataFrame:
    """Closed months of a large organisation and its platforms, in the periods of `top`; rows in order of `keys`.

    Weeks are left out: what few people at the top did in one would stand there almost by itself.
    """
    rows = release_large_organisation(mart, keys, as_of=as_of, policy=policy).filter(pl.col("period_kind") == "month")
    hidden = [pl.lit(None, dtype=mart.schema[name]).alias(name) for name in _HIDDEN if name in mart.columns]
    shown = rows.join(top, on=_PERIOD, how="semi").with_columns(hidden).select(mart.columns)
    return shown.sort("platform", "period_start", *keys)
