"""The rows of Slack messages, their reactions and their huddles, collected column by column.

Decides nothing about a message; that is slack_messages.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from connectors.contract import BATCH_ROWS, FRAMES, UTC_TIME, Frame
from connectors.slack_layout import Folder
from connectors.slack_messages import (
    CONTRIBUTIONS,
    PEOPLE,
    Message,
    Reaction,
    Room,
    action_of,
    author_of,
    kind_of,
    microseconds,
    participants_of,
)

_SCHEMA: Final = FRAMES["event"]
_COLLECTED: Final = (
    "event_scope", "event_number", "thread_number", "time_basis", "action", "is_contribution", "account",
    "actor_kind", "via_app", "target_account", "is_record", "version_at", "line",
)
_AUTHORLESS: Final = frozenset({"tombstone", "message_deleted"})
_OF_FOLDER: Final = ("space", "space_alias", "member")
_Row = tuple[str, int, int, str, str, bool, str | None, str, bool, str | None, bool, int | None, int]


class Events:
    """Event rows of one export; `kinds` maps the accounts of its user list to their kind."""

    def __init__(self, workspace: str, kinds: dict[str, str]) -> None:
        self._constants: dict[str, str | bool | None] = {
            "workspace": workspace, "thread_scope": "message", "is_delegated": False,
        }
        self._kinds, self._listed = kinds, frozenset(kinds)
        self._is_file = False
        self.without_author: list[int] = []
        self.n_reactions = self.n_tones = 0
        self.n_unlisted = 0
        self.unlisted: set[str] = set()
        self._rows: list[_Row] = []
        self._of_folder: dict[str, list[str | None]] = {name: [] for name in _OF_FOLDER}
        self._starters: dict[str, tuple[int, str | None]] = {}
        self.first: int | None = None
        self.last: int | None = None

    def start_folder(self) -> None:
        """Threads never leave their conversation, so their starters are forgotten with it."""
        self._starters = {}

    def add_member(self, folder: Folder, shown: str, messages: list[tuple[int, int, Message]]) -> None:
        """The rows of one day file: its sound messages, each with its place in the list and its number.

        Afterwards `without_author` has the places of those that name nobody, `n_reactions` is how often a person gave
        an emoji to one of them, and `n_tones` how often the same once more in another skin tone.
        """
        n_before = len(self._rows)
        self._is_file, self.without_author = folder.is_file, []
        self.n_reactions = self.n_tones = 0
        for line, number, message in messages:
            self._add_message(line, number, message)
        n_new = len(self._rows) - n_before
        for column, value in zip(self._of_folder.values(), (folder.space, folder.alias, shown), strict=True):
            column.extend([value] * n_new)
        if messages:
            numbers = [number for _, number, _ in messages]
            self.first = min(numbers) if self.first is None else min(self.first, *numbers)
            self.last = max(numbers) if self.last is None else max(self.last, *numbers)

    def __len__(self) -> int:
        return len(self._rows)

    def frames(self) -> Iterator[Frame]:
        """The collected rows, which are then forgotten."""
        n_rows = len(self._rows)
        if n_rows == 0:
            return
        columns: dict[str, Sequence[object]] = dict(zip(_COLLECTED, zip(*self._rows, strict=True), strict=True))
        columns |= self._of_folder
        columns["occurred_at"] = columns["event_number"]
        series = []
        for name, dtype in _SCHEMA.items():
            if name not in columns:
                values = pl.repeat(self._constants.get(name), n_rows, dtype=dtype, eager=True).alias(name)
            elif dtype == UTC_TIME:
                values = pl.Series(name, columns[name], dtype=pl.Int64).cast(dtype)
            else:
                values = pl.Series(name, columns[name], dtype=dtype)
            series.append(values)
        self._rows.clear()
        for column in self._of_folder.values():
            column.clear()
        for batch in pl.DataFrame(series).iter_slices(BATCH_ROWS):
            yield Frame("event", batch)

    def _add_message(self, line: int, number: int, message: Message) -> None:
        thread, target = number, None
        account, kind = author_of(message, self._kinds)
        action = action_of(message)
        if message.thread_ts is not None:
            if message.thread_ts == message.ts:
                self._starters[message.ts] = number, account
            else:
                known = self._starters.get(message.thread_ts)
                thread = known[0] if known is not None else microseconds(message.thread_ts)
                target = message.parent_user_id or (known[1] if known is not None else None)
                if action == "post":
                    action = "reply"
        if self._is_file and action in ("post", "reply"):
            action = "comment"
        if account is None and kind == "unknown" and message.subtype not in _AUTHORLESS and action != "meet":
            self.without_author.append(line)
        elif kind == "external" and account is not None and account not in self._listed:
            self.n_unlisted += 1
            self.unlisted.add(account)
        version = microseconds(message.edited.ts) if message.edited is not None else None
        if action == "meet":
            self._add_huddle(line, number, thread, version, message.room)
        else:
            is_person = kind in PEOPLE
            self._rows.append((
                "message", number, thread, "own", action, is_person and action in CONTRIBUTIONS, account, kind,
                is_person and bool(message.bot_id), target, True, version, line,
            ))
        if message.reactions:
            self._add_reactions(line, number, thread, account, message.reactions)

    def _add_huddle(self, line: int, number: int, thread: int, version: int | None, room: Room | None) -> None:
        people: list[str | None] = list(participants_of(room)) if room is not None else []
        for place, person in enumerate(people or [None]):
            kind = "unknown" if person is None else kind_of(person, self._kinds)
            self._rows.append((
                "message", number, thread, "own", "meet", False, person, kind, False, None, place == 0, version, line,
            ))

    def _add_reactions(
        self, line: int, number: int, thread: int, author: str | None, reactions: list[Reaction]
    ) -> None:
        seen: dict[tuple[str, str], set[str]] = {}
        for reaction in reactions:
            emoji, _, tone = reaction.name.partition("::")
            for person in reaction.users:
                if person and (tones := seen.get((emoji, person))) is not None:
                    tones.add(tone)
                elif person:
                    seen[emoji, person] = {tone}
                    self._rows.append((
                        f"react:{emoji}", number, thread, "target", "react", False, person,
                        kind_of(person, self._kinds), False, author, False, None, line,
                    ))
        self.n_reactions += len(seen)
        self.n_tones += sum(map(len, seen.values())) - len(seen)
