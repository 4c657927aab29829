"""What works, what leaders can do, what units are asked, what was met of targets and trials: only as counts bear."""

import re
from datetime import date, timedelta
from functools import cache
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards import actions, questions
from dashboards.headlines import trials
from dashboards.released import OTHER_UNITS, Released
from dashboards.targets import Target
from dashboards.unit_state import UnitState
from models.comparison import Share
from tests.dashboards.conftest import empty_tables
from tests.dashboards.judge import NAMES, counts_in, is_near, is_surely_above, percentages, shares

Row = dict[str, Any]
AS_OF = date(2026, 11, 22)
MONTHS = {"now": date(2026, 10, 1), "then": date(2025, 10, 1)}
TOLD = {"now": "October\u00a02026", "then": "October\u00a02025"}


@cache
def nothing() -> dict[str, pl.DataFrame]:
    return empty_tables()


def released(table: str, rows: list[Row], *, days_ago: int = 0) -> Released:
    """A release of one table, `days_ago` days after 22 November 2026."""
    frame = pl.DataFrame(rows, schema=nothing()[table].schema)
    meta = nothing()["meta"].with_columns(as_of_on=pl.lit(AS_OF + timedelta(days=days_ago)))
    return Released(nothing() | {table: frame, "meta": meta})


def of_month(when: str = "now", **figures: Any) -> Row:
    start = MONTHS[when]
    return {
        "period_kind": "month", "period_start": start, "period_end": start.replace(day=31), "platform": "all",
        "unit": "all", "is_complete": True, "n_observed_days": 31, "n_eligible": 1000,
    } | figures  # fmt: skip


def is_surely_below(share: Share, ratio: float) -> bool:
    """By the score test of one share, at 5 % in two tails."""
    return ratio - share.n_part / share.n_whole > 1.9599 * (ratio * (1 - ratio) / share.n_whole) ** 0.5


def is_surely_over(share: Share, ratio: float) -> bool:
    return is_surely_below(Share(share.n_whole - share.n_part, share.n_whole), 1 - ratio)


@settings(max_examples=60, deadline=None)
@given(st.none() | shares(of_group=False), st.sampled_from((0, 60, 200)), st.booleans())
def test_newcomers_are_called_answered_or_alone_only_beyond_chance(
    share: Share | None, days_ago: int, is_complete: bool
) -> None:
    figures: Row = {"is_complete": is_complete}
    if share:
        figures |= {"n_old_enough_2d": share.n_whole, "n_unanswered_2d": share.n_whole - share.n_part,
                    "answered_2d_ratio": share.n_part / share.n_whole}  # fmt: skip
    found = released("rel_newcomer_replies", [of_month(**figures)], days_ago=days_ago)
    alone, answered = actions.answer_newcomers(found), actions.newcomers_answered(found)
    if share is None or days_ago > 62 or not is_complete:  # the month ended on 31 October
        assert alone is None
        assert answered is None
        return
    assert bool(alone) == is_surely_below(share, 0.75)
    assert bool(answered) == is_surely_over(share, 0.75)
    for one, n in ((alone, share.n_whole - share.n_part), (answered, share.n_part)):
        assert one is None or counts_in(one.text)[:2] == [n, share.n_whole]


@settings(max_examples=60, deadline=None)
@given(st.none() | shares(of_group=True), shares(of_group=True), st.booleans())
def test_executives_are_asked_to_take_part_only_if_fewer_of_them_do(
    own: Share | None, staff: Share, is_old: bool
) -> None:
    rows = []
    for share, is_executive in ((own, True), (staff, False)):
        figures: Row = {"own_contributor_ratio_low": 0.0, "own_contributor_ratio_high": 0.4, "n_eligible": 10}
        if share:
            figures = {"n_own_contributors": share.n_part, "n_eligible": share.n_whole,
                       "own_contributor_ratio": share.ratio}  # fmt: skip
        rows.append(of_month(is_executive=is_executive, **figures))
    found = actions.lead_by_example(released("rel_executive_participation", rows, days_ago=300 * is_old))
    if found:
        assert own and not is_old and is_surely_above(staff, own, by=0.0)  # noqa: PT018


