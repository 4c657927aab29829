"""The catalogue of bad inputs, rows B055 to B087: action, code, place, and that nothing is lost.

All data are synthetic. Messages are matched as the catalogue writes them, with the word `line` before a line.
"""

import re
import runpy
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from connectors import m365
from connectors.contract import FRAMES
from connectors.settings import SourceSettings
from connectors.source import Source
from models.problems import ExportRefused
from tests.pipelines import tiny
from tests.pipelines.runs import FACTS, run_models

OK = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("test_yammer.py"))))
BAD = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("test_yammer_bad.py"))))
HEADER, line = BAD.HEADER, BAD.line
HEX = "77E5979DD60BA6EAA53E814DBEEEFA5F"
REPLIES = "id,replied_to_id,thread_id,in_private_group,in_private_conversation,sender_id,api_url,created_at"
BERLIN = {"zone": "Europe/Berlin"}


def text(*rows: str, header: str = HEADER, end: str = "\n") -> bytes:
    return "".join(row + end for row in (header, *rows)).encode()


def reply(number: int, to: int, thread: int) -> str:
    return f"{number},{to},{thread},false,false,11,{OK.URL}{number},2024-01-10T12:00:00Z"


def users(*rows: tuple[int, str]) -> bytes:
    return OK.table(*(OK.user(number, email=email) for number, email in rows))


def report(*names: str) -> bytes:
    rows = [{"Report Refresh Date": "2024-01-07", "User Principal Name": name, "Last Activity Date": "",
             "Posted Count": "1", "Read Count": "2", "Liked Count": "3", "Report Period": "7"} for name in names]
    return tiny.csv_text(list(rows[0]), rows).encode()


