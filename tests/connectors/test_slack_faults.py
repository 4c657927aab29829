"""The catalogue of bad inputs, rows B024 to B054: action, code, place, and that nothing is lost.

All data are synthetic. Messages are matched as the catalogue writes them, with `item` before a place in a list. What
the same files leave in the tables of a run is in test_fault_runs.
"""

import json
import re
import runpy
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from models.problems import ExportRefused
from tests.pipelines import tiny
from tests.pipelines.runs import FACTS, FIGURES, Run, assert_same_tables, run_models

OK = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("test_slack.py"))))
DAY, TS, ANN, BEN = OK.DAY, OK.TS, OK.ANN, OK.BEN
GOOD = json.dumps({"ts": OK.LATER, "user": BEN})
Members = dict[str, object]


def day(item: str) -> Members:
    """An export with a sound message and this one."""
    return {**OK.files(), DAY: f"[{GOOD}, {item}]".encode()}


def said(**fields: object) -> Members:
    return OK.files(OK.message(**fields))


MANY_KEYS = json.dumps({"ts": TS, "user": ANN, **{f"key{number}": 1 for number in range(20_000)}})
REFUSED = {
    "B024": ({**OK.files(), DAY: b'[{"ts":"1.2","us'}, DAY,
             r"^PPL-JSN-001 \S+!\S+: (truncated|invalid) JSON at byte \d+"),
    "B025-text": ({**OK.files(), DAY: b"[1] x"}, DAY, r"^PPL-JSN-001 .*extra data at byte \d+"),
    "B025-two": ({**OK.files(), DAY: b"[1]\n[2]"}, DAY, r"^PPL-JSN-001 .*extra data at byte \d+"),
    "B026": ({**OK.files(), DAY: b'{"ok":false,"error":"not_authed"}'}, DAY,
             r"^PPL-JSN-002 .*expected a list, found an object"),
    "B027": ({**OK.files(), DAY: b"[" * 100_000}, DAY, r"^PPL-JSN-003 .*nested deeper than"),
    "B027-129": ({**OK.files(), DAY: b"[" * 129 + b"]" * 129}, DAY, r"^PPL-JSN-003 .*nested deeper than"),
    "B030": (day(f'{{"ts": "{TS}", "a": {"9" * 5000}}}'), DAY, r"^PPL-JSN-006 "),
    "B030-4301": (day(f'{{"ts": "{TS}", "a": {"9" * 4301}}}'), DAY, r"^PPL-JSN-006 "),
    "B035": ({**OK.files(), DAY: b'[{"ts": "caf\xe9"}]'}, DAY, r"^PPL-TXT-002 .*not UTF-8 at byte \d+"),
    "B048": ({name: value for name, value in OK.files(OK.message()).items() if name != "channels.json"}, "",
             r"^PPL-SLK-009 \S+: required member channels\.json missing"),
}
QUARANTINED = {
    "B028": (f'{{"ts": "{TS}", "user": "U1", "user": "U2"}}', r"^PPL-JSN-004 .*:item \d+: key .* twice"),
    "B029-nan": (f'{{"ts": "{TS}", "reply_count": NaN}}', r"^PPL-JSN-005 .*:item \d+: .* not a finite number"),
    "B029-infinity": (f'{{"ts": "{TS}", "reply_count": Infinity}}',
                      r"^PPL-JSN-005 .*:item \d+: .* not a finite number"),
    "B029-1e999": (f'{{"ts": "{TS}", "reply_count": 1e999}}', r"^PPL-JSN-005 .*:item \d+: .* not a finite number"),
    "B036": ('{"user": "U1"}', r"^PPL-SLK-001 .*:item \d+: field ts missing"),
    "B037": ('{"ts": 1700000000.000200}', r"^PPL-SLK-002 .*:item \d+: ts must be text"),
    "B038-text": ('{"ts": "abc"}', r"^PPL-SLK-003 .*:item \d+: ts .*outside"),
    "B038-negative": ('{"ts": "-1.0"}', r"^PPL-SLK-003 .*:item \d+: ts .*outside"),
    "B038-milliseconds": ('{"ts": "1700000000123.000000"}', r"^PPL-SLK-003 .*:item \d+: ts .*outside"),
    "B039": ('{"ts": "4070908800.000000"}', r"^PPL-TIM-001 .*:item \d+: .* lies in the future"),
}
NOTED = {
    "B031": ({**said(), "users.json": b'[{"id": "U0ANN0000", "real_name": "\\ud800"}]'}, "users.json", 1,
             r"^PPL-JSN-007 .*:item \d+: .*invalid Unicode", 1),
    "B032": ({**said(), "channels.json": b'[{"id": "C1", "name": "a\\u0000b"}]'}, "channels.json", 1,
             r"^PPL-TXT-001 ", 1),
    "B040": (OK.files(**{"general/2024-01-01.json": [OK.message()], DAY: [OK.message(ts=OK.LATER)]}),
             "general/2024-01-01.json", None, r"^PPL-SLK-004 .*: \d+ messages outside the file date", 1),
    "B031-label": ({**said(), "channels.json": b'[{"id": "C1", "name": "\\ud800"}]'}, "channels.json", 1,
                   r"^PPL-JSN-007 .*:item \d+: .*invalid Unicode", 1),
    "B041": (said(user=None), DAY, 1, r"^PPL-SLK-005 .*:item \d+: no author", 1),
    "B042": (said(user="U0GHOST00"), "", None, r"^PPL-SLK-006 .*: \d+ messages by \d+ unknown users", 1),
    "B043": (said(subtype="new_thing"), "", None, r"^PPL-SLK-007 .*unknown message subtype", 1),
    "B047": (OK.files(**{"x/2024-01-10.json": [OK.message()]}), "", None,
             r"^PPL-SLK-008 \S+: folder .* has no channel entry", 1),
    "B049": ({**said(), **OK.PRIVATE}, "", None, r"^PPL-PRV-001 \S+: direct messages present and not read", 4),
    "B050": (OK.files(OK.message(), **{"general/2024-01-21.json": [OK.message(ts="1705838400.000000")]}), "", None,
             r"^PPL-COV-001 \S+: no files for 10 days", 10),
    "B051": (day(MANY_KEYS), "", None, r"^PPL-JSN-008 ", 20_000),
    "B054": (day(json.dumps({"ts": TS, "user": ANN, "text": "a" * (3 << 20)})), DAY, None, r"^PPL-JSN-009 ", 1),
}
EVENTS = {
    "B040": [(1, "post", ANN, "human", True), (1, "post", ANN, "human", True)],
    "B041": [(1, "post", None, "unknown", False)], "B042": [(1, "post", "U0GHOST00", "external", True)],
    "B043": [(1, "other", ANN, "human", False)],
    "B050": [(1, "post", ANN, "human", True), (1, "post", ANN, "human", True)],
    "B051": [(1, "post", BEN, "human", True), (2, "post", ANN, "human", True)],
    "B054": [(1, "post", BEN, "human", True), (2, "post", ANN, "human", True)],
}
"""The events of an export with a note; by default the one message that it holds."""
KEPT = {
    "B027-128": {**OK.files(), DAY: f'[{GOOD}, {{"ts": "{TS}", "a": {"[" * 126}{"]" * 126}}}]'.encode()},
    "B030-4300": day(f'{{"ts": "{TS}", "a": {"9" * 4300}}}'),
    "B033": {**OK.files(), DAY: b"\xef\xbb\xbf" + f'[{GOOD}, {{"ts": "{TS}"}}]'.encode()},
    "B034": {**OK.files(), DAY: f'[{GOOD}, {{"ts": "{TS}"}}]'.encode("utf-16")},
}


