"""The Microsoft 365 usage reports: every header of the vendor, and synthetic reports made here (no real rows)."""

import csv
import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import m365
from connectors.inventory import find_exports
from connectors.m365_reports import READ
from connectors.settings import SourceSettings
from connectors.source import Source, open_source
from models.problems import ExportRefused
from tests.connectors.tables import tables_of

REPORTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "m365_reports"
HEX = "77E5979DD60BA6EAA53E814DBEEEFA5F"
Row = dict[str, object]
Tables = dict[str, pl.DataFrame]

LOADED = {
    "entra__m365group__m365group-report-activitydetail.csv": 2, "outlook__report__report-mailactivityuserdetail.csv": 1,
    "spo__report__report-activityuserdetail.csv": 1, "tenant__report__report-activeuserdetail.csv": 0,
    "viva__engage__engage-report-activitycounts.csv": 1, "viva__engage__engage-report-activityusercounts.csv": 1,
    "viva__engage__engage-report-activityuserdetail.csv": 1, "viva__engage__engage-report-groupsactivitycounts.csv": 1,
    "viva__engage__engage-report-groupsactivitydetail.csv": 1,
}
"""The files of the vendor that are read, with the usage rows of their one sample row (one has a field too many)."""


def load(source: Source, **choices: object) -> Tables:
    tables = read_all(source, **choices)
    assert "CANARY" not in repr({name: table.to_dicts() for name, table in tables.items()})
    return tables


def read_all(source: Source, **choices: object) -> Tables:
    assert m365.detect(source) == "m365-report"
    tables = tables_of(m365.read(source, SourceSettings(**choices)))
    assert tables["coverage"].is_empty()
    return tables


def text_of(*rows: Row, delimiter: str = ",") -> str:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return "\ufeff" + stream.getvalue() + "\r\n"


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Tables]:
    def read_rows(*rows: Row, name: str = "report.csv", **choices: object) -> Tables:
        (tmp_path / name).write_text(text_of(*rows), encoding="utf-8", newline="")
        return load(open_source(tmp_path / name, name), **choices)

    return read_rows


def yammer(user: str = "Ann@acme.example", **cells: object) -> Row:
    return {"Report Refresh Date": "2024-03-31", "User Principal Name": user, "Display Name": "CANARY",
            "User State": "Activated", "State Change Date": "2020-01-01", "Last Activity Date": "2024-03-30",
            "Posted Count": 3, "Read Count": 40, "Liked Count": 5, "Assigned Products": "CANARY+B, C",
            "Report Period": 7, **cells}


def teams(user: str = "ann@acme.example", **cells: object) -> Row:
    return {"Report Refresh Date": "2024-03-31", "Tenant Display Name": "CANARY",
            "User Id": "0f1e2d3c-0000-4000-8000-000000000001", "User Principal Name": user, "Last Activity Date": "",
            "Is Deleted": "False", "Team Chat Message Count": 2, "Private Chat Message Count": 0, "Call Count": 0,
            "Meeting Count": 0, "Has Other Action": "No", "Report Period": 7, **cells}


def sharepoint(**cells: object) -> Row:
    return {"Report Refresh Date": "2024-03-31", "User Principal Name": "ann@acme.example", "Is Deleted": "False",
            "Deleted Date": "", "Last Activity Date": "", "Viewed Or Edited File Count": 0, "Synced File Count": 0,
            "Shared Internally File Count": 0, "Shared Externally File Count": 0, "Visited Page Count": 0,
            "Assigned Products": "CANARY", "Report Period": 30, **cells}


def email(**cells: object) -> Row:
    return {"Report Refresh Date": "2024-03-31", "User Principal Name": "ann@acme.example", "Display Name": "CANARY",
            "Is Deleted": "False", "Deleted Date": "", "Last Activity Date": "", "Send Count": 4, "Receive Count": 9,
            "Read Count": 6, "Meeting Created Count": 0, "Meeting Interacted Count": 0, "Report Period": 30, **cells}


def active(user: str = "ann@acme.example", **days: str) -> Row:
    names = ("Exchange", "OneDrive", "SharePoint", "Skype For Business", "Yammer", "Teams")
    return {"Report Refresh Date": "2024-03-31", "User Principal Name": user, "Display Name": "CANARY",
            "Is Deleted": "False", **{f"{name} Last Activity Date": days.get(name, "") for name in names}}


