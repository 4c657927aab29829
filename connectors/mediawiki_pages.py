"""The pages of a MediaWiki XML dump (schemas 0.3 to 0.11) as they are written, one by one.

What the revisions amount to (creations, reverts) is decided in `mediawiki_history`. No text is kept, only its size
and checksum.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from connectors.xmltext import Attributes, Elements, Readable, Refuse, Sink, parse
from models.problems import ExportRefused

_PAGE: Final = "mediawiki/page"
_SITE: Final = "mediawiki/siteinfo"
ILL_FORMED: Final = "PPL-XML-004"
CUT: Final = "PPL-XML-005"
_FIX: Final = "Export again; do not edit the file by hand."
_HINT: Final = " If you cannot, set salvage = true for it in turnout.toml: what is whole is kept."
_THREADS: Final = ("discussionthreadinginfo", "discussionthreadinfo", "DiscussionThreading")
"""Elements by which LiquidThreads marks a page as a comment; the schema and its writer spell them differently."""
_SCHEMA: Final = frozenset({
    "action", "archivename", "case", "comment", "content", "contents", "filename", "format", "generator", "id", "ip",
    "logtitle", "model", "origin", "params", "redirect", "rel", "restrictions", "sha1base36", "sitename", "size", "src",
    "text",
})
"""Elements of the schemas, and of the writers that go beyond them, which are not looked at."""


@dataclass(slots=True)
class Record:
    """A revision, an upload or a log item; texts as written, to be checked later."""

    scope: str  # revision, upload or log
    line: int
    number: str = ""
    parent: str = ""
    time: str = ""
    user: str | None = None
    is_hidden: bool = True  # until a contributor is seen that is not deleted
    kind: str = ""  # of a log item
    is_minor: bool = False
    bytes: int | None = None
    sha1: int | None = None
    states_sha1: bool = False  # has a sha1 element; an empty one hides the text


@dataclass(slots=True)
class Page:
    """A page with its records; a log item stands on a page without id."""

    number: str = ""
    title: str = ""
    namespace: str = ""
    is_thread: bool = False
    records: list[Record] = field(default_factory=list)


@dataclass(slots=True)
class Site:
    """What the dump says about its wiki; namespaces by key."""

    dbname: str = ""
    base: str = ""
    namespaces: dict[str, str] = field(default_factory=dict)

    def workspace(self) -> str:
        """Name of the wiki: its database, else the host of its address."""
        try:
            host = urlsplit(self.base.strip()).hostname
        except ValueError:
            host = None
        return self.dbname.strip() or host or "wiki"

    def namespace_of(self, page: Page) -> str:
        """Key of the page's namespace; schemas up to 0.5 give it only by the title's prefix."""
        if page.namespace:
            return page.namespace
        prefix, colon, _ = page.title.partition(":")
        keys = (key for key, name in self.namespaces.items() if name == prefix)
        return next(keys, "0") if colon and prefix else "0"


@dataclass(frozen=True, slots=True)
class Loss:
    """What a damaged document lacks: `line` is that of the first page which is not whole, or of the fault itself."""

    line: int
    what: str


class Dump:
    """One document while it is read: `site`, the pages completed so far and the number of their records.

    A fault refuses the export. With `salvage` it ends the reading of the document instead and becomes its `loss`, and
    a page that lacks its end is passed over, unless there is no whole page at all.
    """

    def __init__(self, n_lines: int = 0, *, salvage: bool = False) -> None:
        self._n_lines = n_lines  # of the same file, before the document
        self._salvage = salvage
        self.site = Site()
        self.loss: Loss | None = None
        self.n_records = self.n_unknown = self._n_pages = 0
        self._pages: list[Page] = []
        self._page = Page()
        self._opened_at: int | None = None  # line at which the page begins that is being read
        self._lost_at: int | None = None  # line at which the first page without an end begins
        self._record = Record("revision", 1)
        self._key = ""
        self._text = _Text({})

    def read(self, stream: Readable, refuse: Refuse) -> Iterator[list[Page]]:
        """The pages of the document, some at a time."""

        def refuse_at(code: str, what: str, fix: str, *, line: int | None = None) -> ExportRefused:
            what += f", after {self._n_pages} complete pages" if code == CUT else ""
            fix += _HINT if code in {ILL_FORMED, CUT} and self._n_pages and not self._salvage else ""
            return refuse(code, what, fix, line=None if line is None else self._n_lines + line)

        try:
            for _ in parse(stream, self._elements(refuse_at), refuse_at):
                if self._pages:
                    yield self._taken()
        except ExportRefused as refused:
            fault = refused.problem
            if not (self._salvage and self._n_pages and fault.code in {ILL_FORMED, CUT}):
                raise
            self._lose(fault.line, "cut off" if fault.code == CUT else "not well-formed XML")
        else:
            if self._lost_at is not None:
                self._lose(None, "without the end of a page")
        yield self._taken()

    def _taken(self) -> list[Page]:
        pages, self._pages = self._pages, []
        return pages

    def _lose(self, fault: int | None, what: str) -> None:
        opened = (self._lost_at, self._opened_at)
        line = next((self._n_lines + line for line in opened if line is not None), fault)
        self.loss = Loss(line or 1, what + ("" if fault is None else f" at line {fault}")
                         + f"; its {self._n_pages} whole pages were loaded, the rest was not; get a whole dump")

    def _elements(self, refuse: Refuse) -> Elements:
        revision, upload, log = f"{_PAGE}/revision", f"{_PAGE}/upload", "mediawiki/logitem"
        texts: dict[str, Callable[[str], object]] = {
            f"{_SITE}/dbname": lambda text: setattr(self.site, "dbname", text),
            f"{_SITE}/base": lambda text: setattr(self.site, "base", text),
            f"{_SITE}/namespaces/namespace": self._add_namespace,
            f"{_PAGE}/id": lambda text: setattr(self._page, "number", text.strip()),
            f"{_PAGE}/title": lambda text: setattr(self._page, "title", text),
            f"{_PAGE}/ns": lambda text: setattr(self._page, "namespace", text.strip()),
            f"{revision}/id": self._take_number,
            f"{revision}/parentid": self._take_parent,
            f"{revision}/sha1": self._take_sha1,
            f"{log}/id": self._take_number,
            f"{log}/type": lambda text: setattr(self._record, "kind", text.strip()),
        }
        begins: dict[str, Callable[[Attributes, int], Sink | None]] = {
            f"{_PAGE}/{name}": lambda *_: setattr(self._page, "is_thread", True) for name in _THREADS}
        for record in (revision, upload, log):
            begins[f"{record}/contributor"] = self._begin_contributor
            texts[f"{record}/timestamp"] = self._take_time
            texts[f"{record}/contributor/username"] = self._take_user
        return Elements(
            begins=begins | {
                f"{_SITE}/namespaces/namespace": self._begin_namespace,
                _PAGE: lambda _, line: self._begin_page(line, refuse),
                revision: lambda _, line: self._begin_record("revision", line),
                upload: lambda _, line: self._begin_record("upload", line),
                log: self._begin_log,
                f"{revision}/minor": lambda *_: setattr(self._record, "is_minor", True),
                f"{revision}/text": self._begin_text,
            },
            texts=texts,
            ends={_PAGE: self._end_page, log: self._end_page, f"{revision}/text": self._end_text},
            reopens={f"{_PAGE}/page": _PAGE},
            on_other=self._count_unknown,
        )

    def _begin_namespace(self, attributes: Attributes, _line: int) -> None:
        self._key = attributes.get("key", "").strip()

    def _add_namespace(self, name: str) -> None:
        self.site.namespaces[self._key] = name.strip()

    def _begin_page(self, line: int, refuse: Refuse) -> None:
        if self._opened_at is not None:
            if not self._salvage:
                raise refuse(ILL_FORMED, "not well-formed XML: a page begins in one that has no end", _FIX, line=line)
            self._lost_at = self._lost_at or self._opened_at
        self._page, self._opened_at = Page(), line

    def _begin_log(self, _attributes: Attributes, line: int) -> None:
        self._page, self._opened_at = Page(), line
        self._begin_record("log", line)

    def _count_unknown(self, path: str) -> None:
        name = path.rpartition("/")[2]
        self.n_unknown += name not in _SCHEMA and not name.startswith("Thread")

    def _end_page(self) -> None:
        if self._opened_at is not None:  # else it is the late end of a page in which another one began
            self._n_pages += 1
            self.n_records += len(self._page.records)
            self._pages.append(self._page)
        self._page, self._opened_at = Page(), None

    def _begin_record(self, scope: str, line: int) -> None:
        self._record = Record(scope, self._n_lines + line)
        self._page.records.append(self._record)

    def _begin_contributor(self, attributes: Attributes, _line: int) -> None:
        self._record.is_hidden = "deleted" in attributes

    def _take_number(self, text: str) -> None:
        self._record.number = text.strip()

    def _take_parent(self, text: str) -> None:
        self._record.parent = text.strip()

    def _take_time(self, text: str) -> None:
        self._record.time = text.strip()

    def _take_user(self, text: str) -> None:
        self._record.user = text

    def _take_sha1(self, text: str) -> None:
        self._record.sha1 = _base36(text)
        self._record.states_sha1 = True

    def _begin_text(self, attributes: Attributes, _line: int) -> Sink | None:
        self._text = _Text(attributes)
        return self._text.add if self._text.is_measured else None

    def _end_text(self) -> None:
        self._record.bytes = self._text.bytes()
        if not self._record.states_sha1:
            self._record.sha1 = self._text.sha1()


class _Text:
    """Size and checksum of a revision's text: as its attributes state them, else measured."""

    def __init__(self, attributes: Attributes) -> None:
        self._bytes = _whole(attributes.get("bytes", ""))
        self._sha1 = _base36(attributes.get("sha1", ""))
        is_unknown = self._bytes is None and "bytes" in attributes  # newer dumps write -1
        self._is_stub = is_unknown or "location" in attributes or "id" in attributes
        self.is_measured = "deleted" not in attributes and (self._bytes is None or self._sha1 is None)
        self._count = 0
        self._hash = hashlib.sha1(usedforsecurity=False)

    def add(self, piece: str) -> None:
        raw = piece.encode()
        self._count += len(raw)
        self._hash.update(raw)

    def bytes(self) -> int | None:
        return self._count if self._bytes is None and self._can_tell() else self._bytes

    def sha1(self) -> int | None:
        return int.from_bytes(self._hash.digest()) if self._sha1 is None and self._can_tell() else self._sha1

    def _can_tell(self) -> bool:
        return self.is_measured and not (self._is_stub and self._count == 0)


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _base36(text: str) -> int | None:
    text = text.strip()
    return int(text, 36) if text.isascii() and text.isalnum() and len(text) <= 31 else None
