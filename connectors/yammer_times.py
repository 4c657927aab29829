"""The time formats that Yammer exports are known to write, and nothing else; always UTC, never guessed."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

from connectors.csvtext import RowFault

_EXACT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.ASCII)
_KNOWN: Final = re.compile(
    r"([0-9]{4})([-/])([0-9]{2})\2([0-9]{2})[T ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:Z| UTC| ?[+-]00:?00)"
)
_AMBIGUOUS: Final = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}(?:[ T,].*)?")
_STATED: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})"
)


class AmbiguousDateError(ValueError):
    """Day and month cannot be told apart; no row of the file may be read."""


def parse_time(text: str, column: str) -> datetime:
    """Naive UTC; a leap second is the next second."""
    if _EXACT.fullmatch(text) and text[17:19] < "60":
        try:
            return datetime.fromisoformat(text[:19])
        except ValueError as error:
            raise RowFault("PPL-TIM-004", f"{column} is no time that exists") from error
    match = _KNOWN.fullmatch(text)
    if match is None:
        if _AMBIGUOUS.fullmatch(text):
            raise AmbiguousDateError(column)
        raise RowFault("PPL-TIM-004", f"{column} has no known time format")
    year, _, month, day, hour, minute, second, fraction = match.groups()
    is_leap_second = second == "60"
    try:
        time = datetime(int(year), int(month), int(day), int(hour), int(minute), 59 if is_leap_second else int(second),
                        int((fraction or "0").ljust(6, "0")[:6]))
    except ValueError as error:
        raise RowFault("PPL-TIM-004", f"{column} is no time that exists") from error
    return time.replace(microsecond=0) + timedelta(seconds=1) if is_leap_second else time


def stated_window(text: str) -> tuple[date, date, datetime] | None:
    """First and last full day and the end, if a request states exactly two times, `since` and the exclusive `until`."""
    times = _STATED.findall(text)
    if len(times) != 2:
        return None
    try:
        since, until = (datetime.fromisoformat(time).astimezone(UTC).replace(tzinfo=None) for time in times)
    except ValueError:
        return None
    first = (since + timedelta(days=1, microseconds=-1)).date()
    last = (until + timedelta(seconds=1)).date() - timedelta(days=1)  # some callers end one second early
    return (first, last, until) if first <= last else None