def group(name: str = "Lounge", **cells: object) -> Row:
    return {"Report Refresh Date": "2024-03-31", "Group Display Name": name, "Is Deleted": "False",
            "Owner Principal Name": "CANARY", "Last Activity Date": "", "Group Type": "public",
            "Office 365 Connected": "Yes", "Member Count": 9, "Posted Count": 2, "Read Count": "", "Liked Count": 1,
            "Report Period": 7, **cells}


def day(on: str, posted: object, **cells: object) -> Row:
    return {"Report Refresh Date": "2024-03-31", "Liked": 12, "Posted": posted, "Read": "", "Report Date": on,
            "Report Period": 90, **cells}


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return frame.select(columns).rows()


@pytest.mark.real_data
@pytest.mark.skipif(not REPORTS.is_dir(), reason="the vendor's headers do not lie beside the checkout")
def test_every_header_of_the_vendor_is_read_or_refused_by_its_name() -> None:
    files = sorted(REPORTS.glob("*.csv"))
    assert len(files) == 48
    for path in files:
        source = open_source(path, path.name)
        if path.name in LOADED:
            tables = load(source)
            assert tables["usage"].height == LOADED[path.name], path.name
            assert tables["note"].filter(pl.col("rule") != "PPL-YAM-003").is_empty(), path.name
            continue
        with pytest.raises(ExportRefused) as refused:
            load(source)
        assert refused.value.problem.code == "PPL-MSR-001", path.name
        assert refused.value.problem.what.startswith("is the report '"), path.name
        assert all(report.name in refused.value.problem.fix for report in READ)


@pytest.mark.real_data
@pytest.mark.skipif(not REPORTS.is_dir(), reason="the vendor's headers do not lie beside the checkout")
def test_no_other_reader_claims_a_report() -> None:
    found = find_exports(REPORTS, lambda file: SourceSettings(), ignore=frozenset())
    assert len(found) == 48
    assert {one.connector.name for one in found if one.connector} == {"m365"}


def test_a_snapshot_speaks_of_the_days_that_it_looks_back_on(read):
    tables = read(yammer())
    assert tables["usage"].to_dicts() == [{
        "workspace": "tenant", "used_platform": "yammer", "account": "ann@acme.example", "space": None,
        "org_unit": None, "period_from": date(2024, 3, 25), "period_to": date(2024, 3, 31),
        "reported_on": date(2024, 3, 31), "report": "yammer_activity_user_detail", "is_active": True, "n_posted": 3,
        "n_read": 40, "n_reacted": 5, "n_active_accounts": None, "n_posting_accounts": None, "is_record": True,
        "member": "", "line": 2,
    }]
    assert tables["account_identifier"].rows() == [("tenant", "ann@acme.example", "email", "Ann@acme.example")]
    assert rows(tables["account"], "account", "kind", "is_guest", "is_deactivated", "is_record") == [
        ("ann@acme.example", "human", None, False, False),
    ]
    assert tables["note"].is_empty()


@pytest.mark.parametrize(("cells", "is_active"), [
    ({}, True), ({"Posted Count": "", "Read Count": "", "Liked Count": ""}, True),
    ({"Posted Count": "", "Read Count": "", "Liked Count": "", "Last Activity Date": "2024-03-24"}, False),
    ({"Posted Count": 0, "Read Count": 0, "Liked Count": 1, "Last Activity Date": ""}, True),
    ({"Posted Count": 0, "Read Count": 0, "Liked Count": 0, "Last Activity Date": ""}, False),
    ({"Posted Count": 0, "Read Count": 0, "Liked Count": 0, "Last Activity Date": "2024-03-25T00:00:00Z"}, True),
])
def test_active_is_whoever_did_anything_in_the_period(read, cells, is_active):
    usage = read(yammer(**cells))["usage"]
    assert usage["is_active"].to_list() == [is_active]
    assert usage["n_posted"].null_count() == usage["n_read"].null_count() == usage["n_reacted"].null_count() == 0


def test_a_day_may_be_written_with_midnight_and_two_snapshots_stay_two_periods(read):
    usage = read(yammer(), yammer(**{"Report Refresh Date": "2024-04-07T00:00:00Z"}))["usage"]
    assert rows(usage, "period_from", "period_to", "n_posted") == [
        (date(2024, 3, 25), date(2024, 3, 31), 3), (date(2024, 4, 1), date(2024, 4, 7), 3),
    ]


