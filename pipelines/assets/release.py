"""From the marts to what leadership sees: the release policy, the site, and the switch to the new release."""

from collections.abc import Iterator
from typing import Final

import dagster as dg

from models import noted
from models.release import Policy
from pipelines.assets.checked import Event, asset_key, check_specs, on_roster, reported
from pipelines.assets.cuts import ALWAYS_READ, CUTS, Cut, Marts
from pipelines.assets.ingest import OWNERS
from pipelines.gate import write_frame
from pipelines.progress import report
from pipelines.publish import RELEASED
from pipelines.publish import publish as publish_release
from pipelines.warehouse import frame_of
from pipelines.workspace import Workspace

GROUP: Final = "release"


def _released(cut: Cut) -> dg.AssetsDefinition:
    @dg.asset(
        name=cut.table,
        group_name=GROUP,
        owners=OWNERS,
        kinds={"duckdb", "polars"},
        check_specs=check_specs(cut.table),
        deps=[asset_key(one) for one in sorted({*ALWAYS_READ, *cut.reads})],
        description="The part of the mart that may leave this machine, by the release policy.",
    )
    def build(workspace: Workspace) -> Iterator[Event]:
        report(cut.table)
        policy = Policy(min_group=workspace.settings().release.min_group)
        marts = Marts(workspace.warehouse(), policy, cut.reads)
        if cut.table == "rel_contributor_ratios":
            yield on_roster(marts.outnumbered)
        yield from reported(write_frame(workspace.warehouse(), cut.table, cut.rows(marts)))

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


RELEASES: Final = [*map(_released, CUTS), rel_note]



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
