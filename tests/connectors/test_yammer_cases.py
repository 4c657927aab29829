"""One test for each numbered failure case of Yammer exports, which asserts the right answer.

Cases that the warehouse decides run the pipeline over tiny exports; the others look at the reader's frames. All data
are synthetic.
"""

import csv
import json
import runpy
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from connectors.m365 import CONNECTOR as M365
from connectors.settings import SourceSettings
from connectors.source import open_source
from models.problems import ExportRefused
from tests.pipelines import tiny
from tests.pipelines.runs import FACTS, Run, run_models

OK = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("test_yammer.py"))))
DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "yammer" / "synthetic_edgecases"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the edge cases do not lie beside the checkout")
JANUARY, FEBRUARY, MARCH = date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)
ANN = tiny.yammer_user(11, "p1@t.example")
HOME = ("acme.example",)


def load(folder: Path, *messages: dict[str, object], **settings: object) -> dict[str, pl.DataFrame]:
    return OK.load(OK.packed(folder, OK.export(*messages)), **settings)


def events_of(folder: Path, *messages: dict[str, object], **settings: object) -> list[tuple[object, ...]]:
    events = load(folder, *messages, **settings)["event"]
    return events.select("event_number", "action", "is_contribution").rows()


def run(folder: Path, config: str = tiny.CONFIG, people: tuple[str, ...] = ("p1", "p2")) -> Run:
    """The tables made of the exports in `folder`/drop, with a roster."""
    drop = folder / "drop"
    tiny.roster_csv(drop / "roster.csv", [tiny.roster_row(person, date(2023, 1, 1), "Acme") for person in people])
    (drop / "turnout.toml").write_text(config, encoding="utf-8")
    done = run_models(drop, folder / "out", platforms=("yammer", "m365"), tables=FACTS)
    assert not done.problems
    assert not done.rows("""
        select path from export_file
        where n_read <> n_accepted + n_duplicate + n_excluded + n_quarantined
    """)
    return done


def test_yammer_case_01_bodies_may_hold_line_ends_quotes_and_separators(tmp_path):
    bodies = ["a\nb", "a\r\nb", 'He wrote "123","456"\nend', '","', "\U0001f389 \u00e9", '"']
    messages = [OK.message(101 + place, body=body) for place, body in enumerate(bodies)]
    events = load(tmp_path, *messages)["event"]
    assert events.select("event_number", "line").rows() == [
        (101, 2), (102, 4), (103, 6), (104, 8), (105, 9), (106, 10),
    ]


def test_yammer_case_02_no_type_is_inferred_and_every_null_is_one(tmp_path):
    rows = [OK.message(101, deleted_at=""), OK.message(102, deleted_at="null"), OK.message(103, deleted_at="NULL"),
            OK.message(104, replied_to_id="null", group_id="NULL"),
            OK.message(9_007_199_254_740_993, group_id=31158067201, deleted_at="2024-01-11T00:00:00Z")]
    events = load(tmp_path, *rows)["event"]
    assert events.select("event_number", "space", "version_at").rows() == [
        (101, "7", None), (102, "7", None), (103, "7", None), (104, None, None),
        (9_007_199_254_740_993, "31158067201", datetime(2024, 1, 11)),
    ]


def test_yammer_case_03_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path):
    members = {name: b"\xef\xbb\xbf" + data for name, data in OK.export().items() if name.endswith(".csv")}
    tables = OK.load(OK.packed(tmp_path, members))
    assert tables["event"]["event_number"].to_list() == [101]
    assert tables["account"]["account"].to_list() == ["11"]


def test_yammer_case_04_shifted_columns_refuse_the_file_with_the_row(tmp_path):
    with pytest.raises(ExportRefused, match=r"PPL-YAM-006 export\.zip!Messages\.csv:4: columns are shifted"):
        load(tmp_path, OK.message(101, body="x"), OK.message(102, body="x"), OK.message(103, api_url="update"))


