"""What is released about newcomers, answers and spaces: nothing about fewer than ten, and nothing by subtraction."""

import random
from datetime import date
from typing import Any

import polars as pl
import pytest

from models.metrics import MARTS
from models.release import LARGE, Policy, release_large_organisation
from models.release.enabling import FURTHER, further_cut
from models.schemas import TABLES
from models.statistics.intervals import wilson_bounds
from pipelines.preview import preview

Row = dict[str, Any]
FIGURES = {table: [c.name for c in MARTS[table.replace("rel_", "mart_")].columns if c.is_nullable] for table in FURTHER}


def made(table: str, *rows: Row) -> pl.DataFrame:
    """Closed months of all platforms where nothing else is given; a month is its number from January 2025 on."""
    columns = TABLES[table].to_schema().columns
    filled = []
    for given in rows:
        month = given.get("month", 1)
        start = date(2025 + (month - 1) // 12, (month - 1) % 12 + 1, 1)
        head = {"period_kind": "month", "period_start": start, "period_end": start.replace(day=28), "platform": "all",
                "unit": "all", "is_complete": True, "n_observed_days": 28, "n_eligible": 300}  # fmt: skip
        filled.append({name: (head | given).get(name) for name in columns})
    return pl.DataFrame(filled, schema={name: column.dtype.type for name, column in columns.items()})


def cut(table: str, *rows: Row, least: int = 10) -> pl.DataFrame:
    shown = further_cut(table, made(table, *rows), least=least)
    return TABLES[table].validate(shown)


def figures(shown: pl.DataFrame, columns: str, **where: object) -> list[tuple[Any, ...]]:
    kept = shown.filter(pl.lit(value=True), *(pl.col(name) == value for name, value in where.items()))
    return kept.sort("period_start").select(columns.split()).rows()


def first_posts(n: int, unanswered: int, **more: Any) -> Row:
    """A month of newcomers of which one in two, answered or not, posts again."""
    low, high = wilson_bounds(n - unanswered, n)
    return {
        "n_newcomer_threads": n, "n_old_enough_2d": n, "n_unanswered_2d": unanswered,
        "answered_2d_ratio": (n - unanswered) / n if n else None,
        "answered_2d_ratio_low": low, "answered_2d_ratio_high": high,
        "n_answered_old_enough": n - unanswered, "n_second_post_answered": (n - unanswered) // 2,
        "n_unanswered_old_enough": unanswered, "n_second_post_unanswered": unanswered // 2, **more,
    }  # fmt: skip


def test_the_tables_are_those_of_a_large_organisation() -> None:
    assert set(FURTHER) <= set(LARGE)
    for table in FURTHER:
        rows = [{"n_eligible": 199, **_keys(table)}, {"n_eligible": 200, "month": 2, **_keys(table)}]
        mart = made(table, *rows, {"n_eligible": 900, "unit": "Sales", "month": 3, **_keys(table)})
        kept = release_large_organisation(mart, list(_keys(table)), as_of=date(2026, 1, 1), policy=Policy())
        assert kept["n_eligible"].to_list() == [200]


def _keys(table: str) -> Row:
    return {"rel_champions": {"asked_by": "anybody"}, "rel_first_steps": {"step": "any", "space_size": "any"},
            "rel_purposes": {"purpose": "ideas"}, "rel_space_life": {"subject": "page"}}.get(table, {})


@pytest.mark.parametrize("table", FURTHER)
def test_the_dagster_ui_previews_no_months_of_few(table: str) -> None:
    assert preview(None, table.replace("rel_", "mart_")) is None  # type: ignore[arg-type]  # nothing is opened


def test_other_tables_are_left_as_they_are() -> None:
    rows = pl.DataFrame({"period_kind": ["week"]})
    assert further_cut("rel_usage_segments", rows, least=10).equals(rows)


@pytest.mark.parametrize("table", sorted({*FURTHER} - {"rel_space_life"}))
def test_weeks_are_never_told_for_four_of_them_may_be_a_month(table: str) -> None:
    assert cut(table, {"period_kind": "week", **_keys(table)}).is_empty()
    assert cut(table).is_empty()


@pytest.mark.parametrize("table", FURTHER)
def test_what_is_unknown_stays_unknown(table: str) -> None:
    shown = cut(table, _keys(table), {"platform": "slack", **_keys(table)})
    assert all(shown[name].is_null().all() for name in FIGURES[table])


# ---- newcomers -------------------------------------------------------------------------------------------------------


def test_ten_first_posts_are_told_and_nine_are_not() -> None:
    shown = cut("rel_newcomer_replies", first_posts(10, 3), first_posts(9, 1, month=2), first_posts(0, 0, month=3))
    told = figures(shown, "n_newcomer_threads n_old_enough_2d n_unanswered_2d answered_2d_ratio", period_kind="month")
    assert told == [(10, 10, 3, 0.7), (None, None, None, None), (0, 0, 0, None)]
    bounds = figures(shown, "answered_2d_ratio_low answered_2d_ratio_high", period_kind="month")
    assert bounds == [wilson_bounds(7, 10), (None, None), (None, None)]


def test_the_number_of_a_larger_smallest_group_counts() -> None:
    shown = cut("rel_newcomer_replies", first_posts(14, 3), least=15)
    assert figures(shown, "n_newcomer_threads n_old_enough_2d") == [(None, None)]


def test_months_whose_newcomers_are_not_observed_long_enough_are_not_counted_if_few() -> None:
    open_month = first_posts(0, 0) | {"n_newcomer_threads": 6}
    assert figures(cut("rel_newcomer_replies", open_month), "n_newcomer_threads n_old_enough_2d") == [(None, None)]


def test_a_platform_of_few_newcomers_takes_the_next_smallest_with_it() -> None:
    rows = [first_posts(25, 9), *(first_posts(n, k, platform=name) for name, n, k in
                                  (("slack", 20, 9), ("wiki", 5, 0), ("yammer", 30, 2)))]  # fmt: skip
    shown = cut("rel_newcomer_replies", *rows)
    told = shown.filter(pl.col("period_kind") == "month").select("platform", "n_unanswered_2d").rows()
    assert told == [("all", 9), ("slack", None), ("wiki", None), ("yammer", 2)]


def test_the_pooled_second_posts_of_few_take_the_next_smallest_with_them() -> None:
    rows = [first_posts(60, 25), *(first_posts(n, k, platform=name) for name, n, k in
                                   (("slack", 26, 12), ("wiki", 14, 2), ("yammer", 40, 15)))]  # fmt: skip
    shown = cut("rel_newcomer_replies", *rows).filter(pl.col("period_kind") == "history")
    told = dict(shown.select("platform", "n_second_post_unanswered").rows())
    assert told == {"all": 12, "slack": None, "wiki": None, "yammer": 7}


def test_second_posts_are_told_over_the_told_months_together_and_never_by_month() -> None:
    shown = cut("rel_newcomer_replies", first_posts(30, 12), first_posts(24, 10, month=2), first_posts(9, 9, month=3),
                first_posts(20, 4, month=2, platform="slack"))  # fmt: skip
    again = "n_answered_old_enough n_second_post_answered n_unanswered_old_enough n_second_post_unanswered"
    assert figures(shown, again, period_kind="month") == [(None,) * 4] * 4
    head = "period_start period_end n_eligible n_observed_days is_complete"
    assert figures(shown, head, period_kind="history", platform="all") == [
        (date(2025, 1, 1), date(2025, 2, 28), 300, 56, True)
    ]  # fmt: skip
    assert figures(shown, again, period_kind="history", platform="all") == [(32, 16, 22, 11)]
    assert figures(shown, again, period_kind="history", platform="slack") == [(16, 8, None, None)]
    ratio = "second_post_answered_ratio second_post_answered_ratio_low second_post_answered_ratio_high"
    assert figures(shown, ratio, period_kind="history", platform="all") == [(0.5, *wilson_bounds(16, 32))]
    assert figures(shown, "second_post_unanswered_ratio", period_kind="history", platform="slack") == [(None,)]
    assert figures(shown, "n_newcomer_threads n_old_enough_2d answered_2d_ratio", period_kind="history") == [
        (None, None, None)
    ] * 2  # fmt: skip


# ---- responses and champions -----------------------------------------------------------------------------------------


def threads(n: int, starters: int, old: int | None = None, **more: Any) -> Row:
    row: Row = {"n_threads": n, "n_starters": starters, "n_answered": n // 2, "median_hours_to_reply": 5.0}
    for days in (1, 2, 5):
        size = n if old is None else old
        row |= {f"n_old_enough_{days}d": size, f"n_answered_{days}d": size // 2, f"answered_{days}d_ratio": 0.5}
    return row | more


def test_threads_of_nine_people_are_not_told() -> None:
    shown = cut("rel_responses", threads(40, 10), threads(40, 9, month=2), threads(0, 0, month=3))
    assert [row[0] for row in figures(shown, "n_threads")] == [40, None, 0]
    hidden = shown.filter(pl.col("period_start") == date(2025, 2, 1))
    assert all(hidden[name].is_null().all() for name in FIGURES["rel_responses"])
    young = cut("rel_responses", threads(40, 20, 9))
    assert figures(young, "n_threads n_old_enough_5d n_answered_5d answered_5d_ratio") == [(40, None, None, None)]


def test_no_platform_follows_from_the_total_and_the_others() -> None:
    chance = random.Random(5)
    n_hidden = 0
    for _ in range(60):
        sizes = {name: chance.choice([0, 3, 8, 12, 30, 60]) for name in "abcd"}
        total = sum(sizes.values())
        rows = [threads(2 * n, n, platform=name) for name, n in (sizes | {"all": total}).items()]
        shown = dict(cut("rel_responses", *rows).select("platform", "n_threads").rows())
        hidden = [name for name in sizes if shown[name] is None]
        n_hidden += len(hidden)
        assert {name for name, n in sizes.items() if 0 < n < 10} <= set(hidden)
        if shown["all"] is not None:
            assert sum(sizes[name] for name in hidden) == 0 or sum(sizes[name] for name in hidden) >= 10
        if total >= 10 and not any(0 < n < 10 for n in sizes.values()):
            assert not hidden
            assert shown["all"] == 2 * total
    assert n_hidden > 60


def test_one_hidden_platform_takes_only_the_smallest_other_with_it() -> None:
    sizes = {"a": 4, "b": 60, "c": 12, "d": 30, "all": 106}
    shown = cut("rel_responses", *(threads(n, n, platform=name) for name, n in sizes.items()))
    assert {row[0] for row in figures(shown.drop_nulls("n_threads"), "platform")} == {"b", "d", "all"}
    # of another month nothing has to be hidden
    months = ((1, sizes), (2, {"b": 60, "c": 11, "all": 71}))
    rows = (threads(n, n, platform=name, month=month) for month, of in months for name, n in of.items())
    later = cut("rel_responses", *rows)
    assert {row[0] for row in figures(later.drop_nulls("n_threads"), "platform", period_start=date(2025, 1, 1))} == {
        "b", "d", "all"
    }  # fmt: skip
    assert len(figures(later.drop_nulls("n_threads"), "platform", period_start=date(2025, 2, 1))) == 3


def asked(who: str, askers: int, answered: int, answerers: int, fewest: int | None, **more: Any) -> Row:
    return {"asked_by": who, "n_questions": 2 * answered + 5, "n_askers": askers, "n_answered": answered,
            "n_answerers": answerers, "n_champions": fewest, **more}  # fmt: skip


@pytest.mark.parametrize(("given", "told"), [
    ((50, 40, 20, 9), (40, 20, 9)),
    ((50, 40, 20, 3), (40, 20, 3)),
    ((50, 40, 20, 1), (40, 20, 3)),
    ((50, 40, 2, 2), (40, 3, 3)),
    ((50, 10, 8, 5), (10, 8, 5)),
    ((50, 9, 8, 5), (9, None, None)),
    ((50, 0, 0, None), (0, 0, None)),
    ((9, 40, 20, 9), (None, None, None)),
    ((10, 40, 20, 9), (40, 20, 9)),
])  # fmt: skip
def test_one_or_two_people_are_told_as_three(given: tuple[Any, ...], told: tuple[Any, ...]) -> None:
    assert figures(cut("rel_champions", asked("anybody", *given)), "n_answered n_answerers n_champions") == [told]


def test_newcomers_are_not_told_where_few_others_ask() -> None:
    def shown(anybody: int, newcomers: int) -> list[tuple[Any, ...]]:
        rows = cut("rel_champions", asked("anybody", anybody, 40, 20, 9), asked("newcomers", newcomers, 30, 15, 6))
        return figures(rows.sort("asked_by"), "asked_by n_champions n_questions")

    assert shown(50, 40) == [("anybody", 9, 85), ("newcomers", 6, 65)]
    assert shown(50, 41) == [("anybody", 9, 85), ("newcomers", None, None)]
    assert shown(50, 50) == [("anybody", 9, 85), ("newcomers", 6, 65)]
    assert shown(50, 9) == [("anybody", 9, 85), ("newcomers", None, None)]
    sizes = {"all": (60, 45), "slack": (29, 20)}
    rows = (asked(who, n, 40, 20, 9, platform=platform) for platform, pair in sizes.items()
            for who, n in zip(("anybody", "newcomers"), pair, strict=True))  # fmt: skip
    told = cut("rel_champions", *rows).drop_nulls("n_champions")
    assert set(told.select("platform", "asked_by").rows()) == {
        ("all", "anybody"), ("all", "newcomers"), ("slack", "anybody")
    }  # fmt: skip


# ---- first steps and spaces ------------------------------------------------------------------------------------------


def began(step: str, n: int, size: str = "any", **more: Any) -> Row:
    return {"step": step, "space_size": size, "n_starters": n, "n_followed": n, "n_on_5_8": n // 2, "n_on_9_12": n // 4,
            "n_unknown": 7, **more}  # fmt: skip


def company(small: int, large: int, *, months: int = 1, **steps: int) -> list[Row]:
    return [
        row | {"month": month}
        for month in range(1, months + 1)
        for row in [
            began("any", sum(steps.values())), began("any", small, "small"), began("any", large, "large"),
            *(began(step, n) for step, n in steps.items()), began("post", 2, "small"),
        ]
    ]  # fmt: skip


def lasting(shown: pl.DataFrame) -> dict[str, int | None]:
    rows = shown.select("step", "space_size", "n_followed").rows()
    return {(size if size != "any" else step): n for step, size, n in rows}


def test_first_steps_are_told_over_the_newest_twelve_months_together() -> None:
    shown = cut("rel_first_steps", *company(20, 30, months=14, reply=20, post=30))
    assert lasting(shown) == {"any": 600, "small": 240, "large": 360, "reply": 240, "post": 360}
    row = shown.filter(pl.col("step") == "reply").row(0, named=True)
    assert row["period_kind"] == "history"
    assert (row["period_start"], row["period_end"]) == (date(2025, 3, 1), date(2026, 2, 28))
    assert (row["start_ratio"], row["n_unknown"]) == (0.4, None)
    assert (row["start_ratio_low"], row["start_ratio_high"]) == wilson_bounds(240, 600)
    assert (row["weeks_5_8_ratio"], row["weeks_9_12_ratio"]) == (0.5, 0.25)
    assert (row["weeks_9_12_ratio_low"], row["weeks_9_12_ratio_high"]) == wilson_bounds(60, 240)


def test_months_that_are_unknown_are_not_pooled() -> None:
    unknown = dict.fromkeys(("n_starters", "n_followed", "n_on_5_8", "n_on_9_12"))
    rows = company(20, 30, months=2, reply=20, post=30)
    shown = cut("rel_first_steps", *rows, *(row | unknown | {"month": 3} for row in rows[:5]))
    assert lasting(shown)["any"] == 100
    assert shown["period_end"].unique().to_list() == [date(2025, 2, 28)]


@pytest.mark.parametrize(("steps", "told"), [
    ({"reply": 40, "post": 30, "page": 10}, {"reply", "post", "page"}),
    ({"reply": 40, "post": 30, "page": 9}, {"reply"}),
    ({"reply": 40, "post": 30, "page": 9, "share": 9}, {"reply"}),
    ({"reply": 40, "post": 30, "page": 0}, {"reply", "post", "page"}),
    ({"reply": 9, "post": 0, "page": 0}, {"post", "page"}),
])  # fmt: skip
def test_a_step_of_few_is_hidden_with_the_smallest_other(steps: dict[str, int], told: set[str]) -> None:
    n = sum(steps.values())
    shown = cut("rel_first_steps", *company(n, 0, **steps))
    known = lasting(shown)
    assert {step for step in steps if known[step] is not None} == told
    assert (known["any"] is None) == (n < 10)
    counts = shown.filter(pl.col("space_size") == "any", pl.col("step") != "any")["n_starters"]
    assert counts.is_null().any() == (n < 10)
    hidden = shown.filter(pl.col("n_followed").is_null())
    for name in ("n_on_5_8", "n_on_9_12", "weeks_5_8_ratio", "weeks_5_8_ratio_high", "weeks_9_12_ratio"):
        assert hidden[name].is_null().all()


@pytest.mark.parametrize(("small", "large", "told"), [
    (40, 60, {"small", "large"}),
    (30, 60, {"small", "large"}),  # ten began in a space of unknown size
    (31, 60, {"large"}),  # nine did
    (60, 35, {"small"}),
    (5, 95, set()),
    (0, 100, {"small", "large"}),
])  # fmt: skip
def test_no_size_of_few_follows_either(small: int, large: int, told: set[str]) -> None:
    known = lasting(cut("rel_first_steps", *company(small, large, reply=60, post=40)))
    assert {size for size in ("small", "large") if known[size] is not None} == told


def test_nine_public_spaces_are_not_told() -> None:
    def spaces(n: int, **more: Any) -> Row:
        return {"n_spaces": n, "n_alive": n, "n_left": 1, "left_ratio": 1 / n, "n_on_one": 2, **more}

    shown = cut("rel_stewardship", spaces(10), spaces(9, month=2), spaces(30, month=3),
                spaces(24, month=3, platform="a"), spaces(6, month=3, platform="b"))  # fmt: skip
    assert figures(shown, "n_spaces n_left n_on_one", platform="all") == [(10, 1, 2), (None, None, None), (30, 1, 2)]
    assert figures(shown, "n_spaces left_ratio", platform="a") == [(None, None)]
    assert figures(shown, "n_spaces", platform="b") == [(None,)]


# ---- purposes and lives ----------------------------------------------------------------------------------------------


def test_a_use_of_few_people_is_hidden_with_the_next_smallest_both_ways() -> None:
    rows = [{"platform": platform, "purpose": purpose, "n_spaces": 1, "n_contributors": n, "n_contributions": 3 * n}
            for platform, purpose, n in (
                ("all", "ideas", 34), ("all", "events", 50), ("all", "learning", 70),
                ("slack", "ideas", 4), ("slack", "events", 20), ("slack", "learning", 40),
                ("yammer", "ideas", 30), ("yammer", "events", 31), ("yammer", "learning", 35),
            )]  # fmt: skip
    shown = cut("rel_purposes", *rows).select("platform", "purpose", "n_contributors", "n_contributions", "n_spaces")
    hidden = {(platform, purpose) for platform, purpose, n, _, _ in shown.rows() if n is None}
    assert hidden == {("slack", "ideas"), ("slack", "events"), ("yammer", "ideas")}
    assert {row[2] is None for row in shown.rows()} == {row[3] is None for row in shown.rows()} == {True, False}
    assert shown["n_spaces"].to_list() == [1] * 9


def test_the_fate_of_few_spaces_is_not_told() -> None:
    head = {"period_kind": "history", "subject": "page"}
    rows = [{**head, "platform": name, "n_followed": n, "n_ended": n // 2} for name, n in
            (("all", 61), ("confluence", 21), ("mediawiki", 9), ("wordpress", 31))]  # fmt: skip
    shown = cut("rel_space_life", *rows)
    assert shown.select("platform", "n_ended").rows() == [
        ("all", 30), ("confluence", None), ("mediawiki", None), ("wordpress", 15),
    ]  # fmt: skip
    assert shown["n_followed"].to_list() == [61, 21, 9, 31]
