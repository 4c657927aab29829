"""The numbered failure cases of Slack exports that the reader decides, each with its right answer.

Cases that the warehouse decides, alone or too, are in test_slack_case_runs. All data are synthetic unless a test is
marked `real_data`.
"""

import json
import runpy
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from connectors.inventory import find_exports
from connectors.settings import SourceSettings
from connectors.source import open_source
from models.problems import ExportRefused

OK = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("test_slack.py"))))
REAL = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("test_slack_real.py"))))
ANN, BEN, BOT, TS, LATER, DAY = OK.ANN, OK.BEN, OK.BOT, OK.TS, OK.LATER, OK.DAY
message, files = OK.message, OK.files
Tables = dict[str, pl.DataFrame]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Tables]:
    return lambda members, **settings: OK.load(OK.packed(tmp_path, members), **settings)


def told(tables: Tables, *columns: str) -> list[tuple[object, ...]]:
    return tables["event"].select(columns or ("action", "account", "actor_kind", "is_contribution")).rows()


def rules(tables: Tables) -> dict[str, int]:
    return dict(tables["note"].group_by("rule").agg(pl.col("n_records").sum()).rows())


def test_slack_case_01_a_canvas_in_a_channel_is_counted_and_no_message(read):
    tables = read(files(message(), **{"general/canvas_in_the_conversation.json": [{"id": "F1"}]}))
    assert tables["exclusion"].select("rule", "n_records").rows() == [("canvas", 1)]
    assert told(tables) == [("post", ANN, "human", True)]


def test_slack_case_01_a_canvas_among_the_messages_of_a_day_is_put_aside(read):
    tables = read(files({"id": "F1", "created": 1_704_888_000, "title": "CANARY"}, message()))
    assert tables["quarantine"].select("member", "line", "rule").rows() == [(DAY, 1, "PPL-SLK-001")]
    assert told(tables) == [("post", ANN, "human", True)]


def test_slack_case_02_a_message_needs_no_text(read):
    assert told(read(files({"ts": TS, "user": ANN}))) == [("post", ANN, "human", True)]


def test_slack_case_03_slackbot_is_a_system_account_without_being_listed(read):
    tables = read(files(message(user="USLACKBOT")))
    assert told(tables) == [("post", "USLACKBOT", "system", False)]
    assert "PPL-SLK-006" not in rules(tables)


def test_slack_case_04_unknown_members_of_direct_messages_stay_in_the_count(read):
    members = files(**{"dms.json": [{"id": "D0GONE000", "members": ["UGONE"]}],
                       "D0GONE000/2024-01-10.json": [message(user="UGONE")]})
    tables = read(members, include=("public", "direct"))
    assert tables["usage"].select("report", "period_from", "period_to", "n_posted", "account").rows() == [
        ("direct_messages", date(2024, 1, 1), date(2024, 1, 31), 1, None),
    ]
    assert tables["event"].is_empty()


def test_slack_case_05_a_user_of_slack_connect_is_external(read):
    tables = read(files(message(user="U0ABROAD0"), message(ts=LATER, user="U0ABROAD0")))
    assert told(tables) == [("post", "U0ABROAD0", "external", True)] * 2
    assert rules(tables)["PPL-SLK-006"] == 2


def test_slack_case_06_users_and_org_users_are_both_read(read):
    members = files(message(user="W1"), **{"org_users.json": [{"id": "W1", "team_id": "T1"}]})
    tables = read(members)
    assert tables["account"].height == len(OK.USERS) + 1
    assert told(tables, "actor_kind") == [("human",)]


def test_slack_case_07_the_export_is_found_below_enclosing_folders_beside_junk(tmp_path):
    members = {f"a/Acme export/{name}": value for name, value in files(message()).items()}
    junk = {"__MACOSX/a/._users.json": b"x", "a/.DS_Store": b"x"}
    tables = OK.load(OK.packed(tmp_path, {**members, **junk}))
    assert told(tables, "space", "account", "member") == [("C0GENERAL", ANN, f"a/Acme export/{DAY}")]
    assert not [name for name in tables["part"]["member"] if "MACOSX" in name or "DS_Store" in name]
    (tmp_path / "drop").mkdir()
    OK.unpacked(tmp_path / "drop", members)
    (found,) = find_exports(tmp_path / "drop", lambda _: SourceSettings(), ignore=frozenset())
    assert (found.file, found.format) == ("a/Acme export", "slack-export")


