"""A few organisation totals of a mart for the Dagster UI; whoever opens it has not been shown the release policy."""

from typing import Final

from models.metrics import MARTS, MINIMUM_DAILY, MINIMUM_GROUP
from models.metrics.entry import OF_THE_ORGANISATION
from models.release.enabling import FURTHER
from pipelines.warehouse import Warehouse, columns_of, frame_of, quoted

_N_FIGURES: Final = 4


def _shown(table: str) -> tuple[str, ...]:
    mart = MARTS[table]
    keys = [column.name for column in mart.keys]
    figures = [column.name for column in mart.columns if column.name not in keys]
    return ("period_start", *keys, "n_eligible", *figures[:_N_FIGURES], "is_complete")


def preview(warehouse: Warehouse, table: str, *, n_rows: int = 6) -> str | None:
    """The latest months of the whole organisation as a Markdown table; None where there is nothing to show.

    A mart that is not released, or not in this form, has none.
    """
    released = MARTS[table].released_as
    if not released or released in FURTHER or any(column.kind == "text" for column in MARTS[table].keys):
        return None
    shown = _shown(table)
    minimum = MINIMUM_DAILY if MARTS[table].released_rows == OF_THE_ORGANISATION else MINIMUM_GROUP
    with warehouse.connect() as connection:
        if not columns_of(connection, table):
            return None
        rows = frame_of(
            connection,
            f"select {', '.join(map(quoted, shown))} from {quoted(table)} where period_kind = 'month' "
            f"and platform = 'all' and unit = 'all' and n_eligible >= {minimum} order by period_start desc "
            f"limit {n_rows}",
        )
    if rows.is_empty():
        return None
    lines: list[tuple[str, ...]] = [shown, ("---",) * len(shown)]
    lines += [tuple(_cell(value) for value in row) for row in rows.rows()]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: object) -> str:
    if value is None:
        return "unknown"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
