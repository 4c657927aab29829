"""No headline says what its data contradict, for any counts: judged here from the counts anew, by another way.

The judge knows no change and no verdict of the code: it takes the two-sided test of two proportions at 5 % from its
textbook, asks it of every true count that is told like the given one, and reads the sentence's words and numbers.
"""

import re
from collections.abc import Iterator
from itertools import product
from statistics import NormalDist

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards import headlines
from dashboards.headlines import enabling, spaces, trials, unit_platforms
from models.comparison import Share, change_of_share, compare_groups, tally

NAMES = ("Alder", "Birch", "Cedar", "Dogwood")
WHEN = {"period": "June", "before": "May"}


@st.composite
def shares(draw: st.DrawFn, *, of_group: bool | None = None) -> Share:
    """Any share: of all people exactly; of a group in fives, and none of whose counts is told as a band only."""
    if draw(st.booleans()) if of_group is None else of_group:
        whole = draw(st.integers(2, 80))
        return Share(5 * draw(st.integers(1, whole - 1)), 5 * whole, is_coarse=True)
    n_whole = draw(st.integers(1, 2000))
    return Share(draw(st.integers(0, n_whole)), n_whole)


def true_counts(share: Share) -> Iterator[tuple[int, int]]:
    """The ends of what may have been counted: fives are told of two fewer to two more."""
    slack = 2 if share.is_coarse else 0
    for part, whole in product(
        {share.n_part - slack, share.n_part + slack}, {share.n_whole - slack, share.n_whole + slack}
    ):
        yield min(max(part, 0), whole), whole


