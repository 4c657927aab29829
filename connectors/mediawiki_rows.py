"""Rows of the typed frames from the pages of a dump: events, accounts, namespaces and faulty records."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from connectors.collected_events import EventBatch, EventRow
from connectors.contract import Frame, frame
from connectors.csvtext import Notes
from connectors.instants import utc_time
from connectors.mediawiki_history import Change, Revision, changes, missing_parent, ordered
from connectors.mediawiki_pages import Page, Record, Site
from connectors.mediawiki_people import Contributor, contributor
from models.schemas.base import PEOPLE_KINDS

_NO_CHANGE: Final = Change(False, False, None, None)
_MAX_NUMBER: Final = 2**63 - 1
_DISCUSSIONS: Final = frozenset({"90", "1200", "2600"})
"""Threads of LiquidThreads, message walls and Flow topics: talk, though their numbers are even."""
PEOPLES_LOGS: Final = frozenset({"create", "massmessage", "move", "newusers", "pagetranslation", "patrol", "review",
                                 "thanks", "upload"})
"""Logs of what anybody may do; all others are of administrators."""


@dataclass(slots=True)
class Seen:
    """What the documents of one export have in common."""

    told: set[tuple[str, str, str]] = field(default_factory=set)
    """Accounts and spaces that have their row."""
    first: dict[tuple[str, int], int] = field(default_factory=dict)
    """The revision with which a page begins, for pages that are split over documents."""
    last: set[tuple[str, str]] = field(default_factory=set)
    """With which revisions pages end."""
    missing: dict[tuple[str, str], str] = field(default_factory=dict)
    """Members with pages that begin after a revision which is not with them."""
    notes: Notes = field(default_factory=Notes)


class Rows:
    """Collects the rows of one document; `frames` hands over and forgets what has come together."""

    def __init__(self, member: str, site: Site, workspace: str | None, seen: Seen) -> None:
        self._member, self._site, self._workspace = member, site, workspace
        self._seen = seen
        self._events = EventBatch(member, "page")
        self._accounts: list[Contributor] = []
        self._quarantine: list[dict[str, object]] = []
        self._people: dict[str | None, Contributor] = {}
        self._spaces: set[str] = set()

    def __len__(self) -> int:
        return len(self._events)

    @property
    def workspace(self) -> str:
        """The wiki to which the rows belong."""
        return self._workspace or self._site.workspace()

    def add(self, page: Page, *, has_history: bool) -> None:
        """The rows of one page; in a dump without history nothing can be said about what its revisions did."""
        number = _number(page.number)
        space = self._site.namespace_of(page)
        revisions = []
        for record in page.records:
            at, own = utc_time(record.time), _number(record.number)
            if at is None:
                self._put_aside(record, "PPL-TIM-004", "time is missing or not an ISO time with its zone")
            elif record.scope == "upload":
                upload = Revision(at, _upload_number(at, number), record)
                self._add_event(upload, "upload", _NO_CHANGE, (space, number))
            elif own is None:
                self._put_aside(record, "PPL-WIK-003", "id is missing or not a number")
            elif record.scope == "log":  # stands outside pages
                action = "other" if record.kind in PEOPLES_LOGS else "admin"
                self._add_event(Revision(at, own, record), action, _NO_CHANGE, (None, None))
            else:
                revisions.append(Revision(at, own, record))
        if has_history:
            self._add_history(revisions, (space, number), is_thread=page.is_thread)
            return
        self._note("PPL-WIK-002", "only latest revisions: pages without history; no contributions", bool(revisions))
        for revision in revisions:  # an old state: any other export knows more
            self._add_event(revision, "edit", _NO_CHANGE, (space, number), is_work=False, version_at=revision.at)

    def _add_history(self, revisions: list[Revision], place: tuple[str, int | None], *, is_thread: bool) -> None:
        revisions, n_reversed = ordered(revisions)
        self._note("PPL-TIM-007", "revisions older than the one they changed; order by time", n_reversed)
        starts = self._starts(revisions, place[1])
        for revision, change in zip(revisions, changes(revisions, starts=starts), strict=True):
            action = _action(place[0], change, is_thread=is_thread)
            self._add_event(revision, action, change, place, is_work=not change.is_null)

    def _starts(self, revisions: list[Revision], page: int | None) -> bool:
        """Whether the page begins with these revisions: not if a part before has some, or the first has a parent."""
        if not revisions or page is None:
            return True
        self._seen.last.add((self.workspace, str(revisions[-1].number)))
        if (parent := missing_parent(revisions)) is not None:
            self._seen.missing[self.workspace, parent] = self._member
            return False
        first = revisions[0].number
        return self._seen.first.setdefault((self.workspace, page), first) == first

    def _note(self, rule: str, message: str, n_records: int) -> None:
        self._seen.notes.add(self._member, rule, message, n_records=n_records)

    def _add_event(self, revision: Revision, action: str, change: Change, place: tuple[str | None, int | None],
                   *, is_work: bool | None = None, version_at: datetime | None = None) -> None:
        at, number, record = revision
        who = self._contributor(record.user)
        if record.is_hidden:
            self._note("PPL-WIK-001", "hidden or missing contributors; nobody is counted for them", 1)
        is_work = action == "upload" if is_work is None else is_work
        if place[0] is not None:
            self._spaces.add(place[0])
        self._events.add(EventRow(
            space=place[0], event_scope=record.scope, event_number=number, thread_number=place[1], occurred_at=at,
            action=action, is_contribution=is_work and who.kind in PEOPLE_KINDS, account=who.account,
            actor_kind=who.kind, bytes_delta=change.bytes_delta, is_revert=change.is_revert,
            is_minor=record.is_minor if record.scope == "revision" else None, version_at=version_at,
            line=record.line,
        ), is_activity=record.scope != "log")

    def _contributor(self, name: str | None) -> Contributor:
        who = self._people.get(name)
        if who is None:
            who = self._people[name] = contributor(name)
            if who.account is not None and self._is_new("account", who.account):
                self._accounts.append(who)
        return who

    def _is_new(self, table: str, identifier: str) -> bool:
        key = (table, self.workspace, identifier)
        is_new = key not in self._seen.told
        self._seen.told.add(key)
        return is_new

    def _put_aside(self, record: Record, rule: str, what: str) -> None:
        message = f"{record.scope}: {what}; it was not loaded"
        self._quarantine.append({"member": self._member, "line": record.line, "rule": rule, "message": message})

    def frames(self) -> Iterator[Frame]:
        """Frames of the rows collected since the last call."""
        yield from self._events.frames(self.workspace)
        if self._accounts:
            yield frame("account", [self._account(who) for who in self._accounts])
            named = [who.account for who in self._accounts if who.kind in {"human", "bot"}]
            yield frame("account_identifier", [
                {"workspace": self.workspace, "account": name, "kind": kind, "identifier": name}
                for name in named for kind in ("login", "email") if kind == "login" or "@" in str(name)])
        if self._quarantine:
            yield frame("quarantine", self._quarantine)
        self._accounts, self._quarantine = [], []

    def _account(self, who: Contributor) -> dict[str, object]:
        return {"workspace": self.workspace, "account": who.account, "kind": who.kind, "is_guest": None,
                "is_deactivated": None, "is_record": False, "member": self._member}

    def closing_frames(self) -> Iterator[Frame]:
        """The namespaces that the document declares or uses; -1 and -2 are virtual and hold no pages."""
        names = self._site.namespaces | dict.fromkeys(self._spaces - set(self._site.namespaces), "")
        keys = sorted((key for key in names if not key.startswith("-")), key=lambda key: (len(key), key))
        rows: list[dict[str, object]] = [
            {"workspace": self.workspace, "space": key, "kind": "namespace", "visibility": "public", "is_record": False,
             "label": "(main)" if key == "0" else names[key] or None, "member": self._member}
            for key in keys if key and self._is_new("space", key)]
        if rows:
            yield frame("space", rows)

    def days(self) -> list[date]:
        """First and last day with a revision or upload (UTC)."""
        return self._events.days()


def is_talk(space: str) -> bool:
    """Pages of odd namespaces are talk about the page of the namespace before."""
    return space in _DISCUSSIONS or (space.isascii() and space.isdigit() and int(space) % 2 == 1)


def _action(space: str, change: Change, *, is_thread: bool) -> str:
    return "comment" if is_thread or is_talk(space) else "create" if change.is_first else "edit"


def _number(text: str) -> int | None:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
    return number if number is not None and number <= _MAX_NUMBER else None


def _upload_number(at: datetime, page: int | None) -> int:
    """Uploads have no id: their second and page tell them apart, the same in every dump."""
    seconds = int((at - datetime(1970, 1, 1)).total_seconds())
    return ((seconds % 2**33) << 29) + (page or 0) % 2**29
