"""What a spreadsheet does to Yammer's ids, and which of them the other columns of the row still tell.

Whether a file was saved by a spreadsheet at all is decided in yammer_messages.
"""

import re
from typing import Final

_ROUNDED: Final = re.compile(r"([0-9]+)[.,]?([0-9]*)[eE]\+?([0-9]{1,2})")
_CUT: Final = re.compile(r"[0-9]{15}0+")
_THREAD: Final = re.compile(r"(?:/messages/|[?&]threadId=)([0-9]{1,19})(?![0-9])")
_TOLERANCE: Final = 1e-5
"""A spreadsheet shows six digits at least."""


def is_damaged(text: str) -> bool:
    """Whether an id was rounded: to 2,00034E+15, or to zeros after its fifteenth digit."""
    return _ROUNDED.fullmatch(text) is not None or _CUT.fullmatch(text) is not None


def agrees(damaged: str, number: str) -> bool:
    """Whether a number may be what a damaged id once was."""
    match = _ROUNDED.fullmatch(damaged)
    value = float(f"{match[1]}.{match[2]}e{match[3]}") if match else float(damaged)
    return number.isascii() and number.isdigit() and abs(value - float(number)) <= _TOLERANCE * float(number)


def thread_in(url: str, message_id: int, damaged: str) -> int | None:
    """The thread that the address for deleting a message names, if it is another than the message itself."""
    match = _THREAD.search(url)
    if match is None or int(match[1]) == message_id or not agrees(damaged, match[1]):
        return None
    return int(match[1])
