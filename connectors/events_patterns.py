"""Lists of values in a mapping, in which `*` stands for anything.

Compared as a whole and by case.
"""

import re


def pattern_of(values: tuple[str, ...]) -> re.Pattern[str] | None:
    """One pattern for all values, null if there is none."""
    if not values:
        return None
    return re.compile("|".join(re.escape(value).replace(r"\*", ".*") for value in values), re.DOTALL)


class Matcher:
    """Whether a value is one of `values` or, if `unless` is given, none of those; nothing is only ever the latter."""

    def __init__(self, values: tuple[str, ...], unless: tuple[str, ...]) -> None:
        self._values, self._unless = pattern_of(values), pattern_of(unless)

    def matches(self, value: str | None) -> bool:
        """Decides about one value."""
        if self._values is not None:
            return value is not None and self._values.fullmatch(value) is not None
        return self._unless is not None and (value is None or self._unless.fullmatch(value) is None)
