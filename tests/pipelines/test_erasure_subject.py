"""Whom a request is about: all that is theirs, and nothing that is somebody else's."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
import pytest

from pipelines.erasure.subject import find
from pipelines.keys import KeyRing, canonical
from tests.pipelines.runs import KEY

RING = KeyRing(KEY)


@dataclass
class Told:
    """A lake of one export: identifiers of people and of accounts, and who wrote which record, in two versions."""

    people: list[tuple[str, str, str]]
    accounts: list[tuple[str, str, str]]
    records: tuple[tuple[str, int], ...] = ()
    ring = RING

    def entries(self) -> list[None]:
        return [None]

    def parts(self, entry: None, table: str) -> Iterator[pl.DataFrame]:
        if table == "person_identifier":
            rows = [(RING.person(who), kind, key(kind, value)) for who, kind, value in self.people]
            yield pl.DataFrame(rows, schema=["person_id", "kind", "identifier_key"], orient="row")
        elif table == "account_identifier":
            rows = [(who, kind, key(kind, value)) for who, kind, value in self.accounts]
            yield pl.DataFrame(rows, schema=["account_id", "kind", "identifier_key"], orient="row")
        elif table == "event":
            rows = [(who, number.to_bytes(16), True) for who, number in self.records]
            schema = {"account_id": pl.String, "event_id": pl.Binary, "is_record": pl.Boolean}
            yield pl.DataFrame(rows, schema=schema, orient="row")


def key(kind: str, value: str) -> str:
    return RING.pseudonym("identifier", kind, canonical(kind, value))


def accounts_of(text: str, lake: Told, mapped: dict[str, str | None] | None = None) -> set[str]:
    return set(find(lake, text, mapped or {}).accounts)


ROSTER = [("ann", "email", "ann@t"), ("ann", "directory_id", "D1"), ("bo", "email", "bo@t"),
          ("bo", "directory_id", "D2")]  # fmt: skip


@pytest.mark.parametrize("text", ["ann", "ANN@T", "ann@t"])
def test_accounts_by_any_identifier_are_theirs_by_id_or_address(text):
    lake = Told(ROSTER, [("by email", "email", "ann@t"), ("by id", "directory_id", "D1"), ("bo's", "email", "bo@t")])
    assert accounts_of(text, lake) == {"by email", "by id"}


def test_the_more_trusted_identifier_decides_and_what_both_carry_is_not_in_the_ledger():
    lake = Told(ROSTER, [("contradicted", "email", "ann@t"), ("contradicted", "directory_id", "D2"),
                         ("sure", "directory_id", "D1")])  # fmt: skip
    subject = find(lake, "ann", {})
    assert subject.accounts == {"sure"}
    assert subject.identifiers == {key("directory_id", "D1")}  # a ledger with the address would take bo's account
    assert find(lake, "bo", {}).accounts == {"contradicted"}


def test_an_account_that_nobody_owns_is_theirs_by_what_their_other_accounts_carry():
    accounts = [("first", "email", "ann@t"), ("first", "employee_number", "7"), ("second", "employee_number", "7"),
                ("second", "login", "root"), ("third", "login", "root")]  # fmt: skip
    lake = Told(ROSTER[:1], accounts)
    assert accounts_of("ann", lake) == {"first", "second"}  # a login may be somebody else's
    assert find(lake, "ann", {}).identifiers == {key("email", "ann@t"), key("employee_number", "7")}


def test_without_a_roster_the_address_finds_the_accounts():
    lake = Told([], [("a", "email", "ann@t"), ("b", "email", "bo@t")])
    assert accounts_of("ann@t", lake) == {"a"}
    assert find(lake, "cy@t", {}).pseudonyms == frozenset()
    assert find(lake, "ann", {}).pseudonyms == frozenset()


def test_the_mapping_file_joins_and_splits():
    lake = Told(ROSTER, [("mine", "login", "x"), ("split", "email", "ann@t")])
    mapped = {"mine": RING.person("ann"), "split": None, "unseen": RING.person("ann")}
    assert accounts_of("ann", lake, mapped) == {"mine", "unseen"}


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ((("now", 1), ("before", 1), ("now", 2)), {"now", "before"}),
        ((("now", 1), ("before", 1), ("before", 3)), {"now"}),  # it has a record of its own: perhaps somebody else
        ((("now", 1), ("bo's", 1)), {"now"}),
    ],
)
def test_an_account_all_of_whose_records_are_theirs_in_another_version_is_theirs(records, expected):
    lake = Told(ROSTER, [("now", "email", "ann@t"), ("bo's", "email", "bo@t")], records)
    assert accounts_of("ann", lake) == expected
