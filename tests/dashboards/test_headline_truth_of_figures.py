"""No headline that only tells figures tells others than it was given, or sets them against each other unjudged."""

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards import headlines, words
from dashboards.cards import delta_text
from dashboards.headlines import enabling
from models.comparison import Share, change_of_share, change_of_value
from tests.dashboards.judge import counts_in, is_near, is_surely_above, is_told, percentages, shares

Row = dict[str, Any]
RATIOS = st.integers(0, 1000).map(lambda n: n / 1000)
COUNTS = st.none() | st.integers(0, 2) | st.integers(0, 3000)
ACCOUNTS, PEOPLE = ("account", "accounts"), ("person", "people")
JUDGED = re.compile("more than|less than|up from|down from|fewer|about the same|about as")


@settings(max_examples=100, deadline=None)
@given(COUNTS, COUNTS, st.booleans())
def test_without_a_roster_counts_stand_side_by_side(now: int | None, then: int | None, is_coarse: bool) -> None:
    said = headlines.counts(
        now, then, nouns=ACCOUNTS, period="June", before="May", kind="month", is_coarse=is_coarse
    )
    assert counts_in(said) == ([] if now is None else [n for n in (now, then) if n is not None]), said
    assert not JUDGED.search(said)
    assert ("bout" in said) == (is_coarse and now is not None), said


@settings(max_examples=100, deadline=None)
@given(st.none() | st.tuples(st.integers(0, 500), st.integers(0, 500)), st.booleans())
def test_who_is_present_and_who_writes_are_told_as_they_are(found: tuple[int, int] | None, is_coarse: bool) -> None:
    row = {"n_present": found[0], "n_contributors": found[1], "is_coarse": is_coarse} if found else None
    said = headlines.presence(row, "Yammer", nouns=PEOPLE, period="June")
    assert counts_in(said) == list(found or ()), said
    assert said.lower().count("about") == 2 * bool(found and is_coarse), said


@settings(max_examples=100, deadline=None)
@given(st.lists(st.none() | st.integers(1, 19).map(lambda n: n / 20), max_size=6))
def test_units_lie_as_far_apart_as_those_that_are_told(units: list[float | None]) -> None:
    told = [one for one in units if one is not None]
    said = headlines.unit_range(
        min(told, default=None), max(told, default=None), len(told), period="June", n_untold=len(units) - len(told)
    )
    ends = [min(told), max(told)] if len(told) > 1 else told
    assert percentages(said) == [round(100 * one) for one in ends], said
    among = re.search(r"in (\d+) of (\d+) units", said)
    assert bool(among) == (len(told) > 1 and None in units), said
    assert not among or (int(among[1]), int(among[2])) == (len(told), len(units)), said


@settings(max_examples=100, deadline=None)
@given(st.none() | shares(of_group=True), st.none() | shares(of_group=True))
def test_beside_a_band_executives_are_not_judged(own: Share | None, staff: Share | None) -> None:
    bands = tuple("" if share else "at most 30%" for share in (own, staff))
    said = headlines.executives(None, own, staff, period="June", bands=bands)  # type: ignore[arg-type]
    if own and staff:
        assert "No complete month" in said
        return
    assert not JUDGED.search(said)
    assert not re.search("larger|smaller", said)
    assert said.lower().count("at most 30%") == (own is None) + (staff is None), said
    whom, _, rest = said.partition("; ")
    assert "of executives" in whom and "everybody else" in rest, said  # noqa: PT018
    for share, text in ((own, whom), (staff, rest)):
        assert share is None or is_near(percentages(text)[0], share), said


@settings(max_examples=150, deadline=None)
@given(st.none() | shares(), st.none() | st.integers(1, 5) | st.integers(1, 400), st.booleans())
def test_how_few_made_half_is_never_told_of_fewer_than_three(
    share: Share | None, factor: int | None, has_roster: bool
) -> None:
    title = headlines.contributors_title(share, factor, nouns=PEOPLE, period="June", has_roster=has_roster)
    said = headlines.absence(factor, nouns=PEOPLE, period="June")
    for text in (said, title):
        few = re.search(r"(\d+)(?: people)?( or fewer)?(?: of them)?(?: together)? made more than half", text)
        if factor is None or (text == title and share is None):
            assert not few, text
        else:
            assert few, text
            assert (int(few[1]), bool(few[2])) == ((3, True) if factor <= 3 else (factor, False)), text
    if share and not has_roster:
        assert counts_in(title)[0] == share.n_part
        assert title.startswith("About") == share.is_coarse
    elif share and percentages(title):
        assert is_near(percentages(title)[0], share), title


@settings(max_examples=150, deadline=None)
@given(COUNTS, COUNTS, COUNTS, st.booleans())
def test_who_came_and_went_is_told_as_far_as_known(
    new: int | None, back: int | None, gone: int | None, with_left: bool
) -> None:
    said = headlines.growth(new, back, gone, noun="people", period="June", is_with_left=with_left)
    is_known = not (new is None and back is None)
    expected = [n for n in (new, back) if n is not None] + ([gone] if is_known and gone else [])
    assert counts_in(said) == expected, said
    assert ("nobody fell silent" in said) == (is_known and gone == 0), said
    assert ("or left" in said) == (is_known and with_left and gone is not None), said


