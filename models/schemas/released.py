"""What leadership may see beside the released cuts of the marts (`models.schemas.marts`)."""

import pandera.polars as pa
import polars as pl

from models.schemas.base import Table

WITHHOLDING_REASONS = ("small_units_merged", "too_few_executives", "open_period", "organisation_too_small")


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
    n_exports: pl.Int64 = pa.Field(ge=1, description="Exports in which it was found.")
    n_records: pl.Int64 = pa.Field(ge=1, description="How many records it is about.")

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


class RelWithheld(Table):
    """What the release policy held back, as counts: never which cell, never its value."""

    released_table: str = pa.Field(description="Table.")
    reason: str = pa.Field(isin=WITHHOLDING_REASONS, description="Rule.")
    n_units: pl.Int64 = pa.Field(nullable=True, ge=0, description="Units concerned, where units are.")
    minimum: pl.Int64 = pa.Field(ge=0, description="The threshold of the rule.")
