"""Bad Slack exports: what is kept in quarantine, what refuses the export, and that no message shows a value."""

import json
import zipfile
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import slack
from connectors.reading import read_export
from connectors.settings import SourceSettings
from connectors.source import Source, open_source
from models.problems import ExportRefused
from tests.connectors.samples import NOW
from tests.connectors.tables import tables_of

DAY = "general/2024-01-10.json"
TS = "1704888000.000100"
GOOD = f'{{"ts": "{TS}", "user": "UVALUE"}}'
LISTS = {"users.json": b'[{"id": "UVALUE", "team_id": "T1"}]', "channels.json": b'[{"id": "C1", "name": "general"}]'}


def packed(folder: Path, members: dict[str, bytes]) -> Source:
    with zipfile.ZipFile(folder / "bad.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return open_source(folder / "bad.zip", "bad.zip")


def load(source: Source) -> dict[str, pl.DataFrame]:
    return tables_of(read_export(slack.CONNECTOR, source, SourceSettings(), now=NOW))


@pytest.mark.parametrize(("item", "code", "what"), [
    ('{"user": "UVALUE"}', "PPL-SLK-001", "field ts missing"),
    ('{"ts": 1704888000.000100, "user": "UVALUE"}', "PPL-SLK-002", "ts must be text"),
    ('{"ts": null}', "PPL-SLK-002", "ts must be text"),
    ('{"ts": "UVALUE"}', "PPL-SLK-003", "ts is no time"),
    ('{"ts": "-1.0"}', "PPL-SLK-003", "outside"),
    ('{"ts": "1704888000123.000000"}', "PPL-SLK-003", "outside"),
    ('{"ts": "1704888000.1"}', "PPL-SLK-003", "six decimals"),
    ('{"ts": "1704888000.000100\\n"}', "PPL-SLK-003", "six decimals"),
    ('{"ts": "\u0661704888000.000100"}', "PPL-SLK-003", "six decimals"),
    (f'{{"ts": "{TS}", "thread_ts": "UVALUE"}}', "PPL-SLK-003", "thread_ts is no time"),
    (f'{{"ts": "{TS}", "edited": {{"ts": 5}}}}', "PPL-SLK-002", "edited.ts must be text"),
    (f'{{"ts": "{TS}", "ts": "{TS}"}}', "PPL-JSN-004", "key ts occurs twice"),
    (f'{{"ts": "{TS}", "user": "U1", "user": "U2"}}', "PPL-JSN-004", "key user occurs twice"),
    (f'{{"ts": "{TS}", "UVALUE": 1, "UVALUE": 2}}', "PPL-JSN-004", "key of an object occurs twice"),
    (f'{{"ts": "{TS}", "reply_count": NaN}}', "PPL-JSN-005", "not a finite number"),
    (f'{{"ts": "{TS}", "reply_count": -Infinity}}', "PPL-JSN-005", "not a finite number"),
    (f'{{"ts": "{TS}", "user": 5}}', "PPL-JSN-010", "field user"),
    (f'{{"ts": "{TS}", "reactions": [{{"users": ["U1"]}}]}}', "PPL-JSN-010", "field name"),
    (f'{{"ts": "{TS}", "reactions": [{{"name": "a", "users": [5]}}]}}', "PPL-JSN-010", "field reactions"),
    ('"UVALUE"', "PPL-JSN-010", "expected an object"),
    ("[]", "PPL-JSN-010", "expected an object"),
    ("null", "PPL-JSN-010", "expected an object"),
    ('{"ts": "4070908800.000000", "user": "UVALUE"}', "PPL-TIM-001", "lies in the future"),
    ('{"ts": "1705017600.000001", "user": "UVALUE"}', "PPL-TIM-001", "lies in the future"),
])
@pytest.mark.parametrize("style", ["[{},{}]", "[{}, {}]", "[\n    {},\n    {}\n]"])
def test_a_bad_message_is_kept_by_its_place_and_the_others_are_read(tmp_path, item, code, what, style):
    data = style.replace("{}", "%s") % (GOOD, item)
    tables = load(packed(tmp_path, {**LISTS, DAY: data.encode()}))
    assert tables["event"]["account"].to_list() == ["UVALUE"]
    (row,) = tables["quarantine"].to_dicts()
    assert (row["member"], row["line"], row["rule"]) == (DAY, 2, code)
    assert what in row["message"]
    assert "UVALUE" not in row["message"]


@pytest.mark.parametrize("indent", [None, 0, 1, 4])
@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": "), (" ,", " :")])
@pytest.mark.parametrize("tail", ["", "\n", " \r\n"])
def test_a_repeated_key_is_found_in_every_style_of_writing(tmp_path, indent, separators, tail):
    sound = [{"ts": TS, "user": "U1", "reactions": [{"name": "a", "users": ["U1"]}], "text": ""}, {"ts": TS}] * 3
    text = json.dumps(sound, indent=indent, separators=separators) + tail
    assert load(packed(tmp_path, {**LISTS, DAY: text.encode()}))["quarantine"].height == 0
    colon = separators[1]
    repeated = text.replace(f'"text"{colon}""', f'"user"{colon}"U2"', 1)
    assert repeated != text
    tables = load(packed(tmp_path, {**LISTS, DAY: repeated.encode()}))
    assert tables["quarantine"].select("rule", "line").rows() == [("PPL-JSN-004", 1)]


