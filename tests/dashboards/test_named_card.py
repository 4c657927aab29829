"""Executives and champions by name: in alphabetical order, with why, and never that somebody did nothing."""

from collections.abc import Callable
from pathlib import Path

from dashboards.cards.named import DASH, named_card
from dashboards.cards.named_champions import named_champions_card
from dashboards.headlines import leading as headlines
from dashboards.released import Released
from tests.dashboards.conftest import Tables

Site = Callable[[str], Path]


def test_nobody_is_named_without_a_recorded_decision(variants: dict[str, Tables]) -> None:
    assert named_card(Released(variants["unknowns"])) is None


def test_rows_stand_by_name_and_month_and_what_is_not_told_is_a_dash(variants: dict[str, Tables]) -> None:
    card = named_card(Released(variants["full"]))
    assert card is not None
    assert card.relation is not None
    assert card.figure is None
    assert [[cell.text for cell in row] for row in card.relation.rows()] == [
        ["ada Lind, CEO", "October\u00a02026", DASH, DASH, DASH, DASH],
        ["ada Lind, CEO", "September\u00a02026", "2", "1", "4", "2"],
        ["Bo Berg, COO", "October\u00a02026", "2", "1", "3", "2"],
        ["Bo Berg, COO", "September\u00a02026", "2", "1", "3", "2"],
    ]
    why = "ada Lind, CEO: Acme: consent in writing; approved by Acme: the board, until 30\u00a0June\u00a02027."
    assert card.note.startswith(why)
    assert not {"absent", "inactive", "silent", "not active"} & set(card.note.lower().split())


def test_champions_stand_by_the_name_they_gave_without_any_figure(variants: dict[str, Tables]) -> None:
    card = named_champions_card(Released(variants["full"]))
    assert card is not None
    assert card.relation is not None
    assert [[cell.text for cell in row] for row in card.relation.rows()] == [
        ["kim", "wikis", "November\u00a02026"], ["Zoe", "wikis", "November\u00a02026"],
    ]  # fmt: skip
    assert card.headline == "2 champions asked to be named"
    assert named_champions_card(Released(variants["unknowns"])) is None


def test_headline_counts_those_who_are_named() -> None:
    assert headlines.named(1) == "1 executive is shown by name, as was decided"
    assert headlines.named(2) == "2 executives are shown by name, as was decided"


def test_every_page_that_says_who_is_named_follows_the_release(sites: Site) -> None:
    named, nobody = ({page.stem: page.read_text(encoding="utf-8") for page in sites(name).glob("*.html")}
                     for name in ("full", "unknowns"))  # fmt: skip
    only = "No person is named but the executives of whom that was decided and champions who asked for it."
    assert only in named["index"]
    assert "No person is named." in nobody["index"]
    assert "but what executives of whom that was decided have posted and replied" in named["measured"]
    assert "and the names of champions who asked for it, without any figure: no ranking" in named["measured"]
    assert "No page shows anything about one person: no ranking" in nobody["measured"]
    assert "never by name" in nobody["executives"]
    assert "never by name" not in named["executives"]
    assert "ada Lind" in named["executives"]
    assert not [page for page, text in named.items() if page != "executives" and "ada Lind" in text]
