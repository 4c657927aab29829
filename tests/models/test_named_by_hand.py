"""What the models say of executives who may be named, from tables made by hand."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from models.queries import queries

SPACES = {"open": "public", "closed": "private", "talk": "direct", "feed": "unknown"}
EVENTS = [
    # account, space, day, action, is_contribution, is_delegated
    ("a1", "open", "2026-03-01", "post", True, False),
    ("a1", "feed", "2026-03-31", "post", True, True),  # of the whole network: no export says what it is
    ("a2", None, "2026-03-05", "reply", True, False),  # another account of the same person
    ("a2", "listed nowhere", "2026-03-06", "reply", True, True),
    ("a1", "closed", "2026-03-07", "post", True, False),
    ("a1", "talk", "2026-03-08", "reply", True, False),
    ("a1", "open", "2026-03-09", "comment", True, False),
    ("a1", "open", "2026-03-09", "post", False, False),  # deleted since
    ("a1", "open", "2026-04-01", "reply", True, False),
    ("a1", "open", "2026-04-11", "post", True, False),  # after the as-of day
    ("b1", "open", "2026-03-02", "post", True, False),
]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("create table meta as select date '2026-04-10' as as_of_on")
        opened.execute("create table dim_account (account_id varchar, person_id varchar)")
        opened.execute("insert into dim_account values ('a1', 'ann'), ('a2', 'ann'), ('b1', 'bob')")
        opened.execute("create table dim_space (space_id varchar, visibility varchar)")
        opened.executemany("insert into dim_space values (?, ?)", list(SPACES.items()))
        opened.execute(
            "create table fct_event (account_id varchar, space_id varchar, occurred_on date, action varchar, "
            "is_contribution boolean, is_delegated boolean)"
        )
        opened.executemany("insert into fct_event values (?, ?, ?, ?, ?, ?)", EVENTS)
        opened.execute(
            "create table dim_person (person_id varchar, valid_from date, is_executive boolean)"
        )
        opened.execute(
            "insert into dim_person values ('ann', '2025-01-01', false), ('ann', '2026-02-01', true), "
            "('bob', '2025-01-01', false), ('bob', '2026-04-11', true)"
        )
        opened.execute(
            "create table stg_named_executive as select * from (values ('ann', 1), ('bob', 2), ('eve', 3)) as t "
            "(person_id, number) cross join (select 'x' as shown, 'x' as role, 'x' as basis, 'x' as approved_by, "
            "date '2027-01-01' as valid_until)"
        )
        yield opened


def test_posts_and_replies_of_all_accounts_are_counted_by_month_but_not_in_private(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    rows = connection.sql(queries()["fct_named_month"]).order("person_id, month_start").fetchall()
    assert rows == [
        ("ann", date(2026, 3, 1), 2, 2, 1, 1), ("ann", date(2026, 4, 1), 0, 1, 0, 1),
        ("bob", date(2026, 3, 1), 1, 0, 1, 0),
    ]  # fmt: skip


def test_who_is_no_executive_up_to_the_last_day_or_on_no_roster_is_marked(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    query = connection.sql(queries()["dim_named_executive"])
    rows = query.select("number, is_on_roster, is_executive").order("number").fetchall()
    assert rows == [(1, True, True), (2, True, False), (3, False, False)]
