"""Our readers against the limit (inflating and reading the same bytes) and a plain reader of the standard library."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import polars as pl

from benchmarks.plain import members, read_plainly
from connectors.inventory import Found, find_exports
from pipelines.config import FILE_NAME, Settings, load_settings

CHUNK = 1 << 20


def rows(roots: list[Path], *, repeat: int) -> list[dict[str, str]]:
    """One row per folder and platform, or per lone export: seconds of each reader, and our ratios to the others."""
    return [row for root in roots for row in _rows_of(root, repeat)]


def _rows_of(root: Path, repeat: int) -> Iterator[dict[str, str]]:
    # the settings of a lone real export are the defaults, whatever lies beside it
    settings = load_settings(root) if root.is_dir() else Settings()
    ignore = frozenset(filter(None, (FILE_NAME, settings.people.mapping)))
    by_platform: dict[str, list[Found]] = {}
    for found in find_exports(root, settings.for_source, ignore=ignore):
        if found.connector is not None and found.source is not None:
            by_platform.setdefault(found.connector.platform, []).append(found)
    for platform, exports in by_platform.items():
        label = f"{root.name}: {platform}, {len(exports)} export(s)" if root.is_dir() else root.name
        yield {"export": label, **_measured(exports, settings, repeat)}


def _measured(exports: list[Found], settings: Settings, repeat: int) -> dict[str, str]:
    paths = [found.source.path for found in exports if found.source is not None]
    limit, n_bytes = _median(lambda: sum(map(_read_bytes, paths)), repeat)
    plain, _ = _median(lambda: sum(map(read_plainly, paths)), repeat)
    ours, n_records = _median(lambda: sum(_read(found, settings) for found in exports), repeat)
    return {
        "MB": f"{n_bytes / 1e6:.1f}",
        "records": f"{n_records:,}",
        "limit s": f"{limit:.3f}",
        "plain s": f"{plain:.3f}",
        "ours s": f"{ours:.3f}",
        "ours / limit": f"{ours / limit:.1f}",
        "ours / plain": f"{ours / plain:.2f}",
    }


def _read(found: Found, settings: Settings) -> int:
    assert found.connector is not None
    assert found.source is not None
    return sum(_records(one.rows) for one in found.connector.read(found.source, settings.for_source(found.file)))


def _records(rows: pl.DataFrame) -> int:
    return int(rows["is_record"].sum()) if "is_record" in rows.columns else 0


def _read_bytes(path: Path) -> int:
    n_bytes = 0
    for _, stream in members(path):
        while chunk := stream.read(CHUNK):
            n_bytes += len(chunk)
    return n_bytes


def _median(call: Callable[[], int], repeat: int) -> tuple[float, int]:
    """The median seconds of a call, and what it returned."""
    seconds, result = [], 0
    for _ in range(repeat):
        started = time.perf_counter()
        result = call()
        seconds.append(time.perf_counter() - started)
    return median(seconds), result
