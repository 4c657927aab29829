"""What the Yammer connector makes of REST answers kept as JSON; all data are synthetic unless a test says real."""

import json
import runpy
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import yammer, yammer_rest
from connectors.settings import SourceSettings
from connectors.source import Source, open_source
from models.problems import ExportRefused
from tests.connectors.tables import tables_of

OK = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("test_yammer.py"))))
DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "yammer" / "yammer_rest_json"
Tables = dict[str, pl.DataFrame]
Json = dict[str, object]


def message(number: int = 101, **fields: object) -> Json:
    return {"id": number, "sender_id": 11, "delegate_id": None, "replied_to_id": None,
            "created_at": "2024/01/10 12:00:00 +0000", "network_id": 5, "message_type": "update",
            "sender_type": "user", "url": "https://www.yammer.com/api/v1/messages/1", "group_id": 7,
            "body": {"plain": "CANARY", "rich": "CANARY"}, "thread_id": number, "system_message": False,
            "direct_message": False, "privacy": "public", "liked_by": {"count": 0, "names": []}, **fields}


def user(number: int = 11, **fields: object) -> Json:
    return {"type": "user", "id": number, "network_id": 5, "state": "active", "full_name": "CANARY",
            "email": "ann@acme.example", "admin": "true", "mugshot_url": "CANARY", "guest": False,
            "aad_guest": False, **fields}


def group(number: int = 7, **fields: object) -> Json:
    return {"type": "group", "id": number, "network_id": 5, "full_name": "Lounge", "privacy": "public", **fields}


def load(source: Source, **choices: object) -> Tables:
    tables = read_all(source, **choices)
    assert "CANARY" not in repr({name: table.to_dicts() for name, table in tables.items()})
    return tables


def read_all(source: Source, **choices: object) -> Tables:
    assert yammer_rest.detect(source) == "yammer-rest"
    assert yammer.detect(source) is None
    return tables_of(yammer_rest.read(source, SourceSettings(**choices)))


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Tables]:
    def read_answer(answer: object, **choices: object) -> Tables:
        path = tmp_path / "messages.json"
        path.write_text(answer if isinstance(answer, str) else json.dumps(answer), encoding="utf-8")
        return load(open_source(path, path.name), **choices)

    return read_answer


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return frame.select(columns).rows()


def test_an_envelope_holds_messages_replies_and_references(read):
    answer = {"threaded_extended": {"101": [message(102, thread_id=101, replied_to_id=101, sender_id=12)]},
              "messages": [message()], "references": [user(), user(12, email="bo@acme.example"), group(),
                                                      {"type": "thread", "id": 101}, {"type": "topic", "id": 1}],
              "meta": {"feed_name": "CANARY", "older_available": True}}
    tables = read(answer)
    assert rows(tables["event"], "workspace", "space", "event_number", "thread_number", "action", "account",
                "target_account", "target_number", "is_contribution") == [
        ("5", "7", 101, 101, "post", "11", None, None, True), ("5", "7", 102, 101, "reply", "12", "11", 101, True),
    ]
    assert rows(tables["account"], "account", "kind", "is_record", "is_deactivated") == [
        ("11", "human", True, False), ("12", "human", True, False),
    ]
    assert rows(tables["space"], "space", "visibility", "label") == [("7", "public", "Lounge")]
    assert rows(tables["exclusion"], "rule", "n_records") == [("unused_record", 2)]
    assert tables["coverage"].rows() == [("5", date(2024, 1, 10), date(2024, 1, 10), False)]
    assert tables["note"].is_empty()


@pytest.mark.parametrize("answer", [
    [message()], message(), {"body": {"name": "CANARY", "value": [message()]}}, {"value": [message()]},
    {"messages": [message()]},
], ids=["list", "one", "power-automate", "value", "messages"])
def test_every_wrapping_holds_the_same_message(read, answer):
    assert rows(read(answer)["event"], "event_number", "occurred_at", "line") == [(101, datetime(2024, 1, 10, 12), 1)]


