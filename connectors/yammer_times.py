"""The time formats that Yammer exports are known to write, and nothing else; UTC unless a zone is declared."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from connectors.csvtext import RowFault
from models.problems import SettingsRefused

_EXACT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.ASCII)
_KNOWN: Final = re.compile(
    r"([0-9]{4})([-/])([0-9]{2})\2([0-9]{2})[T ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:Z| UTC| ?[+-]00:?00)"
)
_LOCAL: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?")
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


ODDITIES: Final = {
    "PPL-TIM-003": "a leap second; read as the next second",
    "PPL-TIM-006": "a local time that occurs twice; read as the earlier one",
}
"""What a time may be that is kept and counted."""


class Clock:
    """Reads times; one without an offset is in the declared zone, and no time at all if none is declared."""

    def __init__(self, zone: str | None) -> None:
        try:
            self._zone = ZoneInfo(zone) if zone else None
        except (ValueError, OSError, KeyError) as error:
            raise SettingsRefused("the zone of a source in turnout.toml is not known") from error
        self.oddities: list[str] = []
        """Of the times read since somebody cleared it."""

    def time(self, text: str, column: str) -> datetime:
        """Naive UTC; raises as `parse_time` does."""
        if self._zone is not None and _LOCAL.fullmatch(text):
            return self._from_local(text, column, self._zone)
        at = parse_time(text, column)
        if text[17:19] == "60":
            self.oddities.append("PPL-TIM-003")
        return at

    def _from_local(self, text: str, column: str, zone: ZoneInfo) -> datetime:
        try:
            local = datetime.fromisoformat(text)
        except ValueError as error:
            raise RowFault("PPL-TIM-004", f"{column} is no time that exists") from error
        first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        if first.astimezone(zone).replace(tzinfo=None, fold=0) != local:
            raise RowFault("PPL-TIM-005", f"time does not exist in {zone.key}, column {column}")
        if first != second:
            self.oddities.append("PPL-TIM-006")
        return first.replace(tzinfo=None)


def stated_window(text: str) -> tuple[date, date, datetime] | None:
    """First and last full day and the end, if a request states exactly two times, `since` and the exclusive `until`."""
    times = _STATED.findall(text)
    if len(times) != 2:
        return None
    try:
        since, until = (datetime.fromisoformat(time).astimezone(UTC).replace(tzinfo=None) for time in times)
        first = (since + timedelta(days=1, microseconds=-1)).date()
        last = (until + timedelta(seconds=1)).date() - timedelta(days=1)  # some callers end one second early
    except (ValueError, OverflowError):
        return None
    return (first, last, until) if first <= last else None
