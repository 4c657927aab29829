"""What turnout.toml and the mapping file declare about people and accounts, as tables that the models read."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import duckdb
import polars as pl

from models.problems import SettingsRefused
from models.schemas import SCHEMA_VERSION
from models.schemas.staging import SETTINGS
from pipelines import declarations, purposes
from pipelines import named as of_named
from pipelines.agreement import Named
from pipelines.config import FILE_NAME, Settings, folder_of
from pipelines.erasure.apply import OWN
from pipelines.erasure.ledger import Ledger
from pipelines.ingest import PLATFORMS
from pipelines.keys import KeyRing
from pipelines.staging import no_rows, prepare
from pipelines.warehouse import Warehouse, append

_MAPPING_HEADER: Final = ["platform", "workspace", "account", "person_id"]
_UNKNOWN_UNITS: Final = """
with named as (
    select '[[target]]' as entry, unit from stg_target where unit <> 'all'
    union
    select '[[event]]' as entry, unit from stg_occasion where unit <> 'all'
    union
    select '[[trial]]' as entry, unit from stg_trial where unit is not null
)
select entry, unit
from named
where unit not in (select unit from dim_person where unit is not null)
    and exists (select 1 from dim_person)
order by entry, unit
"""


class MappedAccount(NamedTuple):
    """One line of the mapping file: the account is this person's, or nobody's if `person` is empty."""

    platform: str
    workspace: str
    account: str
    person: str


def keep_mapped_out(exports: Path, settings: Settings, ring: KeyRing, ledger: Ledger) -> None:
    """Leaves out every account that the mapping file gives to somebody who is left out."""
    mapped = keyed_mapping(exports, settings, ring)
    theirs = {
        str(row["account_id"]): number
        for row in mapped
        if (number := ledger.number_of(str(row["person_id"]))) is not None
    }
    if theirs:
        ledger.add(theirs)


def store_settings(
    warehouse: Warehouse, exports: Path, settings: Settings, ring: KeyRing, ledger: Ledger, *,
    named: Sequence[tuple[int, Named]] = (), opted_in: Sequence[dict[str, object]] = (),
) -> None:  # fmt: skip
    """Writes what the models need of the settings as tables, with every identifier keyed; nobody in the ledger is in
    them. `named` are the executives who may be shown by name, each with the number of the entry, `opted_in` the rows of
    those who ask to be named as champions.
    """
    executive = settings.roster.exec
    with warehouse.connect() as connection:
        prepare(connection)
        workspaces = _workspaces(connection)
        tables: dict[str, list[dict[str, object]]] = {
            "stg_setting": [
                {
                    "schema_version": SCHEMA_VERSION,
                    "reporting_zone": settings.reporting_zone,
                    "key_id": ring.key_id,
                    "as_of_on": settings.as_of,
                    "unit_depth": settings.unit_depth,
                    "guests": settings.people.guests,
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
            "stg_service_account": [{"account_id": key} for key in _service_account_keys(settings, ring, workspaces)],
            "stg_mapping": keyed_mapping(exports, settings, ring),
            **declarations.rows(settings.target, settings.event, settings.trial, ring),
            "stg_purpose": purposes.rows(settings, connection),
            "stg_named_executive": of_named.rows(named, ring),
            "stg_champion": list(opted_in),
        }
        connection.execute("begin transaction")
        for table, rows in tables.items():
            connection.execute(f"delete from {table}")
            kept = [row for row in rows if not _names_anybody(row, ledger)]
            append(connection, table, pl.DataFrame(kept, schema=no_rows(SETTINGS[table]).schema))
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


def check(exports: Path, settings: Settings) -> None:
    """Raises `SettingsRefused` for a declaration that cannot be followed."""
    service_accounts(settings)
    purposes.patterns(settings)
    read_mapping(exports, settings)


def unknown_units(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """One line per declared unit that nobody on the roster is ever in; none without a roster, where nobody has one."""
    return [
        f"PPL-DEC-007 {FILE_NAME}: {entry} names the unit {json.dumps(unit, ensure_ascii=False)}, in which nobody on "
        "the roster is; nothing is told of it; correct the name, or unit_depth"
        for entry, unit in connection.execute(_UNKNOWN_UNITS).fetchall()
    ]


def service_accounts(settings: Settings) -> list[tuple[str, str]]:
    """Platform and native name of each account that is declared to be no person."""
    known = {*PLATFORMS, *(one.platform for one in settings.events)}
    declared = []
    for position, one in enumerate(settings.people.service_accounts, 1):
        platform, colon, native = one.partition(":")
        if not colon or platform not in known:
            raise SettingsRefused(
                f"PPL-CFG-008 {FILE_NAME}: people.service_accounts, entry {position}, is not of the form "
                "platform:account; nothing was run; correct it"
            )
        declared.append((platform, native))
    return declared


def read_mapping(exports: Path, settings: Settings) -> list[MappedAccount]:
    """The lines of the mapping file, each account once; raises `SettingsRefused` naming the line."""
    name = settings.people.mapping
    if name is None:
        return []
    path = folder_of(exports) / name
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            return list(_mapped(name, csv.DictReader(stream, strict=True)))
    except FileNotFoundError as error:
        raise SettingsRefused(
            f"PPL-MAP-004 {FILE_NAME}: people.mapping names a file that is not there; nothing was run; correct the path"
        ) from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise SettingsRefused(
            f"PPL-MAP-005 {name}: is not a CSV file in UTF-8; nothing was run; save it as CSV (UTF-8)"
        ) from error


def _mapped(name: str, lines: "csv.DictReader[str]") -> Iterator[MappedAccount]:
    if lines.fieldnames != _MAPPING_HEADER:
        raise SettingsRefused(
            f"PPL-MAP-001 {name}:1: the header is not {','.join(_MAPPING_HEADER)}; nothing was run; correct the header"
        )
    seen: dict[tuple[str, str, str], tuple[str, int]] = {}
    for line in lines:
        if None in line or None in line.values():
            raise SettingsRefused(
                f"PPL-MAP-002 {name}:{lines.line_num}: the line does not have 4 fields; nothing was run; correct it"
            )
        one = MappedAccount(line["platform"], line["workspace"], line["account"], line["person_id"].strip())
        account = one.platform, one.workspace, one.account
        if account not in seen:
            seen[account] = one.person, lines.line_num
            yield one
        elif seen[account][0] != one.person:
            raise SettingsRefused(
                f"PPL-MAP-003 {name}:{lines.line_num}: the account is mapped differently on line {seen[account][1]}; "
                "nothing was run; keep one of the lines"
            )


def _names_anybody(row: Mapping[str, object], ledger: Ledger) -> bool:
    names = (*OWN, "identifier_key")
    return any(ledger.number_of(str(row[name])) for name in names if row.get(name) is not None)


def _workspaces(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return connection.execute(
        "select distinct platform, workspace from stg_event union select distinct platform, workspace from stg_account"
    ).fetchall()


def _service_account_keys(settings: Settings, ring: KeyRing, workspaces: Iterable[tuple[str, str]]) -> list[str]:
    declared = service_accounts(settings)
    return sorted(
        {
            ring.account(platform, workspace, native)
            for platform, workspace in workspaces
            for of, native in declared
            if of == platform
        }
    )


def keyed_mapping(exports: Path, settings: Settings, ring: KeyRing) -> list[dict[str, object]]:
    """The mapping file as rows of account_id and person_id, NULL where the account is nobody's."""
    return [
        {
            "account_id": ring.account(one.platform, one.workspace, one.account),
            "person_id": ring.person(one.person) if one.person else None,
        }
        for one in read_mapping(exports, settings)
    ]
