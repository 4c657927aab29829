"""Figures of groups, told coarsely: counts of people as multiples of five, shares from these, the ends only as a band.

A group is anything less than a large organisation or a platform of one: a unit, a layer, executives, a trial. If fewer
than three of it do something, or fewer than three do not, it would be known of every one of them: then the count is
unknown and its share has no value but bounds, from 0 or to 1. What a hidden count follows from is hidden with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Final

import polars as pl

from models.release.policy import SMALLEST_COUNT, STEP, Policy
from models.statistics.intervals import wilson_bounds

SLACK: Final = STEP // 2
"""By how many a told count may differ from the true one."""


@dataclass(frozen=True, slots=True)
class Family:
    """A count of people of a group of size `of`, and the count of those of `whole` who are not in it, if there is one.

    The two are hidden together, and where `whole` is. `rest` is told as `whole` less `count`, both as told: rounded by
    itself it would narrow down the other. Without a rest, `whole` is a count that holds this one.
    """

    count: str
    of: str = "n_eligible"
    rest: str = ""
    whole: str = "n_eligible"

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that are hidden together."""
        return (self.count, self.rest) if self.rest else (self.count,)


@dataclass(frozen=True, slots=True)
class Groups:
    """What the columns of a released table count, in its rows about groups.

    `shares` maps a share with bounds to its numerator and denominator, `sizes` are groups themselves, `blank` is told
    of whole organisations only, and `loose` are counts of people who are not part of the group.
    """

    families: tuple[Family, ...]
    shares: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    sizes: tuple[str, ...] = ("n_eligible",)
    loose: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()


def told_coarsely(rows: pl.DataFrame, groups: Groups, is_group: pl.Expr, policy: Policy) -> pl.DataFrame:
    """The rows with the figures of those that are a group (`is_group`) told coarsely; same columns and order."""
    marked = rows.with_columns(is_group.fill_null(value=False).alias("_is_group"))
    hidden = _hidden(groups, policy)
    told = [
        *(_where(pl.when(~hidden[one.count]).then(rounded(one.count, policy)), one.count) for one in groups.families),
        *(_where(rounded(name, policy), name) for name in groups.sizes if name in rows.columns),
        *(_where(rounded(name, policy, least=SMALLEST_COUNT), name) for name in groups.loose),
        *(_where(pl.lit(None, rows.schema[name]), name) for name in groups.blank),
    ]
    coarse = marked.with_columns(told)
    for family in groups.families:
        if family.rest:
            rest = pl.when(pl.col(family.rest).is_not_null()).then(pl.col(family.whole) - pl.col(family.count))
            coarse = coarse.with_columns(_where(rest, family.rest))
    for share, (part, whole) in groups.shares.items():
        names = [share, f"{share}_low", f"{share}_high"]
        told_shares = [
            share_of(k, told_k, told_n, policy) if is_group else tuple(as_it_was)
            for is_group, k, told_k, told_n, *as_it_was in zip(
                marked["_is_group"], marked[part], coarse[part], coarse[whole], *coarse[names], strict=True
            )
        ]
        coarse = coarse.with_columns(pl.DataFrame(told_shares, dict.fromkeys(names, pl.Float64), orient="row"))
    return coarse.select(rows.columns)


def _hidden(groups: Groups, policy: Policy) -> dict[str, pl.Expr]:
    """Of each count of a family: whether it is hidden in a row about a group."""
    hidden: dict[str, pl.Expr] = {}
    for family in groups.families:
        is_hidden = pl.any_horizontal(is_tail(name, family.of) for name in family.names) & policy.has("tails")
        if family.whole in hidden:
            is_hidden |= hidden[family.whole]
        hidden |= dict.fromkeys(family.names, is_hidden)
    return hidden


def is_tail(count: str, whole: str) -> pl.Expr:
    """Whether fewer than three of the group are counted, or fewer than three are not."""
    few = (pl.col(count) < SMALLEST_COUNT) | (pl.col(whole) - pl.col(count) < SMALLEST_COUNT)
    return few.fill_null(value=False)


def _where(told: pl.Expr, name: str) -> pl.Expr:
    return pl.when("_is_group").then(told).otherwise(pl.col(name)).alias(name)


def rounded(name: str, policy: Policy, *, least: int = 0) -> pl.Expr:
    """A count to the nearest multiple of `STEP`; unknown if it is less than `least`."""
    if not policy.has("rounding"):
        return pl.col(name)
    nearest = (pl.col(name) + SLACK) // STEP * STEP
    return pl.when(pl.col(name) >= least).then(nearest)


def share_of(
    k: int | None, told_k: int | None, told_n: int | None, policy: Policy
) -> tuple[float | None, float | None, float | None]:
    """Value and bounds of a share of a group, from its true count, told count and told size.

    A share follows from the told counts, so that it says no more than they do; its bounds hold what rounding may have
    moved. Of a count that is hidden only a band is told, at the end at which it truly is.
    """
    if k is None or not told_n:
        return None, None, None
    if told_k is None:
        width = min(1.0, ceil(10 * SMALLEST_COUNT / max(1, told_n - SLACK)) / 10)
        return (None, 0.0, width) if 2 * k < told_n else (None, round(1 - width, 1), 1.0)
    if not policy.has("rounding"):
        return (told_k / told_n, *wilson_bounds(told_k, told_n))
    # rounded to whole percent, in groups under a hundred to five points: finer would be of one or two people
    grid = 100 if told_n >= 100 else 20
    low, _ = wilson_bounds(max(0, told_k - SLACK), told_n + SLACK)
    most = max(1, told_n - SLACK)
    _, high = wilson_bounds(min(most, told_k + SLACK), most)
    # neither nobody nor everybody: that would be known of each of them
    return min(max(round(told_k / told_n * grid), 1), grid - 1) / grid, low, high


def parts_of(names: Sequence[str], of: str = "n_eligible") -> tuple[Family, ...]:
    """Counts that stand each for itself."""
    return tuple(Family(name, of) for name in names)
