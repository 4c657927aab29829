"""Prepared relations of first steps, of trials and of platforms offered. Other relations are in the sibling modules."""

import pandera.polars as pa
import polars as pl

from models.schemas.base import Table


class PrepFirstStep(Table):
    """What each person did first, and whether it lasted."""

    platform: str = pa.Field(description="Platform, or all.")
    person_id: str = pa.Field(description="Person.")
    first_on: pl.Date = pa.Field(description="Day of the first step.")
    step: str = pa.Field(isin=("reaction", "reply", "post", "page", "share"), description="What it was.")
    space_size: str = pa.Field(nullable=True, isin=("small", "large"), description="Of its space; NULL: unknown.")
    is_new: bool = pa.Field(description="After the first 90 observed days.")
    is_followed: bool = pa.Field(description="Employed and observed on each of the 84 days from the first step on.")
    is_on_5_8: bool = pa.Field(description="Contributes on one of days 28 to 55 after it.")
    is_on_9_12: bool = pa.Field(description="Contributes on one of days 56 to 83 after it.")


class PrepTrialWindow(Table):
    """The parts of a trial that are judged on their own."""

    trial: pl.Int64 = pa.Field(ge=1, description="Number in turnout.toml.")
    platform: str = pa.Field(description="Platform.")
    part: str = pa.Field(isin=("whole", "start", "week 3", "week 5", "week 13", "end"), description="Part.")
    from_on: pl.Date = pa.Field(description="First day.")
    until_on: pl.Date = pa.Field(description="Last day; of the whole at most the as-of day.")
    n_seen_days: pl.Int64 = pa.Field(ge=0, description="Observed or partial days.")
    n_working_days: pl.Int64 = pa.Field(ge=0, description="Of them, Mondays to Fridays.")
    is_seen: bool = pa.Field(description="Each day of it is observed or partial.")


class PrepOffered(Table):
    """What units are offered and how many take part; the release adds them up over the units that it shows."""

    period_kind: str = pa.Field(description="week or month.")
    period_start: pl.Date = pa.Field(description="First day.")
    unit: str = pa.Field(description="Unit of the last employed day.")
    n_platforms_offered: pl.Int64 = pa.Field(ge=0, description="Platforms to which somebody of the unit contributed.")
    n_people: pl.Int64 = pa.Field(ge=1, description="People.")
    n_contributors: pl.Int64 = pa.Field(ge=0, description="Those who contributed on any platform.")
