"""Each number in the table of each card against the released cell that it is, or what follows from such cells.

`released_cells` declares for each card where its numbers stand; that a chart draws its table is in `test_site`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from math import isclose
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.dashboards.conftest import Tables
from tests.dashboards.page_rows import PLATFORMS, Card, Cell, Line, cards_of
from tests.dashboards.release_rows import Release, Told
from tests.dashboards.released_cells import CARDS, OF_DAYS
from tests.dashboards.test_numbers import is_written

Site = Callable[[str], Path]
NAMES = ("full", "unknowns", "tiny", "no_roster", "outnumbered")
SHOWN = {"day": 365, "week": 104, "month": 25}
READ: dict[Path, list[Card]] = {}


def cards(site: Path) -> list[Card]:
    """All cards of a site, read once."""
    if site not in READ:
        READ[site] = cards_of(site)
    return READ[site]


def declared(card: Card) -> Iterator[tuple[Line, Told]]:
    """The lines of a card, each with its declaration; cards of several platforms are numbered."""
    given = CARDS[card.id.rstrip("0123456789").rstrip("-")]
    for cells in card.rows:
        line = Line(card, cells)
        yield line, given if isinstance(given, Told) else given(card, line)


def numbers(card: Card) -> list[Cell]:
    return [cell for row in card.rows for cell in row.values() if (cell.value, cell.low) != (None, None)]


def agree(cell: Cell, expected: Cell) -> bool:
    pairs = ((cell.value, expected.value), (cell.low, expected.low), (cell.high, expected.high))
    return all(
        one is other if None in (one, other) else isclose(one, other, rel_tol=1e-12, abs_tol=1e-15)
        for one, other in pairs
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_card_with_a_chart_says_where_its_numbers_stand(name: str, sites: Site) -> None:
    for card in cards(sites(name)):
        if numbers(card):
            assert list(declared(card))
        else:
            assert not card.has_chart or card.id in OF_DAYS, card.id


def test_every_declaration_is_of_a_card_with_numbers(sites: Site) -> None:
    shown = {card.id.rstrip("0123456789").rstrip("-") for card in cards(sites("full")) if numbers(card)}
    assert shown == set(CARDS)


@pytest.mark.parametrize("name", NAMES)
def test_each_number_is_the_released_cell_that_its_row_and_column_name(
    name: str, sites: Site, variants: dict[str, Tables]
) -> None:
    release = Release(variants[name])
    wrong = []
    for card in cards(sites(name)):
        for line, told in declared(card) if numbers(card) else ():
            for column, cell in line.cells.items():
                expected = told.expected(release, line, column) if told.declares(column) else Cell()
                if not agree(cell, expected):
                    wrong.append((card.page, card.id, line.name, line.period, column, cell, expected))
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_a_table_has_a_row_for_each_released_one_and_none_twice(
    name: str, sites: Site, variants: dict[str, Tables]
) -> None:
    for card in cards(sites(name)):
        pairs = list(declared(card)) if numbers(card) else []
        if pairs and all(told.checks_rows for _, told in pairs):
            told = pairs[0][1]
            rows = [told.row_of(line) for line, _ in pairs]
            found = released(variants[name][told.table], told, rows)
            assert sorted(rows, key=repr) == sorted(found, key=repr), (card.page, card.id)


def released(table: pl.DataFrame, told: Told, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What tells the rows of a release apart of which a card is: those that have in common what all its rows have."""
    common = {name: value for name, value in rows[0].items() if all(row[name] == value for row in rows)}
    of_card = table.filter(pl.col(name) == value for name, value in common.items())
    every = [row for row in of_card.iter_rows(named=True) if told.is_of(row)]
    found = [row for row in every if told.is_shown(row)]
    if "period_start" not in common and "period_start" in rows[0]:
        # of a series all periods from the first one on of which anything is told, known or not
        first = min(row["period_start"] for row in found)
        of_kind = table.filter(pl.col("period_kind") == common["period_kind"])["period_start"].unique().sort()
        kept = of_kind.tail(SHOWN[common["period_kind"]]).to_list()
        found = [row for row in every if row["period_start"] >= max(first, kept[0])]
    return [{name: row[name] for name in rows[0]} for row in found]


@pytest.mark.parametrize("name", NAMES)
def test_a_cell_says_in_words_the_number_that_it_holds(name: str, sites: Site) -> None:
    for card in cards(sites(name)):
        for cell in numbers(card):
            text = cell.text.removesuffix(" (partly observed)")
            if cell.value is not None:
                number = text.lstrip("+\u2212")
                assert is_written(number, cell.value), (card.id, cell)
                assert text.startswith("\u2212") == (cell.value < 0 and number.strip("0.") != ""), (card.id, cell)
            else:
                ends = [word for word in text.split() if word.endswith("%")]
                told = [end for end in (cell.low, cell.high) if len(ends) > 1 or 0 < end < 1]
                assert all(is_written(*pair) for pair in zip(ends, told, strict=True)), (card.id, cell)


@pytest.mark.parametrize("name", NAMES)
def test_the_runs_of_days_on_the_page_of_data_are_those_of_the_release(
    name: str, sites: Site, variants: dict[str, Tables]
) -> None:
    (card,) = (card for card in cards(sites(name)) if card.id == "coverage")
    shown = []
    for line in (Line(card, cells) for cells in card.rows):
        first, last = line.day("first_on"), line.day("last_on")
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        shown += [(PLATFORMS[line.name], day, line.cells["state"].text) for day in days]
    assert sorted(shown) == sorted(variants[name]["coverage_day"].select("platform", "occurred_on", "state").rows())
