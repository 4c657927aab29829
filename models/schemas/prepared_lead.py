"""Relations behind the questions whether people follow their executives. They are never published."""

import pandera.polars as pa
import polars as pl

from models.schemas.base import Table


class PrepLeadWeek(Table):
    """Executives' own people by week."""

    period_start: pl.Date = pa.Field(description="Monday.")
    platform: str = pa.Field(description="Platform, or all.")
    leader_person_id: str = pa.Field(description="Executive.")
    is_observed: bool = pa.Field(description="Every day of the week is observed.")
    n_eligible: pl.Int64 = pa.Field(ge=1, description="People whose nearest executive this is.")
    n_contributors: pl.Int64 = pa.Field(ge=0, description="Of these, people who contribute not only in answer.")
    n_elsewhere: pl.Int64 = pa.Field(
        ge=0, nullable=True,
        description="Of these, people who contribute where the executive never writes; NULL if there is no such place.",
    )  # fmt: skip
    is_leader_active: bool = pa.Field(description="The executive contributes.")
