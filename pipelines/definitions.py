"""Everything that Dagster knows, by name."""

from hashlib import blake2b
from pathlib import Path
from typing import Final

import dagster as dg

from pipelines.assets.agreement import rel_agreement
from pipelines.assets.ingest import READERS, drop_folder, staging_tables
from pipelines.assets.models import MODELS, dim_metric
from pipelines.assets.release import RELEASES, release_asset
from pipelines.run_trail import recorded_failure
from pipelines.workspace import Workspace

ROOT: Final = Path(__file__).parent.parent

nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="Everything, from the drop folder to the published site.",
)
every_night = dg.ScheduleDefinition(
    name="every_night",
    job=nightly,
    cron_schedule="0 2 * * *",
    description="Runs the nightly job at 02:00. Switch it on here once the drop folder holds real exports.",
)


@dg.sensor(
    job=nightly,
    minimum_interval_seconds=60,
    description="Runs the nightly job when the drop folder has changed and then kept still for a minute.",
)
def new_exports(context: dg.SensorEvaluationContext, workspace: Workspace) -> dg.SensorResult | dg.SkipReason:
    """The cursor is `seen|done`: the folder as last seen, and as last run."""
    if not any(workspace.exports_path.rglob("*")):
        return dg.SkipReason("the drop folder is empty")
    now = _fingerprint(workspace.exports_path)
    seen, _, done = (context.cursor or "|").partition("|")
    if now == done:
        return dg.SkipReason("nothing new")
    if now != seen:
        context.update_cursor(f"{now}|{done}")
        return dg.SkipReason("files are still arriving")
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=now)], cursor=f"{now}|{now}")


def _fingerprint(folder: Path) -> str:
    stats = sorted(
        (str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()
    )
    return blake2b(repr(stats).encode(), digest_size=8).hexdigest()


ASSETS: Final = (
    drop_folder, *READERS, staging_tables, *MODELS, dim_metric, *RELEASES, rel_agreement, release_asset,
)  # fmt: skip
defs = dg.Definitions(
    # a failed step is recorded whichever job it belongs to, also that of "Materialize all"
    assets=[asset.with_hooks({recorded_failure}) for asset in ASSETS],
    jobs=[nightly],
    schedules=[every_night],
    sensors=[new_exports],
    executor=dg.in_process_executor,
    resources={
        "workspace": Workspace(),
    },
)
