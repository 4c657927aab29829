"""Yammer's REST answers as JSON files: envelopes of messages, lists of users, what Power Automate saved of them.

Feeds hold what the caller asked for, so nothing follows from what they lack. Items are typed in yammer_rest_items.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from connectors.contract import BATCH_ROWS, Connector, Frame, frame
from connectors.csvtext import RowFault
from connectors.jsontext import BadText, Fault, decode_items
from connectors.settings import SourceSettings
from connectors.source import Member, Source
from connectors.yammer_accounts import Accounts
from connectors.yammer_coverage import Coverage, coverage_of, merged
from connectors.yammer_events import Events
from connectors.yammer_ledger import ORPHANS, DirectTotals, Ledger
from connectors.yammer_messages import Message
from connectors.yammer_rest_items import ITEM, Item, fault_of, lists_in, looks_like_rest, n_items
from connectors.yammer_times import ODDITIES, AmbiguousDateError, Clock
from models.problems import ExportRefused

_HEAD_BYTES: Final = 1 << 16
_UNNAMED: Final = "likes that are counted and whose person is not named; not read"


def detect(source: Source, /) -> str | None:
    """JSON files with Yammer's keys; a folder has to hold nothing else."""
    members = [member for member in source.members if member.name.lower().endswith(".json") or source.kind == "file"]
    if not members or (source.kind == "folder" and len(members) < len(source.members)):
        return None
    if source.kind == "folder" and any("/" in member.name for member in members):
        return None
    try:
        return "yammer-rest" if all(_is_answer(source, member) for member in members) else None
    except ExportRefused:
        return None


def read(source: Source, settings: SourceSettings, /) -> Iterator[Frame]:
    """The frames of one dump; a file that is no JSON refuses it."""
    yield from _Reading(source, settings).frames()


def _is_answer(source: Source, member: Member) -> bool:
    with source.open(member) as stream:
        return looks_like_rest(stream.read(_HEAD_BYTES))


@dataclass(slots=True)
class _Network:
    """What is known of one network: people, senders by message id, private groups."""

    accounts: Accounts
    coverage: Coverage
    senders: dict[int, str] = field(default_factory=dict)
    private_groups: set[int] = field(default_factory=set)


