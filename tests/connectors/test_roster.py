"""What the roster connector makes of hand-made tables, rule by rule."""

from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import roster
from connectors.roster_dates import AmbiguousOrder, OrderProof
from connectors.settings import RosterSettings, SourceSettings
from connectors.source import Source, open_source
from models.problems import ExportRefused, SettingsRefused
from tests.connectors.tables import tables_of

HEADER = "PersonId,EffectiveDate,ManagerId,Organization,LevelDesignation,Layer,Location,HireDate,FunctionType"


def load(source: Source, *, date_format: str | None = None,
         **columns: str | tuple[str, ...]) -> dict[str, pl.DataFrame]:
    """All frames by table, every one in its exact layout; asserts that no row was lost."""
    choice = SourceSettings(roster=RosterSettings(columns=columns, date_format=date_format))
    tables = tables_of(roster.read(source, choice))
    assert tables["capability"].rows() == [(False,) * 5]
    assert tables["coverage"].height == 0
    return tables


def written(folder: Path, *lines: str, encoding: str = "utf-8") -> Source:
    """A roster of these lines."""
    path = folder / "people.csv"
    path.write_bytes("\r\n".join((*lines, "")).encode(encoding))
    return open_source(path, "people.csv")


@pytest.fixture
def table(tmp_path):
    return partial(written, tmp_path)


def refusal(source: Source, **options: object) -> ExportRefused:
    with pytest.raises(ExportRefused) as caught:
        load(source, **options)
    assert "SECRET" not in str(caught.value)
    return caught.value


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return frame.select(columns).rows()


def test_a_row_becomes_one_person_row_with_all_its_columns(table):
    source = table(HEADER, "p1,2024-01-01,p0,Sales,Manager,2,Oslo,2020-05-06,Communications")
    assert roster.detect(source) == "roster-csv"
    tables = load(source)
    assert tables["person"].to_dicts() == [{
        "person": "p1", "valid_from": date(2024, 1, 1), "org_path": ["Sales"], "level": "Manager", "layer": 2,
        "manager": "p0", "location": "Oslo", "hired_on": date(2020, 5, 6), "left_on": None, "is_comms": True,
        "is_record": True, "member": "", "line": 2}]
    assert tables["person_identifier"].rows() == [("p1", "employee_number", "p1")]
    assert rows(tables["part"], "member", "n_read") == [("", 1)]


def test_any_headers_are_mapped_by_configuration(table):
    source = table("Emp,From,Boss,Company,Division,Team,Grade,Quit,Mail,Mail 2,Oid,No,Nick,Press",
                   "e1,2024-01-01,e0,ACME,Sales,East,G7,2024-12-31,a@x.org,b@x.org,o-1,77,ann,Yes",
                   "e2,2024-01-01,e0,ACME,,West,,,,,,,,no")
    assert roster.detect(source) is None
    tables = load(source, person_id="Emp", valid_from="From", manager_id="boss", level="Grade",
                  org_path=("Company", "Division", "Team"), left_on="Quit", email=("Mail", "Mail 2"),
                  directory_id="OID", employee_number="No", login="Nick", is_comms="Press")
    assert rows(tables["person"], "person", "manager", "org_path", "level", "left_on", "is_comms") == [
        ("e1", "e0", ["ACME", "Sales", "East"], "G7", date(2024, 12, 31), True),
        ("e2", "e0", ["ACME", "West"], None, None, False)]
    assert sorted(tables["person_identifier"].rows()) == [
        ("e1", "directory_id", "o-1"), ("e1", "email", "a@x.org"), ("e1", "email", "b@x.org"),
        ("e1", "employee_number", "77"), ("e1", "employee_number", "e1"), ("e1", "login", "ann"),
        ("e2", "employee_number", "e2")]


def test_headers_match_whatever_their_case(table):
    source = table("personid,EFFECTIVEDATE,organization", "p1,2024-01-01,Sales")
    assert roster.detect(source) == "roster-csv"
    assert rows(load(source)["person"], "person", "org_path") == [("p1", ["Sales"])]


def test_a_person_id_that_is_an_address_of_mail_identifies_by_it(table):
    identifiers = load(table("PersonId,Organization", "a@x.org,Sales"))["person_identifier"]
    assert identifiers.rows() == [("a@x.org", "employee_number", "a@x.org"), ("a@x.org", "email", "a@x.org")]


@pytest.mark.parametrize("header", ["PersonId,Name", "Organization,ManagerId", "Id,Organization",
                                    "platform,workspace,account,person_id", "PersonId", ""])
def test_tables_without_people_and_their_place_are_not_claimed(table, header):
    assert roster.detect(table(header, "1,2,3,4")) is None


def test_only_lone_csv_files_are_claimed(tmp_path):
    for name in ("people.txt", "folder.csv/people.csv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{HEADER}\n")
    assert roster.detect(open_source(tmp_path / "people.txt", "x")) is None
    assert roster.detect(open_source(tmp_path / "folder.csv", "x")) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_byte_order_marks_decide_the_encoding(table, encoding):
    source = table("PersonId,Organization", "Zoé,Sales", encoding=encoding)
    assert roster.detect(source) == "roster-csv"
    assert load(source)["person"]["person"].to_list() == ["Zoé"]


