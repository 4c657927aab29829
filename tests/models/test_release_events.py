"""What leadership sees of events and of control charts: only of many people, and nothing of a small group."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from models.analyses.analysis import as_mart
from models.release import ROSTER_TOO_SMALL, Policy
from models.release.events import release_before_after, release_control_chart
from models.schemas import TABLES
from models.validation import find_faults

AS_OF = date(2026, 6, 30)
POLICY = Policy()
EVENT: dict[str, Any] = {
    "period_kind": "history", "period_start": date(2025, 1, 6), "period_end": AS_OF, "platform": "all", "unit": "all",
    "is_complete": True, "n_observed_days": 500, "n_eligible": 400, "event": 1, "title": "It", "kind": "launch",
    "occurred_on": date(2026, 1, 1), "last_on": date(2026, 1, 1), "is_everywhere": True, "n_concerned": 400,
    "method": "interrupted series", "has_comparison": False, "reason": "no comparison group", "effect_pp": 2.5,
    "effect_p": 0.01, "wording": "more", "slope_pp": 0.1, "slope_wording": "nothing shown", "n_units": 4,
    "n_weeks_before": 30, "n_weeks_after": 20, "minimum_pp": 2.0, "n_units_unknown": 1,
}  # fmt: skip
WEEK: dict[str, Any] = {
    "period_kind": "week", "period_start": date(2026, 6, 1), "period_end": date(2026, 6, 7), "platform": "all",
    "unit": "all", "is_complete": True, "n_observed_days": 7, "n_eligible": 200, "contributor_ratio": 0.2,
    "n_contributors": 40, "centre_ratio": 0.1, "low_ratio": 0.05, "high_ratio": 0.15, "is_signal": True,
    "rule": "outside", "side": "above", "n_baseline": 20,
}  # fmt: skip
DAY = {"period_kind": "day", "period_start": date(2026, 6, 1), "period_end": date(2026, 6, 1)}


def events(*changes: dict[str, Any], outnumbered: tuple[str, ...] = ()) -> pl.DataFrame:
    mart = as_mart("mart_before_after", [EVENT | change for change in changes])
    shown = release_before_after(mart, outnumbered, as_of=AS_OF, policy=POLICY)
    assert find_faults(shown, TABLES["rel_before_after"]) == []
    return shown


def charts(*changes: dict[str, Any], outnumbered: tuple[str, ...] = ()) -> pl.DataFrame:
    mart = as_mart("mart_control_chart", [WEEK | change for change in changes])
    shown = release_control_chart(mart, outnumbered, as_of=AS_OF, policy=POLICY)
    assert find_faults(shown, TABLES["rel_control_chart"]) == []
    return shown


def test_an_event_of_a_large_organisation_is_shown_as_it_is() -> None:
    assert events({}).row(0, named=True).items() >= EVENT.items()
    assert events({"n_eligible": 200}).height == 1
    assert events({"n_eligible": 199}).is_empty()
    assert events({"period_end": AS_OF + timedelta(days=1)}).is_empty()


@pytest.mark.parametrize(("n_concerned", "is_shown"), [
    (200, True), (199, False), (400, True), (201, False), (399, False), (0, False), (None, False),
])  # fmt: skip
def test_an_event_of_some_units_is_shown_while_it_and_the_rest_are_many(n_concerned: int, is_shown: bool) -> None:
    shown = events({"is_everywhere": False, "n_concerned": n_concerned})
    assert shown.height == is_shown
    # how many people or units it concerns would tell sizes of units that are not shown
    assert shown["n_concerned"].to_list() == shown["n_units"].to_list() == [None] * is_shown
    assert shown["effect_pp"].to_list() == [2.5] * is_shown


def test_an_event_of_some_units_is_not_crossed_with_platforms() -> None:
    shown = events(
        {"is_everywhere": False, "n_concerned": 200, "platform": "slack"}, {"platform": "slack", "event": 2},
        {"event": 3},
    )
    assert shown.select("platform", "event").rows() == [("all", 3), ("slack", 2)]


def test_nothing_is_estimated_on_a_roster_that_lacks_people() -> None:
    slack, all_ = {"platform": "slack"}, {"platform": "all"}
    told, doubtful = events(slack, all_, outnumbered=("slack",)).to_dicts()
    assert told["effect_pp"] == 2.5
    assert (doubtful["method"], doubtful["reason"]) == ("not estimable", ROSTER_TOO_SMALL)
    kept = {name for name, value in doubtful.items() if value is not None}
    assert kept == {
        "period_kind", "period_start", "period_end", "platform", "unit", "is_complete", "n_observed_days", "n_eligible",
        "event", "title", "kind", "occurred_on", "last_on", "is_everywhere", "method", "reason",
    }  # fmt: skip


def test_weeks_of_a_large_organisation_and_its_days_over_all_platforms_are_shown() -> None:
    slack = {"platform": "slack"}
    shown = charts(
        {}, slack, DAY, DAY | slack, {"n_eligible": 199, "platform": "wiki"}, {"unit": "Ops"},
        {"period_start": date(2026, 6, 29), "period_end": AS_OF + timedelta(days=5)},
    )  # fmt: skip
    assert shown.select("period_kind", "platform").rows() == [("day", "all"), ("week", "all"), ("week", "slack")]
    assert shown.row(1, named=True).items() >= WEEK.items()


def test_a_chart_on_a_roster_that_lacks_people_is_empty() -> None:
    # also in weeks long before: their limits may rest on weeks that the roster cannot carry
    shown = charts({}, {"platform": "slack"}, outnumbered=("slack",))
    assert shown["contributor_ratio"].to_list() == [0.2, None]
    kept = {name for name, value in shown.row(1, named=True).items() if value is not None}
    assert kept == {
        "period_kind", "period_start", "period_end", "platform", "unit", "is_complete", "n_observed_days", "n_eligible",
    }  # fmt: skip
