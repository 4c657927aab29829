"""The documents of one file: dumps that were joined end to end are read one after the other."""

from collections.abc import Callable, Iterator
from typing import IO, Final

_END: Final = b"</mediawiki>"
_STARTS: Final = (b"<?xml", b"<mediawiki")
_SPACE: Final = b" \t\r\n\xef\xbb\xbf"
_PEEK_BYTES: Final = max(map(len, _STARTS))


class Documents:
    """Iterates over readable documents; each must be read to its end before the next. `n_lines` lie before it."""

    def __init__(self, stream: IO[bytes]) -> None:
        # read1 hands over what is there, so that a cut compressed stream is parsed up to the cut
        self._more: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
        self._held = b""
        self._is_over = False
        self._n_lines_read = 0
        self.n_lines = 0

    def __iter__(self) -> Iterator["Documents"]:
        yield self
        while self._is_over and self._held:
            self._is_over = False
            self.n_lines = self._n_lines_read
            yield self

    def read(self, n_bytes: int) -> bytes:
        """The next bytes of the current document; none at its end."""
        if self._is_over:
            return b""
        data, self._held = self._held, b""
        while True:
            chunk = self._more(n_bytes)
            data += chunk
            end = data.find(_END)
            place = _place_of_cut_end(data) if end < 0 and chunk else -1
            if place:  # else there is nothing but what may be the start of the end
                break
        if place > 0:
            data, self._held = data[:place], data[place:]
        elif end >= 0:
            end += len(_END)
            data, self._held = data[:end], data[end:]
            self._look_ahead(n_bytes)
        self._n_lines_read += data.count(b"\n")
        return data

    def _look_ahead(self, n_bytes: int) -> None:
        """Whether another document follows; anything else is the parser's to judge."""
        while len(self._held.lstrip(_SPACE)) < _PEEK_BYTES and (chunk := self._more(n_bytes)):
            self._held += chunk
        following = self._held.lstrip(_SPACE)
        if following.startswith(_STARTS):
            self._is_over = True
            skipped = len(self._held) - len(following)
            self._n_lines_read += self._held[:skipped].count(b"\n")
            self._held = following


def _place_of_cut_end(data: bytes) -> int:
    """Where the end tag begins if it may go on in the next chunk, else -1."""
    place = data.rfind(b"<", -len(_END) + 1)
    return place if place >= 0 and _END.startswith(data[place:]) else -1
