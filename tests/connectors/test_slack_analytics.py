"""Slack's own figures: the sample company's files, a real overview, and small files made here."""

import csv
import gzip
import io
import json
import zipfile
from collections import defaultdict
from contextlib import suppress
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from connectors import slack_analytics_reader as slack_analytics
from connectors.contract import FRAMES
from connectors.inventory import find_exports
from connectors.settings import SourceSettings
from connectors.source import Source, open_source
from models.problems import ExportRefused
from tests.connectors.tables import Tables, tables_of

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "data_samples" / "acme" / "slack-analytics"
OVERVIEW = ROOT.parent / "shared" / "data" / "slack" / "analytics_overview_nhsr.csv"


def load(source: Source, **choices: object) -> Tables:
    assert slack_analytics.detect(source) is not None
    frames = list(slack_analytics.read(source, SourceSettings(**choices)))
    assert not any(frame.rows.is_empty() for frame in frames)
    tables = tables_of(frames)
    assert tables["coverage"].is_empty()
    return tables


def member(user: str = "U1", **fields: object) -> dict[str, object]:
    return {"enterprise_id": "E1", "team_id": "T1", "date": "2026-07-01", "user_id": user, "is_guest": False,
            "email_address": "Ann@acme.example", "enterprise_employee_number": "7", "is_active": True,
            "reactions_added_count": 2, "messages_posted_count": 3, "channel_messages_posted_count": 1, **fields}


def channel(**fields: object) -> dict[str, object]:
    return {"enterprise_id": "E1", "originating_team": {"team_id": "T1", "name": "CANARY"}, "channel_id": "C1",
            "visibility": "public", "messages_posted_count": 9, "messages_posted_by_members_count": 7,
            "members_who_posted_count": 2, "members_who_viewed_count": 20, "reactions_added_count": 4,
            "date": "2026-07-01", **fields}


def lines(*rows: object) -> bytes:
    return "".join(f"{json.dumps(row, separators=(',', ':'))}\n" for row in rows).encode()


@pytest.fixture
def read(tmp_path):
    def read_bytes(data: bytes, name: str = "day.json", **choices: object) -> Tables:
        (tmp_path / name).write_bytes(data)
        return load(open_source(tmp_path / name, name), **choices)

    return read_bytes


def test_the_sample_company_files_agree_with_their_truth():
    truth = json.loads((SAMPLES.parents[1] / "acme_truth.json").read_text(encoding="utf-8"))["usage"]["slack"]
    found = find_exports(SAMPLES, lambda file: SourceSettings(), ignore=frozenset())
    assert {one.connector.name for one in found if one.connector} == {"slack_analytics"}
    usage = pl.concat([load(one.source)["usage"] for one in found if one.source])
    members, channels = usage.filter(pl.col("account").is_not_null()), usage.filter(pl.col("account").is_null())
    assert members.height == truth["rows"]
    assert members["period_from"].n_unique() == truth["days"]
    assert members["is_active"].sum() == truth["active_days"]
    assert (members["n_posted"].sum(), members["n_reacted"].sum()) == (truth["posted"], truth["reacted"])
    for monday, week in truth["weeks"].items():
        of_week = members.filter(pl.col("period_from").dt.truncate("1w") == date.fromisoformat(monday))
        assert of_week.height == week["rows"]
        assert of_week["n_posted"].sum() == week["posted"]
        assert of_week.filter("is_active")["account"].n_unique() == week["active"]
    day = truth["channel_day"]
    assert channels["period_from"].unique().to_list() == [date.fromisoformat(day["day"])]
    assert (channels.height, channels["n_posted"].sum()) == (day["rows"], day["by_members"])
    assert channels["n_active_accounts"].sum() == day["viewers"]
    assert channels["n_posting_accounts"].sum() == day["posters"]
    assert usage["workspace"].unique().to_list() == ["T0ACMEHQ01"]


