"""The metric registry: every measure is defined once, here; its formula is the model of the mart that it belongs to.

A module describes one mart. Table, schema, asset, data dictionary and definition card follow from it. A definition that
changes gets an entry of its own with the next version and columns of its own, and both series go on side by side.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Final

import polars as pl

from models.metrics import (
    active_users,
    before_after,
    breakdown,
    cascade,
    champions,
    channel_mix,
    channel_shift,
    community_health,
    contributor_ratios,
    control_chart,
    conversion,
    critical_mass,
    days_active,
    definitions,
    direction,
    executive_answers,
    executive_participation,
    executive_rules,
    executive_style,
    first_steps,
    give_receive,
    initiation,
    layers,
    lead_curve,
    lead_effect,
    lorenz,
    newcomer_replies,
    organic,
    platform_overlap,
    platform_pairs,
    pockets,
    purposes,
    relationships,
    responses,
    retention,
    roles,
    space_curve,
    space_life,
    spaces,
    stewardship,
    tools,
    trial,
    unit_pairs,
    unit_platforms,
    usage_segments,
    wiki_activity,
    wiki_life,
)
from models.metrics.entry import MINIMUM_DAILY, MINIMUM_EXECUTIVES, MINIMUM_GROUP, Column, Mart, Metric

__all__ = ["MARTS", "METRICS", "MINIMUM_DAILY", "MINIMUM_EXECUTIVES", "MINIMUM_GROUP", "PEOPLE", "Column", "Mart",
           "Metric", "mart_of", "metric_table"]

PEOPLE: Final = Metric(
    "eligible_people", 1, "People", "Over how many people is everything counted?",
    "people employed on at least half of the days of the period, by the roster; without a roster, the human "
    "accounts seen so far",
    None, "week or month", "period, platform, unit (of the last employed day)",
    "bots, guests, people who joined too late or left too early in the period", "the roster", MINIMUM_GROUP,
    (Column("n_eligible", "count", "People employed on at least half of the days.", is_nullable=False),),
)
"""The one measure that every mart holds."""

MARTS: Final[Mapping[str, Mart]] = {
    one.MART.name: one.MART for one in (
        active_users,
        before_after,
        breakdown,
        cascade,
        channel_mix,
        channel_shift,
        champions,
        community_health,
        contributor_ratios,
        control_chart,
        conversion,
        critical_mass,
        days_active,
        definitions,
        direction,
        executive_answers,
        executive_participation,
        executive_rules,
        executive_style,
        first_steps,
        give_receive,
        initiation,
        layers,
        lead_curve,
        lead_effect,
        lorenz,
        newcomer_replies,
        organic,
        platform_overlap,
        platform_pairs,
        pockets,
        purposes,
        relationships,
        responses,
        retention,
        roles,
        space_curve,
        space_life,
        spaces,
        stewardship,
        tools,
        trial,
        unit_pairs,
        unit_platforms,
        usage_segments,
        wiki_activity,
        wiki_life,
    )
}
METRICS: Final[tuple[Metric, ...]] = (PEOPLE, *(metric for mart in MARTS.values() for metric in mart.metrics))
_HOME: Final = {id(metric): mart.name for mart in MARTS.values() for metric in mart.metrics}


def mart_of(metric: Metric) -> str:
    """The table in which a measure stands; people are counted in each, and first in that of active users."""
    return _HOME.get(id(metric), active_users.MART.name)


def metric_table() -> pl.DataFrame:
    """The registry as the rows of `dim_metric`."""
    names = [field.name for field in fields(Metric) if field.name != "columns"]
    rows = [
        {name: getattr(metric, name) for name in names}
        | {"mart": mart_of(metric), "columns": ", ".join(column.name for column in metric.columns)}
        for metric in METRICS
    ]
    numbers = ("version", "minimum_population")
    columns = (*names, "mart", "columns")
    return pl.DataFrame(rows, schema={name: pl.Int64 if name in numbers else pl.String for name in columns})
