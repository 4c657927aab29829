"""What the reader of Confluence's data pipeline makes of its CSV files, alone and as one job."""

import zipfile
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from connectors import confluence_pipeline
from connectors.settings import SourceSettings
from connectors.source import Source, open_source
from models.problems import ExportRefused
from tests.connectors.tables import tables_of

URL = "https://wiki.example.org"
USERS = ["instance_url,user_id,user_name,user_fullname,user_email", f"{URL},u1,ann,Ann A,ann@example.org",
         f"{URL},u2,bob,Bob B,"]
SPACES = ["space_key,instance_url,space_url,homepage_url,space_name,space_type,space_status,creator_id,"
          "last_modifier_id,created_date,updated_date",
          f"DEV,{URL},x,x,Development,global,current,u1,u1,2020-01-01T00:00:00Z,2020-01-01T00:00:00Z",
          f"~jdoe,{URL},x,x,Jane Doe,personal,current,u1,u1,2020-01-01T00:00:00Z,2020-01-01T00:00:00Z"]
PAGES = ["page_id,instance_url,space_key,page_url,page_type,page_title,page_status,page_content,page_version,"
         "creator_id,last_modifier_id,created_date,updated_date",
         f"10,{URL},DEV,x,page,T,current,\"one\ntwo\",3,u1,u2,2024-03-01T10:00:00Z,2024-03-05T10:00:00Z",
         f"11,{URL},DEV,x,blogpost,T,current,x,1,u9,u9,2024-03-02T10:00:00.500Z,2024-03-02T10:00:00Z",
         f"12,{URL},~jdoe,x,page,T,current,x,1,u1,u1,2024-03-02T10:00:00Z,2024-03-02T10:00:00Z",
         f"13,{URL},DEV,x,page,T,draft,x,1,u1,u1,2024-03-02T10:00:00Z,2024-03-02T10:00:00Z",
         f"14,{URL},DEV,x,page,T,trashed,x,1,u1,u1,2024-03-02T10:00:00Z,2024-03-02T10:00:00Z"]
COMMENTS = ["comment_id,instance_url,page_id,creator_id,created_date",
            f"20,{URL},10,u2,2024-03-03T10:00:00Z", f"21,{URL},12,u2,2024-03-03T10:00:00Z",
            f"22,{URL},99,u2,2024-03-03T10:00:00Z"]
JOB = {"users": USERS, "spaces": SPACES, "pages": PAGES, "comments": COMMENTS}


def job(folder: Path, tables: dict[str, list[str]], number: int = 7) -> Source:
    folder = folder / "job"
    folder.mkdir(exist_ok=True)
    for name, lines in tables.items():
        (folder / f"{name}_job{number}_v1_20240401.csv").write_bytes(("\r\n".join(lines) + "\r\n").encode())
    return open_source(folder, "job")


def lone(folder: Path, lines: list[str], name: str = "x.csv") -> Source:
    (folder / name).write_bytes(("\r\n".join(lines) + "\r\n").encode())
    return open_source(folder / name, name)


def load(source: Source, settings: SourceSettings | None = None) -> dict[str, pl.DataFrame]:
    tables = tables_of(confluence_pipeline.read(source, settings or SourceSettings()))
    assert tables["capability"].rows() == [(False, False, False, False, False)]
    return tables


