"""What leadership may see of trials: two groups or none, no share of few, nothing by subtraction."""

from datetime import date, timedelta

import polars as pl
import pytest

from models.release import Policy
from models.release.told import as_told
from models.release.trial import release_trials
from models.schemas import TABLES
from models.statistics.intervals import wilson_bounds

FIRST, AS_OF = date(2026, 1, 1), date(2026, 12, 31)
POLICY = Policy()
NONE = pl.DataFrame(schema={"platform": pl.String, "period_start": pl.Date, "period_end": pl.Date})
SCHEMA = {name: column.dtype.type for name, column in TABLES["mart_trial"].to_schema().columns.items()}
SHARES = {"at_end": "end_ratio", "followed_2w": "still_2w_ratio", "followed_4w": "still_4w_ratio",
          "followed_12w": "still_12w_ratio"}  # fmt: skip


def group(*, is_in_trial: bool, **given: object) -> dict[str, object]:
    """One of the two rows of a trial: 100 people with everything known."""
    usual: dict[str, object] = {
        "period_kind": "history", "period_start": FIRST, "period_end": AS_OF, "platform": "slack", "unit": "all",
        "is_complete": True, "n_observed_days": 365, "n_eligible": 300, "trial": 1, "is_in_trial": is_in_trial,
        "title": "A trial", "started_on": date(2026, 3, 1), "ended_on": date(2026, 4, 30), "n_people": 100,
        "n_units": 2, "n_departments": 4, "n_executives": 5, "n_working_days": 40, "n_person_days": 4000,
        "n_active_days": 50, "daily_use_ratio": 0.0125, "n_ever": 30, "ever_ratio": 0.3, "ever_ratio_low": 0.2,
        "ever_ratio_high": 0.4, "n_starters": 20, "target_ratio": 0.1 if is_in_trial else None,
        "verdict": "met" if is_in_trial else None, "n_contributors_at_end": 20,
    }  # fmt: skip
    for people, ratio in SHARES.items():
        usual |= {f"n_{people}": 50, ratio: 0.4, f"{ratio}_low": 0.3, f"{ratio}_high": 0.5}
    usual |= {f"n_still_{week}": 20 for week in ("2w", "4w", "12w")}
    return usual | given


def pair(trial: int = 1, inside: dict[str, object] | None = None, outside: dict[str, object] | None = None,
         **both: object) -> list[dict[str, object]]:  # fmt: skip
    return [group(is_in_trial=True, trial=trial, **both, **(inside or {})),
            group(is_in_trial=False, trial=trial, **both, **(outside or {}))]  # fmt: skip


def released(rows: list[dict[str, object]], outnumbered: pl.DataFrame = NONE, policy: Policy = POLICY) -> list[dict]:
    frame = pl.DataFrame(rows, schema=SCHEMA)
    shown = release_trials(frame.reverse(), outnumbered, as_of=AS_OF, policy=policy)
    return TABLES["rel_trial"].validate(shown).to_dicts()


def test_a_trial_of_many_is_shown_as_it_is() -> None:
    assert released(pair()) == pair()


@pytest.mark.parametrize(
    "rows",
    [
        pair(inside={"n_people": 9}),
        pair(outside={"n_people": 9}),
        pair(n_eligible=199),
        pair(n_people=None),
        pair()[:1],
        pair(period_end=AS_OF + timedelta(days=1)),
    ],
    ids=["nine in it", "nine others", "199 people", "not begun", "one group", "open"],
)
def test_both_groups_are_shown_or_neither(rows: list[dict[str, object]]) -> None:
    assert released(rows) == []


def test_the_smallest_groups_that_are_shown() -> None:
    assert len(released(pair(n_people=10, n_eligible=200))) == 2
    assert released(pair(n_people=11), policy=Policy(min_group=12)) == []


@pytest.mark.parametrize("people", SHARES)
def test_a_share_of_fewer_than_ten_is_not_shown_in_any_form(people: str) -> None:
    of_few, others = released(pair(inside={f"n_{people}": 9}))
    hidden = {name for name, value in of_few.items() if value is None}
    ratio = SHARES[people]
    still = "n_contributors_at_end" if people == "at_end" else f"n_still_{people.removeprefix('followed_')}"
    wanted = {f"n_{people}", still, ratio, f"{ratio}_low", f"{ratio}_high"}
    assert hidden == wanted | ({"verdict"} if people == "at_end" else set())
    assert others[ratio] == 0.4
    assert None not in {released(pair(inside={f"n_{people}": 10}))[0][name] for name in wanted}


