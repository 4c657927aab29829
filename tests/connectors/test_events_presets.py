"""The mappings that come with Turnout, on their synthetic samples; counts are taken by an independent plain reader."""

import csv
import io
import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
from msgspec.structs import replace

from connectors import events
from connectors.events_presets import PRESETS
from connectors.inventory import find_exports
from connectors.settings import SourceSettings
from connectors.source import open_source
from pipelines.config import load_settings
from tests.connectors.tables import tables_of

SAMPLES = Path(__file__).resolve().parents[2] / "data_samples" / "mappings"
Row = tuple[str, str, bool, bool]


def sample(name: str) -> tuple[Path, SourceSettings, dict[str, pl.DataFrame]]:
    """The one mapped file of a sample folder, its settings and its frames."""
    folder = SAMPLES / name
    settings = load_settings(folder)
    (found,) = find_exports(folder, settings.for_source, ignore=settings.not_exports)
    assert found.connector is not None
    assert found.source is not None
    assert (found.status, found.connector.platform) == ("recognised", "events")
    choice = settings.for_source(found.file)
    assert found.connector.platform_for(choice) == ("intranet" if name == "usage" else name)
    return found.source.path, choice, tables_of(found.connector.read(found.source, choice), canary="SECRET")


def counted(tables: dict[str, pl.DataFrame]) -> Counter[tuple[object, ...]]:
    return Counter(tables["event"].select("action", "actor_kind", "is_contribution", "is_record").rows())


def excluded(tables: dict[str, pl.DataFrame]) -> dict[str, int]:
    return dict(tables["exclusion"].select("rule", "n_records").rows())


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_preset_has_a_small_labelled_sample(name):
    files = [path for path in (SAMPLES / name).rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 20_000
    assert "Synthetic" in (SAMPLES / name / "turnout.toml").read_text(encoding="utf-8").splitlines()[0]
    assert f'preset = "{name}"' in (SAMPLES / name / "turnout.toml").read_text(encoding="utf-8")


def test_an_audit_log_of_a_document_repository():
    path, _, tables = sample("sharepoint")
    rows = [json.loads(row["AuditData"]) for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))]
    inside = [row for row in rows if "/personal/" not in row["SiteUrl"]]
    action = {"FileModified": "edit", "FileUploaded": "upload", "CommentCreated": "comment", "SharingSet": "share"}
    expected: Counter[tuple[object, ...]] = Counter()
    for row in inside:
        kind = "bot" if row["UserId"] == "app@sharepoint" else "external" if "#EXT#" in row["UserId"] else "human"
        done = action.get(row["Operation"], "other")
        expected[done, kind, done != "other" and kind != "bot", True] += 1
    assert counted(tables) == expected
    assert excluded(tables) == {"personal_space": len(rows) - len(inside)}
    n_unknown = sum(row["Operation"] == "FileVersionsTrimmed" for row in inside)
    assert n_unknown > 0
    assert tables["note"].select("rule", "n_records").rows() == [("PPL-EVT-004", n_unknown)]
    people = {row["UserId"] for row in inside if "." in row["UserId"].rpartition("@")[2] and "#" not in row["UserId"]}
    assert set(tables["account_identifier"].select("account", "kind", "identifier").rows()) == {
        (one, "email", one) for one in people}
    assert set(tables["event"]["space"]) == {row["SiteUrl"] for row in inside}
    assert set(tables["event"]["thread_scope"]) == {"target"}
    assert tables["event"]["thread_number"].n_unique() == len({row["ObjectId"] for row in inside})
    assert tables["event"]["occurred_at"].to_list() == [datetime.fromisoformat(row["CreationTime"]) for row in inside]


def test_an_access_log_of_a_file_share():
    path, _, tables = sample("fileshare")
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")), delimiter=";"))
    people = [row for row in rows if not row["User"].endswith("$")]
    action = {"Create": "create", "Write": "edit"}
    expected = Counter((action.get(row["Operation"], "other"), "human", row["Operation"] in action, True)
                       for row in people)
    assert counted(tables) == expected
    assert excluded(tables) == {"other_record": len(rows) - len(people)}
    times = [datetime.strptime(row["Time"], "%d/%m/%Y %H:%M:%S") for row in people]
    assert [at.hour for at in tables["event"]["occurred_at"]] == [(time.hour - 1) % 24 for time in times]
    assert set(tables["account_identifier"]["kind"]) == {"login"}