def utf8_without_flag(folder: Path, *, flagged: tuple[str, ...] = ()) -> Path:
    """A zip whose names are UTF-8 and, but for some days, do not say so, as Slack writes it."""
    channels = [{"id": "C1", "name": "caf\u00e9"}]
    days = {f"caf\u00e9/2024-01-{day}.json": [message(ts=f"17048880{day}.000000")] for day in ("10", "11")}
    path = OK.packed(folder, {"users.json": OK.USERS, "channels.json": channels, **days}).path
    data = bytearray(path.read_bytes())
    for mark, flags, header in ((b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)):
        place = data.find(mark)
        while place >= 0:
            if not any(f"2024-01-{day}".encode() in data[place + header : place + header + 30] for day in flagged):
                data[place + flags + 1] &= 0xF7
            place = data.find(mark, place + 4)
    path.write_bytes(data)
    with zipfile.ZipFile(path) as archive:
        assert sum(bool(info.flag_bits & 0x800) for info in archive.infolist()) == len(flagged)
    return path


def test_slack_case_08_names_in_utf_8_without_the_flag_match_their_channel(tmp_path):
    path = utf8_without_flag(tmp_path)
    assert told(OK.load(open_source(path, path.name)), "space", "space_alias") == [("C1", "caf\u00e9")] * 2


def test_slack_case_09_names_with_the_flag_are_not_decoded_twice(tmp_path):
    members = {"users.json": OK.USERS, "channels.json": [{"id": "C1", "name": "caf\u00e9"}],
               "caf\u00e9/2024-01-10.json": [message()]}
    assert told(OK.load(OK.packed(tmp_path, members)), "space") == [("C1",)]


def test_slack_case_09_only_names_without_the_flag_are_decoded(tmp_path):
    path = utf8_without_flag(tmp_path, flagged=("11",))
    assert told(OK.load(open_source(path, path.name)), "space", "space_alias") == [("C1", "caf\u00e9")] * 2


def test_slack_case_10_a_wrapped_folder_is_merged_with_its_twin(read):
    starter = message(ts="1704800000.000000", thread_ts="1704800000.000000", user=BEN)
    tables = read(files(message(thread_ts="1704800000.000000"), **{"b'general'/2024-01-09.json": [starter]}))
    assert set(told(tables, "space", "space_alias")) == {("C0GENERAL", "general")}
    assert tables["event"].filter(action="reply")["target_account"].to_list() == [BEN]
    assert rules(tables)["PPL-SLK-015"] == 1


def test_slack_case_11_a_message_without_user_is_of_its_bot_or_comment_or_nobody(read):
    tables = read(files(
        message(user=None, bot_id="B1"), message(ts="1704888001.000000", user=None, bot_id="B1", comment={"user": ANN}),
        message(ts="1704888002.000000", user=None, file={"user": BEN}), message(ts=LATER, user=None)))
    assert told(tables) == [
        ("post", "B1", "bot", False), ("post", ANN, "human", True), ("post", BEN, "human", True),
        ("post", None, "unknown", False),
    ]
    assert rules(tables)["PPL-SLK-005"] == 1
    assert tables["quarantine"].is_empty()


def test_slack_case_12_a_reactor_who_left_keeps_the_reaction(read):
    tables = read(files(message(reactions=[{"name": "a", "users": ["U0GONE000"], "count": 1}])))
    assert told(tables)[1] == ("react", "U0GONE000", "external", False)


@pytest.mark.parametrize("stub", [
    {"id": "F1", "mode": "tombstone"}, {"id": "F1", "mode": "hidden_by_limit"}, {"id": "F1", "mode": "access_denied"},
    {"id": "F1", "file_access": "access_denied", "url_private": None, "user": None}, {},
])
@pytest.mark.parametrize("subtype", [None, "file_share"])
def test_slack_case_13_a_post_counts_whatever_is_left_of_its_file(read, stub, subtype):
    assert told(read(files(message(text="", subtype=subtype, files=[stub], file=stub)))) == [
        ("post", ANN, "human", True)]


