"""Every combination of unit, platform and period: what it shows stands in the released tables, or it says why not."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboards.look import Look, look
from dashboards.pages.active import LOOKS
from dashboards.released import Released
from dashboards.scope import BY_MONTH_ONLY, NOT_BY_BOTH, NOT_OBSERVED, NOT_TOLD, Scope, next_close
from tests.dashboards.companies import HOSTILE
from tests.dashboards.test_site import read

Tables = dict[str, pl.DataFrame]
NAMES = ("full", "no_roster", "unknowns", "silent_platform", "outnumbered", "hostile", "small")
COUNTS = {"growth": ("n_new", "n_resurrected", "n_unknown", "n_lapsed", "n_left", "n_retained"),
          "contributions": ("n_contributions",), "trend": ("n_contributors", "n_eligible")}  # fmt: skip
WEEKS = {"year": 53, "two-years": 104}


def looked(tables: Tables) -> Look:
    found = look(Released(tables), LOOKS)
    assert found
    return found


def values(one: Look) -> list[list[str]]:
    return [[option.value for option in options] for _, _, options in one.selects]


def combinations(one: Look, tables: Tables) -> Iterator[tuple[str, str, str, Any]]:
    """Unit, platform and period by their names in the tables, and the state or the place of its reason."""
    released = Released(tables)
    for unit, platforms in zip(["all", *released.units], one.cube["states"], strict=True):
        for platform, periods in zip(["all", *released.platforms], platforms, strict=True):
            for period, state in zip(values(one)[2], periods, strict=True):
                yield unit, platform, period, state


def rows_of(tables: Tables, table: str, unit: str, platform: str, period: str) -> list[dict[str, Any]]:
    """The rows of a scope, newest first, looked up one by one."""
    kind = "month" if period == "months" else "week"
    calendar = sorted({row["period_start"] for row in tables["rel_contributor_ratios"].to_dicts()
                       if row["period_kind"] == kind})  # fmt: skip
    shown = set(calendar[-WEEKS.get(period, 25) :])
    found = [row for row in tables[table].to_dicts()
             if (row["period_kind"], row["unit"], row["platform"]) == (kind, unit, platform)]  # fmt: skip
    return sorted((row for row in found if row["period_start"] in shown), key=lambda row: row["period_start"])[::-1]


def said(parts: str | list[str | list[str]]) -> str:
    return "".join(part if isinstance(part, str) else part[0] for part in parts)


def cells(card: dict[str, Any], column: str) -> list[float | None]:
    """The numbers of a column of the visible table; None where a text stands."""
    at = [head[0] for head in card["heads"]].index(column) + 1
    return [None if isinstance(row[at], str) or row[at][1] is None else float(row[at][1]) for row in card["rows"]]


def drawn(card: dict[str, Any]) -> set[float]:
    traces = [trace for trace in card["chart"]["data"] if trace.get("hoverinfo") != "skip"]
    return {abs(value) for trace in traces for value in trace["y"] if value is not None}


@pytest.mark.parametrize("name", NAMES)
def test_tables_and_charts_hold_the_released_rows(variants: dict[str, Tables], name: str) -> None:
    tables = variants[name]
    one = looked(tables)
    n_charts = 0
    for unit, platform, period, state in combinations(one, tables):
        if isinstance(state, int):
            continue
        for card_id, card in zip(one.cube["cards"], state["cards"], strict=True):
            assert said(card["headline"])
            if "chart" not in card:
                assert said(card["note"])
                continue
            n_charts += 1
            is_by_both = unit != "all" and platform != "all"
            table = "rel_active_users" if card_id == "growth" else "rel_contributor_ratios"
            rows = rows_of(tables, "rel_unit_platforms" if is_by_both else table, unit, platform, period)
            assert len(card["rows"]) == len(rows) > 0
            for column in COUNTS[card_id]:
                assert cells(card, column) == [row[column] for row in rows], (unit, platform, period, column)
            plotted = "contributor_ratio" if card_id == "trend" and "Share" in said(card["sub"]) else COUNTS[card_id][0]
            assert cells(card, plotted) == [row[plotted] for row in rows]
            known = {value for column in (plotted, *COUNTS["growth"] * (card_id == "growth"))
                     for value in cells(card, column) if value is not None}  # fmt: skip
            assert drawn(card) <= known
            assert card_id == "growth" or drawn(card) == known
    assert n_charts > 2


@pytest.mark.parametrize("name", NAMES)
def test_headline_subtitle_and_description_are_of_the_same_scope(variants: dict[str, Tables], name: str) -> None:
    tables = variants[name]
    one = looked(tables)
    labels = [[option.label for option in options] for _, _, options in one.selects]
    for u, platforms in enumerate(one.cube["states"]):
        for p, periods in enumerate(platforms):
            for t, state in enumerate(periods):
                if isinstance(state, int):
                    continue
                kind = "month" if labels[2][t] == "Months" else "week"
                for card in state["cards"]:
                    subtitle = said(card["sub"])
                    assert f", by {kind}" in subtitle
                    assert (f"in {labels[0][u]}" in subtitle) is (u > 0)
                    assert (f" on {labels[1][p]}" if p else ", all platforms") in subtitle
                    # a headline names a unit only for what works, so a chosen one is "this unit"
                    assert all(label not in said(card["headline"]) for label in set(labels[0][1:]) - set(labels[1]))
                    assert card.get("caption", subtitle) == subtitle
                assert said(state["status"]).startswith(f"Shown: {labels[0][u]}, ")
                if u and "rows" in state["cards"][0]:
                    assert "these figures change next with the first release after" in said(state["cards"][0]["note"])


def test_the_numbers_of_a_headline_stand_in_its_table(variants: dict[str, Tables]) -> None:
    one = looked(variants["full"])
    n = 0
    for *_, state in combinations(one, variants["full"]):
        card = {} if isinstance(state, int) else state["cards"][0]
        for now in re.findall(r"^(\d+)% of", said(card.get("headline", []))):
            shares = [value for value in cells(card, "contributor_ratio") if value is not None]
            assert any(abs(100 * value - int(now)) <= 0.5 + 1e-9 for value in shares)
            n += 1
    assert n > 10


def test_what_may_not_be_shown_has_its_reason(variants: dict[str, Tables]) -> None:
    tables = variants["full"]
    one = looked(tables)
    reasons = {(u, p, t): one.cube["why"][s] for u, p, t, s in combinations(one, tables) if isinstance(s, int)}
    told = {(row["unit"], row["platform"]) for row in tables["rel_unit_platforms"].to_dicts()
            if row["contributor_ratio_high"] is not None}  # fmt: skip
    assert told
    for unit, platform, period, state in combinations(one, tables):
        both = unit != "all" and platform != "all"
        if both and period != "months":
            assert reasons[unit, platform, period] == BY_MONTH_ONLY
        elif both:
            assert isinstance(state, dict) is ((unit, platform) in told)
        else:
            assert isinstance(state, dict)


def test_a_unit_of_which_nothing_is_told_is_listed_with_its_reason(variants: dict[str, Tables]) -> None:
    tables = variants["full"]
    rows = tables["rel_contributor_ratios"]
    hidden = pl.col("unit") == "Legal"
    blank = [name for name in rows.columns if name.startswith(("n_contrib", "contrib", "n_none", "n_some", "n_heavy"))]

    def withheld(*names: str, days: int | None = None) -> Tables:
        kept = [pl.when(~hidden).then(pl.col(name)).alias(name) for name in names]
        observed = pl.when(hidden & (days is not None)).then(days).otherwise("n_observed_days").alias("n_observed_days")
        return tables | {
            "rel_contributor_ratios": rows.with_columns(*kept, observed),
            "rel_unit_platforms": tables["rel_unit_platforms"].filter(~hidden),
        }

    for days, reason in ((None, NOT_TOLD), (0, NOT_OBSERVED)):
        found = withheld(*blank, days=days)
        options = {option.label: option.why for option in looked(found).selects[0][2]}
        assert options.pop("Legal") == reason
        assert set(options.values()) == {""}
    assert Scope("month", platform="slack", unit="Legal").untold(Released(withheld())) == NOT_BY_BOTH


def test_a_unit_without_released_rows_is_not_even_listed(variants: dict[str, Tables]) -> None:
    tables = {
        name: frame.filter(pl.col("unit") != "Legal") if "unit" in frame.columns else frame
        for name, frame in variants["full"].items()
    }
    assert "Legal" in json.dumps(looked(variants["full"]).cube)
    assert "Legal" not in json.dumps(looked(tables).cube)
    assert "Legal" not in [option.label for option in looked(tables).selects[0][2]]


def test_two_years_of_weeks_are_offered_only_where_the_data_reach_back(variants: dict[str, Tables]) -> None:
    assert values(looked(variants["full"]))[2] == ["months", "year", "two-years"]
    assert values(looked(variants["small"]))[2] == ["months", "year"]
    assert values(looked(variants["tiny"])) == [["all"], ["all", "slack"], ["year"]]  # no month has ended yet


@pytest.mark.parametrize("name", ["empty", "all_outnumbered"])
def test_without_a_period_of_the_whole_nothing_can_be_chosen(
    sites: Callable[[str], Path], variants: dict[str, Tables], name: str
) -> None:
    assert look(Released(variants[name]), LOOKS) is None
    assert "<select" not in (sites(name) / "active.html").read_text(encoding="utf-8")


def test_hostile_names_are_literal_and_told_apart(variants: dict[str, Tables]) -> None:
    one = looked(variants["hostile"])
    assert HOSTILE[3] in values(one)[0]
    markup = ("<img", "<span", "<b>Bold", "<a ", "<script", "%{x} %{custom")
    for state in (state for *_, state in combinations(one, variants["hostile"]) if isinstance(state, dict)):
        assert re.fullmatch("[a-z0-9-]+", state["file"])
        for card in state["cards"]:
            assert not [text for text in markup if text in json.dumps(card.get("chart", {}))]
    twins = variants["full"]["rel_contributor_ratios"].with_columns(
        unit=pl.when(pl.col("unit") == "Legal").then(pl.lit("Sales\u202e")).otherwise("unit")
    )
    names = values(looked(variants["full"] | {"rel_contributor_ratios": twins}))[0]
    assert {"Sales", "Sales (2)"} <= set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("as_of", "kind", "closes"),
    [
        (date(2026, 9, 30), "month", date(2026, 10, 31)),
        (date(2026, 10, 30), "month", date(2026, 10, 31)),
        (date(2026, 11, 30), "month", date(2026, 12, 31)),
        (date(2026, 12, 31), "month", date(2027, 1, 31)),
        (date(2027, 2, 1), "month", date(2027, 2, 28)),
        (date(2028, 1, 31), "month", date(2028, 2, 29)),
        (date(2026, 11, 22), "week", date(2026, 11, 29)),  # a Sunday: its week is closed
        (date(2026, 11, 23), "week", date(2026, 11, 29)),
        (date(2026, 11, 28), "week", date(2026, 11, 29)),
    ],
)
def test_figures_of_closed_periods_change_when_the_next_one_closes(as_of: date, kind: Any, closes: date) -> None:
    assert next_close(as_of, kind) == closes


def test_the_page_shows_the_first_combination_as_plain_text(sites: Callable[[str], Path]) -> None:
    source = read(sites("full"), "active")
    found = re.search(r'id="specs">(.*?)</script>', source)
    assert found
    first = json.loads(found.group(1))["look"]["states"][0][0][0]
    section = source.split('id="card-trend"')[1].split("</section>")[0]
    for text in ("headline", "sub", "alt"):
        assert f">{said(first['cards'][0][text])}<" in section
    assert f'aria-live="polite">{said(first["status"])}<' in source
    assert '<form id="look" autocomplete="off" hidden>' in source
