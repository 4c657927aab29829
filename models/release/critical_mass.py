"""The released cut of critical mass: the organisation, each platform, and units without any count of few people.

Small units are left out and have no row together: the whole less the units shown is exactly the people of small units
and those without a unit. Weeks in which these are somebody, but fewer than `min_group`, show no unit at all.

What the state of a unit tells: at least five of its ten people or more returned or fell silent in each of six weeks,
and whether those who returned were as many; "cannot tell" in a fully observed week, that they were fewer. Both are
about a group, and name nobody in it. How many they were is not told: beside the released figures of everybody who
contributes, it would tell how many contribute only where executives began.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from models.critical_mass import WEEKS
from models.release import Policy, closed
from models.shares import withhold_shares

_COUNTS: Final = ("n_unseeded_contributors", "n_returning", "n_reviving", "n_lapsing")
_SCOPE: Final = ("platform", "unit")


def release_critical_mass(
    mart: pl.DataFrame, merged: Sequence[str], outnumbered: pl.DataFrame, top: pl.DataFrame, *, as_of: date,
    policy: Policy,
) -> pl.DataFrame:  # fmt: skip
    """The rows of `mart_critical_mass` that may be shown; same columns, units of all platforms together only.

    `merged` are the small units of the release, `outnumbered` the periods that the roster cannot carry, and `top` those
    in which executives and communications are a group. Counts are told in these, and of a large organisation, only.
    """
    weeks = rejudged(withhold_shares(closed(mart, as_of=as_of), outnumbered))
    whole = weeks.filter((pl.col("unit") == "all") & ((pl.col("n_eligible") == 0) | _are_enough(policy)))
    units = weeks.filter(
        (pl.col("platform") == "all") & (pl.col("unit") != "all") & ~pl.col("unit").is_in(merged) & _are_enough(policy)
    )
    units = units.join(_with_a_safe_rest(whole, units, policy), on="period_start", how="semi")
    is_large = (pl.col("unit") == "all") & (pl.col("n_eligible") >= policy.min_daily)
    with_a_top = top.filter(pl.col("period_kind") == "week")["period_start"].implode()
    is_told = is_large & pl.col("period_start").is_in(with_a_top)
    told = [pl.when(is_told).then(pl.col(name)).alias(name) for name in _COUNTS]
    return pl.concat([whole, units]).with_columns(told).sort("platform", "unit", "period_start")


def rejudged(weeks: pl.DataFrame) -> pl.DataFrame:
    """The weeks with runs and states as they follow from the weeks that may be judged: one that is withheld ends a run.

    Where nothing was withheld they are those of `mart_critical_mass`; every week of a scope must be there.
    """
    flag = pl.col("is_self_sustaining_week")
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    last_ended = pl.when(~flag.fill_null(value=False)).then(place).forward_fill().fill_null(-1)
    n_judged = flag.is_not_null().cast(pl.Int64).rolling_sum(WEEKS).over(_SCOPE)
    in_a_row = pl.when(flag.is_not_null()).then((place - last_ended).over(_SCOPE))
    state = (
        pl.when(in_a_row >= WEEKS).then(pl.lit("sustained"))
        .when(n_judged == WEEKS).then(pl.lit("not_yet"))
        .otherwise(pl.lit("cannot_tell"))
    )  # fmt: skip
    ordered = weeks.sort(*_SCOPE, "period_start")
    return ordered.with_columns(in_a_row.alias("n_weeks_in_a_row"), state.alias("state"))


def _are_enough(policy: Policy) -> pl.Expr:
    return pl.col("n_eligible") >= policy.min_group


def _with_a_safe_rest(whole: pl.DataFrame, units: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The weeks in which the people of no shown unit are nobody or a group."""
    shown = units.group_by("period_start").agg(n_shown=pl.col("n_eligible").sum())
    rest = pl.col("n_eligible") - pl.col("n_shown")
    of_all = whole.filter(pl.col("platform") == "all").join(shown, on="period_start")
    return of_all.filter((rest == 0) | (rest >= policy.min_group)).select("period_start")
