"""Ties between groups beside chance: false findings are rare, also where people gather, and a planted gap is found."""

from random import Random

import pytest

from models.statistics.mixing import Pair, adjusted, mixing

GROUPS = "UVWXYZ"
SEEDS = range(24)


def threads(random: Random, *, keeps_apart: bool) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """Threads of very unlike size among people of very unlike activity; perhaps no tie between U and V."""
    people = [f"p{i}" for i in range(160)]
    group = {person: random.choice(GROUPS) for person in people}
    activity = [random.paretovariate(1.2) for _ in people]
    ties = set()
    for _ in range(40):
        (root,) = random.choices(people, activity)
        size = min(30, int(2 * random.paretovariate(1)))
        for person in random.choices(people, activity, k=size):
            is_gap = keeps_apart and {group[person], group[root]} == {"U", "V"}
            if person != root and not is_gap:
                ties.add((min(person, root), max(person, root)))
    return sorted(ties), group


def found(pairs: list[Pair]) -> set[int]:
    """The pairs of which at least 3 ties are expected and which are told from chance."""
    tested = [index for index, pair in enumerate(pairs) if pair.by_chance >= 3]
    p_values = adjusted([pairs[index].p_value for index in tested])
    return {index for index, p in zip(tested, p_values, strict=True) if p <= 0.05}


def test_false_findings_are_rare_and_a_gap_is_found() -> None:
    n_false = n_found = n_testable = 0
    for seed in SEEDS:
        ties, group = threads(Random(seed), keeps_apart=False)
        n_false += bool(found(mixing(ties, group, GROUPS)))
        ties, group = threads(Random(seed), keeps_apart=True)
        pairs = mixing(ties, group, GROUPS)
        n_testable += pairs[0].by_chance >= 3
        n_found += 0 in found(pairs)
    # with a true rate of 5 %, five or more of 24 have a chance of 0.6 %
    assert n_false <= 4
    assert n_testable > len(SEEDS) // 2
    assert n_found >= 0.7 * n_testable


def test_the_mean_of_the_draws_is_near_what_is_expected() -> None:
    ties, group = threads(Random(3), keeps_apart=False)
    pairs = mixing(ties, group, GROUPS)
    assert all(pair.none_ratio == pytest.approx(2.718 ** -pair.by_chance, abs=0.12) for pair in pairs)


def test_order_of_ties_and_of_the_two_in_a_tie_plays_no_part() -> None:
    ties, group = threads(Random(5), keeps_apart=True)
    turned = [(b, a) for a, b in reversed(ties)]
    assert mixing(turned, dict(reversed(group.items())), GROUPS) == mixing(ties, group, GROUPS)


def test_nothing_to_compare() -> None:
    assert mixing([], {}, "UV") == [Pair(0, 0, 1, 1)]
    assert mixing([("a", "b")], {"a": "U", "b": "U"}, "U") == []
    # two people of one group: none of another ever meets, in no draw either
    assert mixing([("a", "b")], {"a": "U", "b": "U"}, "UV") == [Pair(0, 0, 1, 1)]


def test_draws_in_batches_are_as_many(monkeypatch: pytest.MonkeyPatch) -> None:
    ties, group = threads(Random(5), keeps_apart=True)
    whole = mixing(ties, group, GROUPS)
    monkeypatch.setattr("models.statistics.mixing._BATCH", 700 * len(ties))
    assert mixing(ties, group, GROUPS) == whole
