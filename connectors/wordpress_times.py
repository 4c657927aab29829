"""When a post or comment was published: GMT first, then the feed's date, then local time in the declared zone.

WordPress writes `0000-00-00 00:00:00` where there is no time, and a feed date in the year -1 beside it.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from zoneinfo import ZoneInfo

_WRITTEN: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}")
_FED: Final = re.compile(
    r"(?:[A-Z][a-z]{2}, )?[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} (?:[+-][0-9]{4}|GMT|UTC)")


def time_of(fields: Mapping[str, str], zone: str | None) -> tuple[datetime | None, str | None]:
    """Naive UTC, or null and the code of the fault; time and code: an hour that a clock change repeats."""
    for name in ("post_date_gmt", "comment_date_gmt"):
        if (at := _written(fields.get(name, ""))) is not None:
            return at, None
    if (at := _feed_time(fields.get("pubDate", ""))) is not None:
        return at, None
    local = _written(fields.get("post_date", "")) or _written(fields.get("comment_date", ""))
    return (None, None) if local is None or zone is None else _from_local(local, ZoneInfo(zone))


def _written(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if _WRITTEN.fullmatch(text) else None
    except ValueError:
        return None


def _feed_time(text: str) -> datetime | None:
    """The library's reader alone would take the year -1 for the minute of another."""
    try:
        at = parsedate_to_datetime(text) if _FED.fullmatch(text) else None
        return None if at is None or at.tzinfo is None else at.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def _from_local(local: datetime, zone: ZoneInfo) -> tuple[datetime | None, str | None]:
    try:
        at = local.replace(tzinfo=zone).astimezone(UTC)
        is_skipped = at.astimezone(zone).replace(tzinfo=None, fold=0) != local
    except OverflowError:  # in the year 1 or 9999
        return None, None
    if is_skipped:
        return None, "PPL-TIM-005"  # clocks went forward
    is_repeated = local.replace(tzinfo=zone, fold=1).astimezone(UTC) != at
    return at.replace(tzinfo=None), "PPL-TIM-006" if is_repeated else None
