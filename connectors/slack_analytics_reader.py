"""Slack's own figures of use: daily files of the analytics API, dashboard downloads, or a zip of them.

Collects rows and counts only: lines are read in slack_analytics_days, dashboard tables in slack_analytics_tables.
"""

from collections.abc import Iterator
from typing import Final

from connectors.contract import Connector, Frame, frame
from connectors.settings import SourceSettings
from connectors.slack_analytics_days import DAY_KINDS, MEMBER_DAYS, day_kind, read_days
from connectors.slack_analytics_ledger import Rows
from connectors.slack_analytics_tables import MEMBERS, read_table, table_kind
from connectors.source import Member, Source
from connectors.streams_text import unpacked
from models.problems import ExportRefused


def detect(source: Source, /) -> str | None:
    """Recognised by the names of fields or columns; of a zip each member has to be such a file."""
    if source.kind == "folder" or not source.members:
        return None
    return "slack-analytics" if all(_kind(source, member) for member in source.members) else None


def read(source: Source, settings: SourceSettings, /) -> Iterator[Frame]:
    """The frames of one file or a zip of them."""
    rows, plain, has_reading = Rows(settings), unpacked(source), False
    for member in source.members:
        kind = _kind(source, member)
        if kind is None:
            raise source.refuse("PPL-SLA-003", "is no analytics file of Slack that is known",
                                "Download it again, or take it out.", member=member.name)
        has_reading = has_reading or kind in {MEMBER_DAYS, MEMBERS}
        rows.start(member)
        for _ in read_days(plain, member, kind, rows) if kind in DAY_KINDS else read_table(plain, member, kind, rows):
            if rows.is_full:
                yield from rows.frames("")
        rows.finish()
    yield from rows.closing()
    yield frame("capability", [{"has_reactions": False, "has_reading": has_reading, "has_direct": False,
                                "has_edits": False, "has_history": False}])


def _kind(source: Source, member: Member) -> str | None:
    try:
        return day_kind(source, member) or table_kind(unpacked(source), member)
    except ExportRefused:
        return None


CONNECTOR: Final = Connector(
    platform="slack", variant="analytics", version=3, detect=detect, read=read,
    uses=lambda settings: (settings.workspace, settings.window_from, settings.window_to, settings.include),
)
