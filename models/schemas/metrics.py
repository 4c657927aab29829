"""The metric registry as a table."""

import pandera.polars as pa
import polars as pl

from models.schemas.base import Table


class DimMetric(Table):
    """One row per metric of `models.metrics`."""

    id: str = pa.Field(description="Identifier.")
    version: pl.Int64 = pa.Field(ge=1, description="Goes up with every change of the definition.")
    title: str = pa.Field(description="Name on a page.")
    question: str = pa.Field(description="The question that it answers.")
    numerator: str = pa.Field(description="What is counted.")
    denominator: str = pa.Field(nullable=True, description="Over whom or what, NULL for a plain count.")
    window: str = pa.Field(description="Over which time.")
    grain: str = pa.Field(description="One value per what.")
    exclusions: str = pa.Field(description="What does not count.")
    sources: str = pa.Field(description="Which exports can supply it.")
    minimum_population: pl.Int64 = pa.Field(ge=1, description="Smallest group for which it is shown.")
    direction: str = pa.Field(nullable=True, isin=("higher", "lower"), description="Which is better, NULL if neither.")
    reference: str = pa.Field(nullable=True, description="Where the measure was published.")
    mart: str = pa.Field(description="Table that holds it.")
    columns: str = pa.Field(description="Columns that hold it, separated by commas.")

    class Config:
        """Two versions of a definition stand side by side."""

        unique = ["id", "version"]
