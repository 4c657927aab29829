"""No mutation of any export makes a reader raise anything but a refusal, or lose a record.

Samples are found in data_samples, so a new format joins by itself; each is cut down to a few records first.
"""

import gzip
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.contract import FRAMES, Connector
from connectors.inventory import find_exports
from connectors.registry import CONNECTORS
from connectors.settings import SourceSettings
from connectors.source import Source, open_source
from connectors.source_settling import Clock
from models.problems import ExportRefused, SettingsRefused
from pipelines.config import load_settings

SAMPLES = Path(__file__).resolve().parents[2] / "data_samples"
MAX_EXAMPLES = 100
MAX_ITEMS = 6
MAX_MEMBERS = 12
MAX_BYTES = 60_000
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


def find_samples(tmp: Path) -> dict[str, Sample]:
    """The smallest export of each reader and format in the sample company and the mappings, and those by hand."""
    by_hand = tmp / "by_hand"
    by_hand.mkdir()
    for name, content in BY_HAND.items():
        (by_hand / name).write_bytes(content)
    roots = [SAMPLES / "acme", *sorted(path.parent for path in SAMPLES.glob("mappings/*/turnout.toml")), by_hand]
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
                sample = Sample(one.connector, one.format, Path(one.file).name, choices.for_source(one.file), members,
                                kind)
                found[name] = _cut_down(sample, tmp)
    return found


def _size(path: Path) -> int:
    return path.stat().st_size


def _members(source: Source) -> tuple[str, Members]:
    members = {member.name: source.read(member) for member in source.members}
    if source.kind == "file" and members[""][:2] == b"\x1f\x8b":
        return "gzip", {"": gzip.decompress(members[""])}
    return source.kind, members


def _cut_down(sample: Sample, tmp: Path) -> Sample:
    """The sample with few records if it can still be read, else as it is."""
    kept = [name for name in sample.members if not name.endswith("log.txt")]  # it announces how many records there are
    names = sorted(kept, key=lambda name: (name.count("/"), name))[:MAX_MEMBERS]
    small = {name: _few(name or sample.file, sample.members[name]) for name in names}
    for members in (small, dict(sample.members)):
        shown = Sample(sample.connector, sample.format, sample.file, sample.settings, members, sample.kind)
        try:
            if _load(shown, sample.pack(members), tmp) is not None:
                return shown
        except ExportRefused:
            continue
    raise AssertionError(f"{sample.file} is no valid sample")


def _few(name: str, content: bytes) -> bytes:
    """The first records of a text whose layout its name tells."""
    name = name.lower().removesuffix(".gz")
    if name.endswith(".json") and content.lstrip()[:1] == b"[":
        return json.dumps(json.loads(content)[:MAX_ITEMS]).encode()
    if all(line.startswith(b"{") for line in content.split(b"\n")[:MAX_ITEMS]):
        return b"\n".join(content.split(b"\n")[:MAX_ITEMS])
    if name.endswith(".csv"):
        code = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
        return "".join(content.decode(code).splitlines(keepends=True)[: MAX_ITEMS * 2]).encode(code)
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


def _load(sample: Sample, content: bytes, tmp: Path) -> int | None:
    """Reads the export as a run does: number of records, or null if no reader takes it. Asserts the row equation."""
    path = tmp / sample.file
    path.write_bytes(content or b" ")
    source = open_source(path, sample.file)
    for connector in CONNECTORS:
        connector.detect(source)
    if sample.connector.name != "events" and sample.connector.detect(source) != sample.format:
        return None
    n_read = n_told = 0
    for frame in sample.connector.read(source, sample.settings):
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


TOKENS = [
    b"", b"0", b"-1", b"null", b"NULL", b"true", b'""', b"{}", b"[]", b"1e400", b"NaN", b"9" * 20, b"\\ud800", b"\x00",
    b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3\x28", b"\r", b"\n", b"\r\n", b"\t", b";", b",", b'"', b"'", b"<", b"&amp;",
    b"<!DOCTYPE x>", b"2024-02-30", b"0001-01-01", b"0000-00-00", b"9999-12-31T23:59:59Z", b"12/12/2024", b"=1+1",
    "\u202e".encode(), "\U0001f389".encode(), b"\x1b[31m", b"a" * 3000, "\u0130".encode(), b"9" * 400, b"[" * 500,
]  # fmt: skip
_TOKEN = re.compile(rb'"[^"\n]{0,60}"|[^,;\s<>{}\[\]:"]+')


