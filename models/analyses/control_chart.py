"""Which weeks and days are out of the ordinary? Charts of individual values, of days with their weekdays evened out."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import polars as pl

from models.analyses.analysis import Analysis, Row, Tables, as_mart
from models.metrics.control_chart import ABOVE, BELOW, BOTH
from models.statistics.cannot_tell import CannotTell
from models.statistics.control_chart import RUN, Chart, Phase, chart
from models.statistics.weekdays import BASELINE_DAYS, evened

READS: Final = ("prep_period", "prep_rolling", "prep_week_count")
_HEAD: Final = ("period_kind", "period_start", "period_end", "platform", "is_complete", "n_observed_days")


def estimate(tables: Tables) -> pl.DataFrame:
    """The rows of `mart_control_chart`: weeks with shares, then days with counts."""
    return as_mart("mart_control_chart", [*_weeks(tables), *_days(tables)])


def _weeks(tables: Tables) -> Iterator[Row]:
    weeks = tables["prep_period"].filter(pl.col("period_kind") == "week")
    counts = tables["prep_week_count"].filter(pl.col("unit") == "all").drop("unit")
    placed = weeks.join(counts, on=["platform", "period_start"], how="left").sort("platform", "period_start")
    for _, rows in placed.group_by("platform", maintain_order=True):
        found = rows.to_dicts()
        shares = [row["n_contributors"] / row["n_eligible"] if _is_known(row) else None for row in found]
        charted = chart(shares, floor=0)
        for place, (row, value) in enumerate(zip(found, shares, strict=True)):
            limits = None if isinstance(charted, CannotTell) else phase_at(charted, place)
            yield {name: row[name] for name in _HEAD} | {
                "unit": "all",
                "n_eligible": row["n_eligible"] or 0,
                "contributor_ratio": value,
                "n_contributors": None if value is None else row["n_contributors"],
                **_judged(charted, place, value),
            } | ({} if limits is None else {
                "centre_ratio": limits.limits.centre,
                "low_ratio": limits.limits.low,
                "high_ratio": min(1.0, limits.limits.high),
            })  # fmt: skip


def _is_known(row: Row) -> bool:
    """Whether the week has a share: without a roster accounts only gather, and shares of them fall by themselves."""
    return bool(row["is_complete"] and row["has_roster"])


def _days(tables: Tables) -> Iterator[Row]:
    days = tables["prep_rolling"].filter(pl.col("unit") == "all").sort("platform", "occurred_on")
    for _, rows in days.group_by("platform", maintain_order=True):
        found = rows.to_dicts()
        counts = [row["n_contributors_1d"] if row["state"] == "observed" else None for row in found]
        # the baseline begins with the first observed day
        skipped = next((place for place, count in enumerate(counts) if count is not None), 0)
        begin: date | None = found[skipped]["occurred_on"]
        even = evened(counts[skipped:], begin.weekday() if begin else 0)
        charted = even if isinstance(even, CannotTell) else chart(even.values, baseline=BASELINE_DAYS)
        for place, (row, count) in enumerate(zip(found, counts, strict=True), -skipped):
            yield {
                "period_kind": "day",
                "period_start": row["occurred_on"],
                "period_end": row["occurred_on"],
                "platform": row["platform"],
                "unit": "all",
                "is_complete": count is not None,
                "n_observed_days": int(count is not None),
                "n_eligible": row["n_eligible"],
                "n_contributors": count,
            } | (
                {}
                if place < 0 or isinstance(even, CannotTell) or isinstance(charted, CannotTell)
                else _judged(charted, place, even.values[place]) | {
                    f"{name}_people": even.count(limit, row["occurred_on"].weekday())
                    for name, limit in _limits(phase_at(charted, place))
                }
            )  # fmt: skip


def phase_at(charted: Chart, place: int) -> Phase:
    """The phase whose limits the value at `place` is judged by.

    A new one is known with the eighth value of a run: it holds for those after it, though worked out from the first.
    """
    later = [phase for phase in charted.phases[1:] if place >= phase.first + RUN]
    return later[-1] if later else charted.phases[0]


def _judged(charted: Chart | CannotTell, place: int, value: float | None) -> Row:
    if isinstance(charted, CannotTell):
        return {}
    phase = phase_at(charted, place)
    if value is None:
        return {"n_baseline": phase.n_baseline}
    found: Sequence[str] = charted.signals.get(place, ())
    return {
        "n_baseline": phase.n_baseline,
        "is_signal": bool(found),
        "rule": (BOTH if len(found) > 1 else found[0]) if found else None,
        "side": (ABOVE if value > phase.limits.centre else BELOW) if found else None,
    }


def _limits(phase: Phase) -> tuple[tuple[str, float], ...]:
    limits = phase.limits
    return ("centre", limits.centre), ("low", limits.low), ("high", limits.high)


ANALYSIS: Final = Analysis("which weeks and days are out of the ordinary?", READS, estimate)
