"""Relations behind the marts about how long pages and spaces live. They are never published."""

import pandera.polars as pa
import polars as pl

from models.metrics.space_life import SUBJECTS
from models.schemas.base import DAY_STATES, Table

SPACES = tuple(subject for subject in SUBJECTS if subject != "page")


class PrepPublicSpace(Table):
    """Public spaces of workspaces whose exports tell of contributions."""

    subject: str = pa.Field(isin=SPACES, description="What it is.")
    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Workspace, network or wiki.")
    space_id: str = pa.Field(unique=True, description="Space.")
    is_part: bool = pa.Field(description="A namespace: part of a space that is the whole wiki.")
    created_on: pl.Date = pa.Field(nullable=True, description="Day of creation, where exports give it.")


class PrepSpaceUse(Table):
    """Days on which people contributed to a page or a public space."""

    subject: str = pa.Field(isin=SUBJECTS, description="What it is.")
    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Workspace, network or wiki.")
    thread_id: pl.Binary = pa.Field(nullable=True, description="The page; NULL for a space.")
    space_id: str = pa.Field(nullable=True, description="The space; NULL for a page, and for a wiki as a whole.")
    occurred_on: pl.Date = pa.Field(description="Day.")
    n_contributions: pl.Int64 = pa.Field(ge=1, description="Contributions.")


class PrepSpaceLaunch(Table):
    """Pages that people have edited, and public spaces, with their launch."""

    subject: str = pa.Field(isin=SUBJECTS, description="What it is.")
    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Workspace, network or wiki.")
    thread_id: pl.Binary = pa.Field(nullable=True, description="The page; NULL for a space.")
    space_id: str = pa.Field(nullable=True, description="The space; NULL for a page, and for a wiki as a whole.")
    created_on: pl.Date = pa.Field(nullable=True, description="Day of creation, where exports give it.")
    launched_on: pl.Date = pa.Field(nullable=True, description="Its launch; NULL if that is not in the exports.")


class PrepSpacePeople(Table):
    """How many different people have contributed to each public space up to the last closed month of its platform."""

    subject: str = pa.Field(isin=SPACES, description="What it is.")
    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Workspace, network or wiki.")
    space_id: str = pa.Field(nullable=True, description="The space; NULL for a wiki as a whole.")
    label: str = pa.Field(nullable=True, description="Its name; of a wiki that of the workspace. NULL if not known.")
    period_start: pl.Date = pa.Field(description="First day of the month.")
    n_people: pl.Int64 = pa.Field(ge=0, description="Different people who contributed by the end of the month.")
    n_contributors: pl.Int64 = pa.Field(ge=0, description="Of these, in the month, and counted in it.")


class PrepSpaceStart(Table):
    """First change and first creation of a wiki, and of each page of public wikis."""

    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Workspace or wiki.")
    thread_id: pl.Binary = pa.Field(nullable=True, description="The page; NULL for a wiki.")
    space_id: str = pa.Field(nullable=True, description="The wiki, if it is one space; NULL for a page.")
    changed_on: pl.Date = pa.Field(description="Day of the first change.")
    created_on: pl.Date = pa.Field(nullable=True, description="Day of the first creation; NULL if none was seen.")


class PrepSpaceDay(Table):
    """Whether each day was observed, also where the events of the day have expired."""

    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Workspace, network or wiki.")
    occurred_on: pl.Date = pa.Field(description="Day.")
    state: str = pa.Field(isin=DAY_STATES, description="observed, partial or missing.")


class PrepSpaceMonth(Table):
    """How completely each month was observed, also where its events have expired."""

    period_kind: str = pa.Field(description="Always month.")
    period_start: pl.Date = pa.Field(description="First day.")
    platform: str = pa.Field(description="Platform, or all.")
    n_observed_days: pl.Int64 = pa.Field(ge=0, description="Days that every source observed.")
    n_seen_days: pl.Int64 = pa.Field(ge=0, description="Days that some source observed, be it partly.")
    is_complete: bool = pa.Field(description="Over, and observed on all its days.")
