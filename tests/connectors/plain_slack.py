"""A slow, plain Slack reader to compare with: the classification rules of the format notes, with json and dictionaries.

Written from the notes, shares nothing with the connector; reads public conversations only.
"""

import json
import re
import zipfile
from pathlib import Path

CONTRIBUTING = {None, "bot_message", "file_share", "file_comment", "me_message", "thread_broadcast", "reply_broadcast"}
JOINS, LEAVES = {"channel_join", "group_join"}, {"channel_leave", "group_leave"}
ADMIN = {
    "channel_topic", "channel_purpose", "channel_name", "channel_archive", "channel_unarchive", "group_topic",
    "group_purpose", "group_name", "group_archive", "group_unarchive", "channel_posting_permissions", "pinned_item",
    "unpinned_item", "channel_tab_added", "channel_canvas_updated", "bot_add", "bot_remove",
}


def members(path: Path) -> dict[str, object]:
    """Every JSON file of a zip or folder, without an enclosing folder."""
    if path.is_dir():
        texts = {file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*.json")}
    else:
        with zipfile.ZipFile(path, metadata_encoding="utf-8") as archive:
            texts = {name: archive.read(name) for name in archive.namelist() if name.endswith(".json")}
    root = next(name for name in texts if name.endswith("users.json")).rpartition("users.json")[0]
    return {name.removeprefix(root): json.loads(text) for name, text in texts.items()}


def micro(ts: str) -> int:
    seconds, decimals = ts.split(".")
    return int(seconds) * 1_000_000 + int(decimals)


def action_of(message: dict[str, object]) -> str:
    subtype = message.get("subtype")
    if subtype in CONTRIBUTING:
        return "reply" if (message.get("thread_ts") or message["ts"]) != message["ts"] else "post"
    for subtypes, action in ((JOINS, "join"), (LEAVES, "leave"), (ADMIN, "admin"), ({"document_comment"}, "comment")):
        if subtype in subtypes:
            return action
    return "other"


def reactions(message: dict[str, object]) -> list[tuple[str, str]]:
    pairs = {
        (reaction["name"].split("::")[0], person)
        for reaction in message.get("reactions") or [] for person in reaction.get("users", [])
    }
    return sorted(pairs)


def starters(messages: list[tuple[str, str, int, dict[str, object]]]) -> dict[tuple[str, str], str | None]:
    found: dict[tuple[str, str], str | None] = {}
    for folder, _, _, message in messages:
        if message.get("thread_ts") == message["ts"]:
            who = message.get("user") or message.get("bot_id")
            found[folder, message["ts"]] = None if message.get("subtype") == "tombstone" else who
    return found


def read(path: Path) -> list[dict[str, object]]:
    """One dictionary per event."""
    files = members(path)
    users = {user["id"]: user for user in files["users.json"]}
    ids = {channel["name"]: channel["id"] for channel in files["channels.json"]}
    hidden = {group["name"] for name in ("groups.json", "mpims.json") for group in files.get(name, [])}
    hidden |= {group["id"] for group in files.get("dms.json", [])}

    def kind(account: str) -> str:
        if account in ("USLACKBOT", "U00"):
            return "system"
        if account in users:
            return "bot" if users[account].get("is_bot") else "human"
        return "bot" if account.startswith("B") else "external"

    days = sorted(name for name in files if re.fullmatch(r"[^/]+/\d{4}-\d\d-\d\d\.json", name))
    messages = [
        (name.split("/")[0], name, line, message)
        for name in days if name.split("/")[0] not in hidden for line, message in enumerate(files[name], 1)
    ]
    author = starters(messages)
    events: list[dict[str, object]] = []
    for folder, name, line, message in messages:
        subtype, ts, thread = message.get("subtype"), message["ts"], message.get("thread_ts") or message["ts"]
        account = (message.get("user") or (message.get("comment") or {}).get("user")
                   or (message.get("file") or {}).get("user"))
        who = kind(account) if account else "unknown"
        if subtype == "bot_message" or (account is None and message.get("bot_id")):
            account, who = account or message.get("bot_id"), "bot"
        if subtype == "tombstone":
            account, who = None, "unknown"
        action = action_of(message)
        target = (message.get("parent_user_id") or author.get((folder, thread))) if thread != ts else None
        row = {
            "scope": "message", "number": micro(ts), "thread": micro(thread), "alias": folder, "space": ids.get(folder),
            # a folder that no list calls public is not named
            "member": name if folder in ids else f"<private space>/{name.split('/')[1]}",
            "line": line, "basis": "own", "is_record": True, "action": action, "account": account,
            "kind": who, "target": target,
            "is_contribution": action in ("post", "reply", "comment") and who in ("human", "external"),
            "via_app": bool(message.get("bot_id")) and who in ("human", "external"),
            "version": micro(message["edited"]["ts"]) if message.get("edited") else None,
        }
        if message.get("room") or subtype in ("huddle_thread", "sh_room_created"):
            room = message.get("room") or {}
            people = [person for person in [room.get("created_by"), *room.get("participant_history", [])] if person]
            unique = sorted(set(people), key=people.index) or [None]
            events += [
                {**row, "action": "meet", "account": person, "kind": kind(person) if person else "unknown",
                 "target": None, "is_contribution": False, "via_app": False, "is_record": person == unique[0]}
                for person in unique
            ]
        else:
            events.append(row)
        for emoji, person in reactions(message):
            events.append({
                **row, "scope": f"react:{emoji}", "basis": "target", "is_record": False, "action": "react",
                "account": person, "kind": kind(person), "target": account, "is_contribution": False,
                "via_app": False, "version": None,
            })
    return events
