"""Staging: the lake's rows of all loaded exports side by side, and the settings that the models read as tables."""

from collections.abc import Mapping
from typing import Final

import pandera.polars as pa
import polars as pl

from models.schemas.base import FILE_STATES, GUEST_POLICIES, Table, UtcTime
from models.schemas.declarations import DECLARED
from models.schemas.lake import LAKE
from models.schemas.state import PAST


class StgFound(Table):
    """The drop folder as this run found it: one row per export or unknown file."""

    path: str = pa.Field(unique=True, description="Relative to the drop folder.")
    file_id: str = pa.Field(description="Hash of the content.")
    platform: str = pa.Field(nullable=True, description="Platform whose connector recognised it.")
    reader: str = pa.Field(nullable=True, description="The connector that recognised it.")
    format: str = pa.Field(nullable=True, description="Recognised format.")
    bytes: pl.Int64 = pa.Field(ge=0, description="Size.")
    status: str = pa.Field(isin=FILE_STATES, description="loaded (or to be loaded), refused or unknown.")
    reason: str = pa.Field(nullable=True, description="Why it was refused or not recognised.")


class StgFile(Table):
    """One row per export whose rows are staged."""

    file_id: str = pa.Field(unique=True, description="Hash of the content.")
    path: str = pa.Field(description="Relative to the drop folder.")
    platform: str = pa.Field(nullable=True, description="Platform.")
    format: str = pa.Field(nullable=True, description="Format.")
    bytes: pl.Int64 = pa.Field(ge=0, description="Size.")
    lake_entry: str = pa.Field(description="Lake directory it was loaded from.")
    ids_per_space: bool = pa.Field(description="Native numbers are unique only within a space.")
    exported_at: UtcTime = pa.Field(nullable=True, description="Newest time in the export: its own version.")
    cadence_days: pl.Int64 = pa.Field(description="Days of silence after which the source counts as ended.")
    loaded_at: UtcTime = pa.Field(nullable=True, description="When (UTC).")


class StgSetting(Table):
    """One row: the settings of the run that the models read."""

    schema_version: pl.Int64 = pa.Field(ge=1, description="Version of the table contract.")
    reporting_zone: str = pa.Field(description="Reporting zone.")
    key_id: str = pa.Field(description="Key.")
    as_of_on: pl.Date = pa.Field(nullable=True, description="Configured as-of day.")
    unit_depth: pl.Int64 = pa.Field(ge=1, description="Element of org_path that is the unit.")
    executive_rule: str = pa.Field(nullable=True, description="The rule that decides is_executive.")
    max_layer: pl.Int64 = pa.Field(nullable=True, description="Lowest layer of executives.")
    manager_depth: pl.Int64 = pa.Field(nullable=True, description="Lowest depth of executives in the manager tree.")
    guests: str = pa.Field(isin=GUEST_POLICIES, description="count them, or leave_out: they are external.")


class StgExecutiveGrade(Table):
    """Grades that make an executive."""

    level: str = pa.Field(description="Grade.")


class StgExecutivePerson(Table):
    """The dated explicit list of executives."""

    person_id: str = pa.Field(description="Person.")
    since_on: pl.Date = pa.Field(nullable=True, description="First day.")
    until_on: pl.Date = pa.Field(nullable=True, description="First day that no longer counts.")


class StgServiceAccount(Table):
    """Accounts declared to be no person."""

    account_id: str = pa.Field(description="Account.")


class StgMapping(Table):
    """The explicit mapping file: joins an account to a person, or splits it off."""

    account_id: str = pa.Field(description="Account.")
    person_id: str = pa.Field(nullable=True, description="Person; NULL splits the account off.")


class StgKept(Table):
    """From which day on events are kept; no row where none have expired."""

    kept_from: pl.Date = pa.Field(description="First day whose events are kept.")


FROM_LAKE: Final = {f"stg_{table}": table for table in LAKE}
"""Staging tables that hold a lake table's rows of all exports, each row with its file_id and platform."""

SETTINGS: Final[Mapping[str, type[Table]]] = {
    "stg_found": StgFound,
    "stg_file": StgFile,
    "stg_setting": StgSetting,
    "stg_executive_grade": StgExecutiveGrade,
    "stg_executive_person": StgExecutivePerson,
    "stg_service_account": StgServiceAccount,
    "stg_mapping": StgMapping,
    "stg_kept": StgKept,
    **{f"stg_{table}": schema for table, schema in PAST.items()},
    **DECLARED,
}
