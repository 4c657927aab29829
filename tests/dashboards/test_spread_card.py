"""Pockets, units reached and pairs of units: each sentence, and what the cards show and keep to themselves."""

from datetime import date

import polars as pl
import pytest

from dashboards.cards import Card
from dashboards.cards.unit_pairs import MOST_UNITS, unit_pairs_card
from dashboards.headlines import rooted as headlines
from dashboards.pages import rooted
from dashboards.released import Released
from models.critical_mass import Run

Tables = dict[str, pl.DataFrame]
PERIOD = "May 2026"
WEEK = "the week of 31\u00a0Aug\u00a02026"
STAYED = "stayed or came back as fell silent"


@pytest.mark.parametrize(("state", "n", "is_start_known", "text"), [
    ("cannot_tell", None, True, "Does participation take root?"),
    ("not_yet", 0, True, f"In {WEEK} more people fell silent than stayed or came back"),
    ("not_yet", 5, True, f"In {WEEK} at least as many people {STAYED}, but not for six weeks in a row"),
    ("sustained", 25, True, f"For 25 weeks in a row, to {WEEK}, at least as many people {STAYED}"),
    ("sustained", 25, False, f"For at least 25 weeks in a row, to {WEEK}, at least as many people {STAYED}"),
])  # fmt: skip
def test_the_title_of_the_page_is_what_was_counted_to_the_last_whole_week(
    state: str, n: int | None, is_start_known: bool, text: str
) -> None:
    row = {"state": state, "n_weeks_in_a_row": n, "period_start": date(2026, 8, 31)}
    assert headlines.title(row, Run(date(2026, 3, 16), is_start_known)) == text
    assert headlines.title(None, None) == "Does participation take root?"


def test_the_page_says_what_its_title_leaves_out(variants: dict[str, Tables]) -> None:
    page = rooted.build(Released(variants["full"]))
    assert page.title.startswith("For ")
    assert page.title.endswith(f"at least as many people {STAYED}")
    assert "is counted apart from what executives and communications write and start." in page.lead


@pytest.mark.parametrize(("bounds", "text"), [
    (None, "How many people are in units that take part cannot be told yet"),
    ((0.69, 0.69, 0.69),
     "69% of people were in units whose share of contributors was at least half that of the whole in May 2026"),
    ((0.69, 0.61, 0.80),
     "Between 61% and 80% of people were in units whose share of contributors was at least "
     "half that of the whole in May 2026"),
    ((0.9, 0.5, 1.0),
     "Between 50% and 100% of people were in units whose share of contributors was at "
     "least half that of the whole in May 2026"),
    ((0.9, 0.49, 1.0), "Units are too small to tell how many people are in units that take part in May 2026"),
    ((1.0, 1.0, 1.0), "In every unit the share of contributors was at least half that of the whole in May 2026"),
])  # fmt: skip
def test_reached(bounds: tuple[float, float, float] | None, text: str) -> None:
    names = ("people_reached_ratio", "people_reached_ratio_low", "people_reached_ratio_high")
    row = bounds and dict(zip(names, bounds, strict=True))
    assert headlines.reached(row, period=PERIOD) == text


@pytest.mark.parametrize(("index", "p", "text"), [
    (0.3, 0.06, "Contributing was spread over units about as evenly in May 2026 as chance would spread it"),
    (0.29, 0.05, "Contributing was uneven over units in May 2026: 29% of contributors would have to be elsewhere to "
     "even it out (4.0% by chance)"),
    (0.30, 0.01, "Contributing was confined to some units in May 2026: 30% of contributors would have to be elsewhere "
     "to even it out (4.0% by chance)"),
])  # fmt: skip
def test_pockets(index: float, p: float, text: str) -> None:
    row = {"dissimilarity_ratio": index, "dissimilarity_p": p, "dissimilarity_by_chance_ratio": 0.04,
           "dissimilarity_largest_ratio": 0.6}  # fmt: skip
    assert headlines.pockets(row, period=PERIOD) == text
    assert headlines.pockets(None, period="") == "Whether contributing is confined to some units cannot be told yet"


@pytest.mark.parametrize(("counts", "text"), [
    (None, "Which units never meet cannot be told yet"),
    ((45, 13, 12, 2), "12 of 45 pairs of units never met in May 2026, though chance would have brought them together"),
    ((1, 1, 1, 0), "1 of 1 pair of units never met in May 2026, though chance would have brought them together"),
    ((45, 3, 0, 2), "2 of 45 pairs of units met less than half as often in May 2026 as chance would have it"),
    ((45, 3, 0, 0), "No units are known to keep apart in May 2026; of 3 of 45 pairs of units nothing can be told"),
    ((6, 6, 0, 0), "Whether units keep apart cannot be told for May 2026: too few people of different units met"),
    ((45, 0, 0, 0), "In every pair of units shown, people answered or reacted to each other in May 2026"),
])  # fmt: skip
def test_unit_pairs(counts: tuple[int, int, int, int] | None, text: str) -> None:
    row = counts and dict(zip(("n_pairs", "n_pairs_apart", "n_pairs_never", "n_pairs_seldom"), counts, strict=True))
    assert headlines.unit_pairs(row, period=PERIOD) == text


def cards(tables: Tables) -> dict[str, Card]:
    own = ("reached", "pockets", "unit-pairs")
    return {card.id: card for card in rooted.build(Released(tables)).cards if card.id in own}


