"""Who goes first: the mart against plain numbers, where the truth is known, and what it refuses."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from models.analyses import ANALYSES
from models.schemas import TABLES
from models.validation import find_faults
from tests.models.simulated_leaders import (
    AT_ONCE,
    BEGINNERS,
    FEW,
    LEADERS_FOLLOW,
    NOTHING,
    PEOPLE_FOLLOW,
    TOGETHER,
    LeaderWorld,
    lead_rows,
    rates,
)
from tests.oracle import direction as oracle

MONDAY = date(2024, 1, 1)
SEED = 20_261_128
Row = dict[str, object]
SHORT = replace(PEOPLE_FOLLOW, n_leaders=12, n_weeks=44)


def world_rows(world: LeaderWorld, seed: int = SEED) -> list[Row]:
    return lead_rows(world, np.random.default_rng(seed), MONDAY)


def answer(rows: list[Row]) -> Row:
    """The row of all platforms together."""
    schema = {name: column.dtype.type for name, column in TABLES["prep_lead_week"].to_schema().columns.items()}
    weeks = sorted({row["period_start"] for row in rows} or {MONDAY})
    periods = [{"period_kind": "week", "period_start": week, "platform": "all", "is_complete": True,
                "n_observed_days": 7} for week in weeks]  # fmt: skip
    found = ANALYSES["mart_direction"].estimate({
        "meta": pl.DataFrame({"as_of_on": [weeks[-1] + timedelta(days=6)]}),
        "prep_period": pl.DataFrame(periods),
        "prep_lead_week": pl.DataFrame(rows, schema=schema),
    })  # fmt: skip
    assert find_faults(found, TABLES["mart_direction"]) == []
    (row,) = found.to_dicts()
    return row


def unseen(rows: list[Row], *numbers: int) -> list[Row]:
    """The rows with some weeks not observed."""
    gone = {MONDAY + timedelta(weeks=number) for number in numbers}
    return [row | {"is_observed": row["period_start"] not in gone} for row in rows]


@pytest.mark.parametrize("gaps", [(), (20,), (0, 43)])
@pytest.mark.parametrize("world", [SHORT, replace(SHORT, people_follow=0.0, leaders_follow=1.0)])
def test_figures_are_those_of_plain_numbers(world: LeaderWorld, gaps: tuple[int, ...]) -> None:
    rows = unseen(world_rows(world), *gaps)
    found = answer(rows)
    leaders, people, places = oracle.sides(rows)
    weeks = oracle.usable(places)
    assert (found["n_leaders"], found["n_weeks"]) == (12, len(weeks))
    assert found["n_changing_leaders"] == oracle.changing(leaders)
    value, strength = oracle.following(people, leaders, weeks)
    assert (found["people_follow_pp"], found["people_follow_strength"]) == pytest.approx((100 * value, strength))
    value, strength = oracle.following(leaders, people, weeks)
    assert (found["leaders_follow_pp"], found["leaders_follow_strength"]) == pytest.approx((10 * value, strength))
    assert found["lean"] == pytest.approx(oracle.lean(leaders, people, weeks))
    assert found["lean_p"] == pytest.approx(oracle.lean_p(rows, 600), abs=0.06)
    for name in ("people_follow", "leaders_follow"):
        ends = [found[f"{name}_pp_low"], found[f"{name}_pp"], found[f"{name}_pp_high"]]
        bounds = [found[f"{name}_strength_low"], found[f"{name}_strength"], found[f"{name}_strength_high"]]
        assert ends == sorted(ends)
        assert np.array(bounds) == pytest.approx(np.array(ends) * bounds[1] / ends[1])  # type: ignore[operator]
        # 2.80 of 1.96 standard errors
        assert found[f"{name}_minimum_pp"] == pytest.approx((ends[2] - ends[1]) * 1.4294, rel=1e-4)  # type: ignore[operator]


def test_who_lacks_a_week_or_has_fewer_than_five_people_is_left_out() -> None:
    rows = world_rows(replace(SHORT, n_leaders=14))
    of = sorted({str(row["leader_person_id"]) for row in rows})
    rows = [row for row in rows if (row["leader_person_id"], row["period_start"]) != (of[3], MONDAY)]
    rows = [row | {"n_eligible": 4, "n_contributors": 1} if row["leader_person_id"] == of[5] else row for row in rows]
    found = answer(rows)
    assert found["n_leaders"] == 12
    assert found == answer([row for row in rows if row["leader_person_id"] not in (of[3], of[5])]) | {
        "n_eligible": found["n_eligible"]
    }


def still(rows: list[Row], name: str, value: object, n: int) -> list[Row]:
    """The rows with one column unchanging for the first executives."""
    of = sorted({str(row["leader_person_id"]) for row in rows})[:n]
    return [row | {name: value} if row["leader_person_id"] in of else row for row in rows]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "no executive has people of their own"),
        (world_rows(FEW), "too few executives with enough people of their own in every week"),
        (world_rows(replace(SHORT, n_weeks=29)), "too few weeks in a row are observed"),
        (unseen(world_rows(SHORT), 10, 20, 30), "too few weeks in a row are observed"),
        (still(world_rows(SHORT), "is_leader_active", False, 3),
         "too few executives who contribute in some weeks and not in others"),
        (still(world_rows(SHORT), "n_contributors", 0, 3),
         "the people of too few executives contribute in some weeks and not in others"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_refused_with_what_it_would_need(rows: list[Row], reason: str) -> None:
    assert oracle.refusal(rows) == reason
    found = answer(rows)
    assert (found["verdict"], found["reason"]) == ("not estimable", reason)
    assert (found["n_needed_leaders"], found["n_needed_weeks"], found["n_needed_people"]) == (10, 26, 5)
    assert [name for name, value in found.items() if value is not None and ("follow" in name or "lean" in name)] == []


@pytest.mark.parametrize(
    ("world", "verdict"), [(PEOPLE_FOLLOW, "people follow"), (LEADERS_FOLLOW, "leaders follow")],
    ids=lambda value: getattr(value, "name", value),
)  # fmt: skip
def test_who_follows_is_found(world: LeaderWorld, verdict: str) -> None:
    counted = Counter(answer(world_rows(world, seed))["verdict"] for seed in range(6))
    assert counted[verdict] >= 5
    assert counted[verdict] + counted["both"] == 6


@pytest.mark.parametrize("world", [NOTHING, BEGINNERS, TOGETHER, AT_ONCE], ids=lambda world: world.name)
def test_a_direction_is_rarely_shown_where_there_is_none(world: LeaderWorld) -> None:
    counted = rates(world, 40)
    assert counted["leaders first"] + counted["staff first"] <= 0.08 * 40
    if world in (NOTHING, BEGINNERS):
        assert counted["both"] <= 1


def test_moving_together_in_the_same_week_has_no_order() -> None:
    """As in the sample company, whose people rise in the very week in which their head begins."""
    found = [answer(world_rows(AT_ONCE, seed)) for seed in range(12)]
    reasons = {
        "both": {"each side goes with the other's weeks before, as it also would if a third thing moved both"},
        "neither shown": {
            "one side goes with the other's weeks before, but neither is clearly the earlier",
            "a weak following cannot be told from chance here", "a following that matters would have been found",
        },
    }  # fmt: skip
    sides = ("people_follow", "leaders_follow")
    assert {row["verdict"] for row in found} >= set(reasons)
    for row in found:
        n_following = sum(row[f"{side}_p"] <= 0.05 and row[f"{side}_pp"] > 0 for side in sides)  # type: ignore[operator]
        assert row["reason"] in reasons.get(str(row["verdict"]), {None})
        assert (row["verdict"] == "both") == (n_following == 2)
        if row["verdict"] == "neither shown":
            assert ("one side" in str(row["reason"])) == (n_following == 1)
    assert any("one side" in str(row["reason"]) for row in found)