@pytest.mark.parametrize(("row", "platform", "counts", "is_active"), [
    (teams(), "teams", (2, None, None), True),
    (teams(**{"Team Chat Message Count": 0}), "teams", (0, None, None), False),
    (teams(**{"Team Chat Message Count": "", "Private Chat Message Count": 3}), "teams", (0, None, None), True),
    (teams(**{"Team Chat Message Count": 0, "Has Other Action": "Yes"}), "teams", (0, None, None), True),
    (teams(**{"Team Chat Message Count": 0, "Reply Messages": 1}), "teams", (0, None, None), True),
    (sharepoint(), "sharepoint", (None, 0, None), False),
    (sharepoint(**{"Visited Page Count": 7}), "sharepoint", (None, 7, None), True),
    (sharepoint(**{"Synced File Count": 1}), "sharepoint", (None, 0, None), True),
    (email(), "email", (4, 6, None), True),
    (email(**{"Send Count": "", "Read Count": ""}), "email", (0, 0, None), False),
    (email(**{"Send Count": "", "Read Count": "", "Meeting Created Count": 1}), "email", (0, 0, None), True),
])
def test_each_platform_counts_what_its_report_counts(read, row, platform, counts, is_active):
    usage = read(row)["usage"]
    assert rows(usage, "used_platform", "n_posted", "n_read", "n_reacted", "is_active") == [
        (platform, *counts, is_active),
    ]


def test_a_directory_id_identifies_the_account_too(read):
    assert read(teams())["account_identifier"]["kind"].to_list() == ["email", "directory_id"]
    assert read(teams(**{"User Id": "00000000-0000-0000-0000-000000000000"}))["account_identifier"].height == 1


def test_one_row_of_active_users_tells_of_each_platform_and_counts_once(read):
    usage = read(active(Yammer="2024-03-31", Teams="2024-03-02", Exchange="2024-03-01", OneDrive="2024-03-31"))["usage"]
    assert rows(usage, "used_platform", "is_active", "is_record", "period_from") == [
        ("m365", True, True, date(2024, 3, 2)), ("email", False, False, date(2024, 3, 2)),
        ("sharepoint", False, False, date(2024, 3, 2)), ("yammer", True, False, date(2024, 3, 2)),
        ("teams", True, False, date(2024, 3, 2)),
    ]
    assert rows(read({**active(), "Report Period": 7})["usage"], "period_from", "is_active")[0] == (
        date(2024, 3, 25), False)


def test_a_closed_account_is_deactivated_and_a_guest_is_external(read):
    accounts = read(yammer("bo@acme.example", **{"User State": "Suspended"}), yammer("eve@partner.example"),
                    yammer("eve_x.example#EXT#@acme.example", **{"User State": ""}),
                    home_domains=("ACME.example",))["account"]
    assert rows(accounts, "kind", "is_guest", "is_deactivated") == [
        ("human", False, True), ("external", True, False), ("external", True, None),
    ]


def test_the_newest_report_says_whether_an_account_is_closed(read):
    closed, old = {"User State": "Deleted"}, {"Report Refresh Date": "2024-03-24"}
    assert read(yammer(**closed), yammer(**old))["account"]["is_deactivated"].to_list() == [True]
    assert read(yammer(), yammer(**old, **closed))["account"]["is_deactivated"].to_list() == [False]
    silent = yammer(**{"User State": ""})
    assert read(yammer(**old, **closed), silent)["account"]["is_deactivated"].to_list() == [True]


def test_a_group_is_a_space_and_a_private_one_needs_to_be_included(read):
    members = [group(), group("secret", **{"Group Type": "Private"})]
    tables = read(*members)
    assert rows(tables["usage"], "account", "space", "n_posted", "n_read", "n_reacted", "is_active") == [
        (None, "Lounge", 2, 0, 1, True),
    ]
    assert rows(tables["space"], "space", "visibility", "label") == [("Lounge", "public", "Lounge")]
    assert rows(tables["exclusion"], "rule", "n_records") == [("private_space", 1)]
    included = read(*members, include=("public", "private"))
    assert rows(included["space"], "space", "visibility", "label")[1] == ("secret", "private", None)


