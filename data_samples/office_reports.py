"""Microsoft 365 reports of e-mail and of shared files by user: 30 days to the end of some months, and their counts.

From the guide on fewer people use shared files; e-mail stays as it is. Nothing of this stands in other exports.
"""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from data_samples.archive import Archive
from data_samples.company import Company, Person
from data_samples.figures import eligible, month_span
from data_samples.reading import geometric
from data_samples.truth import Recorder

MONTHS = 3
"""Before the month of the guide, and after it."""
MAIL, FILES = 0.95, 0.62
FALL = 0.1
"""By which anybody's likelihood to use shared files in a month falls from the guide on."""
EMAIL_HEADER = (
    "Report Refresh Date", "User Principal Name", "Display Name", "Is Deleted", "Deleted Date", "Last Activity Date",
    "Send Count", "Receive Count", "Read Count", "Meeting Created Count", "Meeting Interacted Count",
    "Assigned Products", "Report Period",
)  # fmt: skip
FILES_HEADER = (
    "Report Refresh Date", "User Principal Name", "Is Deleted", "Deleted Date", "Last Activity Date",
    "Viewed Or Edited File Count", "Synced File Count", "Shared Internally File Count", "Shared Externally File Count",
    "Visited Page Count", "Assigned Products", "Report Period",
)  # fmt: skip
_PRODUCTS = "MICROSOFT 365 E3"
_DAYS = 30


@dataclass
class OfficeReports:
    """The reports and, by month, how many eligible people they call active."""

    company: Company
    rng: Random
    recorder: Recorder
    months: dict[str, dict[str, int]] = field(default_factory=dict)
    n_rows: int = 0
    _last: dict[tuple[str, str], date] = field(default_factory=dict)

    @property
    def guide_on(self) -> date:
        """The day of the guide, as turnout.toml declares it."""
        return self.company.period.share(150)

    def write(self, out: Path) -> None:
        """One zip with two reports for each of the months, all of them within the period."""
        period, guide = self.company.period, self.guide_on
        whole = [month for month in period.months() if period.start <= month and month_span(month)[1] <= period.end]
        before = [month for month in whole if month_span(month)[1] < guide][-MONTHS:]
        after = [month for month in whole if month >= guide][:MONTHS]
        path = "m365-office/office-activity.zip"
        archive = Archive(out / path, period.end)
        for month in (*before, *after):
            last = month_span(month)[1]
            active: dict[str, set[str]] = {}
            for channel, name, header in (
                ("email", "EmailActivityUserDetail", EMAIL_HEADER),
                ("files", "SharePointActivityUserDetail", FILES_HEADER),
            ):
                rows, active[channel] = self._report(channel, last)
                archive.add(f"{name}_D{_DAYS}_{last.isoformat()}.csv", _text(header, rows))
                self.n_rows += len(rows)
            people = {person.id for person, _ in eligible(self.company.people, month_span(month))}
            self.months[month.isoformat()] = {name: len(found & people) for name, found in active.items()}
        archive.close()
        self.recorder.files[path] = Counter(rows=self.n_rows)

    def _report(self, channel: str, last: date) -> tuple[list[list[str]], set[str]]:
        """Everybody employed on the last of the days, and who of them was active."""
        rows, active = [], set()
        for person in self.company.people:
            if not person.employed(last):
                continue
            is_active = self.rng.random() < self._chance(channel, person, last)
            if is_active:
                active.add(person.id)
                since = max(person.hired, last - timedelta(_DAYS - 1))
                self._last[channel, person.id] = since + timedelta(self.rng.randint(0, (last - since).days))
            seen = self._last.get((channel, person.id))
            start = [last.isoformat(), person.on(last).email]
            middle = ["False", "", seen.isoformat() if seen else "", *self._counts(channel, is_active=is_active)]
            name = [f"{person.first} {person.last}"] if channel == "email" else []
            rows.append([*start, *name, *middle, _PRODUCTS, str(_DAYS)])
        return rows, active

    def _chance(self, channel: str, person: Person, last: date) -> float:
        if channel == "email":
            return MAIL
        habit = FILES + 0.3 * (Random(f"files of {person.id}").random() - 0.5)
        return habit - (FALL if last > self.guide_on else 0)

    def _counts(self, channel: str, *, is_active: bool) -> list[str]:
        """Five numbers; of e-mail sent, received, read, meetings; of files viewed, synced, shared, pages visited."""
        if channel == "email":
            received = 1 + geometric(self.rng, 0.9)
            counts = [1 + geometric(self.rng, 0.8), received, received, 0, 0] if is_active else [0, received, 0, 0, 0]
        else:
            counts = [1 + geometric(self.rng, 0.7), 0, 0, 0, geometric(self.rng, 0.5)] if is_active else [0] * 5
        return [str(count) for count in counts]


def _text(header: Sequence[str], rows: list[list[str]]) -> str:
    """With a byte order mark, CRLF and an empty line at the end, as Microsoft does."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([header, *rows])
    return f"\ufeff{text.getvalue()}\r\n"