@pytest.mark.parametrize(("fields", "expected"), [
    ({}, ("post", True, "human", False)), ({"system_message": True}, ("other", False, "human", False)),
    ({"message_type": "system"}, ("other", False, "human", False)),
    ({"sender_type": "bot"}, ("post", False, "bot", False)),
    ({"delegate_id": 12}, ("post", True, "human", True)), ({"thread_id": 50}, ("reply", True, "human", False)),
    ({"thread_id": None}, ("post", True, "human", False)),
    ({"deleted_at": "2024/01/11 08:00:00 +0000"}, ("other", False, "human", False)),
])
def test_every_kind_of_message_becomes_its_action(read, fields, expected):
    events = read([message(**fields)])["event"]
    assert rows(events, "action", "is_contribution", "actor_kind", "is_delegated") == [expected]


def test_likes_of_named_people_are_reactions(read):
    likes = {"count": 2, "names": [{"full_name": "CANARY", "permalink": "CANARY", "user_id": 13}, {"user_id": 12}]}
    tables = read([message(liked_by=likes)])
    reactions = tables["event"].filter(action="react")
    assert rows(reactions, "event_scope", "event_number", "thread_number", "account", "target_account", "time_basis",
                "is_contribution", "is_record") == [
        ("react:like", 101, 101, "12", "11", "target", False, False),
        ("react:like", 101, 101, "13", "11", "target", False, False),
    ]
    assert tables["capability"]["has_reactions"].to_list() == [True]
    assert tables["note"].is_empty()


@pytest.mark.parametrize(("likes", "n_unnamed"), [
    ({"count": 5, "names": [{"user_id": 12}]}, 4), ({"count": 1, "names": ["CANARY"]}, 1), ({"count": 3}, 3),
])
def test_likes_that_are_counted_and_not_named_are_noted(read, likes, n_unnamed):
    tables = read([message(liked_by=likes)])
    assert rows(tables["note"], "rule", "line", "n_records") == [("PPL-YAM-010", 1, n_unnamed)]
    assert tables["capability"]["has_reactions"].to_list() == [False]


def test_private_messages_and_groups_are_left_out(read):
    answer = [message(101, direct_message=True, privacy="private", group_id=None), message(102, privacy="private"),
              message(103, group_id=8), group(8, privacy="private", full_name="CANARY"),
              message(104, group_id=None)]
    tables = read(answer)
    assert rows(tables["event"], "event_number", "space", "space_alias") == [(104, None, "ungrouped")]
    assert dict(rows(tables["exclusion"], "rule", "n_records")) == {"direct_message": 1, "private_space": 3}
    tables = read(answer, include=("public", "private", "direct"))
    assert rows(tables["event"], "event_number") == [(102,), (103,), (104,)]
    assert rows(tables["usage"], "report", "period_from", "period_to", "n_posted", "account") == [
        ("direct_messages", date(2024, 1, 1), date(2024, 1, 31), 1, None),
    ]


@pytest.mark.parametrize(("fields", "expected"), [
    ({}, ("human", False, False)), ({"guest": True}, ("external", True, False)),
    ({"aad_guest": True}, ("external", True, False)), ({"email": "a@partner.example"}, ("external", True, False)),
    ({"state": "suspended"}, ("human", False, True)), ({"email": None}, ("human", False, False)),
    ({"state": None}, ("human", False, None)), ({"guest": None, "aad_guest": None}, ("human", False, False)),
    ({"guest": None, "aad_guest": None, "email": None}, ("human", None, False)),
])
def test_a_user_is_a_guest_by_flag_or_domain(read, fields, expected):
    tables = read([user(**fields)], home_domains=("acme.example",))
    assert rows(tables["account"], "kind", "is_guest", "is_deactivated") == [expected]


def test_users_that_every_page_repeats_keep_one_address(read):
    tables = read({"messages": [message()], "references": [user(), user()]})
    assert tables["account"].height == 2
    assert tables["account_identifier"].rows() == [("5", "11", "email", "ann@acme.example")]


def test_a_reply_whose_thread_is_not_there_is_kept_and_noted(read):
    tables = read([message(102, thread_id=50, replied_to_id=50)])
    assert rows(tables["event"], "action", "thread_number", "target_account") == [("reply", 50, None)]
    assert rows(tables["note"], "rule", "n_records") == [("PPL-YAM-001", 1)]


