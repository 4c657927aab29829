"""Bad Yammer exports: what is kept in quarantine, what refuses the export, and that no message shows a value."""

import runpy
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import yammer
from connectors.source import open_source
from models.problems import ExportRefused

OK = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("test_yammer.py"))))
HEADER = "id,thread_id,in_private_group,in_private_conversation,sender_id,api_url,created_at,body"


def line(number: object = 101, *, thread: object = 101, private: str = "false", sender: object = 11,
         url: str | None = None, at: str = "2024-01-10T12:00:00Z", body: str = "x") -> str:
    return f"{number},{thread},false,{private},{sender},{url or f'{OK.URL}{number}'},{at},{body}"


def load(folder: Path, text: bytes | str, **others: bytes) -> dict[str, object]:
    data = text if isinstance(text, bytes) else text.encode()
    return OK.load(OK.packed(folder, {"Messages.csv": data, **others}))


@pytest.mark.parametrize(("row", "code", "what"), [
    ("3,4,5", "PPL-CSV-001", "3 fields, expected 8"),
    (line() + ",VALUE", "PPL-CSV-001", "9 fields, expected 8"),
    ("VALUE", "PPL-CSV-001", "1 fields, expected 8"),
    (line("VALUE"), "PPL-CSV-008", "id is not an integer"),
    (line("VALUE", url=OK.URL + "102"), "PPL-CSV-008", "id is not an integer"),
    ("2.00034E+15,101,false,false,11,,2024-01-10T12:00:00Z,x", "PPL-CSV-009", "id was damaged by a spreadsheet"),
    (line("99999999999999999999"), "PPL-CSV-009", "id was damaged by a spreadsheet"),
    (line("9223372036854775808"), "PPL-CSV-009", "id was damaged by a spreadsheet"),
    (line(thread="2.00034E+15"), "PPL-CSV-009", "thread_id was damaged by a spreadsheet"),
    (line(thread="VALUE"), "PPL-CSV-008", "thread_id is not an integer"),
    (line(thread="-5"), "PPL-CSV-008", "thread_id is not an integer"),
    (line(thread="\u0661"), "PPL-CSV-008", "thread_id is not an integer"),
    (line(sender=""), "PPL-CSV-008", "sender_id is not an integer"),
    (line(private="WAHR"), "PPL-CSV-010", "in_private_conversation is neither true nor false"),
    (line(private=""), "PPL-CSV-010", "in_private_conversation is neither true nor false"),
    (line(at="2024-01-01 24:00:00 UTC"), "PPL-TIM-004", "created_at is no time that exists"),
    (line(at="2024-02-30T00:00:00Z"), "PPL-TIM-004", "created_at is no time that exists"),
    (line(at="2024-01-01T10:00:00"), "PPL-TIM-004", "created_at has no known time format"),
    (line(at="2024-01-01T10:00:00+02:00"), "PPL-TIM-004", "created_at has no known time format"),
    (line(at="infinity"), "PPL-TIM-004", "created_at has no known time format"),
    (line(at=""), "PPL-TIM-004", "created_at has no known time format"),
    (line(at="2024-W01-1T00:00:00Z"), "PPL-TIM-004", "created_at has no known time format"),
])
def test_a_bad_row_is_kept_by_its_line_and_the_others_are_read(tmp_path, row, code, what):
    good = line(7, thread=7, body='"two\nlines"')
    tables = load(tmp_path, f"{HEADER}\n{good}\n{row}\n{line(8)}\n")
    assert tables["event"]["event_number"].to_list() == [7, 8]
    (kept,) = tables["quarantine"].to_dicts()
    assert (kept["member"], kept["line"], kept["rule"]) == ("Messages.csv", 4, code)
    assert what in kept["message"]
    assert "VALUE" not in kept["message"]


def test_an_id_of_two_senders_keeps_both_rows_out_and_an_identical_copy_is_left_to_the_merge(tmp_path):
    rows = [line(7), line(7, sender=12), line(8), line(8)]
    tables = load(tmp_path, "\n".join([HEADER, *rows]))
    assert tables["event"]["event_number"].to_list() == [8, 8]
    assert tables["quarantine"].select("line", "rule").rows() == [(2, "PPL-DUP-004"), (3, "PPL-DUP-004")]


def test_a_message_after_the_requested_period_is_kept_out(tmp_path):
    request = {"request.txt": b"2024-01-01T00:00:00Z 2024-01-10T00:00:00Z"}
    tables = load(tmp_path, f"{HEADER}\n{line(at='2024-01-11T00:00:01Z')}\n{line(7)}", **request)
    assert tables["quarantine"].select("line", "rule").rows() == [(2, "PPL-TIM-001")]


