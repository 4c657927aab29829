"""How far a sum of unknowns is fixed by equations and intervals: by linear programming, many systems at a time.

A range that is wide enough is shown by two solutions that reach both ends, one that is not by the best there is. The
unknowns may take fractions of people, so a range found is at least as wide as that of whole people; its ends are
rounded inwards to whole ones, which loses none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]
from scipy.optimize import Bounds, LinearConstraint, milp  # type: ignore[import-untyped]

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

TOLERANCE: Final = 1e-6
"""In people: what the solver may be off by."""
_RANDOM_ROUNDS: Final = 5
_SEED: Final = 6


@dataclass(frozen=True, slots=True)
class Block:
    """One system: `low <= matrix @ x <= high`, `0 <= x <= most`, and the sums (rows of `asked`) that are asked of it.

    Of each sum, `reach_down` and `reach_up` must stay possible, and a range of `width`.
    """

    matrix: Any
    low: Array
    high: Array
    most: Array
    asked: Any
    reach_down: Array
    reach_up: Array
    width: Array


@dataclass(slots=True)
class Ranges:
    """What is known of each sum of a block: values that solutions take, and whether an end is the true one."""

    least: Array
    greatest: Array
    is_least_exact: Flags
    is_greatest_exact: Flags


class Unsolvable(Exception):
    """No solution exists: the figures contradict each other."""


def ranges(blocks: Sequence[Block], *, is_exact: bool = False) -> list[Ranges]:
    """The range of every sum, as far as it takes to see whether it is wide enough; to its true ends if `is_exact`.

    Raises `Unsolvable` if a system has no solution.
    """
    found = [_nothing(block) for block in blocks]
    random = np.random.default_rng(_SEED)
    stack = _Stack(blocks, range(len(blocks)))
    n_round = 0
    while True:
        is_random = n_round < _RANDOM_ROUNDS
        goals = {
            place: goal
            for place in stack.places
            if (goal := _goal(blocks[place], found[place], random, is_exact=is_exact, is_random=is_random))
        }
        if not goals:
            return found
        if 2 * len(goals) < len(stack.places):
            stack = _Stack(blocks, list(goals))
        for sign in (1, -1) if is_random else (1,):
            solutions = stack.best({place: sign * goal[0] for place, goal in goals.items()})
            for place, goal in goals.items():
                _learn(blocks[place], found[place], solutions[place], goal[1])
        n_round += 1


class _Stack:
    """Some of the systems as one, so that the solver is called once for all of them."""

    def __init__(self, blocks: Sequence[Block], places: Sequence[int]) -> None:
        self.places = places
        chosen = [blocks[place] for place in places]
        self._sizes = [len(block.most) for block in chosen]
        if not chosen:
            return
        self._constraint = LinearConstraint(
            sparse.block_diag([block.matrix for block in chosen], format="csr"),
            np.concatenate([block.low for block in chosen]) - TOLERANCE / 10,
            np.concatenate([block.high for block in chosen]) + TOLERANCE / 10,
        )
        self._bounds = Bounds(0, np.concatenate([block.most for block in chosen]))

    def best(self, goals: Mapping[int, Array]) -> dict[int, Array]:
        """For each system a solution that is greatest in the direction of its goal."""
        parts = [goals.get(place, np.zeros(size)) for place, size in zip(self.places, self._sizes, strict=True)]
        solution = milp(-np.concatenate(parts), constraints=self._constraint, bounds=self._bounds)
        if solution.x is None:
            raise Unsolvable
        ends = np.cumsum(self._sizes)
        return dict(zip(self.places, np.split(np.asarray(solution.x), ends[:-1]), strict=True))


def too_narrow(block: Block, known: Ranges) -> Flags:
    """Which sums are not known to reach what they must be able to, in whole people."""
    least, greatest = _whole(known)
    is_wide = (greatest >= block.reach_up) & (least <= block.reach_down) & (greatest - least >= block.width)
    return np.asarray(~is_wide, dtype=np.bool_)


def _whole(known: Ranges) -> tuple[Array, Array]:
    return np.ceil(known.least - 10 * TOLERANCE), np.floor(known.greatest + 10 * TOLERANCE)


def _nothing(block: Block) -> Ranges:
    n = block.asked.shape[0]
    never = np.zeros(n, dtype=np.bool_)
    return Ranges(np.full(n, np.inf), np.full(n, -np.inf), never, never.copy())


def _is_open(block: Block, known: Ranges, *, is_exact: bool) -> Flags:
    is_known = known.is_least_exact & known.is_greatest_exact
    if is_exact:
        return np.asarray(~is_known, dtype=np.bool_)
    least, greatest = _whole(known)
    is_refuted = (known.is_greatest_exact & (greatest < block.reach_up)) | (
        known.is_least_exact & (least > block.reach_down)
    )
    return np.asarray(too_narrow(block, known) & ~is_known & ~is_refuted, dtype=np.bool_)


def _goal(
    block: Block, known: Ranges, random: np.random.Generator, *, is_exact: bool, is_random: bool
) -> tuple[Array, tuple[int, bool] | None] | None:
    """What to maximise next: a mixture of all that is open, or one end of one sum, which is then known exactly."""
    is_open = np.flatnonzero(_is_open(block, known, is_exact=is_exact))
    if not len(is_open):
        return None
    if is_random:
        weights = random.choice([-1.0, 1.0], len(is_open)) * random.uniform(0.5, 1.5, len(is_open))
        return np.asarray(block.asked[is_open].T @ weights).ravel(), None
    one = int(is_open[0])
    is_greatest = not known.is_greatest_exact[one]
    row = np.asarray(block.asked[[one]].toarray()).ravel()
    return (row if is_greatest else -row), (one, is_greatest)


def _learn(block: Block, known: Ranges, solution: Array, settled: tuple[int, bool] | None) -> None:
    values = np.asarray(block.asked @ solution).ravel()
    known.least = np.minimum(known.least, values)
    known.greatest = np.maximum(known.greatest, values)
    if settled is not None:
        (known.is_greatest_exact if settled[1] else known.is_least_exact)[settled[0]] = True
