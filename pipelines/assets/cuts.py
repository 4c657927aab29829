"""Which tables each released table is cut from, and by which rule of `models.release`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from models import release as policy_of
from models.analyses.pockets import READS as POCKETS_READ
from models.metrics import MARTS, Mart
from models.release import Policy
from models.release.breakdown import release_breakdown
from models.release.channel_mix import release_channel_shift
from models.release.critical_mass import release_critical_mass
from models.release.direction import release_cascade, release_direction
from models.release.enabling import further_cut
from models.release.events import release_before_after, release_control_chart
from models.release.pockets import release_pockets
from models.release.tools import release_tools
from models.release.top import periods_with_a_top, release_without_top
from models.release.trial import release_trials
from models.release.unit_pairs import release_unit_pairs
from models.shares import withhold_shares
from pipelines import roster_size
from pipelines.warehouse import Warehouse, frame_of, quoted

ALWAYS_READ: Final = ("mart_active_users", *roster_size.READS)
"""What every cut has to know: who is counted, in which units, and whether the roster can carry it."""
_TOP: Final = ("mart_initiation", "mart_executive_participation")


class Marts:
    """The true figures that one cut may read, and the policy of this run."""

    def __init__(self, warehouse: Warehouse, policy: Policy, reads: Sequence[str]) -> None:
        self._warehouse, self._reads, self.policy = warehouse, reads, policy
        with warehouse.connect() as connection:
            self.active_users = frame_of(connection, "from mart_active_users")
            self.as_of: date = frame_of(connection, "select as_of_on from meta").item() or date.min
            self.outnumbered = roster_size.outnumbered(connection)
        self.merged = policy_of.small_units(policy_of.closed(self.active_users, as_of=self.as_of), policy)

    def read(self, table: str) -> pl.DataFrame:
        """Another table; raises `LookupError` for one that the cut does not name, or lineage would be wrong."""
        if table not in self._reads:
            raise LookupError(f"{table} is not among what this cut reads")
        with self._warehouse.connect() as connection:
            return frame_of(connection, f"from {quoted(table)}")

    @property
    def doubtful(self) -> list[str]:
        """The platforms on which, at times, more people were active than are on the roster."""
        return self.outnumbered["platform"].unique().to_list()

    def units(self) -> pl.DataFrame:
        """The released rows of the organisation, its platforms and its units, before anything is withheld."""
        return policy_of.release_units(self.active_users, self.merged, as_of=self.as_of, policy=self.policy)

    def with_a_top(self) -> pl.DataFrame:
        """The periods in which executives and communications are a group."""
        initiation, executives = (self.read(table) for table in _TOP)
        return periods_with_a_top(initiation, executives, policy=self.policy)


@dataclass(frozen=True, slots=True)
class Cut:
    """A released table: the tables that it is cut from, besides what is always read, and the rule."""

    table: str
    reads: tuple[str, ...]
    rows: Callable[[Marts], pl.DataFrame]


def _active_users(marts: Marts) -> pl.DataFrame:
    days = policy_of.release_days(marts.active_users, as_of=marts.as_of, policy=marts.policy)
    return withhold_shares(pl.concat([marts.units(), days]), marts.outnumbered)


def _ratios(marts: Marts) -> pl.DataFrame:
    ratios = marts.read("mart_contributor_ratios")
    units = policy_of.release_units(ratios, marts.merged, as_of=marts.as_of, policy=marts.policy)
    return withhold_shares(units, marts.outnumbered)


def _executives(marts: Marts) -> pl.DataFrame:
    executives = marts.read("mart_executive_participation")
    groups = policy_of.release_executives(executives, as_of=marts.as_of, policy=marts.policy)
    return withhold_shares(groups, marts.outnumbered)


def _breakdown(marts: Marts) -> pl.DataFrame:
    rows = release_breakdown(marts.read("mart_breakdown"), marts.merged, as_of=marts.as_of, policy=marts.policy)
    return withhold_shares(rows, marts.outnumbered)


def _definitions(marts: Marts) -> pl.DataFrame:
    definitions = marts.read("mart_definitions")
    rows = policy_of.release_organisation(definitions, as_of=marts.as_of, policy=marts.policy)
    return withhold_shares(rows, marts.outnumbered)


def _lead_effect(marts: Marts) -> pl.DataFrame:
    return policy_of.release_effects(
        marts.read("mart_lead_effect"), marts.doubtful, as_of=marts.as_of, policy=marts.policy
    )


def _lead_curve(marts: Marts) -> pl.DataFrame:
    told = _lead_effect(marts).filter(pl.col("effect_pp").is_not_null()).select("platform")
    return marts.read("mart_lead_curve").join(told, on="platform", how="semi").sort("platform", "week")


def _trial(marts: Marts) -> pl.DataFrame:
    return release_trials(marts.read("mart_trial"), marts.outnumbered, as_of=marts.as_of, policy=marts.policy)


def _tools(marts: Marts) -> pl.DataFrame:
    rows = release_tools(marts.read("mart_tools"), marts.read("prep_offered"), marts.units(), policy=marts.policy)
    return withhold_shares(rows, marts.outnumbered)


def _channel_shift(marts: Marts) -> pl.DataFrame:
    shifts = marts.read("mart_channel_shift")
    return release_channel_shift(shifts, marts.outnumbered, as_of=marts.as_of, policy=marts.policy)


def _direction(marts: Marts) -> pl.DataFrame:
    return release_direction(marts.read("mart_direction"), marts.doubtful, as_of=marts.as_of, policy=marts.policy)


def _cascade(marts: Marts) -> pl.DataFrame:
    cascade = marts.read("mart_cascade")
    return release_cascade(cascade, _breakdown(marts), marts.outnumbered, as_of=marts.as_of, policy=marts.policy)


def _before_after(marts: Marts) -> pl.DataFrame:
    return release_before_after(
        marts.read("mart_before_after"), marts.doubtful, as_of=marts.as_of, policy=marts.policy
    )


def _control_chart(marts: Marts) -> pl.DataFrame:
    return release_control_chart(
        marts.read("mart_control_chart"), marts.doubtful, as_of=marts.as_of, policy=marts.policy
    )


def _pockets(marts: Marts) -> pl.DataFrame:
    tables = {table: marts.read(table) for table in POCKETS_READ} if marts.merged else {}
    rows = release_pockets(
        marts.read("mart_pockets"), tables, marts.merged, as_of=marts.as_of, policy=marts.policy
    )
    return withhold_shares(rows, marts.outnumbered)


def _unit_pairs(marts: Marts) -> pl.DataFrame:
    rows = release_unit_pairs(marts.read("mart_unit_pairs"), marts.units(), as_of=marts.as_of, policy=marts.policy)
    return withhold_shares(rows, marts.outnumbered)


def _without_top(mart: Mart) -> Callable[[Marts], pl.DataFrame]:
    def cut(marts: Marts) -> pl.DataFrame:
        keys = [key.name for key in mart.keys]
        rows = release_without_top(
            marts.read(mart.name), keys, marts.with_a_top(), as_of=marts.as_of, policy=marts.policy
        )
        return withhold_shares(rows, marts.outnumbered)

    return cut


def _critical_mass(marts: Marts) -> pl.DataFrame:
    weeks = marts.read("mart_critical_mass")
    return release_critical_mass(
        weeks, marts.merged, marts.outnumbered, marts.with_a_top(), as_of=marts.as_of, policy=marts.policy
    )


def _of_the_organisation(mart: Mart) -> Callable[[Marts], pl.DataFrame]:
    def cut(marts: Marts) -> pl.DataFrame:
        keys = [key.name for key in mart.keys]
        rows = policy_of.release_large_organisation(
            marts.read(mart.name), keys, as_of=marts.as_of, policy=marts.policy
        )
        known = withhold_shares(rows, marts.outnumbered)
        return further_cut(mart.released_as, known, least=marts.policy.min_group)

    return cut


def _withheld(marts: Marts) -> pl.DataFrame:
    executives = marts.read("mart_executive_participation")
    return policy_of.withheld(
        marts.active_users, executives, marts.merged, as_of=marts.as_of, policy=marts.policy
    )


CUTS: Final = (
    Cut("rel_active_users", (), _active_users),
    Cut("rel_contributor_ratios", ("mart_contributor_ratios",), _ratios),
    Cut("rel_executive_participation", ("mart_executive_participation",), _executives),
    Cut("rel_breakdown", ("mart_breakdown",), _breakdown),
    Cut("rel_definitions", ("mart_definitions",), _definitions),
    Cut("rel_direction", ("mart_direction",), _direction),
    Cut("rel_cascade", ("mart_cascade", "mart_breakdown"), _cascade),
    Cut("rel_lead_effect", ("mart_lead_effect",), _lead_effect),
    Cut("rel_lead_curve", ("mart_lead_curve", "mart_lead_effect"), _lead_curve),
    Cut("rel_trial", ("mart_trial",), _trial),
    Cut("rel_tools", ("mart_tools", "prep_offered"), _tools),
    Cut("rel_channel_shift", ("mart_channel_shift",), _channel_shift),
    Cut("rel_before_after", ("mart_before_after",), _before_after),
    Cut("rel_control_chart", ("mart_control_chart",), _control_chart),
    Cut("rel_pockets", ("mart_pockets", *POCKETS_READ), _pockets),
    Cut("rel_unit_pairs", ("mart_unit_pairs",), _unit_pairs),
    Cut("rel_initiation", _TOP, _without_top(MARTS["mart_initiation"])),
    Cut("rel_organic", ("mart_organic", *_TOP), _without_top(MARTS["mart_organic"])),
    Cut("rel_critical_mass", ("mart_critical_mass", *_TOP), _critical_mass),
    *(Cut(mart.released_as, (mart.name,), _of_the_organisation(mart)) for mart in MARTS.values()
      if mart.released_as in policy_of.LARGE),
    Cut("rel_withheld", ("mart_executive_participation",), _withheld),
)  # fmt: skip
