"""A small valid export of every format that any reader takes, for tests that change it. No test is here.

Samples are found in data_samples, so a new format joins by itself; each is cut down to a few records first.
"""

import gzip
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from connectors.contract import FRAMES, Connector
from connectors.inventory import find_exports
from connectors.reading import read_export
from connectors.registry import CONNECTORS
from connectors.settings import SourceSettings
from connectors.source import Source, open_source
from connectors.source_settling import Clock
from models.problems import ExportRefused
from pipelines.config import load_settings

SAMPLES = Path(__file__).resolve().parents[2] / "data_samples"
NOW = datetime(2027, 1, 1, 12)
MAX_ITEMS = 6
MAX_MEMBERS = 12
Members = dict[str, bytes]
NO_WAIT = Clock(wait=lambda _: None)

REST = [{
    "id": 101 + n, "sender_id": 11, "replied_to_id": None, "created_at": "2024/01/10 12:00:00 +0000", "network_id": 5,
    "message_type": "update", "sender_type": "user", "url": "https://www.yammer.com/api/v1/messages/1", "group_id": 7,
    "body": {"plain": "x"}, "thread_id": 101, "system_message": False, "direct_message": n == 1, "privacy": "public",
    "liked_by": {"count": 1, "names": [{"user_id": 12, "permalink": "b"}]}} for n in range(3)]  # fmt: skip
CHANGES = [{
    "type": "edit", "ns": 0, "title": "T", "pageid": 1, "revid": 12 + n, "old_revid": 11, "rcid": 100 + n,
    "user": "Ann", "userid": 3, "oldlen": 10, "newlen": 20, "timestamp": "2024-01-02T03:04:05Z", "comment": "c",
    "tags": []}
    for n in range(3)]  # fmt: skip
PAGES = (
    "page_id,instance_url,space_key,page_url,page_type,page_title,page_status,page_content,page_version,creator_id,"
    "last_modifier_id,created_date,updated_date\r\n"
    '10,https://w.example,DEV,x,page,T,current,"one\ntwo",3,u1,u2,2024-03-01T10:00:00Z,2024-03-05T10:00:00Z\r\n'
    "11,https://w.example,DEV,x,blogpost,T,current,x,1,u9,u9,2024-03-02T10:00:00.500Z,2024-03-02T10:00:00Z\r\n"
    "13,https://w.example,DEV,x,page,T,draft,x,1,u1,u1,2024-03-02T10:00:00Z,2024-03-02T10:00:00Z\r\n"
)
USERS = (
    "userPrincipalName,displayName,mail,id,userType,department,accountEnabled,officeLocation\r\n"
    "ann@t.example,Ann,a.lee@t.example,o-1,Member,Sales,True,Oslo\r\n"
    "g#EXT#@t.example,Guest,,o-2,Guest,,True,\r\nbo@t.example,Bo,,o-3,Member,Sales,False,\r\n"
)
BY_HAND: dict[str, bytes] = {
    "messages.json": json.dumps({"messages": REST, "references": [], "meta": {}}).encode(),
    "changes.json": json.dumps({"batchcomplete": True, "query": {"recentchanges": CHANGES}}).encode(),
    "pages_job7_v1_20240401.csv": PAGES.encode(),
    "users.csv": USERS.encode(),
}
"""Formats that the sample company does not use."""


@dataclass(frozen=True)
class Sample:
    """A small valid export: its members as they are read, and how to put them into a file again."""

    connector: Connector
    format: str
    file: str
    path: str
    """Where it lies in its drop folder."""
    settings: SourceSettings
    members: Members
    kind: str

    def pack(self, members: Members) -> bytes:
        """The export with these members."""
        if self.kind == "gzip":
            return gzip.compress(members[""], mtime=0)
        if self.kind != "zip":
            return members[""]
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content)
        return stream.getvalue()


