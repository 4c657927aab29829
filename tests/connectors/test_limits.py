"""Hostile files are dealt with in seconds and in little memory, whatever they expand to; measured in a child process.

That they are refused with the right words is tested with each reader.
"""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.connectors.packed import PACKERS, joined
from tests.pipelines import tiny

ROOT = Path(__file__).resolve().parents[2]
MEBIBYTE = 1 << 20
MAX_SECONDS = 20
MAX_MEBIBYTES = 512
BACKSTOP_BYTES = 4 << 30
CHILD = """
import json, msgspec, resource, sys, time
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
from connectors.inventory import find_exports
from connectors.settings import SourceSettings
from connectors.source_settling import Clock
from models.problems import ExportRefused
settings = msgspec.json.decode(sys.argv[3], type=SourceSettings)
start, problems, n_read = time.process_time(), [], 0
for one in find_exports(Path(sys.argv[1]), lambda _: settings, ignore=frozenset(), clock=Clock(wait=bool)):
    problems += [str(one.problem)] if one.problem else []
    try:
        for frame in one.connector.read(one.source, settings) if one.status == "recognised" else ():
            n_read += frame.rows["n_read"].sum() if frame.table == "part" else 0
    except ExportRefused as refused:
        problems.append(str(refused.problem))
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(json.dumps([problems, n_read, time.process_time() - start, int(peak.split()[1]) / 1024]))
"""
"""Processor time, because other work on the machine does not count against a reader.

VmHWM is ru_maxrss without the peak of the parent, which Linux hands on through fork and exec.
"""

PEOPLE = [tiny.slack_user("U0ANN", "ann@t.example")]
CHANNELS = [{"id": "C0GENERAL", "name": "general", "created": 1_700_000_000}]
DAY = "general/2025-10-06.json"
HEAD = '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">'
ANALYTICS = ('{"enterprise_id":"E1","team_id":"T1","date":"2026-07-01","user_id":"U1","is_active":true,'
             '"reactions_added_count":2,"messages_posted_count":3}\n')
MAPPED = '{"events":{"match":"*","platform":"p","format":"%s","columns":{"actor":"who","at":"at","action":"act"}}}'
EVENTS = {"ndjson": '{"who":"a","at":"2024-01-01T00:00:00Z","act":"post"}\n', "json": '[{"who":"',
          "csv": "who,at,act\na,2024-01-01T00:00:00Z,post\n"}
YAMMER = "id,thread_id,in_private_group,in_private_conversation,sender_id,api_url,created_at,body\n"
ROW = "1,1,false,false,7,https://www.yammer.com/api/v1/messages/1,2024-01-10T12:00:00Z,"


def slack(drop: Path, *parts: str) -> None:
    """An unpacked Slack export with one message whose fields are these parts."""
    (drop / "general").mkdir()
    (drop / "users.json").write_text(json.dumps(PEOPLE), encoding="utf-8")
    (drop / "channels.json").write_text(json.dumps(CHANNELS), encoding="utf-8")
    with (drop / DAY).open("w", encoding="utf-8") as stream:
        stream.write('[{"type":"message","user":"U0ANN","ts":"1759752000.000100",')
        stream.writelines(parts)
        stream.write("}]")


def zipped(drop: Path, content: bytes, *, method: int) -> None:
    with zipfile.ZipFile(drop / "bad.zip", "w", method) as archive:
        archive.writestr("users.json", json.dumps(PEOPLE))
        archive.writestr("channels.json", json.dumps(CHANNELS))
        with archive.open(DAY, "w", force_zip64=True) as member:
            for _ in range(100):
                member.write(content)


def crowded(drop: Path, name: str) -> None:
    zipped(drop, b"", method=zipfile.ZIP_STORED)
    with zipfile.ZipFile(drop / "bad.zip", "a") as archive:
        for number in range(100_000):
            archive.writestr(zipfile.ZipInfo(name.format(number)), b"")


def text(drop: Path, name: str, *parts: str) -> None:
    with (drop / name).open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(parts)


def laughs() -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE mediawiki [<!ENTITY l0 "ha">{entities}]>{HEAD}<siteinfo><sitename>&l9;</sitename></siteinfo>'


def revision(content: str) -> str:
    return (f"{HEAD}<page><title>T</title><ns>0</ns><id>1</id><revision><id>2</id><timestamp>2024-01-01T00:00:00Z"
            f"</timestamp><contributor><username>A</username><id>7</id></contributor>{content}")  # fmt: skip


CLOSED = "</revision></page></mediawiki>"
MANY = "a" * (100 * MEBIBYTE)


@dataclass(frozen=True)
class Hostile:
    """How to write the file, what is said of it (empty: nothing) and how many records are read of it."""

    write: Callable[[Path], None]
    says: str = ""
    n_read: int = 0
    settings: str = "{}"


