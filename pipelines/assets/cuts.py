"""Which tables each released table is cut from, and by which rule of `models.release`."""

from collections.abc import Callable, Sequence
from copy import copy
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
from models.release.concentration import only_of_many
from models.release.critical_mass import release_critical_mass
from models.release.direction import release_cascade, release_direction
from models.release.dominance import executives_of_several, only_of_several
from models.release.enabling import further_cut
from models.release.events import release_before_after, release_control_chart
from models.release.growth import leavers, together_where_few_left
from models.release.held_back import SHARES, figures_held_back
from models.release.history import as_published, nothing
from models.release.named import COUNTS, release_named, safe_beside_executives, safe_beside_units
from models.release.opted_in import release_champions
from models.release.pockets import release_pockets
from models.release.rows import PERIOD
from models.release.spaces import release_spaces, still_public
from models.release.told import as_told
from models.release.tools import release_tools
from models.release.top import periods_with_a_top, release_without_top
from models.release.trial import release_trials
from models.release.unit_pairs import release_unit_pairs
from models.schemas import TABLES
from models.shares import withhold_shares
from pipelines import release_history, roster_size
from pipelines.warehouse import Warehouse, frame_of, quoted

ALWAYS_READ: Final = (
    "mart_active_users", "coverage_day", *release_history.READS, *roster_size.READS,
)  # fmt: skip
"""What every cut has to know: who is counted, in which units, and whether the roster can carry it."""
_KNOWN_FROM: Final = "select min(occurred_on) from coverage_day where state <> 'missing'"
_KEPT_FROM: Final = "select max(kept_from) from stg_kept"
_TOP: Final = ("mart_initiation", "mart_executive_participation")
_BROKEN_DOWN: Final = ("mart_breakdown", "prep_eligible", "prep_standing")
_PARTS: Final = ("prep_eligible", "prep_unit_period")
_SUMMED: Final = ("mart_executive_participation", "mart_contributor_ratios", "prep_reply_period", *_PARTS)


class Marts:
    """The true figures that one cut may read, and the policy of this run."""

    def __init__(
        self, warehouse: Warehouse, policy: Policy, reads: Sequence[str], history: pl.DataFrame | None = None
    ) -> None:
        self._warehouse, self._reads, self.policy = warehouse, reads, policy
        self.history = nothing() if history is None else history
        with warehouse.connect() as connection:
            self.active_users = frame_of(connection, "from mart_active_users")
            self.as_of: date = frame_of(connection, "select as_of_on from meta").item() or date.min
            self.known_from: date | None = frame_of(connection, _KNOWN_FROM).item()
            self.kept_from: date | None = frame_of(connection, _KEPT_FROM).item()
            self.outnumbered = roster_size.outnumbered(connection)
            self.members = release_history.members(connection)
        self.merged = policy_of.small_units(policy_of.closed(self.active_users, as_of=self.as_of), policy)

    def reading(self, reads: Sequence[str]) -> "Marts":
        """The same for a cut that reads these tables."""
        other = copy(self)
        other._reads = reads
        return other

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
    """A released table: the tables that it is cut from, besides what is always read, and the rule.

    `still` drops rows that were published before and may not be told any more.
    """

    table: str
    reads: tuple[str, ...]
    rows: Callable[[Marts], pl.DataFrame]
    still: Callable[[Marts, pl.DataFrame], pl.DataFrame] | None = None


def _active_users(marts: Marts) -> pl.DataFrame:
    days = policy_of.release_days(marts.active_users, as_of=marts.as_of, policy=marts.policy)
    periods = together_where_few_left(marts.units(), leavers(marts.read("prep_eligible")), marts.policy)
    return withhold_shares(pl.concat([periods, days]), marts.outnumbered)


def _ratios(marts: Marts) -> pl.DataFrame:
    ratios = marts.read("mart_contributor_ratios")
    units = policy_of.release_units(ratios, marts.merged, as_of=marts.as_of, policy=marts.policy)
    parts = _merged(_parts(marts), marts)
    told = parts.filter((pl.col("platform") == "all") | (pl.col("unit") == "all"))
    least = marts.policy.min_group
    several = only_of_several(units, told, "n_contributions", least=least, policy=marts.policy)
    return withhold_shares(only_of_many(several, marts.policy), marts.outnumbered)


