"""The answer of a statistic that is not estimable: a value of its own, with its reason, and never NaN.

Which statistic refuses when is said in its own module.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CannotTell:
    """Why there is no estimate, in words for a reader; where a count is too small, what is there and what it takes."""

    reason: str
    n_found: int | None = None
    n_needed: int | None = None
