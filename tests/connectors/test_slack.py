"""What the Slack connector makes of tiny exports, rule by rule."""

import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from connectors import slack
from connectors.contract import BATCH_ROWS, FRAMES
from connectors.reading import read_export
from connectors.settings import SourceSettings
from connectors.source import Source, open_source
from tests.connectors.samples import NOW
from tests.connectors.tables import tables_of

ANN, BEN, BOT, GUEST = "U0ANN0000", "U0BEN0000", "U0BOT0000", "U0GUEST00"
USERS = [
    {"id": ANN, "team_id": "T1", "deleted": False, "is_bot": False, "profile": {"email": "ann@acme.example"}},
    {"id": BEN, "team_id": "T1", "deleted": True, "profile": {"email": ""}},
    {"id": BOT, "team_id": "T1", "deleted": False, "is_bot": True, "profile": {}},
    {"id": GUEST, "team_id": "T2", "deleted": False, "is_bot": False, "is_restricted": True, "is_app_user": True},
]
CHANNELS = [{"id": "C0GENERAL", "name": "general", "created": 1_433_558_319}]
DAY = "general/2024-01-10.json"
TS = "1704888000.000100"  # 2024-01-10 12:00:00.0001 UTC
LATER = "1704888060.000200"

Files = dict[str, object]


def message(**fields: object) -> Files:
    return {"type": "message", "ts": TS, "user": ANN, "text": "CANARY", **fields}


def files(*messages: object, **others: object) -> Files:
    return {"users.json": USERS, "channels.json": CHANNELS, DAY: list(messages), **others}


def content(value: object) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value, indent=4).encode()


def packed(folder: Path, members: Files, *, enclosing: str = "", name: str = "export.zip") -> Source:
    with zipfile.ZipFile(folder / name, "w") as archive:
        for member, value in members.items():
            archive.writestr(enclosing + member, content(value))
    return open_source(folder / name, name)


def unpacked(folder: Path, members: Files) -> Source:
    for member, value in members.items():
        (folder / member).parent.mkdir(parents=True, exist_ok=True)
        (folder / member).write_bytes(content(value))
    return open_source(folder, "export")


def load(source: Source, **settings: object) -> dict[str, pl.DataFrame]:
    assert slack.detect(source) == "slack-export"
    frames = list(read_export(slack.CONNECTOR, source, SourceSettings(**settings), now=NOW))
    for frame in frames:
        assert frame.rows.height <= BATCH_ROWS or frame.table != "event"
    tables = tables_of(frames)
    assert "CANARY" not in repr({name: table.to_dicts() for name, table in tables.items()})
    return tables


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., dict[str, pl.DataFrame]]:
    return lambda members, **settings: load(packed(tmp_path, members), **settings)


