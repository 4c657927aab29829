"""From the drop folder to the lake: what is there, and what each export says."""

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from connectors.contract import Connector, SourceSettings
from connectors.inventory import Found, content_id, find_exports
from connectors.registry import CONNECTORS
from connectors.source import open_source
from models.problems import ExportRefused, Problem, SettingsRefused
from models.schemas.staging import SETTINGS
from pipelines.config import FILE_NAME, Settings
from pipelines.keys import KeyRing
from pipelines.lake import Entry, Lake
from pipelines.staging import no_rows, prepare
from pipelines.warehouse import Warehouse, append, frame_of

PLATFORMS: Final = tuple(connector.platform for connector in CONNECTORS)
_MAPPING_HEADER: Final = ["platform", "workspace", "account", "person_id"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """An export of this run that could not be loaded."""

    path: str
    problem: Problem


def survey(warehouse: Warehouse, exports: Path, settings: Settings) -> pl.DataFrame:
    """Lists the drop folder into `stg_found` and returns it: one row per export or unknown file."""
    ignore = frozenset(filter(None, (FILE_NAME, settings.people.mapping)))
    found = find_exports(exports, settings.for_source, ignore=ignore)
    rows = pl.DataFrame([_found_row(exports, one) for one in found], schema=no_rows(SETTINGS["stg_found"]).schema)
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
    platform: str,
    *,
    progress: Callable[[str], None] = lambda path: None,
) -> list[Refusal]:
    """Reads every found export of a platform into the lake, if it is not there yet; a refused one is marked."""
    connector = next(one for one in CONNECTORS if one.platform == platform)
    with warehouse.connect() as connection:
        prepare(connection)
        found = frame_of(
            connection, "select * from stg_found where platform = $platform order by path", {"platform": platform}
        )
    refusals = []
    for row in found.iter_rows(named=True):
        if row["status"] == "loaded":
            progress(row["path"])
            try:
                _read(lake, exports, connector, settings.for_source(row["path"]), row)
            except ExportRefused as refused:
                refusals.append(Refusal(row["path"], refused.problem))
    with warehouse.connect() as connection:
        for refusal in refusals:
            connection.execute(
                "update stg_found set status = 'refused', reason = ? where path = ?",
                [str(refusal.problem), refusal.path],
            )
    return refusals


def store_settings(warehouse: Warehouse, exports: Path, settings: Settings, ring: KeyRing) -> None:
    """Writes what the models need of the settings as tables, with every identifier keyed."""
    executive = settings.roster.exec
    with warehouse.connect() as connection:
        prepare(connection)
        workspaces = _workspaces(connection)
        tables: dict[str, list[dict[str, object]]] = {
            "stg_setting": [
                {
                    "reporting_zone": settings.reporting_zone,
                    "key_id": ring.key_id,
                    "as_of_on": settings.as_of,
                    "unit_depth": settings.unit_depth,
                    "executive_rule": executive_rule(settings),
                    "max_layer": executive.max_layer,
                    "manager_depth": 2
                    if executive_rule(settings) == "manager_depth" and executive.manager_depth is None
                    else executive.manager_depth,
                }
            ],
            "stg_executive_grade": [{"level": level} for level in executive.grades],
            "stg_executive_person": [
                {"person_id": ring.person(one), "since_on": None, "until_on": None}
                if isinstance(one, str)
                else {"person_id": ring.person(one.person), "since_on": one.since, "until_on": one.until}
                for one in executive.people
            ],
            "stg_service_account": [{"account_id": key} for key in _service_accounts(settings, ring, workspaces)],
            "stg_mapping": list(_mapping(exports, settings, ring)),
        }
        connection.execute("begin transaction")
        for table, rows in tables.items():
            connection.execute(f"delete from {table}")
            append(connection, table, pl.DataFrame(rows, schema=no_rows(SETTINGS[table]).schema))
        connection.execute("commit")


