"""What the judges of headlines take for granted holds where cards call them, and what is not told is never beaten."""

from datetime import date
from functools import cache
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.cards import first_steps
from dashboards.cards.first_steps import first_steps_card
from dashboards.cards.platform import platform_card
from dashboards.cards.unit_on_platforms import unit_on_platforms_card
from dashboards.headlines import enabling
from dashboards.pages import contributors
from dashboards.released import Released
from dashboards.unit_state import unit_state
from models.comparison import Share
from models.release.policy import Policy
from models.release.told import as_told
from models.statistics.intervals import wilson_bounds
from tests.dashboards.conftest import empty_tables
from tests.dashboards.judge import percentages

Row = dict[str, Any]
RATIOS = "rel_contributor_ratios"
PLATFORMS = ("slack", "mediawiki", "yammer")
OPEN = Policy(without=frozenset({"partition"}))
STEPS = ("reaction", "reply", "post", "page", "share")


@cache
def nothing() -> dict[str, pl.DataFrame]:
    return empty_tables()


def frame(table: str, rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=nothing()[table].schema)


def month(start: date, k: int | None, n: int, **figures: Any) -> Row:
    low, high = wilson_bounds(k, n)
    return {
        "period_kind": "month", "period_start": start, "period_end": start.replace(day=28), "platform": "all",
        "unit": "all", "is_complete": True, "n_observed_days": 28, "n_eligible": n, "n_contributors": k,
        "contributor_ratio": None if k is None else k / n, "contributor_ratio_low": low, "contributor_ratio_high": high,
    } | figures  # fmt: skip


def roster() -> pl.DataFrame:
    return frame("rel_source", [{"platform": "roster", "n_accepted": 500}])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.none() | st.integers(0, 300), min_size=5, max_size=5), st.integers(300, 900))
def test_all_first_steps_are_shares_of_all_who_began(counts: list[int | None], n_all: int) -> None:
    base = month(date(2026, 6, 1), None, 1000, period_kind="history")
    rows = [base | {"step": "any", "space_size": "any", "n_starters": n_all}]
    for step, n in zip(STEPS, counts, strict=True):
        figures = {"n_starters": n, "start_ratio": None if n is None else n / n_all}
        rows.append(base | {"step": step, "space_size": "any"} | figures)
    asked: list[list[tuple[str, Share]]] = []
    with pytest.MonkeyPatch.context() as patched:
        spied = enabling.first_steps
        patched.setattr(first_steps.headlines, "first_steps", lambda steps: asked.append(steps) or spied(steps))
        first_steps_card(Released(nothing() | {"rel_first_steps": frame("rel_first_steps", rows)}))
    assert {share.n_whole for _, share in asked[0]} <= {n_all}
    assert [share.n_part for _, share in asked[0]] == [n for n in counts if n is not None]
    assert not any(share.is_coarse for _, share in asked[0])


