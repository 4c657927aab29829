"""Closed periods keep the figures with which they were first published.

Two releases of the same period that differ by one person tell of this person. So what was published stands, and later
data restate it only if at least `min_group` people are concerned: then the rows of the table in that period are told
anew, under the next revision. A corrected roster restates nothing: whoever knows who left or moved would learn from
the difference what these did. Nor are groups told anew that are cut in another way than they were. The history of
releases is all that a release depends on besides the true figures.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import blake2b
from typing import Any, Final

import msgspec
import polars as pl

from models.metrics import MARTS
from models.release.growth import without_what_came_late
from models.release.policy import STEP, Policy
from models.release.rows import PERIOD
from models.release.told import groups_in

SCHEMA: Final = {
    "metric": pl.String, "version": pl.String, "grain": pl.String, "value": pl.String, "period_kind": pl.String,
    "period_start": pl.Date, "period_end": pl.Date, "platform": pl.String, "revision": pl.Int64,
    "first_release": pl.Date, "members": pl.String,
}  # fmt: skip
"""One row per released row. `metric` is its table, `version` what it was made by, `grain` its keys and `value` the rest
of it as JSON, `first_release` the as-of day of the release in which this revision was first told, `members` a digest of
who was on the roster in which group when the period was first told (NULL without a roster)."""
MEMBERS: Final = {"period_kind": pl.String, "period_start": pl.Date, "members": pl.String}
"""Such digests as they are now, one row per period."""
SETTLES: Final[Mapping[str, int]] = {
    "rel_initiation": 28, "rel_newcomer_replies": 35, "rel_responses": 9, "rel_champions": 9,
}  # fmt: skip
"""Days after a period until its figures are complete: they follow threads or newcomers beyond its end."""
_KEYS: Final = {mart.released_as: tuple(key.name for key in mart.keys) for mart in MARTS.values() if mart.released_as}
FROZEN: Final = frozenset(_KEYS)
_TOLD: Final = {"rel_active_users": 2, "rel_contributor_ratios": 2}
"""Goes up when the same figures are told in another way. Then all closed periods are told anew: rows of which some are
exact and some are not would be taken for exact."""
_IS_GROUP: Final = "_is_group"
_OPEN: Final = "history"
"""Rows over the whole history are new in every release: they gain a period, of everybody."""
_OF_THE_LAST_MONTH: Final = frozenset({"rel_spaces"})
"""Tables that are cut of one month only; earlier ones stand as they were published."""
_NO_PEOPLE: Final = frozenset({
    "n_observed_days", "n_contributions", "n_contributions_without", "n_posts", "n_replies", "n_replies_to_staff",
    "n_own_posts", "n_own_replies", "n_own_replies_to_staff", "n_ties", "n_ties_without",
})  # fmt: skip
"""Counts of which one person may hold many."""
_OF_ITS_DAYS: Final = frozenset({
    "n_eligible", "n_contributors", "n_outside", "n_present", "n_reactors", "n_none", "n_some", "n_heavy", "n_lurkers",
    "n_absent",
})  # fmt: skip
"""Counts of people that follow from the days of the period alone, and not from any before it."""


def nothing() -> pl.DataFrame:
    """The history before the first release."""
    return pl.DataFrame(schema=SCHEMA)


def no_members() -> pl.DataFrame:
    """The digests where there is no roster."""
    return pl.DataFrame(schema=MEMBERS)


def version_of(table: str, policy: Policy) -> str:
    """What rows of the table are made by: the smallest group, the definitions of its measures, how they are told."""
    mart = next(mart for mart in MARTS.values() if mart.released_as == table)
    made_by = [policy.min_group, policy.min_executives, policy.min_daily, mart.released_rows]
    made_by += [(metric.id, metric.version) for metric in mart.metrics]
    made_by += [_TOLD[table]] if table in _TOLD else []
    return blake2b(repr(made_by).encode(), digest_size=6).hexdigest()


def as_published(
    table: str, rows: pl.DataFrame, history: pl.DataFrame, *, as_of: date, known_from: date | None,
    kept_from: date | None = None, policy: Policy, members: pl.DataFrame | None = None,
) -> pl.DataFrame:  # fmt: skip
    """The rows with what was published before in place of what is only a little different; same columns and order.

    `known_from` is the first day of which there are data: what was published of periods before it is told again.
    `kept_from` is the first day whose events have not expired, None if none have. What was published of periods that
    begin before it stands; and of later ones, counts that look back, such as that of new people, restate nothing: they
    look back at less than when they were published. `members` says who is on the roster now (`MEMBERS`).
    """
    if table not in FROZEN or not policy.has("closed_periods"):
        return rows
    told = history.filter(
        (pl.col("metric") == table) & (pl.col("version") == version_of(table, policy)) & (pl.col("period_end") <= as_of)
    )
    if told.is_empty():
        return rows
    then = _decoded(told, rows.schema)
    # of a period without any data nothing was known; one of which figures were held back is another matter
    seen = then.filter(pl.col("n_observed_days") > 0).select(PERIOD).unique()
    corrected = _corrected(told.join(seen, on=PERIOD, how="semi"), no_members() if members is None else members)
    expired = then.select(PERIOD).filter(pl.col("period_start") < (kept_from or date.min)).unique()
    kept = pl.concat([
        _kept(rows, then, corrected, table=table, known_from=known_from, policy=policy, are_all=kept_from is None),
        _both_parts(expired),
    ]).unique()
    part, cell = groups_in(table, rows, policy).alias(_IS_GROUP), [*PERIOD, _IS_GROUP]
    fresh = rows.with_columns(part).join(kept, on=cell, how="anti", maintain_order="left").drop(_IS_GROUP)
    again = then.with_columns(part).join(kept, on=cell, how="semi", maintain_order="left").drop(_IS_GROUP)
    return _in_order(rows, pl.concat([without_what_came_late(fresh, again, corrected), again]), _KEYS[table])


def _corrected(told: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """The periods of which the roster said something else when they were published; not where it is the first one."""
    then = told.select(*PERIOD, "members").unique()
    both = then.join(members, on=["period_kind", "period_start"], suffix="_now")
    return both.filter(pl.col("members") != pl.col("members_now")).select(PERIOD)


def _kept(
    rows: pl.DataFrame, then: pl.DataFrame, corrected: pl.DataFrame, *, table: str, known_from: date | None,
    policy: Policy, are_all: bool,
) -> pl.DataFrame:  # fmt: skip
    """What is told as it was: the wholes or the groups of periods that differ by few, or that cannot be told anew.

    How many people a period concerns is at least the greatest change of any count of people, in rows that are in both.
    That units are named, cut or merged in another way concerns nobody, and what was told of the old ones beside what
    would be told of the new ones could tell of few. A count that was held back, or is now, says nothing of how many it
    changed by; one that could not be known on the days seen then is news of everybody in it.
    """
    keys = ["unit", *_KEYS[table]]
    counts = [
        name for name, dtype in rows.schema.items()
        if dtype == pl.Int64 and name.startswith("n_") and name not in _NO_PEOPLE and name not in keys
        and (are_all or name in _OF_ITS_DAYS)
    ]  # fmt: skip
    is_part = groups_in(table, rows, policy).alias(_IS_GROUP)
    both = rows.with_columns(is_part).join(then, on=[*PERIOD, *keys], how="inner", suffix="_then")
    # a rounded count may move by a step more than the people behind it
    slack = pl.when(pl.col(_IS_GROUP) & policy.has("rounding")).then(STEP - 1).otherwise(0)
    unseen = pl.when(pl.col("n_observed_days") > pl.col("n_observed_days_then")).then(0)
    change = pl.max_horizontal(
        pl.lit(0), *((pl.col(one) - pl.coalesce(f"{one}_then", unseen)).abs().fill_null(0) for one in counts)
    )
    concerned = both.filter(change - slack >= policy.min_group).join(corrected, on=PERIOD, how="anti")
    of_groups = concerned.select(PERIOD).unique().join(_cut_anew(rows, then, is_part, keys), on=PERIOD, how="anti")
    restated = pl.concat([
        concerned.filter(~pl.col(_IS_GROUP)).select(*PERIOD, _IS_GROUP).unique(),
        of_groups.with_columns(pl.lit(value=True).alias(_IS_GROUP)),
    ])  # fmt: skip
    before = then.select(PERIOD).unique()
    current = rows.select(PERIOD).unique()
    is_over = (pl.col("period_start") < known_from) | pl.lit(table in _OF_THE_LAST_MONTH)
    expired = before.join(current, on=PERIOD, how="anti").filter(is_over)
    stand = pl.concat([before.join(current, on=PERIOD, how="semi"), expired])
    return _both_parts(stand).join(restated, on=[*PERIOD, _IS_GROUP], how="anti")


def _both_parts(periods: pl.DataFrame) -> pl.DataFrame:
    """These periods, of wholes and of groups."""
    return periods.join(pl.DataFrame({_IS_GROUP: [False, True]}), how="cross")


def _cut_anew(rows: pl.DataFrame, then: pl.DataFrame, is_part: pl.Expr, keys: Sequence[str]) -> pl.DataFrame:
    """The periods in which other groups were told than are now."""
    cell = [*PERIOD, *keys]
    now, was = (one.filter(is_part).select(cell) for one in (rows, then))
    had_groups = was.select(PERIOD).unique()
    others = [one.join(other, on=cell, how="anti", nulls_equal=True) for one, other in ((now, was), (was, now))]
    return pl.concat(others).select(PERIOD).unique().join(had_groups, on=PERIOD, how="semi")


def with_release(
    history: pl.DataFrame, tables: Mapping[str, pl.DataFrame], *, as_of: date, policy: Policy,
    members: pl.DataFrame | None = None,
) -> pl.DataFrame:  # fmt: skip
    """The history once `tables` (by name) have been published: what is new is added, what differs gets a revision."""
    if not policy.has("closed_periods"):
        return history
    known = no_members() if members is None else members
    parts = [history.filter(~pl.col("metric").is_in(list(FROZEN & set(tables))))]
    for table in sorted(FROZEN & set(tables)):
        told = history.filter(pl.col("metric") == table)
        version = version_of(table, policy)
        parts.append(_with_table(told, table, tables[table], as_of=as_of, version=version, members=known))
    return pl.concat(parts).sort("metric", *PERIOD, "grain")


def revisions(history: pl.DataFrame) -> pl.DataFrame:
    """The periods that were restated: metric, period_kind, period_start, period_end, platform, revision, on day."""
    restated = history.filter(pl.col("revision") > 1)
    return restated.group_by("metric", *PERIOD).agg(
        pl.col("period_end").first(), pl.col("revision").max(), pl.col("first_release").max()
    ).sort("metric", *PERIOD)  # fmt: skip


def _with_table(
    told: pl.DataFrame, table: str, rows: pl.DataFrame, *, as_of: date, version: str, members: pl.DataFrame
) -> pl.DataFrame:
    settled = pl.col("period_end").dt.offset_by(f"{SETTLES.get(table, 0)}d") <= as_of
    closed = rows.filter((pl.col("period_kind") != _OPEN) & settled)
    now = _encoded(table, closed, version)
    is_same = _digests(now).join(_digests(told), on=[*PERIOD, "_digest"], how="semi").select(PERIOD)
    before = told.group_by(PERIOD).agg(_before=pl.col("revision").max(), _then=pl.col("members").max())
    fresh = (
        now.join(is_same, on=PERIOD, how="anti")
        .join(before, on=PERIOD, how="left")
        .with_columns(revision=pl.col("_before").fill_null(0) + 1, first_release=pl.lit(as_of))
        .drop("members")
        .join(members, on=["period_kind", "period_start"], how="left")
        # once the roster was corrected, figures are of the people as they were known first
        .with_columns(members=pl.coalesce("_then", "members"))
        .select(list(SCHEMA))
    )
    # what is not told in this release was published all the same
    stands = told.join(fresh.select(PERIOD).unique(), on=PERIOD, how="anti")
    return pl.concat([stands, fresh])


def _digests(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of each period as one text, so that they can be compared as a whole."""
    return rows.group_by(PERIOD).agg(
        pl.concat_str("version", "grain", "value", separator="\n").sort().str.join("\n").alias("_digest")
    )


