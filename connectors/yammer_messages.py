"""What a row of Messages.csv is: who wrote it, where, and which action it counts as.

Never looks at body, title, sender_name or participants. Counting and order of reading are in yammer.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from connectors.csvtext import boolean, integer, non_null
from connectors.yammer_layout import MESSAGE_COLUMNS
from connectors.yammer_times import parse_time

API_URL: Final = "https://www.yammer.com/api/v1/messages/"
OPTIONAL_COLUMNS: Final = ("replied_to_id", "group_id", "sender_type", "sender_email", "deleted_at", "message_type",
                           "delegate_id")
UNGROUPED: Final = "ungrouped"


class ShiftedColumnsError(Exception):
    """A row's api_url does not end with its id, so its values are not in their columns."""


class Message(NamedTuple):
    """The allowed fields of one message, typed."""

    id: int
    thread_id: int
    replied_to_id: str | None
    space: str | None
    is_private_conversation: bool
    is_private_group: bool
    sender: str
    sender_type: str
    sender_email: str | None
    action: str
    is_delegated: bool
    created_at: datetime
    deleted_at: datetime | None


class Columns:
    """Where the columns of one Messages.csv are; a missing one is past the end, where rows get an empty field."""

    def __init__(self, places: dict[str, int], n_columns: int) -> None:
        place = {name: places.get(name, n_columns) for name in (*MESSAGE_COLUMNS, *OPTIONAL_COLUMNS)}
        self._numbers: set[str] = set()
        self.id, self._api_url = place["id"], place["api_url"]
        self._thread, self._replied_to = place["thread_id"], place["replied_to_id"]
        self._group, self.sender = place["group_id"], place["sender_id"]
        self._private_conversation = place["in_private_conversation"]
        self._private_group = place["in_private_group"]
        self._sender_type, self._sender_email = place["sender_type"], place["sender_email"]
        self._created, self._deleted = place["created_at"], place["deleted_at"]
        self._message_type, self._delegate = place["message_type"], place["delegate_id"]

    def id_of(self, row: Sequence[str]) -> int:
        """The message's id, which its address must repeat."""
        text, url = row[self.id], row[self._api_url]
        if url == API_URL + text:
            return integer(text, "id")
        if url.startswith(API_URL) and url[len(API_URL) :].isdecimal() and not text.isdecimal():
            integer(text, "id")
        raise ShiftedColumnsError

    def parse(self, row: list[str], message_id: int) -> Message:
        """The typed row; raises `RowFault` for a value that cannot be used."""
        row.append("")
        thread = row[self._thread]
        thread_id = message_id if thread == row[self.id] else integer(thread, "thread_id")
        replied_to, group = non_null(row[self._replied_to]), non_null(row[self._group])
        sender, deleted = row[self.sender], non_null(row[self._deleted])
        if replied_to is not None and replied_to != thread:
            integer(replied_to, "replied_to_id")
        for text, column in ((sender, "sender_id"), (group, "group_id")):
            if text is not None and text not in self._numbers:
                integer(text, column)
                self._numbers.add(text)
        is_counted = deleted is None and row[self._message_type] != "system"
        return Message(
            message_id, thread_id, replied_to, group,
            boolean(row[self._private_conversation], "in_private_conversation"),
            boolean(row[self._private_group], "in_private_group"),
            sender, (non_null(row[self._sender_type]) or "user").lower(), non_null(row[self._sender_email]),
            "other" if not is_counted else "post" if thread_id == message_id else "reply",
            non_null(row[self._delegate]) is not None, parse_time(row[self._created], "created_at"),
            None if deleted is None else parse_time(deleted, "deleted_at"),
        )
