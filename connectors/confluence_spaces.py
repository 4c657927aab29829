"""The spaces of an export. The key of a personal space is a person's name: it is shown nowhere, and nor is a label."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from connectors.confluence_entities import Entity
from connectors.confluence_items import local_time, number
from connectors.confluence_zone import Clock
from connectors.csvtext import RowFault

PERSONAL_RULE: Final = "PPL-PRV-002"


@dataclass(frozen=True, slots=True)
class Space:
    """One space as the export describes it."""

    id: int
    key: str
    name: str
    is_personal: bool
    created: datetime | None
    line: int


def space_of(entity: Entity) -> Space | None:
    """The space; null without id or key."""
    own, key = number(entity.key), entity.text("key")
    if own is None or not key:
        return None
    return Space(own, key, entity.text("name"), is_personal(key, entity.text("spaceType")),
                 local_time(entity.text("creationDate")), entity.line)


def is_personal(key: str, space_type: str = "") -> bool:
    """Whether the space is a person's own."""
    return key.startswith("~") or space_type.casefold() == "personal"


def space_row(workspace: str, key: str, name: str, *, personal: bool) -> dict[str, object]:
    """What the space frame says of any space that is read."""
    return {"workspace": workspace, "space": key, "kind": "personal" if personal else "space",
            "visibility": "private" if personal else "public", "label": None if personal else name or None}


def space_rows(workspace: str, member: str, spaces: Iterable[Space], clock: Clock) -> Iterator[dict[str, object]]:
    """Rows of the listed spaces."""
    for space in spaces:
        try:
            created_at = clock.utc(space.created, "creationDate")
        except RowFault:
            created_at = None
        yield space_row(workspace, space.key, space.name, personal=space.is_personal) | {
            "created_at": created_at, "is_record": True, "member": member, "line": space.line}


def personal_message(*, is_read: bool) -> str:
    """What the note about personal spaces says."""
    what = "read as private ones" if is_read else "not read"
    return f"personal spaces, whose keys name people; {what}, and their keys are shown nowhere"
