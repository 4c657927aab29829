"""From the drop folder into staging: one asset lists it, one per platform reads it, one loads it."""

from datetime import timedelta

import dagster as dg

from connectors.contract import Connector
from connectors.registry import CONNECTORS
from pipelines import champions, declared, guard, ingest, run_trail, staging
from pipelines.agreement import admit_platforms, may_be_named
from pipelines.progress import report
from pipelines.retention import dagster_runs
from pipelines.retention.expire import expire
from pipelines.workspace import Workspace

GROUP = "ingest"
OWNERS = ["team:turnout"]


@dg.asset(group_name=GROUP, owners=OWNERS, kinds={"python"})
def drop_folder(context: dg.AssetExecutionContext, workspace: Workspace) -> dg.MaterializeResult:
    """What lies in the drop folder: every export with the connector that recognised it, or why none did."""
    settings = workspace.settings()
    guard.admit(workspace.warehouse(), workspace.ring(), zone=settings.reporting_zone)
    run_trail.started(workspace, context.run.run_id)
    recorded = workspace.agreement()
    found = ingest.survey(workspace.warehouse(), workspace.exports_path, settings)
    admit_platforms(recorded, found, workspace.wanted_platforms())
    counts = dict(found.group_by("status").len().rows())
    return dg.MaterializeResult(metadata={"dagster/row_count": found.height, **counts})


def _reader(connector: Connector) -> dg.AssetsDefinition:
    @dg.asset(
        name=f"{connector.name}_exports",
        group_name=GROUP,
        owners=OWNERS,
        kinds={"python", "parquet"},
        deps=[drop_folder],
        description=f"Every export for {connector.name}, read, pseudonymised and stored in the lake; each only once.",
    )
    def read(context: dg.AssetExecutionContext, workspace: Workspace) -> dg.MaterializeResult:
        wanted = workspace.wanted_platforms()
        if wanted and connector.platform not in wanted:
            return dg.MaterializeResult(metadata={"skipped": "not among the platforms of this run"})
        refusals = ingest.read_exports(
            workspace.warehouse(),
            workspace.lake(),
            workspace.exports_path,
            workspace.settings(),
            connector,
            now=workspace.now(),
            progress=report,
        )
        for refusal in refusals:
            context.log.error(str(refusal.problem))
        return dg.MaterializeResult(metadata={"refused": len(refusals)})

    return read


READERS = [_reader(connector) for connector in CONNECTORS]


@dg.asset(name="staging", group_name=GROUP, owners=OWNERS, kinds={"duckdb"}, deps=READERS)
def staging_tables(context: dg.AssetExecutionContext, workspace: Workspace) -> dg.MaterializeResult:
    """The lake's rows of all exports side by side, one transaction per export, and the settings of the run.

    What `[retention]` no longer allows to be kept is taken out of the lake first.
    """
    settings, lake = workspace.settings(), workspace.lake()
    declared.keep_mapped_out(workspace.exports_path, settings, lake.ring, lake.ledger())
    gone = dict(expire(workspace.warehouse(), lake, workspace.exports_path, settings, now=workspace.now()))
    if settings.retention.runs_days is not None:
        gone |= dagster_runs.expire(context.instance, workspace.now() - timedelta(days=settings.retention.runs_days))
    if any(gone.values()):
        run_trail.expired(workspace, context.run.run_id, gone)
    loaded = staging.mirror(
        workspace.warehouse(),
        lake,
        zone=settings.reporting_zone,
        platforms=workspace.wanted_platforms(),
        now=workspace.now(),
        progress=report,
    )
    # what the settings say is stored last, for what has expired was looked at with others
    recorded, exports, today = workspace.agreement(), workspace.exports_path, workspace.now().date()
    lines, _ = champions.opted_in(exports, recorded, settings, today=today)
    declared.store_settings(
        workspace.warehouse(),
        exports,
        settings,
        lake.ring,
        lake.ledger(),
        named=may_be_named(recorded, settings, today=today),
        opted_in=champions.rows(lines, lake.ring, today=today),
    )
    return dg.MaterializeResult(metadata={"newly loaded exports": loaded, **gone})
