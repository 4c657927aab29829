"""One test for each numbered failure case of Slack exports, which asserts the right answer.

Cases that the warehouse decides run the pipeline over tiny exports; the others look at the reader's frames. All data
are synthetic unless a test is marked `real_data`.
"""

import json
import runpy
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from connectors.inventory import find_exports
from connectors.settings import SourceSettings
from connectors.source import open_source
from models.problems import ExportRefused
from tests.pipelines import tiny
from tests.pipelines.runs import FIGURES, Run, assert_same_tables, run_models

OK = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("test_slack.py"))))
REAL = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("test_slack_real.py"))))
ANN, BEN, BOT, TS, LATER, DAY = OK.ANN, OK.BEN, OK.BOT, OK.TS, OK.LATER, OK.DAY
message, files = OK.message, OK.files
JANUARY = date(2024, 1, 10)
Tables = dict[str, pl.DataFrame]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Tables]:
    return lambda members, **settings: OK.load(OK.packed(tmp_path, members), **settings)


def told(tables: Tables, *columns: str) -> list[tuple[object, ...]]:
    return tables["event"].select(columns or ("action", "account", "actor_kind", "is_contribution")).rows()


def rules(tables: Tables) -> dict[str, int]:
    return dict(tables["note"].group_by("rule").agg(pl.col("n_records").sum()).rows())


def run(folder: Path, *, config: str = tiny.CONFIG) -> Run:
    tiny.roster_csv(folder / "drop" / "roster.csv", [tiny.roster_row("p1", date(2023, 1, 1), "Acme")])
    (folder / "drop" / "turnout.toml").write_text(config, encoding="utf-8")
    done = run_models(folder / "drop", folder / "out", platforms=("slack",))
    assert not done.problems
    return done


def test_slack_case_01_a_canvas_in_a_channel_is_counted_and_no_message(read):
    tables = read(files(message(), **{"general/canvas_in_the_conversation.json": [{"id": "F1"}]}))
    assert tables["exclusion"].select("rule", "n_records").rows() == [("canvas", 1)]
    assert tables["event"].height == 1


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
    assert tables["event"].height == 1
    (tmp_path / "drop").mkdir()
    OK.unpacked(tmp_path / "drop", members)
    (found,) = find_exports(tmp_path / "drop", lambda _: SourceSettings(), ignore=frozenset())
    assert (found.file, found.format) == ("a/Acme export", "slack-export")


def utf8_without_flag(folder: Path) -> Path:
    """A zip whose names are UTF-8 and do not say so, as Slack writes it."""
    channels = [{"id": "C1", "name": "caf\u00e9"}]
    path = OK.packed(folder, {"users.json": OK.USERS, "channels.json": channels,
                              "caf\u00e9/2024-01-10.json": [message()]}).path
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + offset + 1] &= 0xF7
            place = data.find(mark, place + 4)
    path.write_bytes(data)
    return path


def test_slack_case_08_names_in_utf_8_without_the_flag_match_their_channel(tmp_path):
    path = utf8_without_flag(tmp_path)
    with zipfile.ZipFile(path) as archive:
        assert not any(info.flag_bits & 0x800 for info in archive.infolist())
    assert told(OK.load(open_source(path, path.name)), "space", "space_alias") == [("C1", "caf\u00e9")]


def test_slack_case_09_names_with_the_flag_are_not_decoded_twice(tmp_path):
    members = {"users.json": OK.USERS, "channels.json": [{"id": "C1", "name": "caf\u00e9"}],
               "caf\u00e9/2024-01-10.json": [message()]}
    assert told(OK.load(OK.packed(tmp_path, members)), "space") == [("C1",)]


def test_slack_case_10_a_wrapped_folder_is_merged_with_its_twin(read):
    starter = message(ts="1704800000.000000", thread_ts="1704800000.000000", user=BEN)
    tables = read(files(message(thread_ts="1704800000.000000"), **{"b'general'/2024-01-09.json": [starter]}))
    assert set(told(tables, "space", "space_alias")) == {("C0GENERAL", "general")}
    assert tables["event"].filter(action="reply")["target_account"].to_list() == [BEN]
    assert rules(tables)["PPL-SLK-015"] == 1


