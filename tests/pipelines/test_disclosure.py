"""The audit of whole sites: what a run publishes passes, one number more does not, and nothing is looked at twice."""

import json
import re
import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from dashboards.workbook import write_workbook
from models.audit import Finding, Limits
from models.audit.pages import Cell, beyond_workbook
from models.release import Policy
from models.release.withdrawal import LINKED, withdrawn
from models.schemas import TABLES
from pipelines import disclosure
from pipelines.assets.cuts import CUTS, Marts, rows_of
from pipelines.disclosure import MEMORY, REPORT, DisclosureFound, audit_site
from pipelines.disclosure_site import WORKBOOK, workbook_tables
from pipelines.warehouse import Warehouse, frame_of
from tests.models.audited import counted, release
from tests.pipelines.runs import contents


def warehouse_of(out: Path) -> Warehouse:
    return Warehouse(out / "work" / "turnout.duckdb")


def audited(out: Path, site: Path, limits: Limits = Limits()):  # noqa: B008  # frozen
    return audit_site(site, warehouse=warehouse_of(out), out=out, limits=limits)


@pytest.fixture
def my_place(company_out: Path, tmp_path: Path) -> Path:
    """An output folder with the small company's warehouse in which nothing is published or remembered."""
    out = tmp_path / "out"
    (out / "releases").mkdir(parents=True)
    (out / "work" / "state").mkdir(parents=True)
    shutil.copyfile(company_out / "work" / "turnout.duckdb", out / "work" / "turnout.duckdb")
    return out


@pytest.fixture
def building(company_out: Path, tmp_path: Path) -> Path:
    """The small company's site, as if it were not published yet."""
    site = shutil.copytree(company_out / "latest" / "site", tmp_path / "site")
    (site / REPORT).unlink(missing_ok=True)
    return site


def test_the_workbook_is_read_as_it_was_written(my_place, building):
    told = workbook_tables(building)
    with warehouse_of(my_place).connect() as connection:
        for table, frame in told.items():
            assert_frame_equal(frame, frame_of(connection, f"from {table}"), check_row_order=False, rel_tol=1e-12)
    assert "rel_breakdown" in told


def test_a_name_of_any_letters_is_read_from_the_workbook_as_it_was_written(tmp_path):
    """XML has no control characters: a workbook spells them out, and what looks like one that is spelled out."""
    names = ["a\x1b[2J\x07\r\n\tb", "_x0041_", "_x005F_", "_x0041_x0042_", "<r>&lt;</r>", " a ", "\ufffe\u202e\u2028"]
    empty = TABLES["rel_unit_platforms"].empty()
    rows = pl.DataFrame({"unit": names}).select(
        pl.col("unit") if name == "unit" else pl.lit(None, kind).alias(name) for name, kind in empty.schema.items()
    )
    meta = pl.DataFrame({"as_of_on": [date(2026, 1, 1)], "reporting_zone": ["UTC"], "key_id": ["k"]})
    tables = {"rel_unit_platforms": rows, "meta": meta, "dim_metric": pl.DataFrame({"id": ["x"]})}
    write_workbook(tables, tmp_path / WORKBOOK)
    assert sorted(workbook_tables(tmp_path)["rel_unit_platforms"]["unit"]) == sorted(names)


def test_what_a_run_publishes_passes_and_says_how_much_was_looked_at(my_place, building):
    audited(my_place, building)
    report = json.loads((building / REPORT).read_text(encoding="utf-8"))
    assert set(report["findings"].values()) == {0}
    assert report["smallest_group"] == 10
    assert report["n_figures"] > report["n_equations"]
    assert report["n_protected"] > 0
    assert all(isinstance(value, int) for name, value in report.items() if name != "findings")


def test_the_audit_of_a_site_recognises_what_was_audited_before_it_was_written(my_place, building, monkeypatch):
    marts = Marts(warehouse_of(my_place), Policy(), ())
    rows = {cut.table: rows_of(cut, marts.reading(cut.reads)) for cut in CUTS if cut.table in LINKED}
    withdrawn(rows, disclosure.objections(warehouse_of(my_place), my_place, Limits()))
    monkeypatch.setattr(disclosure, "atoms", None)  # who is who need not be asked again
    audited(my_place, building)


def with_table(site: Path, table: str, change) -> None:
    """Writes the site's workbook anew with one table changed."""
    told = workbook_tables(site)
    meta = pl.DataFrame({"as_of_on": [date(2026, 1, 1)], "reporting_zone": ["UTC"], "key_id": ["k"]})
    others = {"meta": meta, "dim_metric": pl.DataFrame({"id": ["x"]})}
    write_workbook({**told, table: change(told[table]), **others}, site / WORKBOOK)


def test_one_number_more_fails(my_place, building):
    """One row about a unit that is too small to be shown, and nothing else is changed."""
    small = "from mart_active_users where platform = 'all' and period_kind = 'month' and n_eligible between 1 and 9"
    with warehouse_of(my_place).connect() as connection:
        hidden = frame_of(connection, f"{small} and n_contributors is not null order by all limit 1")

    def with_hidden(rows: pl.DataFrame) -> pl.DataFrame:
        return pl.concat([rows, hidden.select(rows.columns)])

    with_table(building, "rel_active_users", with_hidden)
    with pytest.raises(DisclosureFound) as raised:
        audited(my_place, building)
    assert ("small_group", "rel_active_users") in {(one.rule, one.table) for one in raised.value.findings}
    assert not (building / REPORT).exists()


