"""Every stored column has a purpose, every table about single people a retention, and nothing is listed in vain."""

import re

from models.reading import OTHERS, READINGS, reading_of
from models.schemas import GROUPS
from models.schemas.document import made_from
from models.schemas.lake import LAKE
from models.schemas.purposes import COLUMNS, EXCEPTIONS, purpose_of
from models.schemas.stored import RECOMMENDED, STORES, retention_of

STORED = {
    (table, column)
    for store in STORES
    for table, schema in store.tables.items()
    for column in schema.to_schema().columns
}
OF_PEOPLE = {"account_id", "person_id", "manager_person_id", "ancestor_person_id", "target_account_id"}


def test_every_stored_column_has_a_purpose() -> None:
    assert [(table, column) for table, column in sorted(STORED) if not purpose_of(table, column)] == []


def test_no_purpose_is_of_a_column_that_is_not_stored() -> None:
    assert set(EXCEPTIONS) <= STORED
    assert set(COLUMNS) == {column for table, column in STORED if (table, column) not in EXCEPTIONS}


def test_a_purpose_says_what_for_in_one_sentence() -> None:
    for text in {*COLUMNS.values(), *EXCEPTIONS.values()}:
        assert re.fullmatch(r"[A-Z][^.]+[^. ]\.", text.replace("turnout.toml", "the settings")), text


def test_whatever_is_about_single_people_falls_under_a_retention() -> None:
    about_people = {table for table, column in STORED if column in OF_PEOPLE or column == "hash"}
    without = {table for table in about_people if retention_of(table) is None}
    assert without == {"forgotten"}, "only who is to be kept out is kept without end"


def test_retention_is_of_stored_tables_and_of_a_recommended_kind() -> None:
    tables = {table for table, _ in STORED}
    found = {table: retention_of(table) for table in tables}
    assert set(found.values()) - {None} <= set(RECOMMENDED)
    assert found["fct_event"] == found["event"] == found["fct_usage"] == "events_months"
    assert found["dim_person"] == found["account_identifier"] == "identity_days"
    assert found["quarantine"] == "quarantine_days"
    assert found["coverage_day"] is None


def test_stores_hold_every_table_that_is_no_step_and_no_figure() -> None:
    named = {table for table, _ in STORED}
    assert {*LAKE, *GROUPS["ledger"], *GROUPS["dimension"], *GROUPS["fact"]} <= named
    assert not named & {*GROUPS["prepared"], *GROUPS["mart"], *GROUPS["release"]}


def test_a_step_is_for_the_tables_that_are_made_from_it() -> None:
    assert made_from("prep_executive_pair") == ["mart_executive_answers"]  # by models/sql/mart_executive_answers.sql
    assert made_from("prep_roster_row")[:2] == ["dim_account", "dim_person"]
    assert all(made_from(step) for step in GROUPS["prepared"])


def test_what_is_read_is_told_of_each_platform() -> None:
    assert reading_of("slack") == READINGS["slack"]
    assert reading_of("a mapped one") == OTHERS
    for reading in (*READINGS.values(), OTHERS):
        assert reading.taken
        assert reading.left
