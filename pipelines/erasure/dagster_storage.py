"""Dagster's storage: no identifier and no pseudonym should be there; a run that holds one is deleted."""

import sqlite3
from contextlib import closing
from pathlib import Path

import dagster as dg

from pipelines.erasure.search import Needles, search


def scrub(home: Path, needles: Needles) -> list[str]:
    """Deletes the runs that hold the person, and what SQLite keeps of deleted rows; returns what to say."""
    if not search([home], needles).hits:
        return []
    n_deleted = 0
    with dg.DagsterInstance.from_config(str(home)) as instance:
        for run in instance.get_runs():
            told = [dg.serialize_value(run), *(dg.serialize_value(entry) for entry in instance.all_logs(run.run_id))]
            if any(needles.in_bytes(text.encode()) for text in told):
                instance.delete_run(run.run_id)
                n_deleted += 1
    for database in home.rglob("*.db"):
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("vacuum")
            connection.execute("pragma wal_checkpoint(truncate)")
    return [f"{n_deleted} runs in Dagster's storage held the person and are deleted"]
