"""The released tables as a workbook: a sheet for each, and what every column and measure means.

Text is stored as text, so that nothing that a platform's users named can run as a formula or open an address. An empty
cell is unknown or withheld, never 0.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from models.schemas import TABLES

WORKBOOK: Final = "release.xlsx"
_PREFIX: Final = "rel_"
_NO_FORMULAS: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_CHARACTER: Final = 8
"""Pixels."""
_README: Final = (
    "Figures of groups of people, as on the pages of the same release. Each sheet is one released table.",
    "An empty cell is unknown or withheld, never 0. The sheet withheld says what was held back, and by which rule.",
    "Counts of people of groups are in fives and their shares follow from these, so parts do not add up, by design. A "
    "share without a value but with bounds is told as a band only; without bounds it is not told.",
    "The sheet columns says what every column holds, the sheet measures how each of them is counted.",
)


def write_workbook(tables: Mapping[str, pl.DataFrame], path: Path) -> None:
    """Writes `path` from the tables of a release; the same tables give the same bytes."""
    meta = tables["meta"].row(0, named=True)
    with xlsxwriter.Workbook(str(path), _NO_FORMULAS) as book:
        book.set_properties({"title": "Participation", "created": _moment(meta["as_of_on"])})
        about = [
            *_README,
            f"As of {meta['as_of_on']}, in days of the zone {meta['reporting_zone']}.",
            f"Made from pseudonyms under the key with the id {meta['key_id']}.",
        ]
        _sheet(book, "read me", pl.DataFrame({"about": about}))
        released = {table: rows for table, rows in sorted(tables.items()) if table.startswith(_PREFIX)}
        for table, rows in released.items():
            _sheet(book, table.removeprefix(_PREFIX).replace("_", " ")[:31], rows.sort(rows.columns))
        _sheet(book, "columns", _columns(released))
        _sheet(book, "measures", tables["dim_metric"])


def write_answer(rows: pl.DataFrame, about: list[str], path: Path) -> None:
    """Writes one table, and on a sheet of its own what it is."""
    with xlsxwriter.Workbook(str(path), _NO_FORMULAS) as book:
        book.set_properties({"created": _moment(None)})
        _sheet(book, "answer", rows)
        _sheet(book, "about", pl.DataFrame({"about": about}))


def _moment(day: date | None) -> datetime:
    return datetime.combine(day or date(2000, 1, 1), time())


def _columns(released: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    rows = [
        (table.removeprefix(_PREFIX).replace("_", " "), name, str(column.description))
        for table in released
        for name, column in TABLES[table].to_schema().columns.items()
    ]
    return pl.DataFrame(rows, schema=["sheet", "column", "holds"], orient="row")


def _sheet(book: Workbook, name: str, rows: pl.DataFrame) -> None:
    widths = {column: _CHARACTER * max(len(column) + 3, 12) for column in rows.columns}
    sheet = book.add_worksheet(name)
    sheet.add_write_handler(str, _write_markup)
    rows.write_excel(book, sheet, column_widths=widths, freeze_panes=(1, 0))


def _write_markup(sheet: Worksheet, row: int, column: int, text: str, form: Format | None = None) -> int | None:
    """Writes a text that would pass for text with fonts, and go into the file as markup; null leaves all others."""
    if not (text.startswith("<r>") and text.endswith("</r>")):
        return None
    # in three pieces that really have fonts, each of which is escaped
    return int(sheet.write_rich_string(row, column, text[:1], text[1:2], text[2:], form))
