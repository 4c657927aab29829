"""A second, slow reader of WordPress exports: the whole document as a tree, rules spelled out one by one.

It shares no code with the connector.
"""

from collections import Counter
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET


def texts(element: ET.Element) -> dict[str, str]:
    return {child.tag.split("}")[-1]: (child.text or "").strip() for child in element}


def children(element: ET.Element, name: str) -> list[ET.Element]:
    return [child for child in element if child.tag.split("}")[-1] == name]


def moment(item: dict[str, str], prefix: str) -> datetime | None:
    for text in (item.get(f"{prefix}_date_gmt", ""), ):
        if text and not text.startswith("0000"):
            return datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
    if item.get("pubDate"):
        return datetime.strptime(item["pubDate"], "%a, %d %b %Y %H:%M:%S +0000")
    return None


def read(path: Path) -> tuple[list[tuple[object, ...]], Counter[str], int]:
    """Events as (action, time, account), counts of what is left out, and how many records there are."""
    channel = children(ET.parse(path).getroot(), "channel")[0]
    authors = [texts(author) for author in children(channel, "author")]
    by_email = {author["author_email"].lower(): author["author_login"] for author in authors}
    events: list[tuple[object, ...]] = []
    left_out: Counter[str] = Counter()
    n_records = len(authors)
    for element in children(channel, "item"):
        item = texts(element)
        comments = [texts(comment) for comment in children(element, "comment")]
        n_records += 1 + len(comments)
        if item["post_type"] not in ("post", "page", "attachment"):
            left_out["not content"] += 1 + len(comments)
            continue
        if item["status"] not in ("publish", "inherit"):
            left_out["not published"] += 1 + len(comments)
            continue
        action = "upload" if item["post_type"] == "attachment" else "create"
        record(events, left_out, action, moment(item, "post"), item["creator"])
        for comment in comments:
            if comment["comment_approved"] != "1":
                left_out["not approved"] += 1
            elif comment.get("comment_type", "") not in ("", "comment"):
                left_out["automatic"] += 1
            else:
                email = comment["comment_author_email"].lower()
                record(events, left_out, "comment", moment(comment, "comment"), by_email.get(email, email))
    return events, left_out, n_records


def record(events: list[tuple[object, ...]], left_out: Counter[str], action: str, at: datetime | None,
           account: str) -> None:
    if at is None:
        left_out["no sure time"] += 1
    else:
        events.append((action, at, account))