def rows(table: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return sorted(table.select(columns).rows(), key=repr)


def test_a_job_gives_creations_comments_and_the_latest_change_that_counts_for_nothing(tmp_path):
    source = job(tmp_path, JOB)
    assert confluence_pipeline.detect(source) == "confluence-pipeline"
    tables = load(source)
    assert rows(tables["event"], "action", "event_scope", "occurred_at", "account", "actor_kind", "is_contribution",
                "is_record", "space", "thread_number", "target_account") == [
        ("comment", "content", datetime(2024, 3, 3, 10), "u2", "human", True, True, "DEV", 10, "u1"),
        ("create", "content", datetime(2024, 3, 1, 10), "u1", "human", True, True, "DEV", 10, None),
        ("create", "content", datetime(2024, 3, 2, 10, 0, 0, 500000), "u9", "external", True, True, "DEV", 11, None),
        ("edit", "revision", datetime(2024, 3, 5, 10), "u2", "human", False, False, "DEV", 10, None)]
    assert rows(tables["exclusion"], "member", "rule", "n_records") == [
        ("comments_job7_v1_20240401.csv", "no_page", 1), ("comments_job7_v1_20240401.csv", "personal_space", 1),
        ("pages_job7_v1_20240401.csv", "deleted", 1), ("pages_job7_v1_20240401.csv", "draft", 1),
        ("pages_job7_v1_20240401.csv", "personal_space", 1), ("spaces_job7_v1_20240401.csv", "personal_space", 1)]
    assert rows(tables["note"], "rule", "n_records") == [
        ("PPL-PRV-002", 1), ("PPL-PRV-003", 2), ("PPL-WIK-002", 1)]
    assert rows(tables["account_identifier"], "account", "kind", "identifier") == [
        ("u1", "email", "ann@example.org"), ("u1", "login", "ann"), ("u2", "login", "bob")]
    assert tables["coverage"].rows() == [("confluence", date(2024, 3, 1), date(2024, 3, 5), False)]
    assert rows(tables["event"].filter(pl.col("thread_number") == 11), "line", "member", "workspace") == [
        (4, "pages_job7_v1_20240401.csv", "confluence")]


@pytest.mark.parametrize("bad", [pytest.param("B103", id="B103")])
def test_a_personal_space_names_nobody_and_is_read_only_if_asked_for(tmp_path, bad):
    tables = load(job(tmp_path, JOB))
    shown = [*tables["note"]["message"], *tables["exclusion"]["message"], *tables["space"]["label"].drop_nulls()]
    assert not any(word in line for line in shown for word in ("jdoe", "Jane"))
    assert tables["space"]["space"].to_list() == ["DEV"]
    read = load(job(tmp_path, JOB), SourceSettings(include=("public", "private")))
    assert rows(read["space"], "space", "visibility", "label") == [
        ("DEV", "public", "Development"), ("~jdoe", "private", None)]
    assert read["event"].height == 6


def test_a_zip_of_a_job_is_one_too_and_other_files_or_jobs_beside_it_make_it_none(tmp_path):
    path = tmp_path / "job.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("7/pages_job7_v1_1.csv", "\n".join(PAGES))
        archive.writestr("7/comments_job7_v1_1.csv", "\n".join(COMMENTS))
    assert load(open_source(path, "job.zip"))["event"].height == 4
    job(tmp_path, {"users": USERS}, 7)
    assert confluence_pipeline.detect(job(tmp_path, {"spaces": SPACES}, 8)) is None
    (tmp_path / "other").mkdir()
    job(tmp_path / "other", {"users": USERS})
    (tmp_path / "other" / "job" / "notes.csv").write_text("a,b\n1,2\n")
    assert confluence_pipeline.detect(open_source(tmp_path / "other" / "job", "job")) is None
    assert confluence_pipeline.detect(open_source(tmp_path, "x")) is None


@pytest.mark.parametrize(("name", "table", "n_rows"), [
    ("users", "account", 2), ("spaces", "space", 1), ("pages", "event", 3), ("comments", "event", 0),
])
def test_each_file_can_stand_alone(tmp_path, name, table, n_rows):
    source = lone(tmp_path, JOB[name])
    assert confluence_pipeline.detect(source) == "confluence-pipeline"
    assert load(source)[table].height == n_rows


def test_comments_with_the_key_of_their_space_need_no_pages(tmp_path):
    header, row = COMMENTS[0], COMMENTS[1]
    tables = load(lone(tmp_path, [f"{header},space_key", f"{row},DEV", f"{row.replace('20,', '23,', 1)},~jdoe"]))
    assert rows(tables["event"], "space", "thread_number", "target_account") == [("DEV", 10, None)]
    assert rows(tables["exclusion"], "rule", "n_records") == [("personal_space", 1)]


def test_events_of_analytics_are_counted_in_a_job_and_refused_alone(tmp_path):
    lines = ["instance_url,event_id,event_name,Jane Doe", f"{URL},1,page_viewed,x"]
    tables = load(job(tmp_path, {**JOB, "analytics_events": lines}))
    assert ("analytics_event", 1) in rows(tables["exclusion"], "rule", "n_records")
    source = lone(tmp_path, lines, "analytics_events_job7_v1_1.csv")
    assert confluence_pipeline.detect(source) == "confluence-pipeline"
    with pytest.raises(ExportRefused) as caught:
        load(source)
    assert str(caught.value).startswith(
        "PPL-WIK-010 analytics_events_job7_v1_1.csv: events of analytics are not supported; it has instance_url, "
        "event_id, event_name; nothing")


@pytest.mark.parametrize(("lines", "what"), [
    ([PAGES[0].replace("creator_id", "author")], "pages without column(s) creator_id; it has page_id, instance_url"),
    ([COMMENTS[0].replace("page_id", "place")], "comments without column(s) page_id; it has comment_id, instance_url"),
    ([COMMENTS[0].replace("created_date", "made")], "comments without column(s) created_date; it has comment_id"),
])
def test_columns_of_another_name_refuse_the_file_with_a_list_of_what_it_has(tmp_path, lines, what):
    with pytest.raises(ExportRefused) as caught:
        load(lone(tmp_path, lines))
    assert (caught.value.problem.code, caught.value.problem.file) == ("PPL-WIK-010", "x.csv")
    assert what in caught.value.problem.what


def test_unknown_columns_are_counted(tmp_path):
    tables = load(lone(tmp_path, [f"{USERS[0]},shoe_size", f"{USERS[1]},42"]))
    assert rows(tables["note"], "rule", "message") == [("PPL-CSV-006", "1 unknown column(s); not read")]


@pytest.mark.parametrize(("name", "row", "code"), [
    ("pages", "1,2", "PPL-CSV-001"), ("pages", PAGES[2].replace("11,", "x,", 1), "PPL-WIK-003"),
    ("pages", PAGES[2].replace("2024-03-02T10:00:00.500Z", ""), "PPL-TIM-004"),
    ("comments", COMMENTS[1].replace("20,", ",", 1), "PPL-WIK-003"),
    ("comments", COMMENTS[1].replace("2024-03-03", "2024-02-30"), "PPL-TIM-004"),
    ("users", f"{URL},,ann,Ann A,", "PPL-WIK-003"), ("spaces", SPACES[1].replace("DEV", "", 1), "PPL-WIK-003"),
])
def test_a_bad_row_is_kept_by_its_line_and_the_others_are_read(tmp_path, name, row, code):
    good = load(job(tmp_path, JOB))
    tables = load(job(tmp_path, {**JOB, name: [JOB[name][0], row, *JOB[name][1:]]}))
    assert rows(tables["quarantine"], "line", "rule") == [(2, code)]
    assert all(tables[each].height == good[each].height for each in ("event", "account", "space"))


@pytest.mark.parametrize(("zone", "hour", "n_noted"), [(None, 10, 3), ("Europe/Berlin", 9, 0)])
def test_times_without_a_zone_are_read_in_the_set_one_or_noted(tmp_path, zone, hour, n_noted):
    tables = load(lone(tmp_path, [line.replace("Z,", ",").replace(":00Z", ":00") for line in PAGES]),
                  SourceSettings(zone=zone))
    assert {at.hour for at in tables["event"]["occurred_at"]} == {hour}
    assert sum(tables["note"].filter(pl.col("rule") == "PPL-TIM-008")["n_records"]) == n_noted


def test_a_latest_change_without_time_leaves_the_creation(tmp_path):
    tables = load(lone(tmp_path, [PAGES[0], PAGES[1].replace("2024-03-05T10:00:00Z", "")]))
    assert tables["event"]["action"].to_list() == ["create"]
    assert "PPL-WIK-009" in tables["note"]["rule"].to_list()