ARCHIVES = {
    "B006-deflate": Hostile(lambda d: zipped(d, bytes(MEBIBYTE), method=zipfile.ZIP_DEFLATED), "PPL-ZIP-004 .*!"),
    "B006-bzip2": Hostile(lambda d: zipped(d, bytes(MEBIBYTE), method=zipfile.ZIP_BZIP2), "PPL-ZIP-004 .*!"),
    "B006-lzma": Hostile(lambda d: zipped(d, bytes(MEBIBYTE), method=zipfile.ZIP_LZMA), "PPL-ZIP-004 .*!"),
    "B009": Hostile(lambda d: crowded(d, "general/x{}.json"), "PPL-JSN-001 "),
}
JSON = {
    "B027-list": Hostile(lambda d: slack(d, '"a":', "[" * MEBIBYTE), "PPL-JSN-00[13] "),
    "B027-object": Hostile(lambda d: slack(d, '"a":', '{"a":' * MEBIBYTE), "PPL-JSN-00[13] "),
    "B027-whole": Hostile(lambda d: slack(d, '"a":', "[" * MEBIBYTE, "]" * MEBIBYTE), "PPL-JSN-003 "),
    "B030": Hostile(lambda d: slack(d, '"a":', "9" * 5000), "PPL-JSN-006 "),
    "B030-million": Hostile(lambda d: slack(d, '"thread_ts":', "9" * MEBIBYTE), "PPL-JSN-006 "),
    "B051": Hostile(lambda d: slack(d, ",".join(f'"key{n}":{n}' for n in range(20_000))), n_read=3),
    "B054": Hostile(lambda d: slack(d, '"text":"', MANY, '"'), n_read=3),
    "B054-key": Hostile(lambda d: slack(d, '"', MANY, '":1'), n_read=3),
}
XML = {
    "B088": Hostile(lambda d: text(d, "bad.xml", laughs()), "PPL-XML-001 "),
    "B089-deep": Hostile(lambda d: text(d, "bad.xml", HEAD, "<a>" * MEBIBYTE), "PPL-XML-002 "),
    "attribute": Hostile(lambda d: text(d, "bad.xml", HEAD, '<page a="', MANY, '"/>'), "PPL-XML-003 "),
    "name": Hostile(lambda d: text(d, "bad.xml", HEAD, "<", MANY, "/>"), "PPL-XML-003 "),
    "comment": Hostile(lambda d: text(d, "bad.xml", HEAD, "<!--", MANY, "-->"), "PPL-XML-003 "),
    "title": Hostile(lambda d: text(d, "bad.xml", HEAD, "<page><title>", MANY, "</title>"), "PPL-XML-003 "),
    "page": Hostile(lambda d: text(d, "bad.xml", revision("<text>"), MANY, "</text>", CLOSED), n_read=1),
}
CSV = {
    "B071": Hostile(lambda d: text(d, "Messages.csv", YAMMER, ROW, MANY[: 5 * MEBIBYTE], "\n"), n_read=1),
    "B071-large": Hostile(lambda d: text(d, "Messages.csv", YAMMER, ROW, MANY, "\n"), "PPL-CSV-011 "),
    "B057": Hostile(lambda d: text(d, "Messages.csv", YAMMER, ROW, '"', MANY), "PPL-CSV-002 "),
    "header": Hostile(lambda d: text(d, "r.csv", "PersonId,Organization", ",x" * MEBIBYTE, "\na,b\n"), "PPL-CSV-00. "),
    "line": Hostile(lambda d: text(d, "r.csv", "PersonId,Organization\n", "a,b,", "," * (20 * MEBIBYTE)), n_read=1),
    "roster": Hostile(lambda d: text(d, "r.csv", "PersonId,Organization,x\na,b,", MANY, "\n"), "PPL-CSV-011 "),
}


def bomb(drop: Path, head: str, packing: str, *, filler: bytes = b"\0", ends: str = "") -> None:
    """A gibibyte of filler behind a sound start, in 16 pieces that are packed once."""
    content = joined(packing, (head.encode(), 1), (filler * ((64 << 20) // len(filler)), 16), (ends.encode(), 1))
    (drop / f"bad.{packing}").write_bytes(content)


def zipped_again(drop: Path) -> None:
    """A day of Slack's figures that is compressed once more inside a zip of such days."""
    bomb(drop, ANALYTICS, "gz")
    with zipfile.ZipFile(drop / "bad.zip", "w") as archive:
        archive.write(drop / "bad.gz", "day.json.gz")
    (drop / "bad.gz").unlink()


LINES = (ANALYTICS * 500).encode()
LONE = {
    f"{name}-{packing}": Hostile(partial(bomb, head=head, packing=packing), r"PPL-ZIP-004 bad\.\w+: expands.*ratio \d+")
    for packing in (*PACKERS, "7z") for name, head in {"wiki": revision("<text>"), "slack-analytics": ANALYTICS}.items()
} | {
    f"events-{form}-{packing}": Hostile(partial(bomb, head=head, packing=packing), r"PPL-ZIP-004 bad\.\w+: expands",
                                        settings=MAPPED % form)
    for packing in (*PACKERS, "7z") for form, head in EVENTS.items()
} | {
    "blank-lines": Hostile(partial(bomb, head=ANALYTICS, packing="xz", filler=b"\n"), "PPL-ZIP-004 "),
    "sound-lines": Hostile(partial(bomb, head=ANALYTICS, packing="zst", filler=LINES), "PPL-ZIP-004 "),
    "sound-end": Hostile(partial(bomb, head=revision("<text>"), packing="gz", ends=f"</text>{CLOSED}"), "PPL-ZIP-004 "),
    "zipped-again": Hostile(zipped_again, r"PPL-ZIP-004 bad\.zip!day\.json\.gz: "),
}
HOSTILE = ARCHIVES | JSON | XML | CSV | LONE


@pytest.mark.parametrize("row", HOSTILE)
def test_hostile_file_takes_seconds_and_little_memory(row: str, tmp_path: Path):
    hostile = HOSTILE[row]
    hostile.write(tmp_path)
    done = subprocess.run([sys.executable, "-c", CHILD, tmp_path, str(BACKSTOP_BYTES), hostile.settings],
                          cwd=ROOT, check=False, capture_output=True, text=True, timeout=MAX_SECONDS * 4)  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    problems, n_read, seconds, mebibytes = json.loads(done.stdout)
    assert len(problems) == bool(hostile.says), problems
    assert all(re.match(hostile.says, problem) and len(problem) < 500 for problem in problems), problems
    assert n_read == hostile.n_read
    assert seconds < MAX_SECONDS
    assert mebibytes < MAX_MEBIBYTES