def _parts(marts: Marts) -> pl.DataFrame:
    """What each eligible person made in a period, by platform and unit, with the executives marked."""
    people = marts.read("prep_eligible").select(*PERIOD, "person_id", "is_executive")
    return marts.read("prep_unit_period").join(people, on=[*PERIOD, "person_id"])


def _written(marts: Marts) -> pl.DataFrame:
    """The same over all units, with the replies that are not to an executive or oneself."""
    to_oneself = pl.col("target_person_id") == pl.col("person_id")
    to_staff = marts.read("prep_reply_period").filter(
        (pl.col("action") == "reply") & ~pl.col("is_target_executive") & ~to_oneself.fill_null(value=False)
    )
    replies = to_staff.group_by(*PERIOD, "person_id").agg(
        pl.len().cast(pl.Int64).alias("n_replies_to_staff"),
        (~pl.col("is_delegated")).sum().cast(pl.Int64).alias("n_own_replies_to_staff"),
    )
    written = _parts(marts).filter(pl.col("unit") == "all").join(replies, on=[*PERIOD, "person_id"], how="left")
    return written.with_columns(pl.col("n_replies_to_staff", "n_own_replies_to_staff").fill_null(0))


def _executives(marts: Marts) -> pl.DataFrame:
    executives = marts.read("mart_executive_participation")
    groups = policy_of.release_executives(executives, as_of=marts.as_of, policy=marts.policy)
    several = executives_of_several(groups, _written(marts), marts.policy)
    return withhold_shares(several, marts.outnumbered)


def _named(marts: Marts) -> pl.DataFrame:
    named = marts.read("dim_named_executive")
    columns = list(TABLES["rel_named_executives"].to_schema().columns)
    if named.is_empty():
        return TABLES["rel_named_executives"].empty()
    eligible = marts.read("prep_eligible")
    rows = release_named(named, marts.read("fct_named_month"), eligible, marts.active_users, as_of=marts.as_of)
    # what they are held against is what stands on the pages, be it from an earlier release
    executives, ratios = (rows_of(cut, marts) for cut in _WITH_SUMS)
    rows = safe_beside_executives(rows, executives, _written(marts), eligible, marts.policy)
    rows = safe_beside_units(rows, ratios, _merged(_parts(marts), marts), _merged(eligible, marts), marts.policy)
    counts = withhold_shares(rows.select(*PERIOD, *COUNTS), marts.outnumbered)
    return rows.with_columns(counts.select(COUNTS)).select(columns)


def _merged(people: pl.DataFrame, marts: Marts) -> pl.DataFrame:
    unit = pl.when(pl.col("unit").is_in(marts.merged)).then(pl.lit(policy_of.OTHER_UNITS)).otherwise("unit")
    return people.with_columns(unit.alias("unit"))


def _breakdown(marts: Marts) -> pl.DataFrame:
    rows = release_breakdown(
        marts.read("mart_breakdown"), marts.merged, _standing(marts), as_of=marts.as_of, policy=marts.policy
    )
    return withhold_shares(rows, marts.outnumbered)


def _standing(marts: Marts) -> pl.DataFrame:
    """Who is in which unit, department, layer, place and band of tenure in each month, as `mart_breakdown` counts."""
    people = marts.read("prep_eligible").filter((pl.col("period_kind") == "month") & (pl.col("platform") == "all"))
    told = [
        pl.when(pl.col("unit").is_in(marts.merged)).then(pl.lit(policy_of.OTHER_UNITS)).otherwise("unit").alias("unit"),
        pl.col("is_executive").cast(pl.String),
        pl.lit("everybody").alias("organisation"),
        pl.col("department").fill_null("(none)"),
        pl.col("layer").cast(pl.String).fill_null("(unknown)"),
        pl.col("location").fill_null("(unknown)"),
    ]
    standing = marts.read("prep_standing").drop("unit")
    return people.drop("n_contributions", "platform", "period_kind").join(
        standing, on=["period_start", "person_id"]
    ).with_columns(told)


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


