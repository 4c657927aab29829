"""The job on real exports gives the figures that independent readings found (shared/data/SOURCES.md).

How a reader takes single records is tested with the connectors.
"""

import shutil
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest

from tests.pipelines.runs import FACTS, FULL, MARTS, Run, assert_same_tables, drop_folder, run_models, run_whole

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
HOUSTON = DATA / "slack" / "houstondatavis_pseudo.zip"
RCWG = DATA / "slack" / "rcwg_2026.zip"
SNAPSHOTS = [DATA / "slack" / f"snap_{name}.zip" for name in ("45ad416", "5ebd904", "8da9d88")]
WIKI = DATA / "wiki" / "webplatform-docs-history.xml.zst"
APPROVED = '[analyst]\nfile = "full"\napproved_by = "the tests"\n'
HOUSTON_MONTHS = [11, 8, 7, 5, 9, 5, 3, 8, 4, 5, 6, 4, 10, 13]
WIKI_MONTHS = {
    "2012-09": (1_020, 14),
    "2012-10": (6_088, 281),
    "2012-11": (1_995, 99),
    "2012-12": (1_660, 76),
    "2013-06": (710, 94),
    "2014-06": (983, 24),
    "2015-03": (127, 8),
}

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real exports do not lie beside the checkout"),
]


def released(folder: Path, *exports: Path, config: str = APPROVED) -> Run:
    """The live warehouse after the whole job over copies of these exports."""
    drop = drop_folder(folder / "drop", {path.name: path for path in exports}, config=config)
    outcome, _ = run_whole(drop, folder / "out")
    assert outcome.release is not None, outcome.problems
    assert all(line.startswith("PPL-COV-001") for line in outcome.problems), outcome.problems
    return Run(folder / "out" / "work" / "turnout.duckdb")


def figures(folder: Path, *exports: Path) -> Run:
    """What became of each record of copies of these exports, and who was active; other marts are not built."""
    drop = drop_folder(folder / "drop", {path.name: path for path in exports})
    run = run_models(drop, folder / "out", tables=(*FACTS, "mart_active_users"))
    assert run.problems == []
    return run


def messages(run: Run, workspace: str) -> int:
    return int(str(run.one("select count(*) from fct_event where action <> 'react' and workspace = $w", w=workspace)))


def contributions(run: Run, workspace: str) -> tuple[int, int, int, int]:
    """Human posts, roots and replies among them, and the accounts behind them."""
    ((total, posts, replies, accounts),) = run.rows(
        """
        select count(*), count(*) filter (where action = 'post'), count(*) filter (where action = 'reply'),
            count(distinct account_id)
        from fct_event where is_contribution and workspace = $w
        """,
        w=workspace,
    )
    return total, posts, replies, accounts  # type: ignore[return-value]


def reactors(run: Run, workspace: str) -> tuple[int, int]:
    """Accounts that react, and those of them that never post."""
    (row,) = run.rows(
        """
        with r as (select distinct account_id from fct_event where action = 'react' and workspace = $w),
            p as (select distinct account_id from fct_event where is_contribution and workspace = $w)
        select count(*), count(*) filter (where p.account_id is null) from r left join p using (account_id)
        """,
        w=workspace,
    )
    return row  # type: ignore[return-value]


def contributors_by_month(run: Run, workspace: str) -> list[tuple[str, int]]:
    return run.rows(  # type: ignore[return-value]
        """
        select strftime(occurred_on, '%Y-%m') as month, count(distinct account_id)
        from fct_event where is_contribution and workspace = $w group by month order by month
        """,
        w=workspace,
    )


def contributors_in_the_mart(run: Run, platform: str) -> list[tuple[str, int]]:
    """People of the month rows that are known, eligible or not."""
    return run.rows(  # type: ignore[return-value]
        """
        select strftime(period_start, '%Y-%m'), n_contributors + n_outside
        from mart_active_users
        where period_kind = 'month' and platform = $p and unit = 'all' and n_contributors is not null
        order by period_start
        """,
        p=platform,
    )


