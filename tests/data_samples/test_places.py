"""Confluence, the blog and the bookmarks hold what the expected figures say, and change nobody's share."""

from pathlib import Path
from typing import Any

import pytest

from . import plain_places as places
from . import plain_reader as plain

Sample = tuple[Path, dict[str, Any]]


@pytest.mark.parametrize("platform", ["confluence", "wordpress", "bookmarks"])
def test_a_plain_reader_counts_the_same_records_of_each_kind(sample: Sample, platform: str) -> None:
    folder, truth = sample
    read = {"confluence": places.confluence, "wordpress": places.blog, "bookmarks": places.bookmarks}[platform]
    events, kinds = read(folder, plain.People(folder))
    expected = dict(truth["platforms"][platform]["records"])
    n_records = expected.pop("records")
    assert {kind: n for kind, n in kinds.items() if n} == {kind: n for kind, n in expected.items() if n}
    assert sum(kinds.values()) - kinds["pages"] == n_records
    assert max(event[2] for event in events) == truth["company"]["ends_on"][platform]


def test_likes_are_reactions(sample: Sample) -> None:
    folder, truth = sample
    figures = truth["platforms"]["confluence"]
    assert places.confluence(folder, plain.People(folder))[1]["like"] == figures["react"] == figures["records"]["like"]


def test_confluence_lists_as_many_objects_of_each_class_as_its_file_says(sample: Sample) -> None:
    folder, truth = sample
    objects = places.confluence_objects(folder)
    classes = {"Space": "spaces", "ConfluenceUserImpl": "users", "Page": "pages", "Comment": "comments",
               "Attachment": "attachments", "LikeEntity": "likes", "CustomContentEntityObject": "internal"}  # fmt: skip
    expected = truth["files"]["confluence/acme-confluence-export.zip"]
    assert {name: len(objects.get(kind, [])) for kind, name in classes.items()} == expected
    ids = [found["id"] for kind in objects for found in objects[kind]]
    assert len(ids) == len(set(ids))


def test_versions_of_a_page_are_numbered_and_never_go_back_in_time(sample: Sample) -> None:
    pages = places.confluence_objects(sample[0])["Page"]
    history: dict[str, list[tuple[int, str, str]]] = {}
    for page in pages:
        if page["contentStatus"] == "current":
            live = page.get("originalVersion") or page["id"]
            state = (int(page["version"]), page["lastModificationDate"], page["creationDate"])
            history.setdefault(live, []).append(state)
    for states in history.values():
        assert [state[0] for state in sorted(states)] == list(range(1, len(states) + 1))
        assert [state[1] for state in sorted(states)] == sorted(state[1] for state in states)
        assert {state[2] for state in states} == {min(states)[1]}


def test_each_account_belongs_to_somebody_on_the_roster(sample: Sample) -> None:
    folder, people = sample[0], plain.People(sample[0])
    for read in (places.confluence, places.blog, places.bookmarks):
        assert all(person.startswith("E") for _, person, _, _ in read(folder, people)[0])


def test_they_change_neither_who_contributes_in_a_month_nor_in_a_week(sample: Sample) -> None:
    folder, truth = sample
    people = plain.People(folder)
    config = (folder / "turnout.toml").read_text(encoding="utf-8")
    services = {part.split(":")[1] for part in config.split('"') if part.startswith(("slack:", "mediawiki:"))}
    elsewhere = {
        (person, day)
        for found in (
            plain.slack_events(folder, people, services),
            plain.yammer_events(folder, people),
            plain.wiki_events(folder, people, services),
        )
        for _, person, day, _ in found
    }
    for read in (places.confluence, places.blog, places.bookmarks):
        assert {(person, day) for _, person, day, _ in read(folder, people)[0]} <= elsewhere
    assert len({person for person, _ in elsewhere}) == truth["platforms"]["all"]["people"]


def test_two_units_use_confluence_and_executives_write_the_blog(acme: Sample) -> None:
    folder, truth = acme
    people = plain.People(folder)
    by_day = sorted((row["PersonId"], row["EffectiveDate"], row["Organization"], row["Layer"]) for row in people.rows)
    events = places.confluence(folder, people)[0]
    units = {[u for p, since, u, _ in by_day if p == person and since <= day][-1] for _, person, day, _ in events}
    assert units == {"Engineering", "Customer Care"}
    assert len(events) > 400
    posts = [event for event in places.blog(folder, people)[0] if event[3] != "comment"]
    layers = {person: layer for person, _, _, layer in by_day}
    assert {layers[person] for _, person, _, _ in posts} <= {"0", "1", "2"}
    assert len({person for _, person, _, _ in posts}) == truth["planted"]["blog"]["authors"] == 3
    assert sum(name.startswith("bookmarks/") for name in truth["files"]) == 10
