"""What rows of released tables have in common: of when and where they are, and whether they are about a group.

A group is anything less than an organisation, or a platform of one, of a crowd. How coarsely it is told says `told`.
"""

from collections.abc import Collection, Mapping
from typing import Final

import polars as pl

from models.metrics import MINIMUM_DAILY

ALL: Final = "all"
"""The unit of rows about everybody."""
PERIOD: Final = ("period_kind", "period_start", "platform")
"""The columns that say of when and where a released row is."""
BREAKDOWNS: Final = ("department", "layer", "location", "tenure")
_OF_GROUPS: Final = frozenset({
    *BREAKDOWNS, "dimension", "is_executive", "label", "n_platforms_offered", "is_in_trial",
})  # fmt: skip
"""Columns that only tables and answers about groups have."""
_SCOPE: Final = {"unit": pl.String, "n_eligible": pl.Int64}


def of_groups(columns: Collection[str], *, crowd: int = MINIMUM_DAILY, is_told: bool = False) -> pl.Expr:
    """Which rows of a table with these columns are about groups; what is of nobody known is about none.

    Where sizes are as they `is_told`, 198 people are 200 in fives.
    """
    if _OF_GROUPS.intersection(columns):
        return pl.lit(value=True)
    n_people = pl.col("n_eligible")
    is_small = n_people <= crowd if is_told else n_people < crowd
    is_group = (pl.col("unit") != ALL) | is_small if "unit" in columns else is_small
    return is_group.fill_null(value=False)


def is_of_a_group(row: Mapping[str, object]) -> bool:
    """Whether one released row is about a group, whose people are told in fives."""
    told = pl.DataFrame({"unit": [row.get("unit", ALL)], "n_eligible": [row.get("n_eligible")]}, schema=_SCOPE)
    return bool(told.select(of_groups({*row, "unit"}, is_told=True)).item())
