"""The audit trail `work/state/trail.jsonl`: who did what, when, with which key, settings, inputs and outputs.

Append-only and chained: each line holds the hash of the line before and its own, so that a changed, removed or moved
line shows. No personal value is in it but who gave the command. What becomes of a broken trail is in trail_check.
"""

import fcntl
import json
import os
import pwd
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Final

from pipelines.keys import KeyRing

FILE_NAME: Final = "trail.jsonl"
Detail = str | int | bool | None | Sequence[str] | Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: `what` is the command, `outcome` how it ended; `details` are hashes and counts, never a person.

    `run` joins the lines of one run of the job, `key_id` names the key that was in use.
    """

    what: str
    outcome: str
    key_id: str | None = None
    run: str | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest line: its number, from 1, and its hash. Noted elsewhere it witnesses all lines up to it."""

    number: int
    hash: str


def record(state: Path, event: Event, *, now: datetime, who: str) -> Head:
    """Adds a line to the trail of `state` (OUT/work/state), safely on disk when this returns.

    `now` is naive UTC, `who` is `current_user()`. A broken trail is added to all the same: what happens after a break
    is worth knowing. Several processes may call this at the same time.
    """
    with _open(state) as handle:
        content = _content(handle)
        lines = lines_of(content)
        raw = line_after(lines, event, now=now, who=who)
        # a line that was torn by a fault stays as it is, the new one starts on its own
        parted = b"\n" if content and not content.endswith(b"\n") else b""
        _append(handle, parted + raw + b"\n")
    return Head(len(lines) + 1, link_of(raw))


def current_user(environ: Mapping[str, str] = os.environ) -> str:
    """Who gives the command: TURNOUT_USER, which a login in front of Turnout sets, else the user of the process."""
    if named := environ.get("TURNOUT_USER", "").strip():
        return named
    try:
        return pwd.getpwuid(os.getuid()).pw_name  # not LOGNAME, which anybody sets
    except KeyError:
        return f"user {os.getuid()}"


def subject(ring: KeyRing, person_id: str) -> str:
    """How a line tells whom an access or an objection was about: whoever has the key and the person's identifier can
    ask who looked at them, nobody else learns anything. Erasure names nobody, for the trail outlives it.
    """
    return ring.pseudonym("trail", person_id)


def head_of(state: Path) -> Head:
    """The newest line; number 0 and no hash if there is none."""
    lines = lines_of(read(state))
    return Head(len(lines), link_of(lines[-1]) if lines else "")


def read(state: Path) -> bytes:
    """The whole trail as it lies on disk; empty if there is none."""
    try:
        return (state / FILE_NAME).read_bytes()
    except FileNotFoundError:
        return b""


def lines_of(content: bytes) -> list[bytes]:
    """Its lines without their ends; only a line feed ends one."""
    return content.removesuffix(b"\n").split(b"\n") if content else []


def line_after(lines: Sequence[bytes], event: Event, *, now: datetime, who: str) -> bytes:
    """The line that tells of `event`, chained to the last of `lines`."""
    fields = {
        "number": len(lines) + 1,
        "at": now.isoformat(timespec="seconds") + "Z",
        "who": who,
        "what": event.what,
        "outcome": event.outcome,
        "turnout": version("turnout"),
        "key_id": event.key_id,
        "run": event.run,
        **event.details,
        "before": link_of(lines[-1]) if lines else "",
    }
    return encoded(fields | {"hash": hash_of(fields)})


def encoded(fields: Mapping[str, object]) -> bytes:
    """The one spelling of a line, so that not even a blank can change unseen."""
    return json.dumps(fields, ensure_ascii=True, separators=(", ", ": ")).encode()


def hash_of(fields: Mapping[str, object]) -> str:
    """The hash of a line: of everything in it but the hash itself."""
    return blake2b(encoded(fields), digest_size=32, person=b"trail-v1").hexdigest()


def intact(raw: bytes) -> dict[str, object] | None:
    """The fields of a line, or None if it is not, byte for byte, what was written."""
    try:
        fields = json.loads(raw)
        own = fields.pop("hash")
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
        return None
    is_whole = own == hash_of(fields) and encoded(fields | {"hash": own}) == raw
    return fields | {"hash": own} if is_whole else None


def link_of(raw: bytes) -> str:
    """What the next line holds of this one: its hash; of a damaged line, one of its bytes as they are."""
    fields = intact(raw)
    return str(fields["hash"]) if fields else blake2b(raw, digest_size=32, person=b"trail-torn").hexdigest()


@contextmanager
def _open(state: Path) -> Iterator[int]:
    """The file, for this process alone."""
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(state / FILE_NAME, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _content(handle: int) -> bytes:
    return os.pread(handle, os.fstat(handle).st_size, 0)


def _append(handle: int, raw: bytes) -> None:
    os.write(handle, raw)
    os.fsync(handle)
