"""Where people stand in the breakdowns, and before whom. It stays in the live warehouse and is never published."""

import pandera.polars as pa
import polars as pl

from models.schemas.base import Table

TENURES = ("under 1 year", "1 to 3 years", "3 to 10 years", "10 years or more", "unknown")


class PrepStanding(Table):
    """Everybody who was employed in a month, as on the last employed day of it."""

    period_start: pl.Date = pa.Field(description="First day of the month.")
    person_id: str = pa.Field(description="Person.")
    unit: str = pa.Field(nullable=True, description="Unit, the element of org_path at unit_depth.")
    department: str = pa.Field(nullable=True, description="Unit / element of org_path below, or (none); NULL: no unit.")
    layer: pl.Int64 = pa.Field(nullable=True, description="Layer.")
    location: str = pa.Field(nullable=True, description="Location.")
    tenure: str = pa.Field(isin=TENURES, description="Years from the hire to the last day of the month.")

    class Config:
        """Once per month."""

        unique = ["period_start", "person_id"]


class PrepPersonOrder(Table):
    """Who comes first of several at the same instant: an order that follows from what is known, not from the key."""

    person_id: str = pa.Field(unique=True, description="Person who did anything.")
    place: pl.Int64 = pa.Field(ge=1, description="From 1; people who are alike in all that is looked at share one.")
