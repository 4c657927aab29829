"""The cards about who goes first and about layers of management: sentences, what is shown, and what is not."""

from typing import Any

import polars as pl
import pytest

from dashboards.cards import Card
from dashboards.cards.cascade import cascade_card
from dashboards.cards.direction import direction_card
from dashboards.headlines import leading as headlines
from dashboards.released import Released
from models.analyses.direction import NOTHING, TOO_WEAK

Row = dict[str, Any]
Tables = dict[str, pl.DataFrame]


def given(verdict: str, reason: str | None = None) -> Row:
    return {"verdict": verdict, "reason": reason}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (None, "Whether people follow executives, or executives their people, cannot be told here"),
        (given("not estimable"), "Whether people follow executives, or executives their people, cannot be told here"),
        (given("people follow"),
         "Executives go first: people take part more after weeks in which their executive does"),
        (given("leaders follow"),
         "People go first: executives take part more after weeks in which more of their people do"),
        (given("both", "x"), "Executives and their people move together; who goes first cannot be told"),
        (given("neither shown", NOTHING),
         "Neither follows: executives and their people take part without regard to each other"),
        (given("neither shown", TOO_WEAK), "Neither executives nor their people are shown to go first"),
    ],
)  # fmt: skip
def test_sentence_says_who_goes_first_only_if_that_is_shown(row: Row | None, sentence: str) -> None:
    assert headlines.direction(row) == sentence


def layers(*verdicts: str, stops_at: int | None = None) -> list[Row]:
    ratios = (0.7, 0.4, 0.38)
    return [
        {"layer": 2 + i, "verdict": verdict, "stops_at": stops_at, "contributor_ratio": ratios[i]}
        for i, verdict in enumerate(verdicts)
    ]


CANNOT = "At which layer of management participation stops cannot be told"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], CANNOT),
        (layers("cannot tell", "cannot tell", "cannot tell"), CANNOT),
        (layers("drops", "goes on", "cannot tell", stops_at=2),
         "Participation drops below the third layer of management: 70% of it contributed in May, 40% of the layer "
         "below"),
        (layers("goes on", "drops", "cannot tell", stops_at=3),
         "Participation drops below the fourth layer of management: 40% of it contributed in May, 38% of the layer "
         "below"),
        (layers("goes on", "goes on", "cannot tell"),
         "Participation goes on below every layer of management that is shown for May"),
        (layers("unrelated", "goes on", "cannot tell"),
         "No layer of management at which participation stops can be shown for May"),
        (layers("goes on", "cannot tell", "cannot tell"),
         "No layer of management at which participation stops can be shown for May"),
        # a stop at a layer that is not shown is not told
        (layers("goes on", "goes on", "cannot tell", stops_at=1),
         "Participation goes on below every layer of management that is shown for May"),
    ],
)  # fmt: skip
def test_sentence_names_a_layer_only_if_a_drop_is_shown(rows: list[Row], sentence: str) -> None:
    assert headlines.cascade(rows, period="May") == sentence


def test_layers_are_counted_from_the_top() -> None:
    assert [headlines.layer(number) for number in (0, 1, 2, 9, 10, 11, 20)] == [
        "top layer", "second layer", "third layer", "tenth layer", "11th layer", "12th layer", "21st layer",
    ]  # fmt: skip


def direction_of(variants: dict[str, Tables], name: str) -> Card:
    return direction_card(Released(variants[name]))


def cascade_of(variants: dict[str, Tables], name: str) -> Card:
    return cascade_card(Released(variants[name]))


def test_both_sides_are_shown_with_what_they_rest_on(variants: dict[str, Tables]) -> None:
    card = direction_of(variants, "full")
    assert card.headline.startswith("Executives go first")
    assert card.relation is not None
    assert [[cell.text for cell in row][:4] for row in card.relation.rows()] == [
        ["People follow", "+5.5", "+2.9", "+8.1"], ["Executives follow", "+2.2", "\u22123.1", "+7.5"],
    ]  # fmt: skip
    assert card.relation.values("is_shown") == [True, False]
    assert [key.text for key in card.keys] == ["more than chance", "within chance", "95 % interval"]
    assert "Over 27 executives together and 52 weeks" in card.note
    assert "Going first is not causing" in card.note
    assert "within the same week" not in card.note
    assert "What happens within the same week has no order here." in direction_of(variants, "unknowns").note


def test_a_refusal_says_why_and_what_it_needs(variants: dict[str, Tables]) -> None:
    card = direction_of(variants, "silent_platform")
    assert (card.figure, card.relation) == (None, None)
    assert card.note.startswith("Too few executives with enough people")
    assert "needs 10 executives" in card.note
    assert "26 weeks" in card.note
    assert direction_of(variants, "outnumbered").note == "At times, more people were active than the roster holds."
    assert "names no executives" in direction_of(variants, "empty").note


def test_the_last_complete_month_is_shown_from_the_top_down(variants: dict[str, Tables]) -> None:
    card = cascade_of(variants, "full")
    assert card.subtitle.endswith("October\u00a02026")
    assert card.headline == (
        "Participation drops below the third layer of management: 65% of it contributed in October\u00a02026, 41% of "
        "the layer below"
    )
    assert card.relation is not None
    assert [row[0].text for row in card.relation.rows()] == ["Third layer", "Fourth layer", "Fifth layer"]
    said = "Where the manager contributes, reports of about 105 managers of the fourth layer contribute more"
    assert said in card.note
    assert "between +3.1 and +15.2 points" in card.note
    open_month = variants["full"]["rel_cascade"].with_columns(is_complete=pl.col("period_start").dt.month() != 10)
    earlier = cascade_card(Released(variants["full"] | {"rel_cascade": open_month}))
    assert earlier.subtitle.endswith("September\u00a02026")


def test_an_association_within_chance_is_no_difference_but_has_its_power(variants: dict[str, Tables]) -> None:
    weak = variants["full"]["rel_cascade"].with_columns(association_p=pl.lit(0.2))
    note = cascade_card(Released(variants["full"] | {"rel_cascade": weak})).note
    assert "goes with no clear difference among reports of about 105 managers of the fourth layer" in note
    assert "a difference of 9 points would have been found" in note
    fewer = variants["full"]["rel_cascade"].with_columns(association_pp=-pl.col("association_pp"))
    assert "contribute less" in cascade_card(Released(variants["full"] | {"rel_cascade": fewer})).note
    assert "Of no layer can it be told" in cascade_of(variants, "unknowns").note


@pytest.mark.parametrize("name", ["outnumbered", "all_outnumbered", "empty"])
def test_without_layers_nothing_is_drawn(variants: dict[str, Tables], name: str) -> None:
    card = cascade_of(variants, name)
    assert (card.figure, card.relation, card.headline) == (None, None, CANNOT)
    assert "no complete month" in card.note
