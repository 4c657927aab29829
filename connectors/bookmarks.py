"""Public bookmarks of one person: the HTML file of Delicious and its kin, the JSON of Pinboard, the XML of Delicious.

Titles, notes and tags are never read. How each format writes a bookmark is in `bookmarks_formats`.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Final

from connectors.bookmarks_formats import BookmarkFault, Formats, Marked
from connectors.collected import Collected, coverage
from connectors.contract import Connector, Frame, frame, number_of
from connectors.jsontext import BadText
from connectors.settings import SourceSettings
from connectors.source import Source
from connectors.streams import head
from connectors.streams_text import read_whole, unpacked
from connectors.xmltext import root_name

REASONS: Final = {
    "private_bookmark": "marked as private; not read",
    "not_an_address": "a query or script of the browser, no address",
}
_HTML: Final = re.compile(rb"<!doctype\s+netscape-bookmark-file-1|<title>\s*bookmarks\s*</title>", re.IGNORECASE)
_JSON: Final = re.compile(rb"\s*\[\s*\{")
_JSON_KEYS: Final = (b'"href"', b'"time"', b'"shared"')
_LOCAL: Final = re.compile(r"(?:place|javascript|data|about|chrome|file):", re.IGNORECASE)


def detect(source: Source, /) -> str | None:
    """A lone file; a folder or zip of them is as many exports, because each is one person's."""
    if source.kind != "file":
        return None
    start = head(source, source.members[0]).removeprefix(b"\xef\xbb\xbf")
    if start.lstrip()[:1] == b"<" and _HTML.search(start[:4096]):
        return "bookmarks-html"
    if _JSON.match(start) and all(key in start for key in _JSON_KEYS):
        return "bookmarks-json"
    return "bookmarks-xml" if b"<post " in start and root_name(start) == "posts" else None


def read(source: Source, settings: SourceSettings, /) -> Iterator[Frame]:
    """One event per public bookmark; the owner is the one that the settings name, else the file."""
    member = source.members[0]
    refuse = partial(source.refuse, member=member.name)
    with unpacked(source).open(member) as stream:
        formats = Formats(read_whole(source, member, stream, "Split it by period."), refuse)
    try:
        marks = formats.marks(detect(source))
    except BadText as bad:
        raise refuse(bad.code, bad.what, bad.fix) from bad
    owner = settings.owner or formats.login
    if not owner:
        raise refuse("PPL-BMK-001", "nothing says whose bookmarks these are",
                     f'Name the login: [source."{source.file}"] owner in turnout.toml.')
    workspace = settings.workspace or "bookmarks"
    rows = Collected(member, REASONS)
    kind = "email" if "@" in owner else "login"
    rows.add("account", account=owner, kind="human", is_record=False)
    rows.add("account_identifier", account=owner, kind=kind, identifier=owner)
    for mark in marks:
        _add(rows, mark, owner)
        if rows.is_full:
            yield from rows.frames(workspace)
    yield from rows.closing_frames(workspace, formats.n_read)
    days: dict[str, set[date]] = {workspace: rows.days}
    yield from coverage(days, settings)
    yield frame("capability", [{"has_reactions": False, "has_reading": False, "has_direct": False, "has_edits": False,
                                "has_history": True}])


def _add(rows: Collected, mark: Marked | BookmarkFault, owner: str) -> None:
    """The address is the thread, so that those who share the same page meet there."""
    if isinstance(mark, BookmarkFault):
        rows.put_aside(mark.line, mark.code, mark.what)
    elif mark.is_private:
        rows.exclude("private_bookmark")
    elif _LOCAL.match(mark.address):
        rows.exclude("not_an_address")
    elif not mark.address or mark.at is None:
        code, what = ("PPL-TIM-004", "time") if mark.address else ("PPL-BMK-002", "address")
        rows.put_aside(mark.line, code, f"bookmark without {what}")
    else:
        rows.add("event", event_scope="bookmark", event_number=number_of(f"{owner}\n{mark.address}"),
                 thread_scope="address", thread_number=number_of(mark.address), occurred_at=mark.at, action="share",
                 is_contribution=True, account=owner, actor_kind="human", line=mark.line)


CONNECTOR: Final = Connector(
    platform="bookmarks", version=2, detect=detect, read=read,
    uses=lambda settings: (settings.workspace, settings.owner, settings.window_from, settings.window_to))
