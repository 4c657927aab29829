"""A plain, slow reading of a drop folder, independent of the generator and of the connectors."""

import csv
import gzip
import io
import json
import zipfile
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

HUMAN_SUBTYPES = (None, "file_share", "me_message", "thread_broadcast", "reply_broadcast", "file_comment")
ACTIONS = ("post", "reply", "create", "edit", "comment", "upload", "share")
Event = tuple[str, str, str, str]  # account, person or account, day, action


def contents(folder: Path) -> dict[str, bytes]:
    """Every file, zips by member and gzips unpacked, so that another zlib changes nothing."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                for info in archive.infolist():
                    found[f"{name}!{info.filename}@{info.date_time}"] = archive.read(info)
        elif path.suffix == ".gz":
            found[name] = gzip.decompress(path.read_bytes())
        else:
            found[name] = path.read_bytes()
    return found


def table(content: bytes) -> list[dict[str, str]]:
    """The rows of a comma-separated file; line ends inside quotes stay."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


class People:
    """Whom an account belongs to, by address, directory id or mapping line."""

    def __init__(self, folder: Path) -> None:
        self.rows = table((folder / "hr" / "roster.csv").read_bytes())
        self.by_address = {row["Email"].casefold(): row["PersonId"] for row in self.rows}
        self.by_directory = {row["ObjectId"]: row["PersonId"] for row in self.rows}
        lines = table((folder / "hr" / "wiki-accounts.csv").read_bytes())
        self.by_line = {(line["platform"], line["account"]): line["person_id"] for line in lines}

    def of(self, platform: str, account: str, address: str = "", directory: str = "") -> str:
        line = self.by_line.get((platform, account))
        if line is not None:
            return line or f"{platform}:{account}"
        person = self.by_directory.get(directory) or self.by_address.get(address.casefold())
        return person or f"{platform}:{account}"


def slack_messages(folder: Path) -> tuple[dict[tuple[str, str], dict[str, Any]], dict[str, dict[str, Any]]]:
    """The latest version of every message by (channel id, ts), and all users."""
    messages: dict[tuple[str, str], dict[str, Any]] = {}
    users: dict[str, dict[str, Any]] = {}
    archives = [zipfile.ZipFile(path) for path in (folder / "slack").iterdir()]
    archives.sort(
        key=lambda archive: max(name.rpartition("/")[2] for name in archive.namelist() if "/20" in name)
    )
    ids: dict[str, str] = {}
    for archive in archives:
        ids |= {c["name"]: c["id"] for c in json.loads(archive.read("channels.json"))}
    for archive in archives:
        users |= {user["id"]: user for user in json.loads(archive.read("users.json"))}
        for name in archive.namelist():
            channel, _, day = name.rpartition("/")
            if channel and day.startswith("20"):
                for message in json.loads(archive.read(name)):
                    messages[ids[channel], message["ts"]] = message
        archive.close()
    return messages, users


def slack_events(folder: Path, people: People, services: set[str]) -> list[Event]:
    messages, users = slack_messages(folder)
    events = []
    for message in messages.values():
        user = message.get("user", "")
        if user not in users or users[user]["is_bot"] or user in services or "room" in message:
            continue
        if message.get("subtype") in HUMAN_SUBTYPES:
            is_root = message.get("thread_ts", message["ts"]) == message["ts"]
            day = datetime.fromtimestamp(int(message["ts"].partition(".")[0]), UTC).date().isoformat()
            person = people.of("slack", user, users[user]["profile"]["email"])
            events.append((f"slack:{user}", person, day, "post" if is_root else "reply"))
    return events


def yammer_rows(folder: Path) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """The latest version of every message, and the directory id of every user."""
    rows: dict[str, dict[str, str]] = {}
    users: dict[str, str] = {}
    for path in sorted((folder / "yammer").iterdir()):
        with zipfile.ZipFile(path) as archive:
            log, month = archive.read("log.txt").decode(), table(archive.read("Messages.csv"))
            assert f"Number of exported MESSAGES: {len(month)}\n" in log
            rows |= {row["id"]: row for row in month}
            for user in table(archive.read("Users.csv")):
                users[user["id"]] = user["office_user_id"]
    return rows, users