@pytest.mark.parametrize(("n_ever", "is_shown"), [(0, True), (1, False), (2, False), (3, True)])
def test_days_with_contributions_are_those_of_several_people(n_ever: int, is_shown: bool) -> None:
    inside, others = released(pair(outside={"n_ever": n_ever}))
    assert (others["n_active_days"] is not None) == (others["daily_use_ratio"] is not None) == is_shown
    assert inside["n_active_days"] == 50


@pytest.mark.parametrize(
    ("inside", "outside", "is_shown"),
    [(5, 5, True), (0, 5, True), (3, 3, True), (2, 5, False), (5, 1, False), (0, 4, False), (3, 2, False)],
)
def test_executives_are_counted_where_neither_group_has_one_or_two(inside: int, outside: int, is_shown: bool) -> None:
    rows = released(pair(inside={"n_executives": inside}, outside={"n_executives": outside}))
    assert [row["n_executives"] for row in rows] == ([inside, outside] if is_shown else [None, None])


def test_of_trials_that_overlap_on_a_platform_only_the_first_is_shown() -> None:
    def shown(**second: object) -> set[int]:
        return {row["trial"] for row in released([*pair(), *pair(2, **second)])}

    later = {"started_on": date(2026, 5, 30), "ended_on": date(2026, 6, 30)}
    # the first ends on 30 April, and is looked at up to its 91st day, 30 May
    assert shown(**later) == {1}
    assert shown(**later | {"started_on": date(2026, 5, 31)}) == {1, 2}
    assert shown(**later, platform="yammer") == {1, 2}
    assert shown(started_on=date(2026, 2, 1), ended_on=date(2026, 2, 10)) == {2}
    assert shown() == {1}
    # one that is not shown is not in the way of another
    assert shown(started_on=date(2026, 2, 1), n_people=9) == {1}
    third = pair(3, started_on=date(2026, 6, 5), ended_on=date(2026, 6, 9))
    assert {row["trial"] for row in released([*pair(), *pair(2, **later), *third])} == {1, 3}


@pytest.mark.parametrize(
    ("platform", "month", "is_shown"),
    [("slack", 3, False), ("all", 4, False), ("slack", 5, False), ("slack", 6, True), ("slack", 2, True),
     ("yammer", 3, True)],
)  # fmt: skip
def test_a_trial_is_not_told_where_more_were_active_than_on_the_roster(
    platform: str, month: int, is_shown: bool
) -> None:
    start = date(2026, month, 1)
    outnumbered = pl.DataFrame(
        [(platform, start, (start + timedelta(days=31)).replace(day=1) - timedelta(days=1))],
        schema=NONE.schema, orient="row",
    )  # fmt: skip
    assert bool(released(pair(), outnumbered)) == is_shown


@pytest.mark.parametrize(("n_at_end", "n_contributing", "exact", "target", "told"), [
    # 19 of 48 are 27 % to 54 %; 20 of 50 is told, which 18 of 52 and 22 of 48 would be too: 23 % to 60 %
    (48, 19, "not_met", 0.58, "too_close"), (48, 19, "not_met", 0.61, "not_met"), (48, 19, "met", 0.25, "too_close"),
    (48, 19, "met", 0.2, "met"), (48, 19, "too_close", 0.4, "too_close"),
    # two of thirty: at most 20 % is told, and nothing else
    (30, 2, "not_met", 0.25, "not_met"), (30, 2, "too_close", 0.15, "too_close"),
    (48, 19, "too_early", 0.2, "too_early"), (48, 19, "cannot_tell", 0.2, "cannot_tell"),
    (48, 19, "no_target", None, "no_target"),
])
def test_the_verdict_is_that_of_the_bounds_that_are_told(n_at_end, n_contributing, exact, target, told) -> None:
    low, high = wilson_bounds(n_contributing, n_at_end)
    figures = {"n_at_end": n_at_end, "n_contributors_at_end": n_contributing, "end_ratio": n_contributing / n_at_end,
               "end_ratio_low": low, "end_ratio_high": high}  # fmt: skip
    rows = pl.DataFrame(released(pair(inside=figures | {"target_ratio": target, "verdict": exact})),
                        schema=SCHEMA)  # fmt: skip
    inside, outside = as_told("rel_trial", rows, NONE, POLICY).to_dicts()
    assert (inside["verdict"], outside["verdict"]) == (told, None)
