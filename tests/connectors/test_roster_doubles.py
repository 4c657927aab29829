"""Two rows of one person from the same day on: repeated ones count once, contradicting ones are put aside together."""

from datetime import date
from functools import partial

import polars as pl
import pytest

from connectors import roster
from connectors.settings import SourceSettings
from connectors.source import open_source
from models.problems import ExportRefused
from tests.connectors.test_roster import HEADER, load, refusal, rows, written

OTHERS = ("b,2024-01-01,,X,b@t.example", "c,2024-01-01,b,X,c@t.example")


@pytest.fixture
def table(tmp_path):
    return partial(written, tmp_path)


def loaded(table, *lines: str) -> dict[str, pl.DataFrame]:
    return load(table("PersonId,EffectiveDate,ManagerId,Organization,Mail", *lines), email="Mail")


def aside(tables: dict[str, pl.DataFrame]) -> list[tuple[object, ...]]:
    """Rows put aside as (line, the line that the message names), all under the one rule."""
    assert set(tables["quarantine"]["rule"]) <= {"PPL-ROS-001"}
    assert set(tables["quarantine"]["member"]) <= {""}
    message = r"^two rows in force for one person on the same day, the other on line (\d+); the row was not loaded$"
    return tables["quarantine"].select("line", pl.col("message").str.extract(message).cast(pl.Int64)).rows()


TWICE = {  # lines from line 2 on, then the lines put aside with the line that each message names
    "unit": (("SECRET,2024-01-01,,X,", "SECRET,2024-01-01,,Y,"), [(2, 3), (3, 2)]),
    "manager": (("SECRET,2024-01-01,b,X,", "SECRET,2024-01-01,c,X,"), [(2, 3), (3, 2)]),
    "address": (("SECRET,2024-01-01,,X,a@t.example", "SECRET,2024-01-01,,X,z@t.example"), [(2, 3), (3, 2)]),
    "case": (("SECRET,2024-01-01,,X,", "Secret,2024-01-01T00:00:00,,Y,"), [(2, 3), (3, 2)]),
    "three": (("SECRET,2024-01-01,,X,", "SECRET,2024-01-01,,X,", "SECRET,2024-01-01,,Y,"), [(2, 3), (3, 4), (4, 2)]),
}


@pytest.mark.parametrize("what", TWICE)
@pytest.mark.parametrize("row", ["B104"])
def test_rows_of_one_person_and_day_that_contradict_are_all_put_aside(row, what, table):
    lines, expected = TWICE[what]
    tables = loaded(table, *lines, *OTHERS)
    assert aside(tables) == expected
    assert tables["part"]["n_read"].sum() == len(lines) + len(OTHERS)
    alone = loaded(table, *OTHERS)
    for name in ("person", "person_identifier"):
        assert tables[name].drop("line", strict=False).equals(alone[name].drop("line", strict=False))
    assert "secret" not in repr([frame.to_dicts() for frame in tables.values()]).lower()


@pytest.mark.parametrize("row", ["B104"])
def test_rows_put_aside_take_part_in_nothing_that_is_said_of_the_roster(row, table):
    tables = loaded(table, "a,2024-01-01,c,X,b@t.example", "a,2024-01-01,,Y,b@t.example", *OTHERS)
    assert rows(tables["note"], "rule", "n_records") == [("PPL-ROS-007", 2)]
    below = loaded(table, "a,2024-01-01,,X,", "a,2024-01-01,,Y,", "b,2024-01-01,a,X,")
    assert rows(below["note"], "rule", "n_records") == [("PPL-ROS-007", 1), ("PPL-ROS-009", 1)]