def yammer_events(folder: Path, people: People) -> list[Event]:
    rows, users = yammer_rows(folder)
    events = []
    for row in rows.values():
        assert row["api_url"].endswith(f"/{row['id']}")
        private = "true" in (row["in_private_group"], row["in_private_conversation"])
        if private or row["deleted_at"] or row["message_type"] == "system" or row["sender_type"] != "user":
            continue
        sender = row["sender_id"]
        person = people.of("yammer", sender, row["sender_email"], users.get(sender, ""))
        action = "post" if row["id"] == row["thread_id"] else "reply"
        events.append((f"yammer:{sender}", person, row["created_at"][:10], action))
    return events


def wiki_pages(folder: Path) -> list[tuple[int, list[dict[str, str]]]]:
    """The namespace and revisions (author, timestamp, sha1) of every page."""
    text = gzip.decompress((folder / "wiki" / "acmewiki-history.xml.gz").read_bytes())
    space = "{http://www.mediawiki.org/xml/export-0.11/}"
    pages = []
    for page in ElementTree.fromstring(text).iter(f"{space}page"):
        revisions = [
            {
                "user": revision.findtext(f"{space}contributor/{space}username") or "",
                "timestamp": revision.findtext(f"{space}timestamp") or "",
                "sha1": revision.findtext(f"{space}sha1") or "",
            }
            for revision in page.iter(f"{space}revision")
        ]
        pages.append((int(page.findtext(f"{space}ns") or 0), revisions))
    return pages


def wiki_events(folder: Path, people: People, services: set[str]) -> list[Event]:
    events = []
    for namespace, revisions in wiki_pages(folder):
        for number, revision in enumerate(revisions):
            user = revision["user"]
            is_null = number > 0 and revisions[number - 1]["sha1"] == revision["sha1"]
            if user and user not in services and not user.endswith("Bot") and not is_null:
                action = "comment" if namespace % 2 else "edit" if number else "create"
                person = people.of("mediawiki", user)
                events.append((f"mediawiki:{user}", person, revision["timestamp"][:10], action))
    return events


def by_month(events: list[Event]) -> dict[str, dict[str, int]]:
    """Accounts, people and actions by the first day of the month."""
    months: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        months[f"{event[2][:7]}-01"].append(event)
    return {
        month: {
            "accounts": len({event[0] for event in found}),
            "people": len({event[1] for event in found}),
            "contributions": len(found),
            **{action: sum(event[3] == action for event in found) for action in ACTIONS},
        }
        for month, found in sorted(months.items())
    }


def count_reverts(pages: list[tuple[int, list[dict[str, str]]]]) -> dict[str, int]:
    """Identity reverts within 15 revisions, those that undo only oneself, and null edits."""
    counts = {"reverts": 0, "self_reverts": 0, "null_edits": 0}
    for _, revisions in pages:
        for number, revision in enumerate(revisions):
            before = revisions[max(0, number - 15) : number]
            same = [n for n, old in enumerate(before) if old["sha1"] == revision["sha1"]]
            if same and same[-1] == len(before) - 1:
                counts["null_edits"] += 1
                assert len(same) == 1 or {old["sha1"] for old in before[same[0] :]} == {revision["sha1"]}
            elif same:
                undone = {old["user"] for old in before[same[-1] + 1 :]}
                assert revision["user"] not in undone or undone == {revision["user"]}
                counts["reverts"] += 1
                counts["self_reverts"] += undone == {revision["user"]}
    return counts


def misplaced_messages(folder: Path) -> list[str]:
    """Slack messages outside their Los Angeles day file, Yammer rows that nothing puts into their month."""
    wrong = []
    for path in (folder / "slack").iterdir():
        with zipfile.ZipFile(path) as archive:
            for name in (n for n in archive.namelist() if "/20" in n):
                for message in json.loads(archive.read(name)):
                    at = datetime.fromtimestamp(
                        int(message["ts"].partition(".")[0]), ZoneInfo("America/Los_Angeles")
                    )
                    if at.date().isoformat() != name.rpartition("/")[2].removesuffix(".json"):
                        wrong.append(f"{name} {message['ts']}")
    for path in (folder / "yammer").iterdir():
        with zipfile.ZipFile(path) as archive:
            request = dict(line.split(": ") for line in archive.read("request.txt").decode().splitlines())
            since, until = request["since"][:10], request["until"][:10]
            versions = table(archive.read("MessageVersions.csv"))
            edited = {row["message_id"] for row in versions}
            for row in table(archive.read("Messages.csv")):
                touched = since <= row["created_at"][:10] < until or since <= row["deleted_at"][:10] < until
                if not touched and row["id"] not in edited:
                    wrong.append(f"{path.name} {row['id']}")
    return wrong
