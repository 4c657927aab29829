"""Content as small facts: who made and last changed which object when, and where it belongs.

Times stay as they are written, without a zone; `confluence_zone` finds the zone when all of the export is known.
"""

import re
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from connectors.confluence_entities import CONTENT, Entity

MAX_ID: Final = 2**63 - 1
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?")


@dataclass(slots=True)
class Item:
    """One object of content; ids are null where it names none."""

    kind: str
    id: int
    line: int
    version: int
    status: str
    original: int | None  # the live object of which this is a version or draft
    container: int | None  # the page of a comment or attachment, the content that is liked
    container_kind: str
    parent: int | None  # of a page: the page above; of a comment: the comment that it answers
    space: int | None
    creator: str | None
    created: datetime | None
    modifier: str | None
    modified: datetime | None
    is_folder: bool = False
    is_withdrawn: bool = False


def item_of(entity: Entity) -> Item | None:
    """The facts of an object; null if it has no id."""
    own = number(entity.key)
    if own is None:
        return None
    texts = entity.texts
    container = entity.reference("containerContent", "owner", "content")
    is_like = entity.kind == "LikeEntity"
    creator = entity.reference("user" if is_like else "creator")
    modifier = entity.reference("lastModifier")
    return Item(
        kind=sys.intern(entity.kind), id=own, line=entity.line,
        version=number(entity.text("version", "attachmentVersion")) or 1,
        status=sys.intern(texts.get("contentStatus", "current").casefold()),
        original=_id(entity, "originalVersion") or number(texts.get("originalVersionId", "")),
        container=number(container.key) if container else None,
        container_kind=sys.intern(container.kind) if container else "",
        parent=_id(entity, "parent"), space=_id(entity, "space"),
        creator=_interned(creator.key if creator else texts.get("userName" if is_like else "creatorName")),
        created=local_time(texts.get("creationDate", "")),
        modifier=_interned(modifier.key if modifier else texts.get("lastModifierName")),
        modified=local_time(texts.get("lastModificationDate", "")),
        is_folder=texts.get("isFolder", "").casefold() == "true",
        is_withdrawn=is_like and texts.get("liked", "").casefold() == "false",
    )


def number(text: str) -> int | None:
    """A positive id or version; null if it is none."""
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    return value if 0 < value <= MAX_ID else None


def local_time(text: str) -> datetime | None:
    """`2024-04-22 16:35:21.231` as it stands; null if there is none or it cannot exist."""
    if not _TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text[:26])
    except ValueError:
        return None


def is_content(item: Item) -> bool:
    """Whether its id is unique among all content."""
    return item.kind in CONTENT


def _id(entity: Entity, name: str) -> int | None:
    reference = entity.references.get(name)
    return number(reference.key) if reference else None


def _interned(text: str | None) -> str | None:
    return sys.intern(text) if text else None
