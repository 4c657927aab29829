"""No headline of shares says what its data contradict, for any counts: judged anew, by `tests.dashboards.judge`.

Those of other figures are in the modules `test_headline_truth_of_*`.
"""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards import headlines
from dashboards.headlines import enabling, spaces, trials, unit_platforms
from models.comparison import Share, change_of_share, compare_groups, tally
from tests.dashboards.judge import NAMES, is_near, is_surely_above, p_value, percentages, shares, true_counts

WHEN = {"period": "June", "before": "May"}


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