def test_slack_case_11_a_message_without_user_is_of_its_bot_or_comment_or_nobody(read):
    tables = read(files(message(user=None, bot_id="B1"), message(ts=LATER, user=None)))
    assert told(tables) == [("post", "B1", "bot", False), ("post", None, "unknown", False)]
    assert rules(tables)["PPL-SLK-005"] == 1


def test_slack_case_12_a_reactor_who_left_keeps_the_reaction(read):
    tables = read(files(message(reactions=[{"name": "a", "users": ["U0GONE000"], "count": 1}])))
    assert told(tables)[1] == ("react", "U0GONE000", "external", False)


@pytest.mark.parametrize("stub", [
    {"id": "F1", "mode": "tombstone"}, {"id": "F1", "mode": "hidden_by_limit"}, {"id": "F1", "file_access": "denied"},
    {},
])
def test_slack_case_13_a_post_counts_whatever_is_left_of_its_file(read, stub):
    assert told(read(files(message(text="", files=[stub])))) == [("post", ANN, "human", True)]


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
    assert told(tables, "action", "target_account", "thread_number") == [("reply", None, 1_704_800_000_000_000)]


def test_slack_case_17_a_reply_finds_its_parent_in_another_day_file(read):
    root = "1704800000.000000"
    tables = read(files(message(thread_ts=root), **{"general/2024-01-09.json": [message(ts=root, thread_ts=root,
                                                                                      user=BEN)]}))
    assert tables["event"].filter(action="reply")["target_account"].to_list() == [BEN]


def test_slack_case_18_replies_are_told_from_posts(read):
    tables = read(files(message(thread_ts=TS), message(ts=LATER, thread_ts=TS)))
    assert told(tables, "action") == [("post",), ("reply",)]


def month(folder: Path, name: str, *messages: dict[str, object]) -> Path:
    users = [tiny.slack_user("U1", "p1@t.example"), tiny.slack_user("U2", "p1@t.example")]
    return tiny.slack_zip(folder / "drop" / name, users, {"general": messages})


def test_slack_case_19_the_same_export_twice_counts_once(tmp_path):
    one = tiny.slack_message(JANUARY, "U1")
    month(tmp_path, "a.zip", one)
    month(tmp_path, "b.zip", one, {**one, "text": "another"})
    done = run(tmp_path)
    assert done.one("select count(*) from fct_event") == 1


@pytest.mark.parametrize("names", [("a.zip", "b.zip"), ("b.zip", "a.zip")], ids=["ab", "ba"])
def test_slack_case_20_overlapping_exports_make_one_union(tmp_path, names):
    days = [tiny.slack_message(date(2024, 1, day), "U1") for day in (8, 9, 10)]
    month(tmp_path, names[0], *days[:2])
    month(tmp_path, names[1], *days[1:])
    done = run(tmp_path)
    assert done.one("select count(*) from fct_event") == 3


def test_slack_case_20_the_names_of_the_files_change_no_figure(tmp_path):
    days = [tiny.slack_message(date(2024, 1, day), "U1") for day in (8, 9, 10)]
    done = []
    for place, names in enumerate((("a.zip", "b.zip"), ("b.zip", "a.zip"))):
        month(tmp_path / str(place), names[0], *days[:2])
        month(tmp_path / str(place), names[1], *days[1:])
        done.append(run(tmp_path / str(place)))
    assert_same_tables(*done, FIGURES)


def test_slack_case_21_a_day_cut_off_by_a_later_export_stays_whole(tmp_path):
    day = [tiny.slack_message(JANUARY, "U1", seconds=hour * 3_600) for hour in range(5)]
    month(tmp_path, "a.zip", *day)
    month(tmp_path, "b.zip", *day[3:], tiny.slack_message(date(2024, 2, 1), "U1"))
    done = run(tmp_path)
    assert done.one("select count(*) from fct_event") == 6


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


def test_slack_case_27_a_deleted_user_with_hardly_any_field_is_read(read):
    users = [{"id": ANN, "deleted": True, "profile": None, "is_bot": None, "real_name": None}]
    tables = read({**files(message()), "users.json": users})
    assert tables["account"].select("kind", "is_deactivated", "is_guest").rows() == [("human", True, False)]


