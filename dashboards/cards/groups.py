"""What the note of a card says once about figures of groups: counted in fives, and at the ends told as a band."""

from typing import Final

from dashboards.relation import Relation

IN_FIVES: Final = "People of groups are counted in fives, so parts do not add up, by design."
_BANDS: Final = (
    "Where fewer than three people of a group did it, or fewer than three did not, only \u201cat most\u201d or "
    "\u201cat least\u201d is told; the bar then covers all that is possible."
)


SUMS: Final = (
    "A sum is told only where enough people made it and no one person\u2019s part of it could be worked out."
)
"""Why a number of posts or contributions is not told."""


def group_note(relation: Relation) -> str:
    """The sentences that the rows of the relation need."""
    has_bands = any(relation.n_bands(column) for column in relation.columns)
    return f"{IN_FIVES} {_BANDS}" if has_bands else IN_FIVES
