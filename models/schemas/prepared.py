"""Relations that several models share. They stay in the live warehouse and are never published."""

import pandera.polars as pa
import polars as pl

from models.schemas.base import ACTOR_KINDS, DAY_STATES, KIND_RULES, VISIBILITIES, Names, Table, UtcTime

PERIODS = ("week", "month")


class PrepPresence(Table):
    """Weeks and months of which usage reports tell who was present."""

    period_kind: str = pa.Field(description="week or month.")
    period_start: pl.Date = pa.Field(description="First day.")
    platform: str = pa.Field(description="Platform, or all.")


class PrepPresent(Table):
    """People who were present in a week or month: active by a usage report, or contributing."""

    period_kind: str = pa.Field(description="week or month.")
    period_start: pl.Date = pa.Field(description="First day.")
    platform: str = pa.Field(description="Platform, or all.")
    person_id: str = pa.Field(description="Person.")


class PrepDuplicate(Table):
    """Records of events of which another version is in use, by event and export."""

    file_id: str = pa.Field(description="Export whose rows are not in use.")
    event_id: pl.Binary = pa.Field(description="Event.")
    member: str = pa.Field(description="Member, empty if there are several.")
    is_within: bool = pa.Field(description="The version in use is in the same export.")
    n_superseded: pl.Int64 = pa.Field(ge=0, description="Rows that differ from the version in use.")
    n_identical: pl.Int64 = pa.Field(ge=0, description="Rows that say the same.")


class PrepRepeat(Table):
    """Rows of usage reports that another row replaces, and entries that a list repeats."""

    file_id: str = pa.Field(description="Export whose rows are not in use.")
    member: str = pa.Field(description="Member, empty if there are several.")
    is_within: bool = pa.Field(description="The row in use is in the same export.")
    n_superseded: pl.Int64 = pa.Field(ge=0, description="Rows that differ from the row in use.")
    n_identical: pl.Int64 = pa.Field(ge=0, description="Rows that say the same.")


class PrepAbsent(Table):
    """Exports that lack records of earlier ones although they hold what was written around them."""

    file_id: str = pa.Field(unique=True, description="The later export.")
    n_records: pl.Int64 = pa.Field(ge=1, description="Records that it lacks.")


class PrepAccount(Table):
    """Accounts in the version in use, with those that only occur in events."""

    account_id: str = pa.Field(unique=True, description="Account.")
    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Workspace.")
    kind: str = pa.Field(isin=ACTOR_KINDS, description="Kind.")
    kind_rule: str = pa.Field(isin=KIND_RULES, description="By turnout.toml, by volume, as a guest, or by the export.")
    n_contributions: pl.Int64 = pa.Field(ge=0, description="Contributions in the exports, before its kind counts.")
    contribution_share: pl.Float64 = pa.Field(nullable=True, ge=0, le=1, description="Share of its workspace's.")
    is_guest: bool = pa.Field(nullable=True, description="Guest; NULL: no export says.")
    is_deactivated: bool = pa.Field(nullable=True, description="Closed; NULL: no export says.")
    is_record: bool = pa.Field(description="Comes from a source record.")
    file_id: str = pa.Field(nullable=True, description="Export of the version in use.")


class PrepSpace(Table):
    """Listed spaces in the version in use."""

    space_id: str = pa.Field(unique=True, description="Space.")
    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Workspace.")
    kind: str = pa.Field(description="Kind.")
    visibility: str = pa.Field(isin=VISIBILITIES, description="Visibility.")
    label: str = pa.Field(nullable=True, description="Name of a public space.")
    created_at: UtcTime = pa.Field(nullable=True, description="Created.")
    is_record: bool = pa.Field(description="Comes from a source record.")
    file_id: str = pa.Field(description="Export of the version in use.")


class PrepRosterRow(Table):
    """Roster rows in the version in use."""

    person_id: str = pa.Field(description="Person.")
    valid_from: pl.Date = pa.Field(description="First day.")
    org_path: Names = pa.Field(nullable=True, description="Units, root first.")
    level: str = pa.Field(nullable=True, description="Grade.")
    layer: pl.Int64 = pa.Field(nullable=True, description="Layer.")
    manager_person_id: str = pa.Field(nullable=True, description="Manager.")
    location: str = pa.Field(nullable=True, description="Location.")
    hired_on: pl.Date = pa.Field(nullable=True, description="First day of employment.")
    left_on: pl.Date = pa.Field(nullable=True, description="Last day of employment.")
    is_comms: bool = pa.Field(description="Corporate communications.")
    file_id: str = pa.Field(description="Export of the version in use.")
    is_snapshot: bool = pa.Field(description="From a file with one date or none.")
    snapshot_on: pl.Date = pa.Field(nullable=True, description="Date of that snapshot.")


