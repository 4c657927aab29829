"""Which pages and public spaces live on, which are forgotten, and how long they live after their launch.

What is seen of each of them is in `lives`; the curve is `models.statistics.survival`'s.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from models.analyses import lives
from models.analyses.analysis import Analysis, Row, Tables, as_mart, histories
from models.analyses.lives import FEWEST, Followed
from models.metrics.space_life import AS_FEW, MORE, PUBLISHED_CONTINUOUS, SUBJECTS, UNDECIDED
from models.statistics.cannot_tell import CannotTell
from models.statistics.intervals import wilson_bounds

READS: Final = ("meta", "prep_space_month", "prep_eligible", *lives.READS)
COMPARED: Final = "wiki_space"
"""What the published share speaks of."""
STATES: Final = ("alive", "revived", "fading", "forgotten")


def estimate(tables: Tables) -> pl.DataFrame:
    """The rows of `mart_space_life`."""
    rows = [
        head | {"subject": subject} | _states(spaces) | _survival(spaces) | _half_life(spaces)
        | _continuity(spaces, is_compared=subject == COMPARED)
        for head, subject, spaces in subjects(tables)
    ]  # fmt: skip
    return as_mart("mart_space_life", rows)


def subjects(tables: Tables) -> Iterator[tuple[Row, str, list[Followed]]]:
    """For each platform, and all of them together, and each kind that it has: the first columns, and what there is."""
    spaces = lives.followed(tables)
    for head, periods in histories({**tables, "prep_period": tables["prep_space_month"]}, "month"):
        platform = head["platform"]
        last = periods.filter(pl.col("n_seen_days") > 0)["period_start"].max()
        people = tables["prep_eligible"].filter(
            (pl.col("period_kind") == "month") & (pl.col("platform") == platform) & (pl.col("period_start") == last)
        )
        for subject, own in lives.by_subject(spaces, platform, SUBJECTS):
            yield head | {"n_eligible": people.height}, subject, own


def _states(spaces: Sequence[Followed]) -> Row:
    counts = {state: sum(one.state == state for one in spaces) for state in (*STATES, "unknown")}
    n_known = len(spaces) - counts["unknown"]
    row: Row = {"n_spaces": len(spaces), "n_unknown": counts["unknown"]}
    if n_known < FEWEST:
        return row
    row |= {f"n_{state}": counts[state] for state in STATES}
    row |= {f"{state}_ratio": counts[state] / n_known for state in STATES}
    return row | _bounds("forgotten_ratio", counts["forgotten"], n_known)


def _survival(spaces: Sequence[Followed]) -> Row:
    found = [one.life for one in spaces if one.life]
    row: Row = {"n_followed": len(found), "n_ended": sum(life.is_ended for life in found)}
    curve = lives.curve_of(spaces)
    if isinstance(curve, CannotTell):
        return row | {"survival_reason": curve.reason}
    for day in (90, 365):
        step = curve.at(day)
        if not isinstance(step, CannotTell):
            name = f"survival_{day}d_ratio"
            row |= {name: step.survival, f"{name}_low": step.low, f"{name}_high": step.high}
    median = curve.median()
    if not isinstance(median, CannotTell):
        row |= {
            "median_life_days": int(median.time),
            "median_life_days_low": int(median.low),
            "median_life_days_high": None if median.high is None else int(median.high),
        }
    return row


def _half_life(spaces: Sequence[Followed]) -> Row:
    found = lives.half_life_of(spaces)
    if isinstance(found, CannotTell):
        return {"half_life_reason": found.reason}
    return {
        "half_life_weeks": found.time, "half_life_weeks_low": found.low, "half_life_weeks_high": found.high,
    }  # fmt: skip


def _continuity(spaces: Sequence[Followed], *, is_compared: bool) -> Row:
    """Beside the published share, of which only is known that it is lower than a limit."""
    row: Row = {"published_continuous_ratio": PUBLISHED_CONTINUOUS} if is_compared else {}
    if not any(one.is_year_seen for one in spaces):
        return row
    old = [one.is_continuous for one in spaces if one.is_continuous is not None]
    row |= {"n_year_old": len(old)}
    if len(old) < FEWEST:
        return row
    row |= {"n_continuous": sum(old), "continuous_ratio": sum(old) / len(old)}
    row |= _bounds("continuous_ratio", sum(old), len(old))
    if is_compared:
        is_more = row["continuous_ratio_low"] > PUBLISHED_CONTINUOUS
        is_less = row["continuous_ratio_high"] < PUBLISHED_CONTINUOUS
        row["continuity_verdict"] = MORE if is_more else AS_FEW if is_less else UNDECIDED
    return row


def _bounds(name: str, k: int, n: int) -> Row:
    low, high = wilson_bounds(k, n)
    return {f"{name}_low": low, f"{name}_high": high}


ANALYSIS: Final = Analysis(
    "which pages and spaces live on, which are forgotten, and how long do they live after their launch?", READS,
    estimate,
)  # fmt: skip
