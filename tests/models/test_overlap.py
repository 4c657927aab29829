"""Groups that are nearly the same people are not both shown."""

from datetime import date

import polars as pl

from models.release import Policy
from models.release.breakdown import OTHERS, release_breakdown
from models.release.overlap import nearly_the_same
from models.schemas import TABLES

MONTH, AS_OF = date(2026, 1, 1), date(2026, 1, 31)


def people(*groups: tuple[int, str, str, str]) -> pl.DataFrame:
    """So many people of a unit, location and layer; one department a unit, one band of tenure, no executives."""
    rows = [
        {"period_start": MONTH, "person_id": f"{at}-{n}", "unit": unit, "location": location, "layer": layer}
        for at, (n_people, unit, location, layer) in enumerate(groups) for n in range(n_people)
    ]  # fmt: skip
    return pl.DataFrame(rows).with_columns(
        organisation=pl.lit("everybody"), is_executive=pl.lit("false"), department=pl.col("unit") + " / one",
        tenure=pl.lit("unknown"),
    )  # fmt: skip


def pairs(of: pl.DataFrame) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    return nearly_the_same(of, ["unit", "location"], 10)


def test_a_place_that_holds_all_but_few_of_a_unit_is_nearly_that_unit():
    of = people((47, "Sales", "Bern", "3"), (3, "Sales", "Rome", "3"), (60, "Law", "Rome", "3"))
    assert pairs(of) == [
        (("unit", "Law"), ("location", "Rome")), (("unit", "Sales"), ("location", "Bern")),
    ]  # fmt: skip


def test_the_same_people_are_no_secret_of_each_other():
    assert pairs(people((50, "Sales", "Bern", "3"), (60, "Law", "Rome", "3"))) == []


def test_groups_that_differ_by_a_group_are_shown():
    of = people((40, "Sales", "Bern", "3"), (10, "Sales", "Rome", "3"), (60, "Law", "Rome", "3"))
    assert pairs(of) == []


def test_groups_that_share_few_are_far_apart():
    of = people((50, "Sales", "Bern", "3"), (60, "Law", "Rome", "3"), (2, "Law", "Bern", "3"), (20, "Law", "Oslo", "3"))
    assert pairs(of) == [(("unit", "Sales"), ("location", "Bern"))]


def breakdown(of: pl.DataFrame) -> pl.DataFrame:
    columns = TABLES["mart_breakdown"].to_schema().columns
    counted = [
        of.group_by(pl.col(dimension).alias("value"), pl.col("unit") if dimension == "department" else pl.lit("all"))
        .len("n_eligible").with_columns(dimension=pl.lit(dimension))
        for dimension in ("department", "layer", "location", "tenure")
    ]  # fmt: skip
    rows = pl.concat([one.rename({one.columns[1]: "unit"}) for one in counted])
    usual = {
        "period_kind": "month", "period_start": MONTH, "period_end": AS_OF, "platform": "all", "is_complete": True,
        "n_observed_days": 31, "n_contributors": 5,
    }  # fmt: skip
    schema = {name: column.dtype.type for name, column in columns.items()}
    return pl.DataFrame([{name: (usual | row).get(name) for name in columns} for row in rows.to_dicts()], schema=schema)


def released(of: pl.DataFrame, dimension: str, policy: Policy = Policy()) -> list[tuple[str, int]]:  # noqa: B008
    rows = release_breakdown(breakdown(of), [], of, as_of=AS_OF, policy=policy)
    return sorted(rows.filter(pl.col("dimension") == dimension).select("value", "n_eligible").rows())


def test_a_place_that_is_nearly_a_unit_is_shown_with_others():
    of = people(
        (47, "Sales", "Bern", "3"), (3, "Sales", "Rome", "3"), (60, "Law", "Rome", "3"), (50, "Law", "Oslo", "3"),
    )  # fmt: skip
    # Bern is Sales without 3; with the next smallest place it is far from every unit
    assert released(of, "location") == [(OTHERS, 97), ("Rome", 63)]
    off = Policy(without=frozenset({"overlap"}))
    assert released(of, "location", off) == [("Bern", 47), ("Oslo", 50), ("Rome", 63)]


def test_a_dimension_is_left_out_where_no_merging_helps():
    of = people((47, "Sales", "Bern", "3"), (3, "Sales", "Rome", "3"), (60, "Law", "Rome", "3"))
    # both places together are everybody, which differs from nothing: one value, as told as the organisation
    assert released(of, "location") == [(OTHERS, 110)]


def test_layers_that_are_nearly_the_executives_are_shown_with_others():
    of = people(
        (3, "Sales", "Bern", "1"), (20, "Sales", "Bern", "2"), (80, "Law", "Rome", "3"), (70, "Law", "Rome", "4"),
    )  # fmt: skip
    is_executive = pl.when(pl.col("layer").is_in(["1", "2"])).then(pl.lit("true")).otherwise("is_executive")
    executives = of.with_columns(is_executive=is_executive)
    # layer 2 is the executives without 3; layers 1 and 2 together are the executives
    assert released(executives, "layer") == [(OTHERS, 23), ("3", 80), ("4", 70)]
