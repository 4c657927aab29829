"""The card of units on platforms: what is grey says why, no unit is named in the headline."""

import polars as pl
import pytest

from dashboards.cards.unit_platforms import GREY, unit_platforms_card
from dashboards.headlines.unit_platforms import unit_platforms
from dashboards.released import Released
from dashboards.words import NBSP

Variants = dict[str, dict[str, pl.DataFrame]]
IN = "in October 2026"


@pytest.mark.parametrize(
    ("shares", "text"),
    [
        ({}, f"Of no two units on a platform a share can be told for {IN[3:]}"),
        ({"Slack": [0.2]}, f"Of no two units on a platform a share can be told for {IN[3:]}"),
        (
            {"Slack": [0.2, 0.35, 0.3], "Yammer": [0.1, 0.4], "Wiki": []},
            f"Units lie furthest apart on Yammer: between 10% and 40% of a unit\u2019s people contributed there {IN}",
        ),
        ({"Slack": [0.2, 0.2]}, f"On each platform the same share of every unit that can be told contributed {IN}"),
    ],
)
def test_the_platform_is_named_on_which_units_differ_most(shares: dict[str, list[float]], text: str) -> None:
    assert unit_platforms(shares, period=IN[3:]) == text


def test_a_cell_holds_a_share_a_band_or_that_nothing_is_told(variants: Variants) -> None:
    tables = variants["full"]
    rows = tables["rel_unit_platforms"]
    sales = (pl.col("unit") == rows["unit"][1]) & (pl.col("platform") == "slack")
    nothing = [pl.when(~sales).then(pl.col(name)).alias(name) for name in rows.columns if name.startswith("contribut")]
    card = unit_platforms_card(Released(tables | {"rel_unit_platforms": rows.with_columns(nothing)}))
    assert card.relation
    assert card.figure is None
    assert [column.title for column in card.relation.columns] == ["Unit", "People", "MediaWiki", "Slack"]
    cells = {row[0].text: [cell.text for cell in row[1:]] for row in card.relation.rows()}
    first, second = rows["unit"][0], rows["unit"][1]
    assert cells[first] == ["80", "10%", "at most 10%"]
    assert cells[second] == ["80", "10%", "not told"]
    assert list(cells)[-1] == "Other units"
    assert GREY in card.note
    assert card.headline.replace(NBSP, " ").startswith("Units lie furthest apart on")
    assert not any(unit in card.headline for unit in cells)


def test_without_a_whole_month_or_a_told_cell_there_is_no_table(variants: Variants) -> None:
    tables = variants["full"]
    for rows in (tables["rel_unit_platforms"].clear(), tables["rel_unit_platforms"].with_columns(is_complete=False)):
        card = unit_platforms_card(Released(tables | {"rel_unit_platforms": rows}))
        assert card.relation is None
        assert card.headline == "How much units contribute on each platform cannot be told yet"
