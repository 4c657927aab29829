"""One run in which executives are named by decision and champions by opt-in: who is shown, who not, and nobody else."""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.erasure.access import write_access
from pipelines.erasure.forget import forget
from pipelines.erasure.search import Needles, search
from pipelines.job import Outcome
from tests.pipelines import tiny
from tests.pipelines.runs import NOW, Run, run_models, run_whole
from tests.pipelines.test_agreement import KEPT, POLICY, approved

MARCH = date(2026, 3, 1)
EXECUTIVES = [f"exec-{n:04}" for n in range(12)]
STAFF = [f"staff-{n:04}" for n in range(60)]
ENTRY = (
    '[[named]]\nperson = "{}"\nshown = "{}"\nrole = "CEO"\nbasis = "consent"\napproved_by = "both"\n'
    "valid_until = {}\n"
)  # fmt: skip
AGREED = (
    ("exec-0000", "Ada Lind", "2099-12-31"), ("staff-0001", "Not One", "2099-12-31"),
    ("exec-9999", "Nobody There", "2099-12-31"), ("exec-0001", "Too Late", "2026-01-31"),
)  # fmt: skip
TODAY = date.today()
UNTIL = TODAY + timedelta(days=200)
SINCE = TODAY - timedelta(days=40)
CHAMPIONS = f"""\
person,shown,scope,opted_in_on,expires_on,revoked_on
staff-0002,Kim the Helper,wikis,{SINCE},{UNTIL},
staff-0003@t.example,Robin Gone,blogs,{SINCE},{UNTIL},
staff-0003,Robin Gone,blogs,{SINCE},{UNTIL},{TODAY - timedelta(days=3)}
staff-7777,No Such Champion,blogs,{TODAY},{UNTIL},
"""


