"""Relations on who contributes how much and when for the first time. They stay in the live warehouse."""

import pandera.polars as pa
import polars as pl

from models.schemas.base import Table

ROLES = ("core", "regular", "casual")


class PrepPersonWeek(Table):
    """How unevenly contributions are spread over the person-weeks of a month."""

    period_start: pl.Date = pa.Field(description="First day of the month in which the weeks end.")
    platform: str = pa.Field(description="Platform, or all.")
    unit: str = pa.Field(description="Unit of the week's last employed day, or all.")
    n_person_weeks: pl.Int64 = pa.Field(ge=1, description="Eligible people, summed over the weeks.")
    gini_ratio: pl.Float64 = pa.Field(nullable=True, ge=0, le=1, description="Gini over them, zeros included.")


class PrepRole(Table):
    """Contributors of a month by their place in its core, among its regulars or its casual people."""

    period_start: pl.Date = pa.Field(description="First day of the month.")
    platform: str = pa.Field(description="Platform, or all.")
    person_id: str = pa.Field(description="Person.")
    unit: str = pa.Field(nullable=True, description="Unit of the last employed day.")
    role: str = pa.Field(isin=ROLES, description="core, regular or casual.")


class PrepCohort(Table):
    """Months of which usage reports tell who was on a platform for the first time."""

    period_start: pl.Date = pa.Field(description="First day of the month.")
    platform: str = pa.Field(description="Platform, or all.")


class PrepConversion(Table):
    """People by the month of their first day on a platform, and how long until they contributed."""

    period_start: pl.Date = pa.Field(description="First day of the month of their first day.")
    platform: str = pa.Field(description="Platform, or all.")
    person_id: str = pa.Field(description="Person.")
    unit: str = pa.Field(nullable=True, description="Unit of the month's last employed day.")
    n_days: pl.Int64 = pa.Field(ge=0, description="Days to the first contribution, or to the end of observation.")
    is_converted: bool = pa.Field(description="Contributed; else censored.")


class PrepSurvival(Table):
    """Kaplan-Meier curves of the time to the first contribution."""

    period_start: pl.Date = pa.Field(description="First day of the month of the cohort.")
    platform: str = pa.Field(description="Platform, or all.")
    unit: str = pa.Field(description="Unit, or all.")
    n_days: pl.Int64 = pa.Field(ge=0, description="Days since the first day on the platform.")
    n_at_risk: pl.Int64 = pa.Field(ge=1, description="People followed that long who had not contributed before.")
    n_events: pl.Int64 = pa.Field(ge=0, description="Those who contribute after exactly so many days.")
    n_censored: pl.Int64 = pa.Field(ge=0, description="Those who are followed no longer.")
    survival_ratio: pl.Float64 = pa.Field(ge=0, le=1, description="Estimated share that has not contributed.")
    log_variance: pl.Float64 = pa.Field(nullable=True, ge=0, description="Greenwood's variance of its logarithm.")
