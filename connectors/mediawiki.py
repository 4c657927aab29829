"""MediaWiki full-history XML dumps, plain or compressed, alone or in a zip: which exports they are, and their frames.

The layout of the XML is in `mediawiki_pages`, what revisions amount to in `mediawiki_history`.
"""

import lzma
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import partial
from typing import IO, Final

import zstandard

from connectors.contract import BATCH_ROWS, Connector, Frame, frame
from connectors.mediawiki_history import Evidence
from connectors.mediawiki_pages import Dump, Page
from connectors.mediawiki_rows import Rows
from connectors.settings import SourceSettings
from connectors.source import Member, Source
from connectors.streams import decompressed
from connectors.xmltext import root_name

FORMAT: Final = "mediawiki-xml"
_HEAD_BYTES: Final = 1 << 16


def detect(source: Source, /) -> str | None:
    """A lone dump, or a zip all of whose .xml members are dumps."""
    if source.kind == "folder":
        return None
    members = _dumps(source)
    return FORMAT if members and all(_is_dump(source, member) for member in members) else None


def read(source: Source, settings: SourceSettings, /) -> Iterator[Frame]:
    """Frames of all dumps of the export, page by page."""
    reading = _Reading(source, settings)
    for member in _dumps(source):
        yield from reading.member_frames(member)
    yield from reading.closing_frames()


class _Reading:
    """Holds pages back until it is known whether the export is a history, at the latest after one batch."""

    def __init__(self, source: Source, settings: SourceSettings) -> None:
        self._source, self._settings = source, settings
        self._evidence = Evidence()
        self._held: list[tuple[Rows, Page]] = []
        self._n_held = 0
        self._has_history: bool | None = None
        self._rows: list[Rows] = []
        self._told: set[tuple[str, str, str]] = set()

    def member_frames(self, member: Member) -> Iterator[Frame]:
        dump = Dump()
        rows = Rows(member.name, dump.site, self._settings.workspace, self._told)
        self._rows.append(rows)
        refuse = partial(self._source.refuse, member=member.name)
        with self._source.open(member) as raw:
            for pages in dump.read(_unpacked(raw, self._source), refuse):
                for page in pages:
                    self._add(rows, page)
                if len(rows) >= BATCH_ROWS:
                    yield from rows.frames()
        part: dict[str, object] = {"member": member.name, "crc32": member.crc32, "bytes": member.bytes,
                                   "n_read": dump.n_records}
        yield frame("part", [part])
        if self._has_history is not None:
            yield from rows.frames()

    def _add(self, rows: Rows, page: Page) -> None:
        self._evidence.add(page)
        if self._has_history is not None:
            rows.add(page, has_history=self._has_history)
            return
        self._held.append((rows, page))
        self._n_held += len(page.records)
        if self._n_held >= BATCH_ROWS:
            self._decide()

    def _decide(self) -> None:
        self._has_history = self._evidence.has_history()
        for rows, page in self._held:
            rows.add(page, has_history=self._has_history)
        self._held = []

    def closing_frames(self) -> Iterator[Frame]:
        if self._has_history is None:
            self._decide()
        if self._has_history != self._evidence.has_history():
            raise self._source.refuse("PPL-WIK-004", "one part is a history, another holds only latest revisions",
                                      "Export the full history of all pages.")
        for rows in self._rows:
            yield from rows.frames()
            yield from rows.closing_frames()
        yield from self._coverage()
        yield frame("capability", [{"has_reactions": False, "has_reading": False, "has_direct": False,
                                    "has_edits": True, "has_history": self._has_history}])

    def _coverage(self) -> Iterator[Frame]:
        """Days from first to last revision; none without a history, which shows no day completely."""
        if not self._has_history:
            return
        days: dict[str, list[tuple[date, date]]] = {}
        for rows in self._rows:
            if found := rows.days():
                days.setdefault(rows.workspace, []).append(found)
        start, end = self._settings.window_from, self._settings.window_to
        for workspace, periods in days.items():
            first = date.fromisoformat(start) if start else min(first for first, _ in periods)
            last = date.fromisoformat(end) if end else max(last for _, last in periods)
            is_stated = start is not None and end is not None
            yield frame("coverage", [{"workspace": workspace, "covered_from": first, "covered_to": last,
                                      "is_stated": is_stated}])


def _dumps(source: Source) -> list[Member]:
    if source.kind == "zip":
        return [member for member in source.members if member.name.lower().endswith(".xml")]
    return list(source.members)


def _is_dump(source: Source, member: Member) -> bool:
    with source.open(member) as raw:
        return root_name(_head(_unpacked(raw, source))) == "mediawiki"


def _head(stream: IO[bytes]) -> bytes:
    """The first bytes, as far as they can be decompressed."""
    head = b""
    with suppress(OSError, EOFError, lzma.LZMAError, zlib.error, zstandard.ZstdError):
        while len(head) < _HEAD_BYTES and (piece := stream.read(512)):
            head += piece
    return head


def _unpacked(raw: IO[bytes], source: Source) -> IO[bytes]:
    return decompressed(raw) if source.kind == "file" else raw


def _uses(settings: SourceSettings) -> object:
    return settings.workspace, settings.window_from, settings.window_to


CONNECTOR: Final = Connector(platform="mediawiki", version=1, detect=detect, read=read, uses=_uses)
