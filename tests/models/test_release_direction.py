"""What may be seen of who goes first and of layers of management: groups only, and nothing by subtraction."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from models.analyses.cascade import with_stop
from models.metrics.cascade import CANNOT_TELL, DROPS, GOES_ON
from models.release import ROSTER_TOO_SMALL, Policy
from models.release.breakdown import release_breakdown
from models.release.direction import FEW_LEADERS, NEXT_NOT_SHOWN, release_cascade, release_direction
from models.schemas.marts import MART_SCHEMAS
from models.statistics.intervals import wilson_bounds
from tests.models.test_release_breakdown import NOBODY

Row = dict[str, Any]
AS_OF = date(2024, 3, 31)
HEAD = ("period_kind", "period_start", "period_end", "platform", "unit", "is_complete", "n_observed_days")
NONE_OUTNUMBERED = pl.DataFrame(
    schema={"period_kind": pl.String, "period_start": pl.Date, "period_end": pl.Date, "platform": pl.String}
)


def frame(table: str, rows: list[Row]) -> pl.DataFrame:
    """Rows as a valid mart."""
    schema = {name: column.dtype.type for name, column in MART_SCHEMAS[table].to_schema().columns.items()}
    filled = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
    return MART_SCHEMAS[table].validate(filled)


def direction(**changes: object) -> Row:
    """An answer over 24 executives, 16 of whom change."""
    return {
        "period_kind": "history", "period_start": date(2023, 1, 2), "period_end": AS_OF, "platform": "all",
        "unit": "all", "is_complete": False, "n_observed_days": 400, "n_eligible": 900, "verdict": "people follow",
        "reason": None, "n_leaders": 24, "n_changing_leaders": 16, "n_weeks": 50, "people_follow_pp": 5.0,
        "people_follow_p": 0.001, "leaders_follow_pp": 1.0, "leaders_follow_p": 0.4, "lean": 0.1, "lean_p": 0.01,
    } | changes  # fmt: skip


def released(*rows: Row, outnumbered: tuple[str, ...] = (), policy: Policy | None = None) -> list[Row]:
    mart = frame("mart_direction", list(rows))
    return release_direction(mart, outnumbered, as_of=AS_OF, policy=policy or Policy()).to_dicts()


HIDDEN = {"n_leaders", "n_changing_leaders", "n_weeks", "people_follow_pp", "leaders_follow_p", "lean", "lean_p"}


def test_an_answer_over_enough_executives_is_released() -> None:
    (row,) = released(direction())
    assert row == frame("mart_direction", [direction()]).row(0, named=True)


@pytest.mark.parametrize(
    ("given", "outnumbered", "policy", "reason"),
    [
        (direction(n_changing_leaders=9), (), None, FEW_LEADERS),
        (direction(), (), Policy(min_group=17), FEW_LEADERS),
        (direction(), ("all",), None, ROSTER_TOO_SMALL),
        (direction(verdict="not estimable", reason="too few weeks in a row are observed", n_needed_leaders=10), (),
         None, "too few weeks in a row are observed"),
    ],
)  # fmt: skip
def test_of_a_refusal_only_the_reason_and_the_need_are_released(
    given: Row, outnumbered: tuple[str, ...], policy: Policy | None, reason: str
) -> None:
    (row,) = released(given, outnumbered=outnumbered, policy=policy)
    assert (row["verdict"], row["reason"]) == ("not estimable", reason)
    assert [name for name in HIDDEN if row[name] is not None] == []
    assert row["n_needed_leaders"] == given.get("n_needed_leaders")


@pytest.mark.parametrize(("n_changing", "shown"), [(24, 24), (23, None), (22, None), (21, 21), (10, 10)])
def test_one_or_two_who_never_change_are_not_counted(n_changing: int, shown: int | None) -> None:
    (row,) = released(direction(n_changing_leaders=n_changing))
    assert (row["n_changing_leaders"], row["verdict"]) == (shown, "people follow")


def test_small_organisations_open_ones_and_other_platforms_are_apart() -> None:
    assert released(direction(n_eligible=9)) == []
    assert released(direction(period_end=date(2024, 4, 1))) == []
    rows = released(direction(platform="b"), direction(platform="a"), outnumbered=("a",))
    assert [(row["platform"], row["verdict"]) for row in rows] == [("a", "not estimable"), ("b", "people follow")]


# ---- layers ----------------------------------------------------------------------------------------------------------


def layers(*sizes: int, n_without_layer: int = 0, **changes: object) -> list[Row]:
    """A month in which about two in five of each layer contribute, with 20 managers and 40 reports in each."""
    rows = []
    for layer, n in enumerate(sizes):
        low, high = wilson_bounds(2 * n // 5, n)
        rows.append({
            "period_kind": "month", "period_start": date(2024, 3, 1), "period_end": AS_OF, "platform": "all",
            "unit": "all", "is_complete": True, "n_observed_days": 31, "n_eligible": n, "layer": layer,
            "n_contributors": 2 * n // 5, "contributor_ratio": 2 * n // 5 / n if n else None,
            "contributor_ratio_low": low, "contributor_ratio_high": high, "n_without_layer": n_without_layer,
            "drop_pp": 20.0, "drop_pp_low": 12.0, "drop_pp_high": 28.0, "verdict": DROPS, "stops_at": 1,
            "association_pp": 9.0, "association_pp_low": 2.0, "association_pp_high": 15.0, "association_p": 0.01,
            "association_minimum_pp": 8.0, "n_managers": 20, "n_active_managers": 8, "n_reports": 40, **changes,
        })  # fmt: skip
    return rows


def cut(rows: list[Row], outnumbered: pl.DataFrame = NONE_OUTNUMBERED) -> list[Row]:
    """What is released of the layers, beside the breakdown of the same people."""
    mart, breakdown = frame("mart_cascade", rows), breakdown_of(rows)
    return release_cascade(mart, breakdown, outnumbered, as_of=AS_OF, policy=Policy()).to_dicts()


def breakdown_of(rows: list[Row]) -> pl.DataFrame:
    """The released breakdown by layer, and by locations that have the names of layers."""
    sizes = {str(row["layer"]): row["n_eligible"] for row in rows}
    sizes |= {"(unknown)": rows[0]["n_without_layer"]} if rows[0]["n_without_layer"] else {}
    head = {name: rows[0][name] for name in HEAD}
    values = [
        head | {"dimension": dimension, "value": value, "n_eligible": n, "n_contributors": 2 * n // 5}
        for dimension, of in (("layer", sizes), ("location", dict.fromkeys(sizes, 60))) for value, n in of.items()
    ]  # fmt: skip
    return release_breakdown(frame("mart_breakdown", values), [], NOBODY, as_of=AS_OF, policy=Policy())


@pytest.mark.parametrize(("n_without_layer", "told"), [(0, 0), (12, None)])
def test_those_without_a_layer_are_not_counted_where_small_layers_could_be_told_apart(
    n_without_layer: int, told: int | None
) -> None:
    assert {row["n_without_layer"] for row in cut(layers(40, 60, 80, n_without_layer=n_without_layer))} == {told}


@pytest.mark.parametrize(
    ("sizes", "n_without_layer", "shown"),
    [
        ((1, 10, 40, 100), 0, [2, 3]),  # the top and the next are a group of 11
        ((1, 8, 40, 100), 0, [3]),  # they are 9: the third joins them
        ((12, 40, 100), 0, [1, 2]),  # the top is never shown, be it large
        ((0, 40, 100, 60), 0, [1, 2, 3]),
        ((0, 40, 100, 60), 7, [2, 3]),  # seven of no layer: all but the shown would be them
        ((1, 5), 0, []),
        ((1, 9, 9, 60), 0, [3]),
    ],
)
def test_layers_are_shown_that_the_breakdown_shows(
    sizes: tuple[int, ...], n_without_layer: int, shown: list[int]
) -> None:
    assert [row["layer"] for row in cut(layers(*sizes, n_without_layer=n_without_layer))] == shown


def test_nothing_follows_beyond_the_breakdown() -> None:
    """A layer that the breakdown holds back for the sake of another month is held back here, however large it is."""
    rows = layers(1, 12, 40, 100)
    february = {"period_start": date(2024, 2, 1), "period_end": date(2024, 2, 29)}
    before = [row | february for row in layers(1, 9, 40, 100)]
    both = pl.concat([breakdown_of(rows), breakdown_of(before)])
    named = both.filter((pl.col("period_start") == date(2024, 2, 1)) | (pl.col("value") != "1"))
    found = release_cascade(
        frame("mart_cascade", rows + before), named, NONE_OUTNUMBERED, as_of=AS_OF, policy=Policy()
    )  # fmt: skip
    assert found.select("period_start", "layer").rows() == [
        (start, layer) for start in (date(2024, 2, 1), date(2024, 3, 1)) for layer in (2, 3)
    ]


def test_a_drop_to_a_layer_that_is_not_shown_is_not_told() -> None:
    rows = cut(layers(1, 10, 40, 12, 4, 100))
    assert [(row["layer"], row["drop_pp"], row["verdict"], row["reason"], row["stops_at"]) for row in rows] == [
        (2, 20.0, DROPS, None, 2), (3, None, CANNOT_TELL, NEXT_NOT_SHOWN, 2), (5, None, CANNOT_TELL, NEXT_NOT_SHOWN, 2)
    ]  # fmt: skip
    assert rows[0]["association_pp"] == 9.0
    both = cut(layers(1, 10, 40, 100))
    assert [(row["drop_pp"], row["verdict"], row["stops_at"]) for row in both] == [
        (20.0, DROPS, 2), (None, CANNOT_TELL, 2)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "is_told", "is_counted"),
    [
        ({}, True, True),
        ({"n_managers": 9}, False, False),
        ({"n_reports": 9}, False, False),
        ({"n_managers": 38}, True, False),  # two of the layer lead nobody: they would follow
        ({"n_managers": 40}, True, True),
        ({"n_managers": 30}, True, True),
        ({"n_managers": 31}, True, False),
    ],
)
def test_few_managers_or_reports_are_not_told(changes: Row, is_told: bool, is_counted: bool) -> None:
    row = cut(layers(1, 10, 40, 100, **changes))[0]
    told = [row[name] is not None for name in ("association_pp", "association_pp_low", "association_p", "n_managers",
                                               "n_reports", "association_minimum_pp")]  # fmt: skip
    assert told == [is_told] * 6
    assert (row["n_active_managers"] is not None) == is_counted


def test_open_months_and_those_of_a_roster_that_lacks_people_are_not_told() -> None:
    assert cut([row | {"period_end": date(2024, 4, 1)} for row in layers(1, 10, 40, 100)]) == []
    month = pl.DataFrame([{"period_kind": "month", "period_start": date(2024, 3, 1), "period_end": AS_OF,
                           "platform": "all"}])  # fmt: skip
    assert cut(layers(1, 10, 40, 100), month) == []
    assert len(cut(layers(1, 10, 40, 100), month.with_columns(platform=pl.lit("slack")))) == 2


def test_the_stop_is_the_first_layer_below_which_it_drops() -> None:
    rows = layers(1, 10, 40, 100, 200)
    rows[1] |= {"verdict": GOES_ON}
    rows[2] |= {"verdict": CANNOT_TELL}
    other = [row | {"period_start": date(2024, 2, 1), "verdict": GOES_ON} for row in rows]
    found = with_stop(frame("mart_cascade", [rows[4], *other, *rows[:4]]).filter(pl.col("layer") > 0))
    assert set(found.filter(pl.col("period_start") == date(2024, 3, 1))["stops_at"]) == {3}
    assert set(found.filter(pl.col("period_start") == date(2024, 2, 1))["stops_at"]) == {None}
