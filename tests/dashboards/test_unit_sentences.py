"""The sentences on units: each branch, and that what lags is counted and never named on the page of all units."""

import pytest

from dashboards.headlines import beside as headlines
from models.comparison import Change, Share, Verdict

OCT, BEFORE = "October 2026", "October 2025"
OWN, WHOLE = Share(50, 100, is_coarse=True), Share(400, 1000)


@pytest.mark.parametrize(
    ("verdicts", "text"),
    [
        ([], "No unit is large enough to be shown"),
        ([("A", None)], "No unit can be compared with the whole organisation yet"),
        ([("A", "alike"), ("B", "unclear")], "No unit differs from the whole organisation by more than chance"),
        ([("A", "higher"), ("B", "alike")], "A contributes more than the whole organisation"),
        ([("A", "higher"), ("B", "higher")], "A and B contribute more than the whole organisation"),
        (
            [("A", "higher"), ("B", "higher"), ("C", "higher"), ("D", "lower"), ("E", None)],
            "3 of 4 units contribute more than the whole organisation; 1 unit contributes less",
        ),
        (
            [("A", "lower"), ("B", "lower"), ("C", "alike")],
            "2 of 3 units contribute less than the whole organisation",
        ),
        ([("A", "lower"), ("C", "alike")], "1 of 2 units contributes less than the whole organisation"),
    ],
)
def test_units_are_named_for_more_and_counted_for_less(verdicts: list[tuple[str, Verdict | None]], text: str) -> None:
    assert headlines.units_title(verdicts, has_roster=True) == text


def test_without_a_roster_no_unit_is_known() -> None:
    assert headlines.units_title([], has_roster=False) == "Units are not known: no roster is loaded"


@pytest.mark.parametrize(
    ("share", "change", "band", "text"),
    [
        (OWN, Change(0.5, 0.3, 0.1), "", f"Sales: 50% of people contributed in {OCT}, up from 30% in {BEFORE}"),
        (OWN, Change(0.5, 0.7, 0.1), "", f"Sales: 50% of people contributed in {OCT}, down from 70% in {BEFORE}"),
        (OWN, Change(0.5, 0.45, 0.1), "", f"Sales: 50% of people contributed in {OCT}, about the same as in {BEFORE}"),
        (OWN, None, "", f"Sales: 50% of people contributed in {OCT}"),
        (None, None, "at most 10%", f"Sales: at most 10% of people contributed in {OCT}"),
        (None, None, "", f"Sales: not told for {OCT}"),
    ],
)
def test_title_of_a_unit(share: Share | None, change: Change | None, band: str, text: str) -> None:
    assert headlines.unit_title("Sales", share, change, month=OCT, before=BEFORE, band=band) == text


def test_title_of_a_unit_without_a_month_or_with_a_hostile_name() -> None:
    title = headlines.unit_title("a\u202e\nb", None, None, month="", before="")
    assert title == "a b: no complete month can be shown yet"


@pytest.mark.parametrize(
    ("verdict", "own", "whole", "band", "text"),
    [
        ("higher", OWN, WHOLE, "",
         f"A larger share of the unit than of the whole organisation contributed in {OCT} (50% and 40%)"),
        ("lower", OWN, WHOLE, "",
         f"A smaller share of the unit than of the whole organisation contributed in {OCT} (50% and 40%)"),
        ("alike", OWN, WHOLE, "",
         f"The unit and the whole organisation differ by no more than chance in {OCT} (50% and 40%)"),
        ("unclear", OWN, WHOLE, "",
         f"Too few people to tell the unit from the whole organisation in {OCT} (50% and 40%)"),
        (None, None, WHOLE, "at most 10%",
         f"At most 10% of the unit\u2019s people contributed in {OCT}; 40% of the whole organisation"),
        (None, None, None, "at least 90%", f"At least 90% of the unit\u2019s people contributed in {OCT}"),
        (None, None, WHOLE, "", f"What share of the unit contributed in {OCT} is not told"),
    ],
)  # fmt: skip
def test_unit_beside_the_whole(
    verdict: Verdict | None, own: Share | None, whole: Share | None, band: str, text: str
) -> None:
    assert headlines.beside(verdict, own, whole, month=OCT, band=band) == text


def test_without_a_month_nothing_stands_beside_anything() -> None:
    said = headlines.beside(None, None, None, month="")
    assert said == "No complete month shows the unit beside the whole organisation yet"


@pytest.mark.parametrize(
    ("verdicts", "text"),
    [
        ([None, None], "In no measure can the unit be compared with the whole organisation yet"),
        (["alike", "unclear", None],
         "In none of 2 measures that can be compared does the unit differ from the whole organisation by more than "
         "chance"),
        (["higher", "alike"], "Higher than the whole organisation in 1 of 2 measures that can be compared"),
        (["lower"], "Lower than the whole organisation in 1 of 1 measure that can be compared"),
        (["lower", "higher", "lower", None],
         "Higher than the whole organisation in 1 of 3 measures that can be compared, lower in 2"),
    ],
)  # fmt: skip
def test_measures_are_counted(verdicts: list[Verdict | None], text: str) -> None:
    assert headlines.measures(verdicts) == text


@pytest.mark.parametrize(
    ("verdicts", "text"),
    [
        ([None], f"Of no department a share can be compared in {OCT}"),
        (["alike", "unclear"], f"No department differs from its unit by more than chance in {OCT}"),
        (["alike", "lower"], f"Lower than the whole unit in 1 of 2 departments, {OCT}"),
        (["higher", "lower"], f"Higher than the whole unit in 1 of 2 departments, lower in 1, {OCT}"),
    ],
)
def test_departments_are_counted(verdicts: list[Verdict | None], text: str) -> None:
    assert headlines.departments(verdicts, month=OCT) == text


@pytest.mark.parametrize(
    ("ratio", "is_most", "text"),
    [
        (None, False, "On which platform the unit contributes cannot be told yet"),
        (0.35, True, f"The unit contributes most on Slack: 35% of its people in {OCT}"),
        (0.35, False, f"35% of the unit\u2019s people contributed on Slack in {OCT}"),
    ],
)
def test_most_is_said_only_of_a_certain_lead(ratio: float | None, is_most: bool, text: str) -> None:
    assert headlines.on_platforms("Slack", ratio, period=OCT, is_most=is_most) == text