@settings(max_examples=60, deadline=None)
@given(st.lists(st.none() | st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=4))
def test_executives_are_asked_to_reply_after_two_months_of_announcing(months: list[tuple[int, int] | None]) -> None:
    rows = []
    for place, ratios in enumerate(months):
        start = date(2026, 10 - len(months) + 1 + place, 1)
        period = {"period_start": start, "period_end": start + timedelta(days=27)}
        for is_executive, n in zip((True, False), ratios or (None, None), strict=True):
            ratio = None if n is None else n / 20
            rows.append(of_month(is_executive=is_executive, own_broadcast_ratio=ratio) | period)
    found = actions.reply(released("rel_executive_participation", rows))
    known = [one for one in months if one][-2:]
    # of exactly ten points more, 85 and 75 %, a sum of binary fractions may fall short
    least = [min(own - 10, own - others - 1) for own, others in known] if len(known) == 2 else [0]
    assert bool(found) <= (min(least) >= 1)
    assert bool(found) or min(least) < 2
    if found:
        assert percentages(found.text) == [5.0 * known[-1][0], 5.0 * known[-1][1]]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(("page", "channel", "blog")), st.lists(
    st.none() | st.integers(0, 40), min_size=4, max_size=4), st.integers(0, 30)), max_size=3,
    unique_by=lambda one: one[0]))  # fmt: skip
def test_spaces_are_spoken_of_from_three_on_and_old_pages_beyond_chance(
    kinds: list[tuple[str, list[int | None], int]],
) -> None:
    rows, said = [], {}
    for subject, states, unknown in kinds:
        is_known = None not in states and sum(states) >= 10
        counts = dict(zip(("alive", "revived", "fading", "forgotten"), states if is_known else [None] * 4, strict=True))
        known = Share(counts["forgotten"], sum(states)) if is_known else None
        said[subject] = counts | {"share": known}
        rows.append(of_month(
            period_kind="history", subject=subject, n_unknown=unknown, n_spaces=sum(n or 0 for n in states) + unknown,
            forgotten_ratio_low=known.bounds[0] if known else None,
            **{f"n_{state}": n for state, n in counts.items()},
        ))  # fmt: skip
    found = released("rel_space_life", rows)
    for state, rule in (("fading", actions.decide_on_fading), ("revived", actions.revived_spaces)):
        sentence, most = rule(found), max((one[state] or 0 for one in said.values()), default=0)
        assert bool(sentence) == (most >= 3)
        if sentence:
            assert counts_in(sentence.text)[0] == most
            named = {"page": "wiki page", "channel": "channel", "blog": "blog"}
            assert any(named[one] in sentence.text for one in said if said[one][state] == most)
    sentence, pages = actions.look_through_wikis(found), said.get("page", {}).get("share")
    assert bool(sentence) == bool(pages and pages.n_part >= 3 and is_surely_over(pages, 0.25))
    if sentence:
        assert counts_in(sentence.text)[:2] == [pages.n_part, pages.n_whole]


@settings(max_examples=60, deadline=None)
@given(st.none() | st.integers(0, 9), st.booleans())
def test_keepers_are_looked_for_where_three_spaces_or_more_lost_theirs(n: int | None, is_old: bool) -> None:
    found = released("rel_stewardship", [of_month(n_spaces=12, n_left=n)], days_ago=200 * is_old)
    sentence = actions.find_keepers(found)
    assert bool(sentence) == (n is not None and n >= 3 and not is_old)
    assert sentence is None or counts_in(sentence.text)[0] == n


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(
    st.sampled_from((*NAMES, OTHER_UNITS)), st.tuples(*[st.none() | shares(of_group=True)] * 2), max_size=5
), st.sampled_from((0, 200)))  # fmt: skip
def test_units_are_praised_only_for_a_rise_and_what_is_not_told_is_not_named(
    units: dict[str, tuple[Share | None, Share | None]], days_ago: int
) -> None:
    rows = [of_month(when, n_contributors=500) for when in MONTHS]
    for unit, both in units.items():
        for when, share in zip(MONTHS, both, strict=True):
            if share:
                rows.append(of_month(when, unit=unit, n_contributors=share.n_part, n_eligible=share.n_whole))
            else:
                rows.append(of_month(when, unit=unit, n_eligible=20))
    found = actions.risen_units(released("rel_contributor_ratios", rows, days_ago=days_ago))
    risen = [unit for unit, (now, then) in units.items()
             if unit != OTHER_UNITS and now and then and is_surely_above(now, then, by=0.01)]  # fmt: skip
    if found is None:
        return
    assert not days_ago
    named = [unit for unit in units if unit in found.text]
    assert set(named) <= set(risen), found.text
    numbers = counts_in(found.text.partition(" contribute")[0])
    assert (not numbers and named) or (not named and 2 < numbers[0] <= len(risen)), found.text
    assert TOLD["then"] in found.text


