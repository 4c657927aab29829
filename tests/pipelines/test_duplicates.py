"""Rows that several exports tell, or one export twice: each counts once, and the run says where the others are.

The catalogue of bad inputs, rows B045, B046, B081 and B099. Usage reports are in test_usage_reports.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.check import report as check
from tests.connectors import plain_slack
from tests.pipelines import tiny
from tests.pipelines.runs import FACTS, NOW, Run, assert_same_tables, drop_folder, run_models

SAMPLES = Path(__file__).resolve().parents[2] / "data_samples"
DATA = SAMPLES.parents[1] / "shared" / "data"
SEEN = (*FACTS, "prep_duplicate", "prep_absent")
ANN, BO = tiny.slack_user("U0ANN00001", "ann@t.example"), tiny.slack_user("U0BO000001", "bo@t.example")
PEOPLE = [tiny.yammer_user(5, "ann@t.example"), tiny.yammer_user(6, "bo@t.example")]
PATTERNS = {
    "PPL-DUP-001": r"^PPL-DUP-001 .*: \d+ rows superseded",
    "PPL-DUP-002": r"^PPL-DUP-002 ",
    "PPL-DUP-003": r"^PPL-DUP-003 \S+: \d+ identical duplicates",
}
"""The patterns of the catalogue."""
Told = Mapping[tuple[str, str], int]
"""(place, code) -> number of records."""


def day(n: int) -> date:
    """Day n of 2024."""
    return date(2023, 12, 31) + timedelta(days=n)


def post(n: int, **fields: object) -> tiny.Json:
    """Ann's message of day n: the same in every call."""
    return tiny.slack_message(day(n), "U0ANN00001", **fields) | {"ts": f"{noon(n)}.000100"}


def noon(n: int) -> int:
    """Seconds since 1970."""
    return 1_704_067_200 + (n - 1) * 86_400 + 43_200


def slack(path: Path, *messages: tiny.Json, channel: str = "general") -> None:
    tiny.slack_zip(path, [ANN, BO], {channel: messages})


def yammer(path: Path, first: int, end: int, *rows: Mapping[str, str], people: list[dict[str, str]] = PEOPLE) -> None:
    tiny.yammer_zip(path, day(first), day(end), people, rows)


def row(n: int, **fields: str) -> dict[str, str]:
    """Ann's Yammer message of day n."""
    return tiny.yammer_row(100 + n, day(n), 5, **fields)


def page(number: int, *days: int) -> str:
    """A wiki page with a revision on each of these days."""
    return tiny.wiki_page(number, f"P{number}", [(number * 100 + n, day(n), "ann@t.example", f"t {n}") for n in days])


def edited_slack(drop: Path) -> None:
    at_edit = {"edited": {"user": "U0ANN00001", "ts": f"{noon(6)}.000000"}}
    slack(drop / "a.zip", post(1), post(2), post(3))
    slack(drop / "b.zip", post(3, **at_edit), post(4), post(6))


def deleted_yammer(drop: Path) -> None:
    yammer(drop / "a.zip", 1, 10, row(2), row(3), row(4))
    yammer(drop / "b.zip", 10, 20, row(3, deleted_at=f"{day(12)}T09:00:00Z"), row(15))


def gone_slack(drop: Path) -> None:
    slack(drop / "a.zip", post(1), post(2), post(3), post(4))
    slack(drop / "b.zip", post(2), post(4), post(5))


def gone_yammer(drop: Path) -> None:
    yammer(drop / "a.zip", 1, 10, row(2), row(3), row(4))
    yammer(drop / "b.zip", 1, 20, row(2), row(4), row(15))


def gone_revision(drop: Path) -> None:
    tiny.wiki_dump(drop / "a.xml", [page(1, 1, 2, 3)])
    tiny.wiki_dump(drop / "b.xml", [page(1, 1, 3, 4)])


def twice_in_a_table(drop: Path) -> None:
    yammer(drop / "a.zip", 1, 10, row(2), row(3), row(2))
    yammer(drop / "b.zip", 10, 20, row(15))


def twice_in_a_list(drop: Path) -> None:
    yammer(drop / "a.zip", 1, 10, row(2), people=[*PEOPLE, PEOPLE[0]])
    yammer(drop / "b.zip", 10, 20, row(15))


def twice_with_unknown_flags(drop: Path) -> None:
    """Bo twice, and neither time does the export say whether he is a guest; of Ann it says so once."""
    users = [ANN, {**ANN, "is_restricted": False}, BO, BO]
    tiny.slack_zip(drop / "a.zip", users, {"general": [post(2)]})


def twice_in_two_members(drop: Path) -> None:
    slack(drop / "a.zip", post(2), post(3))
    members = tiny.members_of(drop / "a.zip")
    members[f"general/{day(4)}.json"] = members[f"general/{day(3)}.json"]
    tiny.zipped(drop / "a.zip", members)


def parts_of_a_dump(drop: Path) -> None:
    tiny.wiki_dump(drop / "part1.xml", [page(1, 1, 9), page(2, 2, 3)])
    tiny.wiki_dump(drop / "part2.xml", [page(2, 2, 3), page(3, 4, 5)])


