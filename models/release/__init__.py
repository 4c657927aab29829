"""The release policy: pure functions from marts to what leadership may see. Nothing suppressed survives in a result.

Closed periods only. The organisation and each platform; units over all platforms, small ones merged; executives as one
group; rolling daily figures only for a large organisation. The full rule book is a later step (see docs/privacy.md).
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

import polars as pl

from models.metrics import MARTS
from models.metrics.entry import OF_THE_ORGANISATION
from models.metrics.lead_effect import ESTIMATED, REFUSED
from models.release.bounded import with_share
from models.release.policy import RULES, SMALLEST_COUNT, Policy, Rule
from models.release.rows import PERIOD

__all__ = ["LARGE", "OTHER_UNITS", "ROSTER_TOO_SMALL", "RULES", "SMALLEST_COUNT", "WITHHELD", "Policy", "Rule",
           "closed", "release_days", "release_effects", "release_executives", "release_large_organisation",
           "release_organisation", "release_unit_platforms", "release_units", "small_units", "withheld"]

OTHER_UNITS: Final = "Other units"
LARGE: Final = tuple(
    mart.released_as for mart in MARTS.values() if mart.released_rows.startswith(OF_THE_ORGANISATION)
)
"""Released tables that only a large organisation has."""

_ADDITIVE: Final = (
    "n_eligible",
    "n_outside",
    "n_contributors",
    "n_reactors",
    "n_present",
    "n_contributions",
    "n_none",
    "n_some",
    "n_heavy",
    "n_lurkers",
    "n_absent",
    "n_new",
    "n_unknown",
    "n_retained",
    "n_resurrected",
    "n_lapsed",
    "n_left",
)
"""Columns that may be summed over units: a person is counted in one unit a period."""


ROSTER_TOO_SMALL: Final = "at times, more people were active than the roster holds"
WITHHELD: Final = {
    "released_table": pl.String, "reason": pl.String, "n_units": pl.Int64, "n_figures": pl.Int64, "minimum": pl.Int64,
}  # fmt: skip
"""The columns of `rel_withheld`."""
_EFFECT_HEAD: Final = (
    "period_kind", "period_start", "period_end", "platform", "unit", "is_complete", "n_observed_days", "n_eligible",
    "verdict", "reason",
)  # fmt: skip
"""What is told of an effect that cannot be estimated."""


def closed(mart: pl.DataFrame, *, as_of: date) -> pl.DataFrame:
    """Weeks and months that ended by the as-of day, and all days."""
    return mart.filter(pl.col("period_end") <= as_of)


def small_units(active_users: pl.DataFrame, policy: Policy, also: Collection[str] = ()) -> list[str]:
    """The units that are merged into one, fixed for the whole release; `also` are others that must be.

    A unit is small if it ever has 1 to `min_group` - 1 people in a released week or month. The merged group holds at
    least two units and `min_group` people in every period in which it has any, or the next smallest unit joins it:
    otherwise the total minus the others would show what is hidden.
    """
    units = active_users.filter(
        (pl.col("platform") == "all") & (pl.col("unit") != "all") & (pl.col("period_kind") != "day")
    ).select("period_kind", "period_start", "unit", "n_eligible")
    sizes = (
        units.filter(pl.col("n_eligible") > 0)
        .group_by("unit")
        .agg(pl.col("n_eligible").min())
        .sort("n_eligible", "unit")
    )
    is_small = (pl.col("n_eligible") < policy.least) | pl.col("unit").is_in(list(also))
    merged = sizes.filter(is_small)["unit"].to_list()
    if not merged or not policy.has("partition"):
        return merged
    joining = sizes.filter(~is_small)["unit"].to_list()
    while joining and (len(merged) < 2 or _smallest(units, merged) < policy.min_group):
        merged.append(joining.pop(0))
    return merged


def _smallest(units: pl.DataFrame, merged: Sequence[str]) -> int:
    groups = (
        units.filter(pl.col("unit").is_in(merged) & (pl.col("n_eligible") > 0))
        .group_by("period_kind", "period_start")
        .agg(pl.col("n_eligible").sum())
    )
    return int(groups["n_eligible"].min() or 0)  # type: ignore[arg-type]  # a minimum of integers is an integer


def release_units(mart: pl.DataFrame, merged: Sequence[str], *, as_of: date, policy: Policy) -> pl.DataFrame:
    """The released cut of a mart by unit: see the module's first lines. Same columns as the mart.

    In the merged row only what can be summed is shown; every other figure is unknown there.
    """
    periods = closed(mart, as_of=as_of).filter(pl.col("period_kind") != "day")
    whole = periods.filter(pl.col("unit") == "all")
    units = periods.filter((pl.col("platform") == "all") & (pl.col("unit") != "all") & (pl.col("n_eligible") > 0))
    shown = units.filter(~pl.col("unit").is_in(merged))
    together = _merge(units.filter(pl.col("unit").is_in(merged)), policy)
    if merged and together.is_empty() and policy.has("partition"):
        # nothing large enough to hide behind: without the merged row the visible units and the total give it away
        shown = shown.clear()
    parts = [whole, shown, together]
    return _ordered(pl.concat(parts).filter(_has_people(policy)))


def release_unit_platforms(
    mart: pl.DataFrame, merged: Sequence[str], *, as_of: date, policy: Policy
) -> pl.DataFrame:
    """The released cut of a mart by unit and platform: closed months of the units that `release_units` shows."""
    units = closed(mart, as_of=as_of).filter(pl.col("n_eligible") > 0)
    shown = units.filter(~pl.col("unit").is_in(merged))
    together = _merge(units.filter(pl.col("unit").is_in(merged)), policy)
    if merged and together.is_empty() and policy.has("partition"):
        shown = shown.clear()
    return _ordered(pl.concat([shown, together]).filter(_has_people(policy)))


def release_days(active_users: pl.DataFrame, *, as_of: date, policy: Policy) -> pl.DataFrame:
    """Rolling daily figures, of the whole organisation only and only on days with enough people."""
    return _ordered(
        closed(active_users, as_of=as_of).filter(
            (pl.col("period_kind") == "day")
            & (pl.col("platform") == "all")
            & (pl.col("unit") == "all")
            & (pl.col("n_eligible") >= policy.min_daily)
        )
    )


def release_organisation(mart: pl.DataFrame, *, as_of: date, policy: Policy) -> pl.DataFrame:
    """The closed periods of the organisation and of each platform, no units."""
    return _ordered(closed(mart, as_of=as_of).filter((pl.col("unit") == "all") & _has_people(policy)))


def release_large_organisation(
    mart: pl.DataFrame, keys: Sequence[str], *, as_of: date, policy: Policy
) -> pl.DataFrame:
    """The same, only while the organisation is so large that its daily figures are shown; rows in order of `keys`."""
    rows = release_organisation(mart, as_of=as_of, policy=policy).filter(pl.col("n_eligible") >= policy.min_daily)
    return rows.sort("period_kind", "platform", "period_start", *keys)


def release_executives(mart: pl.DataFrame, *, as_of: date, policy: Policy) -> pl.DataFrame:
    """Executives and everybody else, in periods in which both are groups large enough.

    Both or neither: the organisation minus one of them is the other.
    """
    periods = closed(mart, as_of=as_of).filter(pl.col("unit") == "all")
    enough = pl.when(pl.col("is_executive")).then(policy.min_executives).otherwise(policy.min_group)
    good = periods.filter(pl.col("n_eligible") >= enough).group_by(PERIOD).len().filter(pl.col("len") == 2)
    return _ordered(periods.join(good, on=PERIOD, how="semi"))


def release_effects(
    mart: pl.DataFrame, outnumbered: Sequence[str], *, as_of: date, policy: Policy
) -> pl.DataFrame:
    """Estimates about executives' own people over their whole history, and why there are none.

    Of the platforms `outnumbered` nothing is told: at times, more people were active than the roster holds.

    An estimate rests on ten starts at least. Where there is none, executives may be so few that counts are about
    one: then only the reason is told and what would be needed.
    """
    rows = closed(mart, as_of=as_of).filter((pl.col("unit") == "all") & _has_people(policy))
    is_doubtful = pl.col("platform").is_in(outnumbered)
    rows = rows.with_columns(
        pl.when(is_doubtful).then(pl.lit(REFUSED)).otherwise("verdict").alias("verdict"),
        pl.when(is_doubtful).then(pl.lit(ROSTER_TOO_SMALL)).otherwise("reason").alias("reason"),
    )
    is_told = (pl.col("verdict") == ESTIMATED) & (pl.col("n_leaders") >= policy.min_group)
    always = {*_EFFECT_HEAD, *(name for name in rows.columns if name.startswith("n_needed_"))}
    told = [pl.when(is_told).then(pl.col(name)).alias(name) for name in rows.columns if name not in always]
    # one or two executives who never started would be told apart by those who know the others
    few = pl.when(pl.col("n_never_started") >= SMALLEST_COUNT).then(pl.col("n_never_started")).alias("n_never_started")
    return rows.with_columns(told).with_columns(few).sort("platform")


def withheld(
    active_users: pl.DataFrame, executives: pl.DataFrame, merged: Sequence[str], *, as_of: date, policy: Policy
) -> pl.DataFrame:
    """What the policy held back, as counts of units and rules; figures told coarsely are counted in `held_back`."""
    rows: list[tuple[str, str, int | None, int | None, int]] = []
    if merged:
        for table in ("rel_active_users", "rel_contributor_ratios"):
            rows.append((table, "small_units_merged", len(merged), None, policy.min_group))
    if active_users.filter(pl.col("period_end") > as_of).height:
        rows.append(("rel_active_users", "open_period", None, None, policy.min_group))
    if release_days(active_users, as_of=as_of, policy=policy).is_empty():
        for table in ("rel_active_users", *LARGE):
            rows.append((table, "organisation_too_small", None, None, policy.min_daily))
    if _are_few(executives, as_of=as_of, policy=policy):
        rows.append(("rel_executive_participation", "too_few_executives", None, None, policy.min_executives))
    return pl.DataFrame(rows, schema=WITHHELD, orient="row")


def _are_few(executives: pl.DataFrame, *, as_of: date, policy: Policy) -> bool:
    """Whether executives are known in a closed period, and too few to be shown as a group."""
    group = closed(executives, as_of=as_of).filter((pl.col("unit") == "all") & pl.col("is_executive"))
    return bool(group["n_eligible"].is_between(1, policy.min_executives - 1).any())


def _has_people(policy: Policy) -> pl.Expr:
    return (pl.col("n_eligible") == 0) | (pl.col("n_eligible") >= policy.least)


def _merge(units: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    key = ["period_kind", "period_start", "period_end", "platform"]
    additive = [name for name in _ADDITIVE if name in units.columns]
    complete = [pl.col(name).sum() if name == "n_eligible" else _sum_or_null(name) for name in additive]
    summed = (
        units.group_by(key)
        .agg(pl.col("is_complete").first(), pl.col("n_observed_days").first(), *complete)
        .filter(pl.col("n_eligible") >= policy.min_group)
        .with_columns(pl.lit(OTHER_UNITS).alias("unit"))
    )
    if "contributor_ratio" in units.columns:
        summed = with_share(summed, "contributor_ratio", "n_contributors", "n_eligible")
    unknown = [
        pl.lit(None, dtype=dtype).alias(name) for name, dtype in units.schema.items() if name not in summed.columns
    ]
    return summed.with_columns(unknown).select(units.columns)


def _sum_or_null(name: str) -> pl.Expr:
    return pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).alias(name)


def _ordered(rows: pl.DataFrame) -> pl.DataFrame:
    keys = [
        name
        for name in ("period_kind", "platform", "unit", "period_start", "is_executive", "definition")
        if name in rows.columns
    ]
    return rows.sort(keys)
