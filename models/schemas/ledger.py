"""What was read: the run, the exports, their parts, and every record that did not become an event."""

import pandera.polars as pa
import polars as pl

from models.schemas.base import DAY_STATES, FILE_STATES, Table, UtcTime


class Meta(Table):
    """One row: what this warehouse or release is."""

    schema_version: pl.Int64 = pa.Field(ge=1, description="Version of the table contract.")
    key_id: str = pa.Field(str_matches=r"^[0-9a-f]{16}$", description="Names the pseudonym key without revealing it.")
    reporting_zone: str = pa.Field(description="Time zone in which days, weeks and months are cut.")
    as_of_on: pl.Date = pa.Field(nullable=True, description="Last day that any figure looks at.")


class ExportFile(Table):
    """One row per file, archive or folder of the drop folder: the ledger."""

    file_id: str = pa.Field(unique=True, description="Hash of the content.")
    path: str = pa.Field(description="Relative to the drop folder.")
    platform: str = pa.Field(nullable=True, description="Platform whose connector recognised it.")
    workspace: str = pa.Field(nullable=True, description="Workspace, network or wiki it comes from.")
    format: str = pa.Field(nullable=True, description="Recognised format.")
    bytes: pl.Int64 = pa.Field(ge=0, description="Size on disk.")
    coverage_from: pl.Date = pa.Field(nullable=True, description="First day that the export covers (UTC).")
    coverage_to: pl.Date = pa.Field(nullable=True, description="Last day that the export covers (UTC).")
    n_read: pl.Int64 = pa.Field(ge=0, description="Source records counted while reading.")
    n_accepted: pl.Int64 = pa.Field(ge=0, description="Records whose version of the fact is the one in use.")
    n_duplicate: pl.Int64 = pa.Field(ge=0, description="Records that another, later or equal version replaces.")
    n_excluded: pl.Int64 = pa.Field(ge=0, description="Records out of scope, see exclusion.")
    n_quarantined: pl.Int64 = pa.Field(ge=0, description="Records with a fault, see quarantine.")
    status: str = pa.Field(isin=FILE_STATES, description="loaded, refused as a whole, or unknown format.")
    reason: str = pa.Field(nullable=True, description="Why it was refused or not recognised.")
    loaded_at: UtcTime = pa.Field(nullable=True, description="When (UTC).")

    @pa.dataframe_check
    @classmethod
    def row_equation(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """Every record read is accepted, a duplicate, excluded or quarantined; none is lost."""
        parts = pl.col("n_accepted") + pl.col("n_duplicate") + pl.col("n_excluded") + pl.col("n_quarantined")
        return data.lazyframe.select(pl.col("n_read") == parts)


class ExportPart(Table):
    """One row per member of an export, so that a re-sent export can cost only its new members."""

    file_id: str = pa.Field(description="Export.")
    member: str = pa.Field(description="Member name, empty for a lone file.")
    crc32: pl.Int64 = pa.Field(ge=0, description="Checksum of the member as its archive states it, else 0.")
    bytes: pl.Int64 = pa.Field(ge=0, description="Size of the member.")
    n_read: pl.Int64 = pa.Field(ge=0, description="Source records in the member.")
    parsed_in: str = pa.Field(description="file_id of the export in which these bytes were parsed.")


class Quarantine(Table):
    """One row per record with a fault. Never holds a value of the record."""

    file_id: str = pa.Field(description="Export.")
    member: str = pa.Field(description="Member name, empty for a lone file.")
    line: pl.Int64 = pa.Field(nullable=True, ge=1, description="Line, or item of a list, from 1.")
    rule: str = pa.Field(description="Code of the rule that the record breaks.")
    message: str = pa.Field(description="What is wrong and what was done.")


class Exclusion(Table):
    """Records that are no events or are out of scope, as counts by rule."""

    file_id: str = pa.Field(description="Export.")
    member: str = pa.Field(description="Member name; members of non-public spaces are not named.")
    line: pl.Int64 = pa.Field(nullable=True, description="Always NULL: exclusions are counts.")
    rule: str = pa.Field(description="Why the records are left out.")
    message: str = pa.Field(description="The reason in words.")
    n_excluded: pl.Int64 = pa.Field(ge=1, description="Number of records.")


class Note(Table):
    """What was found wrong and kept all the same, as counts by rule. Never holds a value of a record.

    Only all exports together show PPL-DUP-001 (superseded by another version), PPL-DUP-002 (absent from a later
    export), PPL-DUP-003 (identical) and PPL-YAM-004 (names concealed in one report and shown in another).
    """

    file_id: str = pa.Field(description="Export.")
    member: str = pa.Field(description="Member name, empty for a lone file.")
    line: pl.Int64 = pa.Field(nullable=True, ge=1, description="Line or item, if it is about one record.")
    rule: str = pa.Field(description="Code of the rule.")
    message: str = pa.Field(description="What was found and what was done.")
    n_records: pl.Int64 = pa.Field(ge=1, description="How many records it is about.")


class SourceCapability(Table):
    """What an export can show at all; what it cannot show is unknown, never zero."""

    file_id: str = pa.Field(unique=True, description="Export.")
    has_reactions: bool = pa.Field(description="Says who reacted.")
    has_reading: bool = pa.Field(description="Says who read.")
    has_direct: bool = pa.Field(description="Holds direct messages (which are not loaded).")
    has_edits: bool = pa.Field(description="Says what was edited.")
    has_history: bool = pa.Field(description="Holds all that happened, not only the latest state.")


class CoverageDay(Table):
    """One row per platform, workspace and day from its first to its last: was the day observed?"""

    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Workspace, network or wiki.")
    occurred_on: pl.Date = pa.Field(description="Day.")
    state: str = pa.Field(isin=DAY_STATES, description="observed, partial (an export begins or ends) or missing.")

    class Config:
        """One row per source and day."""

        unique = ["platform", "workspace", "occurred_on"]
