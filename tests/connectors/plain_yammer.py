"""A slow, plain Yammer reader to compare with: csv dictionaries and the rules of the format notes.

Written from the notes, shares nothing with the connector; reads public conversations only.
"""

import csv
import io
import zipfile
from datetime import datetime
from pathlib import Path


def tables(path: Path) -> dict[str, list[dict[str, str]]]:
    """Every CSV file of an export of one network, by lower-case name."""
    with zipfile.ZipFile(path) as archive:
        return {
            name.rpartition("/")[2].lower(): list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"),
                                                                             newline="")))
            for name in archive.namelist() if name.lower().endswith(".csv")
        }


def at(text: str) -> datetime | None:
    return datetime.fromisoformat(text.replace("Z", "")) if text not in ("", "null") else None


def read(path: Path, home_domains: tuple[str, ...] = ()) -> list[dict[str, object]]:
    """One dictionary per public message."""
    found = tables(path)
    emails = {user["id"]: user["email"] for user in found.get("users.csv", [])}
    senders = {message["id"]: message["sender_id"] for message in found["messages.csv"]}
    edits: dict[str, list[datetime]] = {}
    for version in found.get("messageversions.csv", []):
        key = version.get("message_id") or version["id"]
        times = [at(version[name]) for name in ("modified_at", "edited_at", "updated_at", "created_at")
                 if name in version][:1]
        edits.setdefault(key, []).extend(time for time in times if time)
    events = []
    for message in found["messages.csv"]:
        if "true" in (message["in_private_conversation"].lower(), message["in_private_group"].lower()):
            continue
        email = emails.get(message["sender_id"]) or message["sender_email"]
        is_guest = bool(home_domains) and email and email.rpartition("@")[2].lower() not in home_domains
        kind = "bot" if message["sender_type"] != "user" else "external" if is_guest else "human"
        deleted = at(message["deleted_at"])
        action = "post" if message["id"] == message["thread_id"] else "reply"
        if deleted or message.get("message_type") == "system":
            action = "other"
        events.append({
            "number": int(message["id"]), "thread": int(message["thread_id"]), "space": message["group_id"] or None,
            "alias": None if message["group_id"] else "ungrouped", "at": at(message["created_at"]), "action": action,
            "is_contribution": action != "other" and kind != "bot", "account": message["sender_id"], "kind": kind,
            "is_delegated": bool(message.get("delegate_id")), "target": senders.get(message["replied_to_id"]),
            "version": deleted or max(edits.get(message["id"], []), default=None),
        })
    return events
