"""The marts that are worked out in Python: a module each, named like its entry in `models.metrics`."""

from collections.abc import Mapping
from typing import Final

from models.analyses import lead_curve, lead_effect, pockets
from models.analyses.analysis import Analysis

ANALYSES: Final[Mapping[str, Analysis]] = {
    "mart_lead_curve": lead_curve.ANALYSIS,
    "mart_lead_effect": lead_effect.ANALYSIS,
    "mart_pockets": pockets.ANALYSIS,
}
"""Mart -> how it is worked out."""
