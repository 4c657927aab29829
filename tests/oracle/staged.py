"""Puts a tiny company into staging, as its exports would have been, and runs the SQL models over it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import duckdb
import polars as pl

from models.analyses import ANALYSES
from models.queries import modeled, queries, tables_read
from models.schemas.staging import FROM_LAKE, SETTINGS
from pipelines.build import MODELS
from pipelines.staging import prepare
from tests.oracle.company import Company

NOW = datetime(2026, 1, 1)
RULE = "people"


@contextmanager
def empty_warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory with the staging tables; one serves many companies."""
    connection = duckdb.connect(config={"python_enable_replacements": False})
    prepare(connection)
    try:
        yield connection
    finally:
        connection.close()


def stage(connection: duckdb.DuckDBPyConnection, world: Company) -> None:
    """Replaces what is staged by the company's accounts, roster, events, coverage and settings."""
    files = {file: f"file-{i}" for i, file in enumerate(world.coverage)}
    of_source = {(file.platform, file.workspace): file_id for file, file_id in files.items()}
    rows: dict[str, list[dict[str, object]]] = {table: [] for table in (*FROM_LAKE, *SETTINGS)}
    for file, file_id in files.items():
        rows["stg_file"].append(_file(file_id, file.platform, world.cadence_days))
        rows["stg_coverage"].append(
            {
                "file_id": file_id,
                "platform": file.platform,
                "workspace": file.workspace,
                "covered_from": file.first,
                "covered_to": file.last,
                "is_stated": file.is_stated,
            }
        )
        rows["stg_capability"].append(
            {
                "file_id": file_id,
                "platform": file.platform,
                "has_reactions": file.has_reactions,
                "has_reading": False,
                "has_direct": False,
                "has_edits": False,
                "has_history": True,
            }
        )
    for account in world.accounts:
        of_account = {
            "platform": account.platform,
            "workspace": account.workspace,
            "file_id": of_source[account.platform, account.workspace],
            "account_id": account.account_id,
        }
        rows["stg_account"].append(
            of_account
            | {
                "kind": account.kind,
                "is_guest": None,
                "is_deactivated": None,
                "is_record": True,
                "member": "",
                "line": 1,
            }
        )
        if account.person_id is not None:
            rows["stg_account_identifier"].append(
                of_account | {"kind": "email", "identifier_key": f"mail of {account.person_id}"}
            )
    kinds = {account.account_id: account.kind for account in world.accounts}
    for line, event in enumerate(world.events, 1):
        rows["stg_event"].append(
            {
                "file_id": of_source[event.platform, event.workspace],
                "platform": event.platform,
                "workspace": event.workspace,
                "space_id": event.space_id,
                "event_id": event.number.to_bytes(16),
                "thread_id": None if event.thread is None else event.thread.to_bytes(16),
                "occurred_at": event.occurred_at,
                "occurred_on": event.occurred_at and event.occurred_at.date(),
                "time_basis": event.time_basis,
                "action": event.action,
                "is_contribution": event.is_contribution,
                "account_id": event.account_id,
                "actor_kind": kinds.get(event.account_id or "", "unknown"),
                "via_app": False,
                "is_delegated": False,
                "target_account_id": event.target_account_id,
                "target_event_id": b"in no export",
                "is_record": event.action != "react",
                "member": "",
                "line": line,
            }
        )
    if world.spells:
        _add_roster(rows, world)
    rows["stg_setting"].append(
        {
            "schema_version": 1,
            "reporting_zone": "UTC",
            "key_id": "0" * 16,
            "as_of_on": world.as_of,
            "unit_depth": 1,
            "executive_rule": RULE,
            "guests": "count",
        }
    )
    for table, given in rows.items():
        connection.execute(f"delete from {table}")
        if given:
            shape = connection.sql(f"from {table} limit 0").pl().schema
            frame = pl.DataFrame([{name: row.get(name) for name in shape} for row in given], schema=shape)
            connection.register("given", frame)
            connection.execute(f"insert into {table} by name select * from given")
            connection.unregister("given")


def needed_for(*wanted: str) -> list[str]:
    """The wanted models and all that they read, or every model, in order."""
    needed, found = set(wanted or MODELS), set[str]()
    while needed:
        found |= needed
        needed = {one for table in needed for one in tables_read(table) if one in modeled()} - found
    return [one for one in MODELS if one in found]


def run_models(connection: duckdb.DuckDBPyConnection, *wanted: str) -> None:
    """Builds the wanted models and all that they read, or every model."""
    for table in needed_for(*wanted):
        if table not in ANALYSES:
            connection.execute(f"create or replace table {table} as {queries()[table]}")
            continue
        estimated = ANALYSES[table].estimate({one: connection.sql(f"from {one}").pl() for one in tables_read(table)})
        connection.register("estimated", estimated)
        connection.execute(f"create or replace table {table} as from estimated")
        connection.unregister("estimated")


def rows_of(connection: duckdb.DuckDBPyConnection, table: str) -> list[dict[str, object]]:
    """All rows of a table."""
    return connection.sql(f"from {table}").pl().to_dicts()


def _file(file_id: str, platform: str, cadence_days: int) -> dict[str, object]:
    return {
        "file_id": file_id,
        "path": file_id,
        "platform": platform,
        "format": "test",
        "bytes": 1,
        "lake_entry": file_id,
        "ids_per_space": False,
        "exported_at": NOW,
        "cadence_days": cadence_days,
        "loaded_at": NOW,
    }


def _add_roster(rows: dict[str, list[dict[str, object]]], world: Company) -> None:
    """Roster rows whose spells, once cut at leave days and closed by the next row, are the company's."""
    rows["stg_file"].append(_file("roster", "roster", world.cadence_days))
    people = {spell.person_id for spell in world.spells} | {one.person_id for one in world.accounts if one.person_id}
    for person in sorted(people):
        rows["stg_person_identifier"].append(
            {
                "file_id": "roster",
                "platform": "roster",
                "person_id": person,
                "kind": "email",
                "identifier_key": f"mail of {person}",
            }
        )
    for line, spell in enumerate(world.spells, 1):
        rows["stg_person"].append(
            {
                "file_id": "roster",
                "platform": "roster",
                "person_id": spell.person_id,
                "valid_from": spell.valid_from,
                "org_path": None if spell.unit is None else [spell.unit],
                "is_comms": False,
                "is_record": True,
                "left_on": None if spell.valid_to is None else spell.valid_to - timedelta(days=1),
                "member": "",
                "line": line,
            }
        )
        if spell.is_executive:
            rows["stg_executive_person"].append(
                {
                    "person_id": spell.person_id,
                    "since_on": spell.valid_from,
                    "until_on": spell.valid_to,
                }
            )
    # a roster whose rows all begin on one day would be read as a snapshot
    rows["stg_person"].append(
        {
            "file_id": "roster",
            "platform": "roster",
            "person_id": "long-gone",
            "valid_from": date(1990, 1, 1),
            "org_path": None,
            "is_comms": False,
            "is_record": True,
            "left_on": date(1990, 1, 2),
            "member": "",
            "line": 0,
        }
    )