def test_an_office_group_is_known_by_its_id(read):
    row = {"Report Refresh Date": "2024-03-31", "Group Display Name": "Lounge", "Last Activity Date": "2024-03-30",
           "Group Type": "Public", "Yammer Posted Message Count": "", "Yammer Read Message Count": "",
           "Yammer Liked Message Count": "", "Group Id": "8c1f0000-0000-4000-8000-000000000001", "Report Period": 7}
    usage = read(row)["usage"]
    assert rows(usage, "used_platform", "space", "is_active", "n_posted", "is_record") == [
        ("m365", "8c1f0000-0000-4000-8000-000000000001", True, None, True),
        ("yammer", "8c1f0000-0000-4000-8000-000000000001", False, 0, False),
    ]


@pytest.mark.parametrize(("name", "report", "posted", "posting"), [
    ("YammerActivityCounts3_31_2024.csv", "yammer_activity_counts", 6, None),
    ("YammerActivityUserCounts.csv", "yammer_activity_user_counts", None, 6),
    ("engage-report-groupsactivitycounts.csv", "yammer_groups_activity_counts", 6, None),
])
def test_totals_of_days_are_told_apart_by_the_name_of_the_file(read, name, report, posted, posting):
    usage = read(day("2024-03-30", 6), day("2024-03-31", ""), name=name)["usage"]
    assert rows(usage, "report", "period_from", "period_to", "n_posted", "n_posting_accounts", "account") == [
        (report, date(2024, 3, 30), date(2024, 3, 30), posted, posting, None),
        (report, date(2024, 3, 31), date(2024, 3, 31), None if posted is None else 0,
         None if posting is None else 0, None),
    ]


def test_totals_of_days_in_a_file_of_another_name_are_refused(read):
    with pytest.raises(ExportRefused, match=r"PPL-MSR-002 report.csv: its header does not say whether"):
        read(day("2024-03-30", 6))


@pytest.mark.parametrize("names", [(HEX, HEX[::-1]), (HEX.lower(), HEX), (f"{HEX}@acme.example", HEX)])
def test_of_concealed_names_only_totals_are_loaded(read, names):
    tables = read(yammer(names[0]), yammer(names[1], **{"Posted Count": "", "Last Activity Date": ""}))
    assert rows(tables["usage"], "account", "n_posted", "n_read", "n_reacted", "n_active_accounts",
                "n_posting_accounts", "is_record", "line") == [(None, 3, 80, 10, 2, 1, False, None)]
    assert tables["account"].is_empty()
    assert tables["account_identifier"].is_empty()
    assert rows(tables["exclusion"], "rule", "n_records") == [("concealed_name", 2)]
    assert rows(tables["note"], "rule", "n_records") == [("PPL-YAM-003", 2)]
    assert HEX.casefold() not in repr([table.to_dicts() for table in tables.values()]).casefold()


def test_totals_of_concealed_users_are_made_for_each_platform_and_of_groups_without_accounts(read):
    usage = read(active(HEX, Yammer="2024-03-31"), active(HEX[::-1]))["usage"]
    assert rows(usage, "used_platform", "n_active_accounts", "n_posting_accounts") == [
        ("m365", 1, None), ("email", 0, None), ("sharepoint", 0, None), ("yammer", 1, None), ("teams", 0, None),
    ]
    tables = read(group(HEX))
    assert rows(tables["usage"], "space", "n_posted", "n_active_accounts") == [(None, 2, None)]
    assert tables["space"].is_empty()


def test_concealed_and_open_names_in_one_file_are_refused(read):
    with pytest.raises(ExportRefused, match=r"PPL-YAM-004 report.csv:3: names are concealed in some rows and open in"):
        read(yammer(), yammer(HEX))


def test_a_zip_of_reports_is_one_export_and_may_not_mix_concealed_and_open(tmp_path):
    def zipped(**members: str) -> Source:
        with zipfile.ZipFile(tmp_path / "reports.zip", "w") as archive:
            for name, content in members.items():
                archive.writestr(f"{name}.csv", content)
        return open_source(tmp_path / "reports.zip", "reports.zip")

    tables = load(zipped(a=text_of(yammer()), b=text_of(teams())))
    assert rows(tables["usage"], "used_platform", "member") == [("yammer", "a.csv"), ("teams", "b.csv")]
    assert tables["account"].height == 1
    with pytest.raises(ExportRefused, match=r"PPL-YAM-004 reports.zip!b.csv:2"):
        load(zipped(a=text_of(yammer()), b=text_of(yammer(HEX))))
    assert m365.detect(zipped(a=text_of(yammer()), b="x,y\n")) is None
    assert m365.detect(open_source(tmp_path, "folder")) is None


