"""`turnout rotate-key`: prepare, look what would be lost, switch, and run the job under the new key."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from models.problems import SettingsRefused
from pipelines import trail, trail_check
from pipelines.config import load_settings
from pipelines.erasure.request import opened
from pipelines.keys import open_key
from pipelines.rotation.prepare import discard, prepare, refuse
from pipelines.rotation.switch import begin, finish, is_unfinished
from pipelines.run_trail import code_in

if TYPE_CHECKING:
    from pipelines.job import Outcome


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the user said to go on without, and people who are left out and whom the exports may no longer name."""

    missing_exports: bool = False
    unnamed_lines: bool = False
    names: Sequence[str] = field(default=(), repr=False)


def rotate(
    out: Path,
    exports: Path,
    accepted: Accepted,
    *,
    now: datetime,
    run: "Callable[[], Outcome]",
    progress: Callable[[str], None] = lambda path: None,
) -> tuple[list[str], bool]:
    """The lines to print, and whether there is a release under the new key.

    An interrupted rotation is finished, if it was past the point of no return; else it starts anew. Raises
    `SettingsRefused` if something would be lost and was not accepted; then nothing was changed.
    """
    state = out / "work" / "state"
    trail_check.admit(state)
    was_unfinished = is_unfinished(out)
    if not was_unfinished:
        _prepare(out, exports, accepted, now, progress)
    n_removed = finish(out)
    ring = open_key(state)
    _record(state, "done", ring.key_id, {"n_files_removed": n_removed}, now)
    begun = "An interrupted rotation is finished" if was_unfinished else "The key is another"
    lines = [
        f"{begun}: its id is {ring.key_id}. The old key was overwritten and deleted; copies of it, in backups or "
        "snapshots, are yours to destroy.",
        f"Removed: the old lake and warehouse, and {n_removed} analyst's files with rows about people.",
    ]
    outcome = run()
    return [*lines, *outcome.problems, outcome.summary or "There is no new release yet: run `turnout run`"], (
        outcome.release is not None
    )


def _prepare(out: Path, exports: Path, accepted: Accepted, now: datetime, progress: Callable[[str], None]) -> None:
    output = opened(out)
    with output.warehouse.held():  # no run may read or write meanwhile
        try:
            folder, losses = prepare(
                output, exports, load_settings(exports), names=accepted.names, now=now, progress=progress
            )
            given_up = {"n_exports_dropped": losses.n_exports, "n_lines_dropped": losses.n_lines}
            try:
                refuse(losses, missing_exports=accepted.missing_exports, unnamed_lines=accepted.unnamed_lines)
            except SettingsRefused:
                discard(folder)
                raise
        except SettingsRefused as refusal:
            _record(output.state, "refused", output.ring.key_id, {"code": code_in(str(refusal))}, now)
            raise
        _record(output.state, "begun", output.ring.key_id, given_up, now)
        begin(folder)


def _record(state: Path, outcome: str, key_id: str, details: Mapping[str, trail.Detail], now: datetime) -> None:
    event = trail.Event("rotate-key", outcome, key_id, details=details)
    trail.record(state, event, now=now, who=trail.current_user())
