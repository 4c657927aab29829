"""What the audit trail tells of runs of the job: that one started, and what it published or why it did not.

Wherever it was started from: command line, Dagster UI, schedule or sensor. A run of which nothing is told but its start
was killed. Counts and hashes only; the file is in trail.
"""

import re
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Final

import dagster as dg
import msgspec
import polars as pl

from models.problems import SettingsRefused
from pipelines import trail
from pipelines.config import Settings
from pipelines.keys import KeyRing
from pipelines.trail import Event, Head
from pipelines.workspace import Workspace

RUN: Final = "run"
_CODE: Final = re.compile(r"\b[A-Z]{3}-[A-Z]{2,3}-\d{3}\b")


def started(workspace: Workspace, run: str) -> Head:
    """Records that a run begins, before it reads anything; `run` is Dagster's id of it."""
    return _record(workspace, "started", run, _choices(workspace.settings(), workspace.ring()))


def expired(workspace: Workspace, run: str, counts: Mapping[str, int]) -> Head:
    """Records that something was removed because it may be kept no longer: how much of what."""
    return _record(workspace, "expired", run, dict(counts))


def refused(workspace: Workspace, refusal: Exception) -> None:
    """Records a run that did not begin; where there has never been one there is nothing to record it in."""
    if workspace.state.is_dir():
        _record(workspace, "refused", None, {"code": code_in(str(refusal))})


def released(workspace: Workspace, run: str, tables: Mapping[str, pl.DataFrame], release: str, content: str) -> Head:
    """Records a release before it stands, so that none stands that was not recorded: `content` is the site's hash."""
    exports, held_back = tables["export_file"], tables["rel_withheld"]
    loaded = exports.filter(pl.col("status") == "loaded")
    agreement = tables["rel_agreement"]
    details = _choices(workspace.settings(), workspace.ring()) | {
        "agreement": agreement["content_hash"][0] if agreement.height else None,
        "inputs": inputs_hash(exports),
        "n_exports": exports.height,
        "n_loaded": loaded.height,
        "n_read": int(loaded["n_read"].sum()),
        "release": release,
        "content": content,
        "n_held_back": {
            str(reason): int(n) for reason, n in held_back.group_by("reason").len().sort("reason").iter_rows()
        },
    }
    return _record(workspace, "released", run, details)


def inputs_hash(exports: pl.DataFrame) -> str:
    """A hash over content, size and number of records of every export, in no particular order."""
    lines = sorted(repr(row) for row in exports.select("file_id", "bytes", "n_read").iter_rows())
    return blake2b("\n".join(lines).encode(), digest_size=16).hexdigest()


def code_in(message: str) -> str | None:
    """The code of an error, which is all of it that may be recorded."""
    found = _CODE.search(message)
    return found[0] if found else None


@dg.failure_hook(name="recorded_failure", required_resource_keys={"workspace"})
def recorded_failure(context: dg.HookContext) -> None:
    """Records a step that failed: its name, and the code or kind of the error, never its words."""
    error = context.op_exception
    while error is not None and error.__cause__ is not None:
        error = error.__cause__
    details = {"step": context.op.name, "code": code_in(str(error)), "error": type(error).__name__}
    _record(context.resources.workspace, "failed", context.run_id, details)


def _choices(settings: Settings, ring: KeyRing) -> dict[str, trail.Detail]:
    """The settings in force as a keyed hash, because they may name people: equal settings, equal hash."""
    whole = msgspec.json.encode(settings, order="deterministic").decode()
    return {"settings": ring.pseudonym("settings", whole), "min_group": settings.release.min_group}


def _record(workspace: Workspace, outcome: str, run: str | None, details: Mapping[str, trail.Detail]) -> Head:
    event = Event(RUN, outcome, key_id=_key_id(workspace), run=run, details=details)
    return trail.record(workspace.state, event, now=workspace.now(), who=trail.current_user())


def _key_id(workspace: Workspace) -> str | None:
    """The key in use, if it can be used; a run may have failed because it cannot."""
    if not Path(workspace.state, "key").exists():
        return None
    try:
        return workspace.ring().key_id
    except SettingsRefused:
        return None
