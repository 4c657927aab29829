"""Companies of many small spaces and pages of several kinds, and how their spaces get into staging.

What their figures are is in `space_life`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

import duckdb
import polars as pl

from tests.oracle.company import Account, Company, Coverage, Spell
from tests.oracle.wikis import START, Revision, Wiki, space_of, stage_wiki, wiki_of

VISIBILITIES = ("public",) * 9 + ("private", "unknown")
GAPS = (0, 1, 7, 20, 28, 28, 30, 89, 90, 91, 92, 93, 150, 180, 181, 182, 200)
STYLES = (("full", "namespace"), ("full", "space"), ("bare", "space"), ("chat", "channel"), ("chat", "group"),
          ("chat", "space"), ("blog", "blog"), ("bare", "space"), ("latest", "space"))


@dataclass(frozen=True)
class Place:
    """A row of `dim_space`."""

    space_id: str
    source: tuple[str, str]
    kind: str
    visibility: str = "public"
    created_on: date | None = None
    label: str | None = None


@dataclass(frozen=True, eq=False)
class Places:
    """A company with its changes and its listed spaces; compared by identity."""

    wiki: Wiki
    listed: tuple[Place, ...]

    @property
    def company(self) -> Company:
        """Its accounts, events and coverage."""
        return self.wiki.company


def stage_places(connection: duckdb.DuckDBPyConnection, places: Places) -> None:
    """Replaces what is staged by the company, its changes and its spaces."""
    stage_wiki(connection, places.wiki)
    covered = connection.sql("select platform, workspace, min(file_id) from stg_coverage group by all").fetchall()
    files = {(platform, workspace): file_id for platform, workspace, file_id in covered}
    rows = [
        {
            "file_id": files[one.source], "space_id": one.space_id, "platform": one.source[0],
            "workspace": one.source[1], "kind": one.kind, "visibility": one.visibility,
            "created_at": one.created_on and datetime.combine(one.created_on, time(7)), "is_record": True,
            "member": "", "line": line, "label": one.label,
        }
        for line, one in enumerate(places.listed, 1)
    ]  # fmt: skip
    shape = connection.sql("from stg_space limit 0").pl().schema
    frame = pl.DataFrame([{name: row.get(name) for name in shape} for row in rows], schema=shape)
    connection.register("given", frame)
    connection.execute("insert into stg_space by name select * from given")
    connection.unregister("given")


def invented_places(seed: int) -> Places:
    """One to three sources with up to 28 spaces each, in which people write at times; the same for the same seed."""
    random = Random(seed)
    length = random.choice((130, 420, 640, 640))
    names = [("alpha", "w0"), ("alpha", "w1"), ("beta", "w0")][: random.choice((1, 2, 3, 3))]
    styles = {source: random.choice(STYLES) for source in names}
    accounts = [
        Account(f"{'-'.join(source)}-{i}", *source, kind)
        for source in names for i, kind in enumerate(("human", "human", "external", "bot"))
    ]  # fmt: skip
    listed: list[Place] = []
    revisions: list[Revision] = []
    for source, (_, kind) in styles.items():
        near = [one for one in accounts if (one.platform, one.workspace) == source]
        for i in range(random.choice((6, 28))):
            written = list(_written(random, source, near, f"s{i}", 100 * len(listed), length))
            revisions += written
            days = [one.at.date() for one in written] or [START]
            earlier = min(days) - timedelta(days=random.choice((3, 95, 400)))
            created = random.choice((None, min(days), min(days), earlier))
            own = random.choice(VISIBILITIES)
            ids = {space_of(one) for one in written} or {"-".join((*source, f"s{i}", "pages"))}
            made = random.choice((*[kind] * 9, "personal"))
            new = sorted(ids - {one.space_id for one in listed})
            listed += [Place(one, source, made, own, created) for one in new if random.random() < 0.97]
    coverage = tuple(file for source in names for file in _files(random, source, length))
    last = max(file.last for file in coverage)
    as_of = last + timedelta(days=random.choice((0, 0, 0, -9, 20, 50)))
    numbered = random.sample(range(1, 100_000), len(revisions))
    revised = [replace(one, number=number) for one, number in zip(revisions, numbered, strict=True)]
    spells = [Spell("somebody", START - timedelta(days=300), None, "Ops")] if random.random() < 0.5 else []
    named = {source: style for source, (style, _) in styles.items()}
    return Places(wiki_of(accounts, spells, revised, coverage, named, as_of), tuple(listed))


def _written(
    random: Random, source: tuple[str, str], near: list[Account], space: str, first_page: int, length: int
) -> Iterator[Revision]:
    """One to three pages of a space, now and then one that moves there, or its talk page."""
    for page in range(first_page, first_page + random.choice((0, 1, 1, 2, 3))):
        early = [random.randrange(1, length // 2) for _ in range(4)]
        day = random.choice((-5, 0, 91, 92, random.randrange(length), *early))
        is_talk, begins = random.random() < 0.05, random.random() < 0.9
        gaps, rest = random.choice(((GAPS, 0.12), (GAPS, 0.12), ((7, 20, 28), 0.03)))
        space_before = random.choice((space,) * 9 + ("s0", None))
        state = 0
        while day < length + 5:
            state += random.choice((0, 1, 1, 1))
            who = random.choice([*near, *near[:2], *near[:2]])
            at = datetime.combine(START + timedelta(days=day), time(random.choice((0, 12, 23))))
            yield Revision(source, page, at, 0, who, state, is_talk, begins=begins, space=space_before)
            space_before = space
            if random.random() < rest:
                break
            day += random.choice(gaps)


def _files(random: Random, source: tuple[str, str], length: int) -> list[Coverage]:
    """One file, or two with a gap or an overlap between them."""
    first = START + timedelta(days=random.choice((0, 0, 0, 8)))
    last = START + timedelta(days=length - random.choice((1, 1, 12, 60)))
    if random.random() < 0.7:
        return [Coverage(*source, first, last, random.random() < 0.5)]
    middle = first + timedelta(days=random.randrange((last - first).days))
    after = min(middle + timedelta(days=random.choice((0, 1, 2, 17))), last)
    return [Coverage(*source, first, middle), Coverage(*source, after, last, is_stated=False)]
