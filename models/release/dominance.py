"""Sums of contributions, told only where no one person could be worked out from them.

The p-percent rule (Hundepool et al., Handbook on Statistical Disclosure Control, chapter 4): whoever made the second
most knows their own part, and must not know that of the first to within p percent from the sum less their own. So what
all others made has to be at least p percent of what the first made.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import polars as pl

from models.release.policy import Policy
from models.release.rows import PERIOD

PERCENT: Final = 25
ALL: Final = "all"
_GROUP: Final = (*PERIOD, "unit")
WRITTEN: Final = (
    "n_posts", "n_replies", "n_replies_to_staff", "n_own_posts", "n_own_replies", "n_own_replies_to_staff",
)  # fmt: skip
"""What executives and others write, as sums."""
_PLATFORM: Final = 2
_UNIT: Final = 3


@dataclass(frozen=True, slots=True)
class Magnitude:
    """What a group made: the sum, how many made it, and the parts of the two who made most."""

    total: int
    n_people: int
    first: int
    second: int

    def is_safe(self, least: int) -> bool:
        """Whether at least `least` people made it and nobody's part can be estimated too well.

        Nothing at all is not safe: it says of everybody that they made nothing.
        """
        rest = self.total - self.first - self.second
        return self.n_people >= least and 100 * rest >= PERCENT * self.first


NOTHING: Final = Magnitude(0, 0, 0, 0)


LARGEST: Final = (
    pl.col("_amount").sum().cast(pl.Int64).alias("total"),
    pl.len().cast(pl.Int64).alias("n_people"),
    pl.col("_amount").max().cast(pl.Int64).alias("first"),
    (pl.col("_amount").top_k(2).sum() - pl.col("_amount").max()).cast(pl.Int64).alias("second"),
)
"""What makes a `Magnitude` of one row per person with a positive `_amount`."""


def only_of_several(
    rows: pl.DataFrame, parts: pl.DataFrame, amount: str, *, least: int, policy: Policy
) -> pl.DataFrame:
    """`rows` with the column `amount` unknown where one person could be worked out from it; same columns and order.

    `parts` holds period_kind, period_start, platform, unit (or all), person_id and `amount`; the units are those of the
    rows, where some are merged too. At least `least` people have to have made a sum. Units and platforms that are
    hidden are safe together, or more are hidden: the total less the others shows what they made.
    """
    if not policy.has("dominance") or rows.is_empty():
        return rows
    of_people = (
        parts.filter(pl.col(amount) > 0)
        .group_by(*_GROUP, "person_id")
        .agg(pl.col(amount).sum().alias("_amount"))
    )
    told = rows.filter(pl.col(amount).is_not_null())
    # that nothing was made at all is known of nobody in particular where there are many
    is_many_idle = (pl.col(amount) == 0) & (pl.col("unit") == ALL) & (pl.col("n_eligible") >= policy.min_daily)
    shown = told.filter(~is_many_idle).select(_GROUP)
    unsafe = _unsafe(of_people, set(shown.iter_rows()), least)
    is_told = pl.Series([group not in unsafe for group in rows.select(_GROUP).iter_rows()], dtype=pl.Boolean)
    return rows.with_columns(pl.when(is_told).then(pl.col(amount)).alias(amount))


Group = tuple[object, ...]


def _unsafe(of_people: pl.DataFrame, shown: set[Group], least: int) -> set[Group]:
    """The shown groups whose sums are not told: unsafe by themselves, or needed to hide those that are."""
    sums = of_people.group_by(_GROUP).agg(LARGEST).iter_rows()
    found = {group[:4]: Magnitude(*group[4:]) for group in sums}
    unsafe = {group for group in shown if not found.get(group, NOTHING).is_safe(least)}
    for axis in (_PLATFORM, _UNIT):
        for total in sorted((one for one in shown - unsafe if one[_PLATFORM] == one[_UNIT] == ALL), key=str):
            siblings = {one for one in shown | set(found) if _is_part(one, total, axis)}
            told = sorted(shown & siblings - unsafe, key=lambda one: (found[one].total, str(one)))
            while told and not _is_safe_together(of_people, siblings.difference(told), least):
                unsafe.add(told.pop(0))
    return unsafe


def _is_part(group: Group, total: Group, axis: int) -> bool:
    return group[axis] != ALL and all(group[at] == total[at] for at in range(len(total)) if at != axis)


def _is_safe_together(of_people: pl.DataFrame, groups: Collection[Group], least: int) -> bool:
    """Whether what the people of several groups made is safe, each person's parts added up; that of no group is."""
    if not groups:
        return True
    hidden = pl.DataFrame(list(groups), schema={one: of_people.schema[one] for one in _GROUP}, orient="row")
    people = of_people.join(hidden, on=_GROUP, how="semi").group_by("person_id").agg(pl.col("_amount").sum())
    return people.height > 0 and Magnitude(*people.select(LARGEST).row(0)).is_safe(least)


def executives_of_several(rows: pl.DataFrame, parts: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Rows of `rel_executive_participation` without what one of the executives, or of the others, would stand out in.

    `parts` as above, of unit all, with `is_executive`. A ratio is told where what it is made of is.
    """
    as_units = rows.with_columns(pl.col("is_executive").cast(pl.String).alias("unit"))
    made = parts.with_columns(pl.col("is_executive").cast(pl.String).alias("unit"))
    for name in WRITTEN:
        as_units = _of_several_each(as_units, made, name, policy)
    for own in ("", "own_"):
        is_told = pl.all_horizontal(pl.col(f"n_{own}{name}").is_not_null() for name in ("posts", "replies_to_staff"))
        follow = (f"{own}broadcast_ratio", f"n_{own}two_way", f"{own}two_way_ratio")
        as_units = as_units.with_columns(pl.when(is_told).then(pl.col(name)).alias(name) for name in follow)
    return as_units.with_columns(rows["unit"])


def _of_several_each(rows: pl.DataFrame, made: pl.DataFrame, amount: str, policy: Policy) -> pl.DataFrame:
    """Executives as a group of their own size, everybody else as any group."""
    told = {
        least: only_of_several(rows, made, amount, least=least, policy=policy)[amount]
        for least in (policy.min_executives, policy.min_group)
    }
    executives, others = told[policy.min_executives], told[policy.min_group]
    return rows.with_columns(pl.when("is_executive").then(executives).otherwise(others).alias(amount))
