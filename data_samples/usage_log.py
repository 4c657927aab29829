"""What the vendors' own reports know of use that also stands in the exports: who posted and reacted on which day.

Only the days that reports cover are kept; reading leaves no trace here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from data_samples.accounts import Account
from data_samples.period import DAY, day_of

Days = dict[date, Counter[str]]


class UsageLog:
    """Posts and reactions by account and UTC day, from `since` on; of channels, on one day."""

    def __init__(self, since: date, channel_day: date) -> None:
        self.since = since
        self.channel_day = channel_day
        self.days: dict[tuple[str, str], Days] = defaultdict(lambda: defaultdict(Counter))
        self.before: dict[tuple[str, str], date] = {}  # the last day of use before that
        self.channels: dict[str, Counter[str]] = defaultdict(Counter)
        self.channel_posters: dict[str, set[str]] = defaultdict(set)

    def posted(self, account: Account, at: int, *, has_file: bool = False, is_visible: bool = True) -> None:
        """One message, deleted later or not; `is_visible` if the exports still show it."""
        counts = self._counts(account, at)
        counts["posted"] += 1
        counts["files"] += has_file
        counts["gone"] += not is_visible

    def reacted(self, account: Account, at: int) -> None:
        """One emoji added."""
        self._counts(account, at)["reacted"] += 1

    def posted_in(self, channel: str, at: int, by: str) -> None:
        """One message in a channel; `by` is empty if an app posted it."""
        if day_of(at // DAY) == self.channel_day:
            self.channels[channel]["posted"] += 1
            self.channels[channel]["by_members"] += bool(by)
            self.channel_posters[channel] |= {by} - {""}

    def reacted_in(self, channel: str, instants: Iterable[int]) -> None:
        """Emoji added in a channel."""
        n = sum(day_of(at // DAY) == self.channel_day for at in instants)
        if n:
            self.channels[channel]["reacted"] += n

    def of(self, account: Account) -> Days:
        """The days of an account."""
        return self.days.get((account.platform, account.id), {})

    def _counts(self, account: Account, at: int) -> Counter[str]:
        key, day = (account.platform, account.id), day_of(at // DAY)
        if day >= self.since:
            return self.days[key][day]
        self.before[key] = max(day, self.before.get(key, day))
        return Counter()