def test_yammer_case_05_a_damaged_zip_or_a_wrong_count_is_refused_and_a_missing_log_is_noted(tmp_path):
    whole = OK.packed(tmp_path, OK.export(log_txt=b"Number of exported MESSAGES: 1\n"))
    data = whole.path.read_bytes()
    (tmp_path / "cut.zip").write_bytes(data[: len(data) // 2])
    with pytest.raises(ExportRefused, match=r"PPL-ZIP-010 cut\.zip"):
        open_source(tmp_path / "cut.zip", "cut.zip")
    flipped = bytearray(data)
    flipped[data.index(b"2024-01-10")] ^= 1
    (tmp_path / "flipped.zip").write_bytes(flipped)
    with pytest.raises(ExportRefused, match=r"PPL-ZIP-005 flipped\.zip!Messages\.csv"):
        OK.load(open_source(tmp_path / "flipped.zip", "flipped.zip"))
    assert OK.load(whole)["note"].is_empty()
    with pytest.raises(ExportRefused, match=r"PPL-YAM-005 export\.zip!log\.txt: log\.txt announces 2 messages"):
        OK.load(OK.packed(tmp_path, OK.export(log_txt=b"Number of exported MESSAGES: 2\n")))
    assert OK.load(OK.packed(tmp_path, OK.export()))["note"]["rule"].to_list() == ["PPL-YAM-011"]


def test_yammer_case_06_of_overlapping_windows_the_later_export_wins(tmp_path):
    first = [tiny.yammer_row(101, date(2024, 1, 10), 11), tiny.yammer_row(102, date(2024, 1, 20), 11)]
    gone = {"deleted_at": "2024-02-02T00:00:00Z"}
    second = [tiny.yammer_row(101, date(2024, 1, 10), 11, **gone), tiny.yammer_row(103, date(2024, 2, 10), 11)]
    tiny.yammer_zip(tmp_path / "drop" / "b.zip", JANUARY, FEBRUARY, [ANN], first)
    tiny.yammer_zip(tmp_path / "drop" / "a.zip", date(2024, 1, 15), MARCH, [ANN], second)
    done = run(tmp_path)
    assert done.rows("select occurred_on, action, is_contribution from fct_event order by 1, 2") == [
        (date(2024, 1, 10), "other", False), (date(2024, 1, 20), "post", True), (date(2024, 2, 10), "post", True),
    ]
    assert done.one("select sum(n_duplicate) from export_file where platform = 'yammer'") == 3


def test_yammer_case_06_days_that_no_export_was_made_for_are_noted(tmp_path):
    members = OK.export(request_txt=b"2024-01-05T00:00:00Z 2024-02-01T00:00:00Z")
    notes = OK.load(OK.packed(tmp_path, members), window_from="2024-01-01", window_to="2024-01-31")["note"]
    assert notes.filter(rule="PPL-COV-001").select("member", "n_records").rows() == [("request.txt", 4)]
    assert OK.load(OK.packed(tmp_path, members))["note"].filter(rule="PPL-COV-001").is_empty()


@pytest.mark.real_data
@needs_data
def test_yammer_case_07_excel_resave(tmp_path):
    expected = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))
    assert expected["excel_resaved_ids_recoverable_from"] == "api_url"
    tables = OK.load(open_source(DATA / "Messages-excel-resaved.csv", "m.csv"), home_domains=("contoso.com",))
    events = tables["event"]
    start = 2000337749565441
    assert events.select("event_number", "thread_number", "action").rows() == [
        (start, start, "post"), (start + 1, None, "reply"), (start + 2, start + 2, "post"),
        (start + 4, start + 4, "other"), (start + 5, start + 5, "post"), (start + 6, start + 6, "other"),
        (start + 7, None, "reply"),
    ]
    assert events["is_contribution"].sum() == expected["public_posts_by_humans_not_deleted"]
    assert tables["part"]["n_read"].to_list() == [expected["messages_rows"]]
    assert tables["exclusion"]["n_records"].to_list() == [expected["private_messages"]]
    assert tables["quarantine"].is_empty()
    assert tables["note"].select("rule", "n_records").rows() == [
        ("PPL-YAM-009", 1), ("PPL-YAM-007", 8), ("PPL-YAM-008", 2),
    ]


