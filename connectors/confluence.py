"""Confluence's XML exports of a site or of spaces: which exports they are, and their frames.

The XML is `confluence_entities`, the order of content `confluence_site`, time zones `confluence_zone`.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath
from typing import Final

from connectors.collected import Collected, coverage
from connectors.confluence_entities import RECORDS, ROOT, SPACE, USERS, Document, Entity
from connectors.confluence_events import Writer
from connectors.confluence_items import item_of, number
from connectors.confluence_people import People
from connectors.confluence_site import REASONS, Site
from connectors.confluence_spaces import PERSONAL_RULE, Space, is_personal, personal_message, space_of, space_rows
from connectors.confluence_zone import Clock, Evidence, descriptor_of
from connectors.contract import Connector, Frame, frame
from connectors.settings import SourceSettings
from connectors.source import Member, Source
from connectors.xmltext import Sanitised, root_name
from models.problems import ExportRefused

FORMAT: Final = "confluence-xml"
WORKSPACE: Final = "confluence"
"""Name of the wiki unless the settings give one: exports do not say whose they are."""
_ENTITIES: Final = "entities.xml"
_DESCRIPTOR: Final = "exportDescriptor.properties"
_BESIDE: Final = frozenset({_ENTITIES, _DESCRIPTOR, "attachments", "config", "plugin-data", "resources", "thumbnails"})
_HEAD_BYTES: Final = 1 << 16


def detect(source: Source, /) -> str | None:
    """A zip or folder with `entities.xml`, or that file alone, recognised by its root element."""
    entities = _entities(source)
    return FORMAT if entities is not None and _is_export(source, entities) else None


def read(source: Source, settings: SourceSettings, /) -> Iterator[Frame]:
    """Frames of the export; events follow when all of it is read, for an object may precede its page."""
    entities = _entities(source)
    if entities is None:
        raise source.refuse("PPL-FIL-003", "no entities.xml", "Check what it is.")
    reading = _Reading(source, settings, entities)
    reading.run()
    yield from reading.frames()


class _Reading:
    """One pass over the objects, of which small facts are kept."""

    def __init__(self, source: Source, settings: SourceSettings, member: Member) -> None:
        self._source, self._settings, self._member = source, settings, member
        self._workspace = settings.workspace or WORKSPACE
        self._document = Document()
        self._descriptor = _descriptor(source, member)
        self._evidence = Evidence(self._descriptor)
        self._people = People(settings.home_domains)
        self._spaces: dict[int, Space] = {}
        self._site = Site("private" in settings.include, is_personal(self._descriptor.get("spaceKey", "")))
        self._ledger = Collected(member, REASONS)

    def run(self) -> None:
        refuse = partial(self._source.refuse, member=self._member.name)
        with self._source.open(self._member) as raw:
            stream = Sanitised(raw)
            for entities in self._document.read(stream, refuse):
                for entity in entities:
                    self._take(entity)
        self._ledger.note("PPL-XML-007", "characters that XML does not allow; replaced by ?",
                          n_records=stream.n_replaced)

    def _take(self, entity: Entity) -> None:
        if entity.kind in RECORDS:
            if not self._keep(entity):
                self._ledger.put_aside(entity.line, "PPL-WIK-003", f"{entity.kind}: id or key is missing or no number")
            return
        content = entity.reference("owningContent", "content")
        own = number(content.key) if content is not None else None
        if own is None:
            return
        if entity.kind == "ContentProperty":
            self._evidence.add_property(own, entity.text("name"), entity.text("stringValue"))
        elif entity.text("type").casefold() == "view":
            self._site.restricted.add(own)

    def _keep(self, entity: Entity) -> bool:
        """Take a record in; false if it has no id."""
        if entity.kind in USERS:
            return self._people.add(entity)
        if entity.kind == SPACE:
            space = space_of(entity)
            if space is not None and space.is_personal:
                self._site.personal_spaces.add(space.id)
            if space is not None and space.id in self._spaces:
                self._ledger.exclude("duplicate_object")
            elif space is not None:
                self._spaces[space.id] = space
            return space is not None
        item = item_of(entity)
        if item is not None:
            self._site.add(item, [own for text in entity.versions if (own := number(text)) is not None])
        return item is not None

    def frames(self) -> Iterator[Frame]:
        clock, note = self._clock(), self._ledger.note
        keys = {space.id: space.key for space in self._spaces.values()}
        writer = Writer(self._site, self._people, clock, keys, self._ledger)
        yield from writer.frames(self._workspace)
        accounts, identifiers = self._people.rows(self._workspace, self._member.name)
        yield frame("account", accounts)
        yield frame("account_identifier", identifiers)
        yield frame("space", self._space_rows(clock))
        note("PPL-TIM-006", "times that occurred twice as clocks went back; the first is taken",
             n_records=clock.n_doubled)
        note("PPL-WIK-005", "versions of pages are not in the export", n_records=self._site.n_missing_versions())
        note("PPL-WIK-009", "pages whose creation has no known time; not counted", n_records=writer.n_unknown_creations)
        note("PPL-WIK-002", "only latest revisions: no page has an earlier version; edits do not count",
             n_records=not self._site.has_history())
        yield from self._ledger.closing_frames(self._workspace, self._document.n_records)
        yield from coverage({self._workspace: writer.events.days()}, self._settings)
        is_site = self._descriptor.get("exportType") in {"all", "site"} and self._people.has_keys
        yield frame("capability", [{"has_reactions": is_site or writer.n_likes > 0, "has_reading": False,
                                    "has_direct": False, "has_edits": True, "has_history": self._site.has_history()}])

    def _space_rows(self, clock: Clock) -> list[dict[str, object]]:
        """Rows of the spaces that are read; the others are counted."""
        personal = [space for space in self._spaces.values() if space.is_personal]
        is_read = self._site.may_read_private
        self._ledger.note(PERSONAL_RULE, personal_message(is_read=is_read), n_records=len(personal))
        if not is_read:
            self._ledger.exclude("personal_space", len(personal))
        kept = (space for space in self._spaces.values() if is_read or not space.is_personal)
        return list(space_rows(self._workspace, self._member.name, kept, clock))

    def _clock(self) -> Clock:
        self._evidence.header = self._document.header
        self._evidence.is_cloud = self._people.is_cloud
        times = {item.id: [at for at in (item.created, item.modified) if at is not None]
                 for item in self._site.items.values()}
        found = self._evidence.zone(self._settings.zone, times)
        self._ledger.note("PPL-TIM-008", found.note, n_records=bool(found.note))
        return Clock(found.zone)


def _entities(source: Source) -> Member | None:
    """The member to read: directly inside, or in the one folder that encloses all of a zip."""
    if source.kind == "file":
        return source.members[0]
    found = [member for member in source.members if PurePosixPath(member.name).name == _ENTITIES]
    if source.kind == "folder":
        names = {PurePosixPath(member.name).parts[0] for member in source.members}
        is_own = all(name in _BESIDE or name.startswith("AO_") for name in names)
        found = [member for member in found if member.name == _ENTITIES and is_own]
    found = [member for member in found if len(PurePosixPath(member.name).parts) <= 2]
    return found[0] if len(found) == 1 else None


def _is_export(source: Source, member: Member) -> bool:
    try:
        with source.open(member) as stream:
            return root_name(stream.read(_HEAD_BYTES)) == ROOT
    except ExportRefused:
        return source.kind == "zip"  # a damaged archive with this member; reading it says what is wrong


def _descriptor(source: Source, entities: Member) -> dict[str, str]:
    name = str(PurePosixPath(entities.name).with_name(_DESCRIPTOR)) if entities.name else ""
    member = next((each for each in source.members if each.name == name and each.bytes < _HEAD_BYTES), None)
    return descriptor_of(source.read(member).decode("latin-1")) if member is not None else {}


def _uses(settings: SourceSettings) -> object:
    return (settings.workspace, settings.zone, settings.include, settings.home_domains, settings.window_from,
            settings.window_to)


CONNECTOR: Final = Connector(platform="confluence", version=2, detect=detect, read=read, uses=_uses)
