"""The marts that are worked out in Python: a module each, named like its entry in `models.metrics`."""

from collections.abc import Mapping
from typing import Final

from models.analyses import (
    before_after,
    cascade,
    channel_shift,
    control_chart,
    direction,
    lead_curve,
    lead_effect,
    pockets,
    space_curve,
    space_life,
    spaces,
    unit_pairs,
)
from models.analyses.analysis import Analysis

ANALYSES: Final[Mapping[str, Analysis]] = {
    "mart_before_after": before_after.ANALYSIS,
    "mart_channel_shift": channel_shift.ANALYSIS,
    "mart_control_chart": control_chart.ANALYSIS,
    "mart_cascade": cascade.ANALYSIS,
    "mart_direction": direction.ANALYSIS,
    "mart_lead_curve": lead_curve.ANALYSIS,
    "mart_lead_effect": lead_effect.ANALYSIS,
    "mart_pockets": pockets.ANALYSIS,
    "mart_space_curve": space_curve.ANALYSIS,
    "mart_space_life": space_life.ANALYSIS,
    "mart_spaces": spaces.ANALYSIS,
    "mart_unit_pairs": unit_pairs.ANALYSIS,
}
"""Mart -> how it is worked out."""
