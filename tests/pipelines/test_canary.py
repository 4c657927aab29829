"""A canary in every field of the inputs that names or quotes somebody is found nowhere in what the job leaves behind.

Allowed are only names of public spaces and the roster's unit, level and location; they carry a mark of their own.
"""

import itertools
import json
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from tests.pipelines import tiny
from tests.pipelines.canaries import (
    ADDRESS,
    CANARY,
    FIRST_DIGITS,
    assert_no_canary,
    columns_of,
    files_of,
    run_in_dagster,
)
from tests.pipelines.runs import FULL, Run, contents, run_models, run_whole

NUMBER = int(FIRST_DIGITS) * 1000
ALLOWED = "openmark"
N_PEOPLE = 24
MONDAY = date(2024, 1, 1)
_SERIAL = itertools.count(1)


def canary(where: str) -> str:
    """A string that occurs once; `where` names its field in a failure."""
    return f"{CANARY}{next(_SERIAL)}{where}"


def day(n: int) -> date:
    return MONDAY + timedelta(days=n % 70)


class Person:
    """The same person on each platform."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.slack = f"U{CANARY.upper()}{n:02}"
        self.yammer = NUMBER + n
        self.wiki = f"{CANARY.title()} wiki {n}"
        self.email = f"{CANARY}.{n}@{CANARY}.example"
        self.id = f"{CANARY}-{n}"
        self.object_id = f"{CANARY}-object-{n}"


PEOPLE = [Person(n) for n in range(N_PEOPLE)]


def slack_message(n: int, **fields: object) -> tiny.Json:
    who = PEOPLE[n % N_PEOPLE]
    own: tiny.Json = {
        "text": canary("text"), "client_msg_id": canary("client_msg_id"), "username": canary("username"),
        "blocks": [{"type": "rich_text", "block_id": canary("block"), "elements": [{"text": canary("element")}]}],
        "files": [{"id": canary("id"), "name": canary("file"), "title": canary("title"), "url_private": canary("url")}],
        "attachments": [{"fallback": canary("fallback"), "text": canary("text"), "author_name": canary("author")}],
        "user_profile": {"real_name": canary("real_name"), "display_name": canary("display"), "name": canary("name")},
        "topic": canary("topic"), "purpose": canary("purpose"),
    }  # fmt: skip
    return tiny.slack_message(day(n), who.slack) | own | fields


def write_slack(path: Path) -> None:
    users = [
        tiny.slack_user(who.slack)
        | {
            "name": canary("name"), "real_name": canary("real_name"), "color": canary("color"), "tz": canary("tz"),
            "profile": {
                "email": who.email, "title": canary("title"), "phone": canary("phone"), "real_name": canary("real"),
                "display_name": canary("display"), "status_text": canary("status"), "first_name": canary("first"),
                "fields": {"Xf1": {"value": canary("field"), "alt": canary("alt")}}, "image_72": canary("image"),
            },
        }
        for who in PEOPLE
    ]  # fmt: skip
    messages = [slack_message(n) for n in range(90)]
    for n, message in enumerate(messages[:40]):
        message["reactions"] = [{"name": canary("emoji"), "users": [PEOPLE[(n + 5) % N_PEOPLE].slack]}]
    root = messages[40]
    messages += [slack_message(41, thread_ts=root["ts"], parent_user_id=root["user"])]
    messages += [
        slack_message(42, subtype="bot_message", user=None, bot_id=f"B{CANARY.upper()}", username=canary("bot"))
    ]
    messages += [slack_message(43, subtype="channel_topic"), slack_message(44, subtype=canary("subtype"))]
    messages += [slack_message(45, subtype="channel_name", old_name=canary("old_name"), name=canary("new_name"))]
    room = {"created_by": PEOPLE[3].slack, "participant_history": [PEOPLE[4].slack], "name": canary("room")}
    messages += [slack_message(46, subtype="huddle_thread", room=room)]
    messages += [slack_message(47, user=f"U{CANARY.upper()}ELSEWHERE")]
    faulty = slack_message(48) | {"thread_ts": canary("thread_ts")}
    private, group, direct = f"{CANARY}-private", f"mpdm-{CANARY}--{CANARY}-1", f"D{CANARY.upper()}1"
    tiny.slack_zip(
        path, users, {f"{ALLOWED}-general": [*messages, faulty]},
        groups=[{"id": f"G{CANARY.upper()}", "name": private, "topic": {"value": canary("topic")}}],
        mpims=[{"id": f"G{CANARY.upper()}M", "name": group, "purpose": {"value": canary("purpose")}}],
        dms=[{"id": direct, "members": [PEOPLE[0].slack, PEOPLE[1].slack]}],
        integration_logs=[{"user_name": canary("log"), "app_type": canary("app")}],
        canvases=[{"title": canary("canvas")}],
    )  # fmt: skip
    members = tiny.members_of(path)
    for folder in (private, group, direct):
        members[f"{folder}/2024-01-05.json"] = json.dumps([slack_message(4), slack_message(5)])
    channels = json.loads(members["channels.json"])
    channels[0] |= {"topic": {"value": canary("topic"), "creator": canary("creator")}, "creator": PEOPLE[0].slack,
                    "purpose": {"value": canary("purpose")}, "members": [who.slack for who in PEOPLE],
                    "pins": [{"owner": canary("pin")}]}  # fmt: skip
    members["channels.json"] = json.dumps(channels)
    tiny.zipped(path, members)


def write_yammer(path: Path) -> None:
    rows = []
    for n in range(60):
        who = PEOPLE[n % N_PEOPLE]
        extra = {
            "sender_email": who.email, "sender_name": canary("sender_name"), "body": canary("body"),
            "group_name": canary("group_name"), "group_id": str(NUMBER + 900),
            "in_private_group": "true" if n % 9 == 8 else "false",
            "in_private_conversation": "true" if n % 11 == 10 else "false",
        }  # fmt: skip
        rows.append(tiny.yammer_row(NUMBER + 1000 + n, day(n), who.yammer, **extra))
    rows.append(tiny.yammer_row(NUMBER + 2000, day(3), PEOPLE[3].yammer, in_private_group=canary("boolean")))
    rows.append(tiny.yammer_row(NUMBER + 2001, day(3), PEOPLE[3].yammer, message_type=canary("message_type")))
    rows.append(tiny.yammer_row(NUMBER + 2002, day(3), NUMBER + 700, sender_type=canary("sender_type")))
    users = [
        tiny.yammer_user(who.yammer, who.email) | {"name": canary("name"), "office_user_id": who.object_id}
        for who in PEOPLE
    ]
    tiny.yammer_zip(path, MONDAY, day(69) + timedelta(days=1), users, rows)
    members = tiny.members_of(path)
    more = ["conversation_id", "participants", "attachments", "deleted_by_id", "deleted_by_type", "title", "html_body",
            "gdpr_delete_url", "delegate_id"]  # fmt: skip
    header, *lines = members["Messages.csv"].splitlines()
    members["Messages.csv"] = "\n".join(
        [",".join([header, *more]), *(",".join([line, *(canary(name) for name in more)]) for line in lines), ""]
    )
    more = ["job_title", "location", "department", "guid"]
    header, *lines = members["Users.csv"].splitlines()
    members["Users.csv"] = "\n".join(
        [",".join([header, *more]), *(",".join([line, *(canary(name) for name in more)]) for line in lines), ""]
    )
    members["Groups.csv"] = (
        f"id,name,description,private\n{NUMBER + 900},{ALLOWED} lounge,{canary('description')},false\n"
        f"{NUMBER + 901},{canary('private_group')},{canary('description')},true\n"
    )
    members["Admins.csv"] = f"name,email,admin_type\n{canary('admin')},{canary('email')},verified\n"
    members["Topics.csv"] = f"id,name\n{NUMBER + 3000},{canary('topic')}\n"
    members["MessageVersions.csv"] = (
        "id,message_id,thread_id,modified_by_id,modified_at,body,html_body\n"
        f"{NUMBER + 4000},{NUMBER + 1001},{NUMBER + 1001},{PEOPLE[1].yammer},2024-01-03T10:00:00Z,"
        f"{canary('body')},{canary('html_body')}\n"
    )
    tiny.zipped(path, members)


def write_wiki(path: Path) -> None:
    numbers = itertools.count(1)
    pages = []
    for n in range(12):
        revisions = [
            (next(numbers), day(n * 5 + k), PEOPLE[(n + k) % N_PEOPLE].wiki, canary("wikitext")) for k in range(5)
        ]
        pages.append(tiny.wiki_page(n + 1, canary("title"), revisions, namespace=n % 2))
    plain = tiny.wiki_page(90, canary("title"), [(900, day(8), PEOPLE[8].wiki, canary("wikitext"))])
    changed = plain.replace("<ns>0</ns>", f'<ns>0</ns><redirect title="{canary("redirect")}" />').replace(
        "      <text", f"      <comment>{canary('comment')}</comment>\n      <text"
    )
    by_address = tiny.wiki_page(91, canary("title"), [(901, day(9), "-", canary("wikitext"))]).replace(
        "<username>-</username>\n        <id>7</id>", f"<ip>{ADDRESS}</ip>"
    )
    faulty = tiny.wiki_page(92, canary("title"), [(902, day(9), PEOPLE[9].wiki, canary("wikitext"))]).replace(
        f"<timestamp>{day(9)}T12:00:00Z", f"<timestamp>{canary('timestamp')}"
    )
    tiny.wiki_dump(path, [*pages, changed, by_address, faulty])
    text = path.read_text(encoding="utf-8")
    text = text.replace("Tiny</sitename>", f"{canary('sitename')}</sitename>").replace(">Talk<", f">{ALLOWED} talk<")
    path.write_text(text, encoding="utf-8")


def write_roster(path: Path, *, is_contradicting: bool = False) -> None:
    rows = []
    for who in PEOPLE:
        rows.append(tiny.roster_row(
            who.id, date(2023, 1, 1), f"{ALLOWED} unit {who.n % 2}", Email=who.email, Location=f"{ALLOWED} town",
            LevelDesignation=f"{ALLOWED} grade", ManagerId=PEOPLE[0].id if who.n else "", Layer=str(min(who.n, 1)),
        ))  # fmt: skip
    rows.append(tiny.roster_row(f"{CANARY}-faulty", date(2023, 1, 1), f"{ALLOWED} unit 0", HireDate=canary("HireDate")))
    if is_contradicting:
        rows.append(tiny.roster_row(PEOPLE[0].id, date(2023, 1, 1), canary("Organization")))
    names = ["Name", "ObjectId", "FunctionType", "CostCenter"]
    header, *lines = tiny.roster_csv(path, rows).read_text(encoding="utf-8").splitlines()
    more = [[canary("Name"), f"{CANARY}-object-{n}", canary("FunctionType"), canary("Cost")] for n in range(len(lines))]
    full = [",".join([header, *names]), *(",".join([line, *own]) for line, own in zip(lines, more, strict=True)), ""]
    path.write_text("\n".join(full), encoding="utf-8")


def write_inputs(drop: Path) -> None:
    write_slack(drop / "slack.zip")
    write_yammer(drop / "yammer.zip")
    write_wiki(drop / "wiki.xml")
    write_roster(drop / "roster.csv")
    write_roster(drop / "contradicting roster.csv", is_contradicting=True)
    cut = (drop / "wiki.xml").read_text(encoding="utf-8")
    (drop / "refused wiki.xml").write_text(cut[: len(cut) // 2], encoding="utf-8")
    (drop / "refused slack.zip").write_bytes((drop / "slack.zip").read_bytes()[:-900])
    (drop / "unknown.txt").write_text(canary("unknown"), encoding="utf-8")
    mapping = "".join(f"mediawiki,tinywiki,{who.wiki},{who.id}\n" for who in PEOPLE[:9])
    (drop / "accounts.csv").write_text(f"platform,workspace,account,person_id\n{mapping}", encoding="utf-8")
    config = tiny.CONFIG.replace("exec.max_layer = 0", "") + (
        f'columns.directory_id = "ObjectId"\nexec.people = ["{PEOPLE[0].id}", "{PEOPLE[1].id}"]\n'
        f'[people]\nmapping = "accounts.csv"\nservice_accounts = ["slack:{PEOPLE[23].slack}"]\n'
    )
    (drop / "turnout.toml").write_text(config, encoding="utf-8")


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """The folder with OUT, the one of Dagster's storage, and what both runs printed: first released, then full."""
    folder = tmp_path_factory.mktemp("canary")
    drop, out, home = folder / "drop", folder / "out", folder / "home"
    home.mkdir()
    drop.mkdir()
    write_inputs(drop)
    capture = pytest.MonkeyPatch()
    capture.setenv("DAGSTER_HOME", str(home))
    try:
        outcome, _ = run_whole(drop, out)
        assert outcome.release is not None, outcome.problems
        config = drop / "turnout.toml"
        config.write_text(config.read_text(encoding="utf-8") + FULL, encoding="utf-8")
        lines = run_in_dagster(drop, out, home)
    finally:
        capture.undo()
    (home / "all events.txt").write_text("\n".join(lines), encoding="utf-8")
    said = folder / "said.txt"
    said.write_text("\n".join([*outcome.problems, outcome.summary]), encoding="utf-8")
    return out, home, said