def find_samples(tmp: Path, *, more: Sequence[Path] = (), n_items: int = MAX_ITEMS) -> dict[str, Sample]:
    """The smallest export of each reader and format in the sample company, the mappings, those by hand and `more`.

    Each has about `n_items` records.
    """
    by_hand = tmp / "by_hand"
    by_hand.mkdir()
    for name, content in BY_HAND.items():
        (by_hand / name).write_bytes(content)
    roots = [SAMPLES / "acme", *sorted(path.parent for path in SAMPLES.glob("mappings/*/turnout.toml")), by_hand,
             *more]  # fmt: skip
    found: dict[str, Sample] = {}
    for root in roots:
        choices = load_settings(root)
        exports = find_exports(root, choices.for_source, ignore=choices.not_exports, clock=NO_WAIT)
        for one in sorted((one for one in exports if one.source), key=lambda one: _size(root / one.file)):
            if one.connector is None or one.source is None or one.format is None or one.source.kind == "folder":
                continue
            name = f"{one.connector.name}-{one.format}" + ("" if root.name == "acme" else f"-{root.name}")
            if name not in found:
                kind, members = _members(one.source)
                sample = Sample(one.connector, one.format, Path(one.file).name, one.file,
                                choices.for_source(one.file), members, kind)  # fmt: skip
                found[name] = _cut_down(sample, tmp, n_items)
    return found


def _size(path: Path) -> int:
    return path.stat().st_size


def _members(source: Source) -> tuple[str, Members]:
    members = {member.name: source.read(member) for member in source.members}
    if source.kind == "file" and members[""][:2] == b"\x1f\x8b":
        return "gzip", {"": gzip.decompress(members[""])}
    return source.kind, members


def _cut_down(sample: Sample, tmp: Path, n_items: int) -> Sample:
    """The sample with few records if it can still be read, else as it is."""
    kept = [name for name in sample.members if not name.endswith("log.txt")]  # it announces how many records there are
    names = sorted(kept, key=lambda name: (name.count("/"), name))[:MAX_MEMBERS]
    small = {name: _few(name or sample.file, sample.members[name], n_items) for name in names}
    for members in (small, dict(sample.members)):
        shown = replace(sample, members=members)
        try:
            if load(shown, sample.pack(members), tmp) is not None:
                return shown
        except ExportRefused:
            continue
    raise AssertionError(f"{sample.file} is no valid sample")


def _few(name: str, content: bytes, n_items: int) -> bytes:
    """The first records of a text whose layout its name tells."""
    name = name.lower().removesuffix(".gz")
    if name.endswith(".json") and content.lstrip()[:1] == b"[":
        return json.dumps(json.loads(content)[:n_items]).encode()
    if all(line.startswith(b"{") for line in content.split(b"\n")[:n_items]):
        return b"\n".join(content.split(b"\n")[:n_items])
    if name.endswith(".csv"):
        code = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
        return "".join(content.decode(code).splitlines(keepends=True)[: n_items * 2]).encode(code)
    if name.endswith(".xml"):
        return _few_elements(content)
    return content


def _few_elements(content: bytes) -> bytes:
    """The first of each kind of the elements that dumps are lists of."""
    seen: Counter[bytes] = Counter()

    def keep(match: re.Match[bytes]) -> bytes:
        seen[match[1]] += 1
        return match[0] if seen[match[1]] <= 3 else b""

    for tag in (b"page", b"item", b"object"):
        content = re.sub(rb"<(%s\b(?: class=\"\w+\")?)[^>]*>.*?</%s>\s*" % (tag, tag), keep, content, flags=re.DOTALL)
    return content


def load(sample: Sample, content: bytes, tmp: Path) -> int | None:
    """Reads the export as a run does: number of records, or null if no reader takes it. Asserts the row equation."""
    path = tmp / sample.file
    path.write_bytes(content or b" ")
    source = open_source(path, sample.file)
    for connector in CONNECTORS:
        connector.detect(source)
    if sample.connector.name != "events" and sample.connector.detect(source) != sample.format:
        return None
    n_read = n_told = 0
    for frame in read_export(sample.connector, source, sample.settings, now=NOW):
        rows = frame.rows
        assert dict(rows.schema) == dict(FRAMES[frame.table])
        if frame.table == "part":
            n_read += rows["n_read"].sum()
        elif frame.table in ("event", "account", "space", "person", "usage"):
            n_told += rows["is_record"].sum()
        elif frame.table == "exclusion":
            n_told += rows["n_records"].sum()
        elif frame.table == "quarantine":
            n_told += rows.height
    assert n_read == n_told, f"{n_read} records read, {n_told} told"
    return n_read
