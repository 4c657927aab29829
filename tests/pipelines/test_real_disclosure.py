"""What would be released of real exports passes the audit; accounts are seen as people, for no export has a roster."""

from pathlib import Path

import pytest

from models.audit import Limits, audit
from models.audit.columns import RELEASED
from models.release import Policy
from models.release.withdrawal import STEPS, withdrawn
from models.schemas import TABLES
from pipelines.assets.cuts import ALWAYS_READ, CUTS, Marts, rows_of
from pipelines.disclosure_truth import amounts, atoms
from pipelines.warehouse import Warehouse
from tests.pipelines.runs import drop_folder, run_models

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
SLACK = DATA / "slack"
SETS = {
    "of 2016": ([SLACK / "houstondatavis_pseudo.zip"], 71),
    "of 2026": ([SLACK / "rcwg_2026.zip"], 377),
    "in three exports": ([SLACK / f"snap_{name}.zip" for name in ("45ad416", "5ebd904", "8da9d88")], 303),
    "of a wiki": ([DATA / "wiki" / "webplatform-docs-history.xml.zst"], 1000),
}
"""Exports, and of how many accounts they hold contributions (shared/data/SOURCES.md), bots and all."""
ABOUT_PEOPLE = [cut for cut in CUTS if cut.table in (
    "rel_active_users", "rel_contributor_ratios", "rel_executive_participation", "rel_breakdown", "rel_cascade",
    "rel_tools", "rel_critical_mass", "rel_definitions", "rel_pockets", "rel_control_chart",
)]  # fmt: skip
"""The tables that the audit makes equations of, and the one of cohorts that is told without a roster."""
READ_BY_THE_AUDIT = ("prep_own_period", "prep_present", "prep_platform_day", "prep_calendar")

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real exports do not lie beside the checkout"),
]


@pytest.fixture(scope="module", params=SETS, ids=lambda name: name.replace(" ", "_"))
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Warehouse, int]:
    """The marts of a set of exports, and how many accounts contribute in it."""
    exports, n_accounts = SETS[request.param]
    folder = tmp_path_factory.mktemp("real")
    reads = {table for cut in ABOUT_PEOPLE for table in (*ALWAYS_READ, *cut.reads, *READ_BY_THE_AUDIT)}
    drop = drop_folder(folder / "drop", {path.name: path for path in exports})
    run = run_models(drop, folder / "out", tables=sorted(reads))
    assert run.problems == []
    return Warehouse(run.path, threads=2), n_accounts


@pytest.mark.parametrize("min_group", [10, 5])
def test_the_release_of_real_exports_passes_the_audit(built, min_group):
    warehouse, n_accounts = built
    policy, limits = Policy(min_group=min_group), Limits(smallest_group=min_group)
    marts = Marts(warehouse, policy, ())
    told = {table: TABLES[table].empty() for table in (*RELEASED, "rel_revision")}
    told |= {cut.table: rows_of(cut, marts.reading(cut.reads)) for cut in ABOUT_PEOPLE}
    with warehouse.connect() as connection:
        people, done = atoms(connection), amounts(connection)
    allowed, taken = withdrawn(told, lambda tables: audit(people, done, [tables], limits).objected)
    assert max(taken.values(), default=0) < len(STEPS)
    found = audit(people, done, [allowed], limits)
    assert found.findings == []
    # it looked at something: figures of weeks and months in which some, and never more than there are, contributed
    n_contributors = allowed["rel_active_users"]["n_contributors"].drop_nulls()
    assert found.counts.n_figures > len(n_contributors) > 0
    assert 0 < n_contributors.max() <= n_accounts