def executive_rule(settings: Settings) -> str:
    """The first rule that is configured, in order of trust; by default the two upper levels of the manager tree."""
    executive = settings.roster.exec
    configured = {
        "people": bool(executive.people),
        "grades": bool(executive.grades),
        "max_layer": executive.max_layer is not None,
        "manager_depth": True,
    }
    return next(rule for rule, is_set in configured.items() if is_set)


def _found_row(exports: Path, found: Found) -> dict[str, object]:
    path = exports if found.file in ("", ".") else exports / found.file
    if found.source is not None and found.problem is None:
        file_id = content_id(found.source)
    else:
        file_id = _plain_id(path, found.file)
    return {
        "path": found.file,
        "file_id": file_id,
        "platform": found.connector.platform if found.connector else None,
        "format": found.format,
        "bytes": _size(path),
        "status": {"recognised": "loaded"}.get(found.status, found.status),
        "reason": str(found.problem) if found.problem else None,
    }


def _read(lake: Lake, exports: Path, connector: Connector, settings: SourceSettings, row: Mapping[str, object]) -> None:
    file_id = str(row["file_id"])
    name = lake.entry_name(file_id, connector, settings)
    if lake.holds(name):
        return
    path = str(row["path"])
    source = open_source(exports if exports.is_file() or path == "." else exports / path, path)
    entry = Entry(
        name=name,
        file_id=file_id,
        path=path,
        platform=connector.platform,
        format=str(row["format"]),
        bytes=int(str(row["bytes"])),
        ids_per_space=connector.ids_per_space,
        cadence_days=settings.cadence_days,
    )
    lake.write(entry, source, connector, settings)


def _workspaces(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return connection.execute(
        "select distinct platform, workspace from stg_event union select distinct platform, workspace from stg_account"
    ).fetchall()


def _service_accounts(settings: Settings, ring: KeyRing, workspaces: Iterable[tuple[str, str]]) -> list[str]:
    keys = set()
    for position, one in enumerate(settings.people.service_accounts, 1):
        platform, colon, native = one.partition(":")
        if not colon or platform not in PLATFORMS:
            raise SettingsRefused(
                f"PPL-CFG-008 {FILE_NAME}: people.service_accounts, entry {position}, is not of the "
                "form platform:account; nothing was run; correct it"
            )
        keys |= {ring.account(platform, workspace, native) for of, workspace in workspaces if of == platform}
    return sorted(keys)


def _mapping(exports: Path, settings: Settings, ring: KeyRing) -> Iterable[dict[str, object]]:
    name = settings.people.mapping
    if name is None:
        return
    path = (exports if exports.is_dir() else exports.parent) / name
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            lines = csv.DictReader(stream, strict=True)
            if lines.fieldnames != _MAPPING_HEADER:
                raise SettingsRefused(
                    f"PPL-MAP-001 {name}:1: the header is not {','.join(_MAPPING_HEADER)}; nothing "
                    "was run; correct the header"
                )
            seen: dict[str, tuple[str | None, int]] = {}
            for line in lines:
                if None in line or None in line.values():
                    raise SettingsRefused(
                        f"PPL-MAP-002 {name}:{lines.line_num}: the line does not have 4 fields; "
                        "nothing was run; correct the line"
                    )
                account = ring.account(line["platform"], line["workspace"], line["account"])
                person = ring.person(line["person_id"]) if line["person_id"].strip() else None
                if account in seen and seen[account][0] != person:
                    raise SettingsRefused(
                        f"PPL-MAP-003 {name}:{lines.line_num}: the account is mapped differently on "
                        f"line {seen[account][1]}; nothing was run; keep one of the lines"
                    )
                if account not in seen:
                    yield {"account_id": account, "person_id": person}
                seen[account] = (person, lines.line_num)
    except FileNotFoundError as error:
        raise SettingsRefused(
            f"PPL-MAP-004 {FILE_NAME}: people.mapping names a file that is not there; nothing was run; correct the path"
        ) from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise SettingsRefused(
            f"PPL-MAP-005 {name}: is not a CSV file in UTF-8; nothing was run; save it as CSV (UTF-8)"
        ) from error


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
