"""Relations on how regularly people take part, for the marts of active users. Never published."""

import pandera.polars as pa
import polars as pl

from models.schemas.base import Table

SEGMENTS = ("power", "habitual", "novice", "low", "none", "unknown")
"""What the contributions of a window of weeks make of a person, strongest first."""


class PrepRollingPresent(Table):
    """Exact rolling counts of people present by day; only days of which usage reports tell some window."""

    platform: str = pa.Field(description="Platform, or all.")
    occurred_on: pl.Date = pa.Field(description="Day.")
    unit: str = pa.Field(description="Unit, or all.")
    n_present_1d: pl.Int64 = pa.Field(nullable=True, ge=0, description="Present on 1 day.")
    n_present_7d: pl.Int64 = pa.Field(nullable=True, ge=0, description="Present in 7 days.")
    n_present_28d: pl.Int64 = pa.Field(nullable=True, ge=0, description="Present in 28 days.")


class PrepSegment(Table):
    """The habit of each person who is counted in a week, over the calendar weeks that end with it."""

    period_start: pl.Date = pa.Field(description="First day of the week.")
    platform: str = pa.Field(description="Platform, or all.")
    person_id: str = pa.Field(description="Person.")
    unit: str = pa.Field(nullable=True, description="Unit of the last employed day of the week.")
    habit: str = pa.Field(description="The weeks needed, of how many.")
    n_eligible_weeks: pl.Int64 = pa.Field(ge=1, description="Weeks of the window in which the person is counted.")
    n_qualifying_weeks: pl.Int64 = pa.Field(ge=0, description="Weeks of the window with a contribution.")
    n_contributions: pl.Int64 = pa.Field(ge=0, description="Contributions in the window.")
    segment: str = pa.Field(isin=SEGMENTS, description="unknown unless every week of the window is whole.")
