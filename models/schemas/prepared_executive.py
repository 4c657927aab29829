"""Relations behind the figures about executives and layers. They stay in the live warehouse and are never published."""

import pandera.polars as pa
import polars as pl

from models.schemas.base import Table, UtcTime
from models.schemas.prepared import PERIODS


class PrepStay(Table):
    """From when to when people were there in a period."""

    period_kind: str = pa.Field(isin=PERIODS, description="week or month.")
    period_start: pl.Date = pa.Field(description="First day.")
    platform: str = pa.Field(nullable=True, description="NULL: every platform.")
    person_id: str = pa.Field(description="Person.")
    first_on: pl.Date = pa.Field(description="First employed day of the period.")
    last_on: pl.Date = pa.Field(description="Last employed day of the period.")


class PrepOwnDay(Table):
    """What people contributed themselves by day; what delegates contributed for them stands apart."""

    person_id: str = pa.Field(description="Person.")
    platform: str = pa.Field(description="Platform.")
    occurred_on: pl.Date = pa.Field(description="Day.")
    unit: str = pa.Field(nullable=True, description="Unit of the day.")
    n_contributions: pl.Int64 = pa.Field(ge=0, description="Contributions of their own.")
    n_openings: pl.Int64 = pa.Field(ge=0, description="Of these all but replies and comments.")
    n_posts: pl.Int64 = pa.Field(ge=0, description="Thread starters of their own.")
    n_replies: pl.Int64 = pa.Field(ge=0, description="Replies of their own.")
    n_replies_to_staff: pl.Int64 = pa.Field(ge=0, description="Replies not to an executive or oneself.")
    n_page_edits: pl.Int64 = pa.Field(ge=0, description="Pages created and page edits.")
    n_delegated: pl.Int64 = pa.Field(ge=0, description="Contributions by a delegate.")


class PrepOwnPeriod(Table):
    """What people contributed themselves by period."""

    period_kind: str = pa.Field(isin=PERIODS, description="week or month.")
    period_start: pl.Date = pa.Field(description="First day.")
    platform: str = pa.Field(description="Platform, or all.")
    person_id: str = pa.Field(description="Person.")
    n_contributions: pl.Int64 = pa.Field(ge=1, description="Contributions of their own.")
    n_openings: pl.Int64 = pa.Field(ge=0, description="Of these all but replies and comments.")
    n_replies_to_staff: pl.Int64 = pa.Field(ge=0, description="Replies not to an executive or oneself.")
    n_wiki_edits: pl.Int64 = pa.Field(ge=0, description="Pages created and edited where pages are edited at all.")
    n_platforms: pl.Int64 = pa.Field(ge=1, description="Platforms on which they did.")


class PrepDialogue(Table):
    """Pairs of an eligible person and an eligible non-executive with a reply or comment between them."""

    period_kind: str = pa.Field(isin=PERIODS, description="week or month.")
    period_start: pl.Date = pa.Field(description="First day.")
    platform: str = pa.Field(description="Platform, or all.")
    unit: str = pa.Field(description="Unit of the first, or all.")
    is_executive: bool = pa.Field(description="The first is an executive.")
    n_pairs: pl.Int64 = pa.Field(ge=1, description="Pairs.")
    n_two_way: pl.Int64 = pa.Field(ge=0, description="Pairs in which both answered.")
    n_own_pairs: pl.Int64 = pa.Field(ge=0, description="Pairs without what delegates wrote.")
    n_own_two_way: pl.Int64 = pa.Field(ge=0, description="Of these, pairs in which both answered themselves.")


class PrepRhythm(Table):
    """Silences and bursts of the people who contributed in a complete period."""

    period_kind: str = pa.Field(isin=PERIODS, description="week or month.")
    period_start: pl.Date = pa.Field(description="First day.")
    platform: str = pa.Field(description="Platform, or all.")
    person_id: str = pa.Field(description="Person.")
    n_longest_gap_days: pl.Int64 = pa.Field(ge=0, description="Longest run of days without an own contribution.")
    burstiness: pl.Float64 = pa.Field(nullable=True, ge=-1, le=1, description="NULL with fewer than 10 gaps.")


