"""What an analysis is: a mart that is worked out in Python, because its statistics are no SQL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Analysis:
    """A pure function of the tables that it reads; `estimate` returns the columns of its mart in the registry.

    What is drawn at random (permutations, resampling) follows from a fixed seed, so that equal tables give equal rows.
    """

    question: str
    reads: tuple[str, ...]
    estimate: Callable[[Tables], pl.DataFrame]
