"""The asset of the agreement: what the pages print of it. Whether a run may go on at all is asked of the workspace."""

from collections.abc import Iterator

import dagster as dg

from pipelines.agreement_words import agreement_row
from pipelines.assets.checked import Event, check_specs, reported
from pipelines.assets.ingest import OWNERS, staging_tables
from pipelines.gate import write_frame
from pipelines.progress import report
from pipelines.workspace import Workspace


@dg.asset(
    group_name="release",
    owners=OWNERS,
    kinds={"duckdb", "polars"},
    check_specs=check_specs("rel_agreement"),
    deps=[staging_tables],
)
def rel_agreement(workspace: Workspace) -> Iterator[Event]:
    """Under which agreement is this run made, and how strict is it? One row, also where no agreement is recorded."""
    report("rel_agreement")
    row = agreement_row(workspace.agreement(), workspace.settings(), today=workspace.now().date())
    yield from reported(write_frame(workspace.warehouse(), "rel_agreement", row))
