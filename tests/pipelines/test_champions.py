"""champions.csv: what is read of it, what makes it name nobody, and whose line counts."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import msgspec
import polars as pl
import pytest

from models.agreement import Terms, looser
from models.queries import queries
from models.release.opted_in import release_champions
from pipelines import champions
from pipelines.agreement import Agreement, Recorded, chosen_terms
from pipelines.champions import HEADER, OptIn
from pipelines.config import ReleaseSettings, Settings
from pipelines.keys import KeyRing
from tests.pipelines.runs import KEY

TODAY = date(2026, 5, 4)
ON = Settings(release=ReleaseSettings(champions=True))
AGREED = Agreement("1", "p", ("a",), "c", ("slack",), 10, {"r": "w"}, date(2027, 1, 1))
FINE = "p-01,Kim,wikis,2026-05-01,2027-05-01,"


@pytest.fixture
def drop(tmp_path: Path) -> Callable[..., Path]:
    def write(*lines: str, header: str = ",".join(HEADER)) -> Path:
        (tmp_path / "champions.csv").write_text("\n".join([header, *lines, ""]), encoding="utf-8")
        return tmp_path

    return write


def read(exports: Path, settings: Settings = ON, recorded: Recorded | None = None) -> tuple[list[OptIn], list[str]]:
    return champions.opted_in(exports, recorded, settings, today=TODAY)


def test_a_line_is_read_as_it_says(drop: Callable[..., Path]) -> None:
    lines, faults = read(drop(FINE, "", " q@t.example , Q ,blogs,2026-01-01,2026-12-31,2026-05-04"))
    assert faults == []
    assert lines == [
        OptIn(2, "p-01", "Kim", "wikis", date(2026, 5, 1), date(2027, 5, 1), None),
        OptIn(4, "q@t.example", "Q", "blogs", date(2026, 1, 1), date(2026, 12, 31), date(2026, 5, 4)),
    ]


FAULTS = {
    "a field too few": ("p-02,Secret,x,2026-05-01,2026-06-01", "PPL-CHM-003 champions.csv:3:"),
    "nobody": (",Secret,x,2026-05-01,2026-06-01,", "PPL-CHM-003 champions.csv:3:"),
    "no name": ("p-02, ,x,2026-05-01,2026-06-01,", "PPL-CHM-003 champions.csv:3:"),
    "a day of another form": ("p-02,Secret,x,01.05.2026,2026-06-01,", "PPL-CHM-004 champions.csv:3:"),
    "thirteen months": ("p-02,Secret,x,2026-05-01,2027-05-02,", "PPL-CHM-005 champions.csv:3:"),
    "over before it begins": ("p-02,Secret,x,2026-05-01,2026-04-30,", "PPL-CHM-005 champions.csv:3:"),
    "taken back before it begins": ("p-02,Secret,x,2026-05-01,2026-06-01,2026-04-30", "PPL-CHM-005 champions.csv:3:"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_faulty_line_is_told_by_its_place_and_the_file_names_nobody(what: str, drop: Callable[..., Path]) -> None:
    line, begins = FAULTS[what]
    lines, (fault,) = read(drop(FINE, line))
    assert lines == []
    assert fault.startswith(begins)
    assert fault.count("; ") == 2
    assert "Secret" not in fault
    assert "p-02" not in fault


def test_another_header_or_no_text_names_nobody(drop: Callable[..., Path]) -> None:
    assert read(drop(FINE, header="person,name"))[1][0].startswith("PPL-CHM-002 champions.csv:1:")
    folder = drop()
    (folder / "champions.csv").write_bytes(",".join(HEADER).encode() + b"\np,\xff\xfe,x,2026-05-01,2026-06-01,\n")
    lines, (fault,) = read(folder)
    assert lines == []
    assert fault.startswith("PPL-CHM-001 champions.csv: is not a CSV")


@pytest.mark.parametrize(
    ("agreed", "chosen", "is_read"),
    [(None, None, False), (None, True, True), (None, False, False), (False, None, False), (True, None, True),
     (True, False, False), (True, True, True)],
)  # fmt: skip
def test_champions_are_named_where_the_agreement_or_without_one_the_settings_allow_it(
    agreed: bool | None, chosen: bool | None, is_read: bool, drop: Callable[..., Path]
) -> None:
    settings = Settings(release=ReleaseSettings(champions=chosen))
    agreement = msgspec.structs.replace(AGREED, champions=bool(agreed))
    recorded = None if agreed is None else Recorded(agreement, "x")
    exports = drop(FINE)
    assert bool(read(exports, settings, recorded)[0]) is is_read
    notes = champions.unread(exports, recorded, settings, today=TODAY)
    assert [note.split()[0] for note in notes] == ([] if is_read else ["PPL-CHM-007"])


def test_settings_that_name_champions_against_the_agreement_are_looser() -> None:
    chosen = chosen_terms(ON, agreement=AGREED, today=TODAY)
    assert [one.key for one in looser(Terms(min_group=10), chosen)] == ["champions"]


@pytest.mark.parametrize(
    ("day", "is_in_force"),
    [(date(2026, 4, 30), False), (date(2026, 5, 1), True), (date(2026, 5, 9), True), (date(2026, 5, 10), False)],
)
def test_a_line_holds_from_its_first_day_until_it_is_taken_back(day: date, is_in_force: bool) -> None:
    line = OptIn(2, "p", "P", "s", date(2026, 5, 1), date(2027, 5, 1), date(2026, 5, 10))
    assert line.is_in_force(day) is is_in_force


def test_a_line_ends_with_its_last_day() -> None:
    line = OptIn(2, "p", "P", "s", date(2026, 5, 1), date(2026, 5, 31), None)
    assert [line.is_in_force(date(2026, 5, 31)), line.is_in_force(date(2026, 6, 1))] == [True, False]


def test_the_newest_line_of_a_person_counts_however_the_person_is_named() -> None:
    ring = KeyRing(KEY)
    lines = [
        OptIn(2, "a", "By id", "s", date(2026, 1, 10), date(2026, 12, 31), None),
        OptIn(3, "A@t.example", "By address", "s", date(2026, 3, 1), date(2026, 12, 31), None),
        OptIn(4, "b", "Took it back", "s", date(2026, 1, 10), date(2026, 12, 31), date(2026, 4, 1)),
        OptIn(5, "b", "Before", "s", date(2026, 2, 1), date(2026, 12, 31), None),
        OptIn(6, "c", "Left", "s", date(2026, 1, 10), date(2026, 12, 31), None),
        OptIn(7, "shared@t.example", "Two people", "s", date(2026, 1, 10), date(2026, 12, 31), None),
        OptIn(8, "d", "First of two", "s", date(2026, 1, 10), date(2026, 12, 31), None),
        OptIn(9, "d", "Second of two", "s", date(2026, 1, 10), date(2026, 12, 31), None),
    ]
    people = [(ring.person(one), date(2025, 1, 1), date(2026, 2, 1) if one == "c" else None) for one in "abcd"]
    emails = [("a", "a@t.example"), ("b", "shared@t.example"), ("d", "shared@t.example")]
    tables = {
        "stg_champion": pl.DataFrame(champions.rows(lines, ring, today=TODAY)),
        "dim_person": pl.DataFrame(people, schema=["person_id", "valid_from", "valid_to"], orient="row"),
        "person_identifier": pl.DataFrame({
            "person_id": [ring.person(one) for one, _ in emails], "kind": "email",
            "identifier_key": [ring.pseudonym("identifier", "email", address) for _, address in emails],
        }),
        "meta": pl.DataFrame({"as_of_on": [date(2026, 5, 1)]}),
    }  # fmt: skip
    with duckdb.connect() as connection:
        for name, rows in tables.items():
            connection.register(name, rows)
        found = connection.sql(queries()["dim_champion"]).pl()
        connection.register("dim_champion", found)
        missing = champions.unknown(connection)
    assert [line.split(" ")[:2] for line in missing] == [["PPL-CHM-006", "champions.csv:7:"]]
    assert release_champions(found).rows() == [
        ("By address", "s", date(2026, 3, 1)), ("Second of two", "s", date(2026, 1, 1)),
    ]  # fmt: skip
    assert sorted(found["line"]) == [2, 3, 4, 5, 6, 8, 9]
