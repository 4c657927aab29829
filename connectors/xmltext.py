"""Hardened streaming XML: elements by their path of local names, never a DOCTYPE, bounded depth, tokens and texts.

What the elements mean is not known here. A fault refuses the export with its line (reference codes PPL-XML-*).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Protocol
from xml.parsers import expat

from connectors.streams import DAMAGE
from models.problems import ExportRefused

CHUNK_BYTES: Final = 1 << 18
MAX_DEPTH: Final = 64
MAX_TOKEN_BYTES: Final = 1 << 20
MAX_TEXT: Final = 1 << 20
MAX_NAME: Final = 256
_JUNK_AFTER_END: Final = (9, 17)  # XML_ERROR_JUNK_AFTER_DOC_ELEMENT, XML_ERROR_MISPLACED_XML_PI
_INVALID_TOKEN: Final = 4
_CONTROLS: Final = bytes(byte for byte in range(32) if byte not in b"\t\n\r")
_REPLACING: Final = bytes.maketrans(_CONTROLS, b"?" * len(_CONTROLS))
_NONCHARACTER: Final = re.compile(b"\xef\xbf[\xbe\xbf]")
_FIX: Final = "Export again; do not edit the file by hand."
_FIX_CUT: Final = "Copy or export the file again, to its end."

Attributes = dict[str, str]
Sink = Callable[[str], object]


class Refuse(Protocol):
    """Makes the exception for a fault at a line of the file that is being read."""

    def __call__(self, code: str, what: str, fix: str, *, line: int | None = None) -> ExportRefused:
        """The exception; the caller raises it."""


class Readable(Protocol):
    """All that the parser needs of a stream."""

    def read(self, n_bytes: int, /) -> bytes:
        """The next bytes; none at the end."""


@dataclass(frozen=True, slots=True)
class Elements:
    """Which elements matter, by path (`mediawiki/page/title`); all others are skipped with their content."""

    begins: Mapping[str, Callable[[Attributes, int], Sink | None]] = field(default_factory=dict)
    """Called with attributes and line; a returned sink gets the element's text piece by piece."""
    texts: Mapping[str, Callable[[str], object]] = field(default_factory=dict)
    """Called at the element's end with its own text."""
    ends: Mapping[str, Callable[[], object]] = field(default_factory=dict)
    reopens: Mapping[str, str] = field(default_factory=dict)
    """An element that begins inside itself, because its end is missing, and the path under which it is read anew."""
    on_other: Callable[[str], object] | None = None
    """Called with the path of a skipped element that stands directly in one that matters."""

    def paths(self) -> frozenset[str]:
        """Every path that leads to an element that matters."""
        paths = [path.split("/") for path in (*self.begins, *self.texts, *self.ends)]
        return frozenset("/".join(parts[:n]) for parts in paths for n in range(1, len(parts) + 1))


def root_name(head: bytes) -> str | None:
    """Local name of the root element (or of what a DOCTYPE announces) if it stands in these first bytes."""
    found: list[str] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda name, *_: found.append(name)
    parser.StartElementHandler = lambda name, _: found.append(name)
    with suppress(expat.ExpatError, ValueError, LookupError):  # faults behind the root are the reader's to report
        parser.Parse(head, False)
    return found[0].rpartition(":")[2] if found else None


def parse(stream: Readable, elements: Elements, refuse: Refuse) -> Iterator[None]:
    """Feed the whole document to `elements`; hands control back after every chunk, so that results can be fetched."""
    return _Parser(elements, refuse).run(stream)


