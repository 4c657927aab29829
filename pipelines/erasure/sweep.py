"""The ledger applied to the exports that are in the lake already.

New parts lie beside the old ones until the manifest names them, so that an interruption leaves the one or the other.
"""

import os
import shutil
from pathlib import Path
from typing import Final

import msgspec

from pipelines.erasure import apply
from pipelines.lake import MANIFEST, Entry, Lake, replace_part

REBUILD: Final = "rebuild"
"""A file in `work/state`: the warehouse holds people whom the lake no longer holds."""


def keep_out(lake: Lake) -> list[Entry]:
    """Applies the ledger to all exports that have not seen it as it is; returns those that named somebody in it.

    What one export tells of somebody's accounts leaves these out of all others. The warehouse is then to be made anew:
    deleting rows would leave their bytes in its file.
    """
    if lake.ledger().digest:
        _clear_away(lake)
    changed = {}
    while unchecked := _unchecked(lake):
        for entry in unchecked:
            if _revise(lake, entry):
                changed[entry.name] = entry
    return list(changed.values())


def read_again(lake: Lake) -> list[Entry]:
    """Marks the exports that records were left out of, so that the next run that finds them reads them anew."""
    found = [entry for entry in lake.entries() if entry.leaves_out]
    for entry in found:
        lake.describe(msgspec.structs.replace(entry, is_stale=True))
    return found


def ask_for_rebuild(state: Path) -> None:
    """The next run makes a new warehouse from the lake."""
    (state / REBUILD).touch(mode=0o600)


def _unchecked(lake: Lake) -> list[Entry]:
    digest = lake.ledger().digest
    return [entry for entry in lake.entries() if entry.checked != digest]


def _revise(lake: Lake, entry: Entry) -> bool:
    """Whether the export named anybody."""
    ledger, parts = lake.ledger(), lake.paths(entry)
    gone = apply.find(parts, ledger)
    revised = msgspec.structs.replace(entry, checked=ledger.digest)
    if gone:
        ask_for_rebuild(lake.state)
        revised = msgspec.structs.replace(revised, revision=entry.revision + 1, leaves_out=True)
        for part in parts:
            shutil.copyfile(part, part.with_name(revised.part_name(part)))
        apply.leave_out(
            parts, gone, lambda part, rows: replace_part(part.with_name(revised.part_name(part)), rows)
        )
        ledger.add(gone)
    lake.describe(revised)
    tidy(lake, revised)
    return bool(gone)


def tidy(lake: Lake, entry: Entry) -> None:
    """Removes parts of another revision: older ones, or what an interrupted one left."""
    for path in lake.folder(entry).iterdir():
        if path.name not in (MANIFEST, entry.part_name(path)):
            path.unlink()


def _clear_away(lake: Lake) -> None:
    """What interrupted processes left: parts that no manifest names, and entries that were never finished."""
    for entry in lake.entries():
        tidy(lake, entry)
    for unfinished in lake.base.glob(".*.*"):
        if not _is_running(int(unfinished.suffix[1:])):
            shutil.rmtree(unfinished)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
