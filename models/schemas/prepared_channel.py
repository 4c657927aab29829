"""Relations behind the question what the open platforms are used instead of. They are never published."""

import pandera.polars as pa
import polars as pl

from models.schemas.base import Table


class PrepChannelPeriod(Table):
    """Weeks and months of which usage reports tell who used e-mail or shared files."""

    period_kind: str = pa.Field(description="week or month.")
    period_start: pl.Date = pa.Field(description="First day.")
    is_email_known: bool = pa.Field(description="Reports tell who used e-mail.")
    is_files_known: bool = pa.Field(description="Reports tell who used shared files.")
    is_closed_known: bool = pa.Field(description="Each of the two of which there is any report is known.")


class PrepChannelPerson(Table):
    """People who used e-mail or shared files in such a week or month."""

    period_kind: str = pa.Field(description="week or month.")
    period_start: pl.Date = pa.Field(description="First day.")
    person_id: str = pa.Field(description="Person.")
    is_email: bool = pa.Field(description="Active by a report on e-mail.")
    is_files: bool = pa.Field(description="Active by a report on shared files.")
