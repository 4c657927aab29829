"""What leadership may see of declared trials: a group of people beside everybody else, never one person.

Which rows and figures are hidden, and why, is said at each rule. Other tables are released by `models.release`.
"""

from datetime import date, timedelta
from typing import Final

import polars as pl

from models.release import SMALLEST_COUNT, Policy, closed

_SHARES: Final = {
    "n_at_end": ("n_contributors_at_end", "end_ratio", "end_ratio_low", "end_ratio_high", "verdict"),
    **{
        f"n_followed_{week}": (f"n_still_{week}", *(f"still_{week}_ratio{end}" for end in ("", "_low", "_high")))
        for week in ("2w", "4w", "12w")
    },
}
"""Over how many people each share is, and what could not be told without it."""
_LAST_DAY: Final = 90
"""The last day, counted from the first of the trial, that its figures look at."""


def release_trials(mart: pl.DataFrame, outnumbered: pl.DataFrame, *, as_of: date, policy: Policy) -> pl.DataFrame:
    """Trials and everybody else, both or neither: the organisation minus one of them would be the other.

    Both hold `min_group` people, and together they are so many as are needed for daily figures: the months of a
    platform are released for the organisation only, so that neither group follows from them. `outnumbered` are periods
    and platforms in which more people were active than the roster holds; a trial that meets one is not told.
    """
    rows = closed(mart, as_of=as_of)
    enough = (pl.col("n_people").min() >= policy.min_group) & (pl.len() == 2)
    is_large = pl.col("n_eligible") >= policy.min_daily
    met = _met_by(rows, outnumbered)
    shown = _without_overlap(rows.filter(enough.over("trial") & is_large & ~pl.col("trial").is_in(met)))
    return shown.with_columns(*_told_shares(policy), *_told_use(), _told_executives(policy)).sort(
        "trial", "is_in_trial", descending=[False, True]
    )


def _told_shares(policy: Policy) -> list[pl.Expr]:
    """A share of fewer people is about few, and its numerator and denominator give it away."""
    return [
        pl.when(pl.col(people) >= policy.min_group).then(pl.col(name)).alias(name)
        for people, names in _SHARES.items()
        for name in (people, *names)
    ]


def _told_use() -> list[pl.Expr]:
    """Days with a contribution are those of one person, or of one beside the reader, unless several contributed."""
    is_told = (pl.col("n_ever") == 0) | (pl.col("n_ever") >= SMALLEST_COUNT)
    return [pl.when(is_told).then(pl.col(name)).alias(name) for name in ("n_active_days", "daily_use_ratio")]


def _told_executives(policy: Policy) -> pl.Expr:
    """How many executives are in the trial and how many are not: both or neither, as their sum is known."""
    n_executives = pl.col("n_executives")
    is_several = (n_executives == 0) | (n_executives >= SMALLEST_COUNT)
    is_told = is_several.all().over("trial") & (n_executives.sum().over("trial") >= policy.min_executives)
    return pl.when(is_told).then(n_executives).alias("n_executives")


def _without_overlap(rows: pl.DataFrame) -> pl.DataFrame:
    """Of trials of one platform that could be shown and whose days overlap, the first.

    Two groups of which one holds the other differ by few people, whose figures are the difference.
    """
    kept: list[int] = []
    seen: list[tuple[str, date, date]] = []
    trials = rows.select("trial", "platform", "started_on", "ended_on").unique()
    for trial, platform, start, end in trials.sort("started_on", "trial").rows():
        last = max(end, start + timedelta(days=_LAST_DAY))
        if not any(of == platform and first <= last and start <= until for of, first, until in seen):
            kept.append(trial)
            seen.append((platform, start, last))
    return rows.filter(pl.col("trial").is_in(kept))


def _met_by(rows: pl.DataFrame, outnumbered: pl.DataFrame) -> list[int]:
    """Trials during which the roster was smaller than those who were active."""
    periods = outnumbered.select("platform", "period_start", "period_end").rows()
    return [
        trial
        for trial, platform, start, end in rows.select("trial", "platform", "started_on", "ended_on").unique().rows()
        if any(
            of in (platform, "all") and first <= max(end, start + timedelta(days=_LAST_DAY)) and start <= last
            for of, first, last in periods
        )
    ]