@pytest.mark.parametrize("missing", ["", "NA", "na", "null", "NULL", "N/A", "  "])
def test_na_null_and_nothing_are_missing_values(table, missing):
    tables = load(table(HEADER, f"p1,2024-01-01,{missing},{missing},{missing},{missing},{missing},{missing},{missing}"))
    assert rows(tables["person"], "manager", "org_path", "level", "layer", "location", "hired_on", "is_comms") == [
        (None, None, None, None, None, None, False)]


def test_who_is_their_own_manager_is_a_root(table):
    people = load(table("PersonId,ManagerId", "P1,p1", "p2,P1"))["person"]
    assert rows(people, "person", "manager") == [("P1", None), ("p2", "P1")]


def test_formula_like_values_are_plain_values(table):
    people = load(table("PersonId,Organization", '=1+1,"=HYPERLINK(""http://x"")"'))["person"]
    assert rows(people, "person", "org_path") == [("=1+1", ['=HYPERLINK("http://x")'])]


def test_a_snapshot_may_have_one_date_or_none(table):
    assert load(table("PersonId,Organization", "p1,A", "p2,B"))["person"]["valid_from"].to_list() == [None, None]
    assert load(table("PersonId,EffectiveDate", "p1,", "p2,NA"))["person"]["valid_from"].to_list() == [None, None]
    dated = load(table("PersonId,EffectiveDate", "p1,2024-01-01", "p2,2024-01-01"))["person"]
    assert dated["valid_from"].to_list() == [date(2024, 1, 1)] * 2


@pytest.mark.parametrize(("line", "rule"), [
    (",2024-01-01,p0,A,L,1,O,2020-01-01,F", "PPL-ROS-004"),
    ("NA,2024-01-01,p0,A,L,1,O,2020-01-01,F", "PPL-ROS-004"),
    ("p9,,p0,A,L,1,O,2020-01-01,F", "PPL-ROS-005"),
    ("p9,SECRET,p0,A,L,1,O,2020-01-01,F", "PPL-TIM-004"),
    ("p9,2024-02-30,p0,A,L,1,O,2020-01-01,F", "PPL-TIM-004"),
    ("p9,2024-01-01,p0,A,L,1,O,SECRET,F", "PPL-TIM-004"),
    ("p9,2024-01-01,p0,A,L,SECRET,O,2020-01-01,F", "PPL-CSV-008"),
    ("p9,2024-01-01,p0,A,L,-1,O,2020-01-01,F", "PPL-CSV-008"),
    ("p9,2024-01-01,p0,A,L,1.5,O,2020-01-01,F", "PPL-CSV-008"),
    ("p9,2024-01-01,p0,A,L,1,O", "PPL-CSV-001"),
    ("p9,2024-01-01,p0,A,L,1,O,2020-01-01,F,SECRET", "PPL-CSV-001"),
])
def test_a_faulty_row_is_put_aside_with_its_line_and_the_rest_is_loaded(table, line, rule):
    tables = load(table(HEADER, "p1,2024-01-01,p0,A,L,1,O,2020-01-01,F", line, "p2,2024-01-01,,,,,,,"))
    assert rows(tables["quarantine"], "member", "line", "rule") == [("", 3, rule)]
    assert "SECRET" not in tables["quarantine"]["message"][0]
    assert rows(tables["person"], "person", "line") == [("p1", 2), ("p2", 4)]


def test_who_left_before_being_hired_is_put_aside(table):
    source = table("PersonId,Organization,HireDate,Left", "p1,A,2024-02-01,2024-01-31", "p2,A,2024-02-01,2024-02-01")
    tables = load(source, left_on="Left")
    assert rows(tables["quarantine"], "line", "rule") == [(2, "PPL-ROS-006")]
    assert tables["person"]["left_on"].to_list() == [date(2024, 2, 1)]


@pytest.mark.parametrize(("values", "expected"), [
    (("2024-03-04", "2024-03-05T00:00:00"), (date(2024, 3, 4), date(2024, 3, 5))),
    (("03/04/2024", "31/12/2024"), (date(2024, 4, 3), date(2024, 12, 31))),
    (("10/1/2017", "1/13/2018"), (date(2017, 10, 1), date(2018, 1, 13))),
    (("01.02.2024", "2024-05-06", "13.02.2024"), (date(2024, 2, 1), date(2024, 5, 6), date(2024, 2, 13))),
])
def test_a_column_proves_its_own_order_of_day_and_month(table, values, expected):
    lines = (f"p{n},A,{value}" for n, value in enumerate(values))
    people = load(table("PersonId,Organization,HireDate", *lines))["person"]
    assert people["hired_on"].to_list() == list(expected)


