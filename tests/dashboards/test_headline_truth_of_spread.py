"""No headline on how far and how evenly participation has spread, or on what changed when, contradicts its figures."""

import re
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.headlines import bottom, rooted
from models.critical_mass import Run
from tests.dashboards.judge import counts_in, intervals, is_told, percentages, words_of

Row = dict[str, Any]
RATIOS = st.integers(0, 1000).map(lambda n: n / 1000)
WEEK = date(2026, 6, 1)
TOLD_WEEK = "the week of 1\u00a0Jun\u00a02026"


@settings(max_examples=150, deadline=None)
@given(st.none() | intervals(RATIOS))
def test_people_reached_are_told_as_far_as_they_are_sure(found: tuple[float, float, float] | None) -> None:
    row = dict(zip(("people_reached_ratio_low", "people_reached_ratio", "people_reached_ratio_high"), found or (),
                   strict=False))  # fmt: skip
    said = rooted.reached(row or None, period="June")
    if found is None:
        assert "cannot be told" in said
        return
    low, _, high = found
    assert ("In every unit" in said) == (low == 1), said
    assert ("too small to tell" in said) == (high - low > 0.5), said
    numbers = percentages(said)
    if len(numbers) == 2:
        assert is_told(numbers[0], low), said
        assert is_told(numbers[1], high), said
    elif numbers:
        assert all(is_told(numbers[0], one) for one in found), said


@st.composite
def pocket_rows(draw: st.DrawFn) -> Row:
    """By chance, measured and at the most, in this order, where it is no chance; else in any order below the most."""
    p = draw(st.sampled_from((0.001, 0.049, 0.05, 0.051, 0.4, 1.0)))
    chance, index, most = sorted(draw(st.lists(RATIOS, min_size=3, max_size=3)))
    if p > 0.05 and draw(st.booleans()):
        chance, index = index, chance
    return {"dissimilarity_ratio": index, "dissimilarity_by_chance_ratio": chance, "dissimilarity_p": p,
            "dissimilarity_largest_ratio": most}  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.none() | pocket_rows())
def test_contributing_is_called_uneven_only_beyond_chance(row: Row | None) -> None:
    said = rooted.pockets(row, period="June")
    if row is None:
        assert "cannot be told" in said
        return
    is_chance = row["dissimilarity_p"] > 0.05
    assert is_chance == ("about as evenly" in said), said
    assert is_chance != bool(re.search("uneven|confined", said)), said
    assert "confined" not in said or 2 * row["dissimilarity_ratio"] >= row["dissimilarity_largest_ratio"], said
    for number, name in zip(percentages(said), ("dissimilarity_ratio", "dissimilarity_by_chance_ratio"), strict=False):
        assert is_told(number, row[name]), said


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(("met", "seldom", "never", "cannot tell")), max_size=6))
def test_pairs_of_units_are_counted_as_they_are(verdicts: list[str]) -> None:
    n = {one: verdicts.count(one) for one in ("met", "seldom", "never", "cannot tell")}
    row = {"n_pairs": len(verdicts), "n_pairs_apart": n["never"] + n["cannot tell"], "n_pairs_never": n["never"],
           "n_pairs_seldom": n["seldom"]}  # fmt: skip
    said = rooted.unit_pairs(row if verdicts else None, period="June")
    total = len(verdicts)
    if "never met" in said:
        assert counts_in(said) == [n["never"], total]
        assert n["never"]
    elif "less than half" in said:
        assert counts_in(said) == [n["seldom"], total]
        assert n["seldom"]
    elif "nothing can be told" in said:
        assert counts_in(said) == [n["cannot tell"], total]
        assert 0 < n["cannot tell"] < total
    elif "answered or reacted" in said:
        assert n["met"] == total > 0
    else:
        assert "cannot be told" in said
        assert n["cannot tell"] == total


@st.composite
def estimates(draw: st.DrawFn, name: str, wording: str) -> Row:
    """An estimate with bounds on one side of 0 where it is beyond chance, however small; else on both sides."""
    low, value, high = sorted(draw(st.lists(st.floats(0.001, 40), min_size=3, max_size=3)))
    word = draw(st.sampled_from(("more", "fewer", "nothing shown")))
    if word == "fewer":
        low, value, high = -high, -value, -low
    if word == "nothing shown":
        low, value = -low, value * draw(st.sampled_from((1, -1))) / 50
        low = min(low, value)
    return {name: value, f"{name}_low": low, f"{name}_high": high, wording: word}


