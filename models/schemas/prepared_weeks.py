"""Relations behind the questions when participation changed. They are never published."""

import pandera.polars as pa
import polars as pl

from models.schemas.base import Table


class PrepWeekCount(Table):
    """Contributors by week and unit."""

    period_start: pl.Date = pa.Field(description="Monday.")
    platform: str = pa.Field(description="Platform, or all.")
    unit: str = pa.Field(description="Unit of the last employed day, or all.")
    has_roster: bool = pa.Field(description="False: the people are the accounts seen so far.")
    n_eligible: pl.Int64 = pa.Field(ge=1, description="People who are counted.")
    n_contributors: pl.Int64 = pa.Field(ge=0, description="Of these, people who contributed.")