class PrepTalk(Table):
    """Thread starters, replies, comments and reactions, with both ends as people and as they stood on that day."""

    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Workspace.")
    space_id: str = pa.Field(nullable=True, description="Where.")
    thread_id: pl.Binary = pa.Field(nullable=True, description="Thread.")
    event_id: pl.Binary = pa.Field(description="Message.")
    occurred_at: UtcTime = pa.Field(description="When (UTC); of a reaction possibly the message's.")
    occurred_on: pl.Date = pa.Field(description="Day.")
    action: str = pa.Field(isin=("post", "reply", "comment", "react"), description="What was done.")
    is_delegated: bool = pa.Field(description="By a delegate.")
    person_id: str = pa.Field(description="Who speaks.")
    is_employed: bool = pa.Field(description="On the roster on that day.")
    unit: str = pa.Field(nullable=True, description="Their unit on that day.")
    is_executive: bool = pa.Field(description="An executive on that day.")
    target_person_id: str = pa.Field(nullable=True, description="To whom; NULL where no record says.")
    target_unit: str = pa.Field(nullable=True, description="Unit of the target on that day.")
    is_target_executive: bool = pa.Field(description="The target was an executive on that day.")


class PrepExecutiveQuestion(Table):
    """Messages of employees to an executive."""

    platform: str = pa.Field(description="Platform.")
    occurred_on: pl.Date = pa.Field(description="Day of the message.")
    executive_person_id: str = pa.Field(description="The executive.")
    unit: str = pa.Field(nullable=True, description="Unit of the executive on that day.")
    is_old_enough: bool = pa.Field(description="The 5 working days after it were observed.")
    is_answered: bool = pa.Field(description="The executive answered within them.")


class PrepExecutiveWait(Table):
    """Threads that employed people started themselves, until somebody who is no executive answered."""

    platform: str = pa.Field(description="Platform.")
    occurred_on: pl.Date = pa.Field(description="Day of the start.")
    workspace: str = pa.Field(description="Workspace.")
    space_id: str = pa.Field(description="Where; empty if not known.")
    hour_of_day: pl.Int64 = pa.Field(ge=0, le=23, description="Hour of the start (UTC).")
    person_id: str = pa.Field(description="Who started it.")
    unit: str = pa.Field(nullable=True, description="Their unit on that day.")
    is_executive: bool = pa.Field(description="An executive on that day.")
    n_seconds: pl.Int64 = pa.Field(ge=0, description="Until the answer, else as long as it was followed.")
    is_answered: bool = pa.Field(description="Answered while it was followed.")


class PrepExecutivePair(Table):
    """Executives and others between whom there was a reply or comment."""

    period_kind: str = pa.Field(isin=PERIODS, description="week or month.")
    period_start: pl.Date = pa.Field(description="First day.")
    platform: str = pa.Field(description="Platform, or all.")
    person_id: str = pa.Field(description="The executive.")
    other_person_id: str = pa.Field(description="The other.")
    unit: str = pa.Field(nullable=True, description="Unit of the executive.")
    distance: pl.Int64 = pa.Field(nullable=True, ge=1, description="Steps between them in the management tree.")


class PrepBelow(Table):
    """People who stand below an executive."""

    period_kind: str = pa.Field(isin=PERIODS, description="week or month.")
    period_start: pl.Date = pa.Field(description="First day.")
    person_id: str = pa.Field(description="Person.")


class PrepUpward(Table):
    """Who answered, or reacted to, an executive above them."""

    platform: str = pa.Field(description="Platform.")
    occurred_on: pl.Date = pa.Field(description="Day.")
    person_id: str = pa.Field(description="Person.")
    is_reaction: bool = pa.Field(description="Reactions, or else replies and comments.")
