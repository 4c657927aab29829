"""Faults in mapped files: the code, the place, and that nothing is lost or guessed."""

import gzip
import json
import re
import zipfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import events, streams_text
from connectors.reading import read_export
from connectors.settings import EventMapping, SourceSettings
from connectors.source import Source, open_source
from models.problems import ExportRefused
from tests.connectors.samples import NOW
from tests.connectors.tables import Tables, tables_of

HEADER = "who,when,what,where"
SOUND = "ann,2024-01-02T03:04:05Z,post,news"
RECORD = {"who": "ann", "when": "2024-01-02T03:04:05Z", "what": "post", "where": "news", "text": "SECRET"}


def mapping_of(**keys: Any) -> EventMapping:
    base: dict[str, Any] = {"match": "*", "platform": "intranet", "columns": {
        "actor": "who", "at": "when", "action": "what", "space": "where"}}
    return msgspec.convert({**base, **keys}, EventMapping)


def load(source: Source, mapping: EventMapping) -> Tables:
    return tables_of(read_export(events.CONNECTOR, source, SourceSettings(events=mapping), now=NOW), canary="SECRET")


def aside(tables: Tables) -> list[tuple[object, ...]]:
    return tables["quarantine"].select("line", "rule").rows()


@pytest.fixture
def put(tmp_path):
    def write(*lines: object, name: str = "log.csv", end: str = "\n") -> Source:
        texts = [line if isinstance(line, bytes) else line.encode() if isinstance(line, str)
                 else json.dumps(line).encode() for line in lines]
        path = tmp_path / name
        path.write_bytes(b"\n".join(texts) + end.encode())
        return open_source(path, name)

    return write


def refusal(source: Source, mapping: EventMapping) -> ExportRefused:
    with pytest.raises(ExportRefused) as caught:
        load(source, mapping)
    assert "SECRET" not in str(caught.value)
    assert caught.value.problem.file == source.file
    return caught.value


def test_ragged_rows_are_put_aside_by_line(put):
    tables = load(put(HEADER, SOUND, "ann,2024-01-02T03:04:05Z", '"a\nb",2024-01-02T03:04:05Z,post,x,y', SOUND),
                  mapping_of())
    assert aside(tables) == [(3, "PPL-CSV-001"), (4, "PPL-CSV-001")]
    assert tables["event"]["line"].to_list() == [2, 6]


@pytest.mark.parametrize(("lines", "code", "named"), [
    ((HEADER, 'ann,"open,post,news'), "PPL-CSV-002", ":2:"),
    (("who,when,who,what,where", SOUND), "PPL-CSV-004", "who"),
    (("who,when,what", "a,b,c"), "PPL-EVT-002", r"columns\.space"),
    (("who;when;what;where", "a;b;c;d"), "PPL-CSV-003", "semicolon"),
    ((HEADER, b"Zo\xe9,2024-01-02T03:04:05Z,post,news"), "PPL-TXT-002", ":2:"),
    ((HEADER, 'ann,"x"y', b"Zo\xe9,2024-01-02T03:04:05Z,post,news"), "PPL-TXT-002", "UTF-8"),
    ((HEADER, SOUND, "ann,03/04/2024 10:00,post,news"), "PPL-TIM-002", ":3:.*time_format"),
    ((HEADER, SOUND, "ann,2024-01-02 03:04:05,post,news"), "PPL-EVT-003", ":3:.*zone"),
])  # fmt: skip
def test_a_csv_in_doubt_is_refused_whole(put, lines, code, named):
    problem = refusal(put(*lines), mapping_of())
    assert problem.problem.code == code
    assert re.search(named, str(problem))


@pytest.mark.parametrize(("when", "code"), [
    ("", "PPL-TIM-004"), ("infinity", "PPL-TIM-004"), ("2024-01-02T24:00:00Z", "PPL-TIM-004"),
    ("2024-02-30T00:00:00Z", "PPL-TIM-004"), ("45292.5", "PPL-TIM-004"), ("1.7041E+12", "PPL-TIM-004"),
    ("1899-12-31T00:00:00Z", "PPL-TIM-009"), ("2999-12-31T00:00:00Z", "PPL-TIM-001"),
    ("2024-01-02T03:04:05+99:00", "PPL-TIM-004"), ("SECRET", "PPL-TIM-004"),
])  # fmt: skip
def test_a_time_that_does_not_exist_costs_its_row(put, when, code):
    tables = load(put(HEADER, f"ann,{when},post,news", SOUND), mapping_of())
    assert aside(tables) == [(2, code)]


