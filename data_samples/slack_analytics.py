"""Slack's analytics files: JSON lines for each UTC day, about members, and one file about channels; counted.

Acme keeps them in a zip per month, the last days still as they came.

Posts and reactions are those of the exports; who else was there, and direct messages, are drawn here.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from data_samples.accounts import TEAM, Account, Accounts
from data_samples.archive import Archive, open_gzip
from data_samples.company import Company
from data_samples.period import DAY, SECOND, SLACK, micros, work_weight
from data_samples.reading import Readers, geometric, open_days
from data_samples.slack_model import Channel
from data_samples.truth import Recorder

WEEKS = 9
LOOSE_DAYS = 3
GRID = "E0ACMEGRID"
LISTED = 0.02  # share of the members who are not active and listed all the same: the files stay small
Json = dict[str, Any]


@dataclass
class SlackAnalytics:
    """The daily files and what they say."""

    company: Company
    accounts: Accounts
    rng: Random
    recorder: Recorder
    counts: Counter[str] = field(default_factory=Counter)
    weeks: dict[str, Counter[str]] = field(default_factory=dict)
    active: dict[date, set[str]] = field(default_factory=dict)  # day -> people of the roster
    channel_day: dict[str, Any] = field(default_factory=dict)

    @property
    def days(self) -> list[date]:
        """All days with a file."""
        period = self.company.period
        first, last = period.complete_weeks(SLACK, WEEKS)[0], period.ends_on(SLACK)
        return [first + timedelta(n) for n in range((last - first).days + 1)]

    def write(self, out: Path, channels: list[Channel]) -> None:
        """One file per day, Monday first in each week, and the channels of one day."""
        members = [a for a in self.accounts.all[SLACK] if a.kind != "bot"]
        readers, days = Readers(members, self.rng), self.days
        files = _Files(out, days[-1] - timedelta(LOOSE_DAYS))
        for monday in (day for day in days if day.weekday() == 0):
            week = [day for day in days if monday <= day < monday + timedelta(7)]
            there = {a.id: self._active_days(a, monday, week, readers) for a in members}
            counts: Counter[str] = Counter()
            anybody: set[str] = set()
            for day in week:
                rows = [row for a in members if (row := self._row(a, day, is_active=day in there[a.id]))]
                self.recorder.files[files.write("Member", day, rows)]["rows"] += len(rows)
                self._count(counts, rows)
                self.active[day] = {a.person.id for a in members if a.person and day in there[a.id]}
                anybody |= {a.id for a in members if day in there[a.id]}
            counts["active"] = len(anybody)
            self.counts.update(counts)
            if len(week) == 7:
                self.weeks[monday.isoformat()] = counts
        del self.counts["active"]  # members of several weeks would be counted again
        self.counts["gone"] = sum(
            counts["gone"]
            for a in members
            for day, counts in self.recorder.usage.of(a).items()
            if day in self.active
        )
        self._write_channels(files, channels, members)
        files.close()

    def _active_days(self, account: Account, monday: date, week: list[date], readers: Readers) -> set[date]:
        usage, rng = self.recorder.usage.of(account), self.rng
        days = open_days(account, week[0], week[-1])
        used = {day for day in days if day in usage}
        if account.kind == "service" or not days or not readers.reads(account, monday):
            return used
        read = {day for day in days if rng.random() < 0.4 * work_weight(day)}
        return used | (read or {rng.choice([day for day in days if day.weekday() < 5] or days)})

    def _row(self, account: Account, day: date, *, is_active: bool) -> Json | None:
        if not is_active and (not open_days(account, day, day) or self.rng.random() >= LISTED):
            return None
        rng, use = self.rng, self.recorder.usage.of(account).get(day, Counter[str]())
        direct = geometric(rng, 0.6) if is_active and account.owner and rng.random() < 0.3 else 0
        phone = ("", "ios", "android")[sum(account.id.encode()) % 3] if is_active and account.owner else ""
        since = account.since or (account.owner.hired if account.owner else self.company.period.start)
        return {
            "enterprise_id": GRID, "team_id": TEAM, "date": day.isoformat(), "user_id": account.id,
            "email_address": account.email.lower(),
            "enterprise_employee_number": account.owner.id if account.owner else "",
            "is_guest": account.kind == "guest", "is_billable_seat": account.kind != "guest",
            "is_active": is_active, "is_active_ios": phone == "ios" and use["posted"] == 0,
            "is_active_android": phone == "android" and use["posted"] == 0,
            "is_active_desktop": is_active and (phone == "" or use["posted"] > 0),
            "reactions_added_count": use["reacted"],
            "messages_posted_count": use["posted"] + direct, "channel_messages_posted_count": use["posted"],
            "files_added_count": use["files"],
            "is_active_apps": account.kind == "service", "is_active_workflows": False,
            "is_active_slack_connect": False,
            "total_calls_count": 0, "slack_calls_count": 0, "slack_huddles_count": 0,
            "search_count": 1 if is_active and rng.random() < 0.1 else 0,
            "date_claimed": micros(since) // SECOND,
        }  # fmt: skip

    def _count(self, counts: Counter[str], rows: list[Json]) -> None:
        for row in rows:
            counts.update(rows=1, active_days=int(row["is_active"]), posted=int(row["messages_posted_count"]))
            counts.update(channel_posted=int(row["channel_messages_posted_count"]))
            counts.update(reacted=int(row["reactions_added_count"]))
        counts["direct"] = counts["posted"] - counts["channel_posted"]

    def _write_channels(self, files: "_Files", channels: list[Channel], members: list[Account]) -> None:
        usage, rng = self.recorder.usage, self.rng
        day = usage.channel_day
        end = micros(day) + DAY
        guests = {a.id for a in members if a.kind == "guest"}
        there = len(self.active[day])
        rows: list[Json] = []
        total: Counter[str] = Counter()
        for channel in channels:
            if 0 < channel.archived_at < end:
                continue
            joined = {member for member, at in channel.members.items() if at < end}
            counts = usage.channels.get(channel.id, Counter[str]())
            posters = usage.channel_posters.get(channel.id, set[str]())
            viewers = max(len(posters), int(there * rng.uniform(0.02, 0.12)))
            total.update(rows=1, posted=counts["posted"], by_members=counts["by_members"], viewers=viewers)
            total.update(posters=len(posters), reacted=counts["reacted"])
            rows.append({
                "enterprise_id": GRID, "originating_team": {"team_id": TEAM, "name": "Acme"}, "channel_id": channel.id,
                "channel_type": "single_workspace_channel", "visibility": "public", "shared_with": [],
                "is_shared_externally": False, "externally_shared_with_organizations": [],
                "date_created": 1700000000, "date_last_active": micros(day) // SECOND,
                "total_members_count": len(joined), "full_members_count": len(joined - guests),
                "guest_member_count": len(joined & guests), "messages_posted_count": counts["posted"],
                "messages_posted_by_members_count": counts["by_members"], "members_who_posted_count": len(posters),
                "members_who_viewed_count": viewers, "reactions_added_count": counts["reacted"],
                "date": day.isoformat(),
            })  # fmt: skip
        self.recorder.files[files.write("Public Channel", day, rows, is_loose=True)]["rows"] = len(rows)
        self.channel_day = {"day": day.isoformat(), **total}


class _Files:
    """The folder of analytics files."""

    def __init__(self, out: Path, zipped_to: date) -> None:
        self._out, self._zipped_to = out, zipped_to
        self._months: dict[str, Archive] = {}

    def write(self, about: str, day: date, rows: list[Json], *, is_loose: bool = False) -> str:
        """Writes one day; returns the path of the file that holds it."""
        name = f"Acme {about} Analytics {day.isoformat()}.json"
        lines = "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)
        if is_loose or day > self._zipped_to:
            path = f"slack-analytics/{name}.gz"
            with open_gzip(self._out / path) as stream:
                stream.write(lines.encode())
            return path
        path = f"slack-analytics/{about.lower()}-analytics-{day:%Y-%m}.zip"
        if path not in self._months:
            self._months[path] = Archive(self._out / path, self._zipped_to)
        self._months[path].add(name, lines)
        return path

    def close(self) -> None:
        """Finishes the zips."""
        for archive in self._months.values():
            archive.close()
