"""The marts that are worked out in Python: a module each, named like its entry in `models.metrics`."""

from collections.abc import Mapping
from typing import Final

from models.analyses.analysis import Analysis

ANALYSES: Final[Mapping[str, Analysis]] = {}
"""Mart -> how it is worked out."""
