"""No mutation of any export makes a reader raise anything but a refusal, or lose a record."""

import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.registry import CONNECTORS
from models.problems import ExportRefused, SettingsRefused
from tests.connectors.samples import Sample, find_samples, load

MAX_EXAMPLES = 100
MAX_BYTES = 60_000

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
        assert load(sample, sample.pack(sample.members), tmp_path), name


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
            load(sample, content, tmp_path)
        except (ExportRefused, SettingsRefused):
            pass
        except BaseException as error:
            error.add_note(f"seed {seed}, {sample.file}: {', '.join(done)}")
            raise

    fuzz()


def test_cut_down_samples_are_small(samples: dict[str, Sample]):
    sizes = {name: sum(map(len, sample.members.values())) for name, sample in samples.items()}
    assert {name: size for name, size in sizes.items() if size > MAX_BYTES} == {}


