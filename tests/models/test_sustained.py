"""Critical mass by hand, and its chances against drawn weeks."""

import numpy as np
import pytest

from models.statistics.cannot_tell import CannotTell
from models.statistics.sustained import NotYet, Since, Week, chance_of_a_row, sustained_since

UP, EVEN, DOWN, EMPTY = Week(5, 2), Week(3, 3), Week(1, 4), Week(0, 0)
UNSEEN = Week(9, 0, is_observed=False)


def test_the_first_week_of_six_in_a_row() -> None:
    found = sustained_since([DOWN, UP, UP, DOWN, UP, EVEN, UP, UP, UP, EVEN, DOWN, UP])
    assert isinstance(found, Since)
    # weeks 4 to 9: 4 * 5 + 2 * 3 = 26 return, 4 * 2 + 2 * 3 = 14 lapse
    assert (found.place, found.is_first_known, found.balance) == (4, True, 26 / 40)
    assert (found.n_observed, found.n_matched, found.lasts) == (8, 7, False)
    assert found.balance_low < 0.65 < found.balance_high


def test_five_are_not_yet_enough() -> None:
    assert sustained_since([*[UP] * 5, DOWN, *[UP] * 4]) == NotYet(5, 4, 10)
    six = sustained_since([DOWN, *[UP] * 6])
    assert isinstance(six, Since)
    assert (six.place, six.lasts) == (1, True)


def test_weeks_without_anybody_keep_nothing_up() -> None:
    assert sustained_since([*[UP] * 3, EMPTY, *[UP] * 5]) == NotYet(5, 5, 9)
    assert sustained_since([EMPTY] * 10) == CannotTell("nobody returns or lapses")


def test_unobserved_weeks_are_neither() -> None:
    hidden = sustained_since([UP, UP, UP, UNSEEN, UP, UP, UP])
    assert hidden == CannotTell("weeks that are not observed may have completed six in a row", 6)
    # with a gap that could not complete a row the answer stands
    assert sustained_since([UP, UNSEEN, DOWN, UP, UP, UP, DOWN, DOWN]) == NotYet(3, 0, 7)
    later = sustained_since([UP, UP, UNSEEN, UP, UP, UP, DOWN, *[UP] * 6])
    assert isinstance(later, Since)
    assert (later.place, later.is_first_known) == (7, False)
    assert sustained_since([UP] * 5) == CannotTell("too few observed weeks", 5, 6)


def test_the_chance_of_a_row_by_hand() -> None:
    # of three people at least two return with chance 1/2; six such weeks 1/64; seven: 2/64 - 1/128
    assert chance_of_a_row([Week(3, 0)] * 6) == pytest.approx(1 / 64)
    assert chance_of_a_row([Week(3, 0)] * 7) == pytest.approx(3 / 128)
    # of two people at least one returns with chance 3/4; an unobserved or an empty week ends a row
    assert chance_of_a_row([Week(1, 1)] * 6) == pytest.approx((3 / 4) ** 6)
    for none in (UNSEEN, EMPTY):
        assert chance_of_a_row([*[Week(3, 0)] * 5, none, *[Week(3, 0)] * 5]) == 0


def test_the_chance_of_a_row_equals_drawn_weeks() -> None:
    random = np.random.default_rng(8)
    sizes = [4, 7, 2, 9, 5, 5, 6, 3, 8, 10, 1, 5, 4, 6, 7, 2]
    returning = random.binomial(sizes, 0.5, size=(20_000, len(sizes)))
    drawn = np.mean([
        not isinstance(sustained_since([Week(int(r), n - int(r)) for r, n in zip(row, sizes, strict=True)]), NotYet)
        for row in returning[:4000]
    ])  # fmt: skip
    exact = chance_of_a_row([Week(n, 0) for n in sizes])
    assert drawn == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 4000))
