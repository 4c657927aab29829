"""A record that is dated when it cannot have been goes into quarantine, whatever its format, and takes nothing along.

The formats are found, so a new one has to say here where its time stands.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from connectors.contract import FRAMES, Connector, Frame, frame
from connectors.possible import EARLIEST
from connectors.reading import read_export
from connectors.settings import SourceSettings
from connectors.source import Source, open_source
from tests.connectors.samples import NOW, Sample, find_samples
from tests.connectors.tables import Tables, tables_of

TIMES = {
    "slack-slack-export": r'"ts": "(\d+)\.',
    "slack_analytics-slack-analytics": r'"date":"([^"]+)',
    "yammer-yammer-export": r'"([^"]+)","[^"]*","","","update"',
    "yammer_rest-yammer-rest-by_hand": r'"created_at": "([^"]+)',
    "m365-m365-report": r"\n([^,]+),",
    "mediawiki-mediawiki-xml": r"<timestamp>([^<]+)",
    "mediawiki_api-mediawiki-api-json-by_hand": r'"timestamp": "([^"]+)',
    "confluence-confluence-xml": r'"creationDate">([^<]+)',
    "confluence_pipeline-confluence-pipeline-by_hand": r"u\d,(2024[^,]+),",
    "wordpress-wordpress-wxr": r"date_gmt>(?:<!\[CDATA\[)?([^<\]]+)",
    "bookmarks-bookmarks-html": r'ADD_DATE="(\d+)',
    "roster-roster-csv": r"\n[^,]+,([^,]+),",
    "events-events-csv-email": r"\n([^,]+),",
    "events-events-json-facebook": r'"created_time": "([^"]+)',
    "events-events-csv-fileshare": r"\n([^ ]+) ",
    "events-events-ndjson-mattermost": r'"post".*"create_at":(\d+)',
    "events-events-csv-sharepoint": r'""CreationTime"":""([^"]+)',
    "events-events-json-teams": r'"createdDateTime":"([^"]+)',
    "events-events-json-twitter": r'"created_at": "([^"]+)',
    "events-events-csv-usage": r"\n([^,]+,[^,]+),",
    "events-events-json-workplace": r'"created_time": "([^"]+)',
}
"""Where the time of a record stands in each format; the users of a directory have none."""
UNDATED = {"roster-roster-csv-by_hand"}
TOTALS = "events-events-csv-email"
"""Of a message trace only totals by week are kept, and its records are excluded as counted there."""
FUTURE, ANCIENT = "PPL-TIM-001", "PPL-TIM-009"
SECONDS = {FUTURE: 4_070_908_800, ANCIENT: 86_400}
YEAR = {FUTURE: "4880", ANCIENT: "1896"}  # leap years, for any day of the year may be moved
OF_READER = {("m365-m365-report", FUTURE): "PPL-TIM-004", ("m365-m365-report", ANCIENT): "PPL-TIM-004"}
"""Years of other centuries are no day that this report can write."""
SAME = {
    "event": ("workspace", "space", "event_scope", "event_number", "occurred_at", "account", "member", "line"),
    "usage": tuple(FRAMES["usage"]), "person": tuple(FRAMES["person"]),
}
"""What of another record cannot change; whether an edit is the first of a page follows from the others."""


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sample]:
    return find_samples(tmp_path_factory.mktemp("samples"), n_items=40)


def moved(time: str, rule: str) -> str:
    """The same time in an impossible year; of seconds or milliseconds since 1970 another one."""
    if time.isdigit():
        return (str(SECONDS[rule]) + "0" * (len(time) - 10)).zfill(len(time))
    return re.sub(r"\b(19|20)\d\d(?=\b|T)", YEAR[rule], time)


def planted(sample: Sample, pattern: str, rule: str) -> Iterator[bytes]:
    """The export with one time moved, for each time in it."""
    for name, content in sample.members.items():
        code = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
        text = content.decode(code)
        for match in re.finditer(pattern, text):
            changed = text[: match.start(1)] + moved(match[1], rule) + text[match.end(1) :]
            yield sample.pack({**sample.members, name: changed.encode(code)})


def read(sample: Sample, content: bytes, folder: Path) -> Tables:
    path = folder / sample.file
    path.write_bytes(content)
    return tables_of(read_export(sample.connector, open_source(path, sample.file), sample.settings, now=NOW))


def places(tables: Tables) -> set[tuple[object, ...]]:
    return {row for name in SAME for row in tables[name].filter("is_record").select("member", "line").rows()}


def test_every_format_says_where_its_time_stands(samples):
    assert TIMES.keys() | UNDATED == samples.keys()


@pytest.mark.parametrize("rule", [FUTURE, ANCIENT])
@pytest.mark.parametrize("name", sorted(TIMES.keys() - {TOTALS}))
def test_an_impossible_record_is_put_aside_and_the_others_are_as_without_it(name, rule, samples, tmp_path):
    sample, rule_of_reader = samples[name], OF_READER.get((name, rule), rule)
    before = read(sample, sample.pack(sample.members), tmp_path)
    assert not before["quarantine"]["rule"].is_in([FUTURE, ANCIENT]).any()
    for content in planted(sample, TIMES[name], rule):
        after = read(sample, content, tmp_path)  # asserts that every record was read or has another fate
        found = after["quarantine"].join(before["quarantine"], on=["member", "line"], how="anti")
        if rule_of_reader in found["rule"]:
            break
    ((member, line),) = found.select("member", "line").rows()
    assert places(before) - places(after) == {(member, line)}
    others = (pl.col("member") != member) | (pl.col("line") != line)
    for table, columns in SAME.items():
        assert_frame_equal(before[table].filter(others).select(columns), after[table].select(columns),
                           check_row_order=False)
    for known, row in zip(before["coverage"].rows(), after["coverage"].rows(), strict=True):
        days = set(after["event"].filter(pl.col("workspace") == row[0])["occurred_at"].dt.date())
        assert row[1] in {known[1], *days}
        assert row[2] in {known[2], *days}
        assert known[1] <= row[1] <= row[2] <= known[2]
        assert row[3] == known[3]


@pytest.mark.parametrize("rule", [FUTURE, ANCIENT])
def test_totals_of_a_week_that_cannot_be_are_left_out_and_noted(rule, samples, tmp_path):
    sample = samples[TOTALS]
    before = read(sample, sample.pack(sample.members), tmp_path)
    for content in planted(sample, TIMES[TOTALS], rule):
        after = read(sample, content, tmp_path)
        assert set(after["usage"]["period_from"]) <= set(before["usage"]["period_from"])
        if not after["note"].is_empty():
            break
    assert after["note"].select("rule", "n_records").rows() == [("PPL-TIM-010", 1)]
    n_before, n_after = before["usage"]["n_posted"].sum(), after["usage"]["n_posted"].sum()
    assert n_before - n_after == 1


AT = datetime(2024, 3, 4, 10)
LATE, EARLY = datetime(4879, 1, 1), datetime(1899, 12, 31)


def event(at: datetime | None, line: int = 1, **columns: object) -> dict[str, object]:
    return {"workspace": "w", "event_scope": "message", "event_number": line, "occurred_at": at, "time_basis": "own",
            "action": "post", "is_contribution": True, "actor_kind": "human", "via_app": False, "is_delegated": False,
            "is_record": True, "member": "m", "line": line, **columns}  # fmt: skip


def judged(*frames: Frame, made_at: datetime | None = None, now: datetime = NOW) -> dict[str, pl.DataFrame]:
    """What becomes of these frames of an export."""
    connector = Connector("slack", 1, lambda _: "test", lambda *_: iter(frames), lambda _: None,
                          made_at=lambda _: made_at)
    source = Source("export", Path("export"), "file", ())
    parts: dict[str, list[pl.DataFrame]] = {}
    for one in read_export(connector, source, SourceSettings(), now=now):
        parts.setdefault(one.table, []).append(one.rows)
    return {table: pl.concat(several) for table, several in parts.items()}


def covered(first: date, last: date, *, is_stated: bool = False, workspace: str = "w") -> dict[str, object]:
    return {"workspace": workspace, "covered_from": first, "covered_to": last, "is_stated": is_stated}


@pytest.mark.parametrize(("made_at", "now", "latest"), [
    (None, NOW, datetime(2027, 1, 2, 12)), (datetime(2024, 3, 5), NOW, datetime(2024, 3, 6)),
    (LATE, NOW, datetime(2027, 1, 2, 12)),
])
def test_a_record_may_be_dated_from_the_earliest_day_until_a_day_after_its_export(made_at, now, latest):
    first = datetime(EARLIEST.year, EARLIEST.month, EARLIEST.day)
    a = timedelta(microseconds=1)
    given = frame("event", [event(at, line) for line, at in enumerate((first - a, first, latest, latest + a), 1)])
    tables = judged(given, made_at=made_at, now=now)
    assert tables["event"]["line"].to_list() == [2, 3]
    assert tables["quarantine"].select("member", "line", "rule").rows() == [("m", 1, ANCIENT), ("m", 4, FUTURE)]


def test_a_record_goes_with_all_its_rows_and_of_a_line_with_several_records_only_the_faulty():
    reaction = {"is_record": False, "action": "react", "event_scope": "react:+1"}
    given = frame("event", [
        event(LATE, 1), event(AT, 1, **reaction), event(AT, 2), event(AT, 2, **reaction, version_at=LATE),
        event(AT, 3), event(LATE, 3), event(LATE, 3, **reaction), event(None, 4),
    ])  # fmt: skip
    tables = judged(given)
    assert tables["event"].select("line", "occurred_at").rows() == [(3, AT), (4, None)]
    assert tables["quarantine"].select("line", "rule").rows() == [(1, FUTURE), (2, FUTURE), (3, FUTURE)]


def test_what_is_no_record_is_left_out_and_noted():
    usage = {"workspace": "w", "used_platform": "slack", "report": "direct_messages", "member": "m"}
    week = {"period_from": date(2024, 3, 4), "period_to": date(2024, 3, 10), "is_record": False}
    late = {"period_from": date(4879, 3, 4), "period_to": date(4879, 3, 10), "is_record": False}
    space = {"workspace": "w", "kind": "channel", "visibility": "public", "label": "l", "is_record": True,
             "member": "m"}  # fmt: skip
    tables = judged(frame("usage", [usage | week, usage | late]),
                    frame("space", [space | {"space": one, "created_at": at} for one, at in (("a", EARLY), ("b", AT))]))
    assert tables["usage"]["period_from"].to_list() == [date(2024, 3, 4)]
    assert tables["space"].select("space", "label", "created_at").rows() == [("a", "l", None), ("b", "l", AT)]
    assert tables["quarantine"].is_empty()
    assert tables["note"].select("member", "rule", "n_records").rows() == [("m", "PPL-TIM-010", 1)] * 2


def test_periods_may_end_and_rosters_plan_within_a_year_and_who_stays_never_leaves():
    usage = {"workspace": "w", "used_platform": "slack", "report": "r", "is_record": True, "member": "m"}
    days = [(date(2026, 12, 1), date(2026, 12, 31)), (date(2027, 1, 1), date(2027, 12, 31)),
            (date(2027, 1, 1), date(2029, 1, 1))]  # fmt: skip
    person = {"is_comms": False, "is_record": True, "member": "m"}
    staff = [
        {"person": "a", "hired_on": date(1974, 9, 1), "left_on": date.max}, {"person": "b", "hired_on": EARLY.date()},
        {"person": "c", "valid_from": date(2027, 6, 1)}, {"person": "c", "valid_from": LATE.date()},
        {"person": "d", "left_on": EARLY.date()},
    ]  # fmt: skip
    identifiers = [{"person": one, "kind": "email", "identifier": f"{one}@t.example"} for one in "abcd"]
    tables = judged(
        frame("usage", [usage | {"period_from": first, "period_to": last, "line": line}
                        for line, (first, last) in enumerate(days, 1)]),
        frame("person_identifier", identifiers),
        frame("person", [person | one | {"line": line} for line, one in enumerate(staff, 1)]))
    assert tables["usage"]["line"].to_list() == [1, 2]
    assert tables["person"]["line"].to_list() == [1, 3]
    assert tables["person_identifier"]["person"].to_list() == ["a", "c"]  # nobody on the roster has the others
    assert tables["quarantine"].select("line", "rule").rows() == [(3, FUTURE), (2, ANCIENT), (4, FUTURE), (5, ANCIENT)]


@pytest.mark.parametrize(("given", "expected"), [
    (covered(date(1899, 1, 1), date(4879, 1, 1)), covered(date(2024, 3, 4), date(2024, 3, 6))),
    (covered(date(2024, 3, 1), date(4879, 1, 1), is_stated=True), covered(date(2024, 3, 1), date(2024, 3, 6))),
    (covered(date(2024, 3, 1), date(2024, 3, 31), is_stated=True),) * 2,
    (covered(date(2024, 3, 1), date(2027, 1, 2), is_stated=True),) * 2,
    (covered(date(2024, 3, 1), date(2027, 1, 3), is_stated=True), covered(date(2024, 3, 1), date(2024, 3, 6))),
    (covered(date(4879, 1, 1), date(4879, 1, 1)), None),
    (covered(date(2024, 3, 1), date(4879, 1, 1), workspace="no records"), None),
])
def test_a_period_with_an_impossible_edge_ends_with_the_last_record(given, expected):
    events = frame("event", [event(AT, 1), event(AT + timedelta(days=2), 2), event(LATE, 3), event(EARLY, 4)])
    tables = judged(frame("coverage", [given]), events)
    assert tables["coverage"].to_dicts() == ([expected] if expected else [])
    is_noted = given["is_stated"] and expected != given
    assert tables["note"]["rule"].to_list() == (["PPL-TIM-010"] if is_noted else [])
