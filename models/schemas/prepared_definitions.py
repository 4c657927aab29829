"""Relations behind the table of definitions of "active". They stay in the live warehouse and are never published."""

import pandera.polars as pa
import polars as pl

from models.schemas.base import Table

MISSING = ("none", "unobserved days", "reading", "reactions")


class PrepDefinition(Table):
    """Published definitions of an active person: window, and what counts."""

    definition: str = pa.Field(unique=True, description="Definition.")
    n_days: pl.Int64 = pa.Field(nullable=True, ge=1, description="Days of the window, if not of months.")
    n_months: pl.Int64 = pa.Field(nullable=True, isin=(1, 6), description="Months of the window, if not of days.")
    n_active_days: pl.Int64 = pa.Field(ge=1, description="Days of activity that make somebody active.")
    counts_reading: bool = pa.Field(description="Reading makes somebody active.")
    counts_reactions: bool = pa.Field(description="A reaction makes somebody active.")


class PrepDefinitionWindow(Table):
    """The window of each definition that ends with a month, and whether the data can show who was active in it."""

    period_start: pl.Date = pa.Field(description="First day of the month.")
    platform: str = pa.Field(description="Platform, or all.")
    definition: str = pa.Field(description="Definition.")
    window_from: pl.Date = pa.Field(description="First day of the window.")
    window_to: pl.Date = pa.Field(description="Last day of the window and of the month.")
    n_window_days: pl.Int64 = pa.Field(ge=1, description="Calendar days of the window.")
    is_half_year: bool = pa.Field(description="Six months, with people of their own.")
    n_active_days: pl.Int64 = pa.Field(ge=1, description="Days of activity that make somebody active.")
    counts_reading: bool = pa.Field(description="Reading makes somebody active.")
    counts_reactions: bool = pa.Field(description="A reaction makes somebody active.")
    missing: str = pa.Field(isin=MISSING, description="What keeps it unknown; none: it is known.")

    class Config:
        """One row per month, platform and definition."""

        unique = ["period_start", "platform", "definition"]


class PrepDefinitionActive(Table):
    """Who was active under which definition, eligible or not."""

    period_start: pl.Date = pa.Field(description="First day of the month with which the window ends.")
    platform: str = pa.Field(description="Platform, or all.")
    definition: str = pa.Field(description="Definition.")
    is_half_year: bool = pa.Field(description="Six months, with people of their own.")
    person_id: str = pa.Field(description="Person.")

    class Config:
        """Once per month, platform and definition."""

        unique = ["period_start", "platform", "definition", "person_id"]


class PrepHalfYear(Table):
    """The people who are counted in the six months that end with a month."""

    period_start: pl.Date = pa.Field(description="First day of the last of the six months.")
    platform: str = pa.Field(description="Platform, or all.")
    person_id: str = pa.Field(description="Person.")
    unit: str = pa.Field(nullable=True, description="Unit of the last employed day.")

    class Config:
        """Once per month and platform."""

        unique = ["period_start", "platform", "person_id"]