def _spaces(marts: Marts) -> pl.DataFrame:
    spaces = policy_of.closed(marts.read("mart_spaces"), as_of=marts.as_of)
    rows = release_spaces(spaces, marts.read("prep_space_people"), policy=marts.policy)
    # only who is counted depends on the roster
    return rows.with_columns(withhold_shares(rows, marts.outnumbered)["n_contributors"])


def _public(marts: Marts, rows: pl.DataFrame) -> pl.DataFrame:
    return still_public(rows, marts.read("prep_space_people"))


def _unit_platforms(marts: Marts) -> pl.DataFrame:
    units = marts.read("mart_unit_platforms")
    rows = policy_of.release_unit_platforms(units, marts.merged, as_of=marts.as_of, policy=marts.policy)
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
    rules = policy_of.withheld(
        marts.active_users, executives, marts.merged, as_of=marts.as_of, policy=marts.policy
    )
    return pl.concat([rules, figures_held_back({table: marts.read(table) for table in SHARES})])


def rows_of(cut: Cut, marts: Marts) -> pl.DataFrame:
    """The rows of a released table, told as coarsely as its groups need, and as they were published before.

    Columns stand as in the schema, so that what is audited here is recognised in the site.
    """
    whole = marts.active_users.filter(pl.col("unit") == "all")
    told = as_told(cut.table, cut.rows(marts), whole, marts.policy)
    published = as_published(
        cut.table, told, marts.history, as_of=marts.as_of, known_from=marts.known_from, kept_from=marts.kept_from,
        policy=marts.policy, members=marts.members,
    )  # fmt: skip
    rows = cut.still(marts, published) if cut.still else published
    return rows.select(list(TABLES[cut.table].to_schema().columns))


_WITH_SUMS: Final = (
    Cut("rel_executive_participation", ("mart_executive_participation", "prep_reply_period", *_PARTS), _executives),
    Cut("rel_contributor_ratios", ("mart_contributor_ratios", *_PARTS), _ratios),
)
CUTS: Final = (
    Cut("rel_active_users", ("prep_eligible",), _active_users),
    *_WITH_SUMS,
    Cut("rel_named_executives", ("dim_named_executive", "fct_named_month", *_SUMMED), _named),
    Cut("rel_named_champions", ("dim_champion",), lambda marts: release_champions(marts.read("dim_champion"))),
    Cut("rel_breakdown", _BROKEN_DOWN, _breakdown),
    Cut("rel_definitions", ("mart_definitions",), _definitions),
    Cut("rel_direction", ("mart_direction",), _direction),
    Cut("rel_cascade", ("mart_cascade", *_BROKEN_DOWN), _cascade),
    Cut("rel_lead_effect", ("mart_lead_effect",), _lead_effect),
    Cut("rel_lead_curve", ("mart_lead_curve", "mart_lead_effect"), _lead_curve),
    Cut("rel_spaces", ("mart_spaces", "prep_space_people"), _spaces, _public),
    Cut("rel_trial", ("mart_trial",), _trial),
    Cut("rel_tools", ("mart_tools", "prep_offered"), _tools),
    Cut("rel_channel_shift", ("mart_channel_shift",), _channel_shift),
    Cut("rel_before_after", ("mart_before_after",), _before_after),
    Cut("rel_control_chart", ("mart_control_chart",), _control_chart),
    Cut("rel_pockets", ("mart_pockets", *POCKETS_READ), _pockets),
    Cut("rel_unit_pairs", ("mart_unit_pairs",), _unit_pairs),
    Cut("rel_unit_platforms", ("mart_unit_platforms",), _unit_platforms),
    Cut("rel_initiation", _TOP, _without_top(MARTS["mart_initiation"])),
    Cut("rel_organic", ("mart_organic", *_TOP), _without_top(MARTS["mart_organic"])),
    Cut("rel_critical_mass", ("mart_critical_mass", *_TOP), _critical_mass),
    *(Cut(mart.released_as, (mart.name,), _of_the_organisation(mart)) for mart in MARTS.values()
      if mart.released_as in policy_of.LARGE),
    Cut("rel_withheld", ("mart_executive_participation", *SHARES), _withheld),
)  # fmt: skip
