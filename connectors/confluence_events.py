"""Events from the content of an export, once every item has its place; what is no event is counted or set aside."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from itertools import chain
from typing import Final

from connectors.collected import Collected
from connectors.collected_events import EventBatch, EventRow
from connectors.confluence_entities import PAGES
from connectors.confluence_items import Item
from connectors.confluence_people import People
from connectors.confluence_site import History, Place, Site, history_of
from connectors.confluence_zone import Clock
from connectors.contract import BATCH_ROWS, Frame, number_of
from connectors.csvtext import RowFault
from models.schemas.base import PEOPLE_KINDS

SCOPE: Final = "content"
"""What numbers pages, blog posts and comments: one series of ids for all; a page is its own thread."""


class Writer:
    """Writes the events of one XML export; every item ends as an event, an exclusion or in quarantine."""

    def __init__(self, site: Site, people: People, clock: Clock, keys: Mapping[int, str], ledger: Collected) -> None:
        self._site, self._people, self._clock, self._keys, self._ledger = site, people, clock, keys, ledger
        self.events = EventBatch(ledger.member.name, SCOPE)
        self._has_history = site.has_history()
        self.n_likes = 0
        self.n_unknown_creations = 0

    def frames(self, workspace: str) -> Iterator[Frame]:
        """All events, in batches."""
        self._ledger.exclude("duplicate_object", len(self._site.duplicates))
        versions: dict[int, list[Item]] = defaultdict(list)
        for item in chain(self._site.items.values(), self._site.others):
            place = self._site.place(item)
            if place.rule is not None or place.page is None:
                self._ledger.exclude(place.rule or "no_page")
            elif item.kind in PAGES:
                versions[place.page.id].append(item)
            else:
                self._try(item, place.page, self._key(place))
            yield from self.events.frames(workspace, at_least=BATCH_ROWS)
        for number, items in versions.items():
            page = self._site.items[number]
            self._add_history(history_of(page, items), self._key(self._site.place(page)))
            yield from self.events.frames(workspace, at_least=BATCH_ROWS)
        yield from self.events.frames(workspace)

    def _key(self, place: Place) -> str | None:
        """The key of the space; its id if the export does not describe it."""
        return self._keys.get(place.space, str(place.space)) if place.space is not None else None

    def _try(self, item: Item, page: Item, space: str | None) -> None:
        try:
            at = self._clock.utc(item.created, "creationDate")
            if item.kind == "LikeEntity":
                liked = self._site.items[item.container] if item.container is not None else item
                self._add(item, page, space, ("react:like", liked.id), at=at, action="react", user=item.creator,
                          answers=liked)
                self.n_likes += 1
            elif item.kind == "Comment":
                parent = self._site.items.get(item.parent) if item.parent is not None else None
                self._add(item, page, space, (SCOPE, item.id), at=at, action="comment", user=item.creator,
                          answers=parent or page, target_number=parent.id if parent else None,
                          version_at=self._edited_at(item))
            else:
                number = number_of(f"{self._site.original(item) or item.id}:{item.version}")
                self._add(item, page, space, ("attachment", number), at=at, action="upload", user=item.creator)
        except RowFault as fault:
            self._put_aside(item, fault)

    def _edited_at(self, item: Item) -> datetime | None:
        """When a comment was last edited, if it was and that is known."""
        with suppress(RowFault):
            return self._clock.utc(item.modified, "lastModificationDate") if item.version > 1 else None
        return None

    def _put_aside(self, item: Item, fault: RowFault) -> None:
        self._ledger.put_aside(item.line, fault.code, f"{item.kind}: {fault.what}")

    def _add_history(self, history: History, space: str | None) -> None:
        self._ledger.exclude("duplicate_version", len(history.duplicates))
        self._add_creation(history.page, history.first, space)
        seen: set[int] = set()
        for item in (*history.undated, *history.later):
            try:
                at = self._clock.utc(item.modified, "lastModificationDate")
            except RowFault as fault:
                self._put_aside(item, fault)
                continue
            name = f"{history.page.id}:{item.version}"
            number = number_of(f"{name}:{item.modified}" if item.version in seen else name)
            seen.add(item.version)
            self._add(item, history.page, space, ("revision", number), at=at, action="edit", user=item.modifier,
                      is_work=self._has_history)

    def _add_creation(self, page: Item, first: Item | None, space: str | None) -> None:
        """The creation, also of a page whose first version is not in the export: every version repeats it."""
        item = first or page
        try:
            at = self._clock.utc(page.created or item.created, "creationDate")
        except RowFault as fault:
            self.n_unknown_creations += first is None
            if first is not None:
                self._put_aside(first, fault)
            return
        self._add(item, page, space, (SCOPE, page.id), at=at, action="create", user=page.creator or item.creator,
                  is_record=first is not None)

    def _add(self, item: Item, page: Item, space: str | None, numbered: tuple[str, int], *, at: datetime, action: str,
             user: str | None, answers: Item | None = None, target_number: int | None = None,
             version_at: datetime | None = None, is_record: bool = True, is_work: bool = True) -> None:
        actor = self._people.actor(user)
        self.events.add(EventRow(
            space=space, event_scope=numbered[0], event_number=numbered[1], thread_number=page.id, occurred_at=at,
            action=action, is_contribution=is_work and action != "react" and actor.kind in PEOPLE_KINDS,
            account=actor.account, actor_kind=actor.kind,
            target_account=self._people.actor(answers.creator).account if answers else None,
            target_number=target_number, is_record=is_record, version_at=version_at, line=item.line))
