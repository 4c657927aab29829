"""What lies in `work/state` as a table: it cannot be rebuilt from the exports."""

import pandera.polars as pa
import polars as pl

from models.schemas.base import Table

LEFT_OUT_KINDS = ("forget", "object")


class Forgotten(Table):
    """The ledger of people who are forgotten or object, under one-way hashes of their pseudonyms."""

    number: pl.Int64 = pa.Field(ge=1, description="Number of the request; all lines of one person's request share it.")
    kind: str = pa.Field(isin=LEFT_OUT_KINDS, description="forget, or object (which can be withdrawn).")
    hash: str = pa.Field(
        unique=True,
        str_matches=r"^[a-z2-7]{26}$",
        description="Keyed hash of the pseudonym of a person, an account or an identifier.",
    )
    key_id: str = pa.Field(str_matches=r"^[0-9a-f]{16}$", description="Names the key of the hash.")
    since_on: pl.Date = pa.Field(description="Day of the request (UTC).")
