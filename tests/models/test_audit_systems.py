"""Null space and linear programming against every solution in whole numbers, counted one by one."""

from itertools import product

import numpy as np
import pytest
from scipy import sparse

from models.audit.derivable import derivable
from models.audit.intervals import Block, Unsolvable, ranges, too_narrow


def block(matrix, low, high, most, asked, *, down=np.inf, up=-np.inf, width=0.0):
    n = len(asked)
    return Block(
        sparse.csr_matrix(np.array(matrix, dtype=float)), np.array(low, dtype=float), np.array(high, dtype=float),
        np.array(most, dtype=float), sparse.csr_matrix(np.array(asked, dtype=float)),
        np.full(n, down), np.full(n, up), np.full(n, width),
    )  # fmt: skip


def solutions(matrix, low, high, most):
    grid = np.array(list(product(*(range(n + 1) for n in most))))
    values = grid @ np.array(matrix).T
    return grid[((values >= low) & (values <= high)).all(axis=1)]


def nested_sets(random, n):
    """Groups of which any two are apart or one holds the other: for these, fractions reach no further than people."""
    edges = np.sort(random.choice(np.arange(1, n), size=2, replace=False))
    parts = np.split(random.permutation(n), edges)
    groups = [*parts, np.concatenate(parts[:2]), np.arange(n), parts[0][:1]]
    return [[int(i in group) for i in range(n)] for group in groups]


@pytest.mark.parametrize("seed", range(25))
def test_ranges_are_those_of_all_solutions(seed):
    random = np.random.default_rng(seed)
    n = 5
    most = random.integers(1, 4, n)
    truth = random.integers(0, most + 1)
    matrix = nested_sets(random, n)
    values = np.array(matrix) @ truth
    low, high = values - random.integers(0, 2, len(values)), values + random.integers(0, 2, len(values))
    asked = [*matrix, *np.eye(n, dtype=int).tolist(), *random.integers(0, 2, (4, n)).tolist()]
    (found,) = ranges([block(matrix, low, high, most, asked)], is_exact=True)
    every = solutions(matrix, low, high, most) @ np.array(asked).T
    assert np.allclose(found.least, every.min(axis=0), atol=1e-5)
    assert np.allclose(found.greatest, every.max(axis=0), atol=1e-5)


@pytest.mark.parametrize("seed", range(25))
def test_a_range_of_overlapping_groups_is_never_told_narrower_than_it_is(seed):
    random = np.random.default_rng(100 + seed)
    n = 5
    most = random.integers(1, 4, n)
    truth = random.integers(0, most + 1)
    matrix = random.integers(0, 2, (4, n)).tolist()
    values = np.array(matrix) @ truth
    asked = random.integers(0, 2, (6, n)).tolist()
    (found,) = ranges([block(matrix, values - 1, values + 1, most, asked)], is_exact=True)
    every = solutions(matrix, values - 1, values + 1, most) @ np.array(asked).T
    assert (found.least <= every.min(axis=0) + 1e-5).all()
    assert (found.greatest >= every.max(axis=0) - 1e-5).all()


@pytest.mark.parametrize("seed", range(25))
def test_what_is_narrow_is_told_the_same_without_looking_for_every_end(seed):
    random = np.random.default_rng(200 + seed)
    systems = []
    for _ in range(3):
        most = random.integers(1, 4, 5)
        matrix = nested_sets(random, 5)[:4]
        values = np.array(matrix) @ random.integers(0, most + 1)
        slack = random.integers(0, 3, len(values))
        asked = random.integers(0, 2, (6, 5)).tolist()
        systems.append((matrix, values - slack, values + slack, most, asked))
    blocks = [block(*one, down=1.0, up=2.0, width=2.0) for one in systems]
    for one, found, (matrix, low, high, most, asked) in zip(blocks, ranges(blocks), systems, strict=True):
        every = solutions(matrix, low, high, most) @ np.array(asked).T
        least, greatest = every.min(axis=0), every.max(axis=0)
        assert too_narrow(one, found).tolist() == ((greatest < 2) | (least > 1) | (greatest - least < 2)).tolist()


def test_figures_that_contradict_each_other_have_no_solution():
    with pytest.raises(Unsolvable):
        ranges([block([[1, 1], [1, 0]], [1, 2], [1, 2], [3, 3], [[0, 1]])], is_exact=True)


@pytest.mark.parametrize("seed", range(25))
def test_a_sum_is_derivable_exactly_if_all_solutions_of_the_equations_agree_on_it(seed):
    random = np.random.default_rng(300 + seed)
    matrix = random.integers(0, 2, (3, 5))
    asked = np.vstack([random.integers(0, 2, (6, 5)), matrix[0] - matrix[1], matrix.sum(axis=0)])
    # without bounds, so that only the equations speak: whole numbers on either side of nothing
    grid = np.array(list(product(range(-3, 4), repeat=5)))
    agreeing = grid[(grid @ matrix.T == 0).all(axis=1)]
    expected = (agreeing @ asked.T == 0).all(axis=0)
    rows, sums = (sparse.csr_matrix(one.astype(float)) for one in (matrix, asked))
    assert derivable(rows, sums).tolist() == expected.tolist()


def test_nothing_is_derivable_from_nothing():
    none = sparse.csr_matrix((0, 2))
    assert derivable(none, sparse.csr_matrix([[1.0, 0.0]])).tolist() == [False]
    assert derivable(none, sparse.csr_matrix((0, 2))).tolist() == []