@pytest.mark.parametrize(("data", "code", "what"), [
    (b'[{"ts":"1.2","us', "PPL-JSN-001", "truncated JSON at byte 16"),
    (f"[{GOOD}".encode(), "PPL-JSN-001", f"truncated JSON at byte {len(GOOD) + 1}"),
    (b"", "PPL-JSN-001", "truncated JSON at byte 0"),
    (b"[1,]", "PPL-JSN-001", "invalid JSON at byte 3"),
    (b"[1 2]", "PPL-JSN-001", "invalid JSON at byte 3"),
    (b"[1] UVALUE", "PPL-JSN-001", "extra data at byte 4"),
    (b"[1]\n[2]", "PPL-JSN-001", "extra data at byte 4"),
    (b'{"ok":false,"error":"UVALUE"}', "PPL-JSN-002", "expected a list, found an object"),
    (b'"UVALUE"', "PPL-JSN-002", "expected a list, found another value"),
    (b"[" * 100_000, "PPL-JSN-003", "nested deeper"),
    (b'[{"ts": "caf\xe9"}]', "PPL-TXT-002", "not UTF-8 at byte 12"),
    (b"\xff\xfe[", "PPL-TXT-002", "not UTF-16"),
])
@pytest.mark.parametrize("member", [DAY, "users.json", "channels.json"])
def test_a_broken_file_refuses_the_export_and_names_the_place(tmp_path, data, code, what, member):
    source = packed(tmp_path, {**LISTS, DAY: f"[{GOOD}]".encode(), member: data})
    with pytest.raises(ExportRefused) as refused:
        load(source)
    problem = refused.value.problem
    assert (problem.code, problem.member, problem.file) == (code, member, "bad.zip")
    assert what in problem.what
    assert "UVALUE" not in str(problem)


def test_a_broken_file_of_a_private_channel_is_not_named(tmp_path):
    members = {**LISTS, DAY: b"[]", "groups.json": b'[{"id": "G1", "name": "secret"}]', "secret/2024-01-01.json": b"["}
    with pytest.raises(ExportRefused, match=r"PPL-JSN-001 bad.zip!<private space>/2024-01-01.json: truncated"):
        load(packed(tmp_path, members))


@pytest.mark.parametrize(("name", "code"), [("channels.json", "PPL-SLK-009"), ("users.json", "PPL-SLK-010")])
def test_an_export_without_one_of_its_lists_is_refused(tmp_path, name, code):
    members = {**LISTS, DAY: f"[{GOOD}]".encode()}
    del members[name]
    with pytest.raises(ExportRefused, match=rf"^{code} bad.zip: required member {name} missing"):
        load(packed(tmp_path, members))


def test_a_damaged_member_refuses_the_export(tmp_path):
    packed(tmp_path, {**LISTS, DAY: json.dumps([{"ts": TS, "text": "x" * 500}]).encode()})
    data = bytearray((tmp_path / "bad.zip").read_bytes())
    place = data.index(DAY.encode()) + len(DAY) + 5
    data[place] ^= 0xFF
    (tmp_path / "bad.zip").write_bytes(data)
    with pytest.raises(ExportRefused, match=r"PPL-ZIP-005 bad.zip!general/2024-01-10.json: checksum"):
        load(open_source(tmp_path / "bad.zip", "bad.zip"))