@dataclass(frozen=True)
class Case:
    """Exports, what is noted about them, and how many events are in use."""

    write: Callable[[Path], None]
    n_events: int
    told: Told
    in_check: Told = field(default_factory=dict)


CASES = {
    "B045-slack": Case(edited_slack, 5, {("a.zip!general/2024-01-03.json", "PPL-DUP-001"): 1}),
    "B045-yammer": Case(deleted_yammer, 4, {("a.zip!Messages.csv", "PPL-DUP-001"): 1}),
    "B046-slack": Case(gone_slack, 5, {("a.zip", "PPL-DUP-003"): 2, ("b.zip", "PPL-DUP-002"): 1}),
    "B046-yammer": Case(gone_yammer, 4, {("a.zip!Messages.csv", "PPL-DUP-003"): 2, ("b.zip", "PPL-DUP-002"): 1}),
    "B046-wiki": Case(gone_revision, 4, {("a.xml", "PPL-DUP-003"): 2, ("b.xml", "PPL-DUP-002"): 1}),
    "B081": Case(twice_in_a_table, 3, {("a.zip!Messages.csv", "PPL-DUP-003"): 1}, {("a.zip", "PPL-DUP-003"): 1}),
    "B081-list": Case(twice_in_a_list, 2, {("a.zip!Users.csv", "PPL-DUP-003"): 1}, {("a.zip", "PPL-DUP-003"): 1}),
    "B081-unknown": Case(twice_with_unknown_flags, 1, {
        ("a.zip!users.json", "PPL-DUP-001"): 1, ("a.zip!users.json", "PPL-DUP-003"): 1,
    }, {("a.zip", "PPL-DUP-003"): 1}),
    "B081-members": Case(twice_in_two_members, 2, {("a.zip", "PPL-DUP-003"): 1}, {("a.zip", "PPL-DUP-003"): 1}),
    # the part whose newest revision is the older one is superseded, whatever the parts are called
    "B099": Case(parts_of_a_dump, 6, {("part2.xml", "PPL-DUP-003"): 2}),
}


def bystander(drop: Path) -> None:
    """An export of another platform or wiki, about which nothing is to be said."""
    tiny.wiki_dump(drop / "other.xml", [page(7, 1, 2)], name="otherwiki")


def told(run: Run) -> dict[tuple[str, str], int]:
    """What all exports together show; each line is as the catalogue has it."""
    found = {}
    for path, member, rule, message, n_records in run.rows(
        "select path, member, rule, message, n_records from note join export_file using (file_id) where line is null"
    ):
        if rule in PATTERNS:
            place = f"{path}!{member}" if member else str(path)
            assert re.search(PATTERNS[str(rule)], f"{rule} {place.replace(' ', '_')}: {message}")
            found[place, str(rule)] = int(str(n_records))
    return found


def checked(drop: Path) -> dict[tuple[str, str], int]:
    """The same from `turnout check`."""
    lines, n_problems = check(drop, now=NOW, show_identifiers=False)
    assert n_problems == 0
    parts = [re.match(r" *(PPL-DUP-\d+) (\S+): (\d+)", line) for line in lines]
    return {(one[2], one[1]): int(one[3]) for one in parts if one}


@pytest.fixture(scope="module", params=CASES)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, Path, Run]:
    """A case, its drop folder with a bystander, and the run over all of it."""
    case, folder = CASES[request.param], tmp_path_factory.mktemp(request.param)
    case.write(folder / "drop")
    bystander(folder / "drop")
    return case, folder / "drop", run_models(folder / "drop", folder / "out", tables=SEEN)


def test_each_record_counts_once_and_the_run_says_which_rows_do_not(made):
    case, _, run = made
    assert run.problems == []
    assert told(run) == case.told
    assert run.one("select count(*) from fct_event where workspace <> 'otherwiki'") == case.n_events
    assert run.one("select count(*) from quarantine") == 0
    assert run.rows("select path from export_file where n_read <> n_accepted + n_duplicate") == []
    assert run.rows("select n_read, n_accepted, n_duplicate, status from export_file where path = 'other.xml'") == [
        (2, 2, 0, "loaded")
    ]


def test_the_notes_add_up_to_the_rows_that_are_not_in_use(made):
    noted = "select file_id, sum(n_superseded + n_identical)::bigint from prep_duplicate group by file_id"
    lost = """
        select e.file_id, count(*) - coalesce(any_value(u.n_used), 0) as n_lost
        from stg_event as e left join (
            select file_id, count(*) as n_used from fct_event where line is not null group by file_id
        ) as u using (file_id)
        where e.is_record group by e.file_id having n_lost > 0
        """
    assert dict(made[2].rows(noted)) == dict(made[2].rows(lost))


def test_check_names_what_one_export_repeats(made):
    assert checked(made[1]) == made[0].in_check


