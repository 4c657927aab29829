"""How likely people read in a week, whether they write or not: most do, many more than ever post.

Which days and how much is up to the writers of the reports.
"""

from datetime import date, timedelta
from random import Random

from data_samples.accounts import Account
from data_samples.company import UNIT_OF
from data_samples.period import work_weight

NEVER_READS = 0.04
WEEKLY_READING = {
    "Executive Office": 0.92, "Communications": 0.97, "Research": 0.9, "Engineering": 0.92,
    "Manufacturing": 0.68, "Supply Chain": 0.7, "Sales": 0.84, "Customer Care": 0.9, "Finance": 0.82,
    "People": 0.9,
}  # fmt: skip
GUEST_WEEKLY_READING = 0.4


class Readers:
    """Who reads one platform in which week."""

    def __init__(self, accounts: list[Account], rng: Random) -> None:
        self._rng = rng
        self._habits = {account.id: float(rng.random() >= NEVER_READS) for account in accounts}

    def reads(self, account: Account, monday: date) -> bool:
        """Whether the account reads in a week; drawn anew each time."""
        weights = [work_weight(monday + timedelta(n)) for n in range(5)]
        season = (1 + sum(weights) / 5) / 2
        chance = GUEST_WEEKLY_READING
        if account.owner:
            chance = WEEKLY_READING[UNIT_OF[account.owner.on(monday).department]]
        return self._rng.random() < chance * season * self._habits[account.id]


def open_days(account: Account, first: date, last: date) -> list[date]:
    """The days of a span on which the account can be used."""
    begin = max(first, account.since or first)
    end = min(last, account.until or last)
    return [begin + timedelta(n) for n in range((end - begin).days + 1)]


def geometric(rng: Random, chance: float) -> int:
    """How often in a row luck holds, at most 40 times."""
    count = 0
    while count < 40 and rng.random() < chance:
        count += 1
    return count
