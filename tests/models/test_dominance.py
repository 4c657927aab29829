"""Sums are told where nobody's part can be worked out from them."""

from datetime import date

import polars as pl
import pytest

from models.release import Policy
from models.release.dominance import Magnitude, executives_of_several, only_of_several

MONTH = date(2026, 1, 1)
POLICY = Policy(min_group=3)


@pytest.mark.parametrize(
    ("total", "first", "second", "is_safe"),
    [
        (100, 60, 20, True),  # 20 left, 25 % of 60 is 15
        (94, 60, 20, False),  # 14 left
        (95, 60, 20, True),  # just 15
        (80, 60, 20, False),  # the two know each other's part
    ],
)
def test_the_p_percent_rule(total: int, first: int, second: int, is_safe: bool):
    assert Magnitude(total, 12, first, second).is_safe(10) == is_safe


def test_a_sum_of_fewer_people_than_a_group_is_not_told():
    assert not Magnitude(90, 9, 10, 10).is_safe(10)
    assert not Magnitude(0, 0, 0, 0).is_safe(10)
    assert Magnitude(100, 10, 10, 10).is_safe(10)


def made(**units: list[int]) -> pl.DataFrame:
    """What each person of each unit made, and the same as the whole organisation's."""
    rows = [(unit, f"{unit}{n}", amount) for unit, amounts in units.items() for n, amount in enumerate(amounts)]
    rows += [("all", person, amount) for _, person, amount in rows]
    head = {"period_kind": "month", "period_start": MONTH, "platform": "all"}
    return pl.DataFrame(
        [head | {"unit": unit, "person_id": person, "n_contributions": amount} for unit, person, amount in rows]
    )


def released(parts: pl.DataFrame, policy: Policy = POLICY) -> dict[str, int | None]:
    rows = parts.group_by("period_kind", "period_start", "platform", "unit").agg(pl.col("n_contributions").sum())
    rows = rows.with_columns(n_eligible=pl.lit(100))
    told = only_of_several(rows.sort("unit"), parts, "n_contributions", least=policy.min_group, policy=policy)
    return dict(told.select("unit", "n_contributions").rows())


def test_safe_sums_are_told():
    assert released(made(a=[5, 5, 5, 5], b=[3, 3, 3])) == {"a": 20, "all": 29, "b": 9}


def test_an_unsafe_unit_takes_the_smallest_safe_one_with_it():
    # the organisation less a and c would show the 40 of b; together with a, 15 of 60 are others' (25 % of 40 is 10)
    shown = released(made(a=[5, 5, 5, 5], b=[40], c=[9, 9, 9, 9]))
    assert shown == {"a": None, "all": 96, "b": None, "c": 36}


def test_an_unsafe_unit_takes_as_many_with_it_as_it_needs():
    # with a alone 15 of 100 would be others' (25 % of 80 is 20)
    shown = released(made(a=[5, 5, 5, 5], b=[80], c=[9, 9, 9, 9], d=[9, 9, 9, 9, 9]))
    assert shown == {"a": None, "all": 181, "b": None, "c": None, "d": 45}


def test_hidden_units_that_are_safe_together_hide_no_more():
    shown = released(made(a=[5, 5, 5, 5], b=[4, 4], c=[9, 9, 9, 9], d=[4, 4]))
    assert shown == {"a": 20, "all": 72, "b": None, "c": 36, "d": None}


def test_an_unsafe_organisation_is_not_told_and_its_units_are():
    shown = released(made(a=[5, 5, 5], b=[200]))
    assert shown == {"a": 15, "all": None, "b": None}