@pytest.mark.parametrize("delete_url", [
    "https://www.yammer.com/messages/{}/hard_delete_confirmation",
    "https://www.yammer.com/acme.example/#/Threads/show?threadId={}",
])
@pytest.mark.parametrize(("rounded", "separator"), [("2,00034E+15", ";"), ("2.00034E+15", ","),
                                                    ("2000337749565440", "\t")])
def test_yammer_case_07_threads_come_back_where_the_address_for_deleting_tells(
    tmp_path, delete_url, rounded, separator
):
    start = 2000337749565441
    damaged = {"id": rounded, "thread_id": rounded, "in_private_group": "FALSE", "in_private_conversation": "FALSE",
               "closed": "TRUE", "body": "caf\u00e9"}
    rows = [OK.message(start, **damaged, gdpr_delete_url=delete_url.format(start)),
            OK.message(start + 1, **damaged, replied_to_id=rounded, gdpr_delete_url=delete_url.format(start)),
            OK.message(start + 2, **damaged, replied_to_id=rounded, gdpr_delete_url="")]
    with (tmp_path / "Messages.csv").open("w", newline="", encoding="utf-8" if separator == "," else "cp1252") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)
    tables = OK.load(open_source(tmp_path / "Messages.csv", "Messages.csv"))
    assert tables["event"].select("event_number", "thread_number", "action").rows() == [
        (start, start, "post"), (start + 1, start, "reply"), (start + 2, None, "reply"),
    ]
    assert dict(tables["note"].select("rule", "n_records").rows()).items() >= {
        "PPL-YAM-007": 3, "PPL-YAM-008": 1}.items()


def test_yammer_case_08_a_message_of_no_group_is_private_only_if_it_says_so(tmp_path):
    tables = load(tmp_path, OK.message(101, group_id=""),
                  OK.message(102, group_id="", in_private_conversation="true"))
    assert tables["event"].select("event_number", "space", "space_alias", "is_contribution").rows() == [
        (101, None, "ungrouped", True),
    ]
    assert tables["exclusion"].select("rule", "n_records").rows() == [("direct_message", 1)]


def test_yammer_case_09_a_deleted_message_is_kept_and_is_no_contribution(tmp_path):
    tables = load(tmp_path, OK.message(101, deleted_at="2024-01-11T08:00:00Z"), OK.message(102))
    assert tables["event"].select("event_number", "action", "is_contribution", "version_at").rows() == [
        (101, "other", False, datetime(2024, 1, 11, 8)), (102, "post", True, None),
    ]


def test_yammer_case_09_absence_from_a_later_export_is_no_deletion(tmp_path):
    rows = [tiny.yammer_row(101, date(2024, 1, 10), 11), tiny.yammer_row(102, date(2024, 1, 20), 11)]
    tiny.yammer_zip(tmp_path / "drop" / "a.zip", JANUARY, FEBRUARY, [ANN], rows)
    tiny.yammer_zip(tmp_path / "drop" / "b.zip", JANUARY, MARCH, [ANN], rows[:1])
    assert run(tmp_path).one("select count(*) from fct_event where is_contribution") == 2


def test_yammer_case_10_system_messages_are_no_contributions(tmp_path):
    assert events_of(tmp_path, OK.message(101, message_type="system"), OK.message(102)) == [
        (101, "other", False), (102, "post", True),
    ]


def test_yammer_case_11_private_messages_are_never_events(tmp_path):
    private = OK.message(101, in_private_conversation="true", participants="user:11,user:987654")
    for include in (("public",), ("public", "private", "direct")):
        tables = load(tmp_path, private, include=include)
        assert tables["event"].is_empty()
        assert tables["exclusion"].select("rule", "n_records").rows() == [("direct_message", 1)]
        assert "987654" not in repr([table.to_dicts() for table in tables.values()])
        assert tables["usage"]["n_posted"].to_list() == ([1] if "direct" in include else [])


