"""B106 as an asset check: it fails where more people are active than on the roster, and the release goes on."""

from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from pipelines.assets.checked import ON_ROSTER
from pipelines.assets.release import RELEASES
from pipelines.disclosure import BESIDE
from pipelines.workspace import Workspace
from tests.pipelines.runs import Run, run_models
from tests.pipelines.test_roster_size import company

RATIOS = [one for one in RELEASES if one.keys & {dg.AssetKey([name]) for name in ("rel_contributor_ratios", *BESIDE)}]
"""The step that cuts it, and those that have to come before."""


@pytest.mark.parametrize(
    ("strangers", "n_periods"), [(0, {}), (30, {"all": 3, "slack": 3})], ids=["B106-complete", "B106-outgrown"]
)
def test_the_check_of_the_roster_fails_with_the_number_of_weeks_and_months(
    strangers: int, n_periods: dict[str, int], tmp_path: Path
):
    run_models(company(tmp_path, {"Basalt": 12}, strangers=strangers), tmp_path / "out", as_of=date(2025, 11, 10))
    workspace = Workspace(exports=str(tmp_path / "drop"), out=str(tmp_path / "out"))
    with dg.DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as instance:
        result = dg.materialize(RATIOS, resources={"workspace": workspace}, instance=instance)
    checks = {one.check_name: one for one in result.get_asset_check_evaluations()}
    found = checks[ON_ROSTER]
    assert found.passed == (strangers == 0)
    assert found.severity == dg.AssetCheckSeverity.ERROR
    assert {name.partition(":")[0]: value.value for name, value in found.metadata.items()} == n_periods
    assert result.success
    assert checks["contract"].passed
    assert Run(tmp_path / "out" / "work" / "turnout.duckdb").one("select count(*) > 0 from rel_contributor_ratios")


def test_the_check_of_the_roster_blocks_nothing():
    blocking = {spec.name: spec.blocking for one in RATIOS for spec in one.check_specs}
    assert blocking == {"contract": True, ON_ROSTER: False}
