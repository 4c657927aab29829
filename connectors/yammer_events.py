"""The rows of Yammer messages, collected column by column.

Decides nothing about a message; that is yammer_messages.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import polars as pl

from connectors.contract import BATCH_ROWS, FRAMES, Frame
from connectors.yammer_messages import UNGROUPED, Message

_PEOPLE: Final = frozenset({"human", "external"})
_COLLECTED: Final = (
    "event_scope", "space", "space_alias", "event_number", "thread_number", "occurred_at", "time_basis", "action",
    "is_contribution", "account", "actor_kind", "is_delegated", "target_account", "target_number", "is_record",
    "version_at", "line",
)
LIKE: Final = "react:like"


_Row = tuple[
    str, str | None, str | None, int, int | None, datetime, str, str, bool, str, str, bool, str | None, int | None,
    bool, datetime | None, int
]


class Events:
    """Event rows of one network's messages in one file."""

    def __init__(self, workspace: str, member: str) -> None:
        self._constants: dict[str, str | bool | None] = {
            "workspace": workspace, "member": member, "thread_scope": "message", "via_app": False,
        }
        self._rows: list[_Row] = []

    def add(self, line: int, message: Message, kind: str, target: str | None, edited_at: datetime | None) -> None:
        """The row of one message: `target` wrote what it answers, `edited_at` is its last known edit."""
        self._rows.append((
            "message", message.space, UNGROUPED if message.space is None else None, message.id, message.thread_id,
            message.created_at, "own", message.action, message.action != "other" and kind in _PEOPLE, message.sender,
            kind, message.is_delegated, target,
            None if message.replied_to_id is None else int(message.replied_to_id), True,
            message.deleted_at or edited_at, line,
        ))

    def add_like(self, line: int, message: Message, account: str, kind: str) -> None:
        """The row of somebody who likes a message; Yammer does not say since when."""
        self._rows.append((
            LIKE, message.space, UNGROUPED if message.space is None else None, message.id, message.thread_id,
            message.created_at, "target", "react", False, account, kind, False, message.sender, None, False, None, line,
        ))

    def __len__(self) -> int:
        return len(self._rows)

    def frames(self) -> Iterator[Frame]:
        """The collected rows, which are then forgotten."""
        n_rows = len(self._rows)
        if n_rows == 0:
            return
        columns = dict(zip(_COLLECTED, zip(*self._rows, strict=True), strict=True))
        series = [
            pl.Series(name, columns[name], dtype=dtype) if name in columns
            else pl.repeat(self._constants.get(name), n_rows, dtype=dtype, eager=True).alias(name)
            for name, dtype in FRAMES["event"].items()
        ]
        self._rows.clear()
        for batch in pl.DataFrame(series).iter_slices(BATCH_ROWS):
            yield Frame("event", batch)
