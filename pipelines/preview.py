"""A few organisation totals of a mart for the Dagster UI; whoever opens it has not been shown the release policy."""

from collections.abc import Mapping
from typing import Final

from models.metrics import MINIMUM_GROUP
from pipelines.warehouse import Warehouse, columns_of, frame_of, quoted

SHOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "mart_active_users": ("period_start", "n_eligible", "n_contributors", "n_new", "n_lapsed", "is_complete"),
    "mart_contributor_ratios": ("period_start", "n_eligible", "contributor_ratio", "gini_ratio", "is_complete"),
    "mart_executive_participation": (
        "period_start",
        "is_executive",
        "n_eligible",
        "contributor_ratio",
        "broadcast_ratio",
    ),
}


def preview(warehouse: Warehouse, table: str, *, n_rows: int = 6) -> str | None:
    """The latest months of the whole organisation as a Markdown table; None where there is nothing to show."""
    shown = SHOWN[table]
    with warehouse.connect() as connection:
        if not columns_of(connection, table):
            return None
        rows = frame_of(
            connection,
            f"select {', '.join(map(quoted, shown))} from {quoted(table)} where period_kind = 'month' "
            f"and platform = 'all' and unit = 'all' and n_eligible >= {MINIMUM_GROUP} order by period_start desc "
            f"limit {n_rows}",
        )
    lines: list[tuple[str, ...]] = [shown, ("---",) * len(shown)]
    lines += [tuple(_cell(value) for value in row) for row in rows.rows()]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: object) -> str:
    if value is None:
        return "unknown"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
