"""The data page: definitions, what is declared, the same people under other definitions."""

from datetime import date

import polars as pl

from dashboards import words
from dashboards.other_definitions import multiverse
from dashboards.pages import data
from dashboards.released import Released
from models.metrics import MARTS, METRICS, mart_of
from models.metrics.definitions import DEFINITIONS
from models.schemas.released import WITHHOLDING_REASONS
from tests.dashboards.conftest import Tables
from tests.dashboards.test_site import Document, Site, cards, read


def test_every_released_metric_has_an_anchor_and_every_card_links_to_one(
    sites: Site, variants: dict[str, Tables]
) -> None:
    source = read(sites("full"), "data")
    ids = set(Document(source).ids())
    shown = {metric.id for metric in METRICS if MARTS[mart_of(metric)].released_as}
    unshown = {metric.id for metric in METRICS} - shown
    assert shown <= ids
    assert not unshown & ids
    assert f"{len(unshown)} more measures" in source
    used = {metric for card in cards(variants["full"]) for metric in card.metrics}
    assert used <= shown


def test_what_is_declared_is_listed_and_changes_nothing(sites: Site) -> None:
    source = read(sites("full"), "data")
    for text in ("Share of people who contribute", "set by the board", "What no export can tell", "release.xlsx"):
        assert text in source
    assert "Nothing is declared in turnout.toml" in read(sites("few_executives"), "data") or "the board" in source


def test_the_table_of_definitions_has_a_share_or_the_reason_why_not(variants: dict[str, Tables]) -> None:
    relation = multiverse(Released(variants["full"]))
    assert relation is not None
    platforms = [column.title for column in relation.columns[3:]]
    rows = {tuple(cell.text for cell in row[:3]): [cell.text for cell in row[3:]] for row in relation.rows()}
    assert len(rows) == len(DEFINITIONS)
    turnout = rows["Turnout", "Who contributes", "28 days"]
    assert turnout == [words.percent(0.25)] * len(platforms)
    reading = [cells for (whose, counts, _), cells in rows.items() if whose == "Zulip"]
    assert reading == [["reading not known"] * len(platforms)]
    swoop = next(cells for (whose, _, window), cells in rows.items() if (whose, window) == ("SWOOP", "28 days"))
    assert dict(zip(platforms, swoop, strict=True))["Slack"] == words.percent(0.25)
    assert set(swoop) == {"reactions not known", words.percent(0.25)}
    assert multiverse(Released(variants["empty"])) is None


def test_every_reason_for_holding_back_has_words_and_how_much_it_concerns(variants: dict[str, Tables]) -> None:
    assert set(data.REASONS) == set(WITHHOLDING_REASONS)
    schema = variants["full"]["rel_withheld"].schema
    rows = pl.DataFrame(
        [
            ("rel_contributor_ratios", "ends_as_bands", None, 46, 3),
            ("rel_contributor_ratios", "one_person_dominates", None, 1, 25),
            ("rel_contributor_ratios", "small_units_merged", 2, None, 10),
            ("rel_executive_participation", "follows_from_total", None, None, 3),
        ],
        schema={name: schema[name] for name in ("released_table", "reason", "n_units", "n_figures", "minimum")},
        orient="row",
    )
    page = data.build(Released(variants["full"] | {"rel_withheld": rows}))
    assert page.extra
    said = [[cell.text for cell in row] for row in page.extra["withheld"]]
    assert [row[2] for row in said] == ["46 figures", "1 figure", "2 units", "\u2013"]
    assert "fewer than 3 people" in said[0][1]
    assert "within 25%" in said[1][1]
    assert said[3][0] == "Executives"


def test_the_rules_are_told_with_the_thresholds_of_the_run(variants: dict[str, Tables]) -> None:
    page = data.build(Released(variants["full"]))
    assert page.extra
    rules = dict(page.extra["rules"])
    assert "any number from 23 to 27" in rules["Counts of people"]
    assert "fewer than 3 people" in rules["Ends"]
    assert "at least 12 people (5 executives)" in rules["Sums"]
    assert "at least 25%" in rules["Sums"]
    assert "from 120 people on, that of 1% from 1,200" in rules["The most active"]
    assert ("A unit on its own", 12, "people") in page.extra["thresholds"]


def test_other_definitions_of_few_people_are_told_as_a_band(variants: dict[str, Tables]) -> None:
    band = {"n_active": None, "active_ratio": None, "active_ratio_low": 0.0, "active_ratio_high": 0.3}
    rows = variants["full"]["rel_definitions"]
    rows = rows.with_columns(pl.lit(value, rows.schema[name]).alias(name) for name, value in band.items())
    relation = multiverse(Released(variants["full"] | {"rel_definitions": rows}))
    assert relation is not None
    assert {cell.text for row in relation.rows() for cell in row[3:]} == {"at most 30%"}


def test_closed_periods_that_were_told_anew_are_listed(variants: dict[str, Tables]) -> None:
    shape = variants["full"]["rel_revision"].schema
    rows = pl.DataFrame(
        [
            ("rel_active_users", "month", date(2026, 1, 1), "all", date(2026, 1, 31), 2, date(2026, 3, 31)),
            ("rel_active_users", "month", date(2026, 2, 1), "all", date(2026, 2, 28), 3, date(2026, 2, 28)),
            ("rel_active_users", "month", date(2026, 2, 1), "slack", date(2026, 2, 28), 2, date(2026, 2, 28)),
        ],
        schema=shape,
        orient="row",
    )
    listed = data._told_anew(Released(variants["full"] | {"rel_revision": rows}))
    assert [[cell.text for cell in row] for row in listed] == [
        ["Active people", "3 months", f"{words.day(date(2026, 1, 1))} to {words.day(date(2026, 2, 28))}",
         words.day(date(2026, 3, 31))]
    ]  # fmt: skip
    assert data._told_anew(Released(variants["empty"])) == []
