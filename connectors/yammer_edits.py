"""Which Yammer messages were edited and when: MessageVersions.csv, whose columns are not documented.

Versions are no records of their own; their texts are never read.
"""

from datetime import datetime
from typing import Final

from connectors.csvtext import CsvFile, RowFault, non_null
from connectors.yammer_times import AmbiguousDateError, parse_time
from models.problems import ExportRefused

EXPORT_AGAIN: Final = "Export the period again and do not edit the files."
_TIMES: Final = ("modified_at", "edited_at", "updated_at", "created_at")


def read_edits(file: CsvFile) -> dict[int, datetime | None]:
    """The last known edit of every edited message, None where no column says when."""
    edits: dict[int, datetime | None] = {}
    places = file.require((), ("message_id", "id", *_TIMES))
    key = places.get("message_id", places.get("id"))
    time = next((places[name] for name in _TIMES if name in places), None)
    for line, row in file.rows():
        if isinstance(row, RowFault) or key is None or not (row[key].isascii() and row[key].isdigit()):
            continue
        text = None if time is None else non_null(row[time])
        try:
            edited_at = None if text is None else parse_time(text, "time of edit")
        except RowFault:
            edited_at = None
        except AmbiguousDateError as error:
            raise refuse_ambiguous(file, line, error) from error
        known = edits.get(int(row[key]))
        edits[int(row[key])] = max(known, edited_at) if known and edited_at else known or edited_at
    return edits


def refuse_ambiguous(file: CsvFile, line: int, error: AmbiguousDateError) -> ExportRefused:
    """The exception for a file whose days and months cannot be told apart."""
    return file.refuse("PPL-TIM-002", f"date format is ambiguous in column {error}",
                       EXPORT_AGAIN, line)
