"""What a reader's frames look like once keyed: the lake's Parquet parts and the staging tables loaded from them."""

from collections.abc import Mapping
from typing import Final

import pandera.polars as pa
import polars as pl

from models.schemas.base import ACTIONS, ACTOR_KINDS, TIME_BASES, VISIBILITIES, Names, Table, UtcTime

_KEY: Final = r"^[a-z2-7]{26}$"


class LakeEvent(Table):
    """Events as one export tells them, all versions of all exports side by side."""

    workspace: str = pa.Field(description="Workspace, network or wiki.")
    space_id: str = pa.Field(nullable=True, str_matches=_KEY, description="Space, where the export has an id for it.")
    space_alias: str = pa.Field(nullable=True, str_matches=_KEY, description="Keyed name by which it files the space.")
    event_id: pl.Binary = pa.Field(description="Encrypted native number.")
    thread_id: pl.Binary = pa.Field(nullable=True, description="Encrypted number of the thread's starter or page.")
    occurred_at: UtcTime = pa.Field(nullable=True, description="When (UTC).")
    time_basis: str = pa.Field(isin=TIME_BASES, description="Whose time it is.")
    action: str = pa.Field(isin=ACTIONS, description="What was done.")
    is_contribution: bool = pa.Field(description="A contribution, if a person did it.")
    account_id: str = pa.Field(nullable=True, str_matches=_KEY, description="Who.")
    actor_kind: str = pa.Field(isin=ACTOR_KINDS, description="Kind of the actor, as the record shows it.")
    via_app: bool = pa.Field(description="An app posted on behalf of the person.")
    is_delegated: bool = pa.Field(description="A delegate posted on behalf of the person.")
    target_account_id: str = pa.Field(nullable=True, str_matches=_KEY, description="Whom it answers or reacts to.")
    target_event_id: pl.Binary = pa.Field(nullable=True, description="The answered message; NULL: the starter.")
    bytes_delta: pl.Int64 = pa.Field(nullable=True, description="Change of a page's size.")
    is_revert: bool = pa.Field(nullable=True, description="Restores an earlier state.")
    is_minor: bool = pa.Field(nullable=True, description="Marked as minor.")
    is_record: bool = pa.Field(description="Stands for its source record in the row equation.")
    version_at: UtcTime = pa.Field(nullable=True, description="Edit or deletion time that the record states.")
    member: str = pa.Field(description="Member of the export.")
    line: pl.Int64 = pa.Field(ge=1, description="Line or item in the member.")


class LakeAccount(Table):
    """Accounts as one export lists them."""

    workspace: str = pa.Field(description="Workspace, network or wiki.")
    account_id: str = pa.Field(str_matches=_KEY, description="Account.")
    kind: str = pa.Field(isin=ACTOR_KINDS, description="Kind.")
    is_guest: bool = pa.Field(nullable=True, description="Marked as a guest; NULL: the export does not say.")
    is_deactivated: bool = pa.Field(
        nullable=True, description="Closed, suspended or deleted; NULL: the export does not say."
    )
    is_record: bool = pa.Field(description="Stands for a source record.")
    member: str = pa.Field(description="Member of the export.")
    line: pl.Int64 = pa.Field(nullable=True, ge=1, description="Line or item in the member.")


class LakeAccountIdentifier(Table):
    """Keyed identifiers of accounts."""

    workspace: str = pa.Field(description="Workspace, network or wiki.")
    account_id: str = pa.Field(str_matches=_KEY, description="Account.")
    kind: str = pa.Field(description="Kind of identifier.")
    identifier_key: str = pa.Field(str_matches=_KEY, description="Keyed identifier.")


class LakeSpace(Table):
    """Spaces as one export lists them."""

    workspace: str = pa.Field(description="Workspace, network or wiki.")
    space_id: str = pa.Field(str_matches=_KEY, description="Space.")
    space_alias: str = pa.Field(nullable=True, str_matches=_KEY, description="Keyed name.")
    kind: str = pa.Field(description="Kind.")
    visibility: str = pa.Field(isin=VISIBILITIES, description="Visibility.")
    label: str = pa.Field(nullable=True, description="Name, only of public spaces.")
    created_at: UtcTime = pa.Field(nullable=True, description="Created (UTC).")
    is_record: bool = pa.Field(description="Stands for a source record.")
    member: str = pa.Field(description="Member of the export.")
    line: pl.Int64 = pa.Field(nullable=True, ge=1, description="Line or item in the member.")


class LakePerson(Table):
    """Roster rows as one file gives them."""

    person_id: str = pa.Field(str_matches=_KEY, description="Person.")
    valid_from: pl.Date = pa.Field(nullable=True, description="First day of the row; NULL in an undated snapshot.")
    org_path: Names = pa.Field(nullable=True, description="Units, root first.")
    level: str = pa.Field(nullable=True, description="Grade.")
    layer: pl.Int64 = pa.Field(nullable=True, ge=0, description="Management layer.")
    manager_person_id: str = pa.Field(nullable=True, str_matches=_KEY, description="Manager.")
    location: str = pa.Field(nullable=True, description="Location.")
    hired_on: pl.Date = pa.Field(nullable=True, description="First day of employment.")
    left_on: pl.Date = pa.Field(nullable=True, description="Last day of employment.")
    is_comms: bool = pa.Field(description="Corporate communications.")
    is_record: bool = pa.Field(description="Stands for a source record.")
    member: str = pa.Field(description="Member of the export.")
    line: pl.Int64 = pa.Field(nullable=True, ge=1, description="Line in the file.")