GOOD = line(7, thread=7)
QUARANTINED = {
    "B055": (text(GOOD, line() + ",x"), "PPL-CSV-001", r"^PPL-CSV-001 \S+:line 3: \d+ fields, expected \d+", {}),
    "B056": (text(GOOD, "1"), "PPL-CSV-001", r"^PPL-CSV-001 \S+:line 3: 1 fields", {}),
    "B070": (text(*(line(number, thread=number) for number in range(30_000)), line("x", url=OK.URL + "30001")),
             "PPL-CSV-008", r"^PPL-CSV-008 \S+:line 30002: id is not an integer", {}),
    "B072-beyond": (text(GOOD, line("99999999999999999999")), "PPL-CSV-009",
                    r"^PPL-CSV-009 \S+:line 3: id .*spreadsheet", {}),
    "B072-decimals": (text(GOOD, f"1.5,1,false,false,11,{OK.URL}1.5,2024-01-10T12:00:00Z,x"), "PPL-CSV-009",
                      r"^PPL-CSV-009 \S+:line 3: id .*spreadsheet", {}),
    "B072-scientific": (text(GOOD, "1.23457E+15,1,false,false,11,,2024-01-10T12:00:00Z,x"), "PPL-CSV-009",
                        r"^PPL-CSV-009 \S+:line 3: id .*spreadsheet", {}),
    "B075": (text(GOOD, line(at="2024-01-01 24:00:00")), "PPL-TIM-004", r"^PPL-TIM-004 \S+:line 3", {}),
    "B075-declared": (text(GOOD, line(at="2024-01-01 24:00:00")), "PPL-TIM-004", r"^PPL-TIM-004 \S+:line 3", BERLIN),
    "B076": (text(GOOD, line(at="2024-03-31 02:30")), "PPL-TIM-005",
             r"^PPL-TIM-005 \S+:line 3: time does not exist in Europe/Berlin", BERLIN),
    "B076-undeclared": (text(GOOD, line(at="2024-03-31 02:30")), "PPL-TIM-004", r"^PPL-TIM-004 \S+:line 3", {}),
    "B078": (text(GOOD, line(at="infinity")), "PPL-TIM-004", r"^PPL-TIM-004 \S+:line 3", {}),
}
REFUSED = {
    "B057": ({"Messages.csv": text(GOOD, line() + ',"abc', line(8))}, "Messages.csv",
             r"^PPL-CSV-002 \S+:line 3: quote opened here never closes"),
    "B062": ({"Messages.csv": text(GOOD, line(body="caf")) + b"\xe9\n"}, "Messages.csv",
             r"^PPL-TXT-002 \S+:line 4: not UTF-8"),
    "B064-semicolon": ({"Messages.csv": b"id;b\n1;x\n", "Users.csv": users((11, "a@acme.example"))}, "Messages.csv",
                       r"^PPL-CSV-003 \S+: header has 1 column \(semicolon-separated\?\)"),
    "B064-tab": ({"Messages.csv": b"id\tb\n1\tx\n", "Users.csv": users((11, "a@acme.example"))}, "Messages.csv",
                 r"^PPL-CSV-003 \S+: header has 1 column \(tab-separated\?\)"),
    "B065": ({"Messages.csv": text(line() + ",1", header=HEADER + ",id")}, "Messages.csv",
             r"^PPL-CSV-004 \S+: column id appears 2 times"),
    "B066": ({"Messages.csv": text("1", header=HEADER.replace(",created_at", ""))}, "Messages.csv",
             r"^PPL-CSV-005 \S+: missing column\(s\) created_at"),
    "B068": ({"Messages.csv": text(line(), header=HEADER.replace("created_at", "Erstellt am"))}, "Messages.csv",
             r"^PPL-CSV-005 "),
    "B073": ({"Messages.csv": text(line(at="03/04/2024"))}, "Messages.csv",
             r"^PPL-TIM-002 \S+: date format is ambiguous"),
    "B084": ({"a.csv": report("ann@acme.example"), "b.csv": report(HEX)}, "b.csv", r"^PPL-YAM-004 "),
}
KEPT = {
    "B058": ({"Messages.csv": text(line(body='"a\nb"'), line(8))}, [(101, 2), (8, 4)]),
    "B059": ({"Messages.csv": text(line(), end="\r")}, [(101, 2)]),
    "B060": ({"Messages.csv": text(line(), end="\r\n") + text(line(8), header=line(9))}, [(101, 2), (9, 3), (8, 4)]),
    "B061": ({"Messages.csv": text(line()).decode().encode("utf-16")}, [(101, 2)]),
    "B063": ({"Messages.csv": b"\xef\xbb\xbf" + text(line())}, [(101, 2)]),
    "B071": ({"Messages.csv": text(line(body="x" * 5_000_000))}, [(101, 2)]),
    "B087": ({"Messages.csv": text(*(line(number, body=body) for number, body in enumerate(
        ("=HYPERLINK(CANARY)", "+1 CANARY", "-1 CANARY", "@CANARY", "\tCANARY", "\uff1dCANARY"), 1)))},
             [(number, number + 1) for number in range(1, 7)]),
}
NOTED = {
    "B067": ({"Messages.csv": text(line() + ",x", header=HEADER + ",mood")}, "Messages.csv",
             r"^PPL-CSV-006 \S+: 1 unknown column", 1, {}),
    "B069": ({"Messages.csv": text()}, "Messages.csv", r"^PPL-CSV-007 \S+: no rows", 1, {}),
    "B074": ({"Messages.csv": text(line(at="2016-12-31T23:59:60Z"))}, "Messages.csv", r"^PPL-TIM-003 \S+:line 2: ", 1,
             {}),
    "B077": ({"Messages.csv": text(line(at="2024-10-27 02:30"))}, "Messages.csv", r"^PPL-TIM-006 \S+:line 2: ", 1,
             BERLIN),
    "B079": ({"Messages.csv": text(reply(101, 50, 50), reply(102, 51, 50), header=REPLIES)}, "Messages.csv",
             r"^PPL-YAM-001 ", 2, {}),
    "B080": ({"Messages.csv": text(reply(101, 102, 101), reply(102, 101, 101), header=REPLIES)}, "Messages.csv",
             r"^PPL-YAM-002 ", 1, {}),
    "B083": ({"a.csv": report(HEX, HEX[::-1])}, "a.csv", r"^PPL-YAM-003 \S+: user names are concealed", 2, {}),
    "B085": ({"Users.csv": users((11, "Ann@acme.example"), (12, "ann@ACME.example"), (13, "re\u0301@x"),
                                 (14, "r\u00e9@x"), (15, "\u0130stanbul@x"), (16, "istanbul@x"), (17, "a.nn@x"),
                                 (18, "ann+tag@x"))}, "Users.csv", r"^PPL-IDN-001 ", 2, {}),
    "B086": ({"Users.csv": users((11, "ann@acme.example"), (12, "ann@acme.example"))}, "Users.csv", r"^PPL-IDN-002 ",
             1, {}),
}


def load(source: Source, settings: dict[str, object]) -> dict[str, pl.DataFrame]:
    """The frames of a Yammer export or of a zip of reports; the row equation holds."""
    if m365.detect(source) is None:
        return OK.load(source, **settings)
    frames = list(m365.read(source, SourceSettings(**settings)))
    tables = {name: pl.concat([one.rows for one in frames if one.table == name]) if name in
              {one.table for one in frames} else pl.DataFrame(schema=dict(FRAMES[name])) for name in FRAMES}
    n_other = tables["exclusion"]["n_records"].sum() + tables["quarantine"].height
    assert tables["part"]["n_read"].sum() == tables["usage"]["is_record"].sum() + n_other
    return tables


def shown(code: str, member: str, at_line: int | None, message: str) -> str:
    place = f"export.zip!{member}" + (f":line {at_line}" if at_line is not None else "")
    return f"{code} {place}: {message}"