def row_of(share: Share | None) -> Row | None:
    if share is None:
        return None
    return {"n_contributors": share.n_part, "n_eligible": share.n_whole, "is_coarse": share.is_coarse,
            "contributor_ratio": share.ratio}  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(
    st.none() | shares(of_group=True), st.none() | shares(of_group=True), st.none() | shares(of_group=False),
    st.none() | shares(of_group=True), st.booleans(),
)  # fmt: skip
def test_a_unit_is_asked_about_what_its_counts_bear_and_nothing_else(
    own: Share | None, then: Share | None, whole: Share | None, ever: Share | None, is_recent: bool
) -> None:
    state = UnitState("Alder", row_of(own), row_of(then), row_of(whole), ever, "June", "May", is_recent)
    asked = questions.question(state)
    for one in [*([asked] if asked else []), *questions.todo(state)]:
        assert is_recent
        assert own, one
        assert "Alder" not in one.text + one.why
        if "have contributed at least once" in one.why:
            assert ever, one
            # for certain, most once did and less than half of them do now
            assert 2 * (ever.n_part - 2) >= ever.n_whole + 2, one
            assert 2 * own.n_part / own.n_whole < ever.n_part / ever.n_whole, one
            pair = (ever, own)
        elif "than in May" in one.why:
            assert then, one
            pair = (own, then)
        else:
            assert whole, one
            pair = (own, whole)
        if one.why.startswith(("More", "Fewer")):
            by = 0.01 if "than in May" in one.why else 0.0
            assert is_surely_above(*(pair if one.why.startswith("More") else pair[::-1]), by=by), one
        assert all(is_near(number, share) for number, share in zip(percentages(one.why), pair, strict=True)), one


@settings(max_examples=150, deadline=None)
@given(shares(), st.integers(1, 99), st.integers(-40, 40))
def test_a_target_is_met_or_missed_only_if_all_of_the_interval_is(share: Share, at: int, days: int) -> None:
    by = date(2026, 12, 31)
    row = {"r_low": share.bounds[0], "r_high": share.bounds[1], "period_end": by + timedelta(days=days)}
    said = Target(at / 100, by, "the board").sentence(row, "r").replace("\u00a0", " ")
    judged = said.rpartition(": ")[2].rstrip(".")
    assert percentages(said) == [at]
    ratio, far = share.ratio, 1e-9
    assert judged in ("met", "missed", "not reached yet", "too close to call"), said
    if judged == "met":
        assert ratio >= at / 100 - far
        assert share.is_coarse or not is_surely_below(share, at / 100)
    if judged in ("missed", "not reached yet"):
        assert ratio < at / 100
        assert (judged == "missed") == (days >= 0), said
    if not share.is_coarse and judged == "too close to call":
        assert not is_surely_below(Share(share.n_part, share.n_whole), at / 100 - 1e-9)
        assert not is_surely_over(share, at / 100 + 1e-9)
    assert "set by the board" in Target(at / 100, by, "the board").sentence(None, "r")


@settings(max_examples=150, deadline=None)
@given(shares(of_group=True), st.sampled_from((None, "low", "high")), st.integers(1, 99), st.booleans())
def test_a_trial_met_its_target_only_if_what_is_told_of_it_does(
    share: Share, end: str | None, at: int, is_early: bool
) -> None:
    bounds = {None: share.bounds, "low": (0.0, 0.3), "high": (0.7, 1.0)}[end]
    target = at / 100
    verdict = "met" if bounds[0] >= target else "not_met" if bounds[1] < target else "too_close"
    row = {"platform": "slack", "verdict": "too_early" if is_early else verdict, "target_ratio": target,
           "end_ratio": None if end else share.ratio, "end_ratio_low": bounds[0], "end_ratio_high": bounds[1],
           "started_on": date(2026, 1, 1), "ended_on": date(2026, 3, 31)}  # fmt: skip
    said = trials.trial(row)
    assert percentages(said)[-1] == at
    if is_early:
        assert re.search("too early", said)
        return
    told = percentages(said)[0]
    if "met its target:" in said:
        assert told >= at, said
        assert "at most" not in said
    elif "did not meet" in said:
        assert told < at, said
        assert "at least" not in said
    else:
        assert "too close to call" in said


@settings(max_examples=60, deadline=None)
@given(st.lists(st.none() | st.sampled_from(("met", "not_met", "too_close", "too_early", "no_target")), min_size=2,
                max_size=7))  # fmt: skip
def test_several_trials_are_counted_by_what_became_of_them(verdicts: list[str | None]) -> None:
    said = trials.trials([{"verdict": one} for one in verdicts])
    for verdict, text in (("met", "met the target"), ("not_met", "did not meet it"), (None, "cannot be told")):
        found = re.search(rf"(\d+) {text}", said)
        assert (int(found[1]) if found else 0) == verdicts.count(verdict), said
