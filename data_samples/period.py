"""The time that a sample covers: its days, weeks and months, and where each platform's exports end.

No people and no formats.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = 86_400_000_000  # microseconds
SECOND = 1_000_000
START = date(2025, 10, 1)
SLACK, YAMMER, WIKI = "slack", "yammer", "mediawiki"
PLATFORMS = (SLACK, YAMMER, WIKI)  # where people act
CONFLUENCE, WORDPRESS, BOOKMARKS = "confluence", "wordpress", "bookmarks"
EVERY_PLATFORM = (*PLATFORMS, CONFLUENCE, WORDPRESS, BOOKMARKS)  # the last three: where some of them also act
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Period:
    """`days` days of activity from `start` on."""

    start: date
    days: int

    @property
    def end(self) -> date:
        """The last day."""
        return self.start + timedelta(self.days - 1)

    @property
    def reorganised_on(self) -> date:
        """The day of the re-organisation: 1 April in the standard company."""
        return self.start + timedelta((self.days - 1) // 2)

    def ends_on(self, platform: str) -> date:
        """The last day in the exports of a platform."""
        return self.end - timedelta({SLACK: 0, YAMMER: 5, WIKI: 20}[platform])

    def share(self, of_a_year: int) -> date:
        """The day that lies at this day of a 365-day year."""
        return self.start + timedelta(self.days * of_a_year // 365)

    def complete_weeks(self, platform: str, most: int) -> list[date]:
        """The Mondays of the last complete weeks, at most so many, before a platform's exports end."""
        last = self.ends_on(platform) - timedelta(6)
        return [monday for monday in self.mondays() if self.start <= monday <= last][-most:]

    def mondays(self) -> list[date]:
        """The first days of all ISO weeks that the period touches."""
        first = self.start - timedelta(self.start.weekday())
        return [first + timedelta(7 * week) for week in range((self.end - first).days // 7 + 1)]

    def months(self) -> list[date]:
        """The first days of all calendar months that the period touches."""
        return list(_months(self.start, self.end))


def micros(day: date) -> int:
    """Microseconds from 1970 to the beginning of a day, UTC."""
    return (day.toordinal() - _EPOCH) * DAY


@lru_cache(maxsize=100_000)
def day_of(number: int) -> date:
    """The UTC day with this number since 1970."""
    return date.fromordinal(number + _EPOCH)


def iso(at: int) -> str:
    """An instant as exports write it, to the second."""
    return datetime.fromtimestamp(at // SECOND, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(maxsize=100_000)
def offset(zone: str, day: date) -> int:
    """Microseconds that a zone is ahead of UTC at noon of a day."""
    delta = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)).utcoffset()
    return int((delta or timedelta()).total_seconds()) * SECOND


def los_angeles_day(at: int) -> date:
    """The day file in which Slack stores a message."""
    return datetime.fromtimestamp(at // SECOND, ZoneInfo("America/Los_Angeles")).date()


def next_month(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=1) + timedelta(32)).replace(day=1)


def work_weight(day: date) -> float:
    """How much of a normal working day this day is."""
    if day.weekday() >= 5:
        return 0.04
    quiet = (
        (day.month, day.day) >= (12, 22) or (day.month, day.day) <= (1, 4) or (day.month, day.day) == (5, 1)
    )
    return 0.25 if quiet else 0.85 if day.month == 8 else 1.0


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = next_month(month)