class LakePersonIdentifier(Table):
    """Keyed identifiers of people."""

    person_id: str = pa.Field(str_matches=_KEY, description="Person.")
    kind: str = pa.Field(description="Kind of identifier.")
    identifier_key: str = pa.Field(str_matches=_KEY, description="Keyed identifier.")


class LakeUsage(Table):
    """Figures that a vendor's usage report gives, per account or in total."""

    workspace: str = pa.Field(description="Workspace, network or tenant.")
    used_platform: str = pa.Field(description="Platform whose use is reported.")
    account_id: str = pa.Field(nullable=True, str_matches=_KEY, description="Account; NULL in totals.")
    space_id: str = pa.Field(nullable=True, str_matches=_KEY, description="Space; NULL unless it is about one.")
    org_unit: str = pa.Field(nullable=True, description="Unit; NULL unless the totals are of one.")
    period_from: pl.Date = pa.Field(description="First day (the vendor's).")
    period_to: pl.Date = pa.Field(description="Last day (the vendor's).")
    reported_on: pl.Date = pa.Field(nullable=True, description="Day of the report.")
    report: str = pa.Field(description="Report.")
    is_active: bool = pa.Field(nullable=True, description="Active by the vendor's definition.")
    n_posted: pl.Int64 = pa.Field(nullable=True, ge=0, description="Posted.")
    n_read: pl.Int64 = pa.Field(nullable=True, ge=0, description="Read.")
    n_reacted: pl.Int64 = pa.Field(nullable=True, ge=0, description="Reacted.")
    n_active_accounts: pl.Int64 = pa.Field(nullable=True, ge=0, description="Accounts that were active, in totals.")
    n_posting_accounts: pl.Int64 = pa.Field(nullable=True, ge=0, description="Accounts that posted, in totals.")
    is_record: bool = pa.Field(description="Stands for a source record.")
    member: str = pa.Field(description="Member of the export.")
    line: pl.Int64 = pa.Field(nullable=True, ge=1, description="Line or item in the member.")


class LakeNote(Table):
    """What was found wrong and kept all the same, as counts by rule."""

    member: str = pa.Field(description="Member of the export.")
    line: pl.Int64 = pa.Field(nullable=True, ge=1, description="Line or item, if it is about one record.")
    rule: str = pa.Field(description="Rule.")
    message: str = pa.Field(description="What was found and what was done.")
    n_records: pl.Int64 = pa.Field(ge=1, description="How many.")


class LakeQuarantine(Table):
    """Records with a fault."""

    member: str = pa.Field(description="Member of the export.")
    line: pl.Int64 = pa.Field(nullable=True, ge=1, description="Line or item.")
    rule: str = pa.Field(description="Rule.")
    message: str = pa.Field(description="What is wrong and what was done.")


class LakeExclusion(Table):
    """Records left out on purpose, as counts."""

    member: str = pa.Field(description="Member of the export.")
    rule: str = pa.Field(description="Rule.")
    message: str = pa.Field(description="The reason.")
    n_records: pl.Int64 = pa.Field(ge=1, description="How many.")


class LakePart(Table):
    """Members of the export."""

    member: str = pa.Field(description="Member name.")
    crc32: pl.Int64 = pa.Field(ge=0, description="Checksum.")
    bytes: pl.Int64 = pa.Field(ge=0, description="Size.")
    n_read: pl.Int64 = pa.Field(ge=0, description="Source records.")


class LakeCoverage(Table):
    """The period that an export covers, per workspace."""

    workspace: str = pa.Field(description="Workspace, network or wiki.")
    covered_from: pl.Date = pa.Field(description="First day (UTC).")
    covered_to: pl.Date = pa.Field(description="Last day (UTC).")
    is_stated: bool = pa.Field(description="Stated by the export or the settings.")


class LakeCapability(Table):
    """What the export can show."""

    has_reactions: bool = pa.Field(description="Says who reacted.")
    has_reading: bool = pa.Field(description="Says who read.")
    has_direct: bool = pa.Field(description="Holds direct messages.")
    has_edits: bool = pa.Field(description="Says what was edited.")
    has_history: bool = pa.Field(description="Holds all that happened.")


LAKE: Final[Mapping[str, type[Table]]] = {
    "event": LakeEvent,
    "account": LakeAccount,
    "account_identifier": LakeAccountIdentifier,
    "space": LakeSpace,
    "person": LakePerson,
    "person_identifier": LakePersonIdentifier,
    "usage": LakeUsage,
    "note": LakeNote,
    "quarantine": LakeQuarantine,
    "exclusion": LakeExclusion,
    "part": LakePart,
    "coverage": LakeCoverage,
    "capability": LakeCapability,
}
