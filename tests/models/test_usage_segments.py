"""Usage segments against those that vivainsights computes, on its own data, and where its windows of rows go wrong."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from models.queries import queries
from tests.oracle.by_hand import LONG_AGO
from tests.oracle.company import Company, Coverage, Spell
from tests.oracle.definitions import period_of
from tests.oracle.regularity import classify
from tests.oracle.staged import empty_warehouse, rows_of, run_models, stage

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
EXPECTED = DATA / "expected" / "vivainsights"
NAMES = {"Power User": "n_power", "Habitual User": "n_habitual", "Novice User": "n_novice", "Low User": "n_low",
         "Non-user": "n_none"}  # fmt: skip
MILLION = 1_000_000

real_data = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the reference data does not lie beside the checkout"),
]
Totals = Mapping[tuple[str, date], int]


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with empty_warehouse() as connection:
        yield connection


def classified(connection, totals: Totals, *, spells: tuple[Spell, ...] = (), sql: str | None = None) -> None:
    """Runs the classification over weekly totals, as if each had been posted on its day."""
    people = sorted({person for person, _ in totals})
    first, last = (period_of("week", pick(day for _, day in totals)) for pick in (min, max))
    coverage = (Coverage("alpha", "w0", first.start, last.end),)
    roster = spells or tuple(Spell(person, LONG_AGO, None, "Ops") for person in people)
    stage(connection, Company((), roster, (), coverage, last.end))
    run_models(connection, "mart_usage_segments")
    rows = [
        {"person_id": person, "is_matched": True, "platform": "alpha", "occurred_on": day, "n_posts": n,
         "n_replies": 0, "n_creates": 0, "n_edits": 0, "n_comments": 0, "n_shares": 0, "n_uploads": 0,
         "n_contributions": n, "n_reacts": 0}
        for (person, day), n in totals.items() if n
    ]  # fmt: skip
    connection.register("given", pl.DataFrame(rows))
    connection.execute("insert into fct_person_day by name select * from given")
    connection.unregister("given")
    for table in ("prep_person_period", "prep_segment", "mart_usage_segments"):
        select = sql if sql and table == "prep_segment" else queries()[table]
        connection.execute(f"create or replace table {table} as {select}")


def with_rules(*changes: tuple[str, str]) -> str:
    """The classification with other numbers in it; each of them has to be there."""
    sql = queries()["prep_segment"]
    for old, new in changes:
        assert old in sql
        sql = sql.replace(old, new)
    return sql


IN_MILLIONTHS = (("n_contributions >= 1 ", f"n_contributions >= {MILLION} "), (">= 1)", f">= {MILLION})"),
                 ("15 * n_weeks", f"{15 * MILLION} * n_weeks"))  # fmt: skip
"""For a measure with decimals, which is no count: everything a million times as large."""


def pq_data(column: str, unit: int) -> dict[tuple[str, date], int]:
    with (DATA / "roster" / "pq_data.csv").open(encoding="utf-8", newline="") as stream:
        return {
            (row["PersonId"], date.fromisoformat(row["MetricDate"])): round(float(row[column]) * unit)
            for row in csv.DictReader(stream)
        }


@pytest.mark.parametrize(
    ("column", "habit", "last_week"),
    [
        pytest.param("Copilot_actions_taken_in_Teams", "9 of 12", {"n_habitual": 300}, marks=real_data),
        pytest.param("Copilot_actions_taken_in_Teams", "4 of 4", {"n_novice": 11, "n_habitual": 289}, marks=real_data),
        pytest.param("Emails_sent", "9 of 12", {"n_power": 300}, marks=real_data),
        pytest.param("Emails_sent", "4 of 4", {"n_power": 300}, marks=real_data),
        pytest.param("Channel_message_posts", "9 of 12", {"n_low": 274, "n_novice": 26}, marks=real_data),
    ],
)
def test_segments_of_complete_windows_equal_those_of_vivainsights(
    warehouse, column: str, habit: str, last_week: dict[str, int]
) -> None:
    is_decimal = column == "Channel_message_posts"
    sql = with_rules(*IN_MILLIONTHS) if is_decimal else None
    classified(warehouse, pq_data(column, MILLION if is_decimal else 1), sql=sql)
    n_weeks = int(habit.split()[-1])
    with (EXPECTED / f"segments_{column}_{n_weeks}w.csv").open(encoding="utf-8", newline="") as stream:
        published = list(csv.DictReader(stream))
    rows = [
        row for row in rows_of(warehouse, "mart_usage_segments")
        if (row["platform"], row["unit"], row["habit"]) == ("alpha", "all", habit)
    ]  # fmt: skip
    rows.sort(key=lambda row: row["period_start"])
    assert len(rows) == len(published) == 35
    for i, (ours, theirs) in enumerate(zip(rows, published, strict=True)):
        assert ours["period_end"] == date.fromisoformat(theirs["MetricDate"])  # their weeks are named by the Sunday
        wanted: dict[str, int | None] = {ours_name: int(float(theirs[name])) for name, ours_name in NAMES.items()}
        if i < n_weeks - 1:  # their first windows are short, and everybody is new to them
            wanted = dict.fromkeys(wanted)
        assert {name: ours[name] for name in wanted} == wanted, ours["period_start"]
        assert ours["n_unknown"] == (300 if i < n_weeks - 1 else 0)
    assert {name: n for name, n in rows[-1].items() if name in NAMES.values() and n} == last_week


@pytest.mark.parametrize("name", [pytest.param("rtest_fixture", marks=real_data)])
def test_segments_equal_those_of_the_fixture_of_vivainsights(warehouse, name: str) -> None:
    with (EXPECTED / f"{name}_input.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    totals = {(row["PersonId"], date.fromisoformat(row["MetricDate"])): int(row["Total_actions"]) for row in rows}
    # their test asks for 3 of 4 weeks, and 15 a week for power
    sql = with_rules(("4 as n_weeks, 4 as n_habit_weeks", "4 as n_weeks, 3 as n_habit_weeks"))
    classified(warehouse, totals, sql=sql)
    with (EXPECTED / f"segments_{name}_custom_t1_w3_m4_p15.csv").open(encoding="utf-8", newline="") as stream:
        theirs = {
            (row["PersonId"], period_of("week", date.fromisoformat(row["MetricDate"])).start):
                re.sub(r"[- ][Uu]ser$", "", row["UsageSegments"]).lower()
            for row in csv.DictReader(stream)
        }  # fmt: skip
    ours = {
        (row["person_id"], row["period_start"]): row["segment"]
        for row in rows_of(warehouse, "prep_segment")
        if row["habit"] == "4 of 4" and row["platform"] == "alpha"
    }
    fourth = date(2024, 1, 22)
    assert {key: found for key, found in ours.items() if key[1] >= fourth} == {
        key: found for key, found in theirs.items() if key[1] >= fourth
    }
    assert {found for key, found in ours.items() if key[1] < fourth} == {"unknown"}
    assert ours["A", date(2024, 2, 26)] == "power"  # mean exactly 15
    assert ours["A", date(2024, 2, 19)] == "habitual"


def by_rows(totals: list[int], *, n_rows: int) -> str:
    """The peer's reading: the last rows that there are, however old (vivainsights 0.4.3, `rolling(n)` and `shift`)."""
    return classify(totals[-n_rows:], n_rows)