class PrepPerson(Table):
    """Spells of employment before executives are marked."""

    person_id: str = pa.Field(description="Person.")
    valid_from: pl.Date = pa.Field(description="First day.")
    valid_to: pl.Date = pa.Field(nullable=True, description="First day that no longer counts.")
    org_path: Names = pa.Field(nullable=True, description="Units, root first.")
    unit: str = pa.Field(nullable=True, description="Unit.")
    level: str = pa.Field(nullable=True, description="Grade.")
    layer: pl.Int64 = pa.Field(nullable=True, description="Layer of the roster.")
    manager_person_id: str = pa.Field(nullable=True, description="Manager.")
    location: str = pa.Field(nullable=True, description="Location.")
    hired_on: pl.Date = pa.Field(nullable=True, description="First day of employment.")
    left_on: pl.Date = pa.Field(nullable=True, description="Last day of employment.")
    is_comms: bool = pa.Field(description="Corporate communications.")
    file_id: str = pa.Field(description="Export.")


class PrepPlatformDay(Table):
    """Coverage of a platform, or of all that still deliver, by day."""

    platform: str = pa.Field(description="Platform, or all.")
    occurred_on: pl.Date = pa.Field(description="Day.")
    state: str = pa.Field(isin=DAY_STATES, description="observed, partial or missing.")
    first_on: pl.Date = pa.Field(description="First day of the platform.")
    n_seen_days_so_far: pl.Int64 = pa.Field(ge=0, description="Observed or partial days up to this one.")
    is_new_known: bool = pa.Field(description="Who is first seen on this day is new: enough was observed before it.")


class PrepCalendar(Table):
    """Days with the week and the month to which they belong."""

    period_kind: str = pa.Field(isin=PERIODS, description="week or month.")
    period_start: pl.Date = pa.Field(description="First day of that week or month.")
    occurred_on: pl.Date = pa.Field(description="Day.")


class PrepPeriod(Table):
    """Weeks and months to report on."""

    period_kind: str = pa.Field(isin=PERIODS, description="week or month.")
    period_start: pl.Date = pa.Field(description="First day.")
    period_end: pl.Date = pa.Field(description="Last day.")
    previous_start: pl.Date = pa.Field(description="First day of the period before.")
    next_start: pl.Date = pa.Field(description="First day of the period after.")
    is_previous_seen: bool = pa.Field(description="Something was observed in the period before.")
    platform: str = pa.Field(description="Platform, or all.")
    n_observed_days: pl.Int64 = pa.Field(ge=0, description="Fully observed days.")
    n_seen_days: pl.Int64 = pa.Field(ge=0, description="Fully or partly observed days.")
    is_complete: bool = pa.Field(description="Ended, and every day observed.")


class PrepPopulation(Table):
    """The people over whom everything is counted."""

    person_id: str = pa.Field(description="Person, or account without a roster.")
    platform: str = pa.Field(nullable=True, description="NULL: counts on every platform.")
    valid_from: pl.Date = pa.Field(description="First day.")
    valid_to: pl.Date = pa.Field(nullable=True, description="First day that no longer counts.")
    unit: str = pa.Field(nullable=True, description="Unit.")
    layer: pl.Int64 = pa.Field(nullable=True, description="Layer.")
    is_executive: bool = pa.Field(description="Executive.")
    is_employed: bool = pa.Field(description="From the roster.")


class PrepMembership(Table):
    """Who was there in which period, in which unit at its end."""

    period_kind: str = pa.Field(isin=PERIODS, description="week or month.")
    period_start: pl.Date = pa.Field(description="First day.")
    platform: str = pa.Field(nullable=True, description="NULL: every platform.")
    person_id: str = pa.Field(description="Person.")
    unit: str = pa.Field(nullable=True, description="Unit of the last employed day.")
    layer: pl.Int64 = pa.Field(nullable=True, description="Layer of the last employed day.")
    is_executive: bool = pa.Field(description="Executive on the last employed day.")
    is_eligible: bool = pa.Field(description="Employed on at least half of the days.")


class PrepPersonPeriod(Table):
    """Contributions by person and period."""

    period_kind: str = pa.Field(isin=PERIODS, description="week or month.")
    period_start: pl.Date = pa.Field(description="First day.")
    platform: str = pa.Field(description="Platform, or all.")
    person_id: str = pa.Field(description="Person.")
    n_contributions: pl.Int64 = pa.Field(ge=1, description="Contributions.")
    first_on: pl.Date = pa.Field(description="Day of the first of them.")


