"""Downloads of Slack's analytics dashboard: members and channels over a window, and the overview by day.

The cumulative `Messages posted` of the overview goes up and down and is never read. Names of people are never read.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import Final

from connectors.csvtext import CsvFile, RowFault, headers, integer
from connectors.roster_dates import AmbiguousOrder, OrderProof, read_date
from connectors.slack_analytics_ledger import Rows
from connectors.source import Member
from connectors.streams_text import Unpacked

MEMBERS: Final = "members"
CHANNELS: Final = "channels"
OVERVIEW: Final = "overview"
NO_WORKSPACE: Final = "workspace"
"""The workspace of a table, which names none, unless turnout.toml does."""

_COLUMNS: Final = {
    OVERVIEW: ("Date", "Daily active members", "Daily members posting messages"),
    MEMBERS: ("User ID", "Account type", "Days active", "Messages posted", "Reactions added"),
    CHANNELS: ("Name", "Messages posted by members", "Members who posted", "Members who viewed", "Reactions added"),
}
_OPTIONAL: Final = ("Email", "Deactivated date (UTC)")
_MESSAGES: Final = tuple(f"Messages in {place}" for place in ("public channels", "private channels", "DMs"))
"""Counts of one day that together are all; shared channels are among public and private ones."""

_WEEKLY: Final = ("Weekly active members", "Weekly members posting messages")
"""Counts of different members over a week that ends with the day. Slack's help names the day and the preceding seven
for the first, the preceding six for the second; in a real file both rise and fall as seven days do, and only seven."""

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED: Final = re.compile(r"([A-Za-z]{3})[a-z]*[ _]+([0-9]{1,2})[ _,]+([0-9]{4})")
_IN_NAME: Final = re.compile(rf"(?<![0-9])[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?![0-9])|(?<![A-Za-z]){_NAMED.pattern}")


def table_kind(source: Unpacked, member: Member) -> str | None:
    """Which table has this header."""
    for header in headers(source, member):
        for kind, columns in _COLUMNS.items():
            if set(columns) <= set(header):
                return kind
    return None


def read_table(source: Unpacked, member: Member, kind: str, rows: Rows) -> Iterator[None]:
    """Adds the rows of a table."""
    table = CsvFile(source, member)
    places = table.require(_COLUMNS[kind], (*_OPTIONAL, *_MESSAGES, *_WEEKLY))
    if rows.settings.workspace is None:
        rows.note("PPL-SLA-002", "the file does not name its workspace; set it in turnout.toml")
    if kind == OVERVIEW:
        return _read_overview(table, places, rows)
    window = _window(table, rows)
    return (_read_members if kind == MEMBERS else _read_channels)(table, places, rows, window)


def _read_members(table: CsvFile, places: dict[str, int], rows: Rows, window: tuple[date, date]) -> Iterator[None]:
    workspace = rows.settings.workspace or NO_WORKSPACE
    for line, row in _cells(table, places, rows):
        try:
            account = row["User ID"]
            if not account:
                raise RowFault("PPL-SLA-004", "User ID is empty")
            days, posted, reacted = (_count(row, name) for name in _COLUMNS[MEMBERS][2:])
            rows.usage(line, workspace=workspace, account=account, report="member_analytics_window",
                       period_from=window[0], period_to=window[1], reported_on=window[1], is_active=days > 0,
                       n_posted=posted, n_reacted=reacted)
            closed_on, sort = row.get("Deactivated date (UTC)"), row["Account type"].lower()
            rows.account(line, workspace, account, is_guest="guest" in sort if sort else None,
                         is_deactivated=None if closed_on is None else bool(closed_on), email=row.get("Email"))
        except RowFault as fault:
            rows.put_aside(line, fault.code, fault.what)
        yield


def _read_channels(table: CsvFile, places: dict[str, int], rows: Rows, window: tuple[date, date]) -> Iterator[None]:
    """One total of all channels: rows have no id; members of several channels cannot be counted."""
    n_posted = n_reacted = n_rows = 0
    for line, row in _cells(table, places, rows):
        try:
            posted, reacted = _count(row, "Messages posted by members"), _count(row, "Reactions added")
            n_posted, n_reacted, n_rows = n_posted + posted, n_reacted + reacted, n_rows + 1
            rows.exclude("no_channel_id")
        except RowFault as fault:
            rows.put_aside(line, fault.code, fault.what)
        yield
    if n_rows:
        rows.usage(None, workspace=rows.settings.workspace or NO_WORKSPACE, report="channel_analytics_window",
                   period_from=window[0], period_to=window[1], reported_on=window[1], n_posted=n_posted,
                   n_reacted=n_reacted)


def _read_overview(table: CsvFile, places: dict[str, int], rows: Rows) -> Iterator[None]:
    """A total per day and, beside it, one of the week to that day; a day that is not there stays unknown."""
    proof, place = OrderProof(), places["Date"]
    workspace = rows.settings.workspace or NO_WORKSPACE
    for _, cells in table.rows():
        if not isinstance(cells, RowFault):
            proof.add(cells[place].strip())
    try:
        is_day_first = proof.is_day_first()
    except AmbiguousOrder as error:
        raise table.refuse("PPL-TIM-002", "date format is ambiguous in column Date",
                           "Download the file again and do not save it from a spreadsheet.") from error
    for line, row in _cells(table, places, rows):
        try:
            day = _day(row["Date"], is_day_first=is_day_first)
            if day is None:
                raise RowFault("PPL-TIM-004", "Date has no known form of a day")
            active, posting = (_count(row, name) for name in _COLUMNS[OVERVIEW][1:])
            n_posted = sum(_count(row, name) for name in _MESSAGES) if places.keys() >= set(_MESSAGES) else None
            week = [_count(row, name) for name in _WEEKLY] if places.keys() >= set(_WEEKLY) else None
            rows.usage(line, workspace=workspace, report="overview", period_from=day, period_to=day, reported_on=day,
                       n_posted=n_posted, n_active_accounts=active, n_posting_accounts=posting)
            if week:
                rows.usage(line, is_further=True, workspace=workspace, report="overview", reported_on=day,
                           period_from=day - timedelta(days=6), period_to=day, n_active_accounts=week[0],
                           n_posting_accounts=week[1])
        except RowFault as fault:
            rows.put_aside(line, fault.code, fault.what)
        yield


def _cells(table: CsvFile, places: dict[str, int], rows: Rows) -> Iterator[tuple[int, dict[str, str]]]:
    for line, cells in table.rows():
        rows.count()
        if isinstance(cells, RowFault):
            rows.put_aside(line, cells.code, cells.what)
        else:
            yield line, {name: cells[place].strip() for name, place in places.items()}


def _count(row: dict[str, str], column: str) -> int:
    return integer(row[column], column)


def _window(table: CsvFile, rows: Rows) -> tuple[date, date]:
    """The configured window, else two days in the file's name; the table itself does not say."""
    start, end = rows.settings.window_from, rows.settings.window_to
    if start and end:
        return date.fromisoformat(start), date.fromisoformat(end)
    name = PurePosixPath(table.member.name or table.source.file).name
    days = [_day(match[0], is_day_first=False) for match in _IN_NAME.finditer(name)]
    if len(days) == 2 and days[0] is not None and days[1] is not None and days[0] <= days[1]:
        return days[0], days[1]
    raise table.refuse("PPL-SLA-001", "does not say of which days its figures are",
                       "Set window_from and window_to of this file in turnout.toml.")


def _day(text: str, *, is_day_first: bool) -> date | None:
    match = _NAMED.fullmatch(text)
    if match is None:
        return read_date(text, date_format=None, is_day_first=is_day_first)
    month = match[1].lower()
    try:
        return date(int(match[3]), _MONTHS.index(month) + 1, int(match[2])) if month in _MONTHS else None
    except ValueError:
        return None