def shown(code: str, member: str, item: int | None, message: str) -> str:
    place = "export.zip" + (f"!{member}" if member else "") + (f":item {item}" if item is not None else "")
    return f"{code} {place}: {message}"


@pytest.mark.parametrize("row", REFUSED)
def test_a_bad_file_is_refused_at_its_place(tmp_path, row):
    members, member, pattern = REFUSED[row]
    with pytest.raises(ExportRefused) as refused:
        OK.load(OK.packed(tmp_path, members))
    problem = refused.value.problem
    assert (problem.file, problem.member) == ("export.zip", member)
    assert re.search(pattern, shown(problem.code, member, None, problem.what))


@pytest.mark.parametrize("row", QUARANTINED)
def test_a_bad_message_goes_into_quarantine_alone(tmp_path, row):
    item, pattern = QUARANTINED[row]
    tables = OK.load(OK.packed(tmp_path, day(item)))
    (kept,) = tables["quarantine"].to_dicts()
    assert re.search(pattern, shown(kept["rule"], kept["member"], kept["line"], kept["message"]))
    assert (kept["member"], kept["line"], tables["event"]["account"].to_list()) == (DAY, 2, [BEN])


@pytest.mark.parametrize("row", NOTED)
def test_what_is_wrong_and_kept_is_noted(tmp_path, row):
    members, member, line, pattern, n_records = NOTED[row]
    tables = OK.load(OK.packed(tmp_path, members))
    assert tables["quarantine"].is_empty()
    notes = [note for note in tables["note"].to_dicts()
             if re.search(pattern, shown(note["rule"], note["member"], note["line"], note["message"]))]
    assert [(note["member"], note["line"], note["n_records"]) for note in notes] == [(member, line, n_records)]
    events = tables["event"].select("line", "action", "account", "actor_kind", "is_contribution").rows()
    assert events == EVENTS.get(row, [(1, "post", ANN, "human", True)])