class PrepUnitDay(Table):
    """Contributions by day: those of employed people in the unit of their day, and everybody's."""

    platform: str = pa.Field(description="Platform.")
    occurred_on: pl.Date = pa.Field(description="Day.")
    person_id: str = pa.Field(description="Person.")
    unit: str = pa.Field(description="Unit of the day, or all.")
    n_contributions: pl.Int64 = pa.Field(ge=0, description="Contributions.")
    n_posts: pl.Int64 = pa.Field(ge=0, description="Thread starters.")
    n_replies: pl.Int64 = pa.Field(ge=0, description="Replies.")
    n_own_posts: pl.Int64 = pa.Field(ge=0, description="Thread starters without those by a delegate.")
    n_own_replies: pl.Int64 = pa.Field(ge=0, description="Replies without those by a delegate.")


class PrepReply(Table):
    """Replies and comments with both ends as people."""

    platform: str = pa.Field(description="Platform.")
    occurred_on: pl.Date = pa.Field(description="Day.")
    action: str = pa.Field(isin=("reply", "comment"), description="reply or comment.")
    is_delegated: bool = pa.Field(description="A delegate wrote it in their name.")
    person_id: str = pa.Field(description="Who answers.")
    unit: str = pa.Field(nullable=True, description="Their unit on that day.")
    target_person_id: str = pa.Field(nullable=True, description="Who is answered.")
    is_target_executive: bool = pa.Field(description="Was an executive on that day.")


class PrepReplyPeriod(Table):
    """Replies and comments by period."""

    period_kind: str = pa.Field(isin=PERIODS, description="week or month.")
    period_start: pl.Date = pa.Field(description="First day.")
    platform: str = pa.Field(description="Platform, or all.")
    action: str = pa.Field(isin=("reply", "comment"), description="reply or comment.")
    is_delegated: bool = pa.Field(description="A delegate wrote it in their name.")
    person_id: str = pa.Field(description="Who answers.")
    unit: str = pa.Field(nullable=True, description="Their unit on that day.")
    target_person_id: str = pa.Field(nullable=True, description="Who is answered.")
    is_target_executive: bool = pa.Field(description="Was an executive on that day.")


class PrepUnitPeriod(Table):
    """What people wrote by period, in the unit of the day."""

    period_kind: str = pa.Field(isin=PERIODS, description="week or month.")
    period_start: pl.Date = pa.Field(description="First day.")
    platform: str = pa.Field(description="Platform, or all.")
    person_id: str = pa.Field(description="Person.")
    unit: str = pa.Field(description="Unit of the day, or all.")
    n_contributions: pl.Int64 = pa.Field(ge=0, description="Contributions.")
    n_posts: pl.Int64 = pa.Field(ge=0, description="Thread starters.")
    n_replies: pl.Int64 = pa.Field(ge=0, description="Replies.")
    n_own_posts: pl.Int64 = pa.Field(ge=0, description="Thread starters without those by a delegate.")
    n_own_replies: pl.Int64 = pa.Field(ge=0, description="Replies without those by a delegate.")


class PrepEligible(Table):
    """The people who are counted in a period, with what they contributed."""

    period_kind: str = pa.Field(isin=PERIODS, description="week or month.")
    period_start: pl.Date = pa.Field(description="First day.")
    platform: str = pa.Field(description="Platform, or all.")
    person_id: str = pa.Field(description="Person.")
    unit: str = pa.Field(nullable=True, description="Unit of the last employed day.")
    is_executive: bool = pa.Field(description="Executive on the last employed day.")
    n_contributions: pl.Int64 = pa.Field(ge=0, description="Contributions, in whatever unit.")


class PrepUnit(Table):
    """Units that get a row in every period."""

    unit: str = pa.Field(unique=True, description="Unit, or all.")


class PrepRolling(Table):
    """Exact rolling counts of contributors by day."""

    platform: str = pa.Field(description="Platform, or all.")
    occurred_on: pl.Date = pa.Field(description="Day.")
    state: str = pa.Field(isin=DAY_STATES, description="Coverage of the day.")
    unit: str = pa.Field(description="Unit, or all.")
    n_eligible: pl.Int64 = pa.Field(ge=0, description="People on the day.")
    n_contributors_1d: pl.Int64 = pa.Field(nullable=True, ge=0, description="Contributors of 1 day.")
    n_contributors_7d: pl.Int64 = pa.Field(nullable=True, ge=0, description="Contributors of 7 days.")
    n_contributors_28d: pl.Int64 = pa.Field(nullable=True, ge=0, description="Contributors of 28 days.")
