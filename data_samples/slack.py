"""Turns acts into Slack threads, reactions, edits and deletions, in channels.

How an export looks is `slack_files`' business.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from data_samples.accounts import Account, Accounts
from data_samples.behaviour import Act
from data_samples.cast import Cast
from data_samples.company import ORG, Company
from data_samples.period import DAY, SECOND, SLACK, los_angeles_day, micros
from data_samples.slack_count import count_message
from data_samples.slack_files import write_day
from data_samples.slack_model import Channel, Export, Message
from data_samples.slack_system import (
    change_channels,
    let_machines_talk,
    let_people_join,
    meet,
    set_topic,
    week_days,
)
from data_samples.truth import Recorder
from data_samples.words import EMOJI, TONED, guid, sentence, upper_id

REPLY_WITHIN = 4 * DAY
COMMON = ("general", "random", "help-it", "ideas", "project-phoenix")
NO_CHANNEL = "Executive Office"


@dataclass
class Slack:
    """The workspace while time passes."""

    company: Company
    cast: Cast
    accounts: Accounts
    rng: Random
    recorder: Recorder
    exports: list[Export]
    channels: dict[str, Channel] = field(default_factory=dict)
    recent_authors: deque[Account] = field(default_factory=lambda: deque(maxlen=80))
    reactors: list[Account] = field(default_factory=list)

    def __post_init__(self) -> None:
        people = self.accounts.humans(SLACK)
        staff = [a for a in people if a.owner and a.owner.left is None and a.owner.role == "staff"]
        self.admin = next((a for a in staff if a.since is None), people[0])
        for name in (*COMMON, "announcements", "deploys", "alerts", "town-hall-2025"):
            self._open(name, "")
        for unit in (unit for unit in ORG if unit != NO_CHANNEL):
            size = sum(1 for p in self.company.people if p.assignments[0].unit == unit)
            for number in range(1 + size // 400):
                self._open(unit.lower().replace(" ", "-") + (f"-{number + 1}" if number else ""), unit)
        phoenix = self.channels["project-phoenix"]
        phoenix.old_name, phoenix.renamed_at = (
            "proj-phoenix",
            micros(self.company.period.share(200)) + 37 * SECOND,
        )
        self.channels["town-hall-2025"].archived_at = micros(self.company.period.share(300)) + 41 * SECOND
        self.channels["random"].unlisted_in = 1
        self.by_unit: dict[str, list[Channel]] = {}
        for channel in self.channels.values():
            self.by_unit.setdefault(channel.unit, []).append(channel)
        only = {p.id for p in self.cast.react_only}
        self.reactors = [a for a in self.accounts.humans(SLACK) if a.owner and a.owner.id in only]

    def week(self, monday: date, acts: list[Act]) -> None:
        """Everything that happens in one week; then writes the days that can no longer change."""
        rng, days = self.rng, week_days(monday, self.company.period)
        people = self.accounts.humans(SLACK)
        let_machines_talk(self.channels, days, self.accounts.special, rng)
        let_people_join(self.channels, days, people, rng)
        for act in acts:
            self._contribute(act)
        if rng.random() < 0.3:
            set_topic(self.channels, days[0], self.channels["general"].creator, rng)
        if self.recent_authors:
            meet(self.channels, days[0], self.recent_authors, rng)
        change_channels(self.channels, days)
        self.flush(monday - timedelta(1))

    def flush(self, before: date) -> None:
        """Write all messages whose Los Angeles day is earlier than `before`."""
        for channel in self.channels.values():
            channel.pending.sort(key=lambda message: message.at)
            done: dict[date, list[Message]] = {}
            keep: list[Message] = []
            last = 0
            for message in channel.pending:
                message.at = last = max(message.at, last + 1)
                day = los_angeles_day(message.at)
                if day < before:
                    done.setdefault(day, []).append(message)
                else:
                    keep.append(message)
            channel.pending = keep
            for day, messages in done.items():
                for message in messages:
                    count_message(self.recorder, message, self.exports)
                write_day(self.exports, channel, day, messages)

    def _open(self, name: str, unit: str) -> None:
        self.channels[name] = Channel(upper_id(self.rng, "C0"), name, unit, self.admin)

    # People

    def _contribute(self, act: Act) -> None:
        channel = self._choose_channel(act)
        root = self._choose_root(channel, act) if act.intent == "reply" else None
        rng = self.rng
        message = Message(channel, act.at, act.account, sentence(rng), client_id=guid(rng), root=root)
        if rng.random() < 0.08 and self.recent_authors:
            message.text += f" <@{rng.choice(self.recent_authors).id}>"
        luck = rng.random()
        if root and luck < 0.03:
            message.subtype = "thread_broadcast"
        elif luck < 0.005:
            message.subtype = "me_message"
        elif luck < 0.05:
            message.file_id = upper_id(rng, "F0")
            message.subtype = "file_share" if luck < 0.01 else ""
        elif luck < 0.06:
            message.bot_id = "B0SHARE0001"
        if rng.random() < 0.04:
            message.edited_at = act.at + rng.choice(
                (rng.randint(10, 3000) * SECOND, rng.randint(1, 60) * DAY)
            )
            message.edited_text = f"{message.text} {sentence(rng, 1, 2)}"
        if rng.random() < 0.012:
            message.deleted_at = act.at + rng.randint(9, 70) * DAY
        elif rng.random() < 0.25:
            self._react(message)
        channel.post(message)
        if not root:
            channel.recent.append(message)
        self.recent_authors.append(act.account)

    def _choose_channel(self, act: Act) -> Channel:
        role = act.account.owner.role if act.account.owner else "guest"
        if role == "broadcaster":
            return self.channels["announcements"]
        own = self.by_unit.get(act.unit)
        if act.unit and own and self.rng.random() < 0.6:
            return self.rng.choice(own)
        town_hall = self.channels["town-hall-2025"]
        if self.rng.random() < 0.04 and act.at < town_hall.archived_at:
            return town_hall
        return self.channels[self.rng.choice(COMMON)]

    def _choose_root(self, channel: Channel, act: Act) -> Message | None:
        alive = [m for m in channel.recent if m.at < act.at and act.at - m.at < REPLY_WITHIN]
        return self.rng.choice(alive[-6:]) if alive else None

    def _react(self, message: Message) -> None:
        rng = self.rng
        for _ in range(rng.randint(1, 4)):
            pool = self.reactors if rng.random() < 0.3 and self.reactors else list(self.recent_authors)
            if not pool:
                return
            account, emoji = rng.choice(pool), rng.choice(EMOJI)
            if account.owner and not account.owner.employed(los_angeles_day(message.at)):
                continue
            names = [emoji, f"{emoji}::skin-tone-{rng.randint(2, 6)}"] if emoji in TONED else [emoji]
            at = message.at + (
                rng.randint(1, 600) * SECOND if rng.random() < 0.9 else rng.randint(1, 40) * DAY
            )
            for name in names if rng.random() < 0.1 else names[-1:]:
                message.reactions.setdefault(name, {}).setdefault(account.id, (account, at))