def test_slack_case_14_accounts_without_an_address_stay_apart(read):
    users = [{"id": "U1", "profile": {}}, {"id": "U2", "profile": {"email": None}}, {"id": "U3"}]
    tables = read({**files(), "users.json": users})
    assert tables["account"]["account"].to_list() == ["U1", "U2", "U3"]
    assert tables["account_identifier"].is_empty()


def test_slack_case_15_a_broadcast_is_one_reply_and_its_root_is_no_message(read):
    root = {"ts": "1704800000.000000", "user": BEN, "text": "CANARY"}
    broadcast = message(subtype="thread_broadcast", thread_ts="1704800000.000000", root=root)
    assert told(read(files(broadcast))) == [("reply", ANN, "human", True)]


def test_slack_case_16_a_reply_without_its_parent_counts(read):
    tables = read(files(message(thread_ts="1704800000.000000")))
    assert told(tables, "action", "is_contribution", "target_account", "thread_number") == [
        ("reply", True, None, 1_704_800_000_000_000)]
    assert tables["quarantine"].is_empty()


def test_slack_case_17_a_reply_finds_its_parent_in_another_day_file(read):
    root = "1704800000.000000"
    tables = read(files(message(thread_ts=root), **{"general/2024-01-09.json": [message(ts=root, thread_ts=root,
                                                                                      user=BEN)]}))
    assert tables["event"].filter(action="reply")["target_account"].to_list() == [BEN]


def test_slack_case_18_replies_are_told_from_posts(read):
    tables = read(files(message(thread_ts=TS), message(ts=LATER, thread_ts=TS)))
    assert told(tables, "action") == [("post",), ("reply",)]


def test_slack_case_22_a_huddle_without_subtype_is_met_by_its_participants(read):
    room = {"created_by": ANN, "participant_history": [ANN, BEN]}
    tables = read(files(message(user="USLACKBOT", room=room)))
    assert told(tables) == [("meet", ANN, "human", False), ("meet", BEN, "human", False)]


def test_slack_case_23_a_mention_of_nobody_known_aborts_nothing(read):
    tables = read(files(message(text="<@U0NOBODY0> <!DOCTYPE html> <#C0NONE|x>", thread_ts=TS, reply_count=9)))
    assert told(tables) == [("post", ANN, "human", True)]


def test_slack_case_24_a_folder_that_no_list_names_is_a_channel(read):
    tables = read(files(**{"lost/2024-01-10.json": [message()]}))
    assert told(tables, "space", "space_alias") == [(None, "lost")]
    assert rules(tables)["PPL-SLK-008"] == 1


def test_slack_case_25_a_channel_without_folder_is_a_space_without_events(read):
    tables = read({**files(), "channels.json": [*OK.CHANNELS, {"id": "C0EMPTY00", "name": "empty"}]})
    assert tables["space"]["space"].to_list() == ["C0GENERAL", "C0EMPTY00"]
    assert tables["event"].is_empty()


def test_slack_case_26_guests_are_people_and_marked(read):
    tables = read(files(message(user=OK.GUEST)))
    assert told(tables) == [("post", OK.GUEST, "human", True)]
    assert tables["account"].filter(account=OK.GUEST)["is_guest"].to_list() == [True]


@pytest.mark.parametrize(("fields", "is_guest", "is_deactivated"), [
    ({"deleted": True, "profile": None, "is_bot": None, "real_name": None}, None, True),
    ({}, None, None),
    ({"deleted": None, "is_restricted": None, "is_ultra_restricted": None}, None, None),
    ({"deleted": False, "is_restricted": False, "is_ultra_restricted": False}, False, False),
    ({"is_restricted": False}, False, None),
    ({"is_ultra_restricted": False}, None, None),  # of one channel only: it may be a guest of several
    ({"is_restricted": True, "is_ultra_restricted": False}, True, None),
    ({"is_restricted": True, "is_ultra_restricted": True}, True, None),
    ({"is_ultra_restricted": True}, True, None),
])
def test_slack_case_27_a_flag_that_a_user_lacks_is_unknown_and_not_false(read, fields, is_guest, is_deactivated):
    tables = read({**files(message()), "users.json": [{"id": ANN, **fields}]})
    assert tables["account"].select("kind", "is_guest", "is_deactivated").rows() == [
        ("human", is_guest, is_deactivated)]


