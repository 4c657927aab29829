"""The sample company is reproducible and small, and holds what its expected figures say."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from data_samples import write_company
from data_samples.readme import ROW, refresh

from . import plain_places as places
from . import plain_reader as plain

HOME = Path(__file__).parents[2] / "data_samples"
MOST_BYTES = 8_000_000


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("acme")
    return folder, json.loads(json.dumps(write_company(folder).to_dict()))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("small")
    return folder, json.loads(json.dumps(write_company(folder, people=80, days=90).to_dict()))


@pytest.fixture(params=["acme", "small"])
def sample(request: pytest.FixtureRequest, small: tuple[Path, dict[str, Any]]) -> tuple[Path, dict[str, Any]]:
    if request.param == "small":
        return small
    return HOME / "acme", json.loads((HOME / "acme_truth.json").read_text(encoding="utf-8"))


def test_committed_company_equals_a_fresh_one(fresh: tuple[Path, dict[str, Any]]) -> None:
    folder, truth = fresh
    assert plain.contents(HOME / "acme") == plain.contents(folder)
    assert json.loads((HOME / "acme_truth.json").read_text(encoding="utf-8")) == truth


def test_same_seed_gives_the_same_bytes(tmp_path: Path, small: tuple[Path, dict[str, Any]]) -> None:
    write_company(tmp_path, people=80, days=90)
    first, second = (
        {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        for root in (small[0], tmp_path)
    )
    assert first == second


def test_another_seed_gives_another_company(tmp_path: Path, small: tuple[Path, dict[str, Any]]) -> None:
    write_company(tmp_path, people=80, days=90, seed=2)
    assert plain.contents(tmp_path).keys() != plain.contents(small[0]).keys() or (
        plain.contents(tmp_path) != plain.contents(small[0])
    )
    assert (tmp_path / "hr/roster.csv").read_bytes() != (small[0] / "hr/roster.csv").read_bytes()


def test_committed_company_is_small() -> None:
    files = [path for path in (HOME / "acme").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in [*files, HOME / "acme_truth.json"]) <= MOST_BYTES


def test_readme_states_the_figures_of_the_truth() -> None:
    text = (HOME / "README.md").read_text(encoding="utf-8")
    truth = json.loads((HOME / "acme_truth.json").read_text(encoding="utf-8"))
    assert len(ROW.findall(text)) > 30
    assert refresh(text, truth) == text


@pytest.mark.parametrize(("people", "days"), [(59, 90), (80, 59)])
def test_a_company_that_is_too_small_is_refused(tmp_path: Path, people: int, days: int) -> None:
    with pytest.raises(ValueError, match="at least 60 people and 60 days"):
        write_company(tmp_path, people=people, days=days)


def test_a_plain_reader_counts_the_same_contributions(sample: tuple[Path, dict[str, Any]]) -> None:
    folder, truth = sample
    people = plain.People(folder)
    config = (folder / "turnout.toml").read_text(encoding="utf-8")
    services = {part.split(":")[1] for part in config.split('"') if part.startswith(("slack:", "mediawiki:"))}
    events = {
        "slack": plain.slack_events(folder, people, services),
        "yammer": plain.yammer_events(folder, people),
        "mediawiki": plain.wiki_events(folder, people, services),
        "confluence": places.confluence(folder, people)[0],
        "wordpress": places.blog(folder, people)[0],
        "bookmarks": places.bookmarks(folder, people)[0],
    }
    events["all"] = [event for found in events.values() for event in found]
    for platform, found in events.items():
        expected = {
            month: {name: value for name, value in figures.items() if name != "react"}
            for month, figures in truth["platforms"][platform]["months"].items()
        }
        assert plain.by_month(found) == expected


def test_a_plain_reader_counts_the_same_records(sample: tuple[Path, dict[str, Any]]) -> None:
    folder, truth = sample
    slack, rows, pages = (
        plain.slack_messages(folder)[0],
        plain.yammer_rows(folder)[0],
        plain.wiki_pages(folder),
    )
    records = {
        platform: truth["platforms"][platform]["records"] for platform in ("slack", "yammer", "mediawiki")
    }
    assert len(slack) == records["slack"]["messages"]
    deleted = [message for message in slack.values() if message.get("subtype") == "tombstone"]
    assert len(deleted) == records["slack"].get("deleted", 0)
    assert len(rows) == records["yammer"]["messages"]
    assert sum(bool(row["deleted_at"]) for row in rows.values()) == records["yammer"]["deleted"]
    assert sum(bool(row.get("delegate_id")) for row in rows.values()) == records["yammer"]["delegated"]
    assert len(pages) == records["mediawiki"]["pages"]
    assert sum(len(revisions) for _, revisions in pages) == records["mediawiki"]["revisions"]
    assert plain.count_reverts(pages) == {
        name: records["mediawiki"][name] for name in ("reverts", "self_reverts", "null_edits")
    }
    reactions = {
        (key, user, reaction["name"].split("::")[0])
        for key, message in slack.items()
        for reaction in message.get("reactions", [])
        for user in reaction["users"]
    }
    assert len(reactions) == truth["platforms"]["slack"]["react"]
    assert len({user for _, user, _ in reactions}) == truth["platforms"]["slack"]["reactors"]["accounts"]


def test_files_lie_in_los_angeles_days_and_rows_in_their_months(small: tuple[Path, dict[str, Any]]) -> None:
    assert plain.misplaced_messages(small[0]) == []


def test_roster_has_one_row_per_person_and_day(sample: tuple[Path, dict[str, Any]]) -> None:
    folder, truth = sample
    rows = plain.People(folder).rows
    keys = [(row["PersonId"], row["EffectiveDate"]) for row in rows]
    assert len(keys) == len(set(keys)) == truth["files"]["hr/roster.csv"]["rows"]
    assert keys == sorted(keys)
    assert {row["ManagerId"] for row in rows} - {row["PersonId"] for row in rows} == {""}
    for row, following in pairwise(rows):
        assert row["TerminationDate"] == "" or row["PersonId"] != following["PersonId"]
        assert row["HireDate"] <= row["EffectiveDate"] <= (row["TerminationDate"] or "9999")


def test_planted_truths_hold_in_the_standard_company() -> None:
    truth = json.loads((HOME / "acme_truth.json").read_text(encoding="utf-8"))
    planted = truth["planted"]
    heads = planted["heads"]
    assert (heads["n_begin"], heads["n_never"]) == (20, 10)
    assert all(count == 0 for count in heads["never"].values())
    assert abs(heads["mean_rise"] - heads["planted_rise"]) < 0.02
    assert planted["broadcasters"]["n_people"] == 6
    assert planted["broadcasters"]["replies"] == 0
    assert planted["react_only"]["contributions"] == 0
    assert (
        truth["platforms"]["slack"]["reactors"]["people_without_contribution"]
        == planted["react_only"]["n_reacted"]
    )
    assert min(m["Executive Office"]["eligible"] for m in truth["units"].values()) < 10
    assert all(12 <= m["Communications"]["eligible"] <= 15 for m in truth["units"].values())
    assert abs(planted["nightly"]["share"] - 0.6) < 0.01
