"""Instants as ISO 8601 writes them with their zone, in whatever export; nothing else is an instant."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:(?P<seconds>\d\d)(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)")


def utc_time(text: str) -> datetime | None:
    """The instant as naive UTC; null unless it is an ISO time with its zone. A leap second is the next second."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    is_leap = match["seconds"] == "60"
    try:
        at = datetime.fromisoformat(text[:17] + "59" + text[19:] if is_leap else text)
        return at.astimezone(UTC).replace(tzinfo=None) + timedelta(seconds=is_leap)
    except (ValueError, OverflowError):
        return None
