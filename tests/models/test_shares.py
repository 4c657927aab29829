"""What is withheld where the roster is too small, and what is said of groups that are too small."""

import re
from datetime import date

import polars as pl
import pytest

from models.release import Policy, withheld
from models.schemas import TABLES
from models.shares import withhold_shares
from models.withholding import notes

MONTH, END = date(2026, 1, 1), date(2026, 1, 31)
KEPT = {"period_kind", "period_start", "period_end", "platform", "unit", "is_complete", "n_observed_days", "n_eligible",
        "n_outside", "is_executive"}  # fmt: skip


def rows(table: str, *given: dict[str, object]) -> pl.DataFrame:
    """Rows in which every figure is 1, of a complete month of all platforms where nothing else is given."""
    columns = TABLES[table].to_schema().columns
    usual = dict.fromkeys(columns, 1) | {
        "period_kind": "month", "period_start": MONTH, "period_end": END, "platform": "all", "unit": "all",
        "is_complete": True, "is_executive": False,
    }  # fmt: skip
    filled = [{name: (usual | row)[name] for name in columns} for row in given]
    return pl.DataFrame(filled, schema={name: column.dtype.type for name, column in columns.items()})


def outnumbered(*platforms: str, kind: str = "month") -> pl.DataFrame:
    schema = {"period_kind": pl.String, "period_start": pl.Date, "period_end": pl.Date, "platform": pl.String}
    return pl.DataFrame([(kind, MONTH, END, platform) for platform in platforms], schema=schema, orient="row")


@pytest.mark.parametrize("row", ["B106"])
@pytest.mark.parametrize("table", ["rel_active_users", "rel_contributor_ratios", "rel_executive_participation"])
def test_every_figure_about_people_is_unknown_in_all_units_and_the_rest_stays(row: str, table: str) -> None:
    given = rows(table, {"platform": "slack"}, {}, {"unit": "Sales"}, {"period_kind": "week"}, {"platform": "yammer"})
    left = withhold_shares(given, outnumbered("all", "slack"))
    assert left.schema == given.schema
    for name in KEPT & set(given.columns):
        assert left[name].to_list() == given[name].to_list()
    for name in set(given.columns) - KEPT:
        assert left[name].to_list() == [None, None, None, 1, 1], name
    assert withhold_shares(given, outnumbered()).equals(given)
    assert TABLES[table].validate(left).equals(left)


@pytest.mark.parametrize("row", ["B106"])
def test_days_of_such_a_week_or_month_are_unknown_too(row: str) -> None:
    days = [date(2025, 12, 31), MONTH, END, date(2026, 2, 1)]
    given = rows("rel_active_users", *({"period_kind": "day", "period_start": day, "period_end": day} for day in days))
    left = withhold_shares(given, pl.concat([outnumbered("all"), outnumbered("all", kind="week")]))
    assert left["n_contributors_28d"].to_list() == [1, None, None, 1]
    assert withhold_shares(given, outnumbered("slack")).equals(given)


def executives(*sizes: int) -> pl.DataFrame:
    """Executives of so many people in one month each, and a hundred others."""
    months = [{"period_start": date(2026, 1, 1 + i), "period_end": date(2026, 1, 1 + i)} for i in range(len(sizes))]
    return rows(
        "mart_executive_participation",
        *(month | {"is_executive": True, "n_eligible": n} for month, n in zip(months, sizes, strict=True)),
        *(month | {"n_eligible": 100} for month in months),
    )


def said(group: pl.DataFrame, merged: list[str], min_group: int = 10) -> list[str]:
    users = rows("mart_active_users", {"n_eligible": 500})
    return notes(withheld(users, group, merged, as_of=END, policy=Policy(min_group=min_group)))


@pytest.mark.parametrize("row", ["B107"])
@pytest.mark.parametrize(
    ("sizes", "is_said"), [((1,), True), ((4,), True), ((5,), False), ((0,), False), ((6, 4), True)]
)
def test_executives_are_said_to_be_too_few_only_where_there_are_some(
    row: str, sizes: tuple[int, ...], is_said: bool
) -> None:
    lines = said(executives(*sizes), [])
    assert len(lines) == is_said
    assert all(re.match(r"PPL-PRV-010 .*executive group has fewer than 5 people", line) for line in lines)


@pytest.mark.parametrize("row", ["B108"])
def test_units_are_said_to_be_merged_without_names_and_sizes(row: str) -> None:
    (line,) = said(executives(7), ["SECRET", "larger"], min_group=12)
    assert line.startswith("PPL-PRV-011 units: some have fewer than 12 people")
    assert "SECRET" not in line
    assert re.findall(r"\d+", line.removeprefix("PPL-PRV-011")) == ["12"]
    assert said(executives(7), []) == []
