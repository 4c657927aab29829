"""What stands in a site: the tables of its workbook, and the numbers of its pages' tables. Nothing is judged here."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree  # nosec B405  # reads only the workbook that this run has written

import polars as pl

from models.audit.pages import Cell
from models.schemas import TABLES

WORKBOOK: Final = "release.xlsx"
_SHEET: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CELL: Final = re.compile(r'<c r="([A-Z]+)(\d+)"([^>]*?)(?:/>|>(?:<v>([^<]*)</v>)?</c>)')
_ESCAPED: Final = re.compile(r"_x005F(?P<literal>_x[0-9A-Fa-f]{4}_)|_x(?P<code>[0-9A-F]{4})_")
"""A character that XML cannot hold, as workbooks write it, and what only looks like one."""
_EXCEL_DAY_ZERO: Final = "1899-12-30"


def workbook_tables(site: Path, wanted: Mapping[str, object] | None = None) -> dict[str, pl.DataFrame]:
    """The released tables of a site by name, those `wanted` or all, typed as their schemas say.

    A column that a workbook of an earlier version lacks is unknown everywhere.
    """
    with zipfile.ZipFile(site / WORKBOOK) as book:
        texts = _texts(book)
        root = ElementTree.fromstring(book.read("xl/workbook.xml"))  # noqa: S314  # our own file  # nosec B314
        names = [str(one.get("name")) for one in root.iter(f"{_SHEET}sheet")]
        tables = {}
        for number, sheet in enumerate(names, 1):
            table = _TABLE_OF.get(sheet)
            if table and (wanted is None or table in wanted):
                tables[table] = _table(book.read(f"xl/worksheets/sheet{number}.xml").decode(), table, texts)
    return tables


_TABLE_OF: Final = {
    table.removeprefix("rel_").replace("_", " ")[:31]: table for table in TABLES if table.startswith("rel_")
}


def _texts(book: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314  # our own file  # nosec B314
    return [_ESCAPED.sub(_unescaped, "".join(one.itertext())) for one in shared.iter(f"{_SHEET}si")]


def _unescaped(escape: re.Match[str]) -> str:
    return escape["literal"] or chr(int(escape["code"], 16))


def _table(xml: str, table: str, texts: list[str]) -> pl.DataFrame:
    columns: dict[str, list[object]] = {}
    head: dict[str, str] = {}
    n_rows = 0
    for letters, number, attributes, value in _CELL.findall(xml):
        cell: object = value or None
        if cell is not None and 't="s"' in attributes:
            cell = texts[int(value)]
        elif cell is not None and 't="b"' not in attributes:
            cell = float(value)
        row = int(number) - 1
        if row == 0:
            head[letters] = str(cell)
            columns[letters] = []
            continue
        n_rows = max(n_rows, row)
        column = columns[letters]
        column.extend([None] * (row - 1 - len(column)))
        column.append(cell)
    named = {head[letters]: cells + [None] * (n_rows - len(cells)) for letters, cells in columns.items()}
    shape = TABLES[table].empty().schema
    return pl.DataFrame(
        [_typed(named.get(name, [None] * n_rows), dtype).alias(name) for name, dtype in shape.items()], schema=shape
    )


def _typed(cells: list[object], dtype: Any) -> pl.Series:
    if dtype == pl.Boolean:
        return pl.Series([None if cell is None else cell == "1" for cell in cells], dtype=dtype)
    if dtype == pl.Date:
        days = pl.Series(cells, dtype=pl.Float64).cast(pl.Int32)
        return pl.select(pl.lit(_EXCEL_DAY_ZERO).str.to_date() + pl.duration(days=days)).to_series().cast(dtype)
    if dtype == pl.String:
        return pl.Series([None if cell is None else str(cell) for cell in cells], dtype=dtype)
    return pl.Series(cells, dtype=pl.Float64).cast(dtype)


def cells_of_pages(site: Path) -> Iterator[Cell]:
    """Every table cell of every page that says which column it shows."""
    for page in sorted(site.glob("*.html")):
        reader = _Reader()
        reader.feed(page.read_text(encoding="utf-8"))
        yield from (Cell(page.stem, row, column, value) for row, column, value in reader.cells)


class _Reader(HTMLParser):
    """The cells that name their column."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[tuple[int, str, float]] = []
        self._n_rows = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self._n_rows += tag == "tr"
        column, value = named.get("data-column"), named.get("data-value")
        if column and value and _NUMBER.fullmatch(value):
            self.cells.append((self._n_rows, column, float(value)))


_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
