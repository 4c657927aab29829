"""The connector against real dumps and an independent reader, which need the data that lie beside the checkout."""

import runpy
from collections import defaultdict
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from connectors import mediawiki, mediawiki_api
from connectors.settings import SourceSettings
from connectors.source import open_source
from models.problems import ExportRefused
from tests.connectors.tables import tables_of

WIKI = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "wiki"
SMALL = WIKI / "mediawiki_small"
PLAIN = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("plain_mediawiki.py"))))
COLUMNS = ("event_number", "thread_number", "space", "occurred_at", "account", "actor_kind", "is_minor", "action",
           "is_contribution", "bytes_delta", "is_revert")
KEYS = ("number", "page", "space", "at", "account", "kind", "is_minor", "action", "is_contribution", "bytes_delta",
        "is_revert")

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not WIKI.is_dir(), reason="the real wiki dumps do not lie beside the checkout"),
]


def load(path: Path) -> dict[str, pl.DataFrame]:
    return tables_of(mediawiki.read(open_source(path, path.name), SourceSettings()))


def revisions(tables: dict[str, pl.DataFrame]) -> list[tuple[object, ...]]:
    return sorted(tables["event"].filter(pl.col("event_scope") == "revision").select(COLUMNS).rows(), key=repr)


def in_plain_words(rows: list[dict[str, object]]) -> list[tuple[object, ...]]:
    return sorted((tuple(row[key] for key in KEYS) for row in rows), key=repr)


@pytest.fixture(scope="module")
def webplatform() -> dict[str, pl.DataFrame]:
    return load(WIKI / "webplatform-docs-history.xml.zst")


@pytest.fixture(scope="module")
def plain_webplatform() -> list[dict[str, object]]:
    return PLAIN.read(PLAIN.unpacked(WIKI / "webplatform-docs-history.xml.zst"))


def test_every_revision_of_the_real_history_reads_as_the_plain_reader_reads_it(webplatform, plain_webplatform):
    assert revisions(webplatform) == in_plain_words(plain_webplatform)


def test_totals_of_the_real_history_are_the_known_ones(webplatform):
    events = webplatform["event"]
    assert events.height == 34_655
    assert events["thread_number"].n_unique() == 5_044
    assert webplatform["account"].height == events["account"].n_unique() == 1_000
    assert (events["action"] == "create").sum() == 5_044
    assert events["is_revert"].sum() == 353
    assert (~events["is_contribution"]).sum() == 31
    assert webplatform["coverage"].rows() == [("wpwiki", date(2011, 8, 22), date(2015, 9, 4), False)]
    assert webplatform["capability"].rows() == [(False, False, False, True, True)]
    assert webplatform["part"]["n_read"].to_list() == [34_655]


def test_316_of_the_real_reverts_undo_the_own_work_only(plain_webplatform):
    reverts = [row for row in plain_webplatform if row["is_revert"]]
    assert sum(len(row["undone"]) for row in reverts) == 551
    assert sum(all(each["account"] == row["account"] for each in row["undone"]) for row in reverts) == 316


@pytest.mark.parametrize(("month", "n_revisions", "n_users"), [
    ("2012-09", 1_020, 14), ("2012-10", 6_088, 281), ("2012-11", 1_995, 99), ("2012-12", 1_660, 76),
    ("2013-06", 710, 94), ("2014-06", 983, 24), ("2015-03", 127, 8),
])
def test_months_of_the_real_history_are_the_known_ones(webplatform, month, n_revisions, n_users):
    events = webplatform["event"].filter(pl.col("occurred_at").dt.strftime("%Y-%m") == month)
    assert (events.height, events["account"].n_unique()) == (n_revisions, n_users)


def test_activity_of_the_real_users_is_the_known_one(webplatform):
    times = defaultdict(list)
    for account, at in webplatform["event"].select("account", "occurred_at").rows():
        times[account].append(at)
    counts = sorted(map(len, times.values()), reverse=True)
    assert counts.count(1) == 379
    assert round(sum(counts[:10]) / sum(counts), 3) == 0.559
    assert sum((max(each).date() - min(each).date()).days <= 14 for each in times.values()) == 824


def dumps() -> list[Path]:
    named = (path for path in sorted(SMALL.rglob("*")) if ".xml" in path.name and not path.match("*_invalid.7z"))
    return [path for path in named if path.is_file()] if SMALL.is_dir() else []


@pytest.mark.parametrize("path", dumps(), ids=lambda path: path.name)
def test_small_real_dumps_in_every_wrapper_read_as_the_plain_reader_reads_them(path):
    assert mediawiki.detect(open_source(path, path.name)) == "mediawiki-xml"
    if "sample4.xml-p" in path.name:  # these parts end after their header
        with pytest.raises(ExportRefused, match=r"^PPL-XML-005 .*ends inside <mediawiki>"):
            load(path)
        return
    # nothing else here unpacks 7z: its neighbour holds the same dump
    plain = PLAIN.read(PLAIN.unpacked(path.with_suffix("") if path.suffix == ".7z" else path))
    tables = load(path)
    assert revisions(tables) == in_plain_words(plain)
    assert tables["capability"]["has_history"].to_list() == [PLAIN.holds_history(plain)]


def others() -> list[Path]:
    return [path for path in sorted(SMALL.rglob("*")) if path.is_file() and path not in dumps()]


@pytest.mark.parametrize("path", others(), ids=lambda path: path.name)
def test_what_is_no_dump_is_not_claimed(path):
    source = open_source(path, path.name)
    assert mediawiki.detect(source) is None
    assert mediawiki_api.detect(source) is None


@pytest.mark.parametrize(("name", "rule", "n_records"), [
    ("stub-history-sample.xml.gz", "PPL-TIM-007", 6),  # imported revisions
    ("MediawikiDumperOutputTest.Commonswiki.Sample.xml", "PPL-WIK-001", 21),
    ("gensim-enwiki-shortened.xml.bz2", "PPL-WIK-002", 206),
])
def test_what_is_wrong_with_a_real_dump_is_counted(name, rule, n_records):
    path = next(path for path in dumps() if path.name == name)
    assert load(path)["note"].select("rule", "n_records").rows() == [(rule, n_records)]
