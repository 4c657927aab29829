"""Dates of a roster: ISO, the configured format, or the day/month order that the column itself proves.

An order is never guessed per value (reference code PPL-TIM-002).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

_ISO: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")
_NUMERIC: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: \d{1,2}:\d\d(?::\d\d)?)?")


class AmbiguousOrder(Exception):
    """Nothing in the column proves whether the day or the month comes first, or its values contradict each other."""


@dataclass(slots=True)
class OrderProof:
    """What the values of one column show about their order."""

    has_numeric: bool = False
    day_first: bool = False
    month_first: bool = False

    def add(self, text: str) -> None:
        """Look at one value."""
        match = _NUMERIC.fullmatch(text)
        if match is None:
            return
        self.has_numeric = True
        self.day_first |= int(match[1]) > 12
        self.month_first |= int(match[2]) > 12

    def is_day_first(self) -> bool:
        """The proven order."""
        if self.has_numeric and self.day_first == self.month_first:
            raise AmbiguousOrder
        return self.day_first


def read_date(text: str, *, date_format: str | None, is_day_first: bool) -> date | None:
    """The day, or null if the text is none."""
    iso, numeric = _ISO.fullmatch(text), _NUMERIC.fullmatch(text)
    try:
        if iso is not None:
            return date.fromisoformat(iso[1])
        if date_format is not None:
            return datetime.strptime(text, date_format).date()  # a day, no instant
        if numeric is not None:
            day, month = (numeric[1], numeric[2]) if is_day_first else (numeric[2], numeric[1])
            return date(int(numeric[3]), int(month), int(day))
    except ValueError:
        pass
    return None


def is_date_format(text: str) -> bool:
    """Whether `strptime` understands the pattern and it names a whole day."""
    day = date(2001, 11, 30)
    try:
        return datetime.strptime(day.strftime(text), text).date() == day  # a day, no instant
    except ValueError:
        return False


Orders = Mapping[str, bool]
"""Whether the day comes first, by key of `[roster] columns`."""
