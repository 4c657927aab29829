"""One asset per model: its dependencies are the tables that its SELECT, or its analysis in Python, reads."""

from collections.abc import Iterator
from typing import Final

import dagster as dg

from models.analyses import ANALYSES
from models.metrics import metric_table
from models.queries import modeled, question, source_of, tables_read
from models.schemas import GROUPS
from pipelines.assets.checked import Event, asset_key, check_specs, reported
from pipelines.assets.ingest import OWNERS, staging_tables
from pipelines.build import build_model
from pipelines.gate import write_frame
from pipelines.preview import preview
from pipelines.progress import report
from pipelines.workspace import Workspace


def _model(table: str, group: str) -> dg.AssetsDefinition:
    sources = tables_read(table)
    deps: list[dg.AssetKey | dg.AssetsDefinition] = [asset_key(one) for one in sources if one in modeled()]
    # a model that reads nothing waits too: before the drop folder is admitted, nothing may be written
    if not deps or any(one.startswith("stg_") for one in sources):
        deps.append(staging_tables)

    @dg.asset(
        key=asset_key(table),
        group_name=group,
        owners=OWNERS,
        kinds={"duckdb", "python" if table in ANALYSES else "sql"},
        deps=deps,
        check_specs=check_specs(table),
        description=f"{question(table)[0].upper()}{question(table)[1:]}\n\nModel: `{source_of(table)}`",
    )
    def build(workspace: Workspace) -> Iterator[Event]:
        report(table)
        written = build_model(workspace.warehouse(), table)
        yield from reported(written, preview(workspace.warehouse(), table) if group == "mart" else None)

    return build


MODELS: Final = [_model(table, group) for group, tables in GROUPS.items() for table in tables if table in modeled()]


@dg.asset(
    group_name="mart",
    owners=OWNERS,
    kinds={"duckdb", "python"},
    check_specs=check_specs("dim_metric"),
    deps=[staging_tables],
)
def dim_metric(workspace: Workspace) -> Iterator[Event]:
    """How is every measure defined?"""
    yield from reported(write_frame(workspace.warehouse(), "dim_metric", metric_table()))
