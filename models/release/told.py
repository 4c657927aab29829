"""How coarsely each released table tells its groups: the last step of every cut before it is frozen.

Which rows there are is decided by the cuts; here their counts become multiples of five, their ends bands, and what
follows from a total is hidden (`models.release.coarse`, `models.release.remainder`).
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

from models.release.coarse import SLACK, Family, Groups, parts_of, rounded, told_coarsely
from models.release.policy import SMALLEST_COUNT, Policy
from models.release.remainder import hide_what_follows
from models.release.rows import ALL, PERIOD, of_groups

_FOLLOWED: Final = ("2w", "4w", "12w")

GROUPS: Final[Mapping[str, Groups]] = {
    "rel_active_users": Groups(
        (*parts_of(["n_contributors"]), *parts_of(["n_reactors", "n_present"])),
        loose=("n_outside",),
        blank=(
            "n_new", "n_unknown", "n_retained", "n_resurrected", "n_lapsed", "n_left", "quick_ratio",
            "quick_with_left_ratio", "dau_wau_ratio", "dau_mau_ratio", "dau_wau_working_ratio", "dau_mau_working_ratio",
        ),
    ),
    "rel_contributor_ratios": Groups(
        (
            Family("n_contributors", rest="n_none"),
            Family("n_heavy", rest="n_some", whole="n_contributors"),
        ),
        {"contributor_ratio": ("n_contributors", "n_eligible")},
        loose=("n_outside",),
        blank=(
            # beside those who are present and those who contribute they would narrow both down
            "n_lurkers", "n_absent", "contributor_of_present_ratio", "contributor_of_present_ratio_low",
            "contributor_of_present_ratio_high",
        ),
    ),
    "rel_executive_participation": Groups(
        (*parts_of(["n_contributors"]), Family("n_own_contributors", whole="n_contributors")),
        {
            "contributor_ratio": ("n_contributors", "n_eligible"),
            "own_contributor_ratio": ("n_own_contributors", "n_eligible"),
        },
    ),
    "rel_breakdown": Groups(
        parts_of(["n_contributors"]), {"contributor_ratio": ("n_contributors", "n_eligible")},
        blank=("n_contributions",),
    ),
    "rel_cascade": Groups(
        (*parts_of(["n_contributors"]), *parts_of(["n_active_managers"], "n_managers")),
        {"contributor_ratio": ("n_contributors", "n_eligible")}, sizes=("n_eligible", "n_managers", "n_reports"),
    ),
    "rel_critical_mass": Groups(
        parts_of(["n_adopted"]), {"adoption_ratio": ("n_adopted", "n_eligible")},
    ),
    "rel_definitions": Groups(parts_of(["n_active"]), {"active_ratio": ("n_active", "n_eligible")}),
    "rel_spaces": Groups(parts_of(["n_contributors"])),
    "rel_tools": Groups(
        parts_of(["n_contributors"], "n_people"), {"contributor_ratio": ("n_contributors", "n_people")},
        sizes=("n_people",),
    ),
    "rel_unit_platforms": Groups(
        parts_of(["n_contributors"]), {"contributor_ratio": ("n_contributors", "n_eligible")},
    ),
    "rel_trial": Groups(
        (
            *parts_of(["n_ever", "n_starters"], "n_people"),
            *(Family(f"n_still_{week}", f"n_followed_{week}") for week in _FOLLOWED),
            *parts_of(["n_contributors_at_end"], "n_at_end"),
        ),
        {
            "ever_ratio": ("n_ever", "n_people"),
            **{f"still_{week}_ratio": (f"n_still_{week}", f"n_followed_{week}") for week in _FOLLOWED},
            "end_ratio": ("n_contributors_at_end", "n_at_end"),
        },
        sizes=("n_people", "n_at_end", *(f"n_followed_{week}" for week in _FOLLOWED)),
        loose=("n_executives",),
    ),
}  # fmt: skip
"""What the counts of the tables about groups are; other tables are of large organisations only."""

_PARTITIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "rel_active_users": PERIOD,
    "rel_contributor_ratios": PERIOD,
    "rel_executive_participation": PERIOD,
    "rel_breakdown": (*PERIOD, "dimension"),
    "rel_unit_platforms": PERIOD,
}
"""By which columns the rows of a table fall into partitions of everybody."""
_OWN_TOTALS: Final = frozenset({"rel_active_users", "rel_contributor_ratios"})


def as_told(table: str, rows: pl.DataFrame, whole: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The rows of a released table as they may be told; same columns and order, unchanged if it holds no groups.

    `whole` are the true rows of `mart_active_users` of the organisation and its platforms: totals that are released.
    """
    if table not in GROUPS:
        return rows
    groups = GROUPS[table]
    is_group = groups_in(table, rows, policy)
    told = told_coarsely(rows, groups, is_group, policy)
    if table in _PARTITIONS and policy.has("partition"):
        told = _without_remainders(table, rows, told, whole, policy)
    if table in _OWN_TOTALS:
        told = _few_of_a_crowd(told, is_group, policy)
    return _BESIDE[table](told) if table in _BESIDE else told


