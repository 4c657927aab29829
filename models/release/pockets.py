"""The released cut of pockets: units too small to be shown count as one, so that nothing about them can be worked out.

Dissimilarity and the share of units reached are sums over units: whoever knows all of a sum but the part of two hidden
units, and how many people are in each, could solve it for them.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from models.analyses.pockets import estimate
from models.release import OTHER_UNITS, Policy, release_large_organisation


def release_pockets(
    mart: pl.DataFrame, tables: Mapping[str, pl.DataFrame], merged: Sequence[str], *, as_of: date, policy: Policy
) -> pl.DataFrame:
    """The rows of `mart_pockets`, worked out again from its `tables` where units are `merged`; same columns."""
    if merged:
        unit = pl.when(pl.col("unit").is_in(merged)).then(pl.lit(OTHER_UNITS)).otherwise("unit").alias("unit")
        mart = estimate({**tables, "prep_eligible": tables["prep_eligible"].with_columns(unit)})
    return release_large_organisation(mart, [], as_of=as_of, policy=policy)