def test_a_number_on_a_page_that_the_workbook_lacks_fails(my_place, building):
    page = building / "contributors.html"
    text = page.read_text(encoding="utf-8")
    changed = re.sub(r'(data-column="n_contributors" data-value=")\d+', r"\g<1>987654", text, count=1)
    if changed == text:
        row = '<tr><td data-column="n_contributors" data-value="987654">1</td></tr>'
        changed = text.replace("</table>", f"{row}</table>", 1)
    page.write_text(changed, encoding="utf-8")
    with pytest.raises(DisclosureFound) as raised:
        audited(my_place, building)
    assert [(one.rule, one.table, one.measure) for one in raised.value.findings] == [
        ("not_in_workbook", "contributors", "n_contributors")
    ]


def test_the_message_names_no_group_and_tells_no_value():
    found = [Finding("tail", "rel_active_users", "unit", f"measure_{n}", "week", n) for n in range(1, 6)]
    changed = Finding("changed", "rel_breakdown", "breakdown", "n_contributors", "month", 2)
    told = str(DisclosureFound([*found, changed]))
    assert told.startswith("PPL-PRV-020 site: 17 cells tell too much of few people: ")
    assert "rel_breakdown by breakdown, n_contributors, month (2)" in told
    assert "rel_active_users by unit, measure_5, week (5)" in told
    assert "and 2 more" in told
    assert "measure_1" not in told
    assert told.count("; ") == 3


def test_what_was_published_is_not_looked_at_again(my_place, building, monkeypatch):
    keep = audited(my_place, building)
    published = my_place / "releases" / "20270101T000000Z-aaaaaaaa"
    shutil.copytree(building, published / "site")
    keep(published)
    assert (my_place / "work" / "state" / MEMORY).stat().st_mode & 0o777 == 0o600
    first = contents(building / REPORT)
    (building / REPORT).unlink()

    def never(*_: object) -> pl.DataFrame:
        raise AssertionError("the people were read again")

    monkeypatch.setattr(disclosure, "atoms", never)
    audited(my_place, building)
    assert contents(building / REPORT) == first
    # stricter than before: everything is looked at
    with pytest.raises(AssertionError, match="again"):
        audited(my_place, building, Limits(smallest_group=12))


def test_of_releases_that_stand_no_more_nothing_is_remembered(my_place, building):
    keep = audited(my_place, building)
    for name in ("20270101T000000Z-aaaaaaaa", "20270102T000000Z-bbbbbbbb"):
        (my_place / "releases" / name).mkdir()
        keep(my_place / "releases" / name)
    shutil.rmtree(my_place / "releases" / "20270101T000000Z-aaaaaaaa")
    audited(my_place, building)(my_place / "releases" / "20270102T000000Z-bbbbbbbb")
    memory = json.loads((my_place / "work" / "state" / MEMORY).read_text(encoding="utf-8"))
    assert set(memory["releases"]) == {"20270102T000000Z-bbbbbbbb"}
    assert memory["releases"]["20270102T000000Z-bbbbbbbb"] == sorted(memory["panels"])


def test_an_earlier_release_that_differs_is_read(my_place, building):
    earlier = my_place / "releases" / "20260101T000000Z-cccccccc" / "site"
    shutil.copytree(building, earlier)

    def less_by_one(rows: pl.DataFrame) -> pl.DataFrame:
        is_whole = (pl.col("unit") == "all") & (pl.col("n_eligible") > 20) & (pl.col("period_kind") == "month")
        less = pl.when(is_whole).then(pl.col("n_eligible") - 1).otherwise("n_eligible")
        return rows.with_columns(less.alias("n_eligible"))

    with_table(earlier, "rel_active_users", less_by_one)
    with pytest.raises(DisclosureFound) as raised:
        audited(my_place, building)
    assert {(one.rule, one.table, one.measure) for one in raised.value.findings} == {
        ("changed", "rel_active_users", "n_eligible")
    }


def cell(row: int, column: str, value: float) -> Cell:
    return Cell("page", row, column, value)


TOLD = release(
    rel_active_users=[counted("all", 200, 50, n_new=7)], rel_contributor_ratios=[counted("all", 200, 50, n_some=31)]
)


@pytest.mark.parametrize(
    ("cells", "is_told"),
    [
        ([cell(1, "n_contributors", 50)], True),
        ([cell(1, "n_contributors", 31)], False),  # stands elsewhere, but not in a column of this name
        ([cell(1, "now", 31)], True),
        ([cell(1, "now", 32)], False),
        ([cell(1, "share", 0.155)], True),  # 31 of 200
        ([cell(1, "now", 50), cell(1, "then", 31), cell(1, "difference", 19)], True),
        ([cell(1, "now", 50), cell(2, "then", 31), cell(1, "difference", 19)], False),  # not of one row
    ],
)
def test_a_cell_is_told_by_the_workbook(cells, is_told):
    assert (beyond_workbook(TOLD, cells) == []) is is_told
