"""One run of the main job that reports its own seconds: `python -m benchmarks.child EXPORTS OUT` prints JSON.

Nothing heavy is imported before the clock runs.
"""

import json
import logging
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

WORK_ENDS = ("ASSET_CHECK_EVALUATION", "STEP_OUTPUT")
"""What an asset yields after its work; every later event of the step is Dagster's own."""


def main(exports: str, out: str) -> dict[str, float]:
    """Seconds of this run by part."""
    started = time.perf_counter()
    import dagster as dg

    import dashboards
    from pipelines.definitions import defs, nightly
    from pipelines.workspace import Workspace

    parts: defaultdict[str, float] = defaultdict(float)
    parts["imports"] = time.perf_counter() - started
    dashboards.build_site = timed(dashboards.build_site, parts, "pages")
    logging.getLogger("dagster").setLevel(logging.CRITICAL)

    started = time.perf_counter()
    job = defs.resolve_job_def(nightly.name)
    with dg.DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as instance:
        result = job.execute_in_process(instance=instance, resources={"workspace": Workspace(exports=exports, out=out)})
        log = [(entry.timestamp, entry.dagster_event) for entry in instance.all_logs(result.run_id)]
    whole = time.perf_counter() - started

    graph = defs.resolve_asset_graph()
    groups = {"__".join(key.path): graph.get(key).group_name for key in graph.get_all_asset_keys()}
    for step, seconds in step_work(log).items():
        parts[groups[step]] += seconds
    parts["release"] -= parts["pages"]
    parts["Dagster"] = whole - sum(seconds for name, seconds in parts.items() if name != "imports")
    return dict(parts)


def step_work(log: list[tuple[float, Any]]) -> dict[str, float]:
    """Seconds from the start of each step to the first thing that it yields."""
    began: dict[str, float] = {}
    work: dict[str, float] = {}
    for timestamp, event in log:
        if event is None or event.step_key is None:
            continue
        if event.event_type_value == "STEP_START":
            began[event.step_key] = timestamp
        elif event.event_type_value in WORK_ENDS:
            work.setdefault(event.step_key, timestamp - began[event.step_key])
    return work


def timed(call: Callable[..., Any], parts: defaultdict[str, float], name: str) -> Callable[..., Any]:
    """The same function, with its seconds added to `parts`."""

    def run(*arguments: object) -> object:
        started = time.perf_counter()
        try:
            return call(*arguments)
        finally:
            parts[name] += time.perf_counter() - started

    return run


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
