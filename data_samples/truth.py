"""Counts what the writers emit, with sets and loops: the expected figures.

Nothing is read back from a file, and no pipeline is asked.
"""

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from data_samples.accounts import Account
from data_samples.period import BOOKMARKS, CONFLUENCE, DAY, SLACK, WIKI, WORDPRESS, YAMMER, day_of
from data_samples.usage_log import UsageLog

EVERYWHERE = "all"
CONTRIBUTIONS = ("post", "reply", "create", "edit", "comment", "upload", "share")
RECORDS = {  # the first line of each platform are kinds that exclude each other, the second are traits
    SLACK: (
        "post", "reply", "join", "admin", "huddle", "bot", "service", "deleted",
        "messages", "edited", "via_app", "in_several_exports", "absent_from_a_later_export",
    ),
    YAMMER: (
        "post", "reply", "system", "bot", "deleted", "private_group", "private_conversation",
        "messages", "edited", "delegated",
    ),
    WIKI: (
        "create", "edit", "comment", "null_edits_by_people", "bot", "service", "address", "hidden",
        "revisions", "pages", "reverts", "self_reverts", "null_edits",
    ),
    CONFLUENCE: (
        "create", "edit", "comment", "upload", "like", "anonymous", "folder", "draft", "internal", "personal",
        "records",
    ),
    WORDPRESS: (
        "create", "upload", "comment", "draft", "nav_menu_item", "spam", "unapproved", "pingback",
        "records", "pages",
    ),
    BOOKMARKS: (
        "share", "private",
        "records",
    ),
}  # fmt: skip


@dataclass
class Truth:
    """Expected figures; see the README for what each part says."""

    company: dict[str, Any] = field(default_factory=dict)
    files: dict[str, dict[str, int]] = field(default_factory=dict)
    platforms: dict[str, dict[str, Any]] = field(default_factory=dict)
    organisation: dict[str, Any] = field(default_factory=dict)
    units: dict[str, Any] = field(default_factory=dict)
    executives: dict[str, Any] = field(default_factory=dict)
    planted: dict[str, Any] = field(default_factory=dict)
    usage: dict[str, Any] = field(default_factory=dict)
    presence: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries."""
        return asdict(self)


def person_key(account: Account) -> str:
    """Whom an analyst can say it was: a roster person, else the account itself."""
    return account.person.id if account.person else f"{account.platform}:{account.id}"


class Recorder:
    """Collects records, contributions and reactions while they are written."""

    def __init__(self, usage: UsageLog) -> None:
        self.usage = usage
        self.files: dict[str, Counter[str]] = defaultdict(Counter)
        self.records = {platform: Counter(dict.fromkeys(kinds, 0)) for platform, kinds in RECORDS.items()}
        self.days: dict[str, tuple[int, int]] = {}  # platform -> first and last day with a record
        # (platform, kind of period, first day) -> accounts, people, actions
        self.accounts: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        self.people: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        self.actions: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
        # person -> month -> platform:action
        self.by_person: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
        self.by_unit: dict[tuple[str, str], int] = defaultdict(int)  # (month, unit of the day)
        self.contributed: dict[str, set[str]] = defaultdict(set)  # platform -> accounts
        self.reacted: dict[str, Account] = {}
        self.aurora: list[tuple[str, str]] = []  # (day, person)
        self.until: dict[str, date] = {}  # platform -> last day with a contribution
        self.busy: dict[str, set[date]] = defaultdict(set)  # person -> days with a contribution

    def record(self, platform: str, at: int, *kinds: str) -> None:
        """One record with its kind and traits."""
        self.records[platform].update(kinds)
        first, last = self.days.get(platform, (at // DAY, at // DAY))
        self.days[platform] = (min(first, at // DAY), max(last, at // DAY))

    def contribution(self, account: Account, at: int, action: str) -> None:
        """One contribution of a human account."""
        key, native = person_key(account), f"{account.platform}:{account.id}"
        day = day_of(at // DAY)
        month, week = day.replace(day=1).isoformat(), (day - timedelta(day.weekday())).isoformat()
        for platform in (account.platform, EVERYWHERE):
            for kind, start in (("month", month), ("week", week), ("ever", "")):
                where = (platform, kind, start)
                self.accounts[where].add(native)
                self.people[where].add(key)
                self.actions[where][action] += 1
        self.until[account.platform] = max(day, self.until.get(account.platform, day))
        self.by_person[key][month][f"{account.platform}:{action}"] += 1
        if account.person:
            self.by_unit[month, account.person.on(day).unit] += 1
            self.busy[account.person.id].add(day)
        self.contributed[account.platform].add(native)

    def reaction(self, account: Account, at: int) -> None:
        """One person's emoji on one message, dated by the message."""
        day = day_of(at // DAY)
        month, week = day.replace(day=1).isoformat(), (day - timedelta(day.weekday())).isoformat()
        for platform in (account.platform, EVERYWHERE):
            for kind, start in (("month", month), ("week", week), ("ever", "")):
                self.actions[platform, kind, start]["react"] += 1
        self.reacted[f"{account.platform}:{account.id}"] = account