@settings(max_examples=150, deadline=None)
@given(st.none() | RATIOS, st.none() | RATIOS, st.none() | RATIOS)
def test_figures_without_an_interval_stand_side_by_side(
    one: float | None, other: float | None, third: float | None
) -> None:
    pair = headlines.pair("{} of it", one, other, missing="Not known")
    kept = [] if one is None else [n for n in (one, other) if n is not None]
    assert all(is_told(a, b) for a, b in zip(percentages(pair), kept, strict=True)), pair
    sticky = headlines.stickiness(third, period="June")
    assert [is_told(n, third or 0.0) for n in percentages(sticky)] == [True] * (third is not None)
    change = change_of_value(one, other) if one is not None and other is not None else None
    value, then = (None if n is None else words.percent(n) for n in (one, other))
    said = headlines.measure("Top: {}", value, change, then or "", before="May", missing="Not known")
    assert not re.search("up|down|more|less|fell|rose", said), said
    if "about the same" in said:
        assert abs(one - other) < 0.0201, said  # type: ignore[operator]
    assert all(is_told(a, b) for a, b in zip(percentages(said), kept, strict=False)), said


@settings(max_examples=150, deadline=None)
@given(st.integers(10, 400), st.data())
def test_how_contributing_is_split_is_told_with_what_fives_leave_open(n: int, data: st.DataObject) -> None:
    none = data.draw(st.integers(3, n - 6))
    heavy = data.draw(st.integers(3, n - none - 3))
    is_coarse = n < 200
    if is_coarse:
        whole, part, most = ((one + 2) // 5 * 5 for one in (n, n - none, heavy))
        told = (whole - part) / whole, most / whole
    else:
        told = none / n, heavy / n
    said = headlines.split(*told, noun="people", period="June", is_coarse=is_coarse)
    assert all(percentages(said)), said
    assert ("fewer than five" in said.lower()) == (told[0] == 0), said
    assert told[0] or none < 5
    assert is_told(percentages(said)[-1], told[1]), said


@settings(max_examples=150, deadline=None)
@given(shares(), shares())
def test_the_delta_of_a_key_figure_is_one_beyond_chance(now: Share, then: Share) -> None:
    said, direction = delta_text(change_of_share(now, then), "May")
    moved = re.fullmatch(r"([\d.]+) points? (up|down) on May", said)
    assert (direction == "same") == (not moved)
    if moved:
        assert direction == moved[2]
        assert is_surely_above(*((now, then) if direction == "up" else (then, now)), by=0.01), said
        assert abs(float(moved[1]) - 100 * abs(now.ratio - then.ratio)) <= 0.5001, said


@settings(max_examples=150, deadline=None)
@given(st.none() | shares(of_group=False), st.sampled_from((None, "alike", "higher", "lower", "unclear")))
def test_the_overview_sets_executives_apart_only_by_a_verdict(share: Share | None, verdict: Any) -> None:
    said = headlines.overview(share, verdict, noun="people", kind="week")
    for word, text in (("higher", "executives more often"), ("lower", "executives less often"),
                       ("alike", "executives about as often")):  # fmt: skip
        assert (text in said) == (share is not None and verdict == word), said
    assert all(is_near(n, share) for n in percentages(said)) if share else "No complete" in said
    title = headlines.executives_title(verdict)
    assert ("larger" in title, "smaller" in title) == (verdict == "higher", verdict == "lower")


@settings(max_examples=150, deadline=None)
@given(st.none() | st.tuples(st.integers(3, 60), st.integers(3, 300), st.integers(0, 900), st.booleans()))
def test_answers_rest_on_few_only_if_they_do(found: tuple[int, int, int, bool] | None) -> None:
    if found is None:
        assert "cannot be told" in enabling.champions(None, nouns=PEOPLE, period="June")
        return
    few, others, n_answered, is_new = found
    n_all = few + others
    row = {"n_champions": few, "n_answerers": n_all, "n_answered": n_answered or None,
           "asked_by": "newcomers" if is_new else "anybody"}  # fmt: skip
    said = enabling.champions(row, nouns=PEOPLE, period="June")
    assert ("three people or fewer" in said) == (few == 3), said
    if "spread over many" in said:
        assert 5 * few >= 2 * n_all >= 20, said
        assert counts_in(said)[0] == n_all
    elif few > 3:
        assert counts_in(said)[:2] == [few, n_all], said
    assert ("newcomers" in said) == is_new


@settings(max_examples=100, deadline=None)
@given(st.integers(10, 50), st.none() | st.integers(0, 10), st.none() | st.integers(0, 10))
def test_spaces_that_lost_their_main_contributors_are_counted(n: int, left: int | None, silent: int | None) -> None:
    said = enabling.stewardship({"n_spaces": n, "n_left": left, "n_silent": silent}, period="June")
    assert counts_in(said) == ([n] + [one for one in (left, silent) if one]), said
    if re.search("none of", said):
        assert {left, silent} <= {0, None}, said
        # nothing is said of what is not known
        assert ("fallen silent" in said) == (left is None), said
        assert ("to leaving" in said) == (silent is None), said
    assert ("is not known" in said) == (left is None and silent is None), said
