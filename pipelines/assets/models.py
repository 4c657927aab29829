"""One asset per SQL model: its dependencies are the tables that its SELECT reads."""

from collections.abc import Iterator
from typing import Final

import dagster as dg

from models.metrics import metric_table
from models.queries import queries, question, tables_read
from models.schemas import GROUPS
from pipelines.assets.checked import Event, asset_key, check_specs, reported
from pipelines.assets.ingest import OWNERS, staging_tables
from pipelines.gate import write_frame, write_query
from pipelines.preview import preview
from pipelines.progress import report
from pipelines.workspace import Workspace


def _model(table: str, group: str) -> dg.AssetsDefinition:
    sources = tables_read(table)
    deps: list[dg.AssetKey | dg.AssetsDefinition] = [asset_key(one) for one in sources if one in queries()]
    if any(one.startswith("stg_") for one in sources):
        deps.append(staging_tables)

    @dg.asset(
        key=asset_key(table),
        group_name=group,
        owners=OWNERS,
        kinds={"duckdb", "sql"},
        deps=deps,
        check_specs=check_specs(table),
        description=f"{question(table)[0].upper()}{question(table)[1:]}\n\nModel: `models/sql/{table}.sql`",
    )
    def build(workspace: Workspace) -> Iterator[Event]:
        report(table)
        written = write_query(workspace.warehouse(), table, queries()[table])
        yield from reported(written, preview(workspace.warehouse(), table) if group == "mart" else None)

    return build


MODELS: Final = [_model(table, group) for group, tables in GROUPS.items() for table in tables if table in queries()]


@dg.asset(group_name="mart", owners=OWNERS, kinds={"duckdb", "python"}, check_specs=check_specs("dim_metric"))
def dim_metric(workspace: Workspace) -> Iterator[Event]:
    """How is every measure defined?"""
    yield from reported(write_frame(workspace.warehouse(), "dim_metric", metric_table()))