def test_slack_case_28_the_ghost_of_a_rename_is_the_system(read):
    tables = read(files(message(user="U00", subtype="channel_name"), message(ts=LATER, user="U00")))
    assert told(tables) == [("admin", "U00", "system", False), ("post", "U00", "system", False)]
    assert "PPL-SLK-006" not in rules(tables)


def test_slack_case_28_a_post_of_the_old_kind_is_a_file_and_no_message(read):
    tables = read(files(message(), {"id": "F1", "mimetype": "application/vnd.slack-docs", "user": BEN,
                                    "created": 1_704_888_000, "preview": "CANARY"}))
    assert tables["quarantine"].select("line", "rule").rows() == [(2, "PPL-SLK-001")]
    assert told(tables) == [("post", ANN, "human", True)]


def test_slack_case_29_skin_tones_are_one_emoji(read):
    reactions = [{"name": "clap", "users": [BEN]}, {"name": "clap::skin-tone-2", "users": [BEN]}]
    events = read(files(message(reactions=reactions)))["event"].filter(action="react")
    assert events.select("event_scope", "account").rows() == [("react:clap", BEN)]


def test_slack_case_29_further_skin_tones_are_counted_by_file_and_name_nobody(read):
    reactions = [{"name": "clap", "users": [BEN, ANN, BEN]}, {"name": "clap::skin-tone-2", "users": [BEN, ANN]},
                 {"name": "clap::skin-tone-6", "users": [BEN]}, {"name": "wave::skin-tone-2", "users": [BEN]}]
    once = [{"name": "clap", "users": [BEN]}]
    tables = read(files(message(reactions=reactions), message(ts=LATER, reactions=once),
                        **{"general/2024-01-11.json": [message(ts="1704974400.000100", reactions=once)]}))
    assert tables["event"].filter(action="react").height == 5
    assert tables["note"].filter(rule="PPL-SLK-016").select("member", "line", "message", "n_records").rows() == [
        (DAY, None, "3 reactions are another skin tone of an emoji that the same person already gave to the same "
                    "message; each person counts once per emoji, the raw number is 7", 3)]


