"""`turnout forget` from one release to the next: closed periods stand, all else is as if nobody had been there."""

import shutil
from pathlib import Path

from models.queries import modeled
from pipelines.erasure import forget
from pipelines.job import run_job
from pipelines.workspace import Workspace
from tests.pipelines import erasable
from tests.pipelines.erasable import ANN, BOSS, assert_absent, assert_there, pseudonyms, texts_in_tables
from tests.pipelines.runs import NOW, Run, assert_same_tables, run_models, run_whole

CLOSED = "from rel_contributor_ratios order by all"
CONTRIBUTIONS = (
    "select sum(n_contributions) from {table}_contributor_ratios where period_kind = 'month' and unit = 'all' "
    "and platform = 'all'"
)
ORGANISATION = {"dim_person", "person_ancestor", "executive_by_rule", "fct_person_day"}


def test_a_release_after_forgetting_is_that_of_exports_without_the_person_but_for_what_was_published(
    erasable_drop: Path, erasable_out: Path, tmp_path: Path
) -> None:
    out = shutil.copytree(erasable_out, tmp_path / "out")
    reference = run_models(erasable.write(tmp_path / "reference" / "drop", gone=[ANN]), tmp_path / "reference" / "out")
    outcome, before = run_whole(erasable_drop, out)
    assert outcome.release is not None, outcome.problems
    assert_there(out, ANN)
    published, (n_before,) = before.rows(CLOSED), before.rows(CONTRIBUTIONS.format(table="rel"))[0]
    assert published

    workspace = Workspace(exports=str(erasable_drop), out=str(out))
    report = forget.forget(out, erasable.email(ANN), exports=erasable_drop, backups=(), dagster_home=None, now=NOW,
                           run=lambda: run_job(workspace))  # fmt: skip
    assert (report.is_clean, report.is_released, report.n_rewritten, report.n_releases) == (True, True, 5, 1)
    assert report.exports == ["hr/roster.csv", "slack.zip", "usage.csv", "wiki.xml", "yammer.zip"]
    assert [path.name for path in (out / "releases").iterdir()] == [(out / "latest").resolve().name]
    assert_absent(out, ANN)
    assert pseudonyms(BOSS) <= {str(value) for _, value in texts_in_tables(out)}

    live, after = Run(out / "work" / "turnout.duckdb"), Run(out / "latest" / "turnout.duckdb")
    assert_same_tables(live, reference, ORGANISATION | {table for table in modeled() if table.startswith("mart_")})
    counts = (
        "select path, n_read, n_accepted, n_duplicate, n_excluded, n_quarantined from export_file "
        "where path <> 'slack.zip' order by path"  # there the reference has tombstones of seven messages with reactions
    )
    assert live.rows(counts) == reference.rows(counts)

    assert after.rows(CLOSED) == published
    assert after.one(CONTRIBUTIONS.format(table="rel")) == n_before > after.one(CONTRIBUTIONS.format(table="mart"))
    assert after.rows("from rel_revision") == []
    told = live.rows("select distinct rule, n_records, line from note where rule like 'PPL-ERA%'")
    assert told == [("PPL-ERA-004", 1, None)]
    page = (out / "latest" / "site" / "data.html").read_text(encoding="utf-8")
    assert "PPL-ERA-004" in page
