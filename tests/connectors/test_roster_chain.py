"""What is said of a roster that is loaded all the same: cycles, tops, orphans, dates, repeated and shared values."""

from datetime import date  # noqa
from functools import partial

import polars as pl
import pytest

from tests.connectors.test_roster import load, rows, written


@pytest.fixture
def table(tmp_path):
    return partial(written, tmp_path)


def notes(tables: dict[str, pl.DataFrame]) -> list[tuple[object, ...]]:
    return rows(tables["note"].filter(pl.col("rule") != "PPL-ROS-007"), "rule", "line", "n_records")


CHAINS = [  # reports as person>manager, then lines that close a cycle
    (("a>b", "b>a", "c>a"), [2, 3]),
    (("a>b", "b>c", "c>a", "d>", "e>d"), [2, 3, 4]),
    (("a>b", "b>a", "c>d", "d>c", "e>a"), [2, 3, 4, 5]),
    (("a>", "b>a", "c>b"), []),
    (("x>a", "a>b", "b>c", "c>b"), [4, 5]),
    (("a>B", "b>A"), [2, 3]),
]


@pytest.mark.parametrize(("reports", "lines"), CHAINS, ids=lambda value: ",".join(map(str, value)))
@pytest.mark.parametrize("row", ["B105"])
def test_cycle_of_managers_is_opened_and_its_people_stay(row, table, reports, lines):
    pairs = [one.partition(">") for one in reports]
    tables = load(table("PersonId,ManagerId", *(f"{person},{manager}" for person, _, manager in pairs)))
    closing = [(rule, line, n) for rule, line, n in notes(tables) if rule == "PPL-ROS-002"]
    assert closing == [("PPL-ROS-002", line, 1) for line in lines]
    kept = {line: manager.lower() or None for line, (_, _, manager) in enumerate(pairs, 2)}
    managers = {line: manager and manager.lower() for line, manager in rows(tables["person"], "line", "manager")}
    assert managers == {line: None if line in lines else manager for line, manager in kept.items()}
    assert tables["quarantine"].height == 0


@pytest.mark.parametrize("row", ["B105"])
def test_who_is_their_own_manager_is_no_cycle(row, table):
    tables = load(table("PersonId,ManagerId", "a,a", "b,a"))
    assert notes(tables) == []
    assert tables["person"]["manager"].to_list() == [None, "a"]


@pytest.mark.parametrize("row", ["B105"])
def test_cycle_that_later_rows_close_is_opened_from_then_on(row, table):
    tables = load(table("PersonId,EffectiveDate,ManagerId", "b,2024-03-01,a", "a,2024-01-01,", "b,2024-01-01,a",
                        "a,2024-02-01,b", "a,2024-04-01,"))
    assert notes(tables) == [("PPL-ROS-002", 5, 1)]
    assert rows(tables["person"], "line", "manager") == [(2, "a"), (3, None), (4, "a"), (5, None), (6, None)]


def test_several_tops_and_managers_who_are_not_there_are_counted(table):
    tables = load(table("PersonId,ManagerId", "a,", "b,b", "c,a", "d,GHOST", "e,ghost"))
    assert notes(tables) == [("PPL-ROS-008", None, 2), ("PPL-ROS-009", None, 2)]
    assert tables["person"]["manager"].to_list() == [None, None, "a", "GHOST", "GHOST"]


def test_top_who_has_left_is_no_second_one(table):
    lines = ("old,2024-01-01,,2024-01-31", "new,2024-01-01,old,", "c,2024-01-01,new,", "new,2024-02-01,,")
    assert notes(load(table("PersonId,EffectiveDate,ManagerId,Left", *lines), left_on="Left")) == []


def test_roster_without_any_manager_says_so(table):
    assert notes(load(table("PersonId,Organization", "a,X", "b,Y"))) == [("PPL-ROS-010", None, 2)]
    assert notes(load(table("PersonId,ManagerId", "a,", "b,NA"))) == [("PPL-ROS-010", None, 2)]


def test_single_snapshot_is_flagged_as_never_changing(table):
    def flagged(*lines: str) -> list[int]:
        note = load(table("PersonId,EffectiveDate,ManagerId", *lines))["note"]
        return note.filter(pl.col("rule") == "PPL-ROS-007")["n_records"].to_list()

    assert flagged("a,,", "b,,a") == [2]
    assert flagged("a,2024-01-01,", "b,2024-01-01,a") == [2]
    assert flagged("a,2024-01-01,", "b,2024-02-01,a") == []
    assert flagged() == []


@pytest.mark.parametrize("row", ["B086"])
def test_identifier_of_two_people_is_counted_and_stays_with_both(row, table):
    source = table("PersonId,ManagerId,Mail,Oid", "a,,x@t.example,1", "b,a,X@T.example,2", "c,a,x@t.example,2",
                   "d,a,d@t.example,3", "d,a,d@t.example,3")
    tables = load(source, email="Mail", directory_id="Oid")
    assert notes(tables) == [("PPL-ROS-011", None, 1), ("PPL-IDN-002", None, 1), ("PPL-IDN-002", None, 1)]
    assert tables["person_identifier"].filter(pl.col("kind") == "email").height == 4
    assert "x@t.example" not in repr(tables["note"].to_dicts()).lower()


def test_one_person_has_one_spelling(table):
    tables = load(table("PersonId,EffectiveDate,ManagerId", "Zoe\u0301,2024-01-01,", "ZO\u00c9,2024-02-01,",
                        "b,2024-01-01,zo\u00e9"))
    assert tables["person"]["person"].to_list() == ["Zoe\u0301", "Zoe\u0301", "b"]
    assert tables["person"]["manager"].to_list()[2] == "Zoe\u0301"