@pytest.mark.parametrize("values", [("03/04/2024", "12/12/2024"), ("13/04/2024", "04/13/2024"), ("01-02-2024",)])
def test_an_order_that_nothing_proves_refuses_the_roster(table, values):
    lines = [f"p{n},A,{value}" for n, value in enumerate(values)]
    problem = refusal(table("PersonId,Organization,HireDate", *lines)).problem
    assert problem.code == "PPL-TIM-002"
    assert problem.what.startswith("date format is ambiguous")
    assert "hired_on" in problem.what


def test_one_column_proves_nothing_about_another(table):
    source = table("PersonId,EffectiveDate,HireDate", "p1,31/12/2024,01/02/2024")
    assert refusal(source).problem.code == "PPL-TIM-002"


def test_the_configured_format_decides_beside_iso(table):
    source = table("PersonId,Organization,HireDate", "p1,A,03/04/2024", "p2,A,2024-04-05", "p3,A,3.4.2024")
    tables = load(source, date_format="%d/%m/%Y")
    assert tables["person"]["hired_on"].to_list() == [date(2024, 4, 3), date(2024, 4, 5)]
    assert rows(tables["quarantine"], "line", "rule") == [(4, "PPL-TIM-004")]


@pytest.mark.parametrize("date_format", ["DD/MM/YYYY", "%d/%m", "%Q", ""])
def test_a_date_format_that_names_no_day_is_refused_as_a_setting(table, date_format):
    with pytest.raises(SettingsRefused):
        load(table("PersonId,Organization", "p1,A"), date_format=date_format)


def test_identical_rows_and_rows_of_other_days_stay(table):
    tables = load(table("PersonId,EffectiveDate,Organization", "p1,2024-01-01,A", "p1,2024-01-01,A", "p1,2024-02-01,B"))
    assert rows(tables["person"], "valid_from", "org_path") == [
        (date(2024, 1, 1), ["A"]), (date(2024, 1, 1), ["A"]), (date(2024, 2, 1), ["B"])]
    assert tables["person_identifier"].height == 1


@pytest.mark.parametrize(("lines", "code", "line"), [
    (("Person;Org", "1;2"), "PPL-CSV-003", 1),
    (("PersonId,Organization,organization", "1,2,3"), "PPL-CSV-004", 1),
    (("Id,Organization", "1,2"), "PPL-CSV-005", 1),
    (("PersonId,Organization", 'p1,"SECRET', "p2,A", "p3,A"), "PPL-CSV-002", 2),
])
def test_a_table_that_cannot_be_understood_is_refused_with_its_line(table, lines, code, line):
    problem = refusal(table(*lines)).problem
    assert (problem.code, problem.line) == (code, line)


def test_bytes_that_are_not_utf8_refuse_the_roster_with_their_line(table):
    problem = refusal(table("PersonId,Organization", "p1,A", "Zoé,A", encoding="cp1252")).problem
    assert (problem.code, problem.line) == ("PPL-TXT-002", 3)


def test_a_configured_header_that_is_not_there_refuses_the_roster(table):
    problem = refusal(table("PersonId,Organization", "p1,A"), left_on="Leaving").problem
    assert problem.code == "PPL-CSV-005"
    assert problem.what == "missing column(s) Leaving"


def test_a_header_without_rows_is_an_empty_roster(table):
    tables = load(table(HEADER))
    assert tables["person"].height == 0
    assert tables["part"]["n_read"].to_list() == [0]


def test_a_large_roster_is_handed_over_in_batches(table, monkeypatch):
    monkeypatch.setattr(roster, "BATCH_ROWS", 10)
    source = table("PersonId,Organization", *(f"p{n},A" for n in range(95)))
    frames = [frame for frame in roster.read(source, SourceSettings()) if frame.table == "person"]
    assert len(frames) == 10


def test_proof_of_an_order_needs_a_value_above_twelve():
    proof = OrderProof()
    assert proof.is_day_first() is False
    proof.add("2024-01-02")
    assert proof.is_day_first() is False
    proof.add("1/2/2024")
    with pytest.raises(AmbiguousOrder):
        proof.is_day_first()


def test_unknown_key_of_the_mapping_is_refused_by_name(table):
    with pytest.raises(SettingsRefused, match=r"^PPL-CFG-001 turnout\.toml: \[roster\] columns\.persn_id is not known"):
        load(table("PersonId,Organization", "a,X"), persn_id="PersonId")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_mutation_of_a_roster_raises_anything_but_a_refusal(tmp_path, data):
    content = bytearray(f"{HEADER}\np1,2024-01-01,p0,A,L,1,O,31/12/2020,F\n".encode())
    content += b"p2,2024-01-01,p1,B,L,2,O,01/12/2021,F\n"
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(start + 20, len(content))))
        content[start:end] = data.draw(st.one_of(st.binary(max_size=6), st.sampled_from(
            [b'"', b",", b"\r", b"\n", b"\n\n", b"\xff\xfe", b"\xef\xbb\xbf", b"99/99/9999", b"0000-00-00", b"\x00"])))
    path = tmp_path / "m.csv"
    path.write_bytes(bytes(content) or b" ")
    with suppress(ExportRefused):
        source = open_source(path, "m.csv")
        roster.detect(source)
        load(source)
