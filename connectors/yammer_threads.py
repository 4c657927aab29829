"""Replies that answer one another in a circle, and where a circle is cut.

Knows ids only.
"""

from collections.abc import Iterator, Mapping


def cuts(answered: Mapping[str, str]) -> set[str]:
    """Of every circle in `answered` (message to the one it answers) the message with the lowest id."""
    found: set[str] = set()
    done: set[str] = set()
    for start in answered:
        path: dict[str, None] = {}
        message: str | None = start
        while message is not None and message not in done and message not in path:
            path[message] = None
            message = answered.get(message)
        if message is not None and message in path:
            found.add(min(_circle(answered, message), key=lambda one: (len(one), one)))
        done.update(path)
    return found


def _circle(answered: Mapping[str, str], start: str) -> Iterator[str]:
    yield start
    message = answered[start]
    while message != start:
        yield message
        message = answered[message]
