"""Channels, messages and exports of Slack: what the other `slack_*` modules share.

No decisions and no files.
"""

from collections import deque
from dataclasses import dataclass, field

from data_samples.accounts import Account
from data_samples.archive import Archive
from data_samples.period import SECOND

Json = dict[str, object]


@dataclass(eq=False)
class Channel:
    """One public channel; its name, list entry and archive flag differ between exports."""

    id: str
    name: str
    unit: str
    creator: Account
    old_name: str = ""
    renamed_at: int = 0
    archived_at: int = 0
    unlisted_in: int = -1  # the export whose channels.json lacks it
    pending: "list[Message]" = field(default_factory=list)
    recent: "deque[Message]" = field(default_factory=lambda: deque(maxlen=12))
    members: dict[str, int] = field(default_factory=dict)  # account -> first seen

    def post(self, message: "Message") -> None:
        """Add a message."""
        self.pending.append(message)
        if message.account and message.account.kind != "bot":
            self.members.setdefault(message.account.id, message.at)
        if message.root:
            message.root.replies.append(message)

    def named(self, until: int) -> str:
        """The name at the time of an export."""
        return self.old_name if self.old_name and until < self.renamed_at else self.name


@dataclass(eq=False, slots=True)
class Message:
    """One message with everything that will ever happen to it. Without an account it is Slack's own."""

    channel: Channel
    at: int
    account: Account | None
    text: str
    subtype: str = ""
    client_id: str = ""  # only what people write has one
    root: "Message | None" = None
    bot_id: str = ""
    file_id: str = ""
    extra: Json = field(default_factory=dict)
    edited_at: int = 0
    edited_text: str = ""
    deleted_at: int = 0
    replies: "list[Message]" = field(default_factory=list)
    reactions: dict[str, dict[str, tuple[Account, int]]] = field(
        default_factory=dict
    )  # emoji -> account -> when

    @property
    def ts(self) -> str:
        """Slack's identifier of the message."""
        return f"{self.at // SECOND}.{self.at % SECOND:06d}"


@dataclass(eq=False)
class Export:
    """One export zip: messages from `since` to before `until`, as they were at `until`."""

    path: str
    since: int
    until: int
    archive: Archive

    def covers(self, at: int) -> bool:
        """Whether an instant lies in the range of the export."""
        return self.since <= at < self.until

    def knows(self, at: int) -> bool:
        """Whether something happened (0 means never) by the time of the export."""
        return 0 < at <= self.until