@pytest.mark.parametrize(("row", "label"), [("B031-label", "\ufffd"), ("B032", "ab")], ids=["B031", "B032"])
def test_a_label_is_repaired(tmp_path, row, label):
    assert OK.load(OK.packed(tmp_path, NOTED[row][0]))["space"]["label"].to_list() == [label]


@pytest.mark.parametrize("row", ["B040"])
def test_a_message_is_kept_at_its_own_time_whatever_its_file_is_called(tmp_path, row):
    events = OK.load(OK.packed(tmp_path, NOTED[row][0]))["event"]
    assert events["occurred_at"].dt.date().to_list() == [date(2024, 1, 10)] * 2


@pytest.mark.parametrize("row", ["B049"])
def test_nothing_of_direct_and_private_conversations_is_read(tmp_path, row):
    tables = OK.load(OK.packed(tmp_path, NOTED[row][0]))
    assert set(tables["event"]["member"]) | set(tables["space"]["member"]) == {DAY, "channels.json"}
    assert tables["usage"].is_empty()
    totals = tables["exclusion"].group_by("rule").agg(pl.col("n_records").sum())
    assert dict(totals.rows()) == {"direct_message": 6, "private_space": 3}


@pytest.mark.parametrize("groups", [
    b'[{"name": "secret-plan"}]', b'[{"id": "G1", "id": "G2", "name": "secret-plan"}]',
    b'[{"id": "G1", "name": 5}]', b'[{"id": "G1", "name": "other"}, "secret-plan"]',
], ids=["B049-no-id", "B049-two-ids", "B049-no-name", "B049-no-object"])
def test_where_a_private_channel_cannot_be_told_no_unlisted_folder_is_read(tmp_path, groups):
    folder = {"secret-plan/2024-01-10.json": [OK.message(), OK.message(ts=OK.LATER)]}
    tables = OK.load(OK.packed(tmp_path, {**said(), "groups.json": groups, **folder}))
    assert tables["event"]["member"].to_list() == [DAY]
    assert tables["quarantine"]["member"].to_list() == ["groups.json"]
    assert tables["exclusion"].filter(rule="private_space")["n_records"].max() == 2
    assert "secret" not in repr([table.to_dicts() for table in tables.values()])


@pytest.mark.parametrize("row", KEPT)
def test_what_looks_odd_and_is_sound_is_kept(tmp_path, row):
    tables = OK.load(OK.packed(tmp_path, KEPT[row]))
    assert (tables["event"].height, tables["quarantine"].height) == (2, 0)
    assert set(tables["note"]["rule"]) <= {"PPL-SLK-005", "PPL-JSN-008"}


@pytest.mark.parametrize("fields", [{"user": OK.BOT}, {"user": "USLACKBOT"}, {"user": None, "bot_id": "B1"},
                                    {"subtype": "bot_message", "bot_id": "B1"}],
                         ids=["B044-is_bot", "B044-slackbot", "B044-bot_id", "B044-workflow"])
def test_a_bot_is_no_person(tmp_path, fields):
    events = OK.load(OK.packed(tmp_path, said(**fields)))["event"]
    assert events["is_contribution"].to_list() == [False]
    assert not set(events["actor_kind"]) & {"human", "external"}


AUTOMATION = {
    "B041": {"user": None}, "B043": {"subtype": "new_thing"}, "B044-slackbot": {"user": "USLACKBOT"},
    "B044-is_bot": {"user": "U9"}, "B044-bot_id": {"user": None, "bot_id": "B1"},
    "B044-workflow": {"subtype": "bot_message", "bot_id": "B1"},
}


