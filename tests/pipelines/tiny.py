"""Tiny exports written by hand: each vendor's layout with only what a test says. No test is here."""

import csv
import io
import itertools
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

Json = dict[str, object]
TEAM = "T0TINY000"
_NUMBER = itertools.count(1)
_YAMMER = [
    "id",
    "replied_to_id",
    "thread_id",
    "group_id",
    "group_name",
    "in_private_group",
    "in_private_conversation",
    "sender_id",
    "sender_type",
    "sender_name",
    "sender_email",
    "body",
    "api_url",
    "created_at",
    "deleted_at",
    "message_type",
]
_YAMMER_USER = ["id", "name", "email", "joined_at", "suspended_at", "deleted_at", "state", "office_user_id"]
ROSTER = [
    "PersonId",
    "EffectiveDate",
    "ManagerId",
    "Organization",
    "LevelDesignation",
    "Layer",
    "Location",
    "HireDate",
    "TerminationDate",
    "Email",
]
CONFIG = """\
[roster]
date_format = "%Y-%m-%d"
columns.left_on = "TerminationDate"
columns.email = "Email"
exec.max_layer = 0
"""


def slack_user(user: str, email: str = "", **fields: object) -> Json:
    return {
        "id": user, "team_id": TEAM, "name": user.lower(), "deleted": False, "is_bot": False,
        "profile": {"email": email}, **fields,
    }  # fmt: skip


def slack_message(day: date, user: str, *, seconds: int = 43_200, **fields: object) -> Json:
    """A message at that second of the UTC day; each has its own microsecond."""
    at = datetime.combine(day, time(), UTC) + timedelta(seconds=seconds)
    return {"type": "message", "ts": f"{int(at.timestamp())}.{next(_NUMBER):06}", "user": user, "text": "-", **fields}


def slack_zip(
    path: Path, users: Sequence[Json], channels: Mapping[str, Iterable[Json]], **lists: Sequence[Json]
) -> Path:
    """A standard export: channel name -> its messages; `lists` are further lists at its root."""
    days: dict[str, list[Json]] = defaultdict(list)
    for name, messages in channels.items():
        for message in messages:
            day = datetime.fromtimestamp(int(str(message["ts"]).partition(".")[0]), UTC).date()
            days[f"{name}/{day}.json"].append(message)
    listed = [{"id": f"C0{name.upper():0<8}", "name": name, "created": 1_700_000_000} for name in channels]
    root: dict[str, object] = {"channels.json": listed, "users.json": list(users)}
    root |= {f"{name}.json": entries for name, entries in lists.items()}
    return zipped(path, {name: json.dumps(content, indent=4) for name, content in {**root, **days}.items()})


def yammer_row(number: int, day: date, sender: int, *, to: int | None = None, **fields: str) -> dict[str, str]:
    """A row of Messages.csv; `to` is the message that it answers, a thread's starter."""
    row = dict.fromkeys(_YAMMER, "") | {
        "id": str(number), "thread_id": str(to or number), "replied_to_id": str(to or ""), "group_id": "77",
        "in_private_group": "false", "in_private_conversation": "false", "sender_id": str(sender),
        "sender_type": "user", "api_url": f"https://www.yammer.com/api/v1/messages/{number}",
        "created_at": f"{day}T12:00:00Z", "message_type": "update",
    }  # fmt: skip
    return row | fields


def yammer_user(number: int, email: str) -> dict[str, str]:
    row = {"id": str(number), "email": email, "joined_at": "2020-01-01T00:00:00Z", "state": "active"}
    return dict.fromkeys(_YAMMER_USER, "") | row


def yammer_zip(
    path: Path, since: date, until: date, users: Sequence[Mapping[str, str]], rows: Sequence[Mapping[str, str]]
) -> Path:
    """A network export of the days from `since` to before `until`."""
    request = f"since: {since}T00:00:00+00:00\nuntil: {until}T00:00:00+00:00\n"
    return zipped(path, {
        "Messages.csv": csv_text(_YAMMER, rows),
        "Users.csv": csv_text(_YAMMER_USER, users),
        "Groups.csv": csv_text(["id", "name", "private"], [{"id": "77", "name": "Lounge", "private": "false"}]),
        "request.txt": request,
    })  # fmt: skip


def wiki_page(number: int, title: str, revisions: Sequence[tuple[int, date, str, str]], *, namespace: int = 0) -> str:
    """A page with revisions as (id, day, user, text)."""
    return "".join([
        f"  <page>\n    <title>{title}</title>\n    <ns>{namespace}</ns>\n    <id>{number}</id>\n",
        *(
            f"    <revision>\n      <id>{revision}</id>\n      <timestamp>{day}T12:00:00Z</timestamp>\n"
            f"      <contributor>\n        <username>{user}</username>\n        <id>7</id>\n      </contributor>\n"
            f'      <text bytes="{len(text)}">{text}</text>\n    </revision>\n'
            for revision, day, user, text in revisions
        ),
        "  </page>\n",
    ])  # fmt: skip


def wiki_dump(path: Path, pages: Iterable[str], *, name: str = "tinywiki") -> Path:
    """A full-history dump."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">\n'
        f"  <siteinfo>\n    <sitename>Tiny</sitename>\n    <dbname>{name}</dbname>\n    <namespaces>\n"
        '      <namespace key="0" case="first-letter" />\n'
        '      <namespace key="1" case="first-letter">Talk</namespace>\n'
        "    </namespaces>\n  </siteinfo>\n" + "".join(pages) + "</mediawiki>\n",
        encoding="utf-8",
    )
    return path


def roster_row(person: str, since: date, unit: str, **fields: str) -> dict[str, str]:
    """A row in force from a day on; fields by their header."""
    row = {
        "PersonId": person,
        "EffectiveDate": str(since),
        "Organization": unit,
        "Layer": "3",
        "Email": f"{person}@t.example",
    }
    return dict.fromkeys(ROSTER, "") | row | fields


def roster_csv(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(csv_text(ROSTER, rows), encoding="utf-8")
    return path


def csv_text(header: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def zipped(path: Path, members: Mapping[str, str]) -> Path:
    """A zip with these members, the same bytes for the same content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content)
    return path


def members_of(path: Path) -> dict[str, str]:
    """The text of every member of a zip."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}