@pytest.mark.parametrize(("text", "code", "at_line", "what"), [
    (f"{HEADER}\n{line(7)}\n{line(url='VALUE')}", "PPL-YAM-006", 3, "columns are shifted"),
    (f"{HEADER}\n{line(url=OK.URL + '102')}", "PPL-YAM-006", 2, "columns are shifted"),
    (f"{HEADER}\nVALUE,{line().rpartition(',')[0]}", "PPL-YAM-006", 2, "columns are shifted"),
    (f"{HEADER}\nx,{line()}\nx,{line()}", "PPL-CSV-001", 2, "9 fields, expected 8, in every row"),
    (f'{HEADER}\n{line(7)}\n{line()},"VALUE\n{line(8)}\n', "PPL-CSV-002", 3, "quote opened here never closes"),
    (f'{HEADER}\n"7","a\nb\n","VALUE\n{line(8)}\n', "PPL-CSV-002", 4, "quote opened here never closes"),
    (f'{HEADER}\n{line(7)}\n"VALUE"x,{line()}\n', "PPL-CSV-002", 3, "a closing quote is followed by text"),
    (HEADER.replace(",", ";").replace("created_at", "at") + "\n", "PPL-CSV-003", 1,
     "header has 1 column (semicolon-separated?)"),
    (HEADER.replace(",", "\t").replace("created_at", "at") + "\n", "PPL-CSV-003", 1,
     "header has 1 column (tab-separated?)"),
    (f"{HEADER},id\n{line()},1", "PPL-CSV-004", None, "column id appears 2 times"),
    (HEADER.replace("created_at", "Erstellt am") + f"\n{line()}", "PPL-CSV-005", None, "missing column(s) created_at"),
    (f"{HEADER}\n{line(at='03/04/2024')}", "PPL-TIM-002", 2, "date format is ambiguous in column created_at"),
    (f"{HEADER}\n{line(at='3.4.2024 10:00')}", "PPL-TIM-002", 2, "date format is ambiguous in column created_at"),
    (f"{HEADER}\n{line(7)}\n{line(body='caf')}".encode() + b"\xe9VALUE\n", "PPL-TXT-002", 3, "not UTF-8"),
])
def test_a_fault_of_the_whole_file_refuses_the_export_at_its_line(tmp_path, text, code, at_line, what):
    with pytest.raises(ExportRefused) as refused:
        load(tmp_path, text)
    problem = refused.value.problem
    assert (problem.code, problem.file, problem.member, problem.line) == (code, "export.zip", "Messages.csv", at_line)
    assert what in problem.what
    assert "VALUE" not in str(problem)


@pytest.mark.parametrize(("log", "is_refused"), [
    ("Number of exported MESSAGES: 2", False), ("Number of exported MESSAGES: 3", True),
    ("Number of exported OUTBOUND MESSAGES: 9", False), ("Number of exported USERS: 1", True),
    ("Number of exported FILES: 9\r\nNumber of exported MESSAGES: 2\r\n", False), ("", False),
])
def test_the_log_must_announce_as_many_distinct_records_as_there_are(tmp_path, log, is_refused):
    text = "\n".join([HEADER, line(7), line(7), line(8)])
    if is_refused:
        with pytest.raises(ExportRefused, match=r"PPL-YAM-005 export.zip!log.txt: log.txt announces \d \w+"):
            load(tmp_path, text, **{"log.txt": log.encode()})
    else:
        assert load(tmp_path, text, **{"log.txt": log.encode()})["event"].height == 3


@pytest.mark.parametrize("data", [
    f"{HEADER}\n{line()}\n".encode("utf-8-sig"), f"{HEADER}\n{line()}\n".encode("utf-16"),
    f"{HEADER}\r{line()}\r".encode(), f"{HEADER}\r\n{line()}".encode(), f"{HEADER}\n{line()}\n\n\n".encode(),
    f"{HEADER}\n{line(body='x' * 5_000_000)}".encode(), f"{HEADER}\n{line(body='a' + chr(0) + 'b')}".encode(),
])
def test_marks_line_ends_and_huge_fields_do_no_harm(tmp_path, data):
    tables = load(tmp_path, data)
    assert tables["event"].select("event_number", "line").rows() == [(101, 2)]


def test_a_table_without_rows_is_an_empty_export(tmp_path):
    tables = load(tmp_path, HEADER + "\n")
    assert (tables["event"].height, tables["coverage"].height) == (0, 0)


def test_a_bad_user_or_group_is_kept_out(tmp_path):
    members = OK.export(Users_csv=OK.table(OK.user("x"), OK.user(11)),
                        Groups_csv=OK.table(OK.group(8, private="perhaps"), OK.group("x"), OK.group(9, created_at="x")))
    tables = OK.load(OK.packed(tmp_path, members))
    assert sorted(tables["quarantine"].select("member", "line", "rule").rows()) == [
        ("Groups.csv", 2, "PPL-CSV-010"), ("Groups.csv", 3, "PPL-CSV-008"), ("Groups.csv", 4, "PPL-TIM-004"),
        ("Users.csv", 2, "PPL-CSV-008"),
    ]


def test_a_damaged_table_of_the_right_name_is_claimed_and_refused(tmp_path):
    OK.packed(tmp_path, OK.export())
    data = bytearray((tmp_path / "export.zip").read_bytes())
    data[data.index(b"in_private_group")] ^= 1
    (tmp_path / "export.zip").write_bytes(data)
    source = open_source(tmp_path / "export.zip", "export.zip")
    assert yammer.detect(source) == "yammer-export"
    with pytest.raises(ExportRefused, match="PPL-ZIP-005"):
        OK.load(source)


BRIEFLY = settings(max_examples=100, deadline=None, derandomize=True,
                   suppress_health_check=[HealthCheck.function_scoped_fixture])
VALID = OK.export(OK.message(), OK.message(102, thread_id=101, replied_to_id=101), MessageVersions_csv=OK.table(
    {"message_id": 101, "updated_at": "2024-01-11T00:00:00Z"}))


@BRIEFLY
@given(st.sampled_from(sorted(VALID)), st.data())
def test_no_change_of_a_byte_and_no_cut_does_more_than_refuse_the_export(tmp_path, member, data):
    text = bytearray(VALID[member])
    for place in data.draw(st.lists(st.integers(0, len(text) - 1), max_size=3)):
        text[place] = data.draw(st.integers(0, 255) | st.sampled_from(b'",\r\n\0'))
    end = data.draw(st.just(len(text)) | st.integers(0, len(text)))
    source = OK.packed(tmp_path, {**VALID, member: bytes(text[:end])})
    if yammer.detect(source):
        with suppress(ExportRefused):
            OK.load(source)
