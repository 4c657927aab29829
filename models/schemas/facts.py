"""What happened: events, vendor usage figures and the person-day from which all marts are built."""

import pandera.polars as pa
import polars as pl

from models.schemas.base import ACTIONS, ACTOR_KINDS, TIME_BASES, Table, UtcTime


class FctEvent(Table):
    """One row per event; its grain is (platform, space_id, event_id, action, account_id)."""

    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Workspace, network or wiki.")
    event_id: pl.Binary = pa.Field(description="Encrypted native number, 16 bytes.")
    occurred_at: UtcTime = pa.Field(nullable=True, description="When (UTC).")
    occurred_on: pl.Date = pa.Field(nullable=True, description="Day in the reporting zone.")
    time_basis: str = pa.Field(isin=TIME_BASES, description="own time, the target's time (reactions), or none.")
    action: str = pa.Field(isin=ACTIONS, description="What was done.")
    is_contribution: bool = pa.Field(description="A person posted, replied, created, edited, commented or shared.")
    account_id: str = pa.Field(nullable=True, description="Who; NULL where the export hides it.")
    actor_kind: str = pa.Field(isin=ACTOR_KINDS, description="Kind of the actor.")
    via_app: bool = pa.Field(description="An app posted on behalf of the person.")
    is_delegated: bool = pa.Field(description="A delegate posted on behalf of the person.")
    space_id: str = pa.Field(nullable=True, description="Where.")
    thread_id: pl.Binary = pa.Field(nullable=True, description="The thread's starter or the page, 16 bytes.")
    target_account_id: str = pa.Field(nullable=True, description="Whom it answers or reacts to.")
    bytes_delta: pl.Int64 = pa.Field(nullable=True, description="Change of a page's size, within one full history.")
    is_revert: bool = pa.Field(nullable=True, description="Restores an earlier state, within one full history.")
    is_minor: bool = pa.Field(nullable=True, description="Marked as minor.")
    file_id: str = pa.Field(description="Export that supplied the version in use.")
    line: pl.Int64 = pa.Field(nullable=True, ge=1, description="Line or item in its member.")


class FctUsage(Table):
    """Vendors' own usage figures; the only source of reading."""

    account_id: str = pa.Field(nullable=True, description="Account; NULL for totals.")
    platform: str = pa.Field(description="Platform whose use is reported.")
    space_id: str = pa.Field(nullable=True, description="Space; NULL unless the figures are about one.")
    org_unit: str = pa.Field(nullable=True, description="Unit; NULL unless the totals are of one.")
    period_from: pl.Date = pa.Field(description="First day.")
    period_to: pl.Date = pa.Field(description="Last day.")
    is_active: bool = pa.Field(nullable=True, description="Active by the vendor's definition.")
    n_posted: pl.Int64 = pa.Field(nullable=True, ge=0, description="Posted.")
    n_read: pl.Int64 = pa.Field(nullable=True, ge=0, description="Read.")
    n_reacted: pl.Int64 = pa.Field(nullable=True, ge=0, description="Reacted.")
    n_active_accounts: pl.Int64 = pa.Field(nullable=True, ge=0, description="Accounts that were active, in totals.")
    n_posting_accounts: pl.Int64 = pa.Field(nullable=True, ge=0, description="Accounts that posted, in totals.")
    source: str = pa.Field(description="Report; figures of two reports are never added.")
    file_id: str = pa.Field(description="Export that supplied the figures in use.")
    line: pl.Int64 = pa.Field(nullable=True, ge=1, description="Line or item in its member; NULL if it has none.")
    is_record: bool = pa.Field(description="Stands for its source record in the row equation.")


class FctPersonDay(Table):
    """One row per person, platform and day with at least one contribution or own-time reaction."""

    person_id: str = pa.Field(description="Person, or the account where no person is known.")
    is_matched: bool = pa.Field(description="The person is on the roster.")
    platform: str = pa.Field(description="Platform.")
    occurred_on: pl.Date = pa.Field(description="Day in the reporting zone.")
    n_posts: pl.Int64 = pa.Field(ge=0, description="Thread starters.")
    n_replies: pl.Int64 = pa.Field(ge=0, description="Replies.")
    n_creates: pl.Int64 = pa.Field(ge=0, description="Pages created.")
    n_edits: pl.Int64 = pa.Field(ge=0, description="Page edits, without null edits.")
    n_comments: pl.Int64 = pa.Field(ge=0, description="Comments and talk-page edits.")
    n_shares: pl.Int64 = pa.Field(ge=0, description="Shares.")
    n_uploads: pl.Int64 = pa.Field(ge=0, description="Uploads.")
    n_contributions: pl.Int64 = pa.Field(ge=0, description="The sum of the seven.")
    n_reacts: pl.Int64 = pa.Field(ge=0, description="Reactions that carry their own time.")

    class Config:
        """One row per person, platform and day."""

        unique = ["person_id", "platform", "occurred_on"]


class FctNamedMonth(Table):
    """One row per executive who may be named and month with a post or reply of theirs outside private spaces."""

    person_id: str = pa.Field(description="Person.")
    month_start: pl.Date = pa.Field(description="First day of the month.")
    n_posts: pl.Int64 = pa.Field(ge=0, description="Thread starters, with those that delegates wrote.")
    n_replies: pl.Int64 = pa.Field(ge=0, description="Replies, with those that delegates wrote.")
    n_own_posts: pl.Int64 = pa.Field(ge=0, description="Thread starters of their own.")
    n_own_replies: pl.Int64 = pa.Field(ge=0, description="Replies of their own.")

    class Config:
        """One row per person and month."""

        unique = ["person_id", "month_start"]
