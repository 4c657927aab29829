"""The cards of events and of control charts: their headlines, what is shown, and what is said instead."""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from dashboards.cards import Card
from dashboards.cards.before_after import before_after_card
from dashboards.cards.control_chart import control_chart_card
from dashboards.headlines.rooted import before_after, usual_weeks
from dashboards.released import Released

Row = dict[str, Any]
Variants = dict[str, dict[str, pl.DataFrame]]
ALONE: Row = {
    "title": "A guide", "has_comparison": False, "effect_pp": 4.23, "effect_pp_low": 1.02, "effect_pp_high": 7.44,
    "wording": "more", "slope_pp": 0.114, "slope_pp_low": 0.05, "slope_pp_high": 0.21, "slope_wording": "nothing shown",
}  # fmt: skip
NO_GROUP = "; there is no group to compare with, so other causes are possible"
FEWER = {"wording": "fewer", "effect_pp": -4.23, "effect_pp_low": -7.44, "effect_pp_high": -1.02}
SLOWER = {"slope_wording": "fewer", "slope_pp": -0.114, "slope_pp_low": -0.21, "slope_pp_high": -0.05}
NOTHING = {"wording": "nothing shown"}


@pytest.mark.parametrize(("row", "text"), [
    (None, "What changed after an event cannot be told: there is none to look at"),
    ({"title": "X", "effect_pp": None}, "Whether \u201cX\u201d changed how many people contribute cannot be told"),
    (ALONE, f"After \u201cA guide\u201d, 4.2 more in 100 people contribute in a week (between 1.0 and 7.4){NO_GROUP}"),
    (ALONE | FEWER,
     f"After \u201cA guide\u201d, 4.2 fewer in 100 people contribute in a week (between 1.0 and 7.4){NO_GROUP}"),
    (ALONE | NOTHING, "No clear change in how many people contribute after \u201cA guide\u201d"),
    (ALONE | NOTHING | {"slope_wording": "more"},
     "After \u201cA guide\u201d, each week brings 0.11 more contributors in 100 people than before (between 0.05 and "
     f"0.21){NO_GROUP}"),
    (ALONE | SLOWER,
     "After \u201cA guide\u201d, 4.2 more in 100 people contribute in a week (between 1.0 and 7.4), and each week "
     f"brings 0.11 fewer contributors in 100 people than before (between 0.05 and 0.21){NO_GROUP}"),
    (ALONE | {"has_comparison": True, "slope_wording": None},
     "After \u201cA guide\u201d, 4.2 more in 100 people contribute in a week than where it had not begun yet "
     "(between 1.0 and 7.4)"),
    (ALONE | NOTHING | {"has_comparison": True, "slope_wording": None},
     "No clear change in how many people contribute after \u201cA guide\u201d"),
    (ALONE | NOTHING | {"title": "A\u202e\nb"}, "No clear change in how many people contribute after \u201cA b\u201d"),
])  # fmt: skip
def test_what_changed_after_an_event(row: Row | None, text: str) -> None:
    assert before_after(row) == text


@pytest.mark.parametrize(("n", "above", "below", "run", "since", "text"), [
    (0, 0, 0, None, "", "Whether a week is out of the ordinary cannot be told yet"),
    (8, 2, 0, None, "May", "2 of the last 8 observed weeks lie above what is usual"),
    (8, 0, 1, "above", "May", "1 of the last 8 observed weeks lies below what is usual"),
    (1, 1, 0, None, "May", "1 of the last 1 observed week lies above what is usual"),
    (8, 2, 1, None, "May", "3 of the last 8 observed weeks lie outside of what is usual, 2 above and 1 below"),
    (8, 0, 0, "below", "May",
     "No recent week stands out alone, but eight in a row lay below the middle of what was usual"),
    (8, 0, 0, None, "May 2026", "No week since May 2026 lies outside of what is usual"),
    (8, 0, 0, None, "", "No week so far lies outside of what is usual"),
])  # fmt: skip
def test_which_weeks_are_out_of_the_ordinary(
    n: int, above: int, below: int, run: str | None, since: str, text: str
) -> None:
    assert usual_weeks(n, above=above, below=below, run=run, since=since) == text


def test_every_event_is_in_the_chart_and_the_latest_known_one_on_top(variants: Variants) -> None:
    card = before_after_card(Released(variants["full"]))
    assert card.headline.startswith("After \u201cGuide to open work\u201d, 4.2 more in 100 people")
    assert card.relation
    assert card.figure
    assert card.relation.values("title") == ["Office moves", "Guide to open work", "Town hall"]
    assert card.relation.values("against") == [
        "cannot be told", "nothing but the weeks before", "units that begin later",
    ]  # fmt: skip
    # rings have no comparison, dots do
    interval, rings, dots = card.figure.data
    assert (rings["x"], dots["x"]) == ([None, 4.23, None], [None, None, 1.1])
    assert interval["y"] == [1, 1, None, 2, 2, None]
    texts = [note["text"] for note in card.figure.narrow["annotations"]]
    assert texts == ["cannot be told", "+4.2", "+1.1"]
    assert [key.text for key in card.keys] == [
        "95 % interval", "compared with units that begin later", "no comparison group",
    ]  # fmt: skip
    assert "33 weeks before and 16 after, with nothing to compare them with" in card.note
    assert "holidays and seasons" in card.note
    assert "A difference of 4.6 points would have been found in four of five cases." in card.note
    compared = before_after_card(Released(variants["unknowns"]))
    assert compared.headline == "No clear change in how many people contribute after \u201cTown hall\u201d"
    assert "estimated over 24 units" in compared.note
    assert "1 other declared event within these weeks" in compared.note