@pytest.mark.real_data
@pytest.mark.skipif(not OVERVIEW.is_file(), reason="the real overview does not lie beside the checkout")
def test_a_real_overview_is_read_as_a_plain_reader_reads_it():
    with OVERVIEW.open(encoding="utf-8-sig", newline="") as stream:
        plain = list(csv.DictReader(stream))
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    by_day: dict[date, tuple[int, int, int]] = {}
    by_week: dict[date, tuple[int, int, None]] = {}
    n_direct = n_all = 0
    for row in plain:
        day, month, year = map(int, row["Date"].split("/"))
        active, posting = int(row["Daily active members"]), int(row["Daily members posting messages"])
        messages = [int(row[f"Messages in {place}"]) for place in ("public channels", "private channels", "DMs")]
        weekly = int(row["Weekly active members"]), int(row["Weekly members posting messages"])
        sums[year] = [a + b for a, b in zip(sums[year], (active, *weekly), strict=True)]
        by_day[date(year, month, day)] = active, posting, sum(messages)
        by_week[date(year, month, day)] = *weekly, None
        n_direct, n_all = n_direct + messages[2], n_all + sum(messages)
    assert [round(sums[year][0] / sums[year][1], 4) for year in range(2020, 2024)] == [0.4303, 0.3907, 0.3791, 0.3849]
    assert [round(sums[year][2] / sums[year][1], 4) for year in range(2020, 2024)] == [0.3127, 0.2860, 0.2664, 0.2676]
    assert round(n_direct / n_all, 3) == 0.685
    tables = load(open_source(OVERVIEW, OVERVIEW.name), workspace="nhsr")
    assert tables["usage"].height == 2 * len(by_day) == 2 * 1354
    figures = "period_to", "n_active_accounts", "n_posting_accounts", "n_posted"
    days = tables["usage"].filter("is_record", pl.col("period_from") == pl.col("period_to"))
    assert {row[0]: row[1:] for row in days.select(figures).rows()} == by_day
    assert (days["period_to"].max() - days["period_to"].min()).days + 1 == 1633
    weeks = tables["usage"].filter(~pl.col("is_record"))
    assert (weeks["period_to"] - weeks["period_from"]).dt.total_days().unique().to_list() == [6]
    assert {row[0]: row[1:] for row in weeks.select(figures).rows()} == by_week
    assert tables["note"].is_empty()
    assert tables["capability"]["has_reading"].to_list() == [False]
    claims = find_exports(OVERVIEW, lambda file: SourceSettings(), ignore=frozenset())
    assert [one.connector.name for one in claims if one.connector] == ["slack_analytics"]


def test_a_line_is_a_day_of_a_member(read):
    tables = read(lines(member()))
    assert tables["usage"].to_dicts() == [{
        **dict.fromkeys(FRAMES["usage"]), "workspace": "T1", "used_platform": "slack", "account": "U1",
        "period_from": date(2026, 7, 1), "period_to": date(2026, 7, 1), "reported_on": date(2026, 7, 1),
        "report": "member_analytics", "is_active": True, "n_posted": 3, "n_reacted": 2, "is_record": True,
        "member": "", "line": 1}]
    assert tables["account_identifier"].rows() == [
        ("T1", "U1", "email", "Ann@acme.example"), ("T1", "U1", "employee_number", "7")]
    assert tables["capability"]["has_reading"].to_list() == [True]


def test_the_workspace_is_the_team_else_the_enterprise_unless_configured(read):
    without = {name: value for name, value in member().items() if name != "team_id"}
    assert read(lines(without))["usage"]["workspace"].to_list() == ["E1"]
    assert read(lines(member()), workspace="acme")["usage"]["workspace"].to_list() == ["acme"]