class Sanitised:
    """UTF-8 bytes without the characters that XML forbids; each one becomes `?` or U+FFFD and is counted."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._held = b""  # the start of a character that the next chunk completes
        self._is_wide: bool | None = None  # UTF-16, in which zero bytes are part of every letter
        self.n_replaced = 0

    def read(self, n_bytes: int) -> bytes:
        """The next bytes; more than asked for by what was held back, none at the end."""
        chunk = self._stream.read(n_bytes)
        if self._is_wide is None:
            self._is_wide = chunk[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in chunk[:4]
        if self._is_wide:
            return chunk
        data = self._held + chunk
        n_held = 0 if not chunk else 2 if data.endswith(b"\xef\xbf") else 1 if data.endswith(b"\xef") else 0
        data, self._held = data[: len(data) - n_held], data[len(data) - n_held :]
        if not data and n_held:
            return self.read(n_bytes)
        data, n_replaced = _NONCHARACTER.subn(b"\xef\xbf\xbd", data)
        n_controls = len(data) - len(data.translate(None, _CONTROLS))
        self.n_replaced += n_replaced + n_controls
        return data.translate(_REPLACING) if n_controls else data


class _Parser:
    def __init__(self, elements: Elements, refuse: Refuse) -> None:
        self._elements, self._refuse = elements, refuse
        self._known = elements.paths()
        self._stack: list[str] = []  # paths of the open elements, "" below an element that does not matter
        self._pieces: list[str] = []
        self._text_size = 0
        self._recent = b""  # the last two chunks; _fed counts all bytes up to their end
        self._fed = 0
        self._expat = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype

    def run(self, stream: Readable) -> Iterator[None]:
        while chunk := self._next_chunk(stream):
            self._fed += len(chunk)
            self._recent = self._recent[-CHUNK_BYTES:] + chunk
            try:
                self._expat.Parse(chunk, False)
            except expat.ExpatError as error:
                raise self._fault(error) from error
            except (ValueError, LookupError) as error:  # an encoding declaration that Python does not know
                if self._stack:
                    raise
                raise self._refused("PPL-TXT-002", "declares an encoding that is not supported", _FIX) from error
            if self._fed - max(self._expat.CurrentByteIndex, 0) > MAX_TOKEN_BYTES:
                raise self._too_long()
            yield
        try:
            self._expat.Parse(b"", True)
        except expat.ExpatError as error:
            raise self._cut() from error

    def _next_chunk(self, stream: Readable) -> bytes:
        # read1 hands over what is there, so that a cut compressed stream is parsed up to the cut
        read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
        try:
            return read(CHUNK_BYTES)
        except EOFError as error:
            raise self._cut() from error
        except DAMAGE as error:
            raise self._refused("PPL-FIL-007", "compressed data are damaged (or need a window over 128 MiB)",
                                "Copy the file again, or unpack it.") from error

    def _start(self, name: str, attributes: Attributes) -> None:
        stack = self._stack
        if len(stack) >= MAX_DEPTH:
            raise self._refused("PPL-XML-002", f"nested deeper than {MAX_DEPTH} elements", _FIX)
        if len(name) > MAX_NAME:
            raise self._too_long()
        if ":" in name:
            name = name.rpartition(":")[2]
        path = name if not stack else f"{stack[-1]}/{name}" if stack[-1] else ""
        path = self._elements.reopens.get(path, path)
        if path not in self._known:
            if path and self._elements.on_other is not None:
                self._elements.on_other(path)
            stack.append("")
            self._expat.CharacterDataHandler = None
            return
        stack.append(path)
        sink: Sink | None = None
        begin = self._elements.begins.get(path)
        if begin is not None:
            sink = begin(attributes, self._expat.CurrentLineNumber)
        if sink is None and path in self._elements.texts:
            self._pieces, self._text_size = [], 0
            sink = self._collect
        self._expat.CharacterDataHandler = sink

    def _end(self, _name: str) -> None:
        path = self._stack.pop()
        self._expat.CharacterDataHandler = None
        if not path:
            return
        take = self._elements.texts.get(path)
        if take is not None:
            take("".join(self._pieces))
            self._pieces = []
        end = self._elements.ends.get(path)
        if end is not None:
            end()

    def _collect(self, text: str) -> None:
        self._text_size += len(text)
        if self._text_size > MAX_TEXT:
            raise self._too_long()
        self._pieces.append(text)

    def _doctype(self, *_: object) -> None:
        raise self._refused("PPL-XML-001", "DOCTYPE and entity declarations are not allowed", _FIX)

    def _fault(self, error: expat.ExpatError) -> ExportRefused:
        if error.code in _JUNK_AFTER_END:
            return self._refused("PPL-XML-006", "something follows the end of the document (two dumps joined?)",
                                 "Put each dump into a file of its own.", error.lineno)
        place = self._expat.ErrorByteIndex - (self._fed - len(self._recent))
        byte = self._recent[place] if error.code == _INVALID_TOKEN and 0 <= place < len(self._recent) else None
        if byte is not None and byte >= 0x80:
            return self._refused("PPL-TXT-002", "not UTF-8", "Export again as UTF-8.", error.lineno)
        if byte is not None and byte < 0x20:
            return self._refused("PPL-XML-004", "control character that XML does not allow", _FIX, error.lineno)
        return self._refused("PPL-XML-004", "not well-formed XML", _FIX, error.lineno)

    def _cut(self) -> ExportRefused:
        inside = next((path.rpartition("/")[2] for path in reversed(self._stack) if path), None)
        what = f"ends inside <{inside}>; the file is cut off" if inside else "ends before its first element"
        return self._refused("PPL-XML-005", what, _FIX_CUT)

    def _too_long(self) -> ExportRefused:
        return self._refused("PPL-XML-003", "a name, attribute, comment or short text exceeds 1 MiB", _FIX)

    def _refused(self, code: str, what: str, fix: str, line: int | None = None) -> ExportRefused:
        return self._refuse(code, what, fix, line=line or self._expat.CurrentLineNumber)