def with_further(folder: Path, *further: dict[str, object], people: tuple[str, ...] = ()) -> Run:
    """A run over messages of two people and these, without a roster unless it is given."""
    users = [tiny.slack_user("U1", "p1@t.example"), tiny.slack_user("U2"), tiny.slack_user("U9", is_bot=True)]
    sound = [tiny.slack_message(date(2024, 1, day), user) for day in (10, 31) for user in ("U1", "U2")]
    odd = [{**tiny.slack_message(date(2024, 1, day), "U1"), **fields} for day in (10, 31) for fields in further]
    tiny.slack_zip(folder / "drop" / "a.zip", users, {"general": [*sound, *odd]})
    if people:
        tiny.roster_csv(folder / "drop" / "roster.csv", [tiny.roster_row(one, date(2023, 1, 1), "U") for one in people])
        (folder / "drop" / "turnout.toml").write_text(tiny.CONFIG, encoding="utf-8")
    done = run_models(folder / "drop", folder / "out", platforms=("slack",), tables=FIGURES)
    assert done.one("select count(*) from fct_event") == len(sound) + len(odd)
    return done


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    """A run without anything odd, and one with everything that no person wrote."""
    folder = tmp_path_factory.mktemp("automation")
    return with_further(folder / "without"), with_further(folder / "with", *AUTOMATION.values())


@pytest.mark.parametrize("row", [pytest.param(AUTOMATION, id="B041-B043-B044")])
def test_what_no_person_wrote_changes_no_figure(runs, row):
    assert_same_tables(*runs, FIGURES)


@pytest.mark.parametrize("row", AUTOMATION)
def test_what_no_person_wrote_is_counted_and_no_contribution(runs, row):
    line = 3 + list(AUTOMATION).index(row)
    found = runs[1].rows("select occurred_on, is_contribution from fct_event where line = $line", line=line)
    assert sorted(found) == [(date(2024, 1, 10), False), (date(2024, 1, 31), False)]


@pytest.mark.parametrize("row", ["B042"])
def test_users_who_are_not_listed_are_outside_the_headcount(tmp_path, row):
    done = with_further(tmp_path, {"user": "U0GHOST00"}, people=("p1",))
    assert done.rows("select n_eligible, n_contributors, n_outside from mart_active_users where unit = 'all' "
                     "and period_kind = 'month' and platform = 'all'") == [(1, 1, 2)]


@pytest.mark.parametrize("names", [("a.zip", "b.zip"), ("b.zip", "a.zip")], ids=["B045-newer-last", "B045-newer-first"])
def test_one_message_of_two_exports_is_one_row(tmp_path, names):
    original = tiny.slack_message(date(2024, 1, 10), "U1")
    edited = {**original, "edited": {"user": "U1", "ts": "1704888100.000000"}}
    for name, message in zip(names, (original, edited), strict=True):
        tiny.slack_zip(tmp_path / "drop" / name, [tiny.slack_user("U1")], {"general": [message]})
    done = run_models(tmp_path / "drop", tmp_path / "out", platforms=("slack",), tables=FACTS)
    assert done.one("select count(*) from fct_event") == 1
    assert done.one("select sum(n_duplicate) from export_file") > 0


def test_what_a_later_export_lacks_is_not_deleted_B046(tmp_path):
    first, second = (tiny.slack_message(date(2024, 1, number), "U1") for number in (10, 11))
    for name, messages in (("a.zip", [first, second]), ("b.zip", [second])):
        tiny.slack_zip(tmp_path / "drop" / name, [tiny.slack_user("U1")], {"general": messages})
    done = run_models(tmp_path / "drop", tmp_path / "out", platforms=("slack",), tables=FACTS)
    assert done.one("select count(*) from fct_event where is_contribution") == 2


@pytest.mark.parametrize("name", ["<span style=background:url(https://x)>", "<a href=https://x popup=y>"],
                         ids=["B052-span", "B052-anchor"])
def test_a_hostile_name_is_kept_as_it_is(tmp_path, name):
    tables = OK.load(OK.packed(tmp_path, {**said(), "channels.json": [{"id": "C1", "name": name}]}))
    assert tables["space"]["label"].to_list() == [name]


@pytest.mark.parametrize("row", ["B053"])
def test_no_text_is_stored_wherever_it_stands(tmp_path, row):  # load looks for it in every table
    hidden = {"blocks": [{"text": "CANARY"}], "attachments": [{"fallback": "CANARY"}], "root": {"text": "CANARY"},
              "files": [{"preview": "CANARY", "title": "CANARY"}], "username": "CANARY", "topic": "CANARY",
              "CANARY": "CANARY", "user_profile": {"real_name": "CANARY"}}
    assert OK.load(OK.packed(tmp_path, said(**hidden)))["event"].height == 1