def test_slack_case_28_the_ghost_of_a_rename_is_the_system(read):
    assert told(read(files(message(user="U00", subtype="channel_name")))) == [("admin", "U00", "system", False)]


def test_slack_case_29_skin_tones_are_one_emoji(read):
    reactions = [{"name": "clap", "users": [BEN]}, {"name": "clap::skin-tone-2", "users": [BEN]}]
    events = read(files(message(reactions=reactions)))["event"].filter(action="react")
    assert events.select("event_scope", "account").rows() == [("react:clap", BEN)]


def test_slack_case_30_an_archive_that_expands_without_measure_is_refused(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in files().items():
            archive.writestr(name, json.dumps(value))
        archive.writestr("general/2024-01-11.json", b"[" + b" " * (50 << 20) + b"]")
    with pytest.raises(ExportRefused, match="PPL-ZIP-004"):
        OK.load(open_source(path, path.name))


def test_slack_case_31_two_accounts_of_one_address_are_one_person(tmp_path):
    month(tmp_path, "a.zip", tiny.slack_message(JANUARY, "U1"), tiny.slack_message(JANUARY, "U2"))
    done = run(tmp_path)
    assert done.one("select count(distinct account_id) from fct_event") == 2
    assert done.one("select count(distinct person_id) from fct_person_day") == 1


def test_slack_case_32_a_folder_is_as_good_as_a_zip_and_anything_else_is_named(tmp_path):
    (tmp_path / "export").mkdir()
    assert told(OK.load(OK.unpacked(tmp_path / "export", files(message())))) == [("post", ANN, "human", True)]
    (tmp_path / "no.zip").write_bytes(b"not an archive")
    with pytest.raises(ExportRefused, match=r"^PPL-ZIP-010 no\.zip: is not a zip archive"):
        open_source(tmp_path / "no.zip", "no.zip")


def test_slack_case_33_a_renamed_channel_is_one_space(tmp_path):
    users = [tiny.slack_user("U1", "p1@t.example")]
    old, new = tiny.slack_message(JANUARY, "U1"), tiny.slack_message(date(2024, 2, 1), "U1")
    renaming = tiny.slack_message(date(2024, 1, 20), "U1", subtype="channel_name", old_name="chat", name="general")
    tiny.slack_zip(tmp_path / "drop" / "b.zip", users, {"general": [renaming, new]})
    channel = {"id": "C0GENERAL0", "name": "chat", "created": 1_700_000_000}
    listed = json.loads(tiny.members_of(tmp_path / "drop" / "b.zip")["channels.json"])[0]
    tiny.zipped(tmp_path / "drop" / "a.zip", {
        "users.json": json.dumps(users), "channels.json": json.dumps([{**channel, "id": listed["id"]}]),
        "chat/2024-01-10.json": json.dumps([old]),
    })
    assert run(tmp_path).one("select count(distinct space_id) from fct_event") == 1


def test_slack_case_34_lists_may_drift_in_shape(read):
    drift = {"integration_logs.json": [{"date": "1433558319"}, {"date": 1_433_558_319}], "lists.json": [""],
             "huddle_transcripts.json": [""], "file_conversations.json": []}
    channels = [{**OK.CHANNELS[0], "pins": None, "members": None, "created": "1433558319"}]
    users = [{"id": ANN, "profile": {"fields": fields}} for fields in (None, {}, [])]
    assert told(read({**files(message()), **drift, "channels.json": channels, "users.json": users})) == [
        ("post", ANN, "human", True),
    ]


def test_slack_case_35_a_deleted_parent_is_nobodys_and_keeps_its_thread(read):
    tables = read(files(message(subtype="tombstone", user="USLACKBOT", thread_ts=TS),
                        message(ts=LATER, thread_ts=TS)))
    assert told(tables, "action", "account", "target_account") == [("other", None, None), ("reply", ANN, None)]
    assert "PPL-SLK-005" not in rules(tables)


@pytest.mark.parametrize("subtype", ["document_unfurl", "welcome_party", "channel_tab_added", "document_comment_root"])
def test_slack_case_36_what_slackbot_files_for_others_is_no_contribution(read, subtype):
    tables = read(files(message(user="USLACKBOT", subtype=subtype)))
    assert tables["event"]["is_contribution"].to_list() == [False]
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