class _Reading:
    """Two passes over all files: people, groups and senders first, then messages."""

    def __init__(self, source: Source, settings: SourceSettings) -> None:
        self._source, self._settings = source, settings
        self._members = [one for one in source.members if source.kind == "file" or one.name.lower().endswith(".json")]
        self._ledger, self._direct, self._clock = Ledger(), DirectTotals(), Clock(settings.zone)
        self._networks: dict[str, _Network] = {}
        self._spaces: list[dict[str, object]] = []
        self._has_likes = False
        self._n_unnamed = self._n_direct = 0

    def frames(self) -> Iterator[Frame]:
        """All frames."""
        for member in self._members:
            for line, item in self._items(member, is_first=True):
                self._learn(item, member.name, line)
        for member in self._members:
            yield from self._messages(member)
        for network in self._networks.values():
            network.accounts.note_shared_addresses(self._ledger.notes, self._members[0].name)
            yield frame("account", network.accounts.rows)
            yield frame("account_identifier", network.accounts.identifiers)
        yield frame("space", self._spaces)
        yield self._direct.frame(self._members[0].name)
        yield from self._ledger.frames(self._members)
        rows = [network.coverage.row(name) for name, network in self._networks.items()]
        yield frame("coverage", merged([row for row in rows if row]))
        yield frame("capability", [{
            "has_reactions": self._has_likes and self._n_unnamed == 0, "has_reading": False,
            "has_direct": self._n_direct > 0, "has_edits": False, "has_history": False,
        }])

    def _items(self, member: Member, *, is_first: bool) -> Iterator[tuple[int, Item]]:
        """The sound items of a file with their place; the first pass counts them and puts the others aside."""
        place = 0
        try:
            for data in lists_in(self._source.read(member)):
                items = decode_items(data, ITEM)
                if is_first:
                    n_read = n_items(data)
                    self._ledger.n_read[member.name] += len(items) if n_read is None else n_read
                for item in items:
                    place += 1
                    if not isinstance(item, Fault):
                        yield place, item
                    elif is_first:
                        self._ledger.put_aside(member.name, place, fault_of(item))
        except BadText as bad:
            raise self._source.refuse(bad.code, bad.what, bad.fix, member=member.name) from bad

    def _network(self, item: Item) -> _Network:
        name = self._settings.workspace or ("network" if item.network_id is None else str(item.network_id))
        if name not in self._networks:
            home = frozenset(domain.casefold() for domain in self._settings.home_domains)
            self._networks[name] = _Network(Accounts(name, home), coverage_of(self._settings, ""))
        return self._networks[name]

    def _learn(self, item: Item, member: str, line: int) -> None:
        """A user or group becomes a row; of a message only the sender is remembered."""
        try:
            if item.is_message:
                if item.id is not None and item.sender_id is not None:
                    self._network(item).senders[item.id] = str(item.sender_id)
            elif item.type == "user":
                self._learn_user(item, member, line)
            elif item.type == "group":
                self._learn_group(item, member, line)
            else:
                self._ledger.exclude(member, "unused_record")
        except RowFault as fault:
            self._ledger.put_aside(member, line, fault)

    def _learn_user(self, item: Item, member: str, line: int) -> None:
        accounts, email = self._network(item).accounts, item.email or None
        kind = "external" if item.guest or item.aad_guest else accounts.kind_of("user", email)
        accounts.add(str(_needed(item.id, "id")), kind, email, member, line, is_record=True,
                     is_deactivated=None if item.state is None else item.state != "active",
                     is_guest=item.aad_guest if item.guest is None else item.guest)

    def _learn_group(self, item: Item, member: str, line: int) -> None:
        network, group = self._network(item), _needed(item.id, "id")
        is_private = item.privacy is not None and item.privacy != "public"
        if is_private:
            network.private_groups.add(group)
            if "private" not in self._settings.include:
                self._ledger.exclude(member, "private_space")
                return
        self._spaces.append({
            "workspace": network.accounts.workspace, "space": str(group), "space_alias": None, "kind": "group",
            "visibility": "private" if is_private else "public",
            "label": None if is_private else item.full_name, "created_at": None, "is_record": True, "member": member,
            "line": line,
        })

    def _messages(self, member: Member) -> Iterator[Frame]:
        events: dict[str, Events] = {}
        for line, item in self._items(member, is_first=False):
            if not item.is_message:
                continue
            network = self._network(item)
            rows = events.setdefault(network.accounts.workspace, Events(network.accounts.workspace, member.name))
            try:
                self._add(item, network, rows, member.name, line)
            except RowFault as fault:
                self._ledger.put_aside(member.name, line, fault)
            except AmbiguousDateError as error:
                what = f"date format is ambiguous in field {error}"
                raise self._source.refuse("PPL-TIM-002", what, "Save the answer as Yammer gives it.",
                                          member=member.name, line=line) from error
            if len(rows) >= BATCH_ROWS:
                yield from rows.frames()
        for rows in events.values():
            yield from rows.frames()

    def _add(self, item: Item, network: _Network, rows: Events, member: str, line: int) -> None:
        message = self._typed(item, member, line)
        network.coverage.see(message.created_at, is_modified=message.deleted_at is not None)
        if item.direct_message:
            self._n_direct += 1
            self._ledger.exclude(member, "direct_message")
            if "direct" in self._settings.include and message.action != "other":
                self._direct.add(network.accounts.workspace, message.created_at, message.sender)
            return
        is_private = item.privacy not in {None, "public"} or item.group_id in network.private_groups
        if is_private and "private" not in self._settings.include:
            self._ledger.exclude(member, "private_space")
            return
        kind = network.accounts.sender_kind(message.sender, message.sender_type, None, member, line)
        target = None if item.replied_to_id is None else network.senders.get(item.replied_to_id)
        rows.add(line, message, kind, target, None)
        if message.thread_id != message.id and (target is None or message.thread_id not in network.senders):
            self._ledger.notes.add(member, "PPL-YAM-001", ORPHANS, line=line)
        if item.liked_by is not None:
            self._has_likes = True
            people = {one.user_id for one in item.liked_by.names if not isinstance(one, str) and one.user_id}
            for person in sorted(people):
                rows.add_like(line, message, str(person),
                              network.accounts.sender_kind(str(person), "user", None, member, line))
            n_unnamed = max(item.liked_by.count - len(people), 0)
            self._n_unnamed += n_unnamed
            self._ledger.notes.add(member, "PPL-YAM-010", _UNNAMED, line=line, n_records=n_unnamed)

    def _typed(self, item: Item, member: str, line: int) -> Message:
        number, sender = _needed(item.id, "id"), _needed(item.sender_id, "sender_id")
        thread = item.thread_id if item.thread_id or item.replied_to_id else number
        deleted_at = self._clock.time(item.deleted_at, "deleted_at") if item.deleted_at else None
        is_system = bool(item.system_message) or item.message_type == "system"
        is_counted = deleted_at is None and not is_system
        created_at = self._clock.time(item.created_at or "", "created_at")
        for rule in self._clock.oddities:
            self._ledger.notes.add(member, rule, ODDITIES[rule], line=line)
        self._clock.oddities.clear()
        return Message(
            number, thread, None if item.replied_to_id is None else str(item.replied_to_id),
            None if item.group_id is None else str(item.group_id), bool(item.direct_message), False, str(sender),
            (item.sender_type or "user").lower(), None,
            "other" if not is_counted else "post" if thread == number else "reply", item.delegate_id is not None,
            created_at, deleted_at,
        )


def _needed(number: int | None, name: str) -> int:
    if number is None or not 0 <= number < 1 << 63:
        raise RowFault("PPL-JSN-010", f"field {name} is missing or of another type")
    return number


CONNECTOR: Final = Connector(
    platform="yammer", variant="rest", version=2, detect=detect, read=read,
    uses=lambda settings: (settings.workspace, settings.window_from, settings.window_to, settings.include,
                           settings.home_domains, settings.zone),
)
