"""Tables that tell of a whole organisation, and of people picked by what they did: by the sizes that stand in them."""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from models.audit.columns import RELEASED, ROUNDED_TO, Part
from models.audit.figures import SLACK
from models.audit.findings import Finding, Limits, Rule
from models.audit.groups import ALL


def of_cohorts(tables: Mapping[str, pl.DataFrame], limits: Limits) -> Iterator[Finding]:
    """Rows of a whole that is no crowd; parts of fewer people than a group, or of a group and too near its ends."""
    for table, of in RELEASED.items():
        rows = tables[table]
        if of.rows == "whole" or table == "rel_active_users":
            # days are told of a crowd only, as are the tables that count everybody
            told = rows if of.rows == "whole" else rows.filter(pl.col("period_kind") == "day")
            few = told.filter((pl.col("unit") != ALL) | (pl.col("n_eligible") < limits.crowd))
            yield from _found("small_group", table, "organisation", "people", few)
        for name, column in of.columns.items():
            if isinstance(column, Part):
                known = rows.filter(pl.col(name).is_not_null())
                whole = pl.col(column.of)
                few = known.filter((whole > 0) & (whole < limits.smallest_group))
                yield from _found("small_group", table, "cohort", name, few)
                if column.has_ends:
                    group = known.filter((whole >= limits.smallest_group) & (whole < limits.crowd))
                    slack = SLACK if _is_rounded(group, (name, column.of)) else 0
                    end = (pl.col(name) + slack < limits.tail) | (whole - pl.col(name) + 2 * slack < limits.tail)
                    yield from _found("tail", table, "cohort", name, group.filter(end))


def _is_rounded(rows: pl.DataFrame, names: Sequence[str]) -> bool:
    """Whether all of these columns are told to the nearest five only."""
    return all((rows[name] % ROUNDED_TO == 0).all() for name in names)


def _found(rule: Rule, table: str, dimension: str, measure: str, rows: pl.DataFrame) -> Iterator[Finding]:
    for kind, n in rows.group_by("period_kind").len().sort("period_kind").rows():
        yield Finding(rule, table, dimension, measure, kind, n)
