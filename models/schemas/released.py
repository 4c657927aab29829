"""What leadership may see beside the released cuts of the marts (`models.schemas.marts`)."""

import pandera.polars as pa
import polars as pl

from models.agreement import ANALYST_FILES
from models.schemas.base import Table

WITHHOLDING_REASONS = (
    "small_units_merged", "too_few_executives", "open_period", "organisation_too_small", "ends_as_bands",
    "follows_from_total", "one_person_dominates",
)  # fmt: skip


class RelSource(Table):
    """One row per platform: what its exports cover and what became of their records."""

    platform: str = pa.Field(unique=True, description="Platform.")
    first_on: pl.Date = pa.Field(nullable=True, description="First day with data.")
    last_on: pl.Date = pa.Field(nullable=True, description="Last day with data.")
    is_delivering: bool = pa.Field(description="Not silent for longer than its cadence before the as-of day.")
    n_observed_days: pl.Int64 = pa.Field(ge=0, description="Fully observed days.")
    n_partial_days: pl.Int64 = pa.Field(ge=0, description="Days on which an export begins or ends.")
    n_missing_days: pl.Int64 = pa.Field(ge=0, description="Days without data between the first and the as-of day.")
    n_files: pl.Int64 = pa.Field(ge=0, description="Exports loaded.")
    n_read: pl.Int64 = pa.Field(ge=0, description="Records read.")
    n_accepted: pl.Int64 = pa.Field(ge=0, description="Records in use.")
    n_duplicate: pl.Int64 = pa.Field(ge=0, description="Records replaced by another version.")
    n_excluded: pl.Int64 = pa.Field(ge=0, description="Records out of scope.")
    n_quarantined: pl.Int64 = pa.Field(ge=0, description="Records with a fault.")
    n_contributions: pl.Int64 = pa.Field(ge=0, description="Contributions by people.")
    matched_ratio: pl.Float64 = pa.Field(nullable=True, ge=0, le=1, description="Share of them by the roster.")
    in_scope_ratio: pl.Float64 = pa.Field(
        nullable=True, ge=0, le=1, description="Share of records outside private spaces, where exports hold both."
    )
    has_reactions: bool = pa.Field(description="Says who reacted.")
    has_reading: bool = pa.Field(description="Says who read.")


class RelNote(Table):
    """What was found wrong in the exports of a platform and kept all the same, as counts: never in which file."""

    platform: str = pa.Field(description="Platform of the exports, or roster.")
    rule: str = pa.Field(description="Code of the rule, see docs/errors.md.")
    message: str = pa.Field(description="What was found and what was done, without numbers.")
    n_exports: pl.Int64 = pa.Field(nullable=True, ge=1, description="Exports in which it was found; NULL: not told.")
    n_records: pl.Int64 = pa.Field(nullable=True, ge=1, description="Records that it is about; NULL: not told.")

    class Config:
        """One row per text."""

        unique = ["platform", "rule", "message"]


class RelDeclared(Table):
    """What turnout.toml says about the organisation: targets, dated events, trials."""

    kind: str = pa.Field(isin=("target", "event", "trial"), description="What is declared.")
    title: str = pa.Field(description="Metric of a target; name of an event or a trial.")
    platform: str = pa.Field(description="One platform, or all.")
    unit: str = pa.Field(description="One unit, all, or listed people.")
    value: pl.Float64 = pa.Field(nullable=True, ge=0, description="Value of a target.")
    from_on: pl.Date = pa.Field(nullable=True, description="Day of an event, first day of a trial.")
    to_on: pl.Date = pa.Field(description="Last day: of a trial, or by which a target is to be reached.")
    detail: str = pa.Field(nullable=True, description="Who set a target; kind of an event.")


