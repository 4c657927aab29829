"""A target of the organisation: which one holds, how it is judged; chart, note and key figure tell the same."""

from datetime import date

import polars as pl
import pytest

from dashboards.kpis import key_figures
from dashboards.pages.overview import weekly_card
from dashboards.released import Released
from dashboards.targets import Target, target_of
from models.comparison import standing
from models.schemas import TABLES
from tests.dashboards.conftest import Tables

DUE = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0.41, 0.45, "met"), (0.40, 0.45, "met"), (0.35, 0.399, "missed"), (0.35, 0.40, "too_close"),
     (0.38, 0.42, "too_close")],
)  # fmt: skip
def test_a_target_is_met_or_missed_only_by_the_whole_interval(low: float, high: float, said: str):
    assert standing(low, high, 0.40) == said


def test_nothing_is_missed_before_the_day_that_it_is_set_for():
    target = Target(0.4, DUE, "the board")
    assert target.judged(0.2, 0.3, date(2026, 12, 30)) == "not reached yet"
    assert target.judged(0.2, 0.3, DUE) == "missed"
    assert target.judged(0.5, 0.6, date(2026, 12, 30)) == "met"
    assert target.judged(None, None, DUE) == ""


def declaring(tables: Tables, *targets: tuple[str, str, float, date]) -> Released:
    rows = [
        {"kind": "target", "title": metric, "platform": "all", "unit": unit, "value": value, "from_on": None,
         "to_on": by, "detail": "the board"}
        for metric, unit, value, by in targets
    ]  # fmt: skip
    declared = pl.DataFrame(rows, schema=TABLES["rel_declared"].empty().schema)
    return Released(tables | {"rel_declared": declared})


def test_the_target_that_is_due_next_holds_and_of_this_scope_only(variants: dict[str, Tables]):
    released = declaring(
        variants["full"], ("contributor_ratio", "all", 0.3, date(2026, 1, 31)),
        ("contributor_ratio", "all", 0.6, date(2027, 6, 30)), ("contributor_ratio", "all", 0.5, DUE),
        ("contributor_ratio", "Sales", 0.9, DUE), ("executive_contributor_ratio", "all", 0.8, DUE),
    )  # fmt: skip
    found = target_of(released, "contributor_ratio")
    assert found == Target(0.5, DUE, "the board")
    past = declaring(variants["full"], ("contributor_ratio", "all", 0.3, date(2026, 1, 31)))
    assert target_of(past, "contributor_ratio") == Target(0.3, date(2026, 1, 31), "the board")
    assert target_of(past, "newcomer_share") is None


@pytest.mark.parametrize("at", [0.05, 0.38, 0.95])
def test_the_line_the_note_and_the_key_figure_tell_the_same_target(variants: dict[str, Tables], at: float):
    released = declaring(variants["full"], ("contributor_ratio", "all", at, date(2026, 6, 30)))
    card = weekly_card(released)
    assert card.figure is not None
    (level,) = card.figure.layout["shapes"]
    assert level["y0"] == level["y1"] == at
    assert card.figure.layout["yaxis"]["range"][1] > at
    row = released.series("rel_contributor_ratios", "week").filter("is_complete").row(-1, named=True)
    low, high = row["contributor_ratio_low"], row["contributor_ratio_high"]
    said = "met" if low >= at else "missed" if high < at else "too close to call"
    percent = f"{round(at * 100)}%" if at > 0.1 else "5%"
    assert card.note.startswith(f"Target {percent} by 30\u00a0June\u00a02026, set by the board: {said}.")
    assert card.note.split(". ")[0] in card.alt
    weekly = next(kpi for kpi in key_figures(released) if kpi.metric == "contributor_ratio")
    assert weekly.base.endswith(f"target {percent}: {said}")


def test_without_a_target_nothing_is_drawn_or_said(variants: dict[str, Tables]):
    card = weekly_card(declaring(variants["full"]))
    assert card.figure is not None
    assert "shapes" not in card.figure.layout
    assert "Target" not in card.note


def test_a_target_set_by_anybody_is_text():
    assert Target(0.4, DUE, "<b>\u202eboard</b>").sentence(None, "x").endswith("set by <b>board</b>.")