def test_the_order_in_which_exports_arrive_changes_nothing(made, tmp_path):
    _, whole, run = made
    drop = tmp_path / "drop"
    drop.mkdir()
    exports = sorted(whole.iterdir())
    # the last file is loaded before the others
    for number, path in enumerate(reversed(exports), 1):
        (drop / path.name).write_bytes(path.read_bytes())
        if number == 1 or path is exports[0]:
            other = run_models(drop, tmp_path / "out", is_built=path is exports[0], tables=SEEN)
    assert_same_tables(run, other, ("note", "fct_event", "fct_person_day", "prep_duplicate", "prep_absent"))


def other_days(drop: Path) -> None:
    slack(drop / "a.zip", post(1), post(2), post(3), post(5))
    slack(drop / "b.zip", post(3), post(5), post(8))


def without_a_channel(drop: Path) -> None:
    slack(drop / "a.zip", post(1), post(3), post(5))
    tiny.slack_zip(drop / "more.zip", [ANN], {"general": [post(6)], "closed": [post(2), post(4)]})
    slack(drop / "z.zip", post(1), post(3), post(5), post(6), post(9))


def another_part(drop: Path) -> None:
    slack(drop / "a.zip", post(1), post(3), post(5))
    slack(drop / "b.zip", post(2), post(4), post(6))


def ends_of_an_overlap(drop: Path) -> None:
    slack(drop / "a.zip", post(1), post(2), post(3), post(4))
    slack(drop / "b.zip", post(2), post(3), post(6))


def edits_of_older_messages(drop: Path) -> None:
    """Yammer exports a message again when it is edited or deleted, however old it is."""
    again = {"deleted_at": f"{day(14)}T09:00:00Z"}
    yammer(drop / "a.zip", 1, 10, row(2), row(3), row(4))
    yammer(drop / "b.zip", 10, 20, row(2, **again), row(4, **again), row(15))


@pytest.mark.parametrize(
    "write",
    [other_days, without_a_channel, another_part, ends_of_an_overlap, edits_of_older_messages, parts_of_a_dump],
)
def test_an_export_that_was_not_made_for_them_lacks_no_records(write, tmp_path):
    write(tmp_path / "drop")
    run = run_models(tmp_path / "drop", tmp_path / "out", tables=SEEN)
    assert "PPL-DUP-002" not in {rule for _, rule in told(run)}


def times_by_channel(members: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, dict[int, bool]]:
    """Channel -> time of each message -> whether it is more than the trace of a deletion."""
    channels: dict[str, dict[int, bool]] = {}
    for name, content in members.items():
        if "/" in name:
            times = {plain_slack.micro(one["ts"]): one.get("subtype") != "tombstone" for one in content if "ts" in one}
            channels.setdefault(ids[name.split("/")[0]], {}).update(times)
    return channels


def absent_by_a_plain_reading(folder: Path) -> dict[str, int]:
    """Between two messages of a channel that both exports hold, the earlier export has some that the later lacks."""
    found = {path.name: plain_slack.members(path) for path in folder.glob("*.zip")}
    # an export may lack a channel in its list
    ids = {entry["name"]: entry["id"] for members in found.values() for entry in members["channels.json"]}
    exports = []
    for name, members in found.items():
        channels = times_by_channel(members, ids)
        exports.append((max(max(times) for times in channels.values() if times), name, channels))
    exports.sort(key=lambda one: one[0])
    expected: dict[str, int] = {}
    for number, (_, _, older) in enumerate(exports):
        for _, name, later in exports[number + 1 :]:
            for channel, times in older.items():
                theirs = later.get(channel, {})
                both = times.keys() & theirs.keys()
                gone = {at for at, is_kept in times.items() if both and min(both) < at < max(both) and is_kept}
                gone -= theirs.keys()
                # what a still later export holds again is in use from there
                gone -= {at for _, _, last in exports[number + 1 :] for at in last.get(channel, {})}
                expected[name] = expected.get(name, 0) + len(gone)
    return {name: n for name, n in expected.items() if n}


def absent(run: Run) -> dict[str, int]:
    return {place.rpartition("/")[2]: n for (place, rule), n in told(run).items() if rule == "PPL-DUP-002"}


def test_a_plain_reading_finds_what_later_exports_of_the_sample_company_lack(acme_live):
    expected = absent_by_a_plain_reading(SAMPLES / "acme" / "slack")
    assert absent(acme_live) == expected
    assert sum(expected.values()) > 0


@pytest.mark.real_data
@pytest.mark.skipif(not DATA.is_dir(), reason="the real exports do not lie beside the checkout")
def test_three_real_snapshots_of_a_workspace_differ_in_three_deleted_messages(tmp_path):
    snapshots = {path.name: path for path in (DATA / "slack").glob("snap_*.zip")}
    drop = drop_folder(tmp_path / "drop", snapshots)
    run = run_models(drop, tmp_path / "out", tables=SEEN)
    assert absent(run) == absent_by_a_plain_reading(drop) == {"snap_8da9d88.zip": 3}
    assert {rule for _, rule in told(run)} == {"PPL-DUP-002", "PPL-DUP-003"}
