"""Where things lie in a Slack export: its root, its lists, its conversation folders and who may see them.

Reads the lists of conversations, never a message. Enterprise Grid keeps further lists and folders under `teams/`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from unicodedata import normalize

import msgspec

from connectors.jsontext import Shape
from connectors.source import Member, Source
from connectors.source_names import printable

PRIVATE_SPACE: Final = "<private space>"
USER_LISTS: Final = ("users.json", "org_users.json")
CHANNEL_LISTS: Final = {
    "channels.json": "public", "groups.json": "private", "mpims.json": "direct", "dms.json": "direct",
    "file_conversations.json": "unknown",
}
OTHER_LISTS: Final = {
    "canvases.json": "canvas", "lists.json": "list", "huddle_transcripts.json": "huddle_transcript",
    "content_flags.json": "content_flag",
}
"""Lists that hold no messages, and the rule by which they are counted and left out."""
_DAY_FILE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\.json")
_DIRECT: Final = re.compile(r"D[A-Z0-9]{7,}|mpdm-.+-[0-9]+")
_TEAM: Final = re.compile(r"(?:^|/)teams/[^/]+$")
_WRAPPED: Final = re.compile(r"b'(.+)'")
_FILE: Final = re.compile(r"FC[:_].+")
_TEXT_FOLDERS: Final = frozenset({"channels", "dms", "mpims", "groups", "files"})
_DUMP: Final = re.compile(r"(?:[^/]+/)?(channels|messages-[0-9]+)\.(?:nd)?jsonl?(?:\.gz)?")


class Conversation(msgspec.Struct):
    """An entry of channels.json, groups.json, mpims.json or dms.json."""

    id: str
    name: str | None = None
    created: int | str | None = None


CONVERSATION: Final = Shape(Conversation)


@dataclass(slots=True)
class Folder:
    """One conversation: `alias` is its folder's name, `space` its id where the export's own list gives one."""

    alias: str
    space: str | None
    visibility: str
    days: list[Member] = field(default_factory=list)
    others: list[Member] = field(default_factory=list)
    is_file: bool = False
    """Its messages are comments on a canvas or another file."""


@dataclass(slots=True)
class Layout:
    """The members of an export by what they hold; `rest` are members that hold no records."""

    users: list[Member]
    lists: list[Member]
    folders: dict[tuple[str, str], list[Member]]
    rest: list[Member]
    others: list[Member] = field(default_factory=list)
    n_wrapped: int = 0


def is_day_file(name: str) -> bool:
    """Only such files hold messages."""
    return _DAY_FILE.fullmatch(name.rpartition("/")[2]) is not None


def find_root(names: Iterable[str], *, is_packed: bool) -> str | None:
    """Where the export lies in its container: "", or in a re-packed archive its one enclosing folder with a slash.

    An export has a list of channels or users, and day files in folders beside it; both lists alone will do too.
    """
    lists: dict[str, set[str]] = {}
    roots: set[str] = set()
    for name in names:
        head, _, last = name.rpartition("/")
        if last in ("channels.json", *USER_LISTS):
            lists.setdefault(head + "/" if head else "", set()).add("channels" if last == "channels.json" else "users")
        elif _DAY_FILE.fullmatch(last) and head:
            above = head.rpartition("/")[0]
            roots.add(_TEAM.sub("", above) + "/" if _TEAM.sub("", above) else "")
    found = {root for root, kinds in lists.items() if root in roots or len(kinds) == 2}
    if "" in found:
        return ""
    enclosed = [root for root in found if not _TEAM.search(root.rstrip("/"))]
    return enclosed[0] if is_packed and len(enclosed) == 1 else None


def refused_kind(names: Iterable[str]) -> str | None:
    """What an archive is that Slack or a partner writes and that is not read: `text` or `dump`; by its names."""
    every = list(names)
    parts = [name.split("/") for name in every]
    if every and all(name.endswith((".ndjson", ".ndjson.gz")) for name in every):
        return "dump" if {"channels"} < {found[1] for name in every if (found := _DUMP.fullmatch(name))} else None
    depth = 0 if parts and all(len(place) > 1 and place[0] in _TEXT_FOLDERS for place in parts) else 1
    places = [place[depth:] for place in parts]
    if not all(len(place) > 1 and place[0] in _TEXT_FOLDERS for place in places):
        return None
    texts = {place[0] for place in places if place[-1].endswith(".txt") and place[0] != "files"}
    return "text" if "channels" in texts and not any(name.endswith(".json") for name in every) else None


def lay_out(source: Source, root: str) -> Layout:
    """Every member of the export under `root` and outside it, in its place and by name; folders by (scope, name)."""
    layout = Layout([], [], {}, [])
    for member in sorted(source.members, key=lambda member: member.name):
        parts = member.name[len(root) :].split("/") if member.name.startswith(root) else []
        scope = "/".join(parts[:2]) if parts[:1] == ["teams"] and len(parts) > 2 else ""
        place = parts[2:] if scope else parts
        if len(place) == 1 and place[0] in USER_LISTS:
            layout.users.append(member)
        elif len(place) == 1 and place[0] in CHANNEL_LISTS:
            layout.lists.append(member)
        elif len(place) == 1 and place[0] in OTHER_LISTS:
            layout.others.append(member)
        elif len(place) == 2 and place[1].endswith(".json"):
            alias = alias_of(place[0])
            layout.n_wrapped += _WRAPPED.fullmatch(place[0]) is not None
            layout.folders.setdefault((scope, alias), []).append(member)
        else:
            layout.rest.append(member)
    return layout


def alias_of(name: str) -> str:
    """The name of a conversation as its folder has it: composed, unwrapped, printable, a file's without colons."""
    wrapped = _WRAPPED.fullmatch(name)
    # members are known by printable names: one that is not would leave a private channel unknown, and be read
    alias = normalize("NFC", printable(wrapped[1] if wrapped else name))
    return alias.replace(":", "_") if _FILE.fullmatch(alias) else alias


def scope_of(member: Member, root: str) -> str:
    """The workspace folder of Enterprise Grid in which a list lies, else ""."""
    return member.name[len(root) :].rpartition("/")[0]


def folder_of(
    name: str, members: list[Member], known: dict[str, tuple[str, str]], *, may_be_private: bool = False
) -> Folder:
    """A conversation folder with the (id, visibility) of its entry; without one only the shape of its name tells."""
    alias = alias_of(name)
    if alias in known:
        space, visibility = known[alias]
        folder = Folder(alias, space, visibility)
    else:
        unlisted = "private" if may_be_private else "unknown"
        folder = Folder(alias, None, "direct" if _DIRECT.fullmatch(alias) else unlisted)
    folder.is_file = _FILE.fullmatch(alias) is not None
    for member in members:
        (folder.days if is_day_file(member.name) else folder.others).append(member)
    return folder


def shown_name(member: Member, visibility: str) -> str:
    """The member's name as tables and messages print it: without the folder of a private conversation."""
    if visibility != "public":
        return f"{PRIVATE_SPACE}/{member.name.rpartition('/')[2]}"
    return member.name