@st.composite
def events(draw: st.DrawFn) -> Row:
    row = {"title": "Guide", "has_comparison": draw(st.booleans())} | draw(estimates("effect_pp", "wording"))
    slope = draw(estimates("slope_pp", "slope_wording"))
    row |= dict.fromkeys(slope) if row["has_comparison"] else slope
    return row | ({} if draw(st.integers(0, 4)) else dict.fromkeys(("effect_pp", "wording", "slope_wording")))


SIZES = re.compile(r"([\d.]+) (more|fewer)[^(]*\(between ([\d.]+) and ([\d.]+)\)")


@settings(max_examples=200, deadline=None)
@given(st.none() | events())
def test_what_changed_at_an_event_has_its_sign_and_a_size(row: Row | None) -> None:
    said = rooted.before_after(row)
    if row is None or row["effect_pp"] is None:
        assert "cannot be told" in said
        assert not SIZES.search(said)
        return
    found = SIZES.findall(said)
    asked = [one for one in ("effect_pp", "slope_pp") if row[f"{one}"] is not None and
             row["wording" if one == "effect_pp" else "slope_wording"] != "nothing shown"]  # fmt: skip
    assert len(found) <= len(asked), said
    for size, word, low, high in found:
        name, step = ("slope_pp", 0.0051) if len(size.partition(".")[2]) == 2 else ("effect_pp", 0.0501)
        assert name in asked, said
        assert (word == "more") == (row[name] > 0), said
        ends = sorted(abs(row[f"{name}_{end}"]) for end in ("low", "high"))
        assert float(size) > 0, said
        assert all(abs(float(a) - b) <= step for a, b in zip((size, low, high), (abs(row[name]), *ends), strict=True))
    assert ("No clear change" in said) != bool(found), said
    assert not found or ("other causes" in said) != bool(row["has_comparison"]), said


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(("usual", "above", "below", "run above", "run below")), max_size=9), st.booleans())
def test_weeks_out_of_the_ordinary_are_counted_by_side(weeks: list[str], was_before: bool) -> None:
    above, below = weeks.count("above"), weeks.count("below")
    runs = [one[4:] for one in weeks if one.startswith("run")]
    said = rooted.usual_weeks(
        len(weeks), above=above, below=below, run=runs[-1] if runs else None,
        since="May" if was_before or above + below else "",
    )  # fmt: skip
    assert ("cannot be told" in said) == (not weeks)
    if above + below:
        assert counts_in(said)[:2] == [above + below, len(weeks)]
        assert ("above" in said, "below" in said) == (bool(above), bool(below)), said
        assert counts_in(said)[2:] in ([], [above, below]), said
    elif weeks:
        assert said.startswith("No ")
        assert not counts_in(said)
        assert (f"lay {runs[-1]} the middle" in said) if runs else ("lies outside" in said), said
        assert ("since May" in said) == (was_before and not runs), said


@settings(max_examples=200, deadline=None)
@given(st.none() | intervals(RATIOS), RATIOS)
def test_who_starts_is_set_against_headcount_only_beyond_chance(
    found: tuple[float, float, float] | None, headcount: float
) -> None:
    row = None
    if found:
        low, value, high = found
        row = {"bottom_up_ratio": value, "bottom_up_ratio_low": low, "bottom_up_ratio_high": high,
               "headcount_ratio": headcount}  # fmt: skip
    said = bottom.bottom_up(row, things="pages", period="June")
    if found is None:
        assert not percentages(said)
        return
    is_outside = not low <= headcount <= high
    if "by headcount alone" in said:
        assert is_outside and abs(value - headcount) > 0.0099, said  # noqa: PT018
        assert len(set(percentages(said))) == 2, said
    if "about what headcount" in said:
        assert abs(value - headcount) < 0.1, said
        assert not is_outside or abs(value - headcount) < 0.0101, said
    for number, ratio in zip(percentages(said), (value, headcount), strict=False):
        assert is_told(number, ratio), said


@settings(max_examples=100, deadline=None)
@given(RATIOS, RATIOS, st.none() | RATIOS, st.integers(0, 30))
def test_what_remains_is_told_of_ten_contributors_or_more(
    contributions: float, contributors: float, ties: float | None, n: int
) -> None:
    row = {"contributions_left_ratio": contributions, "contributors_left_ratio": contributors,
           "ties_left_ratio": ties, "n_contributors": n}  # fmt: skip
    said = bottom.organic(row, period="June")
    known = [one for one in (contributions, contributors, ties) if one is not None] if n >= 10 else []
    assert len(percentages(said)) == len(known)
    assert all(is_told(number, ratio) for number, ratio in zip(percentages(said), known, strict=True)), said
    assert ("ties" in said) == (len(known) == 3)


