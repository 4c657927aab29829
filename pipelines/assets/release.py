"""From the marts to what leadership sees: the release policy, the site, and the switch to the new release."""

from collections.abc import Iterator
from functools import partial
from typing import Final

import dagster as dg

from models import noted
from models.release import Policy
from models.release.history import revisions
from models.release.withdrawal import LINKED, withdrawn
from pipelines import release_history, run_trail, trail_check
from pipelines.agreement import admit_release
from pipelines.assets.checked import Event, asset_key, check_specs, on_roster, reported
from pipelines.assets.cuts import ALWAYS_READ, CUTS, Cut, Marts, rows_of
from pipelines.assets.ingest import OWNERS
from pipelines.browser import find_browser
from pipelines.disclosure import BESIDE, Limits, audit_site, objections
from pipelines.gate import write_frame
from pipelines.leaderships_site import LeadershipsSite
from pipelines.page_preview import shown
from pipelines.progress import report
from pipelines.publish import RELEASED
from pipelines.publish import publish as publish_release
from pipelines.take_away import TAKEN, TakeAway
from pipelines.warehouse import frame_of
from pipelines.workspace import Workspace

GROUP: Final = "release"
_WHAT: Final = "The part of the mart that may leave this machine, by the release policy."


def _released(cut: Cut) -> dg.AssetsDefinition:
    @dg.asset(
        name=cut.table,
        group_name=GROUP,
        owners=OWNERS,
        kinds={"duckdb", "polars"},
        check_specs=check_specs(cut.table),
        deps=[asset_key(one) for one in sorted({*ALWAYS_READ, *cut.reads})],
        description=_WHAT,
    )
    def build(workspace: Workspace) -> Iterator[Event]:
        report(cut.table)
        history = release_history.read(workspace.state)
        marts = Marts(workspace.warehouse(), workspace.settings().policy, cut.reads, history)
        yield from reported(write_frame(workspace.warehouse(), cut.table, rows_of(cut, marts)))

    return build


_LINKED: Final = [cut for cut in CUTS if cut.table in LINKED]


@dg.multi_asset(
    name="linked",
    group_name=GROUP,
    specs=[
        dg.AssetSpec(
            asset_key(cut.table),
            deps=[asset_key(one) for one in sorted({*ALWAYS_READ, *cut.reads, *BESIDE})],
            owners=OWNERS,
            kinds={"duckdb", "polars"},
            description=f"{_WHAT} Figures that would tell of few people together with others of these are withdrawn.",
        )
        for cut in _LINKED
    ],
    check_specs=[spec for cut in _LINKED for spec in check_specs(cut.table)],
)
def linked(workspace: Workspace) -> Iterator[Event]:
    """The released tables that tell of the same people in parts, cut together: what follows from one bears on all."""
    policy, warehouse = workspace.settings().policy, workspace.warehouse()
    marts = Marts(warehouse, policy, (), release_history.read(workspace.state))
    rows = {}
    for cut in _LINKED:
        report(cut.table)
        rows[cut.table] = rows_of(cut, marts.reading(cut.reads))
    report("disclosure")
    told, _ = withdrawn(rows, objections(warehouse, workspace.out_path, _limits(policy)))
    yield on_roster(marts.outnumbered)
    for table, frame in told.items():
        yield from reported(write_frame(warehouse, table, frame))


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


@dg.asset(
    group_name=GROUP,
    owners=OWNERS,
    kinds={"duckdb", "polars"},
    check_specs=check_specs("rel_revision"),
    deps=[asset_key(cut.table) for cut in CUTS],
)
def rel_revision(workspace: Workspace) -> Iterator[Event]:
    """Which closed periods were told anew after they had been published, because later data concern many people?"""
    report("rel_revision")
    told = release_history.after(workspace.warehouse(), workspace.state, workspace.settings().policy)
    yield from reported(write_frame(workspace.warehouse(), "rel_revision", revisions(told)))


def _limits(policy: Policy) -> Limits:
    """The thresholds that the audit holds a release of this policy to."""
    return Limits(policy.min_group, policy.min_executives, policy.min_daily)


RELEASES: Final = [*(_released(cut) for cut in CUTS if cut not in _LINKED), linked, rel_note, rel_revision]


PAGES: Final = (
    "index", "active", "contributors", "executives", "rooted", "wiki", "enabling", "units", "measured", "data",
)  # fmt: skip
"""The menu of the site; literal, so that pages are known before `dashboards` is loaded."""


def page_key(page: str) -> dg.AssetKey:
    """The key under which Dagster shows a page."""
    return dg.AssetKey(["site", page])


@dg.multi_asset(
    name="release",
    specs=[
        dg.AssetSpec(
            "release",
            group_name=GROUP,
            owners=OWNERS,
            kinds={"plotly", "duckdb"},
            deps=[asset_key(one) for one in RELEASED],
            description="The site for leadership and the analyst's file, switched to in one step, so that `OUT/latest` "
            "is always whole.",
        ),
        *(
            dg.AssetSpec(
                page_key(page),
                group_name="site",
                owners=OWNERS,
                kinds={"plotly"},
                deps=["release"],
                description=f"`site/{page}.html` of the release: its headline, and its main chart in small.",
            )
            for page in PAGES
        ),
    ],
)
def release_asset(context: dg.AssetExecutionContext, workspace: Workspace) -> Iterator[dg.MaterializeResult]:
    """Publishes what was released, and shows each page in small."""
    report("site")
    with workspace.warehouse().connect() as connection:
        tables = (frame_of(connection, f"from {table}") for table in ("rel_agreement", "export_file"))
        admit_release(workspace.agreement(), *tables)
    trail_check.admit(workspace.state)
    audited = partial(
        audit_site,
        warehouse=workspace.warehouse(),
        out=workspace.out_path,
        limits=_limits(workspace.settings().policy),
    )
    site = LeadershipsSite(TakeAway(find_browser()))
    path = publish_release(
        workspace.warehouse(),
        workspace.out_path,
        workspace.settings(),
        now=workspace.now(),
        build_site=site,
        audited=audited,
        recorded=partial(run_trail.released, workspace, context.run.run_id),
    )
    context.log.info("released %s", path.name)
    made = {"site": "latest/site/index.html in the output folder", TAKEN: site.take_away.note}
    yield dg.MaterializeResult("release", metadata={"release": path.name, **made})
    for page in PAGES:
        yield dg.MaterializeResult(page_key(page), metadata=shown(site.previews[page]))