@pytest.mark.parametrize(("name", "listed"), [("facebook", {"9001"}), ("workplace", None)])
def test_posts_comments_and_reactions_of_a_group(name, listed):
    path, _, tables = sample(name)
    posts = json.loads(path.read_text(encoding="utf-8"))["data"]
    expected: Counter[tuple[object, ...]] = Counter()
    n_left_out = 0
    for post in posts:
        nested = [("comment", one["from"]["id"]) for one in post.get("comments", {}).get("data", [])]
        nested += [("react", one["id"]) for one in post["reactions"]["data"]]
        if listed is None or post["from"]["id"] in listed:
            expected["post", "human", True, True] += 1
        for action, who in nested:
            if listed is None or who in listed:
                expected[action, "human", action == "comment", False] += 1
            else:
                n_left_out += 1
    assert counted(tables) == expected
    n_others = sum(listed is not None and post["from"]["id"] not in listed for post in posts)
    assert excluded(tables) == ({"not_listed_account": n_others} if n_others else {})
    assert dict(tables["note"].select("rule", "n_records").rows()) == ({"PPL-EVT-010": n_left_out} if listed else {})
    if listed:
        assert set(tables["event"]["account"]) | set(tables["event"]["target_account"].drop_nulls()) == listed
    reacts = tables["event"].filter(pl.col("action") == "react")
    assert set(reacts["time_basis"]) == {"target"}
    posts_by_number = set(tables["event"].filter(pl.col("action") == "post")["event_number"])
    assert listed or set(reacts["event_number"]) <= posts_by_number
    assert tables["capability"]["has_reactions"].item()


def test_an_archive_of_a_corporate_account():
    path, settings, tables = sample("twitter")
    assert settings.events is not None
    text = path.read_text(encoding="utf-8")
    tweets = [one["tweet"] for one in json.loads(text[text.index("["):])]
    n_replies = sum("in_reply_to_status_id_str" in tweet for tweet in tweets)
    assert counted(tables) == {("reply", "human", True, True): n_replies,
                               ("post", "human", True, True): len(tweets) - n_replies}
    assert set(tables["event"]["account"]) == {"AcmeCorp"}
    assert tables["event"]["event_number"].n_unique() == len(tweets)
    assert tables["event"]["target_account"].null_count() == len(tweets)
    assert tables["event"]["target_number"].count() == n_replies
    first, last = (datetime.strptime(tweets[place]["created_at"], "%a %b %d %H:%M:%S %z %Y").date()
                   for place in (0, -1))
    assert tables["coverage"].rows() == [("x", first, last, False)]


def test_a_bulk_export_with_users_channels_threads_and_reactions():
    path, _, tables = sample("mattermost")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    private = {line["channel"]["name"] for line in lines
               if line["type"] == "channel" and line["channel"]["type"] == "P"}
    posts = [line["post"] for line in lines if line["type"] == "post"]
    expected: Counter[tuple[object, ...]] = Counter()
    for post in posts:
        if post["channel"] in private:
            continue
        kind = "bot" if post["user"] == "build_bot" else "human"
        is_system = post.get("type", "").startswith("system_")
        expected["other" if is_system else "post", kind, kind == "human" and not is_system, True] += 1
        for reaction in post.get("reactions", []):
            expected["react", "human", False, False] += 1
            assert reaction["create_at"]
        for reply in post.get("replies", []):
            expected["reply", "human", True, False] += 1
            expected["react", "human", False, False] += len(reply.get("reactions", []))
    assert counted(tables) == expected
    assert excluded(tables) == {
        "direct_message": sum(line["type"] == "direct_post" for line in lines),
        "private_space": sum(post["channel"] in private for post in posts) + len(private),
        "other_record": sum(line["type"] in {"version", "team", "direct_channel"} for line in lines)}
    assert tables["space"].select("space", "visibility", "label", "is_record").rows() == [
        ("acme/town-square", "public", "Town-Square", True), ("acme/research", "public", "Research", True)]
    users = [line["user"] for line in lines if line["type"] == "user"]
    assert set(tables["account_identifier"].select("account", "kind", "identifier").rows()) == {
        row for user in users
        for row in ((user["username"], "email", user["email"]), (user["username"], "login", user["username"]))}
    assert tables["account"].select("kind", "is_guest", "is_deactivated").rows() == [
        ("human", False, bool(user.get("delete_at"))) for user in users] + [("bot", None, False)]
    n_edited = sum("edit_at" in post for post in posts if post["channel"] not in private)
    assert tables["event"]["version_at"].count() == n_edited
    assert set(tables["event"].filter(pl.col("action") == "react")["time_basis"]) == {"own"}
    replies = tables["event"].filter(pl.col("action") == "reply")
    assert set(replies["thread_number"]) <= set(tables["event"].filter(pl.col("is_record"))["event_number"])
    assert replies["target_account"].null_count() == 0


