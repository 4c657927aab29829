"""Closed periods keep the figures with which they were first published."""

from datetime import date

import polars as pl
import pytest

from models.release import Policy
from models.release.history import MEMBERS, as_published, nothing, revisions, version_of, with_release
from models.schemas import TABLES

POLICY = Policy()
JANUARY, FEBRUARY = (date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 2, 1), date(2026, 2, 28))
KNOWN_FROM = date(2026, 1, 1)


def table(name: str, *rows: dict[str, object], period: tuple[date, date] = JANUARY) -> pl.DataFrame:
    """Rows of a released table; what is not given is a month of all platforms and otherwise unknown."""
    columns = TABLES[name].to_schema().columns
    usual = {
        "period_kind": "month", "period_start": period[0], "period_end": period[1], "platform": "all", "unit": "all",
        "is_complete": True, "n_observed_days": 28,
    }  # fmt: skip
    schema = {column: of.dtype.type for column, of in columns.items()}
    return pl.DataFrame([{column: (usual | row).get(column) for column in columns} for row in rows], schema=schema)


def active(n: int, k: int | None, *, unit: str = "all", period: tuple[date, date] = JANUARY) -> pl.DataFrame:
    row = {"unit": unit, "n_eligible": n, "n_contributors": k, "dau_wau_ratio": 1 / 3}
    return table("rel_active_users", row, period=period)


