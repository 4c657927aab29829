"""A release: built aside, then made visible by one atomic switch of `OUT/latest`.

`OUT/releases/<id>/` has mode 0700. Its `site/` is what leadership gets; the analyst's `turnout.duckdb` and `run.json`
lie beside it and are never part of what a web server serves.
"""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Final

import msgspec
import polars as pl

from models.schemas.marts import RELEASED_SCHEMAS
from pipelines import release_history
from pipelines.analysts_file import APPROVED, comments, selection
from pipelines.config import Settings
from pipelines.trail import Head
from pipelines.warehouse import Warehouse, frame_of, write_copy

RELEASED: Final = (
    "meta",
    "dim_metric",
    "coverage_day",
    "export_file",
    "rel_source",
    "rel_note",
    "rel_declared",
    "rel_agreement",
    "rel_named_executives",
    "rel_named_champions",
    "rel_revision",
    "rel_withheld",
    *RELEASED_SCHEMAS,
)
"""What every analyst's file holds, and all that the site is made from."""


def publish(
    warehouse: Warehouse,
    out: Path,
    settings: Settings,
    *,
    now: datetime,
    build_site: Callable[[Mapping[str, pl.DataFrame], Path], object],
    audited: Callable[[Path], Callable[[Path], object]],
    recorded: Callable[[Mapping[str, pl.DataFrame], str, str], Head],
) -> Path:
    """Writes and switches to a new release; returns its directory. `now` is UTC and names it.

    `audited` raises if too much can be worked out from a site; what it returns is told of the release once it stands.
    `recorded` tells the audit trail of the released tables, the name and the hash of the site's content.
    """
    releases = out / "releases"
    releases.mkdir(parents=True, exist_ok=True, mode=0o700)
    for leftover in releases.glob(".building-*"):
        shutil.rmtree(leftover)
    building = releases / f".building-{os.getpid()}"
    building.mkdir(mode=0o700)
    min_group = settings.release.min_group
    with warehouse.connect() as connection:
        tables = {table: frame_of(connection, f"from {table}") for table in RELEASED}
        exports = frame_of(connection, selection("export_file", min_group=min_group))
    build_site(tables, building / "site")
    try:
        keep = audited(building / "site")
    except Exception:
        # what must not be published must not lie about either
        shutil.rmtree(building)
        raise
    copied = (*RELEASED, *(APPROVED if settings.analyst.file == "full" else ()))
    selections = {table: selection(table, min_group=min_group) for table in copied}
    write_copy(warehouse, building / "turnout.duckdb", selections, {table: comments(table) for table in copied})
    content = _content_hash(building / "site")
    release = releases / f"{now:%Y%m%dT%H%M%SZ}-{content[:8]}"
    head = recorded(tables, release.name, content)
    (building / "run.json").write_text(_run_json(tables, exports, settings, head), encoding="utf-8")
    if release.exists():
        shutil.rmtree(release)
    # before the switch: what was published must never be forgotten, while what was not may be remembered
    state = out / "work" / "state"
    release_history.write(state, release_history.after(warehouse, state, settings.policy))
    building.replace(release)
    keep(release)
    _switch(out / "latest", release)
    return release


def _run_json(tables: Mapping[str, pl.DataFrame], exports: pl.DataFrame, settings: Settings, head: Head) -> str:
    """The settings in force, without the lists that name accounts or people, what became of each export, and the line
    of the audit trail that tells of this release.
    """
    agreement = tables["rel_agreement"].select("version", "content_hash").drop_nulls().to_dicts()
    shown = msgspec.to_builtins(settings)
    shown["people"]["service_accounts"] = len(settings.people.service_accounts)
    shown["roster"]["exec"]["people"] = len(settings.roster.exec.people)
    if not isinstance(settings.release.named, bool):
        shown["release"]["named"] = len(settings.release.named)
    for trial in shown["trial"]:
        trial["people"] = len(trial["people"])
    # a pattern may be the name of one person's file
    shown["source"] = [source | {"owner": source["owner"] is not None} for source in shown["source"].values()]
    record = {
        "settings": shown,
        "meta": tables["meta"].to_dicts()[0],
        "agreement": agreement[0] if agreement else None,
        "exports": exports.sort("path", "file_id").to_dicts(),
        "trail": {"number": head.number, "hash": head.hash},
    }
    return json.dumps(record, indent=1, default=str, sort_keys=True) + "\n"


def _content_hash(site: Path) -> str:
    digest = blake2b(digest_size=32)
    for path in sorted(site.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            digest.update(f"{path.relative_to(site).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _switch(latest: Path, release: Path) -> None:
    fresh = latest.with_name(f".latest-{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(release.relative_to(latest.parent))
    fresh.replace(latest)
