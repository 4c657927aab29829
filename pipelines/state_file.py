"""Files of `OUT/work/state`, which nothing can rebuild: replaced in one step, for good, for their owner only."""

import os
from pathlib import Path


def replace(path: Path, content: bytes) -> None:
    """Puts `content` in the place of what `path` held; whoever reads it finds the one or the other, whole."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