def rows(table: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return table.select(columns).rows()


@pytest.mark.parametrize(("fields", "expected"), [
    ({}, ("post", True, ANN, "human")),
    ({"subtype": "me_message"}, ("post", True, ANN, "human")),
    ({"subtype": "file_share", "file": {"user": BEN}}, ("post", True, ANN, "human")),
    ({"subtype": "file_comment", "user": None, "comment": {"user": BEN}}, ("post", True, BEN, "human")),
    ({"subtype": "file_share", "user": None, "file": {"user": BEN}}, ("post", True, BEN, "human")),
    ({"thread_ts": TS}, ("post", True, ANN, "human")),
    ({"thread_ts": "1704800000.000000"}, ("reply", True, ANN, "human")),
    ({"subtype": "thread_broadcast", "thread_ts": "1704800000.000000", "root": {"user": BEN}},
     ("reply", True, ANN, "human")),
    ({"subtype": "document_comment"}, ("comment", True, ANN, "human")),
    ({"user": "U0ABSENT0"}, ("post", True, "U0ABSENT0", "external")),
    ({"user": GUEST}, ("post", True, GUEST, "human")),
    ({"user": BOT}, ("post", False, BOT, "bot")),
    ({"subtype": "bot_message", "user": None, "bot_id": "B0HOOK000"}, ("post", False, "B0HOOK000", "bot")),
    ({"user": None, "bot_id": "B0HOOK000"}, ("post", False, "B0HOOK000", "bot")),
    ({"subtype": "bot_message", "bot_id": "B0HOOK000"}, ("post", False, ANN, "bot")),
    ({"user": "USLACKBOT"}, ("post", False, "USLACKBOT", "system")),
    ({"user": "U00", "subtype": "channel_name"}, ("admin", False, "U00", "system")),
    ({"user": None}, ("post", False, None, "unknown")),
    ({"subtype": "tombstone", "user": "USLACKBOT", "hidden": True}, ("other", False, None, "unknown")),
    ({"subtype": "channel_join"}, ("join", False, ANN, "human")),
    ({"subtype": "group_leave"}, ("leave", False, ANN, "human")),
    ({"subtype": "channel_topic"}, ("admin", False, ANN, "human")),
    ({"subtype": "bot_add", "bot_id": "B0HOOK000"}, ("admin", False, ANN, "human")),
    ({"subtype": "reminder_add"}, ("other", False, ANN, "human")),
    ({"subtype": "document_comment_root", "user": "USLACKBOT"}, ("other", False, "USLACKBOT", "system")),
    ({"subtype": "never_seen_before"}, ("other", False, ANN, "human")),
])
def test_every_kind_of_message_becomes_its_action(read, fields, expected):
    events = read(files(message(**fields)))["event"]
    assert rows(events, "action", "is_contribution", "account", "actor_kind") == [expected]
    assert events["is_record"].to_list() == [True]


def test_a_message_has_its_own_time_number_and_place(read):
    events = read(files(message()))["event"]
    assert events.to_dicts() == [{
        "workspace": "T1", "space": "C0GENERAL", "space_alias": "general", "event_scope": "message",
        "event_number": 1_704_888_000_000_100, "thread_scope": "message", "thread_number": 1_704_888_000_000_100,
        "occurred_at": datetime(2024, 1, 10, 12, 0, 0, 100), "time_basis": "own", "action": "post",
        "is_contribution": True, "account": ANN, "actor_kind": "human", "via_app": False, "is_delegated": False,
        "target_account": None, "target_number": None,
        "bytes_delta": None, "is_revert": None, "is_minor": None, "is_record": True,
        "version_at": None, "member": DAY, "line": 1,
    }]


def test_the_file_name_never_dates_a_message(read):
    events = read(files(**{"general/2024-01-09.json": [message()]}))["event"]
    assert events["occurred_at"].dt.date().to_list() == [date(2024, 1, 10)]


@pytest.mark.parametrize(("bot_id", "user", "is_via_app"), [
    ("B0APP0000", ANN, True), (None, ANN, False), ("B0APP0000", BOT, False), ("B0APP0000", None, False),
])
def test_only_a_person_posts_through_an_app(read, bot_id, user, is_via_app):
    assert read(files(message(bot_id=bot_id, user=user)))["event"]["via_app"].to_list() == [is_via_app]


def test_an_edit_is_a_version_and_not_an_event(read):
    events = read(files(message(edited={"user": BEN, "ts": "1704888100.000000"})))["event"]
    assert rows(events, "account", "version_at") == [(ANN, datetime(2024, 1, 10, 12, 1, 40))]


def test_a_reply_answers_the_author_of_its_thread(read):
    day_before, root = "general/2024-01-09.json", "1704800000.000000"
    starter = message(ts=root, thread_ts=root, user=BEN)
    replies = [message(thread_ts=root), message(ts=LATER, thread_ts=root, parent_user_id=GUEST)]
    events = read(files(*replies, **{day_before: [starter]}))["event"].sort("event_number")
    assert rows(events, "action", "account", "target_account", "thread_number") == [
        ("post", BEN, None, 1_704_800_000_000_000),
        ("reply", ANN, BEN, 1_704_800_000_000_000),
        ("reply", ANN, GUEST, 1_704_800_000_000_000),
    ]


def test_a_reply_to_a_bot_answers_the_bot_and_one_to_a_missing_or_deleted_message_nobody(read):
    first, second, third = "1704800000.000000", "1704800001.000000", "1704800002.000000"
    events = read(files(
        message(ts=first, thread_ts=first, user=None, bot_id="B0HOOK000"),
        message(ts=second, thread_ts=second, subtype="tombstone", user="USLACKBOT"),
        message(ts="1704888001.000000", thread_ts=first), message(ts="1704888002.000000", thread_ts=second),
        message(ts="1704888003.000000", thread_ts=third),
    ))["event"]
    assert events.filter(action="reply")["target_account"].to_list() == ["B0HOOK000", None, None]
    assert events["thread_number"].to_list()[-1] == 1_704_800_002_000_000


def test_threads_of_different_channels_do_not_mix(read):
    root = "1704800000.000000"
    other = {"random/2024-01-10.json": [message(thread_ts=root)]}
    events = read(files(message(ts=root, thread_ts=root, user=BEN), **other))["event"]
    assert events.filter(action="reply")["target_account"].to_list() == [None]


def test_reactions_are_one_row_per_person_and_emoji_without_skin_tone(read):
    reactions = [{"name": "clap", "users": [ANN, BEN], "count": 2}, {"name": "clap::skin-tone-2", "users": [BEN]},
                 {"name": "wave", "users": [BEN]}]
    events = read(files(message(reactions=reactions, edited={"ts": LATER})))["event"].filter(action="react")
    assert rows(events, "event_scope", "account", "target_account", "actor_kind", "time_basis", "is_record",
                "is_contribution", "version_at", "event_number") == [
        ("react:clap", ANN, ANN, "human", "target", False, False, None, 1_704_888_000_000_100),
        ("react:clap", BEN, ANN, "human", "target", False, False, None, 1_704_888_000_000_100),
        ("react:wave", BEN, ANN, "human", "target", False, False, None, 1_704_888_000_000_100),
    ]


@pytest.mark.parametrize("subtype", [None, "huddle_thread", "sh_room_created"])
def test_a_huddle_is_met_by_each_participant_once_and_is_one_record(read, subtype):
    room = {"created_by": ANN, "participant_history": [BEN, ANN, BEN, "U0ABSENT0"]}
    events = read(files(message(user="USLACKBOT", subtype=subtype, room=room)))["event"]
    assert rows(events, "action", "account", "actor_kind", "is_record", "is_contribution") == [
        ("meet", ANN, "human", True, False), ("meet", BEN, "human", False, False),
        ("meet", "U0ABSENT0", "external", False, False),
    ]


def test_a_huddle_without_participants_is_still_a_record(read):
    events = read(files(message(user="USLACKBOT", subtype="huddle_thread")))["event"]
    assert rows(events, "action", "account", "actor_kind") == [("meet", None, "unknown")]


def test_accounts_have_a_kind_and_deleted_people_stay_human(read):
    tables = read(files())
    assert rows(tables["account"], "account", "kind", "is_guest", "is_deactivated", "member", "line") == [
        (ANN, "human", None, False, "users.json", 1), (BEN, "human", None, True, "users.json", 2),
        (BOT, "bot", None, False, "users.json", 3), (GUEST, "human", True, False, "users.json", 4),
    ]
    assert tables["account_identifier"].rows() == [("T1", ANN, "email", "ann@acme.example")]


def test_org_users_take_the_place_of_users(read):
    members = files(message())
    members["org_users.json"] = members.pop("users.json")
    assert read(members)["account"].height == 4


@pytest.mark.parametrize(("users", "team", "configured", "expected"), [
    (USERS, "T9", None, "T1"), (USERS, "T9", "mine", "mine"), ([{"id": ANN}], "T9", None, "T9"),
    ([{"id": ANN}], None, None, "unknown"),
    ([{"id": ANN, "team_id": "T2"}, {"id": BEN, "team_id": "T1"}, *({**USERS[3], "id": f"U{i}"} for i in range(5))],
     None, None, "T1"),
])
def test_the_workspace_is_configured_or_most_members_or_the_messages(read, users, team, configured, expected):
    tables = read({**files(message(team=team)), "users.json": users}, workspace=configured)
    assert {name for table in ("event", "account", "coverage") for name in tables[table]["workspace"]} == {expected}


def test_a_channel_is_labelled_and_a_folder_without_entry_is_known_by_name(read):
    events = read(files(message(), **{"lost/2024-01-10.json": [message()]}))
    assert rows(events["event"], "space", "space_alias") == [("C0GENERAL", "general"), (None, "lost")]
    assert events["space"].to_dicts() == [{
        "workspace": "T1", "space": "C0GENERAL", "space_alias": "general", "kind": "channel", "visibility": "public",
        "label": "general", "created_at": datetime(2015, 6, 6, 2, 38, 39), "is_record": True,
        "member": "channels.json", "line": 1,
    }]


def test_a_renamed_channel_keeps_its_earlier_names_as_further_rows(read):
    renaming = message(subtype="channel_name", old_name="chat", name="general")
    spaces = read(files(renaming))["space"]
    assert rows(spaces, "space", "space_alias", "is_record", "label") == [
        ("C0GENERAL", "general", True, "general"), ("C0GENERAL", "chat", False, "general"),
    ]


@pytest.mark.parametrize(("created", "expected"), [
    ("1433558319", datetime(2015, 6, 6, 2, 38, 39)), (None, None), (0, None), ("soon", None), (10**15, None),
])
def test_a_channel_was_created_at_seconds_as_number_or_text(read, created, expected):
    channels = [{"id": "C1", "name": "general", "created": created}]
    assert read({**files(), "channels.json": channels})["space"]["created_at"].to_list() == [expected]


PRIVATE: Files = {
    "groups.json": [{"id": "G0SECRET0", "name": "secret-plan"}],
    "mpims.json": [{"id": "G0MPDM000", "name": "mpdm-ann--ben-1"}],
    "dms.json": [{"id": "D0ANNBEN0", "members": [ANN, BEN]}],
    "secret-plan/2024-01-10.json": [message(), message(ts=LATER)],
    "mpdm-ann--ben-1/2024-01-10.json": [message()], "D0ANNBEN0/2024-01-10.json": [message()],
    "D0UNLISTED/2024-01-10.json": [message()], "mpdm-x--y-2/2024-01-10.json": [message()],
}


def test_private_conversations_are_counted_and_neither_read_nor_named(read):
    tables = read(files(message(), **PRIVATE))
    assert tables["event"].height == 1
    assert tables["space"]["space"].to_list() == ["C0GENERAL"]
    hidden = "<private space>/2024-01-10.json"
    assert sorted(rows(tables["exclusion"], "member", "rule", "n_records")) == [
        (hidden, "direct_message", 4), (hidden, "private_space", 2), ("dms.json", "direct_message", 1),
        ("groups.json", "private_space", 1), ("mpims.json", "direct_message", 1),
    ]
    printed = repr([table.to_dicts() for table in tables.values()])
    assert not [name for name in ("secret", "mpdm", "D0ANNBEN0", "D0UNLISTED") if name in printed]
    assert rows(tables["part"].filter(member=hidden), "n_read") == [(6,)]
    assert tables["capability"]["has_direct"].to_list() == [True]


def test_private_conversations_are_read_where_included_but_never_named(read):
    tables = read(files(**PRIVATE), include=("public", "private", "direct"))
    assert tables["event"].height == 2
    assert sorted(rows(tables["space"], "space", "kind", "visibility", "label")) == [
        ("C0GENERAL", "channel", "public", "general"), ("G0SECRET0", "channel", "private", None),
    ]
    assert set(tables["event"]["member"]) == {"<private space>/2024-01-10.json"}


def test_canvases_and_strays_in_a_channel_are_counted_and_placeholders_are_nothing(read):
    tables = read(files(message(), **{
        "general/canvas_in_the_conversation.json": [{"id": "F1", "title": "CANARY"}, {"id": "F2"}],
        "general/notes.json": [{"a": 1}, ""], "general/broken.json": b"{", "lists.json": [""],
        "huddle_transcripts.json": [""], "canvases.json": [{"id": "F1"}],
    }))
    assert sorted(rows(tables["exclusion"], "member", "rule", "n_records")) == [
        ("canvases.json", "canvas", 1), ("general/broken.json", "not_a_day_file", 1),
        ("general/canvas_in_the_conversation.json", "canvas", 2),
        ("general/notes.json", "not_a_day_file", 1),
    ]
    without_records = tables["part"].filter(pl.col("member").is_in(["lists.json", "canvases.json"]))
    assert sorted(rows(without_records, "member", "n_read")) == [("canvases.json", 1), ("lists.json", 0)]


def test_coverage_runs_from_the_first_to_the_last_message_unless_configured(read):
    members = files(message(ts="1704800000.000000"), message())
    assert read(members)["coverage"].rows() == [("T1", date(2024, 1, 9), date(2024, 1, 10), False)]
    stated = read(members, window_from="2024-01-01", window_to="2024-01-31")["coverage"]
    assert stated.rows() == [("T1", date(2024, 1, 1), date(2024, 1, 31), True)]
    assert read(files())["coverage"].height == 0


def test_an_export_packed_again_or_unpacked_reads_the_same(tmp_path):
    members = files(message(reactions=[{"name": "a", "users": [BEN]}]), "", **PRIVATE)
    (tmp_path / "folder").mkdir()
    first = load(packed(tmp_path, members))
    second = load(unpacked(tmp_path / "folder", members))
    third = load(packed(tmp_path, members, enclosing="Acme Slack/", name="again.zip"))
    for name in FRAMES:
        columns = [column for column in first[name].columns if column != "crc32"]  # a folder has no checksums
        assert first[name].select(columns).equals(second[name].select(columns))
        if "member" in columns:
            third[name] = third[name].with_columns(pl.col("member").str.strip_prefix("Acme Slack/"))
        assert first[name].sort(pl.all()).equals(third[name].sort(pl.all()))


def test_folder_names_match_channels_whatever_their_unicode_form_and_wrapper(tmp_path):
    channels = [{"id": "C1", "name": "caf\u00e9"}, {"id": "C2", "name": "general"}]
    members = {"users.json": USERS, "channels.json": channels, "cafe\u0301/2024-01-10.json": [message()],
               "b'general'/2024-01-10.json": [message()]}
    events = load(packed(tmp_path, members))["event"]
    assert sorted(rows(events, "space", "space_alias")) == [("C1", "caf\u00e9"), ("C2", "general")]


def test_a_name_with_marks_of_direction_belongs_to_its_folder_so_a_private_channel_is_not_read(tmp_path):
    name = "a\u202ab\u202c\u2028c"
    members = {
        "users.json": USERS, "channels.json": [{"id": "C1", "name": f"{name}1"}, {"id": "C2", "name": "d"}],
        "groups.json": [{"id": "G1", "name": f"{name}2"}], f"{name}1/2024-01-10.json": [message()],
        f"{name}2/2024-01-10.json": [message(), message(ts=LATER)],
        "d/2024-01-10.json": [message(subtype="channel_name", old_name=f"{name}1", name="d")],
    }
    tables = load(packed(tmp_path, members))
    assert set(tables["event"]["space"]) == {"C1", "C2"}
    assert tables["exclusion"].filter(rule="private_space")["n_records"].sum() == 3
    listed = rows(tables["space"], "space", "is_record", "label", "space_alias")
    assert {place[:3] for place in listed} == {("C1", True, f"{name}1"), ("C2", True, "d"), ("C2", False, "d")}
    aliases = {is_record: alias for place, is_record, _, alias in listed if (place, is_record) != ("C2", True)}
    assert aliases[False] == aliases[True]


def test_enterprise_grid_keeps_lists_and_folders_of_its_workspaces_apart(tmp_path):
    members = {
        "org_users.json": USERS, "channels.json": CHANNELS, DAY: [message()],
        "teams/acme/channels.json": [{"id": "C0TEAM000", "name": "general"}],
        "teams/acme/groups.json": [{"id": "G0SECRET0", "name": "secret-plan"}],
        "teams/acme/general/2024-01-10.json": [message()], "teams/acme/secret-plan/2024-01-10.json": [message()],
    }
    tables = load(packed(tmp_path, members))
    assert sorted(rows(tables["event"], "space", "space_alias")) == [("C0GENERAL", "general"), ("C0TEAM000", "general")]
    assert "secret" not in repr([table.to_dicts() for table in tables.values()])
    assert tables["exclusion"]["n_records"].sum() == 2


@pytest.mark.parametrize("members", [
    {"notes.txt": b"x"}, {"users.json": USERS}, {"channels.json": CHANNELS, "x/notes.json": []},
    {"a/channels.json": CHANNELS, "a/users.json": USERS, "b/channels.json": CHANNELS, "b/users.json": USERS},
    {"inner.zip": b"PK\x03\x04"},
])
def test_other_archives_are_not_claimed(tmp_path, members):
    assert slack.detect(packed(tmp_path, members)) is None


def test_lone_files_and_folders_around_an_export_are_not_claimed(tmp_path):
    packed(tmp_path, files(message()))
    (tmp_path / "one").mkdir()
    unpacked(tmp_path / "one", files(message()))
    assert slack.detect(open_source(tmp_path, "drop")) is None
    assert slack.detect(open_source(tmp_path / "one", "one")) == "slack-export"
    (tmp_path / "users.json").write_bytes(content(USERS))
    assert slack.detect(open_source(tmp_path / "users.json", "users.json")) is None
