"""The order of people in a network: the same network under other names stands in the same order."""

import random
from itertools import combinations, pairwise

import pytest

from models.statistics.canonical import canonical_order
from models.statistics.mixing import mixing

Ends = list[tuple[int, int]]


def network(seed: int) -> tuple[list[int], Ends]:
    """People of two or three groups, many of them alike: pairs, trios, rings, stars and some ties at random."""
    chance = random.Random(seed)
    ends: Ends = []
    n = 0
    for _ in range(chance.randint(1, 12)):
        kind, size = chance.choice(("pair", "path", "ring", "star", "all", "random")), chance.randint(3, 6)
        size = 2 if kind == "pair" else size
        people = list(range(n, n + size))
        n += size
        if kind in ("pair", "path", "ring"):
            ends += pairwise(people)
        if kind == "ring":
            ends.append((people[0], people[-1]))
        if kind == "star":
            ends += [(people[0], one) for one in people[1:]]
        if kind in ("all", "random"):
            ends += [pair for pair in combinations(people, 2) if kind == "all" or chance.random() < 0.6]
    ends += [pair for pair in combinations(range(n), 2) if chance.random() < chance.choice((0, 0, 1 / n))]
    ends = sorted(set(ends))
    return [chance.randrange(chance.choice((1, 1, 3))) for _ in range(n)], ends


def renamed(colour: list[int], ends: Ends, seed: int) -> tuple[list[int], Ends]:
    """The same network: other numbers, ties in another order and the other way round."""
    chance = random.Random(seed)
    name = list(range(len(colour)))
    chance.shuffle(name)
    others = [0] * len(colour)
    for person, one in enumerate(colour):
        others[name[person]] = one
    ties = [(name[one], name[other])[:: chance.choice((1, -1))] for one, other in ends]
    chance.shuffle(ties)
    return others, ties


def placed(colour: list[int], ends: Ends) -> tuple[list[int], list[list[int]]]:
    """The network as it looks in the order: colours by place, ties between places."""
    order = canonical_order(colour, ends)
    assert sorted(order) == list(range(len(colour)))
    place = {person: at for at, person in enumerate(order)}
    return [colour[person] for person in order], sorted(sorted((place[one], place[other])) for one, other in ends)


@pytest.mark.parametrize("seed", range(150))
def test_a_network_under_other_names_stands_in_the_same_order(seed: int):
    colour, ends = network(seed)
    for again in range(3):
        assert placed(*renamed(colour, ends, again)) == placed(colour, ends)


@pytest.mark.parametrize("seed", range(10))
def test_chance_is_the_same_under_other_names(seed: int):
    colour, ends = network(seed)

    def drawn(colour: list[int], ends: Ends):
        group = {f"p{person}": str(one) for person, one in enumerate(colour)}
        return mixing([(f"p{one}", f"p{other}") for one, other in ends], group, ["0", "1", "2"])

    assert drawn(*renamed(colour, ends, 5)) == drawn(colour, ends)


def test_a_star_of_many_who_are_alike_takes_no_time():
    n = 30_000
    order = canonical_order([0] * n, [(0, other) for other in range(1, n)])
    assert sorted(order) == list(range(n))


def test_nobody_and_people_without_ties_have_an_order():
    assert canonical_order([], []) == []
    assert [(2, 0, 1)[person] for person in canonical_order([2, 0, 1], [])] == [0, 1, 2]
