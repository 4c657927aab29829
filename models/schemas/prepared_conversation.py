"""Relations about conversations that several marts share. They stay in the live warehouse and are never published."""

import pandera.polars as pa
import polars as pl

from models.schemas.base import Table, UtcTime


class PrepConversation(Table):
    """What the exports of each platform show of a conversation."""

    platform: str = pa.Field(unique=True, description="Platform, or all.")
    has_threads: bool = pa.Field(description="Some reply says to which thread it belongs.")
    has_targets: bool = pa.Field(description="Some reply, comment or reaction says to whom.")
    has_reactions: bool = pa.Field(description="Some export shows reactions, and records say to whom.")


class PrepThread(Table):
    """Threads that people started, and the first answer of another person."""

    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Workspace or network.")
    space_id: str = pa.Field(nullable=True, description="Where it was started.")
    thread_id: pl.Binary = pa.Field(description="Its starter, 16 bytes.")
    started_at: UtcTime = pa.Field(description="Start (UTC).")
    started_on: pl.Date = pa.Field(description="Day of the start.")
    person_id: str = pa.Field(description="Who started it.")
    unit: str = pa.Field(nullable=True, description="Their unit on that day.")
    is_starter_executive: bool = pa.Field(description="They were an executive on that day.")
    first_replied_at: UtcTime = pa.Field(nullable=True, description="First answer of another person (UTC).")
    first_replier_person_id: str = pa.Field(nullable=True, description="Who gave it.")
    observed_until_at: UtcTime = pa.Field(description="An answer after this would not have been seen (UTC).")
    n_seconds_to_reply: pl.Int64 = pa.Field(nullable=True, ge=0, description="From start to answer.")
    n_working_seconds_to_reply: pl.Int64 = pa.Field(
        nullable=True, ge=0, description="The same without Saturdays and Sundays (UTC)."
    )
    n_seconds_observed: pl.Int64 = pa.Field(ge=0, description="From start to the end of observation.")
    n_working_seconds_observed: pl.Int64 = pa.Field(
        ge=0, description="The same without Saturdays and Sundays (UTC)."
    )


class PrepInteraction(Table):
    """Replies, comments and reactions to others, summed by day and pair."""

    platform: str = pa.Field(description="Platform.")
    occurred_on: pl.Date = pa.Field(description="Day.")
    person_id: str = pa.Field(description="Who acts.")
    target_person_id: str = pa.Field(nullable=True, description="Towards whom; NULL where no record says.")
    is_reaction: bool = pa.Field(description="Reactions, or else replies and comments.")
    n_interactions: pl.Int64 = pa.Field(ge=1, description="How many.")


class PrepTie(Table):
    """Pairs of eligible people of known units who met in a month: with a reply, comment or reaction between them."""

    period_start: pl.Date = pa.Field(description="First day of the month.")
    one_id: str = pa.Field(description="One of the two, the first in the alphabet.")
    other_id: str = pa.Field(description="The other.")
    one_unit: str = pa.Field(description="Unit of the one in the month.")
    other_unit: str = pa.Field(description="Unit of the other; perhaps the same.")
