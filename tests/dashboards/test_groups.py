"""What pages say of groups: told in fives, at the ends as a band, held back, and never more than the release tells."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from dashboards import headlines, words
from dashboards.cards import UNOBSERVED, UNOBSERVED_OR_UNTOLD, UNTOLD, Card, describe
from dashboards.cards.groups import IN_FIVES, group_note
from dashboards.cards.platform import platform_card
from dashboards.cards.time import gap_key, open_keys
from dashboards.cards.units import units_card
from dashboards.figures.dots import dots
from dashboards.figures.lines import Series, lines
from dashboards.kpis import key_figures
from dashboards.pages import active, contributors, executives, overview
from dashboards.relation import Column, Relation
from dashboards.released import Released
from models.comparison import Share

Tables = dict[str, pl.DataFrame]
LAST = date(2026, 10, 1)
"""The last complete month of the made-up company."""
RATIO = "contributor_ratio"


def test_bands_and_counts_in_words() -> None:
    assert words.band(0.0, 0.3) == "at most 30%"
    assert words.band(0.7, 1.0) == "at least 70%"
    assert words.band(None, None) == words.band(None, 1.0) == ""
    assert words.of(25, 40, is_coarse=True) == "about 25 of 40"
    assert words.of(481, 1191) == "481 of 1,191"
    assert words.count(25, "person", "people", is_coarse=True) == "about 25 people"
    assert (words.told(0.04), words.told(0.043), words.told(0.6)) == ("4%", "4.3%", "60%")


def months(*rows: tuple[float | None, float | None, float | None, int]) -> Relation:
    """Share, bounds and observed days of months from May on, all complete."""
    frame = pl.DataFrame(
        [
            {"period_start": date(2026, 5 + i, 1), "period_end": date(2026, 5 + i, 28), "is_complete": days > 0,
             "n_observed_days": days, "ratio": value, "low": low, "high": high, "is_coarse": True}
            for i, (value, low, high, days) in enumerate(rows)
        ],
        schema_overrides={"ratio": pl.Float64, "low": pl.Float64, "high": pl.Float64},
    )  # fmt: skip
    columns = (
        Column("period_start", "Month", "month"),
        Column("ratio", "Share", "ratio", bounds=("low", "high")),
        Column("low", "from", "ratio", missing="-"),
        Column("high", "to", "ratio", missing="-"),
    )
    return Relation("Months", columns, frame, newest_first=False)


GIVEN = ((0.25, 0.1, 0.4, 28), (None, 0.0, 0.3, 28), (None, None, None, 28), (None, None, None, 0))


def test_a_cell_says_the_band_or_why_there_is_none() -> None:
    cells = [row[1] for row in months(*GIVEN).rows()]
    assert [cell.text for cell in cells] == ["25%", "at most 30%", "not told", "not observed"]
    assert [cell.value for cell in cells] == ["0.25", None, None, None]


def test_the_note_speaks_of_bands_only_where_there_are_some() -> None:
    assert group_note(months(GIVEN[0])) == IN_FIVES
    assert "at least" in group_note(months(*GIVEN))


def test_the_description_counts_bands() -> None:
    said = describe("Line chart", months(*GIVEN), ["ratio"], period="month")
    assert "Of 1 value only \u201cat most\u201d or \u201cat least\u201d is told." in said
    assert "only" not in describe("Line chart", months(GIVEN[0]), ["ratio"], period="month")


def test_a_gap_is_named_by_its_cause() -> None:
    frame = months(*GIVEN).frame
    assert gap_key(frame, "ratio", "low") == UNOBSERVED_OR_UNTOLD
    assert gap_key(frame.head(3), "ratio", "low") == UNTOLD
    assert gap_key(frame.tail(1), "ratio", "low") == UNOBSERVED
    relation, series = months(*GIVEN[:2]), [Series("ratio", "", low="low", high="high")]
    assert open_keys(relation, series) == (), "a month that is told as a band is no gap"


def test_a_line_that_ends_in_a_band_says_so_and_has_no_point_there() -> None:
    relation = months(*GIVEN[:2])
    figure = lines(relation, [Series("ratio", "Executives", low="low", high="high")], kind="month", axis="ratio")
    assert [note["text"] for note in figure.layout["annotations"]] == ["<b>Executives</b> at most 30%"]
    drawn = {names: trace for trace, names in zip(figure.data, figure.columns, strict=True)}
    assert drawn[("ratio",)]["y"] == [0.25, None]
    assert 0.3 in drawn[("low", "high")]["y"]
    assert () not in drawn, "nothing is hatched"


def test_a_row_without_a_value_is_drawn_as_its_interval() -> None:
    frame = pl.DataFrame({
        "unit": ["A", "B", "C"], "now": [0.5, None, None], "low": [0.4, 0.0, None], "high": [0.6, 0.3, None],
    })  # fmt: skip
    columns = tuple(Column(name, name, "ratio") for name in ("now", "low", "high"))
    relation = Relation("", (Column("unit", "Unit", "text"), *columns), frame, newest_first=False)
    figure = dots(relation, names="unit", now="now", low="low", high="high", labels=("now", ""))
    assert [note["text"] for note in figure.layout["annotations"]] == ["50%", "at most 30%", "not told"]
    assert figure.data[0]["x"] == [0.4, 0.6, None, 0.0, 0.3, None]
    assert figure.data[1]["x"] == [0.5, None, None]


def test_sentences_claim_no_more_than_a_band() -> None:
    staff = Share(455, 1150, is_coarse=True)
    said = headlines.executives(None, None, staff, period="June", bands=("at most 10%", ""))
    assert said == "At most 10% of executives contributed in June; 40% of everybody else"
    said = headlines.executives(None, Share(20, 40, is_coarse=True), None, period="June", bands=("", "at least 90%"))
    assert said == "50% of executives contributed in June; at least 90% of everybody else"
    assert headlines.executives(None, None, None, period="June", bands=("at most 10%", "")) == (
        "At most 10% of executives contributed in June"
    )
    trend = {"noun": "people", "period": "June", "before": ""}
    assert headlines.trend(None, None, **trend, band="at most 30%") == "At most 30% of people contributed in June"
    assert headlines.overview(None, None, noun="people", kind="week", band="at least 70%") == (
        "At least 70% of people contributed in a week"
    )
    assert headlines.unit_range(0.04, 0.62, 7, period="June", n_untold=2) == (
        "Between 4% and 62% of a unit\u2019s people contributed in June in 7 of 9 units"
    )
    assert headlines.unit_range(None, None, 0, period="June", n_untold=2) == "Of no unit a share can be told for June"


def changed(tables: Tables, table: str, where: pl.Expr, **values: Any) -> Released:
    """The release with other values in the rows `where`."""
    rows = tables[table]
    new = [pl.when(where).then(pl.lit(v, rows.schema[n])).otherwise(pl.col(n)).alias(n) for n, v in values.items()]
    return Released(tables | {table: rows.with_columns(new)})


def card_of(cards: Any, card_id: str) -> Card:
    return next(card for card in cards if card.id == card_id)


IN_LAST = (pl.col("period_kind") == "month") & (pl.col("period_start") == LAST) & (pl.col("platform") == "all")
BAND = {"n_contributors": None, RATIO: None, f"{RATIO}_low": 0.0, f"{RATIO}_high": 0.2}
HIDDEN = dict.fromkeys(BAND)


def test_executives_at_the_end_are_told_as_a_band_and_not_compared(variants: dict[str, Tables]) -> None:
    band = {f"own_{RATIO}": None, "n_own_contributors": None, f"own_{RATIO}_low": 0.0, f"own_{RATIO}_high": 0.1}
    where = IN_LAST & pl.col("is_executive")
    released = changed(variants["full"], "rel_executive_participation", where, **band)
    page = executives.build(released)
    assert page.title == "Do executives lead by example?"
    card = card_of(page.cards, "executives")
    assert card.headline.startswith("At most 10% of executives contributed in October")
    kpi = key_figures(released)[2]
    assert (kpi.value, kpi.number, kpi.delta) == ("at most 10%", None, "")
    assert kpi.base.startswith("of about 45 executives")
    assert kpi.facts["bounds"] == [0.0, 0.1]
    assert "executives" not in overview.build(released).title


@pytest.mark.parametrize(("figures", "said"), [(BAND, "at most 20%"), (HIDDEN, "not told")])
def test_a_unit_that_is_not_told_is_drawn_without_a_point_and_not_judged(
    variants: dict[str, Tables], figures: dict[str, Any], said: str
) -> None:
    where = IN_LAST & (pl.col("unit") == "Sales")
    released = changed(variants["full"], "rel_contributor_ratios", where, **figures)
    card = units_card(released)
    assert card.relation
    assert card.figure
    row = next(cells for cells in card.relation.rows() if cells[0].text == "Sales")
    assert [row[2].text, row[6].text, row[7].text] == [said, "\u2013", "not compared"]
    assert said in [note["text"] for note in card.figure.layout["annotations"]]
    assert "Sales" not in card.headline
    n_judged = len([unit for unit in released.units if unit not in ("Sales", "Other units")])
    assert card.relation.frame["judgement"].drop_nulls().len() == n_judged + 2  # the whole, and the merged units
    months = card_of(active.build(released).cards, "unit-months")
    assert f"in {n_judged} of {n_judged + 1} units" in months.headline


def test_the_split_shows_only_units_of_which_all_parts_are_told(variants: dict[str, Tables]) -> None:
    where = IN_LAST & (pl.col("unit") == "Sales")
    released = changed(variants["full"], "rel_contributor_ratios", where, n_some=None, n_heavy=None)
    before = card_of(contributors.build(Released(variants["full"])).cards, "split")
    card = card_of(contributors.build(released).cards, "split")
    assert card.relation
    assert before.relation
    assert "Sales" in before.relation.values("unit")
    assert "Sales" not in card.relation.values("unit")
    n_untold = len(released.units) + 1 - card.relation.frame.height
    assert f"Of {words.count(n_untold, 'unit')} the parts are not told." in card.note
    sums = card.relation.frame.select(pl.sum_horizontal(pl.selectors.starts_with("share_"))).to_series()
    assert sums.to_list() == pytest.approx([1.0] * len(sums))


def test_no_platform_leads_one_that_is_not_told(variants: dict[str, Tables]) -> None:
    where = (pl.col("period_kind") == "month") & (pl.col("period_start") == LAST) & (pl.col("unit") == "all")
    slack, wiki = (where & (pl.col("platform") == name) for name in ("slack", "mediawiki"))
    told = platform_card(Released(variants["full"]), missing="").headline
    assert told.startswith("Most contribute on Slack") or "by about as many" in told
    at_most = changed(variants["full"], "rel_contributor_ratios", wiki, **BAND)
    assert platform_card(at_most, missing="").headline == told
    hidden = changed(variants["full"], "rel_contributor_ratios", wiki, **HIDDEN)
    assert "Most contribute" not in platform_card(hidden, missing="").headline
    at_least = changed(variants["full"], "rel_contributor_ratios", slack, **BAND | {f"{RATIO}_low": 0.8})
    assert "Most contribute" not in platform_card(at_least, missing="").headline


def test_small_organisations_are_groups(variants: dict[str, Tables]) -> None:
    page = contributors.build(Released(variants["small"]))
    assert page.title.startswith("About ")
    gini = card_of(page.cards, "gini")
    assert not gini.figure
    assert gini.note.startswith("Told only of 120 people or more")
    growth = card_of(active.build(Released(variants["small"])).cards, "growth")
    assert growth.note == "Told only of organisations of 200 people or more."
    assert not Released(variants["full"]).series("rel_contributor_ratios", "month")["is_coarse"].any()


def test_three_of_the_most_active_may_be_fewer() -> None:
    words_ = {"nouns": ("person", "people"), "period": "June"}
    assert headlines.absence(3, **words_) == "3 people or fewer made more than half of all contributions in June"
    assert headlines.absence(4, **words_) == "4 people together made more than half of all contributions in June"
    assert headlines.absence(None, **words_).endswith("not known yet")
