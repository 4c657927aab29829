"""The released cut of the public spaces by name: only spaces of enough people, and never so that few others are left.

That a space is public and no one's own, its state and its figures come from `models.analyses.spaces`.
"""

from typing import Final

import polars as pl

from models.analyses.spaces import KIND, NAME, with_names
from models.metrics.spaces import STATES
from models.release.policy import Policy

FEWEST_OTHERS: Final = 3
"""Spaces without a name, unless there are none: of one or two, the counts of all spaces would tell their state."""


def release_spaces(spaces: pl.DataFrame, people: pl.DataFrame, *, policy: Policy) -> pl.DataFrame:
    """The rows of `mart_spaces` that may be told, those that live first, large ones first.

    `people` is `prep_space_people`. Contributors of the month are known only of at least `min_group`, as in every
    group not where nearly everybody is one (`models.release.told`).
    """
    if not policy.has("spaces"):
        return spaces
    least = policy.min_group
    n_all = people.group_by(KIND).len("_n_all")
    sizes = with_names(people).select(*NAME, "n_people")
    large = spaces.filter(pl.col("n_eligible") >= least).join(sizes, on=NAME).filter(pl.col("n_people") >= least)
    # the smallest ones hide the others, if those are one or two
    place = pl.int_range(pl.len()).over(KIND)
    n_unnamed = pl.col("_n_all").cast(pl.Int64) - pl.len().over(KIND).cast(pl.Int64)
    n_hiding = pl.when(n_unnamed > 0).then(FEWEST_OTHERS - n_unnamed).otherwise(0).clip(lower_bound=0)
    by_size = large.join(n_all, on=KIND).sort("n_people", "workspace", "label")
    named = by_size.filter(place >= n_hiding)
    told = named.with_columns(
        n_unnamed=(pl.col("_n_all") - pl.len().over(KIND)).cast(pl.Int64),
        n_contributors=pl.when(pl.col("n_contributors") >= least).then("n_contributors"),
    )
    state = pl.col("state").replace_strict({name: at for at, name in enumerate(STATES)}, return_dtype=pl.Int64)
    return told.sort(
        "platform", "subject", state, -pl.col("n_contributors"), "workspace", "label", nulls_last=True
    ).select(spaces.columns)  # fmt: skip


def still_public(told: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Released rows less those that an earlier release told of a space that is no longer public, or not so called."""
    return told.join(with_names(people).select(NAME), on=NAME, how="semi", maintain_order="left")
