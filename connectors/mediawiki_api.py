"""Saved answers of MediaWiki's Action API: all revisions, revisions of pages, and recent changes.

Recent changes reach back some weeks and are never a history. A dump that holds the same revision counts before them.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Final

import msgspec

from connectors.collected import Collected, coverage
from connectors.contract import Connector, Frame, frame
from connectors.instants import utc_time
from connectors.jsontext import BadText
from connectors.mediawiki_answers import Answers, Item, is_set, read_answers
from connectors.mediawiki_people import Contributor, contributor
from connectors.mediawiki_rows import PEOPLES_LOGS, is_talk
from connectors.settings import SourceSettings
from connectors.source import Member, Source
from connectors.streams import documents, head
from connectors.streams_text import read_whole, unpacked
from models.schemas.base import PEOPLE_KINDS

REASONS: Final = {"automatic_change": "written by the wiki itself: categories, changes elsewhere"}
_ANSWER: Final = re.compile(rb'"query"\s*:\s*\{')
_ITEMS: Final = re.compile(
    rb'"(?:recentchanges|allrevisions)"\s*:\s*\[|"pages"\s*:(?=.*"revisions"\s*:\s*\[)', re.DOTALL)
_KINDS: Final = {"new": "create", "edit": "edit"}


def detect(source: Source, /) -> str | None:
    """A lone file, or a zip all of whose .json members are answers with changes or revisions."""
    members = documents(source, ".json")
    return "mediawiki-api-json" if members and all(_is_answer(source, member) for member in members) else None


def read(source: Source, settings: SourceSettings, /) -> Iterator[Frame]:
    """Frames of all files of the export."""
    days: dict[str, set[date]] = {}
    has_history = True
    for member in documents(source, ".json"):
        with unpacked(source).open(member) as stream:
            data = read_whole(source, member, stream, "Save the answers in several files.")
        try:
            answers = read_answers(data)
        except BadText as bad:
            raise source.refuse(bad.code, bad.what, bad.fix, member=member.name) from bad
        part = _Part(member, answers)
        workspace = settings.workspace or answers.wiki or "wiki"
        yield from part.frames(workspace)
        has_history = has_history and part.has_history
        days.setdefault(workspace, set()).update(part.rows.days)
    if has_history:
        yield from coverage(days, settings)
    yield frame("capability", [{"has_reactions": False, "has_reading": False, "has_direct": False, "has_edits": True,
                                "has_history": has_history}])


class _Part:
    """One file. Revisions are compared with their parents, as far as these are in it."""

    def __init__(self, member: Member, answers: Answers) -> None:
        self.rows = Collected(member, REASONS)
        self._answers = answers
        self._states: dict[int, Item] = {}
        self._told: set[str] = set()
        self._spaces: set[str] = set()
        self._n_hidden = self._n_read = self._n_recent = self._n_parents = 0

    @property
    def has_history(self) -> bool:
        """Whether all came from revisions whose parents are mostly there; known at the end."""
        return self._n_recent == 0 and 2 * self._n_parents >= sum(bool(one.parentid) for one in self._states.values())

    def frames(self, workspace: str) -> Iterator[Frame]:
        """All rows of the file."""
        revisions = list(self._items(self._answers.revisions()))
        self._states = {item.revid: item for _, item in revisions}
        self._n_parents = sum(item.parentid in self._states for item in self._states.values())
        for line, item in revisions:
            self._add_revision(line, item)
            if self.rows.is_full:
                yield from self.rows.frames(workspace)
        for line, item in self._items(self._answers.recent_changes()):
            self._n_recent += 1
            self._add_change(line, item)
            if self.rows.is_full:
                yield from self.rows.frames(workspace)
        for space in sorted(self._spaces):
            self.rows.add("space", space=space, kind="namespace", label="(main)" if space == "0" else None)
        note = partial(self.rows.add, "note")
        if self._n_hidden:
            note(rule="PPL-WIK-001", message="hidden or missing contributors; nobody is counted for them",
                 n_records=self._n_hidden)
        if self._n_recent:
            note(rule="PPL-WIK-006", message="recent changes reach back some weeks only; no history",
                 n_records=self._n_recent)
        if self._answers.continues:
            note(rule="PPL-WIK-007", message="the last answer says that more follow; they are missing")
        yield from self.rows.closing_frames(workspace, self._n_read)

    def _items(self, found: Iterator[object]) -> Iterator[tuple[int, Item]]:
        for one in found:
            self._n_read += 1
            try:
                yield self._n_read, msgspec.convert(one, Item)
            except msgspec.ValidationError:
                self.rows.put_aside(self._n_read, "PPL-JSN-010", "item with a field of another type")

    def _add_revision(self, line: int, item: Item) -> None:
        parent = self._states.get(item.parentid or 0)
        is_first = item.parentid == 0
        is_null = parent is not None and item.sha1 is not None and item.sha1 == parent.sha1
        before = 0 if is_first else None if parent is None else parent.size
        self._add(line, item, "create" if is_first else "edit", _delta(before, item.size), is_work=not is_null)

    def _add_change(self, line: int, item: Item) -> None:
        if item.type == "log":
            self._add(line, item, "other" if item.logtype in PEOPLES_LOGS else "admin", None, is_work=False)
        elif item.type in _KINDS:
            self._add(line, item, _KINDS[item.type], _delta(item.oldlen, item.newlen), is_work=True)
        else:
            self.rows.exclude("automatic_change")

    def _add(self, line: int, item: Item, action: str, bytes_delta: int | None, *, is_work: bool) -> None:
        """A log item stands outside pages, as it does in dumps."""
        at, is_log = utc_time(item.timestamp), item.type == "log"
        number, space = (item.logid, None) if is_log else (item.revid, str(item.ns))
        if at is None or number <= 0:
            code, what = ("PPL-TIM-004", "time with its zone") if at is None else ("PPL-WIK-003", "id")
            self.rows.put_aside(line, code, f"item without {what}")
            return
        who = self._contributor(item)
        if space is not None:
            self._spaces.add(space)
            action = "comment" if is_talk(space) else action
        self.rows.add(
            "event", space=space, event_scope="log" if is_log else "revision", event_number=number,
            thread_scope="page", thread_number=None if is_log or item.pageid <= 0 else item.pageid, occurred_at=at,
            action=action, is_contribution=is_work and who.kind in PEOPLE_KINDS, account=who.account,
            actor_kind=who.kind, bytes_delta=bytes_delta, is_minor=None if is_log else is_set(item.minor),
            version_at=at, line=line)

    def _contributor(self, item: Item) -> Contributor:
        self._n_hidden += item.user is None
        who = contributor(item.user)
        if is_set(item.bot) and who.account is not None:
            who = Contributor(who.account, "bot")
        if who.account is not None and who.account not in self._told:
            self._told.add(who.account)
            self.rows.add("account", account=who.account, kind=who.kind, is_record=False)
            if who.kind in {"human", "bot"}:
                self.rows.add("account_identifier", account=who.account, kind="login", identifier=who.account)
        return who


def _is_answer(source: Source, member: Member) -> bool:
    start = head(source, member).removeprefix(b"\xef\xbb\xbf").lstrip()
    return start[:1] in {b"{", b"["} and _ANSWER.search(start) is not None and _ITEMS.search(start) is not None


def _delta(before: int | None, after: int | None) -> int | None:
    return None if before is None or after is None else after - before


CONNECTOR: Final = Connector(
    platform="mediawiki", variant="api", version=2, detect=detect, read=read,
    uses=lambda settings: (settings.workspace, settings.window_from, settings.window_to))