def groups_in(table: str, rows: pl.DataFrame, policy: Policy) -> pl.Expr:
    """Which of these true rows are told coarsely: those about groups, in the tables that have any."""
    return of_groups(rows.columns, crowd=policy.min_daily) if table in GROUPS else pl.lit(value=False)


def _without_remainders(
    table: str, rows: pl.DataFrame, told: pl.DataFrame, whole: pl.DataFrame, policy: Policy
) -> pl.DataFrame:
    """`told` less what follows from the exact totals of a large organisation or platform."""
    parts = rows.with_row_index("_row")
    if table in _OWN_TOTALS:
        whole, parts = rows, parts.filter(pl.col("unit") != ALL)
    keys = _PARTITIONS[table]
    totals = whole.filter((pl.col("unit") == ALL) & (pl.col("n_eligible") >= policy.min_daily))
    totals = parts.select(keys).unique().join(totals, on=PERIOD)
    return hide_what_follows(told, parts, totals, GROUPS[table], keys)


def _few_of_a_crowd(told: pl.DataFrame, is_group: pl.Expr, policy: Policy) -> pl.DataFrame:
    """Who left and who is outside may be one or two in an organisation of any size: told in fives, from three up.

    How many fell silent or left follows from the contributors of two periods. So who fell silent is told as what is
    left of both together without those who are told to have left; these are not told if they are nearly all. Where
    `growth` counts those who left among the silent already, nothing is left to tell apart.
    """
    least = SMALLEST_COUNT if policy.has("tails") else 0
    few = {"n_outside": rounded("n_outside", policy, least=least)}
    if "n_left" in told.columns:
        both = pl.col("n_lapsed") + pl.col("n_left").fill_null(0)
        left = rounded("n_left", policy, least=least)
        if policy.has("tails"):
            left = pl.when(both - left >= SLACK).then(left)
        silent = both - left.fill_null(0)
        came = pl.col("n_contributors") - pl.col("n_retained")
        quick = pl.when(pl.col("quick_ratio").is_not_null() & (silent > 0)).then(came / silent)
        few |= {"n_left": left, "n_lapsed": silent, "quick_ratio": quick}
    return told.with_columns(
        pl.when(is_group).then(pl.col(name)).otherwise(figure).alias(name) for name, figure in few.items()
    )


def _trial(told: pl.DataFrame) -> pl.DataFrame:
    """Whether a target is met follows from the bounds that are told: beside them the exact verdict would tell more."""
    is_open = pl.col("verdict").is_in(["met", "not_met", "too_close"])
    verdict = (
        pl.when(pl.col("end_ratio_low") >= pl.col("target_ratio"))
        .then(pl.lit("met"))
        .when(pl.col("end_ratio_high") < pl.col("target_ratio"))
        .then(pl.lit("not_met"))
        .otherwise(pl.lit("too_close"))
    )
    return told.with_columns(pl.when(is_open).then(verdict).otherwise("verdict").alias("verdict"))


def _executives(told: pl.DataFrame) -> pl.DataFrame:
    """How executives compare with the others is told where both shares are, to a tenth."""
    key = list(PERIOD)
    columns = []
    for own in ("", "own_"):
        is_told = pl.col(f"{own}contributor_ratio").is_not_null().all().over(key)
        for end in ("", "_low", "_high"):
            name = f"{own}parity_ratio{end}"
            columns.append(pl.when(is_told).then(pl.col(name).round(1)).alias(name))
    return told.with_columns(columns)


def _cascade(told: pl.DataFrame) -> pl.DataFrame:
    """How far the share drops to the next layer follows from both: it is told to a point, where both shares are."""
    next_layer = told.select(
        *PERIOD, (pl.col("layer") - 1).alias("layer"), pl.col("contributor_ratio").is_not_null().alias("_next")
    )
    both = pl.col("contributor_ratio").is_not_null() & pl.col("_next").fill_null(value=False)
    drops = ("drop_pp", "drop_pp_low", "drop_pp_high")
    return (
        told.join(next_layer, on=[*PERIOD, "layer"], how="left", maintain_order="left")
        .with_columns(pl.when(both).then(pl.col(name).round(0)).alias(name) for name in drops)
        .drop("_next")
    )


_BESIDE: Final = {"rel_executive_participation": _executives, "rel_cascade": _cascade, "rel_trial": _trial}
