"""Rows of the made-up companies that the data page lists: notes, what is declared, other definitions of active."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from models.metrics.definitions import DEFINITIONS

Row = dict[str, Any]
_READING = ("slack_active", "viva", "workplace", "mattermost", "zulip")
_NOTES = (
    ("PPL-JSN-008", "keys that Slack is not known to write; not read"),
    ("PPL-TIM-007", "revisions older than the one they changed; order by time"),
)


def notes(platforms: Collection[str]) -> list[Row]:
    """Two notes per platform."""
    return [
        {"platform": platform, "rule": rule, "message": text, "n_exports": 2, "n_records": 1_200 + index}
        for platform in platforms for index, (rule, text) in enumerate(_NOTES)
    ]  # fmt: skip


def declared(units: Collection[str], day: date) -> list[Row]:
    """A target, and an event and a trial of the first unit; nothing where there are no units."""
    if not units:
        return []
    target = {"kind": "target", "title": "contributor_ratio", "platform": "all", "unit": "all", "value": 0.4,
              "from_on": None, "to_on": day, "detail": "the board"}  # fmt: skip
    unit = next(iter(units))
    of_unit = {"title": unit, "platform": "slack", "unit": unit, "value": None, "from_on": day, "to_on": day}
    return [target, of_unit | {"kind": "event", "detail": "launch"}, of_unit | {"kind": "trial", "detail": None}]


def definitions(months: Iterable[Row]) -> list[Row]:
    """Every definition in each of the months: contributions are known, reading nowhere, reactions on Slack."""
    rows = []
    for base in months:
        for one in DEFINITIONS:
            reads = one.id.startswith(_READING)
            reacts = one.id.startswith("swoop") and base["platform"] != "slack"
            missing = "reading" if reads else "reactions" if reacts else "none"
            known = {} if missing != "none" else {"n_active": base["n_eligible"] // 4, "active_ratio": 0.25}
            flags = {"counts_reading": reads, "counts_reactions": reads}
            rows.append(base | known | flags | {"definition": one.id, "n_window_days": 28, "missing": missing})
    return rows
