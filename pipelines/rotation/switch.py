"""The second half of a rotation: what was prepared takes the place of what was in use, and the old key is destroyed.

It begins with one rename. From then on there is no way back, and no run starts before it is done; each step can be done
again, so that whoever calls next finishes it.
"""

import json
import os
import shutil
from pathlib import Path

from pipelines import guard
from pipelines.erasure.ledger import FILE_NAME as LEDGER
from pipelines.keys import ROTATED, destroy, open_key
from pipelines.retention import past


def is_unfinished(out: Path) -> bool:
    """Whether a rotation was interrupted after there was no way back."""
    return (out / "work" / ROTATED).exists()


def begin(prepared: Path) -> None:
    """The one step that decides: before it the old key is in use, after it the new one will be."""
    prepared.rename(prepared.with_name(ROTATED))
    _sync(prepared.parent)


def finish(out: Path) -> int:
    """Does what is left, in any state in which an interruption can leave it; returns how many files with rows about
    people were removed from older releases.
    """
    work = out / "work"
    ready, state = work / ROTATED, work / "state"
    n_removed = remove_full_files(out)
    guard.forget(work / "turnout.duckdb")
    past.discard(state)  # what the exports still hold of it is folded again
    if (ready / "lake").exists():
        shutil.rmtree(work / "lake", ignore_errors=True)
        (ready / "lake").rename(work / "lake")
    if (ready / "state" / LEDGER).exists():
        (ready / "state" / LEDGER).replace(state / LEDGER)
    if (ready / "state" / "key").exists():
        destroy(state / "key")
        (ready / "state" / "key").replace(state / "key")
        _sync(state)
    shutil.rmtree(ready)
    _sync(work)
    open_key(state)
    return n_removed


def remove_full_files(out: Path) -> int:
    """Removes the analyst's files with rows about people, under the old pseudonyms, from all releases; their sites
    stay. A file of which nothing says what it holds goes too.
    """
    removed = 0
    for release in (out / "releases").glob("*"):
        file = release / "turnout.duckdb"
        if file.is_file() and not _is_released_only(release / "run.json"):
            file.unlink()
            removed += 1
    return removed


def _is_released_only(path: Path) -> bool:
    try:
        return bool(json.loads(path.read_bytes())["settings"]["analyst"]["file"] == "released")
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