def test_no_file_holds_a_canary_in_its_bytes(left):
    out, home, said = left
    for path in [*files_of(out), *files_of(home), said]:
        content = contents(path)
        assert_no_canary(content.decode("latin-1"), str(path.name))
        assert_no_canary(content.replace(b"\0", b"").decode("latin-1"), f"{path.name} as UTF-16")


def test_no_column_of_the_lake_holds_a_canary(left):
    out, _, _ = left
    paths = sorted((out / "work" / "lake").rglob("*.parquet"))
    assert {path.name.split("-")[0] for path in paths} >= {"event", "account", "space", "person", "quarantine"}
    for path in paths:
        for series in pl.read_parquet(path):
            assert_no_canary(repr(series.to_list()), f"{path.name} {series.name}")


@pytest.mark.parametrize("which", ["work/turnout.duckdb", "latest/turnout.duckdb"])
def test_no_column_of_a_database_holds_a_canary(left, which):
    out, _, _ = left
    for where, values in columns_of(out / which):
        assert_no_canary(values, where)


def test_nothing_that_is_printed_or_logged_holds_a_canary(left, my_drop, capfd, caplog):
    drop, out = my_drop
    caplog.set_level("DEBUG")
    outcome, _ = run_whole(drop, out)
    assert len(outcome.problems) == 3
    shown = capfd.readouterr()
    assert_no_canary(shown.out + shown.err + caplog.text + "\n".join(outcome.problems), "what was printed")