def test_a_member_that_expands_without_measure_refuses_the_export(tmp_path):
    source = packed(tmp_path, {**LISTS, DAY: b"[" + b" " * (50 << 20) + b"]"})
    with pytest.raises(ExportRefused, match=r"PPL-ZIP-004 .*expands beyond .* \(ratio \d+\)"):
        load(source)


def test_an_export_that_changes_while_it_is_read_is_refused(tmp_path):
    source = packed(tmp_path, {**LISTS, DAY: f"[{GOOD}]".encode()})
    frames = slack.read(source, SourceSettings())
    next(frames)
    with (tmp_path / "bad.zip").open("ab") as archive:
        archive.write(b"\0")
    with pytest.raises(ExportRefused, match="PPL-FIL-004"):
        list(frames)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le-bom"])
def test_marks_of_encodings_are_understood(tmp_path, encoding):
    text = f'[{{"ts": "{TS}", "user": "U\u00c9"}}]'
    data = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le-bom" else text.encode(encoding)
    assert load(packed(tmp_path, {**LISTS, DAY: data}))["event"]["account"].to_list() == ["U\u00c9"]


def test_half_a_surrogate_pair_is_replaced_and_nul_removed_in_a_label(tmp_path):
    channels = b'[{"id": "C1", "name": "a\\ud800b\\u0000c\\ud83d\\ude00"}]'
    spaces = load(packed(tmp_path, {**LISTS, "channels.json": channels, DAY: b"[]"}))["space"]
    assert spaces["label"].to_list() == ["a\ufffdbc\U0001f600"]


def test_a_text_with_half_a_surrogate_pair_or_a_huge_number_harms_nothing(tmp_path):
    item = f'{{"ts": "{TS}", "user": "UVALUE", "text": "\\ud800", "n": {"9" * 4300}}}'
    tables = load(packed(tmp_path, {**LISTS, DAY: f"[{item}]".encode()}))
    assert (tables["event"].height, tables["quarantine"].height) == (1, 0)


def test_a_message_until_two_days_after_the_newest_file_is_plausible(tmp_path):
    tables = load(packed(tmp_path, {**LISTS, DAY: b'[{"ts": "1705017600.000000"}]'}))
    assert (tables["event"].height, tables["quarantine"].height) == (1, 0)


BRIEFLY = settings(max_examples=100, deadline=None, derandomize=True,
                   suppress_health_check=[HealthCheck.function_scoped_fixture])
VALID = {
    **LISTS,
    DAY: json.dumps([
        {"ts": TS, "user": "UVALUE", "thread_ts": TS, "reactions": [{"name": "a", "users": ["U1"]}]},
        {"ts": "1704888001.000000", "user": "U1", "thread_ts": TS, "edited": {"ts": TS}},
        {"ts": "1704888002.000000", "room": {"created_by": "U1", "participant_history": ["U2"]}},
    ], indent=4).encode(),
}


@BRIEFLY
@given(st.sampled_from(sorted(VALID)), st.data())
def test_no_change_of_a_byte_and_no_cut_does_more_than_refuse_the_export(tmp_path, member, data):
    text = bytearray(VALID[member])
    for place in data.draw(st.lists(st.integers(0, len(text) - 1), max_size=3)):
        text[place] = data.draw(st.integers(0, 255))
    end = data.draw(st.just(len(text)) | st.integers(0, len(text)))
    with suppress(ExportRefused):
        load(packed(tmp_path, {**VALID, member: bytes(text[:end])}))


@BRIEFLY
@given(st.data())
def test_no_change_of_an_archive_does_more_than_refuse_the_export(tmp_path, data):
    packed(tmp_path, VALID)
    archive = bytearray((tmp_path / "bad.zip").read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(archive) - 1), min_size=1, max_size=3)):
        archive[place] = data.draw(st.integers(0, 255))
    end = data.draw(st.just(len(archive)) | st.integers(1, len(archive)))
    (tmp_path / "bad.zip").write_bytes(archive[:end])
    with suppress(ExportRefused):
        source = open_source(tmp_path / "bad.zip", "bad.zip")
        if slack.detect(source):
            load(source)
