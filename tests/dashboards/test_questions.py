"""The question to ask a unit, and what leaders can do about it: where the figures are certain, and only there."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from dashboards import questions
from dashboards.questions import question, todo
from dashboards.unit_state import UnitState
from models.comparison import Share

OCTOBER, BEFORE = "October 2026", "October 2025"


def row(n: int | None, whole: int, *, is_coarse: bool = True) -> dict[str, Any]:
    return {"n_contributors": n, "n_eligible": whole, "is_coarse": is_coarse, "contributor_ratio": None}


def unit(now: int | None, then: int | None, whole: int, *, ever: int | None = None) -> UnitState:
    """A unit of 100 people in an organisation of 1000."""
    adopted = Share(ever, 100, is_coarse=True) if ever else None
    organisation = row(whole, 1000, is_coarse=False)
    return UnitState("Sales", row(now, 100), row(then, 100), organisation, adopted, OCTOBER, BEFORE, is_recent=True)


@pytest.mark.parametrize(
    ("state", "asked", "done"),
    [
        (unit(50, 50, 500), None, []),
        (unit(50, 45, 480), None, []),  # within chance
        (unit(50, 40, 580), None, []),  # ten points in a hundred people are no more than chance
        (unit(30, 60, 300), "what_changed", ["ask_before_acting"]),
        (unit(60, 30, 600), "what_helped", ["tell_others"]),
        (unit(20, 20, 500), "what_holds_back", ["begin_with_one_matter"]),
        (unit(80, 80, 500), "what_others_could_try", []),
        # 20 of 100 at most about one in three, 90 of 100 at least about three in four
        (unit(20, 20, 200, ever=90), "what_would_bring_back", []),
        (unit(30, 30, 300, ever=60), None, []),  # for certain not less than half of them
        (unit(10, 10, 100, ever=45), None, []),  # most have not contributed at all
        (unit(20, 60, 500), "what_changed", ["ask_before_acting", "begin_with_one_matter"]),
        (unit(45, 15, 700), "what_helped", ["tell_others", "begin_with_one_matter"]),
        (unit(20, 20, 500, ever=90), "what_holds_back", ["begin_with_one_matter"]),
        (unit(None, 60, 500), None, []),  # nothing but a band is told
        (unit(30, None, 300), None, []),
    ],
)
def test_one_question_where_a_state_is_certain(state: UnitState, asked: str | None, done: list[str]) -> None:
    assert question(state) == (getattr(questions, asked)(state) if asked else None)
    assert (question(state) is None) == (asked is None)
    assert todo(state) == [getattr(questions, name)(state) for name in done]
    assert None not in todo(state)


@pytest.mark.parametrize("state", [unit(30, 60, 300), unit(20, 20, 500), unit(60, 30, 600), unit(80, 80, 500)])
def test_what_ended_long_ago_or_was_never_seen_asks_nothing(state: UnitState) -> None:
    assert question(state)
    for quiet in (replace(state, is_recent=False), replace(state, now=None)):
        assert question(quiet) is None
        assert todo(quiet) == []


def test_the_reason_is_told_with_its_numbers() -> None:
    fell, fewer = question(unit(30, 60, 300)), question(unit(20, 20, 500))
    assert fell
    assert fell.why == (
        "Fewer of the unit\u2019s people contribute than in October 2025 (30% in October 2026, 60% then)."
    )
    assert BEFORE in fell.text
    assert fewer
    assert fewer.why == (
        "Fewer of the unit\u2019s people contribute than of the whole organisation (20% and 50% in October 2026)."
    )
    silent = question(unit(20, 20, 200, ever=90))
    assert silent
    assert silent.why == "90% of the unit\u2019s people have contributed at least once; 20% did in October 2026."


def test_no_reason_contradicts_its_figures() -> None:
    counts = range(5, 100, 10)
    said = set()
    for now, then, whole in product(counts, counts, range(50, 1000, 150)):
        state = unit(now, then, whole)
        for one in [*todo(state), *filter(None, [question(state)])]:
            said.add(one.text)
            other = then / 100 if BEFORE in one.why else whole / 1000
            assert now / 100 < other if one.why.startswith("Fewer") else now / 100 > other
    assert len(said) == 7


def test_a_question_names_nobody_and_no_cause(variants: dict[str, Any]) -> None:
    state = unit(20, 60, 500, ever=90)
    states = [state, unit(60, 30, 600), unit(20, 20, 500), unit(80, 80, 500), unit(20, 20, 200, ever=90)]
    asked = [one for one in map(question, states) if one]
    assert len({one.text for one in asked}) == len(states)
    for one in asked:
        assert one.text.endswith("?")
        assert one.text.count("?") == 1
        assert "Sales" not in one.text
        assert "because" not in one.text
        assert one.metric in set(variants["full"]["dim_metric"]["id"])