@pytest.fixture
def my_drop(left, tmp_path) -> tuple[Path, Path]:
    """The same inputs and a fresh output folder."""
    return left[0].parent / "drop", tmp_path / "out"


def test_the_search_finds_what_is_allowed_where_it_is_allowed(left):
    """Else the tests above would pass on a job that loads nothing."""
    out, home, _ = left
    site = "".join(path.read_text(encoding="utf-8", errors="replace") for path in files_of(out / "latest" / "site"))
    assert f"{ALLOWED} unit 0" in site
    values = dict(columns_of(out / "work" / "turnout.duckdb"))
    assert f"{ALLOWED}-general" in values["dim_space.label"]
    assert f"{ALLOWED} lounge" in values["dim_space.label"]
    assert f"{ALLOWED} talk" in values["dim_space.label"]
    assert f"{ALLOWED} unit 1" in values["dim_person.unit"]
    assert f"{ALLOWED} grade" in values["dim_person.level"]
    assert f"{ALLOWED} town" in values["dim_person.location"]
    shown = dict(columns_of(out / "latest" / "turnout.duckdb"))
    assert f"{ALLOWED} unit 1" in shown["dim_person_month.unit"]
    assert {where for where, texts in shown.items() if f"{ALLOWED} grade" in texts} == set()
    assert all(where.startswith("rel_") for where, texts in shown.items() if f"{ALLOWED} town" in texts)
    full = Run(out / "latest" / "turnout.duckdb")
    assert full.one("select count(*) from export_file where status = 'loaded'") == 5
    assert full.one("select count(*) from export_file where status = 'refused'") == 2
    assert {rule for (rule,) in full.rows("select distinct rule from exclusion")} >= {"private_space", "direct_message"}
    assert int(str(full.one("select count(*) from quarantine"))) >= 4
    assert int(str(full.one("select count(distinct person_id) from fct_person_day where is_matched"))) >= 20
    assert full.one("select count(*) from dim_account where match_rule = 'mapping'") == 9
    assert full.one("select count(distinct person_id) from dim_person_month where is_executive") == 2
    assert len(list((out / "releases").iterdir())) == 2
    assert any(path.suffix == ".db" for path in files_of(home))


def test_the_name_of_a_conversation_that_no_list_calls_public_is_not_shown(tmp_path):
    """Such a folder may be a private channel; only its keyed name may be kept."""
    path, drop = tmp_path / "drop" / "slack.zip", tmp_path / "drop"
    tiny.slack_zip(path, [tiny.slack_user("U0ANN00001")], {"general": [tiny.slack_message(day(1), "U0ANN00001")]})
    members = tiny.members_of(path)
    unlisted = [tiny.slack_message(day(2), "U0ANN00001"), tiny.slack_message(day(2), "U0ANN00001") | {"thread_ts": 7}]
    tiny.zipped(path, members | {f"{CANARY}-unlisted/2024-01-02.json": json.dumps(unlisted)})
    (drop / "turnout.toml").write_text(tiny.CONFIG, encoding="utf-8")
    run = run_models(drop, tmp_path / "out")
    assert run.one("select n_quarantined from export_file") == 1
    for where, values in columns_of(run.path):
        assert_no_canary(values, where)
