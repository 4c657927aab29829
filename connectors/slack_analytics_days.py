"""Daily files of Slack's analytics API: one JSON object a line, about members, public channels or channel names.

Sound compact lines are decoded by msgspec; all others are read again with a reader that names their fault.
"""

import io
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import IO, Annotated, Final, TypeVar

import msgspec

from connectors.csvtext import RowFault
from connectors.events_fields import read_object
from connectors.slack_analytics_ledger import Rows
from connectors.source import Member, Source
from connectors.streams import HEAD_BYTES, head
from connectors.streams_text import Unpacked, numbered_lines, read_whole, sound

MEMBER_DAYS: Final = "member"
CHANNEL_DAYS: Final = "public_channel"
METADATA: Final = "metadata_only"
DAY_KINDS: Final = {
    MEMBER_DAYS: (b"date", b"user_id", b"is_active", b"messages_posted_count"),
    CHANNEL_DAYS: (b"date", b"channel_id", b"messages_posted_by_members_count", b"members_who_viewed_count"),
    METADATA: (b"date", b"channel_id", b"name", b"topic", b"description"),
}
"""Keys by which a line of each kind is known."""

Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Id = Annotated[str, msgspec.Meta(min_length=1)]
Shape = TypeVar("Shape")
_GZIP: Final = b"\x1f\x8b"
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_KEYS: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Team(msgspec.Struct):
    """Where a channel was made."""

    team_id: str | None = None


class MemberDay(msgspec.Struct):
    """The allowed fields of a member's line."""

    date: str
    user_id: Id
    is_active: bool
    messages_posted_count: Count
    reactions_added_count: Count
    team_id: str | None = None
    enterprise_id: str | None = None
    is_guest: bool | None = None
    email_address: str | None = None
    enterprise_employee_number: str | int | None = None


class ChannelDay(msgspec.Struct):
    """The allowed fields of a channel's line."""

    date: str
    channel_id: Id
    messages_posted_by_members_count: Count
    members_who_viewed_count: Count
    members_who_posted_count: Count
    reactions_added_count: Count
    enterprise_id: str | None = None
    originating_team: Team | None = None
    visibility: str = "public"


_MEMBER: Final = msgspec.json.Decoder(MemberDay)
_CHANNEL: Final = msgspec.json.Decoder(ChannelDay)


def day_kind(source: Source, member: Member) -> str | None:
    """What the first line is about that has the keys of one kind; nothing if none of the first lines has."""
    start = head(source, member)
    if start.startswith(_GZIP):
        with suppress(zlib.error):
            start = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(start, HEAD_BYTES)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start[: len(start) // 2 * 2].decode("utf-16", "replace").encode()
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith(b"{"):
        return None
    for line in start.splitlines():
        for kind, keys in DAY_KINDS.items():
            if all(b'"%b"' % key in line for key in keys):
                return kind
    return None


def read_days(source: Unpacked, member: Member, kind: str, rows: Rows) -> Iterator[None]:
    """Adds the rows of a file, line by line."""
    for number, line in _lines(source, member):
        rows.count()
        try:
            if kind == METADATA:
                _read(line, _KEYS)
                rows.exclude("channel_metadata")
            elif kind == MEMBER_DAYS:
                _add_member(number, _read(line, _MEMBER), rows)
            else:
                _add_channel(number, _read(line, _CHANNEL), rows)
        except RowFault as fault:
            if fault.code == "PPL-EVT-012" and not line.endswith(b"\n"):
                raise source.refuse("PPL-JSN-001", "truncated JSON", "Download the file again; it is damaged.",
                                    member=member.name, line=number) from fault
            rows.put_aside(number, fault.code, fault.what)
        yield


def _add_member(line: int, one: MemberDay, rows: Rows) -> None:
    day, workspace = _day(one.date), _workspace(rows, one.team_id or one.enterprise_id)
    number = one.enterprise_employee_number
    rows.account(line, workspace, one.user_id, is_guest=one.is_guest, email=one.email_address,
                 employee_number=None if number is None else str(number))
    rows.usage(line, workspace=workspace, account=one.user_id, report="member_analytics", is_active=one.is_active,
               period_from=day, period_to=day, reported_on=day, n_posted=one.messages_posted_count,
               n_reacted=one.reactions_added_count)


def _add_channel(line: int, one: ChannelDay, rows: Rows) -> None:
    if one.visibility != "public" and "private" not in rows.settings.include:
        rows.exclude("private_space")
        return
    team = one.originating_team.team_id if one.originating_team else None
    day, workspace = _day(one.date), _workspace(rows, team or one.enterprise_id)
    rows.usage(line, workspace=workspace, space=one.channel_id, report="public_channel_analytics", period_from=day,
               period_to=day, reported_on=day, n_posted=one.messages_posted_by_members_count,
               n_reacted=one.reactions_added_count, n_active_accounts=one.members_who_viewed_count,
               n_posting_accounts=one.members_who_posted_count)


def _workspace(rows: Rows, found: str | None) -> str:
    workspace = rows.settings.workspace or found
    if not workspace:
        raise RowFault("PPL-JSN-010", "field team_id is missing, and enterprise_id too")
    return workspace


def _day(text: str) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise RowFault("PPL-TIM-004", "date is no day that exists")


def _read(line: bytes, decoder: msgspec.json.Decoder[Shape]) -> Shape:
    """A typed line. A repeated key is lost when a line is decoded and encoded again: only then is it shorter."""
    line = line.strip()
    try:
        if len(msgspec.json.encode(_KEYS.decode(line))) == len(line):
            return decoder.decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        pass  # named below
    value = read_object(line)
    try:
        return msgspec.convert(value, decoder.type)
    except (msgspec.ValidationError, UnicodeError) as error:
        found = re.search(r"`(?:\$\.)?([a-z_]+)", str(error))
        raise RowFault("PPL-JSN-010", f"field {found[1] if found else ''} is missing or of another type") from error


def _lines(source: Unpacked, member: Member) -> Iterator[tuple[int, bytes]]:
    with source.open(member) as opened:
        stream = _plain(source, member, opened)
        for number, line in numbered_lines(source, member, stream, "Download it again; it has one record a line."):
            yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line


def _plain(source: Unpacked, member: Member, stream: IO[bytes]) -> IO[bytes]:
    """The stream itself; of a zip's member that is compressed again, what is in it."""
    if source.kind == "zip" and isinstance(stream, io.BufferedReader) and stream.peek(2).startswith(_GZIP):
        packed = io.BytesIO(read_whole(source, member, stream, "Unpack the archive, and put its files in a folder."))
        return sound(packed, source, member)
    return stream
