"""A figure of the release by unit, platform or time, as a table in the terminal or as a workbook.

Only released tables are read, so an answer holds nothing that the release policy held back; it says what was.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import polars as pl

from connectors.source_names import printable
from models.asking import BY, IN_FIVES, Period, last_of, told
from models.metrics import MARTS, Metric, mart_of
from models.problems import SettingsRefused
from models.release.rows import BREAKDOWNS, is_of_a_group
from pipelines.analysts_file import holds
from pipelines.warehouse import Warehouse, frame_of, quoted

ALL: Final = "all"


def answer(released: Warehouse, metric: Metric, *, by: str, period: Period | None) -> tuple[pl.DataFrame, list[str]]:
    """Rows (what, people, the metric's columns) and the lines that say what they are and what was withheld."""
    table = _table(metric, by)
    with released.connect() as connection:
        rows = frame_of(connection, f"from {quoted(table)}")
        withheld = frame_of(connection, "from rel_withheld").filter(pl.col("released_table") == table)
        source = frame_of(connection, "select as_of_on, reporting_zone from meta").row(0, named=True)
    chosen, rows = _cut(rows, metric, by, period)
    columns = [column.name for column in metric.columns if column.name in rows.columns]
    if not columns:
        raise SettingsRefused(
            f"PPL-ASK-006 {metric.id}: is not told by {by}; no value was read; ask by unit, platform, week or month"
        )
    keys = [column.name for column in MARTS[mart_of(metric)].keys if column.name in rows.columns]
    what = "value" if by in BREAKDOWNS else BY[by][0]
    found = rows.select(pl.col(what).alias(by), *keys, "is_complete", "n_eligible", *columns).sort(by, *keys)
    has_groups = any(is_of_a_group(row) for row in rows.iter_rows(named=True))
    lines = [*_lines(metric, by, chosen, withheld, source), *(IN_FIVES if has_groups else ())]
    return found.unique(maintain_order=True), lines


def _table(metric: Metric, by: str) -> str:
    return MARTS["mart_breakdown"].released_as if by in BREAKDOWNS else released_table(metric)


def released_table(metric: Metric) -> str:
    """The table of a metric's released rows; raises `SettingsRefused` if there is none yet."""
    table = MARTS[mart_of(metric)].released_as
    if not table:
        raise SettingsRefused(
            f"PPL-ASK-003 {metric.id}: is in no release yet; no value was read; {where_else(metric)}"
        )
    return table


def where_else(metric: Metric) -> str:
    """Where the figures of a measure are that is in no release."""
    table = mart_of(metric)
    if all(holds(table, column.name) for column in metric.columns):
        return f"its values are in the analyst's full file, table {table}"
    return f"no file holds all its values, which are of single spaces; they are in table {table} of OUT/work"


def _cut(rows: pl.DataFrame, metric: Metric, by: str, period: Period | None) -> tuple[Period | None, pl.DataFrame]:
    """The rows that answer, and the period that they are of if it is one."""
    if by in BREAKDOWNS:
        rows = rows.filter(pl.col("dimension") == by)
    kind = BY.get(by, ("", None))[1]
    if by not in ("unit", "department"):
        rows = rows.filter(pl.col("unit") == ALL)
    if by != "platform":
        rows = rows.filter(pl.col("platform") == ALL)
    if kind:
        rows = rows.filter(pl.col("period_kind") == kind)
        if period:
            rows = rows.filter(pl.col("period_start").is_between(period.start, last_of(period)))
        return None, rows
    chosen = period or newest_period(rows, metric)
    if chosen is None:
        return None, rows.clear()
    return chosen, rows.filter(pl.col("period_kind") == chosen.kind, pl.col("period_start") == chosen.start)


def newest_period(rows: pl.DataFrame, metric: Metric) -> Period | None:
    """The newest month, else week, else the history, in which anything of the measure is known, if it ever is.

    A complete one if there is any.
    """
    columns = [column.name for column in metric.columns if column.name in rows.columns]
    known = rows.filter(pl.any_horizontal(pl.col(columns).is_not_null())) if columns else rows
    for kind in ("month", "week", "history"):
        of_kind = (known if known.height else rows).filter(pl.col("period_kind") == kind)
        starts = of_kind.sort("is_complete", "period_start")["period_start"]
        if len(starts):
            return Period(kind, starts[-1])
    return None


def _lines(metric: Metric, by: str, period: Period | None, withheld: pl.DataFrame, source: Mapping[str, object]
           ) -> Iterator[str]:
    over = f", over {metric.denominator}" if metric.denominator else ""
    yield f"{metric.title}, by {by}{f', {period}' if period else ''}: {metric.numerator}{over}"
    yield f"Leaves out: {metric.exclusions}"
    yield f"Data to {source['as_of_on']}, days of the zone {source['reporting_zone']}; unknown is not 0"
    for row in withheld.sort("reason").to_dicts():
        yield f"Withheld: {withheld_text(row)}"


def withheld_text(row: Mapping[str, Any]) -> str:
    """A row of `rel_withheld` in words."""
    n_figures = f", {row['n_figures']} figures" if row.get("n_figures") else ""
    return f"{row['reason'].replace('_', ' ')} (minimum {row['minimum']}{n_figures})"


def as_text(rows: pl.DataFrame) -> Iterator[str]:
    """The rows in columns of even width."""
    cells = (tuple(printable(told(row, name)) for name in rows.columns) for row in rows.iter_rows(named=True))
    lines = [tuple(rows.columns), *cells]
    widths = [max(len(line[i]) for line in lines) for i in range(len(rows.columns))]
    for line in lines:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()

