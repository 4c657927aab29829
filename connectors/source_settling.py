"""Files that change under our hands: copies that are not finished yet, and files replaced while they are read.

What an export holds is not looked at.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from connectors.source import CHANGED, Source, open_source
from connectors.source_folder import list_folder
from models.problems import ExportRefused

T = TypeVar("T")

RECENT_SECONDS: Final = 2.0
"""What changed longer ago than this is no copy that is still going on."""
SETTLE_SECONDS: Final = 0.2
"""A copy that goes on changes its file's size or time within this."""

State = tuple[int, int]
"""Size and time of the newest change in nanoseconds; of a folder over all its files."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The time and the waiting, so that a test needs neither."""

    now: Callable[[], float] = time.time
    wait: Callable[[float], None] = time.sleep


def state_of(path: Path) -> State | None:
    """What is compared; null if nothing is there that can be read."""
    try:
        if path.is_dir():
            listed = list_folder(path)
            return sum(one.bytes for one in listed), max((one.changed_ns for one in listed), default=0)
        state = path.stat()
    except OSError:
        return None
    return state.st_size, state.st_mtime_ns


def still_written(before: Mapping[Path, State | None], clock: Clock) -> frozenset[Path]:
    """Those whose state is another after a short wait; only what changed just now is waited for."""
    now = clock.now()
    recent = [path for path, state in before.items() if state and state[1] > (now - RECENT_SECONDS) * 1e9]
    if not recent:
        return frozenset()
    clock.wait(SETTLE_SECONDS)
    return frozenset(path for path in recent if state_of(path) != before[path])


def once_more(read: Callable[[Source], T], source: Source) -> T:
    """What `read` makes of the export, and if its file is replaced meanwhile, of the new one; only once."""
    try:
        return read(source)
    except ExportRefused as refused:
        if refused.problem.code != CHANGED:
            raise
    return read(open_source(source.path, source.file))
