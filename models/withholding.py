"""What a run says about groups that the release policy does not show: that they are too small, never how small.

What is held back is decided in `models.release`.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

from models.release import OTHER_UNITS

_NOTES: Final[Mapping[str, str]] = {
    "too_few_executives": (
        "PPL-PRV-010 executives: the executive group has fewer than {minimum} people, at least at times; no figure of "
        "it is shown for such periods; if more people belong to it, widen the rule in [roster] exec"
    ),
    "small_units_merged": (
        "PPL-PRV-011 units: some have fewer than {minimum} people, at least at times; they are shown only together, "
        f'and with the next smallest where need be, as "{OTHER_UNITS}"; for larger units lower unit_depth'
    ),
}
"""By the reason in `rel_withheld`; `minimum` is the threshold of the policy."""


def notes(held_back: pl.DataFrame) -> list[str]:
    """One line per reason in `held_back`, rows of `rel_withheld`, of which an operator should know."""
    minimum = dict(held_back.select("reason", "minimum").rows())
    return [text.format(minimum=minimum[reason]) for reason, text in _NOTES.items() if reason in minimum]