class RelAgreement(Table):
    """One row: how strict this run was, and the agreement under which it was made; NULL where none is recorded."""

    min_group: pl.Int64 = pa.Field(ge=1, description="Smallest group of people that this run shows.")
    visibilities: str = pa.Field(description="Spaces whose records this run reads: public, private, direct (counted).")
    analyst_file: str = pa.Field(isin=ANALYST_FILES, description="What the analyst's file of this run holds.")
    kept_events_months: pl.Int64 = pa.Field(
        nullable=True, ge=1, description="Months after which this run removes what single people did; NULL: never."
    )
    kept_quarantine_days: pl.Int64 = pa.Field(
        nullable=True, ge=1, description="Days after which this run forgets records with a fault; NULL: never."
    )
    kept_runs_days: pl.Int64 = pa.Field(
        nullable=True, ge=1, description="Days after which this run deletes the logs of runs; NULL: never."
    )
    version: str = pa.Field(nullable=True, description="Version of the agreement.")
    content_hash: str = pa.Field(
        nullable=True, description="SHA-256 of what was approved, as 64 hexadecimal digits."
    )
    approved_on: pl.Date = pa.Field(nullable=True, description="Day of the approval.")
    valid_until: pl.Date = pa.Field(nullable=True, description="Last day of the agreement.")
    parties: str = pa.Field(nullable=True, description="Who agreed, one in a line.")
    purpose: str = pa.Field(nullable=True, description="What the figures are for.")
    contact: str = pa.Field(nullable=True, description="Whom to ask, and where to complain.")
    sources: str = pa.Field(nullable=True, description="Platforms that were agreed on, one in a line.")
    roles: str = pa.Field(nullable=True, description="Who sees what, one role in a line: role, tab, what.")
    agreed_min_group: pl.Int64 = pa.Field(nullable=True, ge=1, description="Smallest group that was agreed on.")
    events_months: pl.Int64 = pa.Field(nullable=True, ge=1, description="Agreed months for what single people did.")
    quarantine_days: pl.Int64 = pa.Field(nullable=True, ge=1, description="Agreed days for records set aside.")
    identity_days: pl.Int64 = pa.Field(nullable=True, ge=1, description="Agreed days for who left, after they left.")
    runs_days: pl.Int64 = pa.Field(nullable=True, ge=1, description="Agreed days for the logs of runs.")


class RelNamedExecutives(Table):
    """Executives by name, by a recorded decision: one row per closed month in which they are executives.

    NULL is told alike where they wrote nothing, where nothing was observed, and where it would tell of others.
    """

    period_kind: str = pa.Field(isin=["month"], description="month.")
    period_start: pl.Date = pa.Field(description="First day.")
    period_end: pl.Date = pa.Field(description="Last day.")
    platform: str = pa.Field(isin=["all"], description="all: over all platforms.")
    is_complete: bool = pa.Field(description="Every day is observed on every platform that still delivers.")
    shown: str = pa.Field(description="The name that was approved.")
    role: str = pa.Field(description="The role that was approved.")
    n_posts: pl.Int64 = pa.Field(nullable=True, ge=0, description="Threads that they or their delegates started.")
    n_replies: pl.Int64 = pa.Field(nullable=True, ge=0, description="Replies that they or their delegates gave.")
    n_own_posts: pl.Int64 = pa.Field(nullable=True, ge=0, description="Threads that they started themselves.")
    n_own_replies: pl.Int64 = pa.Field(nullable=True, ge=0, description="Replies that they gave themselves.")
    basis: str = pa.Field(description="Why they may be named.")
    approved_by: str = pa.Field(description="Who approved it.")
    valid_until: pl.Date = pa.Field(description="Last day on which they may be named.")

    class Config:
        """One row per name and month."""

        unique = ["period_start", "shown"]


class RelNamedChampions(Table):
    """Who asked to be named as a champion, under the name they gave; no figure of theirs."""

    shown: str = pa.Field(description="The name they gave.")
    scope: str = pa.Field(description="What they help with.")
    since_month: pl.Date = pa.Field(description="First day of the month in which they asked for it.")


class RelRevision(Table):
    """Closed periods that were told anew after they had been published: later data concern many people."""

    metric: str = pa.Field(description="Released table.")
    period_kind: str = pa.Field(isin=("day", "week", "month"), description="day, week or month.")
    period_start: pl.Date = pa.Field(description="First day.")
    platform: str = pa.Field(description="One platform, or all.")
    period_end: pl.Date = pa.Field(description="Last day.")
    revision: pl.Int64 = pa.Field(ge=2, description="Which telling this is.")
    first_release: pl.Date = pa.Field(description="As-of day of the release that told it first.")

    class Config:
        """One row per table and period."""

        unique = ["metric", "period_kind", "period_start", "platform"]


class RelWithheld(Table):
    """What the release policy held back, as counts: never which cell, never its value."""

    released_table: str = pa.Field(description="Table.")
    reason: str = pa.Field(isin=WITHHOLDING_REASONS, description="Rule.")
    n_units: pl.Int64 = pa.Field(nullable=True, ge=0, description="Units concerned, where units are.")
    n_figures: pl.Int64 = pa.Field(nullable=True, ge=1, description="Figures concerned, where figures are.")
    minimum: pl.Int64 = pa.Field(ge=0, description="The threshold of the rule.")
