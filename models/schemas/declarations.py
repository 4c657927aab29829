"""What the organisation declares about itself in turnout.toml and the agreement: targets, dated events, trials,
purposes of spaces, whom it names.
"""

from collections.abc import Mapping
from typing import Final, Literal, get_args

import pandera.polars as pa
import polars as pl

from models.metrics.purposes import PURPOSES
from models.schemas.base import Table

OccasionKind = Literal["launch", "policy", "block lifted", "workshop", "incentive", "campaign"]
OCCASION_KINDS: Final = get_args(OccasionKind)


class StgTarget(Table):
    """What the organisation wants to reach, by when, and who said so."""

    metric: str = pa.Field(description="Metric of the registry.")
    platform: str = pa.Field(description="One platform, or all.")
    unit: str = pa.Field(description="One unit, or all.")
    value: pl.Float64 = pa.Field(ge=0, description="Value to reach.")
    by_on: pl.Date = pa.Field(description="Last day of the period that is judged.")
    set_by: str = pa.Field(description="Who set it.")


class StgOccasion(Table):
    """A dated event of the organisation, one row per unit that it concerns."""

    occurred_on: pl.Date = pa.Field(description="Day.")
    kind: str = pa.Field(isin=OCCASION_KINDS, description="What it was.")
    title: str = pa.Field(description="Name on a page.")
    unit: str = pa.Field(description="One unit, or all.")


class StgTrial(Table):
    """A trial of a platform, one row per unit that takes part, or one for a list of people."""

    trial: pl.Int64 = pa.Field(ge=1, description="Number in turnout.toml.")
    title: str = pa.Field(description="Name on a page.")
    platform: str = pa.Field(description="Platform.")
    started_on: pl.Date = pa.Field(description="First day.")
    ended_on: pl.Date = pa.Field(description="Last day.")
    unit: str = pa.Field(nullable=True, description="Unit, NULL if people are listed.")


class StgTrialPerson(Table):
    """The people of a trial that is not of whole units."""

    trial: pl.Int64 = pa.Field(ge=1, description="Number in turnout.toml.")
    person_id: str = pa.Field(description="Person.")


class StgPurpose(Table):
    """What spaces are for, by their names: one row per entry of turnout.toml and name that it matches."""

    purpose: str = pa.Field(isin=PURPOSES, description="Purpose.")
    entry: pl.Int64 = pa.Field(ge=1, description="Number among the entries of the purpose.")
    platform: str = pa.Field(description="Platform.")
    label: str = pa.Field(nullable=True, description="Name of a space, in one purpose only; NULL: none matches.")


class StgNamedExecutive(Table):
    """Executives who may be shown by name, by `[[named]]` of the agreement and turnout.toml, while the basis holds."""

    person_id: str = pa.Field(unique=True, description="Person.")
    number: pl.Int64 = pa.Field(ge=1, unique=True, description="Number of the entry in the agreement.")
    shown: str = pa.Field(unique=True, description="Name under which they are shown.")
    role: str = pa.Field(description="Role under which they are shown.")
    basis: str = pa.Field(description="Why they may be shown.")
    approved_by: str = pa.Field(description="Who approved it.")
    valid_until: pl.Date = pa.Field(description="Last day on which they may be shown.")


class StgChampion(Table):
    """Who asks to be named as a champion: the lines of champions.csv."""

    line: pl.Int64 = pa.Field(ge=2, unique=True, description="Line of the file.")
    person_id: str = pa.Field(description="Person, if the line gives an id of the roster.")
    identifier_key: str = pa.Field(description="Keyed hash of the address, if the line gives one.")
    shown: str = pa.Field(description="Name under which they want to be shown.")
    scope: str = pa.Field(description="What they help with.")
    opted_in_on: pl.Date = pa.Field(description="Since when they want to be named.")
    is_in_force: bool = pa.Field(description="On the day of the run neither over nor taken back.")
    changed_on: pl.Date = pa.Field(description="Day of the opt-in, or on which it was taken back.")


DECLARED: Final[Mapping[str, type[Table]]] = {
    "stg_target": StgTarget,
    "stg_occasion": StgOccasion,
    "stg_trial": StgTrial,
    "stg_trial_person": StgTrialPerson,
    "stg_purpose": StgPurpose,
    "stg_named_executive": StgNamedExecutive,
    "stg_champion": StgChampion,
}
