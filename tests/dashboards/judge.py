"""The judge of what headlines say: what may have been counted, what chance explains, and which numbers a text holds.

It knows no change and no verdict of the code: it takes the two-sided test of two proportions at 5 % from its textbook,
and asks it of every true count that is told like the given one.
"""

import re
from collections.abc import Iterator
from itertools import product
from statistics import NormalDist

from hypothesis import strategies as st

from models.comparison import Share

NAMES = ("Alder", "Birch", "Cedar", "Dogwood")


@st.composite
def shares(draw: st.DrawFn, *, of_group: bool | None = None) -> Share:
    """Any share: of all people exactly; of a group in fives, and none of whose counts is told as a band only.

    Of a group the count is never told as 0, but it may be told as all: 9 of 12 are told as 10 of 10.
    """
    if draw(st.booleans()) if of_group is None else of_group:
        whole = draw(st.integers(2, 80))
        return Share(5 * draw(st.integers(1, whole)), 5 * whole, is_coarse=True)
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


def is_told(said: float, ratio: float) -> bool:
    """Whether a percentage is the ratio, half a point off at the most: no less than what a reader may add up."""
    return abs(said - 100 * ratio) <= 0.5001


def counts_in(text: str) -> list[int]:
    """The whole numbers of a text that has no day and no percentage."""
    return [int(found.replace(",", "")) for found in re.findall(r"\d[\d,]*", text)]


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))


def intervals(ratios: st.SearchStrategy[float]) -> st.SearchStrategy[tuple[float, float, float]]:
    """Low end, value and high end, which may be equal."""
    return st.tuples(ratios, ratios, ratios).map(lambda one: tuple(sorted(one)))  # type: ignore[arg-type,return-value]
