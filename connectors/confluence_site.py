"""All content of an export in its place: page, space, versions, and why something is not read.

Only facts are kept in memory, no text. Privacy comes first: content of personal spaces and of restricted pages is
counted as such whatever else it is.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from connectors.confluence_entities import PAGES
from connectors.confluence_items import Item, is_content

REASONS: Final = {
    "personal_space": "of a personal space; not read",
    "restricted_page": "on a page that not everybody in its space may view; not read",
    "draft": "a draft, or on one",
    "deleted": "in the trash, or on a page that is",
    "archived": "archived, or on an archived page",
    "not_current": "not the current or an earlier state of a page",
    "custom_content": "an app's own content, not a page",
    "folder": "a folder, which has no text",
    "template": "a template",
    "space_description": "part of a space's description",
    "no_page": "belongs to a page that this export does not hold; not read",
    "comment_version": "an earlier version of a comment",
    "withdrawn_like": "a like that was taken back",
    "duplicate_object": "an object that stands here twice",
    "duplicate_version": "the same version of a page a second time",
}
"""Why a record is no event, by rule."""
LATEST_ONLY_PAGES: Final = 20
_BY_KIND: Final = {"CustomContentEntityObject": "custom_content", "PageTemplate": "template", "Draft": "draft"}
_MAX_STEPS: Final = 1000
_START: Final = datetime(1, 1, 1)


class Place(NamedTuple):
    """Where an item belongs: its live page and space, and the rule by which it is not read."""

    page: Item | None
    space: int | None
    rule: str | None


@dataclass(slots=True)
class History:
    """The versions of one page, oldest first: `first` created it, unless that version is not there."""

    page: Item
    first: Item | None
    later: list[Item]
    undated: list[Item]
    duplicates: list[Item]


@dataclass(slots=True)
class Site:
    """Everything that the export holds, once it is read."""

    may_read_private: bool
    is_personal: bool = False  # the export is of one personal space
    items: dict[int, Item] = field(default_factory=dict)  # content by id
    others: list[Item] = field(default_factory=list)  # likes, templates, old drafts: numbered on their own
    duplicates: list[Item] = field(default_factory=list)
    personal_spaces: set[int] = field(default_factory=set)
    restricted: set[int] = field(default_factory=set)  # content with a view restriction of its own
    listed: dict[int, int] = field(default_factory=dict)  # historical version: the page that lists it
    _inherited: dict[int, bool] = field(default_factory=dict)

    def add(self, item: Item, versions: Sequence[int]) -> None:
        """Take in an item and the versions that it lists as its own."""
        if not is_content(item):
            self.others.append(item)
            return
        if item.id in self.items:
            self.duplicates.append(item)
            return
        self.items[item.id] = item
        for version in versions:
            if version != item.id:
                self.listed.setdefault(version, item.id)

    def place(self, item: Item) -> Place:
        """Where the item belongs."""
        chain = list(self._chain(item))
        last = chain[-1]
        page = last if last.kind in PAGES and self.original(last) is None else None
        space = next((each.space for each in reversed(chain) if each.space is not None), None)
        return Place(page, space, self._rule(chain, page, space))

    def n_missing_versions(self) -> int:
        """How many versions of pages are listed or counted and are not there."""
        lists: dict[int, int] = defaultdict(int)
        for version, page in self.listed.items():
            lists[page] += version not in self.items
        seen: dict[int, set[int]] = defaultdict(set)
        for item in self.items.values():
            if item.kind in PAGES and (item.status != "draft" or self.original(item) is None):
                seen[self.original(item) or item.id].add(item.version)
        return sum(max(lists[page], max(found) - len(found)) for page, found in seen.items()
                   if page in self.items and self.place(self.items[page]).rule is None)

    def has_history(self) -> bool:
        """Whether earlier versions are there; none at all although many pages were edited means none was exported."""
        is_edited = [item for item in self.items.values() if item.kind in PAGES and item.version > 1]
        return len(is_edited) <= LATEST_ONLY_PAGES or any(self.original(item) for item in is_edited)

    def original(self, item: Item) -> int | None:
        """The live object of which the item is a version or draft, whichever of the two says so."""
        return item.original or self.listed.get(item.id)

    def _chain(self, item: Item) -> Iterator[Item]:
        """The item, then what it is a version of or stands on, up to its page as far as that is there."""
        seen: set[int] = set()
        while True:
            yield item
            is_new = id(item) not in seen
            seen.add(id(item))
            above = self.original(item) if is_content(item) else None
            if above is None and item.kind not in PAGES:
                above = item.container if item.container is not None else item.parent
            following = self.items.get(above) if above is not None and is_new else None
            if following is None or len(seen) > _MAX_STEPS:
                return
            item = following

    def _rule(self, chain: list[Item], page: Item | None, space: int | None) -> str | None:
        if not self.may_read_private:
            if space in self.personal_spaces or (self.is_personal and space is None):
                return "personal_space"
            if any(self._is_restricted(each) for each in chain):
                return "restricted_page"
        if chain[0].is_withdrawn:
            return "withdrawn_like"
        by_state = next((rule for each in chain if (rule := _rule_of_state(each)) is not None), None)
        if by_state is not None:
            return by_state
        if page is None:
            return "space_description" if chain[-1].container_kind == "SpaceDescription" else "no_page"
        is_version = chain[0].kind == "Comment" and self.original(chain[0]) is not None
        return "comment_version" if is_version else "folder" if page.is_folder else None

    def _is_restricted(self, item: Item) -> bool:
        """Whether the item or, for pages, one above it may be viewed by some only."""
        path: list[int] = []
        above: Item | None = item
        while above is not None and above.id not in path and above.id not in self._inherited:
            path.append(above.id)
            if not is_content(above) or above.id in self.restricted:
                break
            above = self.items.get(above.parent) if above.kind == "Page" and above.parent is not None else None
        is_restricted = False
        if above is not None and is_content(above):
            is_restricted = above.id in self.restricted or self._inherited.get(above.id, False)
        if is_content(item):
            self._inherited |= dict.fromkeys(path, is_restricted)
        return is_restricted


def history_of(page: Item, items: Sequence[Item]) -> History:
    """Versions by time; the first one created the page if version 1 is among them."""
    dated = sorted((item for item in items if item.modified is not None),
                   key=lambda item: (item.modified or _START, item.version, item.id))
    undated = [item for item in items if item.modified is None]
    first = next((item for item in undated if item.version == 1), None)
    if first is not None:
        undated = [item for item in undated if item is not first]
    elif any(item.version == 1 for item in dated):
        first, dated = dated[0], dated[1:]
    later: list[Item] = []
    duplicates: list[Item] = []
    seen = {(first.version, first.modified)} if first is not None else set()
    for item in dated:
        key = item.version, item.modified
        (duplicates if key in seen else later).append(item)
        seen.add(key)
    return History(page, first, later, undated, duplicates)


def _rule_of_state(item: Item) -> str | None:
    """The rule against what is no page or not current."""
    if item.kind in _BY_KIND or item.status == "current":
        return _BY_KIND.get(item.kind)
    return item.status if item.status in REASONS else "not_current"
