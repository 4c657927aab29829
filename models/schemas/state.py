"""What lies in `work/state` as a table: it cannot be rebuilt from the exports."""

from collections.abc import Mapping
from typing import Final

import pandera.polars as pa
import polars as pl

from models.metrics.space_life import SUBJECTS
from models.schemas.base import DAY_STATES, Table

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


class PastUse(Table):
    """Days before events expired on which a page or a public space was used, and how often; nobody is in it."""

    subject: str = pa.Field(isin=SUBJECTS, description="What it is.")
    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Workspace, network or wiki.")
    thread_id: pl.Binary = pa.Field(nullable=True, description="The page; NULL for a space.")
    space_id: str = pa.Field(nullable=True, description="The space; NULL for a page, and for a wiki as a whole.")
    occurred_on: pl.Date = pa.Field(description="Day.")
    n_contributions: pl.Int64 = pa.Field(ge=1, description="Contributions.")


class PastStart(Table):
    """When a wiki or a page of it was first changed and first created, before these events expired."""

    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Workspace or wiki.")
    thread_id: pl.Binary = pa.Field(nullable=True, description="The page; NULL for a wiki.")
    space_id: str = pa.Field(nullable=True, description="The wiki, if it is one space; NULL for a page.")
    changed_on: pl.Date = pa.Field(description="Day of the first change.")
    created_on: pl.Date = pa.Field(nullable=True, description="Day of the first creation; NULL if none was seen.")


class PastDay(Table):
    """Days before events expired, and whether exports observed them."""

    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Workspace, network or wiki.")
    occurred_on: pl.Date = pa.Field(description="Day.")
    state: str = pa.Field(isin=DAY_STATES, description="observed, partial or missing.")


PAST: Final[Mapping[str, type[Table]]] = {"past_use": PastUse, "past_start": PastStart, "past_day": PastDay}
"""Histories of spaces from before events expired, each a file of its name; staged as `stg_` and that name."""
