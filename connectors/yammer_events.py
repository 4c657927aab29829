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
    "space", "space_alias", "event_number", "thread_number", "occurred_at", "action", "is_contribution", "account",
    "actor_kind", "is_delegated", "target_account", "target_number", "version_at", "line",
)


_Row = tuple[
    str | None, str | None, int, int, datetime, str, bool, str, str, bool, str | None, int | None, datetime | None, int
]


class Events:
    """Event rows of one Messages.csv."""

    def __init__(self, workspace: str, member: str) -> None:
        self._constants: dict[str, object] = {
            "workspace": workspace, "member": member, "event_scope": "message", "thread_scope": "message",
            "time_basis": "own", "via_app": False, "is_record": True,
        }
        self._rows: list[_Row] = []

    def add(self, line: int, message: Message, kind: str, target: str | None, edited_at: datetime | None) -> None:
        """The row of one message: `target` wrote what it answers, `edited_at` is its last known edit."""
        self._rows.append((
            message.space, UNGROUPED if message.space is None and not message.is_private_conversation else None,
            message.id, message.thread_id, message.created_at, message.action,
            message.action != "other" and kind in _PEOPLE, message.sender, kind, message.is_delegated, target,
            None if message.replied_to_id is None else int(message.replied_to_id),
            message.deleted_at or edited_at, line,
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
