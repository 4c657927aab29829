"""A few organisation totals of a mart for the Dagster UI; whoever opens it has not been shown the release policy."""

from models.metrics import MINIMUM_GROUP
from pipelines.warehouse import Warehouse, columns_of, frame_of, quoted

_HIDDEN = {"period_kind", "platform", "unit", "period_end"}


def preview(warehouse: Warehouse, table: str, *, n_rows: int = 6) -> str | None:
    """The latest months of the whole organisation as a Markdown table; None where there is nothing to show."""
    with warehouse.connect() as connection:
        shown = [name for name in columns_of(connection, table) if name not in _HIDDEN]
        if not shown:
            return None
        rows = frame_of(
            connection,
            f"select {', '.join(map(quoted, shown))} from {quoted(table)} where period_kind = 'month' "
            f"and platform = 'all' and unit = 'all' and n_eligible >= {MINIMUM_GROUP} order by period_start desc "
            f"limit {n_rows}",
        )
    lines = [shown, ["---"] * len(shown)]
    lines += [[_cell(value) for value in row] for row in rows.rows()]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: object) -> str:
    if value is None:
        return "unknown"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
