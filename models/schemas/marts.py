"""The marts: true figures per period, platform and unit. What leadership may see of them is decided in `release`."""

import pandera.polars as pa
import polars as pl

from models.schemas.base import PERIOD_KINDS, Table


class Mart(Table):
    """The columns with which every mart starts."""

    period_kind: str = pa.Field(isin=PERIOD_KINDS, description="day, week (ISO, from Monday) or month.")
    period_start: pl.Date = pa.Field(description="First day.")
    period_end: pl.Date = pa.Field(description="Last day.")
    platform: str = pa.Field(description="One platform, or all.")
    unit: str = pa.Field(description="One unit, or all.")
    is_complete: bool = pa.Field(description="Every day is observed on every platform that still delivers.")
    n_observed_days: pl.Int64 = pa.Field(ge=0, description="Fully observed days.")
    n_eligible: pl.Int64 = pa.Field(ge=0, description="People employed on at least half of the days.")


class MartActiveUsers(Mart):
    """How many people contribute, how often they return, and where the change comes from."""

    n_outside: pl.Int64 = pa.Field(nullable=True, ge=0, description="Contributors who are not eligible.")
    n_contributors: pl.Int64 = pa.Field(nullable=True, ge=0, description="Eligible people with a contribution.")
    n_reactors: pl.Int64 = pa.Field(nullable=True, ge=0, description="Eligible people who reacted to its messages.")
    n_present: pl.Int64 = pa.Field(nullable=True, ge=0, description="Eligible people who read or wrote.")
    n_contributors_1d: pl.Int64 = pa.Field(nullable=True, ge=0, description="Contributors of the day.")
    n_contributors_7d: pl.Int64 = pa.Field(nullable=True, ge=0, description="Contributors of the 7 days to this day.")
    n_contributors_28d: pl.Int64 = pa.Field(nullable=True, ge=0, description="Contributors of the 28 days to this day.")
    dau_wau_ratio: pl.Float64 = pa.Field(nullable=True, ge=0, le=1, description="Sum of 1-day over 7-day counts.")
    dau_mau_ratio: pl.Float64 = pa.Field(nullable=True, ge=0, le=1, description="Sum of 1-day over 28-day counts.")
    n_new: pl.Int64 = pa.Field(nullable=True, ge=0, description="Counted for the first time.")
    n_unknown: pl.Int64 = pa.Field(nullable=True, ge=0, description="Counted first, seen in the first 90 seen days.")
    n_retained: pl.Int64 = pa.Field(nullable=True, ge=0, description="Also counted in the period before.")
    n_resurrected: pl.Int64 = pa.Field(nullable=True, ge=0, description="Counted earlier, not in the period before.")
    n_lapsed: pl.Int64 = pa.Field(nullable=True, ge=0, description="Counted in the period before, still here, silent.")
    n_left: pl.Int64 = pa.Field(nullable=True, ge=0, description="Counted in the period before, no longer eligible.")


class MartContributorRatios(Mart):
    """Which share contributes, and how unevenly."""

    n_outside: pl.Int64 = pa.Field(nullable=True, ge=0, description="Contributors who are not eligible.")
    n_contributors: pl.Int64 = pa.Field(nullable=True, ge=0, description="Eligible people with a contribution.")
    contributor_ratio: pl.Float64 = pa.Field(nullable=True, ge=0, le=1, description="n_contributors / n_eligible.")
    contributor_ratio_low: pl.Float64 = pa.Field(nullable=True, ge=0, le=1, description="Wilson 95 % lower bound.")
    contributor_ratio_high: pl.Float64 = pa.Field(nullable=True, ge=0, le=1, description="Wilson 95 % upper bound.")
    n_contributions: pl.Int64 = pa.Field(nullable=True, ge=0, description="Contributions in the unit of their day.")
    n_none: pl.Int64 = pa.Field(nullable=True, ge=0, description="Eligible people without a contribution.")
    n_some: pl.Int64 = pa.Field(nullable=True, ge=0, description="People with a few contributions.")
    n_heavy: pl.Int64 = pa.Field(nullable=True, ge=0, description="People with more than 3 a week or 10 a month.")
    top_1_share_ratio: pl.Float64 = pa.Field(nullable=True, ge=0, le=1, description="Share by the most active 1 %.")
    top_10_share_ratio: pl.Float64 = pa.Field(nullable=True, ge=0, le=1, description="Share by the most active 10 %.")
    gini_ratio: pl.Float64 = pa.Field(nullable=True, ge=0, le=1, description="Gini of person totals, zeros included.")
    absence_factor: pl.Int64 = pa.Field(nullable=True, ge=1, description="Fewest people with over half of it all.")


class MartExecutiveParticipation(Mart):
    """Do executives take part, and do they answer?"""

    is_executive: bool = pa.Field(description="Executives, or everybody else.")
    n_contributors: pl.Int64 = pa.Field(nullable=True, ge=0, description="Eligible people with a contribution.")
    contributor_ratio: pl.Float64 = pa.Field(nullable=True, ge=0, le=1, description="n_contributors / n_eligible.")
    contributor_ratio_low: pl.Float64 = pa.Field(nullable=True, ge=0, le=1, description="Wilson 95 % lower bound.")
    contributor_ratio_high: pl.Float64 = pa.Field(nullable=True, ge=0, le=1, description="Wilson 95 % upper bound.")
    n_posts: pl.Int64 = pa.Field(nullable=True, ge=0, description="Thread starters.")
    n_replies: pl.Int64 = pa.Field(nullable=True, ge=0, description="Replies.")
    n_replies_to_staff: pl.Int64 = pa.Field(nullable=True, ge=0, description="Replies not to an executive or oneself.")
    broadcast_ratio: pl.Float64 = pa.Field(
        nullable=True, ge=0, le=1, description="Thread starters over starters and answers."
    )
    n_two_way: pl.Int64 = pa.Field(nullable=True, ge=0, description="Pairs with a non-executive who reply both ways.")
    two_way_ratio: pl.Float64 = pa.Field(nullable=True, ge=0, le=1, description="n_two_way / pairs with any reply.")