def test_an_id_that_a_spreadsheet_rounded_costs_its_row(put):
    tables = load(put("id,who,when", "1.76400E+18,ann,2024-01-02T03:04:05Z", "7,5E+05,2024-01-02T03:04:05Z",
                      "8,ann,2024-01-02T03:04:05Z", "1E5,ann,2024-01-02T03:04:05Z"),
                  mapping_of(columns={"id": "id", "actor": "who", "at": "when"}, constants={"action": "post"}))
    assert aside(tables) == [(2, "PPL-CSV-009"), (3, "PPL-CSV-009")]
    assert tables["event"].height == 2


@pytest.mark.parametrize(("line", "code"), [
    (b'{"who": "ann", ', "PPL-EVT-012"), (b"[1, 2]", "PPL-EVT-012"), (b'"SECRET"', "PPL-EVT-012"),
    (b"{} {}", "PPL-EVT-012"), (b"\xff\xfe{}", "PPL-EVT-012"), (b'{"who": "a", "who": "b"}', "PPL-JSN-004"),
    (b'{"who": NaN}', "PPL-JSN-005"), (b"[" * 100_000, "PPL-JSN-003"), (b'{"who": {"SECRET": 1}}', "PPL-TIM-004"),
    (b'{"who": {"SECRET": 1}, "when": "2024-01-02T03:04:05Z"}', "PPL-JSN-010"),
    (b'{"who": 1.5, "when": "2024-01-02T03:04:05Z"}', "PPL-JSN-010"),
    (b'{"who": "ann", "when": ["2024-01-02T03:04:05Z"]}', "PPL-TIM-004"),
    (b'{"who": "ann", "when": 1704164645}', "PPL-TIM-004"),
    (b'{"who": ' + b"9" * 5000 + b', "when": "2024-01-02T03:04:05Z"}', "PPL-JSN-010"),
], ids=range(14))  # fmt: skip
def test_a_broken_line_costs_that_line_only(put, line, code):
    tables = load(put(RECORD, line, "", RECORD, name="log.ndjson"), mapping_of(format="ndjson"))
    assert aside(tables) == [(2, code)]
    assert tables["event"]["line"].to_list() == [1, 4]


def test_a_cut_file_of_lines_is_refused_because_nobody_knows_what_is_missing(put):
    source = put(RECORD, '{"who": "SECRET', name="log.ndjson", end="")
    assert refusal(source, mapping_of(format="ndjson")).problem.line == 2
    tables = load(put(RECORD, RECORD, name="log.ndjson", end=""), mapping_of(format="ndjson"))
    assert tables["event"].height == 2


def test_half_characters_are_replaced(put):
    tables = load(put(b'{"who": "a\\ud800", "when": "2024-01-02T03:04:05Z", "what": "post"}', name="log.ndjson"),
                  mapping_of(format="ndjson"))
    assert tables["event"]["account"].to_list() == ["a\ufffd"]


@pytest.mark.parametrize(("text", "code"), [
    ('[{"who": "SECRET"', "PPL-JSN-001"), ('{"error": "SECRET"}', "PPL-JSN-002"), ('"SECRET"', "PPL-JSN-002"),
    ("[1] x", "PPL-JSN-001"), ("<!DOCTYPE html>", "PPL-JSN-001"), ('{"value": {"a": 1}}', "PPL-JSN-002"),
    ("[" * 100_000, "PPL-JSN-001"), ('{"value": 7', "PPL-JSN-001"),
], ids=range(8))  # fmt: skip
def test_json_that_is_no_list_of_records_is_refused(put, text, code):
    assert refusal(put(text, name="log.json"), mapping_of(format="json", items="value")).problem.code == code


def test_an_item_that_is_no_object_is_put_aside(put):
    tables = load(put([RECORD, 7, None, RECORD], name="log.json"), mapping_of(format="json"))
    assert aside(tables) == [(2, "PPL-EVT-012"), (3, "PPL-EVT-012")]


def test_what_is_too_large_to_be_held_at_once_is_refused(put, monkeypatch):
    monkeypatch.setattr(streams_text, "WHOLE_BYTES", 1000)
    source = put([RECORD] * 100, name="log.json")
    assert refusal(source, mapping_of(format="json")).problem.code == "PPL-EVT-011"
    problem = refusal(put(RECORD, [RECORD] * 100, name="log.ndjson"), mapping_of(format="ndjson")).problem
    assert (problem.code, problem.line) == ("PPL-EVT-011", 2)


