"""What the command prints: one way out, so that no name from an export or a roster can steer the terminal.

A unit, a channel or a file may be named with escape sequences that clear the screen, rewrite earlier lines or set the
clipboard; they are shown as text. What is printed is not decided here.
"""

import sys
from typing import TextIO

from connectors.source_names import printable


def clean(text: str) -> str:
    """The text with every control character but the ends of lines spelled out."""
    return "\n".join(printable(line) for line in text.split("\n"))


def say(*lines: object, file: TextIO | None = None) -> None:
    """Prints lines, by default to standard output."""
    for line in lines:
        print(clean(str(line)), file=file or sys.stdout)
