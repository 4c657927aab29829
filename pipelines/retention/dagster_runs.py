"""Old runs in Dagster's storage: what ran when, deleted through Dagster itself."""

from datetime import UTC, datetime
from typing import Final

import dagster as dg

_OVER: Final = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
_AT_ONCE: Final = 100


def expire(instance: dg.DagsterInstance, before: datetime) -> dict[str, int]:
    """Deletes the runs that are over and began before this time (naive UTC), with their events and captured output."""
    old = dg.RunsFilter(statuses=_OVER, created_before=before.replace(tzinfo=UTC))
    n_runs = 0
    while runs := instance.get_runs(old, limit=_AT_ONCE):
        for run in runs:
            instance.delete_run(run.run_id)
            instance.compute_log_manager.delete_logs(prefix=[run.run_id])
        n_runs += len(runs)
    return {"n_runs": n_runs}
