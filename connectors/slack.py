"""Slack's standard export: a zip or folder with lists of users and channels and one JSON file per channel and day.

Reading order only: where things lie is slack_layout, what a message is slack_messages, its rows are slack_events.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath
from typing import Final, TypeVar

from connectors.contract import BATCH_ROWS, Connector, Frame, frame
from connectors.jsontext import BadText, Fault, Findings, Shape, count_items, decode_items
from connectors.settings import SourceSettings
from connectors.slack_accounts import USER, User, account_row, home_team, identifier_row, kind_of_user
from connectors.slack_direct import DirectTotals
from connectors.slack_events import Events
from connectors.slack_layout import (
    CHANNEL_LISTS,
    CONVERSATION,
    OTHER_LISTS,
    Folder,
    Layout,
    alias_of,
    find_root,
    folder_of,
    lay_out,
    refused_kind,
    scope_of,
    shown_name,
)
from connectors.slack_ledger import Ledger
from connectors.slack_members import OpenExport
from connectors.slack_messages import MESSAGE, Message, describe, describe_item, is_unknown, microseconds, original_of
from connectors.slack_notes import Oddities
from connectors.slack_spaces import RULES, Spaces, is_included
from connectors.source import Member, Source
from models.problems import ExportRefused

T = TypeVar("T")
_REFUSED: Final = {
    "text": ("PPL-SLK-011", "is a text export of one member's conversations, which is not read",
             "Ask for the workspace export as JSON."),
    "dump": ("PPL-SLK-012", "is a dump of Slack's Discovery API, which is not read",
             "Ask for the workspace export as JSON."),
}
_EPOCH: Final = datetime(1970, 1, 1)


def detect(source: Source) -> str | None:
    """A Slack export has a list of channels or users and folders of day files, at its root or one folder below."""
    if source.kind == "file":
        return None
    root = find_root((member.name for member in source.members), is_packed=source.kind == "zip")
    if root is not None:
        return "slack-export"
    kind = refused_kind(member.name for member in source.members)
    return None if kind is None else f"slack-{kind}"


def read(source: Source, settings: SourceSettings) -> Iterator[Frame]:
    """The frames of one export; it is refused as a whole if one of its files cannot be read."""
    root = find_root((member.name for member in source.members), is_packed=source.kind == "zip")
    kind = refused_kind(member.name for member in source.members) if root is None else None
    if kind is not None:
        raise source.refuse(*_REFUSED[kind])
    if root is None:
        raise source.refuse("PPL-FIL-003", "no recognised Slack export", "Check what this archive holds.")
    layout = lay_out(source, root)
    lists = {PurePosixPath(member.name).name for member in layout.lists}
    _require(source, "channels.json", is_there="channels.json" in lists)
    _require(source, "users.json", is_there=bool(layout.users))
    with OpenExport(source) as export:
        yield from _Reading(source, settings, root, layout, export).frames()


def _require(source: Source, name: str, *, is_there: bool) -> None:
    if not is_there:
        code = "PPL-SLK-009" if name == "channels.json" else "PPL-SLK-010"
        raise source.refuse(code, f"required member {name} missing", "Export again and remove no file from the export.")


class _Reading:
    """One pass over one export."""

    def __init__(self, source: Source, settings: SourceSettings, root: str, layout: Layout, export: OpenExport) -> None:
        self._source, self._settings, self._root = source, settings, root
        self._layout, self._export, self._ledger = layout, export, Ledger()
        self._odd = Oddities(self._ledger.notes)
        self._n_kept_out = dict.fromkeys(RULES.values(), 0)

    def frames(self) -> Iterator[Frame]:
        users = [(*place, user) for place, user in self._entries(self._layout.users, USER)]
        workspace = self._workspace([user for _, _, user in users])
        yield frame("account", [account_row(user, workspace, member, line) for member, line, user in users])
        identifiers = (identifier_row(user, workspace) for _, _, user in users)
        yield frame("account_identifier", [row for row in identifiers if row is not None])

        spaces = self._spaces(workspace)
        kinds = {user.id: kind_of_user(user) for _, _, user in users}
        self._direct = DirectTotals(workspace, kinds)
        events = Events(workspace, kinds)
        for (scope, name), members in sorted(self._layout.folders.items()):
            folder = folder_of(name, members, spaces.known.get(scope, {}), may_be_private=scope in spaces.doubtful)
            yield from self._folder(folder, events, spaces)
        yield from events.frames()
        yield frame("space", spaces.rows)
        yield frame("coverage", self._coverage(workspace, events))
        yield frame("capability", [{
            "has_reactions": True, "has_reading": False, "has_edits": True, "has_history": True,
            "has_direct": any(member.name.endswith("dms.json") for member in self._layout.lists),
        }])
        yield self._direct.frame()
        for member in self._layout.others:
            self._count(member, "public", OTHER_LISTS[PurePosixPath(member.name).name])
        self._odd.conclude(
            n_unlisted=events.n_unlisted, n_unlisted_users=len(events.unlisted), n_wrapped=self._layout.n_wrapped,
            n_direct=0 if "direct" in self._settings.include else self._n_kept_out["direct_message"],
            n_private=self._n_kept_out["private_space"])
        for member in self._layout.rest:
            if "/" not in member.name.removeprefix(self._root):
                self._ledger.read(member.name, member, 0)
        yield from self._ledger.frames()

    def _entries(self, members: list[Member], shape: Shape[T]) -> Iterator[tuple[tuple[str, int], T]]:
        for member in members:
            entries = self._decode(member, member.name, shape, is_thorough=True)
            self._ledger.read(member.name, member, len(entries))
            for line, entry in enumerate(entries, 1):
                if isinstance(entry, Fault):
                    self._ledger.quarantine(member.name, line, *describe_item(entry))
                else:
                    yield (member.name, line), entry

    def _decode(self, member: Member, shown: str, shape: Shape[T], *, is_thorough: bool = False) -> list[T | Fault]:
        findings = Findings(is_thorough=is_thorough)
        try:
            items = decode_items(self._export.read(member, shown), shape, findings)
        except BadText as bad:
            raise self._refuse(bad, shown) from bad
        self._odd.add_findings(shown, findings)
        return items

    def _refuse(self, bad: BadText, shown: str) -> ExportRefused:
        return self._source.refuse(bad.code, bad.what, bad.fix, member=shown)

    def _workspace(self, users: list[User]) -> str:
        found = self._settings.workspace or home_team(users)
        if found:
            return found
        for (_, name), members in sorted(self._layout.folders.items()):
            for member in folder_of(name, members, {}).days:
                for message in self._decode(member, member.name, MESSAGE):
                    if isinstance(message, Message) and message.team:
                        return message.team
        return "unknown"

    def _spaces(self, workspace: str) -> Spaces:
        spaces = Spaces(workspace)
        for member in self._layout.lists:
            visibility = CHANNEL_LISTS[PurePosixPath(member.name).name]
            for (shown, line), entry in self._entries([member], CONVERSATION):
                if entry.name and "\0" in entry.name:
                    self._ledger.notes.add(shown, "PPL-TXT-001", "a name holds NUL; taken out of the label", line=line)
                spaces.learn(scope_of(member, self._root), entry, visibility)
                if is_included(visibility, self._settings):
                    spaces.add(entry, visibility, shown, line)
                else:
                    self._ledger.exclude(shown, RULES[visibility], 1)
            if visibility in RULES and self._ledger.has_put_aside(member.name):
                spaces.doubtful.add(scope_of(member, self._root))
        return spaces

    def _folder(self, folder: Folder, events: Events, spaces: Spaces) -> Iterator[Frame]:
        for member in folder.days:
            if (day := _day_of(member)) is not None:
                self._odd.add_file_day(day)
        if not is_included(folder.visibility, self._settings):
            for member in (*folder.days, *folder.others):
                self._keep_out(member, folder)
            return
        self._odd.n_unlisted_folders += folder.space is None and bool(folder.days)
        for member in folder.others:
            is_canvas = PurePosixPath(member.name).name.startswith("canvas")
            self._count(member, folder.visibility, "canvas" if is_canvas else "not_a_day_file")
        events.start_folder()
        earlier_names: set[str] = set()
        for member in folder.days:
            shown = shown_name(member, folder.visibility)
            messages = self._messages(member, shown)
            events.add_member(folder, shown, messages)
            self._odd.add_reactions(shown, n_reactions=events.n_reactions, n_tones=events.n_tones)
            for line in events.without_author:
                self._ledger.notes.add(shown, "PPL-SLK-005", "no author; kept, and nobody's", line=line)
            if len(events) >= BATCH_ROWS:
                yield from events.frames()
            earlier_names.update(alias_of(message.old_name) for _, _, message in messages if message.old_name)
        if folder.space is not None:
            spaces.add_earlier_names(folder.space, earlier_names - {folder.alias})

    def _keep_out(self, member: Member, folder: Folder) -> None:
        """Counts a file of a private conversation, of which at most totals are loaded."""
        rule = RULES[folder.visibility]
        n_records = self._count(member, folder.visibility, rule)
        self._n_kept_out[rule] += n_records
        if member in folder.days and folder.visibility == "direct" and "direct" in self._settings.include:
            items = self._decode(member, shown_name(member, folder.visibility), MESSAGE)
            self._direct.add([item for item in items if isinstance(item, Message)])

    def _count(self, member: Member, visibility: str, rule: str) -> int:
        shown = shown_name(member, visibility)
        data = self._export.read(member, shown)
        try:
            n_records = count_items(data)
        except BadText as bad:
            if rule in RULES.values():
                raise self._refuse(bad, shown) from bad
            n_records = 1  # some other file that strayed into the folder
        self._ledger.read(shown, member, n_records)
        self._ledger.exclude(shown, rule, n_records)
        return n_records

    def _messages(self, member: Member, shown: str) -> list[tuple[int, int, Message]]:
        items = self._decode(member, shown, MESSAGE)
        self._ledger.read(shown, member, len(items))
        messages, stated = [], []
        for line, item in enumerate(items, 1):
            if isinstance(item, Fault):
                self._ledger.quarantine(shown, line, *describe(item))
                continue
            self._odd.n_unknown_subtypes += is_unknown(item)
            original = original_of(item)
            recorded = number = microseconds(item.ts)
            if original is not item:
                number = microseconds(original.ts)
            stated.append(recorded)
            messages.append((line, number, original))
        if (day := _day_of(member)) is not None:
            self._odd.add_day(shown, day, stated)
        return messages

    def _coverage(self, workspace: str, events: Events) -> list[dict[str, object]]:
        stated_from, stated_to = _day(self._settings.window_from), _day(self._settings.window_to)
        first = _utc_day(events.first) if events.first is not None else None
        last = _utc_day(events.last) if events.last is not None else None
        row: dict[str, object] = {
            "workspace": workspace, "covered_from": stated_from or first, "covered_to": stated_to or last,
            "is_stated": stated_from is not None and stated_to is not None,
        }
        return [row] if row["covered_from"] and row["covered_to"] else []


def _made_at(source: Source) -> datetime | None:
    """Not before the end of the newest day file, whose name may be in any zone."""
    days = (_day_of(member) for member in source.members if "/" in member.name)
    newest = max((day for day in days if day is not None and day < date.max), default=None)
    return None if newest is None else datetime(newest.year, newest.month, newest.day) + timedelta(days=1)


def _day_of(member: Member) -> date | None:
    """The day that a file's name states."""
    return _day(member.name.rpartition("/")[2].removesuffix(".json"))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _utc_day(microseconds_since_1970: int) -> date:
    return (_EPOCH + timedelta(microseconds=microseconds_since_1970)).date()


CONNECTOR: Final = Connector(ids_per_space=True,
    platform="slack", version=5, detect=detect, read=read, made_at=_made_at,
    uses=lambda settings: (settings.workspace, settings.window_from, settings.window_to, settings.include),
)