def _span(chance: Random, content: bytes, longest: int) -> tuple[int, int]:
    start = chance.randrange(len(content) + 1)
    return start, min(len(content), start + chance.randrange(1, longest + 1))


def cut(chance: Random, content: bytes) -> bytes:
    if chance.random() < 0.3:
        return content[: chance.randrange(len(content) + 1)]
    start, end = _span(chance, content, 60)
    return content[:start] + content[end:]


def repeat(chance: Random, content: bytes) -> bytes:
    start, end = _span(chance, content, 400)
    return content[:end] + content[start:end] * chance.choice([1, 1, 2, 20]) + content[end:]


def reorder(chance: Random, content: bytes) -> bytes:
    mark = chance.choice([b"\n", b",", b"}", b"<"])
    pieces = content.split(mark)
    one, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
    pieces[one], pieces[other] = pieces[other], pieces[one]
    return mark.join(pieces)


def retype(chance: Random, content: bytes) -> bytes:
    tokens = list(_TOKEN.finditer(content))
    if not tokens:
        return content + chance.choice(TOKENS)
    start, end = chance.choice(tokens).span()
    return content[:start] + chance.choice(TOKENS) + content[end:]


def insert(chance: Random, content: bytes) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + chance.choice(TOKENS) + content[place:]


def reencode(chance: Random, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    how = chance.choice(["utf-16", "utf-16-le", "utf-8-sig", "latin-1", "cp1252", "utf-32", "utf-7"])
    return text.encode(how, "replace")


def flip(chance: Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randrange(1, 4)):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


MUTATIONS: tuple[Callable[[Random, bytes], bytes], ...] = (cut, repeat, reorder, retype, retype, insert, reencode, flip)


def mutated(sample: Sample, chance: Random) -> tuple[bytes, list[str]]:
    """A changed export and what was done to it: to single members, to the set of members, to the file as a whole."""
    members, done = dict(sample.members), []
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        name = chance.choice(sorted(members))
        mutation = chance.choice(MUTATIONS)
        members[name] = mutation(chance, members[name])
        done.append(f"{mutation.__name__} {name}")
    if sample.kind == "zip" and chance.random() < 0.15:
        name = chance.choice(sorted(members))
        content = members.pop(name)
        if chance.random() < 0.5:
            members[chance.choice(["x/", "a\u0301", "general/", "../", ""]) + name] = content
        done.append(f"move {name}")
    content = sample.pack(members)
    if sample.kind in ("zip", "gzip") and chance.random() < 0.15:
        content = chance.choice([flip, cut])(chance, content)
        done.append("whole file")
    return content, done


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sample]:
    return find_samples(tmp_path_factory.mktemp("samples"))


def test_every_reader_has_a_sample_that_it_reads(samples: dict[str, Sample], tmp_path: Path):
    missing = {one.name for one in CONNECTORS} - {one.connector.name for one in samples.values()}
    assert not missing, f"no sample of {', '.join(sorted(missing))} in data_samples or here"
    for name, sample in samples.items():
        assert _load(sample, sample.pack(sample.members), tmp_path), name


@pytest.mark.parametrize("reader", sorted({one.name for one in CONNECTORS}))
def test_no_mutation_raises_anything_but_a_refusal(reader: str, samples: dict[str, Sample], tmp_path: Path):
    mine = [sample for sample in samples.values() if sample.connector.name == reader]

    @settings(max_examples=MAX_EXAMPLES, deadline=None, derandomize=True, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(seed=st.integers(0, 2**32 - 1))
    def fuzz(seed: int) -> None:
        chance = Random(seed)
        sample = chance.choice(mine)
        content, done = mutated(sample, chance)
        try:
            _load(sample, content, tmp_path)
        except (ExportRefused, SettingsRefused):
            pass
        except BaseException as error:
            error.add_note(f"seed {seed}, {sample.file}: {', '.join(done)}")
            raise

    fuzz()


def test_cut_down_samples_are_small(samples: dict[str, Sample]):
    sizes = {name: sum(map(len, sample.members.values())) for name, sample in samples.items()}
    assert {name: size for name, size in sizes.items() if size > MAX_BYTES} == {}