def test_files_of_one_folder_or_zip_are_one_export(tmp_path):
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump" / "Messages.json").write_text(json.dumps([message()]), encoding="utf-8")
    (tmp_path / "dump" / "References.json").write_text(json.dumps([user()]), encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "dump.zip", "w") as archive:
        for path in sorted((tmp_path / "dump").iterdir()):
            archive.write(path, path.name)
    for name in ("dump", "dump.zip"):
        tables = load(open_source(tmp_path / name, name))
        assert rows(tables["account"], "account", "member") == [("11", "References.json")]
        assert rows(tables["event"], "account", "member") == [("11", "Messages.json")]
    (tmp_path / "dump" / "notes.txt").write_text("x", encoding="utf-8")
    assert yammer_rest.detect(open_source(tmp_path / "dump", "dump")) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", "<html>", '{"type": "user"}', '[{"type": "message", "ts": "1.0"}]'])
def test_other_json_is_not_claimed(tmp_path, text):
    (tmp_path / "x.json").write_text(text + " ", encoding="utf-8")
    assert yammer_rest.detect(open_source(tmp_path / "x.json", "x.json")) is None


@pytest.mark.parametrize(("item", "code"), [
    (message("VALUE"), "PPL-JSN-010"), ({**message(), "id": None}, "PPL-JSN-010"), (message(-1), "PPL-JSN-010"),
    ("VALUE", "PPL-JSN-010"), (message(created_at="VALUE"), "PPL-TIM-004"),
    (message(created_at=None), "PPL-TIM-004"), ({**user(), "id": None}, "PPL-JSN-010"),
])
def test_a_bad_item_is_kept_out_by_its_place(read, item, code):
    tables = read([message(7), item])
    assert rows(tables["event"], "event_number") == [(7,)]
    (kept,) = tables["quarantine"].to_dicts()
    assert (kept["member"], kept["line"], kept["rule"]) == ("", 2, code)
    assert "VALUE" not in kept["message"]


def test_text_that_is_no_json_and_ambiguous_dates_refuse_the_file(read):
    for answer in (json.dumps([message()])[:-5], json.dumps({"messages": [message()]})[:-5]):
        with pytest.raises(ExportRefused, match=r"PPL-JSN-001 messages\.json"):
            read(answer)
    with pytest.raises(ExportRefused, match=r"PPL-TIM-002 messages\.json:1: date format is ambiguous in field creat"):
        read([message(created_at="03/04/2024 10:00")])


@pytest.mark.real_data
@pytest.mark.skipif(not DATA.is_dir(), reason="the real REST answers do not lie beside the checkout")
def test_the_real_answers_are_read() -> None:
    tables = {path.name: load(open_source(path, path.name)) for path in sorted(DATA.glob("*.json"))}
    assert {name: (one["event"].height, one["account"]["is_record"].sum(), one["exclusion"].height)
            for name, one in tables.items()} == {
        "Example Group Messages.json": (2, 0, 0), "Example Group References.json": (0, 2, 0),
        "cli365_engage-message-get.json": (1, 0, 0), "cli365_engage-message-list.json": (1, 0, 0),
        "cli365_engage-network-list.json": (0, 0, 1), "cli365_engage-user-get.json": (0, 1, 0),
    }
    assert tables["Example Group Messages.json"]["note"]["rule"].to_list() == ["PPL-YAM-010"]
    assert all(one["quarantine"].is_empty() for one in tables.values())
    assert load(open_source(DATA, "rest"))["event"].height == 4


BRIEFLY = settings(max_examples=100, deadline=None, derandomize=True,
                   suppress_health_check=[HealthCheck.function_scoped_fixture])
ANSWERS = [
    [message(liked_by={"count": 2, "names": [{"user_id": 12}, "CANARY"]})], {"body": {"value": [message()]}},
    {"messages": [message()], "references": [user(), group()], "threaded_extended": {"101": [message(102)]}},
]


@BRIEFLY
@given(st.sampled_from(ANSWERS), st.data())
def test_no_change_of_a_byte_and_no_cut_does_more_than_refuse_the_file(tmp_path, answer, data):
    text = bytearray(json.dumps(answer).encode())
    for place in data.draw(st.lists(st.integers(0, len(text) - 1), max_size=3)):
        text[place] = data.draw(st.integers(0, 255) | st.sampled_from(b'",[]{}:\\0'))
    (tmp_path / "x.json").write_bytes(bytes(text[: data.draw(st.just(len(text)) | st.integers(1, len(text)))]))
    source = open_source(tmp_path / "x.json", "x.json")
    if yammer_rest.detect(source):
        with suppress(ExportRefused):
            assert read_all(source)["part"].height == 1