@pytest.mark.parametrize("column", ["User Principal Name", "Posted Count", "Last Activity Date", "Report Period"])
def test_a_missing_column_refuses_the_file_loudly(read, column):
    row = {name: cell for name, cell in yammer().items() if name != column}
    with pytest.raises(ExportRefused, match=rf"PPL-CSV-005 report.csv: missing column\(s\) {column}"):
        read(row)


def test_a_report_that_nobody_knows_is_refused(read):
    with pytest.raises(ExportRefused, match=r"PPL-MSR-001 report.csv: is a usage report that is not known"):
        read({"Report Refresh Date": "2024-03-31", "Holograms": 1})


@pytest.mark.parametrize(("cells", "code"), [
    ({"Posted Count": "many"}, "PPL-CSV-008"), ({"Posted Count": "-1"}, "PPL-CSV-008"),
    ({"Report Refresh Date": "2024-02-30"}, "PPL-TIM-004"), ({"Report Refresh Date": ""}, "PPL-TIM-004"),
    ({"Report Period": "0"}, "PPL-MSR-004"), ({"Report Period": "ALL"}, "PPL-CSV-008"),
    ({"User Principal Name": ""}, "PPL-MSR-003"), ({"Last Activity Date": "soon"}, "PPL-TIM-004"),
])
def test_a_bad_row_is_kept_out_by_its_line(read, cells, code):
    tables = read(yammer(), yammer("bo@acme.example", **cells))
    assert rows(tables["quarantine"], "member", "line", "rule") == [("", 3, code)]
    assert tables["usage"].height == 1


def test_a_file_that_a_spreadsheet_saved_is_refused(tmp_path, read):
    with pytest.raises(ExportRefused, match=r"PPL-TIM-002 report.csv:2: date format is ambiguous in column Report Ref"):
        read(yammer(**{"Report Refresh Date": "3/4/2024"}))
    (tmp_path / "x.csv").write_text(text_of(yammer(), delimiter=";"), encoding="utf-8")
    with pytest.raises(ExportRefused, match=r"PPL-CSV-003 x.csv:1: header has"):
        load(open_source(tmp_path / "x.csv", "x.csv"))


def test_new_columns_in_any_order_are_noted_and_a_report_without_rows_too(read):
    tables = read(dict(reversed({**yammer(), "Tomorrow Count": 1}.items())))
    assert rows(tables["note"], "rule", "n_records", "message") == [
        ("PPL-CSV-006", 1, "1 unknown column(s); not read"),
    ]
    assert tables["usage"]["n_posted"].to_list() == [3]


def test_a_report_without_rows_is_noted(tmp_path):
    (tmp_path / "x.csv").write_text(",".join(yammer()) + "\n", encoding="utf-8")
    assert rows(load(open_source(tmp_path / "x.csv", "x.csv"))["note"], "rule") == [("PPL-CSV-007",)]


BRIEFLY = settings(max_examples=100, deadline=None, derandomize=True,
                   suppress_health_check=[HealthCheck.function_scoped_fixture])


@BRIEFLY
@given(st.sampled_from([(yammer(),), (teams(),), (active(Yammer="2024-03-31"),), (group(), group("x"))]), st.data())
def test_no_change_of_a_byte_and_no_cut_does_more_than_refuse_the_report(tmp_path, members, data):
    text = bytearray(text_of(*members).encode())
    for place in data.draw(st.lists(st.integers(0, len(text) - 1), max_size=3)):
        text[place] = data.draw(st.integers(0, 255) | st.sampled_from(b'",\r\n\0;'))
    (tmp_path / "x.csv").write_bytes(bytes(text[: data.draw(st.just(len(text)) | st.integers(1, len(text)))]))
    source = open_source(tmp_path / "x.csv", "x.csv")
    if m365.detect(source):
        with suppress(ExportRefused):
            assert read_all(source)["part"].height == 1
