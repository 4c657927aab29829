"""How metrics and periods are named."""

from datetime import date

import pytest

from models.asking import Period, last_of, metric_named, period_named, shown, told
from models.problems import SettingsRefused
from models.release.rows import is_of_a_group


@pytest.mark.parametrize(("text", "kind", "first", "last"), [
    ("2024-02", "month", date(2024, 2, 1), date(2024, 2, 29)),
    ("2023-02", "month", date(2023, 2, 1), date(2023, 2, 28)),
    ("2026-12", "month", date(2026, 12, 1), date(2026, 12, 31)),
    ("2020-W53", "week", date(2020, 12, 28), date(2021, 1, 3)),
    ("2024-W01", "week", date(2024, 1, 1), date(2024, 1, 7)),
    ("2024-02-29", "day", date(2024, 2, 29), date(2024, 2, 29)),
])
def test_a_period_is_read_and_written_alike(text, kind, first, last):
    period = period_named(text)
    assert period == Period(kind, first)
    assert last_of(period) == last
    assert str(period) == text


@pytest.mark.parametrize("text", ["", "2024", "2024-13", "2024-00", "2024-W54", "2021-W53", "2023-02-29", "24-02", "x"])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(SettingsRefused, match=r"^PPL-ASK-002 "):
        period_named(text)


def test_a_metric_is_found_and_a_typing_error_gets_the_nearest_names():
    assert metric_named("contributor_ratio").title == "Share of people who contribute"
    with pytest.raises(SettingsRefused, match=r"^PPL-ASK-001 .*contributor_ratio"):
        metric_named("contributer_ratio")
    with pytest.raises(SettingsRefused, match=r"see docs/metrics.md"):
        metric_named("zzz")


def test_the_newest_version_is_meant_unless_another_is_named():
    assert metric_named("broadcast").version == 2
    assert metric_named("broadcast@1").columns[0].name == "n_posts"
    with pytest.raises(SettingsRefused, match=r"^PPL-ASK-001 .*broadcast"):
        metric_named("broadcast@9")


def test_the_history_has_no_last_day_of_its_own():
    history = Period("history", date(2025, 10, 1))
    assert str(history) == "all observed days"
    assert last_of(history) > date(2026, 9, 30)


def test_unknown_is_not_zero():
    assert (shown(None), shown(0), shown(0.5), shown(True)) == ("unknown", "0", "0.5000", "True")


def test_a_figure_of_a_group_is_told_as_far_as_it_is():
    row = {"unit": "Sales", "is_complete": True, "n_eligible": 40, "ratio": None, "ratio_low": 0.0, "ratio_high": 0.3,
           "n": None}
    assert told(row, "ratio") == "at most 0.3000"
    assert told(row | {"ratio_low": 0.7, "ratio_high": 1.0}, "ratio") == "at least 0.7000"
    assert told(row | {"ratio": 0.25}, "ratio") == "0.2500"
    assert told(row, "n") == told(row | {"ratio_low": None, "ratio_high": None}, "ratio") == "not told"
    assert told(row | {"is_complete": False}, "n") == "unknown"
    assert told(row | {"unit": "all", "n_eligible": 1191}, "n") == "unknown"


@pytest.mark.parametrize(("row", "is_group"), [
    ({"unit": "all", "n_eligible": 1191}, False),
    ({"unit": "all", "n_eligible": 200}, True),
    ({"unit": "Sales", "n_eligible": 1191}, True),
    ({"platform": "slack", "n_eligible": 500}, False),
    ({"is_executive": False, "n_eligible": 1150}, True),
    ({"department": "Tax", "n_eligible": 300}, True),
    ({"layer": 3, "n_eligible": 900}, True),
])
def test_what_is_less_than_a_large_organisation_is_a_group(row, is_group):
    assert is_of_a_group(row) == is_group
