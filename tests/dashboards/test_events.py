"""Dated events on charts over time: which belong to a chart, where they stand, and that no label covers another."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random

import polars as pl
import pytest

from dashboards.cards import Card
from dashboards.cards.platform import platform_card
from dashboards.cards.time import time_card
from dashboards.cards.unit_on_platforms import unit_on_platforms_card
from dashboards.events import NO_CAUSE, Event, dated_card, events
from dashboards.figures.above import labelled
from dashboards.figures.lines import Series
from dashboards.pages import active, overview
from dashboards.relation import Column
from dashboards.released import Released
from dashboards.unit_state import unit_state
from tests.dashboards.companies import HOSTILE
from tests.dashboards.conftest import Tables

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)


def done(title: str, day: date, to: date | None = None, **of: object) -> dict[str, object]:
    return {"kind": "event", "title": title, "platform": "all", "unit": "all", "value": None, "from_on": day,
            "to_on": to or day, "detail": "launch"} | of  # fmt: skip


def having(tables: Tables, *rows: dict[str, object]) -> Released:
    declared = pl.DataFrame(rows, schema=tables["rel_declared"].schema, orient="row")
    return Released(tables | {"rel_declared": declared})


@pytest.mark.parametrize(
    ("event", "platforms", "units", "is_shown"),
    [
        ({}, ["all"], ["all"], True),
        ({}, ["slack"], ["Legal"], True),  # what was done everywhere was done there too
        ({"platform": "slack"}, ["all"], ["all"], False),
        ({"platform": "slack"}, ["slack"], ["all"], True),
        ({"platform": "slack"}, ["mediawiki", "slack"], ["all"], True),
        ({"unit": "Legal"}, ["all"], ["all"], False),
        ({"unit": "Legal"}, ["all"], ["Legal"], True),
        ({"unit": "Legal"}, ["all"], ["Sales"], False),
        ({"unit": "Legal", "platform": "slack"}, ["yammer"], ["Legal"], False),
        ({"kind": "trial", "detail": None}, ["all"], ["all"], True),
        ({"kind": "target", "from_on": None}, ["all"], ["all"], False),
    ],
)
def test_an_event_belongs_to_the_charts_of_its_scope(variants, event, platforms, units, is_shown):
    released = having(variants["full"], done("Launch", date(2026, 3, 2)) | event)
    assert bool(events(released, platforms=platforms, units=units, first=FIRST, last=LAST)) == is_shown


@pytest.mark.parametrize(
    ("begin", "end", "is_shown"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), True),
        (date(2025, 12, 31), date(2025, 12, 31), False),
        (date(2026, 6, 30), date(2026, 6, 30), True),
        (date(2026, 7, 1), date(2026, 7, 1), False),
        (date(2025, 11, 1), date(2026, 1, 1), True),  # it reaches into what is drawn
        (date(2025, 11, 1), date(2027, 1, 1), True),
        (date(2026, 6, 30), None, True),  # it has not ended yet
    ],
)
def test_what_lies_outside_of_the_drawn_time_is_not_spoken_of(variants, begin, end, is_shown):
    released = having(variants["full"], done("Launch", begin) | {"to_on": end})
    assert bool(events(released, first=FIRST, last=LAST)) == is_shown


def test_an_event_is_told_with_its_days_and_its_kind():
    event = Event(date(2026, 2, 28), date(2026, 3, 31), "Open\u202e wiki", "trial")
    assert event.text().replace("\u00a0", " ") == "28 February 2026 to 31 March 2026: Open wiki (trial)"
    event = Event(date(2026, 2, 28), date(2026, 2, 28), "Guide", "policy")
    assert event.text().replace("\u00a0", " ") == "28 February 2026: Guide (policy)"


def months(kind: str = "month") -> Card:
    """A line over the first half of 2026."""
    starts = [date(2026, month, 1) for month in range(1, 7)]
    ends = [*(day - timedelta(1) for day in starts[1:]), LAST]
    if kind == "week":
        starts = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(25)]
        ends = [day + timedelta(6) for day in starts]
    frame = pl.DataFrame({"period_start": starts, "period_end": ends, "ratio": 0.3, "is_complete": True})
    return time_card(
        "line", "Headline", "Subtitle", ("contributor_ratio",), frame, columns=(Column("ratio", "Share", "ratio"),),
        series=[Series("ratio", "")], kind=kind, axis="ratio", missing="none", wide=True,
    )  # fmt: skip


def lines_of(card: Card) -> list[str]:
    assert card.figure
    return [shape["x0"] for shape in card.figure.layout["shapes"] if shape["type"] == "line"]


@pytest.mark.parametrize(
    ("kind", "day", "x"),
    [
        # the point of a month stands at its first day for the whole month: half of it lies to either side
        ("month", date(2026, 2, 15), "2026-02-01 12:00"),  # 14.5 of 28 days are over, so half a day right of the point
        ("month", date(2026, 2, 28), "2026-02-14 12:00"),
        ("month", date(2026, 4, 1), "2026-03-17 12:00"),  # half a day into a month of 30 days
        ("week", date(2026, 3, 5), "2026-03-02 00:00"),  # Thursday noon is the middle of the week of 2 March
        ("week", date(2026, 3, 2), "2026-02-27 00:00"),
    ],
)
def test_an_event_stands_where_its_day_lies_between_the_points(variants, kind, day, x):
    card = dated_card(months(kind), having(variants["full"], done("Launch", day)))
    assert lines_of(card) == [x]


def test_what_lasted_longer_is_shaded_from_its_first_day_to_its_last(variants):
    released = having(variants["full"], done("Campaign", date(2026, 2, 1), date(2026, 2, 28)),
                      done("Ever", date(2025, 1, 1), date(2027, 1, 1)))  # fmt: skip
    card = dated_card(months(), released)
    shades = [(shape["x0"], shape["x1"]) for shape in card.figure.layout["shapes"] if shape["type"] == "rect"]
    # February reaches 14 days to both sides of its point, and the axis 15 days
    assert ("2026-01-18 00:00", "2026-02-15 00:00") in shades
    assert ("2025-12-17 00:00", "2026-06-16 00:00") in shades
    assert sorted(lines_of(card)) == ["2026-01-18 00:00", "2026-02-15 00:00"]  # what goes on has no end to draw


def test_chart_note_and_alternative_text_tell_the_same_events(variants):
    released = having(variants["full"], done("Late", date(2026, 5, 20)), done("Early", date(2026, 2, 2)))
    card = dated_card(months(), released)
    said = "Marked in the chart: (1) 2 February 2026: Early (launch); (2) 20 May 2026: Late (launch)."
    assert card.events.replace("\u00a0", " ") == f"{said} {NO_CAUSE}"
    assert card.alt.endswith(card.events)
    texts = [one["text"] for one in card.figure.layout["annotations"] if one["yref"] == "paper"]
    assert texts == ["1 Early", "2 Late"]
    assert card.relation.frame.equals(months().relation.frame)


def test_the_numbers_of_a_figure_stay_as_they_are(variants):
    plain = platform_card(Released(variants["full"]), missing="none")
    card = dated_card(plain, having(variants["full"], done("Launch", date(2026, 3, 2))))
    assert card.figure.data == plain.figure.data
    assert card.figure.columns == plain.figure.columns
    assert card.figure.layout["annotations"][: len(plain.figure.layout["annotations"])] == plain.figure.layout[
        "annotations"
    ]


def test_without_events_and_for_other_charts_nothing_changes(variants):
    released = having(variants["full"])
    for page in (overview.build(released), active.build(released)):
        assert [dated_card(card, released) for card in page.cards] == page.cards
    units = next(card for card in overview.build(released).cards if card.id == "units")
    assert dated_card(units, having(variants["full"], done("Launch", date(2026, 3, 2)))) == units
    empty = Card("none", "Headline", "Subtitle", ())
    assert dated_card(empty, having(variants["full"], done("Launch", date(2026, 3, 2)))) == empty


def test_a_chart_of_platforms_has_the_events_of_those_it_shows(variants):
    released = having(variants["full"], done("Chat", date(2026, 3, 2), platform="slack"),
                      done("Elsewhere", date(2026, 3, 2), platform="m365"))  # fmt: skip
    assert "Chat" in dated_card(platform_card(released, missing="none"), released).events
    assert "Elsewhere" not in dated_card(platform_card(released, missing="none"), released).events
    assert dated_card(months(), released).events == ""


def test_each_small_chart_has_the_events_of_its_unit(variants):
    released = having(variants["full"], done("All", date(2026, 3, 2)), done("Own", date(2026, 4, 2), unit="Legal"))
    plain = next(card for card in active.build(released).cards if card.id == "unit-months")
    card = dated_card(plain, released)
    shapes = [shape["xref"] for shape in card.figure.layout["shapes"]]
    panels = list(dict.fromkeys(card.relation.values("unit")))
    legal = panels.index("Legal")
    assert len(shapes) == len(panels) + 1
    assert shapes.count(f"x{legal + 1}" if legal else "x") == 2
    assert "Own" in card.events


def test_each_small_chart_of_a_platform_has_the_events_of_that_platform(variants):
    released = having(variants["full"], done("All", date(2026, 10, 2)),
                      done("Own", date(2026, 10, 9), platform="slack"))  # fmt: skip
    card = dated_card(unit_on_platforms_card(released, unit_state(released, "Legal")), released)
    panels = list(dict.fromkeys(card.relation.values("platform_name")))
    axes = [shape["xref"] for shape in card.figure.layout["shapes"]]
    own = panels.index("Slack")
    assert len(panels) > 2
    assert {axes.count(f"x{index + 1}" if index else "x") - (index == own) for index in range(len(panels))} == {1}


@pytest.mark.parametrize(("ratio", "is_short"), [(0.99, True), (0.5, False)])
def test_the_name_of_an_event_ends_before_a_label_that_reaches_above_the_plot(variants, ratio, is_short):
    frame = months().relation.frame.with_columns(ratio=pl.lit(ratio))
    plain = time_card(
        "line", "Headline", "Subtitle", ("contributor_ratio",), frame, columns=(Column("ratio", "Share", "ratio"),),
        series=[Series("ratio", "By headcount")], kind="month", axis="ratio", missing="none", wide=True,
    )  # fmt: skip
    card = dated_card(plain, having(variants["full"], done("Guide to working in the open", date(2026, 2, 2))))
    beside, above = card.figure.narrow["annotations"]
    assert beside["x"] == 1
    assert above["text"].startswith("2\u00a0Feb" if is_short else "Guide to working")


def test_titles_are_letters_and_no_markup(variants):
    for title in HOSTILE:
        card = dated_card(months(), having(variants["full"], done(title, date(2026, 1, 2))))
        (text,) = [one["text"] for one in card.figure.layout["annotations"] if one["yref"] == "paper"]
        assert "<" not in text
        assert "%{" not in text
        assert "\u202e" not in card.events + text


def test_what_units_did_together_is_told_once(variants):
    both = [done("Trial", date(2026, 4, 2), unit=unit) for unit in ("Legal", "Sales")]
    released = having(variants["full"], *both, done("All", date(2026, 3, 2)))
    plain = next(card for card in active.build(released).cards if card.id == "unit-months")
    assert dated_card(plain, released).events.count("Trial") == 1
    frame = months().relation.frame.with_columns(unit=pl.lit("Legal"))
    of_unit = replace(months(), relation=replace(months().relation, frame=frame))
    again = having(variants["full"], both[0], both[0] | {"unit": "all"})
    assert len(lines_of(dated_card(of_unit, again))) == 1
    assert dated_card(of_unit, again).events.startswith("Marked in the chart: 2\u00a0April")


WIDTH = 250.0


def spots(n: int, seed: int) -> list[float]:
    draw = Random(seed)
    return sorted(draw.choice((draw.uniform(0, WIDTH), draw.uniform(100, 110))) for _ in range(n))


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 20, 60])
@pytest.mark.parametrize("title", ["Go", "Guide to working in the open", "W" * 80, "\u4e16" * 40])
def test_labels_never_touch_nor_leave_the_chart(n, title):
    for seed in range(20):
        places = spots(n, seed)
        labels = labelled([(date(2026, 2, 28), title)] * n, places, WIDTH, beyond=20)
        for left, right in pairwise(labels):
            assert left.right < right.left
        assert labels[0].left > -20
        assert labels[-1].right <= WIDTH + 20
        numbers = [label.text.split(" ")[0] for label in labels]
        if n > 1:  # every event is told, in its order
            told = [int(part) for number in numbers for part in number.split("\u2013")]
            assert told == sorted(told)
            assert (told[0], told[-1]) == (1, n)


def test_a_title_that_does_not_fit_is_told_by_its_day_and_several_by_numbers():
    day, title = date(2026, 2, 28), "Guide to working in the open"
    (far,) = labelled([(day, title)], [20], 400)
    (late,) = labelled([(day, title)], [380], 400)
    (narrow,) = labelled([(day, title)], [50], 100)
    assert (far.text, far.anchor) == (title, "left")
    assert (late.text, late.anchor) == (title, "right")
    assert narrow.text == "28\u00a0Feb"
    assert [one.text for one in labelled([(day, title)] * 3, [10, 13, 90], 100)] == ["1\u20132", "3"]
    assert [one.text for one in labelled([(day, "Go")] * 2, [10, 90], 200)] == ["1 Go", "2 Go"]
    # two near each other in the middle turn their backs on each other
    assert [(one.text, one.anchor) for one in labelled([(day, title)] * 2, [250, 300], 550)] == [
        (f"1 {title}", "right"), (f"2 {title}", "left"),
    ]  # fmt: skip


def test_a_label_keeps_clear_of_what_else_stands_above_the_plot(variants):
    plain = months()
    above = {"xref": "x", "x": "2026-03-01", "yref": "paper", "y": 1, "yanchor": "bottom", "text": "begins"}
    layout = plain.figure.layout | {"annotations": [above]}
    card = replace(plain, figure=replace(plain.figure, layout=layout, narrow=layout))
    drawn = dated_card(card, having(variants["full"], done("Launch", date(2026, 3, 2)))).figure.layout
    assert drawn["annotations"][1]["yshift"] > 12
    assert drawn["margin"]["t"] >= 24 + drawn["annotations"][1]["yshift"]
    assert datetime.fromisoformat(drawn["annotations"][1]["x"]).date() == date(2026, 2, 15)
