"""The card on public spaces by name: who is named in the headline, what is only counted, and what is not told."""

from typing import Any

import polars as pl
import pytest

from dashboards.cards.spaces import TABLE, spaces_card
from dashboards.headlines.spaces import spaces
from dashboards.released import Released
from dashboards.words import NBSP

Row = dict[str, Any]
Variants = dict[str, dict[str, pl.DataFrame]]
UNKNOWN = "Which spaces live cannot be told yet"


def some(**states: int) -> list[Row]:
    return [{"label": f"{state} {n}", "platform": "slack", "state": state}
            for state, many in states.items() for n in range(1, many + 1)]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([], UNKNOWN),
        (some(unknown=3), UNKNOWN),
        (some(alive=1), "\u201calive 1\u201d on Slack is alive, of 1 named space"),
        (
            some(alive=4, fading=1, forgotten=2, unknown=5),
            "\u201calive 1\u201d on Slack, \u201calive 2\u201d on Slack and 2 more are alive, of 7 named spaces; 1 is "
            "fading and 2 are forgotten",
        ),
        (
            some(revived=1, alive=4),
            "\u201crevived 1\u201d on Slack is in use again after a long silence; 4 of 5 named spaces are alive",
        ),
        (
            some(revived=2, forgotten=3),
            "\u201crevived 1\u201d on Slack and \u201crevived 2\u201d on Slack are in use again after a long silence; "
            "none of 5 named spaces is alive; 3 are forgotten",
        ),
        (some(fading=1, forgotten=1), "None of 2 named spaces is alive; 1 is fading and 1 is forgotten"),
    ],
)
def test_only_what_lives_is_named_and_what_does_not_is_counted(rows: list[Row], text: str) -> None:
    assert spaces(rows) == text


def test_a_long_name_is_shortened_and_directions_are_taken_out() -> None:
    (row,) = some(alive=1)
    assert spaces([row | {"label": "x" * 100}]).startswith(f"\u201c{'x' * 59}\u2026\u201d")
    assert "\u202e" not in spaces([row | {"label": "a\u202eb"}])


def test_the_table_holds_every_named_space_those_that_live_first(variants: Variants) -> None:
    card = spaces_card(Released(variants["full"]))
    assert card.relation
    assert card.figure is None
    month = variants["full"][TABLE]["period_start"][0]
    cells = [[cell.text.replace(NBSP, " ") for cell in row] for row in card.relation.rows()]
    assert [row[0] for row in cells] == ["ideas", "general", "board-games"]
    assert [row[4] for row in cells] == ["revived", "alive", "forgotten"]
    assert [row[-1] for row in cells] == ["15", "45", "not told"]
    assert cells[0][5:7] == ["February 2025", f"{month:%B %Y}"]
    assert "Counted only, without a name: 7 channels on" in card.note
    assert "at least 12 different people" in card.note


def test_without_a_space_that_may_be_named_the_card_says_what_it_takes(variants: Variants) -> None:
    card = spaces_card(Released(variants["empty"]))
    assert (card.headline, card.relation) == (UNKNOWN, None)
    assert card.note.endswith("there is none yet.")
    unknown = spaces_card(Released(variants["unknowns"]))
    assert unknown.headline == UNKNOWN
    assert unknown.relation
