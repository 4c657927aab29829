"""Who starts what others join, what remains without the top, critical mass: every sentence, and what is not shown."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from dashboards.cards import Card
from dashboards.cards.bottom_up import bottom_up_card
from dashboards.cards.critical_mass import adopted_units_card, adoption_card, sustaining_card
from dashboards.cards.organic import organic_card
from dashboards.headlines import bottom as headlines
from dashboards.released import Released
from models.critical_mass import Run
from models.release import OTHER_UNITS

CARDS = (bottom_up_card, organic_card, adoption_card, sustaining_card, adopted_units_card)
OF = "Of the conversations started in June that others joined,"
OTHERS = "were started by people other than executives and communications"
FEW = "Too few of the conversations started in June were joined to compare who started them with headcount"
Tables = dict[str, pl.DataFrame]


@pytest.mark.parametrize(
    ("found", "low", "high", "expected", "text"),
    [
        (0.70, 0.65, 0.75, 0.90, f"{OF} 70% {OTHERS}; by headcount alone it would be 90%"),
        (0.98, 0.96, 0.99, 0.90, f"{OF} 98% {OTHERS}; by headcount alone it would be 90%"),
        (0.89, 0.86, 0.92, 0.91, f"{OF} 89% {OTHERS}, about what headcount would give"),
        (0.89, 0.86, 0.90, 0.90, f"{OF} 89% {OTHERS}, about what headcount would give"),
        (0.89, 0.885, 0.895, 0.896, f"{OF} 89% {OTHERS}, about what headcount would give"),
        (0.89, 0.79, 0.95, 0.90, FEW),
        (0.52, 0.45, 0.61, 0.50, FEW),
        (0.52, 0.45, 0.59, 0.50, f"{OF} 52% {OTHERS}, about what headcount would give"),
    ],
)
def test_who_starts_is_told_from_headcount_only_beyond_chance(
    found: float, low: float, high: float, expected: float, text: str
) -> None:
    row = {"bottom_up_ratio": found, "bottom_up_ratio_low": low, "bottom_up_ratio_high": high,
           "headcount_ratio": expected}  # fmt: skip
    assert headlines.bottom_up(row, things="conversations", period="June") == text


def test_what_is_unknown_is_said() -> None:
    assert headlines.bottom_up(None, things="pages", period="") == (
        "No complete month shows yet who starts what others join"
    )
    assert headlines.organic(None, period="").startswith("No complete month shows yet what remains")
    assert headlines.adoption(None, None, None).startswith("No complete week shows yet how many people")
    assert headlines.sustaining_units(None, period="") == "No complete week shows units yet"
    assert headlines.adopted_units(None, None, 0, period="") == "No complete week shows units yet"


def test_without_a_roster_that_is_the_reason(variants: dict[str, Tables]) -> None:
    assert {name: card.headline for name, card in built(variants["no_roster"]).items()} == {
        "bottom-up": "Who starts what others join cannot be told without a roster",
        "organic": "What remains without executives and communications cannot be told without a roster",
        "adoption": "How many people have ever contributed, as a share of all, cannot be told without a roster",
        "sustaining": "Units are not known: no roster is loaded",
        "adopted-units": "Units are not known: no roster is loaded",
    }


def test_what_remains_is_three_shares_and_no_forecast() -> None:
    row = {"contributions_left_ratio": 0.84, "contributors_left_ratio": 0.92, "ties_left_ratio": 0.79,
           "n_contributors": 10}  # fmt: skip
    start = "Without executives, communications and what they set off, 84% of the contributions of June remain"
    said = headlines.organic(row, period="June")
    assert said == f"{start}, 92% of the contributors and 79% of the ties between people"
    no_ties = headlines.organic(row | {"ties_left_ratio": None}, period="June")
    assert no_ties == f"{start} and 92% of the contributors"
    few = headlines.organic(row | {"n_contributors": 9}, period="June")
    assert few == "Too few people contributed in June to say what remains without executives and communications"


WEEK, EARLIER = date(2026, 6, 1), date(2026, 3, 2)
NOW, THEN = "the week of 1\u00a0Jun\u00a02026", "the week of 2\u00a0Mar\u00a02026"
STAYED = "at least as many stayed or came back as fell silent"
UNKNOWN = f"whether for six weeks in a row {STAYED} cannot be told"
PEOPLE = "at least as many people stayed or came back as fell silent"
KNOWN_RUN, OPEN_RUN = Run(EARLIER, is_start_known=True), Run(EARLIER, is_start_known=False)


@pytest.mark.parametrize(
    ("state", "n", "run", "told", "text"),
    [
        ("sustained", 14, KNOWN_RUN, None, f"for 14 weeks in a row, to {NOW}, {STAYED}"),
        ("sustained", 14, OPEN_RUN, None, f"for at least 14 weeks in a row, to {NOW}, {STAYED}"),
        ("not_yet", 4, None, "sustained", f"in {NOW} {STAYED}, but not for six weeks in a row"),
        ("not_yet", 0, None, None, f"in {NOW} more fell silent than stayed or came back"),
        ("cannot_tell", 3, None, None, f"{UNKNOWN} yet"),
        ("cannot_tell", None, None, "sustained", f"{UNKNOWN} at present; to {THEN} it was so"),
        ("cannot_tell", None, None, "not_yet", f"{UNKNOWN} at present; to {THEN} it was not so"),
    ],
)  # fmt: skip
def test_adoption_says_for_how_long_or_that_it_does_not_hold_or_cannot_be_told(
    state: str, n: int | None, run: Run | None, told: str | None, text: str
) -> None:
    row = {"adoption_ratio": 0.78, "state": state, "n_weeks_in_a_row": n, "period_start": WEEK}
    before = {"state": told, "period_start": EARLIER} if told else None
    assert headlines.adoption(row, run, before) == f"78% of people have contributed at least once; {text}"


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ((4, 2, 1), f"For six weeks or more, to June, {PEOPLE} in 4 of 7 units; not in 2; not known for 1"),
        ((4, 0, 0), f"For six weeks or more, to June, {PEOPLE} in 4 of 4 units"),
        ((0, 1, 0), f"For six weeks or more, to June, {PEOPLE} in none of 1 unit; not in 1"),
        ((0, 1, 2), f"For six weeks or more, to June, {PEOPLE} in none of 3 units; not in 1; not known for 2"),
        ((0, 0, 2), f"Whether for six weeks, to June, {PEOPLE} cannot be told for any of 2 units"),
    ],
)
def test_units_are_counted_by_state(counts: tuple[int, int, int], text: str) -> None:
    row = dict(zip(("n_sustained", "n_not_yet", "n_cannot_tell"), counts, strict=True)) | {"n_units": sum(counts)}
    assert headlines.sustaining_units(row, period="June") == text


def test_the_range_of_units_names_none() -> None:
    assert headlines.adopted_units(0.34, 0.97, 8, period=NOW) == (
        f"By {NOW} between 34% and 97% of the people of each of the 8 units shown had contributed at least once"
    )
    assert headlines.adopted_units(0.34, 0.34, 1, period=NOW) == (
        f"By {NOW} 34% of the people of the one unit shown had contributed at least once"
    )


def built(tables: Mapping[str, pl.DataFrame]) -> dict[str, Card]:
    return {card.id: card for card in (build(Released(tables)) for build in CARDS)}


def with_rows(tables: Tables, table: str, **values: Any) -> Tables:
    changed = [pl.lit(value, dtype=tables[table].schema[name]).alias(name) for name, value in values.items()]
    return tables | {table: tables[table].with_columns(changed)}


def test_all_is_shown_of_a_company_in_good_order(variants: dict[str, Tables]) -> None:
    cards = built(variants["full"])
    assert all(card.figure for card in cards.values())
    assert "Marked: as many stay as fall silent" in cards["adoption"].alt
    low = "The bar is low: it is met even if up to half of the people fall silent each week and few replace them."
    for name in ("adoption", "sustaining"):
        assert low in cards[name].note
        assert "ends a run" in cards[name].note
        assert "apart from what executives and communications write and start" in cards[name].subtitle
    units = [unit for unit in variants["full"]["rel_critical_mass"]["unit"].unique() if unit != "all"]
    for card in cards.values():
        assert not [unit for unit in units if unit in card.headline]
    for name in ("organic", "adoption", "sustaining"):
        assert "no forecast" in cards[name].note
    assert "causes the other" in cards["bottom-up"].note


def test_a_month_whose_starts_are_not_decided_is_not_told(variants: dict[str, Tables]) -> None:
    card = built(variants["full"])["bottom-up"]
    assert card.relation
    newest, before = card.relation.rows()[:2]
    assert newest[0].text == "October\u00a02026 (partly observed)"
    assert newest[2].value is None
    assert before[0].text == "September\u00a02026"
    assert "September\u00a02026" in card.headline
    decided = with_rows(variants["full"], "rel_initiation", n_undecided=45)  # of 900, and of 40 pages
    assert "October\u00a02026" in built(decided)["bottom-up"].headline
    open_ = with_rows(variants["full"], "rel_initiation", n_undecided=46)
    assert built(open_)["bottom-up"].headline == "No complete month shows yet who starts what others join"


def test_pages_are_shown_where_no_conversation_can_be_judged(variants: dict[str, Tables]) -> None:
    frame = variants["full"]["rel_initiation"]
    cards = built(variants["full"] | {"rel_initiation": frame.filter(pl.col("what") != "thread")})
    assert cards["bottom-up"].subtitle.startswith("Pages that")
    assert cards["bottom-up"].headline == (
        "Of the pages started in September\u00a02026 that others joined, 80% were started by people other than "
        "executives and communications; by headcount alone it would be 95%"
    )
    assert "n_drew_thread" not in cards["bottom-up"].relation.frame.columns  # type: ignore[union-attr]
    assert "n_drew_page" in built(variants["full"])["bottom-up"].relation.frame.columns  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "why"),
    [("no_roster", "No roster is loaded"), ("few_executives", "Executives and communications are too few"),
     ("all_outnumbered", "No closed month can be shown")],
)  # fmt: skip
def test_nothing_about_the_top_is_drawn_without_a_group_of_it(variants: dict[str, Tables], name: str, why: str) -> None:
    cards = built(variants[name])
    for card in (cards["bottom-up"], cards["organic"]):
        assert not card.figure
        assert card.note.startswith(why)


def test_adoption_needs_a_roster_and_shows_no_week_before_it_is_known(variants: dict[str, Tables]) -> None:
    assert not built(variants["no_roster"])["adoption"].figure
    frame = built(variants["full"])["adoption"].relation.frame  # type: ignore[union-attr]
    assert frame["adoption_ratio"][0] is not None
    assert frame["period_start"][0] > variants["full"]["rel_critical_mass"]["period_start"].min()
    few = built(variants["few_executives"])["adoption"].relation
    assert few
    assert few.frame["n_lapsing"].null_count() == few.frame.height


def test_where_it_cannot_be_told_the_last_week_in_which_it_could_is_named(variants: dict[str, Tables]) -> None:
    weeks = variants["full"]["rel_critical_mass"]
    state = pl.when(pl.col("period_start") < date(2026, 10, 5)).then("state").otherwise(pl.lit("cannot_tell"))
    card = built(variants["full"] | {"rel_critical_mass": weeks.with_columns(state.alias("state"))})["adoption"]
    assert card.headline.endswith("cannot be told at present; to the week of 28\u00a0Sep\u00a02026 it was so")
    assert "Marked" not in card.alt


def test_a_mark_outside_of_the_chart_is_left_out(variants: dict[str, Tables]) -> None:
    weeks = variants["full"]["rel_critical_mass"]
    n = weeks.filter(pl.col("unit") == "all").height
    long = weeks.with_columns(pl.when(pl.col("state") == "sustained").then(n + 60).otherwise("n_weeks_in_a_row")
                              .cast(pl.Int64).alias("n_weeks_in_a_row"))  # fmt: skip
    card = built(variants["full"] | {"rel_critical_mass": long})["adoption"]
    assert "Marked" not in card.alt
    assert card.figure
    assert "shapes" not in card.figure.layout
    assert "at least" in card.headline


def test_merged_units_are_not_among_the_units(variants: dict[str, Tables]) -> None:
    units = built(variants["full"])["adopted-units"].relation.frame  # type: ignore[union-attr]
    assert OTHER_UNITS not in units["unit"].to_list()
    assert units["now"].to_list() == sorted(units["now"].to_list(), reverse=True)
    note = built(variants["full"])["adopted-units"].note
    assert note.endswith(
        "Who stays or falls silent is counted apart from what executives and communications write and start. People of "
        "groups are counted in fives, so parts do not add up, by design."
    )
    assert set(units["said"]) <= {"six weeks in a row or more", "not six weeks in a row", "cannot be told"}
    shown = built(variants["full"])["sustaining"].relation.frame  # type: ignore[union-attr]
    assert shown["n_units"].unique().to_list() == [units.height]
    assert shown.row(0, named=True)["n_cannot_tell"] < units.height


def test_units_of_which_nothing_can_be_told_are_not_drawn(variants: dict[str, Tables]) -> None:
    card = built(with_rows(variants["full"], "rel_critical_mass", state="cannot_tell"))["sustaining"]
    assert not card.figure
    assert "cannot be told for any of 9 units" in card.headline
    assert card == replace(card, figure=None, relation=None)