def test_damaged_and_runaway_compression(tmp_path):
    packed = gzip.compress("\n".join([HEADER, *[SOUND] * 5000]).encode())
    path = tmp_path / "log.csv.gz"
    flipped = bytearray(packed)
    flipped[len(packed) // 2] ^= 0xFF
    for content in (packed[: len(packed) // 2], bytes(flipped)):
        path.write_bytes(content)
        assert refusal(open_source(path, path.name), mapping_of()).problem.code == "PPL-FIL-007"
    path.write_bytes(gzip.compress(HEADER.encode() + b"\n" + b"\0" * (64 << 20)))
    assert refusal(open_source(path, path.name), mapping_of()).problem.code == "PPL-ZIP-004"


def test_parquet_that_lacks_a_column_or_is_damaged_is_refused(tmp_path):
    path = tmp_path / "log.parquet"
    frame = pl.DataFrame({"who": ["ann"] * 5000, "when": [datetime(2024, 1, 2)] * 5000, "what": ["post"] * 5000})
    mapping = mapping_of(format="parquet", columns={"actor": "who", "at": "when", "action": "what"}, zone="UTC")
    frame.drop("when").write_parquet(path)
    problem = refusal(open_source(path, "log.parquet"), mapping)
    assert problem.problem.code == "PPL-EVT-002"
    assert "columns.at" in str(problem)
    frame.with_columns(pl.int_range(5000).cast(pl.String).alias("who")).write_parquet(path)
    content = path.read_bytes()
    assert load(open_source(path, "log.parquet"), mapping)["event"].height == 5000
    for damaged in (b"SECRET", content[:-20], content[: len(content) // 2], content[:-8] + b"\xff\xff\xff\x7fPAR1",
                    content[:200] + b"\0" * 200 + content[400:]):
        path.write_bytes(damaged)
        assert refusal(open_source(path, "log.parquet"), mapping).problem.code == "PPL-EVT-001"


def test_parquet_with_wrong_types_loses_no_row(tmp_path):
    path = tmp_path / "log.parquet"
    mapping = mapping_of(format="parquet", columns={"actor": "who", "at": "when"}, constants={"action": "post"})
    pl.DataFrame({"who": [1.5, 2.5], "when": ["2024-01-02T03:04:05Z", None]}).write_parquet(path)
    tables = load(open_source(path, "log.parquet"), mapping)
    assert aside(tables) == [(1, "PPL-JSN-010"), (2, "PPL-TIM-004")]


def test_local_times_that_clocks_skipped_or_repeated(put):
    lines = [f"ann,{when},post,news" for when in (
        "2024-03-31 01:59:59", "2024-03-31 02:30:00", "2024-03-31 03:00:00", "2024-10-27 02:30:00",
        "2024-10-27 02:30:00+01:00", "2024-10-27 03:00:00")]
    tables = load(put(HEADER, *lines), mapping_of(zone="Europe/Berlin"))
    assert tables["event"]["occurred_at"].to_list() == [
        datetime(2024, 3, 31, 0, 59, 59), datetime(2024, 3, 31, 1), datetime(2024, 10, 27, 0, 30),
        datetime(2024, 10, 27, 1, 30), datetime(2024, 10, 27, 2)]
    assert aside(tables) == [(3, "PPL-TIM-005")]
    assert tables["note"].select("rule", "n_records").rows() == [("PPL-TIM-006", 1)]


@pytest.mark.parametrize(("time_format", "when", "expected"), [
    ("iso", "2024-01-02T03:04:05.1234567Z", datetime(2024, 1, 2, 3, 4, 5, 123456)),
    ("iso", "2024-01-02T03:04+0530", datetime(2024, 1, 1, 21, 34)),
    ("iso", "2024-01-02 03:04:05 UTC", datetime(2024, 1, 2, 3, 4, 5)),
    ("iso", "2024-01-02 03:04:05-03", datetime(2024, 1, 2, 6, 4, 5)),
    ("iso", "2024-01-02", datetime(2024, 1, 2)),
    ("iso", "2016-12-31T23:59:60Z", datetime(2017, 1, 1)),
    ("epoch_s", "1704164645", datetime(2024, 1, 2, 3, 4, 5)),
    ("epoch_s", "1704164645.25", datetime(2024, 1, 2, 3, 4, 5, 250000)),
    ("epoch_ms", "1704164645678", datetime(2024, 1, 2, 3, 4, 5, 678000)),
    ("%d/%m/%Y %H:%M", "03/04/2024 05:06", datetime(2024, 4, 3, 5, 6)),
    ("%m/%d/%Y %I:%M %p", "03/04/2024 05:06 PM", datetime(2024, 3, 4, 17, 6)),
    ("%a %b %d %H:%M:%S %z %Y", "Wed Oct 10 20:19:24 +0200 2018", datetime(2018, 10, 10, 18, 19, 24)),
])  # fmt: skip
def test_time_formats(put, time_format, when, expected):
    tables = load(put(HEADER, f"ann,{when},post,news"), mapping_of(time_format=time_format, zone="UTC"))
    assert tables["event"]["occurred_at"].to_list() == [expected]


def test_seconds_that_are_declared_as_milliseconds_are_not_1970(put):
    tables = load(put(HEADER, "ann,1704164645,post,news"), mapping_of(time_format="epoch_ms"))
    assert aside(tables) == [(2, "PPL-TIM-009")]


def test_numbers_of_json_are_times(put):
    source = put({**RECORD, "when": 1704164645.25}, name="log.ndjson")
    tables = load(source, mapping_of(format="ndjson", time_format="epoch_s"))
    assert tables["event"]["occurred_at"].to_list() == [datetime(2024, 1, 2, 3, 4, 5, 250000)]


def test_an_empty_table_loads_as_nothing(put):
    tables = load(put(HEADER), mapping_of())
    assert tables["event"].height == tables["coverage"].height == 0
    assert tables["part"]["n_read"].to_list() == [0]


@pytest.mark.parametrize("form", ["csv", "ndjson", "json", "parquet"])
def test_no_text_ever_leaves_the_reader(tmp_path, form):
    """`load` looks for the canary in every frame; here it stands in every column that no mapping names."""
    sound = {**RECORD, "body": "SECRET", "SECRET": "SECRET", "more": json.dumps({"deep": ["SECRET"]})}
    records = [sound, {**sound, "when": "SECRET"}, {**sound, "what": "SECRET"}, {**sound, "who": "1E+SECRET"}]
    path = tmp_path / "log"
    if form == "parquet":
        pl.DataFrame(records).write_parquet(path)
    else:
        pl.DataFrame(records).write_csv(path)
        if form == "ndjson":
            path.write_text("\n".join(map(json.dumps, records)) + '\n{"SECRET\n', encoding="utf-8")
        elif form == "json":
            path.write_text(json.dumps([*records, "SECRET"]), encoding="utf-8")
    mapping = mapping_of(format=form, columns={"at": "when", "action": "what", "actor": "where"})
    tables = load(open_source(path, "log"), mapping)
    assert tables["event"].height == 3
    assert aside(tables)[0] == (3 if form == "csv" else 2, "PPL-TIM-004")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_nothing_but_a_documented_refusal_ever_leaves_the_reader(tmp_path: Path, data: st.DataObject):
    csv_text = "\n".join([HEADER, *[SOUND] * 3, ""]).encode()
    nd_text = "\n".join([*[json.dumps(RECORD)] * 3, ""]).encode()
    samples = {"csv": csv_text, "ndjson": nd_text, "json": json.dumps([RECORD] * 3).encode()}
    buffer = tmp_path / "sample.parquet"
    pl.DataFrame([RECORD] * 3).write_parquet(buffer)
    samples["parquet"] = buffer.read_bytes()
    form = data.draw(st.sampled_from(sorted(samples)))
    content = samples[form]
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 40)))
    content = content[:start] + data.draw(st.binary(max_size=12)) + content[end:]
    path = tmp_path / "log"
    if not content:
        return
    path.write_bytes(content)
    # a cut may make a field that is kept of one that is not, so nothing is looked for in the rows
    with suppress(ExportRefused):
        tables_of(events.read(open_source(path, "log"), SourceSettings(events=mapping_of(format=form))))


def test_a_zip_member_with_the_wrong_name_is_not_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "log.zip", "w") as archive:
        archive.writestr("log.csv", f"{HEADER}\n{SOUND}\n")
        archive.writestr("SECRET.csv.bak", "SECRET")
    tables = load(open_source(tmp_path / "log.zip", "log.zip"), mapping_of(members="*.csv"))
    assert tables["part"]["member"].to_list() == ["log.csv"]
