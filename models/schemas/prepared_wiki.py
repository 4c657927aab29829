"""Relations behind the marts about wikis. They stay in the live warehouse and are never published."""

import pandera.polars as pa
import polars as pl

from models.schemas.base import Table

SUBJECTS = ("page", "space")
WIKI_STATES = ("alive", "revived", "fading", "forgotten", "unknown")


class PrepWikiSource(Table):
    """Workspaces that hold pages, and what their exports show of the changes to them."""

    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Wiki or blog.")
    has_edits: bool = pa.Field(description="Edits are shown, not only creations or latest states.")
    has_history: bool = pa.Field(description="All of them are.")
    has_sizes: bool = pa.Field(description="By how much the size of a page changes.")
    has_reverts: bool = pa.Field(description="Whether an edit restores an earlier state.")
    has_minor: bool = pa.Field(description="Which edits their authors call minor.")

    class Config:
        """One row per workspace."""

        unique = ["platform", "workspace"]


class PrepWikiWork(Table):
    """What each person did to each page on each day."""

    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Wiki or blog.")
    occurred_on: pl.Date = pa.Field(description="Day.")
    person_id: str = pa.Field(description="Person.")
    unit: str = pa.Field(nullable=True, description="Their unit on that day.")
    thread_id: pl.Binary = pa.Field(nullable=True, description="Page.")
    space_id: str = pa.Field(nullable=True, description="Space.")
    n_creates: pl.Int64 = pa.Field(ge=0, description="Creations.")
    n_edits: pl.Int64 = pa.Field(ge=0, description="Edits, without null edits.")
    n_comments: pl.Int64 = pa.Field(ge=0, description="Comments, and edits of talk pages.")
    n_minor_edits: pl.Int64 = pa.Field(ge=0, description="Edits marked as minor.")
    n_null_edits: pl.Int64 = pa.Field(ge=0, description="Revisions that change nothing.")
    n_sized_edits: pl.Int64 = pa.Field(ge=0, description="Creations and edits of known size.")
    n_bytes_added: pl.Int64 = pa.Field(ge=0, description="Growth by those that grow the page.")
    n_bytes_removed: pl.Int64 = pa.Field(ge=0, description="Shrinkage by those that shrink it.")
    n_reverts: pl.Int64 = pa.Field(ge=0, description="Edits that undo what others did.")
    n_self_reverts: pl.Int64 = pa.Field(ge=0, description="Edits that undo own work only.")


class PrepWikiDay(Table):
    """Days on which people edited a page or a space."""

    subject: str = pa.Field(isin=SUBJECTS, description="page or space.")
    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Wiki.")
    thread_id: pl.Binary = pa.Field(nullable=True, description="The page; NULL for a space.")
    space_id: str = pa.Field(nullable=True, description="The space; NULL for a page.")
    occurred_on: pl.Date = pa.Field(description="Day.")
    n_edits: pl.Int64 = pa.Field(ge=1, description="Creations, edits and comments.")
    is_begun: bool = pa.Field(description="The exports hold its creation.")
    born_on: pl.Date = pa.Field(description="First day with an edit by a person.")
    next_on: pl.Date = pa.Field(nullable=True, description="Next such day.")
    longest_silence_days: pl.Int64 = pa.Field(nullable=True, description="Longest sure silence up to this day.")
    n_months_running: pl.Int64 = pa.Field(ge=1, description="Months on end with an edit, up to this one.")


class PrepWikiEnd(Table):
    """The day as of which a wiki's state at the end of a month is known."""

    period_start: pl.Date = pa.Field(description="First day of the month.")
    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Wiki.")
    end_on: pl.Date = pa.Field(description="Last day of the month of which an export tells.")
    unseen_on: pl.Date = pa.Field(description="Last day up to then of which none tells.")
    is_year_seen: bool = pa.Field(description="The month is over, and every day of the 12 months is seen.")

    class Config:
        """One row per month and workspace."""

        unique = ["period_start", "platform", "workspace"]


class PrepWikiState(Table):
    """Pages and spaces by their state and life at the end of a month."""

    period_start: pl.Date = pa.Field(description="First day of the month.")
    platform: str = pa.Field(description="Platform.")
    subject: str = pa.Field(isin=SUBJECTS, description="page or space.")
    state: str = pa.Field(isin=WIKI_STATES, description="State.")
    is_ended: bool = pa.Field(nullable=True, description="Its life ended; NULL: not in the curve of lives.")
    life_days: pl.Int64 = pa.Field(nullable=True, ge=0, description="Days that it lived, as far as followed.")
    is_year_old: bool = pa.Field(description="Had 12 seen months in which it could be edited.")
    is_continuous: bool = pa.Field(description="And was edited in each.")
    n_subjects: pl.Int64 = pa.Field(ge=1, description="Pages or spaces.")
