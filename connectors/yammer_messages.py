"""What a row of Messages.csv is: who wrote it, where, and which action it counts as.

Never looks at body, title, sender_name or participants. Counting and order of reading are in yammer.
"""

from datetime import datetime
from typing import Final, NamedTuple

from connectors.csvtext import RowFault, boolean, integer, non_null
from connectors.yammer_layout import MESSAGE_COLUMNS
from connectors.yammer_repair import agrees, is_damaged, thread_in
from connectors.yammer_times import Clock

API_URL: Final = "https://www.yammer.com/api/v1/messages/"
OPTIONAL_COLUMNS: Final = ("replied_to_id", "group_id", "sender_type", "sender_email", "deleted_at", "message_type",
                           "delegate_id", "gdpr_delete_url")
UNGROUPED: Final = "ungrouped"


class ShiftedColumnsError(Exception):
    """A row's api_url does not end with its id, so its values are not in their columns."""


class Message(NamedTuple):
    """The allowed fields of one message, typed."""

    id: int
    thread_id: int | None
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

    def __init__(self, places: dict[str, int], n_columns: int, clock: Clock) -> None:
        place = {name: places.get(name, n_columns) for name in (*MESSAGE_COLUMNS, *OPTIONAL_COLUMNS)}
        self._numbers: set[str] = set()
        self.clock = clock
        self.n_repaired = 0
        """Rows seen so far whose id a spreadsheet had damaged; if there are any, threads may be damaged too."""
        self.id, self._api_url = place["id"], place["api_url"]
        self._thread, self.replied_to = place["thread_id"], place["replied_to_id"]
        self._group, self.sender = place["group_id"], place["sender_id"]
        self._private_conversation = place["in_private_conversation"]
        self._private_group = place["in_private_group"]
        self._sender_type, self._sender_email = place["sender_type"], place["sender_email"]
        self._created, self._deleted = place["created_at"], place["deleted_at"]
        self._message_type, self._delegate = place["message_type"], place["delegate_id"]
        self._delete_url = place["gdpr_delete_url"]

    def key_of(self, row: list[str]) -> str:
        """The message's id as text, which its address must repeat; repaired from there if a spreadsheet rounded it."""
        text, url = row[self.id], row[self._api_url]
        if url == API_URL + text:
            return text
        number = url.removeprefix(API_URL)
        if is_damaged(text) and url == "":
            raise RowFault("PPL-CSV-009", "id was damaged by a spreadsheet")
        if is_damaged(text) and url != number and number.isdigit() and agrees(text, number):
            self.n_repaired += 1
            return number
        if url != number and number.isdecimal() and not text.isdecimal():
            integer(text, "id")
        raise ShiftedColumnsError

    def parse(self, row: list[str], key: str) -> Message:
        """The typed row; raises `RowFault` for a value that cannot be used."""
        row.append("")
        message_id = integer(key, "id")
        replied_to, group = non_null(row[self.replied_to]), non_null(row[self._group])
        thread_id = message_id if row[self._thread] == key else self._thread_of(row, message_id, replied_to)
        sender, deleted = row[self.sender], non_null(row[self._deleted])
        if replied_to is not None and self.n_repaired and is_damaged(replied_to):
            replied_to = None
        if replied_to is not None and replied_to != row[self._thread]:
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
            non_null(row[self._delegate]) is not None, self.clock.time(row[self._created], "created_at"),
            None if deleted is None else self.clock.time(deleted, "deleted_at"),
        )

    def _thread_of(self, row: list[str], message_id: int, replied_to: str | None) -> int | None:
        """The thread; None where a spreadsheet has destroyed it and nothing else of the row tells it."""
        thread = row[self._thread]
        if not self.n_repaired or not is_damaged(thread):
            return integer(thread, "thread_id")
        if replied_to is None and agrees(thread, str(message_id)):
            return message_id
        return thread_in(row[self._delete_url], message_id, thread)
