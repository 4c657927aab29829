"""Times of mapped files: ISO 8601, seconds or milliseconds since 1970, or a declared pattern; always to naive UTC.

An order of day and month is never guessed, nor a time zone. Knows no record and no column but the name to complain of.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from connectors.csvtext import RowFault

EPOCHS: Final = {"epoch_s": 1, "epoch_ms": 1000}
_ISO: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:(?:T| )(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?(Z|UTC|[+-]\d\d(?::?\d\d)?))?)?",
    re.ASCII,
)
_AMBIGUOUS: Final = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}(?:[ T,].*)?", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,15}(?:\.\d{1,9})?", re.ASCII)


class AmbiguousDateError(Exception):
    """Day and month cannot be told apart; no row of the file may be read."""


class NoZoneError(Exception):
    """A time without offset, and no zone is declared; no row of the file may be read."""


class Clock:
    """Reads the times of one export; `n_overlaps` counts local times that occurred twice: the first is taken."""

    def __init__(self, time_format: str, zone: str | None) -> None:
        self._format = time_format
        self._zone = ZoneInfo(zone) if zone is not None else None
        self.n_overlaps = 0

    def instant(self, value: object, key: str) -> datetime:
        """Naive UTC; raises `RowFault` for a time that does not exist or has another format."""
        if isinstance(value, datetime):
            time = value
        elif isinstance(value, date):
            time = datetime(value.year, value.month, value.day)  # midnight of the declared zone
        elif self._format in EPOCHS:
            time = _since_1970(str(value), EPOCHS[self._format], key)
        elif not isinstance(value, str):
            raise RowFault("PPL-TIM-004", f"{key} is not a text")
        else:
            time = self._written(value.strip(), key)
        if not date.min.year < time.year < date.max.year:  # no zone can be taken off there, and no week ends
            raise RowFault("PPL-TIM-004", f"{key} is no time that a record can have")
        return self._utc(time, key)

    def day(self, value: object, key: str) -> date:
        """A calendar day as it is written."""
        if isinstance(value, date):
            return value.date() if isinstance(value, datetime) else value
        if self._format in EPOCHS:
            return self.instant(value, key).date()
        if not isinstance(value, str):
            raise RowFault("PPL-TIM-004", f"{key} is not a text")
        return self._written(value.strip(), key).date()

    def is_nothing(self, value: object) -> bool:
        """Whether a time that may be missing is; 0 since 1970 means never."""
        return value is None or value == "" or (self._format in EPOCHS and str(value) in {"0", "0.0"})

    def _written(self, text: str, key: str) -> datetime:
        if "%" in self._format:
            try:
                return datetime.strptime(text, self._format)  # its zone is settled by the caller
            except ValueError:
                raise RowFault("PPL-TIM-004", f"{key} is not written as time_format says") from None
        match = _ISO.fullmatch(text)
        if match is None:
            if _AMBIGUOUS.fullmatch(text):
                raise AmbiguousDateError(key)
            raise RowFault("PPL-TIM-004", f"{key} has no known time format")
        return _iso(match, key)

    def _utc(self, time: datetime, key: str) -> datetime:
        if time.tzinfo is not None:
            return time.astimezone(UTC).replace(tzinfo=None)
        if self._zone is None:
            raise NoZoneError(key)
        first = time.replace(tzinfo=self._zone, fold=0)
        if first.utcoffset() != first.replace(fold=1).utcoffset():
            if first.astimezone(UTC).astimezone(self._zone).replace(tzinfo=None) != time:
                raise RowFault("PPL-TIM-005", f"{key} was skipped when clocks went forward in the declared zone")
            self.n_overlaps += 1
        return first.astimezone(UTC).replace(tzinfo=None)


def is_time_format(text: str, *, is_day: bool) -> bool:
    """Whether `time_format` names a format: a pattern must keep the day, and for instants the minute."""
    if text == "iso" or text in EPOCHS:
        return True
    example = datetime(2001, 11, 30, 22, 44, tzinfo=UTC)
    try:
        read = datetime.strptime(example.strftime(text), text)
    except (ValueError, re.error):
        return False
    expected = example.replace(tzinfo=read.tzinfo)
    return "%Z" not in text and (read.date() == expected.date() if is_day else read == expected)


def _since_1970(text: str, per_second: int, key: str) -> datetime:
    if _NUMBER.fullmatch(text) is None:
        raise RowFault("PPL-TIM-004", f"{key} is not a number since 1970")
    whole, _, fraction = text.partition(".")
    seconds, rest = divmod(int(whole), per_second)
    microseconds = rest * (1_000_000 // per_second) + int(fraction.ljust(6, "0")[:6] or 0) // per_second
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds, microseconds=microseconds)
    except OverflowError:
        raise RowFault("PPL-TIM-004", f"{key} is no time that exists") from None


def _iso(match: re.Match[str], key: str) -> datetime:
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    is_leap_second = second == "60"
    try:
        time = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0),
                        59 if is_leap_second else int(second or 0), int((fraction or "0").ljust(6, "0")[:6]))
        if offset in {"Z", "UTC"}:
            time = time.replace(tzinfo=UTC)
        elif offset is not None:
            zone = datetime.strptime(offset.replace(":", "").ljust(5, "0"), "%z").tzinfo
            time = time.replace(tzinfo=zone)
    except ValueError:
        raise RowFault("PPL-TIM-004", f"{key} is no time that exists") from None
    return time.replace(microsecond=0) + timedelta(seconds=1) if is_leap_second else time