@pytest.fixture(scope="module")
def drop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve executives, sixty others. Ada posts twice and replies once in March, and does nothing in April."""
    folder = tmp_path_factory.mktemp("named") / "drop"
    rows = [tiny.roster_row(one, date(2025, 1, 1), "A", Layer="0") for one in EXECUTIVES]
    rows += [tiny.roster_row(one, date(2025, 1, 1), "A") for one in STAFF]
    tiny.roster_csv(folder / "roster.csv", rows)
    people = [*EXECUTIVES, *STAFF]
    users = [tiny.slack_user(f"U{n:03}", f"{one}@t.example") for n, one in enumerate(people)]
    starter = tiny.slack_message(MARCH, "U001")
    messages = [starter, tiny.slack_message(date(2026, 5, 2), "U030")]
    for n in [0, *range(8), *range(12, 42)]:
        messages.append(tiny.slack_message(date(2026, 3, 1 + n % 28), f"U{n:03}"))
        if n:
            messages.append(tiny.slack_message(date(2026, 4, 1 + n % 28), f"U{n:03}"))
    messages.append(tiny.slack_message(date(2026, 3, 20), "U000", thread_ts=starter["ts"]))
    tiny.slack_zip(folder / "slack.zip", users, {"general": messages})
    policy = POLICY.replace("2026-12-31", "2099-12-31").replace("min_group = 10", "min_group = 10\nchampions = true")
    policy = approved(policy + "".join(ENTRY.format(*one) for one in AGREED))
    (folder / "policy.toml").write_text(policy, encoding="utf-8")
    ids = ", ".join(f'"{person}"' for person, _, _ in AGREED)
    (folder / "turnout.toml").write_text(f"{tiny.CONFIG}{KEPT}[release]\nnamed = [{ids}]\n", encoding="utf-8")
    (folder / "champions.csv").write_text(CHAMPIONS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def released(drop: Path) -> tuple[Outcome, Run]:
    return run_whole(drop, drop.parent / "out")


def test_the_named_executive_is_shown_with_what_they_wrote(released: tuple[Outcome, Run]) -> None:
    _, run = released
    told = "select shown, role, period_start, n_posts, n_replies, n_own_posts, n_own_replies from rel_named_executives"
    assert run.rows(f"{told} where n_posts is not null") == [("Ada Lind", "CEO", MARCH, 2, 1, 2, 1)]
    assert run.rows("select distinct shown from rel_named_executives") == [("Ada Lind",)]
    assert (date(2026, 4, 1), None) in run.rows("select period_start, n_posts from rel_named_executives")


def test_who_cannot_be_named_is_told_by_number_and_never_by_name(released: tuple[Outcome, Run]) -> None:
    outcome, _ = released
    assert [line.split()[:4] for line in outcome.problems] == [
        ["PPL-NAM-002", "policy.toml:", "[[named]]", "2"], ["PPL-NAM-001", "policy.toml:", "[[named]]", "3"],
        ["PPL-CHM-006", "champions.csv:5:", "the", "person"],
    ]  # fmt: skip
    assert outcome.is_incomplete
    assert "PPL-NAM-003 policy.toml: [[named]] 4 was valid until 2026-01-31" in outcome.summary
    said = outcome.summary + "".join(outcome.problems)
    assert not [name for _, name, _ in AGREED if name in said]
    assert "staff-7777" not in said


def test_champions_are_shown_by_the_name_they_gave_until_they_take_it_back(released: tuple[Outcome, Run]) -> None:
    _, run = released
    assert run.rows("from rel_named_champions") == [("Kim the Helper", "wikis", SINCE.replace(day=1))]


def test_pages_name_only_them_and_only_where_they_belong(drop: Path, released: tuple[Outcome, Run]) -> None:
    pages = {page.stem: page.read_text(encoding="utf-8") for page in (drop.parent / "out/latest/site").glob("*.html")}
    for name, of in (("Ada Lind", {"executives"}), ("Kim the Helper", {"enabling"}), ("Robin Gone", set()),
                     ("Not One", set()), ("Too Late", set()), ("No Such Champion", set())):  # fmt: skip
        assert {page for page, text in pages.items() if name in text} == of
    assert "CEO: consent; approved by both, until" in pages["executives"]


def test_no_id_and_no_address_is_stored_or_published(drop: Path, released: tuple[Outcome, Run]) -> None:
    names = ("exec-0000", "staff-0002", "staff-0003", "staff-0003@t.example", "staff-7777", "exec-9999")
    found = search([drop.parent / "out"], Needles((), names))
    run = json.loads((drop.parent / "out/latest/run.json").read_text(encoding="utf-8"))
    assert run["settings"]["release"]["named"] == len(AGREED)
    assert found.n_tables > 100
    assert found.hits == []


def test_a_champion_sees_the_line_and_is_forgotten_with_it(
    drop: Path, released: tuple[Outcome, Run], tmp_path: Path
) -> None:
    out = shutil.copytree(drop.parent / "out", tmp_path / "out", symlinks=True)
    write_access(out, "staff-0002", tmp_path / "mine.json", exports=drop, now=NOW)
    answer = json.loads((tmp_path / "mine.json").read_text(encoding="utf-8"))
    held = {one["table"]: one["rows"] for one in answer["tables"]}
    assert [row["shown"] for row in held["warehouse: stg_champion"]] == ["Kim the Helper"]
    assert held["warehouse: dim_champion"][0]["person_id"] == "you"
    report = forget(out, "staff-0002", exports=drop, backups=[], dagster_home=None, now=NOW, run=None)
    assert report.is_clean
    assert {"champions.csv", "roster.csv"} <= set(report.exports)
    assert "Files of the last release held the person and are deleted: run `turnout run`" in report.notes
    again = run_models(drop, out, tables=["dim_champion", "dim_named_executive"])
    assert again.rows("select shown from stg_champion order by line") == [
        ("Robin Gone",), ("Robin Gone",), ("No Such Champion",),
    ]  # fmt: skip
    assert search([out], Needles((), ["Kim the Helper"])).hits == []