def assert_houston(run: Run, workspace: str) -> None:
    assert messages(run, workspace) == 1_382
    assert contributions(run, workspace) == (1_031, 1_031, 0, 32)
    authors = "select count(distinct account_id) from fct_event where action <> 'react' and workspace = $w"
    assert run.one(authors, w=workspace) == 71
    assert reactors(run, workspace) == (17, 2)
    assert [n for _, n in contributors_by_month(run, workspace)] == HOUSTON_MONTHS


def assert_rcwg(run: Run, workspace: str) -> None:
    assert messages(run, workspace) == 12_564
    assert contributions(run, workspace) == (5_813, 2_404, 3_409, 377)
    assert reactors(run, workspace) == (302, 72)
    assert sum(n for _, n in contributors_by_month(run, workspace)) == 1_276


def assert_union(run: Run, workspace: str) -> None:
    assert messages(run, workspace) == 9_787
    assert contributions(run, workspace) == (4_620, 1_873, 2_747, 303)


def assert_wiki(run: Run) -> None:
    of_wiki = "from fct_event where platform = 'mediawiki'"
    assert run.rows(f"select count(*), count(distinct thread_id), count(distinct account_id) {of_wiki}") == [
        (34_655, 5_044, 1_000)
    ]
    assert run.rows(f"select min(occurred_on)::varchar, max(occurred_on)::varchar {of_wiki}") == [
        ("2011-08-22", "2015-09-04")
    ]
    months = run.rows(
        f"select strftime(occurred_on, '%Y-%m') as month, count(*), count(distinct account_id) {of_wiki} group by month"
    )
    found = {month: (rows, accounts) for month, rows, accounts in months}
    assert {month: found[month] for month in WIKI_MONTHS} == WIKI_MONTHS
    assert run.one(f"select count(*) {of_wiki} and is_revert") == 353


def workspace_of(run: Run, path: str) -> str:
    return str(run.one("select workspace from export_file where path = $p", p=path))


