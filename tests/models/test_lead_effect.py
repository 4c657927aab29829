"""From executives' weeks to an answer per platform: panels, estimates, refusals, and what of them is released."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from models.analyses import ANALYSES
from models.analyses.lead_panel import lead_panel, leader_places
from models.release import Policy, release_effects
from models.schemas import TABLES
from models.statistics.event_study import Estimate, study
from models.statistics.panel import Panel
from models.statistics.starts import NEVER, UNKNOWN
from models.validation import find_faults
from tests.models.simulated_panels import FEW, PLANTED, REVERSE, simulate

MONDAY = date(2024, 1, 1)
POLICY = Policy()


def week(number: int) -> date:
    return MONDAY + timedelta(weeks=number)


def lead_weeks(panel: Panel, *, platform: str = "all") -> pl.DataFrame:
    """The panel as rows of `prep_lead_week`; its executives are active in every week from their start on."""
    rows = [
        {
            "period_start": week(w), "platform": platform, "leader_person_id": f"leader-{u:02}", "is_observed": True,
            "n_eligible": int(panel.n[u, w]), "n_contributors": int(panel.k[u, w]), "n_elsewhere": None,
            "is_leader_active": bool(0 <= panel.start[u] <= w),
        }
        for u in range(panel.n_units) for w in range(panel.n_weeks)
    ]  # fmt: skip
    schema = {name: column.dtype.type for name, column in TABLES["prep_lead_week"].to_schema().columns.items()}
    return pl.DataFrame(rows, schema=schema)


def tables(lead: pl.DataFrame, n_weeks: int = 52) -> dict[str, pl.DataFrame]:
    periods = [
        {"period_kind": "week", "period_start": week(w), "platform": "all", "is_complete": True, "n_observed_days": 7}
        for w in range(n_weeks)
    ]
    return {
        "meta": pl.DataFrame({"as_of_on": [week(n_weeks) - timedelta(days=1)]}),
        "prep_period": pl.DataFrame(periods),
        "prep_lead_week": lead,
    }


def answers(lead: pl.DataFrame) -> dict[str, pl.DataFrame]:
    found = {}
    for table in ("mart_lead_effect", "mart_lead_curve"):
        found[table] = ANALYSES[table].estimate(tables(lead))
        assert find_faults(found[table], TABLES[table]) == []
    return found


def in_their_places(panel: Panel) -> Panel:
    """The same panel with its units in the order in which the tables put them, which the draws follow."""
    places = leader_places(lead_weeks(panel))
    order = sorted(range(panel.n_units), key=lambda u: places[f"leader-{u:02}"])
    return Panel(panel.k[order], panel.n[order], panel.observed, panel.start[order])


def test_the_places_of_leaders_follow_from_their_weeks_and_not_from_their_ids():
    weeks = lead_weeks(simulate(PLANTED, np.random.default_rng(1)))
    for seed in range(3):
        ids = weeks["leader_person_id"].unique().sort()
        other = dict(zip(ids, ids.shuffle(seed), strict=True))
        renamed = weeks.with_columns(pl.col("leader_person_id").replace_strict(other)).sample(
            fraction=1, shuffle=True, seed=seed
        )
        assert (lead_panel(renamed).k == lead_panel(weeks).k).all()
        assert answers(renamed)["mart_lead_effect"].equals(answers(weeks)["mart_lead_effect"])


def test_a_week_not_observed_or_not_there_is_unknown_and_others_are_not():
    rows = lead_weeks(Panel(
        k=np.array([[1, 2], [3, 4]]), n=np.array([[10, 20], [30, 40]]), observed=np.ones(2, dtype=bool),
        start=np.array([NEVER, NEVER]),
    ))  # fmt: skip
    rows = rows.with_columns(is_observed=pl.col("n_contributors") != 2).filter(pl.col("n_contributors") != 3)
    panel = lead_panel(rows)
    assert panel.observed.tolist() == [[True, False], [False, True]]
    assert panel.n.tolist() == [[10, 20], [0, 40]]
    assert np.isnan(panel.shares).tolist() == [[False, True], [True, False]]


def test_a_start_needs_eight_silent_weeks_and_three_of_four_active_ones():
    #              8 silent, then active from week 8          active from the first week
    active = [[False] * 8 + [True, False, True, True], [True] * 12, [False] * 12]
    n = np.full((3, 12), 10)
    rows = lead_weeks(Panel(n // 2, n, np.ones(12, dtype=bool), np.full(3, NEVER)))
    rows = rows.with_columns(is_leader_active=pl.Series([flag for series in active for flag in series]))
    starts, places = lead_panel(rows).start, leader_places(rows)
    assert [starts[places[f"leader-0{u}"]] for u in range(3)] == [8, UNKNOWN, NEVER]


def test_the_estimate_of_the_tables_is_that_of_the_panel():
    panel = simulate(PLANTED, np.random.default_rng(1))
    found, expected = answers(lead_weeks(panel)), study(in_their_places(panel))
    assert isinstance(expected, Estimate)
    (row,) = found["mart_lead_effect"].to_dicts()
    assert row["verdict"] == "estimated"
    assert (row["effect_pp"], row["effect_pp_low"], row["effect_pp_high"]) == pytest.approx(
        (expected.effect.value_pp, expected.effect.low_pp, expected.effect.high_pp)
    )
    assert row["effect_pp_low"] < 5 < row["effect_pp_high"]
    assert (row["period_kind"], row["period_start"], row["period_end"]) == ("history", MONDAY, date(2024, 12, 29))
    assert row["n_eligible"] == panel.n[:, -1].sum()
    assert row["n_leaders"] == panel.n_units
    assert found["mart_lead_curve"]["week"].to_list() == list(range(-8, 8))


def test_too_few_leaders_are_refused_with_how_many_it_would_need():
    found = answers(lead_weeks(simulate(FEW, np.random.default_rng(2))))
    (row,) = found["mart_lead_effect"].to_dicts()
    assert (row["verdict"], row["effect_pp"], row["wording"]) == ("not estimable", None, None)
    assert row["n_starts"] < row["n_needed_starts"] == 10
    assert (row["n_needed_later_starts"], row["n_needed_people"]) == (10, 5)
    assert found["mart_lead_curve"].is_empty()


def test_without_executives_there_is_no_estimate_and_no_error():
    (row,) = answers(lead_weeks(simulate(FEW, np.random.default_rng(2))).clear())["mart_lead_effect"].to_dicts()
    assert (row["verdict"], row["n_leaders"]) == ("not estimable", 0)
    assert row["reason"] == "no executive has people of their own"


def test_people_who_moved_before_their_executive_are_flagged_and_only_the_weeks_before_are_kept():
    found = [answers(lead_weeks(simulate(REVERSE, np.random.default_rng(seed)))) for seed in range(4)]
    flagged = [one for one in found if one["mart_lead_effect"]["verdict"][0] == "flagged"]
    assert len(flagged) >= 3
    for one in flagged:
        (row,) = one["mart_lead_effect"].to_dicts()
        assert row["effect_pp"] is None and row["reverse_p"] is not None  # noqa: PT018
        assert one["mart_lead_curve"]["week"].to_list() == list(range(-8, 0))


def released(world, seed: int) -> dict[str, object]:
    mart = answers(lead_weeks(simulate(world, np.random.default_rng(seed))))["mart_lead_effect"]
    return release_effects(mart, [], as_of=date(2024, 12, 29), policy=POLICY).row(0, named=True)


def test_of_a_refusal_only_the_reason_and_the_need_are_released():
    told = {name for name, value in released(FEW, 2).items() if value is not None}
    assert told == {
        "period_kind", "period_start", "period_end", "platform", "unit", "is_complete", "n_observed_days", "n_eligible",
        "verdict", "reason", "n_needed_starts", "n_needed_later_starts", "n_needed_people",
    }  # fmt: skip


def test_an_estimate_is_released_and_one_or_two_who_never_started_are_not_counted():
    row = released(PLANTED, 1)
    assert row["verdict"] == "estimated"
    assert row["effect_pp"] is not None
    mart = answers(lead_weeks(simulate(PLANTED, np.random.default_rng(1))))["mart_lead_effect"]
    for n, shown in ((3, 3), (2, None), (0, None)):
        given = mart.with_columns(n_never_started=pl.lit(n, dtype=pl.Int64))
        assert release_effects(given, [], as_of=date(2024, 12, 29), policy=POLICY)["n_never_started"][0] == shown


def test_nothing_is_released_of_an_organisation_that_is_too_small():
    mart = answers(lead_weeks(simulate(PLANTED, np.random.default_rng(1))))["mart_lead_effect"]
    small = mart.with_columns(n_eligible=pl.lit(9, dtype=pl.Int64))
    assert release_effects(small, [], as_of=date(2024, 12, 29), policy=POLICY).is_empty()


def test_an_estimate_over_a_roster_that_lacks_people_is_withheld():
    mart = answers(lead_weeks(simulate(PLANTED, np.random.default_rng(1))))["mart_lead_effect"]
    row = release_effects(mart, ["all"], as_of=date(2024, 12, 29), policy=POLICY).row(0, named=True)
    assert (row["verdict"], row["effect_pp"], row["n_leaders"]) == ("not estimable", None, None)
    assert row["reason"] == "at times, more people were active than the roster holds"
    other = release_effects(mart, ["slack"], as_of=date(2024, 12, 29), policy=POLICY).row(0, named=True)
    assert other["verdict"] == "estimated"