def test_a_channel_day_is_a_total_of_a_space_and_names_are_only_counted(read):
    tables = read(lines(channel(), channel(channel_id="C2", visibility="private")))
    assert tables["usage"].select("account", "space", "n_posted", "n_active_accounts", "n_posting_accounts",
                                  "n_reacted").rows() == [(None, "C1", 7, 20, 2, 4)]
    assert tables["exclusion"].select("rule", "n_records").rows() == [("private_space", 1)]
    assert tables["capability"]["has_reading"].to_list() == [False]
    named = {"channel_id": "C1", "name": "CANARY", "topic": "", "description": "", "date": "2026-07-01"}
    tables = read(lines(named))
    assert tables["exclusion"].select("rule", "n_records").rows() == [("channel_metadata", 1)]
    assert "CANARY" not in repr([table.to_dicts() for table in tables.values()])


@pytest.mark.parametrize(("line", "code"), [
    (lines(member(messages_posted_count="3")), "PPL-JSN-010"), (lines(member(messages_posted_count=-1)), "PPL-JSN-010"),
    (lines(member(user_id="")), "PPL-JSN-010"), (lines(member(date="2026-02-30")), "PPL-TIM-004"),
    (lines(member(team_id=None, enterprise_id=None)), "PPL-JSN-010"), (b"[1]\n", "PPL-EVT-012"),
    (b"{\n", "PPL-EVT-012"),
    (lines(member()).replace(b'"is_guest":', b'"user_id":"U2","is_guest":'), "PPL-JSN-004"),
    (lines(member()).replace(b'"messages_posted_count":3', b'"messages_posted_count":NaN'), "PPL-JSN-005"),
])
def test_a_bad_line_is_put_aside(read, line, code):
    tables = read(lines(member()) + line + lines(member("U3")))
    assert tables["quarantine"].select("line", "rule").rows() == [(2, code)]
    assert tables["usage"]["account"].to_list() == ["U1", "U3"]


def test_a_cut_file_is_refused(read):
    with pytest.raises(ExportRefused, match=r"PPL-JSN-001 day.json:2: truncated JSON"):
        read(lines(member(), member())[:-40])
    rows = lines(*(member(f"U{number * 7919 % 10007}") for number in range(3000)))
    with pytest.raises(ExportRefused, match=r"PPL-FIL-007 day\.json\.gz"):
        read(gzip.compress(rows)[:-20], "day.json.gz")


def test_a_zip_of_days_packed_or_not_is_one_export(tmp_path, read):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("1.json", lines(member()))
        archive.writestr("2.json.gz", gzip.compress(lines(member(date="2026-07-02"))))
    tables = read(stream.getvalue(), "days.zip")
    assert tables["usage"].select("member", "period_from").rows() == [
        ("1.json", date(2026, 7, 1)), ("2.json.gz", date(2026, 7, 2))]
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("1.json", lines(member()))
        archive.writestr("x.txt", "x")
    assert slack_analytics.detect(open_source(tmp_path / "x.zip", "x.zip")) is None


MEMBERS = ('﻿Name,User ID,Email,Account type,Deactivated date (UTC),Days active,Messages posted,Reactions added\n'
           'CANARY,U1,a@acme.example,Member,,5,7,1\nCANARY,U2,,Single-channel guest,"Jul 8, 2026",0,0,0\n'
           'CANARY,U3,,Member,,many,0,0\nCANARY,U4,,,,1,0,0\n').encode()


def test_members_of_a_dashboard_need_a_window(read):
    with pytest.raises(ExportRefused, match=r"PPL-SLA-001 members Jul_8__2026.csv: does not say of which days"):
        read(MEMBERS, "members Jul_8__2026.csv")
    named = read(MEMBERS, "Member_Analytics_Jun_9__2026_-_Jul_8__2026.csv", workspace="T1")
    stated = read(MEMBERS, window_from="2026-06-09", window_to="2026-07-08", name="members.csv")
    for tables in (named, stated):
        assert tables["usage"].select("account", "period_from", "period_to", "is_active", "n_posted").rows() == [
            ("U1", date(2026, 6, 9), date(2026, 7, 8), True, 7), ("U2", date(2026, 6, 9), date(2026, 7, 8), False, 0),
            ("U4", date(2026, 6, 9), date(2026, 7, 8), True, 0)]
        assert tables["quarantine"].select("line", "rule").rows() == [(4, "PPL-CSV-008")]
        assert tables["account"].select("is_guest", "is_deactivated").rows() == [
            (False, False), (True, True), (None, False)]
        assert "CANARY" not in repr([table.to_dicts() for table in tables.values()])
    assert named["note"].is_empty()
    assert stated["note"]["rule"].to_list() == ["PPL-SLA-002"]


