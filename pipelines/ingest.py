"""From the drop folder to the lake: what is there, and what each export says."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Final

import polars as pl

from connectors.contract import Connector
from connectors.inventory import Found, content_id, find_exports
from connectors.registry import CONNECTORS
from connectors.settings import SourceSettings
from connectors.source import Source, open_source
from connectors.source_settling import once_more
from models.problems import ExportRefused, Problem
from models.schemas.staging import SETTINGS
from pipelines.config import Settings
from pipelines.directory import with_units
from pipelines.lake import Entry, Lake
from pipelines.staging import no_rows, prepare
from pipelines.warehouse import Warehouse, append, frame_of

PLATFORMS: Final = tuple(dict.fromkeys(connector.platform for connector in CONNECTORS))


@dataclass(frozen=True, slots=True)
class Refusal:
    """An export of this run that could not be loaded."""

    path: str
    problem: Problem


def survey(warehouse: Warehouse, exports: Path, settings: Settings) -> pl.DataFrame:
    """Lists the drop folder into `stg_found` and returns it: one row per export or unknown file."""
    found = find_exports(exports, settings.for_source, ignore=settings.not_exports)
    columns = no_rows(SETTINGS["stg_found"]).schema
    rows = pl.DataFrame([_found_row(exports, one, settings) for one in found], schema=columns)
    with warehouse.connect() as connection:
        prepare(connection)
        connection.execute("begin transaction")
        connection.execute("delete from stg_found")
        append(connection, "stg_found", rows)
        connection.execute("commit")
    return rows


def read_exports(
    warehouse: Warehouse,
    lake: Lake,
    exports: Path,
    settings: Settings,
    connector: Connector,
    *,
    now: datetime,
    progress: Callable[[str], None] = lambda path: None,
) -> list[Refusal]:
    """Reads every found export of a reader into the lake, if it is not there yet; a refused one is marked.

    Nothing in it may be newer than `now` (naive UTC), by more than a day.
    """
    with warehouse.connect() as connection:
        prepare(connection)
        found = frame_of(
            connection, "select * from stg_found where reader = $reader order by path", {"reader": connector.name}
        )
        rosters = frame_of(
            connection, "select path from stg_found where reader = 'roster' and status = 'loaded' order by path"
        )["path"].to_list()
    refusals, replaced = [], []
    for row in found.iter_rows(named=True):
        if row["status"] == "loaded":
            progress(row["path"])
            try:
                of_export = with_units(settings.for_source(row["path"]), _opened(exports, rosters), settings, now=now)
                if (file_id := _read(lake, exports, connector, of_export, row, now=now)) != row["file_id"]:
                    replaced.append((file_id, _size(_location(exports, row["path"])), row["path"]))
            except ExportRefused as refused:
                refusals.append(Refusal(row["path"], refused.problem))
            except (PermissionError, FileNotFoundError):
                refusals.append(Refusal(row["path"], _unreadable(row["path"])))
    with warehouse.connect() as connection:
        for of_file in replaced:
            connection.execute("update stg_found set file_id = ?, bytes = ? where path = ?", of_file)
        for refusal in refusals:
            connection.execute(
                "update stg_found set status = 'refused', reason = ? where path = ?",
                [str(refusal.problem), refusal.path],
            )
    return refusals


def _opened(exports: Path, paths: Iterable[str]) -> Iterator[Source]:
    """Opens each only when asked for: hardly any export needs the rosters while it is read."""
    for path in paths:
        with suppress(ExportRefused, OSError):  # the run reports it where it loads the roster
            yield open_source(_location(exports, path), path)


def _unreadable(path: str) -> Problem:
    return Problem(
        "PPL-FIL-006",
        "a file of it cannot be opened",
        "nothing of this file was loaded",
        "Give the user of the run permission to read it, or put it back.",
        path,
    )


def _location(exports: Path, file: str) -> Path:
    """Where an export lies; the drop folder may itself be the export."""
    return exports if exports.is_file() or file in ("", ".") else exports / file


def _found_row(exports: Path, found: Found, settings: Settings) -> dict[str, object]:
    path, problem, file_id = _location(exports, found.file), found.problem, None
    if found.source is not None and problem is None:
        try:
            file_id = once_more(content_id, found.source)
        except ExportRefused as refused:
            problem = refused.problem
        except (PermissionError, FileNotFoundError):
            problem = _unreadable(found.file)
    status = "loaded" if found.status == "recognised" else found.status
    return {
        "path": found.file,
        "file_id": file_id or _plain_id(path, found.file),
        "platform": found.connector.platform_for(settings.for_source(found.file)) if found.connector else None,
        "reader": found.connector.name if found.connector else None,
        "format": found.format,
        "bytes": _size(path),
        "status": "refused" if problem is not None and found.problem is None else status,
        "reason": str(problem) if problem else None,
    }


def _read(
    lake: Lake, exports: Path, connector: Connector, settings: SourceSettings, row: Mapping[str, object],
    *, now: datetime,
) -> str:
    """The id of the content that the lake now holds: another than in the row if the file was replaced meanwhile."""
    found_id, path = str(row["file_id"]), str(row["path"])
    if lake.holds(lake.entry_name(found_id, connector, settings)):
        return found_id

    def load(source: Source) -> str:
        file_id = content_id(source)
        name = lake.entry_name(file_id, connector, settings)
        if not lake.holds(name):
            entry = Entry(
                name=name,
                file_id=file_id,
                path=path,
                platform=connector.platform_for(settings),
                format=str(row["format"]),
                bytes=_size(source.path),
                ids_per_space=connector.ids_per_space,
                cadence_days=settings.cadence_days,
            )
            lake.write(entry, source, connector, settings, now=now)
        return file_id

    return once_more(load, open_source(_location(exports, path), path))


def _plain_id(path: Path, file: str) -> str:
    """An id for what cannot be read as an export: its bytes where they can be read, else its name."""
    digest = blake2b(digest_size=16)
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
    except OSError:
        digest.update(b"name:" + file.encode())
    return digest.hexdigest()


def _size(path: Path) -> int:
    try:
        return (
            path.stat().st_size
            if path.is_file()
            else sum(one.stat().st_size for one in path.rglob("*") if one.is_file())
        )
    except OSError:
        return 0