def _encoded(table: str, rows: pl.DataFrame, version: str) -> pl.DataFrame:
    keys = ["unit", *_KEYS[table]]
    head = [*PERIOD, "period_end"]
    rest = [name for name in rows.columns if name not in (*keys, *head)]

    def texts(names: Sequence[str]) -> pl.Series:
        return pl.Series([_text(row) for row in rows.select(names).iter_rows(named=True)], dtype=pl.String)

    return rows.select(head).with_columns(
        metric=pl.lit(table), version=pl.lit(version), grain=texts(keys), value=texts(rest),
        revision=pl.lit(1, pl.Int64), first_release=pl.lit(None, pl.Date), members=pl.lit(None, pl.String),
    ).select(list(SCHEMA))  # fmt: skip


def _text(row: Mapping[str, Any]) -> str:
    return msgspec.json.encode(row).decode()


def _decoded(told: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Rows as they were released. Days are text in JSON; everything else comes back as it went."""
    head = told.select(*PERIOD, "period_end").iter_rows(named=True)
    texts = zip(head, told["grain"], told["value"], strict=True)
    rows = [one | msgspec.json.decode(grain) | msgspec.json.decode(value) for one, grain, value in texts]
    days = [name for name, dtype in schema.items() if dtype == pl.Date and name not in ("period_start", "period_end")]
    as_text = {name: pl.String() if name in days else dtype for name, dtype in schema.items()}
    return pl.DataFrame(rows, schema=as_text).with_columns(pl.col(name).str.to_date("%Y-%m-%d") for name in days)


def _in_order(rows: pl.DataFrame, published: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """As the cut orders its rows: those it holds by their place there, others beside the rows of their scope."""
    grain = [*PERIOD, "unit", *keys]
    place = rows.select(grain).with_row_index("_place")
    scope = ["period_kind", "platform", "unit", *(key for key in keys if key in ("dimension", "is_executive"))]
    known = published.join(place, on=grain, how="left", maintain_order="left")
    return known.sort("_place", *scope, "period_start", *keys, nulls_last=True).drop("_place")