def test_yammer_case_12_the_state_of_a_user_is_derived_and_posts_stay(tmp_path):
    users = [OK.user(11, state="soft_delete", deleted_at="2024-01-20T00:00:00Z"),
             OK.user(12, state="soft_delete", suspended_at="2024-01-20T00:00:00Z", email=""),
             OK.user(13, state="soft_delete", joined_at="", email=""), OK.user(14, email="")]
    tables = OK.load(OK.packed(tmp_path, OK.export(Users_csv=OK.table(*users))))
    assert tables["account"].select("account", "is_deactivated").rows() == [
        ("11", True), ("12", True), ("13", True), ("14", False),
    ]
    assert tables["event"]["is_contribution"].to_list() == [True]


def test_yammer_case_13_a_sender_whom_users_does_not_list_is_added(tmp_path):
    tables = load(tmp_path, OK.message(sender_id=12, sender_email="bo@acme.example"), home_domains=HOME)
    assert tables["account"].select("account", "kind", "is_deactivated", "is_record", "member").rows() == [
        ("11", "human", False, True, "Users.csv"), ("12", "human", None, False, "Messages.csv"),
    ]
    assert ("network", "12", "email", "bo@acme.example") in tables["account_identifier"].rows()


def test_yammer_case_14_a_reply_to_a_thread_outside_the_window_is_kept(tmp_path):
    tables = load(tmp_path, OK.message(101), OK.message(102, thread_id=50, replied_to_id=50))
    assert tables["event"].select("event_number", "thread_number", "action", "is_contribution", "target_account").rows(
    ) == [(101, 101, "post", True, None), (102, 50, "reply", True, None)]
    assert tables["note"].filter(rule="PPL-YAM-001").select("line", "n_records").rows() == [(5, 1)]
    assert tables["quarantine"].is_empty()


def test_yammer_case_15_likes_and_reading_are_unknown_and_never_zero(tmp_path):
    tables = load(tmp_path, OK.message())
    assert tables["capability"].select("has_reactions", "has_reading").rows() == [(False, False)]
    assert tables["usage"].is_empty()


def test_yammer_case_15_they_come_from_usage_reports(tmp_path):
    tiny.yammer_zip(tmp_path / "drop" / "a.zip", JANUARY, FEBRUARY, [ANN], [tiny.yammer_row(101, JANUARY, 11)])
    report = {"Report Refresh Date": "2024-01-07", "User Principal Name": "P1@t.example",
              "Last Activity Date": "2024-01-06", "Posted Count": "1", "Read Count": "5", "Liked Count": "2",
              "Report Period": "7"}
    (tmp_path / "drop" / "detail.csv").write_text(tiny.csv_text(list(report), [report]), encoding="utf-8")
    done = run(tmp_path)
    assert done.rows("select platform, period_from, period_to, n_read, n_reacted from fct_usage") == [
        ("yammer", JANUARY, date(2024, 1, 7), 5, 2),
    ]
    assert done.one("select count(distinct person_id) from dim_account") == 1


def test_yammer_case_16_concealed_names_give_totals_and_nobody(tmp_path):
    row = {"Report Refresh Date": "2024-01-07", "User Principal Name": "77E5979DD60BA6EAA53E814DBEEEFA5F",
           "Last Activity Date": "2024-01-06", "Posted Count": "", "Read Count": "5", "Liked Count": "2",
           "Report Period": "7"}
    (tmp_path / "detail.csv").write_text(tiny.csv_text(list(row), [row, row]), encoding="utf-8")
    frames = list(M365.read(open_source(tmp_path / "detail.csv", "detail.csv"), SourceSettings()))
    found = {table: sum(one.rows.height for one in frames if one.table == table) for table in
             ("usage", "account", "account_identifier", "note")}
    assert found == {"usage": 1, "account": 0, "account_identifier": 0, "note": 1}


def test_yammer_case_17_guests_are_external(tmp_path):
    tables = load(tmp_path, OK.message(sender_id=12, sender_email="eve@partner.example"), OK.message(102),
                  home_domains=HOME)
    assert tables["event"].select("account", "actor_kind").rows() == [("12", "external"), ("11", "human")]
    assert tables["account"].select("account", "is_guest").rows() == [("11", False), ("12", True)]


