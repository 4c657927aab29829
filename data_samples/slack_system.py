"""What happens in Slack without anybody contributing: bots, joins, topics, huddles, a renaming, an archiving.

Each function adds the messages of one week.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from data_samples.accounts import Account
from data_samples.period import DAY, SECOND, Period, micros
from data_samples.slack_model import Channel, Json, Message
from data_samples.words import guid, sentence, upper_id

Channels = dict[str, Channel]
HOUR = 3600 * SECOND


def let_machines_talk(
    channels: Channels, days: list[date], machines: dict[str, Account], rng: Random
) -> None:  # fmt: skip
    """A bot without a user, a bot user, and every night a service account that looks like a person."""
    for day in days:
        at = micros(day) + rng.randrange(HOUR // 2)
        _say(channels["alerts"], at + 3 * HOUR // 2, machines["backup"], sentence(rng), client_id=guid(rng))
        if day.weekday() < 5:
            _say(
                channels["help-it"],
                at + 8 * HOUR,
                machines["standup"],
                sentence(rng),
                "bot_message",
                bot="B0STANDUP",
            )
            _say(channels["deploys"], at + 14 * HOUR, machines["deploy"], sentence(rng), bot="B0DEPLOYBOT")


def let_people_join(channels: Channels, days: list[date], accounts: list[Account], rng: Random) -> None:
    """Slack adds new people to two channels at one instant: the same ts twice."""
    for account in accounts:
        if account.since in days:
            at = micros(account.since) + 7 * HOUR + rng.randrange(HOUR)
            for name in ("general", "announcements"):
                _say(channels[name], at, account, f"<@{account.id}> has joined the channel", "channel_join")


def set_topic(channels: Channels, day: date, account: Account, rng: Random) -> None:
    """Somebody sets the topic of a channel."""
    name, topic = rng.choice(("general", "random", "ideas")), sentence(rng, 1, 3)
    at = micros(day) + 11 * HOUR + rng.randrange(HOUR)
    _say(
        channels[name],
        at,
        account,
        f"set the channel topic: {topic}",
        "channel_topic",
        extra={"topic": topic},
    )


def meet(channels: Channels, day: date, people: Sequence[Account], rng: Random) -> None:
    """A huddle, often without a subtype, as in real exports."""
    channel, at = channels["project-phoenix"], micros(day) + 12 * HOUR + rng.randrange(HOUR)
    there = list(dict.fromkeys(rng.choice(people).id for _ in range(4)))
    room: Json = {
        "id": upper_id(rng, "R0"), "name": "", "created_by": there[0], "date_start": at // SECOND,
        "date_end": at // SECOND + 1500, "participants": [], "participant_history": there,
        "channels": [channel.id], "is_dm_call": False, "was_rejected": False,
    }  # fmt: skip
    subtype = "huddle_thread" if rng.random() < 0.6 else ""
    _say(channel, at, None, "A huddle started", subtype, extra={"room": room, "no_notifications": True})


def change_channels(channels: Channels, days: list[date]) -> None:
    """The renaming and the archiving, when their week has come."""
    for channel in channels.values():
        for subtype, at in _changes(channel):
            if micros(days[0]) <= at < micros(days[-1]) + DAY:
                extra: Json = {"old_name": channel.old_name, "name": channel.name} if channel.old_name else {}
                _say(channel, at, channel.creator, f"{subtype} {channel.name}", subtype, extra=extra)


def week_days(monday: date, period: Period) -> list[date]:
    """The days of a week that lie in the period."""
    days = [monday + timedelta(n) for n in range(7)]
    return [day for day in days if period.start <= day <= period.end]


def _changes(channel: Channel) -> Iterator[tuple[str, int]]:
    if channel.renamed_at:
        yield "channel_name", channel.renamed_at
    if channel.archived_at:
        yield "channel_archive", channel.archived_at


def _say(
    channel: Channel, at: int, account: Account | None, text: str, subtype: str = "",
    *, bot: str = "", client_id: str = "", extra: Json | None = None,
) -> None:  # fmt: skip
    channel.post(
        Message(
            channel, at, account, text, subtype=subtype, bot_id=bot, client_id=client_id, extra=extra or {}
        )
    )
