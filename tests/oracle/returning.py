"""How often contributors return, and how many come for each who falls silent: ratios over rows of active users.

The rows themselves are in `marts`; presence by usage reports is in `presence`.
"""

from datetime import date

from tests.oracle.company import Company
from tests.oracle.definitions import Period, platform_states

Row = dict[str, str | date | bool | int | float | None]

PRESENT = ("n_present_1d", "n_present_7d", "n_present_28d")
"""Unknown without usage reports, which a company has none of."""
RETURNS = {
    "dau_wau_ratio": ("n_contributors_7d", range(7)),
    "dau_mau_ratio": ("n_contributors_28d", range(7)),
    "dau_wau_working_ratio": ("n_contributors_7d", range(5)),
    "dau_mau_working_ratio": ("n_contributors_28d", range(5)),
}
"""Each ratio's longer count, and the days of the week (0 is Monday) that it is pooled over."""
QUICK = ("quick_ratio", "quick_with_left_ratio")


def returns(day_rows: list[Row]) -> Row:
    """The four ratios of 1-day counts to longer ones, over the rows of these days."""
    return {
        name: _pooled([row for row in day_rows if day_of(row).weekday() in weekdays], column)
        for name, (column, weekdays) in RETURNS.items()
    }


def _pooled(day_rows: list[Row], column: str) -> float | None:
    """The sum of the 1-day counts over the sum of the longer ones, over the days that have both."""
    pairs = [(row["n_contributors_1d"], row[column]) for row in day_rows]
    known = [(one, more) for one, more in pairs if isinstance(one, int) and isinstance(more, int)]
    whole = sum(more for _, more in known)
    return sum(one for one, _ in known) / whole if whole else None


def quick(world: Company, period: Period, previous: Period | None, platform: str, row: Row) -> Row:
    """Who came over who fell silent, and over those and who left; None unless every day of both periods was seen."""
    if previous is None or not (is_seen_whole(world, period, platform) and is_seen_whole(world, previous, platform)):
        return dict.fromkeys(QUICK)
    came, silent, gone = (_int(row["n_contributors"]) - _int(row["n_retained"]), _int(row["n_lapsed"]),
                          _int(row["n_left"]))  # fmt: skip
    return {
        "quick_ratio": came / silent if silent else None,
        "quick_with_left_ratio": came / (silent + gone) if silent + gone else None,
    }


def is_seen_whole(world: Company, period: Period, platform: str) -> bool:
    """Whether every day of the period is observed or partial."""
    states = platform_states(world, platform)
    return all(states.get(day, "missing") != "missing" for day in period.days())


def day_of(row: Row) -> date:
    """The day of a row of a day."""
    day = row["period_start"]
    assert isinstance(day, date)
    return day


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value
