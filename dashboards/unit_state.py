"""Where a unit stands: its last whole month, the month of comparison, and the whole organisation in the same month.

The months are those of the whole organisation, so that all units are compared by the same ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dashboards.periods import at, band, change, is_recent, share, when
from dashboards.released import OTHER_UNITS, Released, Row, latest, latest_told, reference
from models.comparison import Change, Share, Verdict, compare_groups

TABLE: Final = "rel_contributor_ratios"
RATIO: Final = "contributor_ratio"
LOW: Final = f"{RATIO}_low"
HIGH: Final = f"{RATIO}_high"
ADOPTION_TABLE: Final = "rel_critical_mass"
JUDGEMENTS: Final[Mapping[Verdict, str]] = {
    "higher": "higher", "lower": "lower", "alike": "about as", "unclear": "too few people to tell",
}  # fmt: skip
"""How one group stands to another, in a table."""


@dataclass(frozen=True, slots=True)
class UnitState:
    """What the release tells of a unit. Rows are None where there is none; `month` and `before` follow "in"."""

    unit: str
    now: Row | None
    then: Row | None
    whole: Row | None
    adopted: Share | None
    month: str
    before: str
    is_recent: bool

    @property
    def share(self) -> Share | None:
        """Who contributed in the month."""
        return share(self.now)

    @property
    def band(self) -> str:
        """What is told of that share where it has no value."""
        return band(self.now, RATIO)

    @property
    def whole_share(self) -> Share | None:
        """The same of the whole organisation."""
        return share(self.whole)

    @property
    def change(self) -> Change | None:
        """Against the month of comparison."""
        return change(self.now, self.then)

    @property
    def verdict(self) -> Verdict | None:
        """Against the whole organisation."""
        own, whole = self.share, self.whole_share
        return compare_groups(own, whole) if own and whole else None


def own_units(released: Released) -> list[str]:
    """The units that have a page: not the small ones that are told together, which are no unit to ask a question."""
    return [unit for unit in released.units if unit != OTHER_UNITS]


def unit_state(released: Released, unit: str) -> UnitState:
    """The state of one unit."""
    organisation = released.series(TABLE, "month")
    month = latest(organisation, "n_contributors")
    before = reference(organisation, "n_contributors", month, kind="month")
    own = released.series(TABLE, "month", unit=unit)
    weeks = released.series(ADOPTION_TABLE, "week", unit=unit)
    return UnitState(
        unit, at(own, month), at(own, before), month,
        share(latest_told(weeks, "n_adopted", "adoption_ratio"), "n_adopted"),
        when("month", month), when("month", before),
        is_recent(released, month),
    )  # fmt: skip
