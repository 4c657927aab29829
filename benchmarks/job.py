"""Where the seconds of `turnout run` go: imports, Dagster, data work by group of assets, and pages.

Each run is a process of its own (`benchmarks.child`); a first run has an empty output folder, a second one finds the
same exports already in the lake.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

PARTS = ("start and end of the process", "imports", "Dagster")
GROUPS = ("ingest", "ledger", "dimension", "fact", "prepared", "mart", "release", "pages")


def rows(exports: Path, out: Path, *, repeat: int) -> list[dict[str, str]]:
    """Seconds per part of the run with the median total, for first and for second runs."""
    runs: dict[str, list[dict[str, float]]] = {"first run": [], "second run": []}
    for number in range(repeat):
        for measured in runs.values():
            measured.append(run_once(exports, out / str(number)))
    median = {title: sorted(measured, key=total)[len(measured) // 2] for title, measured in runs.items()}
    shown = [
        {"part": name} | {title: f"{run[name]:.2f}" for title, run in median.items()} for name in (*PARTS, *GROUPS)
    ]
    shares = {title: f"{sum(run[group] for group in GROUPS) / total(run):.0%}" for title, run in median.items()}
    return [
        *shown,
        {"part": "total"} | {title: f"{total(run):.2f}" for title, run in median.items()},
        {"part": "share of data work and pages"} | shares,
    ]


def total(run: dict[str, float]) -> float:
    """The seconds of the whole process."""
    return sum(run.values())


def run_once(exports: Path, out: Path) -> dict[str, float]:
    """Seconds by part of one process."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.child", str(exports), str(out)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    whole = time.perf_counter() - started
    parts: dict[str, float] = json.loads(printed)
    return {**dict.fromkeys((*PARTS, *GROUPS), 0.0), **parts, PARTS[0]: whole - sum(parts.values())}
