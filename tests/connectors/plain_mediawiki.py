"""A second, slow reader of MediaWiki dumps, written from the format's description to check the connector against.

It shares no code with the connector: the whole document as a tree, rules spelled out one by one.
"""

import bz2
import gzip
import hashlib
import io
import lzma
import re
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import zstandard

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def unpacked(path: Path) -> bytes:
    data = path.read_bytes()
    match path.suffix:
        case ".gz":
            return gzip.decompress(data)
        case ".bz2":
            return bz2.decompress(data)
        case ".xz" | ".lzma":
            return lzma.decompress(data)
        case ".zst":
            return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data), read_across_frames=True).read()
        case _:
            return data


def local(element: ET.Element) -> str:
    return element.tag.split("}")[-1]


def child(element: ET.Element, *names: str) -> ET.Element | None:
    for name in names:
        found = [each for each in element if local(each) == name]
        if not found:
            return None
        element = found[0]
    return element


def text(element: ET.Element, *names: str) -> str:
    found = child(element, *names)
    return "" if found is None else (found.text or "")


def base36(data: bytes) -> str:
    number = int(hashlib.sha1(data).hexdigest(), 16)
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return digits.rjust(31, "0")


def size_and_checksum(revision: ET.Element) -> tuple[int | None, str | None]:
    element = child(revision, "text")
    if element is None:
        return None, text(revision, "sha1") or None
    size = int(element.get("bytes") or -1)  # -1 is how newer dumps write "unknown"
    size = None if size < 0 else size
    stated = child(revision, "sha1")
    checksum = (stated.text if stated is not None else element.get("sha1")) or None
    is_empty_stub = not element.text and (element.get("id") or element.get("location"))
    if element.get("deleted") is None and not is_empty_stub:
        data = (element.text or "").encode()
        size = len(data) if size is None else size
        checksum = base36(data) if stated is None and checksum is None else checksum
    return size, checksum


def moment(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp.strip().replace("Z", "+00:00")).astimezone(UTC).replace(tzinfo=None)


def is_bot(name: str) -> bool:
    return name.endswith("Bot") or re.search(r"(^|[^a-zA-Z0-9])(bot|BOT)$", name) is not None


def read(data: bytes) -> list[dict[str, object]]:
    """Every revision of the document with what it did, in the order of its page."""
    root = ET.fromstring(data)
    names = {text_or_empty(each): each.get("key") for each in root.iter() if local(each) == "namespace"}
    pages = [page for page in root if local(page) == "page"]
    rows = [row for page in pages for row in page_rows(page, names)]
    if not holds_history(rows):
        for row in rows:
            row.update(action="edit", is_contribution=False, bytes_delta=None, is_revert=None)
    return rows


def text_or_empty(element: ET.Element) -> str:
    return (element.text or "").strip()


def page_rows(page: ET.Element, names: dict[str, str | None]) -> list[dict[str, object]]:
    title = text(page, "title")
    prefix = title.split(":")[0] if ":" in title else ""
    space = text(page, "ns") or names.get(prefix) or "0"
    rows = []
    for revision in (each for each in page if local(each) == "revision"):
        size, checksum = size_and_checksum(revision)
        user = text(revision, "contributor", "username")
        is_known = bool(user) and not re.fullmatch(r"\d+\.\d+\.\d+\.\d+", user)
        kind = "bot" if is_bot(user) else "external" if ">" in user else "human"
        rows.append({
            "number": int(text(revision, "id")), "page": int(text(page, "id")), "space": space,
            "at": moment(text(revision, "timestamp")), "account": user if is_known else None,
            "kind": kind if is_known else "unknown", "is_minor": child(revision, "minor") is not None,
            "parent": text(revision, "parentid"), "size": size, "checksum": checksum,
        })
    rows.sort(key=lambda row: (row["at"], row["number"]))
    for place, row in enumerate(rows):
        describe(rows, place, row, is_talk=int(space) > 0 and int(space) % 2 == 1)
    return rows


def begins_later(rows: list[dict[str, object]]) -> bool:
    """The first revision names one before it which is not there: the dump does not hold the page's beginning."""
    return rows[0]["parent"] not in ("", "0", *(str(row["number"]) for row in rows))


def describe(rows: list[dict[str, object]], place: int, row: dict[str, object], *, is_talk: bool) -> None:
    """What the revision did, by comparing it with those before it."""
    row["action"] = "comment" if is_talk else "create" if place == 0 else "edit"
    before = rows[place - 1] if place else None
    size, checksum = row["size"], row["checksum"]
    if before is None:
        row["bytes_delta"] = size
    else:
        row["bytes_delta"] = None if size is None or before["size"] is None else size - before["size"]
    is_null = before is not None and checksum is not None and checksum == before["checksum"]
    row["is_null"] = is_null
    is_cut = place == 0 and begins_later(rows)
    if is_cut:
        row["action"], row["bytes_delta"] = "comment" if is_talk else "edit", None
    row["is_contribution"] = not is_null and row["kind"] in ("human", "external")
    row["is_revert"], row["undone"] = None if checksum is None or is_cut else False, []
    if checksum is not None and not is_null:
        for earlier in range(place - 1, max(place - 16, -1), -1):
            if rows[earlier]["checksum"] == checksum:
                row["is_revert"], row["undone"] = True, rows[earlier + 1 : place]
                break


def holds_history(rows: list[dict[str, object]]) -> bool:
    pages: dict[object, list[dict[str, object]]] = {}
    for row in rows:
        pages.setdefault(row["page"], []).append(row)
    orphaned = 0
    for revisions in pages.values():
        numbers = {str(row["number"]) for row in revisions}
        parents = {row["parent"] for row in revisions if row["parent"] not in ("", "0")}
        orphaned += bool(parents) and not parents & numbers
    if (len(pages) > 20 or orphaned) and all(len(revisions) == 1 for revisions in pages.values()):
        return False
    return orphaned <= len(pages) / 2
