"""Numbered failure cases of Slack exports that the warehouse decides: each is a run over tiny synthetic exports."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from tests.pipelines import tiny
from tests.pipelines.runs import FACTS, FIGURES, Run, assert_same_tables, run_models

JANUARY, FEBRUARY = date(2024, 1, 10), date(2024, 2, 1)
USERS = [tiny.slack_user("U1", "p1@t.example"), tiny.slack_user("U2", "p2@t.example")]
TWINS = [tiny.slack_user("U1", "p1@t.example"), tiny.slack_user("U2", "p1@t.example")]
GUEST = tiny.slack_user("U0GUEST00", "eve@elsewhere.example", is_restricted=True)
LEAVE_OUT = f'{tiny.CONFIG}[people]\nguests = "leave_out"\n'
MONTH = "from mart_active_users where period_kind = 'month' and platform = 'all' and unit = 'all'"


def run(folder: Path, *, config: str = tiny.CONFIG, has_roster: bool = True) -> Run:
    """The tables made of the exports in `folder`/drop, with a roster of two people."""
    if has_roster:
        people = [tiny.roster_row(name, date(2023, 1, 1), "Acme") for name in ("p1", "p2")]
        tiny.roster_csv(folder / "drop" / "roster.csv", people)
    (folder / "drop" / "turnout.toml").write_text(config, encoding="utf-8")
    done = run_models(folder / "drop", folder / "out", platforms=("slack",), tables=(*FACTS, *FIGURES))
    assert not done.problems
    assert not done.rows("""
        select path from export_file where n_read <> n_accepted + n_duplicate + n_excluded + n_quarantined
    """)
    return done


def export(folder: Path, name: str, *messages: tiny.Json, users: list[tiny.Json] = USERS) -> Path:
    return tiny.slack_zip(folder / "drop" / name, users, {"general": messages})


def with_members(path: Path, members: Mapping[str, object]) -> None:
    """The export with these further members, or with others in place of those of the same name."""
    tiny.zipped(path, tiny.members_of(path) | {name: json.dumps(value) for name, value in members.items()})


def named(folder: Path, name: str, channels: dict[str, str], messages: dict[str, tiny.Json]) -> None:
    """An export whose channels have these ids by name, and one message in each folder."""
    listed = [{"id": channel, "name": alias, "created": 1_700_000_000} for alias, channel in channels.items()]
    days = {f"{alias}/2024-01-10.json": json.dumps([one]) for alias, one in messages.items()}
    tiny.zipped(folder / "drop" / name,
                {"users.json": json.dumps(USERS), "channels.json": json.dumps(listed), **days})


def test_slack_case_03_slackbot_gets_a_system_account_that_is_no_person(tmp_path):
    export(tmp_path, "a.zip", tiny.slack_message(JANUARY, "U1"), tiny.slack_message(JANUARY, "USLACKBOT"))
    done = run(tmp_path)
    assert done.rows("select kind, match_rule from dim_account order by kind") == [
        ("human", "email"), ("human", "email"), ("system", "none")]
    assert done.one("select count(*) from fct_event") == 2
    assert done.one("select count(distinct person_id) from fct_person_day") == 1


@pytest.mark.parametrize("has_roster", [True, False])
def test_slack_case_05_people_of_another_workspace_are_in_no_denominator(tmp_path, has_roster):
    export(tmp_path, "a.zip", tiny.slack_message(JANUARY, "U1"), tiny.slack_message(JANUARY, "U0ABROAD0"))
    done = run(tmp_path, has_roster=has_roster)
    assert done.rows("select kind, count(*) from dim_account group by kind order by kind") == [
        ("external", 1), ("human", 2)]
    assert done.rows(f"select n_eligible, n_contributors, n_outside {MONTH}") == [(2 if has_roster else 1, 1, 1)]


def test_slack_case_06_a_user_of_both_lists_is_one_account(tmp_path):
    path = export(tmp_path, "a.zip", tiny.slack_message(JANUARY, "U2"))
    with_members(path, {"org_users.json": [USERS[1], tiny.slack_user("W3", "p3@t.example")]})
    done = run(tmp_path)
    assert done.one("select count(*) from dim_account") == 3
    assert done.one("select n_duplicate from export_file where platform = 'slack'") == 1


def test_slack_case_10_a_message_in_both_twins_of_a_wrapped_folder_is_one(tmp_path):
    one, other = tiny.slack_message(JANUARY, "U1"), tiny.slack_message(JANUARY, "U2")
    path = export(tmp_path, "a.zip", one)
    with_members(path, {"b'general'/2024-01-10.json": [one, other]})
    done = run(tmp_path)
    assert done.one("select count(*) from fct_event") == 2
    assert done.one("select count(distinct space_id) from fct_event") == 1
    assert done.rows("select n_records from note where rule = 'PPL-SLK-015'") == [(1,)]


def test_slack_case_14_accounts_without_an_address_are_different_people(tmp_path):
    users = [tiny.slack_user("U1"), {"id": "U2", "profile": {"email": None}}, {"id": "U3"}]
    export(tmp_path, "a.zip", *(tiny.slack_message(JANUARY, f"U{n}") for n in (1, 2, 3)), users=users)
    done = run(tmp_path)
    assert done.one("select count(*) from account_identifier") == 0
    assert done.one("select count(distinct person_id) from fct_person_day") == 3
    assert done.one("select count(*) from dim_account where match_rule = 'none'") == 3


def test_slack_case_17_a_parent_that_does_not_say_so_is_still_found_in_its_day_file(tmp_path):
    root = tiny.slack_message(date(2024, 1, 9), "U2")
    export(tmp_path, "a.zip", root, tiny.slack_message(JANUARY, "U1", thread_ts=root["ts"]))
    done = run(tmp_path)
    assert done.rows("""
        select r.action, r.target_account_id = p.account_id, r.thread_id = p.event_id
        from fct_event as r join fct_event as p on p.action = 'post' where r.action = 'reply'
    """) == [("reply", True, True)]


@pytest.fixture
def once(tmp_path: Path) -> Run:
    export(tmp_path / "once", "a.zip", *(tiny.slack_message(date(2024, 1, day), "U1") for day in (8, 9, 10)))
    return run(tmp_path / "once")


def test_slack_case_19_the_same_export_twice_and_a_second_run_change_nothing(tmp_path, once):
    twice = tmp_path / "twice"
    content = tiny.members_of(tmp_path / "once" / "drop" / "a.zip")
    tiny.zipped(twice / "drop" / "a.zip", content)
    tiny.zipped(twice / "drop" / "copy.zip", content)
    tiny.zipped(twice / "drop" / "packed again.zip", content | {"integration_logs.json": "[]"})
    same = ("fct_event", "dim_account", "dim_space", "coverage_day", *FIGURES)
    for _ in range(2):
        done = run(twice)
        assert done.one("select count(*) from fct_event") == 3
        assert done.rows("select sum(n_duplicate) from export_file") == [(6,)]
        assert_same_tables(once, done, [name for name in same if name != "fct_event"])


@pytest.mark.parametrize("names", [("a.zip", "b.zip"), ("b.zip", "a.zip")], ids=["ab", "ba"])
def test_slack_case_20_overlapping_exports_make_one_union_whatever_their_names(tmp_path, names):
    days = [tiny.slack_message(date(2024, 1, day), "U1") for day in (8, 9, 10)]
    done = []
    for place, ordered in enumerate((names, names[::-1])):
        export(tmp_path / str(place), ordered[0], *days[:2])
        export(tmp_path / str(place), ordered[1], *days[1:])
        done.append(run(tmp_path / str(place)))
    assert done[0].rows("select occurred_on from fct_event order by all") == [
        (date(2024, 1, day),) for day in (8, 9, 10)]
    assert_same_tables(*done, ("fct_event", *FIGURES))


def test_slack_case_21_a_day_cut_off_by_a_later_export_stays_whole(tmp_path):
    day = [tiny.slack_message(JANUARY, "U1", seconds=hour * 3_600) for hour in range(5)]
    export(tmp_path, "a.zip", *day)
    export(tmp_path, "b.zip", *day[3:], tiny.slack_message(FEBRUARY, "U1"))
    assert run(tmp_path).rows("select occurred_on, count(*) from fct_event group by all order by all") == [
        (JANUARY, 5), (FEBRUARY, 1)]


def test_slack_case_24_a_folder_that_no_list_names_is_a_space_of_unknown_visibility(tmp_path):
    path = export(tmp_path, "a.zip", tiny.slack_message(JANUARY, "U1"))
    with_members(path, {"lost/2024-01-10.json": [tiny.slack_message(JANUARY, "U2")]})
    done = run(tmp_path)
    assert done.rows("select kind, visibility, label from dim_space order by all") == [
        ("channel", "public", "general"), ("unknown", "unknown", None)]
    assert done.one("select count(*) from fct_event where is_contribution") == 2


def test_slack_case_25_an_empty_channel_and_an_empty_direct_conversation_are_without_activity(tmp_path):
    path = export(tmp_path, "a.zip", tiny.slack_message(JANUARY, "U1"))
    channels = json.loads(tiny.members_of(path)["channels.json"])
    with_members(path, {"channels.json": [*channels, {"id": "C0EMPTY00", "name": "empty"}],
                        "dms.json": [{"id": "D0EMPTY00", "members": ["U1", "U2"]}]})
    done = run(tmp_path, config=f'[source."*"]\ninclude = ["public", "direct"]\n{tiny.CONFIG}')
    assert done.rows("""
        select s.label, count(e.event_id) from dim_space as s left join fct_event as e using (space_id)
        group by all order by all
    """) == [("empty", 0), ("general", 1)]
    assert done.one("select count(*) from fct_usage") == 0


def guests_write(folder: Path, guest: tiny.Json = GUEST) -> None:
    """A member's and a guest's post, the member's reply to it, and the guest's reaction."""
    root = tiny.slack_message(JANUARY, str(guest["id"]), ts="1704888000.000100")
    answer = tiny.slack_message(JANUARY, "U1", ts="1704888060.000200", thread_ts=root["ts"],
                                reactions=[{"name": "eyes", "users": [guest["id"]]}])
    export(folder, "a.zip", root, answer, users=[USERS[0], guest])


@pytest.mark.parametrize(("config", "has_roster", "expected"), [
    (tiny.CONFIG, False, (2, 2, 0, 1)), (LEAVE_OUT, False, (1, 1, 1, 0)),
    (tiny.CONFIG, True, (2, 1, 1, 0)), (LEAVE_OUT, True, (2, 1, 1, 0)),
], ids=["count", "leave out", "count, roster", "leave out, roster"])
def test_slack_case_26_guests_count_like_others_or_are_outside(tmp_path, config, has_roster, expected):
    guests_write(tmp_path)
    done = run(tmp_path, config=config, has_roster=has_roster)
    assert done.rows(f"select n_eligible, n_contributors, n_outside, n_reactors {MONTH}") == [expected]
    kind, rule = ("external", "guest") if config == LEAVE_OUT else ("human", "export")
    assert done.rows("select kind, kind_rule, is_guest from prep_account where is_guest") == [(kind, rule, True)]
    assert done.rows("select kind, kind_rule from account_review") == ([(kind, rule)] if rule == "guest" else [])
    assert done.rows("""
        select e.action, e.actor_kind, e.is_contribution from fct_event as e
        join dim_account as a on a.account_id = e.account_id where a.is_guest order by all
    """) == [("post", kind, True), ("react", kind, False)]


def test_slack_case_26_a_guest_left_out_counts_as_somebody_of_another_workspace(tmp_path):
    guests_write(tmp_path / "guest")
    guests_write(tmp_path / "stranger", {**GUEST, "is_restricted": False, "is_stranger": True})
    assert_same_tables(run(tmp_path / "guest", config=LEAVE_OUT, has_roster=False),
                       run(tmp_path / "stranger", has_roster=False), FIGURES)


def test_slack_case_26_bots_and_who_is_known_by_the_roster_or_the_mapping_are_not_left_out_as_guests(tmp_path):
    users = [tiny.slack_user("U1", "p1@t.example", is_restricted=True),
             tiny.slack_user("U2", "eve@elsewhere.example", is_ultra_restricted=True),
             tiny.slack_user("U3", is_bot=True, is_restricted=True), tiny.slack_user("U4", "of@no.roster")]
    export(tmp_path, "a.zip", *(tiny.slack_message(JANUARY, f"U{n}") for n in (1, 2, 3)), users=users)
    (tmp_path / "drop" / "accounts.csv").write_text(
        f"platform,workspace,account,person_id\nslack,{tiny.TEAM},U2,p2\n", encoding="utf-8")
    done = run(tmp_path, config=f'{LEAVE_OUT}mapping = "accounts.csv"\n')
    assert done.rows("select kind, kind_rule from prep_account order by all") == [
        ("bot", "export"), ("external", "guest"), ("human", "export"), ("human", "export")]
    assert done.rows("select match_rule from dim_account where is_guest order by all") == [
        ("email",), ("mapping",), ("none",)]
    assert done.rows(f"select n_eligible, n_contributors, n_outside {MONTH}") == [(2, 2, 0)]


def test_slack_case_27_what_no_export_says_of_an_account_is_unknown(tmp_path):
    told = {"id": "U2", "deleted": False, "is_restricted": False}
    export(tmp_path, "a.zip", *(tiny.slack_message(JANUARY, user) for user in ("U1", "U2", "U0ABROAD0")),
           users=[{"id": "U1"}, told])
    done = run(tmp_path, config=LEAVE_OUT, has_roster=False)
    assert done.rows("select kind, is_guest, is_deactivated from dim_account order by all") == [
        ("external", None, None), ("human", False, False), ("human", None, None)]
    assert done.rows(f"select n_eligible, n_contributors, n_outside {MONTH}") == [(2, 2, 1)]


@pytest.mark.parametrize("names", [("a.zip", "b.zip"), ("b.zip", "a.zip")], ids=["ab", "ba"])
def test_slack_case_27_a_guest_stays_one_when_a_later_export_lists_only_the_deletion(tmp_path, names):
    users, later = [USERS[0], GUEST], [USERS[0], {"id": GUEST["id"], "deleted": True}]
    export(tmp_path, names[0], *(tiny.slack_message(JANUARY, str(user["id"])) for user in users), users=users)
    export(tmp_path, names[1], tiny.slack_message(FEBRUARY, "U1"), users=later)
    done = run(tmp_path, config=LEAVE_OUT, has_roster=False)
    assert done.rows("select kind, is_guest, is_deactivated from dim_account order by all") == [
        ("external", True, True), ("human", None, False)]


def test_slack_case_29_two_skin_tones_are_one_reaction_and_the_raw_number_is_told(tmp_path):
    tones = [{"name": f"clap{tone}", "users": ["U2"]} for tone in ("", "::skin-tone-2", "::skin-tone-6")]
    export(tmp_path, "a.zip", tiny.slack_message(JANUARY, "U1", reactions=tones))
    done = run(tmp_path)
    assert done.one("select count(*) from fct_event where action = 'react'") == 1
    assert done.rows(f"select n_reactors {MONTH}") == [(1,)]
    ((member, message, n_records),) = done.rows(
        "select member, message, n_records from note where rule = 'PPL-SLK-016'")
    assert (member, n_records) == ("general/2024-01-10.json", 2)
    assert str(message).endswith("each person counts once per emoji, the raw number is 3")


def test_slack_case_31_two_accounts_of_one_address_are_one_person(tmp_path):
    export(tmp_path, "a.zip", tiny.slack_message(JANUARY, "U1"), tiny.slack_message(JANUARY, "U2"), users=TWINS)
    done = run(tmp_path)
    assert done.one("select count(distinct account_id) from fct_event") == 2
    assert done.one("select count(distinct person_id) from fct_person_day") == 1


def test_slack_case_31_the_mapping_file_joins_and_splits_accounts(tmp_path):
    lines = ["platform,workspace,account,person_id", f"slack,{tiny.TEAM},U1,p1", f"slack,{tiny.TEAM},U3,p1",
             f"slack,{tiny.TEAM},U2,"]
    users = [*TWINS, tiny.slack_user("U3", "other@t.example")]
    export(tmp_path, "a.zip", *(tiny.slack_message(JANUARY, f"U{n}") for n in (1, 2, 3)), users=users)
    (tmp_path / "drop" / "accounts.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    done = run(tmp_path, config=f'{tiny.CONFIG}[people]\nmapping = "accounts.csv"\n')
    assert done.rows("""
        select match_rule, count(*), count(distinct person_id) from dim_account group by all order by all
    """) == [("mapping", 2, 1), ("split", 1, 1)]
    assert done.rows("select is_matched, sum(n_posts) from fct_person_day group by 1 order by 1") == [
        (False, 1), (True, 2)]


def test_slack_case_33_a_renamed_channel_is_one_space_with_both_names(tmp_path):
    renaming = tiny.slack_message(JANUARY, "U1", subtype="channel_name", old_name="chat", name="talk")
    named(tmp_path, "a.zip", {"chat": "C1"}, {"chat": tiny.slack_message(JANUARY, "U1")})
    named(tmp_path, "b.zip", {"talk": "C1"}, {"talk": renaming})
    named(tmp_path, "c.zip", {}, {"chat": tiny.slack_message(JANUARY, "U2")})
    done = run(tmp_path)
    assert done.rows("select count(*), count(distinct space_id) from fct_event") == [(3, 1)]
    assert done.rows("select count(distinct alias), count(distinct space_id) from space_alias") == [(2, 1)]


def test_slack_case_33_two_channels_that_had_one_name_are_two_spaces(tmp_path):
    named(tmp_path, "a.zip", {"chat": "C1"}, {"chat": tiny.slack_message(JANUARY, "U1")})
    named(tmp_path, "b.zip", {"chat": "C2", "old-chat": "C1"}, {
        "chat": tiny.slack_message(JANUARY, "U1"), "old-chat": tiny.slack_message(JANUARY, "U2")})
    done = run(tmp_path)
    counted = "select count(*) as n_events from fct_event group by space_id order by n_events"
    assert done.rows(counted) == [(1,), (2,)]
    named(tmp_path, "c.zip", {}, {"chat": tiny.slack_message(JANUARY, "U2")})
    assert run(tmp_path).one("select count(distinct space_id) from fct_event") == 3  # nobody can tell which it was


def test_slack_case_24_a_file_conversation_that_no_list_names_is_the_one_that_another_export_lists(tmp_path):
    one = tiny.slack_message(JANUARY, "U2")
    for name, lists in (("a.zip", {"file_conversations.json": [{"id": "C0FILE000", "name": "FC:F05:My notes"}]}),
                        ("b.zip", {})):
        path = export(tmp_path, name, tiny.slack_message(JANUARY, "U1"))
        with_members(path, {**lists, "FC_F05_My notes/2024-01-10.json": [one]})
    done = run(tmp_path)
    assert done.rows("select action, count(*), count(distinct space_id) from fct_event group by all order by all") == [
        ("comment", 1, 1), ("post", 2, 1)]
