"""How many direct messages people sent in each calendar month (UTC), where the settings ask for it.

Direct messages are never events; nothing of one is kept but that it counts.
"""

from calendar import monthrange
from collections import Counter
from datetime import UTC, date, datetime

from connectors.contract import Frame, frame
from connectors.slack_messages import CONTRIBUTIONS, PEOPLE, Message, action_of, author_of, microseconds, original_of


class DirectTotals:
    """Totals of one export; `kinds` are those of its user list."""

    def __init__(self, workspace: str, kinds: dict[str, str]) -> None:
        self._workspace, self._kinds = workspace, dict(kinds)
        self._n_posted: Counter[tuple[int, int]] = Counter()

    def add(self, messages: list[Message]) -> None:
        """The messages of one day and conversation."""
        for message in map(original_of, messages):
            if action_of(message) in CONTRIBUTIONS and author_of(message, self._kinds)[1] in PEOPLE:
                at = datetime.fromtimestamp(microseconds(message.ts) // 1_000_000, UTC)
                self._n_posted[at.year, at.month] += 1

    def frame(self) -> Frame:
        """One row of totals a month."""
        return frame("usage", [
            {"workspace": self._workspace, "used_platform": "slack", "report": "direct_messages",
             "period_from": date(year, month, 1), "period_to": date(year, month, monthrange(year, month)[1]),
             "n_posted": n_posted, "is_record": False, "member": ""}
            for (year, month), n_posted in sorted(self._n_posted.items())
        ])
