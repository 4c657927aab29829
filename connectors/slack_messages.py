"""What a Slack message is: its allowed fields, who wrote it and which action it counts as.

Never decodes text, blocks, attachments or file contents. Rows are built in slack_events.
"""

from typing import Annotated, Final

import msgspec

from connectors.jsontext import Fault, Shape

SYSTEM_ACCOUNTS: Final = frozenset({"USLACKBOT", "U00"})
CONTRIBUTIONS: Final = frozenset({"post", "reply", "comment", "share", "upload", "create", "edit"})
PEOPLE: Final = frozenset({"human", "external"})

Timestamp = Annotated[str, msgspec.Meta(pattern=r"\A[0-9]{9,10}\.[0-9]{6}\Z")]
"""Seconds since 1970 with exactly six decimals: a message's number within its conversation."""


class Author(msgspec.Struct, gc=False):
    """The author where an old message keeps it: inside its comment or file."""

    user: str | None = None


class Edited(msgspec.Struct, gc=False):
    """The last edit; the editor may be somebody else, so it is no authorship."""

    ts: Timestamp


class Reaction(msgspec.Struct, gc=False):
    """Who reacted with one emoji; Slack does not say when."""

    name: str
    users: list[str] = []


class Room(msgspec.Struct, gc=False):
    """A huddle."""

    created_by: str | None = None
    participant_history: list[str] | None = None


class Message(msgspec.Struct, gc=False):
    """The allowed fields of one message."""

    ts: Timestamp
    user: str | None = None
    subtype: str | None = None
    thread_ts: Timestamp | None = None
    parent_user_id: str | None = None
    bot_id: str | None = None
    team: str | None = None
    edited: Edited | None = None
    reactions: list[Reaction] | None = None
    comment: Author | None = None
    file: Author | None = None
    room: Room | None = None
    old_name: str | None = None
    document_comment: Author | str | None = None
    deleted_ts: Timestamp | None = None
    message: "Message | None" = None
    previous_message: "Message | None" = None


MESSAGE: Final = Shape(Message)

_SUBTYPES: Final[dict[str, tuple[str | None, ...]]] = {
    "post": (None, "", "bot_message", "file_share", "file_comment", "me_message", "reply_broadcast",
             "slackbot_response", "thread_broadcast"),
    "comment": ("document_comment",),
    "join": ("channel_join", "group_join"),
    "leave": ("channel_leave", "group_leave"),
    "meet": ("huddle_thread", "sh_room_created"),
    "admin": (
        *(f"{space}_{change}" for space in ("channel", "group")
          for change in ("topic", "purpose", "name", "archive", "unarchive")),
        "channel_posting_permissions", "channel_convert_to_private", "channel_convert_to_public", "channel_tab_added",
        "channel_canvas_updated", "pinned_item", "unpinned_item", "bot_add", "bot_remove", "bot_enable", "bot_disable",
    ),
}
ACTIONS: Final = {subtype: action for action, subtypes in _SUBTYPES.items() for subtype in subtypes}
"""Subtypes that are known to count; every other one is `other` and never a contribution."""
KNOWN_OTHERS: Final = frozenset({
    "document_comment_root", "document_unfurl", "ekm_access_denied", "joiner_notification",
    "joiner_notification_for_inviter", "message_changed", "message_deleted", "message_replied", "reminder_add",
    "reminder_delete", "tombstone", "welcome_party",
})
"""Subtypes that are known to be no action of a person."""


def is_unknown(message: Message) -> bool:
    """Whether its subtype is one that nobody has classified yet."""
    subtype = message.subtype
    return subtype not in ACTIONS and subtype not in KNOWN_OTHERS and message.room is None


def original_of(message: Message) -> Message:
    """The message that a record of an edit or a deletion is about, in its newest version; else the message itself.

    A deleted message stays one event and counts for nobody, as it does where no such record is kept.
    """
    if message.subtype == "message_changed" and message.message is not None:
        changed = message.message
        return changed if changed.edited else msgspec.structs.replace(changed, edited=Edited(message.ts))
    if message.subtype == "message_deleted":
        deleted = message.previous_message
        if deleted is None and message.deleted_ts:
            deleted = Message(message.deleted_ts)
        if deleted is not None:
            return msgspec.structs.replace(deleted, subtype="message_deleted", edited=Edited(message.ts), room=None)
    return message


def microseconds(timestamp: str) -> int:
    """A message's timestamp as the number of microseconds since 1970."""
    return int(timestamp[:-7] + timestamp[-6:])


def action_of(message: Message) -> str:
    """What the message's author did, before posts are told from replies."""
    if message.room is not None:
        return "meet"
    if message.subtype == "document_comment_root" and _commenter(message):
        return "comment"
    return ACTIONS.get(message.subtype, "other")


def author_of(message: Message, kinds: dict[str, str]) -> tuple[str | None, str]:
    """The author's account and kind: of the message, else of its comment or file, else the bot, else unknown."""
    if message.subtype == "tombstone":
        return None, "unknown"  # deleted: Slack overwrites the author with its own bot
    user = _commenter(message) if message.subtype == "document_comment_root" else None
    user = user or message.user
    if not user and message.comment is not None:
        user = message.comment.user
    if not user and message.file is not None:
        user = message.file.user
    if user:
        return user, "bot" if message.subtype == "bot_message" else kind_of(user, kinds)
    if message.bot_id:
        return message.bot_id, "bot"
    return None, "bot" if message.subtype == "bot_message" else "unknown"


def _commenter(message: Message) -> str | None:
    """Who commented on a document, for whom Slack's own bot posts."""
    comment = message.document_comment if isinstance(message.document_comment, Author) else message.comment
    return comment.user if comment is not None else None


def kind_of(account: str, kinds: dict[str, str]) -> str:
    """The kind that the export's own list of users gives; somebody it does not list is from another workspace."""
    kind = kinds.get(account)
    if kind is None:
        kind = "system" if account in SYSTEM_ACCOUNTS else "bot" if account.startswith("B") else "external"
        kinds[account] = kind
    return kind


def participants_of(room: Room) -> list[str]:
    """The people of a huddle, each once, who started it first."""
    people = [room.created_by or "", *(room.participant_history or ())]
    return list(dict.fromkeys(person for person in people if person))


def describe(fault: Fault) -> tuple[str, str]:
    """Code and text of a message that cannot be used; the row is kept in quarantine."""
    name = fault.field
    if fault.kind == "missing" and name == "ts":
        return "PPL-SLK-001", "field ts missing"
    if fault.kind == "type" and name in {"ts", "thread_ts", "edited.ts"}:
        return "PPL-SLK-002", f"{name} must be text"
    if fault.kind == "pattern":
        return "PPL-SLK-003", f"{name} is no time with six decimals, or outside the years a message can have"
    return describe_item(fault)


def describe_item(fault: Fault) -> tuple[str, str]:
    """Code and text of an item of any list that cannot be used."""
    match fault.kind:
        case "repeated":
            return "PPL-JSN-004", f"key {fault.field or 'of an object'} occurs twice"
        case "not finite":
            return "PPL-JSN-005", "a value is not a finite number"
        case "object":
            return "PPL-JSN-010", "expected an object"
        case _:
            return "PPL-JSN-010", f"field {fault.field} is missing or of another type"