@settings(max_examples=100, deadline=None)
@given(st.integers(10, 250), st.data())
def test_of_a_group_neither_nobody_nor_everybody_is_told_to_contribute(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    heavy = data.draw(st.integers(0, k))
    true = frame(RATIOS, [month(date(2026, 6, 1), k, n, n_none=n - k, n_heavy=heavy, n_some=k - heavy)])
    told = as_told(RATIOS, true, pl.DataFrame(), OPEN)
    row = told.row(0, named=True)
    if n >= 200:
        assert row["n_contributors"] == k
        return
    assert (row["n_contributors"] is None) == (k < 3 or n - k < 3)
    if row["n_contributors"] is not None:
        share = Share(row["n_contributors"], row["n_eligible"], is_coarse=True)
        assert share.n_part >= 5
        assert 0 < share.ratio < 1
        assert share.ratio == row["contributor_ratio"]
    card = next(one for one in contributors.build(Released(nothing() | {RATIOS: told, "rel_source": roster()})).cards
                if one.id == "split")  # fmt: skip
    # who contributes nothing is what is left of two counts in fives, so that three or four may be told as none
    assert all(percentages(card.headline)), card.headline
    if row["n_none"] == 0 and row["n_heavy"] is not None:
        assert 3 <= n - k < 5
        assert card.headline.startswith("Fewer than five people made no contribution"), card.headline


MONTHS = st.sampled_from(("told", "unobserved", "missing", "untold", "at most", "at least"))


def by_platform(table: str, states: dict[str, str], shares: dict[str, Share], unit: str) -> list[Row]:
    """May of all platforms, and June as far as it is there: told, not observed, no row at all, or held back."""
    rows = []
    for platform, share in shares.items():
        for start in (date(2026, 5, 1), date(2026, 6, 1)):
            state = "told" if start.month == 5 else states[platform]
            row = month(start, share.n_part, share.n_whole, platform=platform, unit=unit)
            blank = dict.fromkeys(name for name in row if name.startswith(("n_contrib", "contrib")))
            row |= {} if state in ("told", "missing") else blank
            if state == "unobserved":
                row |= {"is_complete": False, "n_observed_days": 0}
            if state.startswith("at "):
                ends = (0.0, 0.1) if state == "at most" else (0.9, 1.0)
                row |= dict(zip(("contributor_ratio_low", "contributor_ratio_high"), ends, strict=True))
            if state != "missing":
                rows.append(row)
    return rows


@settings(max_examples=60, deadline=None)
@given(st.lists(MONTHS, min_size=3, max_size=3), st.lists(st.integers(10, 900), min_size=3, max_size=3))
def test_no_platform_leads_one_of_which_the_month_is_not_known(states: list[str], counts: list[int]) -> None:
    shares = {name: Share(n, 1000) for name, n in zip(PLATFORMS, counts, strict=True)}
    of = dict(zip(PLATFORMS, states, strict=True))
    whole = [month(date(2026, at, 1), 500, 1000) for at in (5, 6)]
    rows = frame(RATIOS, [*whole, *by_platform(RATIOS, of, shares, "all")])
    units = frame("rel_unit_platforms", by_platform("rel_unit_platforms", of, shares, "Alder"))
    found = Released(nothing() | {RATIOS: rows, "rel_source": roster(), "rel_unit_platforms": units})
    told = [name for name in PLATFORMS if of[name] == "told"]
    is_june = bool(told)
    for said, most in (
        (platform_card(found, missing="").headline, "Most contribute on"),
        (unit_on_platforms_card(found, unit_state(found, "Alder")).headline, "contributes most on"),
    ):
        if most in said and is_june:
            first = max(told, key=lambda name: shares[name].n_part)
            assert {"slack": "Slack", "mediawiki": "MediaWiki", "yammer": "Yammer"}[first] in said, said
            # whatever is not told to be lower may be higher
            assert all(state in ("told", "at most") for state in states), f"{said} {of}"
            low = wilson_bounds(shares[first].n_part, 1000)[0] or 0.0
            for name in PLATFORMS:
                if name != first:
                    high = wilson_bounds(shares[name].n_part, 1000)[1] if of[name] == "told" else 0.1
                    assert low > (high or 0.0), said
        if is_june:
            assert "June" in said, said


@pytest.mark.parametrize("is_delivering", [True, False])
def test_a_platform_whose_exports_have_ended_keeps_no_other_from_leading(*, is_delivering: bool) -> None:
    shares = {"slack": Share(600, 1000), "mediawiki": Share(300, 1000), "yammer": Share(500, 1000)}
    of = {"slack": "told", "mediawiki": "told", "yammer": "missing"}
    whole = [month(date(2026, at, 1), 650, 1000) for at in (5, 6)]
    sources = [{"platform": name, "n_accepted": 500, "has_reading": False, "is_delivering": True} for name in shares]
    sources[-1]["is_delivering"] = is_delivering
    found = Released(nothing() | {
        RATIOS: frame(RATIOS, [*whole, *by_platform(RATIOS, of, shares, "all")]),
        "rel_source": pl.concat([roster(), frame("rel_source", sources)]),
        "rel_unit_platforms": frame("rel_unit_platforms", by_platform("rel_unit_platforms", of, shares, "Alder")),
    })  # fmt: skip
    leads = "Most contribute on Slack" in platform_card(found, missing="").headline
    leads_unit = "contributes most on Slack" in unit_on_platforms_card(found, unit_state(found, "Alder")).headline
    assert (leads, leads_unit) == (not is_delivering, not is_delivering)
