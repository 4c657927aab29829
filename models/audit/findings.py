"""What an audit is told of thresholds, and what it finds. A finding never names a group and never tells a value."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Rule = Literal[
    "derivable", "narrow", "tail", "small_group", "dominance", "changed", "inconsistent", "not_a_group",
    "not_in_workbook",
]  # fmt: skip
RULES: Final[dict[Rule, str]] = {
    "derivable": "the count of a group too small to be shown follows exactly from what is published",
    "narrow": "the count of a group too small to be shown follows to within fewer than three people",
    "tail": "it follows that fewer than three people of a group are counted, or all but fewer than three",
    "small_group": "a figure of fewer people than the smallest group is shown",
    "dominance": "a total of few people, or one that its largest part nearly tells, is shown or follows",
    "changed": "a count of a closed period differs from an earlier release that stands, by less than a group",
    "inconsistent": "a published figure does not hold what it says",
    "not_a_group": "a row is published of people whom the audit cannot tell",
    "not_in_workbook": "a page tells a number that stands in no table of the workbook",
}
"""What each rule means, in words."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Thresholds of an audit, in people.

    `smallest_group` may be shown (of executives, `smallest_executives`); of fewer, nothing may follow. `crowd` is the
    size from which a count of few is nobody in particular. `tail` people at either end of a group, and an interval of
    `width` of a small one, must stay possible. `dominance` is p of the p%-rule, as a share.
    """

    smallest_group: int = 10
    smallest_executives: int = 5
    crowd: int = 200
    tail: int = 3
    width: int = 3
    dominance: float = 0.25


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that follows and must not: where, of which measure and by which rule; how many such cells there are."""

    rule: Rule
    table: str
    dimension: str
    measure: str
    period_kind: str
    n_cells: int = 1


def added_up(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with equal ones counted together, in order."""
    counted: Counter[tuple[Rule, str, str, str, str]] = Counter()
    for one in findings:
        counted[one.rule, one.table, one.dimension, one.measure, one.period_kind] += one.n_cells
    return [Finding(*key, n_cells=n) for key, n in sorted(counted.items())]
