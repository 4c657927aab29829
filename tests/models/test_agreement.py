"""What is stricter and what looser than agreed, and the hash by which both sides recognise the text."""

import hashlib
import tomllib
from dataclasses import replace

import pytest

from models.agreement import Terms, content_hash, differences, looser

AGREED = Terms(
    min_group=10,
    visibilities=frozenset({"public", "private"}),
    platforms=frozenset({"slack", "yammer"}),
    analyst_file="released",
    named=frozenset({"p1", "p2"}),
    retention={"events_months": 13, "quarantine_days": 30},
)
DEPARTURES = {
    "a smaller group": ({"min_group": 9}, "release.min_group", "looser"),
    "a larger group": ({"min_group": 11}, "release.min_group", "stricter"),
    "another platform": ({"platforms": frozenset({"slack", "yammer", "m365"})}, "platforms", "looser"),
    "one instead of another": ({"platforms": frozenset({"m365"})}, "platforms", "looser"),
    "fewer platforms": ({"platforms": frozenset({"slack"})}, "platforms", "stricter"),
    "direct messages": (
        {"visibilities": frozenset({"public", "direct"})}, 'source."glob".include', "looser",
    ),
    "no private spaces": ({"visibilities": frozenset({"public"})}, 'source."glob".include', "stricter"),
    "rows about people": ({"analyst_file": "full"}, "analyst.file", "looser"),
    "champions": ({"champions": True}, "champions", "looser"),
    "somebody else named": ({"named": frozenset({"p3"})}, "release.named", "looser"),
    "nobody named": ({"named": frozenset()}, "release.named", "stricter"),
    "events for longer": ({"retention": {"events_months": 14, "quarantine_days": 30}}, "retention.events_months",
                          "looser"),
    "events for ever": ({"retention": {"quarantine_days": 30}}, "retention.events_months", "looser"),
    "faults for a week": ({"retention": {"events_months": 13, "quarantine_days": 7}}, "retention.quarantine_days",
                          "stricter"),
}  # fmt: skip


@pytest.mark.parametrize("what", DEPARTURES)
def test_one_departure_is_found_in_its_direction(what: str) -> None:
    changed, key, direction = DEPARTURES[what]
    chosen = replace(AGREED, **changed)  # type: ignore[arg-type]
    assert [(one.key, one.direction) for one in differences(AGREED, chosen)] == [(key, direction)]
    assert [one.key for one in looser(AGREED, chosen)] == ([key] if direction == "looser" else [])


def test_an_equal_run_departs_in_nothing() -> None:
    assert differences(AGREED, replace(AGREED)) == []


def test_what_a_run_cannot_say_is_not_compared() -> None:
    assert differences(AGREED, replace(AGREED, platforms=None, retention=None)) == []


def test_a_departure_reads_what_is_chosen_and_what_is_agreed_and_names_nobody() -> None:
    chosen = replace(AGREED, min_group=5, named=frozenset({"p3"}))
    texts = [str(one) for one in looser(AGREED, chosen)]
    assert texts == ["release.min_group is 5, agreed is 10", "release.named is 1, agreed is 2"]


POLICY = """
version = "1"
parties = ["Ä", "b"]
valid_until = 2030-01-31
[roles]
b = "x"
a = "y"
[approval]
approved = "whatever"
"""
CANONICAL = '{"parties":["Ä","b"],"roles":{"a":"y","b":"x"},"valid_until":"2030-01-31","version":"1"}'


def test_the_hash_is_that_of_the_sorted_content_without_its_approval() -> None:
    assert content_hash(tomllib.loads(POLICY)) == hashlib.sha256(CANONICAL.encode()).hexdigest()


def test_layout_comments_and_order_do_not_change_the_hash_and_every_value_does() -> None:
    same = '# said before\nparties = [ "Ä",\n "b" ]\nversion="1"\nvalid_until=2030-01-31\nroles = {a = "y", b = "x"}\n'
    assert content_hash(tomllib.loads(same)) == content_hash(tomllib.loads(POLICY))
    for old, new in (('"1"', '"2"'), ('"Ä"', '"A"'), ("2030-01-31", "2030-02-01"), ('b = "x"', 'b = "z"'),
                     ('b = "x"', 'c = "x"'), ('["Ä", "b"]', '["b", "Ä"]')):  # fmt: skip
        assert content_hash(tomllib.loads(POLICY.replace(old, new))) != content_hash(tomllib.loads(POLICY)), new
    approved = POLICY.replace("whatever", "another")
    assert content_hash(tomllib.loads(approved)) == content_hash(tomllib.loads(POLICY))
