"""Who watches a run in this process. Dagster copies resources, so the watcher cannot travel inside one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_WATCHER: ContextVar[Callable[[str], None] | None] = ContextVar("watcher", default=None)


def report(what: str) -> None:
    """Tells the watcher, if there is one, what is being done."""
    watcher = _WATCHER.get()
    if watcher is not None:
        watcher(what)


@contextmanager
def watched_by(watcher: Callable[[str], None]) -> Iterator[None]:
    """Within the block, reports go to `watcher`."""
    token = _WATCHER.set(watcher)
    try:
        yield
    finally:
        _WATCHER.reset(token)
