"""MediaWiki full-history XML dumps, plain or compressed, alone or in a zip: which exports they are, and their frames.

The layout of the XML is in `mediawiki_pages`, what revisions amount to in `mediawiki_history`.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Final

import polars as pl

from connectors.collected import coverage
from connectors.contract import BATCH_ROWS, Connector, Frame, frame
from connectors.mediawiki_documents import Documents
from connectors.mediawiki_history import Evidence
from connectors.mediawiki_pages import Dump, Loss, Page
from connectors.mediawiki_rows import Rows, Seen
from connectors.settings import SourceSettings
from connectors.source import Member, Source
from connectors.streams import documents, head, opened
from connectors.xmltext import Sanitised, root_name

FORMAT: Final = "mediawiki-xml"
SALVAGED: Final = "PPL-WIK-011"
_PIECES: Final = re.compile(r"([^0-9]*)([0-9]*)")


def detect(source: Source, /) -> str | None:
    """A lone dump, or a zip all of whose .xml members are dumps."""
    members = documents(source, ".xml")
    is_dump = members and all(root_name(head(source, member)) == "mediawiki" for member in members)
    return FORMAT if is_dump else None


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
        self._is_whole = True
        self._rows: list[Rows] = []
        self._seen = Seen()

    def member_frames(self, member: Member) -> Iterator[Frame]:
        refuse = partial(self._source.refuse, member=member.name)
        n_records = 0
        with opened(self._source, member) as raw:
            for document in Documents(raw):
                dump = Dump(document.n_lines, salvage=self._settings.salvage)
                stream = Sanitised(document)
                rows = Rows(member.name, dump.site, self._settings.workspace, self._seen)
                self._rows.append(rows)
                for pages in dump.read(stream, refuse):
                    for page in pages:
                        self._add(rows, page)
                    if len(rows) >= BATCH_ROWS:
                        yield from rows.frames()
                n_records += dump.n_records
                self._seen.notes.add(member.name, "PPL-WIK-008", "elements that no dump is known to have; ignored",
                                     n_records=dump.n_unknown)
                self._seen.notes.add(member.name, "PPL-XML-007", "characters that XML does not allow; replaced by ?",
                                     n_records=stream.n_replaced)
                if dump.loss is not None:
                    n_records += 1  # the loss stands for all that is not known to be there
                    yield self._lost(member, dump.loss)
                    break  # what may follow in the same file cannot be told from the rest
        yield frame("part", [{"member": member.name, "crc32": member.crc32, "bytes": member.bytes,
                              "n_read": n_records}])
        if self._has_history is not None:
            yield from self._rows[-1].frames()

    def _add(self, rows: Rows, page: Page) -> None:
        self._evidence.add(page)
        if self._has_history is not None:
            rows.add(page, has_history=self._has_history)
            return
        self._held.append((rows, page))
        self._n_held += len(page.records)
        if self._n_held >= BATCH_ROWS:
            self._decide()

    def _lost(self, member: Member, loss: Loss) -> Frame:
        self._is_whole = False
        self._seen.notes.add(member.name, SALVAGED, "a damaged dump, of which only whole pages were loaded; of no day "
                             "is it known that all is there; get a whole dump")
        return frame("quarantine", [{"member": member.name, "line": loss.line, "rule": SALVAGED,
                                     "message": f"the dump is {loss.what}"}])

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
        for place, member in self._seen.missing.items():
            if place not in self._seen.last:
                self._seen.notes.add(member, "PPL-WIK-005", "pages whose first revisions are missing")
        yield frame("note", self._seen.notes.rows())
        if self._has_history:  # latest revisions show no day completely
            days: dict[str, list[date]] = {}
            for rows in self._rows:
                days.setdefault(rows.workspace, []).extend(rows.days())
            covered = coverage(days, self._settings)
            yield from covered if self._is_whole else map(_partly, covered)
        yield frame("capability", [{"has_reactions": False, "has_reading": False, "has_direct": False,
                                    "has_edits": True, "has_history": self._has_history and self._is_whole}])


def _dumps(source: Source) -> list[Member]:
    """In the order of the page numbers that parts carry in their names."""
    return sorted(documents(source, ".xml"), key=lambda member: [
        (int(digits or -1), text) for text, digits in _PIECES.findall(member.name)])


def _partly(covered: Frame) -> Frame:
    """Every day as one on which the export begins and ends: that is how a day is partly observed."""
    days = pl.date_ranges("covered_from", "covered_to").alias("covered_from")
    rows = covered.rows.with_columns(days, is_stated=pl.lit(value=False)).explode("covered_from")
    return Frame("coverage", rows.with_columns(covered_to="covered_from"))


def _uses(settings: SourceSettings) -> object:
    return settings.workspace, settings.window_from, settings.window_to, settings.salvage


CONNECTOR: Final = Connector(platform="mediawiki", version=3, detect=detect, read=read, uses=_uses)
