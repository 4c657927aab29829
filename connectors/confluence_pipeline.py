"""Confluence Data Center's data pipeline: CSV files of users, spaces, pages and comments, alone or one job together.

They hold the creation of each page and its latest change, no history, and do not say which pages are restricted.
What their rows amount to is `confluence_pipeline_rows`.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from connectors.collected import Collected, coverage
from connectors.confluence import WORKSPACE
from connectors.confluence_pipeline_rows import REASONS, Tables
from connectors.contract import Connector, Frame, frame
from connectors.csvtext import CsvFile, Notes, RowFault, headers
from connectors.settings import SourceSettings
from connectors.source import Member, Source
from models.problems import ExportRefused

FORMAT: Final = "confluence-pipeline"
_ANALYTICS: Final = "analytics_events"
_KNOWN_BY: Final = {
    "comments": {"instance_url", "comment_id"}, "pages": {"instance_url", "page_id"},
    "spaces": {"instance_url", "space_key", "space_type"}, "users": {"instance_url", "user_id", "user_name"},
}
"""Columns by which a file is recognised, the first that fits."""
_ORDER: Final = ("users", "spaces", "pages", "comments")
_JOB: Final = re.compile(r"\w+_job(\d+)_.*\.csv", re.IGNORECASE)
_COLUMN: Final = re.compile(r"[a-z][a-z_]{0,39}")


def detect(source: Source, /) -> str | None:
    """One of the files, or a folder or zip that holds files of one job and nothing else."""
    tables = _tables(source)
    return FORMAT if tables else None


def read(source: Source, settings: SourceSettings, /) -> Iterator[Frame]:
    """The frames of one job; pages before comments, for only pages tell their space."""
    found = _tables(source)
    workspace = settings.workspace or WORKSPACE
    if set(found) <= {_ANALYTICS}:
        raise _unknown_layout(CsvFile(source, next(iter(found.values()))), "events of analytics are not supported")
    tables = Tables(workspace, settings)
    notes = Notes()
    for name in _ORDER:
        if name in found:
            yield from _table_frames(CsvFile(source, found[name]), name, tables, notes)
    if _ANALYTICS in found:
        yield from _unread_frames(CsvFile(source, found[_ANALYTICS]), workspace)
    yield frame("note", notes.rows())
    yield from coverage({workspace: tables.days}, settings)
    yield frame("capability", [{"has_reactions": False, "has_reading": False, "has_direct": False, "has_edits": False,
                                "has_history": False}])


def _table_frames(file: CsvFile, name: str, tables: Tables, notes: Notes) -> Iterator[Frame]:
    """One file row by row, under a fault of its columns refused with what it has."""
    required, optional = tables.columns(name)
    missing = [column for column in required if column not in file.header]
    if name == "comments" and not any(column in file.header for column in optional):
        missing.append("page_id")
    if missing:
        raise _unknown_layout(file, f"{name} without column(s) {', '.join(missing)}")
    places = file.require(required, optional)
    file.note_strangers(notes, tables.known(name))
    rows = Collected(file.member, REASONS)
    n_read = 0
    for line, cells in file.rows():
        n_read += 1
        try:
            if isinstance(cells, RowFault):
                raise cells
            tables.add(name, {column: cells[place] for column, place in places.items()}, line, rows)
        except RowFault as fault:
            rows.put_aside(line, fault.code, fault.what)
        if rows.is_full:
            yield from rows.frames(tables.workspace)
    tables.close(name, rows, notes, file.member.name)
    tables.days |= rows.days
    yield from rows.closing_frames(tables.workspace, n_read)


def _unread_frames(file: CsvFile, workspace: str) -> Iterator[Frame]:
    """Counts the rows of a file whose layout is not known."""
    rows = Collected(file.member, REASONS)
    n_read = sum(1 for _ in file.rows())
    rows.exclude("analytics_event", n_read)
    yield from rows.closing_frames(workspace, n_read)


def _unknown_layout(file: CsvFile, what: str) -> ExportRefused:
    """Names the columns that the file has, as far as they look like columns."""
    columns = [name for name in file.header if _COLUMN.fullmatch(name)]
    return file.refuse("PPL-WIK-010", f"{what}; it has {', '.join(columns) or 'no column that is known'}",
                       "Report these columns, or take the file out of the drop folder.")


def _tables(source: Source) -> dict[str, Member]:
    """The files by table; none if this is no job, or more than one."""
    found: dict[str, Member] = {}
    jobs = set()
    for member in source.members:
        path = PurePosixPath(member.name or source.file)
        table = _table_of(source, member, path.name) if path.suffix.lower() == ".csv" else None
        if table is None or table in found or (source.kind == "folder" and len(path.parts) > 1):
            return {}
        found[table] = member
        job = _JOB.fullmatch(path.name)
        jobs.add(job[1] if job else "")
    return found if len(jobs) == 1 else {}


def _table_of(source: Source, member: Member, name: str) -> str | None:
    if name.lower().startswith(f"{_ANALYTICS}_job"):
        return _ANALYTICS
    header = set(next(headers(source, member, (",",)), []))
    return next((table for table, columns in _KNOWN_BY.items() if columns <= header), None)


def _uses(settings: SourceSettings) -> object:
    return (settings.workspace, settings.zone, settings.include, settings.home_domains, settings.window_from,
            settings.window_to)


CONNECTOR: Final = Connector(platform="confluence", variant="pipeline", version=2, detect=detect, read=read, uses=_uses)