def test_channels_of_a_dashboard_become_one_total(read):
    data = (b"Name,Messages posted,Messages posted by members,Members who posted,Members who viewed,Reactions added\n"
            b"CANARY,9,7,2,5,1\nCANARY2,3,2,1,4,0\n")
    tables = read(data, "channels 2026-06-09 2026-07-08.csv", workspace="T1")
    assert tables["usage"].select("space", "n_posted", "n_reacted", "n_active_accounts", "is_record").rows() == [
        (None, 9, 1, None, False)]
    assert tables["exclusion"].select("rule", "n_records").rows() == [("no_channel_id", 2)]


@pytest.mark.parametrize(("days", "found"), [
    (('"Jul 8, 2026"', "2026-07-10"), [date(2026, 7, 8), date(2026, 7, 10)]),
    (("7/8/2026", "7/13/2026"), [date(2026, 7, 8), date(2026, 7, 13)]), (("7/8/2026", "7/9/2026"), None),
])
def test_days_of_an_overview_are_read_only_if_their_order_is_proven(read, days, found):
    data = "Date,Daily active members,Daily members posting messages,Messages posted\n" + "".join(
        f"{day},5,2,100\n" for day in days)
    if found is None:
        with pytest.raises(ExportRefused, match="PPL-TIM-002"):
            read(data.encode(), "overview.csv")
        return
    usage = read(data.encode(), "overview.csv")["usage"]
    assert usage["period_from"].to_list() == found
    assert usage["n_posted"].to_list() == [None, None]


def test_a_line_of_an_overview_also_tells_of_the_week_to_its_day_but_is_one_record(read):
    header = "Date,Daily active members,Daily members posting messages,Weekly active members"
    complete = f"{header},Weekly members posting messages\n2026-07-08,5,2,9,3\n2026-07-09,4,1,,3\n"
    tables = read(complete.encode(), "overview.csv")
    assert tables["usage"].select("account", "line", "is_record", "period_from", "period_to", "reported_on",
                                  "n_active_accounts", "n_posting_accounts", "n_posted").rows() == [
        (None, 2, True, date(2026, 7, 8), date(2026, 7, 8), date(2026, 7, 8), 5, 2, None),
        (None, 2, False, date(2026, 7, 2), date(2026, 7, 8), date(2026, 7, 8), 9, 3, None)]
    assert tables["quarantine"].select("line", "rule").rows() == [(3, "PPL-CSV-008")]
    assert tables["part"]["n_read"].to_list() == [2]
    without = read(f"{header}\n2026-07-08,5,2,9\n".encode(), "overview.csv")
    assert without["usage"].select("is_record", "n_active_accounts").rows() == [(True, 5)]


def test_no_change_of_a_byte_and_no_cut_does_more_than_refuse_the_file(tmp_path):
    for name, data in (("x.json", lines(member(), channel())), ("y.csv", MEMBERS)):
        for place in range(0, len(data), 3):
            for changed in (data[:place], data[:place] + b"\xff" + data[place + 1:]):
                (tmp_path / name).write_bytes(changed or b"x")
                source = open_source(tmp_path / name, name)
                if slack_analytics.detect(source):
                    with suppress(ExportRefused):
                        load(source, window_from="2026-06-09", window_to="2026-07-08")
