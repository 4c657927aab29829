"""Who came and went gives no single leaver away."""

from datetime import date

import polars as pl
import pytest

from models.release import Policy
from models.release.growth import leavers, together_where_few_left, without_what_came_late
from models.schemas import TABLES

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
HEAD = ("period_kind", "period_start", "platform")
WENT = ("n_lapsed", "n_left", "quick_ratio", "quick_with_left_ratio")


def active(start: date, n_contributors: int, **more: object) -> pl.DataFrame:
    schema = {name: of.dtype.type for name, of in TABLES["rel_active_users"].to_schema().columns.items()}
    usual = {
        "period_kind": "month", "period_start": start, "platform": "all", "unit": "all", "n_eligible": 1000,
        "period_end": date(2026, 1, 31) if start == JANUARY else date(2026, 2, 28), "n_contributors": n_contributors,
    }  # fmt: skip
    row = usual | more
    return pl.DataFrame([{name: row.get(name) for name in schema}], schema=schema)


def grown(n_lapsed: int, n_left: int | None, n_retained: int = 90) -> pl.DataFrame:
    return active(FEBRUARY, 120, n_retained=n_retained, n_lapsed=n_lapsed, n_left=n_left, quick_ratio=2.0,
                  quick_with_left_ratio=1.5)  # fmt: skip


def gone(n: int) -> pl.DataFrame:
    return pl.DataFrame([("month", FEBRUARY, "all", n)], schema=[*HEAD, "n_gone"], orient="row")


def test_leavers_are_those_of_the_period_before_who_are_counted_no_more():
    rows = [
        ("month", JANUARY, "all", "Kim"), ("month", JANUARY, "all", "Robin"), ("month", JANUARY, "slack", "Kim"),
        ("month", FEBRUARY, "all", "Robin"), ("month", FEBRUARY, "all", "Sam"), ("month", FEBRUARY, "slack", "Kim"),
        ("week", date(2026, 1, 5), "all", "Sam"),
    ]  # fmt: skip
    eligible = pl.DataFrame(rows, schema=[*HEAD, "person_id"], orient="row")
    assert leavers(eligible).rows() == [("month", FEBRUARY, "all", 1)]


@pytest.mark.parametrize(
    ("n_gone", "n_left", "is_told"),
    [(0, 0, True), (1, 1, False), (11, 5, False), (12, 5, True), (12, 3, True), (12, 2, False), (12, 9, True),
     (12, 10, False)],
)  # fmt: skip
def test_who_left_is_told_apart_where_leavers_are_a_group(n_gone: int, n_left: int, is_told: bool):
    rows = grown(20, n_left)
    told = together_where_few_left(rows, gone(n_gone), Policy())
    apart = (20, n_left, 2.0, 1.5)
    assert told.select(WENT).row(0) == (apart if is_told else (20 + n_left, None, None, 1.5))
    assert told.drop(WENT).equals(rows.drop(WENT))


@pytest.mark.parametrize(("n_then", "is_told"), [(110, True), (111, False), (109, False)])
def test_who_went_is_not_told_beside_another_number_of_who_was_there(n_then: int, is_told: bool):
    rows, nobody = grown(15, 5), active(JANUARY, 1).select(HEAD).clear()
    told = without_what_came_late(rows, active(JANUARY, n_then), nobody)
    assert told.select(WENT).row(0) == ((15, 5, 2.0, 1.5) if is_told else (None,) * 4)
    assert told["n_retained"].to_list() == [90]


def test_that_a_corrected_roster_made_no_difference_is_not_told_either():
    then = active(JANUARY, 110)
    told = without_what_came_late(grown(15, 5), then, then.select(HEAD))
    assert told.select(WENT).row(0) == (None,) * 4
