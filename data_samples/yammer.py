"""Turns acts into Yammer messages, private ones too, with edits and deletions, and counts their last state.

How a network export looks is `yammer_files`' business.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from data_samples.accounts import Account, Accounts
from data_samples.behaviour import Act
from data_samples.company import Company
from data_samples.period import DAY, SECOND, YAMMER, day_of, micros
from data_samples.truth import Recorder
from data_samples.words import sentence
from data_samples.yammer_files import Group, Month, Row, months_of, write_month

REPLY_WITHIN = 6 * DAY
ODD_BODIES = (
    'He wrote "123","456" and left', "two lines\nof text", "carriage\r\nreturn, and a comma",
    "=SUM(1,2) 🎉", '""quoted""',
)  # fmt: skip


@dataclass
class Yammer:
    """The network while time passes."""

    company: Company
    accounts: Accounts
    rng: Random
    recorder: Recorder
    groups: list[Group] = field(default_factory=list)
    rows: dict[date, list[Row]] = field(default_factory=dict)  # month -> rows sent or modified in it
    recent: dict[str, deque[Row]] = field(default_factory=dict)
    last_id: int = 2000337749565440
    stranger: Account | None = None

    def __post_init__(self) -> None:
        names = ["Leadership Corner", "Ideas", 'Sports, "fun" & more']
        names += [
            "Communications",
            "Engineering",
            "Sales",
            "Customer Care",
            "Finance",
            "People",
            "Manufacturing",
        ]
        self.groups = [
            Group(str(31158067201 + 11 * n), name, name if n > 2 else "") for n, name in enumerate(names)
        ]
        self.groups += [
            Group("31158069001", "HR confidential", "", True),
            Group("31158069012", "Board prep", "", True),
        ]
        self.open_groups = [Group("", "", "")] + [
            g for g in self.groups if not g.is_private
        ]  # no group: All Company
        self.private_groups = [g for g in self.groups if g.is_private]
        self.months = months_of(self.company.period)
        self.rows = {month.since: [] for month in self.months}
        guests = [a for a in self.accounts.humans(YAMMER) if a.kind == "guest"]
        self.ghost_writers = [
            a for a in self.accounts.humans(YAMMER)
            if a.owner and a.owner.assignments[0].unit == "Communications" and a.owner.left is None
        ]  # fmt: skip
        self.stranger = guests[0] if guests else None  # posts, but is in no Users.csv

    def week(self, monday: date, acts: list[Act]) -> None:
        """Everything that happens in one week."""
        for act in acts:
            self._contribute(act)
            if self.rng.random() < 0.09:
                self._whisper(act)
        self._platform(monday)

    def write(self, out: Path, month: Month) -> None:
        """Write one month's zip and forget its rows."""
        rows = self.rows.pop(month.since)
        rows.sort(key=lambda row: int(row.id))
        accounts = [a for a in self.accounts.all[YAMMER] if a is not self.stranger and a.kind != "bot"]
        counts = write_month(out, month, rows, accounts, self.groups, is_first=month is self.months[0])
        self.recorder.files[month.path].update(counts)
        private = sum(bool(row.participants) or row.group.is_private for row in rows)
        self.recorder.files[month.path]["private_messages"] = private

    def _contribute(self, act: Act) -> None:
        rng, role = self.rng, act.account.owner.role if act.account.owner else "guest"
        home = [g for g in self.open_groups if g.unit and g.unit == act.unit]
        group = home[0] if home and rng.random() < 0.5 else rng.choice(self.open_groups[:4])
        thread = self.recent.setdefault(group.id, deque(maxlen=10))
        alive = [row for row in thread if row.at < act.at and act.at - row.at < REPLY_WITHIN]
        root = rng.choice(alive) if act.intent == "reply" and alive else None
        row = self._row(act.account, act.at, group=group, root=root)
        if not root:
            thread.append(row)
            if role == "broadcaster":
                row.message_type, row.title = "announcement", sentence(rng, 2, 4)
                if rng.random() < 0.3 and self.ghost_writers:
                    row.delegate = rng.choice(self.ghost_writers)
            elif rng.random() < 0.1:
                row.message_type = "question"
        luck = rng.random()
        if luck < 0.03:
            row.edited_at, row.edited_body = self._later(act.at), f"{row.body} {sentence(rng, 1, 2)}"
        elif luck < 0.05:
            row.deleted_at, row.deleted_by = self._later(act.at), act.account.id
        self._publish(row)

    def _whisper(self, act: Act) -> None:
        """The same person writes something private, which is out of scope."""
        rng = self.rng
        if rng.random() < 0.5:
            row = self._row(
                act.account, act.at + 61 * SECOND, group=rng.choice(self.private_groups), root=None
            )
        else:
            row = self._row(act.account, act.at + 62 * SECOND, group=self.open_groups[0], root=None)
            row.participants = [act.account.id, rng.choice(self.accounts.humans(YAMMER)).id]
        if day_of(row.at // DAY) == day_of(act.at // DAY):
            self._publish(row)

    def _platform(self, monday: date) -> None:
        """New colleagues are announced by the network, and welcomed by a bot."""
        end = self.company.period.ends_on(YAMMER)
        for account in self.accounts.humans(YAMMER):
            if account.since and monday <= account.since < monday + timedelta(7) and account.since <= end:
                at = micros(account.since) + 120 * SECOND
                row = self._row(account, at, group=self.open_groups[0], root=None)
                row.message_type, row.body = "system", f"{account.name} has joined the Acme network."
                self._publish(row)
                if self.rng.random() < 0.3:
                    bot = self.accounts.special["welcome"]
                    self._publish(self._row(bot, at + SECOND, group=self.open_groups[0], root=row))

    def _row(self, account: Account, at: int, *, group: Group, root: Row | None) -> Row:
        self.last_id += self.rng.randint(1, 40_000_000)
        body = self.rng.choice(ODD_BODIES) if self.rng.random() < 0.02 else sentence(self.rng)
        return Row(str(self.last_id), at, account, group, root, body)

    def _later(self, at: int) -> int:
        return at + self.rng.choice((self.rng.randint(60, 7200) * SECOND, self.rng.randint(3, 60) * DAY))

    def _publish(self, row: Row) -> None:
        """Put the row into every month in which it was sent or modified, and count its last state."""
        final, shows_delegates = "sent", False
        for month in self.months:
            touched = [at for at in (row.at, row.edited_at, row.deleted_at) if month.covers(at)]
            if touched:
                self.rows[month.since].append(row)
                shows_delegates = month.has_delegates
                is_edited = month.covers(row.edited_at)
                final = "deleted" if month.covers(row.deleted_at) else "edited" if is_edited else final
        if row.account.kind != "bot" and row.message_type != "system":
            self.recorder.usage.posted(row.account, row.at)
        kind = self._kind(row, is_deleted=final == "deleted")
        traits = {"edited": final == "edited", "delegated": shows_delegates and row.delegate is not None}
        self.recorder.record(YAMMER, row.at, "messages", kind, *(name for name, has in traits.items() if has))
        if kind in ("post", "reply"):
            self.recorder.contribution(row.account, row.at, kind)

    def _kind(self, row: Row, *, is_deleted: bool) -> str:
        if row.participants:
            return "private_conversation"
        if row.group.is_private:
            return "private_group"
        if is_deleted:
            return "deleted"
        if row.message_type == "system":
            return "system"
        if row.account.kind == "bot":
            return "bot"
        return "reply" if row.root else "post"
