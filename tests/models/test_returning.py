"""The quick ratio and stickiness on working days, as counted by hand."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.oracle.by_hand import LONG_AGO, A, B, C, E, at, day, did, table, world
from tests.oracle.company import Coverage, Spell
from tests.oracle.staged import empty_warehouse, rows_of, run_models, stage

D = at("alpha", "dan")
QUICK = "n_contributors n_retained n_unknown n_lapsed n_left quick_ratio quick_with_left_ratio"


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with empty_warehouse() as connection:
        yield connection


def figures(connection, events, columns: str, *, coverage: tuple[Coverage, ...], kind: str = "week"):
    spells = [Spell(name, LONG_AGO, day(8) if name == "dan" else None) for name in ("ann", "bob", "cy", "dan", "eve")]
    stage(connection, world([A, B, C, D, E], spells, events, coverage=coverage))
    run_models(connection, "mart_active_users")
    rows = rows_of(connection, "mart_active_users")
    return table(rows, columns, platform="alpha", unit="all", period_kind=kind)


def test_quick_ratio_by_hand(warehouse) -> None:
    # first week: ann, bob, cy, dan; second: ann again, eve comes, bob and cy are silent, dan has left; third: the same
    # eve is unknown (nobody is new in the first 90 days), but whether new or returned, she came
    events = [did(who, n) for n, people in ((2, (A, B, C, D)), (9, (A, E)), (16, (A, E))) for who in people]
    got = figures(warehouse, events, QUICK, coverage=(Coverage("alpha", "w0", day(1), day(24)),))
    assert got == [
        (4, 0, 4, None, None, None, None),  # before it nothing was observed
        (2, 1, 1, 2, 1, 1 / 2, 1 / 3),
        (2, 2, 0, 0, 0, None, None),  # nobody fell silent
        (0, 0, 0, 2, 0, None, None),  # not over: who is silent may still write
    ]


def test_quick_ratio_is_unknown_after_and_in_a_week_with_a_missing_day(warehouse) -> None:
    events = [did(who, n) for n, people in ((2, (A, B)), (9, (A,)), (16, (C,)), (23, (A,))) for who in people]
    files = (Coverage("alpha", "w0", day(1), day(11)), Coverage("alpha", "w0", day(13), day(28)))
    got = figures(warehouse, events, "n_lapsed quick_ratio", coverage=files)
    assert got == [(None, None), (1, None), (1, None), (1, 1.0)]


def test_stickiness_on_working_days_by_hand(warehouse) -> None:
    # bob on Sunday, day 7; ann from Monday to Saturday, days 8 to 13
    # 7-day counts of days 8 to 13: both, of day 14: ann; 1-day counts: one each, on day 14 nobody
    events = [did(B, 7), *(did(A, n) for n in range(8, 14))]
    files = (Coverage("alpha", "w0", day(1), day(14)),)
    columns = "dau_wau_ratio dau_wau_working_ratio dau_mau_ratio dau_mau_working_ratio"
    assert figures(warehouse, events, columns, coverage=files)[1] == (6 / 13, 5 / 10, None, None)
    days = figures(warehouse, events, columns, coverage=files, kind="day")
    assert days[11] == (1 / 2, 1 / 2, None, None)  # Friday
    assert days[12] == (1 / 2, None, None, None)  # Saturday
    assert days[13] == (0.0, None, None, None)
