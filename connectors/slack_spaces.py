"""The conversations of a Slack export: rows for its lists, with earlier names as further rows.

Private ones appear only where the settings include them, and never with a label.
"""

from datetime import UTC, datetime

from connectors.settings import SourceSettings
from connectors.slack_layout import Conversation, alias_of

RULES = {"private": "private_space", "direct": "direct_message"}


def is_included(visibility: str, settings: SourceSettings) -> bool:
    """Whether conversations of this visibility are read; direct messages are never events."""
    return visibility not in RULES or (visibility == "private" and "private" in settings.include)


class Spaces:
    """Conversations as they are listed, by the name under which the export files their messages."""

    def __init__(self, workspace: str) -> None:
        self._workspace = workspace
        self.known: dict[str, dict[str, tuple[str, str]]] = {}
        self.doubtful: set[str] = set()
        """Scopes in which an entry of a private list is unusable, so that any folder may be the one that it names."""
        self.rows: list[dict[str, object]] = []
        self._by_space: dict[str, dict[str, object]] = {}

    def learn(self, scope: str, entry: Conversation, visibility: str) -> None:
        """Notes which folder belongs to the conversation; direct messages are filed by id, the others by name."""
        names = self.known.setdefault(scope, {})
        names.setdefault(entry.id, (entry.id, visibility))
        if entry.name:
            names[alias_of(entry.name)] = (entry.id, visibility)

    def add(self, entry: Conversation, visibility: str, member: str, line: int) -> None:
        """A row for a listed conversation."""
        label = entry.name.replace("\0", "") if visibility == "public" and entry.name else None
        row: dict[str, object] = {
            "workspace": self._workspace, "space": entry.id, "space_alias": entry.name and alias_of(entry.name),
            "kind": "file" if visibility == "unknown" else "channel", "visibility": visibility, "label": label,
            "created_at": _created(entry.created), "is_record": True, "member": member, "line": line,
        }
        self.rows.append(row)
        self._by_space[entry.id] = row

    def add_earlier_names(self, space: str, names: set[str]) -> None:
        """Rows for names that a listed conversation had before."""
        row = self._by_space.get(space)
        if row is not None:
            self.rows += ({**row, "space_alias": name, "is_record": False} for name in sorted(names))


def _created(seconds: int | str | None) -> datetime | None:
    """Seconds since 1970, as a number or, before 2017, as text."""
    text = str(seconds if seconds is not None else "")
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) < 1 << 33:
        return None
    return datetime.fromtimestamp(int(text), UTC).replace(tzinfo=None)
