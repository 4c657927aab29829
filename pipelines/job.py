"""The nightly job in this process, without a Dagster instance on disk: what the command line and the tests run."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import dagster as dg
import polars as pl

from models import noted, withholding
from models.problems import SettingsRefused
from pipelines import champions, declared, guard, named, purposes, roster_size, run_trail
from pipelines.agreement import NotInForce, naming_over
from pipelines.definitions import defs, nightly
from pipelines.progress import watched_by
from pipelines.take_away import TAKEN
from pipelines.warehouse import frame_of
from pipelines.workspace import Workspace

_PARTS: Final = ("accepted", "duplicate", "excluded", "quarantined")


class _Names(NamedTuple):
    """Lines about people who are to be named: notes on whom nothing allows to name, and faults of champions.csv."""

    notes: Sequence[str]
    faults: Sequence[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`release` is None if nothing was released; `problems` are the lines to show; `is_incomplete` asks for exit 3.

    `summary` says what became of the records, which groups are too small to be shown, and what was odd and kept.
    """

    release: Path | None
    problems: list[str]
    is_incomplete: bool
    summary: str


def run_job(workspace: Workspace, progress: Callable[[str, int, int], None] = lambda *_: None) -> Outcome:
    """From the drop folder to the release. Raises `SettingsRefused` for settings that cannot be followed."""
    # settings, key and mapping file are looked at before Dagster starts, so that nothing runs with wrong ones
    try:
        names = _admit(workspace)
    except NotInForce as stopped:
        run_trail.refused(workspace, stopped)
        return Outcome(None, [str(stopped)], is_incomplete=True, summary="")
    except SettingsRefused as refusal:
        run_trail.refused(workspace, refusal)
        raise
    job = defs.resolve_job_def(nightly.name)
    n_steps = len(job.all_node_defs)
    done: list[str] = []

    def watch(what: str) -> None:
        progress(what, len(done), n_steps)
        done.append(what)

    # Dagster's own lines repeat what the progress and the outcome say
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    with (
        dg.DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as instance,
        watched_by(watch),
        workspace.warehouse().held(),
    ):
        result = job.execute_in_process(
            instance=instance,
            resources={"workspace": workspace},
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    if not result.success:
        return Outcome(None, _failures(result), is_incomplete=True, summary="")
    return _outcome(workspace, names, _taken(result))


def _admit(workspace: Workspace) -> "_Names":
    """What is wrong with names of people; raises where nothing may be run."""
    settings = workspace.settings()
    recorded = workspace.agreement()
    guard.admit(workspace.warehouse(), workspace.ring(), zone=settings.reporting_zone)
    declared.check(workspace.exports_path, settings)
    today = workspace.now().date()
    exports = workspace.exports_path
    _, faults = champions.opted_in(exports, recorded, settings, today=today)
    unread = champions.unread(exports, recorded, settings, today=today)
    return _Names([*naming_over(recorded, settings, today=today), *unread], faults)


def _failures(result: dg.ExecuteInProcessResult) -> list[str]:
    lines = []
    for event in result.get_step_failure_events():
        error = event.step_failure_data.error
        while error is not None and error.cause is not None:
            error = error.cause
        reason = event.step_failure_data.user_failure_data
        text = reason.description if reason else error.message if error else "unknown fault"
        lines.append(
            f"PPL-RUN-002 {event.step_key}: {(text or '').strip()}; the last release stands; see the Dagster UI"
        )
    return lines


def _taken(result: dg.ExecuteInProcessResult) -> str:
    """What became of the PDF and the picture."""
    (made,) = [one for one in result.asset_materializations_for_node("release") if one.asset_key.path == ["release"]]
    return str(made.metadata[TAKEN].value)


def _outcome(workspace: Workspace, names: _Names, taken: str) -> Outcome:
    with workspace.warehouse().connect() as connection:
        files = frame_of(connection, "from export_file order by path")
        silent = frame_of(connection, "from rel_source where not is_delivering and first_on is not null")["platform"]
        outnumbered = roster_size.outnumbered(connection)
        misnamed = [*named.problems(connection), *names.faults, *champions.unknown(connection)]
        held_back = frame_of(connection, "from rel_withheld")
        found = frame_of(connection, "from rel_note")
        unknown_units = declared.unknown_units(connection)
        unused = purposes.unused(connection)
        as_of = frame_of(connection, "select as_of_on from meta").item()
    loaded = files.filter(pl.col("status") == "loaded")
    problems = [
        str(reason or f"PPL-FIL-003 {path}: no recognised export")
        for path, reason in files.filter(pl.col("status") != "loaded").select("path", "reason").rows()
    ]
    problems += [
        f"PPL-COV-001 {platform}: silent for longer than its cadence; it has left the figures over all platforms; "
        "ask for a new export"
        for platform in silent
    ]
    problems += roster_size.problems(outnumbered, loaded.filter(pl.col("platform") == "roster")["path"].to_list())
    problems += misnamed
    parts = ", ".join(f"{loaded[f'n_{name}'].sum():,} {name}" for name in _PARTS)
    summary = [
        f"{loaded.height} exports, {loaded['n_read'].sum():,} records: {parts}",
        _data_to(as_of),
        *withholding.notes(held_back),
        *unknown_units,
        *unused,
        *names.notes,
        *noted.lines(found),
        f"Site: {workspace.out_path / 'latest' / 'site' / 'index.html'}",
        f"To take away: {taken}",
    ]
    return Outcome(
        release=(workspace.out_path / "latest").resolve(),
        problems=problems,
        is_incomplete=bool(len(silent) or outnumbered.height or misnamed or (files["status"] == "refused").any()),
        summary="\n".join(summary),
    )


def _data_to(as_of: date | None) -> str:
    return f"Data to {as_of}" if as_of else "No day is observed: no export with activity is loaded"
