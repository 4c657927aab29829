"""Where things lie in a Yammer network export: one set of CSV files, or one per network in a folder of its id.

Names of members are matched whatever their case, at any depth; columns are matched by name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from connectors.csvtext import CsvFile, headers
from connectors.source import Member, Source
from models.problems import ExportRefused

MESSAGE_COLUMNS: Final = ("id", "thread_id", "in_private_group", "in_private_conversation", "sender_id", "api_url",
                          "created_at")
USER_COLUMNS: Final = ("id", "email", "state", "joined_at")
REQUIRED: Final = {"messages.csv": MESSAGE_COLUMNS, "users.csv": ("id", "email", "state"),
                   "groups.csv": ("id", "name", "private")}
_BY_SOMEBODY: Final = ("deleted_by_id", "deleted_by_type")
KNOWN: Final[dict[str, frozenset[str]]] = {
    "messages.csv": frozenset({
        *MESSAGE_COLUMNS, *_BY_SOMEBODY, "replied_to_id", "conversation_id", "group_id", "group_name", "participants",
        "sender_type", "sender_name", "sender_email", "body", "attachments", "deleted_at", "html_body", "title",
        "message_type", "gdpr_delete_url", "closed", "delegate_id", "parent_id",
    }),
    "users.csv": frozenset({
        *USER_COLUMNS, *_BY_SOMEBODY, "name", "job_title", "location", "department", "api_url", "deleted_at",
        "suspended_by_id", "suspended_by_type", "suspended_at", "guid", "office_user_id", "user_cover_image_url",
    }),
    "groups.csv": frozenset({
        "id", "name", "description", "private", "external", "deleted", "created_at", "updated_at", "creator_id",
        "creator_type", "creator_name", "created_by_id", "created_by_type", "link", "api_url", "web_url",
    }),
}
"""All columns that these tables have had; others are counted as unknown."""

TABLES: Final = ("messages.csv", "messageversions.csv", "users.csv", "groups.csv", "networks.csv", "log.txt",
                 "request.txt")
_DELIMITERS: Final = (",", ";", "\t")
_LONE_USERS: Final = (*USER_COLUMNS, "suspended_at", "guid")
_KNOWN_BY: Final = {"messages.csv": ("api_url", "thread_id", "sender_id"), "users.csv": USER_COLUMNS}


@dataclass(slots=True)
class Network:
    """The files of one network; `name` is the folder they lie in."""

    name: str
    tables: dict[str, Member] = field(default_factory=dict)


def open_table(source: Source, member: Member, table: str) -> tuple[CsvFile, bool]:
    """A table, and whether a spreadsheet saved it again.

    Only a header that has all columns when split at another separator shows that for sure; such a file may be cp1252.
    """
    required = set(REQUIRED.get(table, ("id",)))
    for delimiter, header in zip(_DELIMITERS, headers(source, member, _DELIMITERS), strict=False):
        if required <= set(header) and delimiter != ",":
            return CsvFile(source, member, delimiter=delimiter, fallback="cp1252"), True
    return CsvFile(source, member), False


def networks_of(source: Source) -> list[Network]:
    """Every folder of the export that holds messages or users, or the lone file."""
    if source.kind == "file":
        is_users = _has_columns(source, source.members[0], _LONE_USERS)
        return [Network("", {"users.csv" if is_users else "messages.csv": source.members[0]})]
    found: dict[str, Network] = {}
    for member in source.members:
        path = PurePosixPath(member.name)
        if path.name.lower() in TABLES:
            folder = "" if str(path.parent) == "." else str(path.parent)
            found.setdefault(folder, Network(folder)).tables[path.name.lower()] = member
    return [network for _, network in sorted(found.items())]


def is_export(source: Source) -> bool:
    """Whether messages or users with Yammer's columns are there; of a folder, directly inside or by network id."""
    if source.kind == "file":
        return any(_has_columns(source, source.members[0], columns)
                   for columns in (_KNOWN_BY["messages.csv"], _LONE_USERS))
    networks = networks_of(source)
    if source.kind == "folder" and not all(re.fullmatch(r"|[0-9]+", network.name) for network in networks):
        return False
    if source.kind == "folder" and not any(network.name == "" for network in networks):
        return False
    return any(
        _has_columns(source, network.tables[table], columns)
        for network in networks for table, columns in _KNOWN_BY.items() if table in network.tables
    )


def workspace_of(source: Source, network: Network, configured: str | None) -> str:
    """The configured name, else the folder's network id, else the only network of Networks.csv."""
    folder = PurePosixPath(network.name).name
    if configured or re.fullmatch(r"[0-9]+", folder):
        return configured or folder
    if "networks.csv" in network.tables:
        networks = CsvFile(source, network.tables["networks.csv"])
        place = networks.require(("id",))["id"]
        ids = [row[place] for _, row in networks.rows() if isinstance(row, list)]
        if len(ids) == 1 and ids[0]:
            return ids[0]
    return "network"


def text_of(source: Source, network: Network, name: str) -> str:
    """A small text file of the network, "" if there is none."""
    if name not in network.tables:
        return ""
    return source.read(network.tables[name]).decode("utf-8-sig", "replace")


def announced_counts(log: str) -> Iterator[tuple[str, int]]:
    """Category and number of rows that log.txt announces; the line about outbound threads counts something else."""
    for line in log.splitlines():
        match = re.fullmatch(r"\s*Number of exported ([A-Z]+):\s*([0-9]+)\s*", line)
        if match:
            yield match[1], int(match[2])


def _has_columns(source: Source, member: Member, columns: tuple[str, ...]) -> bool:
    try:
        return any(set(columns) <= set(header) for header in headers(source, member))
    except ExportRefused:
        return True  # a damaged archive with a table of this name; reading it says what is wrong