def test_a_window_of_rows_makes_somebody_habitual_who_was_away_for_five_weeks(warehouse) -> None:
    monday = date(2024, 1, 1)
    weeks = [monday + timedelta(days=7 * i) for i in range(10)]
    gone_from, back_on = weeks[4], weeks[9]
    written = defaultdict(int)
    for person in ("away", "silent", "busy"):
        for i in (0, 1, 2, 3, 9):
            written[person, weeks[i]] = 20 if person == "busy" else 5
    # the rows that a query shows: a person who is away has none
    of_rows = [written["away", week] for week in weeks if written["away", week]]
    assert by_rows(of_rows, n_rows=4) == "habitual"
    assert by_rows([written["busy", week] for week in weeks if written["busy", week]], n_rows=4) == "power"

    spells = (
        Spell("away", LONG_AGO, gone_from, "Ops"), Spell("away", back_on, None, "Ops"),
        Spell("silent", LONG_AGO, None, "Ops"), Spell("busy", LONG_AGO, None, "Ops"),
    )  # fmt: skip
    classified(warehouse, written, spells=spells)
    found = {
        (row["person_id"], row["period_start"]): row["segment"]
        for row in rows_of(warehouse, "prep_segment") if (row["habit"], row["platform"]) == ("4 of 4", "alpha")
    }  # fmt: skip
    assert [found[person, weeks[3]] for person in ("away", "silent", "busy")] == ["habitual", "habitual", "power"]
    # away was not there, so nothing is known of three of the four weeks; the others wrote in one week of four
    assert [found[person, weeks[9]] for person in ("away", "silent", "busy")] == ["unknown", "novice", "novice"]
    assert ("away", weeks[6]) not in found
    assert found["silent", weeks[8]] == "none"