def test_private_channels_of_a_bulk_export_can_be_switched_on_and_direct_ones_only_as_totals(tmp_path):
    for path in (SAMPLES / "mattermost").rglob("*.*"):
        target = tmp_path / path.relative_to(SAMPLES / "mattermost")
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    toml = tmp_path / "turnout.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + '\n[source."*"]\ninclude = ["public", "private", "direct"]\n')
    settings = load_settings(tmp_path)
    (found,) = find_exports(tmp_path, settings.for_source, ignore=settings.not_exports)
    assert found.connector is not None
    assert found.source is not None
    tables = tables_of(found.connector.read(found.source, settings.for_source(found.file)), canary="SECRET")
    assert "private_space" not in excluded(tables)
    assert tables["space"].filter(pl.col("visibility") == "private")["label"].to_list() == [None]
    columns = ("account", "report", "period_from", "period_to", "n_posted", "is_record")
    assert tables["usage"].select(columns).rows() == [
        (None, "direct_messages", date(2024, 3, 1), date(2024, 3, 31), excluded(tables)["direct_message"], False)]


def test_an_export_of_channel_messages():
    path, _, tables = sample("teams")
    messages = json.loads(path.read_text(encoding="utf-8"))["value"]
    expected: Counter[tuple[object, ...]] = Counter()
    for message in messages:
        if message["chatId"] is not None:
            continue
        if message["messageType"] != "message":
            expected["other", "system", False, True] += 1
        elif message["from"]["application"] is not None:
            expected["post", "bot", False, True] += 1
        elif message["deletedDateTime"] is not None:
            expected["other", "human", False, True] += 1
        else:
            expected["reply" if message["replyToId"] else "post", "human", True, True] += 1
    assert counted(tables) == expected
    assert excluded(tables) == {"direct_message": sum(message["chatId"] is not None for message in messages)}
    assert set(tables["account_identifier"]["kind"]) == {"directory_id"}
    assert tables["event"]["version_at"].count() == 2
    assert not tables["capability"]["has_reactions"].item(), "this export returns none, which is not the same as none"
    replies = tables["event"].filter(pl.col("action") == "reply")
    assert set(replies["thread_number"]) <= set(tables["event"]["event_number"])


def test_a_message_trace_becomes_totals_of_units_and_weeks():
    path, settings, _ = sample("email")
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-16"))))
    units = dict.fromkeys(("ana.lund@acme.example", "ben.okoro@acme.example"), "Research")
    units["chen.wu@acme.example"] = "People"

    tables = tables_of(events.read(open_source(path, "trace.csv"), replace(settings, units=units)), canary="SECRET")
    sent: dict[object, dict[str, str]] = {}
    for row in rows:
        if row["SenderAddress"].endswith("@acme.example"):
            monday = date.fromisocalendar(*datetime.fromisoformat(row["Received"][:19]).isocalendar()[:2], 1)
            sent.setdefault((units.get(row["SenderAddress"]), monday), {})[row["MessageId"]] = row["SenderAddress"]
    assert {(row["org_unit"], row["period_from"]): (row["n_posted"], row["n_posting_accounts"])
            for row in tables["usage"].to_dicts()} == {
        key: (len(messages), len(set(messages.values()))) for key, messages in sent.items()}
    assert set(tables["usage"]["report"]) == {"message_trace"}
    assert set(tables["usage"]["used_platform"]) == {"email"}
    assert tables["usage"]["account"].null_count() == tables["usage"].height
    assert tables["usage"]["is_record"].sum() == 0
    n_messages = sum(map(len, sent.values()))
    n_home = sum(row["SenderAddress"].endswith("@acme.example") for row in rows)
    assert excluded(tables) == {
        "aggregated": n_messages, "further_recipient": n_home - n_messages,
        "outside_sender": sum(row["SenderAddress"].endswith("@elsewhere.example") for row in rows),
        "no_sender": sum(row["SenderAddress"] == "<>" for row in rows)}
    assert all("@" not in table.write_json() for table in tables.values())
    assert all(table.height == 0 for name, table in tables.items()
               if name not in {"usage", "exclusion", "part", "capability"})


def test_aggregated_counts_become_usage():
    path, _, tables = sample("usage")
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    expected = [(row["Reader"], date.fromisoformat(row["From"]), date.fromisoformat(row["To"]), "readers", "intranet",
                 row["Active"] == "yes", int(row["Pages read"]), int(row["Pages written"]), None, True) for row in rows]
    columns = ("account", "period_from", "period_to", "report", "used_platform", "is_active", "n_read", "n_posted",
               "n_reacted", "is_record")
    assert tables["usage"].select(columns).rows() == expected
    assert tables["coverage"].height == 0
    assert tables["capability"]["has_reading"].item()
    assert set(tables["account_identifier"].select("kind", "identifier").rows()) == {
        ("email", row["Reader"]) for row in rows}
