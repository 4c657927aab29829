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

from models.schemas import TABLES
from models.schemas.marts import MART_SCHEMAS, RELEASED_SCHEMAS
from pipelines.config import Settings
from pipelines.warehouse import Warehouse, frame_of, quoted, write_copy

RELEASED: Final = (
    "meta",
    "dim_metric",
    "coverage_day",
    "export_file",
    "rel_source",
    "rel_note",
    "rel_declared",
    "rel_withheld",
    *RELEASED_SCHEMAS,
)
"""What every analyst's file holds, and all that the site is made from."""
FULL: Final = (
    "exclusion",
    "quarantine",
    "note",
    "source_capability",
    "dim_account",
    "account_match",
    "account_review",
    "dim_person",
    "dim_space",
    "person_ancestor",
    "executive_by_rule",
    "fct_event",
    "fct_usage",
    "fct_person_day",
    *MART_SCHEMAS,
)
_LEFT_OUT: Final = {"fct_event": {"event_id", "occurred_at", "line"}, "fct_usage": {"line"}}
"""Columns that are permalinks or times of day: with them, anybody with access to a platform recognises people."""
_AS_MONTHS: Final = {"dim_person": {"hired_on", "left_on"}}


def publish(
    warehouse: Warehouse,
    out: Path,
    settings: Settings,
    *,
    now: datetime,
    build_site: Callable[[Mapping[str, pl.DataFrame], Path], object],
) -> Path:
    """Writes and switches to a new release; returns its directory. `now` is UTC and names it."""
    releases = out / "releases"
    releases.mkdir(parents=True, exist_ok=True, mode=0o700)
    for leftover in releases.glob(".building-*"):
        shutil.rmtree(leftover)
    building = releases / f".building-{os.getpid()}"
    building.mkdir(mode=0o700)
    with warehouse.connect() as connection:
        tables = {table: frame_of(connection, f"from {table}") for table in RELEASED}
    build_site(tables, building / "site")
    copied = (*RELEASED, *(FULL if settings.analyst.file == "full" else ()))
    write_copy(
        warehouse, building / "turnout.duckdb", {table: _selection(table) for table in copied}, _comments(copied)
    )
    (building / "run.json").write_text(_run_json(tables, settings), encoding="utf-8")
    release = releases / f"{now:%Y%m%dT%H%M%SZ}-{_content_id(building / 'site')}"
    if release.exists():
        shutil.rmtree(release)
    building.replace(release)
    _switch(out / "latest", release)
    return release


def _selection(table: str) -> str:
    columns = []
    for name in TABLES[table].to_schema().columns:
        if name in _AS_MONTHS.get(table, ()):
            columns.append(f"cast(date_trunc('month', {quoted(name)}) as date) as {quoted(name)}")
        elif name not in _LEFT_OUT.get(table, ()):
            columns.append(quoted(name))
    return f"select {', '.join(columns)} from {quoted(table)}"


def _comments(tables: tuple[str, ...]) -> dict[str, tuple[str, dict[str, str]]]:
    comments = {}
    for table in tables:
        columns = TABLES[table].to_schema().columns
        kept = {
            name: str(column.description) for name, column in columns.items() if name not in _LEFT_OUT.get(table, ())
        }
        comments[table] = ((TABLES[table].__doc__ or "").strip(), kept)
    return comments


def _run_json(tables: Mapping[str, pl.DataFrame], settings: Settings) -> str:
    """The settings in force, without the lists that name accounts or people, and what became of each export."""
    shown = msgspec.to_builtins(settings)
    shown["people"]["service_accounts"] = len(settings.people.service_accounts)
    shown["roster"]["exec"]["people"] = len(settings.roster.exec.people)
    for trial in shown["trial"]:
        trial["people"] = len(trial["people"])
    record = {
        "settings": shown,
        "meta": tables["meta"].to_dicts()[0],
        "exports": tables["export_file"].sort("path").to_dicts(),
    }
    return json.dumps(record, indent=1, default=str, sort_keys=True) + "\n"


def _content_id(site: Path) -> str:
    digest = blake2b(digest_size=4)
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
