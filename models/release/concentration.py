"""Concentration, told only where it is about many: the most active x % are a group of their own.

Of units only the share of the most active tenth. How few make half of everything is never told as fewer than three.
"""

from typing import Final

import polars as pl

from models.release.policy import SMALLEST_COUNT, Policy

ALL: Final = "all"
_OF_THE_TOP: Final = {"top_1_share_ratio": 100, "top_10_share_ratio": 10}
"""One in how many the most active are."""
_WHOLE: Final = (
    "top_1_share_ratio", "gini_ratio", "gini_corrected_ratio", "gini_person_week_ratio", "absence_factor",
    "elephant_factor",
)  # fmt: skip
"""Told of the organisation and its platforms only."""
_TENTH: Final = 10
_FEWEST: Final = "absence_factor"


def only_of_many(rows: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Rows of `rel_contributor_ratios` without what would be about too few; same columns and order.

    The most active x % are shown where they are `min_group` people or more; the other measures of concentration where
    a tenth is.
    """
    if not policy.has("concentration"):
        return rows
    is_unit = pl.col("unit") != ALL
    one_in = {name: _OF_THE_TOP.get(name, _TENTH) for name in (*_WHOLE, "top_10_share_ratio")}
    told = [
        pl.when(
            (pl.col("n_eligible") >= policy.min_group * n) & ~(is_unit & pl.lit(name in _WHOLE))
        ).then(pl.col(name)).alias(name)
        for name, n in one_in.items()
    ]  # fmt: skip
    return rows.with_columns(told).with_columns(
        pl.when(is_unit).then(pl.col("top_10_share_ratio").round(2)).otherwise("top_10_share_ratio")
        .alias("top_10_share_ratio"),
        pl.col(_FEWEST).clip(lower_bound=SMALLEST_COUNT),
    )  # fmt: skip
