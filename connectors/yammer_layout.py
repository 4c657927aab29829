"""Where things lie in a Yammer network export: one set of CSV files, or one per network in a folder of its id.

Names of members are matched whatever their case, at any depth; columns are matched by name.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from connectors.csvtext import CsvFile
from connectors.source import Member, Source
from models.problems import ExportRefused

MESSAGE_COLUMNS: Final = ("id", "thread_id", "in_private_group", "in_private_conversation", "sender_id", "api_url",
                          "created_at")
USER_COLUMNS: Final = ("id", "email", "state", "joined_at")
TABLES: Final = ("messages.csv", "messageversions.csv", "users.csv", "groups.csv", "networks.csv", "log.txt",
                 "request.txt")
_KNOWN_BY: Final = {"messages.csv": ("api_url", "thread_id", "sender_id"), "users.csv": USER_COLUMNS}
_HEAD_BYTES: Final = 4096


@dataclass(slots=True)
class Network:
    """The files of one network; `name` is the folder they lie in."""

    name: str
    tables: dict[str, Member] = field(default_factory=dict)


def networks_of(source: Source) -> list[Network]:
    """Every folder of the export that holds messages or users, or the lone file."""
    if source.kind == "file":
        return [Network("", {"messages.csv": source.members[0]})]
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
        return _has_columns(source, source.members[0], _KNOWN_BY["messages.csv"])
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
        with source.open(member) as stream:
            head = stream.read(_HEAD_BYTES)
    except ExportRefused:
        return True  # a damaged archive with a table of this name; reading it says what is wrong
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    first = (head[: len(head) // 2 * 2].decode(encoding, "replace").splitlines() or [""])[0]
    for delimiter in (",", ";", "\t"):
        try:
            header = next(csv.reader([first], delimiter=delimiter), [])
        except csv.Error:
            return False
        if set(columns) <= set(header):
            return True
    return False
