"""What leaders can do, and what works: each sentence where its figures call for it, and none where they do not."""

from datetime import date, timedelta
from itertools import product

import polars as pl
import pytest

from dashboards import actions
from dashboards.page import MENU
from dashboards.released import Released
from models.statistics.intervals import wilson_bounds
from tests.dashboards.conftest import Tables

EXECUTIVES = "rel_executive_participation"
SPACES = "rel_space_life"


@pytest.fixture
def tables(variants: dict[str, Tables]) -> Tables:
    return variants["full"]


def changed(tables: Tables, table: str, *columns: pl.Expr, where: pl.Expr | None = None) -> Released:
    """A release in which these columns of the rows `where` are others."""
    frame = tables[table]
    where = pl.lit(value=True) if where is None else where
    new = [pl.when(where).then(one).otherwise(pl.col(one.meta.output_name())).alias(one.meta.output_name())
           for one in columns]  # fmt: skip
    return Released(tables | {table: frame.with_columns(new).cast(dict(frame.schema))})


def newcomers(tables: Tables, n_answered: int, n: int) -> Released:
    low, high = wilson_bounds(n_answered, n)
    return changed(
        tables, "rel_newcomer_replies", pl.lit(n).alias("n_old_enough_2d"),
        pl.lit(n - n_answered).alias("n_unanswered_2d"), pl.lit(n_answered / n).alias("answered_2d_ratio"),
        pl.lit(low).alias("answered_2d_ratio_low"), pl.lit(high).alias("answered_2d_ratio_high"),
        pl.lit(value=True).alias("is_complete"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("n_answered", "n", "alone", "answered"),
    # 12 of 30: 25 to 58 %; 20 of 30: 49 to 81 %; 29 of 30: 83 to 99 %; 24 of 30: 63 to 90 %
    [(12, 30, True, False), (20, 30, False, False), (29, 30, False, True), (24, 30, False, False)],
)
def test_newcomers_are_called_answered_or_alone_only_for_certain(tables, n_answered, n, alone, answered):
    released = newcomers(tables, n_answered, n)
    found = actions.answer_newcomers(released)
    assert bool(found) == alone
    assert bool(actions.newcomers_answered(released)) == answered
    if found:
        assert f"{n - n_answered} of {n} first posts" in found.text


def test_what_ended_long_ago_calls_for_nothing(tables):
    later = pl.lit(tables["meta"]["as_of_on"][0] + timedelta(days=200)).alias("as_of_on")
    old = Released(newcomers(tables, 5, 30).tables | {"meta": tables["meta"].with_columns(later)})
    assert actions.answer_newcomers(newcomers(tables, 5, 30))
    assert actions.answer_newcomers(old) is None


def announcing(tables: Tables, *months: tuple[float, float]) -> Released:
    """The last complete months of executives and everybody else, newest last."""
    frame = tables[EXECUTIVES].filter(pl.col("is_complete") & (pl.col("period_kind") == "month"))
    starts = sorted(frame["period_start"].unique())[-len(months):]
    released = Released(tables)
    for start, (own, others) in zip(starts, months, strict=True):
        value = pl.when("is_executive").then(own).otherwise(others).alias("own_broadcast_ratio")
        where = (pl.col("period_kind") == "month") & (pl.col("period_start") == start)
        released = changed(dict(released.tables), EXECUTIVES, value, where=where)
    return released


@pytest.mark.parametrize(
    ("months", "is_said"),
    [
        ([(0.7, 0.4), (0.8, 0.4)], True),
        ([(0.4, 0.3), (0.8, 0.4)], False),  # one month is not enough
        ([(0.7, 0.65), (0.8, 0.75)], False),  # about as everybody else
        ([(0.45, 0.2), (0.4, 0.2)], False),  # they answer more than they begin
    ],
)
def test_leaders_are_asked_to_reply_after_two_months_of_announcing(tables, months, is_said):
    found = actions.reply(announcing(tables, *months))
    assert bool(found) == is_said
    if found:
        assert "80% began a thread; among everybody else 40%" in found.text


@pytest.mark.parametrize(("n_executives", "is_said"), [(5, True), (20, False), (40, False)])
def test_leaders_are_asked_to_take_part_only_where_fewer_of_them_do(tables, n_executives, is_said):
    # of 45 executives, beside about 40 % of everybody else
    low, high = wilson_bounds(n_executives, 45)
    released = changed(
        tables, EXECUTIVES, pl.lit(45).alias("n_eligible"), pl.lit(n_executives).alias("n_own_contributors"),
        pl.lit(n_executives / 45).alias("own_contributor_ratio"), pl.lit(low).alias("own_contributor_ratio_low"),
        pl.lit(high).alias("own_contributor_ratio_high"), where=pl.col("is_executive"),
    )  # fmt: skip
    assert bool(actions.lead_by_example(released)) == is_said


@pytest.mark.parametrize("n", [None, 0, 2, 3, 70])
def test_fading_and_revived_spaces_are_told_from_three_on(tables, n):
    fading = actions.decide_on_fading(changed(tables, SPACES, pl.lit(n, pl.Int64).alias("n_fading")))
    revived = actions.revived_spaces(changed(tables, SPACES, pl.lit(n, pl.Int64).alias("n_revived")))
    assert bool(fading) == bool(revived) == ((n or 0) >= 3)
    if fading and revived:
        assert f"to {n} wiki" in fading.text
        assert revived.text.startswith(f"{n} wiki")


@pytest.mark.parametrize("n", [None, 2, 3])
def test_keepers_are_looked_for_from_three_spaces_on(tables, n):
    released = changed(tables, "rel_stewardship", pl.lit(n, pl.Int64).alias("n_left"))
    found = actions.find_keepers(released)
    assert bool(found) == (n == 3)
    assert found is None or "3 public spaces" in found.text


def test_units_are_named_for_a_rise_and_for_nothing_else(tables):
    found = actions.risen_units(Released(tables))
    assert found is not None
    released = Released(tables)
    month = max(tables["rel_contributor_ratios"].filter(
        (pl.col("period_kind") == "month") & pl.col("is_complete") & (pl.col("unit") == "all")
    )["period_start"])  # fmt: skip
    for unit in released.units:
        rows = released.series("rel_contributor_ratios", "month", unit=unit)
        ratio = {row["period_start"]: row["contributor_ratio"] for row in rows.to_dicts()}
        if unit in found.text:
            assert ratio[month] > ratio[date(month.year - 1, month.month, 1)]


def test_a_page_has_at_most_two_and_the_overview_the_first_of_all(variants):
    for tables in variants.values():
        released = Released(tables)
        every = [one for rule in actions.ACTIONS if (one := rule(released))]
        for page, _ in MENU:
            found = actions.of_page(every, page)
            assert len(found) <= actions.MOST
            assert all(one.page == page or page == "index" for one in found)
        assert actions.actions(released) == every


def test_every_sentence_rests_on_a_measure_that_is_defined(variants):
    known = set(variants["full"]["dim_metric"]["id"])
    rules = (*actions.ACTIONS, *actions.WORKING)
    found = [rule(Released(tables)) for tables, rule in product(variants.values(), rules)]
    assert {one.metric for one in found if one} <= known
    assert {one.page for one in found if one} <= {slug for slug, _ in MENU}


def test_where_nothing_is_known_nothing_is_said(variants):
    released = Released(variants["empty"])
    assert actions.working(released) == []
    assert actions.actions(released) == []
