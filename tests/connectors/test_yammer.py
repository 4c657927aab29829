"""What the Yammer connector makes of tiny exports, rule by rule."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from connectors import yammer
from connectors.contract import FRAMES
from connectors.reading import read_export
from connectors.settings import SourceSettings
from connectors.source import Source, open_source
from tests.connectors.samples import NOW
from tests.connectors.tables import tables_of

URL = "https://www.yammer.com/api/v1/messages/"
Row = dict[str, object]


def message(number: int = 101, **fields: object) -> Row:
    return {
        "id": number, "replied_to_id": "", "thread_id": number, "group_id": 7, "in_private_group": "false",
        "in_private_conversation": "false", "sender_id": 11, "sender_type": "user", "sender_email": "ann@acme.example",
        "body": 'CANARY, "quoted"\r\nline\n', "api_url": f"{URL}{number}", "created_at": "2024-01-10T12:00:00Z",
        "deleted_at": "", "message_type": "update", "delegate_id": "", **fields,
    }


def user(number: int = 11, **fields: object) -> Row:
    return {"id": number, "name": "CANARY", "email": "ann@acme.example", "joined_at": "2020-01-01T00:00:00Z",
            "deleted_at": "", "suspended_at": "", "state": "active", "office_user_id": "", **fields}


def group(number: int = 7, **fields: object) -> Row:
    return {"id": number, "name": "All", "private": "false", "created_at": "2020-01-01T00:00:00Z", **fields}


def table(*rows: Row) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def export(*messages: Row, **others: bytes) -> dict[str, bytes]:
    return {"Messages.csv": table(*(messages or (message(),))), "Users.csv": table(user()),
            "Groups.csv": table(group()), "request.txt": b"x",
            **{name.replace("_", "."): data for name, data in others.items()}}


def packed(folder: Path, members: dict[str, bytes], *, enclosing: str = "") -> Source:
    with zipfile.ZipFile(folder / "export.zip", "w") as archive:
        for name, data in members.items():
            archive.writestr(enclosing + name, data)
    return open_source(folder / "export.zip", "export.zip")


def load(source: Source, **settings: object) -> dict[str, pl.DataFrame]:
    assert yammer.detect(source) == "yammer-export"
    tables = tables_of(read_export(yammer.CONNECTOR, source, SourceSettings(**settings), now=NOW))
    assert "CANARY" not in repr({name: table.to_dicts() for name, table in tables.items()})
    return tables


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., dict[str, pl.DataFrame]]:
    return lambda members, **settings: load(packed(tmp_path, members), **settings)


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return frame.select(columns).rows()


def test_a_message_has_its_number_time_and_place(read):
    assert read(export())["event"].to_dicts() == [{
        "workspace": "network", "space": "7", "space_alias": None, "event_scope": "message", "event_number": 101,
        "thread_scope": "message", "thread_number": 101, "occurred_at": datetime(2024, 1, 10, 12), "time_basis": "own",
        "action": "post", "is_contribution": True, "account": "11", "actor_kind": "human", "via_app": False,
        "is_delegated": False, "target_account": None, "target_number": None, "bytes_delta": None, "is_revert": None,
        "is_minor": None, "is_record": True, "version_at": None, "member": "Messages.csv", "line": 2,
    }]


@pytest.mark.parametrize(("fields", "expected"), [
    ({}, ("post", True, "human", None)),
    ({"thread_id": 99}, ("reply", True, "human", None)),
    ({"message_type": "system"}, ("other", False, "human", None)),
    ({"message_type": "question"}, ("post", True, "human", None)),
    ({"deleted_at": "2024-01-11T08:00:00Z"}, ("other", False, "human", datetime(2024, 1, 11, 8))),
    ({"deleted_at": "null"}, ("post", True, "human", None)),
    ({"sender_type": "bot", "sender_id": 12}, ("post", False, "bot", None)),
    ({"sender_type": "guide", "sender_id": 12}, ("post", False, "bot", None)),
    ({"sender_type": ""}, ("post", True, "human", None)),
])
def test_every_kind_of_message_becomes_its_action(read, fields, expected):
    events = read(export(message(**fields)))["event"]
    assert rows(events, "action", "is_contribution", "actor_kind", "version_at") == [expected]


def test_a_reply_answers_the_sender_of_the_message_before_or_after_it(read):
    replies = [message(102, thread_id=103, replied_to_id=103), message(103, sender_id=12),
               message(104, thread_id=103, replied_to_id=102), message(105, thread_id=50, replied_to_id=50)]
    events = read(export(*replies))["event"]
    assert rows(events, "event_number", "thread_number", "target_account", "target_number") == [
        (102, 103, "12", 103), (103, 103, None, None), (104, 103, "11", 102), (105, 50, None, 50),
    ]


def test_a_delegate_posts_for_the_sender(read):
    events = read(export(message(delegate_id=12), message(102, delegate_id="null")))["event"]
    assert rows(events, "account", "is_delegated") == [("11", True), ("11", False)]


def test_a_message_of_no_group_is_public_unless_it_says_private(read):
    messages = [message(group_id=""), message(102, group_id="", in_private_conversation="TRUE"),
                message(103, in_private_group="True")]
    tables = read(export(*messages))
    assert rows(tables["event"], "event_number", "space", "space_alias") == [(101, None, "ungrouped")]
    assert sorted(rows(tables["exclusion"], "member", "rule", "n_records")) == [
        ("Messages.csv", "direct_message", 1), ("Messages.csv", "private_space", 1),
    ]
    included = read(export(*messages), include=("public", "private", "direct"))
    assert rows(included["event"], "event_number", "space", "space_alias") == [
        (101, None, "ungrouped"), (103, "7", None),
    ]


def test_private_conversations_are_never_events_and_counted_by_month_where_included(read):
    private = {"in_private_conversation": "true", "group_id": ""}
    members = export(message(**private), message(102, sender_id=12, **private), message(103),
                     message(104, created_at="2024-02-29T23:59:59Z", **private),
                     message(105, deleted_at="2024-01-11T08:00:00Z", **private))
    assert read(members)["usage"].is_empty()
    tables = read(members, include=("public", "direct"))
    assert rows(tables["event"], "event_number") == [(103,)]
    assert rows(tables["exclusion"], "rule", "n_records") == [("direct_message", 4)]
    assert tables["account"]["account"].to_list() == ["11"]
    assert rows(tables["usage"], "used_platform", "report", "period_from", "period_to", "account", "n_posted",
                "n_posting_accounts", "is_record") == [
        ("yammer", "direct_messages", date(2024, 1, 1), date(2024, 1, 31), None, 2, 2, False),
        ("yammer", "direct_messages", date(2024, 2, 1), date(2024, 2, 29), None, 1, 1, False),
    ]


def test_people_of_other_domains_are_guests_only_where_home_is_known(read):
    members = export(message(sender_id=12, sender_email="eve@Partner.example"), message(102))
    assert set(read(members)["event"]["actor_kind"]) == {"human"}
    tables = read(members, home_domains=("ACME.example",))
    assert rows(tables["event"], "account", "actor_kind", "is_contribution") == [
        ("12", "external", True), ("11", "human", True),
    ]
    assert rows(tables["account"], "account", "kind", "is_guest", "is_record", "member", "line") == [
        ("11", "human", False, True, "Users.csv", 2), ("12", "external", True, False, "Messages.csv", 2),
    ]
    assert rows(read(members)["account"], "account", "is_guest") == [("11", None), ("12", None)]


def test_accounts_carry_their_address_and_directory_id(read):
    tables = read(export(message(sender_id=12, sender_email="bo@acme.example"),
                         Users_csv=table(user(office_user_id="0f-1"), user(13, email="", office_user_id="null"))))
    assert tables["account_identifier"].rows() == [
        ("network", "11", "email", "ann@acme.example"), ("network", "11", "directory_id", "0f-1"),
        ("network", "12", "email", "bo@acme.example"),
    ]


@pytest.mark.parametrize(("fields", "is_deactivated"), [
    ({}, False), ({"state": "soft_delete"}, True), ({"suspended_at": "2024-01-01T00:00:00Z"}, True),
    ({"deleted_at": "2024-01-01T00:00:00Z"}, True), ({"state": ""}, None),
])
def test_a_deleted_or_suspended_user_is_deactivated(read, fields, is_deactivated):
    assert read(export(Users_csv=table(user(**fields))))["account"]["is_deactivated"].to_list() == [is_deactivated]


def test_public_groups_are_labelled_and_private_ones_need_to_be_included(read):
    members = export(Groups_csv=table(group(), group(8, name="secret plan", private="TRUE")))
    tables = read(members)
    assert tables["space"].to_dicts() == [{
        "workspace": "network", "space": "7", "space_alias": None, "kind": "group", "visibility": "public",
        "label": "All", "created_at": datetime(2020, 1, 1), "is_record": True, "member": "Groups.csv", "line": 2,
    }]
    assert rows(tables["exclusion"], "member", "rule", "n_records") == [("Groups.csv", "private_space", 1)]
    included = read(members, include=("public", "private"))["space"]
    assert rows(included, "space", "visibility", "label") == [("7", "public", "All"), ("8", "private", None)]


@pytest.mark.parametrize(("versions", "expected"), [
    ([{"message_id": 101, "modified_at": f"2024-01-{day}T00:00:00Z"} for day in (11, 12, 10)], datetime(2024, 1, 12)),
    ([{"id": 101, "updated_at": "2024-01-11T00:00:00Z", "created_at": "2024-01-10T00:00:00Z"}], datetime(2024, 1, 11)),
    ([{"id": 101, "body": "CANARY"}], None),
    ([{"id": 101, "updated_at": "CANARY"}], None),
    ([{"id": 999, "updated_at": "2024-01-11T00:00:00Z"}], None),
])
def test_an_edit_is_a_version_dated_by_whatever_column_says_when(read, versions, expected):
    tables = read(export(MessageVersions_csv=table(*versions)))
    assert tables["event"]["version_at"].to_list() == [expected]
    assert rows(tables["part"].filter(member="MessageVersions.csv"), "n_read") == [(0,)]


@pytest.mark.parametrize(("text", "expected"), [
    ("2024-01-01T00:00:00Z", datetime(2024, 1, 1)), ("2024-01-01T00:00:00.25Z", datetime(2024, 1, 1, 0, 0, 0, 250_000)),
    ("2022/11/11 21:00:20 +0000", datetime(2022, 11, 11, 21, 0, 20)),
    ("2024-01-01 10:11:12 UTC", datetime(2024, 1, 1, 10, 11, 12)),
    ("2024-01-01T00:00:00+00:00", datetime(2024, 1, 1)), ("2016-12-31T23:59:60Z", datetime(2017, 1, 1)),
])
def test_known_time_formats_are_read_and_a_leap_second_is_the_next(read, text, expected):
    assert read(export(message(created_at=text)))["event"]["occurred_at"].to_list() == [expected]


@pytest.mark.parametrize(("request_text", "expected"), [
    ("since=2024-01-01T00:00:00+00:00&until=2024-02-01T00:00:00+00:00", (date(2024, 1, 1), date(2024, 1, 31), True)),
    ("2024-01-01T00:00:00Z 2024-01-31T23:59:59Z", (date(2024, 1, 1), date(2024, 1, 31), True)),
    ("2024-01-01T12:00:00Z 2024-01-31T12:00:00Z", (date(2024, 1, 2), date(2024, 1, 30), True)),
    ("2024-01-10T00:00:00Z 2024-01-10T12:00:00Z", (date(2024, 1, 9), date(2024, 1, 10), False)),
    ("2024-01-01T00:00:00Z", (date(2024, 1, 9), date(2024, 1, 10), False)),
    ("", (date(2024, 1, 9), date(2024, 1, 10), False)),
])
def test_coverage_is_what_was_requested_or_what_unmodified_messages_show(read, request_text, expected):
    messages = [message(), message(102, created_at="2024-01-09T00:00:00Z"),
                message(103, created_at="2019-01-01T00:00:00Z", deleted_at="2024-01-10T00:00:00Z")]
    coverage = read(export(*messages, request_txt=request_text.encode()))["coverage"]
    assert coverage.rows() == [("network", *expected)]


def test_a_configured_period_is_stated_and_modified_messages_count_where_nothing_else_does(read):
    members = export(message(deleted_at="2024-01-11T00:00:00Z"))
    assert read(members)["coverage"].rows() == [("network", date(2024, 1, 10), date(2024, 1, 10), False)]
    stated = read(members, window_from="2024-01-01", window_to="2024-01-31")["coverage"]
    assert stated.rows() == [("network", date(2024, 1, 1), date(2024, 1, 31), True)]


@pytest.mark.parametrize(("enclosing", "networks", "configured", "expected"), [
    ("", None, None, "network"), ("", [5], None, "5"), ("", [5, 6], None, "network"), ("42/", [5], None, "42"),
    ("42/", [5], "mine", "mine"),
])
def test_the_workspace_is_configured_or_the_folder_or_the_only_network(
    tmp_path, enclosing, networks, configured, expected
):
    others = {} if networks is None else {"Networks_csv": table(*({"id": n, "name": "CANARY"} for n in networks))}
    source = packed(tmp_path, export(**others), enclosing=enclosing)
    assert load(source, workspace=configured)["event"]["workspace"].to_list() == [expected]


def test_an_export_of_two_networks_is_read_as_two_workspaces(tmp_path):
    members = {f"{network}/{name}": data for network in (1, 2) for name, data in export().items()}
    tables = load(packed(tmp_path, members))
    assert rows(tables["event"], "workspace", "member") == [("1", "1/Messages.csv"), ("2", "2/Messages.csv")]
    assert tables["coverage"].height == 2
    assert load(packed(tmp_path, members), workspace="one")["coverage"].height == 1


def test_an_unpacked_export_reads_as_the_packed_one(tmp_path):
    members = export(message(), message(102, in_private_group="true"))
    first = load(packed(tmp_path, members))
    (tmp_path / "folder").mkdir()
    for name, data in members.items():
        (tmp_path / "folder" / name).write_bytes(data)
    second = load(open_source(tmp_path / "folder", "folder"))
    for name in FRAMES:
        columns = [column for column in first[name].columns if column != "crc32"]
        assert first[name].select(columns).sort(pl.all()).equals(second[name].select(columns).sort(pl.all()))


def test_columns_may_come_in_any_order_with_strangers_among_them(read):
    turned = dict(reversed(message(strange="CANARY", html_body="CANARY").items()))
    assert read(export(turned))["event"].equals(read(export())["event"])


def test_optional_columns_may_be_missing(read):
    short = {name: value for name, value in message().items()
             if name not in {"replied_to_id", "group_id", "sender_type", "sender_email", "deleted_at", "message_type",
                             "delegate_id", "body"}}
    events = read(export(short))["event"]
    assert rows(events, "action", "actor_kind", "space", "space_alias") == [("post", "human", None, "ungrouped")]


def test_members_are_found_whatever_their_case_and_a_lone_table_is_enough(tmp_path):
    assert load(packed(tmp_path, {"messages.CSV": table(message())}))["event"].height == 1
    assert load(packed(tmp_path, {"Users.csv": table(user()), "log.txt": b""}))["account"].height == 1
    (tmp_path / "any name").write_bytes(table(message()))
    events = load(open_source(tmp_path / "any name", "any name"))["event"]
    assert rows(events, "member", "line") == [("", 2)]


def test_a_lone_list_of_users_is_an_export_of_users(tmp_path):
    (tmp_path / "Users.csv").write_bytes(table(user(guid="", api_url="")))
    tables = load(open_source(tmp_path / "Users.csv", "Users.csv"))
    assert rows(tables["account"], "account", "member", "line") == [("11", "", 2)]
    assert tables["event"].is_empty()


AGES = {
    2018: ("replied_to_id", "conversation_id", "group_id", "group_name", "participants", "sender_type", "sender_name",
           "sender_email", "body", "attachments", "deleted_by_id", "deleted_by_type", "deleted_at"),
    2019: ("html_body",), 2021: ("title", "message_type", "gdpr_delete_url"), 2024: ("closed", "delegate_id"),
}


@pytest.mark.parametrize("age", AGES)
def test_the_columns_of_every_age_are_known(read, age):
    names = [name for year, columns in AGES.items() if year <= age for name in columns]
    plain = {name: value for name, value in message(number=102).items() if name not in AGES[2024]}
    tables = read(export({**dict.fromkeys(names, ""), **plain}, log_txt=b"\n"))
    assert rows(tables["event"], "event_number", "action") == [(102, "post")]
    assert tables["note"].is_empty()


def test_tables_that_a_spreadsheet_saved_again_are_read_with_its_separator(read):
    saved = {name: data.decode().replace(",", ";").replace("CANARY", "caf\u00e9").encode("cp1252")
             for name, data in export(message(body="CANARY")).items() if name.endswith(".csv")}
    tables = read({**saved, "log.txt": b"x"})
    assert (tables["event"].height, tables["account"].height, tables["space"].height) == (1, 1, 1)
    assert sorted(rows(tables["note"], "member", "rule")) == [
        (name, "PPL-YAM-009") for name in ("Groups.csv", "Messages.csv", "Users.csv")
    ]


@pytest.mark.parametrize("members", [
    {"Messages.csv": b"id,text\n1,x\n"}, {"Users.csv": b"id,email\n1,x\n"}, {"a.txt": b"x"}, {"Messages.csv": b""},
    {"Messages.csv": b"\xff\xfe\x00"}, {"Messages.csv": b'"' * 10},
])
def test_other_archives_and_files_are_not_claimed(tmp_path, members):
    assert yammer.detect(packed(tmp_path, members)) is None
    (tmp_path / "drop").mkdir()
    (tmp_path / "drop" / "x.zip").write_bytes((tmp_path / "export.zip").read_bytes())
    assert yammer.detect(open_source(tmp_path / "drop", "drop")) is None


def test_a_folder_around_an_unpacked_export_is_not_claimed(tmp_path):
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "Messages.csv").write_bytes(table(message()))
    assert yammer.detect(open_source(tmp_path, "drop")) is None
    assert yammer.detect(open_source(tmp_path / "export", "export")) == "yammer-export"