@pytest.mark.parametrize("row", ["B104"])
def test_rows_of_other_days_stay_and_bring_their_own_identifiers_only(row, table):
    tables = loaded(table, "a,2024-01-01,,X,a@t.example", "a,2024-02-01,,X,a@t.example", "a,2024-02-01,,Y,z@t.example",
                    "a,2024-03-01,,Z,", *OTHERS)
    assert aside(tables) == [(3, 4), (4, 3)]
    mine = tables["person"].filter(pl.col("person") == "a")
    assert rows(mine, "valid_from", "org_path") == [(date(2024, 1, 1), ["X"]), (date(2024, 3, 1), ["Z"])]
    identifiers = tables["person_identifier"].filter(pl.col("person") == "a")
    assert rows(identifiers, "kind", "identifier") == [("employee_number", "a"), ("email", "a@t.example")]


@pytest.mark.parametrize("row", ["B104"])
def test_rows_that_repeat_another_in_full_stay_and_are_noted(row, table):
    tables = loaded(table, "a,2024-01-01,,X,A@t.example", "a,2024-01-01,,X,a@t.example", "A,2024-01-01,,X,a@t.example",
                    *OTHERS)
    assert aside(tables) == []
    assert tables["person"]["person"].to_list() == ["a", "a", "a", "b", "c"]
    assert ("PPL-ROS-011", 2) in rows(tables["note"], "rule", "n_records")


@pytest.mark.parametrize("row", ["B104"])
def test_snapshot_without_dates_is_of_one_day(row, table):
    tables = load(table("PersonId,Organization", "a,X", "b,X", "a,Y"))
    assert aside(tables) == [(2, 4), (4, 2)]
    assert tables["person"]["person"].to_list() == ["b"]


@pytest.mark.parametrize("row", ["B104"])
def test_rows_are_put_aside_across_batches(row, table, monkeypatch):
    monkeypatch.setattr(roster, "BATCH_ROWS", 10)
    source = table("PersonId,Organization", *(f"p{n},A" for n in range(95)), "p3,B", "p50,A")
    frames = list(roster.read(source, SourceSettings()))
    people = pl.concat(frame.rows for frame in frames if frame.table == "person")
    assert people.height == 95
    assert "p3" not in people["person"].to_list()
    quarantine = pl.concat(frame.rows for frame in frames if frame.table == "quarantine")
    assert quarantine["line"].to_list() == [5, 97]


@pytest.mark.parametrize("row", ["B104"])
def test_history_whose_dates_are_not_mapped_is_refused_and_not_cut_to_who_never_changed(row, table):
    lines = [f"SECRET{n},2024-01-01,,X," for n in range(19)] + [f"SECRET{n},2024-02-01,,Y," for n in range(10)]
    header = "PersonId,Since,ManagerId,Organization,Mail"
    error = refusal(table(header, *lines), email="Mail")
    assert error.problem.code == "PPL-ROS-001"
    assert str(error).startswith("PPL-ROS-001 people.csv:2: two rows in force on the same day for more than half")
    assert "[roster] columns.valid_from" in str(error)
    assert load(table(header, *lines), email="Mail", valid_from="Since")["person"].height == 29
    assert load(table(header, *lines[:-1]), email="Mail")["quarantine"].height == 18


def test_guest_who_is_left_out_contradicts_nobody(table):
    tables = load(table(f"{HEADER},Kind", "p1,2024-01-01,,A,,,,,,Guest", "p1,2024-01-01,,B,,,,,,Member"),
                  user_type="Kind")
    assert rows(tables["person"], "org_path") == [(["B"],)]
    assert rows(tables["exclusion"], "rule", "n_records") == [("guest", 1)]


def test_roster_replaced_between_its_two_readings_is_refused(tmp_path, monkeypatch):
    path = written(tmp_path, "PersonId,Organization", "a,X", "a,Y").path
    source = open_source(path, "people.csv")
    contradicted = roster.Doubles.contradicted

    def replaced(doubles):
        path.write_text("PersonId,Organization\na,X\n", encoding="utf-8")
        return contradicted(doubles)

    monkeypatch.setattr(roster.Doubles, "contradicted", replaced)
    with pytest.raises(ExportRefused) as caught:
        list(roster.read(source, SourceSettings()))
    assert caught.value.problem.code == "PPL-FIL-004"

