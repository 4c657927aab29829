"""When a unit's executive began to take part for good: a rule on a series of weeks that knows unobserved ones."""

from collections.abc import Sequence
from typing import Final

SILENT_WEEKS: Final = 8
"""Silent weeks before a start."""
FIRST_WEEKS: Final = 4
"""Weeks from the start on, of which ..."""
ACTIVE_WEEKS: Final = 3
"""... so many must be active."""
NEVER: Final = -1
"""No sustained participation was seen."""
UNKNOWN: Final = -2
"""There is sustained participation, but not after eight weeks seen to be silent: nobody can say when it began."""


def find_start(is_active: Sequence[bool | None]) -> int:
    """Index of the first week of sustained participation, else NEVER or UNKNOWN; None is a week that is not observed.

    Sustained: an active week, with the three after it at least 3 active of 4. It is a start only if the 8 weeks before
    were silent and all 12 are observed. Otherwise participation began earlier, or in weeks that nobody saw; what comes
    after a later pause is then no beginning, so the answer is UNKNOWN and not a later week. A single active week among
    the 8 makes it UNKNOWN as well: the first sustained participation of such a unit had no silence before it.
    """
    for week, active in enumerate(is_active):
        first = is_active[week : week + FIRST_WEEKS]
        if not active or sum(value is True for value in first) < ACTIVE_WEEKS:
            continue
        before = is_active[max(0, week - SILENT_WEEKS) : week]
        is_seen = len(before) == SILENT_WEEKS and len(first) == FIRST_WEEKS and None not in (*before, *first)
        return week if is_seen and not any(before) else UNKNOWN
    return NEVER
