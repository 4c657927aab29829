"""What the revisions of a page amount to: creation, null edits, size changes and identity reverts.

Also whether a dump holds the history at all or only the latest revision of each page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from connectors.mediawiki_pages import Page, Record

REVERT_RADIUS: Final = 15
LATEST_ONLY_PAGES: Final = 20


class Revision(NamedTuple):
    """A revision with its time (UTC) and number; sorts into the order in which the page changed."""

    at: datetime
    number: int
    record: Record


class Change(NamedTuple):
    """What one revision did to its page; null where the dump cannot tell."""

    is_first: bool
    is_null: bool
    bytes_delta: int | None
    is_revert: bool | None


_UNKNOWN: Final = Change(False, False, None, None)


def ordered(revisions: Sequence[Revision]) -> tuple[list[Revision], int]:
    """By time and number, and how many revisions are older than their own parent by the clock.

    Imports and turned-back clocks make those; their time is still the best that is known.
    """
    result = sorted(revisions, key=lambda revision: revision[:2])
    places = {str(revision.number): place for place, revision in enumerate(result)}
    return result, sum(places.get(one.record.parent, -1) > place for place, one in enumerate(result))


def missing_parent(revisions: Sequence[Revision]) -> str | None:
    """The revision before the first one, if the dump names it and it is not there: the page did not begin here."""
    parent = revisions[0].record.parent if revisions else ""
    is_there = parent in {"", "0"} or any(parent == str(revision.number) for revision in revisions)
    return None if is_there else parent


def changes(revisions: Sequence[Revision], *, starts: bool = True) -> Iterator[Change]:
    """The change that each revision of one page made; a repeated one changes nothing more.

    `revisions` are in order; unless the page `starts` with them, the first one changed something unknown.
    """
    last_seen: dict[int, int] = {}
    previous: Revision | None = None
    change = Change(True, False, None, None)
    place = -1
    for revision in revisions:
        is_copy = previous is not None and revision[:2] == previous[:2]
        if not is_copy:
            place += 1
            change = _UNKNOWN if place == 0 and not starts else _change(
                revision.record, previous and previous.record, place, last_seen)
            if revision.record.sha1 is not None:
                last_seen[revision.record.sha1] = place
        previous = revision
        yield change


def _change(record: Record, previous: Record | None, place: int, last_seen: dict[int, int]) -> Change:
    if previous is None:
        return Change(True, False, record.bytes, None if record.sha1 is None else False)
    bytes_delta = None if record.bytes is None or previous.bytes is None else record.bytes - previous.bytes
    if record.sha1 is None:
        return Change(False, False, bytes_delta, None)
    distance = place - last_seen.get(record.sha1, -REVERT_RADIUS - 1)
    return Change(False, distance == 1, bytes_delta, 1 < distance <= REVERT_RADIUS)


@dataclass(slots=True)
class Evidence:
    """What the pages seen so far say about the dump: a full history, or only latest revisions."""

    n_pages: int = 0
    n_unlinked: int = 0  # pages whose revisions name parents, none of which is there
    has_second_revision: bool = False

    def add(self, page: Page) -> None:
        """Count one page in."""
        revisions = [record for record in page.records if record.scope == "revision"]
        if not revisions:
            return
        self.n_pages += 1
        numbers = {record.number for record in revisions}
        self.has_second_revision |= len(numbers) > 1
        parents = {record.parent for record in revisions} - {"", "0"}
        self.n_unlinked += bool(parents) and numbers.isdisjoint(parents)

    def has_history(self) -> bool:
        """Whether earlier revisions are there: more than one on some page, and parents mostly present."""
        is_latest_only = not self.has_second_revision and (self.n_pages > LATEST_ONLY_PAGES or self.n_unlinked > 0)
        return not is_latest_only and 2 * self.n_unlinked <= self.n_pages