def test_slack_case_30_an_archive_that_expands_without_measure_is_refused(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in files().items():
            archive.writestr(name, json.dumps(value))
        archive.writestr("general/2024-01-11.json", b"[" + b" " * (50 << 20) + b"]")
    with pytest.raises(ExportRefused, match=r"^PPL-ZIP-004 bomb\.zip!\S+: expands beyond .* \(ratio \d+\); nothing of"):
        OK.load(open_source(path, path.name))


def test_slack_case_32_a_folder_is_as_good_as_a_zip_and_anything_else_is_named(tmp_path):
    (tmp_path / "export").mkdir()
    assert told(OK.load(OK.unpacked(tmp_path / "export", files(message())))) == [("post", ANN, "human", True)]
    (tmp_path / "no.zip").write_bytes(b"not an archive")
    with pytest.raises(ExportRefused, match=r"^PPL-ZIP-010 no\.zip: is not a zip archive"):
        open_source(tmp_path / "no.zip", "no.zip")


def test_slack_case_34_lists_may_drift_in_shape(read):
    drift = {"integration_logs.json": [{"date": "1433558319"}, {"date": 1_433_558_319}], "lists.json": [""],
             "huddle_transcripts.json": [""], "file_conversations.json": []}
    channels = [{**OK.CHANNELS[0], "pins": None, "members": None, "created": "1433558319"}]
    users = [{"id": ANN, "profile": {"fields": fields}} for fields in (None, {}, [])]
    tables = read({**files(message()), **drift, "channels.json": channels, "users.json": users})
    assert told(tables) == [("post", ANN, "human", True)]
    assert tables["space"]["created_at"].to_list() == [datetime(2015, 6, 6, 2, 38, 39)]
    assert tables["quarantine"].is_empty()
    assert tables["exclusion"].is_empty()


def test_slack_case_35_a_deleted_parent_is_nobodys_and_keeps_its_thread(read):
    tables = read(files(message(subtype="tombstone", user="USLACKBOT", thread_ts=TS),
                        message(ts=LATER, thread_ts=TS)))
    assert told(tables, "action", "account", "target_account", "is_contribution", "thread_number") == [
        ("other", None, None, False, 1_704_888_000_000_100), ("reply", ANN, None, True, 1_704_888_000_000_100)]
    assert "PPL-SLK-005" not in rules(tables)


@pytest.mark.parametrize("subtype", ["document_unfurl", "welcome_party", "channel_tab_added", "document_comment_root"])
def test_slack_case_36_what_slackbot_files_for_others_is_no_contribution(read, subtype):
    tables = read(files(message(user="USLACKBOT", subtype=subtype)))
    assert told(tables, "account", "actor_kind", "is_contribution") == [("USLACKBOT", "system", False)]
    assert "PPL-SLK-007" not in rules(tables)


def test_slack_case_36_the_first_comment_on_a_document_is_its_authors(read):
    root = message(user="USLACKBOT", subtype="document_comment_root", document_comment={"user": BEN})
    assert told(read(files(root))) == [("comment", BEN, "human", True)]


def test_a_logged_edit_is_the_original_once(read):
    inner = {"ts": TS, "user": ANN, "text": "CANARY"}
    tables = read(files({"ts": LATER, "subtype": "message_changed", "message": inner, "previous_message": inner}))
    assert told(tables, "event_number", "action", "account", "is_contribution") == [
        (1_704_888_000_000_100, "post", ANN, True),
    ]
    assert tables["event"]["version_at"].dt.epoch("us").to_list() == [1_704_888_060_000_200]


def test_a_logged_deletion_is_the_original_and_counts_for_nobody(read):
    inner = {"ts": TS, "user": ANN, "text": "CANARY"}
    tables = read(files({"ts": LATER, "subtype": "message_deleted", "deleted_ts": TS, "previous_message": inner}))
    assert told(tables, "event_number", "action", "is_contribution") == [(1_704_888_000_000_100, "other", False)]


def test_messages_in_a_file_conversation_are_comments(read):
    conversation = [{"id": "C0FILE000", "name": "FC:F05:My notes"}]
    tables = read(files(**{"file_conversations.json": conversation, "FC_F05_My notes/2024-01-10.json": [message()]}))
    assert told(tables, "action", "space", "is_contribution") == [("comment", "C0FILE000", True)]
    assert "My notes" not in repr(tables["event"]["member"].to_list() + tables["space"]["label"].to_list())


@pytest.mark.parametrize(("members", "code"), [
    ({"channels/general.txt": b"x", "dms/ann.txt": b"x", "files/a.png": b"x"}, "PPL-SLK-011"),
    ({"Export/channels/general/2024-01-01.txt": b"x"}, "PPL-SLK-011"),
    ({"channels.ndjson.gz": b"x", "users.ndjson.gz": b"x", "messages-00000.ndjson.gz": b"x"}, "PPL-SLK-012"),
])
def test_exports_of_other_kinds_are_refused_by_name(tmp_path, members, code):
    source = OK.packed(tmp_path, members)
    assert OK.slack.detect(source) is not None
    with pytest.raises(ExportRefused, match=f"^{code} "):
        list(OK.slack.read(source, SourceSettings()))


@pytest.mark.real_data
@pytest.mark.skipif(not REAL.DATA.is_dir(), reason="the real Slack exports do not lie beside the checkout")
def test_the_real_export_of_2026_has_few_and_known_notes():
    notes = REAL.load(REAL.DATA / "rcwg_2026.zip")["note"]
    assert set(notes["rule"]) <= {"PPL-COV-001", "PPL-SLK-004", "PPL-SLK-006", "PPL-SLK-008"}
    assert notes.filter(rule="PPL-SLK-008")["n_records"].to_list() == [13]
    assert notes.filter(rule="PPL-SLK-004").is_empty()
