"""The files of an unpacked export: their names, sizes and newest change, and which of them may not be read.

Nothing is opened here.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from connectors.source_names import is_junk, printable


@dataclass(frozen=True, slots=True)
class Listed:
    """A file or folder below the root; `key` is its path as the system spells it."""

    name: str
    key: str
    bytes: int
    changed_ns: int
    is_readable: bool


def list_folder(root: Path) -> list[Listed]:
    """Every file below `root` in the order of their names, and folders that cannot be looked into."""
    return sorted(_walk(root, root), key=lambda one: one.key)


def _walk(root: Path, folder: Path) -> Iterator[Listed]:
    for path in folder.iterdir():
        key = path.relative_to(root).as_posix()
        if is_junk(key):
            continue
        if path.is_dir():
            if path.is_symlink():
                continue
            if _may_use(path, os.R_OK | os.X_OK):
                yield from _walk(root, path)
            else:
                yield Listed(printable(key), key, 0, 0, is_readable=False)
        elif path.is_file():
            try:
                state = path.stat()
            except FileNotFoundError:  # a temporary file of a copy that has just ended
                continue
            yield Listed(printable(key), key, state.st_size, state.st_mtime_ns, is_readable=_may_use(path, os.R_OK))


def _may_use(path: Path, how: int) -> bool:
    return os.access(path, how, effective_ids=os.access in os.supports_effective_ids)