@st.composite
def weeks_of_mass(draw: st.DrawFn) -> tuple[list[bool | None], float]:
    """Whether as many stayed as fell silent, week by week, the last one last, and the share of those who ever wrote."""
    return draw(st.lists(st.sampled_from((True, True, True, False, None)), min_size=1, max_size=14)), draw(RATIOS)


def state_of(weeks: list[bool | None]) -> tuple[str, int | None]:
    """The state of the last week by its definition, and for how many weeks in a row."""
    if weeks[-1] is None:
        return "cannot_tell", None
    row = next((n for n, one in enumerate(reversed(weeks)) if not one), len(weeks))
    if row >= 6:
        return "sustained", row
    return ("cannot_tell" if len(weeks) < 6 or None in weeks[-6:] else "not_yet"), row


@settings(max_examples=200, deadline=None)
@given(st.none() | weeks_of_mass())
def test_participation_is_said_to_last_as_long_as_it_did(found: tuple[list[bool | None], float] | None) -> None:
    if found is None:
        assert not re.search(r"\d", bottom.adoption(None, None, None) + rooted.title(None, None))
        return
    weeks, ratio = found
    state, n = state_of(weeks)
    row = {"period_start": WEEK, "state": state, "n_weeks_in_a_row": n, "adoption_ratio": ratio}
    run = Run(WEEK, n < len(weeks) and weeks[-n - 1] is not None) if state == "sustained" and n else None
    ends = [(at, state_of(weeks[:at])[0]) for at in range(1, len(weeks))]
    told = [one for one in ends if one[1] != "cannot_tell"]
    before = {"period_start": date(2026, 5, 4), "state": told[-1][1]} if told else None
    said, title = bottom.adoption(row, run, before), rooted.title(row, run)
    assert is_told(percentages(said)[0], ratio), said
    for text in (said, title):
        lasts = re.search(r"[Ff]or (at least )?(\d+) weeks in a row, to", text)
        assert bool(lasts) == (state == "sustained"), text
        if lasts:
            # how long it lasted, and whether it may be longer
            assert int(lasts[2]) == n
            assert bool(lasts[1]) == (n == len(weeks) or weeks[-n - 1] is None)
            assert TOLD_WEEK in text
        if re.search("more( people)? fell silent than", text):
            assert weeks[-1] is False, text
        if "but not for six weeks" in text:
            assert weeks[-1] is True and not all(weeks[-6:]), text  # noqa: PT018
    if state == "cannot_tell":
        assert "cannot be told" in said and title == "Does participation take root?"  # noqa: PT018
        assert (" it was so" in said, "was not so" in said) == (
            bool(before) and before["state"] == "sustained", bool(before) and before["state"] == "not_yet",
        ), said  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(("sustained", "not_yet", "cannot_tell")), max_size=9))
def test_units_that_last_are_counted_and_never_named(states: list[str]) -> None:
    n = {one: states.count(one) for one in ("sustained", "not_yet", "cannot_tell")}
    row = {"n_units": len(states)} | {f"n_{one}": of for one, of in n.items()} if states else None
    said = bottom.sustaining_units(row, period="June")
    if row is None or n["cannot_tell"] == len(states):
        assert not states or "cannot be told for any" in said
        return
    expected = {"sustained": rf"silent in {n['sustained'] or 'none'} of {len(states)} unit",
                "not_yet": rf"; not in {n['not_yet']}\b", "cannot_tell": rf"; not known for {n['cannot_tell']}\b"}
    for state, text in expected.items():
        is_said = bool(re.search(text, said))
        assert is_said == bool(n[state] or state == "sustained"), said


@settings(max_examples=100, deadline=None)
@given(st.lists(st.none() | st.integers(1, 19).map(lambda n: n / 20), max_size=6))
def test_units_lie_as_far_apart_as_is_told(units: list[float | None]) -> None:
    told = [one for one in units if one is not None]
    said = bottom.adopted_units(
        min(told, default=None), max(told, default=None), len(told), period="June", n_untold=len(units) - len(told)
    )
    ends = [min(told), max(told)] if len(told) > 1 else told
    assert [round(100 * one) for one in ends] == percentages(said), said
    counts = [int(one) for one in re.findall(r"(\d+) (?:of|units)", said)]
    assert all(one in (len(told), len(units)) for one in counts), said
    assert ("is not told" in said) == (not told and bool(units)), said
    assert not words_of(said) & {"all", "every"}