def with_events(tables: dict[str, pl.DataFrame], change: Callable[[pl.DataFrame], pl.DataFrame]) -> Card:
    return before_after_card(Released(tables | {"rel_before_after": change(tables["rel_before_after"])}))


def test_an_event_that_cannot_be_told_has_no_figure_but_a_reason(variants: Variants) -> None:
    card = with_events(variants["full"], lambda frame: frame.filter(pl.col("event") == 3))
    assert card.figure is card.relation is None
    assert card.headline == "Whether \u201cOffice moves\u201d changed how many people contribute cannot be told"
    assert card.note == (
        "Too few weeks in a row are observed after it. 12 wholly observed weeks in a row are needed on either side; "
        "there are 40 before and 7 after."
    )
    doubtful = before_after_card(Released(variants["all_outnumbered"]))
    assert doubtful.note == "At times, more people were active than the roster holds."
    none = with_events(variants["full"], pl.DataFrame.clear)
    assert none.note.startswith("Events are declared, but the people")
    assert before_after_card(Released(variants["empty"])).note == (
        "No event has been entered in the settings; whoever runs this report can add what the organisation did, and "
        "when."
    )


def test_a_chart_marks_what_its_table_marks(variants: Variants) -> None:
    card = control_chart_card(Released(variants["full"]))
    assert card.headline == "1 of the last 8 observed weeks lies above what is usual"
    assert card.figure
    assert card.relation
    frame = card.relation.frame
    marks = card.figure.data[-1]
    assert [y is not None for y in marks["y"]] == frame["is_signal"].fill_null(value=False).to_list()
    assert sum(y is not None for y in marks["y"]) == 2
    # the middle and its band have no gap, the share has
    assert frame["centre_ratio"].null_count() == 0
    assert frame["contributor_ratio"].null_count() == 4
    assert card.subtitle == (
        "Share of people who contribute in a week, all platforms, with what is usual: the middle and the natural "
        "limits of the weeks of the same phase"
    )
    assert card.note.startswith(
        "Usual is the mean of the first 20 observed weeks, and after eight in a row on one side of it that of up to 20 "
        "weeks from the start of that run, so recent weeks may be judged by limits that they help to set. The limits "
        "lie three spreads above and below."
    )
    assert "1.2% of weeks lie outside by chance, and 48% of the series show some sign in a year" in card.note
    assert "Of the latest 28 observed days, none is unlike what is usual on that day of the week." in card.note
    assert card.alt.endswith("2 weeks out of the ordinary.")


def test_a_headline_speaks_of_the_last_eight_judged_weeks(variants: Variants) -> None:
    tables = variants["full"]
    chart = tables["rel_control_chart"]
    weeks = chart.filter((pl.col("period_kind") == "week") & (pl.col("platform") == "all")).sort("period_start")
    starts = weeks.filter(pl.col("is_signal").is_not_null())["period_start"]

    def headline(*signs: tuple[int, str, str]) -> str:
        at = {starts[place]: (rule, side) for place, rule, side in signs}
        rows = weeks.with_columns(
            pl.when(pl.col("is_signal").is_not_null()).then(pl.col("period_start").is_in(list(at))).alias("is_signal"),
            *(
                pl.col("period_start").replace_strict({s: v[i] for s, v in at.items()}, default=None,
                                                      return_dtype=pl.String).alias(name)
                for i, name in enumerate(("rule", "side"))
            ),
        )  # fmt: skip
        return control_chart_card(Released(tables | {"rel_control_chart": rows})).headline

    assert headline((-8, "outside", "below")) == "1 of the last 8 observed weeks lies below what is usual"
    month = f"{starts[-9]:%B}\u00a0{starts[-9].year}"
    assert headline((-9, "outside", "below"), (-30, "outside", "above")) == (
        f"No week since {month} lies outside of what is usual"
    )
    assert "eight in a row lay above" in headline((-2, "run", "above"), (-30, "outside", "above"))
    both = headline((-2, "outside and run", "above"), (-1, "run", "above"))
    assert both.startswith("1 of the last 8 observed weeks lies above")
    assert headline((-9, "run", "above")) == "No week so far lies outside of what is usual"


def test_a_chart_that_cannot_be_drawn_says_what_it_takes(variants: Variants) -> None:
    for name in ("no_roster", "tiny", "empty", "all_outnumbered"):
        card = control_chart_card(Released(variants[name]))
        assert card.headline == "Whether a week is out of the ordinary cannot be told yet"
        assert card.note == (
            "It takes 12 wholly observed weeks of an organisation of known size, that differ from each other."
            if name == "all_outnumbered"
            else "No roster is loaded, so the size of the organisation, and with it a share, is not known."
        )
        assert card.figure is None