def test_what_the_cards_show(variants: dict[str, Tables]) -> None:
    shown = cards(variants["full"])
    assert {card.headline for card in shown.values()} == {
        "Between 74% and 87% of people were in units whose share of contributors was at least "
        "half that of the whole in "
        "October\u00a02026",
        "Contributing was uneven over units in October\u00a02026: 21% of contributors would have to be elsewhere to "
        "even it out (4.0% by chance)",
        "6 of 36 pairs of units never met in October\u00a02026, though chance would have brought them together",
    }
    assert "more than 5.5% would have been told from chance" in shown["pockets"].note
    assert "20% lies between units (1.2% by chance)" in shown["pockets"].note
    pairs = shown["unit-pairs"]
    assert pairs.relation
    assert pairs.figure
    assert "Of 36 pairs, 11 have not met; if units did not matter, it would be about 1.1." in pairs.note
    # each pair is in the table once and in the chart on both sides of the diagonal
    places = [place for trace in pairs.figure.data for place in zip(trace["x"], trace["y"], strict=True)]
    assert len(places) == len(set(places)) == 2 * 36
    assert all(x != y and (y, x) in places for x, y in places)
    assert len(pairs.relation.rows()) == 36
    assert pairs.alt.startswith("Matrix of every two units. Met: 20 pairs. Met less than half as often as by chance: 5")
    assert "Did not meet, which is no chance: 6 pairs (" in pairs.alt
    assert [key.text for key in pairs.keys][:2] == ["met", "met less than half as often as by chance"]


def test_each_mark_says_what_the_table_says(variants: dict[str, Tables]) -> None:
    card = cards(variants["full"])["unit-pairs"]
    assert card.relation
    assert card.figure
    said = {tuple(row[0].text.split(" \u2013 ")): row[1].text for row in card.relation.rows()}
    names = [text.replace("<br>", " ").split(" ", 1)[1] for text in card.figure.layout["yaxis"]["ticktext"]]
    for trace in card.figure.data:
        for x, y, text in zip(trace["x"], trace["y"], trace["customdata"], strict=True):
            pair = tuple(sorted((names[x], names[y])))
            assert text == f"{names[y]} and {names[x]}: {said[pair]}"


@pytest.mark.parametrize("name", ["no_roster", "tiny", "small", "outnumbered", "all_outnumbered"])
def test_without_figures_each_card_says_what_it_takes(variants: dict[str, Tables], name: str) -> None:
    for card in cards(variants[name]).values():
        assert card.figure is None
        assert "cannot be told yet" in card.headline
        assert card.note.startswith("It takes a roster")


def test_a_theil_share_within_chance_is_not_called_uneven(variants: dict[str, Tables]) -> None:
    within = [pl.lit(0.4).alias(name) for name in ("theil_p", "dissimilarity_p")]
    rows = variants["full"]["rel_pockets"].with_columns(within)
    card = cards({**variants["full"], "rel_pockets": rows})["pockets"]
    assert "between units no more than by chance" in card.note
    assert "lies between units" not in card.note
    assert "about as evenly in October" in card.headline


def test_no_headline_names_a_unit_and_merged_units_have_no_pair(variants: dict[str, Tables]) -> None:
    for name in ("full", "hostile"):
        units = Released(variants[name]).units
        for card in cards(variants[name]).values():
            assert not [unit for unit in units if unit in card.headline]
    merged = variants["full"]["rel_unit_pairs"].with_columns(
        pl.when(pl.col("other_unit") == "Sales").then(pl.lit("Other units")).otherwise("other_unit").alias("other_unit")
    )
    card = cards({**variants["full"], "rel_unit_pairs": merged})["unit-pairs"]
    assert card.relation
    shown = [row[0].text for row in card.relation.rows()]
    assert len(shown) == 28
    assert "Finance \u2013 Legal" in shown


def test_an_incomplete_or_unknown_month_is_not_the_last(variants: dict[str, Tables]) -> None:
    rows = variants["full"]["rel_unit_pairs"]
    last = pl.col("period_start") == rows["period_start"].max()
    partly = rows.with_columns(pl.col("is_complete") & ~last)
    unknown = rows.with_columns(pl.when(~last).then("verdict").alias("verdict"))
    for frame in (partly, unknown):
        assert "September\u00a02026" in cards({**variants["full"], "rel_unit_pairs": frame})["unit-pairs"].headline


def test_more_units_than_fit_are_in_the_counts_and_not_in_the_chart(variants: dict[str, Tables]) -> None:
    full = variants["full"]
    last = full["rel_unit_pairs"].filter(pl.col("period_start") == full["rel_unit_pairs"]["period_start"].max())
    one = last.row(0, named=True)
    names = [f"Unit {index:02}" for index in range(MOST_UNITS + 2)]
    rows = [one | {"one_unit": a, "other_unit": b} for i, a in enumerate(names) for b in names[i + 1 :]]
    ratios = full["rel_contributor_ratios"]
    of_units = ratios.filter(pl.col("unit") == "Legal")
    more = pl.concat([ratios, *(of_units.with_columns(pl.lit(name).alias("unit")) for name in names)])
    tables = {**full, "rel_unit_pairs": pl.DataFrame(rows, schema=last.schema), "rel_contributor_ratios": more}
    card = unit_pairs_card(Released(tables))
    assert card.relation
    assert card.relation.frame.height == MOST_UNITS * (MOST_UNITS - 1) // 2
    assert f"The first {MOST_UNITS} units are drawn." in card.note
    assert "units are drawn" not in cards(full)["unit-pairs"].note
