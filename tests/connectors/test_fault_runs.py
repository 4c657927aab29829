"""The rows of the catalogue of bad inputs on Slack, Yammer and wikis in runs: what the ledger says and what stays.

Each row's file lies in one drop folder with sound exports. How the readers name a fault is tested beside each of them.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from tests.connectors import test_mediawiki_cases as wiki
from tests.connectors import test_slack_faults as slack
from tests.connectors import test_yammer_faults as yammer
from tests.pipelines import tiny
from tests.pipelines.runs import Run, assert_same_tables, run_models

JANUARY, FEBRUARY = date(2024, 1, 10), date(2024, 2, 1)
GOOD = ("good.xml", "good.zip", "good yammer.zip", "roster.csv")


@dataclass(frozen=True)
class Row:
    """How the file of a row is written into a folder, its settings, and what the ledger must say of it."""

    write: Callable[[Path], object]
    quarantine: str = ""
    n_quarantined: int = 0
    note: str = ""
    n_records: int = 1
    settings: dict[str, object] = field(default_factory=dict)


def slack_export(row: str, members: dict[str, object]) -> Callable[[Path], object]:
    return lambda folder: slack.OK.packed(folder, members, name=f"{row}.zip")


def yammer_export(row: str, members: dict[str, bytes]) -> Callable[[Path], object]:
    return lambda folder: yammer.OK.packed(folder, members).path.rename(folder / f"{row}.zip")


def wiki_dump(row: str, content: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / f"{row}.xml").write_bytes(content)


def refused() -> Iterator[tuple[str, Row]]:
    for row, (members, *_) in slack.REFUSED.items():
        yield row, Row(slack_export(row, members))
    for row, (members, *_) in yammer.REFUSED.items():
        yield row, Row(yammer_export(row, members))
    for row, (content, _) in wiki.REFUSED.items():
        yield row, Row(wiki_dump(row, content))


def loaded() -> Iterator[tuple[str, Row]]:
    for row, (item, pattern) in slack.QUARANTINED.items():
        yield row, Row(slack_export(row, slack.day(item)), quarantine=pattern, n_quarantined=1)
    for row, (data, _, pattern, settings) in yammer.QUARANTINED.items():
        members = {"Messages.csv": data, "request.txt": row.encode()}  # the same content twice would be read once
        yield row, Row(yammer_export(row, members), quarantine=pattern, n_quarantined=1, settings=settings)
    contested = {"Messages.csv": yammer.text(yammer.line(7), yammer.line(7, sender=12), yammer.line(8))}
    yield "B082", Row(yammer_export("B082", contested), n_quarantined=2,
                      quarantine=r"^PPL-DUP-004 \S+:line [23]: id conflicts with line [23]")
    for row, (members, _, _, pattern, n_records, *_) in slack.NOTED.items():
        yield row, Row(slack_export(row, members), note=pattern, n_records=n_records)
    for row, (members, _, pattern, n_records, settings) in yammer.NOTED.items():
        yield row, Row(yammer_export(row, members), note=pattern, n_records=n_records, settings=settings)
    for row, members in slack.KEPT.items():
        yield row, Row(slack_export(row, members))
    for row, (members, _) in yammer.KEPT.items():
        yield row, Row(yammer_export(row, members))
    for row, (content, notes, _) in wiki.KEPT.items():
        rule, n_records = notes[0] if notes else ("", 0)
        yield row, Row(wiki_dump(row, content), note=rule and f"^{rule} ", n_records=n_records)


REFUSED, LOADED = dict(refused()), dict(loaded())


def good(folder: Path) -> Path:
    """A sound export of each platform, and a roster."""
    folder.mkdir(exist_ok=True)
    tiny.slack_zip(folder / "good.zip", [tiny.slack_user("U1", "p1@t.example")],
                   {"general": [{"ts": "1704880000.000001", "user": "U1"}, {"ts": "1704880060.000001", "user": "U1"}]})
    tiny.yammer_zip(folder / "good yammer.zip", date(2024, 1, 1), FEBRUARY, [tiny.yammer_user(11, "p1@t.example")],
                    [tiny.yammer_row(101, JANUARY, 11)])
    tiny.wiki_dump(folder / "good.xml", [tiny.wiki_page(1, "T", [(1, JANUARY, "Ann", "a"), (2, FEBRUARY, "Bo", "b")])])
    tiny.roster_csv(folder / "roster.csv", [tiny.roster_row("p1", date(2020, month, 1), "Acme") for month in (1, 2)])
    return folder


def run(folder: Path, rows: dict[str, Row]) -> Run:
    drop = good(folder / "drop")
    config = [tiny.CONFIG]
    for name, row in rows.items():
        row.write(drop)
        config += [f'[source."{name}.*"]', f'workspace = "{name}"']
        config += [f'{key} = "{value}"' for key, value in row.settings.items()]
    (drop / "turnout.toml").write_text("\n".join(config), encoding="utf-8")
    return run_models(drop, folder / "out")


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(tmp_path_factory.mktemp("alone"), {})


@pytest.fixture(scope="module")
def with_refused(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(tmp_path_factory.mktemp("refused"), REFUSED)


@pytest.fixture(scope="module")
def with_loaded(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(tmp_path_factory.mktemp("loaded"), LOADED)


@pytest.fixture(scope="module")
def tables_of(with_refused: Run) -> dict[object, list[str]]:
    """In which tables the files of the run that has refused ones are, by path."""
    tables = with_refused.rows("select table_name from duckdb_columns() where column_name = 'file_id'")
    every = " union all ".join(f"select distinct file_id, '{table}' as found_in from {table}" for (table,) in tables)
    return dict(with_refused.rows(
        f"select path, list(found_in order by found_in) from ({every}) join export_file using (file_id) group by path"))


@pytest.mark.parametrize("row", REFUSED)
def test_nothing_of_a_refused_file_is_anywhere_but_in_the_ledger(
    row: str, with_refused: Run, tables_of: dict[object, list[str]]
):
    ((path, status, reason, n_read, n_accepted),) = with_refused.rows(
        "select path, status, reason, n_read, n_accepted from export_file where path like $p", p=f"{row}.%")
    assert (status, n_read, n_accepted) == ("refused", 0, 0)
    assert re.fullmatch(rf"PPL-[A-Z]+-\d{{3}} {re.escape(path)}[!:].*; nothing of this file was loaded; .+", reason)
    assert with_refused.problems.count(reason) == 1
    assert tables_of[path] == ["export_file", "stg_found"]
    assert "stg_event" in tables_of["good.zip"]


def test_refused_files_leave_every_other_file_of_the_run_untouched(with_refused: Run, alone: Run):
    assert with_refused.tables() == alone.tables()
    assert_same_tables(with_refused, alone, set(alone.tables()) - {"stg_found", "stg_file", "export_file"})
    said = "select * exclude (loaded_at) from export_file where status = 'loaded' order by path"
    assert with_refused.rows(said) == alone.rows(said)
    assert len(with_refused.problems) == len(REFUSED)


@pytest.mark.parametrize("row", LOADED)
def test_every_record_of_a_loaded_file_is_accounted_for(row: str, with_loaded: Run):
    ((status, n_read, n_accepted, n_duplicate, n_excluded, n_quarantined),) = with_loaded.rows(
        "select status, n_read, n_accepted, n_duplicate, n_excluded, n_quarantined from export_file where path like $p",
        p=f"{row}.%")
    assert status == "loaded"
    assert n_read == n_accepted + n_duplicate + n_excluded + n_quarantined
    assert (n_read > 0) == (row != "B069")
    assert (n_duplicate, n_quarantined) == (0, LOADED[row].n_quarantined)


@pytest.mark.parametrize("row", [row for row in LOADED if LOADED[row].quarantine])
def test_a_record_in_quarantine_is_named_by_its_place_and_never_by_its_values(row: str, with_loaded: Run):
    found = with_loaded.rows("select q.member, q.line, q.rule, q.message from quarantine as q "
                             "join export_file as f using (file_id) where f.path like $p", p=f"{row}.%")
    assert len(found) == LOADED[row].n_quarantined
    for member, line, rule, message in found:
        is_slack = row in slack.QUARANTINED
        place = f"{slack.DAY}:item" if is_slack else "Messages.csv:line"
        assert place.startswith(f"{member}:")
        assert re.search(LOADED[row].quarantine, f"{rule} export.zip!{place} {line}: {message}")
        assert not [value for value in values_of(row, line) if value in message]


def values_of(row: str, line: int) -> list[str]:
    """What a record holds and no message may show."""
    if row in slack.QUARANTINED:
        tokens = re.findall(r'"([^"]*)"(:?)|([\w.]+)', slack.QUARANTINED[row][0])
        values = [text or bare for text, is_key, bare in tokens if not is_key]
    elif row in yammer.QUARANTINED:
        values = yammer.QUARANTINED[row][0].decode().splitlines()[line - 1].split(",")
    else:
        values = []
    return [value for value in values if len(value) > 1]


@pytest.mark.parametrize("row", [row for row in LOADED if LOADED[row].note])
def test_what_is_wrong_and_kept_stands_in_the_ledger_of_the_run(row: str, with_loaded: Run):
    notes = with_loaded.rows("select n.rule, n.member, n.line, n.message, n.n_records from note as n "
                             "join export_file as f using (file_id) where f.path like $p", p=f"{row}.%")
    found = [n_records for rule, member, line, message, n_records in notes if any(
        re.search(LOADED[row].note, f"{rule} export.zip{'!' * bool(member)}{member}:{word} {line}: {message}"
                  if line else f"{rule} export.zip{'!' * bool(member)}{member}: {message}")
        for word in ("line", "item"))]
    assert found == [LOADED[row].n_records]


def test_files_with_faults_leave_every_record_of_the_others_untouched(with_loaded: Run, alone: Run):
    assert with_loaded.problems == []
    tables = alone.rows("select table_name from duckdb_columns() where column_name = 'file_id' order by 1")
    own = "join export_file as f using (file_id) where f.path in ('" + "', '".join(GOOD) + "')"
    for (table,) in tables:
        columns = "t.* exclude (loaded_at)" if table in ("export_file", "stg_file") else "t.*"
        same = f"select {columns} from {table} as t {own} order by all"
        assert with_loaded.rows(same) == alone.rows(same), table
    assert alone.one(f"select count(*) from fct_event as t {own}") == 5


def test_no_address_of_a_visitor_reaches_the_warehouse(with_loaded: Run):
    for table in with_loaded.tables():
        held = f"select count(*) from {table} as t where cast(t as varchar) like $p"
        assert with_loaded.one(held, p="%192.0.2%") == 0, table
    assert with_loaded.one("select count(*) from export_file as t where cast(t as varchar) like $p", p="%B098%") == 1
