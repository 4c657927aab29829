"""How numbers and names are written."""

from datetime import date

import pytest

from dashboards import words


@pytest.mark.parametrize(
    ("ratio", "text"), [(0, "0%"), (0.0049, "0.5%"), (0.0949, "9.5%"), (0.1, "10%"), (0.345, "35%"), (1, "100%")]
)
def test_percent(ratio: float, text: str) -> None:
    assert words.percent(ratio) == text


def test_shares_a_point_apart_never_print_alike() -> None:
    for thousandth in range(100, 990):
        assert words.percent(thousandth / 1000) != words.percent((thousandth + 10) / 1000)


def test_share_in_tenths_only_where_near() -> None:
    assert words.share(0.585, "people") == "Six in ten people"
    assert words.share(0.51, "accounts") == "Half of all accounts"
    assert words.share(0.55, "people") == "55% of people"
    assert words.share(0.03, "people") == "3.0% of people"


def test_differences_are_points() -> None:
    assert words.points(-0.061) == "6 points"
    assert words.points(0.01) == "1 point"
    assert words.signed_points(-0.061) == "\u22126.1"
    assert words.signed_points(0.061) == "+6.1"
    assert words.signed_points(0.0) == "0.0"


def test_decimals_keep_their_sign() -> None:
    assert words.decimal(-0.254) == "\u22120.25"
    assert words.decimal(-1234.5) == "\u22121,234.50"
    assert words.decimal(-0.001) == "0.00"


def test_counts_and_lists() -> None:
    assert words.count(1201) == "1,201"
    assert words.count(1, "reply", "replies") == "1 reply"
    assert words.count(2, "day") == "2 days"
    assert words.listed([]) == ""
    assert words.listed(["A"]) == "A"
    assert words.listed(["A", "B", "C"]) == "A, B and C"


def test_days_do_not_break_across_lines() -> None:
    assert words.day(date(2026, 11, 22)) == "22\u00a0November\u00a02026"
    assert words.period("week", date(2026, 11, 16)) == "the week of 16\u00a0Nov\u00a02026"
    assert words.period("month", date(2026, 11, 1)) == "November\u00a02026"
    assert words.period("day", date(2026, 11, 1)) == "the 28 days to 1\u00a0Nov\u00a02026"


def test_chart_text_is_literal() -> None:
    assert words.chart_text("<b>A & B</b>") == "&lt;b&gt;A &amp; B&lt;/b&gt;"
    assert "%{" not in words.chart_text("%{meta} %{x}")
    assert words.chart_text("A\u202eB\nC") == "AB C"
    assert words.clean(" \t") == "(no name)"


def test_chart_label_is_broken_and_shortened() -> None:
    assert words.chart_label("Research and Development", 12) == "Research and<br>Development"
    assert words.chart_label("Sales", 12) == "Sales"
    assert words.chart_label("Donaudampfschifffahrt", 10, lines=1) == "Donaudamp\u2026"
    assert words.chart_label("One two three four five", 8) == "One two<br>three\u2026"
    assert words.chart_label("Facilities and Workplace Services", 16, lines=1) == "Facilities and\u2026"
