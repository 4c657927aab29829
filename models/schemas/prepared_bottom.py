"""Prepared relations of who starts what, and what follows from it. Other relations are in the sibling modules."""

from typing import Final

import pandera.polars as pa
import polars as pl

from models.schemas.base import CONTRIBUTIONS, Table, UtcTime

ORIGINS: Final = ("top", "bottom", "elsewhere")
"""By executives or communications; by anybody else on the roster; by anything or anybody else."""


class PrepOpening(Table):
    """Threads and pages, and who started them."""

    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Workspace or network.")
    key_space_id: str = pa.Field(nullable=True, description="Its space where ids are of a space; else NULL.")
    thread_id: pl.Binary = pa.Field(description="Thread or page, 16 bytes.")
    what: str = pa.Field(isin=("thread", "page"), description="Which of the two.")
    started_on: pl.Date = pa.Field(description="Day of the start.")
    person_id: str = pa.Field(nullable=True, description="Who started it; NULL where no record says.")
    unit: str = pa.Field(nullable=True, description="Their unit on that day.")
    origin: str = pa.Field(isin=ORIGINS, description="Top (executives, communications), bottom, or elsewhere.")


class PrepSeeded(Table):
    """Contributions, and whether they come from the top or follow from it."""

    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Workspace or network.")
    key_space_id: str = pa.Field(nullable=True, description="Its space where ids are of a space; else NULL.")
    space_id: str = pa.Field(nullable=True, description="Space.")
    thread_id: pl.Binary = pa.Field(nullable=True, description="Thread or page, 16 bytes.")
    occurred_at: UtcTime = pa.Field(description="When (UTC).")
    occurred_on: pl.Date = pa.Field(description="Day.")
    action: str = pa.Field(isin=CONTRIBUTIONS, description="What kind of contribution.")
    person_id: str = pa.Field(description="Whose.")
    unit: str = pa.Field(nullable=True, description="Their unit on that day.")
    is_of_staff: bool = pa.Field(description="Of somebody employed on that day who is no executive, and no delegate's.")
    is_leading: bool = pa.Field(description="Of an executive or of communications, or of a delegate.")
    is_led: bool = pa.Field(description="In a thread or on a page that one of these started.")
    target_person_id: str = pa.Field(nullable=True, description="Whom it answers.")
    is_to_leading: bool = pa.Field(description="Answers an executive or communications.")


class PrepStart(Table):
    """Threads, pages and spaces that somebody started, and how many others they drew."""

    platform: str = pa.Field(description="Platform.")
    what: str = pa.Field(isin=("thread", "page", "space"), description="Which of the three.")
    started_on: pl.Date = pa.Field(description="Day of the start.")
    unit: str = pa.Field(nullable=True, description="Unit of the starter on that day.")
    origin: str = pa.Field(isin=ORIGINS, description="Top (executives, communications), bottom, or elsewhere.")
    n_drawn: pl.Int64 = pa.Field(ge=0, description="Employed others, no executives, who add to it in 28 days.")
    is_decided: bool = pa.Field(description="None of these days is missing, and such additions are shown.")
