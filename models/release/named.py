"""Executives by name: what a recorded decision lets be told of them, as far as it tells nothing of anybody else.

Posts and replies of closed months over all platforms, and never that there were none: a month without any is as unknown
as one that nobody saw. Whoever knows what the named wrote can take it from the sums of the groups they are in. So what
is left of each of these must still be of enough people, none of whom stands out; where it is not, the named of that
group are not told in that month. Counts of people less the named are for the audit (`models.release.withdrawal`).
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from models.release.dominance import ALL, LARGEST, NOTHING, WRITTEN, Magnitude
from models.release.policy import Policy

COUNTS: Final = ("n_posts", "n_replies", "n_own_posts", "n_own_replies")
_HIDDEN: Final = "(not shown by name)"
_GROUP: Final = ("period_start", "group")
_IS_MONTH: Final = (pl.col("period_kind") == "month") & (pl.col("platform") == ALL)


def release_named(
    named: pl.DataFrame, wrote: pl.DataFrame, eligible: pl.DataFrame, months: pl.DataFrame, *, as_of: date
) -> pl.DataFrame:
    """Rows of `rel_named_executives` with person_id, before anything is withheld.

    `named` are those of `dim_named_executive`, `wrote` of `fct_named_month`, `eligible` of `prep_eligible`, `months` of
    `mart_active_users`. A row for each closed month in which a named person is counted as an executive.
    """
    closed = months.filter(_IS_MONTH & (pl.col("unit") == ALL) & (pl.col("period_end") <= as_of))
    executives = eligible.filter(_IS_MONTH & pl.col("is_executive")).select("period_start", "person_id")
    rows = (
        closed.select(
            "period_kind", "period_start", "period_end", "platform", "is_complete",
            is_seen=pl.col("n_contributors").is_not_null(),
        )
        .join(executives, on="period_start")
        .join(named.drop("number", "is_on_roster", "is_executive"), on="person_id")
        .join(wrote.rename({"month_start": "period_start"}), on=["period_start", "person_id"], how="left")
    )  # fmt: skip
    for own in ("", "own_"):
        pair = [f"n_{own}posts", f"n_{own}replies"]
        is_any = pl.col("is_seen") & (pl.sum_horizontal(pair) > 0)
        rows = rows.with_columns(pl.when(is_any).then(pl.col(name)).alias(name) for name in pair)
    return rows.drop("is_seen").sort("shown", "period_start")


def safe_beside_executives(
    rows: pl.DataFrame, told: pl.DataFrame, written: pl.DataFrame, eligible: pl.DataFrame, policy: Policy
) -> pl.DataFrame:
    """The rows with the counts unknown of months in which they would tell of the other executives.

    `told` are the rows of `rel_executive_participation`, `written` what each person wrote, of unit all, with
    `is_executive`. Where executives are shown as a group, at least `min_executives` must be left of it, or nobody.
    """
    if not policy.has("named"):
        return rows
    group = told.filter(_IS_MONTH & pl.col("is_executive"))
    people = eligible.filter(_IS_MONTH & pl.col("is_executive")).select("period_start", "person_id")
    rest = _without(people, _known(rows)).join(group, on="period_start", how="semi")
    few = rest.group_by("period_start").len().filter(pl.col("len") < policy.min_executives)
    rows = _untold(rows, _known(rows).join(few, on="period_start", how="semi"))
    made = written.filter(_IS_MONTH & pl.col("is_executive")).with_columns(group=pl.lit("executives"))
    for amount in WRITTEN:
        shown = group.filter(pl.col(amount).is_not_null()).select("period_start", pl.lit("executives").alias("group"))
        parts = made.select(*_GROUP, "person_id", _amount=amount)
        rows = _safe(rows, shown, parts, members=people.with_columns(group=pl.lit("executives")),
                     least=policy.min_executives)  # fmt: skip
    return rows


def safe_beside_units(
    rows: pl.DataFrame, told: pl.DataFrame, parts: pl.DataFrame, eligible: pl.DataFrame, policy: Policy
) -> pl.DataFrame:
    """The same for the sums of contributions of everybody and of units, which hold what the named wrote.

    `told` are the rows of `rel_contributor_ratios`, `parts` what each person made by unit, small units merged as there.
    Units without a sum of their own are a group too: everybody less the others.
    """
    if not policy.has("named"):
        return rows
    sums = told.filter(_IS_MONTH & pl.col("n_contributions").is_not_null())
    shown = sums.select("period_start", pl.col("unit").alias("group"))
    everybody = shown.filter(pl.col("group") == ALL)
    shown = pl.concat([shown, everybody.with_columns(group=pl.lit(_HIDDEN))])
    made = parts.filter(_IS_MONTH).select("period_start", "person_id", "unit", _amount="n_contributions")
    people = eligible.filter(_IS_MONTH).select("period_start", "person_id", "unit")
    people = pl.concat([people, people.with_columns(unit=pl.lit(ALL))])
    return _safe(rows, shown, _grouped(made, shown), members=_grouped(people, shown), least=policy.min_group)


def _grouped(people: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """Rows by unit under the names of the groups that are shown, all others together."""
    names = shown.with_columns(unit=pl.col("group"))
    found = people.join(names, on=["period_start", "unit"], how="left")
    return found.with_columns(pl.col("group").fill_null(_HIDDEN)).drop("unit")


def _safe(
    rows: pl.DataFrame, shown: pl.DataFrame, parts: pl.DataFrame, *, members: pl.DataFrame, least: int
) -> pl.DataFrame:
    """The rows without the counts of the named in groups `shown` of which, less the named, one could stand out.

    `parts` are the amounts of people in groups, `members` who is in them, whatever they made.
    """
    known = _known(rows)
    made = parts.filter(pl.col("_amount") > 0)
    inside = made.join(known, on=["period_start", "person_id"], how="semi")
    concerned = inside.select(_GROUP).unique().join(shown, on=_GROUP, how="semi")
    of_others = _without(made, known).group_by(*_GROUP, "person_id").agg(pl.col("_amount").sum())
    left = of_others.group_by(_GROUP).agg(LARGEST)
    others = _without(members, known).select(_GROUP).unique()
    found = concerned.join(others, on=_GROUP, how="semi").join(left, on=_GROUP, how="left")
    unsafe = [
        group[:2]
        for group in found.iter_rows()
        if not (NOTHING if group[2] is None else Magnitude(*group[2:])).is_safe(least)
    ]
    marked = pl.DataFrame(unsafe, schema={name: concerned.schema[name] for name in _GROUP}, orient="row")
    return _untold(rows, inside.join(marked, on=_GROUP, how="semi").select("period_start", "person_id").unique())


def _known(rows: pl.DataFrame) -> pl.DataFrame:
    """Of whom anything is told, by month."""
    is_told = pl.any_horizontal(pl.col(name).is_not_null() for name in COUNTS)
    return rows.filter(is_told).select("period_start", "person_id")


def _without(people: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    return people.join(known, on=["period_start", "person_id"], how="anti")


def _untold(rows: pl.DataFrame, of: pl.DataFrame, names: Sequence[str] = COUNTS) -> pl.DataFrame:
    marked = rows.join(
        of.with_columns(_is_untold=pl.lit(value=True)), on=["period_start", "person_id"], how="left",
        maintain_order="left",
    )  # fmt: skip
    is_told = pl.col("_is_untold").is_null()
    return marked.with_columns(pl.when(is_told).then(pl.col(name)).alias(name) for name in names).drop("_is_untold")