def published(*releases: pl.DataFrame, policy: Policy = POLICY) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows told by the last of these releases of `rel_active_users`, and the history after it."""
    history, told = nothing(), releases[0].clear()
    for rows in releases:
        as_of = max(date(2026, 1, 31), rows["period_end"].max())
        told = as_published(
            "rel_active_users", rows, history, as_of=as_of, known_from=KNOWN_FROM, policy=policy
        )
        history = with_release(history, {"rel_active_users": told}, as_of=as_of, policy=policy)
    return told, history


def test_what_was_published_first_is_told_again():
    told, history = published(active(1000, 300), active(999, 299))
    assert told.equals(active(1000, 300))
    assert history["revision"].to_list() == [1]
    assert history["first_release"].to_list() == [date(2026, 1, 31)]


@pytest.mark.parametrize(("k", "is_restated"), [(309, False), (310, True), (290, True), (291, False)])
def test_later_data_restate_a_period_if_a_group_of_people_is_concerned(k: int, is_restated: bool):
    told, history = published(active(1000, 300), active(1000, k))
    assert told["n_contributors"].to_list() == [k if is_restated else 300]
    assert history["revision"].to_list() == [2 if is_restated else 1]
    assert revisions(history).height == is_restated


def test_small_changes_do_not_add_up_to_a_restatement_one_by_one():
    # each release is held against what is published, so ten times one person restate it once, at the tenth
    told, history = published(*(active(1000, 300 + n) for n in range(10)))
    assert told["n_contributors"].to_list() == [300]
    told, history = published(*(active(1000, 300 + n) for n in range(11)))
    assert told["n_contributors"].to_list() == [310]
    assert history["revision"].to_list() == [2]


def test_units_named_or_cut_anew_do_not_restate_a_closed_period():
    before = pl.concat([active(1000, 300), active(40, 20, unit="Law"), active(960, 280, unit="Sales")])
    renamed = pl.concat([active(1000, 299), active(40, 20, unit="Legal"), active(960, 279, unit="Sales")])
    told, _ = published(before, renamed)
    assert told.sort("unit")["unit"].to_list() == ["Law", "Sales", "all"]


def test_a_period_is_told_anew_with_all_its_groups():
    before = pl.concat([active(1000, 300), active(40, 20, unit="Law"), active(960, 280, unit="Sales")])
    late = pl.concat([active(1000, 312), active(40, 20, unit="Law"), active(960, 290, unit="Sales")])
    told, _ = published(before, late)
    assert told.equals(late)


def test_groups_that_are_cut_in_another_way_are_not_told_anew():
    # Law is merged now: what it is less of the others than before, it is itself
    before = pl.concat([active(1000, 300), active(40, 20, unit="Law"), active(960, 280, unit="Sales")])
    late = pl.concat([active(1000, 340), active(1000, 340, unit="Other units")])
    told, history = published(before, late)
    assert told.select("unit", "n_contributors").sort("unit").rows() == [("Law", 20), ("Sales", 280), ("all", 340)]
    assert set(history["revision"]) == {2}


def roster(digest: str | None) -> pl.DataFrame:
    return pl.DataFrame([("month", JANUARY[0], digest)], schema=MEMBERS, orient="row").drop_nulls()


@pytest.mark.parametrize(
    ("then", "now", "before", "k"),
    [("a", "a", 300, 340), ("a", "b", 300, 300), (None, "b", 300, 340), ("a", None, 300, 340), (None, None, 300, 340),
     ("a", "b", None, 340)],
)  # fmt: skip
def test_a_corrected_roster_restates_nothing_that_was_known_and_a_first_one_does(
    then: str | None, now: str | None, before: int | None, k: int
):
    known = active(1000, before)
    if before is None:
        known = known.with_columns(n_observed_days=pl.lit(0, pl.Int64))
    first = with_release(
        nothing(), {"rel_active_users": known}, as_of=JANUARY[1], policy=POLICY, members=roster(then)
    )
    told = as_published(
        "rel_active_users", active(1000, 340), first, as_of=JANUARY[1], known_from=KNOWN_FROM, policy=POLICY,
        members=roster(now),
    )  # fmt: skip
    assert told["n_contributors"].to_list() == [k]


def test_a_period_stays_of_the_people_of_its_first_release_if_less_of_it_is_told_later():
    history = with_release(
        nothing(), {"rel_active_users": active(1000, 300)}, as_of=JANUARY[1], policy=POLICY, members=roster("a")
    )
    withdrawn = {"rel_active_users": active(1000, None)}
    history = with_release(history, withdrawn, as_of=FEBRUARY[1], policy=POLICY, members=roster("b"))
    assert history.select("revision", "members").rows() == [(2, "a")]


@pytest.mark.parametrize(("k", "is_restated"), [(25, False), (30, False), (35, True)])
def test_rounded_counts_have_to_move_by_a_step_more(k: int, is_restated: bool):
    # 20 and 30 may be 22 and 28, six people
    both = [pl.concat([active(1000, 300), active(60, told, unit="Law")]) for told in (20, k)]
    told, _ = published(*both)
    assert (told.filter(pl.col("unit") == "Law")["n_contributors"].item() == k) == is_restated


@pytest.mark.parametrize(("before", "after"), [(None, 25), (25, None)])
def test_a_count_that_was_held_back_or_is_now_restates_nothing(before: int | None, after: int | None):
    whole = active(1000, 300)
    told, history = published(*(pl.concat([whole, active(60, k, unit="Law")]) for k in (before, after)))
    assert told.filter(pl.col("unit") == "Law")["n_contributors"].to_list() == [before]
    assert set(history["revision"]) == {1}


def test_days_that_are_seen_only_later_restate_their_period():
    unseen = active(1000, 300).with_columns(n_contributors=pl.lit(None, pl.Int64), n_observed_days=pl.lit(0, pl.Int64))
    told, history = published(unseen, active(1000, 300))
    assert told["n_contributors"].to_list() == [300]
    assert history["revision"].to_list() == [2]


def test_a_new_period_joins_those_that_stand():
    told, history = published(active(1000, 300), pl.concat([active(999, 298), active(990, 280, period=FEBRUARY)]))
    assert told.sort("period_start")["n_contributors"].to_list() == [300, 280]
    assert history.sort("period_start")["first_release"].to_list() == [date(2026, 1, 31), date(2026, 2, 28)]


def test_a_period_whose_data_have_expired_is_told_again_and_one_that_is_held_back_is_not():
    _, history = published(pl.concat([active(1000, 300), active(990, 280, period=FEBRUARY)]))
    only_february = active(990, 280, period=FEBRUARY)

    def told(known_from: date) -> list[date]:
        rows = as_published(
            "rel_active_users", only_february, history, as_of=FEBRUARY[1], known_from=known_from, policy=POLICY
        )
        return sorted(rows["period_start"])

    assert told(FEBRUARY[0]) == [JANUARY[0], FEBRUARY[0]]
    assert told(JANUARY[0]) == [FEBRUARY[0]]


APRIL = (date(2026, 4, 1), date(2026, 4, 30))


def thinned(rows: pl.DataFrame, history: pl.DataFrame, kept_from: date) -> pl.DataFrame:
    """What is told once everything before a day has expired."""
    return as_published(
        "rel_active_users", rows, history, as_of=APRIL[1], known_from=kept_from, kept_from=kept_from, policy=POLICY
    )


def test_a_week_that_has_expired_in_part_is_told_as_it_was():
    week = (date(2026, 3, 30), date(2026, 4, 5))
    _, history = published(active(1000, 300, period=week))
    assert thinned(active(1000, 120, period=week), history, APRIL[0])["n_contributors"].to_list() == [300]
    assert thinned(active(1000, 120, period=week), history, week[0])["n_contributors"].to_list() == [120]


def test_counts_that_look_back_restate_nothing_once_what_they_look_back_at_has_expired():
    then = active(1000, 300, period=APRIL).with_columns(n_new=pl.lit(20, pl.Int64), n_unknown=pl.lit(0, pl.Int64))
    _, history = published(then)
    now = then.with_columns(n_new=pl.lit(0, pl.Int64), n_unknown=pl.lit(290, pl.Int64))
    assert thinned(now, history, APRIL[0]).equals(then)
    late = now.with_columns(n_contributors=pl.lit(330, pl.Int64))
    assert thinned(late, history, APRIL[0]).equals(late)
    whole = as_published("rel_active_users", now, history, as_of=APRIL[1], known_from=KNOWN_FROM, policy=POLICY)
    assert whole.equals(now)


def test_a_period_after_the_as_of_day_is_not_told():
    _, history = published(pl.concat([active(1000, 300), active(990, 280, period=FEBRUARY)]))
    rows = as_published(
        "rel_active_users", active(1000, 300), history, as_of=JANUARY[1], known_from=date(2026, 3, 1), policy=POLICY
    )
    assert rows["period_start"].to_list() == [JANUARY[0]]


def test_another_smallest_group_tells_everything_anew():
    _, history = published(active(1000, 300))
    stricter = Policy(min_group=15)
    rows = as_published(
        "rel_active_users", active(1000, 299), history, as_of=JANUARY[1], known_from=KNOWN_FROM, policy=stricter
    )
    assert rows["n_contributors"].to_list() == [299]
    after = with_release(history, {"rel_active_users": rows}, as_of=JANUARY[1], policy=stricter)
    assert after["revision"].to_list() == [2]
    assert version_of("rel_active_users", POLICY) != version_of("rel_active_users", stricter)


def test_rows_over_the_whole_history_are_always_new():
    effect = table("rel_lead_effect", {"period_kind": "history", "n_eligible": 300, "verdict": "estimated"})
    history = with_release(nothing(), {"rel_lead_effect": effect}, as_of=JANUARY[1], policy=POLICY)
    assert history.is_empty()


def test_a_period_is_not_frozen_before_its_threads_have_been_followed():
    threads = table("rel_responses", {"n_eligible": 1000, "n_threads": 50})
    early = with_release(nothing(), {"rel_responses": threads}, as_of=date(2026, 2, 8), policy=POLICY)
    late = with_release(nothing(), {"rel_responses": threads}, as_of=date(2026, 2, 9), policy=POLICY)
    assert (early.height, late.height) == (0, 1)


def test_every_kind_of_value_comes_back_as_it_was():
    rows = table(
        "rel_control_chart",
        {"n_eligible": 300, "contributor_ratio": 0.1 + 0.2, "is_signal": True, "rule": "a \u201c\n", "n_baseline": 12},
        {"n_eligible": 300, "platform": "slack", "contributor_ratio": None, "is_signal": False},
    )
    history = with_release(nothing(), {"rel_control_chart": rows}, as_of=JANUARY[1], policy=POLICY)
    told = as_published(
        "rel_control_chart", rows, history, as_of=JANUARY[1], known_from=KNOWN_FROM, policy=POLICY
    )
    assert told.equals(rows)
    assert with_release(history, {"rel_control_chart": told}, as_of=JANUARY[1], policy=POLICY).equals(history)
