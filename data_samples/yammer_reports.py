"""Microsoft 365 reports of Yammer activity by user: weekly snapshots, as the admin centre saves them, and their counts.

They state reading, which the network export does not. One of them conceals the names.
"""

import csv
import hashlib
import io
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from data_samples.accounts import Account, Accounts
from data_samples.archive import Archive
from data_samples.company import Company
from data_samples.period import YAMMER
from data_samples.reading import Readers, geometric, open_days
from data_samples.truth import Recorder

WEEKS = 26
UNLISTED = 3  # people who write and whom the reports leave out
HEADER = (
    "Report Refresh Date", "User Principal Name", "Display Name", "User State", "State Change Date",
    "Last Activity Date", "Posted Count", "Read Count", "Liked Count", "Assigned Products", "Report Period",
)  # fmt: skip
PRODUCTS = ("MICROSOFT 365 E3", "MICROSOFT 365 E3+MICROSOFT VIVA SUITE", "MICROSOFT 365 F1, FRONTLINE")
_KEPT_DAYS = 30  # closed accounts leave the report after so many


@dataclass
class YammerReports:
    """The snapshots and, by week, what they say."""

    company: Company
    accounts: Accounts
    rng: Random
    recorder: Recorder
    weeks: dict[str, Counter[str]] = field(default_factory=dict)
    concealed: dict[str, Any] = field(default_factory=dict)
    active: dict[date, set[str]] = field(default_factory=dict)  # Monday -> people of the roster
    unlisted: list[Account] = field(default_factory=list)
    _last: dict[str, date] = field(default_factory=dict)

    def write(self, out: Path) -> None:
        """A zip of the reports per quarter, and before them one with concealed names, which no other may join."""
        listed = [a for a in self.accounts.humans(YAMMER) if not self._is_unlisted(a)]
        readers = Readers(listed, self.rng)
        self._last = {account.id: day for account in listed if (day := self._first_activity(account))}
        mondays = self.company.period.complete_weeks(YAMMER, WEEKS + 1)
        packed: dict[str, list[tuple[str, str]]] = {}
        for monday in mondays:
            counts, rows = self._rows(monday, listed, readers)
            refreshed = monday + timedelta(6)
            path = f"m365/yammer-activity-{refreshed.year}-Q{(refreshed.month + 2) // 3}.zip"
            if monday == mondays[0]:
                path = f"m365/yammer-activity-{refreshed.isoformat()}-concealed.zip"
                rows = [_conceal(row) for row in rows]
                self.concealed = {"week": monday.isoformat(), **counts}
            else:
                self.weeks[monday.isoformat()] = counts
            packed.setdefault(path, []).append((_name(refreshed), _text(rows)))
            self.recorder.files[path]["rows"] += len(rows)
        for path, reports in packed.items():
            archive = Archive(out / path, self.company.period.end)
            for name, text in reports:
                archive.add(name, text)
            archive.close()

    def _is_unlisted(self, account: Account) -> bool:
        """The first three members of staff that write in the weeks of the reports."""
        if len(self.unlisted) < UNLISTED and account.owner and account.owner.role == "staff":
            days = self.recorder.usage.of(account)
            if sum(counts["posted"] for counts in days.values()) > 5:
                self.unlisted.append(account)
        return account in self.unlisted

    def _first_activity(self, account: Account) -> date | None:
        """The last activity before the first report: some day, or a later one on which the account posted."""
        some = self.recorder.usage.since - timedelta(sum(account.id.encode()) % 80 + 1)
        known = self.recorder.usage.before.get((YAMMER, account.id))
        if (account.since and account.since > some) or (account.until and account.until < some):
            return known
        return max(known, some) if known else some

    def _rows(self, monday: date, listed: list[Account], readers: Readers) -> tuple[Counter[str], list[list[str]]]:
        refreshed, counts, rows = monday + timedelta(6), Counter[str](), []
        self.active[monday] = set()
        for account in listed:
            days = open_days(account, monday, refreshed)
            if (account.since and account.since > refreshed) or (
                account.until and account.until < refreshed - timedelta(_KEPT_DAYS)
            ):
                continue
            posted, read, liked = self._week(account, monday, days, readers)
            rows.append(self._row(account, refreshed, (posted, read, liked)))
            counts.update(rows=1, active=bool(days and posted + read + liked), posted=posted, read=read, liked=liked)
            counts["posting"] += posted > 0
            if posted + read + liked and account.person:
                self.active[monday].add(account.person.id)
        return counts, rows

    def _week(
        self, account: Account, monday: date, days: list[date], readers: Readers
    ) -> tuple[int, int, int]:
        """Posted, read and liked in a week; moves the day of the last activity."""
        rng, known = self.rng, self.recorder.usage.of(account)
        own = [day for day in days if day in known]
        posted = sum(known[day]["posted"] for day in own)
        if not days or not (readers.reads(account, monday) or posted):
            return 0, 0, 0
        read = 1 + geometric(rng, 0.85) + 2 * len(own)
        liked = geometric(rng, 0.5) if rng.random() < 0.3 else 0
        work = [day for day in days if day.weekday() < 5] or days
        self._last[account.id] = max(*own, rng.choice(work)) if own else rng.choice(work)
        return posted, read, liked

    def _row(self, account: Account, refreshed: date, counts: tuple[int, int, int]) -> list[str]:
        closed = account.until is not None and account.until < refreshed
        changed = account.until if closed else account.since or (account.owner.hired if account.owner else None)
        last = self._last.get(account.id)
        return [
            refreshed.isoformat(), _principal(account, refreshed), account.name,
            "Deleted" if closed else "Activated", changed.isoformat() if changed else "",
            last.isoformat() if last else "", *(str(count) for count in counts),
            PRODUCTS[sum(account.id.encode()) % len(PRODUCTS)], "7",
        ]  # fmt: skip


def _principal(account: Account, day: date) -> str:
    if account.owner:
        return account.owner.on(day).email
    return f"{account.email.replace('@', '_')}#EXT#@acme.example"


def _name(refreshed: date) -> str:
    return f"YammerActivityUserDetail_D7_{refreshed.isoformat()}.csv"


def _conceal(row: list[str]) -> list[str]:
    hidden = [hashlib.md5(name.encode(), usedforsecurity=False).hexdigest().upper() for name in row[1:3]]
    return [row[0], *hidden, *row[3:]]


def _text(rows: list[list[str]]) -> str:
    """With a byte order mark, CRLF and an empty line at the end, as Microsoft does."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([HEADER, *rows])
    return f"\ufeff{text.getvalue()}\r\n"