def p_value(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Of the two-proportion z test with a pooled share."""
    pooled = (one[0] + other[0]) / (one[1] + other[1])
    error = (pooled * (1 - pooled) * (1 / one[1] + 1 / other[1])) ** 0.5
    if error == 0:
        return 1.0
    return 2 * (1 - NormalDist().cdf(abs(one[0] / one[1] - other[0] / other[1]) / error))


def is_surely_above(one: Share, other: Share, *, by: float) -> bool:
    """Above by more than chance and by at least `by`, whatever was counted."""
    return all(
        a[0] / a[1] - b[0] / b[1] >= by - 1e-9 and p_value(a, b) <= 0.05 + 1e-9
        for a in true_counts(one)
        for b in true_counts(other)
    )


def percentages(text: str) -> list[float]:
    return [float(found) for found in re.findall(r"(\d+(?:\.\d+)?)%", text)]


def is_near(said: float, share: Share) -> bool:
    """Whether a percentage is the share, as coarse as it is told: half a point, or within what fives leave open."""
    ratios = [part / whole for part, whole in true_counts(share)]
    return 100 * min(ratios) - 2.51 <= said <= 100 * max(ratios) + 2.51 if share.is_coarse else (
        abs(said - 100 * share.n_part / share.n_whole) <= 0.5001
    )  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(now=shares(), then=shares())
def test_a_change_is_named_only_where_the_counts_bear_it(now: Share, then: Share) -> None:
    change = change_of_share(now, then)
    nouns = ("person", "people")
    for said in (
        headlines.trend(now, change, noun="people", **WHEN),
        headlines.rolling(now, change, nouns=nouns, **WHEN),
        enabling.newcomers(now, change, **WHEN),
        enabling.threads(now, change, **WHEN),
    ):
        if "up from" in said:
            assert is_surely_above(now, then, by=0.01), said
        if "down from" in said:
            assert is_surely_above(then, now, by=0.01), said
        if "about the same" in said and not (now.is_coarse or then.is_coarse):
            (a,), (b,) = true_counts(now), true_counts(then)
            assert abs(now.ratio - then.ratio) < 0.0101 or p_value(a, b) > 0.049, said
        moved = "up from" in said or "down from" in said
        for number, share in zip(percentages(said), (now, then) if moved else (now,), strict=False):
            assert is_near(number, share), said


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(shares(of_group=True), shares(of_group=True)), max_size=4))
def test_only_units_that_rose_are_named_and_the_others_counted(pairs: list[tuple[Share, Share]]) -> None:
    named = dict(zip(NAMES, pairs, strict=False))
    changes = [(name, change_of_share(now, then)) for name, (now, then) in named.items()]
    said = headlines.units(changes, tally(change for _, change in changes), before="May")
    for name in NAMES:
        if name in said:
            assert is_surely_above(*named[name], by=0.01), said
    falls = re.search(r"(\d+) (?:of \d+ units?|units?) contributes? less", said)
    n_fallen = sum(is_surely_above(then, now, by=0.01) for now, then in pairs)
    assert int(falls[1]) <= n_fallen if falls else "less" not in said
    rises = re.search(r"(\d+) of \d+ units? contribute more", said)
    if rises:
        assert int(rises[1]) <= sum(is_surely_above(now, then, by=0.01) for now, then in pairs)


@settings(max_examples=200, deadline=None)
@given(shares(), shares())
def test_groups_are_set_apart_only_where_their_order_is_sure(one: Share, other: Share) -> None:
    verdict = compare_groups(one, other)
    for said, above, below in (
        (headlines.executives(verdict, one, other, period="June"), "A larger share", "A smaller share"),
        (enabling.second_posts(one, other), "more often than the others", "less often than the others"),
        (trials.tools((1, other), (4, one), noun="people", period="June"), "also have more", "have fewer"),
        (headlines.platforms(("Slack", one), ("Wiki", other), verdict, period="June", noun="people"),
         "Most contribute on Slack", "Most contribute on Wiki"),
    ):  # fmt: skip
        if above in said and "Too few" not in said:
            assert is_surely_above(one, other, by=0.0), said
        if below in said and "Too few" not in said:
            assert is_surely_above(other, one, by=0.0), said
        if "about as" in said and "used by" not in said:
            assert abs(one.ratio - other.ratio) < 0.1, said


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), st.integers(0, 300), min_size=1), st.integers(300, 900))
def test_a_first_step_is_named_alone_only_if_most_begin_with_it(found: dict[str, int], n_people: int) -> None:
    said = enabling.first_steps([(name, Share(part, n_people)) for name, part in found.items()])
    first = re.search(r"most often begin with (\w+): (\d+(?:\.\d+)?)%", said)
    if first:
        ours = Share(found.pop(first[1]), n_people)
        assert is_near(float(first[2]), ours)
        assert all(is_surely_above(ours, Share(part, n_people), by=0.0) for part in found.values()), said


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), shares(), min_size=1))
def test_one_is_named_first_only_if_it_is(found: dict[str, Share]) -> None:
    steps = list(found.items())
    for said, lead in (
        (enabling.lasting_starts(steps), r"who begin with (\w+) most often"),
        (trials.purposes(steps, [], noun="people", period="June"), r"for (\w+) are used most"),
    ):
        first = re.search(lead, said)
        if first:
            rest = [share for name, share in steps if name != first[1]]
            assert all(is_surely_above(found[first[1]], share, by=0.0) for share in rest), said
        for number in percentages(said):
            assert any(is_near(number, share) for share in found.values()), said


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(("revived", "alive", "fading", "forgotten", "unknown"))),
             max_size=8, unique_by=lambda one: one[0])
)  # fmt: skip
def test_spaces_that_fade_are_counted_and_never_named(states: list[tuple[str, str]]) -> None:
    said = spaces.spaces([{"label": name, "platform": "slack", "state": state} for name, state in states])
    for name, state in states:
        assert name not in said or state in ("revived", "alive"), said
    for state in ("fading", "forgotten"):
        counted = re.search(rf"(\d+) (?:is|are) {state}", said)
        assert (int(counted[1]) if counted else 0) == sum(one == state for _, one in states), said


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(("Slack", "Yammer", "Wiki")), st.lists(st.integers(0, 20), max_size=4)))
def test_the_platform_on_which_units_lie_furthest_apart_is_it(fives: dict[str, list[int]]) -> None:
    told = {name: [0.05 * one for one in values] for name, values in fives.items()}
    said = unit_platforms.unit_platforms(told, period="June")
    found = re.search(r"furthest apart on (\w+): between (\d+)% and (\d+)%", said)
    widths = [max(values) - min(values) for values in fives.values() if len(values) > 1]
    if found:
        low, high = int(found[2]), int(found[3])
        assert (low, high) == (5 * min(fives[found[1]]), 5 * max(fives[found[1]]))
        assert (high - low) / 5 == max(widths) > 0
    else:
        assert not any(widths)
