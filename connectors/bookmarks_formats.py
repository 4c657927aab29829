"""How each format writes a bookmark: its address, its time and whether it is private; nothing else is looked at."""

import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from connectors.instants import utc_time
from connectors.jsontext import Fault, Shape, decode_items, utf8
from connectors.xmltext import Attributes, Elements, Refuse, parse

_START: Final = re.compile(r"<dt>\s*<a\b", re.IGNORECASE)
_TAG: Final = re.compile(r"""(?:[^>"']|"[^"]*"|'[^']*')*>""")
_ATTRIBUTE: Final = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_COMMON_LOG: Final = re.compile(r"\d{2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}")
_UNITS: Final = {range(6, 12): 1, range(12, 15): 1000, range(15, 18): 1_000_000}
"""How many parts of a second a number of so many digits counts; Google writes microseconds."""


@dataclass(frozen=True, slots=True)
class Marked:
    """One bookmark."""

    line: int
    address: str
    at: datetime | None
    is_private: bool


@dataclass(frozen=True, slots=True)
class BookmarkFault:
    """Why one bookmark cannot be used."""

    line: int
    code: str
    what: str


class Item(msgspec.Struct):
    """One object of Pinboard's list."""

    href: str = ""
    time: str = ""
    shared: str = ""


class Formats:
    """One file; `n_read` and `login` are known once the bookmarks have been fetched."""

    def __init__(self, data: bytes, refuse: Refuse) -> None:
        self._data, self._refuse = data, refuse
        self.n_read = 0
        self.login = ""

    def marks(self, name: str | None) -> list[Marked | BookmarkFault]:
        """All bookmarks of the file; raises `BadText` if it cannot be read."""
        if name == "bookmarks-json":
            return list(self._of_json())
        return self._of_xml() if name == "bookmarks-xml" else list(self._of_html())

    def _of_html(self) -> Iterator[Marked | BookmarkFault]:
        """Tags are never closed in these files and notes hold any text, so only `<DT><A ...>` is looked for."""
        text = utf8(self._data).decode()
        line, counted = 1, 0
        self.n_read = len(_START.findall(text))
        for start in _START.finditer(text):
            line, counted = line + text.count("\n", counted, start.start()), start.start()
            tag = _TAG.match(text, start.end())
            if tag is None:
                yield BookmarkFault(line, "PPL-BMK-002", "bookmark whose tag does not end")
                continue
            found = {name.lower(): html.unescape("".join(values)) for name, *values in _ATTRIBUTE.findall(tag[0])}
            yield Marked(line, found.get("href", ""), _epoch(found.get("add_date", "")),
                         found.get("private", "0").strip() != "0")

    def _of_json(self) -> Iterator[Marked | BookmarkFault]:
        items = decode_items(self._data, Shape(Item))
        self.n_read = len(items)
        for line, item in enumerate(items, 1):
            if isinstance(item, Fault):
                yield BookmarkFault(line, "PPL-JSN-010", "bookmark with a field of another type")
            else:
                yield Marked(line, item.href, utc_time(item.time), item.shared != "yes")

    def _of_xml(self) -> list[Marked | BookmarkFault]:
        found: list[Marked | BookmarkFault] = []

        def begin(attributes: Attributes, line: int) -> None:
            self.n_read += 1
            is_private = attributes.get("shared", "yes") != "yes" or attributes.get("private", "no") != "no"
            found.append(Marked(line, attributes.get("href", ""), utc_time(attributes.get("time", "")), is_private))

        def begin_all(attributes: Attributes, _line: int) -> None:
            self.login = attributes.get("user", "")

        elements = Elements(begins={"posts": begin_all, "posts/post": begin})
        for _ in parse(io.BytesIO(self._data), elements, self._refuse):
            pass
        return found


def _epoch(text: str) -> datetime | None:
    """Seconds since 1970, or milli- or microseconds by their digits; a line of Apache's log has its zone."""
    text = text.strip()
    try:
        if _COMMON_LOG.fullmatch(text):
            return datetime.strptime(text, "%d/%b/%Y:%H:%M:%S %z").astimezone(UTC).replace(tzinfo=None)
        unit = next((unit for digits, unit in _UNITS.items() if len(text) in digits), None)
        if unit is None or not (text.isascii() and text.isdigit()):
            return None
        return datetime(1970, 1, 1) + timedelta(microseconds=int(text) * 1_000_000 // unit)
    except (ValueError, OverflowError):
        return None
