"""Whether the audit trail is whole, and what happens if it is not: no run starts and nothing is published until
somebody has acknowledged the break, which is recorded itself.

Whole means: every line is byte for byte as it was written, follows the one before, and none is missing that a release
knows of. Lines that are cut off after the newest release are seen by nobody but whoever noted a later head.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Final

from models.problems import SettingsRefused
from pipelines import trail
from pipelines.trail import Event, Head

ACCEPTED: Final = "break accepted"
LONGEST_REASON: Final = 500
_TOLD_FIRST: Final = ("number", "at", "who", "what", "outcome", "before", "hash")
_PLACE: Final = f"work/state/{trail.FILE_NAME}"


@dataclass(frozen=True, slots=True)
class Break:
    """A line that is not as it must be: its number, from 1, and what is wrong with it."""

    line: int
    what: str


def breaks(state: Path) -> list[Break]:
    """What is broken and was not acknowledged, in the trail of `state` (OUT/work/state)."""
    return find_breaks(trail.read(state), _heads(state.parent.parent))


def find_breaks(content: bytes, heads: Sequence[Head]) -> list[Break]:
    """The same of a trail's bytes and of the heads that releases know."""
    lines = trail.lines_of(content)
    n_bytes, given_up = _acknowledged(lines, content)
    found, start = [], 0
    for number, raw in enumerate(lines, 1):
        if start >= n_bytes and (fault := _fault(number, raw, lines)):
            found.append(Break(number, fault))
        start += len(raw) + 1
    if len(content) > n_bytes and not content.endswith(b"\n"):
        found.append(Break(len(lines), "its end is missing"))
    return found + [
        Break(head.number, "a release was recorded on it, and it is gone or another")
        for head in heads
        if head.hash not in given_up and not _holds(lines, head)
    ]


def admit(state: Path) -> None:
    """Refuses a trail that is broken (PPL-TRL-001) or not in safe hands (PPL-TRL-002)."""
    path = state / trail.FILE_NAME
    try:
        is_open = path.exists() and path.stat().st_mode & 0o077
        found = breaks(state)
    except OSError:
        raise SettingsRefused(
            f"PPL-TRL-002 {_PLACE}: the audit trail cannot be read; nothing was run; let the user who runs Turnout "
            "read it, or restore it from a backup"
        ) from None
    if is_open:
        raise SettingsRefused(
            f"PPL-TRL-002 {_PLACE}: others can read or change the audit trail; nothing was run; set its mode to 0600, "
            "and ask who had access"
        )
    if found:
        raise SettingsRefused(
            f"PPL-TRL-001 {_PLACE}:{found[0].line}: the audit trail is broken: {found[0].what}; nothing was run or "
            "published; find out who changed it and restore it from a backup, or acknowledge the break with "
            '"turnout trail --accept-break REASON"'
        )


def accept(state: Path, reason: str, *, now: datetime, who: str) -> int:
    """Records that somebody knows of all breaks there are, and why; returns how many lines are concerned.

    The trail is whole again from there on, and what lies before must stay as it is now. Raises `SettingsRefused`
    (PPL-TRL-003) without a break or a reason.
    """
    found = breaks(state)
    if not found:
        raise SettingsRefused("PPL-TRL-003 --accept-break: the trail is whole; nothing was recorded; leave it out")
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise SettingsRefused(
            f"PPL-TRL-003 --accept-break: needs a reason of at most {LONGEST_REASON} characters; nothing was recorded; "
            "say what happened to the audit trail"
        )
    content = trail.read(state)
    lines = trail.lines_of(content)
    gone = [head.hash for head in _heads(state.parent.parent) if not _holds(lines, head)]
    details: dict[str, trail.Detail] = {
        "reason": reason.strip(),
        "n_breaks": len(found),
        "n_bytes_before": len(content),
        "bytes_before": _hash(content),
        "heads_gone": gone,
    }
    trail.record(state, Event("trail", ACCEPTED, details=details), now=now, who=who)
    return len(found)


def told(state: Path, *, noted: str = "") -> tuple[list[str], bool]:
    """The trail as lines to print, and whether it is whole; with `noted`, the hash of a line, whether it is there too.

    The hash of the last line is told, so that it can be noted where nobody who can write here can change it.
    """
    lines = trail.lines_of(trail.read(state))
    found = breaks(state)
    if noted and not any(trail.link_of(raw) == noted for raw in lines):
        found.append(Break(len(lines), "the line of the hash that was noted is gone or another"))
    shown = [_shown(number, raw) for number, raw in enumerate(lines, 1)]
    shown += [f"PPL-TRL-001 {_PLACE}:{one.line}: the audit trail is broken: {one.what}" for one in found]
    if found:
        return [*shown, "Find out who changed it; until it is restored or acknowledged no run starts"], False
    head = trail.head_of(state)
    return [*shown, f"{head.number} lines, all as they were written; the last has the hash {head.hash}"], True


def _shown(number: int, raw: bytes) -> str:
    fields = trail.intact(raw)
    if fields is None:
        return f"{number}: (damaged)"
    head = " ".join(str(fields.get(name)) for name in ("at", "who", "what", "outcome"))
    rest = {name: value for name, value in fields.items() if name not in _TOLD_FIRST and value is not None}
    # as ASCII text of JSON: whatever a name holds, it cannot steer the terminal
    return f"{number}: {json.dumps(head)[1:-1]} {json.dumps(rest)}"


def _fault(number: int, raw: bytes, lines: Sequence[bytes]) -> str | None:
    fields = trail.intact(raw)
    if fields is None:
        return "it is not as it was written"
    before = trail.link_of(lines[number - 2]) if number > 1 else ""
    if fields.get("before") != before or fields.get("number") != number:
        return "it does not follow the line before: lines were removed, added or moved"
    return None


def _acknowledged(lines: Sequence[bytes], content: bytes) -> tuple[int, frozenset[str]]:
    """So many bytes that somebody has acknowledged as they are, and the heads that are known to be gone."""
    gone: frozenset[str] = frozenset()
    n_bytes = 0
    for raw in lines:
        fields = trail.intact(raw)
        if fields and (fields.get("what"), fields.get("outcome")) == ("trail", ACCEPTED):
            until, heads = fields.get("n_bytes_before"), fields.get("heads_gone")
            if not isinstance(until, int) or not isinstance(heads, list):
                continue
            if _hash(content[:until]) == fields.get("bytes_before"):
                n_bytes, gone = until, gone | frozenset(map(str, heads))
    return n_bytes, gone


def _holds(lines: Sequence[bytes], head: Head) -> bool:
    return 0 < head.number <= len(lines) and trail.link_of(lines[head.number - 1]) == head.hash


def _heads(out: Path) -> list[Head]:
    """The heads in the records of all releases that stand, oldest first."""
    found = []
    for path in sorted(out.glob("releases/[0-9]*/run.json")):
        try:
            known = json.loads(path.read_bytes())["trail"]
            found.append(Head(int(known["number"]), str(known["hash"])))
        except (OSError, ValueError, KeyError, TypeError):
            continue  # of a release that was made before there was a trail
    return found


def _hash(content: bytes) -> str:
    return blake2b(content, digest_size=32, person=b"trail-all").hexdigest()