@pytest.fixture(scope="module")
def houston(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return figures(tmp_path_factory.mktemp("houston"), HOUSTON)


@pytest.fixture(scope="module")
def rcwg(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return figures(tmp_path_factory.mktemp("rcwg"), RCWG)


@pytest.fixture(scope="module")
def union(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return figures(tmp_path_factory.mktemp("union"), *SNAPSHOTS)


@pytest.fixture(scope="module")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return figures(tmp_path_factory.mktemp("wiki"), WIKI)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Run:
    names = "".join(f'[source."{path}"]\nworkspace = "{name}"\n' for path, name in
                    (("houston*", "houston"), ("rcwg*", "rcwg"), ("snap*", "snapshots")))  # fmt: skip
    exports = (HOUSTON, RCWG, *SNAPSHOTS, WIKI)
    return released(tmp_path_factory.mktemp("everything"), *exports, config=names + FULL)


def test_the_export_of_2016_gives_its_known_figures(houston):
    assert_houston(houston, workspace_of(houston, HOUSTON.name))


def test_the_mart_of_the_export_of_2016_has_its_known_contributors_by_month(houston):
    shown = contributors_in_the_mart(houston, "slack")
    assert [n for _, n in shown] == HOUSTON_MONTHS
    assert shown == contributors_by_month(houston, workspace_of(houston, HOUSTON.name))


def test_the_export_of_2026_gives_its_known_figures(rcwg):
    assert_rcwg(rcwg, workspace_of(rcwg, RCWG.name))
    # 10 in channels, 2 in canvases.json
    assert rcwg.rows("select rule, sum(n_excluded)::int from exclusion group by rule") == [("canvas", 12)]
    assert rcwg.rows("select n_excluded, n_quarantined from export_file") == [(12, 0)]


def test_the_mart_of_the_export_of_2026_has_its_known_sum_of_contributors(rcwg):
    shown = contributors_in_the_mart(rcwg, "slack")
    assert sum(n for _, n in shown) == 1_276
    assert shown == contributors_by_month(rcwg, workspace_of(rcwg, RCWG.name))


def test_three_overlapping_exports_together_give_the_figures_of_their_union(union):
    assert_union(union, workspace_of(union, SNAPSHOTS[0].name))


def test_a_wiki_history_gives_its_known_figures(wiki):
    assert_wiki(wiki)
    assert wiki.rows("select n_read, n_accepted, n_duplicate, n_quarantined from export_file") == [
        (34_655, 34_655, 0, 0)
    ]


def test_all_real_exports_in_one_folder_give_each_its_figures(everything):
    assert_houston(everything, "houston")
    assert_rcwg(everything, "rcwg")
    assert_union(everything, "snapshots")
    assert_wiki(everything)
    assert {status for (status,) in everything.rows("select distinct status from export_file")} == {"loaded"}


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The lake of each snapshot alone, so that the six orders need not parse them again."""
    lakes = {}
    for path in SNAPSHOTS:
        folder = tmp_path_factory.mktemp(path.stem)
        run_models(drop_folder(folder / "drop", {path.name: path}), folder / "out", is_built=False)
        lakes[path.name] = folder / "out" / "work" / "lake"
    return lakes


def arriving(folder: Path, order: tuple[Path, ...], parsed: dict[str, Path]) -> Iterator[Run]:
    """One run after each export that arrives, into the same output; all models only for an order and its reverse.

    The models read nothing but what `FACTS` holds, so that for the other orders these are enough.
    """
    drop = drop_folder(folder / "drop", {})
    tables = () if order in (tuple(SNAPSHOTS), tuple(reversed(SNAPSHOTS))) else (*FACTS, *MARTS)
    for number, path in enumerate(order, 1):
        shutil.copy(path, drop / path.name)
        shutil.copytree(parsed[path.name], folder / "out" / "work" / "lake", dirs_exist_ok=True)
        is_built = number == len(order) or order == tuple(SNAPSHOTS)
        yield run_models(drop, folder / "out", is_built=is_built, tables=tables)


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory, parsed: dict[str, Path]) -> list[Run]:
    return [list(arriving(tmp_path_factory.mktemp("order"), order, parsed))[-1] for order in permutations(SNAPSHOTS)]


def test_three_overlapping_exports_give_the_same_figures_in_each_order_of_arrival(orders):
    for run in orders:
        assert_union(run, str(run.one("select distinct workspace from fct_event")))


def test_the_order_of_arrival_changes_no_row_of_any_table(orders):
    first, *others = orders
    names = {name for name in first.tables() if not name.startswith("stg_") and name != "export_file"}
    for other in others:
        of_other = names & set(other.tables())
        assert {*FACTS, *MARTS} - {"export_file"} <= of_other
        assert_same_tables(first, other, of_other)
    assert names <= set(others[-1].tables())
    ledger = "from export_file select * exclude (loaded_at) order by file_id"
    assert len({repr(run.rows(ledger)) for run in orders}) == 1


def test_exports_that_arrive_again_under_other_names_change_nothing(orders, tmp_path, parsed):
    before = orders[0]
    drop = drop_folder(tmp_path / "drop", {})
    for lake in parsed.values():
        shutil.copytree(lake, tmp_path / "out" / "work" / "lake", dirs_exist_ok=True)
    for path in SNAPSHOTS:
        shutil.copy(path, drop / path.name)
        shutil.copy(path, drop / f"again {path.name}")
    run_models(drop, tmp_path / "out", is_built=False)
    after = run_models(drop, tmp_path / "out", tables=(*FACTS, *MARTS))
    assert_same_tables(before, after, ("fct_event", "fct_person_day", *MARTS))
    assert after.one("select count(*) from export_file") == 3