@pytest.mark.parametrize("row", QUARANTINED)
def test_a_bad_row_goes_into_quarantine_alone(tmp_path, row):
    data, code, pattern, settings = QUARANTINED[row]
    tables = load(OK.packed(tmp_path, {"Messages.csv": data}), settings)
    (kept,) = tables["quarantine"].to_dicts()
    assert kept["rule"] == code
    assert re.search(pattern, shown(kept["rule"], kept["member"], kept["line"], kept["message"]))
    assert tables["event"].height == tables["part"]["n_read"].sum() - 1


@pytest.mark.parametrize("row", REFUSED)
def test_a_bad_file_is_refused_at_its_place(tmp_path, row):
    members, member, pattern = REFUSED[row]
    with pytest.raises(ExportRefused) as refused:
        load(OK.packed(tmp_path, members), {})
    problem = refused.value.problem
    assert (problem.file, problem.member) == ("export.zip", member)
    named = [None, problem.line]
    assert any(re.search(pattern, shown(problem.code, member, one, problem.what)) for one in named)


@pytest.mark.parametrize("row", KEPT)
def test_what_looks_odd_and_is_sound_is_kept(tmp_path, row):
    members, expected = KEPT[row]
    tables = load(OK.packed(tmp_path, members), {})
    assert tables["event"].select("event_number", "line").rows() == expected
    assert tables["quarantine"].is_empty()
    assert "CANARY" not in repr([table.to_dicts() for table in tables.values()])


@pytest.mark.parametrize("row", NOTED)
def test_what_is_wrong_and_kept_is_noted(tmp_path, row):
    members, member, pattern, n_records, settings = NOTED[row]
    tables = load(OK.packed(tmp_path, members), settings)
    assert tables["quarantine"].is_empty()
    (note,) = tables["note"].filter(pl.col("rule") != "PPL-YAM-011").to_dicts()
    assert re.search(pattern, shown(note["rule"], note["member"], note["line"], note["message"]))
    assert (note["member"], note["n_records"]) == (member, n_records)


@pytest.mark.parametrize(("at", "expected"), [
    ("2016-12-31T23:59:60Z", datetime(2017, 1, 1)), ("2024-10-27 02:30", datetime(2024, 10, 27, 0, 30)),
    ("2024-07-01T12:00:00", datetime(2024, 7, 1, 10)), ("2024-07-01T12:00:00Z", datetime(2024, 7, 1, 12)),
], ids=["B074", "B077", "summer", "utc"])
def test_a_time_is_read_as_the_catalogue_says(tmp_path, at, expected):
    tables = load(OK.packed(tmp_path, {"Messages.csv": text(line(at=at))}), BERLIN)
    assert tables["event"]["occurred_at"].to_list() == [expected]


@pytest.mark.parametrize("edges", [
    [(101, 102), (102, 101)], [(101, 101)], [(101, 103), (102, 101), (103, 102), (104, 102)],
], ids=["B080-two", "B080-itself", "B080-three"])
def test_a_circle_of_replies_is_cut_at_its_lowest_id(tmp_path, edges):
    rows = [reply(number, to, 50) for number, to in edges]
    orders: list[Callable[[list[str]], list[str]]] = [list, lambda given: given[::-1]]
    for order in orders:
        tables = load(OK.packed(tmp_path, {"Messages.csv": text(*order(rows), header=REPLIES)}), {})
        targets = dict(tables["event"].select("event_number", "target_number").rows())
        assert targets == {**dict(edges), 101: None}
        assert tables["note"].filter(rule="PPL-YAM-002")["n_records"].to_list() == [1]


def test_an_identical_copy_is_merged_and_counted_B081(tmp_path):
    row = tiny.yammer_row(101, date(2024, 1, 10), 11)
    tiny.yammer_zip(tmp_path / "drop" / "a.zip", date(2024, 1, 1), date(2024, 2, 1), [], [row, row])
    done = run_models(tmp_path / "drop", tmp_path / "out", platforms=("yammer",), tables=FACTS)
    assert done.one("select count(*) from fct_event") == 1
    assert done.rows("select n_read, n_accepted, n_duplicate from export_file") == [(3, 2, 1)]


def test_both_rows_of_a_contested_id_go_into_quarantine_B082(tmp_path):
    tables = load(OK.packed(tmp_path, {"Messages.csv": text(line(7), line(7, sender=12), line(8))}), {})
    assert tables["event"]["event_number"].to_list() == [8]
    for (_, found, rule, message), other in zip(tables["quarantine"].rows(), (3, 2), strict=True):
        assert re.search(rf"^PPL-DUP-004 \S+:line \d+: id conflicts with line {other}",
                         shown(rule, "Messages.csv", found, message))
