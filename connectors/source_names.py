"""Names of files and members: which are junk of operating systems, and how any name is printed safely.

Opens nothing.
"""

import re
from pathlib import PurePosixPath
from typing import Final

_JUNK: Final = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What steers a terminal, ends a line, or turns the direction of the text after it."""


def is_junk(name: str) -> bool:
    """Files that operating systems leave in folders and archives; they hold no export data."""
    return any(part in _JUNK or part.startswith("._") for part in PurePosixPath(name).parts)


def printable(name: str) -> str:
    """The name on one line of valid text: bytes that are not UTF-8 and control characters are escaped."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
