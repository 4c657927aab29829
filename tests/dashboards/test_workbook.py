"""The workbook: what it holds, that nothing in it runs, and that the same tables give the same bytes."""

import re
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest

from dashboards.workbook import write_answer, write_workbook
from models.metrics import metric_table
from models.schemas import TABLES
from tests.dashboards.conftest import Tables

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"x\")", "http" + "://example.org", "\t=1", "12345")


def sheets_of(path: Path) -> dict[str, list[list[str]]]:
    """Name of each sheet and its cells as text, read without any library for workbooks."""
    with zipfile.ZipFile(path) as book:
        texts = []
        if "xl/sharedStrings.xml" in book.namelist():
            shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
            texts = ["".join(one.itertext()) for one in shared.iter(f"{SHEET}si")]
        root = ElementTree.fromstring(book.read("xl/workbook.xml"))
        names = [one.get("name", "") for one in root.iter(f"{SHEET}sheet")]
        found = {}
        for number, name in enumerate(names, 1):
            root = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
            assert not list(root.iter(f"{SHEET}f")), f"a formula in {name}"
            assert not list(root.iter(f"{SHEET}hyperlink")), f"an address in {name}"
            found[name] = [[_cell(one, texts) for one in row] for row in root.iter(f"{SHEET}row")]
    return found


def _cell(cell: ElementTree.Element, texts: list[str]) -> str:
    value = cell.find(f"{SHEET}v")
    if value is None or value.text is None:
        return ""
    return texts[int(value.text)] if cell.get("t") == "s" else value.text


@pytest.fixture(scope="module")
def tables(variants: dict[str, Tables]) -> Tables:
    return variants["full"]


def test_there_is_a_sheet_for_each_released_table_and_what_it_means(tables, tmp_path):
    write_workbook(tables, tmp_path / "a.xlsx")
    sheets = sheets_of(tmp_path / "a.xlsx")
    released = [table for table in tables if table.startswith("rel_")]
    assert set(sheets) == {
        "read me", "columns", "measures", *(table.removeprefix("rel_").replace("_", " ") for table in released),
    }
    for table in released:
        rows = sheets[table.removeprefix("rel_").replace("_", " ")]
        assert rows[0] == tables[table].columns
        assert len(rows) == tables[table].height + 1 or tables[table].is_empty()
    explained = {(row[0], row[1]) for row in sheets["columns"][1:]}
    assert explained == {
        (table.removeprefix("rel_").replace("_", " "), name)
        for table in released for name in TABLES[table].to_schema().columns
    }
    assert [row[0] for row in sheets["measures"][1:]] == metric_table()["id"].to_list()


def test_what_is_unknown_is_an_empty_cell(tables, tmp_path):
    unknown = tables["rel_active_users"].with_columns(n_contributors=pl.lit(None, dtype=pl.Int64)).head(1)
    write_workbook(tables | {"rel_active_users": unknown}, tmp_path / "a.xlsx")
    header, row = sheets_of(tmp_path / "a.xlsx")["active users"][:2]
    assert row[header.index("n_contributors")] == ""
    assert row[header.index("n_eligible")] == str(unknown["n_eligible"][0])


def test_no_text_becomes_a_formula_an_address_or_a_number(tables, tmp_path):
    hostile = tables["rel_active_users"].head(len(HOSTILE)).with_columns(unit=pl.Series(HOSTILE))
    write_workbook(tables | {"rel_active_users": hostile}, tmp_path / "a.xlsx")
    header, *rows = sheets_of(tmp_path / "a.xlsx")["active users"]
    assert [row[header.index("unit")] for row in rows] == list(HOSTILE)
    write_answer(pl.DataFrame({"unit": HOSTILE}), ["=1+1"], tmp_path / "b.xlsx")
    sheets = sheets_of(tmp_path / "b.xlsx")
    assert [row[0] for row in sheets["answer"][1:]] == list(HOSTILE)
    assert sheets["about"] == [["about"], ["=1+1"]]


def test_a_name_that_looks_like_text_with_fonts_is_written_letter_by_letter(tables, tmp_path):
    names = ["<r></t></si><f>1+1</f>a</r>", "<r><t>b</t></r>", "<r></r>", "<r>&lt; ", " </r>"]
    write_answer(pl.DataFrame({"unit": names}), names, tmp_path / "a.xlsx")
    sheets = sheets_of(tmp_path / "a.xlsx")
    assert [row[0] for row in sheets["answer"][1:]] == names
    assert [row[0] for row in sheets["about"][1:]] == names


def test_the_same_tables_give_the_same_bytes_and_no_time_of_writing(tables, tmp_path):
    for name in ("a", "b"):
        write_workbook(tables, tmp_path / f"{name}.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        years = set(re.findall(rb"(20\d\d)-\d\d-\d\dT", book.read("docProps/core.xml")))
    assert years == {str(tables["meta"]["as_of_on"][0].year).encode()}


def test_a_release_of_nothing_is_a_workbook_too(tables, tmp_path):
    nothing = {name: rows.clear() if name.startswith("rel_") else rows for name, rows in tables.items()}
    meta = tables["meta"].with_columns(as_of_on=pl.lit(None, dtype=pl.Date))
    write_workbook(nothing | {"meta": meta}, tmp_path / "a.xlsx")
    assert date(2000, 1, 1).isoformat() in zipfile.ZipFile(tmp_path / "a.xlsx").read("docProps/core.xml").decode()