def test_platforms_are_parts_of_all_platforms():
    one = made(a=[5, 5, 5, 5])
    busy = one.with_columns(pl.lit("slack").alias("platform"))
    rare = one.head(0).vstack(
        one.filter(pl.col("unit") == "all").head(1).with_columns(
            pl.lit("wiki").alias("platform"), pl.lit(7, pl.Int64).alias("n_contributions")
        )
    )
    both = pl.concat([busy, rare])
    everywhere = both.group_by("period_kind", "period_start", "unit", "person_id").agg(pl.col("n_contributions").sum())
    parts = pl.concat([both, everywhere.with_columns(pl.lit("all").alias("platform")).select(both.columns)])
    rows = parts.filter(pl.col("unit") == "all").group_by("period_kind", "period_start", "platform", "unit").agg(
        pl.col("n_contributions").sum()
    )
    rows = rows.with_columns(n_eligible=pl.lit(300))
    told = only_of_several(rows.sort("platform"), parts, "n_contributions", least=3, policy=POLICY)
    # 7 edits of one person on the wiki would be all less slack
    assert dict(told.select("platform", "n_contributions").rows()) == {"all": 27, "slack": None, "wiki": None}


def test_the_rule_can_be_switched_off_for_tests():
    off = Policy(min_group=3, without=frozenset({"dominance"}))
    assert released(made(a=[5, 5, 5], b=[200]), off) == {"a": 15, "all": 215, "b": 200}


@pytest.mark.parametrize(
    ("executives", "others", "told"),
    [
        ([90, 4, 2, 2, 1, 1], [10] * 10, [100, None]),  # one executive wrote nearly all: 6 is less than a quarter of 90
        ([30, 20, 20, 20, 10], [10] * 10, [100, 100]),
        ([30, 20, 20, 30], [10] * 10, [100, None]),  # four executives are no group
        ([30, 20, 20, 20, 10], [20] * 5, [None, 100]),  # nor are five others
    ],
)
def test_what_one_person_writes_is_not_told(executives: list[int], others: list[int], told: list[int | None]):
    columns = ("posts", "replies", "replies_to_staff", "own_posts", "own_replies", "own_replies_to_staff")
    head = {"period_kind": "month", "period_start": MONTH, "platform": "all", "unit": "all", "n_eligible": 300}
    rows = pl.DataFrame([
        head | {"is_executive": flag, **{f"n_{one}": 100 for one in columns}, "broadcast_ratio": 0.5,
                "own_broadcast_ratio": 0.5, "n_two_way": 3, "n_own_two_way": 3, "two_way_ratio": 0.5,
                "own_two_way_ratio": 0.5}
        for flag in (False, True)
    ])  # fmt: skip
    parts = pl.DataFrame([
        head | {"is_executive": flag, "person_id": f"{flag}{n}", **{f"n_{one}": amount for one in columns}}
        for flag, each in ((True, executives), (False, others)) for n, amount in enumerate(each)
    ])  # fmt: skip
    shown = executives_of_several(rows, parts, Policy())
    for name in ("n_posts", "n_own_replies_to_staff"):
        assert shown[name].to_list() == told
    for name in ("own_broadcast_ratio", "n_two_way"):
        assert [one is not None for one in shown[name]] == [one is not None for one in told]
    assert shown["unit"].to_list() == ["all", "all"]


def test_that_nothing_was_made_is_not_told_of_a_group():
    # b made nothing; with it a is hidden, or the rest of the organisation would be 0
    idle = made(a=[5, 5, 5, 5], b=[0, 0, 0], c=[9, 9, 9, 9])
    assert released(idle) == {"a": None, "all": 56, "b": None, "c": 36}


def test_that_nothing_was_made_at_all_is_told_of_many_only():
    def told(n: int) -> list[int | None]:
        idle = made(a=[0] * 3).filter(pl.col("unit") == "all")
        rows = idle.group_by("period_kind", "period_start", "platform", "unit").agg(pl.col("n_contributions").sum())
        rows = rows.with_columns(n_eligible=pl.lit(n))
        return only_of_several(rows, idle, "n_contributions", least=3, policy=POLICY)["n_contributions"].to_list()

    assert told(200) == [0]
    assert told(199) == [None]
