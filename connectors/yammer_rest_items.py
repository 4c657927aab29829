"""The items of a Yammer REST answer: messages, users and groups among others, whatever list they lie in.

Decodes allowed fields only, never a body, a title or a profile. What is done with them is yammer_rest's.
"""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from connectors.csvtext import RowFault
from connectors.jsontext import BadText, Fault, Shape, utf8


class Like(msgspec.Struct, gc=False):
    """One person who likes a message."""

    user_id: int | None = None


class Likes(msgspec.Struct, gc=False):
    """How many like a message; `names` are some of them, or plain names that identify nobody."""

    count: int = 0
    names: list[Like | str] = []


class Item(msgspec.Struct, gc=False):
    """The allowed fields of a message, a user or a group."""

    id: int | None = None
    type: str | None = None
    network_id: int | None = None
    sender_id: int | None = None
    sender_type: str | None = None
    delegate_id: int | None = None
    thread_id: int | None = None
    replied_to_id: int | None = None
    group_id: int | None = None
    message_type: str | None = None
    system_message: bool | None = None
    direct_message: bool | None = None
    privacy: str | None = None
    created_at: str | None = None
    deleted_at: str | None = None
    liked_by: Likes | None = None
    state: str | None = None
    email: str | None = None
    guest: bool | None = None
    aad_guest: bool | None = None
    full_name: str | None = None

    @property
    def is_message(self) -> bool:
        """Whether somebody sent it."""
        return self.sender_id is not None or self.type == "message"


ITEM: Final = Shape(Item)
_LISTS: Final = ("messages", "references", "users", "groups", "value")
_MESSAGE: Final = (b'"sender_id"', b'"thread_id"', b'"replied_to_id"')
_REFERENCE: Final = re.compile(rb'"type"\s*:\s*"(?:user|group|thread|network|topic)"')
_VENDOR: Final = (b'"mugshot_url"', b'"network_id"', b'"permalink"', b'yammer.com/')


def looks_like_rest(head: bytes) -> bool:
    """Whether the beginning of a file is JSON with the keys that only Yammer writes."""
    if not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"[")):
        return False
    return all(key in head for key in _MESSAGE) or (
        _REFERENCE.search(head) is not None and sum(key in head for key in _VENDOR) >= 2
    )


def lists_in(data: bytes) -> Iterator[bytes]:
    """Every list of items in an answer: the file itself, the lists of its envelope, or what Power Automate wrapped."""
    data = utf8(data)
    if not data.lstrip().startswith(b"{"):
        yield data
        return
    keys = _keyed(data)
    wrapped = keys.get("body", b"").lstrip()
    if wrapped.startswith(b"{") and "sender_id" not in keys:
        keys = _keyed(wrapped)
    found = [keys[name] for name in _LISTS if keys.get(name, b"").lstrip().startswith(b"[")]
    if not found:
        yield b"[" + data + b"]"
        return
    yield from found
    if "threaded_extended" in keys:
        yield from _keyed(keys["threaded_extended"]).values()


def n_items(data: bytes) -> int | None:
    """How many items a list has, none if only the slow reader can tell."""
    try:
        return len(msgspec.json.decode(data, type=list[msgspec.Raw]))
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return None


def fault_of(fault: Fault) -> RowFault:
    """Why an item cannot be used."""
    match fault.kind:
        case "repeated":
            return RowFault("PPL-JSN-004", f"key {fault.field or 'of an object'} occurs twice")
        case "not finite":
            return RowFault("PPL-JSN-005", "a value is not a finite number")
        case "object":
            return RowFault("PPL-JSN-010", "expected an object")
        case _:
            return RowFault("PPL-JSN-010", f"field {fault.field} is missing or of another type")


def _keyed(data: bytes) -> dict[str, bytes]:
    try:
        return {name: bytes(raw) for name, raw in msgspec.json.decode(data, type=dict[str, msgspec.Raw]).items()}
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise BadText("PPL-JSN-001", "truncated or invalid JSON") from error
