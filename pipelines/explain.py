"""Where a number comes from: its definition, its value, who is not in it, its SQL, and the export files behind it.

Values are read from the release, so that nothing is explained that is not shown; only counts come from the live
warehouse. Files are told with how many of their records are in the period, never which.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl

from models.asking import IN_FIVES, Period, last_of, shown, told
from models.metrics import MARTS, MINIMUM_GROUP, Metric, mart_of
from models.problems import SettingsRefused
from models.queries import source_of
from models.release.rows import is_of_a_group
from pipelines.ask import newest_period, where_else, withheld_text
from pipelines.warehouse import Warehouse, frame_of, quoted

ROOT: Final = Path(__file__).parent.parent
_ANY: Final = "rel_active_users"
"""Tells which months are released, where a measure has no table of its own."""
_FILES: Final = """
    select
        f.path,
        count(*) as n_records,
        count(*) filter (where e.is_contribution) as n_contributions,
        count(distinct e.account_id) as n_accounts
    from fct_event as e
    join export_file as f on f.file_id = e.file_id
    where e.occurred_on between $first and $last and ($platform = 'all' or e.platform = $platform)
    group by f.path
    order by f.path
"""
_EXCLUDED: Final = """
    select x.rule, min(x.message) as message, cast(sum(x.n_excluded) as bigint) as n_records
    from exclusion as x
    where x.file_id in (
        select e.file_id
        from fct_event as e
        where e.occurred_on between $first and $last and ($platform = 'all' or e.platform = $platform)
    )
    group by x.rule
    order by x.rule
"""
_STRANGERS: Final = """
    select
        count(*) filter (where e.actor_kind in ('bot', 'system')) as n_bots,
        count(*) filter (where e.actor_kind not in ('bot', 'system') and not e.is_contribution) as n_others,
        count(*) filter (where e.is_contribution and a.match_rule = 'none') as n_unmatched
    from fct_event as e
    left join dim_account as a on a.account_id = e.account_id
    where e.occurred_on between $first and $last and ($platform = 'all' or e.platform = $platform)
"""


def explain(live: Warehouse, released: Warehouse, metric: Metric, *, unit: str, platform: str, period: Period | None
            ) -> Iterator[str]:
    """Lines of text. Without a period it is the newest released month or week, a complete one if there is any.

    A measure that is in no release is explained without its values.
    """
    yield from _definition(metric)
    table = MARTS[mart_of(metric)].released_as
    with released.connect() as connection:
        every = frame_of(connection, f"from {quoted(table or _ANY)}")
        withheld = frame_of(connection, "from rel_withheld").filter(pl.col("released_table") == table)
    rows = every.filter(pl.col("unit") == unit, pl.col("platform") == platform)
    chosen = period or newest_period(rows, metric)
    if chosen is None:
        raise SettingsRefused(
            f"PPL-ASK-004 {metric.id}: nothing is released for this unit and platform; no value was read; small units "
            "are shown together, and a unit is shown over all platforms only"
        )
    yield ""
    yield f"{chosen}, platform {platform}, unit {unit}"
    of_period = rows.filter(pl.col("period_kind") == chosen.kind, pl.col("period_start") == chosen.start)
    if table:
        yield from _values(metric, of_period)
    else:
        yield f"  in no release yet; {where_else(metric)}"
    yield from (f"  withheld: {withheld_text(row)}" for row in withheld.sort("reason").to_dicts())
    yield ""
    yield from _behind(live, platform, chosen)
    yield ""
    source = source_of(mart_of(metric))
    yield f"Model: {source}"
    yield (ROOT / source).read_text(encoding="utf-8").rstrip()


def _definition(metric: Metric) -> Iterator[str]:
    yield f"{metric.title} ({metric.id}, version {metric.version})"
    yield metric.question
    facts = {
        "counts": metric.numerator, "over": metric.denominator, "window": metric.window, "one value per": metric.grain,
        "leaves out": metric.exclusions, "needs": metric.sources, "published": metric.reference,
    }  # fmt: skip
    yield from (f"  {name}: {fact}" for name, fact in facts.items() if fact)


def _values(metric: Metric, rows: pl.DataFrame) -> Iterator[str]:
    if rows.is_empty():
        yield "  not released: the period is not over, before the data, or the group is too small"
        return
    keys = [column.name for column in MARTS[mart_of(metric)].keys]
    for row in rows.sort(keys or "period_start").to_dicts():
        of = ", ".join(f"{key} {shown(row[key])}" for key in keys)
        about = "about " if is_of_a_group(row) else ""
        yield f"  people {about}{row['n_eligible']}, observed days {row['n_observed_days']}" + (f", {of}" if of else "")
        yield from (f"  {column.name} = {told(row, column.name)}  ({column.description})" for column in metric.columns)
        if not row["is_complete"]:
            yield "  not every day of the period is observed"
    if any(is_of_a_group(row) for row in rows.iter_rows(named=True)):
        yield from (f"  {line}" for line in IN_FIVES)


def _behind(live: Warehouse, platform: str, period: Period) -> Iterator[str]:
    within = {"first": period.start, "last": last_of(period), "platform": platform}
    with live.connect() as connection:
        files = frame_of(connection, _FILES, within)
        excluded = frame_of(connection, _EXCLUDED, within).to_dicts()
        strangers: dict[str, Any] = frame_of(connection, _STRANGERS, within).row(0, named=True)
    yield "not counted, of the same days and platform"
    yield f"  {strangers['n_bots']} records by bots and system accounts"
    yield f"  {strangers['n_others']} records that are no contributions: joins, reactions, edits that change nothing"
    yield f"  {strangers['n_unmatched']} contributions by accounts that match nobody on the roster"
    yield from (f"  {row['n_records']} records in the same exports: {row['message']}" for row in excluded)
    yield "export files behind it"
    yield from _files(files)


def _files(files: pl.DataFrame) -> Iterator[str]:
    is_large = pl.col("n_accounts") >= MINIMUM_GROUP
    text = "{}: {} records, {} contributions"
    for row in files.filter(is_large).to_dicts():
        yield "  " + text.format(row["path"], row["n_records"], row["n_contributions"])
    # a file of few accounts, such as one person's bookmarks, would say what they did
    few = files.filter(~is_large)
    if len(few):
        what = f"{len(few)} files with fewer than {MINIMUM_GROUP} accounts each, together"
        yield "  " + text.format(what, few["n_records"].sum(), few["n_contributions"].sum())


def published(out: Path) -> Warehouse:
    """The analyst's file of the newest release; raises `SettingsRefused` if there is none."""
    path = out / "latest" / "turnout.duckdb"
    if not path.is_file():
        raise SettingsRefused("PPL-ASK-005 --out: holds no release; nothing was read; run `turnout run` first")
    return Warehouse(path, read_only=True)