def test_yammer_case_18_the_sender_is_credited_and_the_delegation_flagged(tmp_path):
    events = load(tmp_path, OK.message(delegate_id=12), OK.message(102))["event"]
    assert events.select("account", "is_delegated", "is_contribution").rows() == [
        ("11", True, True), ("11", False, True),
    ]


def test_yammer_case_19_times_are_utc_and_days_are_of_the_declared_zone(tmp_path):
    row = tiny.yammer_row(101, MARCH, 11, created_at="2024-03-01T23:30:00Z")
    tiny.yammer_zip(tmp_path / "drop" / "a.zip", MARCH, date(2024, 4, 1), [ANN], [row])
    done = run(tmp_path, config='reporting_zone = "Europe/Paris"\n' + tiny.CONFIG)
    assert done.rows("select occurred_at, occurred_on from fct_event") == [
        (datetime(2024, 3, 1, 23, 30), date(2024, 3, 2)),
    ]


def test_yammer_case_20_two_accounts_of_a_person_are_one_person(tmp_path):
    users = [tiny.yammer_user(11, "P1@T.example"), tiny.yammer_user(12, "p1@t.example")]
    rows = [tiny.yammer_row(101, date(2024, 1, 10), 11), tiny.yammer_row(102, date(2024, 1, 11), 12)]
    tiny.yammer_zip(tmp_path / "drop" / "a.zip", JANUARY, FEBRUARY, users, rows)
    done = run(tmp_path)
    assert done.one("select count(distinct person_id) from dim_account") == 1
    assert done.one("select count(*) from dim_account") == 2
    assert done.rows("select member, n_records from note where rule = 'PPL-IDN-001'") == [("Users.csv", 1)]


def assert_no_trace(folder: Path, body: str) -> None:
    tables = load(folder, OK.message(101, body=body, html_body=body, title=body), OK.message(102, body=""))
    assert tables["event"]["event_number"].to_list() == [101, 102]
    assert "CANARY" not in repr([table.to_dicts() for table in tables.values()])
    assert tables["note"].filter(pl.col("rule") != "PPL-YAM-011").is_empty()


def test_yammer_case_21_a_body_like_a_formula_is_counted_and_leaves_no_trace(tmp_path):
    assert_no_trace(tmp_path, '=HYPERLINK("http://x.example","CANARY")')


def test_yammer_case_22_html_is_never_read(tmp_path):
    assert_no_trace(tmp_path, "<p>CANARY</p><script>CANARY</script>")


def test_yammer_case_23_two_characters_that_look_like_a_line_end_are_text(tmp_path):
    assert_no_trace(tmp_path, "a\\nCANARY\\n")


def test_yammer_case_24_only_tables_and_the_log_are_read(tmp_path):
    source = OK.packed(tmp_path, {**OK.export(), "files/1.bin": b"0123456789", "Answers.csv": b"ID,messageId\n1,101\n",
                                  "Campaigns.csv": b"\xff\xfe\x00", "VivaTopics.csv": b""})
    data = bytearray(source.path.read_bytes())
    data[data.index(b"0123456789")] ^= 1
    source.path.write_bytes(data)
    tables = OK.load(open_source(source.path, "export.zip"))
    assert tables["event"].height == 1
    assert sorted(tables["part"]["member"].to_list()) == ["Groups.csv", "Messages.csv", "Users.csv", "request.txt"]
    with pytest.raises(ExportRefused, match="PPL-ZIP-001"):
        OK.packed(tmp_path, {**OK.export(), "../evil.csv": b"x"})


def test_yammer_case_25_names_titles_and_texts_leave_no_trace(tmp_path):
    names = ("body", "html_body", "title", "sender_name", "participants", "group_name", "attachments",
             "gdpr_delete_url")
    canary = dict.fromkeys(names, "CANARY")
    users = OK.table(OK.user(job_title="CANARY", department="CANARY", location="CANARY", guid="CANARY"))
    tables = OK.load(OK.packed(tmp_path, {**OK.export(OK.message(**canary)), "Users.csv": users}))
    text = repr([table.to_dicts() for name, table in tables.items() if name != "account_identifier"])
    assert "ann@acme.example" not in text
    assert "CANARY" not in repr([table.to_dicts() for table in tables.values()])
