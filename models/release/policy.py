"""The thresholds of a release, and its rules by name."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from models.metrics import MINIMUM_DAILY, MINIMUM_EXECUTIVES, MINIMUM_GROUP

Rule = Literal[
    "minimum_group", "tails", "rounding", "partition", "overlap", "closed_periods", "dominance", "concentration",
    "named", "spaces",
]  # fmt: skip
RULES: Final = get_args(Rule)
STEP: Final = 5
"""Counts of people in groups are told as multiples of it."""
SMALLEST_COUNT: Final = 3
"""Fewer people in a group who do something, or who do not, are told only as a band."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Thresholds of a release; `min_group` is people on the roster, active or not.

    `without` names rules that are switched off. No setting does that: it exists so that tests can show of each rule
    that without it the auditor finds something.
    """

    min_group: int = MINIMUM_GROUP
    min_executives: int = MINIMUM_EXECUTIVES
    min_daily: int = MINIMUM_DAILY
    without: frozenset[Rule] = frozenset()

    def has(self, rule: Rule) -> bool:
        """Whether the rule holds."""
        return rule not in self.without

    @property
    def least(self) -> int:
        """People of a group that is shown by itself."""
        return self.min_group if self.has("minimum_group") else 1
