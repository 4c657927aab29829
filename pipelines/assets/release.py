"""From the marts to what leadership sees: the release policy, the site, and the switch to the new release."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

import dagster as dg
import polars as pl

from models import noted
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
from pipelines.assets.checked import Event, asset_key, check_specs, on_roster, reported
from pipelines.assets.ingest import OWNERS
from pipelines.gate import write_frame
from pipelines.progress import report
from pipelines.publish import RELEASED
from pipelines.publish import publish as publish_release
from pipelines.roster_size import outnumbered
from pipelines.warehouse import frame_of, quoted
from pipelines.workspace import Workspace

GROUP: Final = "release"
_MARTS: Final = tuple(mart.name for mart in MARTS.values() if mart.released_as)


class _Marts:
    """The true figures and the policy of this run."""

    def __init__(self, workspace: Workspace) -> None:
        self._warehouse = workspace.warehouse()
        with self._warehouse.connect() as connection:
            self.active_users = frame_of(connection, "from mart_active_users")
            self.as_of: date = frame_of(connection, "select as_of_on from meta").item() or date.min
            self.outnumbered = outnumbered(connection)
        self.policy = Policy(min_group=workspace.settings().release.min_group)
        self.merged = policy_of.small_units(policy_of.closed(self.active_users, as_of=self.as_of), self.policy)

    def read(self, mart: str) -> pl.DataFrame:
        """Another mart, for the released tables that are cut from it."""
        with self._warehouse.connect() as connection:
            return frame_of(connection, f"from {quoted(mart)}")

    def with_a_top(self) -> pl.DataFrame:
        """The periods in which executives and communications are a group."""
        initiation, executives = self.read("mart_initiation"), self.read("mart_executive_participation")
        return periods_with_a_top(initiation, executives, policy=self.policy)


def _active_users(marts: _Marts) -> pl.DataFrame:
    units = policy_of.release_units(marts.active_users, marts.merged, as_of=marts.as_of, policy=marts.policy)
    days = policy_of.release_days(marts.active_users, as_of=marts.as_of, policy=marts.policy)
    return withhold_shares(pl.concat([units, days]), marts.outnumbered)


def _ratios(marts: _Marts) -> pl.DataFrame:
    ratios = marts.read("mart_contributor_ratios")
    units = policy_of.release_units(ratios, marts.merged, as_of=marts.as_of, policy=marts.policy)
    return withhold_shares(units, marts.outnumbered)


def _executives(marts: _Marts) -> pl.DataFrame:
    executives = marts.read("mart_executive_participation")
    groups = policy_of.release_executives(executives, as_of=marts.as_of, policy=marts.policy)
    return withhold_shares(groups, marts.outnumbered)


def _breakdown(marts: _Marts) -> pl.DataFrame:
    rows = release_breakdown(marts.read("mart_breakdown"), marts.merged, as_of=marts.as_of, policy=marts.policy)
    return withhold_shares(rows, marts.outnumbered)


def _definitions(marts: _Marts) -> pl.DataFrame:
    definitions = marts.read("mart_definitions")
    rows = policy_of.release_organisation(definitions, as_of=marts.as_of, policy=marts.policy)
    return withhold_shares(rows, marts.outnumbered)


def _lead_effect(marts: _Marts) -> pl.DataFrame:
    doubtful = marts.outnumbered["platform"].unique().to_list()
    return policy_of.release_effects(
        marts.read("mart_lead_effect"), doubtful, as_of=marts.as_of, policy=marts.policy
    )


def _lead_curve(marts: _Marts) -> pl.DataFrame:
    told = _lead_effect(marts).filter(pl.col("effect_pp").is_not_null()).select("platform")
    return marts.read("mart_lead_curve").join(told, on="platform", how="semi").sort("platform", "week")


def _trial(marts: _Marts) -> pl.DataFrame:
    return release_trials(marts.read("mart_trial"), marts.outnumbered, as_of=marts.as_of, policy=marts.policy)


def _tools(marts: _Marts) -> pl.DataFrame:
    units = policy_of.release_units(marts.active_users, marts.merged, as_of=marts.as_of, policy=marts.policy)
    rows = release_tools(marts.read("mart_tools"), marts.read("prep_offered"), units, policy=marts.policy)
    return withhold_shares(rows, marts.outnumbered)


def _channel_shift(marts: _Marts) -> pl.DataFrame:
    shifts = marts.read("mart_channel_shift")
    return release_channel_shift(shifts, marts.outnumbered, as_of=marts.as_of, policy=marts.policy)


def _direction(marts: _Marts) -> pl.DataFrame:
    doubtful = marts.outnumbered["platform"].unique().to_list()
    return release_direction(marts.read("mart_direction"), doubtful, as_of=marts.as_of, policy=marts.policy)


def _cascade(marts: _Marts) -> pl.DataFrame:
    cascade = marts.read("mart_cascade")
    return release_cascade(cascade, _breakdown(marts), marts.outnumbered, as_of=marts.as_of, policy=marts.policy)


def _before_after(marts: _Marts) -> pl.DataFrame:
    doubtful = marts.outnumbered["platform"].unique().to_list()
    return release_before_after(
        marts.read("mart_before_after"), doubtful, as_of=marts.as_of, policy=marts.policy
    )


def _control_chart(marts: _Marts) -> pl.DataFrame:
    doubtful = marts.outnumbered["platform"].unique().to_list()
    return release_control_chart(
        marts.read("mart_control_chart"), doubtful, as_of=marts.as_of, policy=marts.policy
    )


def _pockets(marts: _Marts) -> pl.DataFrame:
    tables = {table: marts.read(table) for table in POCKETS_READ} if marts.merged else {}
    rows = release_pockets(
        marts.read("mart_pockets"), tables, marts.merged, as_of=marts.as_of, policy=marts.policy
    )
    return withhold_shares(rows, marts.outnumbered)


def _unit_pairs(marts: _Marts) -> pl.DataFrame:
    units = policy_of.release_units(marts.active_users, marts.merged, as_of=marts.as_of, policy=marts.policy)
    rows = release_unit_pairs(marts.read("mart_unit_pairs"), units, as_of=marts.as_of, policy=marts.policy)
    return withhold_shares(rows, marts.outnumbered)


def _without_top(mart: Mart) -> Callable[[_Marts], pl.DataFrame]:
    def cut(marts: _Marts) -> pl.DataFrame:
        keys = [key.name for key in mart.keys]
        rows = release_without_top(
            marts.read(mart.name), keys, marts.with_a_top(), as_of=marts.as_of, policy=marts.policy
        )
        return withhold_shares(rows, marts.outnumbered)

    return cut


def _critical_mass(marts: _Marts) -> pl.DataFrame:
    weeks = marts.read("mart_critical_mass")
    return release_critical_mass(
        weeks, marts.merged, marts.outnumbered, marts.with_a_top(), as_of=marts.as_of, policy=marts.policy
    )


def _of_the_organisation(mart: Mart) -> Callable[[_Marts], pl.DataFrame]:
    def cut(marts: _Marts) -> pl.DataFrame:
        keys = [key.name for key in mart.keys]
        rows = policy_of.release_large_organisation(
            marts.read(mart.name), keys, as_of=marts.as_of, policy=marts.policy
        )
        known = withhold_shares(rows, marts.outnumbered)
        return further_cut(mart.released_as, known, least=marts.policy.min_group)

    return cut


def _withheld(marts: _Marts) -> pl.DataFrame:
    executives = marts.read("mart_executive_participation")
    return policy_of.withheld(
        marts.active_users, executives, marts.merged, as_of=marts.as_of, policy=marts.policy
    )


def _released(table: str, cut: Callable[[_Marts], pl.DataFrame]) -> dg.AssetsDefinition:
    @dg.asset(
        name=table,
        group_name=GROUP,
        owners=OWNERS,
        kinds={"duckdb", "polars"},
        check_specs=check_specs(table),
        deps=[asset_key(one) for one in (*_MARTS, "meta")],
        description="The part of the mart that may leave this machine, by the release policy.",
    )
    def build(workspace: Workspace) -> Iterator[Event]:
        report(table)
        marts = _Marts(workspace)
        if table == "rel_contributor_ratios":
            yield on_roster(marts.outnumbered)
        yield from reported(write_frame(workspace.warehouse(), table, cut(marts)))

    return build


@dg.asset(
    group_name=GROUP,
    owners=OWNERS,
    kinds={"duckdb", "polars"},
    check_specs=check_specs("rel_note"),
    deps=[asset_key("note"), asset_key("export_file")],
)
def rel_note(workspace: Workspace) -> Iterator[Event]:
    """What was found wrong in the exports and kept all the same? Counts by platform and rule, without any file."""
    report("rel_note")
    with workspace.warehouse().connect() as connection:
        notes = frame_of(connection, "select platform, note.* from note join export_file using (file_id)")
    yield from reported(write_frame(workspace.warehouse(), "rel_note", noted.by_platform(notes)))


RELEASES: Final = [
    _released("rel_active_users", _active_users),
    _released("rel_contributor_ratios", _ratios),
    _released("rel_executive_participation", _executives),
    _released("rel_breakdown", _breakdown),
    _released("rel_definitions", _definitions),
    _released("rel_direction", _direction),
    _released("rel_cascade", _cascade),
    _released("rel_lead_effect", _lead_effect),
    _released("rel_lead_curve", _lead_curve),
    _released("rel_trial", _trial),
    _released("rel_tools", _tools),
    _released("rel_channel_shift", _channel_shift),
    _released("rel_before_after", _before_after),
    _released("rel_control_chart", _control_chart),
    _released("rel_pockets", _pockets),
    _released("rel_unit_pairs", _unit_pairs),
    _released("rel_initiation", _without_top(MARTS["mart_initiation"])),
    _released("rel_organic", _without_top(MARTS["mart_organic"])),
    _released("rel_critical_mass", _critical_mass),
    *(_released(mart.released_as, _of_the_organisation(mart)) for mart in MARTS.values()
      if mart.released_as in policy_of.LARGE),
    _released("rel_withheld", _withheld),
    rel_note,
]


@dg.asset(
    name="release",
    group_name=GROUP,
    owners=OWNERS,
    kinds={"plotly", "duckdb"},
    deps=[asset_key(one) for one in RELEASED],
)
def release_asset(context: dg.AssetExecutionContext, workspace: Workspace) -> dg.MaterializeResult:
    """The site for leadership and the analyst's file, switched to in one step, so that `OUT/latest` is always whole."""
    # plotly is loaded only here, so that the code location opens fast
    from dashboards import build_site

    report("site")
    path = publish_release(
        workspace.warehouse(), workspace.out_path, workspace.settings(), now=workspace.now(), build_site=build_site
    )
    context.log.info("released %s", path.name)
    return dg.MaterializeResult(metadata={"release": path.name, "site": "latest/site/index.html in the output folder"})
